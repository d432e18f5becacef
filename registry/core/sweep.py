"""The compiled search: which rows of others are too near one's own, and how near each other comes at least.

Kept per other is the least (gap, own number, other's number). Whatever order rows come in, that is one answer: what
cannot be less than it is passed over, what can tie with it is not.

Arguments that belong together come as tuples: ``others`` (axes, owner, number, things), ``grid`` (levels, directory,
starts, runs), ``asked`` (ch, cv, euclid) and ``work``, the room for one subject (keys, an open hash table of names,
with what is kept of each, which of its slots are touched, around, spans, picked, counts and doubts).
"""

from __future__ import annotations

from math import floor, sqrt
from typing import Final

from numba import types

from registry.core.compiled import ANY, DOUBTFUL, NONE, SURE, axes_gap, compiled, plan_distance
from registry.core.packed import BOX, UNKNOWN, Column

#: Columns of a row of ``things``: what the rows of one thing have in common, and the name it goes by.
WIDTH, HEIGHT, XY, Z, GROUP, BOXED, NAME, THING_COLUMNS = range(8)
#: Columns of a row of ``levels`` (see ``grid``): a cell's side as a power of two (mm), the first block's column and
#: row, how many blocks there are across and up, where they begin in the directory, and how far any row of the level
#: reaches from its middle, and beside its axis, at most (mm).
BITS, COLUMN, ROW, ACROSS, UP, BEGIN, HALF, BESIDE, LEVEL_COLUMNS = range(9)
#: Columns of a row of ``runs``: the first row, the one after the last, the box around their axes (least x and y,
#: greatest x and y), and how far any of them reaches beside its axis at most (mm).
RUN_COLUMNS: Final = 7
#: Columns of a row of ``doubts``: what the exact kernel is to decide, and of what.
SUBJECT, OTHER, OWN_ROW, OTHER_ROW, ASKED, SLAB, DOUBT_COLUMNS = range(7)
#: Columns of a row of ``found``.
FOUND_COLUMNS: Final = 5
#: A block is so many cells wide and high, as a power of two.
BLOCK: Final = 5
CELLS: Final = 1 << (2 * BLOCK)
_WITHIN: Final = (1 << BLOCK) - 1
#: Beside what a float tells of a long row's course, mm.
_SLACK: Final = 2.0
#: Less than the tolerance of a gap (0.001 mm), more than a float is off.
_WHOLE: Final = 5e-4
_EMPTY: Final = -1
#: So many own rows are looked at together at most.
_TOGETHER: Final = 8
#: Columns of a row of ``picked``: the number of a row, and the box (least x and y, greatest x and y) into which an own
#: row must come to be near it.
PICKED_COLUMNS: Final = 5

# As the compiler takes them.
_OWN_WIDTH, _OWN_HEIGHT, _OWN_XY, _OWN_Z = int(Column.WIDTH), int(Column.HEIGHT), int(Column.XY), int(Column.Z)
_NUMBER, _FLAGS = int(Column.NUMBER), int(Column.FLAGS)


@compiled
def _apart(low, high, other_low, other_high):  # type: ignore[no-untyped-def]
    """How far two ranges lie apart; 0 where they touch or overlap."""
    return max(max(other_low - high, low - other_high), 0)


@compiled
def _cannot_win(squared, widths, number, best, best_number):  # type: ignore[no-untyped-def]
    """Whether what lies at least √squared away (mm, axes or boxes) cannot take the place of the ``best`` gap so far.

    One that ties may do so only from the same own row, or an earlier one: there the other's number counts.
    """
    least = types.int64(best) + ((widths + 1) >> 1) + (1 if number <= best_number else 0)
    return least <= 0 or squared >= least * least


@compiled
def _to_box(x, y, ux, uy, west, south, east, north):  # type: ignore[no-untyped-def]
    """The distance in plan of a segment, from x, y along u, to a box."""
    if west <= x <= east and south <= y <= north:
        return 0.0
    none = types.int64(0)
    least = plan_distance(x - west, y - south, ux, uy, east - west, none)
    least = min(least, plan_distance(x - west, y - north, ux, uy, east - west, none))
    least = min(least, plan_distance(x - west, y - south, ux, uy, none, north - south))
    return min(least, plan_distance(x - east, y - south, ux, uy, none, north - south))


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
    """Up to which row the own rows from ``first`` are looked at together, and within how far of them (mm). The box
    around them is written to ``around``.

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
            if (high_x - low_x + wider) * (high_y - low_y + wider) > areas:
                return k, margin
        around[0], around[1], around[2], around[3] = low_x, low_y, high_x, high_y
        margin = max(margin, wanted)
    return min(first + _TOGETHER, last), margin


@compiled
def _spans(own, k, alone, around, margin, levels, directory, starts, runs, spans):  # type: ignore[no-untyped-def]
    """Write the ranges of rows that may lie within ``margin`` (mm) of a box, each with how far the boxes of their axes
    may lie from it; how many they are, or -1 where there is no room for them. ``alone``: the box is that of segment
    ``k`` alone."""
    west, south, east, north = around[0], around[1], around[2], around[3]
    count = 0
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
                begins = starts[cells + max(first - (column << BLOCK), 0)]
                ends = starts[cells + min(last - (column << BLOCK), _WITHIN) + 1]
                if begins == ends:
                    continue
                if count == len(spans):
                    return -1
                spans[count, 0], spans[count, 1], spans[count, 2] = begins, ends, margin + levels[level, BESIDE]
                count += 1
    for run in range(len(runs)):
        near = margin + runs[run, 6]
        if (
            (runs[run, 2] > east + near) | (runs[run, 4] < west - near)
            | (runs[run, 3] > north + near) | (runs[run, 5] < south - near)
        ):  # fmt: skip
            continue
        if count == len(spans):
            return -1
        spans[count, 0], spans[count, 1], spans[count, 2] = runs[run, 0], runs[run, 1], near
        count += 1
    return count


@compiled
def _search(  # type: ignore[no-untyped-def]  # noqa: C901
    subject, first, last, own, groups, most, levels, directory, starts, runs, axes, owner, number, things, ch, cv,
    euclid, keys, kept, touched, around, spans, picked, counts, doubts, room,
):  # fmt: skip
    """Keep of every other, in a slot of its own, what is nearest to one subject. False: there is no room for more.

    All in one function: to hand arrays on to another costs more than a pair of segments.
    """
    mask = len(keys) - 1
    until, many = first, 0
    for k in range(first, last):
        if k == until:
            # What lies near the next rows together: each is then held against that only.
            until, margin = _stretch(own, k, last, groups, most, levels, around)
            alone = until - k == 1 and (own[k, _FLAGS] & BOX) == 0
            ranges = _spans(own, k, alone, around, margin, levels, directory, starts, runs, spans)
            if ranges < 0:
                return False
            many = 0
            for span in range(ranges):
                near = spans[span, 2]
                west, south, east, north = around[0] - near, around[1] - near, around[2] + near, around[3] + near
                for j in range(spans[span, 0], spans[span, 1]):
                    b_west, b_east = min(axes[j, 0], axes[j, 3]), max(axes[j, 0], axes[j, 3])
                    b_south, b_north = min(axes[j, 1], axes[j, 4]), max(axes[j, 1], axes[j, 4])
                    # One branch: which of the four it is that lies too far off, nobody can foretell.
                    if (b_west > east) | (b_east < west) | (b_south > north) | (b_north < south):
                        continue
                    if many == len(picked):
                        return False
                    picked[many, 0], picked[many, 1], picked[many, 2] = j, b_west - near, b_south - near
                    picked[many, 3], picked[many, 4] = b_east + near, b_north + near
                    many += 1
        ax, ay, az = types.int64(own[k, 0]), types.int64(own[k, 1]), types.int64(own[k, 2])
        ux, uy, uz = own[k, 3] - ax, own[k, 4] - ay, own[k, 5] - az
        a_west, a_east = min(ax, ax + ux), max(ax, ax + ux)
        a_south, a_north = min(ay, ay + uy), max(ay, ay + uy)
        a_bottom, a_top = min(az, az + uz), max(az, az + uz)
        group, own_number, own_boxed = groups[k], own[k, _NUMBER], (own[k, _FLAGS] & BOX) != 0
        own_width, own_xy = types.int64(own[k, _OWN_WIDTH]), types.int64(own[k, _OWN_XY])
        for c in range(many):
            if (picked[c, 1] > a_east) | (picked[c, 2] > a_north) | (picked[c, 3] < a_west) | (picked[c, 4] < a_south):
                continue
            j = picked[c, 0]
            b_west, b_east = min(axes[j, 0], axes[j, 3]), max(axes[j, 0], axes[j, 3])
            b_south, b_north = min(axes[j, 1], axes[j, 4]), max(axes[j, 1], axes[j, 4])
            thing = owner[j]
            other = things[thing, GROUP]
            ask = ch[group, other] + own_xy + things[thing, XY]
            widths = own_width + things[thing, WIDTH]
            reach = ask + (widths >> 1) + 1
            dx, dy = _apart(a_west, a_east, b_west, b_east), _apart(a_south, a_north, b_south, b_north)
            squared = dx * dx + dy * dy
            if squared > reach * reach:
                continue
            bz, boxed = types.int64(axes[j, 2]), things[thing, BOXED] != 0
            slab = types.int64(ANY)
            if az != UNKNOWN and bz != UNKNOWN and (euclid or cv[group, other] != ANY):
                dz = _apart(a_bottom, a_top, min(bz, axes[j, 5]), max(bz, axes[j, 5]))
                if euclid:
                    squared += 0 if boxed or own_boxed else (dz >> 1) * (dz >> 1)  # half mm, rounded down
                else:
                    slab = types.int64(own[k, _OWN_HEIGHT]) + things[thing, HEIGHT]
                    slab += 2 * (types.int64(cv[group, other]) + own[k, _OWN_Z] + things[thing, Z])
                    slab = max(slab, types.int64(1))
                    if dz >= slab:
                        continue
            name = things[thing, NAME]
            at = (types.int64(name) * 2654435761 >> 8) & mask
            while keys[at] != _EMPTY and keys[at] != name:
                at = (at + 1) & mask
            there = keys[at] == name
            touching = squared == 0 and (boxed or own_boxed)
            if there and not touching and _cannot_win(squared, widths, own_number, kept[at, 0], kept[at, 1]):
                continue
            bx, by = types.int64(axes[j, 0]), types.int64(axes[j, 1])
            vx, vy, vz = axes[j, 3] - bx, axes[j, 4] - by, axes[j, 5] - bz
            if boxed or own_boxed:
                if boxed and own_boxed:
                    away = sqrt(float(squared))
                elif boxed:
                    away = _to_box(ax, ay, ux, uy, b_west, b_south, b_east, b_north)
                else:
                    away = _to_box(bx, by, vx, vy, a_west, a_south, a_east, a_north)
                # Whole where it is whole, and never more than what is in the box has (``kernels.face_gap``).
                gap, told = types.int64(floor(away - 0.5 * widths + _WHOLE)), SURE
                if away == 0.0:
                    # What is in a box may be overlapped as deep as half the smaller side of it.
                    deep = types.int64(min(b_east - b_west, b_north - b_south)) if boxed else types.int64(0)
                    if own_boxed:
                        deep = max(deep, min(a_east - a_west, a_north - a_south))
                    gap = -((deep + widths + 1) >> 1)
            else:
                gap, told = axes_gap(
                    ax, ay, az, ux, uy, uz, bx, by, bz, vx, vy, vz, widths, slab, euclid
                )
            if told == NONE or gap >= ask:
                continue
            # Of two with the same gap the one of the lower numbers is kept.
            if there and (
                gap > kept[at, 0]
                or (gap == kept[at, 0] and own_number > kept[at, 1])
                or (gap == kept[at, 0] and own_number == kept[at, 1] and number[j] >= kept[at, 2])
            ):
                continue
            if counts[0] * 2 >= len(keys) or counts[0] >= room or counts[1] >= len(doubts):
                return False
            if told == DOUBTFUL:
                doubt = counts[1]
                doubts[doubt, SUBJECT], doubts[doubt, OTHER] = subject, name
                doubts[doubt, OWN_ROW], doubts[doubt, OTHER_ROW] = k, j
                doubts[doubt, ASKED], doubts[doubt, SLAB] = ask, slab
                counts[1] += 1
                continue
            if not there:
                keys[at] = name
                touched[counts[0]] = at
                counts[0] += 1
            kept[at, 0], kept[at, 1], kept[at, 2] = gap, own_number, number[j]
    return True


@compiled
def _put_out(subject, keys, kept, touched, counts, found, at):  # type: ignore[no-untyped-def]
    """Write what was kept for one subject in the order of names. Where it ends."""
    many = counts[0]
    # Of each its name and, in the low bits, its slot.
    for k in range(many):
        touched[k] |= types.int64(keys[touched[k]]) << 32
    touched[:many].sort()
    for k in range(many):
        slot = touched[k] & 0xFFFFFFFF
        touched[k] = slot
        found[at, 0], found[at, 1] = subject, keys[slot]
        found[at, 2], found[at, 3], found[at, 4] = kept[slot, 0], kept[slot, 1], kept[slot, 2]
        at += 1
    return at


@compiled
def sweep(ranges, order, first, own, groups, most, grid, others, asked, work, found):  # type: ignore[no-untyped-def]
    """Search for the subjects in ``order``, from the one at ``first``, until all are done or there is no room.

    ``most`` is the most that is asked sideways by own group. Returns the place in ``order`` of the next subject, how
    many lines of ``found`` and of ``doubts`` were written, both with places in ``order`` for subjects, and whether the
    first subject alone needs more room.
    """
    levels, directory, starts, runs = grid
    axes, owner, number, things = others
    ch, cv, euclid = asked
    keys, kept, touched, around, spans, picked, counts, doubts = work
    counts[:] = 0
    at = types.int64(0)
    for place in range(first, len(order)):
        before, subject = counts[1], order[place]
        done = _search(
            place, ranges[subject], ranges[subject + 1], own, groups, most, levels, directory, starts, runs, axes,
            owner, number, things, ch, cv, euclid, keys, kept, touched, around, spans, picked, counts, doubts,
            len(found) - at,
        )  # fmt: skip
        if done:
            at = _put_out(place, keys, kept, touched, counts, found, at)
        for k in range(counts[0]):
            keys[touched[k]] = _EMPTY
        counts[0] = 0
        if not done:
            return place, at, before, place == first
    return len(order), at, counts[1], False
