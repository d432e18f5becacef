"""The rule kinds: one small module each. A new kind is a module and a line in each of the two lists here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from registry.core.case import Case
from registry.core.findings import Finding
from registry.core.reading import Node
from registry.core.relations import Relied
from registry.core.rules import cover, matrix, reserved_space, separation
from registry.core.rules.cover import CoverRule
from registry.core.rules.header import Surroundings
from registry.core.rules.reserved_space import ReservedSpaceRule
from registry.core.rules.separation import SeparationRule

Rule = SeparationRule | CoverRule | ReservedSpaceRule

READERS: Final[dict[str, Callable[[Node, Surroundings], Rule]]] = {
    "separation": separation.read,
    "cover": cover.read,
    "reserved_space": reserved_space.read,
}


def evaluate(rule: Rule, case: Case, relied: Relied) -> list[Finding]:
    """All findings of one rule on one case."""
    if isinstance(rule, SeparationRule):
        return matrix.evaluate(rule, case, relied)
    if isinstance(rule, CoverRule):
        return cover.evaluate(rule, case, relied)
    return reserved_space.evaluate(rule, case, relied)
