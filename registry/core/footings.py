"""How flanks lie beside each other in plan: what of one another covers, in whole numbers.

Where ``q`` lies to ``p`` is worked out once: how far both its ends are ahead along p and how far aside of it. How much
of p it covers within some distance is then a ratio of those. Of a few flanks that is told one by one, of many
(``many_footings``) all at once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from math import isqrt
from typing import NamedTuple

from registry.core.boxes import Pair
from registry.core.elements import merged
from registry.core.kernels import Number
from registry.core.solids import Flank

#: Pairs of elements, each with the stretch (mm of chainage) of the first solid that the second covers.
Alongside = list[tuple[tuple[int, int], Pair]]


class Footing(NamedTuple):
    """Flank ``q`` beside flank ``p``: of both its ends how far ahead of the start of p, and how far to the left, both
    times the length of p (mm²); ``squared`` is that length squared."""

    p: Flank
    q: Flank
    ahead: tuple[int, int]
    aside: tuple[int, int]
    squared: int


def footing(p: Flank, q: Flank) -> Footing:
    """Where ``q`` lies to ``p``, which has a length in plan."""
    x, y, ux, uy = int(p.axis.x0), int(p.axis.y0), int(p.axis.x1 - p.axis.x0), int(p.axis.y1 - p.axis.y0)
    dx, dy, ex, ey = int(q.axis.x0) - x, int(q.axis.y0) - y, int(q.axis.x1) - x, int(q.axis.y1) - y
    ahead, aside = (dx * ux + dy * uy, ex * ux + ey * uy), (ux * dy - uy * dx, ux * ey - uy * ex)
    return Footing(p, q, ahead, aside, ux * ux + uy * uy)


def band(squared: int, apart: Number) -> int:
    """``apart`` (mm) times a length of which the square is given, rounded up (mm²)."""
    num, den = apart.numerator, apart.denominator
    return isqrt(num * num * squared // (den * den)) + 1


def covered(f: Footing, most: int | None, width: int = 0) -> tuple[int, int] | None:
    """The stretch (mm of chainage) of p that the piece of q no farther aside than ``most`` (mm²; ``None``: all of it),
    ``width`` mm wide, covers; ``None``: nothing."""
    (start, end), den = f.ahead, 1
    if most is not None:
        (left, far), span = f.aside, f.aside[1] - f.aside[0]
        if span < 0:
            left, far, span = -left, -far, -span
        if far < -most or left > most:
            return None
        if span:
            low, high = max(-most - left, 0), min(most - left, span)
            start, end, den = start * span + low * (end - start), start * span + high * (end - start), span
    if start > end:
        start, end = end, start
    if width:
        half = width * isqrt(f.squared) * den
        start, end, den = 2 * start - half, 2 * end + half, 2 * den
    whole = f.squared * den
    start, end = max(start, 0), min(end, whole)
    return (_chainage(f.p, start, whole), _chainage(f.p, end, whole)) if start < end else None


def _chainage(p: Flank, num: int, den: int) -> int:
    """As ``Flank.chainage`` of the fraction ``num / den``: rounded, half to even, to µm and then down to mm."""
    whole, rest = divmod(num * p.length, den)
    whole += p.start
    if 2 * rest > den or (2 * rest == den and whole % 2):
        whole += 1
    return whole // 1000


class Beside:
    """What of one solid another covers, pair by pair of their elements."""

    def __init__(self, found: Alongside):
        self._found = found

    def __iter__(self) -> Iterator[tuple[tuple[int, int], Pair]]:
        return iter(self._found)

    def __bool__(self) -> bool:
        return bool(self._found)

    def covered(self, gap: int) -> list[tuple[int, int]]:
        """The stretches, joined over gaps of at most ``gap`` mm."""
        return merged([stretch for stretch, _ in self._found], gap)

    def inside(self, runs: Sequence[tuple[int, int]]) -> set[Pair]:
        """The pairs whose stretch lies in one of ``runs``, which are in order and apart."""
        starts = [start for start, _ in runs]
        found = set()
        for (start, end), pair in self._found:
            k = bisect_right(starts, start) - 1
            if k >= 0 and end <= runs[k][1]:
                found.add(pair)
        return found
