"""What remains of a reservation lies inside what it was, but for rounding."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from registry.core.model import Geometry
from registry.core.reduced import exceeds
from tests.core.building import line, reservation, rounded, shaft, square, volume

LONG = line([(0, 0), (20_000, 0), (20_000, 9_000)], [-1000, -1500, -1500], rounded(500))
BOX = volume(square(0, 0, 4_000), -3000, -1000)


def out(remaining: Geometry, former: Geometry) -> bool:
    return exceeds(reservation("R-1", remaining), reservation("R-1", former))


@pytest.mark.parametrize("remaining", [
    LONG,
    line([(0, 0), (20_000, 0)], [-1000, -1500], rounded(500)),
    line([(5_000, 0), (10_000, 0)], [-1125, -1250], rounded(500)),
    line([(0, 0), (8_000, 0), (20_000, 0)], [-1000, -1200, -1500], rounded(300)),
    line([(20_000, 0), (0, 0)], [-1500, -1000], rounded(500)),
])  # fmt: skip
def test_part_of_a_line_is_inside_it(remaining: Geometry) -> None:
    assert not out(remaining, LONG)


@pytest.mark.parametrize("remaining", [
    line([(0, 0), (20_000, 0)], [-1000, -1500], rounded(510)),
    line([(0, 0), (20_010, 0)], [-1000, -1500], rounded(500)),
    line([(0, 0), (20_000, 0)], [-1000, -1510], rounded(500)),
    line([(0, 10), (20_000, 10)], [-1000, -1500], rounded(500)),
    line([(0, 0), (20_000, 9_000)], [-1000, -1500], rounded(500)),
    line([(0, 50_000), (20_000, 50_000)], [-1000, -1500], rounded(100)),
    volume(square(0, -100, 200), -1100, -1000),
])  # fmt: skip
def test_what_is_wider_longer_lower_or_elsewhere_is_not(remaining: Geometry) -> None:
    assert out(remaining, LONG)


def test_a_line_may_be_cut_anywhere() -> None:
    """The place where it is cut is written in whole mm, beside the line."""
    chance = random.Random(3)
    for _ in range(200):
        angle, length, deep = chance.uniform(0, math.tau), chance.randrange(2_000, 40_000), chance.randrange(500, 3000)
        end = (round(length * math.cos(angle)), round(length * math.sin(angle)))
        former = line([(0, 0), end], [-deep, -deep - 777], rounded(chance.randrange(100, 900)))
        part = chance.random()
        cut, level = (round(end[0] * part), round(end[1] * part)), round(-deep - 777 * part)
        size = former.size
        assert not out(line([(0, 0), cut], [-deep, level], size), former), (end, part)
        beside = (round(cut[0] - 4 * math.sin(angle)), round(cut[1] + 4 * math.cos(angle)))
        assert out(line([(0, 0), beside], [-deep, level], size), former), (end, part)


def test_volumes_by_their_corners_and_heights() -> None:
    assert not out(BOX, BOX)
    assert not out(volume(square(1_000, 0, 3_000), -2500, -1000), BOX)
    assert out(volume(square(1_000, 0, 3_010), -2500, -1000), BOX)
    assert out(volume(square(0, 0, 4_000), -3001, -1000), BOX)
    assert out(volume(square(0, 0, 4_000), -3000, -999), BOX)
    ring = volume(square(0, 0, 4_000), -3000, -1000, [square(1_000, 1_000, 500)])
    assert not out(ring, BOX)
    assert not out(ring, ring)
    assert out(BOX, ring)
    assert not out(volume([(0, 0), (3_997, 1_999), (1_999, 3_997)], -2000, -1500), BOX)
    skew = volume([(0, 0), (7_001, 3_000), (7_001, 0)], -3000, -1000)
    cut = (round(7_001 * 0.31), round(3_000 * 0.31))
    assert not out(volume([cut, (7_001, 3_000), (7_001, 0)], -3000, -1000), skew)


def test_lines_and_shafts_in_volumes_and_shafts() -> None:
    assert not out(line([(300, 300), (3_700, 3_700)], -2000, rounded(500)), BOX)
    assert out(line([(200, 200), (3_700, 3_700)], -2000, rounded(500)), BOX)
    tall = shaft((2_000, 2_000), -3000, -1000, rounded(1000))
    assert not out(tall, BOX)
    assert not out(shaft((2_000, 2_000), -2500, -1000, rounded(900)), tall)
    assert out(shaft((2_000, 2_000), -3001, -1000, rounded(1000)), tall)
    assert out(shaft((2_100, 2_000), -3000, -1000, rounded(1000)), tall)


def test_what_is_unknown_is_not_told() -> None:
    unknown = replace(LONG, size=None)
    assert not out(LONG, unknown)
    assert not out(unknown, LONG)
    below = replace(LONG, level_reference="ground", levels=(1000, 1000, 1000))
    assert not out(below, LONG)
