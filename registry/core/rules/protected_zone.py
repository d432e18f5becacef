"""``protected_zone``: what may not lie in a zone, or not within a distance of it: groundwater, archaeology, dikes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from registry.core.applying import asked_parts
from registry.core.case import Case
from registry.core.clash import Clash
from registry.core.findings import Finding, Measure, Place, Stretch
from registry.core.model import Part, Zone
from registry.core.policy import SEVERITIES, RuleHeader, Severity
from registry.core.reading import Node
from registry.core.relations import Relied
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.rules.zoned import NAMES, Zones, not_worsened, read_zones, refuse_double
from registry.core.zones import meeting_zone, meetings_with_zone


@dataclass(frozen=True, slots=True)
class ProtectedCell:
    """Nothing nearer to these zones than ``distance`` (mm), between their bottom and top. ``severity`` ``None``: that
    of the rule."""

    zones: Zones
    distance: int
    severity: Severity | None
    source: str


@dataclass(frozen=True, slots=True)
class ProtectedZoneRule:
    """What may not lie in which zones: the parts that the rule applies to."""

    header: RuleHeader
    cells: tuple[ProtectedCell, ...]
    kind: Literal["protected_zone"] = "protected_zone"


def read(node: Node, surroundings: Surroundings) -> ProtectedZoneRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "cells"), HEADER_OPTIONAL)
    cells = []
    items: list[tuple[Zones, object, Node]] = []
    for item in given["cells"].items(at_least=1):
        entries = item.entries(("zone", "source"), ("values", "distance", "severity"))
        zones = read_zones(entries)
        distance = surroundings.distance(entries["distance"]) if "distance" in entries else 0
        severity = entries["severity"].choice(SEVERITIES, "severity") if "severity" in entries else None
        cells.append(ProtectedCell(zones, distance, severity, surroundings.source(entries["source"])))
        items.append((zones, None, item))
    refuse_double(items)
    return ProtectedZoneRule(read_header(given), tuple(sorted(cells, key=str)))


def evaluate(rule: ProtectedZoneRule, case: Case, relied: Relied) -> Evaluated:
    """Where a part lies in a zone or too near to it, or where that is not to be known."""
    findings: list[Finding] = []
    touched = False
    for part in asked_parts(rule.header, case, relied):
        for cell in rule.cells:
            for zone in cell.zones.of(case):
                # Above or below it, it was looked at all the same.
                touched = touched or meeting_zone(case, part, zone, cell.distance, any_depth=True) is not None
                findings += _findings(rule, case, relied, part, cell, zone)
    return Evaluated(findings, touched)


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {
        "protected_zone": "protected zone",
        "cells": "kept free",
        **NAMES["en"],
        "distance": "and {} around it",
        "severity?": "that of the rule",
    },
    "nl": {
        "protected_zone": "beschermde zone",
        "cells": "vrij te houden",
        **NAMES["nl"],
        "distance": "en {} eromheen",
        "severity?": "dat van de regel",
    },
}

KIND: Final = Kind(
    "protected_zone",
    ("groundwater", "soil_and_green"),
    read,
    evaluate,
    {
        "nl": {
            "in_zone": {
                "what": "Onderdeel {part} ligt in een zone {about}, waar dat niet mag.",
                "remedy": "Leg {part} buiten de zone.",
            },
            "in_zone_undetermined": {
                "what": "Of onderdeel {part} in een zone {about} ligt, waar dat niet mag, is niet te bepalen. "
                "Onbekend: {lacking}.",
                "remedy": "",
            },
            "in_zone_possible": {
                "what": "Onderdeel {part} ligt misschien in een zone {about}, waar dat niet mag.",
                "remedy": "Leg vast waar {part} komt te liggen, of leg het verder van de zone.",
            },
            "near_zone": {
                "what": "Onderdeel {part} ligt te dicht bij een zone {about}.",
                "remedy": "Leg {part} minstens {missing} verder van de zone.",
            },
            "near_zone_undetermined": {
                "what": "Of onderdeel {part} ver genoeg van een zone {about} ligt, is niet te bepalen. Onbekend: "
                "{lacking}.",
                "remedy": "",
            },
            "near_zone_possible": {
                "what": "Onderdeel {part} ligt misschien te dicht bij een zone {about}.",
                "remedy": "Leg vast waar {part} komt te liggen, of leg het verder van de zone.",
            },
        },
        "en": {
            "in_zone": {
                "what": "Part {part} lies in a zone {about}, where it may not.",
                "remedy": "Lay {part} outside the zone.",
            },
            "in_zone_undetermined": {
                "what": "It cannot be determined whether part {part} lies in a zone {about}, where it may not. "
                "Unknown: {lacking}.",
                "remedy": "",
            },
            "in_zone_possible": {
                "what": "Part {part} may lie in a zone {about}, where it may not.",
                "remedy": "Settle where {part} will lie, or lay it farther from the zone.",
            },
            "near_zone": {
                "what": "Part {part} lies too near to a zone {about}.",
                "remedy": "Lay {part} at least {missing} farther from the zone.",
            },
            "near_zone_undetermined": {
                "what": "It cannot be determined whether part {part} lies far enough from a zone {about}. Unknown: "
                "{lacking}.",
                "remedy": "",
            },
            "near_zone_possible": {
                "what": "Part {part} may lie too near to a zone {about}.",
                "remedy": "Settle where {part} will lie, or lay it farther from the zone.",
            },
        },
    },
    _NAMES,
    looks_at=(),
)


def _findings(
    rule: ProtectedZoneRule, case: Case, relied: Relied, part: Part, cell: ProtectedCell, zone: Zone
) -> Iterator[Finding]:
    for clash in meetings_with_zone(case, part, zone, cell.distance):
        better = not_worsened(case, relied, part, clash, lambda old: meeting_zone(case, old, zone, cell.distance))
        yield _finding(rule, case, part, cell, zone, clash, better)


def _finding(
    rule: ProtectedZoneRule, case: Case, part: Part, cell: ProtectedCell, zone: Zone, clash: Clash, not_worse: bool
) -> Finding:
    severity = cell.severity or rule.header.severity
    if not_worse:
        severity = max(severity, case.ruleset.not_worsened, key=SEVERITIES.index)
    gap, known = clash.gap, clash.certainty != "undetermined"
    required = Measure(cell.distance, None if (zone.bottom, zone.top) == (None, None) else 0)
    missing = None
    if known and gap.horizontal is not None:
        vertical = None if required.vertical is None or gap.vertical is None else -gap.vertical
        missing = Measure(cell.distance - gap.horizontal, vertical)
    inside = gap.horizontal is None or gap.horizontal < 0 or cell.distance == 0
    off = Measure(part.uncertainty.xy, part.uncertainty.z + case.solid(part, "casing").extra_z)
    return Finding(
        rule=rule.header.id,
        rule_kind=rule.kind,
        cause="in_zone" if inside else "near_zone",
        certainty=clash.certainty,
        severity=rule.header.capped(severity),
        legal_force=rule.header.legal_force,
        counterparts=(),
        place=Place(part.id, clash.chainage, clash.x, clash.y),
        stretches=tuple(Stretch(part.id, start, end) for start, end in clash.stretches),
        gap=gap,
        required=required,
        missing=missing,
        not_worsened=not_worse,
        measured_from="casing",
        uncertainty=off if off.horizontal or off.vertical else None,
        lacking=clash.lacking if not known else (),
        source=cell.source,
        about=zone.value,
    )
