"""Wire schemas of the smaller values: sizes, envelopes, uncertainties, periods, consents, relations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from marshmallow import ValidationError, fields, post_load, validates_schema

from registry.core.model import RELATIONS, Consent, Envelope, Period, Relation, Size, Uncertainty
from schemas.fields import (
    ID_PATTERN,
    MESSAGES,
    NO_ID,
    NO_WORKS_ID,
    WORKS_ID_PATTERN,
    Choice,
    Date,
    Flag,
    Identifier,
    Metres,
    PlanPoint,
    Text,
    WireSchema,
)
from schemas.metres import SIZE_RANGE, UNCERTAINTY_RANGE, WALL_RANGE, metres
from schemas.problems import NOT_AN_OBJECT, REQUIRED, UnknownKey, fault

#: For each form of ``size``: the keys that make it, shape, what it measures, the keys that may come with it.
_SIZE_FORMS: Final[tuple[tuple[tuple[str, ...], str, str, tuple[str, ...]], ...]] = (
    (("outer",), "round", "outer", ()),
    (("casing",), "round", "casing", ()),
    (("inner",), "round", "inner", ("wall",)),
    (("width", "height"), "rectangular", "outer", ()),
    (("inner_width", "inner_height"), "rectangular", "inner", ("wall", "shape")),
)
_SIZE_REMEDY: Final = (
    "Write one of {outer}, {casing}, {inner, wall}, {width, height}, {inner_width, inner_height, wall}, in metres."
)

#: Which kinds of target each relation may have, and which further properties.
RELATION_RULES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "replaces": (("asset",), ("left_in_ground", "removal_date")),
    "removes": (("asset",), ("left_in_ground", "removal_date")),
    "connects": (("asset", "part", "works"), ("point",)),
    "continues": (("asset", "part", "works"), ()),
    "inside": (("asset", "part"), ()),
    "uses": (("reservation",), ()),
    "shares_trench": (("asset", "part", "reservation", "works"), ("agreement",)),
}


class SizeField(fields.Field[Size]):
    """A cross-section in one of the forms of docs/formats.md; ``null`` is unknown."""

    default_error_messages = MESSAGES
    _length = Metres(SIZE_RANGE, up=True, allow_none=True)
    _wall = Metres(WALL_RANGE, up=True)
    _shape = Choice(("egg",))

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object) -> Size:
        if not isinstance(value, dict):
            raise ValidationError([NOT_AN_OBJECT])
        stated = [form for form in _SIZE_FORMS if any(key in value for key in form[0])]
        if len(stated) != 1:
            detail = "two sizes at once" if stated else "no size in it"
            raise fault("not_allowed", detail, _SIZE_REMEDY)
        keys, shape, measure, also = stated[0]
        found: dict[str, Any] = {}
        wrong: dict[str, Any] = {}
        for key in dict.fromkeys((*keys, *value)):
            try:
                found[key] = self._member(key, value, keys + also)
            except ValidationError as error:
                wrong[key] = error.messages
        if wrong:
            raise ValidationError(dict(wrong))
        width, height = found[keys[0]], found[keys[-1]]
        return Size(found.get("shape", shape), measure, width, height, found.get("wall"))  # type: ignore[arg-type]

    def _member(self, key: str, value: dict[str, object], allowed: tuple[str, ...]) -> object:
        if key not in allowed:
            raise ValidationError([UnknownKey(allowed)])
        if key not in value:
            raise ValidationError([REQUIRED])
        if key == "shape":
            return self._shape.deserialize(value[key], key, value)
        return (self._wall if key == "wall" else self._length).deserialize(value[key], key, value)

    def _serialize(
        self, value: Size | None, attr: str | None, obj: object, **_: object
    ) -> dict[str, Decimal | str | None] | None:
        if value is None:
            return None
        for keys, shape, measure, also in _SIZE_FORMS:
            shapes = (shape, "egg") if "shape" in also else (shape,)
            if value.shape not in shapes or value.measure != measure:
                continue
            if (shape == "round" and value.width != value.height) or (value.wall is not None and "wall" not in also):
                break
            wire: dict[str, Decimal | str | None] = {} if value.shape == shape else {"shape": value.shape}
            for key, length in zip(keys, (value.width, value.height), strict=False):
                wire[key] = None if length is None else metres(length)
            return wire if value.wall is None else wire | {"wall": metres(value.wall)}
        raise ValueError(f"the exchange format has no form for {value}")


class EnvelopeSchema(WireSchema):
    """``{"width", "height"}``."""

    width = Metres(SIZE_RANGE, up=True, required=True)
    height = Metres(SIZE_RANGE, up=True, required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_: object) -> Envelope:
        return Envelope(**data)


class UncertaintySchema(WireSchema):
    """``{"xy", "z"}``."""

    xy = Metres(UNCERTAINTY_RANGE, up=True, load_default=0)
    z = Metres(UNCERTAINTY_RANGE, up=True, load_default=0)

    @post_load
    def _make(self, data: dict[str, Any], **_: object) -> Uncertainty:
        return Uncertainty(**data)


class PeriodSchema(WireSchema):
    """``{"from", "to"}``, at least one of them; half-open."""

    start = Date(data_key="from")
    end = Date(data_key="to")

    @post_load
    def _make(self, data: dict[str, Any], **_: object) -> Period:
        start, end = data.get("start"), data.get("end")
        if start is None and end is None:
            raise fault("invalid_period", "a period without dates", "Give `from`, `to` or both.")
        if start is not None and end is not None and end <= start:
            remedy = "Let `to` be later than `from`; the day `to` itself is no longer in it."
            raise fault("invalid_period", f"ends ({end}) before or when it starts ({start})", remedy)
        return Period(start, end)


class ConsentSchema(WireSchema):
    """``{"holder", "document"}``."""

    holder = Text(required=True)
    document = Text(required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_: object) -> Consent:
        return Consent(**data)


class RelationSchema(WireSchema):
    """What a part says of another object."""

    kind = Choice(RELATIONS, data_key="type", required=True)
    target_kind = Choice(("asset", "reservation", "part", "works"), required=True)
    target = Identifier(required=True, works=True)
    point = PlanPoint()
    left_in_ground = Flag(load_default=False)
    removal_date = Date()
    agreement = Text()

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def _fits_its_type(self, data: dict[str, Any], original: object, **_: object) -> None:
        if not isinstance(original, dict) or "kind" not in data:
            return
        targets, own = RELATION_RULES[data["kind"]]
        wrong: dict[str, Any] = {}
        if data.get("target_kind", targets[0]) not in targets:
            remedy = f"`{data['kind']}` is said of: {', '.join(targets)}."
            wrong["target_kind"] = fault("not_allowed", "not a target of this relation", remedy).messages
        for key in ("point", "left_in_ground", "removal_date", "agreement"):
            if key in original and key not in own:
                owner = ", ".join(kind for kind, (_targets, extra) in RELATION_RULES.items() if key in extra)
                remedy = f"Leave it out; it belongs to {owner}."
                wrong[key] = fault("not_allowed", f"says nothing of `{data['kind']}`", remedy).messages
        if data["kind"] == "connects" and "point" not in original:
            wrong["point"] = [REQUIRED]
        target, of_works = data.get("target"), data.get("target_kind") == "works"
        if target is not None and not re.fullmatch(WORKS_ID_PATTERN if of_works else ID_PATTERN, target, re.ASCII):
            remedy = NO_WORKS_ID if of_works else NO_ID
            wrong["target"] = fault("not_allowed", "not an id", remedy).messages
        if wrong:
            raise ValidationError(wrong)

    @post_load
    def _make(self, data: dict[str, Any], **_: object) -> Relation:
        return Relation(**data)
