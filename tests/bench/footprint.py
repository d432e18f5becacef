"""The largest footprints the format lets in, against the longest corridor and each other."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

from registry.core.clash import find_clash
from registry.core.ground import Ground
from registry.core.kernels import plan_nearest
from registry.core.model import Asset, Geometry, Line, Point, Size, Uncertainty, Volume
from registry.core.policy import Clearance
from registry.core.solids import Corridor, Prism, Solid, solid_of
from tests.bench.measure import Measurement, seconds

ORIGIN = (155_000_000, 463_000_000)


def measure(smoke: bool) -> Iterator[Measurement]:
    """Seconds for one clash, beside measuring each segment against each side just once."""
    count = 60 if smoke else 5_000
    trees, others = solid(trees_at(count, 0, seed=1)), solid(trees_at(count, 150_000, seed=5))
    pipe, comb, strokes = solid(winding(count)), solid(teeth(count)), solid(zigzag(count))
    for name, a, b, target in (
        (f"pipe through trees, {count} × {count}", pipe, trees, 5),
        (f"trees and trees, {count} × {count}", trees, others, 2),
        (f"zigzag across a comb, {count} × {count}", strokes, comb, 20),
    ):
        found = find_clash(a, b, Clearance(500, 300), Uncertainty(), 10_000)
        assert found is not None
        value = seconds(lambda a=a, b=b: find_clash(a, b, Clearance(500, 300), Uncertainty(), 10_000), 1)  # type: ignore[misc]
        yield Measurement(name, value, "s", None, None if smoke else target)
    yield Measurement("every pair of them once", every_pair_once(pipe, trees), "s")


def every_pair_once(pipe: Solid, trees: Solid, sample: int = 2_000) -> float:
    """Seconds it would take to measure each segment against each side, told from a sample."""
    assert isinstance(pipe, Corridor)
    assert isinstance(trees, Prism)
    chance, sides = random.Random(6), trees.sides.axes
    pairs = [(chance.choice(pipe.segments).axis, chance.choice(sides)) for _ in range(sample)]
    return seconds(lambda: [plan_nearest(a, b, None) for a, b in pairs], 3) / sample * len(pipe.segments) * len(sides)


def solid(geometry: Geometry) -> Solid:
    return solid_of(Asset("thing", "water", "line", geometry), Ground((), 0), "envelope")


def trees_at(corners: int, aside: int, seed: int) -> Volume:
    """A zone of trees of 200 m across with a frayed edge."""
    chance = random.Random(seed)
    ring: list[Point] = []
    for k in range(corners):
        turn = 2 * math.pi * k / corners
        away = 100_000 * (1 + 0.05 * math.sin(9 * turn) + chance.uniform(-0.0005, 0.0005))
        ring.append((ORIGIN[0] + aside + round(away * math.cos(turn)), ORIGIN[1] + round(away * math.sin(turn))))
    return Volume(tuple(ring), (), -3_000, 0, "nap")


def teeth(corners: int) -> Volume:
    """A comb: teeth of 10 m by 2 mm, 2 mm apart."""
    ring: list[Point] = []
    for k in range(corners // 4):
        ring += [(4 * k, 0), (4 * k, 10_000), (4 * k + 2, 10_000), (4 * k + 2, 0)]
    ring[0], ring[-1] = (0, -1_000), (ring[-1][0], -1_000)
    return Volume(tuple((ORIGIN[0] + x, ORIGIN[1] + y) for x, y in ring), (), -3_000, 0, "nap")


def winding(vertices: int) -> Line:
    """A pipe of 300 m that winds."""
    chance = random.Random(2)
    return pipe_along(
        [(300 * k * 1_000 // vertices - 150_000, round(75_000 * math.sin(k / 200)) + chance.randint(-30, 30))
         for k in range(vertices)]
    )  # fmt: skip


def zigzag(vertices: int) -> Line:
    """A pipe that goes to and fro over the comb, across every tooth of it."""
    return pipe_along([((-5, vertices + 5)[k % 2], 10 + 9_000 * k // vertices) for k in range(vertices)])


def pipe_along(points: list[Point]) -> Line:
    vertices = tuple((ORIGIN[0] + x, ORIGIN[1] + y) for x, y in points)
    return Line(vertices, (-1_500,) * len(vertices), "axis", "nap", Size("round", "outer", 400, 400))
