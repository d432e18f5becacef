"""The compiled search: which rows of others are too near one's own, and how near each other comes at least.

Rows of the grid are passed over by the codes of their boxes (``coded``), those that are left by their boxes and what is
asked of each, and what is left then is measured several pairs at a time (``pairs``).

Arguments that belong together come as tuples: ``others`` (rows, codes, things), ``grid`` (levels,
directory, starts, runs), ``asked`` (ch, cv, euclid) and ``work``, the room for one subject (keys, an open hash table of
names, with what is kept of each, which of its slots are touched, around, picked, hit, chosen, pairs, whose, counts and
doubts).
"""

from __future__ import annotations

from math import floor
from typing import Final

import numpy as np
from numba import types

from registry.core.coded import meets, sought
from registry.core.compiled import ANY, TOLERANCE, compiled
from registry.core.packed import BOX, UNKNOWN, Column
from registry.core.pairs import (
    ASK,
    BOXED,
    EMPTY,
    FAR,
    GROUP,
    HEIGHT,
    LESS,
    NAME,
    NAMED,
    ODD,
    OTHERS,
    OWN,
    PAIRS,
    SLAB,
    THING,
    UX,
    UY,
    UZ,
    VX,
    VY,
    VZ,
    WIDTH,
    WX,
    WY,
    WZ,
    X0,
    X1,
    XY,
    Y0,
    Y1,
    Z0,
    Z1,
    Z,
    settle,
)  # fmt: skip

#: Columns of a row of ``levels`` (see ``grid``): a cell's side as a power of two (mm), the first block's column and
#: row, how many blocks there are across and up, where they begin in the directory, and how far any row of the level
#: reaches from its middle at most (mm).
BITS, COLUMN, ROW, ACROSS, UP, BEGIN, HALF, LEVEL_COLUMNS = range(8)
#: Columns of a row of ``runs``: the first row, the one after the last, the box around them, and what their codes are
#: told by: a place (mm), and units as a power of two.
RUN_FIRST, RUN_LAST, RUN_WEST, RUN_SOUTH, RUN_EAST, RUN_NORTH, RUN_X, RUN_Y, RUN_SHIFT, RUN_COLUMNS = range(10)
#: Columns of ``picked``: the box into which an own row must come to be near a row, with its heights, and its number.
WEST, SOUTH, EAST, NORTH, BOTTOM, TOP, PICKED, PICKED_COLUMNS = range(8)
#: Columns of a row of ``found``: an object that is too near, and the least gap, of which own row and which other.
FOUND_OBJECT, FOUND_GAP, FOUND_OWN, FOUND_OTHER, FOUND_COLUMNS = range(5)
#: A block is so many cells wide and high, as a power of two.
BLOCK: Final = 5
CELLS: Final = 1 << (2 * BLOCK)
_WITHIN: Final = (1 << BLOCK) - 1
#: The codes of a block's rows are told from its corner, in units of its cells' side by this power of two.
UNITS: Final = 9
#: Beside what a float tells of a long row's course, mm.
_SLACK: Final = 2.0
#: So many own rows are looked at together at most.
_TOGETHER: Final = 8
#: Higher, and lower, than anything lies (half mm).
_ENDLESS: Final = (1 << 31) - 1
#: A slab so high (half mm) leaves all there is.
_HIGHEST: Final = 1 << 30

# As the compiler takes them.
_OWN_WIDTH, _OWN_HEIGHT, _OWN_XY, _OWN_Z = int(Column.WIDTH), int(Column.HEIGHT), int(Column.XY), int(Column.Z)
_FLAGS = int(Column.FLAGS)


@compiled
def _across(x0, y0, x1, y1, low, high):  # type: ignore[no-untyped-def]
    """From where to where (x) an axis runs between two heights in plan (y): no less than it does."""
    west, east = min(x0, x1), max(x0, x1)
    if y0 == y1:
        return west, east
    s = min(max((low - y0) / (y1 - y0), 0.0), 1.0)
    t = min(max((high - y0) / (y1 - y0), 0.0), 1.0)
    p, q = x0 + s * (x1 - x0), x0 + t * (x1 - x0)
    return max(types.int64(floor(min(p, q) - _SLACK)), west), min(types.int64(floor(max(p, q) + _SLACK)) + 1, east)


@compiled
def _stretch(own, first, last, groups, most, levels, around):  # type: ignore[no-untyped-def]
    """Up to which row the own rows from ``first``, all of one group, are looked at together, and within how far of them
    (mm). The box around them is written to ``around``.

    Together as long as that box, made wider by what is looked at beside it, is no larger than their own.
    """
    beside = levels[0, HALF] if len(levels) else types.int64(0)
    margin, areas = types.int64(0), 0.0
    for k in range(first, min(first + _TOGETHER, last)):
        wanted = most[groups[k]] + types.int64(own[k, _OWN_XY]) + ((types.int64(own[k, _OWN_WIDTH]) + 1) >> 1) + 2
        low_x, high_x = types.int64(min(own[k, 0], own[k, 3])), types.int64(max(own[k, 0], own[k, 3]))
        low_y, high_y = types.int64(min(own[k, 1], own[k, 4])), types.int64(max(own[k, 1], own[k, 4]))
        wider = 2.0 * (max(margin, wanted) + beside)
        areas += (high_x - low_x + wider) * (high_y - low_y + wider)
        if k > first:
            low_x, high_x = min(low_x, around[0]), max(high_x, around[2])
            low_y, high_y = min(low_y, around[1]), max(high_y, around[3])
            if groups[k] != groups[first] or (high_x - low_x + wider) * (high_y - low_y + wider) > areas:
                return k, margin
        around[0], around[1], around[2], around[3] = low_x, low_y, high_x, high_y
        margin = max(margin, wanted)
    return min(first + _TOGETHER, last), margin


@compiled
def _pick(  # type: ignore[no-untyped-def]
    own, k, alone, around, margin, levels, directory, starts, runs, codes, picked
):  # fmt: skip
    """Write the numbers of the rows that may lie within ``margin`` (mm) of a box; how many they are, or -1 where there
    is no room for them. ``alone``: the box is that of segment ``k`` alone."""
    west, south, east, north = around[0], around[1], around[2], around[3]
    many, room = 0, picked.shape[1]
    for level in range(len(levels)):
        bits, columns, lines = levels[level, BITS], levels[level, COLUMN] << BLOCK, levels[level, ROW] << BLOCK
        across, up, begin = levels[level, ACROSS], levels[level, UP], levels[level, BEGIN]
        # What is filed under a cell has its middle there.
        beside = margin + levels[level, HALF]
        line_first = max((south - beside) >> bits, lines)
        line_last = min((north + beside) >> bits, lines + (up << BLOCK) - 1)
        for line in range(line_first, line_last + 1):
            left, right = west, east
            if alone:
                low, high = (line << bits) - beside, ((line + 1) << bits) + beside
                left, right = _across(types.int64(own[k, 0]), own[k, 1], types.int64(own[k, 3]), own[k, 4], low, high)
            first = max((left - beside) >> bits, columns)
            last = min((right + beside) >> bits, columns + (across << BLOCK) - 1)
            if first > last:
                continue
            at = begin + ((line - lines) >> BLOCK) * across - (columns >> BLOCK)
            for column in range(first >> BLOCK, (last >> BLOCK) + 1):
                block = types.int64(directory[at + column])
                if block < 0:
                    continue
                cells = block * CELLS + ((line & _WITHIN) << BLOCK)
                begins = types.int64(starts[cells + max(first - (column << BLOCK), 0)])
                ends = types.int64(starts[cells + min(last - (column << BLOCK), _WITHIN) + 1])
                if many + ends - begins > room:
                    return -1
                x, y = column << (BLOCK + bits), (line >> BLOCK) << (BLOCK + bits)
                wanted = sought(west - margin, south - margin, east + margin, north + margin, x, y, bits - UNITS)
                for j in range(begins, ends):
                    # No branch: which of them meet nobody can foretell.
                    picked[PICKED, many] = j
                    many += meets(codes[j], wanted)
    for run in range(len(runs)):
        if (
            (runs[run, RUN_WEST] > east + margin) | (runs[run, RUN_EAST] < west - margin)
            | (runs[run, RUN_SOUTH] > north + margin) | (runs[run, RUN_NORTH] < south - margin)
        ):  # fmt: skip
            continue
        begins, ends = runs[run, RUN_FIRST], runs[run, RUN_LAST]
        if many + ends - begins > room:
            return -1
        x, y, shift = runs[run, RUN_X], runs[run, RUN_Y], runs[run, RUN_SHIFT]
        wanted = sought(west - margin, south - margin, east + margin, north + margin, x, y, shift)
        for j in range(begins, ends):
            picked[PICKED, many] = j
            many += meets(codes[j], wanted)
    return many


@compiled
def _search(  # type: ignore[no-untyped-def]
    place, first, last, own, groups, most, levels, directory, starts, runs, rows, codes, things, ch, cv,
    euclid, keys, kept, touched, around, picked, hit, chosen, pairs, whose, counts, doubts, room,
):  # fmt: skip
    """Keep of every other, in a slot of its own, what is nearest to one subject. False: there is no room for more.

    Nearly all in one function: to hand arrays on to another costs more than a pair of segments, which is nothing for
    those of hundreds at once.
    """
    until, many, paired, margin = first, 0, 0, types.int64(0)
    for k in range(first, last):
        group, own_boxed = groups[k], (own[k, _FLAGS] & BOX) != 0
        if k == until:
            # What lies near the next rows together: each is then held against that only.
            until, margin = _stretch(own, k, last, groups, most, levels, around)
            alone = until - k == 1 and not own_boxed
            many = _pick(own, k, alone, around, margin, levels, directory, starts, runs, codes, picked)
            if many < 0:
                return False
            for c in range(many):
                j = types.int64(picked[PICKED, c])
                thing = rows[j, THING]
                other, bz = things[thing, GROUP], rows[j, Z0]
                wider = ch[group, other] + things[thing, XY] + ((things[thing, WIDTH] + 1) >> 1) + 1
                taller = 2 * wider if euclid else things[thing, HEIGHT] + 2 * (cv[group, other] + things[thing, Z])
                endless = bz == UNKNOWN or (things[thing, BOXED] != 0 if euclid else cv[group, other] == ANY)
                picked[WEST, c] = min(rows[j, X0], rows[j, X1]) - wider
                picked[EAST, c] = max(rows[j, X0], rows[j, X1]) + wider
                picked[SOUTH, c] = min(rows[j, Y0], rows[j, Y1]) - wider
                picked[NORTH, c] = max(rows[j, Y0], rows[j, Y1]) + wider
                picked[BOTTOM, c] = -_ENDLESS if endless else min(bz, rows[j, Z1]) - taller
                picked[TOP, c] = _ENDLESS if endless else max(bz, rows[j, Z1]) + taller
        own_width, own_xy, az = types.int64(own[k, _OWN_WIDTH]), types.int64(own[k, _OWN_XY]), types.int64(own[k, 2])
        wider = own_xy + ((own_width + 1) >> 1) + 1
        west, east = types.int32(min(own[k, 0], own[k, 3]) - wider), types.int32(max(own[k, 0], own[k, 3]) + wider)
        south, north = types.int32(min(own[k, 1], own[k, 4]) - wider), types.int32(max(own[k, 1], own[k, 4]) + wider)
        taller = 2 * wider if euclid else types.int64(own[k, _OWN_HEIGHT]) + 2 * types.int64(own[k, _OWN_Z])
        endless = az == UNKNOWN or (euclid and own_boxed)
        bottom = types.int32(-_ENDLESS if endless else min(az, own[k, 5]) - taller)
        top = types.int32(_ENDLESS if endless else max(az, own[k, 5]) + taller)
        for c in range(many):
            hit[c] = (
                (picked[WEST, c] <= east) & (picked[SOUTH, c] <= north) & (picked[EAST, c] >= west)
                & (picked[NORTH, c] >= south) & (picked[BOTTOM, c] <= top) & (picked[TOP, c] >= bottom)
            )  # fmt: skip
        some = 0
        for c in range(many):
            chosen[some] = picked[PICKED, c]
            some += hit[c]
        ax, ay = types.int64(own[k, 0]), types.int64(own[k, 1])
        ux, uy, uz = own[k, 3] - ax, own[k, 4] - ay, own[k, 5] - az
        low, high = min(az, az + uz), max(az, az + uz)
        own_odd = own_boxed or max(max(abs(ux), abs(uy)), max(abs(uz), margin)) > FAR
        for c in range(some):
            j = types.int64(chosen[c])
            thing = rows[j, THING]
            other = things[thing, GROUP]
            ask = ch[group, other] + own_xy + things[thing, XY]
            widths = own_width + things[thing, WIDTH]
            bx, by, bz = types.int64(rows[j, X0]), types.int64(rows[j, Y0]), types.int64(rows[j, Z0])
            vx, vy, vz = rows[j, X1] - bx, rows[j, Y1] - by, rows[j, Z1] - bz
            odd = own_odd or things[thing, BOXED] != 0 or max(max(abs(vx), abs(vy)), max(abs(vz), ask + widths)) > FAR
            slab = types.int64(ANY)
            if az == UNKNOWN or bz == UNKNOWN:
                odd |= euclid
            elif not euclid and cv[group, other] != ANY:
                slab = types.int64(own[k, _OWN_HEIGHT]) + things[thing, HEIGHT]
                slab += 2 * (types.int64(cv[group, other]) + own[k, _OWN_Z] + things[thing, Z])
                slab = min(max(slab, types.int64(1)), types.int64(_HIGHEST))
                other_low, other_high = min(bz, bz + vz), max(bz, bz + vz)
                if max(other_low - high, low - other_high) >= slab:
                    continue
                odd |= max(high - other_low, other_high - low) > slab
            if paired == PAIRS:
                if not settle(
                    place, paired, pairs, whose, own, rows, things, euclid, keys, kept, touched, counts, doubts, room,
                ):  # fmt: skip
                    return False
                paired = 0
            pairs[WX + paired], pairs[WY + paired], pairs[WZ + paired] = ax - bx, ay - by, 0.5 * (az - bz)
            pairs[UX + paired], pairs[UY + paired], pairs[UZ + paired] = ux, uy, 0.5 * uz
            pairs[VX + paired], pairs[VY + paired], pairs[VZ + paired] = vx, vy, 0.5 * vz
            pairs[LESS + paired] = 0.5 * widths - TOLERANCE
            whose[paired, OWN], whose[paired, OTHERS], whose[paired, NAMED] = k, j, things[thing, NAME]
            whose[paired, ASK], whose[paired, SLAB], whose[paired, ODD] = ask, slab, odd
            paired += 1
    return settle(
        place, paired, pairs, whose, own, rows, things, euclid, keys, kept, touched, counts, doubts, room
    )


@compiled
def _put_out(keys, kept, touched, many, found, at):  # type: ignore[no-untyped-def]
    """Write what was kept for one subject in the order of names. Where it ends."""
    # Of each its name and, in the low bits, its slot.
    for k in range(many):
        touched[k] |= types.int64(keys[touched[k]]) << 32
    touched[:many].sort()
    for k in range(many):
        slot = touched[k] & 0xFFFFFFFF
        touched[k] = slot
        found[at, FOUND_OBJECT], found[at, FOUND_GAP] = keys[slot], kept[slot, 0]
        found[at, FOUND_OWN], found[at, FOUND_OTHER] = kept[slot, 1], kept[slot, 2]
        at += 1
    return at


@compiled
def sweep(  # type: ignore[no-untyped-def]
    ranges, order, first, own, groups, most, grid, others, asked, work, found, ends, at
):  # fmt: skip
    """Search for the subjects in ``order``, from the one at ``first``, until all are done or there is no room.

    ``most`` is the most that is asked sideways by own group. ``found`` has ``at`` lines already; where those of each
    subject end is written to ``ends``. Returns the place in ``order`` of the next subject, how many lines of ``found``
    and of ``doubts`` there are, the latter with places in ``order`` for subjects, whether ``found`` has too few lines,
    and whether otherwise the first subject alone needs more room.
    """
    levels, directory, starts, runs = grid
    rows, codes, things = others
    ch, cv, euclid = asked
    keys, kept, touched, around, picked, hit, chosen, pairs, whose, counts, doubts = work
    counts[:] = 0
    for place in range(first, len(order)):
        before, subject = counts[1], order[place]
        done = _search(
            place, ranges[subject], ranges[subject + 1], own, groups, most, levels, directory, starts, runs, rows,
            codes, things, ch, cv, euclid, keys, kept, touched, around, picked, hit, chosen, pairs,
            whose, counts, doubts, len(found) - at,
        )  # fmt: skip
        if done:
            at = _put_out(keys, kept, touched, counts[0], found, at)
            ends[place] = at
        short = counts[0] >= len(found) - at
        for k in range(counts[0]):
            keys[touched[k]] = EMPTY
        counts[0] = 0
        if not done:
            return place, at, before, short, place == first and not short
    return len(order), at, counts[1], False, False


@compiled
def in_turn(found, ends, order):  # type: ignore[no-untyped-def]
    """The lines found, which come in ``order``, in columns and in the order of subjects: subject, object, gap, own and
    other."""
    count = len(order)
    first = order.min() if count else types.int64(0)
    begins = np.zeros(count + 1, np.int64)
    for place in range(count):
        begins[order[place] - first + 1] = ends[place] - (ends[place - 1] if place else 0)
    for k in range(count):
        begins[k + 1] += begins[k]
    told = np.empty((5, begins[count]), np.int32)
    line = types.int64(0)
    for place in range(count):
        at = begins[order[place] - first]
        while line < ends[place]:
            told[0, at] = order[place]
            told[1, at], told[2, at] = found[line, FOUND_OBJECT], found[line, FOUND_GAP]
            told[3, at], told[4, at] = found[line, FOUND_OWN], found[line, FOUND_OTHER]
            line += 1
            at += 1
    return told
