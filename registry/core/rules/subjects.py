"""What the cells of a matrix stand between: pairs of themes, of every object kind or of one, in any order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Protocol, TypeVar

from registry.core.model import OBJECT_KINDS, STANDING, THEMES, Shaft, Thing
from registry.core.reading import Node


@dataclass(frozen=True, slots=True)
class Subject:
    """One side of a cell: a theme, of every object kind or of one."""

    theme: str
    object_kind: str | None = None

    def __str__(self) -> str:
        return f"{self.theme}/{self.object_kind}" if self.object_kind else self.theme


#: The two sides of a cell.
Between = tuple[Subject, Subject]

ANYTHING: Final = Subject("*")


class Celled(Protocol):
    """A cell of any matrix."""

    @property
    def between(self) -> Between: ...


AnyCell = TypeVar("AnyCell", bound=Celled)


def most_specific(cells: Iterable[AnyCell], a: Thing, b: Thing) -> AnyCell | None:
    """The cell that holds for a pair, the one that names most object kinds; ``None``: none holds."""
    best: AnyCell | None = None
    best_rank = -1
    for cell in cells:
        for first, second in (cell.between, cell.between[::-1]):
            if _holds(first, a) and _holds(second, b):
                rank = (first.object_kind is not None) + (second.object_kind is not None)
                if rank > best_rank:
                    best, best_rank = cell, rank
    return best


def _holds(subject: Subject, thing: Thing) -> bool:
    return subject.theme == thing.theme and subject.object_kind in (None, thing.object_kind)


def sort_of(thing: Thing, sorts: Collection[tuple[str, str]]) -> tuple[str, str]:
    """The theme and object kind by which a thing is asked something, of those of which anything is asked.

    What is drawn as a point and called a line (a loop that is bored, say) is a well where that is what its theme has a
    cell for: it goes down there all the same.
    """
    own, well = (thing.theme, thing.object_kind), (thing.theme, "well")
    drilled = isinstance(thing.geometry, Shaft) and thing.object_kind not in STANDING
    return well if drilled and own not in sorts and well in sorts else own


def read_cells(
    node: Node,
    required: Sequence[str],
    optional: Sequence[str],
    read: Callable[[Between, dict[str, Node], Node], AnyCell],
) -> tuple[AnyCell, ...]:
    """The cells of a matrix, each read by ``read`` out of its entries beside ``between``, in order.

    Two cells for one pair are refused, and so are two of which neither is the more specific without one that decides.
    """
    cells: dict[Between, tuple[AnyCell, Node]] = {}
    for item in node.items():
        faults = len(item.problems.found)
        entries = item.entries(("between", *required), optional)
        between = _read_between(entries["between"])
        cell = read(between, entries, item)
        if between in cells and len(item.problems.found) == faults:
            detail = f"there already is a cell for {_shown(between)}"
            item.fault(detail, "Keep one of the two; the order within a pair does not count.", "duplicate_id")
        cells.setdefault(between, (cell, item))
    _refuse_undecided(cells)
    return tuple(cells[between][0] for between in sorted(cells, key=_shown))


def _read_between(node: Node) -> Between:
    items = node.items(at_least=2)
    if len(items) > 2:
        node.fault("a cell is between two", "Make a cell for each pair.", "wrong_type")
    subjects = sorted((_read_subject(item) for item in items), key=str)
    subjects += [ANYTHING, ANYTHING]
    return subjects[0], subjects[1]


def _read_subject(node: Node) -> Subject:
    theme, slash, object_kind = node.text().partition("/")
    node.sort = "subject"
    if not node.sound:
        return ANYTHING
    if theme not in THEMES:
        node.unknown(theme, THEMES, "theme")
    elif slash and object_kind not in OBJECT_KINDS:
        node.unknown(object_kind, OBJECT_KINDS, "object kind")
    return Subject(theme, object_kind or None)


def _refuse_undecided(cells: Mapping[Between, tuple[object, Node]]) -> None:
    """Refuse two cells that both hold for one pair, neither the more specific, with no third cell that decides.

    That takes two cells of the same themes, each with an object kind on one side only.
    """
    by_themes: dict[tuple[str, str], list[Between]] = {}
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


def _shown(between: Sequence[Subject]) -> str:
    return " and ".join(str(subject) for subject in between)
