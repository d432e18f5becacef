"""The space an object of unknown depth or size takes at most, by what a ruleset assumes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import ceil, floor

from registry.core.ground import Ground
from registry.core.model import GroundLevel, Line, Size, Thing, Volume
from registry.core.sizes import outer_size
from registry.core.solids import Corridor, MeasuredFrom, solid_of


def assumed_solid(
    thing: Thing, ground: Ground, cover_from: int, cover_to: int, measured_from: MeasuredFrom
) -> Corridor | None:
    """The space a line of unknown depth takes if its cover is anywhere from ``cover_from`` to ``cover_to`` (mm), below
    every ground level that counts along it: it may follow them, or go straight from vertex to vertex.

    ``None`` where its size, or ground level anywhere along it, is unknown, or for a shaft or volume. Nor where some of
    its levels are known: an assumption does not go against a level that was given.
    """
    line = thing.geometry
    solid = solid_of(thing, ground, measured_from)
    if not isinstance(line, Line) or not isinstance(solid, Corridor) or solid.width is None or solid.height is None:
        return None
    if any(level is not None for level in line.levels):
        return None
    own = line.ground or (None,) * len(line.vertices)
    met: set[GroundLevel | None] = set()
    surface: list[int] = []
    for level, point in zip(own, line.vertices, strict=True):
        found = ground.at(*point) if level is None else None
        if level is None and found is None:
            return None
        met.add(found)
        surface.append(level if level is not None else found.level if found is not None else 0)
    below = above = 0
    for k, (start, end) in enumerate(pairwise(line.vertices)):
        for low, high, found in ground.under(start, end):
            if found is not None:
                met.add(found)
                off = [found.level - surface[k] - f * (surface[k + 1] - surface[k]) for f in (low, high)]
                below, above = min(below, floor(min(off))), max(above, ceil(max(off)))
            elif own[k] is None or own[k + 1] is None:
                return None
    used = {level.id: level.uncertainty for level in met if level is not None}
    heights = [2 * level + below + above - cover_from - cover_to - solid.height for level in surface]
    segments = tuple(
        replace(segment, axis=segment.axis._replace(z0=heights[k], z1=heights[k + 1]), known=True)
        for k, segment in enumerate(solid.segments)
    )
    height = solid.height + cover_to - cover_from + above - below + 2 * max(used.values(), default=0)
    return Corridor(segments, solid.width, height, (), 0, tuple(sorted(used)), least_width=solid.width)


def of_assumed_size(thing: Thing, at_most: int) -> Thing:
    """A line or shaft of unknown outer size with what is unknown of it ``at_most`` (mm); another as it is, and so is
    one that is known to be larger than that inside."""
    geometry = thing.geometry
    if isinstance(geometry, Volume) or None not in outer_size(geometry.size):
        return thing
    given = geometry.size or Size("round", "outer", None, None)
    if given.measure == "inner":
        if max(given.width or 0, given.height or 0) > at_most:
            return thing
        given = Size(given.shape, "outer", None, None)
    known = (given.width or at_most, given.height or at_most)
    size = Size("round" if known[0] == known[1] else "rectangular", "outer", *known)
    return replace(thing, geometry=replace(geometry, size=size))
