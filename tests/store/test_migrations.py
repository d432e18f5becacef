"""The scripts go up and down on both engines, and make just the tables the code knows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from registry.db import Database
from registry.store import schema
from registry.tables import APPEND_ONLY, metadata


@pytest.fixture
def blank(blank_url: str) -> Iterator[Database]:
    """A database without a register."""
    db = Database(blank_url)
    yield db
    db.close()


def tables(db: Database) -> set[str]:
    with db.engine.connect() as connection:
        names = set(inspect(connection).get_table_names())
    return {name for name in names if not name.startswith(("chunk_rtree", "spatial_ref_sys", "alembic"))}


def test_up_down_and_up_again(blank: Database) -> None:
    assert schema.current(blank) is None
    for _ in range(2):
        schema.upgrade(blank)
        assert schema.current(blank) == schema.newest()
        assert tables(blank) == set(metadata.tables)
        assert schema.differences(blank) == []
        schema.downgrade(blank)
        assert schema.current(blank) is None
        assert tables(blank) == set()


def test_up_when_it_is_up_already_changes_nothing(blank: Database) -> None:
    schema.upgrade(blank)
    schema.upgrade(blank)
    assert schema.differences(blank) == []


def test_nothing_is_left_of_a_script_that_fails(blank: Database) -> None:
    with blank.write() as s:
        s.execute(text("CREATE TABLE change (seq integer)"))
    with pytest.raises(Exception, match="change"):
        schema.upgrade(blank)
    assert tables(blank) == {"change"}
    assert schema.current(blank) is None


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("ALTER TABLE job DROP COLUMN error", "error"),
        ("ALTER TABLE job ADD COLUMN mood text", "mood"),
        ("DROP INDEX uq_job_queued_key", "uq_job_queued_key"),
        ("DROP TABLE import_run", "import_run"),
        ("DROP TRIGGER change_no_update", "trigger change_no_update is missing"),
    ],
)
def test_a_schema_that_was_changed_is_noticed(database: Database, statement: str, told: str) -> None:
    if database.is_postgis:
        statement = statement.replace("change_no_update", "change_no_update ON change")
    with database.engine.connect() as connection, connection.begin() as transaction:
        if not database.is_postgis:
            connection.exec_driver_sql("PRAGMA query_only = OFF")
        connection.execute(text(statement))
        found = schema.differences_on(connection)
        assert len(found) == 1
        assert told in found[0]
        transaction.rollback()
    assert schema.differences(database) == []


def test_the_index_of_places_and_what_keeps_history_are_there(database: Database) -> None:
    named = {f"{table}_no_{what}" for table in APPEND_ONLY for what in ("update", "delete")}
    with database.engine.connect() as connection:
        if database.is_postgis:
            found = connection.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
            how = "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_chunk_geom'"
            assert "USING gist (geom)" in str(connection.scalar(text(how)))
        else:
            found = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            how = "SELECT sql FROM sqlite_master WHERE name = 'chunk_rtree'"
            assert "USING rtree(id, x0, x1, y0, y1, z0, z1)" in str(connection.scalar(text(how)))
        assert named <= set(found)


@pytest.mark.parametrize("other", ["geometry", "geometry(LineString, 28992)", "geometry(Polygon, 4326)"])
def test_another_type_of_place_is_noticed(postgis_url: str, other: str) -> None:
    db = Database(postgis_url)
    with db.engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text(f"ALTER TABLE chunk ALTER COLUMN geom TYPE {other}"))
        found = schema.differences_on(connection)
        assert len(found) == 1
        assert "modify_type" in found[0]
        transaction.rollback()
    db.close()


def test_postgis_refuses_another_shape_or_place(postgis_url: str) -> None:
    db = Database(postgis_url)
    put_in = "INSERT INTO chunk (kind, object_id, geom, z_min, z_max) VALUES ('asset', 'a', :geom, 0, 1)"
    for wrong in ("SRID=4326;POLYGON((0 0,1 0,1 1,0 0))", "SRID=28992;POINT(0 0)", "SRID=28992;POINT Z (0 0 1)"):
        with pytest.raises(DBAPIError, match="Geometry"), db.write() as s:
            s.execute(text(put_in), {"geom": wrong})
    db.close()
