"""Clashes against the true solids: none is missed, and none is certain beyond what the model is known to add.

How much that is says ``true_solids.pieces``.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations_with_replacement
from typing import NamedTuple

import pytest

from registry.core.clash import Clash, find_clash
from registry.core.model import Bound, Geometry, Line, Open, Point, Shaft, Size, Uncertainty, Volume
from registry.core.policy import Clearance
from tests.core.building import HERE, REACH, boxed, line, rounded, shaft, solid, star, volume
from tests.core.true_solids import pieces, too_near

#: Things made thinner, or more asked of them, by this many mm, still clash: what floats and halves of mm are off by.
SLACK = 0.02
#: Nearly as near as the bound allows is near enough, mm.
ABOUT = 0.5

Kind = str
KINDS: tuple[Kind, ...] = ("corridor", "shaft", "volume")
MOST_SLOPE = 0.30


class Placed(NamedTuple):
    """Two things and what is asked of them."""

    a: Geometry
    b: Geometry
    clearance: Clearance


def a_size(rng: random.Random) -> Size:
    return rng.choice([rounded(63), rounded(110), rounded(315), rounded(801), boxed(1_200, 400), boxed(301, 1_500)])


def a_corridor(rng: random.Random) -> Line:
    """One to five segments on slopes of at most 30 %: bends of any angle, there and back, short and collinear ones."""
    points: list[Point] = [(0, 0)]
    levels = [rng.randint(-1_000, 1_000)]
    course, steepest = rng.uniform(0, 2 * math.pi), rng.choice([0.0, 0.0, 0.005, 0.05, 0.15, MOST_SLOPE])
    for _ in range(rng.choice([1, 1, 2, 3, 5])):
        long = rng.choice([2_000, 5_000, 9_000, 500, 20])
        turn = rng.choice([0.0, 0.0, 0.1, math.pi / 2, 2.5, math.pi])
        course += turn if rng.random() < 0.5 else -turn
        u, v = points[-1]
        x, y = u + round(long * math.cos(course)), v + round(long * math.sin(course))
        run = math.hypot(x - u, y - v)
        points.append((x, y))
        levels.append(levels[-1] + math.trunc(rng.choice([-1, 1, rng.uniform(-1, 1)]) * steepest * run))
    return line(points, levels, a_size(rng))


def a_shaft(rng: random.Random) -> Shaft:
    low = rng.randint(-2_500, 0)
    bound: Bound = Open.UNBOUNDED if rng.random() < 0.1 else low
    return shaft((0, 0), bound, low + rng.randint(50, 3_000), rounded(rng.choice([300, 801, 1_500])))


def a_volume(rng: random.Random) -> Volume:
    """A star, or a square with a hole in it."""
    low, high = -rng.randint(300, 1_500), rng.randint(0, 1_200)
    if rng.random() < 0.6:
        ring = star(rng, 0, 0, *rng.choice([(300, 4_000), (2_000, 2_500)]), rng.choice([5, 8]))
        bottoms: list[Bound] = [low, low, Open.UNBOUNDED]
        return volume(ring, rng.choice(bottoms), high)
    outer = [(-4_000, -4_000), (4_000, -4_000), (4_000, 4_000), (-4_000, 4_000)]
    return volume(outer, low, high, [[(-2_500, -3_000), (-2_500, 2_000), (3_000, 2_000), (1_000, -3_000)]])


MAKE: dict[Kind, Callable[[random.Random], Geometry]] = {"corridor": a_corridor, "shaft": a_shaft, "volume": a_volume}


def some_place(rng: random.Random, geometry: Geometry) -> tuple[float, float, float, float, float]:
    """A place on an axis or boundary, its level, and half of how wide and high it is there."""
    if isinstance(geometry, Line):
        k = rng.randrange(len(geometry.vertices) - 1)
        s = rng.choice([0.0, 1.0, rng.random(), rng.random()])
        (x0, y0), (x1, y1) = geometry.vertices[k : k + 2]
        z0, z1 = (z or 0 for z in geometry.levels[k : k + 2])
        assert geometry.size is not None
        half, tall = (geometry.size.width or 0) / 2, (geometry.size.height or 0) / 2
        return x0 + s * (x1 - x0), y0 + s * (y1 - y0), z0 + s * (z1 - z0), half, tall
    bottom, top = (z if isinstance(z, int) else -5_000 for z in (geometry.bottom, geometry.top))
    middle, tall = (bottom + top) / 2, (top - bottom) / 2
    if isinstance(geometry, Shaft):
        assert geometry.size is not None
        return *geometry.position, middle, (geometry.size.width or 0) / 2, tall
    ring = rng.choice([geometry.outer, *geometry.holes])
    k, s = rng.randrange(len(ring)), rng.choice([0.0, rng.random()])
    (x0, y0), (x1, y1) = ring[k - 1], ring[k]
    return x0 + s * (x1 - x0), y0 + s * (y1 - y0), middle, 0.0, tall


def moved(geometry: Geometry, x: int, y: int, z: int) -> Geometry:
    def up(level: Bound) -> Bound:
        return level + z if isinstance(level, int) else level

    def aside(points: Sequence[Point]) -> list[Point]:
        return [(u - HERE[0] + x, v - HERE[1] + y) for u, v in points]

    if isinstance(geometry, Line):
        levels = [None if level is None else level + z for level in geometry.levels]
        return line(aside(geometry.vertices), levels, geometry.size)
    if isinstance(geometry, Shaft):
        return shaft(aside([geometry.position])[0], up(geometry.bottom), up(geometry.top), geometry.size)
    holes = [aside(hole) for hole in geometry.holes]
    return volume(aside(geometry.outer), up(geometry.bottom), up(geometry.top), holes)


def a_pair(rng: random.Random, one: Kind, other: Kind) -> Placed:
    """Two whose nearest places are likely within some centimetres of what is asked, sideways, vertically or both."""
    a, b = MAKE[one](rng), MAKE[other](rng)
    ch, cv = rng.choice([1, 50, 200, 1_000]), rng.choice([1, 100, 300, None])
    if "corridor" in (one, other) and rng.random() < 0.2:
        ch, cv = 0, 0
    (x, y, z, half, tall), (u, v, w, other_half, other_tall) = some_place(rng, a), some_place(rng, b)
    apart = half + other_half + ch + rng.choice([rng.uniform(-60, 60), rng.uniform(-5, 5), -rng.uniform(0, 900)])
    above = tall + other_tall + (cv or 0)
    above += rng.choice([rng.uniform(-60, 60), rng.uniform(-5, 5), -rng.uniform(0, 900)])
    course = rng.uniform(0, 2 * math.pi)
    if isinstance(a, Line) and rng.random() < 0.6:  # beside a segment, or beyond an end
        (x0, y0), (x1, y1) = a.vertices[:2]
        course = math.atan2(y1 - y0, x1 - x0) + rng.choice([0, 1, 2, 3]) * math.pi / 2
    sign = rng.choice([-1, 1])
    dx, dy = x + apart * math.cos(course) - u, y + apart * math.sin(course) - v
    return Placed(a, moved(b, round(dx), round(dy), round(z + sign * above - w)), Clearance(ch, cv))


def near(pair: Placed, less: float = 0.0, square: bool = False) -> bool:
    """Whether the true solids clash, though made thinner by ``less``, or, of two volumes, less being asked."""
    a, b = (pieces(geometry, HERE, less, square) for geometry in (pair.a, pair.b))
    ch = float(pair.clearance.ch)
    cv = None if pair.clearance.cv is None else float(pair.clearance.cv)
    if isinstance(pair.a, Volume) and isinstance(pair.b, Volume):
        ch, cv = ch - less, None if cv is None else cv - less
    return too_near(a, b, ch, cv)


def near_within_bound(pair: Placed, square: bool) -> bool:
    """Whether they do when each is grown by as much as the model may add to it."""
    a, b = (pieces(geometry, HERE, 0.0, square) for geometry in (pair.a, pair.b))
    cv = pair.clearance.cv
    return too_near(a, b, pair.clearance.ch + ABOUT, None if cv is None else cv + ABOUT, bound=True)


def clash_of(pair: Placed) -> Clash | None:
    return find_clash(solid(pair.a), solid(pair.b), pair.clearance, Uncertainty(), REACH)


@pytest.mark.parametrize(("one", "other"), list(combinations_with_replacement(KINDS, 2)))
def test_none_is_missed_and_none_is_certain_beyond_the_bound(one: Kind, other: Kind) -> None:
    rng, seen = random.Random(f"{one} {other}"), Counter[str]()
    for _ in range(600):
        pair = a_pair(rng, one, other)
        if rng.random() < 0.5:
            pair = pair._replace(a=pair.b, b=pair.a)
        clash = clash_of(pair)
        if near(pair, SLACK):
            seen["truly"] += 1
            assert clash is not None, pair
        if clash is None:
            seen["none"] += 1
            continue
        seen[clash.certainty] += 1
        if clash.certainty == "certain":
            # As the register has a section, to half a millimetre and what slopes add; and as a round pipe truly is.
            assert near_within_bound(pair, square=True), pair
            assert near_within_bound(pair, square=False), pair
        else:
            assert clash.certainty == "possible_end", pair
    assert min(seen["truly"], seen["none"], seen["certain"]) > 40, seen
    assert (seen["possible_end"] > 5) == (one == "corridor"), seen


def on_a_slope(slope: float, size: Size, long: int = 8_000) -> Line:
    return line([(0, 0), (long, 0)], [0, round(slope * long)], size)


@pytest.mark.parametrize("slope", [0.0, 0.02, 0.15, MOST_SLOPE])
@pytest.mark.parametrize("size", [rounded(800), boxed(800, 400)])
def test_above_a_slope_no_more_is_held_than_the_bound(slope: float, size: Size) -> None:
    """A thin duct crosses it, higher and higher: held is what it takes, and at most |slope| · w/2 of each more."""
    thin = boxed(20, 20)
    held, true = (
        max(
            z
            for z in range(1_000 + round(4_000 * slope), 200 + round(4_000 * slope), -1)
            if asked(Placed(on_a_slope(slope, size), crossing(z, thin), Clearance(0, 0)))
        )
        for asked in (lambda pair: clash_of(pair) is not None, near)
    )
    assert true - 1 <= held <= true + math.ceil(slope * 410) + 1
    if slope >= 0.15 and size.shape == "rectangular":
        assert held > true + slope * 350  # The bound is no larger than it need be.


def crossing(z: int, size: Size) -> Line:
    return line([(4_000, -3_000), (4_000, 3_000)], z, size)
