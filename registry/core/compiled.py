"""The kernels, compiled: the same whole millimetres as ``kernels`` gives, for many pairs of segments at once.

Differences of whole numbers are taken first, so that floats only hold what is exact or off by less than a billionth of
what is measured. A gap that lies so near a whole number that the float cannot tell on which side is *doubtful*
(``DOUBT``; in ``pairs`` nearer yet): it is never guessed, the exact kernel decides it (docs/decisions/0035). What is
left out for being farther is farther by more than a float can be off.

Rows are packed (``packed``): plan in mm, heights doubled (half mm), ``UNKNOWN`` for an unknown depth.
"""

from __future__ import annotations

from math import floor, inf, sqrt
from typing import Final

from numba import njit, types

from registry.core.packed import UNKNOWN

#: No vertical limit: any depth counts.
ANY: Final = -1
#: How near a whole number (mm) a gap is left to exact arithmetic. Floats here are off by far less, or it is said to be
#: in doubt (``_INEXACT``); and touching exactly lies 0.001 beside a whole number, by the definition of a gap.
DOUBT: Final = 1e-4
#: The definition of a gap forgives so much, mm (``kernels.face_gap``).
TOLERANCE: Final = 1e-3
#: Nearer to an edge of what a slab leaves than this (mm), it is not told on which side the origin lies.
_BESIDE: Final = 1e-5
#: A direction is known to some 2⁻⁵² of the coordinates; an edge shorter than this times their square has none.
_SHORTEST: Final = 5e-11

#: Squared lengths with a greater product: products in a cross product are then no longer exact, at 33 km by 33 km.
_INEXACT: Final = 2.0**100

#: What a pair of segments came to.
NONE: Final = 0
SURE: Final = 1
DOUBTFUL: Final = 2

#: Lets go of the interpreter's lock; nothing here divides by zero. What was compiled is kept by whoever starts a
#: process (``registry.warm``): the core writes no files.
compiled = njit(nogil=True, error_model="numpy")


@compiled
def _squared_to_edge(px, py, ex, ey):  # type: ignore[no-untyped-def]
    """The squared distance of the origin to the edge from p along e, all whole: off by a few last bits only."""
    length = ex * ex + ey * ey
    ahead = -(px * ex + py * ey)
    if ahead <= 0:
        return float(px * px + py * py)
    if ahead >= length:
        return float((px + ex) * (px + ex) + (py + ey) * (py + ey))
    turn = float(px * ey - py * ex)
    return turn * turn / float(length)


@compiled
def plan_distance(wx, wy, ux, uy, vx, vy):  # type: ignore[no-untyped-def]
    """The distance in plan between w + s·u and t·v, 0 ≤ s, t ≤ 1; whole numbers below 2³⁰, so that no product
    overflows. 0.0 just where the two meet."""
    turn = ux * vy - uy * vx
    if turn != 0:
        s, t = vx * wy - vy * wx, ux * wy - uy * wx
        if turn < 0:
            turn, s, t = -turn, -s, -t
        if 0 <= s <= turn and 0 <= t <= turn:
            return 0.0
    # Each end against the other: seen from the origin these are the four edges of the parallelogram.
    least = _squared_to_edge(wx, wy, ux, uy)
    least = min(least, _squared_to_edge(wx - vx, wy - vy, ux, uy))
    least = min(least, _squared_to_edge(wx, wy, -vx, -vy))
    least = min(least, _squared_to_edge(wx + ux, wy + uy, -vx, -vy))
    return sqrt(least)


@compiled
def _edge(px, py, qx, qy, sign, shortest):  # type: ignore[no-untyped-def]
    """The squared distance of the origin to the edge p–q, and the side on which it lies: 1 inside, -1 not, 0 unknown;
    2 where the edge has no length.

    The distance is that of a point of the edge, so it is never too small, however short the edge.
    """
    ex, ey = qx - px, qy - py
    length = ex * ex + ey * ey
    if length == 0.0:
        return px * px + py * py, 2
    at = min(max(-(px * ex + py * ey) / length, 0.0), 1.0)
    x, y = px + at * ex, py + at * ey
    along = sqrt(length)
    side = 1 if sign * (px * ey - py * ex) > _BESIDE * along else -1
    return x * x + y * y, (side if along >= shortest else 0)


@compiled
def slab_distance(wx, wy, ux, uy, vx, vy, h0, hu, hv, slab):  # type: ignore[no-untyped-def]
    """As ``plan_distance``, over where |h0 + s·hu − t·hv| ≤ slab (half mm); and whether it is in doubt.

    ``inf`` where the open slab is not reached: told in whole numbers. The slab leaves a convex polygon of the unit
    square (``kernels.plan_nearest``); it is walked around, corner by corner.
    """
    low = h0 + min(hu, 0) - max(hv, 0)
    high = h0 + max(hu, 0) - min(hv, 0)
    if low >= slab or high <= -slab:
        return inf, False
    if high <= slab and low >= -slab:
        return plan_distance(wx, wy, ux, uy, vx, vy), False
    most = float(max(max(abs(wx), abs(wx + ux)), max(abs(wx - vx), abs(wx + ux - vx))))
    most = max(most, float(max(max(abs(wy), abs(wy + uy)), max(abs(wy - vy), abs(wy + uy - vy)))))
    shortest = max(1.0, most * most * _SHORTEST)
    turn = ux * vy - uy * vx
    sign = -1.0 if turn > 0 else 1.0
    inside, unknown, shaped = turn != 0, False, False
    least, begun = inf, False
    first_x, first_y, last_x, last_y = 0.0, 0.0, 0.0, 0.0
    # The corners (0, 0), (1, 0), (1, 1), (0, 1) and the edges that start there.
    px, py, ph = wx, wy, h0
    for k in range(4):
        if k == 0:
            dx, dy, dh = ux, uy, hu
        elif k == 1:
            dx, dy, dh = -vx, -vy, -hv
        elif k == 2:
            dx, dy, dh = -ux, -uy, -hu
        else:
            dx, dy, dh = vx, vy, hv
        enter, leave, kept = 0.0, 1.0, True
        if dh == 0:
            kept = -slab <= ph <= slab
        else:
            a, b = (-slab - ph, slab - ph) if dh > 0 else (slab - ph, -slab - ph)
            # Compared as whole numbers: a/dh and b/dh lie in [0, 1] or are cut off there.
            kept = max(a, 0) <= min(b, dh) if dh > 0 else max(-a, 0) <= min(-b, -dh)
            enter, leave = max(a / dh, 0.0), min(b / dh, 1.0)
        if kept:
            for at in (enter, leave):
                x, y = px + at * dx, py + at * dy
                if begun:
                    squared, side = _edge(last_x, last_y, x, y, sign, shortest)
                    least = min(least, squared)
                    inside, unknown, shaped = inside and side >= 0, unknown or side == 0, shaped or side == 1
                else:
                    begun, first_x, first_y = True, x, y
                last_x, last_y = x, y
        px, py, ph = px + dx, py + dy, ph + dh
    squared, side = _edge(last_x, last_y, first_x, first_y, sign, shortest)
    least = min(least, squared)
    inside, unknown, shaped = inside and side >= 0, unknown or side == 0, shaped or side == 1
    if inside:
        # Far from the origin all corners may be one float: then no edge tells anything.
        return 0.0, unknown or not shaped
    return sqrt(least), False


@compiled
def squared_reach(wx, wy, wz, ux, uy, uz, vx, vy, vz, s, t):  # type: ignore[no-untyped-def]
    """The square of the distance in space between w + s·u and t·v."""
    x, y, z = wx + s * ux - t * vx, wy + s * uy - t * vy, wz + s * uz - t * vz
    return x * x + y * y + z * z


@compiled
def _fraction(num, den):  # type: ignore[no-untyped-def]
    return min(max(num / den, 0.0), 1.0) if den > 0.0 else 0.0


@compiled
def space_distance(wx, wy, wz, ux, uy, uz, vx, vy, vz):  # type: ignore[no-untyped-def]
    """The distance in space between w + s·u and t·v, in floats that hold whole and half numbers exactly.

    The nearest inside both, by cross products, or at an end of one: each is the distance of two points that are there.
    """
    nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
    normal = nx * nx + ny * ny + nz * nz
    uu, vv = ux * ux + uy * uy + uz * uz, vx * vx + vy * vy + vz * vz
    least = inf
    if normal > 0.0:
        # s = ((v × w)·n) / |n|², t = ((u × w)·n) / |n|²
        s = ((vy * wz - vz * wy) * nx + (vz * wx - vx * wz) * ny + (vx * wy - vy * wx) * nz) / normal
        t = ((uy * wz - uz * wy) * nx + (uz * wx - ux * wz) * ny + (ux * wy - uy * wx) * nz) / normal
        if 0.0 <= s <= 1.0 and 0.0 <= t <= 1.0:
            least = squared_reach(wx, wy, wz, ux, uy, uz, vx, vy, vz, s, t)
            if normal > 1e-8 * uu * vv:
                return sqrt(least)
    uw, vw, uv = ux * wx + uy * wy + uz * wz, vx * wx + vy * wy + vz * wz, ux * vx + uy * vy + uz * vz
    least = min(least, squared_reach(wx, wy, wz, ux, uy, uz, vx, vy, vz, 0.0, _fraction(vw, vv)))
    least = min(least, squared_reach(wx, wy, wz, ux, uy, uz, vx, vy, vz, 1.0, _fraction(vw + uv, vv)))
    least = min(least, squared_reach(wx, wy, wz, ux, uy, uz, vx, vy, vz, _fraction(-uw, uu), 0.0))
    least = min(least, squared_reach(wx, wy, wz, ux, uy, uz, vx, vy, vz, _fraction(uv - uw, uu), 1.0))
    return sqrt(least)


@compiled
def gap_of(distance, widths, doubtful):  # type: ignore[no-untyped-def]
    """The gap between faces (mm, as ``kernels.face_gap``) and ``SURE``, or the least it may be and ``DOUBTFUL``."""
    exactly = distance - 0.5 * widths + TOLERANCE
    gap = types.int64(floor(exactly))
    if doubtful:
        return types.int64(floor(-0.5 * widths)), DOUBTFUL
    if exactly - gap < DOUBT:
        return gap - 1, DOUBTFUL
    return gap, (DOUBTFUL if gap + 1 - exactly < DOUBT else SURE)


@compiled
def axes_gap(ax, ay, az, ux, uy, uz, bx, by, bz, vx, vy, vz, widths, slab, euclid):  # type: ignore[no-untyped-def]
    """The gap of a + s·u and b + t·v, all whole (heights in half mm), and what is known of it: ``SURE``, ``DOUBTFUL``
    (then it is at least this) or ``NONE``.

    ``slab`` (half mm, or ``ANY``) as in ``kernels.plan_nearest``; with ``euclid`` it is the distance in space that
    counts, as far as both depths are known.
    """
    wx, wy = ax - bx, ay - by
    if az == UNKNOWN or bz == UNKNOWN or (slab == ANY and not euclid):
        return gap_of(plan_distance(wx, wy, ux, uy, vx, vy), widths, False)
    if euclid:
        distance = space_distance(
            float(wx), float(wy), 0.5 * (az - bz), float(ux), float(uy), 0.5 * uz, float(vx), float(vy), 0.5 * vz
        )
        lengths = float(ux * ux + uy * uy) * float(vx * vx + vy * vy)
        return gap_of(distance, widths, lengths > _INEXACT)
    distance, doubtful = slab_distance(wx, wy, ux, uy, vx, vy, az - bz, uz, vz, slab)
    if distance == inf:
        return types.int64(0), NONE
    return gap_of(distance, widths, doubtful)


@compiled
def segments_gap(a, b, widths, slab, euclid):  # type: ignore[no-untyped-def]
    """``axes_gap`` of two rows, which begin with x0, y0, z0, x1, y1, z1."""
    ax, ay, az = types.int64(a[0]), types.int64(a[1]), types.int64(a[2])
    bx, by, bz = types.int64(b[0]), types.int64(b[1]), types.int64(b[2])
    return axes_gap(
        ax, ay, az, a[3] - ax, a[4] - ay, a[5] - az, bx, by, bz, b[3] - bx, b[4] - by, b[5] - bz, widths, slab, euclid
    )
