"""Of what is filed near an application, what lies within reach of it: told from packed segments, no content read."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from registry.core import case
from registry.core.model import Application, Identified, Line, Thing, Volume
from registry.core.packed import BOX, Column, Rows
from registry.store.held import Held
from registry.store.rows import Name

#: For halves and whole numbers that are rounded one way here and another way there, mm.
_MARGIN: Final = 2


def split(own: Rows, held: Held, reach: int) -> tuple[set[Name], Held]:
    """Those within ``reach`` (mm) of ``own`` in plan, as ``Case.within_reach`` has it, or perhaps so; and the segments
    of the others.

    Never too few: a volume is within reach where the box around it is, by each coordinate alone; and so is all else in
    a process that has not compiled what tells it exactly (``index.ready``), which nobody is to wait for.
    """
    # Not to be imported here: that alone takes longer than most commands do. Another thread may be about to.
    index: Any = sys.modules.get("registry.core.index")
    if not getattr(index, "ready", bool)():
        near = by_boxes(own, held, reach)
        return near, held.without(near)
    near = set()
    if len(own) and len(held.rows):
        asked = index.Asked.alike(reach + 1)
        near = {held.names[k] for k in index.near_rows(own, held.rows, held.of, asked).object.tolist()}
    rest = held.without(near)
    boxed = rest.only((rest.rows[:, Column.FLAGS] & BOX) != 0)
    near |= by_boxes(own, boxed, reach)
    return near, rest.without(near)


def by_boxes(own: Rows, held: Held, reach: int) -> set[Name]:
    """Those with a segment of which the box in plan lies within ``reach`` (mm) of that of one of ``own``."""
    theirs, ours = _boxes(held.rows, 0), _boxes(own, reach + _MARGIN)
    meeting = np.zeros(len(held.rows), bool)
    for west, south, east, north in ours.T.tolist():
        meeting |= (theirs[0] <= east) & (theirs[2] >= west) & (theirs[1] <= north) & (theirs[3] >= south)
    return held.only(meeting).named()


def easily_compared(application: Application, near: Iterable[Identified], rest: Held) -> bool:
    """Whether there are so few segments and sides, of ``rest`` too, that the core refuses to compare none of them.

    It counts what lies near each other by boxes, a little beyond its reach, where there are too many to judge
    (``Case.of``). Where it may come to that, it has to be given all that it would count.
    """
    own = _sides(application)
    return own * (own + sum(_sides(one) for one in near) + len(rest.rows)) <= case.MAX_PAIRS


def _sides(value: Identified) -> int:
    if isinstance(value, Application):
        return sum(_sides(part) for part in value.parts)
    geometry = value.geometry if isinstance(value, Thing) else None
    if isinstance(geometry, Volume):
        return sum(len(ring) for ring in (geometry.outer, *geometry.holes))
    return len(geometry.vertices) - 1 if isinstance(geometry, Line) else 1


def _boxes(rows: Rows, margin: int) -> NDArray[np.int64]:
    """West, south, east and north of each, half its width, its uncertainty and a margin (mm) wider."""
    x0, y0, x1, y1 = (rows[:, k].astype(np.int64) for k in (Column.X0, Column.Y0, Column.X1, Column.Y1))
    wider = (rows[:, Column.WIDTH].astype(np.int64) + 1) // 2 + rows[:, Column.XY] + margin
    west, east, south, north = np.minimum(x0, x1), np.maximum(x0, x1), np.minimum(y0, y1), np.maximum(y0, y1)
    return np.stack([west - wider, south - wider, east + wider, north + wider])
