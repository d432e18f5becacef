"""A grid of square cells in which rows lie in one order, so that those of neighbouring cells lie side by side.

Rows are sorted into levels by what they take up, width and uncertainty included, each for rows up to four times as
long as the one before. A row is filed under the one cell that holds its middle; a search looks as much farther as the
longest row of the level reaches from its middle. Each level is cut into blocks of 32 × 32 cells; only blocks with rows
in them exist. Within a block rows lie by cell, line after line, so that what lies near along a line is one range;
blocks follow a Morton curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from registry.core.coded import codes
from registry.core.sweep import ACROSS, BEGIN, BITS, BLOCK, CELLS, COLUMN, LEVEL_COLUMNS, ROW, RUN_COLUMNS, UNITS, UP

Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Codes = NDArray[np.uint64]

#: Rows of the first level are at most 2¹⁴ mm long, 16.4 m, as most are; the sides of its cells are 2¹³ mm, 8.2 m.
FIRST_BITS: Final = 13
_LONGER: Final = 1
LEVELS: Final = 10

_NO_LEVELS: Final = np.zeros((0, LEVEL_COLUMNS), np.int64)
_NO_RUNS: Final = np.zeros((0, RUN_COLUMNS), np.int64)
_NO_DIRECTORY: Final = np.zeros(0, np.int32)
_NO_STARTS: Final = np.zeros(1, np.int32)


@dataclass(frozen=True, slots=True)
class Grid:
    """``levels``, ``directory``, ``starts`` and ``runs`` as ``sweep`` reads them: the rows of cell c of a block that is
    b-th in the order are ``starts[b · CELLS + c]`` up to ``starts[b · CELLS + c + 1]``. ``runs`` are rows that follow
    each other, with the box around them and what their codes are told by."""

    levels: Longs
    directory: Ints
    starts: Ints
    runs: Longs

    @property
    def arrays(self) -> tuple[Longs, Ints, Ints, Longs]:
        """As ``sweep`` takes them."""
        return self.levels, self.directory, self.starts, self.runs


def gridded(axes: Ints, beside: Longs) -> tuple[Grid, Longs, Codes]:
    """The grid of rows, the order in which it has them, and their codes in that order (``coded``).

    ``axes`` has x0, y0, z0, x1, y1, z1 of each row; ``beside`` how far it may lie beside that (mm).
    """
    if not len(axes):
        return Grid(_NO_LEVELS, _NO_DIRECTORY, _NO_STARTS, _NO_RUNS), np.zeros(0, np.int64), np.zeros(0, np.uint64)
    level, columns, lines, half = _cells(axes, beside)
    shapes, key = _shaped(level, columns, lines, half)
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
    bits = FIRST_BITS + 2 * level[order]
    x, y = ((some[order] >> BLOCK) << (BLOCK + bits) for some in (columns, lines))
    return Grid(shapes, directory, starts, _NO_RUNS), order, codes(axes[order], beside[order], x, y, bits - UNITS)


def in_runs(runs: Longs) -> Grid:
    """Rows as they come, without cells: those of a run are passed over together."""
    return Grid(_NO_LEVELS, _NO_DIRECTORY, _NO_STARTS, runs)


def _cells(axes: Ints, beside: Longs) -> tuple[Longs, Longs, Longs, Longs]:
    """The level of each row, the column and line of its cell there, and how far it reaches from its middle."""
    x0, y0, x1, y1 = (axes[:, k].astype(np.int64) for k in (0, 1, 3, 4))
    extent = np.maximum(np.abs(x1 - x0), np.abs(y1 - y0)) + 2 * beside + 1
    level = np.zeros(len(axes), np.int64)
    for k in range(LEVELS - 1):
        level += extent > 1 << (FIRST_BITS + _LONGER + 2 * k)
    bits = FIRST_BITS + 2 * level + 1
    return level, (x0 + x1) >> bits, (y0 + y1) >> bits, extent // 2 + 1


def _shaped(level: Longs, columns: Longs, lines: Longs, half: Longs) -> tuple[Longs, Longs]:
    """The levels there are, as rows of ``LEVEL_COLUMNS``, and a key for each row to sort by: level, block, cell."""
    key = np.empty(len(level), np.int64)
    shapes: list[list[int]] = []
    begin = 0
    for number in np.unique(level):
        mine = level == number
        blocks = columns[mine] >> BLOCK, lines[mine] >> BLOCK
        column, line = int(blocks[0].min()), int(blocks[1].min())
        across, up = int(blocks[0].max()) - column + 1, int(blocks[1].max()) - line + 1
        shapes.append([FIRST_BITS + 2 * int(number), column, line, across, up, begin, int(half[mine].max())])
        begin += across * up
        block = along_curve(blocks[0] - column, blocks[1] - line)
        cell = ((lines[mine] & (1 << BLOCK) - 1) << BLOCK) | (columns[mine] & (1 << BLOCK) - 1)
        key[mine] = (int(number) << 56) | (block << (2 * BLOCK)) | cell
    return np.array(shapes, np.int64), key


def along_curve(columns: NDArray[Any], lines: NDArray[Any]) -> Longs:
    """Where places lie along a Morton curve: those near each other mostly lie near each other there."""
    return _spread(columns) | (_spread(lines) << 1)


def _spread(values: NDArray[Any]) -> Longs:
    """The lowest 16 bits of numbers with a zero between each two."""
    spread = values.astype(np.int64) & 0xFFFF
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        spread = (spread | (spread << shift)) & mask
    return spread
