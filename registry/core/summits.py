"""Where an axis lies deepest inside a footprint: found in floats, to be measured exactly.

What lies nearer to a side than some depth is one stretch of the axis. What no side leaves so covered is deeper; the
depth at which the last such place is covered is looked for by halving. So it depends on where the axis and the
boundary run, and not on where their vertices are.
"""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from typing import Final

import numpy as np

from registry.core.kernels import Axis
from registry.core.meetings import on
from registry.core.sides import Floats, Line, Sides

#: How near (mm) to the greatest depth the place found lies.
FINE: Final = 1e-5
#: Less than this (mm) between two stretches is nothing.
_CLEFT: Final = 1e-9

Spans = list[tuple[float, float]]


def summit(axis: Axis, sides: Sides, above: float) -> Fraction | None:
    """The first place, as a fraction of the axis, that is as deep inside as any, but for ``FINE``; ``None`` where none
    is deeper than ``above`` (mm)."""
    line = Line(axis)
    length = sqrt(line.ux**2 + line.uy**2)
    if length == 0 or above <= 2 * FINE:
        return None
    # On a line a place is no deeper than another and how far it is from that.
    coverage = _Coverage(line, length, sides, above + length)
    low, high = above, above + length
    inside = [span for span in coverage.left([(0.0, length)], low) if sides.locate(*_at(axis, span, length)) > 0]
    if not inside:
        return None
    while high - low > FINE:
        middle = (low + high) / 2
        deeper = coverage.left(inside, middle)
        if deeper:
            low, inside = middle, deeper
        else:
            high = middle
    return _fraction(inside[0][0] / length)


class _Coverage:
    """The sides that may lie within some distance of a line, as seen along it: how far along and how far aside."""

    def __init__(self, line: Line, length: float, sides: Sides, within: float):
        x0, y0, vx, vy = sides.relative(line, sides.beside(line, within))
        ux, uy = line.ux / length, line.uy / length
        self.along, self.aside = x0 * ux + y0 * uy, y0 * ux - x0 * uy
        self.run, self.rise = vx * ux + vy * uy, vy * ux - vx * uy
        self.extent = np.maximum(np.hypot(self.run, self.rise), 1e-300)

    def left(self, spans: Spans, depth: float) -> Spans:
        """What of stretches of the line lies nowhere nearer than ``depth`` to a side."""
        starts, stops = self._covered(depth)
        order = np.argsort(starts, kind="stable")
        starts, stops = starts[order], np.maximum.accumulate(stops[order])
        left = []
        for first, last in spans:
            k = int(np.searchsorted(starts, first, side="right"))
            ends = starts[k : int(np.searchsorted(starts, last, side="left"))]
            begins = np.concatenate([[max(first, stops[k - 1]) if k else first], stops[k : k + len(ends)]])
            ends = np.concatenate([ends, [last]])
            open_ = np.flatnonzero(np.minimum(ends, last) - np.maximum(begins, first) > _CLEFT)
            left += [(max(float(begins[n]), first), min(float(ends[n]), last)) for n in open_.tolist()]
        return left

    def _covered(self, depth: float) -> tuple[Floats, Floats]:
        """From where to where each side lies nearer than ``depth``, for those that somewhere do: a disk around each of
        its ends and a strip between them, together convex."""
        starts, stops = np.full(len(self.along), np.inf), np.full(len(self.along), -np.inf)
        for along, aside in ((self.along, self.aside), (self.along + self.run, self.aside + self.rise)):
            held = np.abs(aside) < depth
            half = np.sqrt(np.maximum(depth * depth - aside * aside, 0))
            starts = np.where(held, np.minimum(starts, along - half), starts)
            stops = np.where(held, np.maximum(stops, along + half), stops)
        with np.errstate(divide="ignore", invalid="ignore"):
            near = [(sign * depth * self.extent - self.aside * self.run) / self.rise for sign in (-1, 1)]
            square = self.extent * self.extent
            beside = [(self.aside * self.rise + share * square) / self.run for share in (0, 1)]
        level, plumb = self.rise == 0, self.run == 0
        first, last = np.minimum(*near), np.maximum(*near)
        first, last = np.where(level, -np.inf, first), np.where(level, np.inf, last)
        first = np.maximum(first, np.where(plumb, -np.inf, np.minimum(*beside)))
        last = np.minimum(last, np.where(plumb, np.inf, np.maximum(*beside)))
        across = -self.aside * self.rise
        strip = (first < last) & (~level | (np.abs(self.aside) < depth))
        strip &= ~plumb | ((across >= 0) & (across <= square))
        starts = np.where(strip, np.minimum(starts, self.along + first), starts)
        stops = np.where(strip, np.maximum(stops, self.along + last), stops)
        held = starts < stops
        return starts[held], stops[held]


def _at(axis: Axis, span: tuple[float, float], length: float) -> tuple[Fraction, Fraction]:
    x, y = on(axis, _fraction((span[0] + span[1]) / 2 / length))
    return Fraction(x), Fraction(y)


def _fraction(number: float) -> Fraction:
    return Fraction(round(min(max(number, 0.0), 1.0) * (1 << 50)), 1 << 50)
