"""Footprints of many sides: chosen among in floats, and yet the same integers, places and ties as measuring all."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
import shapely

from registry.core import sides
from registry.core.elements import meeting, too_close
from registry.core.inside import sticking_out
from registry.core.kernels import Axis, point_in_rings
from registry.core.meetings import Meeting
from registry.core.model import Point
from registry.core.overlaps import overlap
from registry.core.prisms import sides_beside, too_close_about
from registry.core.sides import Sides
from registry.core.solids import Prism, Segment
from tests.core.building import HERE, boxed, clash, corridor, here, line, prism, square, star, volume
from tests.core.oracles import Met, least_of_prisms, one_holds_other, overlap_of_prisms, segment_and_prism

Ring = list[Point]


@pytest.fixture(autouse=True, params=[0, sides.FEW])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also as though even the smallest footprint had many sides."""
    for module in ("sides", "pieces"):
        monkeypatch.setattr(f"registry.core.{module}.FEW", request.param)


def comb(rng: random.Random, teeth: int, tall: int, *, even: bool) -> Ring:
    """Teeth of the same or of random widths, with slits between them; some teeth may be slanted."""
    ring: Ring = [(0, -rng.randint(1, 30))]
    x = 0
    for _ in range(teeth):
        wide, slit, lean = (4, 4, 0) if even else (rng.randint(1, 9), rng.randint(1, 9), rng.randint(-40, 40))
        ring += [(x, 0), (x + lean, tall), (x + lean + wide, tall), (x + wide, 0)]
        x += wide + slit
    return [*ring, (x, -rng.randint(1, 30))]


def footprint(rng: random.Random) -> tuple[Ring, list[Ring]]:
    """A star, coarse or fine, a comb, a staircase or a square, some with holes; turned and moved about."""
    kind = rng.randrange(5)
    holes: list[Ring] = []
    if kind == 0:
        ring = star(rng, 0, 0, *rng.choice([(40, 60), (40, 2500), (900, 2500)]), rng.randint(3, 40))
        holes = [star(rng, 0, 0, 5, 30, rng.randint(3, 9))] if rng.random() < 0.4 else []
    elif kind == 1:
        ring = comb(rng, rng.randint(2, 12), rng.choice([20, 500]), even=rng.random() < 0.5)
    elif kind == 2:  # on a coarse grid: shared corners, sides in one line
        n = rng.randint(2, 6)
        ring = [(0, 0), (10 * n, 0)]
        for k in range(n):
            ring += [(10 * (n - k), 10 * (k + 1)), (10 * (n - k - 1), 10 * (k + 1))]
    else:
        side = rng.choice([20, 40, 100])
        ring = [*square(0, 0, side)]
        ring.insert(1, (side // 2, 0))
        if rng.random() < 0.5:
            holes = [square(side // 4, side // 4, side // 4), square(side // 2, side // 2, side // 4)]
    dx, dy, turned = rng.choice([-30, -10, 0, 10, 20, 35]), rng.choice([-25, -10, 0, 10, 20]), rng.randrange(4)

    def moved(points: Ring) -> Ring:
        for _ in range(turned):
            points = [(-y, x) for x, y in points]
        return [(x + dx, y + dy) for x, y in points]

    ring, holes = moved(ring), [moved(hole) for hole in holes]
    once = all(len(set(points)) == len(points) for points in (ring, *holes))
    if not once or not shapely.Polygon(ring, holes).is_valid:
        return footprint(rng)
    return ring, holes


def block(rng: random.Random) -> Prism:
    ring, holes = footprint(rng)
    bottom = rng.randint(-2000, -100)
    return prism(volume(ring, bottom, bottom + rng.randint(1, 1500), holes))


def stroke(rng: random.Random, other: Prism) -> Segment:
    """A segment near or through a footprint, often from or along one of its sides; level or sloping."""
    reach = rng.choice([60, 60, 600, 3000])
    corners = [(x - HERE[0], y - HERE[1]) for x, y in rng.choice([other.outer, *other.holes])]
    k = rng.randrange(len(corners))
    (x0, y0), (x1, y1) = corners[k - 1], corners[k]
    away = rng.randint(-2, 3)
    ends = rng.choice(
        [
            [(rng.randint(-reach, reach), rng.randint(-reach, reach)) for _ in range(2)],
            [corners[k], (rng.randint(-reach, reach), rng.randint(-reach, reach))],
            [corners[k], rng.choice(corners)],
            [(x0 + away * (x1 - x0), y0 + away * (y1 - y0)), (x1, y1)],
            [(-reach, 10 * rng.randint(-3, 8)), (reach, 10 * rng.randint(-3, 8))],
        ]
    )
    if ends[0] == ends[1]:
        return stroke(rng, other)
    levels = [rng.randint(-2500, 500), rng.randint(-2500, 500)] if rng.random() < 0.5 else [-900, -900]
    whole = corridor(line(ends, levels, boxed(100, 100))).segments[0]
    if rng.random() < 0.3:
        low, high = sorted(Fraction(rng.randint(0, 7), 7) for _ in range(2))
        return whole.piece(low, high) if low < high or rng.random() < 0.5 else whole
    return whole


def told(found: Meeting | None) -> Met | None:
    return None if found is None else Met(found.gap, found.s, found.x, found.y)


def agree(found: Met | None, expected: Met | None) -> bool:
    """Whether both tell the same gap at the same place: where the deepest place begins, floats differ a little."""
    if found is None or expected is None:
        return found is expected
    away = max(abs(found.x - expected.x), abs(found.y - expected.y))
    return found.gap == expected.gap and (found == expected or (away <= 1 and found.gap < 0))


def test_a_segment_and_a_volume_meet_where_every_side_says() -> None:
    rng = random.Random("many sides")
    inside = outside = 0
    for _ in range(250):
        q = block(rng)
        p = stroke(rng, q)
        widths, heights = rng.choice([0, 10, 101, 400]), rng.choice([0, 100])
        cv = rng.choice([None, None, 0, 150, -40])
        expected = segment_and_prism(p, q, widths, heights, cv)
        found = meeting(p, q, widths, heights, cv)
        assert agree(told(found), expected)
        back = meeting(q, p, widths, heights, cv)
        assert back is None if found is None else back == Meeting(found.gap, found.t, found.s, found.x, found.y)
        if expected is None:
            assert not too_close(p, q, widths, heights, cv, 10**6)
            continue
        for limit in {expected.gap, expected.gap + 1, expected.gap - 3, 0, 1, rng.randint(-30, 900)}:
            assert too_close(p, q, widths, heights, cv, limit) == (expected.gap < limit)
            assert too_close(q, p, widths, heights, cv, limit) == (expected.gap < limit)
            some = meeting(p, q, widths, heights, cv, limit)
            assert some is not None
            assert agree(told(some), told(found)) if expected.gap < limit else some.gap >= limit
        inside, outside = inside + (expected.gap < -widths // 2 - 1), outside + (expected.gap > -widths // 2)
    assert min(inside, outside) > 60


def test_a_stretch_is_guessed_where_it_is() -> None:
    """The guess need not be right for the answer to be; but where it is wrong, it is of no use."""
    rng = random.Random("guesses")
    right = tried = 0
    for _ in range(150):
        q = block(rng)
        p = stroke(rng, q)
        if p.low != 0 or p.high != 1:
            continue
        limit, steps = rng.randint(1, 60), 1000
        among = sides_beside(p, q, 20, limit)

        def close(low: int, high: int, p: Segment = p, q: Prism = q, limit: int = limit) -> bool:
            found = segment_and_prism(p.piece(Fraction(low, 1000), Fraction(high, 1000)), q, 20, 100, 50)
            return found is not None and found.gap < limit

        about = too_close_about(p, q, 20, 100, 50, limit, among)
        if not close(0, steps):
            assert about is None or among is None or about[1] - about[0] < 1e-6
            continue
        assert about is not None
        first, last = about[0] * steps, about[1] * steps
        tried += 1
        right += close(0, min(int(first) + 1, steps)) and (first < 1 or not close(0, int(first) - 1))
        right += close(max(int(last), 0), steps) and (last > steps - 1 or not close(int(last) + 2, steps))
    assert tried > 30
    assert right > 2 * tried * 0.95


def test_the_clash_is_that_of_every_side() -> None:
    rng = random.Random("stretches")
    for _ in range(40):
        q = block(rng)
        points = list(dict.fromkeys((rng.randint(-90, 90), rng.randint(-90, 90)) for _ in range(6)))
        pipe = corridor(line(points, [rng.randint(-2500, 500) for _ in points], boxed(20, 100)))
        ch, cv = rng.randint(0, 30), rng.choice([None, 100])
        found = clash(pipe, q, ch, cv)
        mets = [segment_and_prism(p, q, 20, 100, cv) for p in pipe.segments]
        close = [(met.gap, k) for k, met in enumerate(mets) if met is not None and met.gap < ch]
        assert (found is None) == (not close)
        if found is None:
            continue
        gap, k = min(close)
        met = mets[k]
        assert met is not None
        assert found.gap.horizontal is not None
        assert (found.gap.horizontal, found.segment) == (gap, k)
        assert agree(Met(found.gap.horizontal, met.s, found.x, found.y), met)
        assert found.chainage is not None
        assert abs(found.chainage - pipe.chainage(k, met.s)) <= 1
        for start, end in found.stretches:
            assert any(low <= pipe.starts[k + 1] // 1000 and high >= pipe.starts[k] // 1000 for _, k in close
                       for low, high in [(start, end)])  # fmt: skip
        if cv is not None:
            gaps = [_vertical(p, q, ch, cv) for p in pipe.segments]
            assert found.gap.vertical == min(gap for gap in gaps if gap is not None)


def _vertical(p: Segment, q: Prism, ch: int, cv: int) -> int | None:
    """The largest cv at which a segment of 20 by 100 mm does not clash, where it does at ``cv``."""

    def clashes(at: int) -> bool:
        met = segment_and_prism(p, q, 20, 100, at)
        return met is not None and met.gap < ch

    if not clashes(cv):
        return None
    low, high = -10_000, cv
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if clashes(middle) else (middle, high)
    return low


def test_two_footprints_overlap_where_every_side_says() -> None:
    rng = random.Random("many sides of two")
    overlaps = apart = held = 0
    for _ in range(120):
        a, b = block(rng), block(rng)
        if rng.random() < 0.1:
            b = a
        expected = overlap_of_prisms(a, b)
        assert overlap(a.sides, b.sides) == expected
        depth, (x, y) = expected
        met = Met(-depth, Fraction(0), round(x), round(y)) if depth else least_of_prisms(a, b)
        assert told(meeting(a, b, 0, 0, None)) == met
        for limit in {met.gap, met.gap + 1, 0, 1, rng.randint(-30, 90)}:
            assert too_close(a, b, 0, 0, None, limit) == (met.gap < limit)
        inside = one_holds_other(a, b)
        lower = Prism(b.outer, b.holes, a.bottom, a.top, True, (), 0, ())
        assert (sticking_out(lower, a) == []) == inside
        overlaps, apart, held = overlaps + (depth > 0), apart + (depth == 0), held + inside
    assert min(overlaps, apart) > 12
    assert held > 1


def test_a_point_is_in_or_out_as_its_rings_say() -> None:
    rng = random.Random("points")
    counts = {1: 0, 0: 0, -1: 0}
    for _ in range(300):
        ring, holes = footprint(rng)
        rings = here(ring), tuple(here(hole) for hole in holes)
        made = Sides(*rings)
        for _ in range(10):
            x, y = (HERE[k] + Fraction(rng.randint(-400, 400), rng.choice([1, 3, 4])) for k in (0, 1))
            if rng.random() < 0.4:
                k, f = rng.randrange(len(ring)), Fraction(rng.randint(0, 4), 4)
                (x0, y0), (x1, y1) = rings[0][k - 1], rings[0][k]
                x, y = x0 + f * (x1 - x0), y0 + f * (y1 - y0)
            expected = point_in_rings(x, y, *rings)
            assert made.locate(x, y) == expected
            counts[expected] += 1
            point = Axis(x, y, 0, x, y, 0)
            assert Fraction(*made.squared(x, y)) == min(
                Fraction(near.num) / near.den for near in made.exactly(point, np.arange(len(made.axes)))
            )
    assert min(counts.values()) > 100


def sawtooth(rng: random.Random) -> tuple[Ring, Point, Point]:
    """A saw with all tips on one slanting line, and the line's direction and the one towards the tips."""
    u, v = rng.choice([(3, 4), (7, 1), (12, 5), (101, 13), (20, 21), (57, 91)])
    count, tall = rng.randint(4, 15), rng.randint(2, 9)
    tips = [(k * u, k * v) for k in range(count)]
    roots = [((2 * k + 1) * u // 2 + tall * v, (2 * k + 1) * v // 2 - tall * u) for k in range(count - 1)]
    ring = [tip for pair in zip(tips, [*roots, tips[-1]], strict=True) for tip in pair][:-1]
    far = [(tips[k][0] + 3 * tall * v, tips[k][1] - 3 * tall * u) for k in (-1, 0)]
    return [*ring, *far], (u, v), (-v, u)


def test_of_places_equally_near_or_deep_the_first_counts() -> None:
    rng = random.Random("ties")
    for _ in range(60):
        ring, (u, v), (ax, ay) = sawtooth(rng)
        q = prism(volume(ring, -2000, 0))
        off, ahead = rng.randint(1, 40), rng.randint(-3, 3)
        ends = [(k * u + off * ax, k * v + off * ay) for k in (ahead, 40)]
        p = corridor(line(ends[:: rng.choice([1, -1])], -900, boxed(20, 100))).segments[0]
        found = meeting(p, q, 20, 100, None)
        assert found is not None
        assert agree(told(found), segment_and_prism(p, q, 20, 100, None))
        # Across an even comb, slanting: all teeth are as deep.
        q = prism(volume(comb(rng, rng.randint(3, 12), 500, even=True), -2000, 0))
        ends = [(-rng.randint(1, 90), rng.randint(100, 400)), (rng.randint(100, 190), rng.randint(100, 400))]
        p = corridor(line(ends[:: rng.choice([1, -1])], -900, boxed(20, 100))).segments[0]
        assert agree(told(meeting(p, q, 20, 100, None)), segment_and_prism(p, q, 20, 100, None))


def test_how_deep_a_place_lies_in_one_footprint_says_nothing_of_the_other() -> None:
    a = prism(volume([(3, 156), (-43, 353), (-185, -5), (68, -230), (181, -211)], -2000, 0))
    ring = [(-98, 67), (-93, 113), (-103, 145), (-111, 104), (-149, 157), (-242, 92), (-185, 59), (-174, 41)]
    ring += [(-117, 56), (-142, 18), (-190, -53), (-122, 29), (-141, -56), (-120, -59), (-111, 27)]
    b = prism(volume(ring, -2000, 0))
    assert overlap(a.sides, b.sides) == overlap_of_prisms(a, b)
    assert overlap(a.sides, b.sides)[0] == 55
