"""Small valid features and files in the exchange format, for tests to spoil."""

from __future__ import annotations

import copy
import json
from typing import Any

CRS: dict[str, Any] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::7415"}}
APPLICATION: dict[str, Any] = {"id": "app-1", "applicant": "Waternet", "regime": "permit", "works_start": "2025-01-01"}
LINE: dict[str, Any] = {"type": "LineString", "coordinates": [[155000.0, 463000.0], [155050.0, 463000.0]]}
POINT: dict[str, Any] = {"type": "Point", "coordinates": [155000.0, 463000.0]}
SQUARE: list[list[float]] = [
    [155000.0, 463000.0],
    [155010.0, 463000.0],
    [155010.0, 463010.0],
    [155000.0, 463010.0],
    [155000.0, 463000.0],
]
POLYGON: dict[str, Any] = {"type": "Polygon", "coordinates": [SQUARE]}


def feature(id_: str, geometry: object, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "id": id_, "geometry": copy.deepcopy(geometry), "properties": properties}


def line(*positions: Any) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": list(positions)}


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def part(id_: str = "part-1", geometry: object = LINE, **changes: object) -> dict[str, Any]:
    usual = {"kind": "part", "theme": "rioolVrijverval", "levels": -2.0, "size": {"outer": 0.4}}
    return feature(id_, geometry, **_without_absent(usual | changes))


def reservation(id_: str = "res-1", geometry: object = LINE, **changes: object) -> dict[str, Any]:
    usual = {
        "kind": "reservation",
        "theme": "warmte",
        "holder": "Gemeente",
        "strength": "planned",
        "levels": -1.0,
        "level_of": "top",
        "envelope": {"width": 1.23, "height": 0.315},
    }
    return feature(id_, geometry, **_without_absent(usual | changes))


def asset(id_: str = "asset-1", geometry: object = LINE, **changes: object) -> dict[str, Any]:
    usual = {"kind": "asset", "theme": "rioolVrijverval", "holder": "Gemeente"}
    return feature(id_, geometry, **_without_absent(usual | changes))


def works(id_: str = "A-2/part-1", geometry: object = LINE, **changes: object) -> dict[str, Any]:
    usual = {"kind": "works", "theme": "water", "holder": "Waterbedrijf", "application": "A-2", "state": "granted"}
    return feature(id_, geometry, **_without_absent(usual | {"levels": -2.0, "size": {"outer": 0.4}} | changes))


def ground(id_: str = "ground-1", geometry: object = POINT, **changes: object) -> dict[str, Any]:
    return feature(id_, geometry, **_without_absent({"kind": "ground_level", "level": 0.0} | changes))


def zone(id_: str = "zone-1", geometry: object = POLYGON, **changes: object) -> dict[str, Any]:
    usual = {"kind": "zone", "zone_type": "surface", "value": "footway"}
    return feature(id_, geometry, **_without_absent(usual | changes))


def collection(*features: object, application: object = None, **members: object) -> dict[str, Any]:
    """A file's data; ``application`` is added by itself where a part is among ``features``."""
    data: dict[str, Any] = {"type": "FeatureCollection", "crs": CRS}
    if application is None and any(isinstance(item, dict) and _kind(item) == "part" for item in features):
        application = APPLICATION
    if application is not None:
        data["application"] = application
    return _without_absent(data | {"features": list(features)} | members)


def encoded(*features: object, **members: object) -> bytes:
    return json.dumps(collection(*features, **members)).encode()


def _kind(item: dict[str, Any]) -> object:
    properties = item.get("properties")
    return properties.get("kind") if isinstance(properties, dict) else None


def _without_absent(data: dict[str, Any]) -> dict[str, Any]:
    """``...`` stands for: leave this key out."""
    return {key: value for key, value in data.items() if value is not ...}
