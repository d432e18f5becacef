"""Angles are told exactly: also where two directions differ from a threshold by less than any float can tell."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from math import atan2, degrees

import pytest

from registry.core.angles import millidegrees, reaches, turned_by


def _at_least_tan_15(c: int, d: int) -> bool:
    """c / d ≥ 2 − √3, by whole numbers."""
    return 2 * d - c <= 0 or (2 * d - c) ** 2 <= 3 * d * d


def _at_least_tan_22_5(c: int, d: int) -> bool:
    """c / d ≥ √2 − 1."""
    return (c + d) ** 2 >= 2 * d * d


def _at_least_tan_75(c: int, d: int) -> bool:
    """c / d ≥ 2 + √3."""
    return c - 2 * d >= 0 and (c - 2 * d) ** 2 >= 3 * d * d


@pytest.mark.parametrize(
    ("millideg", "oracle", "value"),
    [
        (15_000, _at_least_tan_15, "2 - 3**0.5"),
        (22_500, _at_least_tan_22_5, "2**0.5 - 1"),
        (75_000, _at_least_tan_75, "2 + 3**0.5"),
    ],
)
def test_the_best_fractions_on_either_side_are_told_apart(
    millideg: int, oracle: Callable[[int, int], bool], value: str
) -> None:
    """The convergents of the tangent come nearer and nearer to it, from both sides in turn."""
    with localcontext() as context:
        context.prec = 120
        root = Decimal(2 if "2**" in value else 3).sqrt()
        tangent = Fraction({"2 - 3**0.5": 2 - root, "2**0.5 - 1": root - 1, "2 + 3**0.5": 2 + root}[value])
    told = []
    for k in range(1, 80):
        near = tangent.limit_denominator(2**k)
        found = reaches(near.numerator**2, near.denominator**2, millideg)
        assert found is oracle(near.numerator, near.denominator), (k, near)
        told.append(found)
    assert True in told
    assert False in told


@pytest.mark.parametrize(("millideg", "squares"), [(30_000, (1, 3)), (45_000, (1, 1)), (60_000, (3, 1))])
def test_an_angle_that_is_exactly_the_threshold_reaches_it(millideg: int, squares: tuple[int, int]) -> None:
    assert reaches(*squares, millideg)
    assert not reaches(*squares, millideg + 1)
    assert millidegrees(*squares) == millideg
    big = 10**30
    assert not reaches(squares[0] * big - 1, squares[1] * big, millideg)
    assert millidegrees(squares[0] * big - 1, squares[1] * big) == millideg - 1


def test_upright_and_along() -> None:
    assert (millidegrees(1, 0), millidegrees(0, 1)) == (90_000, 0)
    assert reaches(1, 0, 90_000)
    assert not reaches(10**20, 1, 90_000)
    assert millidegrees(10**20, 1) == 89_999


def test_as_floats_tell_it_where_they_can() -> None:
    chance = random.Random(5)
    for _ in range(2_000):
        c, d = chance.randint(0, 10**6), chance.randint(1, 10**6)
        exact = degrees(atan2(c, d)) * 1000
        found = millidegrees(c * c, d * d)
        assert found <= exact + 1e-6
        assert exact < found + 1 + 1e-6
        assert reaches(c * c, d * d, found)
        assert not reaches(c * c, d * d, found + 1)


def test_how_far_a_line_turns_when_its_ends_are_moved() -> None:
    assert turned_by(0, 0) == turned_by(0, 10**6) == 0
    assert turned_by(500, 1_000**2) == 90_000
    assert turned_by(250, 1_000**2) == 30_001, "rounded up, also where it is whole"
    assert turned_by(1, 20_000**2) == 6
