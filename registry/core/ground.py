"""Ground level at a place: from an area that contains it, else from the nearest spot height within a distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Final

from registry.core.kernels import Number, point_in_rings
from registry.core.model import GroundLevel, Point
from registry.core.polygons import meetings

#: Square roots are taken in steps of one to this.
_FINE: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground levels known, and how far (mm) a spot height counts.

    An area wins over a spot height, existing over design, the latest ``as_of`` over earlier ones, then the lowest id.
    Of spot heights the nearest existing one within the distance counts; where there is none, the nearest design one.
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
        best_rank: tuple[bool, Number, str] | None = None
        for level in self.levels:
            if level.position is None:
                continue
            away = (level.position[0] - x) ** 2 + (level.position[1] - y) ** 2
            rank = (level.basis == "design", away, level.id)
            if away <= self.within**2 and (best_rank is None or rank < best_rank):
                best, best_rank = level, rank
        return best

    def near(self, box: tuple[int, int, int, int]) -> Ground:
        """Those of the ground levels that may count somewhere in a box (least x and y, greatest x and y, mm)."""
        west, south, east, north = box
        kept = []
        for level in self.levels:
            ring, margin = (level.outer, 0) if level.position is None else ((level.position,), self.within)
            xs, ys = [x for x, _ in ring], [y for _, y in ring]
            if (
                min(xs) - margin <= east and west <= max(xs) + margin
                and min(ys) - margin <= north and south <= max(ys) + margin
            ):  # fmt: skip
                kept.append(level)
        return Ground(tuple(kept), self.within)

    def along(self, start: Point, end: Point) -> list[tuple[Fraction, Fraction, GroundLevel | None]]:
        """The ground level that counts along a straight line: from where to where, as fractions in order, and which;
        ``None`` where none is known. Where a spot height begins or ends to count is rounded by less than a millionth
        of a millimetre."""
        pieces: list[tuple[Fraction, Fraction, GroundLevel | None]] = []
        for low, high in pairwise(self._changes(start, end)):
            middle = (low + high) / 2
            found = self.at(start[0] + middle * (end[0] - start[0]), start[1] + middle * (end[1] - start[1]))
            if pieces and pieces[-1][2] == found:
                low = pieces.pop()[0]
            pieces.append((low, high, found))
        return pieces

    def under(self, start: Point, end: Point) -> list[tuple[Fraction, Fraction, GroundLevel | None]]:
        """As ``along``; where none is known over no more than a millimetre, as much as two areas may be drawn apart,
        that beside it holds on."""
        levels = self.along(start, end)
        length = isqrt(((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) * 1_000_000)
        for k, (low, high, level) in enumerate(levels):
            if level is None and 0 < (high - low) * length <= 1000 and len(levels) > 1:
                levels[k] = (low, high, levels[k - 1][2] if k else levels[k + 1][2])
        return levels

    def _changes(self, start: Point, end: Point) -> list[Fraction]:
        """Where along a line another ground level may begin to count, 0 and 1 among them."""
        cuts = {Fraction(0), Fraction(1)}
        if start == end:
            return sorted(cuts)
        for level in self.levels:
            if level.outer:
                cuts.update(meetings(start, end, (level.outer, level.holes)))
        for basis in ("existing", "design"):
            spots = [level.position for level in self.levels if level.position is not None and level.basis == basis]
            reached = [(spot, span) for spot in spots if (span := _reached(start, end, spot, self.within)) is not None]
            cuts.update(f for _, span in reached for f in span)
            cuts.update(_turns(start, end, [spot for spot, _ in reached]))
        return sorted(cuts)


def _best_basis(areas: list[GroundLevel]) -> str:
    return "existing" if any(area.basis == "existing" for area in areas) else "design"


def _reached(start: Point, end: Point, spot: Point, within: int) -> tuple[Fraction, Fraction] | None:
    """From where to where, as fractions of a line, a spot lies within a distance; ``None``: nowhere."""
    ux, uy, wx, wy = end[0] - start[0], end[1] - start[1], spot[0] - start[0], spot[1] - start[1]
    length, ahead, aside = ux * ux + uy * uy, wx * ux + wy * uy, wx * uy - wy * ux
    left = within * within * length - aside * aside
    if left < 0:
        return None
    half = Fraction(isqrt(left * _FINE * _FINE), _FINE)
    low, high = max((ahead - half) / length, Fraction(0)), min((ahead + half) / length, Fraction(1))
    return (low, high) if low <= high else None


def _turns(start: Point, end: Point, spots: Sequence[Point]) -> list[Fraction]:
    """Where along a line another of the spots becomes the nearest.

    The squared distance to each, less what all have in common, is linear along the line: the nearest ones form the
    lower edge of a set of straight lines, which is walked from the start.
    """
    if not spots:
        return []
    ux, uy = end[0] - start[0], end[1] - start[1]
    away = [(x - start[0], y - start[1]) for x, y in spots]
    lines = [(x * x + y * y, -2 * (ux * x + uy * y)) for x, y in away]
    turns: list[Fraction] = []
    height, slope = min(lines)
    while True:
        ahead = [(Fraction(h - height, slope - s), s, h) for h, s in lines if s < slope]
        if not ahead or min(ahead)[0] >= 1:
            return turns
        at, slope, height = min(ahead)
        turns.append(at)
