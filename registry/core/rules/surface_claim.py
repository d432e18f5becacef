"""``surface_claim``: the area at ground level that an installation needs, and where it may take none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from registry.core.applying import asked_parts
from registry.core.case import Case
from registry.core.findings import Certainty, Finding, Met, Place, Quantity, Stretch
from registry.core.model import OBJECT_KINDS, THEMES, Asset, Part
from registry.core.policy import SEVERITIES, RuleHeader, Severity
from registry.core.reading import Node
from registry.core.relations import Relied, first_place
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.rules.matrix import makes_way
from registry.core.rules.subjects import sort_of
from registry.core.rules.zoned import NAMES, Zones, not_worsened, read_zones, refuse_double
from registry.core.zones import meeting_zone, meetings_with_zone


@dataclass(frozen=True, slots=True)
class ClaimCell:
    """The area (dm²) that a theme and object kind need: each of them, or (``in_all``) those of an application
    together, which are one installation."""

    theme: str
    object_kind: str
    area: int
    in_all: bool
    source: str


@dataclass(frozen=True, slots=True)
class SurfaceClaimRule:
    """The cells, and the zones in which what has a cell may take no room at ground level."""

    header: RuleHeader
    cells: tuple[ClaimCell, ...]
    not_in: tuple[Zones, ...]
    kind: Literal["surface_claim"] = "surface_claim"


_WAYS: Final = ("for_each", "in_all")


def read(node: Node, surroundings: Surroundings) -> SurfaceClaimRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "cells"), (*HEADER_OPTIONAL, "not_in"))
    cells: dict[tuple[str, str], ClaimCell] = {}
    for item in given["cells"].items(at_least=1):
        entries = item.entries(("theme", "object_kind", "source"), _WAYS)
        theme = entries["theme"].choice(THEMES, "theme")
        object_kind = entries["object_kind"].choice(OBJECT_KINDS, "object kind")
        areas = {way: entries[way].measured("area") for way in _WAYS if way in entries}
        if isinstance(item.value, dict) and len(areas) != 1:
            item.fault("area is asked in one of two ways", "Give for_each, or in_all: of one application together.")
        for way, area in areas.items():
            if area == 0 and entries[way].sound:
                entries[way].fault("this asks nothing", "Write how much, as 500 m2.", "out_of_range")
        if (theme, object_kind) in cells and entries["theme"].sound and entries["object_kind"].sound:
            detail = f"there already is a cell for {theme}/{object_kind}"
            item.fault(detail, "Keep one of the two.", "duplicate_id")
        source = surroundings.source(entries["source"])
        cell = ClaimCell(theme, object_kind, max(areas.values(), default=0), "in_all" in areas, source)
        cells.setdefault((theme, object_kind), cell)
    read_not_in = []
    for item in given["not_in"].items(at_least=1) if "not_in" in given else ():
        read_not_in.append((read_zones(item.entries(("zone",), ("values",))), None, item))
    refuse_double(read_not_in)
    zones = tuple(sorted((zones for zones, _, _ in read_not_in), key=str))
    return SurfaceClaimRule(read_header(given), tuple(cells[key] for key in sorted(cells)), zones)


def evaluate(rule: SurfaceClaimRule, case: Case, relied: Relied) -> Evaluated:
    """For what too little area is stated, or not how much; and what takes room where it may not."""
    asked = asked_parts(rule.header, case, relied)
    findings: list[Finding] = []
    touched, least = False, None
    sorts = {(cell.theme, cell.object_kind) for cell in rule.cells}
    for cell in rule.cells:
        parts = [part for part in asked if sort_of(part, sorts) == (cell.theme, cell.object_kind)]
        for together in [parts] if cell.in_all and parts else [[part] for part in parts]:
            touched = True
            finding = _claim(rule, case, relied, cell, together)
            if finding is not None:
                findings.append(finding)
                continue
            met = _met(case, cell, together)
            least = met if least is None or met.margin.value < least.margin.value else least
        for part in parts:
            findings += _in_zones(rule, case, relied, cell, part)
    return Evaluated(findings, touched, least)


def _claim(
    rule: SurfaceClaimRule, case: Case, relied: Relied, cell: ClaimCell, parts: Sequence[Part]
) -> Finding | None:
    """What is stated for these parts together, where it is, or may be, less than they need."""
    stated = sum(part.surface_area or 0 for part in parts)
    if stated >= cell.area:
        return None
    unknown = [part for part in parts if part.surface_area is None]
    before = _before(case, relied, parts)
    worsened = before is None or bool(unknown) or stated < before
    severity = rule.header.severity
    if not worsened:
        severity = max(severity, case.ruleset.not_worsened, key=SEVERITIES.index)
    return Finding(
        rule=rule.header.id,
        rule_kind=rule.kind,
        cause="claims_in_all" if cell.in_all else "claims",
        certainty="undetermined" if unknown else "certain",
        severity=rule.header.capped(severity),
        legal_force=rule.header.legal_force,
        counterparts=(),
        place=first_place(case, (unknown or parts)[0]),
        stretches=(),
        not_worsened=not worsened,
        lacking=("own_surface_area",) if unknown else (),
        source=cell.source,
        measured=None if unknown else Quantity(stated, "dm2"),
        asked=Quantity(cell.area, "dm2"),
        short=None if unknown else Quantity(cell.area - stated, "dm2"),
        before=None if before is None else Quantity(before, "dm2"),
    )


def _before(case: Case, relied: Relied, parts: Sequence[Part]) -> int | None:
    """The area (dm²) of what these parts replace by their like, each of them; ``None`` where one does not, or it is not
    known."""
    total = 0
    for part in parts:
        old = [asset for asset in relied.replaced.get(part.id, ()) if _like(case, relied, part, asset)]
        if not old or any(asset.surface_area is None for asset in old):
            return None
        total += sum(asset.surface_area or 0 for asset in old)
    return total


def _like(case: Case, relied: Relied, part: Part, asset: Asset) -> bool:
    same = (asset.theme, asset.object_kind) == (part.theme, part.object_kind)
    return same and makes_way(case, relied, asset)


def _met(case: Case, cell: ClaimCell, parts: Sequence[Part]) -> Met:
    stated = sum(part.surface_area or 0 for part in parts)
    numbers = Quantity(stated, "dm2"), Quantity(cell.area, "dm2"), Quantity(stated - cell.area, "dm2")
    return Met(*numbers, first_place(case, parts[0]))


def _in_zones(
    rule: SurfaceClaimRule, case: Case, relied: Relied, cell: ClaimCell, part: Part
) -> Iterator[Finding]:
    """Where a part lies in zones in which it may take no room at ground level, however deep it goes."""
    for zone in (zone for zones in rule.not_in for zone in zones.of(case)):
        for clash in meetings_with_zone(case, part, zone, any_depth=True):
            meeting = partial(meeting_zone, case, zone=zone, any_depth=True)
            worsened = not not_worsened(case, relied, part, clash, meeting)
            severity: Severity = rule.header.severity
            if not worsened:
                severity = max(severity, case.ruleset.not_worsened, key=SEVERITIES.index)
            certainty: Certainty = clash.certainty
            yield Finding(
                rule=rule.header.id,
                rule_kind=rule.kind,
                cause="claims_in_zone",
                certainty=certainty,
                severity=rule.header.capped(severity),
                legal_force=rule.header.legal_force,
                counterparts=(),
                place=Place(part.id, clash.chainage, clash.x, clash.y),
                stretches=tuple(Stretch(part.id, start, end) for start, end in clash.stretches),
                not_worsened=not worsened,
                lacking=clash.lacking if certainty == "undetermined" else (),
                about=zone.value,
            )


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {
        **NAMES["en"],
        "surface_claim": "room at ground level",
        "cells": "room asked",
        "for_each": "for each",
        "in_all": "for those of an application together",
        "not_in": "not in zones",
    },
    "nl": {
        **NAMES["nl"],
        "surface_claim": "ruimte op het maaiveld",
        "cells": "gevraagde ruimte",
        "for_each": "voor elk",
        "in_all": "voor die van een aanvraag samen",
        "not_in": "niet in zones",
    },
}

KIND: Final = Kind(
    "surface_claim",
    ("urbanisation", "geothermal_and_soil_energy"),
    read,
    evaluate,
    {
        "en": {
            "claims": {
                "what": "Part {part} is given too little room at ground level.",
                "numbers": "{measured} is stated; {required} is required, so {missing} is missing.",
                "remedy": "Keep {required} free for it at ground level, and state that (surface_area, in m²), or "
                "choose a place that has the room.",
            },
            "claims_in_all": {
                "what": "The installation to which part {part} belongs is given too little room at ground level.",
                "numbers": "For its parts together {measured} is stated; {required} is required, so {missing} is "
                "missing.",
                "remedy": "Keep {required} free for it at ground level, and state that with its parts (surface_area, "
                "in m²), or choose a place that has the room.",
            },
            "undetermined": {
                "what": "It cannot be determined whether part {part} is given enough room at ground level. Unknown: "
                "{lacking}.",
                "numbers": "{required} is required.",
                "remedy": "",
            },
            "claims_in_zone": {
                "what": "Part {part} would take room at ground level in a zone {about}, where it may not.",
                "numbers": "",
                "remedy": "Choose a place outside the zone.",
            },
            "claims_in_zone_possible": {
                "what": "Part {part} may take room at ground level in a zone {about}, where it may not.",
                "numbers": "",
                "remedy": "As a condition: settle before works start that it stands outside the zone.",
            },
            "claims_in_zone_undetermined": {
                "what": "It cannot be determined whether part {part} takes room in a zone {about}, where it may not. "
                "Unknown: {lacking}.",
                "numbers": "",
                "remedy": "",
            },
        },
        "nl": {
            "claims": {
                "what": "Voor onderdeel {part} is te weinig ruimte op het maaiveld.",
                "numbers": "Opgegeven is {measured}; vereist is {required}, dus er ontbreekt {missing}.",
                "remedy": "Houd er op het maaiveld {required} voor vrij en geef dat op (surface_area, in m²), of kies "
                "een plek die de ruimte heeft.",
            },
            "claims_in_all": {
                "what": "Voor de installatie waar onderdeel {part} bij hoort, is te weinig ruimte op het maaiveld.",
                "numbers": "Voor de onderdelen samen is {measured} opgegeven; vereist is {required}, dus er ontbreekt "
                "{missing}.",
                "remedy": "Houd er op het maaiveld {required} voor vrij en geef dat op bij de onderdelen "
                "(surface_area, in m²), of kies een plek die de ruimte heeft.",
            },
            "undetermined": {
                "what": "Het is niet te bepalen of er voor onderdeel {part} genoeg ruimte op het maaiveld is. "
                "Onbekend: {lacking}.",
                "numbers": "Vereist is {required}.",
                "remedy": "",
            },
            "claims_in_zone": {
                "what": "Onderdeel {part} neemt ruimte op het maaiveld in een zone {about}, waar dat niet mag.",
                "numbers": "",
                "remedy": "Kies een plek buiten de zone.",
            },
            "claims_in_zone_possible": {
                "what": "Onderdeel {part} neemt mogelijk ruimte op het maaiveld in een zone {about}, waar dat niet "
                "mag.",
                "numbers": "",
                "remedy": "Als voorwaarde: stel vóór aanvang van de werkzaamheden vast dat het buiten de zone staat.",
            },
            "claims_in_zone_undetermined": {
                "what": "Het is niet te bepalen of onderdeel {part} ruimte neemt in een zone {about}, waar dat niet "
                "mag. Onbekend: {lacking}.",
                "numbers": "",
                "remedy": "",
            },
        },
    },
    _NAMES,
    looks_at=(),
)
