"""``cover``: how deep the top must lie below ground level, per theme and surface type; now, and at the end of life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from registry.core.applying import asked_parts
from registry.core.case import Case
from registry.core.cover import profile
from registry.core.elements import merged
from registry.core.findings import Finding, Measure, Place, Stretch
from registry.core.model import SURFACES, THEMES, Part, Thing
from registry.core.policy import RuleHeader
from registry.core.reading import Node, metres
from registry.core.relations import Relied
from registry.core.rules.cover_after import Afterwards, judged_after, read_after
from registry.core.rules.cover_before import Looked, with_before
from registry.core.rules.cover_cells import CoverCell, Judged, judged
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.standing import SURFACING, at_a_place


@dataclass(frozen=True, slots=True)
class CoverRule:
    """Minimum and maximum cover, now and ``after`` some years; a theme without a cell is not asked anything."""

    header: RuleHeader
    cells: tuple[CoverCell, ...]
    kind: Literal["cover"] = "cover"
    after: Afterwards | None = None


_ANY: Final = "any"


def read(node: Node, surroundings: Surroundings) -> CoverRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "cells"), (*HEADER_OPTIONAL, "after"))
    cells: dict[tuple[str, str], CoverCell] = {}
    for item in given["cells"].items(at_least=1):
        entries = item.entries(("theme", "surface", "minimum", "source"), ("maximum",))
        theme = entries["theme"].choice(THEMES, "theme")
        surface = entries["surface"].choice((_ANY, *SURFACES), "surface type")
        minimum, maximum = entries["minimum"].length(), None
        if "maximum" in entries:
            maximum = entries["maximum"].length()
            if entries["minimum"].sound and entries["maximum"].sound and maximum < minimum:
                detail = f"the maximum is less than the minimum of {metres(minimum)}"
                entries["maximum"].fault(detail, f"Write {metres(minimum)} or more.", "out_of_range")
        if (theme, surface) in cells and entries["theme"].sound and entries["surface"].sound:
            detail = f"there already is a cell for {theme}, surface {surface}"
            item.fault(detail, "Keep one of the two.", "duplicate_id")
        source = surroundings.source(entries["source"])
        cell = CoverCell(theme, None if surface == _ANY else surface, minimum, maximum, source)
        cells.setdefault((theme, surface), cell)
    after = read_after(given["after"], cells.values(), surroundings) if "after" in given else None
    return CoverRule(read_header(given), tuple(cells[key] for key in sorted(cells)), after=after)


def evaluate(rule: CoverRule, case: Case, relied: Relied) -> Evaluated:
    """Where a part lies shallower, or deeper, than asked; or where that is not to be known."""
    findings: list[Finding] = []
    touched = False
    exempt = at_a_place({p.id: case.solid(p, "casing") for p in case.parts if p.object_kind in SURFACING})
    for part in asked_parts(rule.header, case, relied):
        cells = {cell.surface: cell for cell in rule.cells if cell.theme == part.theme}
        if cells and part.id not in exempt:
            touched = True
            look = partial(_looked, rule, case, cells)
            for finding in _findings(rule, part, look(part)[1]):
                findings.append(with_before(rule.header, case, relied, part, finding, look))
    return Evaluated(findings, touched)


def _looked(rule: CoverRule, case: Case, cells: Mapping[str | None, CoverCell], thing: Thing) -> Looked:
    """The cover along a part or what it replaces, and what the cells say of it."""
    by_surface = any(surface is not None for surface in cells)
    limits = {cell.minimum for cell in cells.values()}
    limits |= {cell.maximum for cell in cells.values() if cell.maximum is not None}
    covers = profile(case, thing, by_surface, sorted(limits), rule.after.years if rule.after is not None else None)
    found: list[Judged] = []
    for cover in covers:
        now = judged(cells, cover)
        found += [now] if now is not None else []
        found += judged_after(rule.after, cells, cover, now) if rule.after is not None else []
    return covers, found


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {
        "cover": "cover",
        "cells": "cover",
        "minimum": "at least",
        "maximum": "at most",
        "after": "later too",
        "years": "after {}",
        "pipe": "the pipe {}",
        "stays": "stays where it lies",
        "sinks": "sinks along",
    },
    "nl": {
        "cover": "gronddekking",
        "cells": "gronddekking",
        "minimum": "ten minste",
        "maximum": "ten hoogste",
        "after": "ook later",
        "years": "na {}",
        "pipe": "de leiding {}",
        "stays": "blijft liggen",
        "sinks": "zakt mee",
    },
}

KIND: Final = Kind("cover", ("cables_and_pipes",), read, evaluate, {}, _NAMES, looks_at=())


def _findings(rule: CoverRule, part: Part, found: Sequence[Judged]) -> list[Finding]:
    """One finding per cause, certainty, surface and what is lacking; the worst stands for all."""
    groups: dict[tuple[object, ...], list[Judged]] = {}
    for item in found:
        groups.setdefault((item.cause, item.certainty, item.under, item.lacking), []).append(item)
    return [_finding(rule, part, items) for items in groups.values()]


def _finding(rule: CoverRule, part: Part, items: Sequence[Judged]) -> Finding:
    worst = min(items, key=lambda item: item.rank)
    cover, cell, readings = worst.cover, worst.cell, worst.cover.readings
    known = worst.cause not in ("cover_unknown", "cover_after_unknown")
    unsunk = worst.after is not None and worst.after.sinks is None
    differs = len({reading.least for reading in readings}) > 1
    shift = part.uncertainty.xy if cover.doubt == "possible" else 0
    stretches = merged([item.cover.stretch for item in items if item.cover.stretch is not None], 1)
    return Finding(
        rule=rule.header.id,
        rule_kind=rule.kind,
        cause=worst.cause,
        certainty=worst.certainty,
        severity=rule.header.capped(rule.header.severity),
        legal_force=rule.header.legal_force,
        counterparts=(),
        place=Place(part.id, cover.chainage, cover.x, cover.y),
        stretches=tuple(Stretch(part.id, start, end) for start, end in stretches if end > start),
        gap=None if unsunk else Measure(None, worst.value),
        required=Measure(None, worst.required),
        missing=Measure(None, worst.missing if known else None),
        uncertainty=Measure(shift or None, worst.uncertainty or None) if shift or worst.uncertainty else None,
        lacking=worst.lacking,
        between=(part.theme, (worst.under if known else cell.surface) or _ANY),
        source=cell.source,
        surface=worst.under,
        stated=Measure(None, readings[0].least) if differs else None,
        registered=Measure(None, readings[1].least) if differs else None,
        after=worst.after,
    )
