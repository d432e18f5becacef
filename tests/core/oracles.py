"""Other ways to the same numbers: slow, in exact ratios, and by another road than the kernels take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from itertools import combinations, pairwise
from math import isqrt
from typing import NamedTuple

from registry.core.kernels import Axis, Number, face_gap, plan_nearest, point_in_rings
from registry.core.meetings import held_between
from registry.core.polygons import interior_points
from registry.core.solids import Prism, Segment

#: (k, m, n): where k·s + m·t ≤ n.
HalfPlane = tuple[Number, Number, Number]

SQUARE: tuple[HalfPlane, ...] = ((-1, 0, 0), (1, 0, 1), (0, -1, 0), (0, 1, 1))
PRECISE = Context(prec=80)


class Place(NamedTuple):
    """A squared distance and where it is measured. The order of places is the order of preference."""

    squared: Fraction
    s: Fraction
    t: Fraction


def nearest_in_space(a: Sequence[Sequence[Number]], b: Sequence[Sequence[Number]]) -> Place:
    """Smallest squared distance of two segments in space, at the lowest s, then t."""
    w = [p - q for p, q in zip(a[0], b[0], strict=True)]
    u = [q - p for p, q in zip(*a, strict=True)]
    v = [q - p for p, q in zip(*b, strict=True)]
    return _smallest(w, u, v, SQUARE)


def nearest_in_plan(a: Axis, b: Axis, slab: int | None) -> Place | None:
    """Smallest squared plan distance of two axes within the closure of the open slab; None where that is empty."""
    w, u, v = (a.x0 - b.x0, a.y0 - b.y0), (a.x1 - a.x0, a.y1 - a.y0), (b.x1 - b.x0, b.y1 - b.y0)
    if slab is None:
        return _smallest(w, u, v, SQUARE)
    if min(a.z0, a.z1) - max(b.z0, b.z1) >= slab or min(b.z0, b.z1) - max(a.z0, a.z1) >= slab:
        return None
    rise_a, rise_b, dz = a.z1 - a.z0, b.z1 - b.z0, a.z0 - b.z0
    return _smallest(w, u, v, (*SQUARE, (rise_a, -rise_b, slab - dz), (-rise_a, rise_b, slab + dz)))


def in_space_at(a: Sequence[Sequence[Number]], b: Sequence[Sequence[Number]], s: Fraction, t: Fraction) -> Fraction:
    """Squared distance in space between A(s) and B(t)."""
    return sum(((p + s * (q - p) - m - t * (n - m)) ** 2 for p, q, m, n in zip(*a, *b, strict=True)), start=Fraction(0))


def in_plan_at(a: Axis, b: Axis, s: Fraction, t: Fraction) -> Fraction:
    """Squared plan distance between A(s) and B(t)."""
    return in_space_at((a[0:2], a[3:5]), (b[0:2], b[3:5]), s, t)


def height_at(a: Axis, b: Axis, s: Fraction, t: Fraction) -> Fraction:
    """Twice the height of A(s) above B(t)."""
    return a.z0 + s * (a.z1 - a.z0) - b.z0 - t * (b.z1 - b.z0)


def root(squared: Fraction) -> Decimal:
    """Square root, to 80 digits."""
    return PRECISE.sqrt(PRECISE.divide(Decimal(squared.numerator), Decimal(squared.denominator)))


def gap_by_definition(num: int, den: int, widths: int) -> int:
    """floor(√(num/den) − widths/2 + 0.001), to 80 digits."""
    gap = PRECISE.add(root(Fraction(num, den)), Decimal("0.001") - Decimal(widths) / 2)
    return int(gap.to_integral_value(ROUND_FLOOR))


class Met(NamedTuple):
    """The least gap of a segment and a volume (mm, signed), and where: a fraction of the segment, and the place."""

    gap: int
    s: Fraction
    x: int
    y: int


def segment_and_prism(p: Segment, q: Prism, widths: int, heights: int, cv: int | None) -> Met | None:
    """The least gap where the vertical one is less than ``cv``: against every side, and every place that can count."""
    low, high = Fraction(0), Fraction(1)
    if cv is not None:
        between = held_between(p, q.bottom - heights - 2 * cv, q.top + heights + 2 * cv)
        if between is None:
            return None
        low, high = between
    axis = p.piece(low, high).axis._replace(z0=0, z1=0)
    found = [near for side in _axes(q) if (near := plan_nearest(axis, side, None)) is not None]
    cuts = sorted({Fraction(0), Fraction(1), *(near.s for near in found if near.num == 0)})
    deepest: tuple[Fraction, Fraction] | None = None
    for s in sorted({*cuts, *((a + b) / 2 for a, b in pairwise(cuts))}):
        x, y = _on(axis, s)
        if point_in_rings(x, y, q.outer, q.holes) < 1:
            continue
        squared = _squared_to_boundary(x, y, q)
        if deepest is None or squared > deepest[0]:
            deepest = squared, s
    if deepest is not None:
        squared, s = deepest
        gap = (-isqrt(int(4_000_000 * squared)) - 1000 * widths + 2) // 2000
    else:
        squared, s = min((Fraction(near.num) / near.den, near.s) for near in found)
        gap = face_gap(squared.numerator, squared.denominator, widths)
    x, y = _on(axis, s)
    return Met(gap, low + s * (high - low), round(x), round(y))


def overlap_of_prisms(a: Prism, b: Prism) -> tuple[int, tuple[Number, Number]]:
    """How deep two footprints overlap, and where: at every piece of both boundaries, and points inside."""
    best, place = 0, (Fraction(0), Fraction(0))
    for one, other in ((a, b), (b, a)):
        for x, y in [*piece_middles(one, other), *interior_points((one.outer, one.holes))]:
            if point_in_rings(x, y, other.outer, other.holes) == 1 and point_in_rings(x, y, one.outer, one.holes) >= 0:
                squared = _squared_to_boundary(x, y, other)
                depth = max(isqrt(squared.numerator // squared.denominator), 1)
                if depth > best:
                    best, place = depth, (Fraction(x), Fraction(y))
    return best, place


def least_of_prisms(a: Prism, b: Prism) -> Met:
    """The least distance of two footprints that do not overlap, at the first side of ``a``, then of ``b``."""
    best: tuple[Fraction, Fraction, Axis] | None = None
    for axis in _axes(a):
        for side in _axes(b):
            near = plan_nearest(axis, side, None)
            assert near is not None
            if best is None or Fraction(near.num) / near.den < best[0]:
                best = Fraction(near.num) / near.den, near.s, axis
    assert best is not None
    x, y = _on(best[2], best[1])
    return Met(face_gap(best[0].numerator, best[0].denominator, 0), Fraction(0), round(x), round(y))


def one_holds_other(outer: Prism, inner: Prism) -> bool:
    """Whether no piece of a boundary, nor a point inside, lies where it may not."""
    within = [*piece_middles(inner, outer), next(interior_points((inner.outer, inner.holes)))]
    return all(point_in_rings(x, y, outer.outer, outer.holes) >= 0 for x, y in within) and not any(
        point_in_rings(x, y, inner.outer, inner.holes) > 0 for x, y in piece_middles(outer, inner)
    )


def piece_middles(one: Prism, other: Prism) -> Iterator[tuple[Number, Number]]:
    """The middle of every piece of one boundary between the places where it meets the other."""
    for axis in _axes(one):
        cuts = {Fraction(0), Fraction(1)}
        ux, uy = axis.x1 - axis.x0, axis.y1 - axis.y0
        for side in _axes(other):
            vx, vy, wx, wy = side.x1 - side.x0, side.y1 - side.y0, side.x0 - axis.x0, side.y0 - axis.y0
            det = ux * vy - uy * vx
            if det:
                s, t = Fraction(wx * vy - wy * vx) / det, Fraction(wx * uy - wy * ux) / det
                cuts.update([s] if 0 < s < 1 and 0 <= t <= 1 else [])
            elif wx * uy == wy * ux:
                length = ux * ux + uy * uy
                ends = [Fraction((wx + k * vx) * ux + (wy + k * vy) * uy) / length for k in (0, 1)]
                cuts.update(s for s in ends if 0 < s < 1)
        for low, high in pairwise(sorted(cuts)):
            yield _on(axis, (low + high) / 2)


def _axes(q: Prism) -> list[Axis]:
    return [Axis(*ring[k - 1], 0, *ring[k], 0) for ring in (q.outer, *q.holes) for k in range(len(ring))]


def _on(axis: Axis, s: Fraction) -> tuple[Number, Number]:
    return axis.x0 + s * (axis.x1 - axis.x0), axis.y0 + s * (axis.y1 - axis.y0)


def _squared_to_boundary(x: Number, y: Number, q: Prism) -> Fraction:
    point = Axis(x, y, 0, x, y, 0)
    return min(Fraction(near.num) / near.den for side in _axes(q) if (near := plan_nearest(point, side, None)))


def _smallest(w: Sequence[Number], u: Sequence[Number], v: Sequence[Number], allowed: Sequence[HalfPlane]) -> Place:
    """Smallest |w + s·u − t·v|² where all of ``allowed`` hold: the best of every active set's solution.

    The solution of an active set of none is where the gradient vanishes; of one, the lowest point on its line; of
    two, where the lines meet. A set without one single solution is flat there: smaller places of it are found with
    one constraint more, since ``allowed`` is bounded.
    """
    uu, uv, vv, uw, vw = _dot(u, u), _dot(u, v), _dot(v, v), _dot(u, w), _dot(v, w)
    found = [_meet((uu, -uv, -uw), (-uv, vv, vw))]
    for k, m, n in allowed:
        # Lowest on the line k·s + m·t = n: the gradient has no component along it, that is along (−m, k).
        found.append(_meet((k, m, n), (-m * uu - k * uv, m * uv + k * vv, m * uw + k * vw)))
    found += [_meet(one, other) for one, other in combinations(allowed, 2)]
    return min(
        Place(sum(((p + s * q - t * r) ** 2 for p, q, r in zip(w, u, v, strict=True)), start=Fraction(0)), s, t)
        for s, t in filter(None, found)
        if all(k * s + m * t <= n for k, m, n in allowed)
    )


def _meet(one: HalfPlane, other: HalfPlane) -> tuple[Fraction, Fraction] | None:
    """Where two lines of the (s, t) plane meet; None where they do not, or everywhere."""
    det = one[0] * other[1] - one[1] * other[0]
    if det == 0:
        return None
    s = one[2] * other[1] - one[1] * other[2]
    t = one[0] * other[2] - one[2] * other[0]
    return Fraction(s) / det, Fraction(t) / det


def _dot(p: Sequence[Number], q: Sequence[Number]) -> Number:
    return sum((left * right for left, right in zip(p, q, strict=True)), start=0)
