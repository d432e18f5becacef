"""Whether and where two solids clash under one clearance: exact, with certainty, worst place and stretches.

Two solids clash when at one place the horizontal gap < ch and the vertical gap < cv, both strictly. ``find_clash``
goes over the pairs of segments (or volumes) that are near enough to matter, in canonical order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from registry.core.findings import Certainty, Measure
from registry.core.kernels import Axis, Nearest, face_gap, plan_nearest, point_in_rings
from registry.core.model import Uncertainty
from registry.core.polygons import overlap_depth
from registry.core.policy import Clearance
from registry.core.solids import UNBOUNDED, Corridor, Prism, Segment, Solid

Element = Segment | Prism
Pair = tuple[int, int]
#: x, y and radius, mm.
Disk = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Meeting:
    """The least gap of two elements (mm, signed) and where on them: fractions ``s``, ``t`` of a segment, or a point."""

    gap: int
    s: Fraction
    t: Fraction
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Two solids under one clearance. ``segment`` and ``chainage`` (mm) are on the first one's axis, if it has one.

    ``gap.vertical`` is ``None`` with any depth, without end, or where the depth is unknown. ``stretches`` are along the
    first: where it is too close (or, undetermined, may be).
    """

    certainty: Certainty
    gap: Measure
    segment: int
    chainage: int | None
    x: int
    y: int
    stretches: tuple[tuple[int, int], ...]
    lacking: tuple[str, ...] = ()


def find_clash(
    a: Solid,
    b: Solid,
    clearance: Clearance,
    uncertainty: Uncertainty,
    reach: int,
    pairs: Sequence[Pair] | None = None,
    clear_of: Sequence[Disk] = (),
) -> Clash | None:
    """The clash of ``a`` with ``b``, or ``None``.

    ``uncertainty`` is that of both together (mm). ``pairs`` limits the segments that are compared (a parallel run).
    ``clear_of`` are disks (x, y, radius mm) in which no separation is asked, around stated connections. Objects of
    unknown size are undetermined within ``reach`` (mm). Never certain where only an end cap clashes.
    """
    finder = _Finder(a, b, clearance, uncertainty, reach)
    found: list[tuple[int, Certainty, Meeting, Pair, Element, Element]] = []
    exempt_first = isinstance(a, Corridor)
    firsts, seconds = elements(a), elements(b)
    for i, j in near_pairs(a, b, clearance.ch + uncertainty.xy + reach) if pairs is None else pairs:
        for p in _outside(firsts[i], clear_of if exempt_first else ()):
            for q in _outside(seconds[j], () if exempt_first else clear_of):
                answer = finder.judge(p, q)
                if answer is not None:
                    found.append((_RANK[answer[0]], answer[0], answer[1], (i, j), p, q))
    if not found:
        return None
    worst = min(found, key=lambda item: (item[0], item[2].gap, item[3], item[2].s, item[2].t))
    same = [item for item in found if item[0] == worst[0]]
    stretches: list[tuple[int, int]] = []
    if isinstance(a, Corridor) and not a.is_shaft:
        stretches = merged([finder.stretch(a, item[4], item[5]) for item in same if isinstance(item[4], Segment)], 1)
    vertical = None
    if clearance.cv is not None and worst[1] != "undetermined":
        depths = [finder.vertical_gap(item[4], item[5]) for item in same]
        vertical = None if None in depths else min(depth for depth in depths if depth is not None)
    meeting, (i, _) = worst[2], worst[3]
    on_line = isinstance(a, Corridor) and not a.is_shaft
    return Clash(
        certainty=worst[1],
        gap=Measure(meeting.gap, vertical),
        segment=i,
        chainage=a.chainage(i, meeting.s) if on_line and isinstance(a, Corridor) else None,
        x=meeting.x,
        y=meeting.y,
        stretches=tuple(stretches),
        lacking=finder.lacking(),
    )


def least_gap(a: Solid, b: Solid, cv: int | None, reach: int) -> Measure | None:
    """The least horizontal gap (mm) where the vertical gap is less than ``cv``, looked for within ``reach``.

    ``None`` where there is none, or where a depth or size it needs is unknown.
    """
    if any(isinstance(solid, Corridor) and solid.width is None for solid in (a, b)):
        return None
    finder = _Finder(a, b, Clearance(0, cv), Uncertainty(), reach)
    gaps = []
    for i, j in near_pairs(a, b, reach):
        p, q = elements(a)[i], elements(b)[j]
        if cv is not None and not (p.known and q.known):
            return None
        met = finder.meeting(p, q, cv)
        if met is not None:
            gaps.append(met.gap)
    return Measure(min(gaps), None) if gaps else None


_RANK: dict[Certainty, int] = {"certain": 0, "undetermined": 1, "possible": 2, "possible_end": 3, "assumed": 4}


class _Finder:
    """One pair of solids under one clearance."""

    def __init__(self, a: Solid, b: Solid, clearance: Clearance, uncertainty: Uncertainty, reach: int):
        self.a, self.b = a, b
        self.ch, self.cv = clearance.ch, clearance.cv
        self.xy, self.z = uncertainty.xy, uncertainty.z
        self.sizes_known = all(not isinstance(solid, Corridor) or solid.width is not None for solid in (a, b))
        self.widths = sum((solid.width or 0) for solid in (a, b) if isinstance(solid, Corridor))
        self.heights = sum((solid.height or 0) for solid in (a, b) if isinstance(solid, Corridor))
        self.reach = reach

    def lacking(self) -> tuple[str, ...]:
        """Which data are missing: of the other object, and ``own_…`` of the first."""
        depth = self.cv is not None
        own = [f"own_{item}" for item in self.a.lacking if depth or item == "size"]
        return tuple(sorted({*own, *(item for item in self.b.lacking if depth or item == "size")}))

    def meeting(self, p: Element, q: Element, cv: int | None) -> Meeting | None:
        """The least gap where the vertical gap is less than ``cv`` (``None``: anywhere)."""
        return meeting(p, q, self.widths, self.heights, cv)

    def judge(self, p: Element, q: Element) -> tuple[Certainty, Meeting] | None:
        """How certainly these two elements clash, and where they are closest."""
        known = self.cv is None or (p.known and q.known)
        loose = self.meeting(p, q, None if self.cv is None or not known else self.cv + self.z)
        if loose is None:
            return None
        if not self.sizes_known:
            if known and self._certain(p, q):
                return "certain", loose
            return ("undetermined", loose) if loose.gap < max(self.reach, self.ch + self.xy) else None
        if loose.gap >= self.ch + self.xy:
            return None
        if not known:
            return "undetermined", loose
        nominal = self.meeting(p, q, self.cv)
        shown = nominal or loose
        if not self._certain(p, q):
            return "possible", shown
        flat_p, flat_q = flat(self.a, p), flat(self.b, q)
        if flat_p is p and flat_q is q:
            return "certain", shown
        if flat_p is not None and flat_q is not None and self._certain(flat_p, flat_q):
            return "certain", shown
        return "possible_end", shown

    def _certain(self, p: Element, q: Element) -> bool:
        tight = self.meeting(p, q, None if self.cv is None else self.cv - self.z)
        return tight is not None and tight.gap < self.ch - self.xy

    def _too_close(self, p: Element, q: Element, cv: int | None) -> bool:
        found = self.meeting(p, q, cv)
        limit = self.ch + self.xy if self.sizes_known else max(self.reach, self.ch + self.xy)
        return found is not None and found.gap < limit

    def vertical_gap(self, p: Element, q: Element) -> int | None:
        """The largest whole cv (mm) at which these two would not clash: their vertical gap where they are too close.

        Monotone in cv, so it is found by halving. ``None``: they go on without end.
        """
        if self.cv is None:
            return None
        low, high = -2 * UNBOUNDED, self.cv + self.z
        if self._too_close(p, q, low):
            return None
        while high - low > 1:
            middle = (low + high) // 2
            if self._too_close(p, q, middle):
                high = middle
            else:
                low = middle
        return low if low > -UNBOUNDED // 4 else None

    def stretch(self, a: Corridor, p: Segment, q: Element) -> tuple[int, int]:
        """From where to where (mm of chainage) the first is too close to ``q``: the set is one interval, its ends
        are found by halving to the millimetre."""
        known = self.cv is None or (p.known and q.known)
        cv = None if self.cv is None or not known else self.cv + self.z
        length = max(a.lengths[p.index] * (p.high - p.low) // 1000, 1)

        def close(low: int, high: int) -> bool:
            return self._too_close(p.piece(Fraction(low, length), Fraction(high, length)), q, cv)

        end = int(length) if close(int(length), int(length)) else _halve(lambda x: close(0, x), int(length))
        start = 0 if close(0, 0) else int(length) - _halve(lambda x: close(int(length) - x, int(length)), int(length))
        base = a.chainage(p.index, p.low)
        whole = a.chainage(p.index, p.high)
        return base + start, whole if end == length else base + end


def _halve(holds: Callable[[int], bool], high: int) -> int:
    """The smallest x in 0..high for which ``holds``, given that it holds at ``high`` and stays true once true."""
    low = -1
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high


def meeting(p: Element, q: Element, widths: int, heights: int, cv: int | None) -> Meeting | None:
    """The least gap of two elements where their vertical gap is less than ``cv``.

    ``widths`` and ``heights`` (mm) are the sums of the corridors' sizes.
    """
    if isinstance(p, Segment) and isinstance(q, Segment):
        slab = None if cv is None else heights + 2 * cv
        if slab is not None and slab <= 0:
            return None
        near = plan_nearest(p.axis, q.axis, slab)
        return None if near is None else _met(near, near, p.axis, widths)
    if isinstance(p, Segment) and isinstance(q, Prism):
        return _segment_and_prism(p, q, widths, heights, cv)
    if isinstance(p, Prism) and isinstance(q, Segment):
        found = _segment_and_prism(q, p, widths, heights, cv)
        return None if found is None else Meeting(found.gap, found.t, found.s, found.x, found.y)
    assert isinstance(p, Prism) and isinstance(q, Prism)
    return _prisms(p, q, cv)


def _met(near: Nearest, along: Nearest, axis: Axis, widths: int) -> Meeting:
    x = axis.x0 + along.s * (axis.x1 - axis.x0)
    y = axis.y0 + along.s * (axis.y1 - axis.y0)
    return Meeting(face_gap(near.num, near.den, widths), along.s, near.t, round(x), round(y))


def _segment_and_prism(p: Segment, q: Prism, widths: int, heights: int, cv: int | None) -> Meeting | None:
    low, high = Fraction(0), Fraction(1)
    if cv is not None:
        # Vertically too close where floor < twice the axis height < ceiling.
        floor, ceiling = q.bottom - heights - 2 * cv, q.top + heights + 2 * cv
        z0, z1 = p.axis.z0, p.axis.z1
        if min(z0, z1) >= ceiling or max(z0, z1) <= floor or floor >= ceiling:
            return None
        if z0 != z1:
            cuts = sorted((Fraction(floor - z0) / (z1 - z0), Fraction(ceiling - z0) / (z1 - z0)))
            low, high = max(cuts[0], low), min(cuts[1], high)
    piece = p if low == 0 and high == 1 else p.piece(low, high)
    flat_axis = piece.axis._replace(z0=0, z1=0)
    best: Nearest | None = None
    if point_in_rings(flat_axis.x0, flat_axis.y0, q.outer, q.holes) >= 0:
        best = Nearest(0, 1, Fraction(0), Fraction(0))
    else:
        for edge in q.edges:
            near = plan_nearest(flat_axis, edge, None)
            assert near is not None
            if best is None or (near.num * best.den, near.s) < (best.num * near.den, best.s):
                best = near
    assert best is not None
    met = _met(best, best, flat_axis, widths)
    return Meeting(met.gap, low + best.s * (high - low), Fraction(0), met.x, met.y)


def _prisms(p: Prism, q: Prism, cv: int | None) -> Meeting | None:
    if cv is not None and max(p.bottom - q.top, q.bottom - p.top) >= 2 * cv:
        return None
    depth, place = overlap_depth((p.outer, p.holes), (q.outer, q.holes))
    if depth > 0:
        return Meeting(-depth, Fraction(0), Fraction(0), round(place[0]), round(place[1]))
    best: Nearest | None = None
    met_on: Axis | None = None
    for edge in p.edges:
        for other in q.edges:
            near = plan_nearest(edge, other, None)
            assert near is not None
            if best is None or near.num * best.den < best.num * near.den:
                best, met_on = near, edge
    assert best is not None and met_on is not None
    found = _met(best, best, met_on, 0)
    return Meeting(found.gap, Fraction(0), Fraction(0), found.x, found.y)


def elements(solid: Solid) -> Sequence[Element]:
    """A corridor's segments, or the volume itself."""
    return solid.segments if isinstance(solid, Corridor) else (solid,)


def flat(solid: Solid, element: Element) -> Element | None:
    """``element`` without its solid's end caps; the same object where they do not touch it."""
    if not isinstance(solid, Corridor) or not isinstance(element, Segment):
        return element
    trimmed = solid.flat_ends[element.index]
    if trimmed is None or trimmed is solid.segments[element.index]:
        return element if trimmed is not None else None
    low, high = max(trimmed.low, element.low), min(trimmed.high, element.high)
    if low >= high:
        return None
    return element if (low, high) == (element.low, element.high) else solid.segments[element.index].piece(low, high)


def near_pairs(a: Solid, b: Solid, margin: int) -> Iterator[Pair]:
    """The pairs of elements whose plan boxes lie within ``margin`` mm (beyond their widths), in canonical order."""
    if not _boxes_meet(a.box, b.box, margin):
        return
    half = sum((solid.width or 0) for solid in (a, b) if isinstance(solid, Corridor)) // 2 + 1 + margin
    others = [_box(element) for element in elements(b)]
    for i, p in enumerate(elements(a)):
        box = _box(p)
        if not _boxes_meet(box, b.box, half):
            continue
        for j, other in enumerate(others):
            if _boxes_meet(box, other, half):
                yield i, j


def _box(element: Element) -> tuple[int, int, int, int]:
    if isinstance(element, Prism):
        return element.box
    p = element.axis
    return int(min(p.x0, p.x1)), int(min(p.y0, p.y1)), int(max(p.x0, p.x1)), int(max(p.y0, p.y1))


def _boxes_meet(p: tuple[int, int, int, int], q: tuple[int, int, int, int], margin: int) -> bool:
    return (
        p[0] - margin <= q[2] and q[0] - margin <= p[2] and p[1] - margin <= q[3] and q[1] - margin <= p[3]
    )


def merged(stretches: Sequence[tuple[int, int]], apart: int) -> list[tuple[int, int]]:
    """Stretches joined where they overlap or lie no more than ``apart`` from each other, in order."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1] + apart:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _outside(element: Element, disks: Sequence[tuple[int, int, int]]) -> list[Element]:
    """What is left of an element outside all disks; what is cut away never exceeds a disk."""
    kept: list[Element] = [element]
    for x, y, radius in disks:
        kept = [piece for item in kept for piece in _cut(item, x, y, radius)]
    return kept


def _cut(element: Element, x: int, y: int, radius: int) -> list[Element]:
    if not isinstance(element, Segment):
        return [element]
    p = element.axis
    ux, uy, wx, wy = p.x1 - p.x0, p.y1 - p.y0, x - p.x0, y - p.y0
    length = ux * ux + uy * uy
    if length == 0:
        return [] if wx * wx + wy * wy < radius * radius else [element]
    middle = Fraction(wx * ux + wy * uy) / length
    off = Fraction(wx * uy - wy * ux) ** 2 / length
    if off >= radius * radius:
        return [element]
    # Half the chord, rounded down to a micrometre, as a fraction of the segment.
    chord = isqrt_ratio((radius * radius - off) / length)
    low, high = middle - chord, middle + chord
    pieces: list[Element] = []
    if low > 0:
        pieces.append(element.piece(Fraction(0), min(low, Fraction(1))))
    if high < 1:
        pieces.append(element.piece(max(high, Fraction(0)), Fraction(1)))
    return pieces if low < 1 and high > 0 else [element]


def isqrt_ratio(value: Fraction) -> Fraction:
    """√value rounded down to a multiple of 2⁻⁴⁰."""


    return Fraction(isqrt(int(value * (1 << 80))), 1 << 40)
