"""Whether two polygons overlap in plan, exactly, and how deep at least; and whether one contains the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from registry.core.kernels import Number, Ring, point_in_rings

Polygon = tuple[Ring, Sequence[Ring]]


def overlap_depth(a: Polygon, b: Polygon) -> tuple[int, tuple[Number, Number]]:
    """How deep (mm, at least 1) the interiors overlap, and at which point; 0 where they only touch or lie apart.

    The boundary of each is cut where it meets the other's; if the middle of a piece lies inside the other polygon, or,
    where no piece does, an interior point, the interiors overlap. The depth is the largest distance from such a point
    to the other's boundary: the overlap is at least this deep.
    """
    # Polygons are rare and this import is slow.
    from registry.core.overlaps import overlap
    from registry.core.sides import Sides

    return overlap(Sides(*a), Sides(*b))


def contains(outer: Polygon, inner: Polygon) -> bool:
    """Whether ``inner`` lies inside ``outer``; their boundaries may touch.

    No piece of the inner boundary, nor a point inside, may lie outside the outer one; and no piece of the outer
    boundary, such as a hole, within the inner.
    """
    # Polygons are rare and this import is slow.
    from registry.core.overlaps import holds
    from registry.core.sides import Sides

    return holds(Sides(*outer), Sides(*inner))


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
    p, q = (_box(polygon[0]) for polygon in (a, b))
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


def _sides(polygon: Polygon) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for ring in (polygon[0], *polygon[1]):
        for k in range(len(ring)):
            yield ring[k - 1], ring[k]


def _box(ring: Ring) -> tuple[int, int, int, int]:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)
