"""``advice``: whose advice is required where, or on what. An application carries none, so it is asked wherever it is
required."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from registry.core.applying import asked_parts
from registry.core.case import Case
from registry.core.elements import merged
from registry.core.findings import Certainty, Finding, Place, Stretch
from registry.core.model import THEMES, Part
from registry.core.policy import RuleHeader
from registry.core.reading import Node
from registry.core.relations import Relied, first_place
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, choices, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.rules.zoned import NAMES, Zones, read_zones
from registry.core.zones import meeting_zone, meetings_with_zone


@dataclass(frozen=True, slots=True)
class AdviceCell:
    """On what ``advisor`` is to advise: parts of these themes (empty: of any) that lie nearer to these zones than
    ``distance`` (mm), between their bottom and top; ``zones`` ``None``: wherever they lie."""

    advisor: str
    themes: tuple[str, ...]
    zones: Zones | None
    distance: int
    source: str


@dataclass(frozen=True, slots=True)
class AdviceRule:
    """Whose advice is required; two cells may name one advisor."""

    header: RuleHeader
    cells: tuple[AdviceCell, ...]
    kind: Literal["advice"] = "advice"


def read(node: Node, surroundings: Surroundings) -> AdviceRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "cells"), HEADER_OPTIONAL)
    if given["severity"].value == "blocks":
        detail = "that advice is required blocks nothing"
        given["severity"].fault(detail, "Write conditions or advises.", "not_allowed")
    cells: dict[AdviceCell, Node] = {}
    for item in given["cells"].items(at_least=1):
        entries = item.entries(("advisor", "source"), ("themes", "zone", "values", "distance"))
        if isinstance(item.value, dict) and "themes" not in entries and "zone" not in entries:
            item.fault("it does not say on what advice is required", "Add themes, a zone, or both.", "missing", "zone")
        for name in ("values", "distance"):
            if name in entries and "zone" not in entries:
                entries[name].fault("this says something of a zone, and there is none", "Add zone.", "not_allowed")
        cell = AdviceCell(
            advisor=entries["advisor"].text(limit=100),
            themes=choices(entries["themes"], THEMES, "theme") if "themes" in entries else (),
            zones=read_zones(entries) if "zone" in entries else None,
            distance=surroundings.distance(entries["distance"]) if "distance" in entries else 0,
            source=surroundings.source(entries["source"]),
        )
        if cell in cells:
            item.fault("this cell is there twice", "Keep one of the two.", "duplicate_id")
        cells[cell] = item
    return AdviceRule(read_header(given), tuple(sorted(cells, key=str)))


def evaluate(rule: AdviceRule, case: Case, relied: Relied) -> Evaluated:
    """For each advisor whose advice is required, or may be, one finding about all parts it is required on."""
    found: dict[str, list[_Asked]] = {}
    touched = False
    parts = asked_parts(rule.header, case, relied)
    for cell in rule.cells:
        for part in parts:
            if cell.themes and part.theme not in cell.themes:
                continue
            asked = list(_asked(case, cell, part))
            found.setdefault(cell.advisor, []).extend(asked)
            touched = touched or bool(asked) or _passes(case, cell, part)
    findings = [_finding(rule, advisor, asked) for advisor, asked in sorted(found.items()) if asked]
    return Evaluated(findings, touched)


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {
        "advice": "advice",
        "cells": "whose advice is required",
        "advisor": "advisor",
        "themes": "on themes",
        "themes?": "any",
        **NAMES["en"],
        "distance": "and {} around it",
    },
    "nl": {
        "advice": "advies",
        "cells": "wiens advies is vereist",
        "advisor": "adviseur",
        "themes": "over thema's",
        "themes?": "elk",
        **NAMES["nl"],
        "distance": "en {} eromheen",
    },
}

KIND: Final = Kind(
    "advice",
    ("cables_and_pipes",),
    read,
    evaluate,
    {
        "nl": {
            "advice_required": {
                "what": "Over onderdeel {part} is advies van {about} vereist.",
                "remedy": "Vraag {about} om advies, en neem dat mee in het besluit.",
            },
            "advice_required_possible": {
                "what": "Over onderdeel {part} is misschien advies van {about} vereist.",
                "remedy": "Vraag {about} om advies, of leg vast waar {part} komt te liggen.",
            },
            "advice_required_undetermined": {
                "what": "Of over onderdeel {part} advies van {about} is vereist, is niet te bepalen. Onbekend: "
                "{lacking}.",
                "remedy": "Vraag {about} om advies, of vul aan wat onbekend is.",
            },
        },
        "en": {
            "advice_required": {
                "what": "On part {part} the advice of {about} is required.",
                "remedy": "Ask {about} for advice, and weigh it in the decision.",
            },
            "advice_required_possible": {
                "what": "On part {part} the advice of {about} may be required.",
                "remedy": "Ask {about} for advice, or settle where {part} will lie.",
            },
            "advice_required_undetermined": {
                "what": "It cannot be determined whether the advice of {about} is required on part {part}. Unknown: "
                "{lacking}.",
                "remedy": "Ask {about} for advice, or supply what is unknown.",
            },
        },
    },
    _NAMES,
    looks_at=(),
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Where advice is required on a part, and how certainly."""

    certainty: Certainty
    place: Place
    stretches: tuple[Stretch, ...]
    lacking: tuple[str, ...]
    source: str


#: What decides first: where it is certain somewhere, that it may be elsewhere adds nothing.
_ORDER: Final[tuple[Certainty, ...]] = ("certain", "undetermined", "possible", "possible_end")


def _asked(case: Case, cell: AdviceCell, part: Part) -> Iterator[_Asked]:
    if cell.zones is None:
        yield _Asked("certain", first_place(case, part), (), (), cell.source)
        return
    for zone in cell.zones.of(case):
        for clash in meetings_with_zone(case, part, zone, cell.distance):
            stretches = tuple(Stretch(part.id, start, end) for start, end in clash.stretches)
            place = Place(part.id, clash.chainage, clash.x, clash.y)
            lacking = clash.lacking if clash.certainty == "undetermined" else ()
            yield _Asked(clash.certainty, place, stretches, lacking, cell.source)


def _passes(case: Case, cell: AdviceCell, part: Part) -> bool:
    """Whether a part lies above or below a zone: then it was looked at."""
    zones = cell.zones.of(case) if cell.zones is not None else ()
    return any(meeting_zone(case, part, zone, cell.distance, any_depth=True) for zone in zones)


def _finding(rule: AdviceRule, advisor: str, asked: Sequence[_Asked]) -> Finding:
    certainty = min((one.certainty for one in asked), key=_ORDER.index)
    said = [one for one in asked if one.certainty == certainty]
    first = min(said, key=lambda one: (one.place.part, one.place.chainage or 0, one.place.x, one.place.y, one.source))
    spans: dict[str, list[tuple[int, int]]] = {}
    for one in said:
        for stretch in one.stretches:
            spans.setdefault(stretch.part, []).append((stretch.start, stretch.end))
    return Finding(
        rule=rule.header.id,
        rule_kind=rule.kind,
        cause="advice_required",
        certainty=certainty,
        severity=rule.header.capped(rule.header.severity),
        legal_force=rule.header.legal_force,
        counterparts=(),
        place=first.place,
        stretches=tuple(Stretch(name, *span) for name in sorted(spans) for span in merged(spans[name], 1)),
        lacking=tuple(sorted({item for one in said for item in one.lacking})),
        source=first.source,
        about=advisor,
    )
