"""A chunk that does not say where its object lies is found."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from registry.db import Database
from registry.store.verify import index_equals_rows
from tests.core.building import asset, line, reservation, rounded
from tests.store.making import put, put_all, undone

LONG = line([(k * 1000, 0) for k in range(20)], -1000, rounded(200))


def test_an_index_that_is_right_has_no_differences(database: Database) -> None:
    with database.write() as s:
        put_all(s, [asset(f"a{k}", LONG) for k in range(3)])
        put(s, asset("a1", line([(5, 5), (9, 9)], None, None)))
        put(s, asset("a2", LONG), "removed")
        put(s, reservation("r", LONG), "draft")
        assert index_equals_rows(s) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM chunk WHERE id = (SELECT min(id) FROM chunk)", "not filed under where it lies"),
        ("UPDATE chunk SET z_max = z_max + 0.001", "not filed under where it lies"),
        ("UPDATE chunk SET object_id = 'b'", "not filed under where it lies"),
        ("UPDATE object SET state = 'removed' WHERE object_id = 'a'", "does not say what its revision says"),
        ("UPDATE object SET number = 7 WHERE object_id = 'a'", "not the latest revision"),
    ],
)
def test_what_was_changed_behind_its_back_is_found(database: Database, statement: str, told: str) -> None:
    with undone(database) as s:
        put_all(s, [asset("a", LONG), asset("b", LONG)])
        assert index_equals_rows(s) == []
        s.execute(text(statement))
        assert any(told in one for one in index_equals_rows(s)), index_equals_rows(s)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM chunk_rtree WHERE id = 1",
        "UPDATE chunk_rtree SET x0 = x0 - 40",
        "UPDATE chunk_rtree SET z1 = z1 - 0.05",
        "INSERT INTO chunk_rtree VALUES (99, 0, 1, 0, 1, 0, 1)",
    ],
)
def test_an_r_tree_that_differs_from_the_rows_is_found(sqlite_url: str, statement: str) -> None:
    database = Database(sqlite_url)
    with undone(database) as s:
        put(s, asset("a", LONG))
        assert index_equals_rows(s) == []
        s.execute(text(statement))
        assert any(one.startswith("chunk ") for one in index_equals_rows(s))
    database.close()
