"""Other ways to the same numbers: slow, in exact ratios, and by another road than the kernels take."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from itertools import combinations, pairwise
from math import isqrt
from typing import NamedTuple

import numpy as np

from registry.core.clash import Clash
from registry.core.crossings import lines_cross_surely, volume_crossed_surely
from registry.core.elements import Disk, Element, both_widths, crosses_surely, elements, flat, meeting, merged, outside
from registry.core.findings import Certainty, Measure
from registry.core.kernels import Axis, Number, face_gap, plan_nearest, point_in_rings
from registry.core.meetings import Meeting, held_between
from registry.core.model import Uncertainty
from registry.core.policy import Clearance
from registry.core.polygons import interior_points
from registry.core.solids import UNBOUNDED, Corridor, Prism, Segment, Solid

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
    deepest = deepest_place(axis, q)
    if deepest is not None:
        s = deepest
        squared = _squared_to_boundary(*_on(axis, s), q)
        gap = (-isqrt(int(4_000_000 * squared)) - 1000 * widths + 2) // 2000
    else:
        squared, s = min((Fraction(near.num) / near.den, near.s) for near in found)
        gap = face_gap(squared.numerator, squared.denominator, widths)
    x, y = _on(axis, s)
    return Met(gap, low + s * (high - low), round(x), round(y))


def deepest_place(axis: Axis, q: Prism) -> Fraction | None:
    """The first place where an axis lies deepest inside a footprint, to about a millionth of a millimetre.

    The distance to the boundary is the least of that to the lines of all sides and to all corners, each where it is
    nearest: it is greatest at an end of the axis, or where two of those distances are equal. All of these are tried.
    """
    x0, y0 = axis.x0, axis.y0
    ux, uy = float(axis.x1 - x0), float(axis.y1 - y0)
    long = math.hypot(ux, uy)
    sides = np.array([[float(v) for v in (m.x0 - x0, m.y0 - y0, m.x1 - x0, m.y1 - y0)] for m in _axes(q)])
    x, y, vx, vy = sides[:, 0], sides[:, 1], sides[:, 2] - sides[:, 0], sides[:, 3] - sides[:, 1]
    if long == 0:
        return Fraction(0) if point_in_rings(x0, y0, q.outer, q.holes) == 1 else None
    extent = np.hypot(vx, vy)
    # Squared distances along the axis, as polynomials in s: to corners, and to the lines of sides.
    to_corner = np.stack([np.full(len(x), long * long), -2 * (x * ux + y * uy), x * x + y * y], axis=1)
    turn, start = (ux * vy - uy * vx) / extent, (y * vx - x * vy) / extent
    to_line = np.stack([turn * turn, 2 * turn * start, start * start], axis=1)
    distances = np.concatenate([to_corner, to_line])
    one, other = np.triu_indices(len(distances), 1)
    a, b, c = (distances[one] - distances[other]).T
    with np.errstate(divide="ignore", invalid="ignore"):
        under = np.sqrt(np.maximum(b * b - 4 * a * c, 0))
        roots = np.concatenate([-c / b, *((-b + sign * under) / (2 * a) for sign in (-1, 1))])
        crossings = np.concatenate([-start / turn])
    tried = np.concatenate([[0.0, 1.0], roots, crossings])
    tried = np.unique(tried[np.isfinite(tried) & (tried >= 0) & (tried <= 1)])
    tried = np.unique(np.concatenate([tried, (tried[1:] + tried[:-1]) / 2]))
    depth = np.full(len(tried), np.inf)
    for m in range(len(x)):
        px, py = tried * ux - x[m], tried * uy - y[m]
        t = np.clip((px * vx[m] + py * vy[m]) / extent[m] ** 2, 0, 1)
        depth = np.minimum(depth, np.hypot(px - t * vx[m], py - t * vy[m]))
    best: tuple[float, float] | None = None
    for k in np.argsort(-depth, kind="stable").tolist():
        if best is not None and depth[k] < best[0] - 1e-6:
            break
        s = float(tried[k])
        if (best is None or s < best[1]) and point_in_rings(*_on(axis, Fraction(s)), q.outer, q.holes) == 1:
            best = max(float(depth[k]), 0 if best is None else best[0]), s
    return None if best is None else Fraction(best[1])


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


RANKS: tuple[Certainty, ...] = ("certain", "undetermined", "possible", "possible_end")


@dataclass
class PlainClash:
    """A clash by its definition: every pair of elements, and of each all that may count, worked out on its own."""

    a: Solid
    b: Solid
    clearance: Clearance
    uncertainty: Uncertainty
    reach: int
    clear_of: Sequence[Disk] = ()

    def find(self) -> Clash | None:
        a, clearance, sized = self.a, self.clearance, self._sized()
        found = []
        for i, first in enumerate(elements(a)):
            for j, second in enumerate(elements(self.b)):
                line = isinstance(a, Corridor)
                for piece in outside(first if line else second, self.clear_of):
                    p, q = (piece, second) if line else (first, piece)
                    certainty = self._certainty(p, q)
                    if certainty is not None:
                        found.append((RANKS.index(certainty), (i, j), p, q, self._worst(p, q, certainty)))
        if not found:
            return None
        rank, (i, _), p, _, met = min(found, key=lambda one: (one[0], one[4].gap, one[1], _along(*one[2::2]), one[4].t))
        same = [(one[2], one[3]) for one in found if one[0] == rank]
        settled = RANKS[rank] == "certain"
        limit = clearance.ch + self.uncertainty.xy
        limit = limit if sized or settled else max(self.reach, limit)
        gaps = [] if clearance.cv is None or RANKS[rank] == "undetermined" else [self._gap(*x, limit) for x in same]
        on_line = isinstance(a, Corridor) and not a.is_shaft
        return Clash(
            certainty=RANKS[rank],
            gap=Measure(met.gap, None if None in gaps or not gaps else min(gap for gap in gaps if gap is not None)),
            segment=i,
            chainage=a.chainage(i, _along(p, met)) if on_line and isinstance(a, Corridor) else None,
            x=met.x,
            y=met.y,
            stretches=tuple(merged([self._stretch(*x, limit) for x in same], 1)) if on_line else (),
            lacking=("size",) if not sized and settled else self._lacking(),
            mixed=len(same) < len(found),
        )

    def _sized(self) -> bool:
        return all(not isinstance(solid, Corridor) or solid.width is not None for solid in (self.a, self.b))

    def _lacking(self) -> tuple[str, ...]:
        depth = self.clearance.cv is not None
        own = {f"own_{item}" for item in self.a.lacking if depth or item == "size"}
        return tuple(sorted(own | {item for item in self.b.lacking if depth or item == "size"}))

    def _meeting(self, p: Element, q: Element, cv: int | None, narrower: int = 0) -> Meeting | None:
        heights = sum(solid.height or 0 for solid in (self.a, self.b) if isinstance(solid, Corridor))
        return meeting(p, q, both_widths(self.a, self.b) - narrower, heights, cv)

    def _closer(self, p: Element, q: Element, cv: int | None, limit: int, narrower: int = 0) -> bool:
        found = self._meeting(p, q, cv, narrower)
        return found is not None and found.gap < limit

    def _loose(self, p: Element, q: Element) -> int | None:
        cv = self.clearance.cv
        return None if cv is None or not (p.known and q.known) else cv + self.uncertainty.z

    def _certainty(self, p: Element, q: Element) -> Certainty | None:
        limit = self.clearance.ch + self.uncertainty.xy
        if not self._closer(p, q, self._loose(p, q), limit if self._sized() else max(limit, self.reach)):
            return None
        if self.clearance.cv is not None and not (p.known and q.known):
            return "undetermined"
        sure = self._surely(p, q)
        if sure:
            flat_p, flat_q = flat(self.a, p), flat(self.b, q)
            cut = sum(s.width - s.flat_width for s in (self.a, self.b) if isinstance(s, Corridor) and s.width)
            if flat_p is p and flat_q is q:
                return "certain"
            if flat_p is not None and flat_q is not None and self._surely(flat_p, flat_q, cut, no_caps=True):
                return "certain"
        return "undetermined" if not self._sized() else "possible_end" if sure else "possible"

    def _surely(self, p: Element, q: Element, narrower: int = 0, no_caps: bool = False) -> bool:
        cv, (xy, z) = self.clearance.cv, (self.uncertainty.xy, self.uncertainty.z)
        if self._closer(p, q, None if cv is None else cv - z, self.clearance.ch - xy, narrower):
            return True
        if xy == 0:
            return False
        heights = sum(solid.height or 0 for solid in (self.a, self.b) if isinstance(solid, Corridor))
        slab = None if cv is None else heights + 2 * (cv - z)
        if not isinstance(p, Segment) or not isinstance(q, Segment):
            return volume_crossed_surely(self.a, p, self.b, q, xy, slab, no_caps, not self.clear_of)
        if self.clear_of or not isinstance(self.a, Corridor) or not isinstance(self.b, Corridor):
            return crosses_surely(p.axis, q.axis, xy, slab)
        return lines_cross_surely(self.a, p, self.b, q, xy, slab, no_caps)

    def _worst(self, p: Element, q: Element, certainty: Certainty) -> Meeting:
        near = self._sized() and certainty != "undetermined"
        met = (self._meeting(p, q, self.clearance.cv) if near else None) or self._meeting(p, q, self._loose(p, q))
        assert met is not None
        return met

    def _gap(self, p: Element, q: Element, limit: int) -> int | None:
        """The largest cv at which two do not clash, of all there are; ``None``: at none."""
        assert self.clearance.cv is not None
        least, most = -2 * UNBOUNDED, self.clearance.cv + self.uncertainty.z
        if isinstance(p, Prism) and isinstance(q, Prism):
            found = max(p.bottom - q.top, q.bottom - p.top) // 2
        elif self._closer(p, q, least, limit):
            return None
        else:
            found = first_that(lambda cv: self._closer(p, q, cv, limit), least, most) - 1
        return found if found > -UNBOUNDED // 4 else None

    def _stretch(self, p: Element, q: Element, limit: int) -> tuple[int, int]:
        """From the last whole mm up to which nothing of the piece is too close, to the first from which nothing is."""
        a = self.a
        assert isinstance(a, Corridor)
        assert isinstance(p, Segment)
        whole, start, length = a.segments[p.index], a.starts[p.index], a.lengths[p.index]
        first, last = a.chainage(p.index, p.low), -(-round(start + p.high * length) // 1000)

        def close(low: int, high: int) -> bool:
            cuts = (Fraction(at * 1000 - start, length) for at in (low, high))
            piece = whole.piece(*(min(max(cut, p.low), p.high) for cut in cuts))
            return self._closer(piece, q, self._loose(p, q), limit)

        if not p.upright and first < last:
            assert close(first, last)
            begin = first_that(lambda at: close(first, at), first, last) - 1
            last = 1 - first_that(lambda at: close(-at, last), -last, -first)
            first = begin
        return first, min(last, a.starts[-1] // 1000)


def first_that(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The smallest number above ``low`` for which it holds, given that it does at ``high`` and from some number on."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _along(element: Element, met: Meeting) -> Fraction:
    return element.low + met.s * (element.high - element.low) if isinstance(element, Segment) else met.s
