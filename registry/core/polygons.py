"""Whether two polygons overlap in plan, exactly, and how deep at least; and whether one contains the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import isqrt

from registry.core.kernels import Axis, Number, Ring, point_in_rings
from registry.core.pieces import middles, on
from registry.core.sides import SLACK, Sides

Polygon = tuple[Ring, Sequence[Ring]]
#: Least x and y, greatest x and y, mm.
Box = tuple[int, int, int, int]


def overlap_depth(a: Polygon, b: Polygon) -> tuple[int, tuple[Number, Number]]:
    """How deep (mm, at least 1) the interiors overlap, and at which point; 0 where they only touch or lie apart.

    The boundary of each is cut where it meets the other's; if the middle of a piece lies inside the other polygon, or,
    where no piece does, an interior point, the interiors overlap. The depth is the largest distance from such a point
    to the other's boundary: the overlap is at least this deep.
    """
    return overlap(Sides(*a), Sides(*b))


def overlap(a: Sides, b: Sides, enough: int | None = None) -> tuple[int, tuple[Number, Number]]:
    """As ``overlap_depth``; where it is ``enough`` (mm) deep, the answer may be any that is."""
    found = _Overlap()
    if not _apart(a.outer, b.outer):
        for one, other in ((a, b), (b, a)):
            box, found.last = _box(other.outer), None
            for axis in one.axes:
                found.look_along(axis, other, box)
                if enough is not None and found.depth >= enough:
                    return found.depth, found.place
            for x, y in interior_points((one.outer, one.holes)):
                if one.locate(x, y) >= 0:
                    found.look_at(x, y, other, box)
    return found.depth, found.place


class _Overlap:
    """The deepest overlap found so far (mm; 0: none) and its place."""

    def __init__(self) -> None:
        self.depth = 0
        self.place: tuple[Number, Number] = (Fraction(0), Fraction(0))
        #: The last place inside the other that was measured, and its depth.
        self.last: tuple[Number, Number, int] | None = None

    def look_along(self, axis: Axis, other: Sides, box: Box) -> None:
        """Look at the middle of every piece of a side of the one polygon."""
        if _beyond(axis, box) or self._surely_less(axis):
            return
        for bound, s in middles(axis, other, lambda: self.depth):
            if not self.depth or bound + 2 * SLACK >= self.depth + 1:
                self.look_at(*on(axis, s), other, box)

    def look_at(self, x: Number, y: Number, other: Sides, box: Box) -> None:
        """Look at a point of the one polygon: does it lie inside the other, deeper than those before?"""
        west, south, east, north = box
        if not (west < x < east and south < y < north) or other.locate(x, y) < 1:
            return
        num, den = other.squared(x, y)
        self.last = x, y, isqrt(num // den)
        if max(self.last[2], 1) > self.depth:
            self.depth, self.place = max(self.last[2], 1), (Fraction(x), Fraction(y))

    def _surely_less(self, axis: Axis) -> bool:
        """Whether nothing on ``axis`` is deeper: it is near a place whose depth is known."""
        if not self.depth or self.last is None:
            return False
        x, y, depth = self.last
        ends = (axis.x0, axis.y0), (axis.x1, axis.y1)
        away = max(abs(float(p - x)) + abs(float(q - y)) for p, q in ends)
        return depth + away + SLACK <= self.depth


def _beyond(axis: Axis, box: Box) -> bool:
    """Whether an axis lies wholly outside a box, or on its edge."""
    west, south, east, north = box
    return (
        max(axis.x0, axis.x1) <= west
        or min(axis.x0, axis.x1) >= east
        or max(axis.y0, axis.y1) <= south
        or min(axis.y0, axis.y1) >= north
    )


def _box(ring: Ring) -> Box:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _apart(a: Ring, b: Ring) -> bool:
    """Whether the boxes of two rings share no more than a side."""
    p, q = _box(a), _box(b)
    return p[0] >= q[2] or q[0] >= p[2] or p[1] >= q[3] or q[1] >= p[3]


def _sides(polygon: Polygon) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for ring in (polygon[0], *polygon[1]):
        for k in range(len(ring)):
            yield ring[k - 1], ring[k]


def meetings(start: tuple[int, int], end: tuple[int, int], polygon: Polygon) -> list[Fraction]:
    """Where a straight line from ``start`` to ``end`` may enter or leave a polygon: 0, 1 and the fractions between at
    which it meets a side, in order; of a side it runs along, both ends. Between two of them it lies inside, outside or
    on the boundary as a whole."""
    (x0, y0), (x1, y1) = start, end
    ux, uy = x1 - x0, y1 - y0
    cuts = {Fraction(0), Fraction(1)}
    for (p0, q0), (p1, q1) in _sides(polygon):
        # Sides whose boxes lie apart do not meet.
        if (p0 > x0 and p0 > x1 and p1 > x0 and p1 > x1) or (p0 < x0 and p0 < x1 and p1 < x0 and p1 < x1):
            continue
        if (q0 > y0 and q0 > y1 and q1 > y0 and q1 > y1) or (q0 < y0 and q0 < y1 and q1 < y0 and q1 < y1):
            continue
        vx, vy, wx, wy = p1 - p0, q1 - q0, p0 - x0, q0 - y0
        det = ux * vy - uy * vx
        if det:
            s = Fraction(wx * vy - wy * vx, det)
            if 0 < s < 1 and 0 <= Fraction(wx * uy - wy * ux, det) <= 1:
                cuts.add(s)
        elif wx * uy == wy * ux:
            length = ux * ux + uy * uy
            ends = (Fraction(wx * ux + wy * uy, length), Fraction((p1 - x0) * ux + (q1 - y0) * uy, length))
            cuts.update(s for s in ends if 0 < s < 1)
    return sorted(cuts)


def touch(a: Polygon, b: Polygon) -> bool:
    """Whether two polygons have a point in common, their boundaries included."""
    p, q = _box(a[0]), _box(b[0])
    if p[0] > q[2] or q[0] > p[2] or p[1] > q[3] or q[1] > p[3]:
        return False
    if point_in_rings(*a[0][0], *b) >= 0 or point_in_rings(*b[0][0], *a) >= 0:
        return True
    return any(
        point_in_rings(start[0] + s * (end[0] - start[0]), start[1] + s * (end[1] - start[1]), *b) >= 0
        for start, end in _sides(a)
        for s in meetings(start, end, b)
    )


def interior_points(polygon: Polygon) -> Iterator[tuple[Number, Number]]:
    """Four points inside, one for each quarter turn: how a polygon is turned may not change how deep it overlaps."""
    for cosine, sine in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        turned = [[(x * cosine - y * sine, x * sine + y * cosine) for x, y in r] for r in (polygon[0], *polygon[1])]
        x, y = interior_point((turned[0], turned[1:]))
        yield x * cosine + y * sine, y * cosine - x * sine


def interior_point(polygon: Polygon) -> tuple[Fraction, Fraction]:
    """The middle of the first stretch inside, on a level line between the two lowest levels of vertices."""
    levels = sorted({y for ring in (polygon[0], *polygon[1]) for _, y in ring})
    y = Fraction(levels[0] + levels[1], 2)
    crossings = sorted(
        x0 + (y - y0) / (y1 - y0) * (x1 - x0) for (x0, y0), (x1, y1) in _sides(polygon) if (y0 > y) != (y1 > y)
    )
    return (crossings[0] + crossings[1]) / 2, y


def contains(outer: Polygon, inner: Polygon) -> bool:
    """Whether ``inner`` lies inside ``outer``; their boundaries may touch.

    No piece of the inner boundary, nor a point inside, may lie outside the outer one; and no piece of the outer
    boundary, such as a hole, within the inner.
    """
    around, within = Sides(*outer), Sides(*inner)
    if around.locate(*interior_point(inner)) < 0:
        return False
    return all(around.locate(x, y) >= 0 for x, y in _piece_middles(within, around)) and not any(
        within.locate(x, y) > 0 for x, y in _piece_middles(around, within)
    )


def _piece_middles(one: Sides, other: Sides) -> Iterator[tuple[Number, Number]]:
    for axis in one.axes:
        for _, s in middles(axis, other, lambda: 0):
            yield on(axis, s)
