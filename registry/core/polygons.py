"""Whether two polygons overlap in plan, exactly, and how deep at least; and whether one contains the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from registry.core.kernels import Number, Ring

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


def interior_points(polygon: Polygon) -> Iterator[tuple[Number, Number]]:
    """Four points inside, one for each quarter turn: how a polygon is turned may not change how deep it overlaps."""
    for cosine, sine in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        turned = [[(x * cosine - y * sine, x * sine + y * cosine) for x, y in r] for r in (polygon[0], *polygon[1])]
        x, y = _interior_point((turned[0], turned[1:]))
        yield x * cosine + y * sine, y * cosine - x * sine


def _interior_point(polygon: Polygon) -> tuple[Fraction, Fraction]:
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
