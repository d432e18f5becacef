"""Solids packed into rows of whole numbers: what the compiled kernels (``compiled``) look through.

A row is a segment of a corridor, or the box of a volume, a ground level or a zone. What is found among rows is never
less than what the core's own judgement finds near: an unknown depth is near at any depth, a volume is as near as its
box. Where a row is not such a bound (no ``BOX`` in ``Column.FLAGS``, both depths known) it is the solid itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from registry.core.boxes import box_around
from registry.core.ground import Ground
from registry.core.kernels import Number
from registry.core.model import Application, Asset, GroundLevel, Identified, Part, Thing
from registry.core.sizes import plan_box
from registry.core.solids import Corridor, solid_of

#: Rows of whole numbers, ``Column`` by column.
Rows = NDArray[np.int32]

#: The height of what has an unknown depth: the least an int32 holds.
UNKNOWN: Final = -(2**31)
#: Heights beyond this (half mm) are as good as without end, and told as unknown.
_HIGHEST: Final = 2**28
#: No size or uncertainty is more than this (mm): it is as good as everywhere.
LARGEST: Final = 2**28
#: Little-endian, so that what one machine stored another reads.
STORED: Final = np.dtype("<i4")

_NO_GROUND: Final = Ground((), 0)


class Column(IntEnum):
    """What stands where in a row: mm, but for the heights of the axis, doubled (half mm).

    A box has its least corner and its bottom first, then its greatest corner and its top. ``WIDTH`` is what is sure of
    it; ``XY`` and ``Z`` are how far it may lie from there. ``NUMBER`` is that of the segment in its object. ``FLAGS``
    says whether it is a box, and of which theme it is.
    """

    X0 = 0
    Y0 = 1
    Z0 = 2
    X1 = 3
    Y1 = 4
    Z1 = 5
    WIDTH = 6
    HEIGHT = 7
    XY = 8
    Z = 9
    NUMBER = 10
    FLAGS = 11


#: In ``FLAGS``: the row is a box around what it stands for.
BOX: Final = 1
#: And above these bits of it: the number of its theme.
_THEME: Final = 8
#: By theme the number by which rows know it. They are stored: a number is never changed, nor given to another theme. 0
#: is of what has no theme.
THEME_NUMBERS: Final[Mapping[str, int]] = {
    "buisleidingGevaarlijkeInhoud": 1,
    "datatransport": 2,
    "gasHogeDruk": 3,
    "gasLageDruk": 4,
    "hoogspanning": 5,
    "laagspanning": 6,
    "landelijkHoogspanningsnet": 7,
    "middenspanning": 8,
    "overig": 9,
    "petrochemie": 10,
    "rioolOnderOverOfOnderdruk": 11,
    "rioolVrijverval": 12,
    "warmte": 13,
    "water": 14,
    "wees": 15,
    "water_storage": 16,
    "tree_roots": 17,
    "soil_energy": 18,
    "geothermal": 19,
}


def packed(value: Identified) -> Rows:
    """The rows of an object, or of all parts of an application: one for each segment of a line, one for all else.

    Depths are those of the object alone: where a ground level of another counts, the depth is unknown here.
    """
    if isinstance(value, Application):
        parts = [packed(part) for part in parts_of(value)]
        rows = np.concatenate(parts) if parts else np.empty((0, len(Column)), np.int32)
        rows[:, Column.NUMBER] = np.arange(len(rows))
        return rows
    if not isinstance(value, Thing):
        ring = (value.position,) if isinstance(value, GroundLevel) and value.position is not None else value.outer
        west, south, east, north = box_around(ring)
        return _rows([(west, south, UNKNOWN, east, north, UNKNOWN, 0, 0, 0, 0, 0, BOX)])
    theme = flagged(value.theme)
    solid = solid_of(value, _NO_GROUND, "envelope")
    settled = value.geometry.level_reference == "nap" or isinstance(value, Asset)
    xy, z = min(value.uncertainty.xy, LARGEST), min(value.uncertainty.z + solid.extra_z, LARGEST)
    if not isinstance(solid, Corridor):
        west, south, east, north = plan_box(value)
        bottom, top = _heights(solid.bottom, solid.top, settled and solid.known)
        return _rows([(west, south, bottom, east, north, top, 0, 0, xy, z, 0, BOX | theme)])
    rest = (min(solid.sure_width, LARGEST), min(solid.height or 0, LARGEST), xy, z)
    found = []
    for segment in solid.segments:
        p = segment.axis
        z0, z1 = _heights(p.z0, p.z1, settled and segment.known)
        found.append((int(p.x0), int(p.y0), z0, int(p.x1), int(p.y1), z1, *rest, segment.index, theme))
    return _rows(found)


def parts_of(application: Application) -> Sequence[Part]:
    """Its parts in the order in which they are numbered: that of their ids, as they are judged, however they came."""
    return sorted(application.parts, key=lambda part: part.id)


def flagged(theme: str) -> int:
    """What ``FLAGS`` has of a theme."""
    return THEME_NUMBERS.get(theme, 0) << _THEME


def theme_numbers(rows: Rows) -> NDArray[np.int32]:
    """The number of the theme of each row (``THEME_NUMBERS``); 0 where it has none."""
    return rows[:, Column.FLAGS] >> _THEME


def stored(rows: Rows) -> bytes:
    """Rows as bytes, the same on every machine."""
    return np.ascontiguousarray(rows, STORED).tobytes()


def unstored(held: bytes) -> Rows:
    """Rows out of ``stored`` bytes, or out of those of many, one after another."""
    return np.frombuffer(bytearray(held), STORED).astype(np.int32, copy=False).reshape(-1, len(Column))


def _heights(low: Number, high: Number, known: bool) -> tuple[int, int]:
    if not known or not (-_HIGHEST < low < _HIGHEST and -_HIGHEST < high < _HIGHEST):
        return UNKNOWN, UNKNOWN
    return int(low), int(high)


def _rows(rows: Iterable[tuple[int, ...]]) -> Rows:
    return np.array(list(rows), np.int32).reshape(-1, len(Column))
