"""Volumes, with holes and without end, against sampled space; overlap of polygons against shapely."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction

import numpy as np
import pytest
import shapely

from registry.core.clash import least_gap
from registry.core.inside import sticking_out
from registry.core.model import Bound, Open, Point, Uncertainty, Volume
from registry.core.polygons import contains, overlap_depth
from tests.core.building import boxed, clash, corridor, line, prism, rounded, shaft, square, star, volume

END = 10**8


def a_volume(rng: random.Random) -> Volume:
    x, y = rng.randint(-2500, 2500), rng.randint(-2500, 2500)
    outer = star(rng, x, y, 900, 2500, rng.randint(3, 9))
    holes = [star(rng, x, y, 40, 250, rng.randint(3, 5))] if rng.random() < 0.4 else []
    if holes and not shapely.Polygon(outer, holes).is_valid:
        holes = []
    middle = rng.randint(-4000, 0)
    bottom: Bound = Open.UNBOUNDED if rng.random() < 0.15 else middle - rng.randint(10, 1500)
    top: Bound = Open.UNBOUNDED if rng.random() < 0.15 else middle + rng.randint(10, 1500)
    return volume(outer, bottom, top, holes)


def polygon(given: Volume) -> shapely.Polygon:
    return shapely.Polygon(given.outer, given.holes)


def limits(given: Volume) -> tuple[int, int]:
    low = -END if isinstance(given.bottom, Open) else given.bottom
    high = END if isinstance(given.top, Open) else given.top
    assert low is not None
    assert high is not None
    return low, high


def test_two_volumes_clash_just_where_sampled_space_says_so() -> None:
    rng = random.Random("volume and volume")
    clashes = clear = 0
    for _ in range(320):
        a, b = a_volume(rng), a_volume(rng)
        (low_a, high_a), (low_b, high_b) = limits(a), limits(b)
        away = shapely.distance(polygon(a), polygon(b))
        vertical = max(low_a - high_b, low_b - high_a)
        cv = rng.choice([None, rng.randint(0, 900), max(0, vertical + rng.choice([0, 1]))])
        ch = rng.choice([0, rng.randint(1, 2000), math.ceil(away) + rng.choice([0, 1])])
        found = clash(prism(a), prism(b), ch, cv)
        overlap = polygon(a).intersection(polygon(b)).area > 1e-3
        near = overlap or away < ch - 0.002
        if abs(away - ch) > 0.002 or overlap:
            assert (found is not None) == (near and (cv is None or vertical < cv)), (a, b, ch, cv)
        other = clash(prism(b), prism(a), ch, cv)
        assert (found and found.gap) == (other and other.gap)
        if found is not None:
            assert found.certainty == "certain"
            expected = None if cv is None or vertical < -END / 10 else vertical
            assert found.gap.vertical == expected
            assert found.gap.horizontal is not None
            assert found.gap.horizontal < 0 if overlap else found.gap.horizontal == math.floor(away + 0.001)
        clashes, clear = clashes + (found is not None), clear + (found is None)
    assert min(clashes, clear) > 60


def test_a_line_or_shaft_and_a_volume_clash_wherever_samples_do() -> None:
    rng = random.Random("line and volume")
    clashes = clear = 0
    for k in range(340):
        given = a_volume(rng)
        low, high = limits(given)
        width, height = rng.randint(50, 900), rng.randint(50, 900)
        start: Point = (rng.randint(-4000, 4000), rng.randint(-4000, 4000))
        level = rng.randint(-5000, 500)
        upright = k % 5 == 0
        if upright:
            end, height, levels = start, 0, (level - rng.randint(1, 2000), level)
            solid = corridor(shaft(start, *levels, rounded(width)))
        else:
            end = (start[0] + rng.randint(200, 4000), start[1] + rng.randint(-4000, 4000))
            levels = (level, level + round(rng.uniform(-0.3, 0.3) * math.dist(start, end)))
            solid = corridor(line([start, end], levels, boxed(width, height)))
        ch, cv = rng.choice([0, 0, rng.randint(0, 500)]), rng.randint(0, 300)
        found = clash(solid, prism(given), ch, cv)
        back = clash(prism(given), solid, ch, cv)
        assert (found and (found.certainty, found.gap)) == (back and (back.certainty, back.gap))
        f = np.linspace(0, 1, 400)
        axis = np.array(solid.segments[0].axis, float)
        z = (axis[2] + f * (axis[5] - axis[2])) / 2
        points = shapely.points(axis[0] + f * (axis[3] - axis[0]), axis[1] + f * (axis[4] - axis[1]))
        away = shapely.distance(points, polygon(given)) - width / 2
        held = shapely.contains(polygon(given), points)
        out = np.where(held, -shapely.distance(points, polygon(given).boundary) - width / 2, away)
        if upright:
            near = np.full(400, levels[0] - high < cv and low - levels[1] < cv)
        else:
            near = np.maximum(z - height / 2 - high, low - z - height / 2) < cv
        sampled = float(away[near].min()) if near.any() else math.inf
        step = math.dist(start, end) / 399
        if sampled < ch:
            assert found is not None, (given, solid, ch, cv)
        if found is not None:
            assert found.gap.horizontal is not None
            if near.any():
                # Inside the footprint the gap counts how deep, but never deeper than it is.
                assert float(out[near].min()) - step - 1 <= found.gap.horizontal + 1 <= sampled + 1
            slack = abs(levels[1] - levels[0]) / 399
            loose = np.maximum(z - height / 2 - high, low - z - height / 2) < cv + slack + 1
            assert upright or float(away[loose].min()) < ch + step
        clashes, clear = clashes + (found is not None), clear + (found is None)
    assert min(clashes, clear) > 40


def test_polygons_overlap_just_where_their_area_does() -> None:
    rng = random.Random("polygons")
    overlaps = apart = 0
    for _ in range(300):
        a, b = a_volume(rng), a_volume(rng)
        if rng.random() < 0.4:  # many shared corners and sides, on a coarse grid
            a, b = (volume([(0, 0), (x, 0), (x, y), (0, y)], 0, 1) for x, y in [(3, 3), (rng.randint(1, 4), 2)])
            dx, dy = rng.randint(-4, 4), rng.randint(-3, 3)
            b = Volume(tuple((x + dx, y + dy) for x, y in b.outer), (), 0, 1, "nap")
        depth, (x, y) = overlap_depth((a.outer, a.holes), (b.outer, b.holes))
        shared = polygon(a).intersection(polygon(b))
        assert (depth > 0) == (shared.area > 1e-3), (a, b)
        if depth > 0:
            place = shapely.Point(float(x), float(y))
            assert shared.distance(place) < 1e-3
            to_boundaries = [shapely.distance(place, polygon(given).boundary) for given in (a, b)]
            assert depth <= max(1, *to_boundaries)
        overlaps, apart = overlaps + (depth > 0), apart + (depth == 0)
    assert min(overlaps, apart) > 50


RING = (square(0, 0, 9000), [square(3000, 3000, 3000)])


@pytest.mark.parametrize(
    ("other", "depth"),
    [
        ((square(0, 0, 9000), []), True),  # the same without the hole
        ((square(0, 0, 9000), [square(3000, 3000, 3000)]), True),  # the same
        ((square(3000, 3000, 3000), []), False),  # just the hole
        ((square(4000, 4000, 1000), []), False),  # within the hole
        ((square(2999, 3000, 3000), []), True),
        ((square(9000, 0, 9000), []), False),  # side to side
        ((square(9000, 9000, 9000), []), False),  # corner to corner
        ((square(8999, 8999, 9000), []), True),
        ((square(-1000, -1000, 11_000), [square(0, 0, 9000)]), False),  # lies in the other's hole
    ],
)
def test_overlap_with_a_hole(other: tuple[list[Point], list[list[Point]]], depth: bool) -> None:
    assert (overlap_depth(RING, other)[0] > 0) == depth
    assert (overlap_depth(other, RING)[0] > 0) == depth


def test_how_deep_does_not_depend_on_how_the_polygons_are_turned() -> None:
    rng = random.Random("turned")
    for _ in range(40):
        a, b = star(rng, 0, 0, 900, 2500, 7), star(rng, rng.randint(0, 900), 0, 400, 2500, 6)
        b = rng.choice([a, b])
        depths = set()
        for _ in range(4):
            a, b = [(-y, x) for x, y in a], [(-y, x) for x, y in b]
            depths.add(overlap_depth((a, []), (b, []))[0])
        assert len(depths) == 1


def test_containment_agrees_with_shapely() -> None:
    rng = random.Random("containment")
    inside = 0
    for _ in range(300):
        outer, inner = a_volume(rng), a_volume(rng)
        x, y = outer.outer[0] if rng.random() < 0.2 else (0, 0)
        scale = Fraction(1, rng.randint(1, 6))
        shrunk = tuple((x + round((p - x) * scale), y + round((q - y) * scale)) for p, q in outer.outer)
        inner = Volume(shrunk if x else inner.outer, (), 0, 1, "nap")
        if not polygon(inner).is_valid:
            continue
        # Shapely's answer for what is a millimetre smaller or larger must be the same, or it is too close to call.
        small, large = polygon(inner).buffer(-1), polygon(inner).buffer(1)
        expected = {bool(polygon(outer).covers(small)), bool(polygon(outer).covers(large))}
        found = contains((outer.outer, outer.holes), (inner.outer, ()))
        assert len(expected) > 1 or found in expected
        inside += found
    assert inside > 10


def test_a_volume_through_a_slit_or_around_a_hole_is_not_inside() -> None:
    cleft = [(0, 0), (9000, 0), (9000, 9000), (5000, 9000), (5000, 100), (4000, 100), (4000, 9000), (0, 9000)]
    bar = [(1000, 5000), (8000, 5000), (8000, 6000), (1000, 6000)]
    across = prism(volume(bar, -2000, -1000))
    assert sticking_out(across, prism(volume(cleft, -3000, 0))) != []
    slit = [[(4000, 4000), (4100, 4000), (4100, 7000), (4000, 7000)]]
    assert sticking_out(across, prism(volume(square(0, 0, 9000), -3000, 0, slit))) != []
    assert sticking_out(across, prism(volume(square(0, 0, 9000), -3000, 0))) == []
    assert sticking_out(across, prism(volume(square(0, 0, 9000), -1999, 0))) != []
    assert sticking_out(across, prism(volume(bar, -2000, -1000))) == []
    assert sticking_out(across, prism(volume(square(0, 0, 9000), -3000, 0, [bar]))) != []


@pytest.mark.parametrize(("ch", "cv"), list(itertools.product([100, 101], [200, 201])))
def test_exactly_at_the_requirement_passes(ch: int, cv: int) -> None:
    tank = prism(volume(square(0, 0, 3000), -3000, -1000))
    pipe = corridor(line([(-5000, 3300), (8000, 3300)], -600, rounded(400)))
    assert (clash(pipe, tank, ch, cv) is not None) == (ch > 100 and cv > 200)
    box = prism(volume([(3100, 0), (4000, 0), (4000, 900)], -800, 0))
    assert (clash(box, tank, ch, cv) is not None) == (ch > 100 and cv > 200)


def test_an_unknown_bound_is_undetermined_only_near() -> None:
    tank = prism(volume(square(0, 0, 3000), None, -1000))
    assert tank.lacking == ("level",)
    pipe = corridor(line([(-5000, 3300), (8000, 3300)], -600, rounded(400)))
    assert clash(pipe, tank, 100, 0) is None
    found = clash(pipe, tank, 101, 0)
    assert found is not None
    assert (found.certainty, found.lacking, found.gap.vertical) == ("undetermined", ("level",), None)
    deep = clash(pipe, tank, 101, None)
    assert deep is not None
    assert deep.certainty == "certain"


def test_uncertainty_of_a_volume() -> None:
    tank = prism(volume(square(0, 0, 3000), -3000, -1000))
    pipe = corridor(line([(-5000, 3300), (8000, 3300)], -2000, rounded(400)))
    kinds = [(found := clash(pipe, tank, 300, 0, Uncertainty(xy, 0))) and found.certainty for xy in (0, 199, 200, 600)]
    assert kinds == ["certain", "certain", "possible", "possible"]
    assert least_gap(pipe, tank, 0, 1000) is not None


def test_a_tall_shaft_through_a_thin_volume_stays_certain_however_uncertain_its_height() -> None:
    slab = prism(volume(square(0, 0, 3000), -1050, -1000))
    found = clash(corridor(shaft((1500, 1500), -5000, 0, rounded(1000))), slab, 100, 0, Uncertainty(0, 500))
    assert found is not None
    assert (found.certainty, found.gap.vertical) == ("certain", -1050)
