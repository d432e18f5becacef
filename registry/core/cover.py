"""Cover along a part: from its top to ground level, piece by piece of one surface and one ground level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import isqrt

from registry.core.case import Case
from registry.core.ground import Ground
from registry.core.kernels import Axis, Number, Ring, plan_nearest, point_in_rings
from registry.core.model import Geometry, GroundLevel, Line, Open, Part, Volume, Zone
from registry.core.polygons import contains, overlap_depth
from registry.core.solids import Corridor, Prism, Segment, solid_of


@dataclass(frozen=True, slots=True)
class Cover:
    """Cover (mm, rounded down; ``None`` unknown) at an end of a piece of a part, and the surface over that piece."""

    value: int | None
    surface: str | None
    chainage: int | None
    x: int
    y: int
    stretch: tuple[int, int] | None
    lacking: tuple[str, ...] = ()


def profile(case: Case, part: Part, surfaces: set[str | None]) -> list[Cover]:
    """Cover at both ends of every piece of ``part``; the surface is one of ``surfaces``, else ``None`` (any).

    Ground level between vertices that state their own is taken as straight between them.
    """
    line = part.geometry
    solid = case.solid(part, "casing")
    if isinstance(solid, Prism):
        return _of_volume(case, part, solid, surfaces)
    relative = False
    if isinstance(line, Line) and line.level_reference == "ground":
        # Cover was given: counted from a ground level of 0, no ground level is needed.
        on_zero = replace(part, geometry=replace(line, ground=(0,) * len(line.vertices)))
        flat = solid_of(on_zero, Ground((), 0), "casing")
        assert isinstance(flat, Corridor)
        solid, relative = flat, True
    zones = [zone for zone in case.zones if zone.value in surfaces]
    areas = [level for level in case.ground.levels if level.outer]
    covers: list[Cover] = []
    for segment in solid.segments:
        stated = relative or segment.upright or _states_ground(line, segment)
        spots = [] if stated else _near_spots(case, segment)
        covers += [] if stated else _out_of_reach(case, solid, segment, spots, areas, zones)
        cuts = sorted({*_cuts(segment, [*zones, *areas]), *(foot for foot, _ in spots)})
        for low, high in pairwise(cuts):
            middle = _at(segment, (low + high) / 2)
            surface = _surface(case, zones, middle)
            stretch = (solid.chainage(segment.index, low), solid.chainage(segment.index, high))
            for f in (low, high):
                x, y = _at(segment, f)
                chainage = None if solid.is_shaft else solid.chainage(segment.index, f)
                ground = Fraction(0) if relative else _ground(case, line, segment, f, middle)
                value, lacking = _cover(solid, segment, f, ground)
                covers.append(
                    Cover(value, surface, chainage, round(x), round(y), None if solid.is_shaft else stretch, lacking)
                )
    return covers


def _states_ground(line: Geometry, segment: Segment) -> bool:
    """Whether the object itself states ground level at both ends of a segment."""
    return isinstance(line, Line) and bool(line.ground) and None not in line.ground[segment.index : segment.index + 2]


def _near_spots(case: Case, segment: Segment) -> list[tuple[Fraction, tuple[Fraction, Fraction]]]:
    """Of every spot height that counts somewhere along a segment: where it is nearest, and from where to where it
    counts, as fractions (rounded inward to a thousandth of a millimetre)."""
    p, within, found = segment.axis, case.ground.within, []
    ux, uy = p.x1 - p.x0, p.y1 - p.y0
    length = ux * ux + uy * uy
    for level in case.ground.levels:
        if level.position is None:
            continue
        wx, wy = level.position[0] - p.x0, level.position[1] - p.y0
        middle, off = Fraction(wx * ux + wy * uy) / length, Fraction((wx * uy - wy * ux) ** 2) / length
        if off > within**2:
            continue
        half = Fraction(isqrt(int((within**2 - off) * 1_000_000)), isqrt(int(length * 1_000_000)) + 1)
        low, high = max(middle - half, Fraction(0)), min(middle + half, Fraction(1))
        if low <= high:
            found.append((min(max(middle, Fraction(0)), Fraction(1)), (low, high)))
    return found


def _out_of_reach(
    case: Case,
    solid: Corridor,
    segment: Segment,
    spots: list[tuple[Fraction, tuple[Fraction, Fraction]]],
    areas: list[GroundLevel],
    zones: list[Zone],
) -> list[Cover]:
    """The pieces where no spot height counts and no area gives the ground: cover is unknown there."""
    edges = sorted({*_cuts(segment, [*areas, *zones]), *(end for _, ends in spots for end in ends)})
    unknown = []
    for low, high in pairwise(edges):
        middle = (low + high) / 2
        x, y = _at(segment, middle)
        counted = any(ends[0] <= middle <= ends[1] for _, ends in spots)
        start, end = solid.chainage(segment.index, low), solid.chainage(segment.index, high)
        if end > start + 1 and not counted and case.ground.at(x, y) is None:
            surface = _surface(case, zones, (x, y))
            unknown.append(Cover(None, surface, start, round(x), round(y), (start, end), ("ground_level",)))
    return unknown


def _of_volume(case: Case, part: Part, solid: Prism, surfaces: set[str | None]) -> list[Cover]:
    """Cover of a volume: of its top under ground level at its corners and at every spot height above it."""
    volume = part.geometry
    assert isinstance(volume, Volume)
    if volume.top is Open.UNBOUNDED:
        return []
    footprint = (solid.outer, solid.holes)
    zones = [z for z in case.zones if z.value in surfaces and overlap_depth(footprint, (z.outer, z.holes))[0] > 0]
    case.used.update(("zone", zone.id) for zone in zones)
    inside = any(contains((zone.outer, zone.holes), footprint) for zone in zones)
    spots = [level.position for level in case.ground.levels if level.position is not None]
    places = [*solid.outer, *(spot for spot in spots if point_in_rings(*spot, solid.outer, solid.holes) >= 0)]
    covers = []
    for surface in [*sorted({zone.value for zone in zones}), *([] if inside else [None])]:
        for x, y in places:
            value: int | None = None
            lacking: tuple[str, ...] = ()
            if volume.level_reference == "ground" and isinstance(volume.top, int):
                value = volume.top
            elif not solid.known:
                lacking = tuple(f"own_{item}" for item in solid.lacking)
            elif (ground := _ground_over(case, volume, x, y)) is None:
                lacking = ("ground_level",)
            else:
                value = (2 * ground - solid.top) // 2
            covers.append(Cover(value, surface, None, x, y, None, lacking))
    return covers


def _ground_over(case: Case, volume: Volume, x: int, y: int) -> int | None:
    if volume.ground is not None:
        return volume.ground
    found = case.ground.at(x, y)
    if found is not None:
        case.used.add(("ground_level", found.id))
    return None if found is None else found.level


def _cover(
    solid: Corridor, segment: Segment, f: Fraction, ground: Fraction | None
) -> tuple[int | None, tuple[str, ...]]:
    if not segment.known or solid.height is None:
        return None, tuple(f"own_{item}" for item in solid.lacking)
    if ground is None:
        return None, ("ground_level",)
    z0, z1 = segment.axis.z0, segment.axis.z1
    top = max(z0, z1) if segment.upright else z0 + f * (z1 - z0)
    return int((2 * ground - top - solid.height) // 2), ()


def _ground(case: Case, line: object, segment: Segment, f: Fraction, middle: tuple[Number, Number]) -> Fraction | None:
    if isinstance(line, Line) and line.ground:
        g0, g1 = line.ground[segment.index], line.ground[segment.index + 1]
        if g0 is not None and g1 is not None:
            return g0 + f * (g1 - g0)
    found = case.ground.at(*middle)
    if found is None or not found.outer:
        found = case.ground.at(*_at(segment, f))
    if found is None:
        return None
    case.used.add(("ground_level", found.id))
    return Fraction(found.level)


def _surface(case: Case, zones: list[Zone], point: tuple[Number, Number]) -> str | None:
    for zone in zones:
        if point_in_rings(*point, zone.outer, zone.holes) > 0:
            case.used.add(("zone", zone.id))
            return zone.value
    return None


def _cuts(segment: Segment, areas: Iterable[Zone | GroundLevel]) -> list[Fraction]:
    """Where along the segment an area may begin or end: its ends, and where it meets a side of an area."""
    cuts = {Fraction(0), Fraction(1)}
    p = segment.axis._replace(z0=0, z1=0)
    if segment.upright:
        return sorted(cuts)
    for area in areas:
        for ring in (area.outer, *area.holes):
            cuts.update(_meetings(p, ring))
    return sorted(cuts)


def _meetings(p: Axis, ring: Ring) -> Iterable[Fraction]:
    for k, corner in enumerate(ring):
        near = plan_nearest(p, Axis(*ring[k - 1], 0, *corner, 0), None)
        if near is not None and near.num == 0:
            yield near.s


def _at(segment: Segment, f: Fraction) -> tuple[Number, Number]:
    p = segment.axis
    return p.x0 + f * (p.x1 - p.x0), p.y0 + f * (p.y1 - p.y0)
