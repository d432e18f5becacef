"""The snapshot index against all pairs of rows, each by the exact kernels: the same lines, however it was come by."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from itertools import pairwise
from math import isqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core import index
from registry.core.index import ANY, Asked, Builder, Found, Snapshot, Subjects, near_rows
from registry.core.packed import BOX, UNKNOWN, Column, Rows
from tests.core.index_worlds import Line, Maker, Named, Row, Rules, World, plainly


def built(objects: Sequence[Named], rng: random.Random | None = None) -> Snapshot:
    """A snapshot, all at once; or with the rows in any order, in batches of any size, each with names of its own."""
    builder = Builder()
    pieces = [(thing, row) for thing in objects for row in thing.rows]
    if rng is None:
        names = [("asset", thing.name) for thing in objects]
        numbers = {thing.name: k for k, thing in enumerate(objects)}
        of = [numbers[thing.name] for thing, _ in pieces]
        builder.add(names, packed_rows([row for _, row in pieces]), of, [thing.group for thing in objects])
        return builder.finish()
    rng.shuffle(pieces)
    while pieces:
        count = rng.choice([1, 2, 7, 40, len(pieces)])
        batch, pieces = pieces[:count], pieces[count:]
        named = list({thing.name: thing for thing, _ in batch}.values())
        rng.shuffle(named)
        numbers = {thing.name: k for k, thing in enumerate(named)}
        groups = np.array([thing.group for thing in named], np.int32)
        owners = np.array([numbers[thing.name] for thing, _ in batch])
        builder.add([("asset", t.name) for t in named], packed_rows([row for _, row in batch]), owners, groups)
    return builder.finish()


def packed_rows(rows: Sequence[Row]) -> Rows:
    return np.array(rows, np.int32).reshape(-1, len(Column))


def subjects_of(world: World) -> Subjects:
    return Subjects.of([packed_rows(s.rows) for s in world.subjects], [s.group for s in world.subjects])


def lines_of(found: Found, name: Callable[[int], str]) -> list[Line]:
    columns = (found.subject, found.object, found.gap, found.own, found.other)
    return [(s, name(o), g, p, q) for s, o, g, p, q in zip(*(c.tolist() for c in columns), strict=True)]


def searched(snapshot: Snapshot, world: World, first: int = 0, last: int | None = None) -> list[Line]:
    found = snapshot.search(subjects_of(world), world.rules.asked, first, last)
    order = list(zip(found.subject.tolist(), found.object.tolist(), strict=True))
    assert order == sorted(set(order))  # one line of each, in order
    return lines_of(found, lambda k: snapshot.name(k)[1])


def near_plainly(world: World) -> set[Line]:
    """By ``near_rows``, subject by subject. Rows that come twice change nothing."""
    of = [k for k, thing in enumerate(world.objects) for _ in thing.rows]
    rows = packed_rows([row for thing in world.objects for row in thing.rows])
    groups = np.array([thing.group for thing in world.objects for _ in thing.rows], np.int32)
    lines: set[Line] = set()
    for number, subject in enumerate(world.subjects):
        own = packed_rows(subject.rows)
        owned = np.full(len(own), subject.group, np.int32)
        found = near_rows(own, rows, of, world.rules.asked, owned, groups)
        twice = near_rows(
            own, np.concatenate([rows, rows]), of + of, world.rules.asked, owned, np.concatenate([groups, groups])
        )
        assert [column.tolist() for column in astuple(twice)] == [column.tolist() for column in astuple(found)]
        mine = lines_of(found, lambda k: world.objects[k].name)
        lines |= {(number, *line[1:]) for line in mine}
        assert all(line[0] == 0 for line in mine)
    return lines


def hold(world: World, rng: random.Random) -> int:
    """Everything that is to be the same is the same. How many lines there are."""
    wanted = plainly(world)
    snapshot = built(world.objects)
    assert snapshot.objects == len(world.objects)
    assert snapshot.segments == sum(len(thing.rows) for thing in world.objects)
    assert set(searched(snapshot, world)) == wanted
    anyhow = built(world.objects, rng)
    cuts = sorted({0, len(world.subjects), *(rng.randint(0, len(world.subjects)) for _ in range(3))})
    ranges = list(pairwise(cuts))
    rng.shuffle(ranges)
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda cut: searched(anyhow, world, *cut), ranges))
    assert sorted(line for part in parts for line in part) == sorted(wanted)
    assert near_plainly(world) == wanted
    return len(wanted)


@pytest.mark.parametrize("seed", range(40))
def test_a_crowded_place(seed: int) -> None:
    rng = random.Random(seed)
    maker = Maker(rng, 155_000_000 + rng.randint(-(2**17), 2**17), 463_000_000, rng.choice([3_000, 20_000, 120_000]))
    hold(maker.world(60, 12), rng)


@pytest.mark.parametrize("seed", range(20))
def test_long_ones_among_short_ones(seed: int) -> None:
    """From a pipe of some metres to a line of 40 km in one piece: found on whichever level of the grid."""
    rng = random.Random(seed)
    maker = Maker(rng, 100_000_000, 400_000_000, rng.choice([200_000, 30_000_000]))
    maker.long = [300, 20_000, 300_000, 10_000_000, 40_000_000]
    hold(maker.world(60, 12), rng)


#: The corners of RD New, where its numbers are 0 or less, and the ends of what an index takes.
CORNERS = [
    (0, 300_000_000), (300_000_000, 625_000_000), (-10_000, -10_000), (-(2**14), 2**14), (2**20, -(2**26)),
    (index.LOWEST, index.LOWEST), (index.HIGHEST, index.HIGHEST), (index.LOWEST, index.HIGHEST),
]  # fmt: skip


@pytest.mark.parametrize(("x", "y"), CORNERS)
def test_at_the_edges(x: int, y: int) -> None:
    rng = random.Random(f"{x} {y}")
    for spread in (6_000, 100_000):
        maker = Maker(rng, x - spread // 2, y - spread // 2, spread)
        assert hold(maker.world(40, 10), rng) > 0


def test_from_one_end_of_the_country_to_the_other() -> None:
    """A subject and an object that each span all there may be, and one that is everywhere."""
    low, high = index.LOWEST, index.HIGHEST
    across = [[low, low, -2_000, high, high, -2_000, 400, 400, 0, 0, 0, 0]]
    back = [[low, high, -1_900, high, low, -1_900, 400, 400, 0, 0, 0, 0]]
    box = [[low, low, UNKNOWN, high, high, UNKNOWN, 0, 0, 0, 0, 0, BOX]]
    rng = random.Random("across")
    maker = Maker(rng, low // 2, low // 2, high)
    short = [maker.named(f"o {k}", 3) for k in range(50)]
    objects = [Named("back", 0, back), Named("across", 0, across), Named("box", 0, box), *short]
    rules = Rules([[500] * 3] * 3, [[200] * 3] * 3)
    world = World(objects, [Named("", 0, across), Named("", 1, back), Named("", 2, box), *short[:9]], rules)
    assert hold(world, rng) > 50


def test_uncertain_by_much() -> None:
    """Something that may lie a hundred metres off is found from there, on the level of the grid where it belongs."""
    rng = random.Random("uncertain")
    maker = Maker(rng, 84_000_000, 436_000_000, 400_000)
    maker.xy, maker.boxes = 100_000, 0.3
    assert hold(maker.world(60, 10), rng) > 100


@pytest.mark.parametrize("seed", range(30))
def test_as_wide_and_as_uncertain_as_rows_may_be(seed: int) -> None:
    """Rows that reach over half of all there is, some of them from beyond it."""
    rng, long = random.Random(seed), 2**28

    def row() -> Row:
        x, y = (rng.randint(index.LOWEST, index.HIGHEST) for _ in range(2))
        u, v = Maker.kept(*(at + rng.randint(-2, 2) * rng.choice([5, long]) for at in (x, y)))
        width, xy = rng.choice([0, 100, long]), rng.choice([0, long])
        return [x, y, -2_000, u, v, -2_000, width, 100, xy, 0, 0, 0]

    reaching = [-long, 0, -2_000, long - 2, 0, -2_000, long, 100, long, 0, 0, 0]
    beside = [2 * long + long // 4, 0, -2_000, 2 * long + long // 4, 50, -2_000, 100, 100, 0, 0, 0, 0]
    objects = [Named(f"o{k}", 0, [row()]) for k in range(20)] + [Named("reaching", 0, [reaching])]
    subjects = [Named("", 0, [row()]) for _ in range(10)] + [Named("", 0, [beside])]
    assert hold(World(objects, subjects, Rules([[100]], [[100]])), rng) > 1


small = st.integers(-4, 4)


@st.composite
def tiny(draw: st.DrawFn) -> World:
    """All within some millimetres, where everything ties."""

    def named(name: str) -> Named:
        rows: list[Row] = []
        width, height, xy, z = (draw(st.integers(0, 3)) for _ in range(4))
        for k in range(draw(st.integers(1, 3))):
            ends = [draw(small) for _ in range(6)]
            boxed = draw(st.integers(0, 9)) == 0
            if boxed:
                ends = [min(ends[m], ends[m + 3]) for m in range(3)] + [max(ends[m], ends[m + 3]) for m in range(3)]
            if draw(st.integers(0, 9)) == 0:
                ends[2] = ends[5] = UNKNOWN
            rows.append([*ends, width, height, xy, z, k, BOX if boxed else 0])
        return Named(name, draw(st.integers(0, 1)), rows)

    objects = [named(f"o{k}") for k in range(draw(st.integers(0, 4)))]
    subjects = [named("") for _ in range(draw(st.integers(0, 3)))]
    ch = [[draw(st.integers(0, 5)) for _ in range(2)] for _ in range(2)]
    cv = [[draw(st.sampled_from([ANY, 0, 1, 3])) for _ in range(2)] for _ in range(2)]
    return World(objects, subjects, Rules(ch, cv, draw(st.booleans())))


@settings(max_examples=300, deadline=None)
@given(tiny(), st.randoms(use_true_random=False))
def test_where_everything_ties(world: World, rng: random.Random) -> None:
    hold(world, rng)


def test_an_empty_snapshot_finds_nothing() -> None:
    snapshot = Builder().finish()
    assert (snapshot.objects, snapshot.segments) == (0, 0)
    world = World([], [Named("", 0, [[0, 0, 0, 9, 9, 0, 5, 5, 0, 0, 0, 0]])], Rules([[9]], [[9]]))
    assert searched(snapshot, world) == []
    assert near_plainly(world) == set()


def test_nobody_finds_nothing() -> None:
    rng = random.Random("nobody")
    world = Maker(rng, 0, 300_000_000, 5_000).world(10, 0)._replace(subjects=[])
    assert searched(built(world.objects), world) == []
    empty = world._replace(subjects=[Named("", 0, [])] * 3)
    assert searched(built(world.objects), empty) == []


def test_more_near_one_than_there_is_room_for() -> None:
    """Tens of thousands beside one subject, among others with none: searched again with more room, from any subject."""
    x, y = 155_000_000, 463_000_000
    rows = [[x + 7 * k, y, -2_000, x + 7 * k, y + 900, -2_000, 100, 100, 0, 0, 0, 0] for k in range(20_000)]
    objects = [Named(f"o{k}", 0, [row]) for k, row in enumerate(rows)]
    long = [[x, y + 1_000, -2_000, x + 140_000, y + 1_000, -2_000, 100, 100, 0, 0, 0, 0]]
    subjects = [Named("", 0, [row]) for row in (rows[5], long[0], rows[-1], long[0])]
    world = World(objects, subjects, Rules([[200]], [[200]]))
    snapshot = built(objects, random.Random("room"))
    found = searched(snapshot, world)
    wanted = [(k, f"o{n}", 0, 0, 0) for k in (1, 3) for n in range(20_000)]
    assert sorted(line for line in found if line[0] in (1, 3)) == sorted(wanted)
    few = set(plainly(world._replace(subjects=[subjects[0], subjects[2]])))
    assert {(line[0] // 2, *line[1:]) for line in found if line[0] in (0, 2)} == few
    assert near_plainly(world._replace(subjects=[subjects[1]])) == {(0, *line[1:]) for line in wanted if line[0] == 1}


def test_more_cells_along_one_than_there_is_room_for() -> None:
    """A line of 200 km in one piece, with a house every 30 m, few of them too near; and the same in four."""
    x, y, count = 20_000_000, 400_000_000, 7_000
    long = [x, y, -2_000, x + 25_000 * count, y + 17_000 * count, -2_000, 100, 100, 0, 0, 0, 0]
    places = [(x + 25_000 * k, y + 17_000 * k + (4_000 if k % 20 else 300)) for k in range(count)]
    houses = [[px, py, -2_000, px, py + 3_000, -2_000, 63, 63, 0, 0, 0, 0] for px, py in places]
    objects = [Named(f"o{k}", 0, [row]) for k, row in enumerate(houses)]
    step = [[x + 25_000 * k * count // 4, y + 17_000 * k * count // 4, -2_000] for k in range(5)]
    four = [[*step[k], *step[k + 1], 100, 100, 0, 0, k, 0] for k in range(4)]
    world = World(objects, [Named("", 0, [row]) for row in (houses[3], long, houses[-1])], Rules([[200]], [[200]]))
    wanted = plainly(world)
    assert len([line for line in wanted if line[0] == 1]) == count // 20
    snapshot = built(objects, random.Random("cells"))
    assert set(searched(snapshot, world)) == near_plainly(world) == wanted
    cut = world._replace(subjects=[Named("", 0, four)])
    assert {line[1:3] for line in searched(snapshot, cut)} == {line[1:3] for line in wanted if line[0] == 1}


def test_a_doubt_is_decided_at_its_own_depth() -> None:
    """Steep ones of a hand's breadth, of which a slab leaves slivers: there every half millimetre of it counts."""
    rng, x, y = random.Random("steep"), 155_000_000, 463_000_000
    objects, subjects = [], []
    for k in range(1_500):
        west, z = x + 3_000 * k, rng.choice([1_000, 18_000])
        steep = [west, y, -2_000, west + rng.randint(-30, 30), y + rng.randint(-30, 30), z]
        px, py = west + rng.randint(-20, 20), y + rng.randint(-20, 20)
        ends = [(px, py), (px + rng.randint(-30, 30), py + rng.randint(-30, 30))]
        other = [v for u in ends for v in (*u, -2_000 - rng.randint(0, 400))]
        subjects.append(Named("", k % 3, [[*steep, 5, 5, 0, 0, 0, 0]]))
        objects.append(Named(f"o{k}", k % 3, [[*other, 5, 5, 0, 0, 0, 0]]))
    assert hold(World(objects, subjects, Rules([[500] * 3] * 3, [[1, 50, 100]] * 3)), rng) > 500


@pytest.mark.parametrize(("apart", "less"), [(21_987, 44), (11_993, 24)])
def test_many_doubts_at_once(monkeypatch: pytest.MonkeyPatch, apart: int, less: int) -> None:
    """Points just so far off that only exact arithmetic tells whether the gap is one millimetre more or less."""
    doubts: list[int] = []
    decide = index._decide

    def counted(some: Any, *of: Any) -> None:
        doubts.append(len(some))
        decide(some, *of)

    monkeypatch.setattr(index, "_decide", counted)
    x, y, squared = 155_000_000, 463_000_000, apart * apart - less
    close = [(p, isqrt(squared - p * p)) for p in range(apart) if isqrt(squared - p * p) ** 2 == squared - p * p]
    places = [(x + sx * p, y + sy * q) for p, q in close for sx in (1, -1) for sy in (1, -1)]
    assert len(places) >= 64
    rows = [[px, py, 0, px, py, 0, 0, 0, 0, 0, 0, 0] for px, py in places]
    objects = [Named(f"o{k}", 0, [row]) for k, row in enumerate(rows * 6)]
    here = [x, y, 0, x, y, 0, 0, 0, 0, 0, 0, 0]
    for ask in (apart - 1, apart, apart + 1):
        world = World(objects, [Named("", 0, [here])] * 3, Rules([[ask]], [[5]]))
        wanted = plainly(world)
        assert set(searched(built(objects), world)) == wanted
        assert near_plainly(world) == wanted
    assert len(wanted) == 3 * len(objects)
    assert max(doubts) > 128
    assert sum(doubts) > 3 * len(objects)


def test_rows_beyond_what_is_reckoned_with_are_refused() -> None:
    fits = [index.LOWEST, index.HIGHEST, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0]
    for column, value in ((0, index.LOWEST - 1), (4, index.HIGHEST + 1), (Column.WIDTH, -1), (Column.Z, 2**28 + 1)):
        row = [*fits[:column], value, *fits[column + 1 :]]
        with pytest.raises(ValueError, match="beyond"):
            Builder().add([("asset", "o")], packed_rows([row]), [0])
        with pytest.raises(ValueError, match="beyond"):
            Subjects.of([packed_rows([row])])
        with pytest.raises(ValueError, match="beyond"):
            near_rows(packed_rows([fits]), packed_rows([row]), [0], Asked.alike(5))


@pytest.mark.parametrize("name", ["", "a b  c", "é→\N{GRINNING FACE}", "asset", " "])
def test_names_come_back(name: str) -> None:
    row = [0, 0, 0, 9, 9, 0, 5, 5, 0, 0, 0, 0]
    builder = Builder()
    builder.add([("reservation", name), ("asset", name)], packed_rows([row, row]), [1, 0])
    snapshot = builder.finish()
    assert {snapshot.name(k) for k in range(2)} == {("reservation", name), ("asset", name)}


def test_a_box_over_a_city_makes_room_for_what_it_meets_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    count, side = 20_000, 142
    rows = np.zeros((count, len(Column)), np.int32)
    rows[:, Column.X0] = rows[:, Column.X1] = np.arange(count) % side * 1_000
    rows[:, Column.Y0] = np.arange(count) // side * 1_000
    rows[:, Column.Y1], rows[:, Column.WIDTH] = rows[:, Column.Y0] + 500, 100
    box = packed_rows([[0, 0, UNKNOWN, side * 1_000, side * 1_000, UNKNOWN, 0, 0, 0, 0, 0, BOX]])
    made: list[int] = []
    larger = index._Room.larger

    def told(room: Any) -> Any:
        made.append(len(room.work[0]))
        return larger(room)

    monkeypatch.setattr(index._Room, "larger", told)
    builder = Builder()
    builder.add([("asset", str(k)) for k in range(count)], rows, np.arange(count, dtype=np.int32))
    assert len(builder.finish().search(Subjects.of([box]), Asked.alike(100))) == count
    assert len(near_rows(box, rows, np.arange(count, dtype=np.int32), Asked.alike(100))) == count
    assert max(made) < 4 * count
