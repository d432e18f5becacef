"""Cover along a part: from its top to ground level, piece by piece of one surface and one ground level."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from registry.core.boxes import Box
from registry.core.case import Case
from registry.core.cover_readings import Exact, Reading, Straight
from registry.core.elements import box_of
from registry.core.ground import Ground
from registry.core.ground_over import levels_over
from registry.core.kernels import Axis, Number
from registry.core.model import Geometry, GroundLevel, Line, Open, Point, Thing, Volume, Zone
from registry.core.sinking import Sinking, sinking_along, sinking_over, sunk
from registry.core.solids import Corridor, Prism, Solid, solid_of
from registry.core.surfaces import ANYWHERE, Above, Doubt, near_zones, surfaces_along, surfaces_over


@dataclass(frozen=True, slots=True)
class Cover:
    """Cover at an end of a piece of a part, and the surface over that piece (``None``: unknown, or not asked).

    ``readings`` holds one reading, or two where the part states ground level (the first) and another counts there too;
    none where cover is unknown: ``lacking`` says for want of what. ``doubt``: whether the surface lies there at all.
    ``sinking``: how fast ground level sinks there, where that is asked; several where it may be more than one.
    """

    readings: tuple[Reading, ...]
    surface: str | None
    doubt: Doubt | None
    chainage: int | None
    x: int
    y: int
    stretch: tuple[int, int] | None
    lacking: tuple[str, ...] = ()
    sinking: tuple[Sinking, ...] = ()

    @property
    def value(self) -> int | None:
        """The cover drawn, mm, rounded down; ``None``: unknown."""
        return self.readings[0].least if self.readings else None


def profile(
    case: Case, part: Thing, by_surface: bool, limits: Sequence[int] = (), years: int | None = None
) -> list[Cover]:
    """Cover at both ends of every piece of ``part``, under each surface over it; ``by_surface`` false: whatever lies
    on top. A piece ends where cover crosses one of the ``limits`` (mm), now or with ``years``, if these are given, by
    what the ground or the part sinks in them. The ground levels and zones looked at are added to ``case.used``.

    Ground level between vertices that state their own is taken as straight between them.
    """
    solid, given = case.joined(part, "casing"), _given(part)
    surfaces = [zone for zone in case.zones if zone.zone_type == "surface"]
    zones = near_zones(surfaces, solid.box, part.uncertainty.xy) if by_surface else None
    subsiding = [zone for zone in case.zones if zone.zone_type == "subsidence"]
    sinking = None if years is None else near_zones(subsiding, solid.box, part.uncertainty.xy)
    ground = case.ground.near(solid.box)
    if isinstance(solid, Prism):
        assert given is None or isinstance(given, Prism)
        return list(_of_volume(case, part, solid, given, ground, zones, sinking))
    assert given is None or isinstance(given, Corridor)
    return list(_of_corridor(case, part, solid, given, ground, zones, limits, sinking, years or 0))


def _given(part: Thing) -> Solid | None:
    """Where its cover was given, the part's casing counted from a ground level of 0."""
    geometry = part.geometry
    if geometry.level_reference == "nap":
        return None
    on_zero: Geometry
    if isinstance(geometry, Line):
        on_zero = replace(geometry, ground=(0,) * len(geometry.vertices))
    else:
        on_zero = replace(geometry, ground=0)
    return solid_of(replace(part, geometry=on_zero), Ground((), 0), "casing")


def _of_corridor(
    case: Case,
    part: Thing,
    solid: Corridor,
    given: Corridor | None,
    ground: Ground,
    zones: Sequence[tuple[Zone, Box]] | None,
    limits: Sequence[int],
    sinking: Sequence[tuple[Zone, Box]] | None,
    years: int,
) -> Iterator[Cover]:
    for segment in solid.segments:
        near = ground.near(box_of(segment))
        straight = Straight.of(part, solid, given, segment, near)
        above = ANYWHERE if zones is None else surfaces_along(solid, segment, zones, part.uncertainty.xy)
        below = None if sinking is None else surfaces_along(solid, segment, sinking, part.uncertainty.xy)
        levels = near.under(*_ends(segment.axis))
        cuts = {*above.cuts, *(f for low, high, _ in levels for f in (low, high))}
        cuts |= below.cuts if below is not None else set()
        for first, last in pairwise(sorted(cuts)):
            middle = (first + last) / 2
            found = next(level for start, end, level in levels if start <= middle <= end)
            over = above.at(middle)
            sinks = () if below is None else sinking_along(below, middle)
            _use(case, [found], over)
            case.used.update(("zone", zone.id) for zone, _ in (below.lying(middle) if below is not None else ()))
            crossings = straight.crossings(first, last, found, _later(limits, sinks, years))
            for low, high in pairwise(sorted({first, last, *crossings})):
                ends = [straight.at(f, found)[0] for f in (low, high)]
                _, lacking = straight.at(low, found)
                end = solid.chainage(segment.index, high) if high == last else solid.chainage_up(segment.index, high)
                for f, here in zip((low, high), ends, strict=True):
                    readings = tuple(map(Reading.of, here, *ends))
                    x, y = _at(segment.axis, f)
                    for surface in over:
                        yield Cover(
                            readings,
                            surface.surface,
                            surface.doubt,
                            None if solid.is_shaft else solid.chainage(segment.index, f),
                            round(x),
                            round(y),
                            None if solid.is_shaft else (solid.chainage(segment.index, low), end),
                            lacking,
                            sinks,
                        )


def _of_volume(
    case: Case,
    part: Thing,
    solid: Prism,
    given: Prism | None,
    ground: Ground,
    zones: Sequence[tuple[Zone, Box]] | None,
    sinking: Sequence[tuple[Zone, Box]] | None,
) -> Iterator[Cover]:
    """Cover of the top of a volume under every ground level that counts over it."""
    volume = part.geometry
    assert isinstance(volume, Volume)
    over = [Above(None)] if zones is None else surfaces_over(solid, zones)
    drawn = given or solid
    unread = volume.top is Open.UNBOUNDED or not drawn.known
    levels = {None: min(solid.outer)} if unread else levels_over(solid.outer, solid.holes, ground)
    known = [level for level in levels if level is not None]
    _use(case, levels, over)
    sinks = () if sinking is None else sinking_over(case, part, solid, sinking)
    for level, (x, y) in levels.items():
        exact: list[Exact] = []
        lacking: tuple[str, ...] = ()
        if volume.top is Open.UNBOUNDED:
            exact = [(Fraction(0), Fraction(part.uncertainty.z))]
        elif not drawn.known:
            lacking = tuple(f"own_{item}" for item in drawn.lacking)
        else:
            exact = _of_top(part, volume, solid, given, level, known)
            lacking = () if exact else ("ground_level",)
        readings = tuple(Reading.of(item, item, item) for item in exact)
        for surface in over:
            yield Cover(readings, surface.surface, surface.doubt, None, round(x), round(y), None, lacking, sinks)


def _of_top(
    part: Thing,
    volume: Volume,
    solid: Prism,
    given: Prism | None,
    level: GroundLevel | None,
    known: Sequence[GroundLevel],
) -> list[Exact]:
    """Cover of the top of a volume where a ground level counts, by what the part states and by that."""
    off, own = Fraction(part.uncertainty.z), volume.ground
    stated: list[Exact] = []
    if given is not None and (own is not None or level is None):
        stated = [(Fraction(-given.top, 2), off)]
    elif own is not None:
        stated = [(own - Fraction(solid.top, 2), off)]
    if level is None:
        return stated
    if given is None:
        off += level.uncertainty
    elif len(known) == 1:
        off += 0 if own is None else abs(own - level.level)
    else:
        off += solid.extra_z + level.uncertainty
    return [*stated, (level.level - Fraction(solid.top, 2), off)]


def _later(limits: Sequence[int], sinking: Sequence[Sinking], years: int) -> list[int]:
    """The limits, and those that come to the same once ground or part has sunk."""
    amounts = {sunk(one.rate, years) for one in sinking if one.rate is not None}
    return sorted({limit + sign * amount for limit in limits for amount in {0, *amounts} for sign in (-1, 1)})


def _use(case: Case, levels: Iterable[GroundLevel | None], over: Sequence[Above]) -> None:
    """Note what a cover rests on."""
    case.used.update(("ground_level", level.id) for level in levels if level is not None)
    case.used.update(("zone", name) for above in over for name in above.zones)


def _ends(p: Axis) -> tuple[Point, Point]:
    return (int(p.x0), int(p.y0)), (int(p.x1), int(p.y1))


def _at(p: Axis, f: Fraction) -> tuple[Number, Number]:
    return p.x0 + f * (p.x1 - p.x0), p.y0 + f * (p.y1 - p.y0)
