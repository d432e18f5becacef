"""A line and a volume, or two volumes, that lie uncertain: how deep and how sure does not depend on corners."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pytest
import shapely
from shapely.affinity import translate

from registry.core.crossings import volume_crossed_surely
from registry.core.elements import elements
from registry.core.model import Point, Uncertainty
from registry.core.solids import Corridor, Solid
from tests.core.building import boxed, clash, corridor, line, prism, rounded, solid, square, star, volume

BLOCK = volume(square(10_000, -3000, 6000), -5000, -1000)
WALL = [(10_000, -40_000), (10_500, -40_000), (10_500, 40_000), (10_000, 40_000)]


def pipe(points: Sequence[Point], level: int = -2000) -> Corridor:
    return corridor(line(list(points), level, rounded(100)))


@pytest.mark.parametrize("at", [1, 3000, 10_001, 11_000, 12_345, 12_999, 13_001, 14_000, 25_999])
@pytest.mark.parametrize("aside", [0, 1])
@pytest.mark.parametrize("xy", [0, 2500, 3240, 3260])
def test_a_vertex_more_changes_nothing(at: int, aside: int, xy: int) -> None:
    """A pipe through the middle of a block of 6 m: it lies 3 m deep in it, wherever on the way a vertex is."""
    unsure = Uncertainty(xy, 0)
    whole = clash(pipe([(0, 0), (26_000, 0)]), prism(BLOCK), 200, 200, unsure)
    parts = clash(pipe([(0, 0), (at, aside), (26_000, 0)]), prism(BLOCK), 200, 200, unsure)
    assert whole is not None
    assert parts is not None
    assert whole.certainty == parts.certainty == ("certain" if xy <= 3240 else "possible")
    assert whole.gap.horizontal == -3050
    assert parts.gap.horizontal in ((-3050,) if not aside else (-3050, -3049))
    assert whole.chainage is not None
    assert parts.chainage is not None
    assert max(abs(parts.chainage - whole.chainage), abs(parts.x - whole.x)) <= aside


@pytest.mark.parametrize("turned", [False, True])
def test_a_wall_is_crossed_for_certain_whether_a_line_or_a_volume(turned: bool) -> None:
    def at(points: Sequence[Point]) -> list[Point]:
        return [(y, x) for x, y in points] if turned else list(points)

    crossing = pipe(at([(0, 0), (26_000, 0)]))
    block = prism(volume(at(WALL), -5000, -1000))
    as_line = corridor(line(at([(10_250, -40_000), (10_250, 40_000)]), -3000, boxed(500, 4000)))
    drawn = prism(volume(at([(0, -50), (26_000, -50), (26_000, 50), (0, 50)]), -2050, -1950))
    for xy, wanted in ((0, "certain"), (2500, "certain"), (9000, "certain"), (11_000, "possible")):
        for one in (crossing, drawn):
            for other in (as_line, block):
                for first, second in ((one, other), (other, one)):
                    found = clash(first, second, 200, 200, Uncertainty(xy, 0))
                    assert found is not None
                    assert found.certainty == wanted


def test_depth_that_may_be_enough_is_not_crossed_for_certain() -> None:
    block = prism(volume(WALL, -5000, -1000))
    heights = ((-500, 0, None), (-1100, 100, "certain"), (-900, 300, "possible"), (-1000, 3000, "possible"))
    for level, z, wanted in heights:
        found = clash(pipe([(0, 0), (26_000, 0)], level), block, 200, 200, Uncertainty(2500, z))
        assert (None if found is None else found.certainty) == wanted


def _shape(of: Solid) -> shapely.Geometry:
    if isinstance(of, Corridor):
        axes = [s.axis for s in of.segments]
        return shapely.LineString([(axes[0].x0, axes[0].y0), *((axis.x1, axis.y1) for axis in axes)])
    return shapely.Polygon(of.outer, of.holes)


def test_what_is_sure_stands_however_it_is_moved() -> None:
    rng = random.Random("moved")
    sure = 0
    for _ in range(120):
        wide, long = rng.randint(50, 900), rng.randint(500, 9000)
        ring = rng.choice([[(0, 0), (wide, 0), (wide, long), (0, long)], star(rng, 0, long // 2, 200, long, 11)])
        holes = [square(wide // 3, long // 3, wide // 5)] if len(ring) == 4 and rng.random() < 0.5 else []
        a: Solid = pipe([(rng.randint(-4000, 4000), rng.randint(-2000, 9000)) for _ in range(rng.randint(2, 5))])
        if rng.random() < 0.3:
            y = rng.randint(-1000, 9000)
            a = solid(volume([(-3000, y), (3000, y), (3000, y + 80), (-3000, y + 80)], -2100, -2000))
        b, shift = prism(volume(ring, -3000, -1000, holes)), rng.randint(1, 900)
        if not any(volume_crossed_surely(a, p, b, b, shift, None, False, True) for p in elements(a)):
            continue
        sure += 1
        one, other = _shape(a), _shape(b)
        for k in range(48):
            turn, away = math.radians(7.5 * k), rng.choice([shift, rng.uniform(0, shift)])
            assert translate(one, away * math.cos(turn), away * math.sin(turn)).intersects(other)
    assert sure > 20
