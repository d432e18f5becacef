"""Overlap and containment of two polygons whose sides were sorted out (``sides``)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import isqrt

from registry.core.kernels import Axis, Number, Ring
from registry.core.meetings import on
from registry.core.pieces import middles
from registry.core.polygons import interior_points
from registry.core.sides import SLACK, Sides

#: Least x and y, greatest x and y, mm.
Box = tuple[int, int, int, int]


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


def holds(around: Sides, within: Sides) -> bool:
    """Whether the one lies inside the other; their boundaries may touch. As ``contains``."""
    if around.locate(*next(interior_points((within.outer, within.holes)))) < 0:
        return False
    return all(around.locate(x, y) >= 0 for x, y in _piece_middles(within, around)) and not any(
        within.locate(x, y) > 0 for x, y in _piece_middles(around, within)
    )


def _piece_middles(one: Sides, other: Sides) -> Iterator[tuple[Number, Number]]:
    for axis in one.axes:
        for _, s in middles(axis, other, lambda: 0):
            yield on(axis, s)
