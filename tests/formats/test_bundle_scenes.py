"""A bundle of any verdict verifies: whatever ground level or zone was looked up, and counted, is in it."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from registry.core.model import (
    SURFACES,
    Asset,
    Geometry,
    GroundLevel,
    Line,
    Object,
    Part,
    Point,
    Reservation,
    Shaft,
    Uncertainty,
    Volume,
    Zone,
)
from registry.core.policy import Ruleset
from registry.core.verdict import Verdict, judge
from registry.formats.bundle import verify_bundle, write_bundle
from tests.core.building import application, asset, here, line, part, rounded, ruleset, star

THEMES = ("rioolVrijverval", "gasLageDruk", "water")
RULES = [
    ruleset(
        covers=[
            ("rioolVrijverval", "any", 1000, 2500),
            ("rioolVrijverval", "carriageway", 1400, None),
            ("water", "any", 900, None),
            ("water", "verge", 700, None),
        ],
        ground_level_within=within,
        assumed_depths=[("gasLageDruk", 800, 1200), ("water", 1000, 1200)],
    )
    for within in (8000, 25_000, 25_000)
]


def place(rng: random.Random) -> Point:
    return rng.randint(-12_000, 12_000), rng.randint(-12_000, 12_000)


def ring(rng: random.Random, most: int) -> Sequence[Point]:
    return here(star(rng, *place(rng), most // 4, most, rng.randint(4, 7)))


def stated(rng: random.Random, levels: Sequence[int]) -> int | None:
    """No ground level, one that is also registered, or another."""
    return rng.choice([None, rng.choice(levels), rng.choice(levels), rng.randint(-700, 700)])


def geometry(rng: random.Random, levels: Sequence[int], unknown: bool) -> Geometry:
    below = rng.random() < 0.7
    shape = rng.choice(["line", "line", "shaft", "volume"])
    reference = "ground" if below else "nap"
    if shape == "line":
        points = here([place(rng) for _ in range(rng.randint(2, 4))])
        depths = [rng.randint(600, 3600) for _ in points]
        given = tuple(None if unknown else depth if below else -depth for depth in depths)
        ground = tuple(stated(rng, levels) for _ in points) if rng.random() < 0.6 else ()
        return Line(points, given, rng.choice(["axis", "top"]), reference, rounded(300), None, ground)  # type: ignore[arg-type]
    top = rng.randint(300, 1600)
    low, high = top + rng.randint(400, 2000), top
    bottom, top = (low, high) if below else (-low, -high)
    if shape == "shaft":
        return Shaft(here([place(rng)])[0], bottom, top, reference, rounded(800), stated(rng, levels))  # type: ignore[arg-type]
    return Volume(tuple(ring(rng, 6000)), (), bottom, top, reference, stated(rng, levels))  # type: ignore[arg-type]


def scene(rng: random.Random) -> tuple[list[Part], list[Object]]:
    levels = [rng.choice([0, 0, -400, -2000]) for _ in range(rng.randint(1, 9))]
    objects: list[Object] = []
    for k, level in enumerate(levels):
        basis, unsure = rng.choice(["existing", "existing", "design"]), rng.choice([0, 0, 80])
        if rng.random() < 0.7:
            objects.append(GroundLevel(f"s{k}", level, here([place(rng)])[0], basis=basis, uncertainty=unsure))  # type: ignore[arg-type]
        else:
            dated = rng.choice([None, "2001-01-01", "2011-01-01"])
            outer = tuple(ring(rng, 9000))
            objects.append(GroundLevel(f"a{k}", level, None, outer, (), basis, dated, None, unsure))  # type: ignore[arg-type]
    objects += [
        Zone(f"z{k}", "surface", rng.choice(SURFACES[:5]), tuple(ring(rng, 9000))) for k in range(rng.randint(0, 4))
    ]
    for k in range(rng.randint(0, 4)):
        there = geometry(rng, levels, rng.random() < 0.7)
        unsure_too = Uncertainty(rng.choice([0, 100]), rng.choice([0, 100]))
        objects.append(Asset(f"o{k}", rng.choice(THEMES), "line", there, "Gasnet", unsure_too))
    if rng.random() < 0.4:
        objects.append(Reservation("r", rng.choice(THEMES), "line", geometry(rng, levels, False), "Gemeente"))
    parts = []
    for k in range(rng.randint(1, 3)):
        made = geometry(rng, levels, False)
        unsure_too = Uncertainty(rng.choice([0, 200]), rng.choice([0, 300]))
        parts.append(Part(f"p{k}", rng.choice(THEMES), "line", made, uncertainty=unsure_too))
    return parts, objects


def verifies(parts: Sequence[Part], objects: Sequence[Object], rules: Ruleset) -> Verdict:
    """The verdict on parts, shown to follow from its bundle."""
    asked = application(*parts)
    verdict = judge(asked, objects, rules)
    found = verify_bundle(write_bundle(asked, rules, verdict).encode())
    assert found.differences == ()
    assert found.recomputed is not None
    assert found.recomputed.sha256 == verdict.sha256
    return verdict


@pytest.mark.parametrize("seed", range(10))
def test_a_bundle_of_any_scene_verifies(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(40):
        verifies(*scene(rng), rng.choice(RULES))


def spot(name: str, x: int, y: int, level: int) -> GroundLevel:
    return GroundLevel(name, level, here([(x, y)])[0])


def test_a_ground_level_that_says_what_was_stated_is_in_the_basis() -> None:
    """Without it the other would count there, and contradict what was stated."""
    spots = [spot("near", 0, 100, 0), spot("far", 10_000, 0, -1000)]
    drawn = line([(0, 0), (10_000, 0)], 1500, rounded(400), reference="ground", ground=[0, None])
    gas = asset("gas", line([(2000, -5000), (2000, 5000)], -2600, rounded(400)), "gasLageDruk")
    found = verifies([part("p", drawn)], [*spots, gas], ruleset())
    assert [item.id for item in found.basis] == ["gas", "far", "near"]


def test_what_an_assumption_that_failed_was_counted_from_is_in_the_basis() -> None:
    """At its ends the ground is 2 m lower, and so may the gas main be; without them it would be passed over it."""
    ends = [spot("south", 5000, -9000, -2000), spot("north", 5000, 9000, -2000)]
    gas = asset("gas", line([(5000, -9000), (5000, 9000)], None, rounded(400)), "gasLageDruk")
    pipe = part("p", line([(0, 0), (10_000, 0)], -3200, rounded(400)))
    found = verifies([pipe], [*ends, spot("middle", 5000, 0, 0), gas], RULES[2])
    assert found.outcome == "undetermined"
    assert {item.id for item in found.basis} == {"gas", "south", "north", "middle"}
