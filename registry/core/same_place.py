"""Whether what is new lies where what it replaces lay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from registry.core.boxes import near_boxes
from registry.core.elements import too_close
from registry.core.kernels import Axis, axis_box
from registry.core.solids import Corridor, Segment, Solid
from registry.core.stretches import Beside, stretches

#: From where to where along a line, mm of chainage.
Span = tuple[int, int]


def where_it_was(
    new: Solid, old: Solid, was: Sequence[Span], now: Sequence[Span], depth_counts: bool
) -> bool:
    """Whether the stretches of now lie along those there were: everywhere within half of both widths of them in plan,
    and where depth counts within half of both heights vertically, so not on the other side of what is in the way.
    Never so for what has no stretches: a shaft or volume."""
    if not isinstance(new, Corridor) or not isinstance(old, Corridor) or not was or not now:
        return False
    widths, heights = (new.width or 0) + (old.width or 0), (new.height or 0) + (old.height or 0)
    # Closed: half a mm more is not less than it.
    heights, cv = heights + 1, 0 if depth_counts else None
    there = [piece for start, end in was for piece in old.between(start, end)]
    boxes, others = ([axis_box(piece.axis) for piece in pieces] for pieces in (new.segments, there))
    near = [(new.segments[i], there[j]) for i, j in near_boxes(boxes, others, widths // 2 + 1)]
    near = [pair for pair in near if too_close(*pair, widths, heights, cv, 1)]
    along = stretches(new, [Beside(p, q, widths, heights, cv, 1) for p, q in near])
    if not all(any(low <= start and end <= high for low, high in along) for start, end in now):
        return False
    # A drop counts as a whole where any of it is near: its ends have to be as well.
    drops = [piece for piece in new.segments if piece.upright and _within(piece, new, now)]
    return all(
        any(too_close(end, q, widths, heights, cv, 1) for p, q in near if p.index == piece.index)
        for piece in drops
        for end in _ends(piece)
    )


def _within(piece: Segment, line: Corridor, spans: Sequence[Span]) -> bool:
    """Whether a drop in a line lies within one of these stretches."""
    at = line.chainage(piece.index, Fraction(0))
    return any(start <= at <= end for start, end in spans)


def _ends(piece: Segment) -> tuple[Segment, Segment]:
    p = piece.axis
    return tuple(  # type: ignore[return-value]
        replace(piece, axis=Axis(*place, *place)) for place in ((p.x0, p.y0, p.z0), (p.x1, p.y1, p.z1))
    )
