"""``cover``: how deep the top must lie below ground level, per theme and surface type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from registry.core.model import SURFACES, THEMES
from registry.core.policy import RuleHeader
from registry.core.reading import Node, metres
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
