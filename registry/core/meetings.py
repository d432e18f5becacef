"""Where two elements are nearest, and where along a segment that may be."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from registry.core.kernels import Axis, Nearest, Number, face_gap
from registry.core.solids import Segment


@dataclass(frozen=True, slots=True)
class Meeting:
    """The least gap of two elements (mm, signed) and where on them: fractions ``s``, ``t`` of a segment, or a point."""

    gap: int
    s: Fraction
    t: Fraction
    x: int
    y: int


def met_at(near: Nearest, along: Nearest, axis: Axis, widths: int) -> Meeting:
    """The meeting at the least distance of two axes, placed on ``axis``."""
    x, y = on(axis, along.s)
    return Meeting(face_gap(near.num, near.den, widths), along.s, near.t, round(x), round(y))


def held_between(p: Segment, floor: Number, ceiling: Number) -> tuple[Fraction, Fraction] | None:
    """Between which fractions a segment is vertically too close: where floor < twice the axis height < ceiling.

    An upright one is so as a whole, as soon as it reaches above the floor and below the ceiling.
    """
    low, high = Fraction(0), Fraction(1)
    z0, z1 = p.axis.z0, p.axis.z1
    if min(z0, z1) >= ceiling or max(z0, z1) <= floor:
        return None
    if z0 == z1 or p.upright:
        return low, high
    if floor >= ceiling:
        return None
    cuts = sorted((Fraction(floor - z0) / (z1 - z0), Fraction(ceiling - z0) / (z1 - z0)))
    return max(cuts[0], low), min(cuts[1], high)


def on(axis: Axis, s: Fraction) -> tuple[Number, Number]:
    """The point in plan at a fraction of an axis."""
    return axis.x0 + s * (axis.x1 - axis.x0), axis.y0 + s * (axis.y1 - axis.y0)
