"""The compiled search: which rows of others are too near one's own, and how near each other comes at least.

Kept per other is the least (gap, own number, other's number). Whatever order rows come in, that is one answer: what
cannot be less than it is passed over, what can tie with it is not.

Arguments that belong together are tuples: ``others`` (axes, owner, number, things), ``grid`` (levels, directory,
starts), ``asked`` (ch, cv, euclid) and ``work`` (keys, kept, touched, counts, doubts), the room for one subject.
"""

from __future__ import annotations

from math import floor, sqrt
from typing import Final

import numpy as np
from numba import njit, types

from registry.core.compiled import ANY, DOUBTFUL, NONE, SURE, plan_distance, segments_gap
from registry.core.packed import UNKNOWN, Column

#: Columns of a row of ``things``: what the rows of one thing have in common, and the name it goes by.
WIDTH, HEIGHT, XY, Z, GROUP, BOXED, NAME, THING_COLUMNS = range(8)
#: Columns of a row of ``levels`` (see ``grid``): a cell's side as a power of two (mm), the first block's column and
#: row, how many blocks there are across and up, and where they begin in the directory.
BITS, COLUMN, ROW, ACROSS, UP, BEGIN, LEVEL_COLUMNS = range(7)
#: Columns of a row of ``doubts``: what the exact kernel is to decide, and of what.
SUBJECT, OTHER, OWN_ROW, OTHER_ROW, ASKED, SLAB, DOUBT_COLUMNS = range(7)
#: Columns of a row of ``found``.
FOUND_COLUMNS: Final = 5
#: A block is so many cells wide and high, as a power of two.
BLOCK: Final = 6
CELLS: Final = 1 << (2 * BLOCK)
#: Beside what a float tells of a long row's course, mm.
_SLACK: Final = 2.0
#: Less than the tolerance of a gap (0.001 mm), more than a float is off.
_WHOLE: Final = 5e-4
_EMPTY: Final = -1

# As the compiler takes them.
_OWN_WIDTH, _OWN_HEIGHT, _OWN_XY, _OWN_Z = int(Column.WIDTH), int(Column.HEIGHT), int(Column.XY), int(Column.Z)
_NUMBER, _FLAGS = int(Column.NUMBER), int(Column.FLAGS)


@njit(nogil=True)
def _slot(keys, name):  # type: ignore[no-untyped-def]
    """Where ``name`` is in the open hash table ``keys``, or may be put."""
    mask = len(keys) - 1
    at = (types.int64(name) * 2654435761 >> 8) & mask
    while keys[at] != _EMPTY and keys[at] != name:
        at = (at + 1) & mask
    return at


@njit(nogil=True)
def _apart(a, b, k):  # type: ignore[no-untyped-def]
    """How far two rows lie apart along axis ``k``; 0 where they touch or overlap."""
    low = types.int64(min(b[k], b[k + 3])) - max(a[k], a[k + 3])
    high = types.int64(min(a[k], a[k + 3])) - max(b[k], b[k + 3])
    return max(max(low, high), 0)


@njit(nogil=True)
def _cannot_win(squared, widths, number, best, best_number):  # type: ignore[no-untyped-def]
    """Whether what lies at least √squared away (mm, axes or boxes) cannot take the place of the ``best`` gap so far.

    One that ties may do so only from the same own row, or an earlier one: there the other's number counts.
    """
    least = types.int64(best) + ((widths + 1) >> 1) + (1 if number <= best_number else 0)
    return least <= 0 or squared >= least * least


@njit(nogil=True)
def _to_box(a, box):  # type: ignore[no-untyped-def]
    """The distance in plan of a segment to a box."""
    west, south, east, north = types.int64(box[0]), types.int64(box[1]), types.int64(box[3]), types.int64(box[4])
    x, y = types.int64(a[0]), types.int64(a[1])
    if west <= x <= east and south <= y <= north:
        return 0.0
    ux, uy = types.int64(a[3]) - x, types.int64(a[4]) - y
    least = plan_distance(x - west, y - south, ux, uy, east - west, types.int64(0))
    least = min(least, plan_distance(x - west, y - north, ux, uy, east - west, types.int64(0)))
    least = min(least, plan_distance(x - west, y - south, ux, uy, types.int64(0), north - south))
    return min(least, plan_distance(x - east, y - south, ux, uy, types.int64(0), north - south))


@njit(nogil=True)
def _look(k, j, subject, own, groups, others, asked, work):  # type: ignore[no-untyped-def]
    """Look at one row ``j`` of others from one own row ``k``: what is nearer than all before is kept in its slot."""
    axes, owner, number, things = others
    ch, cv, euclid = asked
    keys, kept, touched, counts, doubts = work
    a, b, thing = own[k], axes[j], things[owner[j]]
    ask = types.int64(ch[groups[k], thing[GROUP]]) + a[_OWN_XY] + thing[XY]
    widths = types.int64(a[_OWN_WIDTH]) + thing[WIDTH]
    reach = ask + (widths >> 1) + 1
    dx, dy = _apart(a, b, 0), _apart(a, b, 1)
    squared = dx * dx + dy * dy
    if dx > reach or dy > reach or squared > reach * reach:
        return
    boxed = a[_FLAGS] != 0 or thing[BOXED] != 0
    allowed, slab = types.int64(cv[groups[k], thing[GROUP]]), types.int64(ANY)
    if a[2] != UNKNOWN and b[2] != UNKNOWN and (euclid or allowed != ANY):
        dz = _apart(a, b, 2)
        if euclid:
            squared += 0 if boxed else (dz >> 1) * (dz >> 1)  # half mm, rounded down
        else:
            slab = types.int64(a[_OWN_HEIGHT]) + thing[HEIGHT] + 2 * (allowed + a[_OWN_Z] + thing[Z])
            if slab <= 0:
                slab = types.int64(1)
            if dz >= slab:
                return
    name = thing[NAME]
    at = _slot(keys, name)
    if keys[at] == name and _cannot_win(squared, widths, a[_NUMBER], kept[at, 0], kept[at, 1]):
        return
    if boxed:
        away = sqrt(float(dx * dx + dy * dy))
        if a[_FLAGS] == 0 or thing[BOXED] == 0:
            away = _to_box(a, b) if a[_FLAGS] == 0 else _to_box(b, a)
        # Whole where it is whole, and never more than what is in the box has (``kernels.face_gap``).
        gap, told = types.int64(floor(away - 0.5 * widths + _WHOLE)), SURE
    else:
        gap, told = segments_gap(a, b, widths, slab, euclid)
    if told == NONE or gap >= ask:
        return
    if keys[at] == name and (gap, types.int64(a[_NUMBER]), types.int64(number[j])) >= (
        types.int64(kept[at, 0]), types.int64(kept[at, 1]), types.int64(kept[at, 2]),
    ):  # fmt: skip
        return
    if told == DOUBTFUL:
        row = doubts[counts[1]]
        row[SUBJECT], row[OTHER], row[OWN_ROW], row[OTHER_ROW], row[ASKED], row[SLAB] = subject, name, k, j, ask, slab
        counts[1] += 1
        return
    if keys[at] != name:
        keys[at] = name
        touched[counts[0]] = at
        counts[0] += 1
    kept[at, 0], kept[at, 1], kept[at, 2] = gap, a[_NUMBER], number[j]


@njit(nogil=True)
def _full(work, room):  # type: ignore[no-untyped-def]
    """Whether no more may be kept. ``room`` is what is left for lines of what is found."""
    keys, _, _, counts, doubts = work
    return counts[0] * 2 >= len(keys) or counts[1] >= len(doubts) or counts[0] >= room


@njit(nogil=True)
def _put_out(subject, work, found, at):  # type: ignore[no-untyped-def]
    """Write what was kept for one subject in the order of names, and empty the table. Where it ends."""
    keys, kept, touched, counts, _ = work
    names = np.empty(counts[0], np.int32)
    for k in range(counts[0]):
        names[k] = keys[touched[k]]
    for k in np.argsort(names):
        slot = touched[k]
        row = found[at]
        row[0], row[1], row[2], row[3], row[4] = subject, keys[slot], kept[slot, 0], kept[slot, 1], kept[slot, 2]
        at += 1
    _empty(work)
    return at


@njit(nogil=True)
def _empty(work):  # type: ignore[no-untyped-def]
    keys, _, touched, counts, _ = work
    for k in range(counts[0]):
        keys[touched[k]] = _EMPTY
    counts[0] = 0


@njit(nogil=True)
def _across(a, low, high):  # type: ignore[no-untyped-def]
    """From where to where (x) a row's axis runs between two heights in plan (y): no less than it does."""
    x0, y0, x1, y1 = types.int64(a[0]), types.int64(a[1]), types.int64(a[3]), types.int64(a[4])
    west, east = min(x0, x1), max(x0, x1)
    if y0 == y1 or a[_FLAGS] != 0:
        return west, east
    s = min(max((low - y0) / (y1 - y0), 0.0), 1.0)
    t = min(max((high - y0) / (y1 - y0), 0.0), 1.0)
    p, q = x0 + s * (x1 - x0), x0 + t * (x1 - x0)
    return max(types.int64(floor(min(p, q) - _SLACK)), west), min(types.int64(floor(max(p, q) + _SLACK)) + 1, east)


@njit(nogil=True)
def _look_through(level, margin, k, subject, own, groups, grid, others, asked, work, room):  # type: ignore[no-untyped-def]
    """Look at all rows of one level that may lie within ``margin`` (mm) of an own row. False: there is no room left."""
    levels, directory, starts = grid
    shape, a = levels[level], own[k]
    bits = shape[BITS]
    # What is filed under a cell has its middle there and reaches half a side beyond it at most.
    beside = margin + (types.int64(1) << (bits - 1)) + 1
    low, high = types.int64(min(a[1], a[4])) - beside, types.int64(max(a[1], a[4])) + beside
    row_first = max(low >> bits, shape[ROW] << BLOCK)
    row_last = min(high >> bits, ((shape[ROW] + shape[UP]) << BLOCK) - 1)
    for row in range(row_first, row_last + 1):
        west, east = _across(a, (row << bits) - beside, ((row + 1) << bits) + beside)
        first = max((west - beside) >> bits, shape[COLUMN] << BLOCK)
        last = min((east + beside) >> bits, ((shape[COLUMN] + shape[ACROSS]) << BLOCK) - 1)
        line = shape[BEGIN] + ((row >> BLOCK) - shape[ROW]) * shape[ACROSS] - shape[COLUMN]
        for column in range(first >> BLOCK, (last >> BLOCK) + 1 if first <= last else first >> BLOCK):
            block = directory[line + column]
            if block < 0:
                continue
            cells = types.int64(block) * CELLS + ((row & ((1 << BLOCK) - 1)) << BLOCK)
            begin = starts[cells + max(first - (column << BLOCK), 0)]
            end = starts[cells + min(last - (column << BLOCK), (1 << BLOCK) - 1) + 1]
            for j in range(begin, end):
                if _full(work, room):
                    return False
                _look(k, j, subject, own, groups, others, asked, work)
    return True


@njit(nogil=True)
def _search(subject, begin, end, own, groups, most, grid, others, asked, work, room):  # type: ignore[no-untyped-def]
    for k in range(begin, end):
        width = types.int64(own[k, _OWN_WIDTH])
        margin = most[groups[k]] + types.int64(own[k, _OWN_XY]) + ((width + 1) >> 1) + 2
        for level in range(len(grid[0])):
            if not _look_through(level, margin, k, subject, own, groups, grid, others, asked, work, room):
                return False
    return True


@njit(nogil=True)
def sweep(ranges, first, last, own, groups, most, grid, others, asked, work, found):  # type: ignore[no-untyped-def]
    """Search for the subjects from ``first`` up to ``last``, until all are done or there is no room.

    ``most`` is the most that is asked sideways by own group. Returns the next subject, how many lines of ``found`` and
    of ``doubts`` were written, and whether the first subject alone needs more room.
    """
    counts = work[3]
    counts[:] = 0
    at = 0
    for subject in range(first, last):
        before, room = counts[1], len(found) - at
        if not _search(
            subject, ranges[subject], ranges[subject + 1], own, groups, most, grid, others, asked, work, room
        ):
            _empty(work)
            return subject, at, before, subject == first
        at = _put_out(subject, work, found, at)
    return last, at, counts[1], False


@njit(nogil=True)
def compare(own, groups, others, asked, work, found):  # type: ignore[no-untyped-def]
    """As ``sweep``, for one subject and few rows of others, each looked at from each own row."""
    counts = work[3]
    counts[:] = 0
    for k in range(len(own)):
        for j in range(len(others[0])):
            if _full(work, len(found)):
                _empty(work)
                return 0, 0, 0, True
            _look(k, j, 0, own, groups, others, asked, work)
    return 1, _put_out(0, work, found, 0), counts[1], False
