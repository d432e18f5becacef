"""From the levels that were given to those a solid has: of its axis, its bottom and top, by ground level if need be."""

from __future__ import annotations

from typing import Final

from registry.core.ground import Ground
from registry.core.model import Line, Open, Point, Shaft, Volume

#: Stands for "without end" in half mm: a hundred kilometres up or down.
UNBOUNDED: Final = 200_000_000


def ground_level(own: int | None, point: Point, ground: Ground, built: bool) -> tuple[int | None, int, str | None]:
    """Ground level at a point where an object may state its ``own``, how uncertain that is (mm), and which ground level
    was used. An own one that another contradicts is uncertain by as much as they differ, unless it is of an asset; one
    that repeats the other is as uncertain as that is."""
    if own is not None and built:
        return own, 0, None
    found = ground.at(*point)
    if found is None:
        return own, 0, None
    if own is None:
        return found.level, found.uncertainty, found.id
    return own, abs(own - found.level) + found.uncertainty, found.id


def doubled_axis(line: Line, level: int, height: int | None) -> int | None:
    """The level of the axis in half mm, of one that was given for top, bottom, invert or axis; ``None``: unknown."""
    if line.level_of == "axis":
        return 2 * level
    if line.level_of == "invert":
        inner = line.size.height if line.size and line.size.measure == "inner" else None
        if inner is None and line.size and line.size.height is not None and line.size.wall is not None:
            inner = line.size.height - 2 * line.size.wall
        return None if inner is None else 2 * level + inner
    if height is None:
        return None
    return 2 * level - height if line.level_of == "top" else 2 * level + height


def needs_ground(geometry: Shaft | Volume) -> bool:
    """Whether its bottom or top is known only where ground level is."""
    unbounded = isinstance(geometry.bottom, Open) and isinstance(geometry.top, Open)
    return geometry.level_reference == "ground" and not unbounded


def bounds(geometry: Shaft | Volume, surface: int | None) -> tuple[int | None, int | None, tuple[str, ...]]:
    """Bottom and top in half mm under a ground level (half mm), and what is lacking."""
    lacking: set[str] = set()
    ends: list[int | None] = []
    for bound, unbounded in ((geometry.bottom, -UNBOUNDED), (geometry.top, UNBOUNDED)):
        if isinstance(bound, Open):
            ends.append(unbounded)
        elif bound is None:
            lacking.add("level")
            ends.append(None)
        elif geometry.level_reference == "nap":
            ends.append(2 * bound)
        elif surface is None:
            lacking.add("ground_level")
            ends.append(None)
        else:
            ends.append(surface - 2 * bound)
    return ends[0], ends[1], tuple(sorted(lacking))
