"""Where the axes of two lines cross in plan, and at what angle. Exact: in whole numbers and ratios."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from registry.core.angles import millidegrees, turned_by
from registry.core.boxes import near_boxes
from registry.core.crossings import cross_oddly, farther, lines_cross_surely
from registry.core.elements import both_widths
from registry.core.kernels import Axis
from registry.core.solids import Corridor, Segment

#: How far (mm) the course of a line is looked at on either side of a crossing, where half of both widths is less: a
#: kink of some millimetres in the drawing makes no other angle.
COURSE: Final = 250

Vector = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LineCrossing:
    """A crossing of two axes in plan: where it lies (mm), ``chainage`` along the first, the least angle (thousandths of
    a degree, rounded down), and by how much that may be off if the lines lie elsewhere (rounded up). ``sure``: however
    they do, they cross."""

    angle: int
    off: int
    sure: bool
    chainage: int
    x: int
    y: int


def line_crossings(
    a: Corridor, b: Corridor, shifts: tuple[int, int] = (0, 0), below: int = 90_001
) -> Iterator[LineCrossing]:
    """The crossings of two lines, each of which any vertex may lie as far off as its one of ``shifts`` (mm).

    A line crosses where it gets from one side of the other to the other side, also in a vertex or after running along
    it for a while. Where one ends on the axis of the other it does not, unless it goes on in the next (``joined``).
    The angle is the least of that between the two segments, and of that between the courses of both lines around it.
    Of what is not surely at an angle ``below`` so many thousandths of a degree it is not found out whether it is sure.
    """
    if a.is_shaft or b.is_shaft:
        return
    around = max(COURSE, (both_widths(a, b) + 1) // 2)
    for i, j in near_boxes(a.boxes, b.boxes, 0):
        p, q = a.segments[i], b.segments[j]
        met = _met(p.axis, q.axis)
        if met is None:
            continue
        s, t = met
        at = a.chainage(i, s), b.chainage(j, t)
        if not (0 < s < 1 and 0 < t < 1) and not _gets_across((a, i, s), (b, j, t), at, around):
            continue
        directions = _direction(p.axis), _direction(q.axis)
        angle = _angle(*directions)
        along = _course(a, at[0], around), _course(b, at[1], around)
        if any(along[0]) and any(along[1]):
            angle = min(angle, _angle(*along))
        off = sum(turned_by(shift, x * x + y * y) for shift, (x, y) in zip(shifts, directions, strict=True))
        sure = not any(shifts)
        if not sure and angle + off < below:
            sure = lines_cross_surely(a, p, b, q, sum(shifts), None, False)
        x, y = (low + s * (high - low) for low, high in ((p.axis.x0, p.axis.x1), (p.axis.y0, p.axis.y1)))
        yield LineCrossing(angle, min(off, 90_000), sure, at[0], round(x), round(y))


def _met(p: Axis, q: Axis) -> tuple[Fraction, Fraction] | None:
    """The fractions of two axes at which they meet in plan, if they do and are not parallel."""
    ux, uy, vx, vy = p.x1 - p.x0, p.y1 - p.y0, q.x1 - q.x0, q.y1 - q.y0
    turn = ux * vy - uy * vx
    if turn == 0:
        return None
    wx, wy = q.x0 - p.x0, q.y0 - p.y0
    s, t = Fraction(wx * vy - wy * vx) / turn, Fraction(wx * uy - wy * ux) / turn
    return (s, t) if 0 <= s <= 1 and 0 <= t <= 1 else None


def _gets_across(
    one: tuple[Corridor, int, Fraction],
    other: tuple[Corridor, int, Fraction],
    at: tuple[int, int],
    around: int,
) -> bool:
    """Whether two lines that meet in a vertex, at these fractions of these segments, cross there, by their courses."""
    for line, index, fraction in (one, other):
        ends = fraction == 0 and line.starts[index] == 0, fraction == 1 and line.starts[index + 1] == line.starts[-1]
        if any(ends):
            return line.joined[ends.index(True)]
    first, second = (_pieces(line, chainage, around) for (line, _, _), chainage in zip((one, other), at, strict=True))
    for own, others in ((first, second), (second, first)):
        start, end = own[0].axis, own[-1].axis
        if not farther(others, (start.x0, start.y0), 0) or not farther(others, (end.x1, end.y1), 0):
            return False  # there both still run along each other
    return cross_oddly(first, second)


def _pieces(line: Corridor, at: int, away: int) -> list[Segment]:
    """The pieces of a line from ``away`` (mm) before a chainage (mm) to as far after it."""
    pieces = line.between(max(at - away, 0), min(at + away, line.starts[-1] // 1000))
    return [piece for piece in pieces if piece.low < piece.high]


def _course(line: Corridor, at: int, away: int) -> Vector:
    """Which way a line goes from ``away`` (mm) before a chainage (mm) to as far after it: exactly, at some scale."""
    x0, y0, scale0 = _place(line, max(at - away, 0))
    x1, y1, scale1 = _place(line, min(at + away, line.starts[-1] // 1000))
    return x1 * scale0 - x0 * scale1, y1 * scale0 - y0 * scale1


def _place(line: Corridor, at: int) -> tuple[int, int, int]:
    """Where a line is at a chainage (mm), as whole numbers and what they are to be divided by."""
    k = min(bisect_right(line.starts, at * 1000), len(line.segments)) - 1
    while k > 0 and line.lengths[k] == 0:
        k -= 1
    axis, length = line.segments[k].axis, line.lengths[k]
    ahead = at * 1000 - line.starts[k]
    dx, dy = _direction(axis)
    return int(axis.x0) * length + ahead * dx, int(axis.y0) * length + ahead * dy, length


def _direction(axis: Axis) -> Vector:
    return int(axis.x1 - axis.x0), int(axis.y1 - axis.y0)


def _angle(u: Vector, v: Vector) -> int:
    cross, dot = u[0] * v[1] - u[1] * v[0], u[0] * v[0] + u[1] * v[1]
    return millidegrees(cross * cross, dot * dot)
