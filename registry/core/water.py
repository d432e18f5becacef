"""How much water an application discharges and stores in zones, and what was discharged there by what it replaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from registry.core.case import Case
from registry.core.clash import Clash
from registry.core.findings import Certainty
from registry.core.model import STANDING, Asset, Part, Shaft, Thing, Zone, kind_of
from registry.core.relations import Relied
from registry.core.standing import at_a_place
from registry.core.zones import meeting_zone

#: What is not known for want of a size may be certain; what is uncertain may not.
_SUREST: Final[tuple[Certainty, ...]] = ("certain", "undetermined", "possible", "possible_end")


@dataclass(frozen=True, slots=True)
class Balance:
    """What parts discharge (ml/s), what those discharged that they replace, and what is stored in their place (litres).

    What is not stated is left out, and named in ``lacking``.
    """

    discharge: int
    before: int
    stored: int
    lacking: frozenset[str]


def surest_meeting(case: Case, thing: Thing, zones: Iterable[Zone]) -> Clash | None:
    """Where a thing lies in one of the zones, at any depth, as surely as it does in any; ``None``: in none."""
    found = [clash for zone in zones if (clash := meeting_zone(case, thing, zone, any_depth=True)) is not None]
    return min(found, key=lambda clash: _SUREST.index(clash.certainty), default=None)


def balance(case: Case, relied: Relied, parts: Sequence[Part], zones: Sequence[Zone]) -> Balance:
    """Of those parts, which lie in the zones; and of what all of the application stores there.

    Parts that are joined, by what they say of each other or of what lies there, carry the same water: the most that one
    of them discharges counts. What is not joined adds up. What an asset that goes discharged counts once, where it
    surely lay in the zones.
    """
    lacking: set[str] = set()
    discharge = before = 0
    counted: set[str] = set()
    standing = _standing(case)
    for together in _joined(case, relied, parts):
        discharge += max(part.discharge or 0 for part in together)
        if any(part.discharge is None and part.id not in standing for part in together):
            lacking.add("own_discharge")
        old = [asset for part in together for asset in relied.replaced.get(part.id, ()) if asset.id not in counted]
        old = [asset for asset in old if _makes_room(case, relied, asset, zones)]
        counted |= {asset.id for asset in old}
        before += max((asset.discharge or 0 for asset in old), default=0)
        if any(asset.discharge is None and asset.object_kind not in STANDING for asset in old):
            lacking.add("discharge")
    return Balance(discharge, before, _stored(case, relied, parts, zones, lacking), frozenset(lacking))


def _standing(case: Case) -> set[str]:
    """The parts (ids) through which water only passes: what stands at a place, and is not merely called so."""
    called = [part for part in case.parts if part.object_kind in STANDING]
    compact = at_a_place({part.id: case.solid(part, "casing") for part in called})
    return {part.id for part in called if isinstance(part.geometry, Shaft) or part.id in compact}


def _makes_room(case: Case, relied: Relied, asset: Asset, zones: Sequence[Zone]) -> bool:
    """Whether an asset works until now, goes, and surely lies in the zones."""
    if asset.id not in relied.gone or asset.status != "functional" or not case.there_until_works(asset):
        return False
    met = surest_meeting(case, asset, zones)
    return met is not None and met.certainty == "certain"


def _stored(
    case: Case, relied: Relied, parts: Sequence[Part], zones: Sequence[Zone], lacking: set[str]
) -> int:
    """What all parts store that surely lie in the zones, as long as these ``parts`` discharge; less what goes that
    stored there."""
    stored = 0
    for part in case.parts:
        if part.storage is None and part.theme != "water_storage":
            continue
        if not all(case.there_throughout(part, other) for other in parts):
            continue
        met = surest_meeting(case, part, zones)
        if met is not None and met.certainty == "certain":
            stored += part.storage or 0
            if part.storage is None:
                lacking.add("own_storage")
    for name in sorted(relied.gone):
        asset = case.known[("asset", name)]
        stores = asset.storage is not None or asset.theme == "water_storage"
        if stores and surest_meeting(case, asset, zones) is not None:
            stored -= asset.storage or 0
            if asset.storage is None:
                lacking.add("storage")
    return stored


def _joined(case: Case, relied: Relied, parts: Sequence[Part]) -> list[list[Part]]:
    """The parts in groups that are joined, also by way of other parts and of what lies there."""
    groups: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for part in case.parts:
        joined = {("part", part.id), *((kind_of(target), target.id) for _, _, target, _ in relied.joints[part.id])}
        for name in list(joined):
            joined |= groups.get(name, set())
        for name in joined:
            groups[name] = joined
    found: dict[int, list[Part]] = {}
    for part in parts:
        found.setdefault(id(groups[("part", part.id)]), []).append(part)
    return list(found.values())
