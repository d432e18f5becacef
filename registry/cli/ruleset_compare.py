"""``registry ruleset compare``: one application judged by two rulesets, side by side."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from registry.cli.check import complain, read_asked, width
from registry.cli.local import FILE, reading, tell
from registry.cli.ruleset_reading import versions
from registry.core.effects import effects_by_topic
from registry.core.errors import Problem, Refused
from registry.formats.side_by_side import Compared, Judged, compared, compared_lines


@click.command("compare", short_help="Judge an application by two rulesets, side by side.")
@click.argument("one")
@click.argument("other")
@click.argument("application", type=FILE)
@click.option(
    "--against",
    multiple=True,
    metavar="FILE",
    type=FILE,
    help="A file of reservations, assets, ground levels or zones. May be given more than once.",
)
@reading
def compare(one: str, other: str, application: Path, against: tuple[Path, ...], **options: Any) -> None:
    """Judge APPLICATION, a GeoJSON file as `registry check` reads it, by the rulesets ONE and OTHER: each a FILE, or
    ID@VERSION of one in the register. Tells side by side what each finds and what it means for every topic. Nothing is
    written.

    Ends with 0 where both judged, whatever came of it; with 1 where something is wrong with a file.
    """
    rulesets = versions([one, other], options)
    problems: list[Problem] = []
    files = read_asked(application, against, problems)
    try:
        if files is None:
            raise Refused(problems)
        left, right = (
            Judged(version.ruleset, files.judged(version.ruleset, name))
            for version, name in zip(rulesets, (one, other), strict=True)
        )
    except Refused as refusal:
        complain(refusal, options["lang"])
        sys.exit(1)
    found = compared(files.asked, (left, right), options["lang"])
    plain = {"judged": [_plain(one) for one in (left, right)], **_rows(found)}
    tell(options["as_json"], plain, compared_lines(found, options["lang"], width()))


def _plain(judged: Judged) -> dict[str, object]:
    ruleset, verdict = judged.ruleset, judged.verdict
    return {
        "ruleset": {"id": ruleset.id, "version": ruleset.version, "sha256": ruleset.sha256},
        "outcome": verdict.outcome,
        "sha256": verdict.sha256,
        "verdict": verdict.document,
        "effects": [asdict(effect) for effect in effects_by_topic(ruleset, verdict.results)],
    }


def _rows(found: Compared) -> dict[str, object]:
    return {"findings": [list(row.texts) for row in found.findings], "sense": found.sense}
