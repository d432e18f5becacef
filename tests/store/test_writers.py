"""Many processes that write at once: none fails, and none waits for ever."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from registry import db
from registry.db import Database
from registry.store import changes, schema
from tests.core.building import line, reservation, rounded
from tests.store.making import put
from tests.store.test_changes import TOLD
from tests.store.writing import write_with

WRITERS, TIMES = 8, 40


def test_eight_writers(database: Database, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    (gate := tmp_path / "gate").mkdir()
    with ProcessPoolExecutor(WRITERS, mp_context=context) as pool:
        begun = [pool.submit(write_with, database.url, k, TIMES, gate, WRITERS) for k in range(WRITERS)]
        told = [one.result() for one in begun]
    assert [wrong for _, wrong in told] == [[]] * WRITERS
    assert max(longest for longest, _ in told) < db.BUSY_SECONDS
    with database.read() as s:
        found = changes.since(s, 0, limit=1_000_000)
        assert [one.seq for one in found] == list(range(1, WRITERS * TIMES + 1))


def test_sqlite_is_set_up_to_lose_nothing(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.write() as s:
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        assert [s.scalar(text(f"PRAGMA {name}")) for name in asked] == ["wal", 2, 1, 30_000]
    database.close()


def test_a_reader_sees_one_moment(database: Database) -> None:
    other = Database(database.url)
    with database.read() as s:
        assert changes.latest(s) == 0
        with other.write() as t:
            changes.append(t, TOLD)
        assert changes.latest(s) == 0
    other.close()
    with database.read() as s:
        assert changes.latest(s) == 1


def test_an_exception_leaves_nothing(database: Database) -> None:
    def fails(s: Session) -> None:
        changes.append(s, TOLD)
        raise KeyError

    with pytest.raises(KeyError):
        database.run(fails)
    with database.read() as s:
        assert changes.latest(s) == 0


def test_work_that_lost_is_done_again(database: Database) -> None:
    tried = []

    def work(s: Session) -> int:
        tried.append(changes.append(s, TOLD))
        if len(tried) < 3:
            raise DBAPIError("", {}, DeadlockDetected())
        return len(tried)

    assert database.run(work) == 3
    assert tried == [1, 1, 1]


def test_work_that_always_loses_is_given_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "PAUSE", 0.0)

    def work(s: Session) -> None:
        raise DBAPIError("", {}, DeadlockDetected())

    with pytest.raises(db.Busy, match="lost 8 times"):
        database.run(work)


def test_who_has_no_turn_is_told_so_and_may_ask_again(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.2)
    first, second = Database(sqlite_url), Database(sqlite_url)
    with first.write() as s:
        changes.append(s, TOLD)
        with pytest.raises(db.Busy, match="no turn"):
            second.run(changes.latest)
        with second.read() as t:
            assert changes.latest(t) == 0
    assert second.run(changes.latest) == 1
    first.close()
    second.close()


def test_two_that_make_the_same_at_once(database: Database) -> None:
    """One makes the first revision, the other, done again, the second."""
    value = reservation("r", line([(0, 0), (1000, 0)], -1000, rounded(200)))
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: database.run(lambda s: put(s, value)).number, range(12)))
    assert sorted(made) == list(range(1, 13))


def test_what_is_wrong_is_not_tried_again(database: Database) -> None:
    tried = []

    def work(s: Session) -> None:
        tried.append(1)
        s.execute(text("SELECT * FROM nowhere"))

    with pytest.raises(DBAPIError, match="nowhere"):
        database.run(work)
    assert tried == [1]


def test_only_these_two_engines() -> None:
    with pytest.raises(ValueError, match="not on mysql"):
        Database("mysql://localhost/register")
    assert Database("postgresql://localhost/register").is_postgis
    assert Database("sqlite:///a.db").path == Path("a.db")


def test_a_new_file_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(3, mp_context=context) as pool:
        assert list(pool.map(_migrated, [url] * 6)) == [schema.newest()] * 6


def _migrated(url: str) -> str | None:
    database = Database(url)
    try:
        schema.upgrade(database)
        return schema.current(database)
    finally:
        database.close()
