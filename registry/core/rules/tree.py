"""``tree``: how far from the heart of a tree, and from its roots; also of a new tree beside what lies there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from registry.core.case import Case
from registry.core.model import THEMES, Part, Shaft, Thing
from registry.core.policy import Clearance, RuleHeader
from registry.core.reading import Node
from registry.core.relations import Relied
from registry.core.rules.apart import Apart, around_heart, judged, pairs
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.rules.separation import read_clearance
from registry.core.solids import Solid

_ANY: Final = "any"


@dataclass(frozen=True, slots=True)
class TreeCell:
    """What is asked of a theme (``any``: of those without a cell of their own), mm. ``heart``: from the heart of a
    tree, at any depth; ``roots``: from its roots, which are what is drawn, or lie within ``root_radius`` of the heart.
    """

    theme: str
    heart: Clearance | None
    roots: Clearance | None
    root_radius: int


@dataclass(frozen=True, slots=True)
class TreeRule:
    """The cells; where a theme has none and there is none for any, nothing is asked."""

    header: RuleHeader
    cells: tuple[TreeCell, ...]
    kind: Literal["tree"] = "tree"

    @property
    def widest(self) -> int:
        """The most that is asked sideways, mm."""
        asked = [(cell.heart, 0) for cell in self.cells] + [(cell.roots, cell.root_radius) for cell in self.cells]
        return max(besides + clearance.ch for clearance, besides in asked if clearance is not None)


def read(node: Node, surroundings: Surroundings) -> TreeRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "cells"), HEADER_OPTIONAL)
    cells: dict[str, TreeCell] = {}
    for item in given["cells"].items(at_least=1):
        entries = item.entries(("theme", "source"), ("heart", "roots", "root_radius"))
        theme, source = entries["theme"].choice((_ANY, *THEMES), "theme"), surroundings.source(entries["source"])
        if "heart" not in entries and "roots" not in entries:
            item.fault("the cell asks nothing", "Add heart, roots, or both.", "missing", "heart")
        if ("roots" in entries) != ("root_radius" in entries):
            lacks = "root_radius" if "roots" in entries else "roots"
            remedy = f"Add {lacks}: roots and root_radius go together."
            item.fault(f"the entry {lacks} is missing", remedy, "missing", lacks)
        heart = Clearance(surroundings.distance(entries["heart"]), None, source) if "heart" in entries else None
        roots = read_clearance(entries["roots"], source, surroundings) if "roots" in entries else None
        besides = roots.ch if roots is not None else 0
        radius = surroundings.distance(entries["root_radius"], besides, least=1) if "root_radius" in entries else 0
        if theme in cells and entries["theme"].sound:
            entries["theme"].fault(f"there already is a cell for {theme}", "Keep one of the two.", "duplicate_id")
        cells.setdefault(theme, TreeCell(theme, heart, roots, radius))
    return TreeRule(read_header(given), tuple(cells[theme] for theme in sorted(cells)))


def evaluate(rule: TreeRule, case: Case, relied: Relied) -> Evaluated:
    """Parts too near to trees and their roots, and new trees too near to what lies there or is reserved."""
    cells = {cell.theme: cell for cell in rule.cells}
    asked = (
        item
        for part, other in pairs(rule.header, case, relied)
        for item in _asked(cells, case, part, other)
    )
    return judged(rule, asked, case, relied)


def _is_tree(thing: Thing) -> bool:
    """A tree, or the roots of one drawn apart from it."""
    return thing.object_kind == "tree" or thing.theme == "tree_roots"


def _asked(cells: dict[str, TreeCell], case: Case, part: Part, other: Thing) -> Iterator[Apart]:
    tree, beside = (part, other) if _is_tree(part) and not _is_only_tree(other) else (other, part)
    cell = cells.get(beside.theme, cells.get(_ANY))
    if cell is None or not _is_tree(tree) or _is_only_tree(beside):
        return
    planted = "_planted" if tree is part else ""
    if cell.heart is not None and tree.object_kind == "tree":
        # Somewhere in what is drawn as an area the heart is: nobody can say where.
        lacking = () if isinstance(tree.geometry, Shaft) else ("heart",)
        yield Apart(f"near_heart{planted}", cell.heart, part, other, partial(_heart, case), lacking)
    if cell.roots is not None:
        yield Apart(f"near_roots{planted}", cell.roots, part, other, partial(_roots, case, cell.root_radius))


def _is_only_tree(thing: Thing) -> bool:
    """A tree that is nothing else: what carries the theme of a network is a pipe or cable, whatever it is called."""
    return _is_tree(thing) and thing.theme in ("tree_roots", "overig")


def _heart(case: Case, thing: Thing) -> Solid | None:
    return around_heart(case, thing, 0) if _is_tree(thing) else None


def _roots(case: Case, radius: int, thing: Thing) -> Solid | None:
    return around_heart(case, thing, radius) if _is_tree(thing) else None


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {
        "tree": "trees",
        "cells": "distances",
        "heart": "from the heart of the tree",
        "roots": "from the roots",
        "root_radius": "roots reach from the heart",
        "heart?": "nothing",
        "roots?": "nothing",
    },
    "nl": {
        "tree": "bomen",
        "cells": "afstanden",
        "heart": "vanaf het hart van de boom",
        "roots": "vanaf de wortels",
        "root_radius": "wortels reiken vanaf het hart",
        "heart?": "niets",
        "roots?": "niets",
    },
}

KIND: Final = Kind(
    "tree",
    ("soil_and_green",),
    read,
    evaluate,
    {
        "en": {
            "near_heart": {
                "what": "Part {part} lies too near to the heart of {other}.",
                "remedy": "Lay it {missing} farther from the heart of the tree. Deeper does not help.",
            },
            "near_roots": {
                "what": "Part {part} lies in the roots of {other}, or too near to them.",
                "remedy": "Lay it outside the roots: {missing} aside, or under them.",
            },
            "near_heart_planted": {
                "what": "Tree {part} would stand with its heart too near to {other}.",
                "remedy": "Plant it {missing} farther away.",
            },
            "near_roots_planted": {
                "what": "The roots of tree {part} would reach {other}, or come too near to it.",
                "remedy": "Plant it {missing} farther away, or give the roots a place that ends above what lies there.",
            },
            "undetermined": {
                "what": "It cannot be determined whether part {part} and {other} lie far enough apart for the tree. "
                "Unknown: {lacking}.",
                "remedy": "",
            },
            "possible": {
                "what": "Part {part} and {other} may lie too near to each other for the tree.",
                "remedy": "",
            },
            "assumed": {
                "what": "Part {part} and {other} lie far enough apart for the tree if the depth or size is what the "
                "municipality assumes.",
                "remedy": "",
            },
        },
        "nl": {
            "near_heart": {
                "what": "Onderdeel {part} ligt te dicht bij het hart van {other}.",
                "remedy": "Leg het {missing} verder van het hart van de boom. Dieper leggen helpt niet.",
            },
            "near_roots": {
                "what": "Onderdeel {part} ligt in de wortels van {other}, of te dicht erbij.",
                "remedy": "Leg het buiten de wortels: {missing} opzij, of eronderdoor.",
            },
            "near_heart_planted": {
                "what": "Boom {part} komt met zijn hart te dicht bij {other} te staan.",
                "remedy": "Plant hem {missing} verder weg.",
            },
            "near_roots_planted": {
                "what": "De wortels van boom {part} komen tot {other}, of te dicht erbij.",
                "remedy": "Plant hem {missing} verder weg, of geef de wortels een groeiplaats die eindigt boven wat er "
                "ligt.",
            },
            "undetermined": {
                "what": "Het is niet te bepalen of onderdeel {part} en {other} voor de boom ver genoeg uit elkaar "
                "liggen. Onbekend: {lacking}.",
                "remedy": "",
            },
            "possible": {
                "what": "Onderdeel {part} en {other} liggen voor de boom mogelijk te dicht bij elkaar.",
                "remedy": "",
            },
            "assumed": {
                "what": "Onderdeel {part} en {other} liggen voor de boom ver genoeg uit elkaar als de diepte of de "
                "maat is wat de gemeente aanneemt.",
                "remedy": "",
            },
        },
    },
    _NAMES,
    looks_at=("reserved_space",),
)
