"""What is told about: one finding, in one language, with what is known around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from registry.core.errors import shown
from registry.core.findings import CAUSES, Finding, Measure
from registry.core.model import Application, Asset, Line, Object, Part, Relation, Reservation, Thing, Works
from registry.core.policy import Ruleset
from registry.formats.in_plan import both_volumes, passes_through, width_unknown
from registry.formats.words import WORDS, Language, Words, length, listed

#: So many ids, and so many stretches of a part, are named; the rest are counted.
NAMED: Final = 5

#: Causes about the distance between two objects.
DISTANCE: Final = ("crossing", "parallel", "overlap")
COVER: Final = ("cover_too_small", "cover_too_large", "cover_after_too_small", "cover_after_too_large")
COVER_UNKNOWN: Final = ("cover_unknown", "cover_after_unknown")
TOO_DEEP: Final = ("cover_too_large", "cover_after_too_large")

Axis = str
AXES: Final[tuple[Axis, ...]] = ("horizontal", "vertical")


@dataclass(frozen=True, slots=True)
class Given:
    """What is known besides a finding: the objects it may name, by kind and id, the numbered findings of the report it
    stands in, the application and the relations relied on; and in which finding data, a rule or a source are told first
    (``told_in``). Of a finding that stands alone nothing is."""

    things: Mapping[tuple[str, str], Thing] = field(default_factory=dict)
    numbered: Sequence[tuple[int, Finding]] = ()
    application: Application | None = None
    relied: Sequence[tuple[str, Relation]] = ()
    told_in: Mapping[tuple[str, str], int] = field(default_factory=dict)


ALONE: Final = Given()


def things_of(parts: Iterable[Part], basis: Iterable[Object]) -> dict[tuple[str, str], Thing]:
    """The objects a finding may name, by kind and id."""
    things: dict[tuple[str, str], Thing] = {("part", part.id): part for part in parts}
    things.update({(item.kind, item.id): item for item in basis if isinstance(item, (Asset, Reservation, Works))})
    return things


@dataclass(frozen=True, slots=True)
class Telling:
    """One finding to be told in one language."""

    finding: Finding
    ruleset: Ruleset
    lang: Language
    given: Given = ALONE

    @property
    def words(self) -> Words:
        return WORDS[self.lang]

    @property
    def holder(self) -> str:
        """The holders of what the part is too close to, or *the holder*."""
        holders = once(counterpart.holder for counterpart in self.finding.counterparts)
        return listed([shown(h) for h in holders], self.lang) or self.words["text"]["holder_plain"]

    @property
    def part(self) -> Part | None:
        found = self.given.things.get(("part", self.finding.place.part))
        return found if isinstance(found, Part) else None

    @property
    def others(self) -> list[Thing]:
        """The counterparts, as far as they are known."""
        found = (self.given.things.get((c.kind, c.id)) for c in self.finding.counterparts)
        return [thing for thing in found if thing is not None]

    @property
    def parts(self) -> list[Part]:
        """The parts the finding is about, as far as they are known."""
        names = once([self.finding.place.part, *(stretch.part for stretch in self.finding.stretches)])
        found = (self.given.things.get(("part", name)) for name in names)
        return [thing for thing in found if isinstance(thing, Part)]

    @property
    def replaced(self) -> list[Thing]:
        """What the finding's part replaces, where it tells what there was before."""
        if self.finding.gap_before is None:
            return []
        part, shown_before = self.finding.place.part, {(c.kind, c.id) for c in self.finding.counterparts}
        names = [r.target for name, r in self.given.relied if name == part and r.kind == "replaces"]
        found = (self.given.things.get(("asset", n)) for n in names if ("asset", n) not in shown_before)
        return [thing for thing in found if thing is not None]

    def earlier(self, what: tuple[str, str]) -> int | None:
        """The number of the finding before this one in which something is told already."""
        own = next((number for number, finding in self.given.numbered if finding is self.finding), None)
        first = self.given.told_in.get(what)
        return first if own is not None and first is not None and first < own else None

    @property
    def of_distance(self) -> bool:
        """Whether it is about the distance between two objects: also one that a rule kind has words of its own for."""
        finding = self.finding
        return finding.cause in DISTANCE or (finding.cause not in CAUSES and finding.required is not None)

    def metres(self, mm: int) -> str:
        return length(mm, self.lang)

    def size_unknown(self) -> bool:
        """Whether what there is sideways is told without a width that is not known: there may be less."""
        if "size" not in self.finding.lacking and "own_size" not in self.finding.lacking:
            return False
        things = [*self.parts, *self.others]
        all_known = len(self.others) == len(self.finding.counterparts) and bool(self.parts)
        return not all_known or any(width_unknown(thing, self.finding.measured_from) for thing in things)

    def passes_through(self) -> bool:
        """Whether in plan a part's axis goes through one of the others, as far as is known."""
        gap = on(self.finding.gap, "horizontal")
        return gap is not None and any(
            passes_through(part, other, gap, self.finding.measured_from) for part in self.parts for other in self.others
        )

    def both_lines(self) -> bool:
        """Whether all that the finding is about may be lines: only of these it can be said how steeply they cross."""
        return all(isinstance(thing.geometry, Line) for thing in (*self.parts, *self.others))

    def volumes_overlap(self) -> bool:
        gap = on(self.finding.gap, "horizontal")
        pairs = [(part, other) for part in self.parts for other in self.others]
        return gap is not None and gap < 0 and any(both_volumes(part, other) for part, other in pairs)


def on(measure: Measure | None, axis: Axis) -> int | None:
    if measure is None:
        return None
    return measure.horizontal if axis == "horizontal" else measure.vertical


def amounts(measure: Measure | None) -> Iterator[tuple[Axis, int]]:
    """What there is of ``measure`` along each axis, where it is more than nothing."""
    for axis in AXES:
        amount = on(measure, axis)
        if amount is not None and amount > 0:
            yield axis, amount


def both_negative(gap: Measure) -> bool:
    return all(amount is not None and amount < 0 for amount in (gap.horizontal, gap.vertical))


def once(values: Iterable[str | None]) -> list[str]:
    """The values in their order, each once, without those that are not there."""
    return list(dict.fromkeys(value for value in values if value))
