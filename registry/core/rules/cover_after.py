"""Cover at the end of life: what is asked of it after the years in which ground level sinks.

A pipe that stays (on piles, or rigid) comes to lie shallower in ground that sinks: then too the minimum has to hold.
A pipe that sinks along keeps its cover, and comes to lie deeper where the ground is raised again, as streets are: then
too the maximum has to hold. Which it is the rule says; whether ground is raised is taken against the pipe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from registry.core.cover import Cover
from registry.core.findings import After, Certainty, Pipe
from registry.core.reading import Node
from registry.core.rules.cover_cells import CoverCell, Judged, holding, judged
from registry.core.rules.header import Surroundings
from registry.core.sinking import Sinking, sunk
from registry.core.surfaces import Doubt

_PIPES: Final[tuple[Pipe, ...]] = ("stays", "sinks")
#: More years than this are a mistake.
_MOST_YEARS: Final = 500
#: So little cover (mm) nothing has.
_NONE: Final = -1_000_000_000

_THEN: Final = {
    "cover_too_small": "cover_after_too_small",
    "cover_too_large": "cover_after_too_large",
    "cover_unknown": "cover_after_unknown",
}


@dataclass(frozen=True, slots=True)
class Afterwards:
    """After how many years the cells of a rule have to be met as well, and what the pipe does meanwhile."""

    years: int
    pipe: Pipe
    source: str

    def cells(self, cells: Mapping[str | None, CoverCell], sinks: int) -> dict[str | None, CoverCell]:
        """What has to be met now so that the cells are met once the ground has sunk so much (mm)."""
        return {surface: self._cell(cell, sinks) for surface, cell in cells.items()}

    def _cell(self, cell: CoverCell, sinks: int) -> CoverCell:
        if self.pipe == "stays":
            return replace(cell, minimum=cell.minimum + sinks, maximum=None)
        return replace(cell, minimum=_NONE, maximum=None if cell.maximum is None else cell.maximum - sinks)


def read_after(node: Node, cells: Iterable[CoverCell], surroundings: Surroundings) -> Afterwards:
    """The entry ``after`` of a cover rule with these cells; faults are noted at the nodes."""
    given = node.entries(("years", "pipe", "source"))
    years = given["years"].measured("years", least=1)
    if given["years"].sound and years > _MOST_YEARS:
        remedy = f"Write at most {_MOST_YEARS} years."
        given["years"].fault(f"this is more than {_MOST_YEARS} years", remedy, "out_of_range")
    pipe = given["pipe"].choice(_PIPES, "way in which the pipe moves")
    if given["pipe"].sound and pipe == "sinks" and all(cell.maximum is None for cell in cells):
        remedy = "Give a cell a maximum, or leave after out."
        given["pipe"].fault("a pipe that sinks along keeps its cover, and no cell has a maximum", remedy)
    return Afterwards(years, pipe, surroundings.source(given["source"]))


def judged_after(
    after: Afterwards, cells: Mapping[str | None, CoverCell], cover: Cover, now: Judged | None
) -> list[Judged]:
    """What there is to say of a place after the years, beside what is said of it now.

    Nothing where cover is not known now: that has been said. Where it is not known how fast ground level sinks it is
    undetermined, unless it surely fails already.
    """
    if not cover.readings:
        return []
    found = [item for one in cover.sinking for item in _by_sinking(after, cells, cover, one)]
    known = [item for item in found if item.certainty == "certain"]
    unknown = any(one.rate is None for one in cover.sinking)
    fails_now = now is not None and now.certainty == "certain" and now.cause == _CAUSE[after.pipe]
    if unknown and not known and not fails_now:
        found += _undetermined(after, cells, cover)
    return found


_CAUSE: Final[dict[Pipe, str]] = {"stays": "cover_too_small", "sinks": "cover_too_large"}


def _by_sinking(
    after: Afterwards, cells: Mapping[str | None, CoverCell], cover: Cover, sinking: Sinking
) -> list[Judged]:
    sinks = 0 if sinking.rate is None else sunk(sinking.rate, after.years)
    if not sinks:
        return []
    there = replace(cover, doubt=_less_sure(cover.doubt, sinking.doubt))
    found = judged(after.cells(cells, sinks), there)
    if found is None or found.value is None:
        return []
    change = -sinks if after.pipe == "stays" else sinks
    then = After(after.years, after.pipe, found.value, sinks, sinking.zone)
    required, value = found.required + change, found.value + change
    return [replace(found, cause=_THEN[found.cause], required=required, value=value, after=then)]


def _undetermined(after: Afterwards, cells: Mapping[str | None, CoverCell], cover: Cover) -> list[Judged]:
    """What is asked of a place after the years, where it is not known how fast ground level sinks."""
    may_hold = holding(cells, cover)
    certainty: Certainty = "undetermined"
    lacking = ("subsidence", "surface") if len(may_hold) > 1 else ("subsidence",)
    asked: list[tuple[int, CoverCell, int]] = []
    for cell in may_hold:
        limit = None if cell is None else cell.minimum if after.pipe == "stays" else cell.maximum
        if cell is not None and limit is not None:
            asked.append((-limit if after.pipe == "stays" else limit, cell, limit))
    if not asked:
        return []
    _, cell, limit = min(asked, key=lambda item: (item[0], item[1].surface or ""))
    now = _worst(after, cover)
    under = cover.surface if cell.surface is not None else None
    then = After(after.years, after.pipe, now)
    return [Judged("cover_after_unknown", certainty, cell, cover, under, limit, now, 0, lacking, then)]


def _worst(after: Afterwards, cover: Cover) -> int:
    """The cover now by which it would fail first."""
    if after.pipe == "stays":
        return min(reading.least for reading in cover.readings)
    return max(reading.most for reading in cover.readings)


def _less_sure(one: Doubt | None, other: Doubt | None) -> Doubt | None:
    """Of two doubts what remains: that something lies elsewhere is more in doubt than a round end."""
    return next((doubt for doubt in ("possible", "possible_end") if doubt in (one, other)), None)

