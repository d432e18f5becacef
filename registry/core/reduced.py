"""Whether what remains of a reservation takes space that it did not have."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from registry.core.ground import Ground
from registry.core.inside import sticking_out
from registry.core.model import Reservation
from registry.core.solids import Corridor, Prism, solid_of

#: mm: a place on a line or side is written in whole mm, and so lies beside it by less than this.
ROUNDING: Final = 1


def exceeds(remaining: Reservation, former: Reservation) -> bool:
    """Whether ``remaining`` sticks out of ``former``, by more than rounding.

    False where that cannot be told: where a size is unknown, or a depth is not stated in NAP; and of two volumes whose
    corners are all where they may be. A narrower line that cuts a corner of the former one sticks out of it, and so
    does a volume that is to remain of a line or shaft.
    """
    ground = Ground((), 0)
    inner, outer = (solid_of(one, ground, "envelope") for one in (remaining, former))
    if isinstance(inner, Prism):
        if isinstance(outer, Prism):
            return inner.known and outer.known and _prism_exceeds(inner, outer)
        return bool(sticking_out(inner, outer))
    return bool(sticking_out(_slimmer(inner), outer))


def _slimmer(line: Corridor) -> Corridor:
    """A corridor without what rounding may have moved it by."""
    width, height = (None if size is None else max(size - 2 * ROUNDING, 0) for size in (line.width, line.height))
    return replace(line, width=width, height=height)


def _prism_exceeds(inner: Prism, outer: Prism) -> bool:
    if inner.bottom < outer.bottom or inner.top > outer.top:
        return True
    corners = (corner for ring in (inner.outer, *inner.holes) for corner in ring)
    # A corner of the former one that lies in what remains: beside it is space that was not in the former one.
    dents = (corner for ring in (outer.outer, *outer.holes) for corner in ring)
    return any(outer.sides.locate(x, y) < 0 and _away(outer, x, y) for x, y in corners) or any(
        inner.sides.locate(x, y) > 0 and _away(inner, x, y) for x, y in dents
    )


def _away(prism: Prism, x: int, y: int) -> bool:
    """Whether a point is farther from the boundary than rounding brings it."""
    num, den = prism.sides.squared(x, y)
    return num > ROUNDING**2 * den
