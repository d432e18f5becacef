"""Ground level at a place: from an area that contains it, else from the nearest spot height within a distance."""

from __future__ import annotations

from dataclasses import dataclass

from registry.core.kernels import Number, point_in_rings
from registry.core.model import GroundLevel


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground levels known, and how far (mm) a spot height counts.

    An area wins over a spot height, existing over design, the latest ``as_of`` over earlier ones, then the lowest id.
    """

    levels: tuple[GroundLevel, ...]
    within: int

    def at(self, x: Number, y: Number) -> GroundLevel | None:
        """The ground level that counts at (x, y), or ``None`` where none is known."""
        areas = [
            level for level in self.levels if level.outer and point_in_rings(x, y, level.outer, level.holes) >= 0
        ]
        if areas:
            newest = max(area.as_of or "" for area in areas if area.basis == _best_basis(areas))
            return min(
                (area for area in areas if area.basis == _best_basis(areas) and (area.as_of or "") == newest),
                key=lambda area: area.id,
            )
        best: GroundLevel | None = None
        best_rank: tuple[Number, bool, str] | None = None
        for level in self.levels:
            if level.position is None:
                continue
            away = (level.position[0] - x) ** 2 + (level.position[1] - y) ** 2
            rank = (away, level.basis == "design", level.id)
            if away <= self.within**2 and (best_rank is None or rank < best_rank):
                best, best_rank = level, rank
        return best


def _best_basis(areas: list[GroundLevel]) -> str:
    return "existing" if any(area.basis == "existing" for area in areas) else "design"
