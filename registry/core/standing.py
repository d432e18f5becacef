"""What stands at a place: a footprint that is compact, also together with the others of its kind that it adjoins.

A pipe is long and narrow, whatever it is called and in however many pieces it is drawn. All in whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from math import isqrt
from typing import Final

from registry.core.boxes import near_boxes
from registry.core.kernels import Ring
from registry.core.model import Point
from registry.core.solids import Corridor, Prism, Solid

#: What reaches the surface by its nature, and so has no cover, if it stands at a place.
SURFACING: Final = ("manhole", "chamber", "well", "tree")
#: What is more than so many times as long as it is wide does not stand at a place.
SLENDER: Final = 6
#: Up to so many corners are compared one by one.
_FEW: Final = 40


def compact(outer: Ring, holes: Sequence[Ring] = ()) -> bool:
    """Whether a footprint is as large, for its extent, as a rectangle ``SLENDER`` times as long as wide or less."""
    return _compact(_squared_extent(_hull(outer)), _Footprint(outer, holes))


def at_a_place(solids: Mapping[str, Solid]) -> set[str]:
    """Which of these solids (by name) are compact, each also together with those that it adjoins and those adjoin in
    turn, as far as they are no wider than it: a wide one does not make a row of narrow ones compact.

    Two adjoin where they lie no farther apart in plan than half the extent of the lesser. The width of one is its area
    by its extent; all together may be no longer than goes with the width of the widest.
    """
    found = {name: _Footprint.of(solid) for name, solid in sorted(solids.items()) if _stands(solid)}
    beside = _adjoining(found)
    clusters = _Clusters()
    standing = set()
    by_width = sorted(found, key=lambda name: found[name].squared_width)
    for _, group in groupby(by_width, lambda name: found[name].squared_width):
        names = list(group)
        for name in names:
            clusters.add(name, found[name].hull)
            for other in beside[name]:
                clusters.join(name, other)
        standing |= {name for name in names if _compact(_squared_extent(clusters.hull(name)), found[name])}
    return standing


class _Footprint:
    """A footprint with its area (doubled, mm²), the corners of its hull, its squared extent and its squared width: the
    area by the extent."""

    def __init__(self, outer: Ring, holes: Sequence[Ring]):
        self.outer, self.holes = tuple(outer), tuple(tuple(hole) for hole in holes)
        self.area = _doubled_area(outer) - sum(map(_doubled_area, holes))
        self.hull = _hull(outer)
        self.squared_extent = _squared_extent(self.hull)
        self.squared_width = Fraction(self.area**2, self.squared_extent or 1)

    @classmethod
    def of(cls, solid: Solid) -> _Footprint:
        """Of a volume; of a shaft the square around it."""
        if isinstance(solid, Prism):
            return cls(solid.outer, solid.holes)
        p, half = solid.segments[0].axis, (solid.sure_width + 1) // 2
        west, south, east, north = int(p.x0) - half, int(p.y0) - half, int(p.x0) + half, int(p.y0) + half
        return cls(((west, south), (east, south), (east, north), (west, north)), ())

    @property
    def prism(self) -> Prism:
        return Prism(self.outer, self.holes, 0, 0, True, (), 0, ())


def _stands(solid: Solid) -> bool:
    return not isinstance(solid, Corridor) or (solid.is_shaft and solid.sure_width > 0)


def _compact(squared_extent: int, footprint: _Footprint) -> bool:
    """Whether an extent goes with the width of a footprint: of a rectangle, SLENDER + 1 / SLENDER times it is most."""
    most = Fraction(SLENDER * SLENDER + 1, SLENDER) ** 2 * footprint.squared_width / 4
    return squared_extent <= most


def _adjoining(found: Mapping[str, _Footprint]) -> dict[str, list[str]]:
    names = list(found)
    beside: dict[str, list[str]] = {name: [] for name in names}
    if len(names) < 2:
        return beside
    # This is rare and the import slow.
    from registry.core.prisms import two_too_close

    prisms = [item.prism for item in found.values()]
    half = [isqrt(item.squared_extent) // 2 for item in found.values()]
    boxes = [prism.box for prism in prisms]
    for i, j in near_boxes(boxes, boxes, max(half) + 1):
        if i < j and two_too_close(prisms[i], prisms[j], None, min(half[i], half[j]) + 1):
            beside[names[i]].append(names[j])
            beside[names[j]].append(names[i])
    return beside


class _Clusters:
    """Names joined into clusters, each with the hull around all of it."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}
        self._hulls: dict[str, Sequence[Point]] = {}

    def add(self, name: str, hull: Sequence[Point]) -> None:
        self._of[name], self._hulls[name] = name, hull

    def join(self, name: str, other: str) -> None:
        """Join two clusters; of one that was not added yet nothing is joined."""
        if other not in self._of:
            return
        one, two = self._root(name), self._root(other)
        if one != two:
            self._of[two] = one
            self._hulls[one] = _hull([*self._hulls[one], *self._hulls.pop(two)])

    def hull(self, name: str) -> Sequence[Point]:
        return self._hulls[self._root(name)]

    def _root(self, name: str) -> str:
        while self._of[name] != name:
            self._of[name] = self._of[self._of[name]]
            name = self._of[name]
        return name


def _doubled_area(ring: Ring) -> int:
    return abs(sum(ring[k - 1][0] * y - x * ring[k - 1][1] for k, (x, y) in enumerate(ring)))


def _hull(points: Iterable[Point]) -> list[Point]:
    """The corners of the convex hull."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    halves = []
    for run in (ordered, ordered[::-1]):
        half: list[Point] = []
        for x, y in run:
            while len(half) > 1 and _turn(half[-2], half[-1], (x, y)) <= 0:
                half.pop()
            half.append((x, y))
        halves.append(half[:-1])
    return [*halves[0], *halves[1]]


def _turn(p: Point, q: Point, r: Point) -> int:
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def _squared_extent(hull: Sequence[Point]) -> int:
    """The square of the greatest distance between two corners, mm²."""
    if len(hull) <= _FEW:
        return max((x - p) ** 2 + (y - q) ** 2 for x, y in hull for p, q in hull)
    # So many corners are rare and this import is slow.
    import numpy as np

    corners = np.array(hull, dtype=np.int64)
    return max(int(((corners - corner) ** 2).sum(axis=1).max()) for corner in corners)
