"""Other ways to the same numbers: slow, in exact ratios, and by another road than the kernels take."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from registry.core.kernels import Axis, Number

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
