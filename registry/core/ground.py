"""Ground level at a place: from an area that contains it, else from the nearest spot height within a distance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import ceil, floor, isqrt, lcm
from typing import Final

from registry.core.boxes import Box, Strips, box_around, boxes_meet
from registry.core.kernels import Number, point_in_rings
from registry.core.model import GroundLevel, Point
from registry.core.polygons import meetings

#: Square roots are taken in steps of one to this.
_FINE: Final = 1 << 40
#: Of no more than so many all are looked at; more are sorted into squares of at least so many mm.
_FEW: Final = 16
_LEAST_CELL: Final = 1_000


@dataclass(frozen=True)
class Ground:
    """The ground levels known, and how far (mm) a spot height counts.

    An area wins over a spot height, existing over design, the latest ``as_of`` over earlier ones, then the lowest id.
    Of spot heights the nearest existing one within the distance counts; where there is none, the nearest design one.
    """

    levels: tuple[GroundLevel, ...]
    within: int

    def at(self, x: Number, y: Number) -> GroundLevel | None:
        """The ground level that counts at (x, y), or ``None`` where none is known."""
        here = self._about((floor(x), floor(y), ceil(x), ceil(y)))
        areas = [level for level in here if level.outer and point_in_rings(x, y, level.outer, level.holes) >= 0]
        if areas:
            newest = max(area.as_of or "" for area in areas if area.basis == _best_basis(areas))
            return min(
                (area for area in areas if area.basis == _best_basis(areas) and (area.as_of or "") == newest),
                key=lambda area: area.id,
            )
        best: GroundLevel | None = None
        best_rank: tuple[bool, int, str] | None = None
        # In whole numbers: both coordinates, and so every distance, times what makes them whole.
        whole = lcm(x.denominator, y.denominator)
        east, north, reach = int(x * whole), int(y * whole), (self.within * whole) ** 2
        for level in here:
            if level.position is None:
                continue
            away = (level.position[0] * whole - east) ** 2 + (level.position[1] * whole - north) ** 2
            rank = (level.basis == "design", away, level.id)
            if away <= reach and (best_rank is None or rank < best_rank):
                best, best_rank = level, rank
        return best

    def near(self, box: tuple[int, int, int, int]) -> Ground:
        """Those of the ground levels that may count somewhere in a box (least x and y, greatest x and y, mm)."""
        kept = []
        for level in self._about(box):
            ring, margin = (level.outer, 0) if level.position is None else ((level.position,), self.within)
            if boxes_meet(box, box_around(ring), margin):
                kept.append(level)
        return Ground(tuple(kept), self.within)

    @cached_property
    def extremes(self) -> tuple[int, int] | None:
        """The lowest and the highest of all, mm."""
        levels = [item.level for item in self.levels]
        return (min(levels), max(levels)) if levels else None

    def _about(self, box: Box) -> Sequence[GroundLevel]:
        """Those that may count in a box, and perhaps others, in order."""
        if len(self.levels) <= _FEW:
            return self.levels
        return [self.levels[k] for k in sorted([*self._areas_about(box), *self._spots_about(box)])]

    def _areas_about(self, box: Box) -> Iterable[int]:
        numbers, strips = self._areas
        return (numbers[k] for k in strips.near(box)) if strips is not None else ()

    def _spots_about(self, box: Box) -> Iterable[int]:
        cell, cells = self._spots
        west, south, east, north = (
            at // cell
            for at in (box[0] - self.within, box[1] - self.within, box[2] + self.within, box[3] + self.within)
        )
        if (east - west + 1) * (north - south + 1) > len(cells):
            return (k for column, row in cells if west <= column <= east and south <= row <= north
                    for k in cells[column, row])  # fmt: skip
        return (k for column in range(west, east + 1) for row in range(south, north + 1)
                for k in cells.get((column, row), ()))  # fmt: skip

    @cached_property
    def _areas(self) -> tuple[list[int], Strips | None]:
        """The numbers of those with an area, and their boxes."""
        numbers = [k for k, level in enumerate(self.levels) if level.outer]
        boxes = [box_around(self.levels[k].outer) for k in numbers]
        return numbers, Strips(boxes, 0) if boxes else None

    @cached_property
    def _spots(self) -> tuple[int, dict[tuple[int, int], list[int]]]:
        """The numbers of the spot heights by the square, of so many mm, in which they lie."""
        cell = max(self.within, _LEAST_CELL)
        cells: dict[tuple[int, int], list[int]] = {}
        for k, level in enumerate(self.levels):
            if level.position is not None and not level.outer:
                x, y = level.position
                cells.setdefault((x // cell, y // cell), []).append(k)
        return cell, cells

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
            # Farther off than the nearest one none counts: only where that begins and ends to be in reach tells.
            for (low, spot), (high, _) in pairwise([*_nearest(start, end, spots), (Fraction(1), start)]):
                cuts.update((low, *(f for f in _reached(start, end, spot, self.within) if low < f < high)))
        return sorted(cuts)


def _best_basis(areas: list[GroundLevel]) -> str:
    return "existing" if any(area.basis == "existing" for area in areas) else "design"


def _reached(start: Point, end: Point, spot: Point, within: int) -> tuple[Fraction, ...]:
    """From where to where, as fractions of the whole line, a spot lies within a distance; nothing: nowhere."""
    ux, uy, wx, wy = end[0] - start[0], end[1] - start[1], spot[0] - start[0], spot[1] - start[1]
    length, ahead, aside = ux * ux + uy * uy, wx * ux + wy * uy, wx * uy - wy * ux
    left = within * within * length - aside * aside
    if left < 0:
        return ()
    half = Fraction(isqrt(left * _FINE * _FINE), _FINE)
    return (ahead - half) / length, (ahead + half) / length


def _nearest(start: Point, end: Point, spots: Sequence[Point]) -> list[tuple[Fraction, Point]]:
    """Which of the spots is the nearest along a line, in order, each with the fraction from which on it is.

    The squared distance to each, less what all have in common, is linear along the line: the nearest ones form the
    lower edge of a set of straight lines, which is walked from the start.
    """
    if not spots:
        return []
    ux, uy = end[0] - start[0], end[1] - start[1]
    lines = []
    for spot in spots:
        x, y = spot[0] - start[0], spot[1] - start[1]
        lines.append((x * x + y * y, -2 * (ux * x + uy * y), spot))
    height, slope, spot = min(lines)
    found = [(Fraction(0), spot)]
    while True:
        lines = [line for line in lines if line[1] < slope]
        ahead = [(Fraction(h - height, slope - s), s, h, spot) for h, s, spot in lines]
        if not ahead or min(ahead)[0] >= 1:
            return found
        at, slope, height, spot = min(ahead)
        found.append((at, spot))
