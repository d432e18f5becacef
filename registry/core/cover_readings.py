"""Cover at a place along a part: from its top to the ground level it states, and to the one that counts there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Final

from registry.core.ground import Ground
from registry.core.kernels import Number
from registry.core.model import GroundLevel, Line, Open, Point, Shaft, Thing
from registry.core.solids import Corridor, Segment

#: So much of a millimetre is no depth: what a place rounded by far less may make of a slope.
TOLERANCE: Final = Fraction(1, 1000)

#: Cover and how far it may be from what it is, mm.
Exact = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Reading:
    """Cover under one ground level at an end of a piece, mm: rounded down and up, and how far it may be from what it
    is. ``ends`` is what it is at either end, exactly: between them it changes evenly, so they tell what fails.
    """

    least: int
    most: int
    uncertainty: int
    ends: tuple[Exact, Exact]

    @classmethod
    def of(cls, here: Exact, low: Exact, high: Exact) -> Reading:
        """Cover here, at one of the ends of a piece."""
        cover, off = here
        return cls(floor(cover + TOLERANCE), ceil(cover - TOLERANCE), ceil(off), (low, high))

    @property
    def sharp(self) -> Reading:
        """The same as though nothing were uncertain."""
        (low, _), (high, _) = self.ends
        return replace(self, uncertainty=0, ends=((low, Fraction(0)), (high, Fraction(0))))

    def shallowest(self, sign: int) -> Fraction:
        """The least cover along the piece, at best (1) or at worst (-1); what is within the tolerance counts as there.
        """
        return min(cover + sign * off for cover, off in self.ends) + TOLERANCE

    def deepest(self, sign: int) -> Fraction:
        """The most cover along the piece, at most (1) or at least (-1)."""
        return max(cover + sign * off for cover, off in self.ends) - TOLERANCE


@dataclass(frozen=True, slots=True)
class _End:
    """An end of a segment: the ground level the part states there, and the one that counts there."""

    own: int | None
    found: GroundLevel | None


@dataclass(frozen=True, slots=True)
class Straight:
    """Cover along one straight segment of a part.

    ``solid`` is where it lies in NAP, straight between its ends. ``given`` is set where its cover was given: the same,
    counted from a ground level of 0. What was given holds at the ends; between them cover is that of the solid.
    """

    part: Thing
    solid: Corridor
    given: Corridor | None
    segment: Segment
    ends: tuple[_End, _End]

    @classmethod
    def of(cls, part: Thing, solid: Corridor, given: Corridor | None, segment: Segment, ground: Ground) -> Straight:
        """Of one segment of a part's solid; ``ground`` is what may count along it."""
        geometry, k = part.geometry, segment.index
        own: Sequence[int | None]
        points: Sequence[Point]
        if isinstance(geometry, Line):
            own, points = geometry.ground or (None,) * len(geometry.vertices), geometry.vertices
        else:
            assert isinstance(geometry, Shaft)
            own, points = (geometry.ground,) * 2, (geometry.position,) * 2
        first, last = (_End(own[n], ground.at(*points[n]) if given is not None else None) for n in (k, k + 1))
        return cls(part, solid, given, segment, (first, last))

    def at(self, f: Fraction, found: GroundLevel | None) -> tuple[list[Exact], tuple[str, ...]]:
        """Cover at a fraction of the segment where a ground level counts: by what the part states, then by that; or
        what is lacking."""
        geometry, off = self.part.geometry, Fraction(self.part.uncertainty.z)
        if isinstance(geometry, Shaft) and geometry.top is Open.UNBOUNDED:
            return [(Fraction(0), off)], ()
        drawn = self.given or self.solid
        if not drawn.segments[self.segment.index].known or drawn.height is None:
            return [], tuple(f"own_{item}" for item in drawn.lacking)
        own = self._own(f)
        stated: list[Exact] = []
        if self.given is not None:
            stated = [(-self._top(self.given, f), off)]
            if found is None:
                return stated, ()
            if not self.segment.known:
                return [], tuple(f"own_{item}" for item in self.solid.lacking)
            stated = [] if own is None else stated
        elif own is not None:
            stated = [(own - self._top(self.solid, f), off)]
        if found is None:
            return stated, () if stated else ("ground_level",)
        return [*stated, (found.level - self._top(self.solid, f), off + self._off(f, found))], ()

    def crossings(
        self, low: Fraction, high: Fraction, found: GroundLevel | None, limits: Sequence[Number]
    ) -> Iterator[Fraction]:
        """Where between two fractions cover is a limit, or may just be: it changes evenly along a piece of one ground
        level."""
        pairs = zip(self.at(low, found)[0], self.at(high, found)[0], strict=True)
        for (start, off_at_start), (end, off_at_end) in pairs:
            for sign in (-1, 0, 1) if off_at_start or off_at_end else (0,):
                first, last = start + sign * off_at_start, end + sign * off_at_end
                for limit in limits:
                    if (first < limit) != (last < limit):
                        yield low + (limit - first) / (last - first) * (high - low)

    def _top(self, solid: Corridor, f: Fraction) -> Fraction:
        z0, z1 = solid.segments[self.segment.index].axis[2::3]
        axis = max(z0, z1) if self.segment.upright else z0 + f * (z1 - z0)
        return Fraction(axis + (solid.height or 0)) / 2

    def _own(self, f: Fraction) -> Fraction | None:
        """The ground level the part states: straight between its vertices, where it states both."""
        first, last = (end.own for end in self.ends)
        return None if first is None or last is None else first + f * (last - first)

    def _off(self, f: Fraction, found: GroundLevel) -> Fraction:
        """How far cover under a ground level may be from what it is, because of the ground levels: it, and those the
        ends were counted from. Where they are one, what is unsure of it makes no difference."""
        if self.given is None:
            return Fraction(found.uncertainty)
        if self.segment.upright:
            z0, z1 = self.segment.axis[2::3]
            f = Fraction(z1 > z0)
        unsure: dict[GroundLevel, Fraction] = {found: Fraction(1)}
        off = Fraction(0)
        for share, end in zip((1 - f, f), self.ends, strict=True):
            if end.found is None:
                continue
            if end.own is None or end.own == end.found.level:
                unsure[end.found] = unsure.get(end.found, Fraction(0)) - share
            else:
                differs = abs(end.own - end.found.level)
                off += share * (differs + (end.found.uncertainty if end.found != found else 0))
        return off + sum(abs(share) * level.uncertainty for level, share in unsure.items())
