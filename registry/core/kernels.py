"""Exact distances between segments and polygons.

Everything here is integer (or, for cut pieces, rational) arithmetic: no float, no tolerance, no dependence on order.
A distance is returned squared, as a ratio; ``face_gap`` turns it into the integer gap that is reported and judged.

The two-number rule asks for the smallest *plan* distance between two axes over the places where they are
vertically too close. Write the axes as A(s) and B(t) with s, t in [0, 1]. The difference A(s) - B(t) maps the unit
square onto a parallelogram in the plan, and the vertical condition |dz(s, t)| < K cuts a strip (the *slab*) out of the
square. What is left is convex, with at most six corners, each an exact ratio; the smallest plan distance is the
distance from the origin to that polygon.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor, isqrt
from typing import NamedTuple

#: A coordinate: an integer, or a ratio where a segment was cut.
Number = int | Fraction
Vector = tuple[Number, Number]
Ring = Sequence[tuple[int, int]]
#: A corner of what the slab leaves of the unit square: plan difference x, y, then s, t, then dz.
Corner = tuple[Number, Number, Number, Number, Number]


class Axis(NamedTuple):
    """A straight piece of an axis: plan ends in mm, and *twice* the height of the axis at both ends (half mm).

    Doubled, the axis of a pipe of odd height given by its top is still an integer.
    """

    x0: Number
    y0: Number
    z0: Number
    x1: Number
    y1: Number
    z1: Number


class Nearest(NamedTuple):
    """The smallest squared distance ``num / den`` (mm²) and where: at A(s) and B(t), the lowest s, then t."""

    num: Number
    den: Number
    s: Fraction
    t: Fraction


def axis_box(p: Axis) -> tuple[int, int, int, int]:
    """The box of an axis in plan: least x and y, greatest x and y."""
    return int(min(p.x0, p.x1)), int(min(p.y0, p.y1)), int(max(p.x0, p.x1)), int(max(p.y0, p.y1))


def segment_distance(a: Sequence[Sequence[Number]], b: Sequence[Sequence[Number]]) -> Nearest:
    """Smallest distance in space between segments ``a`` and ``b``, each two points of 3 coordinates of one unit.

    The squared distance is convex in (s, t): its minimum is where the gradient vanishes, if that lies in the unit
    square, and else on the square's edge, that is at an end of one segment. Degenerate segments are allowed.
    """
    u = _minus(a[1], a[0])
    v = _minus(b[1], b[0])
    w = _minus(a[0], b[0])
    uu, uv, vv, uw, vw = _dot(u, u), _dot(u, v), _dot(v, v), _dot(u, w), _dot(v, w)
    det = uu * vv - uv * uv
    s, t = uv * vw - vv * uw, uu * vw - uv * uw
    if det > 0 and 0 <= s <= det and 0 <= t <= det:
        normal = _cross(u, v)
        height = _dot(w, normal)
        return Nearest(height * height, det, Fraction(s) / det, Fraction(t) / det)
    zero, one = Fraction(0), Fraction(1)
    candidates = []
    for end, at in ((a[0], zero), (a[1], one)):
        num, den, along = _point_to_segment(end, b[0], v, vv)
        candidates.append(Nearest(num, den, at, along))
    for end, at in ((b[0], zero), (b[1], one)):
        num, den, along = _point_to_segment(end, a[0], u, uu)
        candidates.append(Nearest(num, den, along, at))
    return _lowest(candidates)


def plan_nearest(a: Axis, b: Axis, slab: int | None) -> Nearest | None:
    """Smallest plan distance between two axes where twice their vertical distance is less than ``slab``.

    ``slab`` (half mm, > 0) is twice (half of both heights together + cv); ``None`` asks nothing of the height. The
    minimum is taken over the closure of the open slab; where the slab is touched at its edge only, or not at all,
    the answer is ``None``: there is no place where the two are vertically too close.
    """
    corners = _corners(a, b)
    if slab is not None:
        heights = [corner[4] for corner in corners]
        if min(heights) >= slab or max(heights) <= -slab:
            return None
        if max(heights) > slab or min(heights) < -slab:
            return _nearest_of(*_clipped(corners, slab))
    return _nearest_of(corners, 1)


def point_in_rings(x: Number, y: Number, outer: Ring, holes: Sequence[Ring]) -> int:
    """1 when (x, y) lies inside the polygon, 0 on its boundary, -1 outside."""
    side = _point_in_ring(x, y, outer)
    if side < 1:
        return side
    for hole in holes:
        inside = _point_in_ring(x, y, hole)
        if inside >= 0:
            return -inside
    return 1


def face_gap(num: Number, den: Number, widths: int) -> int:
    """The gap between faces in whole mm: floor(√(num/den) − widths/2 + 0.001), exactly.

    ``widths`` is the sum of both widths in mm. The thousandth of a millimetre is the tolerance of the agreed
    definition of a gap, not a guard against rounding: there is none.
    """
    root = isqrt(int(4_000_000 * num // den))
    return (root - 1000 * widths + 2) // 2000


def _corners(a: Axis, b: Axis) -> list[Corner]:
    """The corners of the unit square, in order around it."""
    return [
        (a.x0 - b.x0, a.y0 - b.y0, 0, 0, a.z0 - b.z0),
        (a.x1 - b.x0, a.y1 - b.y0, 1, 0, a.z1 - b.z0),
        (a.x1 - b.x1, a.y1 - b.y1, 1, 1, a.z1 - b.z1),
        (a.x0 - b.x1, a.y0 - b.y1, 0, 1, a.z0 - b.z1),
    ]


def _clipped(corners: list[Corner], slab: int) -> tuple[list[Corner], Number]:
    """The corners of square ∩ slab, in order, all numbers scaled by the returned factor so that they stay integers."""
    rises = (corners[1][4] - corners[0][4] or 1) * (corners[3][4] - corners[0][4] or 1)
    scale = max(rises, -rises)
    kept: list[Corner] = []
    for k in range(4):
        p, q = corners[k], corners[(k + 1) % 4]
        rise = q[4] - p[4]
        if rise == 0:
            if -slab <= p[4] <= slab:
                kept += [_along(p, q, 0, scale), _along(p, q, scale, 0)]
            continue
        # p + λ(q − p) lies in the slab for λ between the two cuts; λ is kept as a numerator over |rise|.
        size, start = (rise, p[4]) if rise > 0 else (-rise, -p[4])
        cuts: list[Number] = [max(-slab - start, 0), min(slab - start, size)]
        if cuts[0] <= cuts[1]:
            factor = scale // size if isinstance(scale, int) and isinstance(size, int) else Fraction(scale, size)
            kept += [_along(p, q, cut * factor, scale - cut * factor) for cut in cuts]
    return kept, scale


def _along(p: Corner, q: Corner, weight: Number, rest: Number) -> Corner:
    """weight + rest times the point that divides p–q as weight : rest."""
    x, y, s, t, z = (rest * left + weight * right for left, right in zip(p, q, strict=True))
    return x, y, s, t, z


def _nearest_of(corners: list[Corner], scale: Number) -> Nearest:
    """Distance from the origin to the convex polygon of ``corners`` (whose numbers are scaled by ``scale``)."""
    turns: list[Number] = []
    best: tuple[Number, Number] = (1, 0)  # as yet infinitely far
    places: list[tuple[Corner, Corner, Number, Number]] = []  # where that is: how far ahead from p to q, of what length
    num: Number
    den: Number
    place: tuple[Corner, Corner, Number, Number]
    p = corners[-1]
    for q in corners:
        ex, ey = q[0] - p[0], q[1] - p[1]
        turn = p[0] * ey - p[1] * ex
        turns.append(turn)
        length = ex * ex + ey * ey
        ahead = -(p[0] * ex + p[1] * ey)
        if ahead <= 0:
            # Also where the whole edge maps to one point (a vertical run): its other end is the next edge's p.
            num, den, place = p[0] * p[0] + p[1] * p[1], 1, (p, q, 0, 1)
        elif ahead >= length:
            num, den, place = q[0] * q[0] + q[1] * q[1], 1, (q, p, 0, 1)
        else:
            num, den, place = turn * turn, length, (p, q, ahead, length)
        difference = num * best[1] - best[0] * den
        if difference < 0:
            best, places = (num, den), [place]
        elif difference == 0:
            places.append(place)
        p = q
    if min(turns) >= 0 < max(turns) or max(turns) <= 0 > min(turns):
        crossing = _crossing(corners, scale)
        if crossing is not None:
            return crossing
    s, t = min(_where(*place, scale) for place in places)
    return Nearest(best[0], best[1] * scale * scale, s, t)


def _where(p: Corner, q: Corner, ahead: Number, length: Number, scale: Number) -> tuple[Fraction, Fraction]:
    """(s, t) of the point that lies ``ahead`` of ``length`` on the way from p to q."""
    s, t = (Fraction(p[k] * length + ahead * (q[k] - p[k]), length * scale) for k in (2, 3))
    return s, t


def _crossing(corners: list[Corner], scale: Number) -> Nearest | None:
    """Where the axes cross, given that the origin lies in the polygon: solved from three corners that span it."""
    p = corners[0]
    for k in range(1, len(corners) - 1):
        q, r = corners[k], corners[k + 1]
        qx, qy, rx, ry = q[0] - p[0], q[1] - p[1], r[0] - p[0], r[1] - p[1]
        area = qx * ry - qy * rx
        if area == 0:
            continue
        f, g = p[1] * rx - p[0] * ry, p[0] * qy - p[1] * qx
        s = p[2] * area + f * (q[2] - p[2]) + g * (r[2] - p[2])
        t = p[3] * area + f * (q[3] - p[3]) + g * (r[3] - p[3])
        return Nearest(0, 1, Fraction(s, area * scale), Fraction(t, area * scale))
    return None


def _lowest(candidates: list[Nearest]) -> Nearest:
    best = candidates[0]
    for other in candidates[1:]:
        difference = other.num * best.den - best.num * other.den
        if difference < 0 or (difference == 0 and (other.s, other.t) < (best.s, best.t)):
            best = other
    return best


def _point_to_segment(
    point: Sequence[Number], start: Sequence[Number], direction: Sequence[Number], length: Number
) -> tuple[Number, Number, Fraction]:
    """Squared distance (as a ratio) from a point to start + λ·direction, 0 ≤ λ ≤ 1, and λ."""
    offset = _minus(point, start)
    ahead = _dot(offset, direction)
    if ahead <= 0:
        return _dot(offset, offset), 1, Fraction(0)
    if ahead >= length:
        beyond = _minus(offset, direction)
        return _dot(beyond, beyond), 1, Fraction(1)
    normal = _cross(offset, direction)
    return _dot(normal, normal), length, Fraction(ahead) / length


def _point_in_ring(x: Number, y: Number, ring: Ring) -> int:
    inside = False
    # A ring is in whole mm: a side wholly above or below the point is told without the ratio.
    below, above = floor(y), ceil(y)
    for k, (x0, y0) in enumerate(ring):
        x1, y1 = ring[k - 1]
        if (y0 > below and y1 > below) or (y0 < above and y1 < above):
            continue
        side = (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)
        if side == 0 and min(x0, x1) <= x <= max(x0, x1) and min(y0, y1) <= y <= max(y0, y1):
            return 0
        if (y0 > below) != (y1 > below) and (side > 0) == (y1 > y0):
            inside = not inside
    return 1 if inside else -1


def _minus(p: Sequence[Number], q: Sequence[Number]) -> tuple[Number, Number, Number]:
    return p[0] - q[0], p[1] - q[1], p[2] - q[2]


def _dot(p: Sequence[Number], q: Sequence[Number]) -> Number:
    return p[0] * q[0] + p[1] * q[1] + p[2] * q[2]


def _cross(p: Sequence[Number], q: Sequence[Number]) -> tuple[Number, Number, Number]:
    return p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]
