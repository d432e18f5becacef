"""Which ground levels count somewhere over a footprint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from registry.core.ground import Ground
from registry.core.kernels import Number, Ring, point_in_rings
from registry.core.model import GroundLevel, Point
from registry.core.polygons import Polygon, interior_point, meetings

Place = tuple[Number, Number]


def levels_over(outer: Ring, holes: Sequence[Ring], ground: Ground) -> dict[GroundLevel | None, Place]:
    """Which ground levels count over a footprint, ``None`` where none is known, each with a place where it does.

    Looked for along the boundary of the footprint, on either side of the boundaries of the areas that count over it,
    and at the spot heights in it. What counts nowhere changes nothing; nor does the corner a ring begins with.
    """
    footprint: Polygon = (outer, holes)
    near = ground.near(_box(outer))
    places: dict[GroundLevel | None, Place] = {}
    for level, place in _on_the_boundary(footprint, near):
        places[level] = min(place, places.get(level, place))
    for own in near.levels:
        for level, place in _within(own, footprint, near):
            if level == own:
                places[level] = min(place, places.get(level, place))
    for area in [level for level in near.levels if level.outer and level in places]:
        for level, place in _around(area, footprint, near):
            places[level] = min(place, places.get(level, place))
    return places


def _on_the_boundary(footprint: Polygon, ground: Ground) -> Iterator[tuple[GroundLevel | None, Place]]:
    for start, end in _sides(footprint):
        for low, high, level in ground.near(_box((start, end))).along(start, end):
            yield level, _at(start, end, low)
            yield level, _at(start, end, high)


def _within(own: GroundLevel, footprint: Polygon, ground: Ground) -> Iterator[tuple[GroundLevel | None, Place]]:
    """What counts where a ground level itself lies over a footprint: at its place, or in it and along its sides."""
    x, y = own.position or interior_point((own.outer, own.holes))
    if point_in_rings(x, y, *footprint) >= 0:
        yield ground.at(x, y), (x, y)
    if own.outer:
        yield from _along_sides(own, footprint, ground, 0)


def _around(area: GroundLevel, footprint: Polygon, ground: Ground) -> Iterator[tuple[GroundLevel | None, Place]]:
    """What counts beside an area, where its sides lie within a footprint."""
    rest = replace(ground, levels=tuple(level for level in ground.levels if level is not area))
    return _along_sides(area, footprint, rest, 1)


def _along_sides(
    area: GroundLevel, footprint: Polygon, ground: Ground, at_least: int
) -> Iterator[tuple[GroundLevel | None, Place]]:
    """What counts along the sides of an area, where they lie on (0) or within (1) a footprint at least."""
    for start, end in _sides((area.outer, area.holes)):
        for low, high in pairwise(meetings(start, end, footprint)):
            if point_in_rings(*_at(start, end, (low + high) / 2), *footprint) >= at_least:
                for first, last, level in ground.near(_box((start, end))).along(start, end):
                    if first < high and low < last:
                        yield level, _at(start, end, max(low, first))


def _box(points: Ring) -> tuple[int, int, int, int]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _sides(polygon: Polygon) -> Iterator[tuple[Point, Point]]:
    for ring in (polygon[0], *polygon[1]):
        for k, corner in enumerate(ring):
            yield ring[k - 1], corner


def _at(start: Point, end: Point, f: Number) -> Place:
    return start[0] + f * (end[0] - start[0]), start[1] + f * (end[1] - start[1])
