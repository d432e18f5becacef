"""Whether and where two solids clash under one clearance: exact, with certainty, worst place and stretches.

Two solids clash when at one place the horizontal gap < ch and the vertical gap < cv, both strictly. ``find_clash``
goes over the pairs of segments (or volumes) that are near enough to matter, in canonical order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from registry.core.boxes import Pair
from registry.core.crossings import lines_cross_surely, volume_crossed_surely
from registry.core.elements import (
    Disk,
    Element,
    both_widths,
    crosses_surely,
    elements,
    flat,
    meeting,
    near_pairs,
    outside,
    segments_gap,
    too_close,
)
from registry.core.findings import Certainty, Measure
from registry.core.meetings import Meeting
from registry.core.model import Uncertainty
from registry.core.policy import Clearance
from registry.core.solids import UNBOUNDED, Corridor, Prism, Segment, Solid
from registry.core.stretches import Beside, stretches


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
    unsure: Collection[Pair] = (),
    beside: Collection[Certainty] = (),
) -> Clash | None:
    """The clash of ``a`` with ``b``, or ``None``.

    ``uncertainty`` is that of both together (mm). ``pairs`` limits the segments that are compared (a parallel run);
    of those in ``unsure`` a clash is never more than possible. What is as certain as any ``beside`` is passed over.
    ``clear_of`` are disks (x, y, radius mm) in which no separation is asked, around stated connections. Objects of
    unknown size are undetermined within ``reach`` (mm). Never certain where only an end cap clashes.
    """
    finder = _Finder(a, b, clearance, uncertainty, reach)
    finder.cut = bool(clear_of)
    firsts, seconds = elements(a), elements(b)
    margin = clearance.ch + uncertainty.xy + (0 if finder.sizes_known else reach)
    worst: _Worst | None = None
    mixed = False
    for i, j in near_pairs(a, b, margin) if pairs is None else pairs:
        for p, q in _apart(a, firsts[i], seconds[j], clear_of):
            certainty = finder.certainty(p, q)
            if certainty is None:
                continue
            if certainty == "certain" and (i, j) in unsure:
                certainty = "possible"
            if certainty in beside:
                continue
            if worst is None or _RANK[certainty] < _RANK[worst.certainty]:
                worst, mixed = _Worst(certainty), worst is not None
            elif certainty != worst.certainty:
                mixed = True
                continue
            worst.pairs.append((p, q))
            worst.look_at(finder, (i, j), p, q)
    if worst is None:
        return None
    finder.settle(worst.certainty)
    line = a if isinstance(a, Corridor) and not a.is_shaft else None
    vertical = None
    if clearance.cv is not None and worst.certainty != "undetermined":
        vertical = finder.least_vertical_gap(worst.pairs)
    met, i = worst.met, worst.pair[0]
    return Clash(
        certainty=worst.certainty,
        gap=Measure(met.gap, vertical),
        segment=i,
        chainage=None if line is None else line.chainage(i, worst.along),
        x=met.x,
        y=met.y,
        stretches=() if line is None else tuple(stretches(line, finder.beside(worst.pairs))),
        mixed=mixed,
        lacking=finder.lacking() if finder.sizes_known else ("size",) if finder.settled else finder.lacking(),
    )


class _Worst:
    """The pairs of elements that clash with one certainty, and which of them where is the worst."""

    met: Meeting
    pair: Pair
    along: Fraction

    def __init__(self, certainty: Certainty):
        self.certainty = certainty
        self.pairs: list[tuple[Element, Element]] = []
        self._least: tuple[int, Pair, Fraction, Fraction] | None = None

    def look_at(self, finder: _Finder, pair: Pair, p: Element, q: Element) -> None:
        """The next pair, in canonical order: only a smaller gap counts, or one in the same pair that lies in front."""
        least = self._least
        met = finder.worst(p, q, self.certainty, None if least is None else least[0] + (least[1] == pair))
        if met is None:
            return
        along = _along(p, met.s)
        key = met.gap, pair, along, met.t
        if least is None or key < least:
            self._least = key
            self.met, self.pair, self.along = met, pair, along


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
    least: int | None = None
    for i, j in near_pairs(a, b, reach):
        first, second = elements(a)[i], elements(b)[j]
        if cv is not None and not (first.known and second.known):
            return None
        for p, q in _apart(a, first, second, clear_of):
            met = finder.meeting(p, q, cv, least)
            if met is not None and (least is None or met.gap < least):
                least = met.gap
    return None if least is None else Measure(least, None)


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
        #: Whether what is compared was cut around joints.
        self.cut = False
        #: The last two segments, and their gap by vertical clearance: without uncertainty the same is asked twice.
        self._last: tuple[Element, Element] | None = None
        self._gaps: dict[int | None, int | None] = {}

    def lacking(self) -> tuple[str, ...]:
        """Which data are missing: of the other object, and ``own_…`` of the first."""
        depth = self.cv is not None
        own = [f"own_{item}" for item in self.a.lacking if depth or item == "size"]
        return tuple(sorted({*own, *(item for item in self.b.lacking if depth or item == "size")}))

    def meeting(self, p: Element, q: Element, cv: int | None, below: int | None = None) -> Meeting | None:
        """The least gap where the vertical one is less than ``cv`` (``None``: anywhere); ``below`` as there."""
        return meeting(p, q, self.widths, self.heights, cv, below)

    def certainty(self, p: Element, q: Element) -> Certainty | None:
        """How certainly these two elements clash; ``None``: not."""
        if not self._too_close(p, q, self._loose_cv(p, q)):
            return None
        known = self._depths_known(p, q)
        sure = self._sure(p, q) if known else None
        if not self.sizes_known:
            return sure if sure == "certain" else "undetermined"
        return (sure or "possible") if known else "undetermined"

    def worst(self, p: Element, q: Element, certainty: Certainty, below: int | None) -> Meeting | None:
        """Where two elements that clash are closest: within the uncertainty, where they do not come closer without.

        Where the gap there is not less than ``below``, the answer may be ``None``, or any that is not.
        """
        loose = self._loose_cv(p, q)
        at_least = self._gap(p, q, loose)
        if below is not None and at_least is not None and at_least >= below:
            return None
        met = None
        if self.sizes_known and certainty != "undetermined":
            met = self.meeting(p, q, self.cv, below)
        met = met or self.meeting(p, q, loose, below)
        assert met is not None
        return met

    def _depths_known(self, p: Element, q: Element) -> bool:
        """Whether the depths are known, or need not be."""
        return self.cv is None or (p.known and q.known)

    def _loose_cv(self, p: Element, q: Element) -> int | None:
        """The vertical clearance with the uncertainty of height; ``None`` where any depth counts."""
        return None if self.cv is None or not self._depths_known(p, q) else self.cv + self.z

    def _sure(self, p: Element, q: Element) -> Literal["certain", "possible_end"] | None:
        """Whether the two clash however far the uncertainty moves them apart, and also without their end caps."""
        if not self._certain(p, q, self.widths):
            return None
        flat_p, flat_q = flat(self.a, p), flat(self.b, q)
        if flat_p is p and flat_q is q:
            return "certain"
        narrower = sum(s.sure_width - s.flat_width for s in (self.a, self.b) if isinstance(s, Corridor))
        if flat_p is None or flat_q is None or not self._certain(flat_p, flat_q, self.widths - narrower, no_caps=True):
            return "possible_end"
        return "certain"

    def _certain(self, p: Element, q: Element, widths: int, no_caps: bool = False) -> bool:
        if self._closer(p, q, widths, None if self.cv is None else self.cv - self.z, self.ch - self.xy):
            return True
        slab = None if self.cv is None else self.heights + 2 * (self.cv - self.z)
        if self.xy == 0:
            return False
        if not isinstance(p, Segment) or not isinstance(q, Segment):
            return volume_crossed_surely(self.a, p, self.b, q, self.xy, slab, no_caps, not self.cut)
        if self.cut or not isinstance(self.a, Corridor) or not isinstance(self.b, Corridor):
            return crosses_surely(p.axis, q.axis, self.xy, slab)
        return lines_cross_surely(self.a, p, self.b, q, self.xy, slab, no_caps)

    def _too_close(self, p: Element, q: Element, cv: int | None) -> bool:
        return self._closer(p, q, self.widths, cv, self._limit())

    def _closer(self, p: Element, q: Element, widths: int, cv: int | None, limit: int) -> bool:
        if widths == self.widths and isinstance(p, Segment) and isinstance(q, Segment):
            gap = self._gap(p, q, cv)
            return gap is not None and gap < limit
        return too_close(p, q, widths, self.heights, cv, limit)

    def _gap(self, p: Element, q: Element, cv: int | None) -> int | None:
        """The least gap of two segments where the vertical one is less than ``cv``; ``None`` also where one is none."""
        if not isinstance(p, Segment) or not isinstance(q, Segment):
            return None
        if self._last is None or self._last[0] is not p or self._last[1] is not q:
            self._last, self._gaps = (p, q), {}
        if cv not in self._gaps:
            self._gaps[cv] = segments_gap(p, q, self.widths, self.heights, cv)
        return self._gaps[cv]

    def least_vertical_gap(self, pairs: Sequence[tuple[Element, Element]]) -> int | None:
        """The least ``vertical_gap`` of pairs that clash; ``None`` where that of one is."""
        least: int | None = None
        for p, q in pairs:
            # Less than the least so far, just where two are too close at it.
            if least is None or (isinstance(p, Prism) and isinstance(q, Prism)) or self._too_close(p, q, least):
                gap = self.vertical_gap(p, q, least)
                if gap is None:
                    return None
                least = gap if least is None else min(least, gap)
        return least

    def vertical_gap(self, p: Element, q: Element, below: int | None = None) -> int | None:
        """The largest whole cv (mm) at which these two would not clash: their vertical gap where they are too close.

        Monotone in cv: found in steps down from ``below``, where that is known to be more, and then by halving.
        ``None``: they go on without end.
        """
        if self.cv is None:
            return None
        if isinstance(p, Prism) and isinstance(q, Prism):
            apart = max(p.bottom - q.top, q.bottom - p.top) // 2
            return apart if apart > -UNBOUNDED // 4 else None
        high, step = self.cv + self.z if below is None else below, 1
        low = high - step
        while self._too_close(p, q, low):
            if low < -UNBOUNDED:
                return None
            step *= 4
            high, low = low, low - step
        while high - low > 1:
            middle = (low + high) // 2
            if self._too_close(p, q, middle):
                high = middle
            else:
                low = middle
        return low if low > -UNBOUNDED // 4 else None

    def beside(self, pairs: Sequence[tuple[Element, Element]]) -> Iterator[Beside]:
        """What the segments of the first are too close to."""
        limit = self._limit()
        for p, q in pairs:
            if isinstance(p, Segment):
                yield Beside(p, q, self.widths, self.heights, self._loose_cv(p, q), limit)

    def settle(self, certainty: Certainty) -> None:
        """From now on tell where the clash is as certain as this: of a certain one, what an unknown size adds is left
        out."""
        self.settled = certainty == "certain"

    def _limit(self) -> int:
        """Below which gap (mm) two elements may clash."""
        known = self.sizes_known or self.settled
        return self.ch + self.xy if known else max(self.reach, self.ch + self.xy)
