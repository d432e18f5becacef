"""Zones that parts meet: an area on the map, with a bottom and a top where it has them, compared as any volume is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from registry.core.case import Case
from registry.core.clash import Clash, find_clash
from registry.core.findings import Certainty
from registry.core.ground import Ground
from registry.core.model import Asset, Open, Thing, Uncertainty, Volume, Zone, ZoneType, kind_of
from registry.core.policy import Clearance
from registry.core.solids import MeasuredFrom, Solid, solid_of

_NO_GROUND = Ground((), 0)


def zones_of(case: Case, zone_type: ZoneType, values: Collection[str] | None = None) -> Iterator[Zone]:
    """The zones of a type near the case, with one of these values where they are given; in order of id."""
    return (z for z in case.zones if z.zone_type == zone_type and (values is None or z.value in values))


def zone_solid(zone: Zone, *, any_depth: bool = False) -> Solid:
    """The space a zone holds, between its bottom and top (``any_depth``: whatever these are)."""
    bottom, top = (Open.UNBOUNDED if level is None or any_depth else level for level in (zone.bottom, zone.top))
    volume = Volume(zone.outer, zone.holes, bottom, top, "nap")
    return solid_of(Asset(zone.id, "overig", "line", volume), _NO_GROUND, "envelope")


def meeting_zone(
    case: Case,
    part: Thing,
    zone: Zone,
    apart: int = 0,
    *,
    any_depth: bool = False,
    measured_from: MeasuredFrom = "casing",
) -> Clash | None:
    """Where a part, or what it replaces, lies in a zone or nearer to it in plan than ``apart`` (mm); ``None``: nowhere.

    Certain, possible (within the part's uncertainty) or undetermined (its depth or size is unknown, and matters). A
    zone that a part meets is added to what the verdict rests on.
    """
    return next(meetings_with_zone(case, part, zone, apart, any_depth=any_depth, measured_from=measured_from), None)


def meetings_with_zone(
    case: Case,
    part: Thing,
    zone: Zone,
    apart: int = 0,
    *,
    any_depth: bool = False,
    measured_from: MeasuredFrom = "casing",
) -> Iterator[Clash]:
    """As ``meeting_zone``, and after it where else the part meets the zone less certainly: one of each certainty."""
    bounded = not any_depth and (zone.bottom, zone.top) != (None, None)
    told: list[Certainty] = []
    mixed = True
    while mixed:
        # Several rules, and several questions of one, are about the same meeting.
        asked = (kind_of(part), part.id, replace(zone, top=None, bottom=None) if not bounded else zone, apart)
        key = (*asked, measured_from, *told)
        if key not in case.met:
            case.met[key] = _clash(case, part, zone, Clearance(apart, 0 if bounded else None), measured_from, told)
        clash = case.met[key]
        if clash is None:
            return
        case.used.add(("zone", zone.id))
        yield clash
        told.append(clash.certainty)
        mixed = clash.mixed


def _clash(
    case: Case, part: Thing, zone: Zone, clearance: Clearance, measured_from: MeasuredFrom, told: Sequence[Certainty]
) -> Clash | None:
    """Where a part meets a zone otherwise than was told."""
    solid = case.solid(part, measured_from)
    uncertainty = Uncertainty(part.uncertainty.xy, part.uncertainty.z + solid.extra_z)
    other = zone_solid(zone, any_depth=clearance.cv is None)
    return find_clash(solid, other, clearance, uncertainty, case.ruleset.reach, beside=told)
