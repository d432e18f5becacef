"""``registry convert``: a foreign file to the exchange format, by a mapping, with an account of every object."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from registry.cli.check import complain
from registry.cli.output import refuse_output, write_whole
from registry.core.errors import Problem, Refused
from registry.formats.conversion_nl import LINES
from registry.formats.convert import Conversion
from registry.formats.convert import convert as convert_tables
from registry.formats.exchange import Exchange, read_exchange, write_exchange
from registry.formats.foreign import read_foreign
from registry.formats.mapping_yaml import load_mapping
from registry.formats.words import Language

#: A line of progress per so many rows.
ROWS_PER_LINE = 5_000


_PATH = click.Path(readable=False, path_type=Path)


@click.command(name="convert", short_help="Convert foreign sewer files.")
@click.argument("file", type=_PATH)
@click.option("--mapping", required=True, metavar="FILE", type=_PATH, help="What the attributes mean (YAML).")
@click.option("-o", "--output", required=True, metavar="OUTPUT", type=_PATH, help="The file to write.")
@click.option("--report", metavar="FILE", type=_PATH, help="Also write every object by reason, as JSON.")
@click.option(
    "--lang",
    type=click.Choice(["nl", "en"]),
    default="en",
    show_default=True,
    help="Language of the account and of what is wrong with a file; what is written is in English.",
)
def convert(file: Path, mapping: Path, output: Path, report: Path | None, lang: Language) -> None:
    """Convert FILE of someone else to a file of assets and ground levels that `registry check` reads.

    FILE is a GeoPackage, a Shapefile, a GeoJSON file, or a folder with Shapefiles or GeoJSON files, in RD New. The
    mapping says what its attributes mean (docs/convert.md; examples/mappings has one to copy). Printed is how many
    objects were read, and of which something was assumed, is doubtful (flagged) or prevented converting (quarantined).

    Ends with 0 when OUTPUT was written, 1 when FILE or the mapping was refused and nothing was written.
    """
    try:
        conversion = _convert(file, mapping, output, report)
    except Refused as refusal:
        complain(refusal, lang)
        sys.exit(1)
    words = LINES[lang]
    click.echo(conversion.report.text(lang))
    click.echo(words["to"].format(output=output) + (words["report"].format(report=report) if report else ""))
    if report is None and conversion.report.shortened():
        click.echo(words["shortened"])


def _convert(file: Path, mapping: Path, output: Path, report: Path | None) -> Conversion:
    _refuse_overwriting(file, mapping, output, report)
    rules = load_mapping(mapping)
    foreign = read_foreign(file, [table.layer for table in rules.tables])
    conversion = convert_tables(foreign, rules, _progress)
    text = write_exchange(Exchange(application=None, objects=conversion.objects))
    if read_exchange(text.encode("utf-8")).objects != conversion.objects:
        raise RuntimeError("what is to be written does not read back as what was meant")
    write_whole(output, text)
    if report is not None:
        write_whole(report, json.dumps(conversion.report.plain(), ensure_ascii=False, indent=2) + "\n")
    return conversion


def _refuse_overwriting(file: Path, mapping: Path, output: Path, report: Path | None) -> None:
    refuse_output(output, (file, mapping), "--output")
    if report is not None:
        refuse_output(report, (file, mapping), "--report")
        if os.path.realpath(report) == os.path.realpath(output):
            detail = "the report would overwrite the exchange file"
            raise Refused(Problem("not_allowed", detail, "Give them two names.", file=str(output)))


def _progress(layer: str, done: int, rows: int) -> None:
    if rows >= ROWS_PER_LINE and done and (done % ROWS_PER_LINE == 0 or done == rows):
        click.echo(f"{layer}: {done} of {rows} rows", err=True)
