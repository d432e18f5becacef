"""Sessions on SQLite and PostgreSQL: one way to read a snapshot, one to write.

SQLite runs in WAL with its data flushed at every commit. Writers queue for its one lock by themselves, in small random
steps: its own waiting grows to steps in which a busy neighbour always comes first.
"""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

T = TypeVar("T")

DEFAULT_URL: Final = "sqlite:///register.db"
#: How long a writer waits for its turn on SQLite, in seconds.
BUSY_SECONDS: Final = 30.0
#: How often ``run`` tries work that lost against another, and up to how long it waits before the first repetition (s).
TRIES: Final = 8
PAUSE: Final = 0.02

#: serialization_failure, deadlock_detected, unique_violation (two made the same thing at once), lock_not_available.
_LOST: Final = ("40001", "40P01", "23505", "55P03")
_WRITES: Final = "registry_writes"


class Busy(Exception):
    """Others kept the register busy for too long. Nothing was changed; asked again later, it may well succeed."""


class Database:
    """The register at a URL: ``sqlite:///path`` or ``postgresql://user@host/name``.

    Raises ``ValueError`` for another kind of database. ``close`` gives back its connections.
    """

    def __init__(self, url: str = DEFAULT_URL):
        address = make_url(url)
        if address.drivername in ("postgresql", "postgres"):
            address = address.set(drivername="postgresql+psycopg")
        self.is_postgis = address.drivername == "postgresql+psycopg"
        if not self.is_postgis and address.get_backend_name() != "sqlite":
            raise ValueError(f"the register runs on sqlite or postgresql, not on {address.drivername}")
        options: dict[str, Any] = {"json_serializer": _json}
        if self.is_postgis:
            options |= {"pool_pre_ping": True, "isolation_level": "READ COMMITTED"}
        self.engine: Engine = create_engine(address, **options)
        if self.is_postgis:
            self._reading = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        else:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
            self._reading = self.engine.execution_options()
        self._writing = self.engine.execution_options(**{_WRITES: True})

    @property
    def url(self) -> str:
        """Where it is, for another process to open."""
        return self.engine.url.render_as_string(hide_password=False)

    @property
    def path(self) -> Path | None:
        """The file of an SQLite register."""
        return None if self.is_postgis or not self.engine.url.database else Path(self.engine.url.database)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment of the register, and can change nothing."""
        with Session(self._reading, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are all kept at its end, or none of them when an exception leaves it.

        Raises ``Busy`` when its turn does not come.
        """
        with Session(self._writing, autoflush=False, expire_on_commit=False) as session, session.begin():
            # The turn is taken here, so that what the block reads first is read under it.
            session.connection()
            yield session

    def run(self, work: Callable[[Session], T]) -> T:
        """What ``work`` returns from a ``write`` session; work that lost against another writer is done again, anew.

        Raises ``Busy`` when it lost too often.
        """
        for attempt in count(1):
            try:
                with self.write() as session:
                    return work(session)
            except DBAPIError as error:
                if not lost(error):
                    raise
                if attempt >= TRIES:
                    raise Busy(f"lost {attempt} times against others") from error
                # Chosen at random so that two that met do not meet again; nothing secret hangs on it.
                time.sleep(random.uniform(0, PAUSE * 2**attempt))  # noqa: S311
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Give back all connections; the database can be used again afterwards."""
        self.engine.dispose()


def lost(error: DBAPIError) -> bool:
    """Whether a transaction failed only because of another one: done again it may succeed."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return _busy(error.orig)
    return getattr(error.orig, "sqlstate", None) in _LOST


def _busy(error: sqlite3.OperationalError) -> bool:
    return (error.sqlite_errorcode & 0xFF) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        # Of those that open a new file at once, one sets this; SQLite lets nobody wait for it.
        _patiently(lambda: connection.execute("PRAGMA journal_mode = WAL"))
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    raw = cast(sqlite3.Connection, connection.connection.dbapi_connection)
    if not connection.get_execution_options().get(_WRITES):
        raw.execute("PRAGMA query_only = ON")
        raw.execute("BEGIN")
        return
    raw.execute("PRAGMA query_only = OFF")
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        _patiently(lambda: raw.execute("BEGIN IMMEDIATE"))
    finally:
        raw.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def _patiently(statement: Callable[[], object]) -> None:
    """Try until SQLite is not busy, for ``BUSY_SECONDS`` at most."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            statement()
            return
        except sqlite3.OperationalError as error:
            if not _busy(error):
                raise
            if time.monotonic() > deadline:
                raise Busy(f"no turn to write came for {BUSY_SECONDS:g} s") from error
            time.sleep(random.uniform(0.0005, 0.006))  # noqa: S311
