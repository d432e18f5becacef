"""``separation``: how far apart two themes must lie, sideways and vertically, crossing and parallel."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

from registry.core.model import OBJECT_KINDS, THEMES
from registry.core.policy import ANY_DEPTH, Clearance, RuleHeader
from registry.core.reading import Node
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header


@dataclass(frozen=True, slots=True)
class Subject:
    """One side of a cell: a theme, of every object kind or of one."""

    theme: str
    object_kind: str | None = None

    def __str__(self) -> str:
        return f"{self.theme}/{self.object_kind}" if self.object_kind else self.theme


@dataclass(frozen=True, slots=True)
class Cell:
    """The clearances between two subjects. ``parallel`` ``None``: nothing asked beyond ``crossing``."""

    between: tuple[Subject, Subject]
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


ANYTHING: Final = Subject("*")

_MEASURED_FROM: Final[tuple[Literal["casing", "envelope"], ...]] = ("casing", "envelope")
_KEYS: Final = (*HEADER_KEYS, "measured_from", "parallel_below", "parallel_from", "otherwise", "cells")


def read(node: Node, surroundings: Surroundings) -> SeparationRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries(_KEYS, (*HEADER_OPTIONAL, "parallel_source"))
    entries = given["otherwise"].entries(("crossing", "source"), ("parallel",))
    otherwise = _read_clearances((ANYTHING, ANYTHING), entries, None, surroundings)
    cells: dict[tuple[Subject, Subject], tuple[Cell, Node]] = {}
    for item in given["cells"].items():
        faults = len(item.problems.found)
        entries = item.entries(("between", "source"), ("crossing", "parallel"))
        if "crossing" not in entries and "parallel" not in entries:
            item.fault("the cell asks nothing", "Add crossing, parallel, or both.", "missing", "crossing")
        between = _read_between(entries["between"])
        cell = _read_clearances(between, entries, otherwise.crossing, surroundings)
        if between in cells and len(item.problems.found) == faults:
            detail = f"there already is a cell for {_shown(between)}"
            item.fault(detail, "Keep one of the two; the order within a pair does not count.", "duplicate_id")
        cells.setdefault(between, (cell, item))
    _refuse_undecided(cells)
    return SeparationRule(
        header=read_header(given),
        measured_from=given["measured_from"].choice(_MEASURED_FROM, "place to measure from"),
        parallel_below_millideg=given["parallel_below"].angle(above=0, below=90_000),
        parallel_from=given["parallel_from"].length(),
        cells=tuple(cells[between][0] for between in sorted(cells, key=_shown)),
        otherwise=otherwise,
        parallel_source=surroundings.source(given["parallel_source"]) if "parallel_source" in given else None,
    )


def _read_between(node: Node) -> tuple[Subject, Subject]:
    items = node.items(at_least=2)
    if len(items) > 2:
        node.fault("a cell is between two", "Make a cell for each pair.", "wrong_type")
    subjects = sorted((_read_subject(item) for item in items), key=str)
    subjects += [ANYTHING, ANYTHING]
    return subjects[0], subjects[1]


def _read_subject(node: Node) -> Subject:
    theme, slash, object_kind = node.text().partition("/")
    if not node.sound:
        return ANYTHING
    if theme not in THEMES:
        node.unknown(theme, THEMES, "theme")
    elif slash and object_kind not in OBJECT_KINDS:
        node.unknown(object_kind, OBJECT_KINDS, "object kind")
    return Subject(theme, object_kind or None)


def _read_clearances(
    between: tuple[Subject, Subject], given: dict[str, Node], crossing: Clearance | None, surroundings: Surroundings
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
        return Clearance(ch, None, source)
    if isinstance(cv.value, str) and cv.value[:1].isalpha():
        remedy = f"Write a length such as 0.20 m, or {ANY_DEPTH}."
        cv.fault(f"this is neither a length nor {ANY_DEPTH}", remedy, "not_allowed")
        return Clearance(ch, None, source)
    return Clearance(ch, cv.length(), source)


def _refuse_undecided(cells: dict[tuple[Subject, Subject], tuple[Cell, Node]]) -> None:
    """Refuse two cells that both hold for one pair, neither the more specific, with no third cell that decides.

    That takes two cells of the same themes, each with an object kind on one side only.
    """
    by_themes: dict[tuple[str, str], list[tuple[Subject, Subject]]] = {}
    for a, b in cells:
        if (a.object_kind is None) != (b.object_kind is None):
            by_themes.setdefault((a.theme, b.theme), []).append((a, b))
    for group in by_themes.values():
        for one, other in combinations(group, 2):
            for pair in (other, other[::-1]):
                both = _meet(one[0], pair[0]), _meet(one[1], pair[1])
                if both[0] is None or both[1] is None:
                    continue
                decides = tuple(sorted((both[0], both[1]), key=str))
                if decides not in cells:
                    detail = f"for {_shown(decides)} this cell and that for {_shown(one)} both hold"
                    cells[other][1].fault(detail, f"Add a cell for {_shown(decides)}.")


def _meet(a: Subject, b: Subject) -> Subject | None:
    """What both subjects stand for, or ``None``."""
    if a.theme != b.theme or (a.object_kind and b.object_kind and a.object_kind != b.object_kind):
        return None
    return a if a.object_kind else b


def _shown(between: tuple[Subject, ...]) -> str:
    return " and ".join(str(subject) for subject in between)
