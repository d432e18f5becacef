"""Where an upright plane cuts through solids: what lies on either side of a place, and how deep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import atan2, hypot, pi, sqrt
from typing import Final

from registry.core.findings import Finding
from registry.core.ground import Ground
from registry.core.kernels import Number
from registry.core.model import Line, Thing
from registry.core.solids import UNBOUNDED, Prism, Solid
from registry.web.plan import length_of

#: How wide (mm) something of unknown size is drawn, and of what cosine on it is cut lengthwise.
_UNKNOWN: Final = 200
_ALONG: Final = 0.2

Vector = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the plane cuts a thing: from and to (mm sideways of the place) and bottom and top (mm NAP; ``None``:
    unknown). ``along``: it is cut lengthwise."""

    thing: Thing
    left: float
    right: float
    bottom: float | None
    top: float | None
    round: bool = False
    along: bool = False

    @property
    def known(self) -> bool:
        """Whether its depth is known."""
        return self.bottom is not None and self.top is not None


@dataclass(frozen=True, slots=True)
class CutPlane:
    """The plane through ``place`` across ``along``; ``across`` is its right."""

    place: Vector
    along: Vector
    across: Vector

    def sideways(self, point: Sequence[float]) -> float:
        return (point[0] - self.place[0]) * self.across[0] + (point[1] - self.place[1]) * self.across[1]

    def ahead(self, point: Sequence[float]) -> float:
        return (point[0] - self.place[0]) * self.along[0] + (point[1] - self.place[1]) * self.along[1]

    def at(self, sideways: float) -> Vector:
        return self.place[0] + sideways * self.across[0], self.place[1] + sideways * self.across[1]


def plane_of(finding: Finding, things: Sequence[Thing]) -> CutPlane | None:
    """Across the first of the things that is a line, at the finding's place."""
    place = float(finding.place.x), float(finding.place.y)
    for thing in things:
        if isinstance(thing.geometry, Line) and length_of(thing.geometry):
            along = _direction(thing.geometry, place)
            across = along[1], -along[0]
            if across[0] < -1e-9 or (abs(across[0]) <= 1e-9 and across[1] < 0):
                across = -across[0], -across[1]
            return CutPlane(place, along, across)
    return CutPlane(place, (0.0, 1.0), (1.0, 0.0))


def _direction(line: Line, place: Vector) -> Vector:
    """Which way a line goes where it is nearest to a place."""
    best: tuple[float, Vector] | None = None
    for (x0, y0), (x1, y1) in pairwise(line.vertices):
        run = hypot(x1 - x0, y1 - y0)
        if not run:
            continue
        way = (x1 - x0) / run, (y1 - y0) / run
        along = min(max((place[0] - x0) * way[0] + (place[1] - y0) * way[1], 0.0), run)
        away = hypot(x0 + along * way[0] - place[0], y0 + along * way[1] - place[1])
        if best is None or away < best[0]:
            best = away, way
    assert best is not None
    return best[1]


def cuts_of(thing: Thing, solid: Solid, plane: CutPlane) -> Iterator[Cut]:
    """Where the plane cuts through the solid of a thing; nowhere, once or, a volume, more often."""
    if isinstance(solid, Prism):
        yield from _through_prism(thing, solid, plane)
        return
    round_one = _is_round(thing)
    wide = solid.sure_width or _UNKNOWN
    for segment in solid.segments:
        axis = segment.axis
        start, end = (float(axis.x0), float(axis.y0)), (float(axis.x1), float(axis.y1))
        if solid.is_shaft:
            away = abs(plane.ahead(start))
            if away < wide / 2:
                half, at = sqrt((wide / 2) ** 2 - away**2), plane.sideways(start)
                yield Cut(thing, at - half, at + half, *_levels_of(segment.known, axis.z0, axis.z1, 0))
            continue
        behind, ahead = plane.ahead(start), plane.ahead(end)
        run = hypot(end[0] - start[0], end[1] - start[1])
        cosine = abs(ahead - behind) / run if run else 1.0
        if cosine < _ALONG:
            if run and min(abs(behind), abs(ahead)) <= wide / 2:
                sides = sorted((plane.sideways(start), plane.sideways(end)))
                levels = _levels_of(segment.known, axis.z0, axis.z1, solid.height or 0)
                yield Cut(thing, sides[0], sides[1], *levels, along=True)
            continue
        if min(behind, ahead) > 0.5 or max(behind, ahead) < -0.5:
            continue
        part = min(max(-behind / (ahead - behind), 0.0), 1.0)
        at = plane.sideways((start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])))
        level = float(axis.z0) + part * float(axis.z1 - axis.z0)
        half = wide / 2 / cosine
        yield Cut(
            thing,
            at - half,
            at + half,
            *_levels_of(segment.known, Fraction(level), Fraction(level), solid.height or 0),
            round=round_one,
        )
        return


def _levels_of(known: bool, z0: Number, z1: Number, height: int) -> tuple[float | None, float | None]:
    """Bottom and top, mm NAP, of what lies between two levels of its axis (half mm)."""
    if not known:
        return None, None
    low, high = sorted((float(z0), float(z1)))
    return low / 2 - height / 2, high / 2 + height / 2


def _through_prism(thing: Thing, prism: Prism, plane: CutPlane) -> Iterator[Cut]:
    met = []
    for ring in (prism.outer, *prism.holes):
        for k, end in enumerate(ring):
            start = ring[k - 1]
            behind, ahead = plane.ahead(start), plane.ahead(end)
            if (behind < 0) != (ahead < 0):
                part = behind / (behind - ahead)
                met.append(
                    plane.sideways((start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])))
                )
    met.sort()
    bottom = prism.bottom / 2 if prism.known and prism.bottom > -UNBOUNDED else None
    top = prism.top / 2 if prism.known and prism.top < UNBOUNDED else None
    for left, right in zip(met[::2], met[1::2], strict=False):
        yield Cut(thing, left, right, bottom, top)


def _is_round(thing: Thing) -> bool:
    """Whether a thing is cut as an ellipse, and not as a rectangle."""
    line = thing.geometry
    return (
        isinstance(line, Line) and line.envelope is None and line.size is not None and line.size.shape != "rectangular"
    )


def ground_along(plane: CutPlane, left: float, right: float, ground: Ground) -> list[tuple[float, float]]:
    """Ground level (mm NAP) from left to right, where it is known."""
    found = []
    for k in range(25):
        at = left - 2_000 + (right - left + 4_000) * k / 24
        x, y = plane.at(at)
        level = ground.at(round(x), round(y))
        if level is not None:
            found.append((at, float(level.level)))
    return found


def ends_of(across: Vector) -> tuple[str, str]:
    """What lies left and right, by the compass."""
    names = ("e", "ne", "n", "nw", "w", "sw", "s", "se")
    right = round(atan2(across[1], across[0]) / (pi / 4)) % 8
    return names[(right + 4) % 8], names[right]
