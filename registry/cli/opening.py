"""Opening a register for a command."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from registry.config import Config
from registry.core.errors import Problem, Refused, shown
from registry.db import Busy, Database
from registry.services.health import health


def migrated(url: str, migrate: bool | None = None) -> Database:
    """The register at a URL, its schema that of this version.

    ``migrate`` brings it up to date; by default only an SQLite register, which is nobody else's. Raises ``Refused``.
    """
    try:
        db = Database(url)
        if migrate or (migrate is None and not db.is_postgis):
            _upgrade(db)
    except (SQLAlchemyError, ValueError) as error:
        remedy = "Write sqlite:///file.db or postgresql://user@host/name, and see that it is there."
        detail = f"the register cannot be opened: {error}".partition("\n")[0]
        raise Refused(Problem("unreadable", detail, remedy, "DATABASE_URL")) from None
    found = health(db, Config().clock())
    if not found.database or not found.migrated:
        detail = "its schema is not that of this version" if found.database else "the register does not answer"
        raise Refused(Problem("unreadable", detail, "Run `registry migrate` first.", "DATABASE_URL"))
    return db


def failing(error: DBAPIError | Busy) -> Refused:
    """What a register that is there cannot do: it is kept busy, may not be written, or is not reached any more."""
    if isinstance(error, Busy):
        detail = "others kept the register busy; nothing was changed"
        return Refused(Problem("busy", detail, "Try again in a while.", "DATABASE_URL"))
    detail = f"the register cannot be read or written: {shown(error.orig, 200)}"
    return Refused(Problem("unreadable", detail, "See that it is there and that you may write to it.", "DATABASE_URL"))


def _upgrade(db: Database) -> None:
    from registry.store import schema

    schema.upgrade(db)
