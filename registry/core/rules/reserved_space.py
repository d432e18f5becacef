"""``reserved_space``: a clash with a reservation, weighed by the reservation's strength."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from registry.core.policy import RuleHeader, Severity


@dataclass(frozen=True, slots=True)
class ReservedSpaceRule:
    """``separation`` is the id of the separation rule whose matrix says what a clash is."""

    header: RuleHeader
    separation: str
    by_strength: tuple[tuple[str, Severity], ...]
    kind: Literal["reserved_space"] = "reserved_space"
