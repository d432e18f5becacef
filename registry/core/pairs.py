"""Pairs of rows measured several at a time, and of each other what is nearest kept.

Kept per other is the least (gap, own number, other's number). Whatever order pairs come in, that is one answer.

``pairs`` holds, column after column, what is measured of up to ``PAIRS`` pairs; ``whose`` a row for each of what they
are of.
"""

from __future__ import annotations

from math import floor, inf, sqrt
from typing import Final

from numba import types

from registry.core.compiled import DOUBTFUL, NONE, SURE, axes_gap, compiled, plan_distance, squared_reach
from registry.core.packed import BOX, Column

#: Columns of a row of ``things``: what the rows of one thing have in common, and the name it goes by.
WIDTH, HEIGHT, XY, Z, GROUP, BOXED, NAME, THING_COLUMNS = range(8)
#: Columns of a row of ``rows``: the two ends of its axis, its thing, and its number in the object.
X0, Y0, Z0, X1, Y1, Z1, THING, NUMBER, ROW_COLUMNS = range(9)
#: So many pairs are measured together at most.
PAIRS: Final = 512
#: Where the columns of ``pairs`` begin: from the other's axis to one's own, along each, what is taken off the distance,
#: and what came of it. mm.
WX, WY, WZ, UX, UY, UZ, VX, VY, VZ, LESS, APART, PAIRS_ROOM = range(0, 12 * PAIRS, PAIRS)
#: Columns of a row of ``whose``: the two rows, the name of the other, what is asked of them, the slab (half mm), and
#: whether they are to be measured by themselves.
OWN, OTHERS, NAMED, ASK, SLAB, ODD, WHOSE_COLUMNS = range(7)
#: Columns of a row of ``doubts``: what the exact kernel is to decide, and of what.
DOUBT_PLACE, DOUBT_NAME, DOUBT_OWN, DOUBT_OTHER, DOUBT_ASK, DOUBT_SLAB, DOUBT_COLUMNS = range(7)
#: Whole numbers up to this (mm) have products, and sums of two of those, that a float holds exactly.
FAR: Final = 1 << 24
#: How near a whole number (mm) what is measured here is left to exact arithmetic: nothing differs by more than four
#: times ``FAR``, of which a float holds all but 2⁻⁵³, and so it is off by less than a tenth of this.
_NEAR: Final = 1e-6
EMPTY: Final = -1
#: Less than the tolerance of a gap (0.001 mm), more than a float is off.
_WHOLE: Final = 5e-4

# As the compiler takes them.
_OWN_WIDTH, _NUMBER, _FLAGS = int(Column.WIDTH), int(Column.NUMBER), int(Column.FLAGS)


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
def _to_edge(px, py, ex, ey):  # type: ignore[no-untyped-def]
    """As ``compiled._squared_to_edge``, of whole numbers in floats."""
    length, ahead = ex * ex + ey * ey, -(px * ex + py * ey)
    turn = px * ey - py * ex
    beside = turn * turn / (length if length > 0.0 else 1.0)
    beyond = (px + ex) * (px + ex) + (py + ey) * (py + ey)
    return px * px + py * py if ahead <= 0.0 else (beyond if ahead >= length else beside)


@compiled
def measure(pairs, many, euclid):  # type: ignore[no-untyped-def]
    """Write of each pair how far it is from face to face, as ``compiled.gap_of`` has it before it is cut off.

    As ``compiled.space_distance`` and ``compiled.plan_distance``, without branches: then the processor measures several
    pairs at a time. That of the plan is the same to the last bit, as whole numbers below ``FAR`` have exact products.
    """
    if euclid:
        for i in range(many):
            wx, wy, wz = pairs[WX + i], pairs[WY + i], pairs[WZ + i]
            ux, uy, uz = pairs[UX + i], pairs[UY + i], pairs[UZ + i]
            vx, vy, vz = pairs[VX + i], pairs[VY + i], pairs[VZ + i]
            nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
            normal = nx * nx + ny * ny + nz * nz
            uu, vv = ux * ux + uy * uy + uz * uz, vx * vx + vy * vy + vz * vz
            uw, vw, uv = ux * wx + uy * wy + uz * wz, vx * wx + vy * wy + vz * wz, ux * vx + uy * vy + uz * vz
            # What has no length has its numerator 0 too; what is parallel is nearest at an end of one.
            over_u, over_v = uu if uu > 0.0 else 1.0, vv if vv > 0.0 else 1.0
            over = normal if normal > 0.0 else 1.0
            s = ((vy * wz - vz * wy) * nx + (vz * wx - vx * wz) * ny + (vx * wy - vy * wx) * nz) / over
            t = ((uy * wz - uz * wy) * nx + (uz * wx - ux * wz) * ny + (ux * wy - uy * wx) * nz) / over
            both = (normal > 0.0) & (s >= 0.0) & (s <= 1.0) & (t >= 0.0) & (t <= 1.0)
            least = squared_reach(wx, wy, wz, ux, uy, uz, vx, vy, vz, s, t) if both else inf
            t = min(max(vw / over_v, 0.0), 1.0)
            least = min(least, squared_reach(wx, wy, wz, ux, uy, uz, vx, vy, vz, 0.0, t))
            t = min(max((vw + uv) / over_v, 0.0), 1.0)
            least = min(least, squared_reach(wx, wy, wz, ux, uy, uz, vx, vy, vz, 1.0, t))
            s = min(max(-uw / over_u, 0.0), 1.0)
            least = min(least, squared_reach(wx, wy, wz, ux, uy, uz, vx, vy, vz, s, 0.0))
            s = min(max((uv - uw) / over_u, 0.0), 1.0)
            least = min(least, squared_reach(wx, wy, wz, ux, uy, uz, vx, vy, vz, s, 1.0))
            pairs[APART + i] = sqrt(least) - pairs[LESS + i]
    else:
        for i in range(many):
            wx, wy = pairs[WX + i], pairs[WY + i]
            ux, uy = pairs[UX + i], pairs[UY + i]
            vx, vy = pairs[VX + i], pairs[VY + i]
            turn, s, t = ux * vy - uy * vx, vx * wy - vy * wx, ux * wy - uy * wx
            way = 1.0 if turn > 0.0 else -1.0
            turn, s, t = way * turn, way * s, way * t
            meet = (turn > 0.0) & (s >= 0.0) & (s <= turn) & (t >= 0.0) & (t <= turn)
            least = _to_edge(wx, wy, ux, uy)
            least = min(least, _to_edge(wx - vx, wy - vy, ux, uy))
            least = min(least, _to_edge(wx, wy, -vx, -vy))
            least = min(least, _to_edge(wx + ux, wy + uy, -vx, -vy))
            least = 0.0 if meet else least
            pairs[APART + i] = sqrt(least) - pairs[LESS + i]


@compiled
def _odd(a, b, thing, ask, slab, euclid, there, best, best_number):  # type: ignore[no-untyped-def]
    """The gap of a pair that is measured by itself, and what is known of it: where one is a box, or very long, where a
    depth is unknown, or where the slab leaves only part of the two."""
    ax, ay, az = types.int64(a[0]), types.int64(a[1]), types.int64(a[2])
    bx, by, bz = types.int64(b[0]), types.int64(b[1]), types.int64(b[2])
    ux, uy, uz, vx, vy, vz = a[3] - ax, a[4] - ay, a[5] - az, b[3] - bx, b[4] - by, b[5] - bz
    a_west, a_east, a_south, a_north = min(ax, ax + ux), max(ax, ax + ux), min(ay, ay + uy), max(ay, ay + uy)
    b_west, b_east, b_south, b_north = min(bx, bx + vx), max(bx, bx + vx), min(by, by + vy), max(by, by + vy)
    widths = types.int64(a[_OWN_WIDTH]) + thing[WIDTH]
    dx, dy = _apart(a_west, a_east, b_west, b_east), _apart(a_south, a_north, b_south, b_north)
    squared, boxed, own_boxed = dx * dx + dy * dy, thing[BOXED] != 0, (a[_FLAGS] & BOX) != 0
    reach = ask + (widths >> 1) + 1
    if squared > reach * reach:
        return types.int64(0), NONE
    overlapping = squared == 0 and (boxed or own_boxed)
    if there and not overlapping and _cannot_win(squared, widths, a[_NUMBER], best, best_number):
        return types.int64(0), NONE
    if not (boxed or own_boxed):
        return axes_gap(ax, ay, az, ux, uy, uz, bx, by, bz, vx, vy, vz, widths, slab, euclid)
    if boxed and own_boxed:
        away = sqrt(float(squared))
    elif boxed:
        away = _to_box(ax, ay, ux, uy, b_west, b_south, b_east, b_north)
    else:
        away = _to_box(bx, by, vx, vy, a_west, a_south, a_east, a_north)
    if away > 0.0:
        # Whole where it is whole, and never more than what is in the box has (``kernels.face_gap``).
        return types.int64(floor(away - 0.5 * widths + _WHOLE)), SURE
    # What is in a box may be overlapped as deep as half the smaller side of it.
    deep = types.int64(min(b_east - b_west, b_north - b_south)) if boxed else types.int64(0)
    if own_boxed:
        deep = max(deep, min(a_east - a_west, a_north - a_south))
    return -((deep + widths + 1) >> 1), SURE


@compiled
def settle(  # type: ignore[no-untyped-def]
    place, many, pairs, whose, own, rows, things, euclid, keys, kept, touched, counts, doubts, room
):  # fmt: skip
    """Measure the pairs, and keep of every other, in a slot of its own, what is nearest. False: there is no room."""
    measure(pairs, many, euclid)
    mask = len(keys) - 1
    for i in range(many):
        odd, ask, exactly = whose[i, ODD], whose[i, ASK], pairs[APART + i]
        if odd == 0 and exactly - _NEAR >= ask:
            continue
        k, j, name = whose[i, OWN], whose[i, OTHERS], whose[i, NAMED]
        own_number = own[k, _NUMBER]
        at = types.int64(name) & mask
        while keys[at] != EMPTY and keys[at] != name:
            at = (at + 1) & mask
        there = keys[at] == name
        if odd == 0:
            gap = types.int64(floor(exactly))
            told = SURE
            if exactly - gap < _NEAR:
                gap, told = gap - 1, DOUBTFUL
            elif gap + 1 - exactly < _NEAR:
                told = DOUBTFUL
        else:
            thing, slab = things[rows[j, THING]], whose[i, SLAB]
            gap, told = _odd(own[k], rows[j], thing, ask, slab, euclid, there, kept[at, 0], kept[at, 1])
        if told == NONE or gap >= ask:
            continue
        # Of two with the same gap the one of the lower numbers is kept.
        if there and (
            gap > kept[at, 0]
            or (gap == kept[at, 0] and own_number > kept[at, 1])
            or (gap == kept[at, 0] and own_number == kept[at, 1] and rows[j, NUMBER] >= kept[at, 2])
        ):
            continue
        if counts[0] * 2 >= len(keys) or counts[0] >= room or counts[1] >= len(doubts):
            return False
        if told == DOUBTFUL:
            doubt = counts[1]
            doubts[doubt, DOUBT_PLACE], doubts[doubt, DOUBT_NAME] = place, name
            doubts[doubt, DOUBT_OWN], doubts[doubt, DOUBT_OTHER] = k, j
            doubts[doubt, DOUBT_ASK], doubts[doubt, DOUBT_SLAB] = ask, whose[i, SLAB]
            counts[1] += 1
            continue
        if not there:
            keys[at] = name
            touched[counts[0]] = at
            counts[0] += 1
        kept[at, 0], kept[at, 1], kept[at, 2] = gap, own_number, rows[j, NUMBER]
    return True
