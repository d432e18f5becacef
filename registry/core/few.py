"""Few rows laid out for one search, compiled: for so few, what numpy does in a dozen calls would take longer than that.

What is laid out is what ``sweep`` takes: the rows as they came, in runs that are passed over together (``grid``).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import types

from registry.core.coded import LIMIT, code
from registry.core.compiled import compiled
from registry.core.packed import BOX, LARGEST, UNKNOWN, Column
from registry.core.pairs import (
    BOXED,
    GROUP,
    HEIGHT,
    NAME,
    NUMBER,
    ROW_COLUMNS,
    THING,
    THING_COLUMNS,
    WIDTH,
    XY,
    Z,
)  # fmt: skip
from registry.core.sweep import (
    RUN_COLUMNS,
    RUN_EAST,
    RUN_FIRST,
    RUN_LAST,
    RUN_NORTH,
    RUN_SHIFT,
    RUN_SOUTH,
    RUN_WEST,
    RUN_X,
    RUN_Y,
)

#: Coordinates lie between these (mm), so that no difference of two exceeds 2³⁰: far more than all of RD New.
LOWEST: Final = -(2**28)
HIGHEST: Final = 3 * 2**28
#: Heights lie between this and as much below 0 (half mm), or are unknown: both of a row or neither.
HIGH: Final = 2**28
#: What is wrong with rows.
FIT, TOO_FAR, TOO_LARGE, TOO_HIGH = range(4)

# As the compiler takes them.
_WIDTH, _HEIGHT, _XY, _Z = int(Column.WIDTH), int(Column.HEIGHT), int(Column.XY), int(Column.Z)
_NUMBER, _FLAGS = int(Column.NUMBER), int(Column.FLAGS)


@compiled
def fit(rows):  # type: ignore[no-untyped-def]
    """Whether the compiled code can reckon with rows: ``FIT``, or what is wrong with one of them."""
    told = FIT
    for k in range(len(rows)):
        low, high = min(rows[k, 0], rows[k, 3]), max(rows[k, 0], rows[k, 3])
        low, high = min(low, min(rows[k, 1], rows[k, 4])), max(high, max(rows[k, 1], rows[k, 4]))
        if low < LOWEST or high > HIGHEST:
            return TOO_FAR
        least = min(min(rows[k, _WIDTH], rows[k, _HEIGHT]), min(rows[k, _XY], rows[k, _Z]))
        most = max(max(rows[k, _WIDTH], rows[k, _HEIGHT]), max(rows[k, _XY], rows[k, _Z]))
        if least < 0 or most > LARGEST:
            told = TOO_LARGE
        z0, z1 = rows[k, 2], rows[k, 5]
        if (z0 == UNKNOWN) != (z1 == UNKNOWN) or (z0 != UNKNOWN and max(max(z0, z1), -min(z0, z1)) > HIGH):
            told = TOO_HIGH
    return told


@compiled
def follow(starts, last):  # type: ignore[no-untyped-def]
    """Whether numbers go from 0 to the last one, each no less than the one before."""
    if len(starts) == 0:
        return False
    told = starts[0] == 0 and starts[-1] == last
    for k in range(1, len(starts)):
        told &= starts[k] >= starts[k - 1]
    return told


@compiled
def extremes(numbers):  # type: ignore[no-untyped-def]
    """The least and the greatest of numbers and 0."""
    least, most = types.int32(0), types.int32(0)
    for number in numbers:
        least, most = min(least, number), max(most, number)
    return least, most


@compiled
def _units(rows):  # type: ignore[no-untyped-def]
    """From where the codes of all rows can be told, and in which units."""
    x, y = types.int64(HIGHEST), types.int64(HIGHEST)
    far = types.int64(0)
    for k in range(len(rows)):
        x, y = min(x, min(rows[k, 0], rows[k, 3])), min(y, min(rows[k, 1], rows[k, 4]))
    for k in range(len(rows)):
        far = max(far, max(max(rows[k, 0], rows[k, 3]) - x, max(rows[k, 1], rows[k, 4]) - y))
    shift = 0
    while far >> shift > LIMIT // 2:
        shift += 1
    return x, y, shift


@compiled
def laid_out(given, of, groups):  # type: ignore[no-untyped-def]
    """Rows, codes and things of rows that are given, and the runs of those of one name that follow each other: each row
    is a thing of its own, of the name ``of[k]`` in the group ``groups[k]``."""
    many = len(given)
    things, runs = np.empty((many, THING_COLUMNS), np.int32), np.empty((many, RUN_COLUMNS), np.int64)
    rows, codes = np.empty((many, ROW_COLUMNS), np.int32), np.empty(many, np.uint64)
    x, y, shift = _units(given)
    run = -1
    for k in range(many):
        for column in range(6):
            rows[k, column] = given[k, column]
        rows[k, THING], rows[k, NUMBER] = k, given[k, _NUMBER]
        things[k, WIDTH], things[k, HEIGHT] = given[k, _WIDTH], given[k, _HEIGHT]
        things[k, XY], things[k, Z] = given[k, _XY], given[k, _Z]
        things[k, BOXED], things[k, GROUP], things[k, NAME] = given[k, _FLAGS] & BOX, groups[k], of[k]
        # Half its width and its uncertainty, rounded up.
        beside = ((given[k, _WIDTH] + 1) >> 1) + given[k, _XY]
        west, east = min(given[k, 0], given[k, 3]) - beside, max(given[k, 0], given[k, 3]) + beside
        south, north = min(given[k, 1], given[k, 4]) - beside, max(given[k, 1], given[k, 4]) + beside
        codes[k] = code(west, south, east, north, x, y, shift)
        if k == 0 or of[k] != of[k - 1]:
            run += 1
            runs[run, RUN_FIRST], runs[run, RUN_X], runs[run, RUN_Y], runs[run, RUN_SHIFT] = k, x, y, shift
            runs[run, RUN_WEST], runs[run, RUN_SOUTH] = west, south
            runs[run, RUN_EAST], runs[run, RUN_NORTH] = east, north
        else:
            runs[run, RUN_WEST], runs[run, RUN_SOUTH] = min(runs[run, RUN_WEST], west), min(runs[run, RUN_SOUTH], south)
            runs[run, RUN_EAST], runs[run, RUN_NORTH] = max(runs[run, RUN_EAST], east), max(runs[run, RUN_NORTH], north)
        runs[run, RUN_LAST] = k + 1
    return rows, codes, things, runs[: run + 1].copy()
