"""``cover``: how deep the top must lie below ground level, per theme and surface type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from registry.core.case import Case
from registry.core.cover import Cover, profile
from registry.core.elements import merged
from registry.core.findings import Cause, Finding, Measure, Place, Stretch
from registry.core.model import SURFACES, THEMES, Part
from registry.core.policy import RuleHeader
from registry.core.reading import Node, metres
from registry.core.relations import Relied
from registry.core.rules.header import HEADER_KEYS, Surroundings, read_header


@dataclass(frozen=True, slots=True)
class CoverCell:
    """Cover of a theme under a surface type (``None``: any), mm. ``maximum`` ``None``: no maximum."""

    theme: str
    surface: str | None
    minimum: int
    maximum: int | None
    source: str


@dataclass(frozen=True, slots=True)
class CoverRule:
    """Minimum and maximum cover; a theme without a cell is not asked anything."""

    header: RuleHeader
    cells: tuple[CoverCell, ...]
    kind: Literal["cover"] = "cover"


_ANY: Final = "any"

#: What reaches the surface by its nature, and so has no cover.
SURFACING: Final = ("manhole", "chamber", "well", "tree")


def read(node: Node, surroundings: Surroundings) -> CoverRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "cells"))
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
    return CoverRule(read_header(given), tuple(cells[key] for key in sorted(cells)))


def evaluate(rule: CoverRule, case: Case, _relied: Relied) -> list[Finding]:
    """Where a part lies shallower, or deeper, than asked; or where that is not to be known."""
    findings = []
    for part in case.parts:
        cells = [cell for cell in rule.cells if cell.theme == part.theme]
        if cells and part.object_kind not in SURFACING:
            findings += _findings(rule, case, part, cells, profile(case, part, {cell.surface for cell in cells}))
    return findings


def _findings(
    rule: CoverRule, case: Case, part: Part, cells: Sequence[CoverCell], covers: Sequence[Cover]
) -> list[Finding]:
    found: dict[tuple[Cause, str | None], list[tuple[Cover, CoverCell]]] = {}
    for cover in covers:
        for cell in cells:
            if cell.surface != cover.surface:
                continue
            if cover.value is None:
                found.setdefault(("cover_unknown", cell.surface), []).append((cover, cell))
            elif cover.value < cell.minimum:
                found.setdefault(("cover_too_small", cell.surface), []).append((cover, cell))
            elif cell.maximum is not None and cover.value > cell.maximum:
                found.setdefault(("cover_too_large", cell.surface), []).append((cover, cell))
    findings = []
    for (cause, surface), items in found.items():
        sign = -1 if cause == "cover_too_large" else 1
        cover, cell = min(items, key=lambda item: (sign * (item[0].value or 0), item[0].chainage or 0))
        required = cell.maximum if cause == "cover_too_large" and cell.maximum is not None else cell.minimum
        missing = None if cover.value is None else sign * (required - cover.value)
        stretches = merged([item.stretch for item, _ in items if item.stretch is not None], 1)
        findings.append(
            Finding(
                rule=rule.header.id,
                rule_kind=rule.kind,
                cause=cause,
                certainty="undetermined" if cause == "cover_unknown" else "certain",
                severity=rule.header.capped(rule.header.severity),
                legal_force=rule.header.legal_force,
                counterparts=(),
                place=Place(part.id, cover.chainage, cover.x, cover.y),
                stretches=tuple(Stretch(part.id, start, end) for start, end in stretches if end > start),
                gap=Measure(None, cover.value),
                required=Measure(None, required),
                missing=Measure(None, missing),
                lacking=cover.lacking,
                between=(part.theme, surface or "any"),
                source=cell.source,
                surface=surface,
            )
        )
    return findings
