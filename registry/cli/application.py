"""``registry application``: file an application and decide on it, on the register itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import click

from registry.cli.application_told import (
    application_plain,
    application_row,
    decision_lines,
    decision_plain,
    transition_plain,
    transition_words,
)
from registry.cli.check import EXIT, Checked, report
from registry.cli.local import FILE, TRUSTED, Local, acting, actor_of, changing, filing, reading, register, restating
from registry.cli.output import refuse_output, write_whole
from registry.cli.told import columns, history_lines, revision_plain, saved_lines, saved_plain
from registry.core.actors import Actor
from registry.core.errors import Problem, Refused
from registry.core.lifecycle import APPLICATION_STATES
from registry.core.model import Application
from registry.core.regimes import DECISION_KINDS, DecisionKind
from registry.formats.bundle import write_bundle
from registry.formats.exchange import read_exchange
from registry.services import applications, deciding, jobs, transitions, verdicts
from registry.services.deciding import Decision, Weighed
from registry.services.refusals import not_found
from registry.services.saved import Saved
from registry.services.verdicts import StoredVerdict
from registry.store.rows import Head

#: What is told in the inbox where there is no outcome.
_NONE: Final = {"parked": "its check was set aside"}
#: What a newer check means for the verdict that is shown.
_RENEWED: Final[dict[str, str]] = {
    "queued": "something changed since: it is to be checked again",
    "running": "something changed since: it is being checked again",
    "parked": "something changed since, and the check of that was set aside",
}


@click.group(epilog=TRUSTED)
def application() -> None:
    """File applications for works, read the verdicts on them, and decide.

    What is filed is checked by the worker (`registry worker`, or the one that `registry serve` starts), and again by
    itself whenever something near it changes. The machine advises; the officer decides.
    """


@application.command("file", short_help="File the application in a file.", epilog=TRUSTED)
@click.argument("file", type=FILE)
@filing
@acting("operator")
def file_(file: Path, **options: Any) -> None:
    """File the application in FILE and ask for its check, or amend the one that is there: then --revision has to name
    what you saw. FILE is in the exchange format and holds the application and its parts only."""
    with _opened(options) as local:
        asked = _in_file(file)
        try:
            saved = applications.file(local.db, asked, _actor(options), local.now, expected=options["revision"])
        except Refused as refused:
            raise refused.at(file=str(file)) from None
        local.tell(saved_plain([saved])[0], saved_lines([saved]))


@application.command("withdraw", short_help="Take an application back.", epilog=TRUSTED)
@click.argument("id_", metavar="ID")
@changing
@acting("operator")
def withdraw(id_: str, **options: Any) -> None:
    """Take back application ID, or give up what was granted and not begun."""
    with _opened(options) as local:
        _done(local, applications.withdraw, id_, options)


@application.command("request-data", short_help="Ask the applicant for what is missing.", epilog=TRUSTED)
@click.argument("id_", metavar="ID")
@changing
@acting("officer")
def request_data(id_: str, **options: Any) -> None:
    """Ask the applicant of ID for what is missing; --reason says what. The clock stops until it is supplied."""
    with _opened(options) as local:
        _done(local, applications.request_data, id_, options)


@application.command("supply", short_help="Supply what the officer asked for.", epilog=TRUSTED)
@click.argument("file", type=FILE)
@restating
@acting("operator")
def supply(file: Path, **options: Any) -> None:
    """Answer a request for data with the application in FILE, completed. The clock goes on and a check is asked for.

    To file the application again amends it, and leaves what was asked open.
    """
    with _opened(options) as local:
        asked = _in_file(file)
        try:
            seen = options["revision"] or applications.get(local.db, asked.id).number
            saved = applications.supply_data(local.db, asked, _actor(options), local.now, expected=seen)
        except Refused as refused:
            raise refused.at(file=str(file)) from None
        local.tell(saved_plain([saved])[0], saved_lines([saved]))


@application.command("check", short_help="Ask again for a check that was set aside.", epilog=TRUSTED)
@click.argument("id_", metavar="ID")
@acting("officer")
def check(id_: str, **options: Any) -> None:
    """Ask again for the check of application ID that was set aside; `registry worker --status` tells which were, and
    why. The worker makes it."""
    with _opened(options) as local:
        saved = jobs.check_again(local.db, id_, _actor(options), local.now)
        local.tell(saved_plain([saved])[0], [f"application {id_}: to be checked by the worker, job {saved.job_id}"])


@application.command("decide", short_help="Decide on a checked application.", epilog=TRUSTED)
@click.argument("id_", metavar="ID")
@click.option("--kind", required=True, type=click.Choice(DECISION_KINDS), help="What is decided.")
@click.option(
    "--verdict",
    "sha256",
    required=True,
    metavar="SHA256",
    help="The verdict it rests on, by its hash or the first 8 or more signs of it. Where that is not what would be "
    "found now, the decision is refused and a fresh check is asked for.",
)
@click.option("--condition", "conditions", multiple=True, metavar="TEXT", help="A condition. May be given more often.")
@click.option(
    "--weigh",
    "weighed",
    nargs=3,
    multiple=True,
    metavar="RESERVATION REASON DOCUMENT",
    help="A reservation the grant goes against, why its holder's interest gives way, and where that is written.",
)
@click.option("--id", "decision_id", metavar="ID", help="The decision's own id; by default decision:APPLICATION:N.")
@changing
@acting("officer")
def decide(
    id_: str,
    kind: DecisionKind,
    sha256: str,
    conditions: tuple[str, ...],
    weighed: tuple[tuple[str, str, str], ...],
    decision_id: str | None,
    **options: Any,
) -> None:
    """Decide on application ID. What may be decided follows from its regime."""
    with _opened(options) as local:
        head = applications.get(local.db, id_)
        decision = Decision(
            decision_id or f"decision:{id_}:{len(deciding.decisions(local.db, id_)) + 1}"[:100],
            _named_verdict(local, id_, sha256),
            kind,
            options["reason"],
            options["document"],
            conditions,
            tuple(Weighed(*one) for one in weighed),
        )
        seen = options["revision"] or head.number
        saved = deciding.decide(local.db, id_, decision, _actor(options), local.now, expected=seen)
        local.tell(saved_plain([saved])[0] | {"decision": decision.id}, saved_lines([saved]))


@application.command("list", short_help="List applications; what is due first with --inbox.")
@click.option("--state", type=click.Choice(APPLICATION_STATES), help="Only those in this state.")
@click.option("--applicant", metavar="ORG", help="Only those of this organisation.")
@click.option("--inbox", is_flag=True, help="What waits for the officer, with outcome and days left, first due first.")
@reading
def list_(state: str | None, applicant: str | None, inbox: bool, **options: Any) -> None:
    """List applications by id."""
    if inbox and (state or applicant):
        raise click.UsageError("give --inbox, or --state and --applicant")
    with _opened(options) as local:
        if inbox:
            items = applications.inbox(local.db, local.now)
            rows = [
                [*application_row(item.head), item.outcome or _NONE.get(item.job_state or "", "no verdict yet"),
                 "" if item.days_left is None else f"{item.days_left} days left"]
                for item in items
            ]  # fmt: skip
            plain = [
                application_plain(
                    item.head, outcome=item.outcome, verdict=item.verdict_sha256, days_left=item.days_left
                )
                for item in items
            ]
        else:
            heads: list[Head] = []
            while page := applications.listed(
                local.db, state=state, holder=applicant, after=heads[-1].id if heads else None, limit=1000
            ):
                heads += page
            rows, plain = [application_row(head) for head in heads], [application_plain(head) for head in heads]
        local.tell(plain, columns(rows) if rows else ["none"])


@application.command("show", short_help="Show one application, its history and decisions.")
@click.argument("id_", metavar="ID")
@reading
def show(id_: str, **options: Any) -> None:
    """Show application ID as it stands: its verdict, all that was done with it, and the decisions.

    `registry export --application ID` gives it as a file.
    """
    with _opened(options) as local:
        head, history = applications.get(local.db, id_), applications.history(local.db, id_)
        standing, decided = verdicts.standing(local.db, id_), deciding.decisions(local.db, id_)
        other = transitions.transition(local.db, standing, local.now) if standing else None
        found = {"outcome": standing.verdict.outcome, "verdict": standing.verdict.sha256} if standing else {}
        if standing and standing.renewal is not None:
            found |= {"renewal": standing.renewal}
        plain = application_plain(head, **found) | {
            **({} if other is None else {"in_force": transition_plain(other)}),
            "history": [revision_plain(one) for one in history],
            "decisions": [decision_plain(one) for one in decided],
        }
        verdict = f"verdict {standing.verdict.sha256}: {standing.verdict.outcome}" if standing else "no verdict yet"
        verdict += f"; {_RENEWED[standing.renewal]}" if standing and standing.renewal is not None else ""
        passing = [transition_words(standing.ruleset, other, local.lang)] if standing and other else []
        lines = [*columns([application_row(head)]), verdict, *passing, *history_lines(history)]
        local.tell(plain, [*lines, *decision_lines(decided)])


@application.command("verdict", short_help="Print the verdict on an application.")
@click.argument("id_", metavar="ID")
@click.option("--verdict", "sha256", metavar="SHA256", help="An earlier one, by its hash; by default what stands.")
@reading
def verdict(id_: str, sha256: str | None, **options: Any) -> None:
    """Print the verdict that stands for application ID, in sentences, and end as `registry check` does: 0 it fits,
    2 conflict, 3 undetermined or on assumptions, 1 no verdict yet."""
    with _opened(options) as local:
        found = _verdict(local, id_, sha256)
        other = transitions.transition(local.db, found, local.now)
        if local.as_json:
            more: dict[str, object] = {} if found.renewal is None else {"renewal": found.renewal}
            more |= {} if other is None else {"in_force": transition_plain(other)}
            local.tell({"sha256": found.verdict.sha256, "verdict": found.verdict.document} | more, [])
        else:
            if found.renewal is not None:
                click.echo(_RENEWED[found.renewal], err=True)
            checked = Checked(found.application, found.ruleset, found.verdict, ())
            line = transition_words(found.ruleset, other, local.lang)
            click.echo(report(checked, local.lang, colour=sys.stdout.isatty(), transition=line))
    sys.exit(EXIT[found.verdict.outcome])


@application.command("bundle", short_help="Write a verdict with all it rests on.")
@click.argument("id_", metavar="ID")
@click.option("-o", "--output", metavar="FILE", type=FILE, help="The file to write; printed without it.")
@click.option("--verdict", "sha256", metavar="SHA256", help="An earlier one, by its hash; by default what stands.")
@click.option("--database", metavar="URL", help="The register; DATABASE_URL by default, else sqlite:///register.db.")
def bundle(id_: str, output: Path | None, sha256: str | None, database: str | None) -> None:
    """Write the verdict that stands for application ID with all it rests on, for `registry verify`."""
    with register(database) as local:
        if output is not None:
            refuse_output(output, [path for path in (local.db.path,) if path is not None], "--output")
        found = _verdict(local, id_, sha256)
        text = write_bundle(found.application, found.ruleset, found.verdict)
        if output is None:
            click.echo(text, nl=False)
        else:
            write_whole(output, text)


def _opened(options: dict[str, Any]) -> Any:
    return register(options["database"], options["as_json"], options["lang"])


def _actor(options: dict[str, Any]) -> Actor:
    return actor_of(options["name"], options["organisation"], options["role"])


def _done(local: Local, act: Any, id_: str, options: dict[str, Any]) -> None:
    """Do an act on an application that is there, and tell what became of it."""
    seen = options["revision"] or applications.get(local.db, id_).number
    why = {name: options[name] for name in ("reason", "document")}
    saved: Saved = act(local.db, id_, _actor(options), local.now, expected=seen, **why)
    local.tell(saved_plain([saved])[0], saved_lines([saved]))


def _in_file(path: Path) -> Application:
    exchange = read_exchange(path)
    problems = []
    if exchange.application is None:
        detail, remedy = "this file holds no application", "Add application and its parts."
        problems.append(Problem("missing", detail, remedy, "application"))
    for kind in dict.fromkeys(one.kind for one in exchange.objects):
        detail = f"the file of an application holds its parts only, and no {kind.replace('_', ' ')}"
        remedy = "Leave it out: the register knows what else is there."
        problems.append(Problem("not_allowed", detail, remedy, "properties.kind", kind))
    if problems:
        raise Refused(problems).at(file=str(path))
    assert exchange.application is not None
    return exchange.application


def _verdict(local: Local, id_: str, sha256: str | None) -> StoredVerdict:
    if sha256 is not None:
        return verdicts.get(local.db, _named_verdict(local, id_, sha256))
    found = verdicts.standing(local.db, id_)
    if found is None:
        state = applications.get(local.db, id_).state
        remedy = "Is `registry worker` or `registry serve` running? It makes the checks."
        detail = f"there is no verdict yet: the application is {state}"
        raise Refused(Problem("not_found", detail, remedy, "application", id_))
    if found.renewal == "parked":
        remedy = "`registry worker --status` tells why, `registry application check` asks for it again. An earlier "
        remedy += "verdict is read with --verdict."
        detail = f"no verdict on what holds now: {_RENEWED['parked']}"
        raise Refused(Problem("not_found", detail, remedy, "application", id_))
    return found


def _named_verdict(local: Local, id_: str, named: str) -> str:
    """The whole hash of a verdict on an application, of which the beginning was given."""
    known = {one.verdict.sha256 for one in verdicts.of_application(local.db, id_)}
    found = [sha256 for sha256 in known if sha256.startswith(named)]
    if len(named) < 8 or len(found) > 1:
        detail = "too short to name one verdict"
        raise Refused(Problem("not_allowed", detail, "Give more of its sha256.", "--verdict", named))
    if not found:
        raise not_found("verdict", named)
    return found[0]
