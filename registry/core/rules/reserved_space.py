"""``reserved_space``: a clash with a reservation, weighed by the reservation's strength."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from registry.core.model import STRENGTHS
from registry.core.policy import SEVERITIES, RuleHeader, Severity
from registry.core.reading import Node
from registry.core.rules.header import HEADER_KEYS, Surroundings, read_header


@dataclass(frozen=True, slots=True)
class ReservedSpaceRule:
    """``separation`` is the id of the separation rule whose matrix says what a clash is."""

    header: RuleHeader
    separation: str
    by_strength: tuple[tuple[str, Severity], ...]
    kind: Literal["reserved_space"] = "reserved_space"


def read(node: Node, surroundings: Surroundings) -> ReservedSpaceRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "separation", "by_strength"))
    separation = given["separation"].text()
    if given["separation"].sound and surroundings.separations and separation not in surroundings.separations:
        given["separation"].unknown(separation, surroundings.separations, "separation rule")
    strengths = given["by_strength"].entries(STRENGTHS)
    return ReservedSpaceRule(
        header=read_header(given),
        separation=separation,
        by_strength=tuple((strength, strengths[strength].choice(SEVERITIES, "severity")) for strength in STRENGTHS),
    )
