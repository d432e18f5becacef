"""A window on the plan: which piece of RD is drawn, how large, and what of a line or area lies within it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from registry.core.boxes import Box

Dot = tuple[float, float]

#: Units of a drawing: how wide the map in it is, and how high at least and at most.
WIDTH: Final = 640.0
LEAST_HEIGHT: Final = 340.0
MOST_HEIGHT: Final = 640.0
#: Beyond its edges, units: what is cut off there is cut out of sight.
_PAD: Final = 60.0
#: The least that is shown, mm: nothing is drawn larger than is of use.
_LEAST: Final = 4_000


@dataclass(frozen=True, slots=True)
class Window:
    """RD (mm) of the lower left corner, units per mm, and size in units; y goes down in a drawing."""

    x: float
    y: float
    scale: float
    width: float = WIDTH
    height: float = MOST_HEIGHT

    @classmethod
    def on(cls, box: Box, margin: int) -> Window:
        """The window that shows a box (lowest x, y, highest x, y, mm RD) with ``margin`` mm around it."""
        wide = max(box[2] - box[0] + 2 * margin, _LEAST)
        high = max(box[3] - box[1] + 2 * margin, _LEAST)
        scale = min(WIDTH / wide, MOST_HEIGHT / high)
        height = min(max(high * scale, LEAST_HEIGHT), MOST_HEIGHT)
        middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return cls(middle[0] - WIDTH / scale / 2, middle[1] - height / scale / 2, scale, WIDTH, height)

    @property
    def box(self) -> Box:
        """What it shows, mm RD."""
        right, top = self.x + self.width / self.scale, self.y + self.height / self.scale
        return int(self.x), int(self.y), int(right) + 1, int(top) + 1

    def at(self, point: Sequence[float]) -> Dot:
        """Where a place in RD is drawn."""
        return (point[0] - self.x) * self.scale, self.height - (point[1] - self.y) * self.scale

    def holds(self, dot: Dot) -> bool:
        """Whether something is drawn within the window."""
        return 0 <= dot[0] <= self.width and 0 <= dot[1] <= self.height

    def line(self, points: Iterable[Sequence[float]]) -> str:
        """The path of a line, as far as it is in or just beside the window; empty where none of it is."""
        pieces: list[list[Dot]] = []
        dots = [self.at(point) for point in points]
        for start, end in pairwise(dots):
            kept = self._cut(start, end)
            if kept is None:
                continue
            if pieces and pieces[-1][-1] == kept[0]:
                pieces[-1].append(kept[1])
            else:
                pieces.append(list(kept))
        return "".join("M" + "L".join(written(dot) for dot in piece) for piece in pieces)

    def area(self, rings: Iterable[Iterable[Sequence[float]]]) -> str:
        """The path of an area with its holes, as far as it is in or just beside the window."""
        paths = []
        for ring in rings:
            dots = self._cut_ring([self.at(point) for point in ring])
            if dots:
                paths.append("M" + "L".join(written(dot) for dot in dots) + "Z")
        return "".join(paths)

    @property
    def _edges(self) -> tuple[tuple[int, float, int], ...]:
        return (0, -_PAD, 1), (0, self.width + _PAD, -1), (1, -_PAD, 1), (1, self.height + _PAD, -1)

    def _cut(self, start: Dot, end: Dot) -> tuple[Dot, Dot] | None:
        low, high = 0.0, 1.0
        for axis, edge, sign in self._edges:
            before, after = (start[axis] - edge) * sign, (end[axis] - edge) * sign
            if before < 0 and after < 0:
                return None
            if before < 0:
                low = max(low, before / (before - after))
            elif after < 0:
                high = min(high, before / (before - after))
        if low > high:
            return None
        return _between(start, end, low), _between(start, end, high)

    def _cut_ring(self, ring: list[Dot]) -> list[Dot]:
        for axis, edge, sign in self._edges:
            kept: list[Dot] = []
            for k, dot in enumerate(ring):
                last = ring[k - 1]
                inside, was = (dot[axis] - edge) * sign, (last[axis] - edge) * sign
                if (inside < 0) != (was < 0):
                    kept.append(_between(last, dot, was / (was - inside)))
                if inside >= 0:
                    kept.append(dot)
            ring = kept
        return ring


def _between(start: Dot, end: Dot, part: float) -> Dot:
    if part in (0.0, 1.0):
        return end if part else start
    return start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])


def written(dot: Dot) -> str:
    """A place in a path."""
    return f"{dot[0]:.2f} {dot[1]:.2f}"


def around(boxes: Iterable[Box]) -> Box:
    """The box around boxes, of which there is at least one."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def step_of(length: float, at_most: int) -> float:
    """The least of 1, 2, 5, 10, 20, … (or a tenth, …) that goes at most so many times into a length."""
    step = 0.001
    while True:
        for factor in (1, 2, 5):
            if length / (step * factor) <= at_most:
                return step * factor
        step *= 10
