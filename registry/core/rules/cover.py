"""``cover``: how deep the top must lie below ground level, per theme and surface type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from registry.core.applying import asked_parts
from registry.core.case import Case
from registry.core.cover import Cover, profile
from registry.core.cover_readings import Reading
from registry.core.elements import merged
from registry.core.findings import Cause, Certainty, Finding, Measure, Place, Stretch
from registry.core.model import SURFACES, THEMES, Part
from registry.core.policy import RuleHeader
from registry.core.reading import Node, metres
from registry.core.relations import Relied
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.standing import SURFACING, at_a_place


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
    given = node.entries((*HEADER_KEYS, "cells"), HEADER_OPTIONAL)
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


def evaluate(rule: CoverRule, case: Case, relied: Relied) -> Evaluated:
    """Where a part lies shallower, or deeper, than asked; or where that is not to be known."""
    findings: list[Finding] = []
    touched = False
    exempt = at_a_place({p.id: case.solid(p, "casing") for p in case.parts if p.object_kind in SURFACING})
    for part in asked_parts(rule.header, case, relied):
        cells = {cell.surface: cell for cell in rule.cells if cell.theme == part.theme}
        if cells and part.id not in exempt:
            touched = True
            by_surface = any(surface is not None for surface in cells)
            limits = {cell.minimum for cell in cells.values()}
            limits |= {cell.maximum for cell in cells.values() if cell.maximum is not None}
            judged = [_judged(cells, cover) for cover in profile(case, part, by_surface, sorted(limits))]
            findings += _findings(rule, part, [item for item in judged if item is not None])
    return Evaluated(findings, touched)


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {"cover": "cover", "cells": "cover", "minimum": "at least", "maximum": "at most"},
    "nl": {"cover": "gronddekking", "cells": "gronddekking", "minimum": "ten minste", "maximum": "ten hoogste"},
}

KIND: Final = Kind("cover", ("cables_and_pipes",), read, evaluate, {}, _NAMES)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A place that does not, or not surely, pass: by which cell, and the cover (mm) under which it fails most.

    ``under`` is the surface type it is judged by, ``None`` where any or unknown.
    """

    cause: Cause
    certainty: Certainty
    cell: CoverCell
    cover: Cover
    under: str | None
    required: int
    value: int | None = None
    uncertainty: int = 0
    lacking: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """By how much it fails, mm; less than nothing where it only may, and nothing where cover is unknown."""
        sign = -1 if self.cause == "cover_too_large" else 1
        return 0 if self.value is None else sign * (self.required - self.value)

    @property
    def rank(self) -> tuple[int, int]:
        """The lowest stands for the others of its kind: it fails most, or may fail most, and comes first."""
        return -self.missing - (self.uncertainty if self.certainty == "possible" else 0), self.cover.chainage or 0


def _judged(cells: dict[str | None, CoverCell], cover: Cover) -> _Judged | None:
    """What there is to say of a place: by the cell of its surface, else by ``any``.

    Where the surface is unknown each cell that holds for some type of surface may be the one: what they all say is
    said, and where they do not agree it is undetermined for want of the surface. So it is where they would not agree if
    nothing were uncertain: to know less settles nothing.
    """
    if cover.surface is not None:
        cell = cells.get(cover.surface, cells.get(None))
        return None if cell is None else _by_cell(cell, cover)
    may_hold = list(dict.fromkeys(cells.get(surface, cells.get(None)) for surface in SURFACES))
    results = [None if cell is None else _by_cell(cell, cover) for cell in may_hold]
    failing = [result for result in results if result is not None]
    if not failing:
        return None
    if not cover.readings:
        first = min(failing, key=lambda item: item.cell.surface or "")
        wanted = ("surface",) if len(may_hold) > 1 else ()
        return replace(first, under=None, lacking=(*cover.lacking, *wanted))
    if _agree(results) and _agree([None if cell is None else _by_cell(cell, _sharp(cover)) for cell in may_hold]):
        least = min(failing, key=lambda item: (item.cell.surface is not None, item.missing, item.cell.surface or ""))
        return replace(least, under=None)
    most = min(failing, key=lambda item: (item.rank, item.cell.surface or ""))
    return replace(most, cause="cover_unknown", certainty="undetermined", under=None, lacking=("surface",))


def _agree(results: Sequence[_Judged | None]) -> bool:
    return len({None if result is None else result.certainty for result in results}) == 1


def _sharp(cover: Cover) -> Cover:
    """The same as though no level were uncertain."""
    return replace(cover, readings=tuple(reading.sharp for reading in cover.readings))


def _by_cell(cell: CoverCell, cover: Cover) -> _Judged | None:
    """What a cell says of a place: certain where it fails under every ground level that may be the one, however
    uncertain, and the surface surely lies there."""
    if not cover.readings:
        return _Judged(
            "cover_unknown", "undetermined", cell, cover, cell.surface, cell.minimum, lacking=cover.lacking
        )
    judged = [_by_reading(cell, cover, reading) for reading in cover.readings]
    failing = [item for item in judged if item is not None]
    if not failing:
        return None
    worst = min(failing, key=lambda item: item.rank)
    if len(failing) < len(judged) or any(item.certainty != "certain" for item in failing):
        return replace(worst, certainty="possible")
    return replace(worst, certainty=cover.doubt or "certain")


def _by_reading(cell: CoverCell, cover: Cover, reading: Reading) -> _Judged | None:
    """What a cell says of a piece, told by the cover at one of its ends."""
    minimum, maximum = cell.minimum, cell.maximum
    told = (cell.surface, minimum, reading.least, reading.uncertainty)
    small = _Judged("cover_too_small", "possible", cell, cover, *told)
    if reading.shallowest(1) < minimum:
        return replace(small, certainty="certain")
    if maximum is not None and reading.deepest(1) > maximum:
        large = replace(small, cause="cover_too_large", required=maximum, value=reading.most)
        if reading.deepest(-1) > maximum:
            return replace(large, certainty="certain")
        if reading.shallowest(-1) >= minimum:
            return large
    return small if reading.shallowest(-1) < minimum else None


def _findings(rule: CoverRule, part: Part, judged: Sequence[_Judged]) -> list[Finding]:
    """One finding per cause, certainty, surface and what is lacking; the worst stands for all."""
    groups: dict[tuple[object, ...], list[_Judged]] = {}
    for item in judged:
        groups.setdefault((item.cause, item.certainty, item.under, item.lacking), []).append(item)
    return [_finding(rule, part, items) for items in groups.values()]


def _finding(rule: CoverRule, part: Part, items: Sequence[_Judged]) -> Finding:
    worst = min(items, key=lambda item: item.rank)
    cover, cell, readings = worst.cover, worst.cell, worst.cover.readings
    known = worst.cause != "cover_unknown"
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
        gap=Measure(None, worst.value),
        required=Measure(None, worst.required),
        missing=Measure(None, worst.missing if known else None),
        uncertainty=Measure(shift or None, worst.uncertainty or None) if shift or worst.uncertainty else None,
        lacking=worst.lacking,
        between=(part.theme, (worst.under if known else cell.surface) or _ANY),
        source=cell.source,
        surface=worst.under,
        stated=Measure(None, readings[0].least) if differs else None,
        registered=Measure(None, readings[1].least) if differs else None,
    )
