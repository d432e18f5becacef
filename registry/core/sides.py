"""The sides of a footprint, all at once: which of thousands can matter to a segment or a point.

A footprint and a corridor may have thousands of sides and segments each. Arrays of floats choose, for one segment, the
sides that can decide an answer; those alone are then measured exactly, by the kernels. What is chosen never depends on
rounding: a choice is wider than any float is off by ``SLACK``, and what floats cannot tell apart is all kept, ties
included.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, inf, lcm, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from registry.core.kernels import Axis, Nearest, Number, Ring, plan_nearest

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Mask = NDArray[np.bool_]

#: What a distance in plan worked out in floats may be off, mm; within RD the true error is below a hundredth of this.
SLACK: Final = 0.0001
#: Up to so many sides are measured exactly, without choosing among them first.
FEW: Final = 6
#: Of more than these a sample is looked at first, where one will do.
MANY: Final = 16


class Sides:
    """The sides of a polygon with holes: its rings in turn, each from its last corner on, in whole mm."""

    def __init__(self, outer: Ring, holes: Sequence[Ring]):
        self.outer, self.holes = outer, holes
        self.axes = tuple(Axis(*ring[k - 1], 0, *ring[k], 0) for ring in (outer, *holes) for k in range(len(ring)))
        self.ends = tuple((*ring[k - 1], *ring[k]) for ring in (outer, *holes) for k in range(len(ring)))
        numbers = np.array(self.ends, dtype=np.float64).T
        self.x0, self.y0, self.x1, self.y1 = (np.ascontiguousarray(row) for row in numbers)
        self.west, self.east = np.minimum(self.x0, self.x1), np.maximum(self.x0, self.x1)
        self.south, self.north = np.minimum(self.y0, self.y1), np.maximum(self.y0, self.y1)
        self._located: dict[tuple[Number, Number], int] = {}
        self._squared: dict[tuple[Number, Number], tuple[int, int]] = {}

    def locate(self, x: Number, y: Number) -> int:
        """1 when (x, y) lies inside the polygon, 0 on its boundary, -1 outside: as ``point_in_rings``."""
        found = self._located.get((x, y))
        if found is None:
            found = self._located[x, y] = self._locate(x, y)
        return found

    def _locate(self, x: Number, y: Number) -> int:
        below = floor(y)
        beside = np.flatnonzero((self.south <= below) & (self.north >= ceil(y)))
        if len(beside) <= FEW:
            return self._locate_among(x, y, beside)
        # Of the sides level with the point: which way it lies of each, unless too near its line for floats to tell.
        ox, oy = floor(x), below
        px, py = float(x - ox), float(y - oy)
        x0, y0 = self.x0[beside] - ox, self.y0[beside] - oy
        ux, uy = self.x1[beside] - ox - x0, self.y1[beside] - oy - y0
        turn = ux * (py - y0) - uy * (px - x0)
        west, east = np.minimum(x0, x0 + ux), np.maximum(x0, x0 + ux)
        doubtful = np.abs(turn) <= SLACK * (np.abs(ux) + np.abs(uy))
        doubtful &= (west - SLACK <= px) & (px <= east + SLACK)
        passed = (y0 > 0) != (y0 + uy > 0)
        counted = passed & ((px < west) | (((turn > 0) == (uy > 0)) & (px <= east))) & ~doubtful
        return self._locate_among(x, y, beside[doubtful], int(np.count_nonzero(counted)) % 2 == 1)

    def _locate_among(self, x: Number, y: Number, among: Indices, inside: bool = False) -> int:
        """As ``locate``, given whether the sides that are not ``among`` those left put the point inside."""
        for k in among.tolist():
            x0, y0, _, x1, y1, _ = self.axes[k]
            turn = (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)
            if turn == 0 and min(x0, x1) <= x <= max(x0, x1) and min(y0, y1) <= y <= max(y0, y1):
                return 0
            if (y0 > y) != (y1 > y) and (turn > 0) == (y1 > y0):
                inside = not inside
        return 1 if inside else -1

    def squared(self, x: Number, y: Number) -> tuple[int, int]:
        """The squared distance (mm²) of a point to the boundary, as a ratio."""
        found = self._squared.get((x, y))
        if found is None:
            unit = lcm(x.denominator, y.denominator)
            px, py = int(x * unit), int(y * unit)
            best = (1, 0)  # as yet infinitely far
            for k in self.nearest(Axis(x, y, 0, x, y, 0)).tolist():
                num, den = _squared_between(px, py, *(int(n) * unit for n in self.ends[k]))
                if num * best[1] < best[0] * den:
                    best = num, den
            found = self._squared[x, y] = best[0], best[1] * unit * unit
        return found

    def exactly(self, axis: Axis, among: Indices) -> list[Nearest]:
        """The exact distance in plan from ``axis`` to each of the sides ``among``, in their order.

        All is scaled by ``unit``, in which the axis ends on whole numbers.
        """
        unit = lcm(*(number.denominator for number in axis))
        flat = Axis(int(axis.x0 * unit), int(axis.y0 * unit), 0, int(axis.x1 * unit), int(axis.y1 * unit), 0)
        found = []
        for k in among.tolist():
            side = self.axes[k] if unit == 1 else Axis(*(number * unit for number in self.axes[k]))
            near = plan_nearest(flat, side, None)
            assert near is not None
            found.append(near._replace(den=near.den * unit * unit))
        return found

    def nearest(self, axis: Axis, within: float = inf) -> Indices:
        """All sides that may be the nearest to ``axis`` in plan, and are no farther than ``within`` (mm); in order."""
        line = Line(axis)
        x0, y0 = self.x0 - line.ox, self.y0 - line.oy
        to_start = (x0 - line.ax) ** 2 + (y0 - line.ay) ** 2
        bound = min(sqrt(float(to_start.min())), within) + 2 * SLACK
        beside = self.beside(line, bound)
        if len(beside) <= FEW:
            return beside
        away, _ = self._distances(line, beside)
        return beside[away <= min(float(away.min()), within) + 2 * SLACK]

    def within(
        self, axis: Axis, distance: float, among: Indices | None = None, *, one_will_do: bool = False
    ) -> tuple[Indices, Indices]:
        """The sides less than ``distance`` (mm) from ``axis`` in plan: those that surely are, and those too near to it
        for floats to tell. Both in order, and only out of ``among`` where that is given; where ``one_will_do`` and one
        surely is, not all of them."""
        line = Line(axis)
        beside = self.beside(line, distance + 2 * SLACK, among)
        if not len(beside):
            return beside, beside
        if one_will_do and len(beside) > MANY:
            sample = beside[:: len(beside) // MANY]
            surely = self._distances(line, sample)[0] + 2 * SLACK < distance
            if surely.any():
                return sample[surely], sample[:0]
        away, _ = self._distances(line, beside)
        surely = away + 2 * SLACK < distance
        return beside[surely], beside[~surely & (away - 2 * SLACK < distance)]

    def touching(self, axis: Axis) -> tuple[Indices, Mask]:
        """All sides that may touch or cross ``axis`` in plan, in order, and which of them surely cross it."""
        line = Line(axis)
        beside = self.beside(line, 2 * SLACK)
        if not len(beside):
            return beside, np.zeros(0, dtype=np.bool_)
        away, crossed = self._distances(line, beside)
        held = away <= 2 * SLACK
        return beside[held], crossed[held]

    def beside(self, line: Line, margin: float, among: Indices | None = None) -> Indices:
        """The sides whose boxes come within ``margin`` (mm) of the box of ``line``."""
        west, east = line.ox + min(line.ax, line.bx) - margin, line.ox + max(line.ax, line.bx) + margin
        south, north = line.oy + min(line.ay, line.by) - margin, line.oy + max(line.ay, line.by) + margin
        boxes = self.west, self.east, self.south, self.north
        wests, easts, souths, norths = boxes if among is None else (bound[among] for bound in boxes)
        held = np.flatnonzero((wests <= east) & (easts >= west) & (souths <= north) & (norths >= south))
        return held if among is None else among[held]

    def crossed(self, axis: Axis) -> tuple[Line, Indices]:
        """The sides that surely cross ``axis`` in plan; not all that do."""
        line = Line(axis)
        beside = self.beside(line, 0)
        x0, y0, vx, vy = self.relative(line, beside)
        return line, beside[_crossed(line, x0, y0, vx, vy)]

    def _distances(self, line: Line, among: Indices) -> tuple[Floats, Mask]:
        """The distance (mm) of ``line`` to each of the sides, and which it surely crosses.

        A crossing too near an end of either for floats to tell counts as the distance of that end.
        """
        x0, y0, vx, vy = self.relative(line, among)
        ux, uy, uu = line.ux, line.uy, line.ux**2 + line.uy**2
        x1, y1, vv = x0 + vx, y0 + vy, vx * vx + vy * vy  # 0 of a side without length
        away = []
        for x, y in ((x0, y0), (x1, y1)):
            along = np.clip((x * ux + y * uy) / uu, 0, 1) if uu else 0
            away.append((x - along * ux) ** 2 + (y - along * uy) ** 2)
        for x, y in ((x0, y0), (x0 - ux, y0 - uy)) if uu else ((x0, y0),):
            along = np.clip(-(x * vx + y * vy) / np.maximum(vv, 1), 0, 1)
            away.append((x + along * vx) ** 2 + (y + along * vy) ** 2)
        least = away[0]
        for other in away[1:]:
            least = np.minimum(least, other)
        if not uu:
            return np.sqrt(least), np.zeros(len(among), dtype=np.bool_)
        crossed = _crossed(line, x0, y0, vx, vy)
        return np.where(crossed, 0.0, np.sqrt(least)), crossed

    def relative(self, line: Line, among: Indices) -> tuple[Floats, Floats, Floats, Floats]:
        """The starts of sides as seen from the start of ``line``, and their directions."""
        x0, y0 = self.x0[among] - line.ox, self.y0[among] - line.oy
        vx, vy = self.x1[among] - line.ox - x0, self.y1[among] - line.oy - y0
        return x0 - line.ax, y0 - line.ay, vx, vy


def _crossed(line: Line, x0: Floats, y0: Floats, vx: Floats, vy: Floats) -> Mask:
    """Which sides ``line`` surely crosses: all four ends lie clear of the other's line."""
    ux, uy = line.ux, line.uy
    start = ux * y0 - uy * x0
    end = start + (ux * vy - uy * vx)
    first = vy * x0 - vx * y0
    second = first - (vy * ux - vx * uy)
    clear = SLACK * sqrt(ux**2 + uy**2)
    clear_of_side = SLACK * np.sqrt(vx * vx + vy * vy)
    crossed = ((start > clear) & (end < -clear)) | ((start < -clear) & (end > clear))
    crossed &= (np.abs(first) > clear_of_side) & (np.abs(second) > clear_of_side) & ((first > 0) != (second > 0))
    return crossed


def _squared_between(px: int, py: int, x0: int, y0: int, x1: int, y1: int) -> tuple[int, int]:
    """The squared distance of a point to a side, as a ratio."""
    ux, uy, wx, wy = x1 - x0, y1 - y0, px - x0, py - y0
    length, ahead = ux * ux + uy * uy, wx * ux + wy * uy
    if 0 < ahead < length:
        return (ux * wy - uy * wx) ** 2, length
    if ahead > 0:
        wx, wy = px - x1, py - y1
    return wx * wx + wy * wy, 1


class Line:
    """An axis in floats: its ends a and b relative to a whole point (ox, oy) beside it, so that little is lost."""

    def __init__(self, axis: Axis):
        self.ox, self.oy = floor(axis.x0), floor(axis.y0)
        self.ax, self.ay = float(axis.x0 - self.ox), float(axis.y0 - self.oy)
        self.bx, self.by = float(axis.x1 - self.ox), float(axis.y1 - self.oy)
        self.ux, self.uy = self.bx - self.ax, self.by - self.ay
