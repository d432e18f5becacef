"""What is told about: one finding, in one language, with what is known around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from registry.core.errors import shown
from registry.core.findings import Finding, Measure
from registry.core.model import Asset, Object, Part, Reservation, Thing
from registry.core.policy import Ruleset
from registry.formats.words import WORDS, Language, Words, length, listed

#: So many ids, and so many stretches of a part, are named; the rest are counted.
NAMED: Final = 5

#: Causes about the distance between two objects.
DISTANCE: Final = ("crossing", "parallel", "overlap")
COVER: Final = ("cover_too_small", "cover_too_large")

Axis = str
AXES: Final[tuple[Axis, ...]] = ("horizontal", "vertical")


@dataclass(frozen=True, slots=True)
class Given:
    """What is known besides a finding: the objects it may name, by kind and id, and the numbered findings of the report
    it stands in. Of a finding that stands alone nothing is."""

    things: Mapping[tuple[str, str], Thing] = field(default_factory=dict)
    numbered: Sequence[tuple[int, Finding]] = ()


ALONE: Final = Given()


def things_of(parts: Iterable[Part], basis: Iterable[Object]) -> dict[tuple[str, str], Thing]:
    """The objects a finding may name, by kind and id."""
    things: dict[tuple[str, str], Thing] = {("part", part.id): part for part in parts}
    things.update({(item.kind, item.id): item for item in basis if isinstance(item, (Asset, Reservation))})
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

    def metres(self, mm: int) -> str:
        return length(mm, self.lang)

    def size_unknown(self) -> bool:
        return "size" in self.finding.lacking or "own_size" in self.finding.lacking


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
