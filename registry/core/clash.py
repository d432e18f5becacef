"""Whether and where two solids clash under one clearance: exact, with certainty, worst place and stretches.

Two solids clash when at one place the horizontal gap < ch and the vertical gap < cv, both strictly. ``find_clash``
goes over the pairs of segments (or volumes) that are near enough to matter, in canonical order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from registry.core.elements import (
    Disk,
    Element,
    Meeting,
    Pair,
    both_widths,
    crosses_surely,
    elements,
    flat,
    meeting,
    merged,
    near_pairs,
    outside,
)
from registry.core.findings import Certainty, Measure
from registry.core.kernels import Axis, face_gap, plan_nearest
from registry.core.model import Uncertainty
from registry.core.policy import Clearance
from registry.core.solids import UNBOUNDED, Corridor, Prism, Segment, Solid


@dataclass(frozen=True, slots=True)
class Clash:
    """Two solids under one clearance. ``segment`` and ``chainage`` (mm) are on the first one's axis, if it has one.

    ``gap.vertical`` is ``None`` with any depth, without end, or where the depth is unknown. ``stretches`` are along the
    first: where it is too close (or, undetermined, may be). ``mixed``: elsewhere the two clash less certainly.
    """

    certainty: Certainty
    gap: Measure
    segment: int
    chainage: int | None
    x: int
    y: int
    stretches: tuple[tuple[int, int], ...]
    lacking: tuple[str, ...] = ()
    mixed: bool = False


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
    firsts, seconds = elements(a), elements(b)
    margin = clearance.ch + uncertainty.xy + (0 if finder.sizes_known else reach)
    for i, j in near_pairs(a, b, margin) if pairs is None else pairs:
        for p, q in _apart(a, firsts[i], seconds[j], clear_of):
            answer = finder.judge(p, q)
            if answer is not None:
                found.append((_RANK[answer[0]], answer[0], answer[1], (i, j), p, q))
    if not found:
        return None
    worst = min(found, key=lambda item: (item[0], item[2].gap, item[3], _along(item[4], item[2].s), item[2].t))
    same = [item for item in found if item[0] == worst[0]]
    finder.settle(worst[1])
    stretches: list[tuple[int, int]] = []
    if isinstance(a, Corridor) and not a.is_shaft:
        stretches = merged([finder.stretch(a, item[4], item[5]) for item in same if isinstance(item[4], Segment)], 1)
    vertical = None
    if clearance.cv is not None and worst[1] != "undetermined":
        depths = [finder.vertical_gap(item[4], item[5]) for item in same]
        vertical = None if None in depths else min(depth for depth in depths if depth is not None)
    met, (i, _) = worst[2], worst[3]
    on_line = isinstance(a, Corridor) and not a.is_shaft
    return Clash(
        certainty=worst[1],
        gap=Measure(met.gap, vertical),
        segment=i,
        chainage=a.chainage(i, _along(worst[4], met.s)) if on_line and isinstance(a, Corridor) else None,
        x=met.x,
        y=met.y,
        stretches=tuple(stretches),
        mixed=len(same) < len(found),
        lacking=finder.lacking() if finder.sizes_known else ("size",) if finder.settled else finder.lacking(),
    )


def _apart(a: Solid, p: Element, q: Element, clear_of: Sequence[Disk]) -> list[tuple[Element, Element]]:
    """What of two elements counts outside the disks: those cut the first solid, or the second where it is a volume."""
    if isinstance(a, Corridor):
        return [(piece, q) for piece in outside(p, clear_of)]
    return [(p, piece) for piece in outside(q, clear_of)]


def _along(element: Element, s: Fraction) -> Fraction:
    """A fraction of a piece as the fraction of the whole segment."""
    return element.low + s * (element.high - element.low) if isinstance(element, Segment) else s


def least_gap(a: Solid, b: Solid, cv: int | None, reach: int, clear_of: Sequence[Disk] = ()) -> Measure | None:
    """The least horizontal gap (mm) where the vertical gap is less than ``cv``, looked for within ``reach``.

    ``None`` where there is none, or where a depth or size it needs is unknown. ``clear_of`` as in ``find_clash``.
    """
    if any(isinstance(solid, Corridor) and solid.width is None for solid in (a, b)):
        return None
    finder = _Finder(a, b, Clearance(0, cv), Uncertainty(), reach)
    gaps = []
    for i, j in near_pairs(a, b, reach):
        first, second = elements(a)[i], elements(b)[j]
        if cv is not None and not (first.known and second.known):
            return None
        for p, q in _apart(a, first, second, clear_of):
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
        self.widths = both_widths(a, b)
        self.heights = sum((solid.height or 0) for solid in (a, b) if isinstance(solid, Corridor))
        self.reach = reach
        self.settled = False

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
        sure = self._sure(p, q) if known else None
        if not self.sizes_known:
            if sure == "certain":
                return sure, loose
            return ("undetermined", loose) if loose.gap < self._limit() else None
        if loose.gap >= self._limit():
            return None
        if not known:
            return "undetermined", loose
        return sure or "possible", self.meeting(p, q, self.cv) or loose

    def _sure(self, p: Element, q: Element) -> Literal["certain", "possible_end"] | None:
        """Whether the two clash however far the uncertainty moves them apart, and also without their end caps."""
        if not self._certain(p, q, self.widths):
            return None
        flat_p, flat_q = flat(self.a, p), flat(self.b, q)
        if flat_p is p and flat_q is q:
            return "certain"
        narrower = sum(s.width - s.flat_width for s in (self.a, self.b) if isinstance(s, Corridor) and s.width)
        if flat_p is None or flat_q is None or not self._certain(flat_p, flat_q, self.widths - narrower):
            return "possible_end"
        return "certain"

    def _certain(self, p: Element, q: Element, widths: int) -> bool:
        tight = meeting(p, q, widths, self.heights, None if self.cv is None else self.cv - self.z)
        if tight is not None and tight.gap < self.ch - self.xy:
            return True
        slab = None if self.cv is None else self.heights + 2 * (self.cv - self.z)
        if self.xy == 0 or not isinstance(p, Segment) or not isinstance(q, Segment):
            return False
        return crosses_surely(p.axis, q.axis, self.xy, slab)

    def _too_close(self, p: Element, q: Element, cv: int | None) -> bool:
        found = self.meeting(p, q, cv)
        return found is not None and found.gap < self._limit()

    def vertical_gap(self, p: Element, q: Element) -> int | None:
        """The largest whole cv (mm) at which these two would not clash: their vertical gap where they are too close.

        Monotone in cv, so it is found by halving. ``None``: they go on without end.
        """
        if self.cv is None:
            return None
        if isinstance(p, Prism) and isinstance(q, Prism):
            apart = max(p.bottom - q.top, q.bottom - p.top) // 2
            return apart if apart > -UNBOUNDED // 4 else None
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
        if p.upright:
            return a.chainage(p.index, p.low), a.chainage(p.index, p.high)
        close = self._closeness(p, q, cv, int(length))
        # The start is where a piece from the front first gets too close, the end where a piece from the back does.
        whole_mm = int(length)
        start = 0 if close(0, 0) else _halve(lambda x: close(0, x), whole_mm)
        end = whole_mm - (0 if close(whole_mm, whole_mm) else _halve(lambda x: close(whole_mm - x, whole_mm), whole_mm))
        base = a.chainage(p.index, p.low)
        whole = a.chainage(p.index, p.high)
        return base + start, whole if end == length else base + end

    def _closeness(self, p: Segment, q: Element, cv: int | None, steps: int) -> Callable[[int, int], bool]:
        """Whether the piece of ``p`` between two of its ``steps`` is too close to ``q``.

        Between two segments everything is scaled by ``steps``, so that the pieces' ends stay whole numbers.
        """
        if not isinstance(q, Segment):
            return lambda low, high: self._too_close(p.piece(Fraction(low, steps), Fraction(high, steps)), q, cv)
        axis, scaled = p.axis, Axis(*(number * steps for number in q.axis))
        slab = None if cv is None else (self.heights + 2 * cv) * steps
        limit = self._limit()

        def close(low: int, high: int) -> bool:
            ends = [
                start * steps + at * (end - start)
                for at in (low, high)
                for start, end in zip(axis[:3], axis[3:], strict=True)
            ]
            near = plan_nearest(Axis(*ends), scaled, slab)
            return near is not None and face_gap(near.num, near.den * steps * steps, self.widths) < limit

        return close

    def settle(self, certainty: Certainty) -> None:
        """From now on tell where the clash is as certain as this: of a certain one, what an unknown size adds is left
        out."""
        self.settled = certainty == "certain"

    def _limit(self) -> int:
        """Below which gap (mm) two elements may clash."""
        known = self.sizes_known or self.settled
        return self.ch + self.xy if known else max(self.reach, self.ch + self.xy)


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
