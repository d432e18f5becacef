"""How fast ground level sinks over a part, by zones of type ``subsidence``: where several lie over a place the fastest
counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from registry.core.boxes import Box
from registry.core.case import Case
from registry.core.model import Thing, Zone
from registry.core.polygons import contains, touch
from registry.core.solids import Prism
from registry.core.surfaces import Along, Doubt
from registry.core.zones import meeting_zone

#: The least in doubt first.
_BY_DOUBT: Final[tuple[Doubt | None, ...]] = (None, "possible_end", "possible")


@dataclass(frozen=True, slots=True)
class Sinking:
    """By how much ground level sinks in a year, thousandths of a mm (``None``: unknown), by which zone, and whether
    that lies there at all (``doubt``)."""

    rate: int | None
    doubt: Doubt | None = None
    zone: str | None = None


def sunk(rate: int, years: int) -> int:
    """By how much ground level sinks in so many years, mm, rounded up."""
    return -(-rate * years // 1000)


def sinking_along(along: Along, f: Fraction) -> tuple[Sinking, ...]:
    """How fast ground level sinks over a place along a segment, between two cuts of ``along``."""
    return _fastest(along.lying(f), along.unknown_at(f))


def sinking_over(case: Case, part: Thing, solid: Prism, zones: Sequence[tuple[Zone, Box]]) -> tuple[Sinking, ...]:
    """How fast ground level sinks over a volume. It is unknown too, unless one zone contains all of it."""
    footprint = (solid.outer, solid.holes)
    lying: list[tuple[Zone, Doubt | None]] = []
    for zone, _ in zones:
        if touch(footprint, (zone.outer, zone.holes)):
            lying.append((zone, None))
            case.used.add(("zone", zone.id))
        elif meeting_zone(case, part, zone, any_depth=True) is not None:
            lying.append((zone, "possible"))
    whole = any(contains((zone.outer, zone.holes), footprint) for zone, _ in zones)
    return _fastest(lying, not whole)


def _fastest(lying: Iterable[tuple[Zone, Doubt | None]], unknown: bool) -> tuple[Sinking, ...]:
    """Of the zones that surely lie there the fastest, and what is faster of those that may; of as fast ones the first
    by id. Last, where it is unknown, that."""
    lying = list(lying)
    found: list[Sinking] = []
    fastest = -1
    for doubt in _BY_DOUBT:
        rates = [(zone.rate, zone.id) for zone, why in lying if why == doubt and zone.rate is not None]
        rate, zone = min(rates, key=lambda item: (-item[0], item[1]), default=(-1, ""))
        if rate > fastest:
            found.append(Sinking(rate, doubt, zone))
            fastest = rate
    unknown = unknown or any(zone.rate is None for zone, _ in lying)
    return (*found, *([Sinking(None)] if unknown else []))
