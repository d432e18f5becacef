"""A register of before the segments were kept gets them when it is migrated, and lost ones when that is asked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import inspect, text

from registry.core.model import GroundLevel, Identified, Zone
from registry.db import Database
from registry.store import refiling, schema
from registry.store.candidates import boxes_within, candidates
from registry.store.verify import index_equals_rows
from tests.core.building import HERE, asset, here, line, part, reservation, rounded, shaft, square, volume
from tests.store.making import asking, put, put_all


@pytest.fixture
def blank(blank_url: str) -> Iterator[Database]:
    """A database without a register."""
    db = Database(blank_url)
    yield db
    db.close()


def some_of_each(count: int) -> list[Identified]:
    """So many objects of each kind, in all shapes and from one chunk to four."""
    rng = random.Random(count)
    made: list[Identified] = []
    for k in range(count):
        x, y = rng.randint(-90_000, 90_000), rng.randint(-90_000, 90_000)
        bends = [(x + j * 700, y + rng.randint(0, 5_000)) for j in range(rng.randint(2, 20))]
        drawn = line(bends, rng.choice([None, -1_200]), rounded(300))
        shapes = drawn, shaft((x, y), -3_000, -100, rounded(800)), volume(square(x, y, 4_000), -4_000, -900)
        ring = here(square(x, y, 3_000))
        made += [
            asset(f"a{k}", shapes[k % 3]),
            reservation(f"r{k}", shapes[(k + 1) % 3]),
            asking(f"b/{k}", part("p", drawn), part("q", shapes[k % 3])),
            GroundLevel(f"g{k}", 100, position=(HERE[0] + x, HERE[1] + y)),
            GroundLevel(f"h{k}", 100, outer=ring),
            Zone(f"z{k}", "surface", "verge", ring),
        ]
    return made


def as_it_was(db: Database) -> None:
    """Take a register back to before the segments were kept."""
    schema.downgrade(db, "0001")
    with db.engine.connect() as connection:
        assert "segments" not in {column["name"] for column in inspect(connection).get_columns("chunk")}


def test_a_register_with_objects_in_it_gets_their_segments(blank: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refiling, "AT_ONCE", 70)
    schema.upgrade(blank)
    made = some_of_each(60)
    with blank.write() as s:
        put_all(s, made)
        put(s, replace(made[0], id="gone"), "removed")
        put(s, replace(made[1], id="filed"), "filed")
        everything = candidates(s, boxes_within(made, 0))
    as_it_was(blank)
    told: list[tuple[int, int]] = []
    assert schema.upgrade(blank, told=lambda done, total: told.append((done, total))) == 361
    # The one that is gone was not filed, and stands among the assets.
    assert told == [(done, 361) for done in (70, 139, 209, 279, 349, 361)]
    assert schema.differences(blank) == []
    with blank.read() as s:
        assert index_equals_rows(s) == []
        assert candidates(s, boxes_within(made, 0)) == everything


def test_a_register_that_is_up_to_date_is_repaired_where_that_is_asked(database: Database) -> None:
    with database.write() as s:
        put_all(s, some_of_each(2))
    with database.write() as s:
        s.execute(text("UPDATE chunk SET segments = :none WHERE object_id = 'a1'"), {"none": b""})
        assert index_equals_rows(s) == ["asset a1: it is not filed under where it lies"]
    assert schema.upgrade(database) == 0
    assert schema.upgrade(database, repair=True) == 1
    assert schema.upgrade(database, repair=True) == 0
    with database.read() as s:
        assert index_equals_rows(s) == []


def test_all_of_it_is_undone_where_an_object_cannot_be_filed(
    blank: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema.upgrade(blank)
    with blank.write() as s:
        put_all(s, some_of_each(2))
    as_it_was(blank)

    def failing(*_given: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr("registry.store.refiling.chunks.replace_all", failing)
    with pytest.raises(RuntimeError, match="no room"):
        schema.upgrade(blank)
    assert schema.current(blank) == "0001"
    monkeypatch.undo()
    assert schema.upgrade(blank) == 12


def test_who_writes_without_segments_is_refused(database: Database) -> None:
    """As a program of before they were kept would, if it went on running."""
    with database.write() as s:
        put(s, asset("a", line([(0, 0), (1_000, 0)], -1_000, rounded(200))))
    columns = "kind, object_id, geom, z_min, z_max"
    with pytest.raises(Exception, match="segments"), database.write() as s:
        s.execute(text(f"INSERT INTO chunk ({columns}) SELECT {columns} FROM chunk"))
