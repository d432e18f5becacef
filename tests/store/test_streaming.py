"""What is streamed is just the packed rows of what counts for others, each once, on both engines."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import pytest
from sqlalchemy import text

from registry.core.chunks import chunks_of
from registry.core.index import Asked, Builder, Subjects
from registry.core.model import Identified
from registry.core.packed import packed
from registry.db import Database
from registry.store import candidates
from registry.store.candidates import held_near
from registry.store.held import Held
from registry.store.near import COUNTING
from registry.store.rows import Name
from registry.store.streaming import Unfiled, segments_of
from registry.tables import STATES
from tests.core.building import asset, line, part, reservation, rounded, shaft, square, volume
from tests.store.making import asking, put, put_all
from tests.store.test_refiling import some_of_each

#: A name and a row of it, as often as it came.
Rows = Counter[tuple[Name, bytes]]
KINDS = tuple(STATES)


def rows_of(values: Iterable[Identified]) -> Rows:
    """All rows of objects."""
    return Counter(((one.kind, one.id), row.tobytes()) for one in values for row in packed(one))


def rows_in(pieces: Iterable[Held]) -> Rows:
    """All rows of what the store gives."""
    found: Rows = Counter()
    for names, rows, of in pieces:
        assert rows.flags.writeable
        assert rows.flags.c_contiguous
        found.update((names[k], row.tobytes()) for k, row in zip(of.tolist(), rows, strict=True))
    return found


@pytest.fixture
def filed(database: Database) -> tuple[Database, list[tuple[Identified, str]]]:
    """A register with objects of all kinds in all their states, and what there is."""
    rng = random.Random(7)
    there = [(one, rng.choice(STATES[one.kind])) for one in some_of_each(24)]
    there += [
        (reservation(f"s{k}", line([(0, 0), (900, k)], -1_000, rounded(200))), state)
        for k, state in enumerate(STATES["reservation"])
    ]
    with database.write() as s:
        for value, state in there:
            put(s, value, state)
    return database, there


@pytest.mark.parametrize("kinds", [KINDS, ("asset", "reservation", "application"), ("zone",), ()])
@pytest.mark.parametrize("at_once", [3, 50_000])
def test_all_that_counts_is_streamed_and_nothing_else(
    filed: tuple[Database, Sequence[tuple[Identified, str]]], kinds: Collection[str], at_once: int
) -> None:
    database, there = filed
    counting = [one for one, state in there if one.kind in kinds and state in COUNTING[one.kind]]
    with database.read() as s:
        pieces = list(segments_of(s, kinds, at_once))
    assert rows_in(pieces) == rows_of(counting)
    assert all(0 < len(piece.names) <= at_once for piece in pieces)
    assert (len(pieces) > 1) == (at_once == 3 and len(counting) > 3)


def test_filed_reservations_do_not_count(database: Database) -> None:
    pipe = line([(0, 0), (900, 0)], -1_000, rounded(200))
    with database.write() as s:
        for state in ("draft", "filed", "accepted", "released"):
            put(s, reservation(state, pipe), state)
    with database.read() as s:
        assert [piece.names for piece in segments_of(s, ["reservation"])] == [[("reservation", "accepted")]]


def test_it_is_of_one_moment(database: Database) -> None:
    """What is written while it is read is not in it."""
    pipe = line([(k * 500, 0) for k in range(30)], -1_000, rounded(200))
    before = [asset(f"a{k}", pipe) for k in range(9)]
    with database.write() as s:
        put_all(s, before)
    with database.read() as s:
        stream = segments_of(s, ["asset"], 2)
        first = next(stream)
        with database.write() as other:
            put_all(other, [asset(f"{k}", pipe) for k in range(9)])
            put(other, before[8], "removed")
        assert rows_in([first, *stream]) == rows_of(before)
    with database.read() as s:
        assert rows_in(segments_of(s, ["asset"])) == rows_of([*before[:8], *(asset(f"{k}", pipe) for k in range(9))])


def test_a_snapshot_is_built_of_it(database: Database) -> None:
    near, far = (asset(name, line([(0, y), (9_000, y)], None, rounded(100))) for name, y in (("n", 600), ("f", 7_000)))
    other = asking("B", part("p", line([(0, -600), (40_000, -600)], -1_000, rounded(200))))
    with database.write() as s:
        put_all(s, [near, far, other])
    builder = Builder()
    with database.read() as s:
        for names, rows, of in segments_of(s, ["asset", "application"], 1):
            builder.add(names, rows, of)
    snapshot = builder.finish()
    assert (snapshot.objects, snapshot.segments) == (3, 3)
    found = snapshot.search(
        Subjects.of([packed(asset("own", line([(0, 0), (9_000, 0)], None, rounded(100))))]), Asked.alike(501)
    )
    told = {snapshot.name(k): gap for k, gap in zip(found.object.tolist(), found.gap.tolist(), strict=True)}
    assert told == {("asset", "n"): 500, ("application", "B"): 450}


def test_what_is_filed_without_its_segments_is_not_passed_over(database: Database) -> None:
    with database.write() as s:
        put(s, asset("a", line([(k * 500, 0) for k in range(30)], -1_000, rounded(200))))
        s.execute(text("UPDATE chunk SET segments = :none WHERE id = (SELECT max(id) FROM chunk)"), {"none": b""})
        with pytest.raises(Unfiled, match="asset a is filed without its segments; run `registry migrate`"):
            list(segments_of(s, ["asset"]))
        put(s, asset("a", line([(0, 0), (500, 0)], -1_000, rounded(200))))


@pytest.mark.parametrize("many", [0, 64])
def test_what_is_held_near_is_that_of_each_chunk(
    database: Database, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """However many of the boxes it touches, once where there are many of those; and only of chunks that touch one."""
    monkeypatch.setattr(candidates, "MANY", many)
    rng = random.Random(3)
    made: list[Identified] = list(some_of_each(20))
    made += [
        asset("v", volume(square(0, 0, 90_000), -4_000, -900)),
        asset("s", shaft((5, 5), None, -100, rounded(800))),
    ]
    with database.write() as s:
        put_all(s, made)
    for kinds in (KINDS, ("asset", "application")):
        corners = [(rng.randint(154_900_000, 155_100_000), rng.randint(462_900_000, 463_100_000)) for _ in range(12)]
        boxes = [(x, y, x + 15_000, y + 15_000) for x, y in [*corners, corners[0], (155_000_000, 463_000_000)]]
        touching: Rows = Counter()
        most: Rows = Counter()
        for one in made:
            for chunk in chunks_of(one):
                west, south, east, north = chunk.box
                touched = sum(
                    west <= box[2] + 2 and box[0] - 2 <= east and south <= box[3] + 2 and box[1] - 2 <= north
                    for box in set(boxes)
                )
                if one.kind in kinds and touched:
                    for k in range(0, len(chunk.held), 48):
                        row = (one.kind, one.id), chunk.held[k : k + 48]
                        touching[row] += 1
                        most[row] += touched
        with database.read() as s:
            held = held_near(s, boxes, kinds)
        found = rows_in([held])
        assert found == touching if many == 0 or not database.is_postgis else touching <= found <= most
        assert held.unknown() == set()
    with database.read() as s:
        assert rows_in([held_near(s, []), held_near(s, [(0, 0, 1, 1)]), held_near(s, boxes, ())]) == Counter()
