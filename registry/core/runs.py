"""Parallel runs: where two solids lie alongside each other for long enough.

What may run alongside is a *flank*: a segment of a corridor's axis, or an edge of a volume's footprint. Two do so
at a small plan angle (``alongside``), or however they wind, where they stay within the clearance asked for longer than
any straight line that crosses could (``hugging``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, isqrt, radians, tan
from typing import Final

from registry.core.elements import Pair, axis_box, both_widths, boxes_meet, merged, near_boxes
from registry.core.kernels import Axis, Number, face_gap, plan_nearest
from registry.core.solids import Corridor, Flank, Solid

#: Pairs of elements, each with the stretch (mm of chainage) of the first solid that the second covers.
Alongside = list[tuple[tuple[int, int], Pair]]

#: Gaps (mm) that end no run: between lines that lie alongside, and between what stays near however it winds. Wider
#: ones do not either where both widths together are more.
GAP: Final = 1000
GAP_WINDING: Final = 100
#: The least distance between axes (mm), and the ratio between one and the next, at which winding is looked for.
FIRST_STEP: Final = 100
STEP: Final = Fraction(21, 20)


def in_runs(beside: Alongside, covered: Sequence[tuple[int, int]], from_length: int, gap: int) -> set[Pair]:
    """Those pairs whose stretch is part of a run: of ``covered`` chainage, joined over gaps of at most ``gap``, that is
    at least ``from_length`` mm long.

    ``covered`` is that of a whole network, so that it does not matter into how many objects it was drawn.
    """
    runs = [run for run in merged(covered, gap) if run[1] - run[0] >= from_length]
    return {pair for stretch, pair in beside if any(run[0] <= stretch[0] and stretch[1] <= run[1] for run in runs)}


def alongside(a: Solid, b: Solid, below_millideg: int, reach: int) -> Alongside:
    """The pairs that lie alongside each other at a small angle, with the stretch they cover of ``a``.

    A pair does when its plan angle is below ``below_millideg``, its gap in plan at most ``reach`` (mm) and the second,
    projected on the first, covers some of it.
    """
    slope = _slope(below_millideg)
    both = both_widths(a, b)
    found: Alongside = []
    for p, q in _near_flanks(a, b, both // 2 + 1 + reach):
        ends = _feet(p.axis, q.axis) if _parallel(p.axis, q.axis, slope) else None
        if ends is None:
            continue
        near = plan_nearest(p.axis, q.axis, None)
        if near is not None and face_gap(near.num, near.den, both) <= reach:
            found.append(_covered(p, q, ends))
    return found


def hugging(a: Solid, b: Solid, apart: Number) -> Alongside:
    """The pairs whose axes or edges come within ``apart`` (mm) in plan, with the stretch of ``a`` along which they do.

    A place on ``b`` counts for where it lies square to ``a``; a shaft for as much as it is wide.
    """
    found: Alongside = []
    width = (b.width or 0) if isinstance(b, Corridor) and b.is_shaft else 0
    for p, q in _near_flanks(a, b, ceil(apart)):
        piece = _within(p.axis, q.axis, apart)
        ends = None if piece is None else _feet(p.axis, piece, width)
        if ends is not None:
            found.append(_covered(p, q, ends))
    return found


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
    slope = _slope(below_millideg)
    return 2 * apart * slope.denominator // slope.numerator + 4


def _slope(millideg: int) -> Fraction:
    return Fraction(round(tan(radians(millideg / 1000)) * 10**9), 10**9)


def _near_flanks(a: Solid, b: Solid, margin: int) -> Iterator[tuple[Flank, Flank]]:
    if not a.flanks or not b.flanks or (isinstance(a, Corridor) and a.is_shaft) or not boxes_meet(a.box, b.box, margin):
        return
    boxes = [[axis_box(flank.axis) for flank in solid.flanks] for solid in (a, b)]
    for i, j in near_boxes(boxes[0], boxes[1], margin):
        yield a.flanks[i], b.flanks[j]


def _parallel(p: Axis, q: Axis, slope: Fraction) -> bool:
    ux, uy, vx, vy = p.x1 - p.x0, p.y1 - p.y0, q.x1 - q.x0, q.y1 - q.y0
    sine, cosine = ux * vy - uy * vx, ux * vx + uy * vy
    return (sine * slope.denominator) ** 2 < (cosine * slope.numerator) ** 2


def _feet(p: Axis, q: Axis, width: int = 0) -> tuple[Fraction, Fraction] | None:
    """What of ``p`` (as fractions) ``q``, ``width`` (mm) wide, covers, projected on it."""
    ux, uy = p.x1 - p.x0, p.y1 - p.y0
    length = ux * ux + uy * uy
    ends = [(x - p.x0) * ux + (y - p.y0) * uy for x, y in ((q.x0, q.y0), (q.x1, q.y1))]
    half = Fraction(width * isqrt(int(length)), 2)
    low, high = max(min(ends) - half, Fraction(0)), min(max(ends) + half, Fraction(length))
    return (Fraction(low) / length, Fraction(high) / length) if low < high else None


def _within(p: Axis, q: Axis, apart: Number) -> Axis | None:
    """The piece of ``q`` that lies at most ``apart`` mm (rounded up) from the line of ``p``."""
    ux, uy = p.x1 - p.x0, p.y1 - p.y0
    most = isqrt(int(apart * apart * (ux * ux + uy * uy))) + 1
    off, end = ux * (q.y0 - p.y0) - uy * (q.x0 - p.x0), ux * (q.y1 - p.y0) - uy * (q.x1 - p.x0)
    cuts = [Fraction(0), Fraction(1)]
    if off != end:
        cuts = sorted((Fraction(-most - off) / (end - off), Fraction(most - off) / (end - off)))
    elif not -most <= off <= most:
        return None
    low, high = max(cuts[0], Fraction(0)), min(cuts[1], Fraction(1))
    if low > high:
        return None
    x, y = q.x1 - q.x0, q.y1 - q.y0
    return Axis(q.x0 + low * x, q.y0 + low * y, 0, q.x0 + high * x, q.y0 + high * y, 0)


def _covered(p: Flank, q: Flank, ends: tuple[Fraction, Fraction]) -> tuple[tuple[int, int], Pair]:
    return (p.chainage(ends[0]), p.chainage(ends[1])), (p.element, q.element)
