"""How the example district is drawn: in metres from its own corner, so that streets can be read from the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from registry.core.model import (
    Asset,
    Bound,
    Envelope,
    GroundLevel,
    Line,
    Open,
    Part,
    Point,
    Relation,
    Shaft,
    Size,
    Volume,
    Zone,
)

#: RD of the district's corner, m. Nothing there is meant by it.
CORNER: Final = (155_000, 463_000)

Place = tuple[float, float]
#: West, south, east and north.
Box = tuple[float, float, float, float]


def mm(metres: float) -> int:
    """A length in whole millimetres."""
    return round(metres * 1000)


def at(place: Place) -> Point:
    """A place in the district in RD, mm."""
    return mm(CORNER[0] + place[0]), mm(CORNER[1] + place[1])


def round_size(outer: float) -> Size:
    """Round, by its outer diameter."""
    return Size("round", "outer", mm(outer), mm(outer))


def line(places: Sequence[Place], z: float | Sequence[float] | None, outer: float | None) -> Line:
    """A round line along places: ``z`` is the level of its axis (m NAP), one for all or one each; ``None`` unknown."""
    levels = [z] * len(places) if z is None or isinstance(z, (int, float)) else list(z)
    axis = tuple(None if level is None else mm(level) for level in levels)
    return Line(tuple(map(at, places)), axis, "axis", "nap", None if outer is None else round_size(outer))


def corridor(places: Sequence[Place], top: float, size: tuple[float, float], envelope: tuple[float, float]) -> Line:
    """A rectangular line by its top: what is in it, and the envelope around that with margins included."""
    inner = Size("rectangular", "outer", mm(size[0]), mm(size[1]))
    around = Envelope(mm(envelope[0]), mm(envelope[1]))
    return Line(tuple(map(at, places)), (mm(top),) * len(places), "top", "nap", inner, around)


def shaft(place: Place, bottom: float | None, top: float, outer: float) -> Shaft:
    """Something round that stands upright; without ``bottom`` it goes down without end."""
    return Shaft(at(place), _bound(bottom), mm(top), "nap", round_size(outer))


def volume(box: Box, bottom: float | None, top: float) -> Volume:
    """A block; without ``bottom`` it goes down without end."""
    return Volume(_ring(box), (), _bound(bottom), mm(top), "nap")


def asset(id_: str, theme: str, holder: str, geometry: Line | Shaft | Volume, object_kind: str = "line") -> Asset:
    """Something that lies there."""
    return Asset(id_, theme, object_kind, geometry, holder, source="example", as_of="2026-01-01")


def part(id_: str, theme: str, geometry: Line, relations: Sequence[Relation] = ()) -> Part:
    """Something to be laid."""
    return Part(id_, theme, "line", geometry, relations=tuple(relations))


def connects(target: str, place: Place, z: float) -> Relation:
    """That a part is joined to an asset at a place."""
    return Relation("connects", "asset", target, point=(*at(place), mm(z)))


def surface(id_: str, value: str, box: Box) -> Zone:
    """An area with one type of surface."""
    return Zone(id_, "surface", value, _ring(box), source="example")


def ground(id_: str, level: float, box: Box) -> GroundLevel:
    """An area with one ground level."""
    return GroundLevel(id_, mm(level), outer=_ring(box), as_of="2026-01-01", source="example")


def spot_height(id_: str, level: float, place: Place) -> GroundLevel:
    """A measured height."""
    return GroundLevel(id_, mm(level), position=at(place), as_of="2026-01-01", source="example", uncertainty=20)


def _ring(box: Box) -> tuple[Point, ...]:
    west, south, east, north = box
    return at((west, south)), at((east, south)), at((east, north)), at((west, north))


def _bound(level: float | None) -> Bound:
    return Open.UNBOUNDED if level is None else mm(level)
