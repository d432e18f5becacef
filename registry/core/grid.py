"""A grid of square cells in which rows lie in one order, so that those of neighbouring cells lie side by side.

Rows are sorted by size into levels, each with cells four times as wide as the one before: a row is filed under the
one cell that holds its middle, on the first level whose cells are no narrower than what it takes up, its width and
uncertainty included. Each level is cut into blocks of 64 × 64 cells; only blocks with rows in them exist. Within a
block rows lie by cell, line after line, so that what lies near along a line is one range; blocks follow a Morton curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from registry.core.sweep import ACROSS, BEGIN, BITS, BLOCK, CELLS, COLUMN, LEVEL_COLUMNS, ROW, UP

Longs = NDArray[np.int64]
Ints = NDArray[np.int32]

#: The side of the smallest cells: 2¹⁴ mm, 16.4 m. Most rows are shorter, and few others lie within two of them.
FIRST_BITS: Final = 14
LEVELS: Final = 10
#: The side of a cell that has everything within half of it, as a power of two (mm).
_EVERYWHERE: Final = 32


@dataclass(frozen=True, slots=True)
class Grid:
    """``levels``, ``directory`` and ``starts`` as ``sweep`` reads them: the rows of cell c of a block that is b-th in
    the order are ``starts[b · CELLS + c]`` up to ``starts[b · CELLS + c + 1]``."""

    levels: Longs
    directory: Ints
    starts: Ints

    @property
    def arrays(self) -> tuple[Longs, Ints, Ints]:
        """As ``sweep`` takes them."""
        return self.levels, self.directory, self.starts


def gridded(axes: Ints, beside: Longs) -> tuple[Grid, Longs]:
    """The grid of rows, and the order in which it has them.

    ``axes`` has x0, y0, z0, x1, y1, z1 of each row; ``beside`` how far it may lie beside that (mm).
    """
    if not len(axes):
        nothing = np.zeros((0, LEVEL_COLUMNS), np.int64), np.zeros(0, np.int32), np.zeros(1, np.int32)
        return Grid(*nothing), np.zeros(0, np.int64)
    level, columns, lines = _cells(axes, beside)
    shapes, key = _shaped(level, columns, lines, beside)
    order = np.argsort(key, kind="stable")
    key = key[order]
    blocks, cells = np.unique(key >> (2 * BLOCK)), key & (CELLS - 1)
    numbers = np.searchsorted(blocks, key >> (2 * BLOCK))
    filled = np.bincount(numbers * CELLS + cells, minlength=len(blocks) * CELLS)
    starts = np.zeros(len(filled) + 1, np.int32)
    np.cumsum(filled, out=starts[1:])
    firsts = order[starts[:-1].reshape(-1, CELLS)[:, 0]]
    directory = np.full(int(shapes[-1, BEGIN] + shapes[-1, ACROSS] * shapes[-1, UP]), -1, np.int32)
    shape = shapes[np.searchsorted(shapes[:, BITS], FIRST_BITS + 2 * level[firsts])]
    across, up = (columns[firsts] >> BLOCK) - shape[:, COLUMN], (lines[firsts] >> BLOCK) - shape[:, ROW]
    directory[shape[:, BEGIN] + up * shape[:, ACROSS] + across] = np.arange(len(blocks))
    return Grid(shapes, directory, starts), order


def ungridded(count: int, beside: int) -> Grid:
    """One cell with all of so many rows in it, none of which is wider than ``beside`` (mm) on a side: no search misses
    it, wherever the rows lie."""
    starts = np.full(CELLS + 1, count, np.int32)
    starts[0] = 0
    return Grid(np.array([[_EVERYWHERE, 0, 0, 1, 1, 0, beside]], np.int64), np.zeros(1, np.int32), starts)


def _cells(axes: Ints, beside: Longs) -> tuple[Longs, Longs, Longs]:
    """The level of each row, and the column and line of its cell there."""
    x0, y0, x1, y1 = (axes[:, k].astype(np.int64) for k in (0, 1, 3, 4))
    extent = np.maximum(np.abs(x1 - x0), np.abs(y1 - y0)) + 2 * beside + 1
    level = np.zeros(len(axes), np.int64)
    for k in range(LEVELS - 1):
        level += extent > 1 << (FIRST_BITS + 2 * k)
    bits = FIRST_BITS + 2 * level + 1
    return level, (x0 + x1) >> bits, (y0 + y1) >> bits


def _shaped(level: Longs, columns: Longs, lines: Longs, beside: Longs) -> tuple[Longs, Longs]:
    """The levels there are, as rows of ``LEVEL_COLUMNS``, and a key for each row to sort by: level, block, cell."""
    key = np.empty(len(level), np.int64)
    shapes: list[list[int]] = []
    begin = 0
    for number in np.unique(level):
        mine = level == number
        blocks = columns[mine] >> BLOCK, lines[mine] >> BLOCK
        column, line = int(blocks[0].min()), int(blocks[1].min())
        across, up = int(blocks[0].max()) - column + 1, int(blocks[1].max()) - line + 1
        shapes.append([FIRST_BITS + 2 * int(number), column, line, across, up, begin, int(beside[mine].max())])
        begin += across * up
        block = _spread(blocks[0] - column) | (_spread(blocks[1] - line) << 1)
        cell = ((lines[mine] & (1 << BLOCK) - 1) << BLOCK) | (columns[mine] & (1 << BLOCK) - 1)
        key[mine] = (int(number) << 56) | (block << (2 * BLOCK)) | cell
    return np.array(shapes, np.int64), key


def _spread(values: NDArray[Any]) -> Longs:
    """The bits of 16-bit numbers with a zero between each two: of two such a place on a Morton curve is made."""
    spread = values.astype(np.int64)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        spread = (spread | (spread << shift)) & mask
    return spread
