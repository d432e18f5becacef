"""``separation``: how far apart two themes must lie, sideways and vertically, crossing and parallel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from registry.core.policy import Clearance, RuleHeader


@dataclass(frozen=True, slots=True)
class Subject:
    """One side of a cell: a theme, of every object kind or of one."""

    theme: str
    object_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """The clearances between two subjects. ``parallel`` ``None``: nothing asked beyond ``crossing``."""

    between: tuple[Subject, Subject]
    crossing: Clearance
    parallel: Clearance | None
    source: str


@dataclass(frozen=True, slots=True)
class SeparationRule:
    """The matrix. ``otherwise`` holds for pairs without a cell (its ``between`` is ``*``); angles in millidegrees, mm.

    header: RuleHeader
    measured_from: Literal["casing", "envelope"]
    parallel_below_millideg: int
    parallel_from: int
    cells: tuple[Cell, ...]
    otherwise: Cell
    kind: Literal["separation"] = "separation"
