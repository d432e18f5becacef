"""Wire schemas of the frame around the features: the collection, its coordinate system, one feature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields

from registry.core.errors import Problem
from schemas.fields import MESSAGES, Choice, Identifier, Text, Whatever, WireSchema
from schemas.problems import as_written, fault

CRS_URN: Final = "urn:ogc:def:crs:EPSG::7415"
CRS: Final[Mapping[str, object]] = {"type": "name", "properties": {"name": CRS_URN}}
_CRS_REMEDY: Final = f'Write "crs": {{"type": "name", "properties": {{"name": "{CRS_URN}"}}}}.'


class CrsField(fields.Field[str]):
    """EPSG:7415, stated; nothing is transformed and nothing is guessed."""

    default_error_messages = MESSAGES | {"required": [Problem("missing", "`crs` is missing", _CRS_REMEDY)]}

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object) -> str:
        named = value.get("properties") if isinstance(value, dict) else None
        name = named.get("name") if isinstance(named, dict) else value
        if not isinstance(name, str):
            raise fault("unsupported_crs", "no name of a coordinate system", _CRS_REMEDY)
        written = as_written(name)
        code = name.replace("/", ":").rpartition(":")[2]
        if code == "28992":
            raise fault(
                "unsupported_crs", "heights are missing in this system", f"Use EPSG:7415. {_CRS_REMEDY}", written
            )
        if code in ("CRS84", "CRS84h", "4326", "4979", "4258", "4937"):
            remedy = f"Transform the coordinates to RD New with NAP heights. {_CRS_REMEDY}"
            raise fault("unsupported_crs", "a system in degrees", remedy, written)
        if name not in (CRS_URN, "EPSG:7415"):
            raise fault("unsupported_crs", "not EPSG:7415", _CRS_REMEDY, written)
        if value != {"type": "name", "properties": {"name": name}}:
            raise fault("unsupported_crs", "not written as a named crs", _CRS_REMEDY)
        return name


class CollectionSchema(WireSchema):
    """The members of a file; application and features are loaded by their own schemas."""

    type = Choice(("FeatureCollection",), required=True)
    crs = CrsField(required=True)
    name = Text()
    application = Whatever()
    features = Whatever(required=True)


class FeatureSchema(WireSchema):
    """The members of a feature; geometry and properties are loaded on their own."""

    type = Choice(("Feature",), required=True)
    id = Identifier(required=True, works=True)
    geometry = Whatever(required=True, allow_none=True)
    properties = Whatever(required=True, allow_none=True)


COLLECTION: Final = CollectionSchema()
FEATURE: Final = FeatureSchema()
