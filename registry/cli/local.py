"""What the commands that work on a register have in common: which register, who acts, and how it is told.

Such a command opens the register's database itself and asks nobody for a token: whoever may write to the database can
do anything with it. ``--as``, ``--organisation`` and ``--role`` are what is recorded, and decide what is allowed.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from sqlalchemy.exc import ArgumentError, DBAPIError

from registry.cli.check import complain
from registry.cli.opening import failing, migrated
from registry.config import Config
from registry.core.actors import ROLES, Actor, Role
from registry.core.errors import Problem, Refused, visible
from registry.db import Busy, Database
from registry.formats.json_strict import dump_json
from registry.formats.words import Language

F = TypeVar("F", bound=Callable[..., Any])

#: A file to read; what is wrong with it is told as of any other input.
FILE: Final = click.Path(readable=False, path_type=Path)

TRUSTED: Final = (
    "This command works on the database itself and needs no token: whoever can open the database is trusted. "
    "--as, --organisation and --role are recorded with what is done, and what the role may not do is refused."
)


@dataclass(frozen=True, slots=True)
class Local:
    """A register that is open, and how what comes out is to be told."""

    db: Database
    now: datetime
    as_json: bool
    lang: Language

    def tell(self, plain: object, lines: Iterable[str]) -> None:
        """Print ``plain`` as JSON where that was asked for, else ``lines``."""
        tell(self.as_json, plain, lines)


def tell(as_json: bool, plain: object, lines: Iterable[str]) -> None:
    """Print ``plain`` as JSON where that was asked for, else ``lines``."""
    if as_json:
        click.echo(dump_json(plain))
        return
    for line in lines:
        click.echo(visible(line))


def telling(function: F) -> F:
    """Options of a command that tells something, with or without a register: ``as_json`` and ``lang``."""
    return _JSON(_LANG(function))


def reading(function: F) -> F:
    """Options of a command that reads: ``database``, ``as_json`` and ``lang``."""
    return _DATABASE(telling(function))


def acting(role: Role | None) -> Callable[[F], F]:
    """Options of a command that changes something: those of ``reading``, and ``name``, ``organisation`` and ``role``,
    which is ``role`` where nothing is said."""

    def decorate(function: F) -> F:
        function = reading(function)
        for option in (
            click.option(
                "--role",
                type=click.Choice(ROLES),
                envvar="REGISTRY_ROLE",
                default=role,
                show_default=True,
                required=role is None,
                help="In what role.",
            ),
            click.option(
                "--organisation",
                metavar="ORG",
                required=True,
                envvar="REGISTRY_ORGANISATION",
                help="For which organisation, spelled as holder and applicant are. Or set REGISTRY_ORGANISATION.",
            ),
            click.option(
                "--as",
                "name",
                metavar="ACTOR",
                envvar="REGISTRY_AS",
                help="Who acts; by default who is logged in. Or set REGISTRY_AS.",
            ),
        ):
            function = option(function)
        return function

    return decorate


def changing(function: F) -> F:
    """Options of an act on something that is there: ``reason``, ``document`` and ``revision``."""
    return reasoned(restating(function))


def reasoned(function: F) -> F:
    """Options ``reason`` and ``document``."""
    function = click.option("--document", metavar="TEXT", help="The document that says so.")(function)
    return click.option("--reason", metavar="TEXT", help="Why.")(function)


def filing(function: F) -> F:
    """Option ``revision`` of what is filed: nobody amends without having seen what he amends."""
    return _revision("To amend takes it.")(function)


def restating(function: F) -> F:
    """Option ``revision`` of what states anew something that is there."""
    return _revision("Without it the one that stands.")(function)


def _revision(without: str) -> Callable[[F], F]:
    told = f"The revision you saw: refused where another one stands by now. {without}"
    return click.option("--revision", type=click.IntRange(1), metavar="N", help=told)


def actor_of(name: str | None, organisation: str, role: Role) -> Actor:
    """Who acts. Raises ``Refused`` for a name that cannot be recorded."""
    found = name or _logged_in()
    problems = [
        Problem("not_allowed", "no name to record", "Give printable text without spaces around it.", option, text[:60])
        for option, text in (("--as", found), ("--organisation", organisation))
        if not text.strip() or text != text.strip() or not text.isprintable() or len(text) > 200
    ]
    if problems:
        raise Refused(problems)
    return Actor(found, organisation, role)


@contextmanager
def register(database: str | None, as_json: bool = False, lang: Language = "en") -> Iterator[Local]:
    """The register, of the schema of this version. What is refused is told on stderr, and the command ends with 1."""
    try:
        url = database or Config.from_environment().database_url
        _refuse_absent(url)
        db = migrated(url)
        try:
            yield Local(db, datetime.now(UTC), as_json, lang)
        except (DBAPIError, Busy) as error:
            raise failing(error) from None
        finally:
            db.close()
    except Refused as refusal:
        complain(refusal, lang)
        sys.exit(1)


def _refuse_absent(url: str) -> None:
    """Refuse an SQLite register that is not there: a mistyped name makes no new one."""
    try:
        path = Database(url).path
    except (ArgumentError, ValueError):
        return  # told where it is opened
    if path is not None and not path.exists():
        remedy = "Make it with `registry migrate`, or name another with --database or DATABASE_URL."
        raise Refused(Problem("unreadable", "there is no register here", remedy, file=str(path)))


def _logged_in() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


_DATABASE: Final = click.option(
    "--database", metavar="URL", help="The register; DATABASE_URL by default, else sqlite:///register.db."
)
_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
_LANG: Final = click.option(
    "--lang", type=click.Choice(["nl", "en"]), default="en", show_default=True, help="Language of what is told."
)
