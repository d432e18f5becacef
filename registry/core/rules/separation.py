"""``separation``: how far apart two themes must lie, sideways and vertically, crossing and parallel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from registry.core.policy import ANY_DEPTH, Clearance, RuleHeader, Ruleset
from registry.core.reading import Node
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header
from registry.core.rules.subjects import ANYTHING, Between, read_cells


@dataclass(frozen=True, slots=True)
class Cell:
    """The clearances between two subjects. ``parallel`` ``None``: nothing asked beyond ``crossing``."""

    between: Between
    crossing: Clearance
    parallel: Clearance | None
    source: str


@dataclass(frozen=True, slots=True)
class SeparationRule:
    """The matrix. ``otherwise`` holds for pairs without a cell (its ``between`` is ``*``).

    Lengths in mm, angles in thousandths of a degree. No two cells hold for one pair unless one is more specific or
    a third, more specific than both, decides: reading refuses it. ``parallel_source`` is the source of what counts
    as a parallel run, where the rule names one.
    """

    header: RuleHeader
    measured_from: Literal["casing", "envelope"]
    parallel_below_millideg: int
    parallel_from: int
    cells: tuple[Cell, ...]
    otherwise: Cell
    kind: Literal["separation"] = "separation"
    parallel_source: str | None = None

    @property
    def widest(self) -> int:
        """The most that any cell asks sideways, mm."""
        cells = (self.otherwise, *self.cells)
        return max(asked.ch for cell in cells for asked in (cell.crossing, cell.parallel) if asked is not None)


#: What its entries are called (``Kind.names``).
NAMES: Final = {
    "en": {
        "separation": "separation",
        "cells": "distances",
        "crossing": "crossing",
        "parallel": "parallel",
        "crossing?": "as other pairs",
        "parallel?": "nothing more",
        "measured_from": "measured from",
        "casing": "the casing",
        "envelope": "the envelope",
        "parallel_below": "parallel below an angle of",
        "parallel_from": "parallel from a length of",
        "parallel_source": "source of what is parallel",
    },
    "nl": {
        "separation": "onderlinge afstand",
        "cells": "afstanden",
        "crossing": "kruisend",
        "parallel": "evenwijdig",
        "crossing?": "als overige paren",
        "parallel?": "niets extra",
        "measured_from": "gemeten vanaf",
        "casing": "de buitenmantel",
        "envelope": "het profiel van vrije ruimte",
        "parallel_below": "evenwijdig onder een hoek van",
        "parallel_from": "evenwijdig vanaf een lengte van",
        "parallel_source": "bron van wat evenwijdig is",
    },
}

_MEASURED_FROM: Final[tuple[Literal["casing", "envelope"], ...]] = ("casing", "envelope")
_KEYS: Final = (*HEADER_KEYS, "measured_from", "parallel_below", "parallel_from", "otherwise", "cells")


def matrix_named(ruleset: Ruleset, name: str) -> SeparationRule:
    """The separation rule of this id, which a rule of another kind names as the one that says what a clash is."""
    return next(rule for rule in ruleset.rules if isinstance(rule, SeparationRule) and rule.header.id == name)


def read(node: Node, surroundings: Surroundings) -> SeparationRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries(_KEYS, (*HEADER_OPTIONAL, "parallel_source"))
    entries = given["otherwise"].entries(("crossing", "source"), ("parallel",))
    otherwise = _read_clearances((ANYTHING, ANYTHING), entries, None, surroundings)

    def cell(between: Between, entries: dict[str, Node], item: Node) -> Cell:
        if "crossing" not in entries and "parallel" not in entries:
            item.fault("the cell asks nothing", "Add crossing, parallel, or both.", "missing", "crossing")
        return _read_clearances(between, entries, otherwise.crossing, surroundings)

    return SeparationRule(
        header=read_header(given),
        measured_from=given["measured_from"].choice(_MEASURED_FROM, "place to measure from"),
        parallel_below_millideg=given["parallel_below"].angle(above=0, below=90_000),
        parallel_from=given["parallel_from"].length(),
        cells=read_cells(given["cells"], ("source",), ("crossing", "parallel"), cell),
        otherwise=otherwise,
        parallel_source=surroundings.source(given["parallel_source"]) if "parallel_source" in given else None,
    )


def _read_clearances(
    between: Between, given: dict[str, Node], crossing: Clearance | None, surroundings: Surroundings
) -> Cell:
    """The cell for ``between``; ``crossing`` is what holds where it does not say."""
    source = surroundings.source(given["source"])
    return Cell(
        between=between,
        crossing=crossing
        if crossing and "crossing" not in given
        else read_clearance(given["crossing"], source, surroundings),
        parallel=read_clearance(given["parallel"], source, surroundings) if "parallel" in given else None,
        source=source,
    )


def read_clearance(node: Node, source: str, surroundings: Surroundings) -> Clearance:
    """The two numbers; ``source`` is where they come from if they do not say so themselves."""
    given = node.entries(("ch", "cv"), ("source",))
    if "source" in given:
        source = surroundings.source(given["source"])
    ch = surroundings.distance(given["ch"])
    cv = given["cv"]
    cv.wanted(f"a length with its unit, as 0.20 m, or {ANY_DEPTH}")
    if cv.value == ANY_DEPTH:
        cv.sort = "clearance"
        return Clearance(ch, None, source)
    if isinstance(cv.value, str) and cv.value[:1].isalpha():
        remedy = f"Write a length such as 0.20 m, or {ANY_DEPTH}."
        cv.fault(f"this is neither a length nor {ANY_DEPTH}", remedy, "not_allowed")
        return Clearance(ch, None, source)
    return Clearance(ch, cv.length(), source)
