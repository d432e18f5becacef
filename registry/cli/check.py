"""``registry check``: the verdict on an application, from files."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import click

from registry.cli.output import refuse_output, write_whole
from registry.core.effects import effects_by_topic
from registry.core.errors import Problem, Refused
from registry.core.findings import Outcome
from registry.core.model import Application, Object
from registry.core.policy import Ruleset
from registry.core.tightest import tightest
from registry.core.verdict import Verdict, judge
from registry.formats.bundle import write_bundle
from registry.formats.doubts import Doubt, doubts
from registry.formats.exchange import Exchange, read_files
from registry.formats.json_strict import dump_json
from registry.formats.problems_told import problem_line
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.verdict_text import LEAST_WIDTH, WIDTH, Report, verdict_text
from registry.formats.words import Language

EXIT: Final[dict[Outcome, int]] = {
    "fits": 0,
    "fits_with_conditions": 0,
    "conflict": 2,
    "undetermined": 3,
    "fits_on_assumptions": 3,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict with what it was reached from, and what of that is hardly plausible."""

    application: Application
    ruleset: Ruleset
    verdict: Verdict
    doubts: tuple[Doubt, ...]


@click.command(short_help="Check an application by a ruleset.")
@click.argument("application", type=click.Path(readable=False, path_type=Path))
@click.option(
    "--against",
    multiple=True,
    metavar="FILE",
    type=click.Path(readable=False, path_type=Path),
    help="A file of reservations, assets, ground levels or zones. May be given more than once. Without it only "
    "what is in APPLICATION itself is judged; a warning says where nothing else was compared.",
)
@click.option(
    "--ruleset",
    required=True,
    metavar="FILE",
    type=click.Path(readable=False, path_type=Path),
    help="The municipality's policy (YAML).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the verdict, its hash and the warnings as JSON.")
@click.option(
    "--bundle",
    metavar="FILE",
    type=click.Path(readable=False, path_type=Path),
    help="Also write the verdict with all it rests on to FILE, for `registry verify`.",
)
@click.option(
    "--lang",
    type=click.Choice(["nl", "en"]),
    default="en",
    show_default=True,
    help="Language of the report, of warnings and of what is wrong with a file.",
)
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
    """Check APPLICATION, a GeoJSON file in RD and NAP (docs/formats.md), by a ruleset against other files. It holds the
    application and its parts only: what lies there is in the other files.

    Prints the verdict: what clashes, where, how much is missing, by which rule and source, and what would help. What is
    hardly plausible, and that nothing was compared, is told in the report, as a warning on stderr and under `warnings`
    in JSON; it does not change the verdict.

    \b
    Ends with
      0  it fits, or fits with conditions
      1  bad input or wrong usage; nothing was judged
      2  conflict
      3  undetermined, or fits on assumptions only
    """
    try:
        if bundle is not None:
            refuse_output(bundle, (application, *against, ruleset), "--bundle")
        found = checked(application, against, ruleset, lang)
        verdict = found.verdict
        if bundle is not None:
            write_whole(bundle, write_bundle(found.application, found.ruleset, verdict))
    except Refused as refusal:
        complain(refusal, lang)
        sys.exit(1)
    for doubt in found.doubts:
        click.echo(doubt.line(lang), err=True)
    if as_json:
        warnings = [doubt.plain() for doubt in found.doubts]
        effects = [asdict(one) for one in effects_by_topic(found.ruleset, verdict.results)]
        shown = {"sha256": verdict.sha256, "verdict": verdict.document, "effects": effects, "warnings": warnings}
        click.echo(dump_json(shown))
    else:
        click.echo(report(found, lang, colour=sys.stdout.isatty()))
    accepted = accept_assumptions and verdict.outcome == "fits_on_assumptions"
    sys.exit(0 if accepted else EXIT[verdict.outcome])


def checked(application: Path, against: tuple[Path, ...], ruleset: Path, lang: Language) -> Checked:
    """Read the files and judge. Raises ``Refused`` with the problems of all of them."""
    problems: list[Problem] = []
    files = read_asked(application, against, problems)
    rules: Ruleset | None = None
    try:
        rules = load_ruleset(ruleset)
    except Refused as refused:
        problems += refused.problems
    if problems:
        raise Refused(problems)
    assert files is not None
    assert rules is not None
    verdict = files.judged(rules, str(ruleset))
    doubted = doubts(files.asked, verdict.basis, files.objects, rules, files.named, lang)
    return Checked(files.asked, rules, verdict, tuple(doubted))


@dataclass(frozen=True, slots=True)
class Asked:
    """An application out of a file, what lies there out of others, and by kind and id the file each is in."""

    path: Path
    asked: Application
    objects: tuple[Object, ...]
    named: dict[tuple[str, str], str]

    def judged(self, rules: Ruleset, ruleset: str) -> Verdict:
        """The verdict by a ruleset, which is ``ruleset`` in messages. Raises ``Refused``, naming the file."""
        try:
            return judge(self.asked, self.objects, rules)
        except Refused as refused:
            of_rules = all(problem.code == "invalid_ruleset" for problem in refused.problems)
            by_id = {id_: path for (_, id_), path in self.named.items()}
            by_id |= {part.id: str(self.path) for part in self.asked.parts}
            located = [problem.at(file=by_id.get(problem.feature, "")) for problem in refused.problems]
            raise Refused(located).at(file=ruleset if of_rules else str(self.path)) from None


def read_asked(application: Path, against: tuple[Path, ...], problems: list[Problem]) -> Asked | None:
    """What the files say; what is wrong with them is added to ``problems``, and nothing returned where that is all."""
    exchanges: tuple[Exchange, ...] = ()
    found = len(problems)
    try:
        exchanges = read_files([application, *against])
    except Refused as refused:
        problems += refused.problems
    if exchanges and exchanges[0].application is None:
        detail = "this file holds no application"
        problems.append(Problem("missing", detail, "Add application and its parts.", file=str(application)))
    elif exchanges:
        problems += _not_asked(application, exchanges[0])
    for path, exchange in zip(against, exchanges[1:], strict=False):
        if exchange.application is not None:
            detail = "a second application; one is checked at a time"
            problems.append(Problem("not_allowed", detail, "Leave it out of --against.", file=str(path)))
    if len(problems) > found or exchanges[0].application is None:
        return None
    named: dict[tuple[str, str], str] = {
        (item.kind, item.id): str(path)
        for path, exchange in zip((application, *against), exchanges, strict=True)
        for item in exchange.identified()
    }
    objects = tuple(item for exchange in exchanges for item in exchange.objects)
    return Asked(application, exchanges[0].application, objects, named)


def _not_asked(path: Path, exchange: Exchange) -> list[Problem]:
    """What is in the application's own file and not of it: what lies there is not for the applicant to say."""
    first: dict[str, str] = {}
    for item in exchange.objects:
        first.setdefault(item.kind, item.id)
    problems = []
    for kind, name in first.items():
        remedy = "Give it in a file of its own, with --against."
        if kind == "ground_level":
            remedy = "State ground level as `ground_levels` or `ground_level` on the part, or give it with --against."
        detail = f"the file of an application holds its parts only, and no {kind.replace('_', ' ')}"
        problems.append(Problem("not_allowed", detail, remedy, "properties.kind", kind, name, str(path)))
    return problems


def report(found: Checked, lang: Language, *, colour: bool, transition: str = "") -> str:
    """The verdict as a person reads it. Where it fits, with what came nearest; ``transition`` as in ``Report``."""
    verdict, nearest = found.verdict, None
    if verdict.outcome in ("fits", "fits_with_conditions"):
        nearest = tightest(found.application, verdict.basis, found.ruleset, verdict.findings)
    told = Report(
        found.application,
        found.ruleset,
        verdict.outcome,
        verdict.findings,
        verdict.relations,
        verdict.basis,
        verdict.sha256,
        nearest,
        # That nothing was compared stands under the outcome already.
        [doubt.told(lang) for doubt in found.doubts if doubt.code != "nothing_compared"],
        verdict.results,
        transition,
    )
    return verdict_text(told, lang, colour, width())


def width() -> int:
    """The columns to fill: those of the terminal, within limits; where stdout is none, the most."""
    columns = shutil.get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else WIDTH
    return min(max(columns, LEAST_WIDTH), WIDTH)


def complain(refusal: Refused, lang: Language = "en") -> None:
    """Every problem, a line each, on stderr."""
    for problem in refusal.problems:
        click.echo(problem_line(problem, lang), err=True)
