"""The change feed: who reads on from the last number misses nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from registry.db import Database
from registry.store import changes
from registry.store.rows import Change
from tests.core.building import line, reservation, rounded
from tests.store.making import NOW, put

TOLD = Change("reservation", "r", 1, "accept", "A", "Gemeente", NOW, ("Warmtebedrijf",), {"option": ["A", "B"]})


def test_entries_are_numbered_from_one(database: Database) -> None:
    with database.write() as s:
        assert changes.latest(s) == 0
        assert changes.append(s, TOLD) == 1
        assert changes.append(s, replace(TOLD, id="q", told=(), detail=None, number=None)) == 2
    with database.read() as s:
        first, second = changes.since(s)
        assert first == replace(TOLD, seq=1)
        assert second == replace(TOLD, id="q", told=(), detail={}, number=None, seq=2)
        assert changes.since(s, 1) == [second]
        assert changes.since(s, 0, limit=1) == [first]
        assert changes.since(s, 2) == []
        assert changes.of_object(s, "reservation", "q") == [second]
        assert changes.latest(s) == 2


def test_a_number_that_was_not_kept_is_given_again(database: Database) -> None:
    try:
        with database.write() as s:
            changes.append(s, TOLD)
            raise InterruptedError
    except InterruptedError:
        pass
    with database.write() as s:
        assert changes.append(s, TOLD) == 1


def test_a_reader_that_follows_misses_nothing(database: Database) -> None:
    """Writers of different lengths; the reader takes what it sees and goes on from its last number."""
    writers, each, ended = 6, 15, threading.Event()
    shape = line([(0, 0), (1000, 0)], -1000, rounded(200))

    def write(worker: int) -> None:
        for k in range(each):
            value = reservation(f"r{worker}-{k}", shape)

            def one(s: object, value: object = value) -> None:
                put(s, value)  # type: ignore[arg-type]
                changes.append(s, replace(TOLD, id=value.id))  # type: ignore[arg-type, attr-defined]

            database.run(one)

    def follow() -> list[int]:
        seen: list[int] = []
        while True:
            last = ended.is_set()
            with database.read() as s:
                found = changes.since(s, seen[-1] if seen else 0, limit=1000)
            seen += [one.seq for one in found]
            if last:
                return seen

    with ThreadPoolExecutor(writers + 1) as pool:
        reader = pool.submit(follow)
        try:
            for done in [pool.submit(write, worker) for worker in range(writers)]:
                done.result()
        finally:
            ended.set()
        assert reader.result() == list(range(1, writers * each + 1))
