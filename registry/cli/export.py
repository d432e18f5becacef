"""``registry export``: what the register holds, as an exchange file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from registry.cli.local import FILE, register
from registry.cli.output import refuse_output, write_whole
from registry.core.errors import Problem, Refused, shown
from registry.core.model import Object
from registry.formats.exchange import Exchange, write_exchange
from registry.formats.words import Language
from registry.services import export as exporting
from registry.services.refusals import not_found


@click.command()
@click.option("-o", "--output", metavar="FILE", type=FILE, help="The file to write; printed without it.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(exporting.EXPORTED),
    help="Only objects of this kind. May be given more than once.",
)
@click.option("--application", metavar="ID", help="Instead of all that, the file of this application.")
@click.option(
    "--as-of",
    metavar="MOMENT",
    help="What the register knew then: 2027-03-01T12:00 (UTC, or with an offset), or a date for the end of that day.",
)
@click.option("--database", metavar="URL", help="The register; DATABASE_URL by default, else sqlite:///register.db.")
@click.option(
    "--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language of what is told."
)
def export(
    output: Path | None,
    kinds: tuple[str, ...],
    application: str | None,
    as_of: str | None,
    database: str | None,
    lang: Language,
) -> None:
    """Write what the register holds as a file that `registry check --against` reads.

    That is: accepted reservations, assets, ground levels, zones, and `works`, the parts of applications that were
    granted or are still open. With the file of an application (--application) and the text of the ruleset (`registry
    ruleset show --text`), `registry check` gives the verdict that the register gave.
    """
    with register(database, lang=lang) as local:
        if application is not None and kinds:
            raise click.UsageError("give --application or --kind, not both")
        if output is not None:
            refuse_output(output, [path for path in (local.db.path,) if path is not None], "--output")
        moment = _moment(as_of) if as_of is not None else None
        if application is not None:
            asked = exporting.application(local.db, application, as_of=moment)
            if asked is None:
                raise not_found("application", application)
            text = write_exchange(Exchange(asked, ()))
        else:
            objects: list[Object] = exporting.everything(local.db, kinds or exporting.EXPORTED, as_of=moment)
            text = write_exchange(Exchange(None, tuple(objects)))
        if output is None:
            click.echo(text, nl=False)
        else:
            write_whole(output, text)
            click.echo(f"written to {output}" + (f": {len(objects)} objects" if application is None else ""))


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        remedy = "Write 2027-03-01, 2027-03-01T12:00 or 2027-03-01T12:00+01:00."
        raise Refused(Problem("wrong_type", "not a moment", remedy, "--as-of", shown(text))) from None
    if len(text) == len("2027-03-01"):
        found += timedelta(days=1) - timedelta(microseconds=1)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
