"""The schema of a register: brought up to date, taken down, compared with the tables the code knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, inspect, text
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from registry.db import Database
from registry.geometry import Footprint
from registry.store.refiling import Told, refile
from registry.tables import APPEND_ONLY, metadata

#: Two numbers, as for the change feed: no place's lock has them.
_LOCK: Final = "SELECT pg_advisory_xact_lock(28992, 2)"
#: Tables of the engine's own: the R*Tree's and PostGIS's.
_ENGINES_OWN: Final = ("chunk_rtree", "spatial_ref_sys")


def upgrade(db: Database, revision: str = "head", *, repair: bool = False, told: Told | None = None) -> int:
    """Bring the schema up to a revision, the newest one unless another is named; all of it or nothing.

    What a script left without its segments is then filed anew, and ``told`` how far that is; with ``repair`` what has
    none is looked for though the schema was up to date. How many objects were filed anew.
    """
    with _configured(db) as (config, session):
        before = _revision_on(session)
        command.upgrade(config, revision)
        after = _revision_on(session)
        return refile(session, told) if after == newest() and (repair or after != before) else 0


def downgrade(db: Database, revision: str = "base") -> None:
    """Take the schema down to a revision. What no longer has a place there is lost."""
    with _configured(db) as (config, _session):
        command.downgrade(config, revision)


def current(db: Database) -> str | None:
    """The revision the schema has; ``None``: it is empty."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _revision_on(session: Session) -> str | None:
    return MigrationContext.configure(session.connection()).get_current_revision()


def newest() -> str:
    """The revision this code needs."""
    revision = ScriptDirectory(_scripts()).get_current_head()
    assert revision is not None
    return revision


def differences(db: Database) -> list[str]:
    """Where the schema is not what the code's tables say, in words; nothing when they agree."""
    with db.engine.connect() as connection:
        return differences_on(connection)


def differences_on(connection: Connection) -> list[str]:
    """As ``differences``, seen from a transaction."""
    engine = connection.dialect.name
    options: dict[str, Any] = {"compare_type": _type_differs, "compare_server_default": True, "include_name": _ours}
    if engine == "sqlite":
        options["include_object"] = _of_sqlite
    context = MigrationContext.configure(connection, opts=options)
    told = [repr(found) for found in compare_metadata(context, metadata)]
    meant, found = _triggers_of(engine), set(connection.scalars(text(_TRIGGERS[engine])))
    told += [f"trigger {name} is missing" for name in sorted(meant - found)]
    told += [f"trigger {name} is unknown" for name in sorted(found - meant)]
    if engine == "sqlite" and not inspect(connection).has_table("chunk_rtree"):
        told.append("the R*Tree chunk_rtree is missing")
    return told


def _triggers_of(engine: str) -> set[str]:
    """The triggers that keep what was written as it is."""
    refused = ("update", "delete", "truncate") if engine == "postgresql" else ("update", "delete")
    return {f"{table}_no_{what}" for table in APPEND_ONLY for what in refused}


_TRIGGERS: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
}


def _scripts() -> str:
    spec = find_spec("migrations")
    assert spec is not None
    assert spec.submodule_search_locations
    return spec.submodule_search_locations[0]


@contextmanager
def _configured(db: Database) -> Iterator[tuple[Config, Session]]:
    config = Config()
    config.set_main_option("script_location", _scripts().replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with db.write() as session:
        if db.is_postgis:
            session.execute(text(_LOCK))
        config.attributes["connection"] = session.connection()
        yield config, session


def _ours(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or name is None or not name.startswith(_ENGINES_OWN)


def _of_sqlite(_thing: object, name: str | None, kind: str, _reflected: bool, _compared_to: object) -> bool:
    """The R*Tree stands for the index of places."""
    return (kind, name) != ("index", "ix_chunk_geom")


def _type_differs(
    _context: MigrationContext,
    _found_column: Column[Any],
    _column: Column[Any],
    found: TypeEngine[Any],
    meant: TypeEngine[Any],
) -> bool | None:
    return not meant.same_as(found) if isinstance(meant, Footprint) else None


