"""Which reservations may not exist beside each other: what an acceptance has to know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from registry.core.findings import Finding
from registry.core.model import GroundLevel, Reservation, Zone
from registry.core.policy import Ruleset

ClashKind = Literal["overlap", "crossing", "parallel", "undetermined"]


@dataclass(frozen=True, slots=True)
class AcceptanceClash:
    """Another reservation that this one may not exist beside, and what is the matter.

    ``overlap``: they take the same space; ``crossing``: two lines that pass over, under or through each other;
    ``parallel``: they lie beside each other; ``undetermined``: a needed depth or size is unknown.
    """

    other: str
    finding: Finding
    kind: ClashKind


def exclusive(strength: str) -> bool:
    """Whether no other exclusive reservation may clash with one of this strength."""
    return strength in ("planned", "decided")


def clashes_with(
    reservation: Reservation,
    others: Iterable[Reservation],
    objects: Iterable[GroundLevel | Zone],
    ruleset: Ruleset,
) -> tuple[AcceptanceClash, ...]:
    """The exclusive ``others`` that ``reservation``, if it is exclusive itself, clashes with or may clash with."""
    raise NotImplementedError


def told(reservation: Reservation, others: Iterable[Reservation]) -> tuple[Reservation, ...]:
    """The ``others`` of strength search_area or option that overlap ``reservation``: their holders are told."""
    raise NotImplementedError
