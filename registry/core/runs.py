"""Parallel runs: where two corridors lie alongside each other at a small plan angle for long enough."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import radians, tan

from registry.core.elements import Pair, merged, near_pairs
from registry.core.kernels import face_gap, plan_nearest
from registry.core.solids import Corridor, Segment

Alongside = list[tuple[tuple[int, int], Pair]]


def parallel_pairs(a: Corridor, b: Corridor, below_millideg: int, from_length: int, reach: int) -> list[Pair]:
    """The pairs of segments that are part of a parallel run along ``a`` of at least ``from_length`` mm."""
    beside = alongside(a, b, below_millideg, reach)
    return in_runs(beside, [stretch for stretch, _ in beside], from_length)


def in_runs(beside: Alongside, covered: Sequence[tuple[int, int]], from_length: int) -> list[Pair]:
    """Those pairs whose stretch is part of a run: of joined ``covered`` chainage of at least ``from_length`` mm.

    ``covered`` is that of a whole network, so that it does not matter into how many objects it was drawn.
    """
    runs = [run for run in merged(covered, 1) if run[1] - run[0] >= from_length]
    return [pair for stretch, pair in beside if any(run[0] <= stretch[0] and stretch[1] <= run[1] for run in runs)]


def alongside(a: Corridor, b: Corridor, below_millideg: int, reach: int) -> Alongside:
    """The pairs of segments that lie alongside each other, with the stretch (mm of chainage) they cover of ``a``.

    A pair does when its plan angle is below ``below_millideg``, its gap in plan at most ``reach`` (mm) and the second,
    projected on the first, covers some of it.
    """
    slope = Fraction(round(tan(radians(below_millideg / 1000)) * 10**9), 10**9)
    found: Alongside = []
    for i, j in near_pairs(a, b, reach):
        p, q = a.segments[i], b.segments[j]
        covered = _covered(p, q, slope)
        if covered is None:
            continue
        near = plan_nearest(p.axis, q.axis, None)
        if near is not None and face_gap(near.num, near.den, (a.width or 0) + (b.width or 0)) <= reach:
            found.append(((a.chainage(i, covered[0]), a.chainage(i, covered[1])), (i, j)))
    return found


def _covered(p: Segment, q: Segment, slope: Fraction) -> tuple[Fraction, Fraction] | None:
    """What of ``p`` (as fractions) ``q`` covers, when the angle between them is small enough."""
    ux, uy = p.axis.x1 - p.axis.x0, p.axis.y1 - p.axis.y0
    vx, vy = q.axis.x1 - q.axis.x0, q.axis.y1 - q.axis.y0
    length = ux * ux + uy * uy
    sine, cosine = ux * vy - uy * vx, ux * vx + uy * vy
    if length == 0 or (vx == 0 and vy == 0) or (sine * slope.denominator) ** 2 >= (cosine * slope.numerator) ** 2:
        return None
    ends = [
        (x - p.axis.x0) * ux + (y - p.axis.y0) * uy for x, y in ((q.axis.x0, q.axis.y0), (q.axis.x1, q.axis.y1))
    ]
    low, high = max(min(ends), 0), min(max(ends), length)
    return (Fraction(low) / length, Fraction(high) / length) if low < high else None
