"""Parallel runs: where two corridors lie alongside each other at a small plan angle for long enough."""

from __future__ import annotations

from fractions import Fraction
from math import radians, tan

from registry.core.elements import Pair, merged, near_pairs
from registry.core.kernels import face_gap, plan_nearest
from registry.core.solids import Corridor, Segment


def parallel_pairs(a: Corridor, b: Corridor, below_millideg: int, from_length: int, reach: int) -> list[Pair]:
    """The pairs of segments that are part of a parallel run.

    A pair is alongside when its plan angle is below ``below_millideg``, its gap in plan at most ``reach`` (mm) and the
    second, projected on the first, covers some of it. Covered chainage of ``a`` is joined over all such pairs; joined
    stretches of at least ``from_length`` mm are runs.
    """
    slope = Fraction(round(tan(radians(below_millideg / 1000)) * 10**9), 10**9)
    alongside: list[tuple[tuple[int, int], Pair]] = []
    for i, j in near_pairs(a, b, reach):
        p, q = a.segments[i], b.segments[j]
        covered = _covered(p, q, slope)
        if covered is None:
            continue
        near = plan_nearest(p.axis, q.axis, None)
        if near is not None and face_gap(near.num, near.den, (a.width or 0) + (b.width or 0)) <= reach:
            alongside.append(((a.chainage(i, covered[0]), a.chainage(i, covered[1])), (i, j)))
    runs = [run for run in merged([stretch for stretch, _ in alongside], 1) if run[1] - run[0] >= from_length]
    return [pair for stretch, pair in alongside if any(run[0] <= stretch[0] and stretch[1] <= run[1] for run in runs)]


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
