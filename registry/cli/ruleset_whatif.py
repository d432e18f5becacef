"""``registry ruleset whatif``: what a version of policy would change, of a file at once or of a stored one in the
background."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from registry.cli.local import Local, actor_of, reading, register
from registry.cli.progress import Progress
from registry.core.actors import ROLES, Actor
from registry.core.errors import Problem, Refused
from registry.core.weighing import Report
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.whatif_told import WHATIF, report_lines, report_plain, state_line
from registry.services import rulesets, whatifs
from registry.services.whatifs import UNDER_WAY, WhatIf

#: How often it is asked how far a worker is, seconds.
_LOOKING: Final = 0.5


@click.command("whatif", short_help="Tell what a version would change.")
@click.argument("given", metavar="FILE|ID")
@click.argument("version", required=False)
@click.option("--wait", is_flag=True, help="Wait for a worker to find it out, telling how far it is; then tell it.")
@click.option("--status", is_flag=True, help="Ask for nothing; tell how far the newest is, or what came of it.")
@click.option("--cancel", is_flag=True, help="End the newest that is under way; nothing of it is kept.")
@click.option("--as", "name", metavar="ACTOR", envvar="REGISTRY_AS", help="Who asks; by default who is logged in.")
@click.option("--organisation", metavar="ORG", envvar="REGISTRY_ORGANISATION", help="For which organisation.")
@click.option("--role", type=click.Choice(ROLES), envvar="REGISTRY_ROLE", default="policy_officer", show_default=True,
              help="In what role.")  # fmt: skip
@reading
def whatif(given: str, version: str | None, **options: Any) -> None:
    """Tell what a version of policy would change: how many open applications have which outcome, of which it is another
    than that of the verdict that stands, and what becomes of their findings; for information also of those that were
    decided on.

    With a FILE, which need not be stored, it is found out here and now, and nothing is written. With ID and VERSION of
    one in the register it is asked for, found out by a worker, and kept with that version: its publication names it.
    Ctrl-C ends it, with --wait also at the worker.

    Where only numbers differ from the version in force, who lies too far from all that they are about is not judged
    again; what is told is the same.
    """
    asked = [name for name in ("wait", "status", "cancel") if options[name]]
    if len(asked) > 1 or (asked and version is None):
        raise click.UsageError("Of --wait, --status and --cancel one goes with ID and VERSION, and none with a FILE.")
    with register(options["database"], options["as_json"], options["lang"]) as local:
        if version is None:
            _at_once(local, Path(given))
        else:
            _stored(local, given, version, options)


def _at_once(local: Local, file: Path) -> None:
    # These take long to import, which no other of these commands needs.
    from registry.cli.whatif import what_if

    rules = load_ruleset(file)
    found = what_if(local.db, rules, local.now, local.lang)
    local.tell(report_plain(rules, found), report_lines(found, rules, local.lang))


def _stored(local: Local, id_: str, version: str, options: dict[str, Any]) -> None:
    if options["status"]:
        found = next(iter(whatifs.listed(local.db, id_, version)), None)
        if found is None:
            raise Refused(Problem("not_found", "no what-if was asked for of it", "Ask for one.", "ruleset", version))
        _tell(local, found)
        return
    actor = _actor(options)
    if options["cancel"]:
        under_way = [one for one in whatifs.listed(local.db, id_, version) if one.state in UNDER_WAY]
        if not under_way:
            raise Refused(Problem("wrong_state", "no what-if of it is under way", "There is nothing to end.", "state"))
        _tell(local, whatifs.cancel(local.db, under_way[0].id, actor, local.now))
        return
    found = whatifs.ask(local.db, id_, version, actor, local.now)
    _tell(local, _waited(local, found, actor) if options["wait"] else found)


def _actor(options: dict[str, Any]) -> Actor:
    if options["organisation"] is None:
        raise click.UsageError("Missing option '--organisation', or REGISTRY_ORGANISATION.")
    return actor_of(options["name"], options["organisation"], options["role"])


def _waited(local: Local, found: WhatIf, actor: Actor) -> WhatIf:
    """The same when it has ended; Ctrl-C cancels it."""
    progress, ending = Progress(local.lang), threading.Event()
    with _interrupted(ending):
        while found.state in UNDER_WAY and not ending.is_set():
            if found.total is not None:
                progress(found.done, found.total)
            ending.wait(_LOOKING)
            found = whatifs.get(local.db, found.id)
        if ending.is_set() and found.state in UNDER_WAY:
            found = whatifs.cancel(local.db, found.id, actor, local.now)
    progress.end()
    return found


@contextmanager
def _interrupted(ending: threading.Event) -> Iterator[None]:
    """Ctrl-C and SIGTERM set ``ending`` instead of ending the command."""
    before = {number: signal.signal(number, lambda *_: ending.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(local: Local, found: WhatIf) -> None:
    rules = rulesets.get(local.db, found.ruleset_id, found.version).ruleset
    plain = _plain(found)
    lines = [state_line(_facts(found), local.lang)]
    if found.state == "done":
        report: Report = whatifs.whole(local.db, found.id)
        plain |= report_plain(rules, report)
        lines += report_lines(report, rules, local.lang)
    local.tell(plain, lines)
    if found.state in ("cancelled", "failed"):
        if found.state == "cancelled":
            click.echo(WHATIF[local.lang]["cancelled"], err=True)
        sys.exit(1)


def _facts(found: WhatIf) -> dict[str, object]:
    return {
        "state": found.state,
        "id": found.id,
        "done": found.done,
        "total": found.total or 0,
        "differing": found.counts.differing if found.counts is not None else 0,
        "changes": found.changes or 0,
        "by": found.cancelled_by or "",
        "error": found.error or "",
    }


def _plain(found: WhatIf) -> dict[str, object]:
    moments = {name: getattr(found, name) for name in ("asked_at", "cancelled_at", "finished_at")}
    plain: dict[str, object] = {
        "what_if": found.id,
        "ruleset": {"id": found.ruleset_id, "version": found.version, "sha256": found.ruleset_sha256},
        "state": found.state,
        "done": found.done,
        "total": found.total,
        "asked_by": found.asked_by,
        "error": found.error,
        "changes_since": found.changes,
        **{name: moment.isoformat() for name, moment in moments.items() if moment is not None},
    }
    return {name: value for name, value in plain.items() if value is not None}
