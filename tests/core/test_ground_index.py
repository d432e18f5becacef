"""Ground level is the one that is found by looking at all of them; and of what lies far off none is looked up."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Literal

import pytest

from registry.core import case, ground
from registry.core.ground import Ground
from registry.core.kernels import Number, point_in_rings
from registry.core.model import Envelope, Geometry, GroundLevel, Object, Point, Size, Thing
from registry.core.sizes import plan_box
from registry.core.solids import MeasuredFrom, Solid, solid_of
from tests.core.building import asset, judged, line, part, rounded, ruleset, shaft, star, volume

RULES = ruleset((200, 200))
MEASURED: tuple[MeasuredFrom, ...] = ("envelope", "casing")


def plainly(levels: tuple[GroundLevel, ...], within: int, x: Number, y: Number) -> GroundLevel | None:
    """An area before a spot, existing before design, the latest or the nearest, the lowest id: all looked at."""
    areas = [level for level in levels if level.outer and point_in_rings(x, y, level.outer, level.holes) >= 0]
    if areas:
        basis = "existing" if any(area.basis == "existing" for area in areas) else "design"
        latest = max(area.as_of or "" for area in areas if area.basis == basis)
        return min((a for a in areas if a.basis == basis and (a.as_of or "") == latest), key=lambda a: a.id)
    spots = []
    for level in levels:
        if level.position is not None:
            away = Fraction(level.position[0] - x) ** 2 + Fraction(level.position[1] - y) ** 2
            if away <= within * within:
                spots.append(((level.basis == "design", away, level.id), level))
    return min(spots, key=lambda spot: spot[0])[1] if spots else None


def known(rng: random.Random, extent: int, count: int) -> tuple[GroundLevel, ...]:
    levels = []
    for k in range(count):
        basis: Literal["existing", "design"] = "design" if rng.random() < 0.3 else "existing"
        x, y = rng.randint(-extent, extent), rng.randint(-extent, extent)
        if rng.random() < 0.3:
            outer = tuple(star(rng, x, y, 10, extent // 4, rng.randint(4, 8)))
            as_of = rng.choice([None, "2020-01-01", "2024-01-01"])
            levels.append(GroundLevel(f"g{k}", k, outer=outer, basis=basis, as_of=as_of))
        else:
            levels.append(GroundLevel(f"g{k}", k, position=(x // 50 * 50, y // 50 * 50), basis=basis))
    return tuple(levels)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("few", [0, 16])
def test_the_ground_level_that_counts_is_that_of_all(seed: int, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground, "_FEW", few)
    rng = random.Random(f"ground {seed}")
    extent, within = rng.choice([2_000, 60_000]), rng.choice([0, 150, 1_000, 25_000])
    levels = known(rng, extent, rng.choice([1, 15, 60, 200]))
    found = Ground(levels, within)
    for _ in range(150):
        spot = rng.choice(levels).position or (0, 0)
        x: Number = rng.choice([rng.randint(-extent, extent) // 50 * 50, spot[0], spot[0] + within])
        y: Number = rng.choice([rng.randint(-extent, extent) // 50 * 50, spot[1]])
        if rng.random() < 0.5:
            x, y = x + Fraction(rng.randint(-99, 99), 7), y + Fraction(rng.randint(-99, 99), 3)
        assert found.at(x, y) == plainly(levels, within, x, y)
    monkeypatch.setattr(ground, "_FEW", 10_000)
    everything = Ground(levels, within)
    corners = [(rng.randint(-extent, extent), rng.randint(-extent, extent)) for _ in range(30)]
    boxes = [(x, y, x + rng.randint(0, extent), y + rng.randint(0, extent)) for x, y in corners]
    wanted = [everything.near(box).levels for box in boxes]
    monkeypatch.setattr(ground, "_FEW", few)
    assert [found.near(box).levels for box in boxes] == wanted


def test_of_what_lies_far_off_no_ground_level_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    made = set()

    def noted(thing: Thing, levels: Ground, measured_from: MeasuredFrom) -> Solid:
        made.add(thing.id)
        return solid_of(thing, levels, measured_from)

    monkeypatch.setattr(case, "solid_of", noted)
    beside = (RULES.reach + 100, 101)  # as near as reach, and 1 mm farther
    objects: list[Object] = [
        asset("near", line([(0, beside[0]), (9_000, beside[0])], 600, rounded(100), reference="ground")),
        *(asset(f"far{k}", line([(0, y), (9_000, y)], 600, rounded(100), reference="ground"))
          for k, y in enumerate(range(40_000, 80_000, 1_000))),
    ]  # fmt: skip
    verdict = judged([part("p", line([(0, 0), (9_000, 0)], -1_000, rounded(100)))], objects, RULES)
    assert made == {"p", "near"}
    assert [item.id for item in verdict.basis] == ["near"]


@pytest.mark.parametrize("seed", range(4))
def test_a_box_in_plan_is_never_smaller_than_the_solid(seed: int) -> None:
    rng = random.Random(f"box {seed}")

    def size() -> Size | None:
        shape: Literal["round", "rectangular"] = "round" if rng.random() < 0.5 else "rectangular"
        measure: Literal["outer", "inner"] = "outer" if rng.random() < 0.5 else "inner"
        width = rng.choice([None, 10, 301, 2_000])
        height = width if shape == "round" else rng.choice([None, 11, 500])
        wall = rng.choice([None, 30]) if measure == "inner" else None
        return rng.choice([None, Size(shape, measure, width, height, wall)])

    for _ in range(300):
        points: list[Point] = [(rng.randint(0, 9_000), rng.randint(0, 9_000)) for _ in range(3)]
        envelope = rng.choice([None, Envelope(rng.choice([10, 4_001]), 500)])
        things: list[Geometry] = [
            line(points, -1_000, size(), envelope=envelope),
            shaft(points[0], -3_000, 0, size()),
            volume(star(rng, 0, 0, 100, 5_000, 6), -3_000, 0),
        ]
        for thing in (*(part("x", geometry) for geometry in things), *(asset("x", geometry) for geometry in things)):
            for measured in MEASURED:
                inner, outer = solid_of(thing, Ground((), 0), measured).box, plan_box(thing)
                assert outer[0] <= inner[0]
                assert outer[1] <= inner[1]
                assert outer[2] >= inner[2]
                assert outer[3] >= inner[3]
