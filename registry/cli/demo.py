"""``registry demo``: the flagship case, played from ``examples``."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Final

import click

from registry.cli.check import checked, complain, report
from registry.core.errors import Problem, Refused
from registry.formats.words import Language

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "examples"

_STORY: Final[tuple[tuple[str, str, dict[Language, str]], ...]] = (
    (
        "sewer-0.40.geojson",
        "cautious.yaml",
        {
            "en": "1. The sewer is replaced by one of the same size, 0.40 m, under the cautious ruleset.",
            "nl": "1. Het riool wordt vervangen door een van dezelfde maat, 0,40 m, volgens de voorzichtige regelset.",
        },
    ),
    (
        "sewer-1.20.geojson",
        "cautious.yaml",
        {
            "en": "2. The same, but larger: 1.20 m.",
            "nl": "2. Hetzelfde, maar dan groter: 1,20 m.",
        },
    ),
    (
        "sewer-1.20.geojson",
        "two-number.yaml",
        {
            "en": "3. The larger sewer again, where policy asks 0.50 m instead of 1.00 m.",
            "nl": "3. Nogmaals het grotere riool, nu met beleid dat 0,50 m vraagt in plaats van 1,00 m.",
        },
    ),
)

_INTRODUCTION: Final[dict[Language, str]] = {
    "en": (
        "A street of 30 m. Space is reserved for a DN200 heat pair: 1.23 × 0.315 m, centre at x 5.00,\n"
        "top at −1.00 NAP. A sewer lies at x 7.00, −2.00 NAP. Its manager applies to replace it."
    ),
    "nl": (
        "Een straat van 30 m. Er is ruimte gereserveerd voor een warmtepaar DN200: 1,23 × 0,315 m, hart op x 5,00,\n"
        "bovenkant op −1,00 m NAP. Een riool ligt op x 7,00, −2,00 m NAP. De beheerder vraagt om het te vervangen."
    ),
}


@click.command(short_help="Play an example street in three acts.")
@click.option("--once", is_flag=True, help="End after the story. It does so anyway: nothing is served yet.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language.")
def demo(once: bool, lang: Language) -> None:
    """Play one street in three acts: does a larger sewer leave the space reserved for heat?

    It runs `registry check` on files in examples/, and prints each command, so that you can run it yourself.
    """
    del once
    flagship = EXAMPLES / "flagship" / "nl" if lang == "nl" else EXAMPLES / "flagship"
    street = flagship / "street.geojson"
    try:
        if not street.is_file():
            detail = "the examples are not here"
            raise Refused(Problem("unreadable", detail, "Run it from a clone of the project.", file=str(EXAMPLES)))
        click.echo(_INTRODUCTION[lang])
        for application, ruleset, heading in _STORY:
            path, policy = flagship / application, EXAMPLES / "rulesets" / ruleset
            found = checked(path, (street,), policy, lang)
            click.echo("\n" + click.style(heading[lang], bold=True))
            click.echo(f"   {_command(path, street, policy, lang)}\n")
            click.echo(report(found, lang, colour=sys.stdout.isatty()))
    except Refused as refusal:
        complain(refusal, lang)
        sys.exit(1)


def _command(application: Path, street: Path, policy: Path, lang: Language) -> str:
    """The command as it can be copied here: the program as this one was invoked, files as seen from this folder."""
    program = Path(sys.argv[0])
    invoked = program if program.name == "registry" else Path("registry")
    files = [_from_here(path) for path in (application, street, policy)]
    words = [_from_here(invoked), "check", files[0], "--against", files[1], "--ruleset", files[2]]
    return shlex.join([*words, *(["--lang", lang] if lang != "en" else [])])


def _from_here(path: Path) -> str:
    """A path as it can be typed in this folder: relative where it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_absolute() and path.is_relative_to(here) else str(path)
