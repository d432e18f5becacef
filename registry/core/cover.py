"""Cover along a part: from its top to ground level, piece by piece of one surface and one ground level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from registry.core.case import Case
from registry.core.elements import Box, box_of
from registry.core.ground import Ground
from registry.core.kernels import Axis, Number, point_in_rings
from registry.core.model import SURFACES, Geometry, GroundLevel, Line, Open, Part, Point, Shaft, Volume, Zone
from registry.core.polygons import interior_point, meetings
from registry.core.solids import Corridor, Prism, Segment, Solid, solid_of
from registry.core.surfaces import ANYWHERE, Above, Doubt, near_zones, surfaces_along, surfaces_over

#: So much of a millimetre is no depth: what a place rounded by far less may make of a slope.
_TOLERANCE = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class Reading:
    """Cover under one ground level, mm: rounded down and up, and how far it may be from what it is."""

    least: int
    most: int
    uncertainty: int = 0


@dataclass(frozen=True, slots=True)
class Cover:
    """Cover at an end of a piece of a part, and the surface over that piece (``None``: unknown, or not asked).

    ``readings`` holds one reading, or two where the part states ground level (the first) and another counts there too;
    none where cover is unknown: ``lacking`` says for want of what. ``doubt``: whether the surface lies there at all.
    """

    readings: tuple[Reading, ...]
    surface: str | None
    doubt: Doubt | None
    chainage: int | None
    x: int
    y: int
    stretch: tuple[int, int] | None
    lacking: tuple[str, ...] = ()

    @property
    def value(self) -> int | None:
        """The cover drawn, mm, rounded down; ``None``: unknown."""
        return self.readings[0].least if self.readings else None


def profile(case: Case, part: Part, by_surface: bool) -> list[Cover]:
    """Cover at both ends of every piece of ``part``, under each surface over it; ``by_surface`` false: whatever lies
    on top. The ground levels and zones looked at are added to ``case.used``.

    Ground level between vertices that state their own is taken as straight between them.
    """
    solid, given = _counted(case, part)
    surfaces = [zone for zone in case.zones if zone.value in SURFACES]
    zones = near_zones(surfaces, solid.box, part.uncertainty.xy) if by_surface else None
    ground = case.ground.near(solid.box)
    if isinstance(solid, Prism):
        return list(_of_volume(case, part, solid, given, ground, zones))
    return list(_of_corridor(case, part, solid, given, ground, zones))


def _counted(case: Case, part: Part) -> tuple[Solid, bool]:
    """The part's casing; where its cover was given, counted from a ground level of 0: no other is needed then."""
    geometry = part.geometry
    if geometry.level_reference == "nap":
        return case.solid(part, "casing"), False
    on_zero: Geometry
    if isinstance(geometry, Line):
        on_zero = replace(geometry, ground=(0,) * len(geometry.vertices))
    else:
        on_zero = replace(geometry, ground=0)
    return solid_of(replace(part, geometry=on_zero), Ground((), 0), "casing"), True


def _of_corridor(
    case: Case, part: Part, solid: Corridor, given: bool, ground: Ground, zones: Sequence[tuple[Zone, Box]] | None
) -> Iterator[Cover]:
    for segment in solid.segments:
        above = ANYWHERE if zones is None else surfaces_along(solid, segment, zones, part.uncertainty.xy)
        levels = [(Fraction(0), Fraction(1), None)] if given else _levels(solid, segment, ground)
        cuts = {*above.cuts, *(f for low, high, _ in levels for f in (low, high))}
        for low, high in pairwise(sorted(cuts)):
            middle = (low + high) / 2
            found = next(level for start, end, level in levels if start <= middle <= end)
            over = above.at(middle)
            _use(case, [found], over)
            stretch = (solid.chainage(segment.index, low), solid.chainage(segment.index, high))
            for f in (low, high):
                readings, lacking = _readings(part, solid, segment, f, given, found)
                x, y = _at(segment.axis, f)
                for surface in over:
                    yield Cover(
                        readings,
                        surface.surface,
                        surface.doubt,
                        None if solid.is_shaft else solid.chainage(segment.index, f),
                        round(x),
                        round(y),
                        None if solid.is_shaft else stretch,
                        lacking,
                    )


def _levels(
    solid: Corridor, segment: Segment, ground: Ground
) -> list[tuple[Fraction, Fraction, GroundLevel | None]]:
    """The ground level along a segment. Where none is known over no more than a millimetre, as much as two areas may
    be drawn apart, that beside it holds on."""
    levels = ground.near(box_of(segment)).along(*_ends(segment.axis))
    length = solid.lengths[segment.index]
    for k, (low, high, level) in enumerate(levels):
        if level is None and 0 < (high - low) * length <= 1000 and len(levels) > 1:
            levels[k] = (low, high, levels[k - 1][2] if k else levels[k + 1][2])
    return levels


def _readings(
    part: Part, solid: Corridor, segment: Segment, f: Fraction, given: bool, found: GroundLevel | None
) -> tuple[tuple[Reading, ...], tuple[str, ...]]:
    """Cover at a fraction of a segment, by the ground level the part states and by that which counts; or what is
    lacking."""
    geometry, own = part.geometry, None
    if isinstance(geometry, Shaft):
        if geometry.top is Open.UNBOUNDED:
            return _read(Fraction(0), 0, part, Fraction(0), None), ()
        own = None if geometry.ground is None else Fraction(geometry.ground)
    elif isinstance(geometry, Line) and geometry.ground:
        g0, g1 = geometry.ground[segment.index : segment.index + 2]
        own = None if g0 is None or g1 is None else g0 + f * (g1 - g0)
    if not segment.known or solid.height is None:
        return (), tuple(f"own_{item}" for item in solid.lacking)
    z0, z1 = segment.axis.z0, segment.axis.z1
    top = max(z0, z1) if segment.upright else z0 + f * (z1 - z0)
    readings = _read(Fraction(top), solid.height, part, Fraction(0) if given else own, found)
    return readings, () if readings else ("ground_level",)


def _read(
    top: Fraction, height: int, part: Part, own: Fraction | None, found: GroundLevel | None
) -> tuple[Reading, ...]:
    """Cover of a top (half mm, of an axis with ``height`` mm around it) under either ground level."""
    grounds = [] if own is None else [(own, 0)]
    grounds += [] if found is None else [(Fraction(found.level), found.uncertainty)]
    readings = []
    for ground, uncertain in grounds:
        cover = (2 * ground - top - height) / 2
        least, most = floor(cover + _TOLERANCE), ceil(cover - _TOLERANCE)
        readings.append(Reading(least, most, part.uncertainty.z + uncertain))
    return tuple(readings)


def _of_volume(
    case: Case, part: Part, solid: Prism, given: bool, ground: Ground, zones: Sequence[tuple[Zone, Box]] | None
) -> Iterator[Cover]:
    """Cover of the top of a volume under every ground level that counts over it."""
    volume = part.geometry
    assert isinstance(volume, Volume)
    over = [Above(None)] if zones is None else surfaces_over(solid, zones)
    endless = volume.top is Open.UNBOUNDED
    levels = {None: solid.outer[0]} if given or endless or not solid.known else _levels_over(solid, ground)
    _use(case, levels, over)
    own = None if volume.ground is None else Fraction(volume.ground)
    for level, (x, y) in levels.items():
        readings: tuple[Reading, ...] = ()
        lacking: tuple[str, ...] = ()
        if endless:
            readings = _read(Fraction(0), 0, part, Fraction(0), None)
        elif not solid.known:
            lacking = tuple(f"own_{item}" for item in solid.lacking)
        else:
            readings = _read(Fraction(solid.top), 0, part, Fraction(0) if given else own, level)
            lacking = () if readings else ("ground_level",)
        for surface in over:
            yield Cover(readings, surface.surface, surface.doubt, None, round(x), round(y), None, lacking)


def _levels_over(solid: Prism, ground: Ground) -> dict[GroundLevel | None, tuple[Number, Number]]:
    """Which ground levels count over a footprint, each with a place where it does.

    Looked for along the boundary of the footprint, in and along the areas over it, and at the spot heights in it.
    """
    places: dict[GroundLevel | None, tuple[Number, Number]] = {}
    for edge in solid.sides.axes:
        for low, _, level in ground.along(*_ends(edge)):
            places.setdefault(level, _at(edge, low))
    for level in ground.levels:
        inside = _places_of(level, solid, ground) if level.position is None else [level.position]
        for x, y in inside:
            if point_in_rings(x, y, solid.outer, solid.holes) >= 0 and ground.at(x, y) == level:
                places.setdefault(level, (x, y))
    return places


def _places_of(level: GroundLevel, solid: Prism, ground: Ground) -> Iterator[tuple[Number, Number]]:
    """Places of an area that may lie over a footprint: one inside it, and along its sides."""
    yield interior_point((level.outer, level.holes))
    for ring in (level.outer, *level.holes):
        for k, corner in enumerate(ring):
            side = Axis(*ring[k - 1], 0, *corner, 0)
            crossed = meetings(ring[k - 1], corner, (solid.outer, solid.holes))
            for low, high in pairwise(crossed):
                x, y = _at(side, (low + high) / 2)
                if point_in_rings(x, y, solid.outer, solid.holes) >= 0:
                    counts = [start for start, _, found in ground.along(ring[k - 1], corner) if found == level]
                    yield from (_at(side, max(low, start)) for start in counts if start < high)


def _use(case: Case, levels: Iterable[GroundLevel | None], over: Sequence[Above]) -> None:
    """Note what a cover rests on."""
    case.used.update(("ground_level", level.id) for level in levels if level is not None)
    case.used.update(("zone", name) for above in over for name in above.zones)


def _ends(p: Axis) -> tuple[Point, Point]:
    return (int(p.x0), int(p.y0)), (int(p.x1), int(p.y1))


def _at(p: Axis, f: Fraction) -> tuple[Number, Number]:
    return p.x0 + f * (p.x1 - p.x0), p.y0 + f * (p.y1 - p.y0)
