"""The boxes under which a thing is filed in a spatial index: a superset of the room it takes, never less."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import Final

from registry.core.boxes import Box, box_around
from registry.core.ground import Ground
from registry.core.kernels import Number
from registry.core.levels import UNBOUNDED
from registry.core.model import Application, Asset, GroundLevel, Identified, Line, Thing
from registry.core.packed import packed, parts_of, stored
from registry.core.sizes import plan_box
from registry.core.solids import Corridor, solid_of

#: A long line's box holds much that is not near the line: it is cut after so many segments.
SEGMENTS: Final = 6
#: Lowest and highest level of an index, mm NAP: what has an unknown or no bound reaches as far.
LOWEST: Final = -1_000_000_000
HIGHEST: Final = 1_000_000_000

_NO_GROUND: Final = Ground((), 0)
#: Bottom and top, mm NAP.
_Levels = tuple[int, int]
_UNKNOWN: Final[_Levels] = (LOWEST, HIGHEST)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A box in plan (mm RD) and a range of levels (mm NAP) that hold a piece of a thing, its uncertainty included.

    ``held`` is that piece, packed and stored (``packed``): the segments, numbered as in the whole object.
    """

    box: Box
    z_min: int
    z_max: int
    held: bytes


def chunks_of(value: Identified, segments: int = SEGMENTS) -> tuple[Chunk, ...]:
    """The chunks of an object, or of all parts of an application; at most ``segments`` of a line's segments in each.

    What has an unknown depth, or one below a ground level that the object does not settle by itself, is filed under
    all levels. A ground level and a zone hold at all depths. What the chunks hold is, one after another, ``packed``.
    """
    rows, at = packed(value), 0
    chunks = []
    for one in parts_of(value) if isinstance(value, Application) else (value,):
        boxes = boxes_of(one, segments)
        levels = _levels(one) if isinstance(one, Thing) else [_UNKNOWN]
        for k, box in enumerate(boxes):
            few = levels[k * segments : (k + 1) * segments]
            held = stored(rows[at : at + len(few)])
            chunks.append(Chunk(box, min(low for low, _ in few), max(high for _, high in few), held))
            at += len(few)
    return tuple(chunks)


def boxes_of(value: Identified, segments: int = SEGMENTS) -> tuple[Box, ...]:
    """The boxes in plan of the chunks, in their order: quicker than the chunks, where no more is asked."""
    if isinstance(value, Application):
        return tuple(box for part in parts_of(value) for box in boxes_of(part, segments))
    if not isinstance(value, Thing):
        ring = (value.position,) if isinstance(value, GroundLevel) and value.position is not None else value.outer
        return (box_around(ring),)
    xy, geometry = value.uncertainty.xy, value.geometry
    west, south, east, north = plan_box(value)
    if not isinstance(geometry, Line):
        return ((west - xy, south - xy, east + xy, north + xy),)
    # As far as it reaches beside its vertices, however it is measured.
    margin = box_around(geometry.vertices)[0] - west + xy
    return tuple(
        box_around(geometry.vertices[first : first + segments + 1], margin)
        for first in range(0, max(len(geometry.vertices) - 1, 1), segments)
    )


def _levels(thing: Thing) -> list[_Levels]:
    """The range of levels of each segment of a line; one range for a shaft or volume."""
    geometry = thing.geometry
    settled = geometry.level_reference == "nap" or isinstance(thing, Asset)
    solid = solid_of(thing, _NO_GROUND, "envelope")
    doubt = thing.uncertainty.z + solid.extra_z
    if isinstance(solid, Corridor):
        half = solid.height or 0
        ranges = [
            _range(min(s.axis.z0, s.axis.z1) - half, max(s.axis.z0, s.axis.z1) + half, doubt)
            if settled and s.known
            else _UNKNOWN
            for s in solid.segments
        ]
        return ranges or [_UNKNOWN]
    return [_range(solid.bottom, solid.top, doubt) if settled and solid.known else _UNKNOWN]


def _range(bottom: Number, top: Number, doubt: int) -> _Levels:
    """From half mm to whole mm, rounded outward and kept within what an index holds."""
    low = LOWEST if bottom <= -UNBOUNDED else floor(bottom / 2) - doubt
    high = HIGHEST if top >= UNBOUNDED else ceil(top / 2) + doubt
    return max(LOWEST, min(low, HIGHEST)), min(HIGHEST, max(high, LOWEST))
