"""Which cells of the plan something touches: what is locked while it is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from registry.core.model import Thing

#: A cell by its column and row.
Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LockCells:
    """Sorted cells, without duplicates: of 1 km, shared or exclusive, and of 50 m, always exclusive."""

    coarse_shared: tuple[Cell, ...]
    coarse_exclusive: tuple[Cell, ...]
    fine: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, order=True)
class LockKey:
    """One lock: a key that fits a signed 64-bit integer, taken shared or exclusive."""

    key: int
    shared: bool


def cells_of(things: Iterable[Thing], inflate_mm: int) -> LockCells:
    """The cells that ``things``, made ``inflate_mm`` wider on all sides, touch."""
    raise NotImplementedError


def lock_keys(cells: LockCells) -> tuple[LockKey, ...]:
    """The locks in the order in which everyone takes them, each once: exclusive where both are asked."""
    raise NotImplementedError
