"""Locks on places: who has to wait for whom."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from registry.db import Database
from registry.store import changes, locks
from tests.store.test_changes import TOLD


@dataclass(frozen=True)
class Key:
    key: int
    shared: bool = False


def waits(url: str, held: Iterable[Key], wanted: Iterable[Key]) -> bool:
    """Whether who wants some has to wait for who holds others."""
    holder, other = Database(url), Database(url)
    try:
        with holder.write() as s:
            locks.take(s, held)
            try:
                with other.write() as t:
                    t.execute(text("SET LOCAL lock_timeout = '50ms'"))
                    locks.take(t, wanted)
            except OperationalError as error:
                return isinstance(error.orig, LockNotAvailable)
            return False
    finally:
        holder.close()
        other.close()


@pytest.mark.parametrize(
    ("held", "wanted", "expected"),
    [
        ([Key(1)], [Key(1)], True),
        ([Key(1)], [Key(2)], False),
        ([Key(1, True)], [Key(1, True)], False),
        ([Key(1, True)], [Key(1)], True),
        ([Key(1)], [Key(1, True)], True),
        ([Key(1, True), Key(1)], [Key(1, True)], True),
        ([Key(3), Key(2, True)], [Key(2, True), Key(5)], False),
        ([Key(-(2**63)), Key(2**63 - 1)], [Key(2**63 - 1)], True),
        ([], [Key(1)], False),
        # The locks of the feed and the schema are no place's.
        ([Key(28992 << 32 | 1)], [Key(28992)], False),
    ],
)
def test_who_waits_for_whom(postgis_url: str, held: list[Key], wanted: list[Key], expected: bool) -> None:
    assert waits(postgis_url, held, wanted) is expected


def test_a_place_does_not_hold_up_the_feed(postgis_url: str) -> None:
    database = Database(postgis_url)
    with database.write() as s:
        locks.take(s, [Key(28992 << 32 | 1), Key(1), Key(28992)])
        with database.write() as t:
            t.execute(text("SET LOCAL lock_timeout = '2s'"))
            assert changes.append(t, TOLD) == 1
    database.close()


def test_locks_end_with_the_transaction_and_never_deadlock(database: Database) -> None:
    """Everyone takes many, given in any order; a counter without a lock of its own loses nothing."""
    counted, entered = [0], threading.Lock()

    def write(seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(10):
            keys = [Key(k, rng.random() < 0.3) for k in rng.sample(range(30), 20)] + [Key(99)]
            rng.shuffle(keys)
            with database.write() as s:
                locks.take(s, keys)
                assert entered.acquire(blocking=False), "two hold the same lock"
                counted[0] += 1
                entered.release()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    assert counted == [60]
