"""Few rows laid out for one search, compiled: for so few, what numpy does in a dozen calls would take longer than that.

What is laid out is what ``sweep`` takes: the rows as they came, in runs that are passed over together (``grid``).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from registry.core.compiled import compiled
from registry.core.packed import BOX, LARGEST, Column
from registry.core.sweep import BOXED, GROUP, HEIGHT, NAME, RUN_COLUMNS, THING_COLUMNS, WIDTH, XY, Z

#: Coordinates lie between these (mm), so that no difference of two exceeds 2³⁰: far more than all of RD New.
LOWEST: Final = -(2**28)
HIGHEST: Final = 3 * 2**28
#: What is wrong with rows.
FIT, TOO_FAR, TOO_LARGE = range(3)

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
    return told


@compiled
def laid_out(rows, of, groups):  # type: ignore[no-untyped-def]
    """Axes, owner, number and things of rows, and the runs of those of one name that follow each other: each row is a
    thing of its own, of the name ``of[k]`` in the group ``groups[k]``."""
    many = len(rows)
    axes, owner, number = np.empty((many, 6), np.int32), np.empty(many, np.int32), np.empty(many, np.int32)
    things, runs = np.empty((many, THING_COLUMNS), np.int32), np.empty((many, RUN_COLUMNS), np.int64)
    run = -1
    for k in range(many):
        for column in range(6):
            axes[k, column] = rows[k, column]
        owner[k], number[k] = k, rows[k, _NUMBER]
        things[k, WIDTH], things[k, HEIGHT] = rows[k, _WIDTH], rows[k, _HEIGHT]
        things[k, XY], things[k, Z] = rows[k, _XY], rows[k, _Z]
        things[k, BOXED], things[k, GROUP], things[k, NAME] = rows[k, _FLAGS] & BOX, groups[k], of[k]
        west, east = min(rows[k, 0], rows[k, 3]), max(rows[k, 0], rows[k, 3])
        south, north = min(rows[k, 1], rows[k, 4]), max(rows[k, 1], rows[k, 4])
        # Half its width and its uncertainty, rounded up.
        beside = ((rows[k, _WIDTH] + 1) >> 1) + rows[k, _XY]
        if k == 0 or of[k] != of[k - 1]:
            run += 1
            runs[run, 0], runs[run, 2], runs[run, 3], runs[run, 4], runs[run, 5] = k, west, south, east, north
            runs[run, 6] = beside
        else:
            runs[run, 2], runs[run, 3] = min(runs[run, 2], west), min(runs[run, 3], south)
            runs[run, 4], runs[run, 5] = max(runs[run, 4], east), max(runs[run, 5], north)
            runs[run, 6] = max(runs[run, 6], beside)
        runs[run, 1] = k + 1
    return axes, owner, number, things, runs[: run + 1].copy()
