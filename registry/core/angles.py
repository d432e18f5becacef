"""Angles between directions, told exactly: by whole numbers, against any whole number of thousandths of a degree.

Two directions with cross product c and dot product d enclose the angle of which the squared tangent is c² / d². It is
compared by the cosine of twice the angle, which is the ratio (d² - c²) / (d² + c²), with the cosine of twice the
threshold. That is irrational but for 30, 45 and 60 degrees (Niven), so that reckoning it in as many digits as it takes
always decides.
"""

from __future__ import annotations

from functools import lru_cache
from math import atan2, degrees, sqrt
from typing import Final

#: Bits after the point at which is begun; doubled until they decide.
_BITS: Final = 128
#: More than what is reckoned in is rounded: units in the last place, far beyond the number of its terms.
_GUARD: Final = 32
#: The cosine of twice the angle, as twice its value, where it is rational: by thousandths of a degree.
_RATIONAL: Final = {0: 2, 30_000: 1, 45_000: 0, 60_000: -1, 90_000: -2}


def reaches(cross2: int, dot2: int, millideg: int) -> bool:
    """Whether the angle (0 to 90 degrees) of which the squared tangent is ``cross2 / dot2``, both not below 0 and not
    both 0, is at least ``millideg`` (0 to 90,000) thousandths of a degree."""
    num, den = dot2 - cross2, dot2 + cross2
    if millideg in _RATIONAL:
        return 2 * num <= _RATIONAL[millideg] * den
    bits = _BITS
    while True:
        off = (num << bits) - den * _double_cosine(millideg, bits)
        if abs(off) > 2 * den:
            return off < 0
        bits *= 2


def millidegrees(cross2: int, dot2: int) -> int:
    """The angle in thousandths of a degree, rounded down: at least any whole number of them that it reaches."""
    found = round(degrees(atan2(sqrt(cross2), sqrt(dot2))) * 1000)
    while found > 0 and not reaches(cross2, dot2, found):
        found -= 1
    while found < 90_000 and reaches(cross2, dot2, found + 1):
        found += 1
    return found


def turned_by(apart: int, squared_length: int) -> int:
    """By how much at most (thousandths of a degree, rounded up) a straight line turns when each of its ends is moved by
    ``apart`` mm; 90,000 where that may be any angle. The sine is twice ``apart`` by the length."""
    if apart == 0:
        return 0
    sine2 = 4 * apart * apart
    return 90_000 if sine2 >= squared_length else millidegrees(sine2, squared_length - sine2) + 1


@lru_cache(maxsize=4096)
def _double_cosine(millideg: int, bits: int) -> int:
    """The cosine of twice an angle, times two to the ``bits``, off by less than two."""
    fine = bits + _GUARD
    x = _pi(fine) * millideg // 90_000
    term, total, k, sign = 1 << fine, 0, 0, 1
    while term:
        total += sign * term
        k, sign = k + 2, -sign
        term = (term * x >> fine) * x // (k * (k - 1) << fine)
    return total >> _GUARD


@lru_cache(maxsize=16)
def _pi(bits: int) -> int:
    """π times two to the ``bits``, by Machin's formula."""
    fine = bits + _GUARD
    return (4 * (4 * _arctan_of_one_by(5, fine) - _arctan_of_one_by(239, fine))) >> _GUARD


def _arctan_of_one_by(n: int, bits: int) -> int:
    term, total, k, sign = (1 << bits) // n, 0, 1, 1
    while term:
        total += sign * (term // k)
        term //= n * n
        k, sign = k + 2, -sign
    return total
