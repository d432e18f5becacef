"""``registry verify``: does a verdict follow from what its bundle holds?"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry.cli.check import EXIT, complain
from registry.core.errors import Refused, shown, visible
from registry.core.model import Asset, Reservation, Works
from registry.core.verdict import JUDGEMENT
from registry.formats.bundle import verify_bundle
from registry.formats.problems_nl import difference_in_dutch
from registry.formats.sentences import outcome_line
from registry.formats.words import WORDS, Language


@click.command(short_help="Compute the verdict in a bundle again.")
@click.argument("bundle", type=click.Path(readable=False, path_type=Path))
@click.option("--accept-assumptions", is_flag=True, help="End with 0 where it fits on the ruleset's assumptions.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language.")
def verify(bundle: Path, accept_assumptions: bool, lang: Language) -> None:
    """Compute the verdict in BUNDLE again from all that is in it, and say what differs.

    BUNDLE is a file written by `registry check --bundle`; nothing else is needed. It is shown that the verdict follows
    from what is in the bundle. Whether that is what was filed, you see by comparing the sha256 with the one you were
    given.

    \b
    Ends with
      0, 2, 3  it holds; by its outcome, as `registry check` ends
      1        it does not hold, or cannot be read
      4        nothing was changed, but it was not recomputed: objects were withheld, or it was made by another way of
               judging than this registry has
    """
    words = WORDS[lang]["verify"]
    try:
        found = verify_bundle(bundle)
    except Refused as refusal:
        complain(refusal, lang)
        sys.exit(1)
    stated = shown(found.stated_sha256, 64)
    if found.differences:
        click.echo(visible(words["differs"].format(bundle=bundle)), err=True)
        for difference in found.differences:
            told = difference if lang == "en" else difference_in_dutch(difference, WORDS["nl"]["outcome"])
            click.echo(f"  {visible(told)}", err=True)
        click.echo(words["do_not_rely"], err=True)
        sys.exit(1)
    if found.recomputed is None:
        if found.judgement is not None:
            age = "earlier" if found.judgement < JUDGEMENT else "later"
            click.echo(words[age].format(judgement=found.judgement, own=JUDGEMENT))
        if found.withheld:
            click.echo(words["withheld_one" if found.withheld == 1 else "withheld"].format(count=found.withheld))
        click.echo(words["not_shown"])
        _facts({WORDS[lang]["text"]["hash"]: stated})
        sys.exit(4)
    outcome = found.recomputed.outcome
    advised = any(finding.severity == "advises" for finding in found.recomputed.findings)
    compared = any(isinstance(item, (Asset, Reservation, Works)) for item in found.recomputed.basis)
    click.echo(words["holds"])
    _facts(
        {
            words["outcome"]: outcome_line(outcome, lang, compared, advised),
            WORDS[lang]["text"]["application"]: found.application.id,
            WORDS[lang]["text"]["ruleset"]: f"{found.ruleset.id} {found.ruleset.version}",
            WORDS[lang]["text"]["hash"]: stated,
        }
    )
    sys.exit(0 if accept_assumptions and outcome == "fits_on_assumptions" else EXIT[outcome])


def _facts(facts: dict[str, str]) -> None:
    column = max(map(len, facts)) + 2
    for label, fact in facts.items():
        click.echo(label.ljust(column) + fact)
