"""``spacing``: how far wells or other installations of one kind lie from each other at least, in plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from registry.core.case import Case
from registry.core.model import OBJECT_KINDS, STANDING, THEMES, Asset, Part, Thing
from registry.core.policy import Clearance, RuleHeader
from registry.core.reading import Node
from registry.core.relations import Relied
from registry.core.rules.apart import Apart, around_heart, judged, pairs
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.rules.subjects import sort_of
from registry.core.solids import Solid


@dataclass(frozen=True, slots=True)
class SpacingCell:
    """What is asked between two of a theme and object kind, at any depth; ``own``: between two of one application,
    which are one system (``None``: nothing)."""

    theme: str
    object_kind: str
    apart: Clearance
    own: Clearance | None


@dataclass(frozen=True, slots=True)
class SpacingRule:
    """The cells; of a theme and object kind without one nothing is asked."""

    header: RuleHeader
    cells: tuple[SpacingCell, ...]
    kind: Literal["spacing"] = "spacing"

    @property
    def widest(self) -> int:
        """The most that is asked of lines, mm: what stands at a place is compared with its like alone, and is few."""
        cells = [cell for cell in self.cells if cell.object_kind not in STANDING]
        return max((asked.ch for cell in cells for asked in (cell.apart, cell.own) if asked is not None), default=0)


def read(node: Node, surroundings: Surroundings) -> SpacingRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "cells"), HEADER_OPTIONAL)
    cells: dict[tuple[str, str], SpacingCell] = {}
    for item in given["cells"].items(at_least=1):
        entries = item.entries(("theme", "object_kind", "apart", "source"), ("own",))
        theme = entries["theme"].choice(THEMES, "theme")
        object_kind = entries["object_kind"].choice(OBJECT_KINDS, "object kind")
        source = surroundings.source(entries["source"])
        asked = [
            Clearance(surroundings.distance(entries[key], least=1), None, source)
            for key in ("apart", "own")
            if key in entries
        ]
        if (theme, object_kind) in cells and entries["theme"].sound and entries["object_kind"].sound:
            detail = f"there already is a cell for {theme}/{object_kind}"
            item.fault(detail, "Keep one of the two.", "duplicate_id")
        cell = SpacingCell(theme, object_kind, asked[0], asked[1] if len(asked) > 1 else None)
        cells.setdefault((theme, object_kind), cell)
    return SpacingRule(read_header(given), tuple(cells[key] for key in sorted(cells)))


def evaluate(rule: SpacingRule, case: Case, relied: Relied) -> Evaluated:
    """Parts too near to others of their kind, which lie there, are granted or are reserved."""
    cells = {(cell.theme, cell.object_kind): cell for cell in rule.cells}
    return judged(rule, _asked(cells, rule, case, relied), case, relied)


def _asked(
    cells: dict[tuple[str, str], SpacingCell], rule: SpacingRule, case: Case, relied: Relied
) -> Iterator[Apart]:
    heart = partial(_heart, case)
    for part, other in pairs(rule.header, case, relied):
        sort = sort_of(part, cells)
        cell, alike = cells.get(sort), sort == sort_of(other, cells)
        if cell is None or not alike or (isinstance(other, Asset) and other.status == "disused"):
            continue
        if not isinstance(other, Part):
            yield Apart("spaced", cell.apart, part, other, heart)
        elif cell.own is not None:
            yield Apart("spaced_own", cell.own, part, other, heart)


def _heart(case: Case, thing: Thing) -> Solid | None:
    """Of what is drawn as a point the point itself counts; of another its outside."""
    return around_heart(case, thing, 0)


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {
        "spacing": "distance between things of one kind",
        "cells": "distances",
        "apart": "from each other",
        "own": "within one application",
        "own?": "nothing",
    },
    "nl": {
        "spacing": "afstand tussen gelijksoortige objecten",
        "cells": "afstanden",
        "apart": "van elkaar",
        "own": "binnen één aanvraag",
        "own?": "niets",
    },
}

KIND: Final = Kind(
    "spacing",
    ("geothermal_and_soil_energy",),
    read,
    evaluate,
    {
        "en": {
            "spaced": {
                "what": "Part {part} lies too near to {other}, which is of the same kind.",
                "remedy": "Place it {missing} farther away.",
            },
            "spaced_own": {
                "what": "Parts {part} and {other} of this application are of one kind, and lie too near to each other.",
                "remedy": "Place them {missing} farther apart.",
            },
            "undetermined": {
                "what": "It cannot be determined whether part {part} lies far enough from {other}, which is of the "
                "same kind. Unknown: {lacking}.",
                "remedy": "",
            },
            "possible": {
                "what": "Part {part} may lie too near to {other}, which is of the same kind.",
                "remedy": "As a condition: measure where both are before works start, to show that the distance is "
                "there.",
            },
            "assumed": {
                "what": "Part {part} lies far enough from {other}, which is of the same kind, if the size is what the "
                "municipality assumes.",
                "remedy": "",
            },
        },
        "nl": {
            "spaced": {
                "what": "Onderdeel {part} ligt te dicht bij {other}, van dezelfde soort.",
                "remedy": "Plaats het {missing} verder weg.",
            },
            "spaced_own": {
                "what": "De onderdelen {part} en {other} van deze aanvraag zijn van één soort en liggen te dicht bij "
                "elkaar.",
                "remedy": "Plaats ze {missing} verder uit elkaar.",
            },
            "undetermined": {
                "what": "Het is niet te bepalen of onderdeel {part} ver genoeg ligt van {other}, van dezelfde soort. "
                "Onbekend: {lacking}.",
                "remedy": "",
            },
            "possible": {
                "what": "Onderdeel {part} ligt mogelijk te dicht bij {other}, van dezelfde soort.",
                "remedy": "Als voorwaarde: meet vóór aanvang van de werkzaamheden in waar beide zijn, en toon zo aan "
                "dat de afstand er is.",
            },
            "assumed": {
                "what": "Onderdeel {part} ligt ver genoeg van {other}, van dezelfde soort, als de maat is wat de "
                "gemeente aanneemt.",
                "remedy": "",
            },
        },
    },
    _NAMES,
    looks_at=("reserved_space",),
)
