"""What is told of a size: how wide something is outside, and what room it takes in plan at most."""

from __future__ import annotations

from registry.core.boxes import Box, box_around
from registry.core.model import Shaft, Size, Thing, Volume


def outer_size(size: Size | None) -> tuple[int | None, int | None]:
    """Outer width and height in mm, ``None`` where unknown."""
    if size is None:
        return None, None
    if size.measure != "inner":
        return size.width, size.height
    if size.wall is None or size.width is None or size.height is None:
        return None, None
    return size.width + 2 * size.wall, size.height + 2 * size.wall


def least_width(size: Size | None) -> int:
    """The least an outer width can be, mm: as much as is known of it, the inner width where only that is; else 0."""
    return least_size(size)[0]


def least_size(size: Size | None) -> tuple[int, int]:
    """The least outer width and height (mm), by what is known of them; else 0."""
    if size is None:
        return 0, 0
    walls = 2 * (size.wall or 0) if size.measure == "inner" else 0
    width, height = (0 if length is None else length + walls for length in (size.width, size.height))
    return width, height


def enclosing(asked: int | None, outer: int | None, least: int, built: bool) -> int | None:
    """The size of what may have an envelope (mm): that adds room, and never makes an object smaller than it is. It does
    not tell the size of what was built, nor of what is known to be larger; ``None``: unknown."""
    if asked is None or (outer is None and (built or asked < least)):
        return None
    return max(asked, outer or 0)


def plan_box(thing: Thing) -> Box:
    """A box in plan around all that an object takes up, however it is measured: no less than that of its solid."""
    geometry = thing.geometry
    if isinstance(geometry, Volume):
        return box_around(geometry.outer)
    width, depth = outer_size(geometry.size)
    widest = max(width or 0, least_width(geometry.size))
    if isinstance(geometry, Shaft):
        return box_around((geometry.position,), (widest + (depth or 0)) // 2 + 2)
    enveloped = geometry.envelope.width if geometry.envelope else 0
    return box_around(geometry.vertices, max(widest, enveloped) // 2 + 1)
