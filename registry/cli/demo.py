"""``registry demo``: a register with an example district, in which the flagship case is played through the API."""

from __future__ import annotations

import shlex
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from registry.cli.check import complain
from registry.cli.children import worker
from registry.core.errors import Problem, Refused
from registry.db import Database
from registry.demo import asked
from registry.demo.client import Client, Unexpected
from registry.demo.filling import RULESETS, fill, told
from registry.demo.people import People, people
from registry.demo.serving import served
from registry.demo.story import Story
from registry.demo.words import Language, text
from registry.services import tokens
from registry.services.actors import Actor
from registry.store import schema

_FILE: Final = "register.db"
#: Tokens of the example end by themselves after so many days.
_DAYS: Final = 30


@click.command()
@click.option("--once", is_flag=True, help="End after the story, without serving on.")
@click.option(
    "--keep",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Make the register in FOLDER and leave it there; without it in a temporary folder that is removed.",
)
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language.")
def demo(once: bool, keep: Path | None, lang: Language) -> None:
    """Make a register with a made-up district, and play in it: a corridor for heat is reserved, a larger sewer does
    not leave it free, the officer weighs, the sewer moves, and is granted.

    It all goes through the API of a real server, and a real worker makes the checks. Then the register is served until
    Ctrl-C, with addresses and tokens to try. Nothing leaves this machine.
    """
    try:
        _refuse_unfit(keep, lang)
        with _folder(keep) as folder:
            _run(folder, once, keep is not None, lang)
    except Refused as refusal:
        complain(refusal, lang)
        sys.exit(1)
    except Unexpected as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def _run(folder: Path, once: bool, kept: bool, lang: Language) -> None:
    """Make, fill and serve the register in ``folder``, play the story, and serve on unless ``once``."""
    from registry.warm import warm  # it takes long to import, and is not needed to refuse

    click.echo(text("intro", lang) + "\n")
    db, now, everyone = Database(f"sqlite:///{folder / _FILE}"), datetime.now(UTC), people(lang)
    try:
        warm(lambda line: click.echo(line, err=True))
        schema.upgrade(db)
        click.echo(text("made", lang).format(place=folder))
        click.echo(text("filled", lang).format(*told(fill(db, everyone, lang, now))))
        given = _tokens(db, everyone, now)
        with (folder / "worker.log").open("ab") as log, served(db) as address, worker(db.url, log):
            click.echo(text("serving", lang).format(address=address))
            clients = {name: Client(address, token) for name, token in given.items()}
            verdict = Story(clients, lang, now.date(), click.echo).play()
            if once:
                click.echo(text("once", lang))
            else:
                for line in _to_try(address, everyone, given, verdict, lang):
                    click.echo(line)
                _until_interrupted()
                click.echo("\n" + text("stopped" if kept else "ended", lang))
    finally:
        db.close()
    if kept:
        serve = shlex.join([_program(), "serve", "--database", db.url])
        click.echo(text("kept", lang).format(place=folder, command=serve))


def _refuse_unfit(keep: Path | None, lang: Language) -> None:
    if not RULESETS.is_dir():
        remedy = "Run it from a clone of the project."
        raise Refused(Problem("unreadable", text("not_examples", lang), remedy, file=str(RULESETS)))
    if keep is not None and (keep / _FILE).exists():
        remedy = "Name another folder, or serve what is there with `registry serve`."
        raise Refused(Problem("not_allowed", "there is a register in this folder", remedy, "--keep", file=str(keep)))


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where the register is made: the folder to keep, or one that is removed whatever happens."""
    if keep is None:
        with TemporaryDirectory(prefix="registry-demo-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        remedy = "Name a folder you may write to."
        raise Refused(Problem("unreadable", f"it cannot be made: {error.strerror}", remedy, file=str(keep))) from None
    yield keep.absolute()


def _tokens(db: Database, everyone: People, now: datetime) -> dict[str, str]:
    """A token for each who plays a part."""
    actors: dict[str, Actor] = {field.name: getattr(everyone, field.name) for field in fields(everyone)}
    ends = now + timedelta(days=_DAYS)
    return {name: tokens.create(db, actor, now, expires=ends)[0] for name, actor in actors.items()}


def _to_try(address: str, everyone: People, given: dict[str, str], verdict: str, lang: Language) -> Iterator[str]:
    """The addresses of pages, the tokens, and lines to paste."""
    yield "\n" + text("end", lang) + "\n"
    yield text("pages", lang)
    language = "?lang=nl" if lang == "nl" else ""
    pages = {
        f"/{language}": "page_start",
        f"/inbox{language}": "page_inbox",
        f"/applications/{asked.LARGE_SEWER}{language}": "page_application",
        f"/applications/{asked.WATER_MAIN}{language}": "page_water",
        f"/reservations{language}": "page_reservations",
        f"/changes{language}": "page_changes",
        "/v1/openapi.json": "page_description",
    }
    width = max(map(len, pages))
    for path, name in pages.items():
        yield f"   {address}{path.ljust(width)}  {text(name, lang)}"
    yield "\n" + text("tokens", lang)
    actors = _shown(everyone)
    width = max(map(len, actors.values()))
    for name, shown in actors.items():
        yield f"   {shown.ljust(width)}  {given[name]}"
    yield "\n" + text("try", lang)
    yield f"   {text('try_list', lang)}\n      curl -s {address}/v1/applications"
    path = f"{address}/v1/reservations/{asked.HEAT_RESERVATION}"
    body = '{"review_date": "2040-01-01", "reason": "still needed", "document": "heat plan"}'
    yield (
        f"   {text('try_extend', lang)}\n"
        f"      curl -s {path}/_extend -H 'If-Match: \"2\"' \\\n"
        f"        -H 'Authorization: Bearer {given['manager']}' \\\n"
        f"        -H 'Content-Type: application/json' \\\n"
        f"        -d '{body}'"
    )
    yield (
        f"   {text('try_verify', lang)}\n"
        f"      curl -s -o bundle.json {address}/v1/verdicts/{verdict}/bundle\n"
        f"      {_program()} verify bundle.json"
    )
    yield "\n" + text("until", lang)


def _shown(everyone: People) -> dict[str, str]:
    found = asdict(everyone)
    return {name: f"{actor['name']} ({actor['organisation']})" for name, actor in found.items()}


def _until_interrupted() -> None:
    """Wait for Ctrl-C; told to end otherwise, the command ends as any does."""
    with suppress(KeyboardInterrupt):
        threading.Event().wait()


def _program() -> str:
    """The program as it can be typed here."""
    program, here = Path(sys.argv[0]), Path.cwd()
    if program.name != "registry":
        return "registry"
    return str(program.relative_to(here)) if program.is_absolute() and program.is_relative_to(here) else str(program)
