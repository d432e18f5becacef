"""Wire schemas of an application's header and of the properties of each kind of feature.

They load to the keyword arguments of the core's values, lengths in mm; geometry, and what a geometry is placed
with (levels, sizes), are put together in ``registry.formats``, for they need each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, validates_schema

from registry.core.model import OBJECT_KINDS, REGIMES, STRENGTHS, SURFACES, THEMES, ZONE_TYPES, Uncertainty
from schemas.fields import (
    Amount,
    Choice,
    Date,
    Identifier,
    Level,
    Levels,
    Listed,
    Metres,
    Object,
    Text,
    WireSchema,
    ZoneValue,
)
from schemas.metres import LEVEL_RANGE, UNCERTAINTY_RANGE, ZONE_RANGE
from schemas.problems import did_you_mean, fault
from schemas.values import (
    ConsentSchema,
    EnvelopeSchema,
    PeriodSchema,
    RelationSchema,
    SizeField,
    UncertaintySchema,
)


class PlacementSchema(WireSchema):
    """Levels and sizes: what makes a line, point or polygon a corridor, shaft or volume."""

    levels = Levels(nap=False, one_for_all=True, allow_none=True)
    level_of = Choice(("axis", "top", "bottom", "invert"), load_default="axis")
    level_reference = Choice(("nap", "ground"), load_default="nap")
    ground_levels = Levels()
    top = Level(allow_none=True)
    bottom = Level(allow_none=True)
    ground_level = Metres(LEVEL_RANGE)
    size = SizeField(allow_none=True)
    envelope = Object(EnvelopeSchema)


class ThingSchema(PlacementSchema):
    """What parts, reservations, assets and works have in common."""

    theme = Choice(THEMES, required=True)
    object_kind = Choice(OBJECT_KINDS, load_default="line")
    holder = Text(required=True)
    name = Text()
    uncertainty = Object(UncertaintySchema, load_default=Uncertainty())
    temporary = Object(PeriodSchema)
    temperature = Amount("°C", 3, 500, least=-50)
    discharge = Amount("l/s", 3, 1_000_000)
    storage = Amount("m³", 3, 10_000_000)
    surface_area = Amount("m²", 2, 10_000_000)


class PartSchema(ThingSchema):
    """Properties of a part; its holder is the applicant unless stated otherwise."""

    kind = Choice(("part",), required=True)
    holder = Text()
    relations = Listed(Object(RelationSchema), load_default=())


class ReservationSchema(ThingSchema):
    """Properties of a reservation."""

    kind = Choice(("reservation",), required=True)
    strength = Choice(STRENGTHS, required=True)
    beneficiary = Text()
    period = Object(PeriodSchema)
    review_date = Date()
    option_group = Text()
    shareable_with = Listed(Choice(THEMES), load_default=())
    legal_basis = Text()
    impaired_by = Listed(Text(), load_default=())


class AssetSchema(ThingSchema):
    """Properties of an asset."""

    kind = Choice(("asset",), required=True)
    status = Choice(("functional", "projected", "disused"), load_default="functional")
    source = Text()
    as_of = Date()
    quality = Text()
    disclosure = Choice(("public", "restricted", "secret"), load_default="public")
    contact = Text()
    removal_date = Date()
    notes = Listed(Text(), load_default=())


class WorksSchema(ThingSchema):
    """Properties of a part of another application; its holder is that application's applicant."""

    kind = Choice(("works",), required=True)
    application = Identifier(required=True)
    state = Choice(("granted", "open"), required=True)
    works_start = Date()
    filed_on = Date()


class GroundLevelSchema(WireSchema):
    """Properties of a ground level."""

    kind = Choice(("ground_level",), required=True)
    level = Metres(LEVEL_RANGE, required=True)
    basis = Choice(("existing", "design"), load_default="existing")
    as_of = Date()
    source = Text()
    uncertainty = Metres(UNCERTAINTY_RANGE, up=True, load_default=0)


class ZoneSchema(WireSchema):
    """Properties of a zone."""

    kind = Choice(("zone",), required=True)
    zone_type = Choice(ZONE_TYPES, required=True)
    value = ZoneValue(required=True)
    source = Text()
    top = Metres(ZONE_RANGE)
    bottom = Metres(ZONE_RANGE)
    rate = Amount("mm/year", 3, 1_000)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _goes_together(self, data: dict[str, Any], original: Mapping[str, object], **_: object) -> None:
        wrong: dict[str, Any] = {}
        zone_type, value = data.get("zone_type"), data.get("value")
        if zone_type == "surface" and value is not None and value not in SURFACES:
            hint = did_you_mean(value, SURFACES)
            remedy = f"{hint}Use one of: {', '.join(SURFACES)}."
            wrong["value"] = fault("not_allowed", "not a known surface", remedy).messages
        if zone_type == "surface":
            for key in ("top", "bottom"):
                if key in data:
                    remedy = "Leave it out: a surface lies at ground level."
                    wrong[key] = fault("not_allowed", "not of a surface", remedy).messages
        if zone_type is not None and zone_type != "subsidence" and "rate" in data:
            remedy = "Leave it out; it belongs to a zone of type subsidence."
            wrong["rate"] = fault("not_allowed", "not of this type of zone", remedy).messages
        if zone_type == "subsidence" and "rate" not in original:
            remedy = "Write by how many millimetres ground level sinks in a year."
            wrong["rate"] = fault("missing", "a zone of subsidence without a rate", remedy).messages
        top, bottom = data.get("top"), data.get("bottom")
        if top is not None and bottom is not None and top <= bottom:
            remedy = "Let `top` be higher than `bottom`; both are metres NAP."
            wrong["top"] = fault("out_of_range", "not above the bottom", remedy).messages
        if wrong:
            raise ValidationError(wrong)


class ApplicationSchema(WireSchema):
    """The header of an application: all but its parts."""

    id = Identifier(required=True)
    applicant = Text(required=True)
    regime = Choice(REGIMES, required=True)
    filed_on = Date()
    works_start = Date()
    title = Text()
    consents = Listed(Object(ConsentSchema), load_default=())


#: The schema of each kind's properties.
PROPERTIES: Final[Mapping[str, WireSchema]] = {
    "part": PartSchema(),
    "reservation": ReservationSchema(),
    "asset": AssetSchema(),
    "ground_level": GroundLevelSchema(),
    "zone": ZoneSchema(),
    "works": WorksSchema(),
}
PLACEMENT: Final = PlacementSchema()
APPLICATION: Final = ApplicationSchema()


def placement_keys() -> tuple[str, ...]:
    """The properties that place a geometry."""
    return tuple(PLACEMENT.load_fields)


def load_properties(kind: str, properties: Any) -> dict[str, Any]:
    """The properties of a feature of ``kind`` as keyword arguments. Raises ``ValidationError``."""
    loaded: dict[str, Any] = PROPERTIES[kind].load(properties)
    return loaded
