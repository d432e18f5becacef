"""The compiled kernels against the exact ones: sure is exact, in doubt is never too much, none is none."""

from __future__ import annotations

import math
import random
from collections import Counter
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from registry.core.compiled import ANY, DOUBT, DOUBTFUL, NONE, SURE, segments_gap
from registry.core.kernels import Axis, face_gap, plan_nearest, segment_distance
from registry.core.packed import UNKNOWN

#: All of RD New, mm.
LEAST, MOST = (0, 300_000_000), (300_000_000, 625_000_000)
#: The greatest height a row holds (half mm).
HIGHEST = 2**28 - 1
#: p² + q² = r².
WHOLE = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29))
KINDS = ("free", "parallel", "collinear", "nearly", "point", "points", "crossing", "same", "joined", "whole")
RISES = (0, 2, 100, 4_000, 100_000, 600_000, HIGHEST)

Point = tuple[int, int]
#: x0, y0, z0, x1, y1, z1: mm in plan, half mm in height.
Ends = tuple[int, int, int, int, int, int]


class Asked(NamedTuple):
    """Two segments and what is asked of them."""

    a: Ends
    b: Ends
    widths: int
    slab: int
    euclid: bool = False


def told(pair: Asked) -> tuple[int, int]:
    a, b = np.array(pair.a, np.int32), np.array(pair.b, np.int32)
    gap, known = segments_gap(a, b, pair.widths, pair.slab, pair.euclid)
    return int(gap), int(known)


def exactly(pair: Asked) -> int | None:
    """The gap by the exact kernels."""
    a, b = pair.a, pair.b
    if UNKNOWN in (a[2], b[2]):
        near = plan_nearest(Axis(*a[:2], 0, *a[3:5], 0), Axis(*b[:2], 0, *b[3:5], 0), None)
    elif pair.euclid:
        # Everything in half mm.
        near = segment_distance(*([(2 * p[0], 2 * p[1], p[2]), (2 * p[3], 2 * p[4], p[5])] for p in (a, b)))
        near = near._replace(den=4 * near.den)
    else:
        near = plan_nearest(Axis(*a), Axis(*b), None if pair.slab == ANY else pair.slab)
    return None if near is None else face_gap(near.num, near.den, pair.widths)


def check(pair: Asked) -> int:
    """Holds the laws, also with the two swapped and each from its other end; tells what was known."""
    wanted = exactly(pair)
    for same in (swapped(pair), turned(pair), pair):
        gap, known = told(same)
        assert (known == NONE) == (wanted is None), pair
        if wanted is not None:
            assert known in (SURE, DOUBTFUL), pair
            assert gap == wanted or (known == DOUBTFUL and gap < wanted), (pair, gap, wanted)
    return known


def swapped(pair: Asked) -> Asked:
    return pair._replace(a=pair.b, b=pair.a)


def turned(pair: Asked) -> Asked:
    """The same, each segment from its other end."""
    return pair._replace(a=(*pair.a[3:], *pair.a[:3]), b=(*pair.b[3:], *pair.b[:3]))


def shifted(pair: Asked, x: int, y: int, z: int) -> Asked:
    def moved(p: Ends) -> Ends:
        return p[0] + x, p[1] + y, p[2] + z, p[3] + x, p[4] + y, p[5] + z

    return pair._replace(a=moved(pair.a), b=moved(pair.b))


class Adversary:
    """Pairs of segments of 1 mm to 200 km that are hard to tell, anywhere in the country."""

    def __init__(self, seed: str, longest: float = 8.3):
        self.rng, self.longest = random.Random(seed), longest

    def pair(self, kind: str) -> Asked:
        rng = self.rng
        a, b = (tuple(self.kept(p) for p in ends) for ends in self.plan(kind))
        if rng.random() < 0.5:
            b = b[::-1]
        z, rise = rng.randint(-6_000, 6_000), rng.choice(RISES)
        heights = [z, z + rng.randint(-rise, rise)]
        z += rng.choice([0, 1, -2_000, 1_500, rng.randint(-rise, rise)])
        heights += [z, z + rng.randint(-rise, rise)]
        za, zb, zc, zd = (max(-HIGHEST, min(HIGHEST, height)) for height in heights)
        ends = (*a[0], za, *a[1], zb), (*b[0], zc, *b[1], zd)
        # The slab that just touches or misses a corner of what is compared, or clips a sliver of it.
        corners = [abs(p - q) for p in (za, zb) for q in (zc, zd)]
        touching = rng.choice(corners) + rng.choice([-1, 0, 1])
        slab = max(1, rng.choice([touching, touching, rng.randint(1, 3_000), (min(corners) + max(corners)) // 2]))
        mode = rng.randrange(4)
        widths = rng.choice([0, 1, 200, 315, 1_001, rng.randint(0, 20_000)])
        return Asked(*ends, widths, ANY if mode == 0 else slab, mode == 1)

    def plan(self, kind: str) -> tuple[tuple[Point, Point], tuple[Point, Point]]:
        rng = self.rng
        start = rng.randint(LEAST[0], MOST[0]), rng.randint(LEAST[1], MOST[1])
        a = start, self.beyond(start)
        ux, uy = a[1][0] - a[0][0], a[1][1] - a[0][1]
        off = rng.choice([0, 1, 3, round(10 ** rng.uniform(0, 4)), round(10 ** rng.uniform(0, 8))])
        if kind == "whole":
            return self.whole()
        if kind == "parallel":
            x, y = self.beside(start, off)
            return a, ((x, y), (x + ux, y + uy))
        if kind == "collinear":
            steps = math.gcd(ux, uy) or 1
            k, m = (rng.randint(-2 * steps, 2 * steps) for _ in range(2))
            ends = [(start[0] + n * (ux // steps), start[1] + n * (uy // steps)) for n in (k, m)]
            return a, (ends[0], ends[1])
        if kind == "nearly":
            share, long, turn = rng.uniform(-1, 1), rng.uniform(-2, 2), 10 ** rng.uniform(-9, -1)
            x, y = self.beside((round(start[0] + share * ux), round(start[1] + share * uy)), off)
            vx, vy = ux * math.cos(turn) - uy * math.sin(turn), ux * math.sin(turn) + uy * math.cos(turn)
            return a, ((x, y), (round(x + long * vx), round(y + long * vy)))
        if kind == "point":
            at = self.beside((start[0] + ux // 2, start[1] + uy // 2), off)
            return a, (at, at)
        if kind == "points":
            at = self.beside(start, off)
            return (start, start), (at, self.beside(at, rng.choice([0, 5])))
        if kind == "crossing":
            share, before = rng.random(), rng.random()
            at = round(start[0] + share * ux), round(start[1] + share * uy)
            x, y = self.beyond(at)
            return a, ((round(at[0] - before * (x - at[0])), round(at[1] - before * (y - at[1]))), (x, y))
        if kind == "same":
            return a, a
        if kind == "joined":
            end = rng.choice(a)
            return a, (end, self.beyond(end))
        near = self.beside(start, off)
        return a, (near, self.beyond(near))

    def whole(self) -> tuple[tuple[Point, Point], tuple[Point, Point]]:
        """A whole number of mm apart, or one unit beside that; the second a point or across the first."""
        rng = self.rng
        p, q, _ = rng.choice(WHOLE)
        p, q = p * rng.choice([-1, 1]), q * rng.choice([-1, 1])
        x, y, many = rng.randint(LEAST[0], MOST[0]), rng.randint(LEAST[1], MOST[1]), round(10 ** rng.uniform(0, 7))
        along, across, more = rng.randint(0, many), rng.randint(0, 5_000), rng.choice([0, 0, 1, -1])
        at = x + along * p - across * q, y + along * q + across * p + more
        other = at if rng.random() < 0.5 else (at[0] - many * q, at[1] + many * p)
        return ((x, y), (x + many * p, y + many * q)), (at, other)

    def beyond(self, start: Point) -> Point:
        turn, long = self.rng.uniform(0, 2 * math.pi), 10 ** self.rng.uniform(0, self.longest)
        return round(start[0] + long * math.cos(turn)), round(start[1] + long * math.sin(turn))

    def beside(self, point: Point, off: int) -> Point:
        return point[0] + self.rng.randint(-off, off), point[1] + self.rng.randint(-off, off)

    @staticmethod
    def kept(point: Point) -> Point:
        """Moved into the country."""
        return max(LEAST[0], min(MOST[0], point[0])), max(LEAST[1], min(MOST[1], point[1]))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_hard_to_tell(kind: str) -> None:
    adversary, seen = Adversary(kind), Counter[int]()
    for _ in range(2_500):
        pair = adversary.pair(kind)
        seen[check(pair)] += 1
    assert seen[SURE] > 1_500
    assert seen[NONE] > 50


@pytest.mark.parametrize("turn", [1e-2, 1e-4, 1e-6, 1e-9])
def test_those_that_meet_in_space_at_almost_no_angle(turn: float) -> None:
    """Both go through one point, in whole steps: their distance is exactly 0, or one half mm of height."""
    rng = random.Random(str(turn))
    for _ in range(500):
        steps, rise = round(10 ** rng.uniform(0, 5)), rng.choice([0, 1, 100, 1_000])
        long, course = 10 ** rng.uniform(3, 8.3) / steps, rng.uniform(0, 2 * math.pi)
        ux, uy, uz = round(long * math.cos(course)), round(long * math.sin(course)), rng.randint(-rise, rise)
        vx = round(ux * math.cos(turn) - uy * math.sin(turn))
        vy = round(ux * math.sin(turn) + uy * math.cos(turn))
        vz = uz + rng.choice([0, 0, 1])
        p, q, r, s = (rng.choice([steps, rng.randint(0, steps)]) for _ in range(4))
        x, y, z = 150_000_000, 462_000_000, rng.choice([0, 0, 1, 7])
        a = (x - p * ux, y - p * uy, z - p * uz, x + q * ux, y + q * uy, z + q * uz)
        b = (x - r * vx, y - r * vy, -r * vz, x + s * vx, y + s * vy, s * vz)
        if max(map(abs, (a[2], a[5], b[2], b[5]))) > HIGHEST:
            continue
        for slab, euclid in ((ANY, True), (ANY, False), (z + 1, False), (max(z, 1), False)):
            check(Asked(a, b, rng.choice([0, 1, z]), slab, euclid))


@st.composite
def pairs(draw: st.DrawFn) -> Asked:
    """Segments whose ends lie in a box of some size, somewhere between the least and greatest an index takes."""
    size = draw(st.sampled_from([1, 3, 50, 10_000, 10_000_000, 2**30]))
    rise = draw(st.sampled_from([0, 1, 20, 1_000, HIGHEST]))
    x, y = (draw(st.integers(-(2**28), 3 * 2**28 - size)) for _ in range(2))
    ends = []
    for _ in range(2):
        p = [
            (x + draw(st.integers(0, size)), y + draw(st.integers(0, size)), draw(st.integers(-rise, rise)))
            for _ in range(2)
        ]
        ends.append((*p[0], *p[1]))
    slab = draw(st.one_of(st.just(ANY), st.integers(1, 2 * rise + 2)))
    return Asked(ends[0], ends[1], draw(st.integers(0, 2 * size)), slab, draw(st.booleans()))


@settings(max_examples=1_500, deadline=None)
@given(pairs(), st.integers(-(2**20), 2**20), st.integers(-(2**20), 2**20))
@example(  # All that the slab leaves is less than a float can tell from one point.
    Asked(
        (199_804_230, 529_006_590, 5, 199_804_231, 529_006_593, HIGHEST),
        (0, 300_000_000, -HIGHEST, 3, 299_999_999, 0),
        200,
        6,
    ),
    0,
    0,
)
@example(  # Products of more digits than a float holds.
    Asked(
        (29_805_192, 387_426_771, -62, 264_578_094, 540_010_141, -62),
        (264_578_093, 540_010_143, -63, 29_805_193, 387_426_769, -63),
        0,
        ANY,
        euclid=True,
    ),
    0,
    0,
)
@example(  # As far apart as rows may lie, the products as large as they get.
    Asked((-(2**28), 3 * 2**28, 0, 3 * 2**28, -(2**28), 9), (-(2**28), -(2**28), 9, 3 * 2**28, 3 * 2**28, 0), 1, 3),
    0,
    0,
)
def test_whatever_the_numbers(pair: Asked, x: int, y: int) -> None:
    check(pair)
    if HIGHEST not in map(abs, (pair.a[2], pair.a[5], pair.b[2], pair.b[5])):
        moved = shifted(pair, x, y, 1)
        # Only differences count: where it lies does not matter at all.
        assert told(moved) == told(pair)


@cache
def almost(most: int) -> list[tuple[int, int, int]]:
    """(x, y, m) with x² + y² just below m², so that √(x² + y²) + 0.001 is just below or just above m."""
    found = []
    for m in range(500, most, 125):
        for short in range(m // 500 - 1, m // 500 + 3):
            x = next((x for x in range(1, m) if math.isqrt(m * m - short - x * x) ** 2 == m * m - short - x * x), None)
            if x is not None:
                found.append((x, math.isqrt(m * m - short - x * x), m))
    return found


@pytest.mark.parametrize("slab", [ANY, 10])
@pytest.mark.parametrize("euclid", [False, True])
def test_a_hair_from_a_whole_number(slab: int, euclid: bool) -> None:
    """Where the thousandth that a gap forgives decides, the float does not."""
    seen = Counter[int]()
    for x, y, m in almost(20_000):
        for widths in (0, 200, 201):
            for z in (0, 9):
                here: Ends = (150_000_000, 460_000_000, 0, 150_000_000, 460_000_000, 0)
                there: Ends = (here[0] + x, here[1] - y, z, here[0] + x, here[1] - y, z)
                pair = Asked(here, there, widths, slab, euclid)
                if z == 0 or not euclid:
                    near = math.sqrt(x * x + y * y) + 0.001
                    if abs(near - m) < DOUBT / 2 and widths % 2 == 0:
                        assert told(pair)[1] == DOUBTFUL, pair
                seen[check(pair)] += 1
    assert seen[DOUBTFUL] > 20
    assert seen[SURE] > 20


@pytest.mark.parametrize(("p", "q", "r"), WHOLE)
@pytest.mark.parametrize("many", [1, 137, 12_345, 5_000_000])
def test_exactly_apart_is_sure(p: int, q: int, r: int, many: int) -> None:
    """Touching is no matter of doubt: two that lie a whole or half number of mm apart are told so."""
    here: Ends = (150_000_000, 460_000_000, -1_000, 150_000_000 - q * 77, 460_000_000 + p * 77, -1_000)
    for beside in (0, 6, 7):
        there: Ends = (here[0] + p * many, here[1] + q * many, 0, here[3] + p * many, here[4] + q * many, 0)
        for widths in (0, 500, 2 * r * many, 2 * r * many - 1):
            for slab in (ANY, 1_001):
                gap, known = told(Asked(here, there, widths, slab))
                assert (gap, known) == (math.floor(r * many - widths / 2), SURE), (beside, widths, slab)


def street(rng: random.Random) -> Asked:
    """Two of what lies under a street: mains side by side in jittered pieces of 10 m, house connections across."""

    def piece(beside: int, depth: int, slope: int) -> Ends:
        x, y, z = rng.randint(0, 20_000), beside + rng.randint(-50, 50), -2 * depth
        if rng.random() < 0.3:  # across
            return x, y, z, x + rng.randint(-100, 100), y + rng.choice([-4_000, 6_000]), z + rng.randint(-400, 400)
        return x, y, z, x + rng.randint(8_000, 12_000), beside + rng.randint(-50, 50), z + rng.randint(-slope, slope)

    turn, ends = rng.uniform(0, 2 * math.pi), []
    for _ in range(2):
        x0, y0, z0, x1, y1, z1 = piece(rng.randint(-4_000, 4_000), rng.randint(600, 3_000), rng.choice([0, 20, 100]))
        c, s = math.cos(turn), math.sin(turn)
        (u0, v0), (u1, v1) = ((round(x * c - y * s), round(x * s + y * c)) for x, y in ((x0, y0), (x1, y1)))
        ends.append((84_000_000 + u0, 436_000_000 + v0, z0, 84_000_000 + u1, 436_000_000 + v1, z1))
    heights = rng.choice([110, 315]) + rng.choice([110, 400, 800])
    return Asked(ends[0], ends[1], heights, heights + 2 * rng.choice([100, 200, 500]))


@pytest.mark.parametrize("mode", ["slab", "any", "euclid"])
def test_in_a_street_hardly_anything_is_in_doubt(mode: str) -> None:
    rng, seen = random.Random(mode), Counter[int]()
    for _ in range(20_000):
        pair = street(rng)._replace(euclid=mode == "euclid")
        pair = pair._replace(slab=ANY) if mode == "any" else pair
        seen[told(pair)[1] if seen.total() % 10 else check(pair)] += 1
    assert seen[DOUBTFUL] * 1_000 < seen.total()
    assert seen[SURE] > 8_000


def test_an_unknown_depth_is_near_at_any_depth() -> None:
    deep: Ends = (0, 0, UNKNOWN, 10_000, 0, UNKNOWN)
    high: Ends = (5_000, 3_000, 100_000, 5_000, 9_000, 100_000)
    for euclid in (False, True):
        for a, b in ((deep, high), (high, deep)):
            assert told(Asked(a, b, 200, 1, euclid)) == (2_900, SURE)
