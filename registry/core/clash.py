"""Whether and where two solids clash under one clearance: exact, with certainty, worst place and stretches.

Two solids clash when at one place the horizontal gap < ch and the vertical gap < cv, both strictly. ``find_clash``
goes over the pairs of segments (or volumes) that are near enough to matter, in canonical order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal

from registry.core.crossings import lines_cross_surely
from registry.core.elements import (
    Disk,
    Element,
    Pair,
    both_widths,
    crosses_surely,
    elements,
    flat,
    meeting,
    merged,
    near_pairs,
    outside,
    too_close,
)
from registry.core.findings import Certainty, Measure
from registry.core.kernels import Axis, face_gap, plan_nearest
from registry.core.meetings import Meeting
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
    finder.cut = bool(clear_of)
    found: list[tuple[int, Certainty, Meeting, Pair, Element, Element]] = []
    firsts, seconds = elements(a), elements(b)
    margin = clearance.ch + uncertainty.xy + (0 if finder.sizes_known else reach)
    least: dict[Certainty, tuple[int, Pair]] = {}
    for i, j in near_pairs(a, b, margin) if pairs is None else pairs:
        for p, q in _apart(a, firsts[i], seconds[j], clear_of):
            certainty = finder.certainty(p, q)
            if certainty is None:
                continue
            # Only a smaller gap counts, or one in the same pair: that may lie in front.
            gap, pair = least.get(certainty, (None, None))
            below = gap if gap is None or pair != (i, j) else gap + 1
            met = finder.worst(p, q, certainty, below)
            if gap is None or met.gap < gap:
                least[certainty] = met.gap, (i, j)
            found.append((_RANK[certainty], certainty, met, (i, j), p, q))
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
        vertical = finder.least_vertical_gap([(item[4], item[5]) for item in same])
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
        #: The last question, and its answer: without uncertainty the same is asked twice.
        self._last: tuple[tuple[object, ...], bool, tuple[Element, Element]] | None = None

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

    def worst(self, p: Element, q: Element, certainty: Certainty, below: int | None) -> Meeting:
        """Where two elements that clash are closest: within the uncertainty, where they do not come closer without."""
        met = None
        if self.sizes_known and certainty != "undetermined":
            met = self.meeting(p, q, self.cv, below)
        met = met or self.meeting(p, q, self._loose_cv(p, q), below)
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
        if self.xy == 0 or not isinstance(p, Segment) or not isinstance(q, Segment):
            return False
        if self.cut or not isinstance(self.a, Corridor) or not isinstance(self.b, Corridor):
            return crosses_surely(p.axis, q.axis, self.xy, slab)
        return lines_cross_surely(self.a, p, self.b, q, self.xy, slab, no_caps)

    def _too_close(self, p: Element, q: Element, cv: int | None) -> bool:
        return self._closer(p, q, self.widths, cv, self._limit())

    def _closer(self, p: Element, q: Element, widths: int, cv: int | None, limit: int) -> bool:
        key = (id(p), id(q), widths, cv, limit)
        if self._last is None or self._last[0] != key:
            # Both are kept with the answer: no other object can have their identity meanwhile.
            self._last = key, too_close(p, q, widths, self.heights, cv, limit), (p, q)
        return self._last[1]

    def least_vertical_gap(self, pairs: Sequence[tuple[Element, Element]]) -> int | None:
        """The least ``vertical_gap`` of pairs that clash; ``None`` where that of one is."""
        least: int | None = None
        for p, q in pairs:
            # Less than the least so far, just where two are too close at it.
            if least is None or (isinstance(p, Prism) and isinstance(q, Prism)) or self._too_close(p, q, least):
                gap = self.vertical_gap(p, q)
                if gap is None:
                    return None
                least = gap if least is None else min(least, gap)
        return least

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
        cv = self._loose_cv(p, q)
        length = max(a.lengths[p.index] * (p.high - p.low) // 1000, 1)
        if p.upright:
            return a.chainage(p.index, p.low), a.chainage(p.index, p.high)
        close, about = self._closeness(p, q, cv, int(length))
        # The start is where a piece from the front first gets too close, the end where a piece from the back does.
        whole_mm = int(length)
        start, back = 0, 0
        if not close(0, 0):
            guess = about()
            start = _halve(lambda x: close(0, x), whole_mm, guess and int(guess[0] * whole_mm) + 1)
        if not close(whole_mm, whole_mm):
            guess = about()
            first = guess and int((1 - guess[1]) * whole_mm) + 1
            back = _halve(lambda x: close(whole_mm - x, whole_mm), whole_mm, first)
        end = whole_mm - back
        base = a.chainage(p.index, p.low)
        whole = a.chainage(p.index, p.high)
        return base + start, whole if end == length else base + end

    def _closeness(
        self, p: Segment, q: Element, cv: int | None, steps: int
    ) -> tuple[Callable[[int, int], bool], Callable[[], tuple[float, float] | None]]:
        """Whether the piece of ``p`` between two of its ``steps`` is too close to ``q``; and about from where to where
        it is, as fractions, if that is easily told.

        Between two segments everything is scaled by ``steps``, so that the pieces' ends stay whole numbers.
        """
        if isinstance(q, Prism):
            return self._closeness_of_volume(p, q, cv, steps)
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

        return close, lambda: None

    def _closeness_of_volume(
        self, p: Segment, q: Prism, cv: int | None, steps: int
    ) -> tuple[Callable[[int, int], bool], Callable[[], tuple[float, float] | None]]:
        # Volumes are rare and this import is slow.
        from registry.core import prisms

        limit = self._limit()
        among = cache(lambda: prisms.sides_beside(p, q, self.widths, limit))

        def close(low: int, high: int) -> bool:
            piece = p.piece(Fraction(low, steps), Fraction(high, steps))
            # Few sides lie near a single point; for longer pieces they are looked up once.
            sides = None if low == high else among()
            return prisms.segment_too_close(piece, q, self.widths, self.heights, cv, limit, sides)

        return close, cache(lambda: prisms.too_close_about(p, q, self.widths, self.heights, cv, limit, among()))

    def settle(self, certainty: Certainty) -> None:
        """From now on tell where the clash is as certain as this: of a certain one, what an unknown size adds is left
        out."""
        self.settled = certainty == "certain"

    def _limit(self) -> int:
        """Below which gap (mm) two elements may clash."""
        known = self.sizes_known or self.settled
        return self.ch + self.xy if known else max(self.reach, self.ch + self.xy)


def _halve(holds: Callable[[int], bool], high: int, guess: int | None = None) -> int:
    """The smallest x in 0..high for which ``holds``, given that it holds at ``high`` and stays true once true.

    ``guess`` is looked at first.
    """
    low = -1
    if guess is not None and 0 < guess < high:
        if not holds(guess):
            low = guess
        elif not holds(guess - 1):
            return guess
        else:
            high = guess - 1
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high
