"""Where labels and numbers go in a drawing: beside what they are about, and not over each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import hypot
from typing import Final

from registry.web.window import Dot

Rectangle = tuple[float, float, float, float]

#: Ways to move aside, the preferred one first; ``_LEFT`` for what has the rest of the drawing on its right.
_WAYS: Final = ((1, -1), (1, 1), (-1, -1), (-1, 1), (0, -1), (0, 1), (1, 0), (-1, 0))
_LEFT: Final = tuple((-dx, dy) for dx, dy in _WAYS)


@dataclass
class Places:
    """What is taken of a drawing of ``width`` × ``height``."""

    width: float
    height: float
    taken: list[Rectangle] = field(default_factory=list)

    def take(self, middle: Dot, wide: float, high: float, away: Iterable[float], *, left: bool = False) -> Dot | None:
        """The middle of a free place of ``wide`` × ``high``, ``away`` from ``middle`` in one of the eight ways; taken
        from then on: to the ``left`` rather than the right, where that is free. ``None`` where all are taken."""
        for distance in away:
            for dx, dy in _LEFT if left else _WAYS:
                along = distance / hypot(dx, dy)
                dot = middle[0] + dx * (along + wide / 2 * (distance > 0)), middle[1] + dy * along
                if self._free(dot, wide, high):
                    self.keep(dot, wide, high)
                    return dot
                if not distance:
                    break
        return None

    def keep(self, middle: Dot, wide: float, high: float) -> None:
        """Take a place, whatever is there."""
        self.taken.append(_around(middle, wide, high))

    def inside(self, middle: Dot, wide: float, high: float) -> Dot:
        """The nearest place that is wholly in the drawing."""
        return (
            min(max(middle[0], wide / 2 + 1), self.width - wide / 2 - 1),
            min(max(middle[1], high / 2 + 1), self.height - high / 2 - 1),
        )

    def _free(self, middle: Dot, wide: float, high: float) -> bool:
        x0, y0, x1, y1 = _around(middle, wide, high)
        if x0 < 1 or y0 < 1 or x1 > self.width - 1 or y1 > self.height - 1:
            return False
        return not any(x0 < right and left < x1 and y0 < low and top < y1 for left, top, right, low in self.taken)


def _around(middle: Dot, wide: float, high: float) -> Rectangle:
    return middle[0] - wide / 2, middle[1] - high / 2, middle[0] + wide / 2, middle[1] + high / 2
