"""The kernels against exact oracles, against brute force, and against the laws of distance."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path

import numpy
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from registry.core.kernels import Axis, Nearest, face_gap, plan_nearest, point_in_rings, segment_distance
from tests.core import oracles
from tests.core.oracles import Place

Point = tuple[int, int, int]
Segment = tuple[Point, Point]

#: Somewhere in Rijksdriehoek, in mm.
HERE = (155_000_123, 463_000_457, -1_234)
#: (p, q, r) with p² + q² = r²: directions whose lengths are whole.
OBLIQUE = [(3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29), (12, 35, 37), (9, 40, 41), (65, 72, 97)]
KINDS = ("free", "parallel", "collinear", "nearly", "point", "points", "vertical", "same", "joined", "crossing")


def squared(near: Nearest) -> Fraction:
    return Fraction(near.num) / near.den


def found(near: Nearest | None) -> Place | None:
    return near and Place(squared(near), near.s, near.t)


def times(k: int, p: Point) -> Point:
    return k * p[0], k * p[1], k * p[2]


def plus(*points: Point) -> Point:
    x, y, z = map(sum, zip(*points, strict=True))
    return x, y, z


def a_vector(rng: random.Random, size: int) -> Point:
    return rng.randint(-size, size), rng.randint(-size, size), rng.randint(-size, size) // rng.choice((1, 20, 1000))


def a_pair(rng: random.Random, kind: str, here: Point = HERE, longest: float = 6) -> tuple[Segment, Segment]:
    """Two segments of 1 mm to 10**longest mm, related as ``kind`` says, a few mm to about their length apart."""
    size = round(10 ** rng.uniform(0, longest))
    a0, b0 = plus(here, a_vector(rng, size)), plus(here, a_vector(rng, rng.choice((1, 5, size))))
    u, v = a_vector(rng, size), a_vector(rng, round(10 ** rng.uniform(0, longest)))
    if kind == "parallel":
        grain = a_vector(rng, 1 + size // 20)
        u, v = times(rng.randint(1, 20), grain), times(rng.choice((-1, 1)) * rng.randint(1, 20), grain)
    elif kind == "collinear":
        grain = a_vector(rng, 1 + size // 20)
        u, v = times(rng.randint(1, 20), grain), times(rng.randint(-20, 20), grain)
        b0 = plus(a0, times(rng.randint(-20, 40), grain))
    elif kind == "nearly":
        v = plus(times(rng.choice((-1, 1)), u), a_vector(rng, 1))
    elif kind in ("point", "points"):
        u = (0, 0, 0)
        v = v if kind == "point" else u
        b0 = rng.choice((a0, b0))
    elif kind == "vertical":
        u, v = (0, 0, u[2]), rng.choice((v, (0, 0, v[2])))
    elif kind == "same":
        b0, v = rng.choice(((a0, u), (plus(a0, u), times(-1, u)), (a0, times(2, u))))
    elif kind == "joined":
        b0 = rng.choice((a0, plus(a0, u)))
    elif kind == "crossing":
        a0, b0 = plus(here, times(-rng.randint(0, 3), u)), plus(here, times(-rng.randint(0, 3), v))
        b0 = plus(b0, (0, 0, rng.choice((0, 1, size))))
        u, v = times(3, u), times(3, v)
    pair = (a0, plus(a0, u)), (b0, plus(b0, v))
    return pair if rng.random() < 0.5 else (pair[1], pair[0])


def an_axis(segment: Segment) -> Axis:
    return Axis(*segment[0], *segment[1])


def axis_pairs(rng: random.Random, count: int) -> Iterator[tuple[Axis, Axis, int | None]]:
    """Axes with a slab: half of them of a few mm, where edges coincide all the time, half of any size."""
    for k in range(count):
        tiny = k % 2 == 0
        a, b = a_pair(rng, KINDS[k // 2 % len(KINDS)], *(((0, 0, 0), 0.8) if tiny else (HERE, 6)))
        reach = max(abs(p[2] - q[2]) for p in a for q in b)
        slab = rng.randint(1, 8) if tiny else rng.randint(1, reach + 2)
        yield an_axis(a), an_axis(b), None if k % 7 == 0 else slab


def test_distance_in_space_is_exact() -> None:
    rng = random.Random(1)
    kept: Counter[str] = Counter()
    for kind in KINDS * 450:
        a, b = a_pair(rng, kind)
        near, best = segment_distance(a, b), oracles.nearest_in_space(a, b)
        assert found(near) == best, (kind, a, b)
        within = 0 < near.s < 1 and 0 < near.t < 1
        kept[f"{'touching' if near.num == 0 else 'apart'} {'within' if within else 'at an end'}"] += 1
    assert kept.total() >= 4000
    assert len(kept) == 4
    assert min(kept.values()) > 30, kept


def test_distance_in_space_of_cut_pieces_is_exact() -> None:
    rng = random.Random(2)
    for kind in KINDS * 20:
        (p, q), b = a_pair(rng, kind)
        cut = Fraction(rng.randint(1, 98), 99)
        a = (p, [m + cut * (n - m) for m, n in zip(p, q, strict=True)])
        assert found(segment_distance(a, b)) == oracles.nearest_in_space(a, b), (kind, a, b)


@pytest.mark.parametrize(("shift", "error"), [((0.0, 0.0, 0.0), "1e-9"), ((155_000.0, 463_000.0, 0.0), "1e-6")])
def test_distance_in_space_agrees_with_published_pairs(
    shared_data: Path, shift: tuple[float, float, float], error: str
) -> None:
    files = sorted((shared_data / "segment-distance").glob("*.json"))
    pairs = [pair for file in files for pair in json.loads(file.read_text())]
    assert len(pairs) == 24
    for pair in pairs:
        a, b = ([[Fraction(c + d) for c, d in zip(p, shift, strict=True)] for p in pair[side]] for side in "ab")
        near = segment_distance(a, b)
        expected = oracles.root(Fraction(pair["sqrDistance"]))
        assert abs(oracles.root(squared(near)) - expected) <= Decimal(error), pair
        assert oracles.in_space_at(a, b, near.s, near.t) == squared(near), pair


def touching(rng: random.Random) -> tuple[Axis, Axis, int | None, int, int, tuple[int, int]]:
    """Two oblique axes whose faces are exactly ``required`` apart, the sum of widths, and a mm from b towards a."""
    p, q, r = rng.choice(OBLIQUE)
    p, q = rng.choice(((p, q), (q, p)))
    p, q = p * rng.choice((-1, 1)), q * rng.choice((-1, 1))
    apart = rng.randint(20, 200)
    required = rng.randint(0, apart * r)
    widths = 2 * (apart * r - required)
    x, y, z = HERE[0] + rng.randint(-9999, 9999), HERE[1] + rng.randint(-9999, 9999), rng.randint(-4000, 0)
    length, slope, away = rng.randint(2, 500), rng.randint(-4, 4), rng.choice((0, rng.randint(1, 300)))
    start, end = rng.randint(0, length), rng.randint(-600, 600)
    # b starts beside a at one height with it, and leads away at any angle or along it, out of the slab or within.
    a = Axis(x, y, z, x + p * length, y + q * length, z + slope * length)
    b = Axis(
        x + p * start - q * apart, y + q * start + p * apart, z + slope * start,
        x + p * end - q * (apart + away), y + q * end + p * (apart + away), z + rng.randint(-900, 900),
    )  # fmt: skip
    towards = ((q > 0) - (q < 0), 0) if abs(q) > abs(p) else (0, (p < 0) - (p > 0))
    return a, b, rng.choice((None, rng.randint(1, 600))), required, widths, towards


def test_what_touches_exactly_is_not_too_close_and_a_millimetre_nearer_is() -> None:
    rng = random.Random(3)
    for _ in range(20_000):
        a, b, slab, required, widths, (dx, dy) = touching(rng)
        near = plan_nearest(a, b, slab)
        assert near is not None
        assert face_gap(near.num, near.den, widths) == required, (a, b, slab)
        assert face_gap(near.num, near.den, widths + 2) == required - 1
        nearer = plan_nearest(a, Axis(b.x0 + dx, b.y0 + dy, b.z0, b.x1 + dx, b.y1 + dy, b.z1), slab)
        assert nearer is not None
        assert face_gap(nearer.num, nearer.den, widths) < required, (a, b, slab)


def test_plan_distance_in_the_slab_is_exact_and_its_place_is_a_witness() -> None:
    rng = random.Random(4)
    kept: Counter[str] = Counter()
    for a, b, slab in axis_pairs(rng, 3000):
        near, best = plan_nearest(a, b, slab), oracles.nearest_in_plan(a, b, slab)
        assert found(near) == best, (a, b, slab)
        if near is None or slab is None:
            kept["none" if near is None else "no slab"] += 1
            continue
        height = abs(oracles.height_at(a, b, near.s, near.t))
        assert height <= slab, (a, b, slab)
        assert oracles.in_plan_at(a, b, near.s, near.t) == squared(near)
        kept["at the slab's edge" if height == slab else "in the slab"] += 1
    assert min(kept[k] for k in ("none", "no slab", "at the slab's edge", "in the slab")) > 100, kept


def test_plan_distance_of_cut_pieces_is_exact() -> None:
    rng = random.Random(8)
    for a, b, slab in axis_pairs(rng, 400):
        cut = Fraction(rng.randint(1, 98), 99)
        piece = Axis(*a[0:3], *(a[k] + cut * (a[k + 3] - a[k]) for k in range(3)))
        assert found(plan_nearest(piece, b, slab)) == oracles.nearest_in_plan(piece, b, slab), (piece, b, slab)
        assert found(plan_nearest(b, piece, slab)) == oracles.nearest_in_plan(b, piece, slab), (b, piece, slab)


def test_no_sampled_place_in_the_slab_is_nearer() -> None:
    rng = random.Random(5)
    n = 64
    steps = numpy.arange(n + 1, dtype=numpy.int64)
    tried = 0
    for a, b, slab in axis_pairs(rng, 1200):
        if slab is None:
            continue
        # n times the differences in x, y and doubled height: whole numbers below 2**30, whose squares fit.
        x, y, z = (
            n * int(a[k] - b[k]) + steps[:, None] * int(a[k + 3] - a[k]) - steps * int(b[k + 3] - b[k])
            for k in range(3)
        )
        within = numpy.abs(z) < n * slab
        near = plan_nearest(a, b, slab)
        if near is None:
            assert not within.any(), (a, b, slab)
        elif within.any():
            assert Fraction(int((x * x + y * y)[within].min()), n * n) >= squared(near), (a, b, slab)
            tried += 1
    assert tried > 400


@pytest.mark.parametrize(
    ("heights", "slab", "expected"),
    [
        ((0, 0, 10, 10), 10, None),  # level, exactly at the requirement
        ((0, 0, 10, 10), 11, ("1/2", "1/2")),
        ((10, 10, 0, 0), 10, None),  # the other above
        ((0, 30, 40, 70), 10, None),  # only the end of a and the start of b are so near
        ((0, 30, 40, 70), 11, ("59/60", "1/60")),
        ((-50, 50, 0, 0), 10, ("1/2", "1/2")),
        ((20, 120, 0, 0), 20, None),  # only the start of a is so near
        ((20, 120, 0, 0), 70, ("1/2", "1/2")),  # where they cross lies on the edge of what is too close
        ((0, 0, 0, 0), None, ("1/2", "1/2")),
    ],
)
def test_the_edge_of_the_slab_alone_is_no_place(
    heights: tuple[int, int, int, int], slab: int | None, expected: tuple[str, str] | None
) -> None:
    """Two axes of 200 mm that cross in the middle."""
    a, b = Axis(-100, 0, heights[0], 100, 0, heights[1]), Axis(0, -100, heights[2], 0, 100, heights[3])
    near = plan_nearest(a, b, slab)
    assert (near and (str(near.s), str(near.t))) == expected


small = st.integers(-12, 12)
large = st.integers(-(10**6), 10**6)
segments = st.one_of(*(st.tuples(st.tuples(c, c, c), st.tuples(c, c, c)) for c in (small, large)))
slabs = st.one_of(st.none(), st.integers(1, 20), st.integers(1, 10**6))
law = settings(max_examples=300, deadline=None, database=None, derandomize=True)


@law
@given(segments, segments, slabs)
def test_distance_is_symmetric(a: Segment, b: Segment, slab: int | None) -> None:
    assert squared(segment_distance(a, b)) == squared(segment_distance(b, a))
    one, other = plan_nearest(an_axis(a), an_axis(b), slab), plan_nearest(an_axis(b), an_axis(a), slab)
    assert (one and squared(one)) == (other and squared(other))


@law
@given(segments, segments, slabs, st.tuples(large, large, large), st.integers(0, 3))
def test_shifts_and_quarter_turns_change_nothing(a: Segment, b: Segment, slab: int | None, by: Point, n: int) -> None:
    def moved(p: Point) -> Point:
        x, y, z = plus(p, by)
        for _ in range(n):
            x, y = -y, x
        return x, y, z

    c, d = (moved(a[0]), moved(a[1])), (moved(b[0]), moved(b[1]))
    assert found(segment_distance(a, b)) == found(segment_distance(c, d))
    assert found(plan_nearest(an_axis(a), an_axis(b), slab)) == found(plan_nearest(an_axis(c), an_axis(d), slab))


@law
@given(segments, segments, slabs, st.sampled_from(OBLIQUE))
def test_turns_that_keep_whole_numbers_change_nothing(
    a: Segment, b: Segment, slab: int | None, turn: tuple[int, int, int]
) -> None:
    p, q, r = turn

    def turned(m: Point) -> Point:
        return p * m[0] - q * m[1], q * m[0] + p * m[1], r * m[2]

    def grown(place: Place | None) -> Place | None:
        return place and place._replace(squared=place.squared * r * r)

    c, d = (turned(a[0]), turned(a[1])), (turned(b[0]), turned(b[1]))
    assert found(segment_distance(c, d)) == grown(found(segment_distance(a, b)))
    near = plan_nearest(an_axis(c), an_axis(d), slab and r * slab)
    assert found(near) == grown(found(plan_nearest(an_axis(a), an_axis(b), slab)))


@law
@given(segments, segments, slabs, st.floats(-math.pi, math.pi))
def test_other_turns_change_less_than_a_nanometre(a: Segment, b: Segment, slab: int | None, angle: float) -> None:
    """Turned ends are rounded to 1e-12 m, so that what remains of the 1e-9 m is the kernel's."""
    scale = 10**9
    tan = Fraction(angle / 3)
    cos, sin = (1 - tan * tan) / (1 + tan * tan), 2 * tan / (1 + tan * tan)

    def turned(m: Point) -> Point:
        return round(scale * (cos * m[0] - sin * m[1])), round(scale * (sin * m[0] + cos * m[1])), scale * m[2]

    c, d = (turned(a[0]), turned(a[1])), (turned(b[0]), turned(b[1]))
    tolerance = Decimal("1e-9") * 1000 * scale
    for one, other in (
        (segment_distance(a, b), segment_distance(c, d)),
        (
            plan_nearest(an_axis(a), an_axis(b), slab),
            plan_nearest(an_axis(c), an_axis(d), slab and scale * slab),
        ),
    ):
        assert (one is None) == (other is None)
        if one and other:
            assert abs(scale * oracles.root(squared(one)) - oracles.root(squared(other))) <= tolerance


@law
@given(segments, segments, slabs, slabs)
def test_a_larger_slab_never_gives_a_larger_distance(
    a: Segment, b: Segment, slab: int | None, other: int | None
) -> None:
    lower, upper = sorted((slab, other), key=lambda slab: math.inf if slab is None else slab)
    narrow, wide = plan_nearest(an_axis(a), an_axis(b), lower), plan_nearest(an_axis(a), an_axis(b), upper)
    if narrow:
        assert wide
        assert squared(wide) <= squared(narrow)


@law
@given(segments, segments)
def test_distance_in_space_is_at_least_the_distance_in_plan(a: Segment, b: Segment) -> None:
    near = plan_nearest(an_axis(a), an_axis(b), None)
    assert near
    assert squared(near) <= squared(segment_distance(a, b))


def test_the_gap_follows_its_definition() -> None:
    rng = random.Random(6)
    for _ in range(5000):
        num, den = rng.randint(0, 10 ** rng.randint(1, 24)), rng.randint(1, 10 ** rng.randint(1, 12))
        widths = rng.randint(0, 6000)
        assert face_gap(num, den, widths) == oracles.gap_by_definition(num, den, widths), (num, den, widths)


@pytest.mark.parametrize("widths", [0, 1, 400, 401, 1201])
def test_the_gap_turns_a_thousandth_of_a_millimetre_before_the_whole_one(widths: int) -> None:
    for gap, away in product((-3, 0, 1, 499, 100_000), (-1, 0, 1)):
        turn = 2000 * gap + 1000 * widths - 2  # 2000 times the distance at which the gap becomes ``gap``
        if turn > 0:
            num = turn * turn + away
            assert face_gap(num, 4_000_000, widths) == oracles.gap_by_definition(num, 4_000_000, widths)
            assert face_gap(num, 4_000_000, widths) == (gap if away >= 0 else gap - 1)


def a_star(rng: random.Random, size: int, corners: int) -> list[tuple[int, int]]:
    """A closed ring of even coordinates around the origin, dented at random."""
    angles = sorted(rng.uniform(0, math.tau) for _ in range(corners))
    reaches = [rng.uniform(size / 3, size) for _ in angles]
    ring = [(2 * round(r * math.cos(c)), 2 * round(r * math.sin(c))) for r, c in zip(reaches, angles, strict=True)]
    return [*ring, ring[0]]


def test_point_in_polygon_agrees_with_shapely() -> None:
    rng = random.Random(7)
    answers: Counter[int] = Counter()
    polygons = 0
    while polygons < 120:
        outer = a_star(rng, 12, rng.randint(4, 12))
        holes = [[(x + dx, y) for x, y in a_star(rng, 3, 5)] for dx in rng.choice(((), (0,), (-5, 5)))]
        polygon = shapely.Polygon(outer, holes)
        if not polygon.is_valid:
            continue
        polygons += 1
        corners = [point for ring in (outer, *holes) for point in ring]
        middles = [((p[0] + q[0]) // 2, (p[1] + q[1]) // 2) for p, q in pairwise(corners)]
        places = [*product(range(-25, 26, 3), repeat=2), *corners, *middles]
        points = shapely.points(places)
        expected = 1 * polygon.contains(points) - 1 * polygon.disjoint(points)
        for (x, y), side in zip(places, expected.tolist(), strict=True):
            answers[side] += 1
            for rings in ((outer, holes), (outer[::-1], [hole[:-1] for hole in holes])):
                assert point_in_rings(x, y, *rings) == side, (x, y, rings)
    assert min(answers[k] for k in (-1, 0, 1)) > 1000, answers


@law
@given(st.integers(0, 7), st.fractions(0, 1), st.integers(-1, 1))
def test_a_point_on_a_ring_is_on_the_boundary_and_one_beside_it_is_not(edge: int, along: Fraction, side: int) -> None:
    outer, hole = [(0, 0), (90, 10), (70, 80), (-20, 50)], [(30, 30), (30, 40), (40, 50), (50, 20)]
    assume(side == 0 or 0 < along < 1)
    ring = (outer, hole)[edge // 4]
    (x0, y0), (x1, y1) = ring[edge % 4], ring[(edge + 1) % 4]
    # To the left of every edge of these rings lies the polygon: the outer runs anticlockwise, the hole clockwise.
    nudge = side * min(along, 1 - along) / 10**6
    x, y = x0 + along * (x1 - x0) - nudge * (y1 - y0), y0 + along * (y1 - y0) + nudge * (x1 - x0)
    assert point_in_rings(x, y, outer, [hole]) == side
