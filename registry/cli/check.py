"""``registry check``: the verdict on an application, from files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final, Literal

import click

from registry.cli.output import refuse_output, write_whole
from registry.core.errors import Problem, Refused
from registry.core.findings import Outcome
from registry.core.model import Application, Asset, Reservation
from registry.core.policy import Ruleset
from registry.core.verdict import Verdict, judge
from registry.formats.bundle import write_bundle
from registry.formats.exchange import Exchange, read_files
from registry.formats.json_strict import dump_json
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.sentences import relation_line
from registry.formats.verdict_text import verdict_text

Language = Literal["nl", "en"]

EXIT: Final[dict[Outcome, int]] = {
    "fits": 0,
    "fits_with_conditions": 0,
    "conflict": 2,
    "undetermined": 3,
    "fits_on_assumptions": 3,
}


@click.command()
@click.argument("application", type=click.Path(path_type=Path))
@click.option("--against", multiple=True, type=click.Path(path_type=Path), help="Reservations, assets, ground levels.")
@click.option("--ruleset", required=True, type=click.Path(path_type=Path), help="The municipality's policy (YAML).")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@click.option("--bundle", type=click.Path(path_type=Path), help="Write the verdict with all it rests on to this file.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language.")
@click.option("--accept-assumptions", is_flag=True, help="End with 0 where it fits on the ruleset's assumptions.")
def check(
    application: Path,
    against: tuple[Path, ...],
    ruleset: Path,
    as_json: bool,
    bundle: Path | None,
    lang: Language,
    accept_assumptions: bool,
) -> None:
    """Check APPLICATION against files of reservations and assets.

    Ends with 0 when it fits, also with conditions; 2 on a conflict; 3 when undetermined or only fitting on assumptions;
    1 on bad input.
    """
    try:
        if bundle is not None:
            refuse_output(bundle, (application, *against, ruleset), "--bundle")
        asked, rules, verdict = checked(application, against, ruleset)
        if bundle is not None:
            write_whole(bundle, write_bundle(asked, rules, verdict))
    except Refused as refusal:
        complain(refusal)
        sys.exit(1)
    if as_json:
        click.echo(dump_json({"sha256": verdict.sha256, "verdict": verdict.document}))
    else:
        click.echo(report(asked, rules, verdict, lang, colour=sys.stdout.isatty()))
    accepted = accept_assumptions and verdict.outcome == "fits_on_assumptions"
    sys.exit(0 if accepted else EXIT[verdict.outcome])


def checked(application: Path, against: tuple[Path, ...], ruleset: Path) -> tuple[Application, Ruleset, Verdict]:
    """Read the files and judge. Raises ``Refused`` with the problems of all of them."""
    problems: list[Problem] = []
    exchanges: tuple[Exchange, ...] = ()
    rules: Ruleset | None = None
    try:
        exchanges = read_files([application, *against])
    except Refused as refused:
        problems += refused.problems
    try:
        rules = load_ruleset(ruleset)
    except Refused as refused:
        problems += refused.problems
    if exchanges and exchanges[0].application is None:
        detail = "this file holds no application"
        problems.append(Problem("missing", detail, "Add application and its parts.", file=str(application)))
    for path, exchange in zip(against, exchanges[1:], strict=False):
        if exchange.application is not None:
            detail = "a second application; one is checked at a time"
            problems.append(Problem("not_allowed", detail, "Leave it out of --against.", file=str(path)))
    if problems:
        raise Refused(problems)
    asked = exchanges[0].application
    assert asked is not None
    assert rules is not None
    try:
        return asked, rules, judge(asked, [item for exchange in exchanges for item in exchange.objects], rules)
    except Refused as refused:
        raise refused.at(file=str(ruleset)) from None


def report(application: Application, ruleset: Ruleset, verdict: Verdict, lang: Language, *, colour: bool) -> str:
    """The verdict as a person reads it."""
    relations = [relation_line(part, relation, lang) for part, relation in verdict.relations]
    return verdict_text(
        verdict.outcome,
        verdict.findings,
        ruleset,
        application.title or application.id,
        verdict.sha256,
        lang,
        colour,
        sum(isinstance(item, (Asset, Reservation)) for item in verdict.basis),
        relations,
    )


def complain(refusal: Refused) -> None:
    """Every problem, a line each, on stderr."""
    for problem in refusal.problems:
        click.echo(str(problem), err=True)
