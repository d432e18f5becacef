"""Pairs measured several at a time against exact arithmetic: how far off a float may be, at any length it takes."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np
import pytest

from registry.core import pairs
from registry.core.kernels import Axis, plan_nearest, segment_distance

#: What is measured is left to exact arithmetic nearer than 1e-6 mm to a whole number: ten times this.
OFF = Fraction(1, 10_000_000)


def lines(chance: np.random.Generator, count: int, far: int) -> Any:
    """Pairs of segments, in whole mm and half mm of height: of all lengths, parallel or nearly so, crossing, touching,
    of no length, far apart."""
    a = np.zeros((count, 6), np.int64)
    b = np.zeros((count, 6), np.int64)
    for k in range(count):
        size = int(10 ** chance.uniform(0, np.log10(far)))
        u, v = chance.integers(-size, size + 1, 3), chance.integers(-size, size + 1, 3)
        kind = k % 7
        if kind == 1:
            v = u + chance.integers(-2, 3, 3)
        elif kind == 2:
            v = -u
        elif kind == 3:
            v = u // int(chance.integers(1, 50)) + chance.integers(-1, 2, 3)
        elif kind == 4:
            v[:] = 0
        w = chance.integers(-3_000, 3_001, 3)
        if kind == 5:
            w = -(u * int(chance.integers(0, 1_001))) // 1_000 + chance.integers(-2, 3, 3)
        if kind == 6:
            w = chance.integers(-size, size + 1, 3)
        u, v = np.clip(u, -far, far), np.clip(v, -far, far)
        a[k, :3], a[k, 3:] = w, w + u
        b[k, 3:] = v
    return a, b


def measured(a: Any, b: Any, euclid: bool) -> Any:
    """As the search lays pairs out, with nothing taken off."""
    count = len(a)
    held = np.full(pairs.PAIRS_ROOM, np.nan)
    half = np.array([1.0, 1.0, 0.5])
    for column, values in (
        (pairs.WX, (a[:, :3] - b[:, :3]) * half), (pairs.UX, (a[:, 3:] - a[:, :3]) * half),
        (pairs.VX, (b[:, 3:] - b[:, :3]) * half),
    ):  # fmt: skip
        for axis in range(3):
            held[column + axis * pairs.PAIRS : column + axis * pairs.PAIRS + count] = values[:, axis]
    held[pairs.LESS : pairs.LESS + count] = 0.0
    pairs.measure(held, count, euclid)
    return held[pairs.APART : pairs.APART + count]


def exactly(a: list[int], b: list[int], euclid: bool) -> Fraction:
    """The square of the distance."""
    if not euclid:
        near = plan_nearest(Axis(*a), Axis(*b), None)
        assert near is not None
        return Fraction(near.num, near.den)
    ends = [[(2 * p[0], 2 * p[1], p[2]), (2 * p[3], 2 * p[4], p[5])] for p in (a, b)]
    near = segment_distance(*ends)
    return Fraction(near.num, 4 * near.den)


def root(squared: Fraction) -> Fraction:
    """Its square root, off by less than 2⁻⁶⁰."""
    return Fraction(isqrt(squared.numerator * (1 << 120) // squared.denominator), 1 << 60)


@pytest.mark.parametrize("euclid", [True, False])
@pytest.mark.parametrize("far", [30, 20_000, pairs.FAR])
def test_it_is_off_by_less_than_a_tenth_of_what_is_left_to_exact_arithmetic(euclid: bool, far: int) -> None:
    chance = np.random.default_rng(far)
    for _ in range(8):
        a, b = lines(chance, 500, far)
        for p, q, told in zip(a.tolist(), b.tolist(), measured(a, b, euclid).tolist(), strict=True):
            assert abs(Fraction(told) - root(exactly(p, q, euclid))) < OFF, (p, q)


def test_what_stands_in_the_next_place_does_not_matter() -> None:
    a, b = lines(np.random.default_rng(3), 511, 20_000)
    together = measured(a, b, True)
    alone = [measured(a[[k]], b[[k]], True)[0] for k in range(len(a))]
    assert np.abs(together - alone).max() < 1e-7
