"""A canonical document with what each of its values is, so that documents can be compared and told in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from registry.core.canonical import canonical_json


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that is not a group or list.

    ``sort`` says what it is: of an integer what is measured in it (``length``, ``angle``, ``temperature``, …, in the
    units of the document), of a text what it was chosen from (``theme``, ``severity``, …), ``subject`` (a theme, or a
    theme and object kind), ``date`` or ``link``; empty for any other.
    """

    value: object
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list. Without ``ordered`` the order in which its items stand means nothing."""

    items: tuple[Tree, ...]
    ordered: bool = False


Tree: TypeAlias = "Leaf | Items | dict[str, Tree]"


def plain(tree: Tree) -> object:
    """The tree as plain data: the document it was made of."""
    if isinstance(tree, Leaf):
        return tree.value
    if isinstance(tree, Items):
        return [plain(item) for item in tree.items]
    return {key: plain(value) for key, value in tree.items()}


def said(tree: Tree) -> str:
    """What it says, so that two that say the same are equal."""
    return canonical_json(plain(tree))
