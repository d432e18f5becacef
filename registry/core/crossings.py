"""Whether two lines cross for certain, though where they lie is uncertain."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import islice
from math import hypot
from typing import Final

from registry.core.elements import Element, crosses_surely
from registry.core.kernels import Axis, Number, plan_nearest
from registry.core.meetings import on
from registry.core.solids import Corridor, Prism, Segment, Solid

#: How much of both lines is looked at around the crossing, as multiples of how far they may be moved.
_AROUND: Final = (Fraction(21, 20), Fraction(3, 2), Fraction(2), Fraction(3), Fraction(5))
#: More pairs of pieces than this are not counted: the lines then may not cross for certain.
_MOST: Final = 2_500
#: More places where a boundary is met are not looked at.
_MOST_MEETINGS: Final = 100
#: By so much (mm) one line is moved, that no corner of the one lies on the other.
_NUDGES: Final = ((Fraction(1, 7919), Fraction(1, 104_729)), (Fraction(-1, 6007), Fraction(1, 99_991)))

Point = tuple[Number, Number]
#: A line, a segment of it, and by how much (half mm) what it is of reaches up and down from it beyond its height.
_Side = tuple[Corridor, Segment, Number]


def lines_cross_surely(
    a: Corridor, p: Segment, b: Corridor, q: Segment, shift: int, slab: Number | None, flat: bool
) -> bool:
    """Whether two lines that cross where ``p`` meets ``q`` still do when moved ``shift`` mm apart, vertically nearer
    than ``slab`` (half mm; ``None``: at any depth). ``flat``: without their end caps.

    Two lines that cross an odd number of times do so however either is moved, as long as no end of the one comes to
    lie on the other. So a piece of each around the crossing is looked for of which both ends lie farther than ``shift``
    from the other piece.
    """
    if crosses_surely(p.axis, q.axis, shift, slab):
        return True
    met = plan_nearest(p.axis, q.axis, None)
    if met is None or met.num or (len(a.segments) == 1 and len(b.segments) == 1):
        return False
    at = [
        line.chainage(piece.index, piece.low + f * (piece.high - piece.low))
        for line, piece, f in ((a, p, met.s), (b, q, met.t))
    ]
    x, y = (float(number) for number in on(p.axis, met.s))
    for width in _widths(shift):
        windows = [_window(line, place, width, flat) for line, place in zip((a, b), at, strict=True)]
        # Where an end lies too near the crossing itself, which is on the other line, nothing more is to be looked at.
        ends = [_roughly(line, end) for line, window in zip((a, b), windows, strict=True) for end in window]
        if any(hypot(end[0] - x, end[1] - y) < shift for end in ends):
            continue
        if _cross(_between(a, *windows[0]), _between(b, *windows[1]), shift, slab):
            return True
    return False


def volume_crossed_surely(
    a: Solid, p: Element, b: Solid, q: Element, shift: int, slab: int | None, flat: bool, whole: bool
) -> bool:
    """Whether a line crosses the boundary of a volume, or two boundaries each other, however they are moved as far as
    ``shift`` (mm) from each other: then the one always enters the other.

    ``slab`` is as in ``lines_cross_surely``, without the heights of volumes. ``whole``: what lies beyond ``p`` and
    ``q`` counts as well. Of two that meet more than ``_MOST_MEETINGS`` times no more is looked at.
    """
    if isinstance(p, Prism) and not isinstance(q, Prism):
        a, p, b, q = b, q, a, p
    assert isinstance(q, Prism)
    for (first, s, tall), (second, t, taller) in islice(_meetings(a, p, q), _MOST_MEETINGS):
        reach = None if slab is None else slab + tall + taller
        if lines_cross_surely(first, s, second, t, shift, reach, flat) if whole else crosses_surely(
            s.axis, t.axis, shift, reach
        ):
            return True
    return False


def _meetings(a: Solid, p: Element, q: Prism) -> Iterator[tuple[_Side, _Side]]:
    """Where a segment, or the boundary of a volume, may meet the boundary of a volume."""
    own: Iterable[_Side]
    if isinstance(p, Prism):
        own = (_side(p, k) for k in range(len(p.sides.axes)))
    else:
        assert isinstance(a, Corridor)
        own = [(a, p, 0)]
    for one in own:
        for k in q.sides.touching(one[1].axis._replace(z0=0, z1=0))[0].tolist():
            yield one, _side(q, k)


def _side(solid: Prism, number: int) -> _Side:
    """A side of a volume as a segment of its boundary, and by how much (half mm) the volume reaches up and down from
    that. Of the two times a boundary goes around, the side that lies farther from where that begins and ends."""
    for line in solid.boundaries:
        count = len(line.segments) // 2
        if number < count:
            early = 4 * line.starts[number] < line.starts[-1]
            return line, line.segments[number + count if early else number], Fraction(solid.top - solid.bottom, 2)
        number -= count
    raise IndexError(number)


def _widths(shift: int) -> list[int]:
    return [int(factor * shift) + 2 for factor in _AROUND]


def _window(line: Corridor, at: int, width: int, flat: bool) -> tuple[int, int]:
    """From where to where (mm of chainage) a line is looked at: within ``width`` of ``at`` (mm)."""
    low, high = 0, line.starts[-1] // 1000
    if flat:
        ends = [0 if line.keeps_cap(k) else line.flat_width // 2 for k in (0, -1)]
        low, high = low + ends[0], high - ends[1]
    return max(at - width, low), min(at + width, high)


def _roughly(line: Corridor, at: int) -> tuple[float, float]:
    """About where a line is at a chainage (mm): to well within a millimetre."""
    at *= 1000
    k = min(max(bisect_right(line.starts, at) - 1, 0), len(line.segments) - 1)
    axis, part = line.segments[k].axis, (at - line.starts[k]) / max(line.lengths[k], 1)
    return float(axis.x0) + part * float(axis.x1 - axis.x0), float(axis.y0) + part * float(axis.y1 - axis.y0)


def _between(line: Corridor, low: int, high: int) -> list[Segment]:
    """The pieces of a line between two chainages (mm), but for those without length."""
    return [piece for piece in line.between(low, high) if piece.low < piece.high]


def _cross(first: Sequence[Segment], second: Sequence[Segment], shift: int, slab: Number | None) -> bool:
    if not first or not second or len(first) * len(second) > _MOST:
        return False
    if slab is not None and not _surely_between(first, second, slab):
        return False
    ends = [(first, _first(second)), (first, _last(second)), (second, _first(first)), (second, _last(first))]
    if not all(farther(pieces, dot, shift + 1) for pieces, dot in ends):
        return False
    return cross_oddly(first, second)


def _surely_between(first: Sequence[Segment], second: Sequence[Segment], slab: Number) -> bool:
    """Whether the two are vertically nearer than ``slab`` wherever on them they meet."""
    if not all(piece.known for piece in (*first, *second)):
        return False
    low, high = ([z for s in pieces for z in (s.axis.z0, s.axis.z1)] for pieces in (first, second))
    return max(low) - min(high) < slab and max(high) - min(low) < slab


def _first(pieces: Sequence[Segment]) -> Point:
    return pieces[0].axis.x0, pieces[0].axis.y0


def _last(pieces: Sequence[Segment]) -> Point:
    return pieces[-1].axis.x1, pieces[-1].axis.y1


def farther(pieces: Sequence[Segment], dot: Point, away: int) -> bool:
    """Whether a point lies farther than ``away`` (mm) from all of these pieces."""
    x, y = dot
    nearest = (plan_nearest(Axis(x, y, 0, x, y, 0), piece.axis, None) for piece in pieces)
    return all(near is not None and near.num > away * away * near.den for near in nearest)


def cross_oddly(first: Sequence[Segment], second: Sequence[Segment]) -> bool:
    """Whether two lines, no end of which lies on the other, cross an odd number of times: then each gets from one side
    of the other to the other side, also where they touch in a corner or run together for a while."""
    return any(_crossings(first, second, nudge) for nudge in _NUDGES)


def _crossings(first: Sequence[Segment], second: Sequence[Segment], nudge: tuple[Fraction, Fraction]) -> bool:
    """Whether two lines, the second moved by ``nudge``, cross an odd number of times; not where one touches the
    other."""
    odd = False
    dx, dy = nudge
    for s in first:
        p0, p1 = (s.axis.x0, s.axis.y0), (s.axis.x1, s.axis.y1)
        for t in second:
            q0, q1 = (t.axis.x0 + dx, t.axis.y0 + dy), (t.axis.x1 + dx, t.axis.y1 + dy)
            turns = (_turn(p0, p1, q0), _turn(p0, p1, q1), _turn(q0, q1, p0), _turn(q0, q1, p1))
            if 0 in turns:
                return False
            if (turns[0] > 0) != (turns[1] > 0) and (turns[2] > 0) != (turns[3] > 0):
                odd = not odd
    return odd


def _turn(p: Point, q: Point, r: Point) -> Number:
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
