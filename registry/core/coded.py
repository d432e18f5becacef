"""Boxes in plan as one number each, so that a single subtraction tells whether two meet.

A code holds four numbers of 15 bits, 16 bits apart: how far the box reaches east and north, and how far west and south.
What it is held against says how far that is to be at least. The bit above each number is set before the subtraction,
so that none borrows from the next; where it is still set afterwards, the box reaches far enough.

All are rounded the same way and cut off at the same ends, so two boxes that meet are never told to be apart; what lies
less than one unit from each other may be told to meet.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import types

from registry.core.compiled import compiled

#: The greatest of the four numbers; and how many units before the place from which a box is told they begin.
LIMIT: Final = (1 << 15) - 1
_BEFORE: Final = 1 << 13
_GUARD: Final = np.uint64(0x8000_8000_8000_8000)


@compiled
def code(west, south, east, north, x, y, shift):  # type: ignore[no-untyped-def]
    """The code of a box (mm), told from the place x, y (mm) in units of 2^shift mm."""
    far_east, far_north = ((east - x) >> shift) + _BEFORE, ((north - y) >> shift) + _BEFORE
    far_west, far_south = LIMIT - _BEFORE - ((west - x) >> shift), LIMIT - _BEFORE - ((south - y) >> shift)
    far_east, far_north = min(max(far_east, 0), LIMIT), min(max(far_north, 0), LIMIT)
    far_west, far_south = min(max(far_west, 0), LIMIT), min(max(far_south, 0), LIMIT)
    return types.uint64(far_east | (far_north << 16) | (far_west << 32) | (far_south << 48))


@compiled
def sought(west, south, east, north, x, y, shift):  # type: ignore[no-untyped-def]
    """What a code, told from the same place in the same units, is held against: a box (mm) that it is to meet.

    A box that meets it reaches at least as far east as its west side, and so on: it is its code with the sides changed.
    """
    return code(east, north, west, south, x, y, shift)


@compiled
def meets(one, wanted):  # type: ignore[no-untyped-def]
    """Whether the box of a code meets the one that is sought, or lies less than a unit from it."""
    return (((one | _GUARD) - wanted) & _GUARD) == _GUARD


@compiled
def codes(rows, beside, x, y, shift):  # type: ignore[no-untyped-def]
    """The codes of the boxes of rows (x0, y0, z0, x1, y1, z1), which lie so far beside their axes (mm), each told from
    a place and in units of its own."""
    told = np.empty(len(rows), np.uint64)
    for k in range(len(rows)):
        west, east = min(rows[k, 0], rows[k, 3]) - beside[k], max(rows[k, 0], rows[k, 3]) + beside[k]
        south, north = min(rows[k, 1], rows[k, 4]) - beside[k], max(rows[k, 1], rows[k, 4]) + beside[k]
        told[k] = code(west, south, east, north, x[k], y[k], shift[k])
    return told
