"""Which cells of the plan something touches: what is locked while it is written.

Everyone takes the coarse cells shared and the fine ones exclusive; what touches many fine cells takes its coarse cells
exclusive instead. Two things, made wider by ``a`` and ``b``, that lie within ``a + b`` of each other so always ask for
a lock that the other may not hold beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from registry.core.boxes import Box, box_around
from registry.core.model import Line, Thing
from registry.core.sizes import plan_box

#: A cell by its column and row.
Cell = tuple[int, int]

#: The sides of a cell, mm: a coarse one holds a whole number of fine ones.
FINE: Final = 50_000
COARSE: Final = 1_000_000
#: So many fine cells are taken at most; and so many coarse ones.
MAX_FINE: Final = 200
MAX_COARSE: Final = 200
#: The cell that everything touches: taken shared by all, and exclusive by what touches too many coarse ones.
EVERYWHERE: Final[Cell] = (-1, -1)


@dataclass(frozen=True, slots=True)
class LockCells:
    """Sorted cells, without duplicates: of 1 km, shared or exclusive, and of 50 m, always exclusive."""

    coarse_shared: tuple[Cell, ...]
    coarse_exclusive: tuple[Cell, ...]
    fine: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, order=True)
class LockKey:
    """One lock: a key that fits a signed 64-bit integer, taken shared or exclusive."""

    key: int
    shared: bool


def cells_of(things: Iterable[Thing], inflate_mm: int) -> LockCells:
    """The cells that ``things``, made ``inflate_mm`` wider on all sides, touch; of a line those along it only."""
    boxes = [box for thing in things for box in _boxes(thing, inflate_mm)]
    coarse = _touched(boxes, COARSE, MAX_COARSE)
    if coarse is None:
        return LockCells((), (EVERYWHERE,), ())
    fine = _touched(boxes, FINE, MAX_FINE)
    if fine is None:
        return LockCells((EVERYWHERE,), tuple(sorted(coarse)), ())
    return LockCells((EVERYWHERE, *sorted(coarse)), (), tuple(sorted(fine)))


def lock_keys(cells: LockCells) -> tuple[LockKey, ...]:
    """The locks in the order in which everyone takes them, each once: exclusive where both are asked."""
    exclusive = {_key(0, cell) for cell in cells.coarse_exclusive} | {_key(1, cell) for cell in cells.fine}
    shared = {_key(0, cell) for cell in cells.coarse_shared} - exclusive
    return tuple(LockKey(key, key in shared) for key in sorted(shared | exclusive))


def _touched(boxes: Iterable[Box], side: int, at_most: int) -> set[Cell] | None:
    """The cells that boxes touch, their edges included; ``None`` for more than ``at_most``."""
    touched: set[Cell] = set()
    for x0, y0, x1, y1 in boxes:
        columns, rows = range(x0 // side, x1 // side + 1), range(y0 // side, y1 // side + 1)
        if len(columns) * len(rows) > at_most:
            return None
        touched.update((column, row) for column in columns for row in rows)
        if len(touched) > at_most:
            return None
    return touched


def _boxes(thing: Thing, inflate_mm: int) -> Iterator[Box]:
    """Boxes that together cover a thing: of a line, one for each piece no longer than a fine cell is wide."""
    more = inflate_mm + thing.uncertainty.xy
    geometry = thing.geometry
    x0, y0, x1, y1 = plan_box(thing)
    if not isinstance(geometry, Line):
        yield x0 - more, y0 - more, x1 + more, y1 + more
        return
    # By how much the box around a line is wider than its axis.
    half = min(x for x, _ in geometry.vertices) - x0
    for (ax, ay), (bx, by) in pairwise(geometry.vertices):
        pieces = max(abs(bx - ax), abs(by - ay)) // FINE + 1
        cuts = [(ax + (bx - ax) * k // pieces, ay + (by - ay) * k // pieces) for k in range(pieces + 1)]
        # A cut is rounded down by less than a millimetre.
        yield from (box_around(ends, half + more + 1) for ends in pairwise(cuts))


def _key(level: int, cell: Cell) -> int:
    """A number of its own for each cell within some ten million cells of the origin, smaller for coarse cells."""
    column, row = cell
    return (level << 56) | ((column & 0xFFFFFFF) << 28) | (row & 0xFFFFFFF)
