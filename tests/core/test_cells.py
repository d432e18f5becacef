"""Locks by cells, against brute force: what lies near enough to matter asks for a lock that the other may not hold."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core.cells import COARSE, EVERYWHERE, FINE, MAX_COARSE, MAX_FINE, LockCells, cells_of, lock_keys
from registry.core.model import Geometry, Line, Part, Point, Shaft, Thing, Uncertainty, Volume
from tests.core.building import HERE, line, part, rounded, shaft, square, volume

REACH = 10_000


def conflict(a: LockCells, b: LockCells) -> bool:
    """Whether the two ask for a lock that they may not hold beside each other."""
    coarse = [set(cells.coarse_shared) | set(cells.coarse_exclusive) for cells in (a, b)]
    fine = bool(set(a.fine) & set(b.fine))
    return fine or bool(set(a.coarse_exclusive) & coarse[1]) or bool(set(b.coarse_exclusive) & coarse[0])


def keys_conflict(a: LockCells, b: LockCells) -> bool:
    """The same, of the keys that are taken."""
    shared = {key.key: key.shared for key in lock_keys(a)}
    return any(key.key in shared and not (key.shared and shared[key.key]) for key in lock_keys(b))


def samples(thing: Thing) -> list[Point]:
    """Points all over a thing's axis or footprint, no farther than some metres from each other."""
    geometry = thing.geometry
    if isinstance(geometry, Shaft):
        return [geometry.position]
    corners = geometry.vertices if isinstance(geometry, Line) else (*geometry.outer, geometry.outer[0])
    found = []
    for (ax, ay), (bx, by) in pairwise(corners):
        steps = max(abs(bx - ax), abs(by - ay)) // 5_000 + 1
        found += [(ax + (bx - ax) * k // steps, ay + (by - ay) * k // steps) for k in range(steps + 1)]
    if isinstance(geometry, Volume):
        xs, ys = zip(*geometry.outer, strict=True)
        found += [(x, y) for x in range(min(xs), max(xs), 20_000) for y in range(min(ys), max(ys), 20_000)]
    return found


def half_width(thing: Thing) -> int:
    geometry = thing.geometry
    size = None if isinstance(geometry, Volume) else geometry.size
    return (size.width or 0) // 2 if size is not None else 0


def near(a: Thing, b: Thing, within: int) -> bool:
    """Whether two sampled points surely lie so near each other, sizes and uncertainty taken off."""
    within += half_width(a) + half_width(b) + a.uncertainty.xy + b.uncertainty.xy
    cells: dict[Point, list[Point]] = {}
    for x, y in samples(b):
        cells.setdefault((x // within, y // within), []).append((x, y))
    return any(
        (x - u) ** 2 + (y - v) ** 2 <= within**2
        for x, y in samples(a)
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
        for u, v in cells.get((x // within + i, y // within + j), ())
    )


def long_line(rng: random.Random) -> Line:
    """Five kilometres, in segments of at most one."""
    at, points = (rng.randint(-2_000_000, 2_000_000), rng.randint(-2_000_000, 2_000_000)), []
    for _ in range(6):
        points.append(at)
        at = at[0] + rng.randint(-700_000, 700_000), at[1] + rng.randint(-700_000, 700_000)
    return line(points, -2_000, rounded(500))


def anything(rng: random.Random) -> Part:
    spread = rng.choice([20_000, 200_000, 1_500_000])

    def place() -> Point:
        return rng.randint(-spread, spread), rng.randint(-spread, spread)

    (x, y), side = place(), rng.choice([2_000, 60_000, 900_000])
    shapes: tuple[Geometry, ...] = (
        line([place(), place()], -2_000, rounded(rng.choice([100, 3_000]))),
        line([place() for _ in range(5)], None, rounded(400)),
        long_line(rng),
        shaft(place(), -9_000, 0, rounded(2_000)),
        volume(square(x, y, side), -3_000, -1_000),
    )
    return part("p", rng.choice(shapes), uncertainty=Uncertainty(rng.choice([0, 0, 1_500]), 0))


@settings(max_examples=400, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, REACH), st.booleans())
def test_what_lies_near_enough_conflicts(rng: random.Random, more: int, touching: bool) -> None:
    a, b = anything(rng), anything(rng)
    if touching and isinstance(a.geometry, Line):  # start where the other is
        x, y = rng.choice(samples(b))
        off = rng.randint(-REACH, REACH), rng.randint(-REACH, REACH)
        start = (x - HERE[0] + off[0], y - HERE[1] + off[1])
        end = (start[0] + rng.randint(-300_000, 300_000), start[1] + 1_000)
        a = part("p", line([start, end], -2_000, rounded(100)))
    mine, theirs = cells_of([a], more), cells_of([b], REACH - more)
    assert conflict(mine, theirs) == conflict(theirs, mine) == keys_conflict(mine, theirs)
    if near(a, b, REACH):
        assert conflict(mine, theirs)


def test_exactly_at_the_distance_still_conflicts() -> None:
    """Two points 10 m apart over the edge between two cells, each made 5 m wider: they touch on the edge."""
    edge = -(-HERE[0] // FINE) * FINE - HERE[0]
    thin = rounded(10)
    a = part("a", line([(edge - 5_005, 0), (edge - 5_005, 1_000)], -1_000, thin))
    b = part("b", line([(edge + 5_005, 0), (edge + 5_005, 1_000)], -1_000, thin))
    assert conflict(cells_of([a], 5_000), cells_of([b], 5_000))


def test_those_far_apart_in_one_kilometre_do_not_wait_for_each_other() -> None:
    a = part("a", line([(0, 0), (100_000, 0)], -1_000, rounded(400)))
    b = part("b", line([(0, 200_000), (100_000, 200_000)], -1_000, rounded(400)))
    assert not conflict(cells_of([a], 5_000), cells_of([b], 5_000))


def test_a_diagonal_takes_the_cells_along_it_only() -> None:
    cells = cells_of([part("a", line([(0, 0), (700_000, 700_000)], -1_000, rounded(400)))], 0)
    assert len(cells.fine) <= 4 * 15
    assert cells.coarse_exclusive == ()


def test_each_thing_takes_the_coarse_cells_of_its_fine_ones() -> None:
    cells = cells_of([part("a", line([(0, 0), (300_000, 100_000)], -1_000, rounded(400)))], 5_000)
    ratio = COARSE // FINE
    assert {EVERYWHERE, *((x // ratio, y // ratio) for x, y in cells.fine)} == set(cells.coarse_shared)


def test_what_touches_many_takes_whole_kilometres() -> None:
    wide = cells_of([part("a", volume(square(0, 0, 900_000), -3_000, -1_000))], 0)
    assert (wide.coarse_shared, wide.fine) == ((EVERYWHERE,), ())
    assert 1 <= len(wide.coarse_exclusive) <= 4
    many = [part(f"p{k}", shaft((k * 50_000 + 25_000, 25_000), -3_000, 0, rounded(400))) for k in range(MAX_FINE + 1)]
    assert not cells_of(many[:-1], 0).coarse_exclusive
    assert cells_of(many, 0).coarse_exclusive


def test_what_touches_too_many_kilometres_takes_all() -> None:
    country = cells_of([part("a", volume(square(-100_000_000, -50_000_000, 100_000_000), -3_000, -1_000))], 0)
    assert country == LockCells((), (EVERYWHERE,), ())
    assert conflict(country, cells_of([part("p", shaft((0, 0), -1_000, 0, rounded(400)))], 0))
    assert MAX_COARSE < 1_000  # a server has only so many locks for all


@pytest.mark.parametrize("seed", range(20))
def test_keys_are_in_one_order_without_duplicates(seed: int) -> None:
    rng = random.Random(seed)
    cells = cells_of([anything(rng) for _ in range(3)], 5_000)
    keys = lock_keys(cells)
    assert [key.key for key in keys] == sorted({key.key for key in keys})
    assert all(-(2**63) <= key.key < 2**63 for key in keys)
    assert len(keys) == len(set(cells.coarse_shared) | set(cells.coarse_exclusive)) + len(cells.fine)
    for named in (cells.coarse_shared, cells.coarse_exclusive, cells.fine):
        assert list(named) == sorted(set(named))


def test_exclusive_wins() -> None:
    keys = lock_keys(LockCells(((1, 1), (2, 1)), ((1, 1),), ((1, 1),)))
    assert [key.shared for key in keys] == [False, True, False]
    assert len({key.key for key in keys}) == 3


def test_nothing_touches_nothing() -> None:
    assert cells_of([], 5_000).fine == ()
