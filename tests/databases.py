"""Registers for tests, on both engines."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from registry.db import Database
from registry.store import schema
from registry.store.verify import index_equals_rows
from registry.tables import metadata
from tests.servers import Postgres


def sqlite_template(folder: Path) -> Path:
    """A migrated SQLite register in one file, nothing of it left in a log beside it."""
    path = folder / "template.db"
    db = Database(f"sqlite:///{path}")
    schema.upgrade(db)
    with db.engine.connect() as connection:
        connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path


def sqlite_copy(template: Path, folder: Path) -> str:
    """A copy of a template, and its URL."""
    path = folder / "register.db"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


def postgis_register(server: Postgres, name: str = "register_test") -> str:
    """A migrated PostGIS register, and its URL."""
    db = Database(server.create(name))
    schema.upgrade(db)
    db.close()
    return server.url(name)


def empty(url: str) -> None:
    """Remove all rows of a PostGIS register.

    Its triggers refuse that, even to its owner; what switches them off here is open to a superuser only.
    """
    db = Database(url)
    listed = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    with db.write() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(f"TRUNCATE {listed} RESTART IDENTITY"))
    db.close()


@contextmanager
def checked(url: str) -> Iterator[Database]:
    """A register that is closed afterwards, its index having been found to say what its rows say."""
    db = Database(url)
    try:
        yield db
        with db.read() as session:
            assert index_equals_rows(session) == []
    finally:
        db.close()


def require_index(url: str) -> None:
    """That the index of a register says what its rows say."""
    with checked(url):
        pass
