"""What a clash is told as, against all pairs of its elements each worked out on its own: the same to the millimetre."""

from __future__ import annotations

import random
from collections import Counter

from registry.core.clash import find_clash
from registry.core.elements import Disk
from registry.core.model import Bound, Open, Point, Uncertainty
from registry.core.policy import Clearance
from registry.core.solids import Corridor, Solid
from tests.core.building import HERE, boxed, corridor, line, prism, rounded, shaft, star, volume
from tests.core.oracles import PlainClash

REACH = 2_000


def levels_of(rng: random.Random, count: int) -> list[int | None]:
    """Level, falling, wild, unknown, or unknown at some vertices."""
    kind, level = rng.randrange(6), rng.randint(-2_500, -800)
    levels: list[int | None] = [level] * count
    if kind == 1:
        levels = [level - 40 * k for k in range(count)]
    elif kind in (2, 3):
        levels = [rng.randint(-3_000, 0) for _ in range(count)]
    elif kind == 4:
        levels = [None if rng.random() < 0.3 else level for _ in range(count)]
    return levels if rng.random() < 0.9 else [None] * count


def a_line(rng: random.Random) -> Corridor:
    """A zigzag, a scribble, a comb, a straight line with collinear vertices, or a line with drops in it."""
    kind, count, points = rng.randrange(5), rng.randint(2, 9), list[Point]()
    turned, across = rng.random() < 0.5, rng.choice([300, 1_000, 9_000])
    if kind == 0:
        points = [((0, across)[k % 2] + rng.randint(-50, 50), k * across // count) for k in range(count)]
    elif kind == 1:
        points = [(rng.randint(0, across), rng.randint(0, across)) for _ in range(count)]
    elif kind == 2:
        points = [((0, across)[(k + 1) // 2 % 2], k // 2 * 700) for k in range(count)]
    elif kind == 3:
        step = rng.choice([(100, 0), (300, 400), (123, 457)])
        points = [(step[0] * k, step[1] * k) for k in sorted({0, count, *rng.sample(range(count + 1), 2)})]
    else:
        points = [(rng.randint(0, across), rng.randint(0, across)) for _ in range((count + 1) // 2) for _ in (0, 1)]
    if turned:
        points = [(y, x) for x, y in points]
    levels = levels_of(rng, len(points))
    keep = [k for k in range(len(points)) if k == 0 or (points[k], levels[k]) != (points[k - 1], levels[k - 1])]
    points, levels = [points[k] for k in keep], [levels[k] for k in keep]
    if len(set(points)) < 2:
        return a_line(rng)
    size = rng.choice([rounded(60), rounded(315), boxed(500, 101), boxed(40, 900), None])
    return corridor(line(points, levels, size))


def a_solid(rng: random.Random) -> Solid:
    kind = rng.randrange(8)
    if kind == 0:
        bottom, top = rng.randint(-4_000, -1_500), rng.randint(-1_400, 0)
        bounds: list[tuple[Bound, Bound]] = [(bottom, top), (Open.UNBOUNDED, top), (None, top)]
        low, high = rng.choice([*bounds, (Open.UNBOUNDED, Open.UNBOUNDED)])
        return corridor(shaft((rng.randint(0, 900), rng.randint(0, 900)), low, high, rng.choice([rounded(700), None])))
    if kind in (1, 2):
        ring = star(rng, 500, 300, *rng.choice([(60, 900), (700, 900)]), 9)
        return prism(volume(ring, rng.choice([None, -2_500, -1_200]), rng.randint(-1_100, 0)))
    return a_line(rng)


def test_a_clash_is_that_of_every_pair_on_its_own() -> None:
    rng = random.Random("plainly")
    seen: Counter[str] = Counter()
    for _ in range(400):
        a, b = a_solid(rng), a_solid(rng)
        clearance = Clearance(rng.choice([0, 1, 200, 500]), rng.choice([None, 0, 1, 200, 600]))
        uncertainty = rng.choice([Uncertainty(), Uncertainty(), Uncertainty(100, 50), Uncertainty(0, 300)])
        disks: list[Disk] = []
        if rng.random() < 0.3:
            disks = [(HERE[0] + rng.randint(0, 900), HERE[1] + rng.randint(0, 900), rng.randint(50, 600))]
        wanted = PlainClash(a, b, clearance, uncertainty, REACH, disks).find()
        found = find_clash(a, b, clearance, uncertainty, REACH, None, disks)
        assert found == wanted, (a, b, clearance, uncertainty, disks)
        if found is not None:
            seen[found.certainty] += 1
            seen["mixed"] += found.mixed
            seen["vertical"] += found.gap.vertical is not None
            seen["stretches"] += len(found.stretches) > 1
    assert min(seen[kind] for kind in ("certain", "undetermined", "mixed", "vertical", "stretches")) > 20
    assert seen["possible"] + seen["possible_end"] > 5
