"""What rules that ask something of zones have in common: which zones, and what was there before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from registry.core.case import Case
from registry.core.clash import Clash
from registry.core.findings import Measure
from registry.core.model import SURFACES, ZONE_TYPES, Asset, Part, Zone, ZoneType
from registry.core.reading import Node
from registry.core.relations import Relied
from registry.core.rules.matrix import makes_way
from registry.core.same_place import where_it_was
from registry.core.zones import zones_of

#: What the entries and types of zones are called (``Kind.names``).
NAMES: Final = {
    "en": {
        "zone": "zone",
        "values": "of value",
        "values?": "any",
        "area": "area",
        "protected": "protected zone",
        "retain_water": "retain-water zone",
        "subsidence": "subsidence zone",
        "fresh_water": "fresh-water zone",
    },
    "nl": {
        "zone": "zone",
        "values": "met waarde",
        "values?": "elke",
        "area": "gebied",
        "protected": "beschermingszone",
        "retain_water": "waterbergingszone",
        "subsidence": "zone van bodemdaling",
        "fresh_water": "zoetwaterzone",
    },
}


@dataclass(frozen=True, slots=True)
class Zones:
    """Zones of a type, of one of these values; ``values`` empty: of any."""

    zone_type: ZoneType
    values: tuple[str, ...]

    def of(self, case: Case) -> Iterator[Zone]:
        """Those near a case, in order of id."""
        return zones_of(case, self.zone_type, self.values or None)

    def both(self, other: Zones) -> bool:
        """Whether a zone may be of both."""
        if self.zone_type != other.zone_type:
            return False
        return not self.values or not other.values or bool(set(self.values) & set(other.values))


def read_zones(entries: dict[str, Node]) -> Zones:
    """The zones that the entries ``zone`` and, if it is there, ``values`` name."""
    zone_type = entries["zone"].choice(ZONE_TYPES, "type of zone")
    surface = zone_type == "surface" and entries["zone"].sound
    return Zones(zone_type, read_values(entries["values"], surface) if "values" in entries else ())


def read_values(node: Node, surface: bool = False) -> tuple[str, ...]:
    """At least one value that zones may have, each once, sorted; of a ``surface`` its types."""
    values: dict[str, None] = {}
    for item in node.items(at_least=1):
        value = item.choice(SURFACES, "surface type") if surface else item.word()
        if value in values and item.sound:
            item.fault("this value is named twice", "Keep one of the two.", "duplicate_id")
        values[value] = None
    return tuple(sorted(values))


def refuse_double(cells: Sequence[tuple[Zones, object, Node]]) -> None:
    """Refuse a cell for zones of which an earlier one says the same, by what they are told apart by besides."""
    for k, (zones, besides, node) in enumerate(cells):
        if any(zones.both(other) and besides == rest for other, rest, _ in cells[:k]):
            node.fault("another cell holds for the same zones", "Keep one of the two.", "duplicate_id")


def not_worsened(case: Case, relied: Relied, part: Part, now: Clash, meeting: Callable[[Asset], Clash | None]) -> bool:
    """Whether what a part replaces met what it meets (``now``) as surely, in the same place, as far in or farther and
    over as long a stretch or longer. ``meeting`` tells where an asset does."""
    for replaced in relied.replaced.get(part.id, []):
        if replaced.theme != part.theme or now.mixed or not makes_way(case, relied, replaced):
            continue
        was = meeting(replaced)
        if was is None or {was.certainty, now.certainty} != {"certain"} or not _no_farther(was.gap, now.gap):
            continue
        if sum(end - start for start, end in now.stretches) > sum(end - start for start, end in was.stretches):
            continue
        new, old = (case.solid(thing, "casing") for thing in (part, replaced))
        if where_it_was(new, old, was.stretches, now.stretches, True):
            return True
    return False


def _no_farther(was: Measure, now: Measure) -> bool:
    pairs = ((was.horizontal, now.horizontal), (was.vertical, now.vertical))
    return not any(old is not None and (new is None or new < old) for old, new in pairs)
