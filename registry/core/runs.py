"""Parallel runs: where two solids lie alongside each other for long enough.

What may run alongside is a *flank*: a segment of a corridor's axis, or an edge of a volume's footprint. Two do so
at a small plan angle (``alongside``), or however they wind, where they stay within the clearance asked for longer than
any straight line that crosses could (``hugging``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, radians, tan
from typing import Final

from registry.core.boxes import Box, Pair, boxes_meet, near_boxes
from registry.core.elements import both_widths
from registry.core.footings import Beside, band, covered, footing
from registry.core.kernels import Axis, Number, axis_box, face_gap, plan_nearest
from registry.core.solids import Corridor, Flank, Solid

#: Gaps (mm) that end no run: between lines that lie alongside, and between what stays near however it winds. Wider
#: ones do not either where both widths together are more.
GAP: Final = 1000
GAP_WINDING: Final = 100
#: The least distance between axes (mm), and the ratio between one and the next, at which winding is looked for.
FIRST_STEP: Final = 100
STEP: Final = Fraction(21, 20)
#: From so many pairs of flanks on they are looked at all at once.
MANY: Final = 20_000


def in_runs(beside: Beside, joined: Sequence[tuple[int, int]], from_length: int) -> set[Pair]:
    """Those pairs whose stretch is part of a run: one of ``joined`` that is at least ``from_length`` mm long.

    ``joined`` is what is covered of a whole network, so that it does not matter into how many objects it was drawn.
    """
    return beside.inside([run for run in joined if run[1] - run[0] >= from_length])


def alongside(a: Solid, b: Solid, below_millideg: int, reach: int) -> Beside:
    """The pairs that lie alongside each other at a small angle, with the stretch they cover of ``a``.

    A pair does when its plan angle is below ``below_millideg``, its gap in plan at most ``reach`` (mm) and the second,
    projected on the first, covers some of it.
    """
    slope = tangent(below_millideg)
    both = both_widths(a, b)

    def near(p: Flank, q: Flank) -> bool:
        found = plan_nearest(p.axis, q.axis, None)
        return found is not None and face_gap(found.num, found.den, both) <= reach

    margin = both // 2 + 1 + reach
    if _run_beside(a, b, margin) and len(a.flanks) * len(b.flanks) >= MANY:
        # Most cases have few, and this import is slow.
        from registry.core.many_footings import Footings

        return Footings(a.flanks, b.flanks, margin).alongside(slope.as_integer_ratio(), near, both // 2 + reach)
    found = []
    for p, q in _near_flanks(a, b, margin):
        stretch = covered(footing(p, q), None) if _parallel(p.axis, q.axis, slope) else None
        if stretch is not None and near(p, q):
            found.append((stretch, (p.element, q.element)))
    return Beside(found)


class Hugging:
    """The pairs of axes or edges of ``a`` and ``b`` that may come within ``most`` (mm) in plan: looked for once."""

    def __init__(self, a: Solid, b: Solid, most: Number):
        self.most = most
        # A place on ``b`` counts for where it lies square to ``a``; a shaft for as much as it is wide.
        self._width = (b.width or 0) if isinstance(b, Corridor) and b.is_shaft else 0
        self._many = _run_beside(a, b, ceil(most)) and len(a.flanks) * len(b.flanks) >= MANY
        if self._many:
            # Most cases have few, and this import is slow.
            from registry.core.many_footings import Footings

            self._all = Footings(a.flanks, b.flanks, ceil(most), self._width)
        else:
            self._few = [
                (footing(p, q), _apart(axis_box(p.axis), axis_box(q.axis))) for p, q in _near_flanks(a, b, ceil(most))
            ]

    def within(self, apart: Number) -> Beside:
        """Those that come within ``apart`` (mm; at most ``most``), with the stretch of ``a`` along which they do."""
        reach = ceil(apart)
        if self._many:
            return self._all.within(apart, reach)
        found = []
        for f, away in self._few:
            stretch = covered(f, band(f.squared, apart), self._width) if away <= reach else None
            if stretch is not None:
                found.append((stretch, (f.p.element, f.q.element)))
        return Beside(found)


def hugging(a: Solid, b: Solid, apart: Number) -> Beside:
    """The pairs whose axes or edges come within ``apart`` (mm) in plan, with the stretch of ``a`` along which they do.

    A place on ``b`` counts for where it lies square to ``a``; a shaft for as much as it is wide.
    """
    return Hugging(a, b, apart).within(apart)


def steps(most: Number) -> list[tuple[Number, int]]:
    """The distances between axes (mm), up to ``most``, at which winding is looked for, each with the one before it.

    They do not depend on ``most`` but for the last: what runs alongside at one still does when more is asked.
    """
    found: list[tuple[Number, int]] = []
    last = Fraction(FIRST_STEP)
    while last < most:
        found.append((min(ceil(last * STEP), most), int(last)))
        last *= STEP
    return found


def longest_crossing(apart: int, below_millideg: int) -> int:
    """The longest stretch (mm) over which a straight line that crosses at ``below_millideg`` has its axis within
    ``apart`` mm of another: 2 · apart / tan(angle); a few mm are added for what is rounded outward."""
    slope = tangent(below_millideg)
    return 2 * apart * slope.denominator // slope.numerator + 4


def tangent(millideg: int) -> Fraction:
    """The tangent of an angle in thousandths of a degree, as a ratio."""
    return Fraction(round(tan(radians(millideg / 1000)) * 10**9), 10**9)


def _run_beside(a: Solid, b: Solid, margin: int) -> bool:
    """Whether anything of ``b`` may run beside ``a``."""
    upright = isinstance(a, Corridor) and a.is_shaft
    return bool(a.flanks and b.flanks) and not upright and boxes_meet(a.box, b.box, margin)


def _near_flanks(a: Solid, b: Solid, margin: int) -> Iterator[tuple[Flank, Flank]]:
    if not _run_beside(a, b, margin):
        return
    boxes = [[axis_box(flank.axis) for flank in solid.flanks] for solid in (a, b)]
    for i, j in near_boxes(boxes[0], boxes[1], margin):
        yield a.flanks[i], b.flanks[j]


def _apart(p: Box, q: Box) -> int:
    """How far two boxes lie from each other along the axis along which they do so most, mm."""
    return max(p[0] - q[2], q[0] - p[2], p[1] - q[3], q[1] - p[3])


def _parallel(p: Axis, q: Axis, slope: Fraction) -> bool:
    ux, uy, vx, vy = p.x1 - p.x0, p.y1 - p.y0, q.x1 - q.x0, q.y1 - q.y0
    sine, cosine = ux * vy - uy * vx, ux * vx + uy * vy
    return (sine * slope.denominator) ** 2 < (cosine * slope.numerator) ** 2
