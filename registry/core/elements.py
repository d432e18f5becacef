"""The pieces solids are made of, and how near two of them come: segments of corridors, and volumes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import isqrt

from registry.core.boxes import Box, Pair, boxes_meet, near_boxes
from registry.core.kernels import Axis, Nearest, Number, axis_box, face_gap, plan_nearest
from registry.core.meetings import Meeting, held_between, met_at
from registry.core.solids import Corridor, Prism, Segment, Solid

Element = Segment | Prism
#: x, y and radius, mm.
Disk = tuple[int, int, int]


def meeting(
    p: Element, q: Element, widths: int, heights: int, cv: int | None, below: int | None = None
) -> Meeting | None:
    """The least gap of two elements where their vertical gap is less than ``cv``.

    ``widths`` and ``heights`` (mm) are the sums of the corridors' sizes. Where the gap is not less than ``below`` (mm),
    the answer may be any that is not: to find out more would be in vain.
    """
    if isinstance(p, Segment) and isinstance(q, Segment):
        near = _nearest(p, q, heights, cv)
        return None if near is None else met_at(near, near, p.axis, widths)
    # Volumes are rare and this import is slow.
    from registry.core import prisms

    if isinstance(p, Segment):
        assert isinstance(q, Prism)
        return prisms.segment_and_prism(p, q, widths, heights, cv, below)
    if isinstance(q, Segment):
        found = prisms.segment_and_prism(q, p, widths, heights, cv, below)
        return None if found is None else Meeting(found.gap, found.t, found.s, found.x, found.y)
    return prisms.two_prisms(p, q, cv)


def too_close(p: Element, q: Element, widths: int, heights: int, cv: int | None, limit: int) -> bool:
    """Whether the least gap (``meeting``) is less than ``limit`` (mm)."""
    if isinstance(p, Segment) and isinstance(q, Segment):
        gap = segments_gap(p, q, widths, heights, cv)
        return gap is not None and gap < limit
    # Volumes are rare and this import is slow.
    from registry.core import prisms

    if isinstance(p, Segment):
        assert isinstance(q, Prism)
        return prisms.segment_too_close(p, q, widths, heights, cv, limit)
    if isinstance(q, Segment):
        return prisms.segment_too_close(q, p, widths, heights, cv, limit)
    return prisms.two_too_close(p, q, cv, limit)


def segments_gap(p: Segment, q: Segment, widths: int, heights: int, cv: int | None) -> int | None:
    """The least gap of two segments, as ``meeting``, without the place."""
    near = _nearest(p, q, heights, cv)
    return None if near is None else face_gap(near.num, near.den, widths)


def _nearest(p: Segment, q: Segment, heights: int, cv: int | None) -> Nearest | None:
    slab = None if cv is None else heights + 2 * cv
    return _through_upright(p, q, slab) if slab is not None and slab <= 0 else plan_nearest(p.axis, q.axis, slab)


def _through_upright(p: Segment, q: Segment, slab: int) -> Nearest | None:
    """Where two segments that must overlap by more than both heights are nearest: only an upright one is that tall."""
    column, other = (p, q) if p.upright else (q, p)
    bottom, top = sorted((column.axis.z0, column.axis.z1))
    held = held_between(other, bottom - slab, top + slab) if column.upright else None
    if held is None:
        return None
    low, high = held
    near = plan_nearest(column.axis, other.piece(low, high).axis, None)
    assert near is not None
    along = low + near.t * (high - low)
    return near._replace(t=along) if column is p else near._replace(s=along, t=near.s)


def elements(solid: Solid) -> Sequence[Element]:
    """A corridor's segments, or the volume itself."""
    return solid.segments if isinstance(solid, Corridor) else (solid,)


def flat(solid: Solid, element: Element) -> Element | None:
    """``element`` without its solid's end caps; the same object where they do not touch it."""
    if not isinstance(solid, Corridor) or not isinstance(element, Segment):
        return element
    trimmed = solid.flat_ends[element.index]
    if trimmed is None or trimmed is solid.segments[element.index]:
        return element if trimmed is not None else None
    low, high = max(trimmed.low, element.low), min(trimmed.high, element.high)
    if low > high:
        return None
    return element if (low, high) == (element.low, element.high) else solid.segments[element.index].piece(low, high)


def near_pairs(a: Solid, b: Solid, margin: int) -> Iterator[Pair]:
    """The pairs of elements whose plan boxes lie within ``margin`` mm (beyond their widths), in canonical order."""
    if not boxes_meet(a.box, b.box, margin):
        return
    half = both_widths(a, b) // 2 + 1 + margin
    yield from near_boxes(a.boxes, b.boxes, half)


def both_widths(a: Solid, b: Solid) -> int:
    """The sum of the widths (mm) of two solids: of a corridor of unknown width what is known of it, of a volume
    none."""
    return sum(solid.sure_width for solid in (a, b) if isinstance(solid, Corridor))


def box_of(element: Element) -> Box:
    """The least box around an element's axis or footprint, in plan."""
    return element.box if isinstance(element, Prism) else axis_box(element.axis)


def merged(stretches: Sequence[tuple[int, int]], apart: int) -> list[tuple[int, int]]:
    """Stretches joined where they overlap or lie no more than ``apart`` from each other, in order."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1] + apart:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def outside(element: Element, disks: Sequence[Disk]) -> list[Element]:
    """What is left of an element outside all disks; what is cut away never exceeds a disk."""
    kept: list[Element] = [element]
    for x, y, radius in disks:
        kept = [piece for item in kept for piece in _cut(item, x, y, radius)]
    return kept


def _cut(element: Element, x: int, y: int, radius: int) -> list[Element]:
    if not isinstance(element, Segment):
        return [element]
    p = element.axis
    ux, uy, wx, wy = p.x1 - p.x0, p.y1 - p.y0, x - p.x0, y - p.y0
    length = ux * ux + uy * uy
    if length == 0:
        return [] if wx * wx + wy * wy < radius * radius else [element]
    middle = Fraction(wx * ux + wy * uy) / length
    off = Fraction(wx * uy - wy * ux) ** 2 / length
    if off >= radius * radius:
        return [element]
    # Half the chord, rounded down to a micrometre, as a fraction of the segment.
    chord = _root((radius * radius - off) / length)
    low, high = middle - chord, middle + chord
    pieces: list[Element] = []
    if low > 0:
        pieces.append(element.piece(Fraction(0), min(low, Fraction(1))))
    if high < 1:
        pieces.append(element.piece(max(high, Fraction(0)), Fraction(1)))
    return pieces if low < 1 and high > 0 else [element]


def _root(value: Fraction) -> Fraction:
    """√value rounded down to a multiple of 2⁻⁴⁰."""
    return Fraction(isqrt(int(value * (1 << 80))), 1 << 40)


def crosses_surely(p: Axis, q: Axis, shift: int, slab: Number | None) -> bool:
    """Whether two axes cross in plan, vertically nearer than ``slab`` (half mm), also when moved ``shift`` mm apart.

    A crossing is not undone by moving one of them less than it sticks out beyond the other: along each axis the
    crossing moves at most shift / sin(angle).
    """
    ux, uy, vx, vy = p.x1 - p.x0, p.y1 - p.y0, q.x1 - q.x0, q.y1 - q.y0
    turn = ux * vy - uy * vx
    if turn == 0:
        return False
    wx, wy = q.x0 - p.x0, q.y0 - p.y0
    s, t = Fraction(wx * vy - wy * vx) / turn, Fraction(wx * uy - wy * ux) / turn
    # As fractions of each axis; the lengths are rounded up.
    along_p = Fraction(shift * (isqrt(int(vx * vx + vy * vy)) + 1)) / max(turn, -turn)
    along_q = Fraction(shift * (isqrt(int(ux * ux + uy * uy)) + 1)) / max(turn, -turn)
    if not (along_p <= s <= 1 - along_p and along_q <= t <= 1 - along_q):
        return False
    if slab is None:
        return True
    rises = [
        p.z0 + f * (p.z1 - p.z0) - q.z0 - g * (q.z1 - q.z0)
        for f in (s - along_p, s + along_p)
        for g in (t - along_q, t + along_q)
    ]
    return -slab < min(rises) and max(rises) < slab
