"""``cover``: how deep the top must lie below ground level, per theme and surface type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from registry.core.policy import RuleHeader


@dataclass(frozen=True, slots=True)
class CoverCell:
    """Cover of a theme under a surface type (``None``: any), mm. ``maximum`` ``None``: no maximum."""

    theme: str
    surface: str | None
    minimum: int
    maximum: int | None
    source: str


@dataclass(frozen=True, slots=True)
class CoverRule:
    """Minimum and maximum cover; a theme without a cell is not asked anything."""

    header: RuleHeader
    cells: tuple[CoverCell, ...]
    kind: Literal["cover"] = "cover"
