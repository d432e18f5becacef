"""Uncertainty does not undo a crossing, in however many pieces the lines were drawn; and makes up none."""

from __future__ import annotations

import math
import random

import pytest

from registry.core.model import Asset, Part, Point, Uncertainty
from tests.core.building import asset, judged, line, part, rounded, ruleset

RULES = ruleset((200, 200))


def across(uncertain: int, *points: Point, level: int = -3000) -> Asset:
    there = line(points, level, rounded(400))
    return asset("g", there, "gasHogeDruk", uncertainty=Uncertainty(uncertain, 0))


def through(*points: Point) -> Part:
    return part("p", line(points, -3000, rounded(400)))


STRAIGHT = across(1000, (5000, -5000), (5000, 5000))


@pytest.mark.parametrize(
    "points",
    [
        ((0, 0), (10_000, 0)),
        ((0, 0), (5000, 0), (10_000, 0)),  # a corner just where they cross
        tuple((x, 0) for x in range(0, 10_001, 500)),
        tuple((x, (x // 500) % 2) for x in range(0, 10_001, 500)),  # not quite straight
        ((0, 0), (4800, 0), (5200, 100), (10_000, 100)),
    ],
)
def test_a_crossing_is_certain_in_however_many_pieces(points: tuple[Point, ...]) -> None:
    assert judged([through(*points)], [STRAIGHT], RULES).outcome == "conflict"
    turned = across(1000, *[(5000 + y, x - 5000) for x, y in points])
    assert judged([through((0, 0), (10_000, 0))], [turned], RULES).outcome == "conflict"
    assert judged([through(*points)], [turned], RULES).outcome == "conflict"


@pytest.mark.parametrize(
    ("points", "other"),
    [
        (((0, 0), (5000, 0), (5900, 0)), STRAIGHT),  # ends less than the uncertainty beyond the other
        (((0, 0), (5500, 0), (5500, 300), (0, 300)), STRAIGHT),  # comes back at once
        (((0, -600), (5000, 400), (10_000, -600)), across(1000, (-5000, 300), (15_000, 300))),  # twice, or not at all
    ],
)
def test_what_may_not_cross_is_not_certain(points: tuple[Point, ...], other: Asset) -> None:
    assert judged([through(*points)], [other], RULES).outcome == "fits_with_conditions"


def test_depth_counts_all_along_what_is_looked_at() -> None:
    sloping = line([(0, 0), (5000, 0), (10_000, 0)], [-3000, -3000, -9000], rounded(400))
    assert judged([part("p", sloping)], [STRAIGHT], RULES).outcome == "fits_with_conditions"
    level = across(1000, (5000, -5000), (5000, 5000), level=-3599)
    assert judged([through((0, 0), (5000, 0), (10_000, 0))], [level], RULES).outcome == "conflict"
    deeper = across(1000, (5000, -5000), (5000, 5000), level=-3600)
    assert judged([through((0, 0), (5000, 0), (10_000, 0))], [deeper], RULES).outcome == "fits"


def test_what_is_certain_still_is_when_either_is_moved() -> None:
    """Against moving: wherever the uncertain line is laid within its uncertainty, the two are too close."""
    rng = random.Random("crossings")
    certain = 0
    for _ in range(150):
        ours = [(x, rng.randint(-900, 900)) for x in range(0, 10_001, rng.choice((700, 1300, 2500)))]
        theirs = [(rng.randint(4000, 6000), y) for y in range(-4000, 4001, rng.choice((900, 2000)))]
        uncertain = rng.choice((200, 600, 1000))
        if judged([through(*ours)], [across(uncertain, *theirs)], RULES).outcome != "conflict":
            continue
        certain += 1
        for turn in range(0, 360, 30):
            dx, dy = (round(0.999 * uncertain * f(math.radians(turn))) for f in (math.cos, math.sin))
            moved = across(0, *[(x + dx, y + dy) for x, y in theirs])
            assert judged([through(*ours)], [moved], RULES).outcome == "conflict"
    assert certain > 50
