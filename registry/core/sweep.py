"""The compiled search: which rows of others are too near one's own, and how near each other comes at least.

Kept per other is the least (gap, own number, other's number). Whatever order rows come in, that is one answer: what
cannot be less than it is passed over, what can tie with it is not.

Arguments that belong together come as tuples: ``others`` (axes, owner, number, things), ``grid`` (levels, directory,
starts), ``asked`` (ch, cv, euclid) and ``work`` (keys, kept, touched, counts, doubts), the room for one subject. Inside
they are told one by one, and rows by their numbers: a tuple or a row that is taken apart costs more than a comparison.
"""

from __future__ import annotations

from math import floor, sqrt
from typing import Final

import numpy as np
from numba import njit, types

from registry.core.compiled import ANY, DOUBTFUL, NONE, SURE, plan_distance, row_gap
from registry.core.packed import UNKNOWN, Column

#: Columns of a row of ``things``: what the rows of one thing have in common, and the name it goes by.
WIDTH, HEIGHT, XY, Z, GROUP, BOXED, NAME, THING_COLUMNS = range(8)
#: Columns of a row of ``levels`` (see ``grid``): a cell's side as a power of two (mm), the first block's column and
#: row, how many blocks there are across and up, where they begin in the directory, and how far any row of the level
#: reaches beside its axis at most (mm).
BITS, COLUMN, ROW, ACROSS, UP, BEGIN, BESIDE, LEVEL_COLUMNS = range(8)
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
def _apart(a, i, b, j, k):  # type: ignore[no-untyped-def]
    """How far two rows lie apart along axis ``k``; 0 where they touch or overlap."""
    low = types.int64(min(b[j, k], b[j, k + 3])) - max(a[i, k], a[i, k + 3])
    high = types.int64(min(a[i, k], a[i, k + 3])) - max(b[j, k], b[j, k + 3])
    return max(max(low, high), 0)


@njit(nogil=True)
def _cannot_win(squared, widths, number, best, best_number):  # type: ignore[no-untyped-def]
    """Whether what lies at least √squared away (mm, axes or boxes) cannot take the place of the ``best`` gap so far.

    One that ties may do so only from the same own row, or an earlier one: there the other's number counts.
    """
    least = types.int64(best) + ((widths + 1) >> 1) + (1 if number <= best_number else 0)
    return least <= 0 or squared >= least * least


@njit(nogil=True)
def _before(gap, own_number, number, kept, at):  # type: ignore[no-untyped-def]
    """Whether a gap of two rows comes before the one kept: it is less, or the same of rows with lower numbers."""
    if gap != kept[at, 0]:
        return gap < kept[at, 0]
    return own_number < kept[at, 1] or (own_number == kept[at, 1] and number < kept[at, 2])


@njit(nogil=True)
def _to_box(a, i, box, j):  # type: ignore[no-untyped-def]
    """The distance in plan of a segment to a box."""
    west, south = types.int64(box[j, 0]), types.int64(box[j, 1])
    east, north = types.int64(box[j, 3]), types.int64(box[j, 4])
    x, y = types.int64(a[i, 0]), types.int64(a[i, 1])
    if west <= x <= east and south <= y <= north:
        return 0.0
    ux, uy, none = types.int64(a[i, 3]) - x, types.int64(a[i, 4]) - y, types.int64(0)
    least = plan_distance(x - west, y - south, ux, uy, east - west, none)
    least = min(least, plan_distance(x - west, y - north, ux, uy, east - west, none))
    least = min(least, plan_distance(x - west, y - south, ux, uy, none, north - south))
    return min(least, plan_distance(x - east, y - south, ux, uy, none, north - south))


@njit(nogil=True)
def _gap(own, k, axes, j, own_boxed, boxed, widths, slab, euclid):  # type: ignore[no-untyped-def]
    """The gap of two rows, and what is known of it; of boxes the least that what is in them may have."""
    if not own_boxed and not boxed:
        return row_gap(own, k, axes, j, widths, slab, euclid)
    if own_boxed and boxed:
        dx, dy = _apart(own, k, axes, j, 0), _apart(own, k, axes, j, 1)
        away = sqrt(float(dx * dx + dy * dy))
    else:
        away = _to_box(own, k, axes, j) if boxed else _to_box(axes, j, own, k)
    # Whole where it is whole, and never more than what is in the box has (``kernels.face_gap``).
    return types.int64(floor(away - 0.5 * widths + _WHOLE)), SURE


@njit(nogil=True)
def _look(  # type: ignore[no-untyped-def]
    k, j, subject, own, groups, axes, owner, number, things, ch, cv, euclid, keys, kept, touched, counts, doubts
):
    """Look at one row ``j`` of others from one own row ``k``: what is nearer than all before is kept in its slot."""
    thing = owner[j]
    group, other = groups[k], things[thing, GROUP]
    ask = types.int64(ch[group, other]) + own[k, _OWN_XY] + things[thing, XY]
    widths = types.int64(own[k, _OWN_WIDTH]) + things[thing, WIDTH]
    reach = ask + (widths >> 1) + 1
    dx, dy = _apart(own, k, axes, j, 0), _apart(own, k, axes, j, 1)
    squared = dx * dx + dy * dy
    if dx > reach or dy > reach or squared > reach * reach:
        return
    own_boxed, boxed = own[k, _FLAGS] != 0, things[thing, BOXED] != 0
    allowed, slab = types.int64(cv[group, other]), types.int64(ANY)
    if own[k, 2] != UNKNOWN and axes[j, 2] != UNKNOWN and (euclid or allowed != ANY):
        dz = _apart(own, k, axes, j, 2)
        if euclid:
            squared += 0 if boxed or own_boxed else (dz >> 1) * (dz >> 1)  # half mm, rounded down
        else:
            slab = types.int64(own[k, _OWN_HEIGHT]) + things[thing, HEIGHT]
            slab += 2 * (allowed + own[k, _OWN_Z] + things[thing, Z])
            if slab <= 0:
                slab = types.int64(1)
            if dz >= slab:
                return
    name, own_number = things[thing, NAME], own[k, _NUMBER]
    at = _slot(keys, name)
    there = keys[at] == name
    if there and _cannot_win(squared, widths, own_number, kept[at, 0], kept[at, 1]):
        return
    gap, told = _gap(own, k, axes, j, own_boxed, boxed, widths, slab, euclid)
    if told == NONE or gap >= ask:
        return
    if there and not _before(gap, own_number, number[j], kept, at):
        return
    if told == DOUBTFUL:
        row = counts[1]
        doubts[row, SUBJECT], doubts[row, OTHER], doubts[row, OWN_ROW], doubts[row, OTHER_ROW] = subject, name, k, j
        doubts[row, ASKED], doubts[row, SLAB] = ask, slab
        counts[1] += 1
        return
    if not there:
        keys[at] = name
        touched[counts[0]] = at
        counts[0] += 1
    kept[at, 0], kept[at, 1], kept[at, 2] = gap, own_number, number[j]


@njit(nogil=True)
def _full(keys, counts, doubts, room):  # type: ignore[no-untyped-def]
    """Whether no more may be kept. ``room`` is what is left for lines of what is found."""
    return counts[0] * 2 >= len(keys) or counts[1] >= len(doubts) or counts[0] >= room


@njit(nogil=True)
def _put_out(subject, keys, kept, touched, counts, found, at):  # type: ignore[no-untyped-def]
    """Write what was kept for one subject in the order of names, and empty the table. Where it ends."""
    names = np.empty(counts[0], np.int32)
    for k in range(counts[0]):
        names[k] = keys[touched[k]]
    for k in np.argsort(names):
        slot = touched[k]
        found[at, 0], found[at, 1] = subject, keys[slot]
        found[at, 2], found[at, 3], found[at, 4] = kept[slot, 0], kept[slot, 1], kept[slot, 2]
        at += 1
    _empty(keys, touched, counts)
    return at


@njit(nogil=True)
def _empty(keys, touched, counts):  # type: ignore[no-untyped-def]
    for k in range(counts[0]):
        keys[touched[k]] = _EMPTY
    counts[0] = 0


@njit(nogil=True)
def _across(own, k, low, high):  # type: ignore[no-untyped-def]
    """From where to where (x) a row's axis runs between two heights in plan (y): no less than it does."""
    x0, y0, x1, y1 = types.int64(own[k, 0]), types.int64(own[k, 1]), types.int64(own[k, 3]), types.int64(own[k, 4])
    west, east = min(x0, x1), max(x0, x1)
    if y0 == y1 or own[k, _FLAGS] != 0:
        return west, east
    s = min(max((low - y0) / (y1 - y0), 0.0), 1.0)
    t = min(max((high - y0) / (y1 - y0), 0.0), 1.0)
    p, q = x0 + s * (x1 - x0), x0 + t * (x1 - x0)
    return max(types.int64(floor(min(p, q) - _SLACK)), west), min(types.int64(floor(max(p, q) + _SLACK)) + 1, east)


@njit(nogil=True)
def _look_through(  # type: ignore[no-untyped-def]
    level, margin, k, subject, own, groups, levels, directory, starts, axes, owner, number, things, ch, cv, euclid,
    keys, kept, touched, counts, doubts, room,
):  # fmt: skip
    """Look at all rows of one level that may lie within ``margin`` (mm) of an own row. False: there is no room left."""
    bits, column_first, line_first = levels[level, BITS], levels[level, COLUMN], levels[level, ROW]
    across, up, begin = levels[level, ACROSS], levels[level, UP], levels[level, BEGIN]
    # What is filed under a cell has its middle there and reaches half a side beyond it at most.
    beside = margin + (types.int64(1) << (bits - 1)) + 1
    low, high = types.int64(min(own[k, 1], own[k, 4])), types.int64(max(own[k, 1], own[k, 4]))
    near = margin + levels[level, BESIDE]
    west, east = min(own[k, 0], own[k, 3]) - near, max(own[k, 0], own[k, 3]) + near
    south, north = low - near, high + near
    row_first = max((low - beside) >> bits, line_first << BLOCK)
    row_last = min((high + beside) >> bits, ((line_first + up) << BLOCK) - 1)
    for row in range(row_first, row_last + 1):
        left, right = _across(own, k, (row << bits) - beside, ((row + 1) << bits) + beside)
        first = max((left - beside) >> bits, column_first << BLOCK)
        last = min((right + beside) >> bits, ((column_first + across) << BLOCK) - 1)
        line = begin + ((row >> BLOCK) - line_first) * across - column_first
        for column in range(first >> BLOCK, (last >> BLOCK) + 1 if first <= last else first >> BLOCK):
            block = directory[line + column]
            if block < 0:
                continue
            cells = types.int64(block) * CELLS + ((row & ((1 << BLOCK) - 1)) << BLOCK)
            end = starts[cells + min(last - (column << BLOCK), (1 << BLOCK) - 1) + 1]
            for j in range(starts[cells + max(first - (column << BLOCK), 0)], end):
                if min(axes[j, 0], axes[j, 3]) > east or max(axes[j, 0], axes[j, 3]) < west:
                    continue
                if min(axes[j, 1], axes[j, 4]) > north or max(axes[j, 1], axes[j, 4]) < south:
                    continue
                if _full(keys, counts, doubts, room):
                    return False
                _look(
                    k, j, subject, own, groups, axes, owner, number, things, ch, cv, euclid, keys, kept, touched,
                    counts, doubts,
                )  # fmt: skip
    return True


@njit(nogil=True)
def sweep(ranges, first, last, own, groups, most, grid, others, asked, work, found):  # type: ignore[no-untyped-def]
    """Search for the subjects from ``first`` up to ``last``, until all are done or there is no room.

    ``most`` is the most that is asked sideways by own group. Returns the next subject, how many lines of ``found`` and
    of ``doubts`` were written, and whether the first subject alone needs more room.
    """
    levels, directory, starts = grid
    axes, owner, number, things = others
    ch, cv, euclid = asked
    keys, kept, touched, counts, doubts = work
    counts[:] = 0
    at = types.int64(0)
    for subject in range(first, last):
        before, room = counts[1], len(found) - at
        for k in range(ranges[subject], ranges[subject + 1]):
            margin = most[groups[k]] + types.int64(own[k, _OWN_XY]) + ((types.int64(own[k, _OWN_WIDTH]) + 1) >> 1) + 2
            for level in range(len(levels)):
                if not _look_through(
                    level, margin, k, subject, own, groups, levels, directory, starts, axes, owner, number, things, ch,
                    cv, euclid, keys, kept, touched, counts, doubts, room,
                ):  # fmt: skip
                    _empty(keys, touched, counts)
                    return subject, at, before, subject == first
        at = _put_out(subject, keys, kept, touched, counts, found, at)
    return last, at, counts[1], False


@njit(nogil=True)
def compare(own, groups, most, others, asked, work, found):  # type: ignore[no-untyped-def]
    """As ``sweep``, for one subject and few rows of others, each looked at from each own row.

    ``most`` is the most that may lie between two axes (mm), by own row.
    """
    axes, owner, number, things = others
    ch, cv, euclid = asked
    keys, kept, touched, counts, doubts = work
    counts[:] = 0
    subject = types.int64(0)
    for k in range(len(own)):
        west, east = min(own[k, 0], own[k, 3]) - most[k], max(own[k, 0], own[k, 3]) + most[k]
        south, north = min(own[k, 1], own[k, 4]) - most[k], max(own[k, 1], own[k, 4]) + most[k]
        for j in range(len(axes)):
            if min(axes[j, 0], axes[j, 3]) > east or max(axes[j, 0], axes[j, 3]) < west:
                continue
            if min(axes[j, 1], axes[j, 4]) > north or max(axes[j, 1], axes[j, 4]) < south:
                continue
            if _full(keys, counts, doubts, len(found)):
                _empty(keys, touched, counts)
                return types.int64(0), types.int64(0), types.int64(0), True
            _look(
                k, j, subject, own, groups, axes, owner, number, things, ch, cv, euclid, keys, kept, touched, counts,
                doubts,
            )  # fmt: skip
    at = _put_out(subject, keys, kept, touched, counts, found, types.int64(0))
    return types.int64(1), at, counts[1], False
