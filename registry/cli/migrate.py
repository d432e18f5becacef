"""``registry migrate``: make the tables of a register, or bring them to another revision."""

from __future__ import annotations

import sys
from typing import Final

import click
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from registry.cli.check import complain
from registry.config import Config
from registry.core.errors import Problem, Refused, shown
from registry.db import Database
from registry.store import refiling, schema

#: How often it is told how far the filing is, objects.
_EVERY: Final = 5_000


@click.command()
@click.option("--database", metavar="URL", help="The register; DATABASE_URL by default, else sqlite:///register.db.")
@click.option("--status", is_flag=True, help="Change nothing: say which revision it has, and end with 1 if another.")
@click.option(
    "--down",
    "down_to",
    metavar="REV",
    help="Take it back to revision REV (`base`: to nothing). What has no place there is lost for good; asks first.",
)
@click.option("--yes", is_flag=True, help="With --down: do not ask.")
def migrate(database: str | None, status: bool, down_to: str | None, yes: bool) -> None:
    """Make the tables of a register, or bring them up to this version; it keeps what is in them.

    A register is one SQLite file, or a PostgreSQL database with PostGIS. Run it once before anything else, and again
    after each new version of this program.
    """
    if status and down_to is not None:
        raise click.UsageError("give --status or --down, not both")
    try:
        db = _opened(database or Config.from_environment().database_url)
        try:
            _refuse_unknown(db, down_to)
            if down_to is not None and not yes:
                told = f"{_name(db)}: what has no place in revision {down_to} is lost. Make a copy first. Go on?"
                click.confirm(told, abort=True, err=True)
            current = _status(db) if status else _moved(db, down_to)
        except (CommandError, SQLAlchemyError, OSError) as error:
            raise Refused(_unusable(error)) from None
        finally:
            db.close()
    except Refused as refusal:
        complain(refusal)
        sys.exit(1)
    sys.exit(0 if current or not status else 1)


def _opened(url: str) -> Database:
    try:
        return Database(url)
    except (SQLAlchemyError, ValueError) as error:
        raise Refused(_unusable(error)) from None


def _status(db: Database) -> bool:
    """Tell which revision the register has; whether that is the one this version needs, and the tables are so."""
    if db.path is not None and not db.path.exists():
        click.echo(f"{db.path}: not there yet; `registry migrate` makes it")
        return False
    found, newest = schema.current(db), schema.newest()
    click.echo(f"{_name(db)}: revision {found or 'none'}; this version needs {newest}")
    differences = schema.differences(db) if found == newest else []
    for difference in differences:
        click.echo(f"  {difference}")
    return found == newest and not differences


def _moved(db: Database, down_to: str | None) -> bool:
    before = None if db.path is not None and not db.path.exists() else schema.current(db)
    refiled = 0
    if down_to is None:
        refiled = schema.upgrade(db, repair=True, told=_tell)
    else:
        schema.downgrade(db, down_to)
    after = schema.current(db)
    told = [f"{refiled} objects filed anew"] if refiled else []
    if before != after:
        told.insert(0, f"from revision {before or 'none'} to {after or 'none'}")
    else:
        told = [f"revision {after or 'none'}", *(told or ["nothing to do"])]
    click.echo(f"{_name(db)}: {'; '.join(told)}")
    return True


def _tell(done: int, total: int) -> None:
    """About every so many objects, and at the end."""
    if done == total or done % _EVERY < refiling.AT_ONCE:
        click.echo(f"filing objects anew by the segments they have: {done} of {total}", err=True)


def _refuse_unknown(db: Database, down_to: str | None) -> None:
    if down_to is not None and db.path is not None and not db.path.exists():
        remedy = "Name another with --database or DATABASE_URL."
        raise Refused(Problem("unreadable", "there is no register here", remedy, file=str(db.path)))


def _name(db: Database) -> str:
    """Where the register is, without a password."""
    return str(db.path) if db.path is not None else db.engine.url.render_as_string(hide_password=True)


def _unusable(error: Exception) -> Problem:
    remedy = "Write sqlite:///file.db or postgresql://user@host/name, see that it is there, and name a known revision."
    return Problem("unreadable", f"it cannot be done: {shown(error, 300)}", remedy, "--database")
