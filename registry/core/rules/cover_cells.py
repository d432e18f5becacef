"""What the cells of a cover rule say of one place along a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from registry.core.cover import Cover
from registry.core.cover_readings import Reading
from registry.core.findings import After, Cause, Certainty
from registry.core.model import SURFACES

#: Causes of which the most counts; of others the least.
TOO_LARGE: Final = ("cover_too_large", "cover_after_too_large")


@dataclass(frozen=True, slots=True)
class CoverCell:
    """Cover of a theme under a surface type (``None``: any), mm. ``maximum`` ``None``: no maximum."""

    theme: str
    surface: str | None
    minimum: int
    maximum: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A place that does not, or not surely, pass: by which cell, and the cover (mm) under which it fails most.

    ``under`` is the surface type it is judged by, ``None`` where any or unknown. ``after`` is set where it is judged by
    what ground or part will have sunk.
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
    after: After | None = None

    @property
    def missing(self) -> int:
        """By how much it fails, mm; less than nothing where it only may, and nothing where cover is unknown."""
        deep = self.cause in TOO_LARGE or (self.after is not None and self.after.pipe == "sinks")
        sign = -1 if deep else 1
        return 0 if self.value is None else sign * (self.required - self.value)

    @property
    def rank(self) -> tuple[int, int]:
        """The lowest stands for the others of its kind: it fails most, or may fail most, and comes first."""
        return -self.missing - (self.uncertainty if self.certainty == "possible" else 0), self.cover.chainage or 0


def judged(cells: Mapping[str | None, CoverCell], cover: Cover) -> Judged | None:
    """What there is to say of a place: by the cell of its surface, else by ``any``.

    Where the surface is unknown each cell that holds for some type of surface may be the one: what they all say is
    said, and where they do not agree it is undetermined for want of the surface. So it is where they would not agree if
    nothing were uncertain: to know less settles nothing.
    """
    if cover.surface is not None:
        cell = cells.get(cover.surface, cells.get(None))
        return None if cell is None else _by_cell(cell, cover)
    may_hold = holding(cells, cover)
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


def holding(cells: Mapping[str | None, CoverCell], cover: Cover) -> list[CoverCell | None]:
    """The cells of which one holds at a place, each once: of its surface, or of each where that is unknown."""
    surfaces = SURFACES if cover.surface is None else (cover.surface,)
    return list(dict.fromkeys(cells.get(surface, cells.get(None)) for surface in surfaces))


def _agree(results: Sequence[Judged | None]) -> bool:
    return len({None if result is None else result.certainty for result in results}) == 1


def _sharp(cover: Cover) -> Cover:
    """The same as though no level were uncertain."""
    return replace(cover, readings=tuple(reading.sharp for reading in cover.readings))


def _by_cell(cell: CoverCell, cover: Cover) -> Judged | None:
    """What a cell says of a place: certain where it fails under every ground level that may be the one, however
    uncertain, and the surface surely lies there."""
    if not cover.readings:
        return Judged(
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


def _by_reading(cell: CoverCell, cover: Cover, reading: Reading) -> Judged | None:
    """What a cell says of a piece, told by the cover at one of its ends."""
    minimum, maximum = cell.minimum, cell.maximum
    told = (cell.surface, minimum, reading.least, reading.uncertainty)
    small = Judged("cover_too_small", "possible", cell, cover, *told)
    if reading.shallowest(1) < minimum:
        return replace(small, certainty="certain")
    if maximum is not None and reading.deepest(1) > maximum:
        large = replace(small, cause="cover_too_large", required=maximum, value=reading.most)
        if reading.deepest(-1) > maximum:
            return replace(large, certainty="certain")
        if reading.shallowest(-1) >= minimum:
            return large
    return small if reading.shallowest(-1) < minimum else None
