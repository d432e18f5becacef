"""``registry ruleset matrix``: the separation matrix as a spreadsheet, and back."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, Final

import click

from registry.cli.check import complain
from registry.cli.local import FILE, reading, tell
from registry.cli.output import refuse_output, write_whole
from registry.cli.ruleset_reading import versions
from registry.core.errors import Problem, Refused
from registry.formats.matrix_files import read_grid, write_table
from registry.formats.matrix_table import matrix_of, table_of
from registry.formats.matrix_text import with_matrix
from registry.formats.ruleset_changes import change_lines
from registry.formats.words import Language

_RULE: Final = click.option("--rule", metavar="ID", help="Which separation rule, where there are several.")


@click.group()
def matrix() -> None:
    """The separation matrix as a spreadsheet (.xlsx) or CSV: a row for each pair, lengths in metres."""


@matrix.command("export", short_help="Write the matrix as a spreadsheet.")
@click.argument("given", metavar="FILE|ID@VERSION")
@click.option("--output", "-o", required=True, type=FILE, metavar="TABLE", help="Where to: a name with .xlsx or .csv.")
@_RULE
@reading
def export(given: str, output: Path, rule: str | None, **options: Any) -> None:
    """Write the separation matrix of a ruleset, a FILE or ID@VERSION of the register, as a table to be edited.

    The row with * for both themes holds for all pairs without a row of their own. What is blank is left out of the
    ruleset. Headings are in the language of --lang; either is read.
    """
    (one,) = versions([given], options)
    try:
        refuse_output(output, [Path(given)], "--output")
        found = matrix_of(one.ruleset, rule, given)
        rows = list(table_of(one.ruleset, found))
        write_whole(output, write_table(output, rows, options["lang"]))
    except Refused as refusal:
        complain(refusal, options["lang"])
        sys.exit(1)
    plain = {"file": str(output), "rule": found.header.id, "rows": len(rows)}
    tell(options["as_json"], plain, [_WRITTEN[_lang(options)].format(**plain)])


@matrix.command("import", short_help="Make a version with the matrix of a spreadsheet.")
@click.argument("given", metavar="FILE|ID@VERSION")
@click.argument("table", type=FILE)
@click.option("--output", "-o", required=True, type=FILE, metavar="NEXT", help="Where its text goes.")
@click.option("--version", metavar="VERSION", help="The version it is to have, as 1.2.0; without it the one it has.")
@_RULE
@reading
def import_(given: str, table: Path, output: Path, version: str | None, rule: str | None, **options: Any) -> None:
    """Write the ruleset FILE or ID@VERSION with the separation matrix of TABLE, and tell what differs.

    What does not change stays as it is written, comments too. What is wrong in TABLE is told by row and column, and
    nothing is written then. Nothing is stored: that is `registry ruleset store`.
    """
    (one,) = versions([given], options)
    try:
        refuse_output(output, [Path(given), table], "--output")
        _refuse_version(version)
        after, text = with_matrix(one.text, read_grid(table), rule, version, given)
        write_whole(output, text)
    except Refused as refusal:
        complain(refusal, options["lang"])
        sys.exit(1)
    lines = list(change_lines(one.ruleset, after, _lang(options)))
    plain = {"file": str(output), "id": after.id, "version": after.version, "sha256": after.sha256, "changes": lines}
    tell(options["as_json"], plain, lines)


_WRITTEN: Final[dict[Language, str]] = {
    "nl": "{file}: de matrix van regel {rule}, {rows} rijen",
    "en": "{file}: the matrix of rule {rule}, {rows} rows",
}


def _lang(options: dict[str, Any]) -> Language:
    lang: Language = options["lang"]
    return lang


def _refuse_version(version: str | None) -> None:
    if version is not None and not re.fullmatch(r"[0-9]+(\.[0-9]+){2}", version):
        detail, remedy = "a version has three numbers", "Write it as 1.0.0."
        raise Refused(Problem("invalid_ruleset", detail, remedy, "--version", version[:60]))
