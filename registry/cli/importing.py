"""``registry import``: what lies there, from exchange files into the register."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import click

from registry.cli.local import FILE, TRUSTED, Local, acting, actor_of, register
from registry.core.actors import Actor, Role
from registry.core.errors import Problem, Refused
from registry.formats.exchange import MAX_BYTES, Exchange, read_files
from registry.formats.files import read_limited
from registry.formats.words import Language
from registry.services.imports import ImportRun, import_objects


@click.command(name="import", epilog=TRUSTED)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=FILE)
@acting("administrator")
def import_(
    files: tuple[Path, ...],
    name: str | None,
    organisation: str,
    role: Role,
    database: str | None,
    as_json: bool,
    lang: Language,
) -> None:
    """Take the assets, ground levels and zones in each FILE into the register.

    FILE is in the exchange format; `registry convert` makes such files. Only what differs from what the register holds
    is written; what is in the register and not in FILE stays. Of each FILE all is taken in, or nothing. Open
    applications that it touches are checked again.

    Reservations and applications are filed: `registry reservation file`, `registry application file`.
    """
    with register(database, as_json, lang) as local:
        actor = actor_of(name, organisation, role)
        runs = [_imported(local, path, exchange, actor) for path, exchange in zip(files, _read(files), strict=True)]
        local.tell([_plain(run) for run in runs], [_line(run) for run in runs])


def _read(files: tuple[Path, ...]) -> tuple[Exchange, ...]:
    """What the files hold. Raises ``Refused`` with the problems of all, before any is taken in."""
    exchanges = read_files(files)
    filed = [
        Problem(
            "not_allowed", "an application is filed, not imported", "Use `registry application file`.", file=str(path)
        )
        for path, exchange in zip(files, exchanges, strict=True)
        if exchange.application is not None
    ]
    if filed:
        raise Refused(filed)
    return exchanges


def _imported(local: Local, path: Path, exchange: Exchange, actor: Actor) -> ImportRun:
    sha256 = hashlib.sha256(read_limited(path, MAX_BYTES, str(path))).hexdigest()
    try:
        return import_objects(
            local.db,
            exchange.objects,
            path.name,
            sha256,
            actor,
            local.now,
            progress=lambda *so_far: _progress(path, *so_far),
        )
    except Refused as refused:
        raise refused.at(file=str(path)) from None


def _progress(path: Path, done: int, of: int) -> None:
    if sys.stderr.isatty() and of:
        click.echo(f"\r{path.name}: {done} of {of}", err=True, nl=done == of)


def _plain(run: ImportRun) -> dict[str, object]:
    names = ("id", "name", "sha256", "read", "added", "changed", "unchanged")
    return {name: getattr(run, name) for name in names} | {"checks": list(run.jobs)}


def _line(run: ImportRun) -> str:
    checks = f"; {len(run.jobs)} open applications are checked again" if run.jobs else ""
    counted = f"{run.added} new, {run.changed} changed, {run.unchanged} unchanged"
    return f"{run.name}: {run.read} read: {counted}{checks}"
