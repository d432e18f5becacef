"""Wire schemas of what is said with an act: why, by which document, and what the act itself needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, fields, validates_schema

from registry.core.model import STRENGTHS
from registry.core.regimes import DECISION_KINDS
from schemas.fields import MESSAGES, Choice, Date, Identifier, Listed, Object, Text, Whatever, WireSchema
from schemas.problems import fault
from schemas.values import PeriodSchema

SHA256_PATTERN: Final = r"[0-9a-f]{64}"


class Sha256(fields.Field[str]):
    """The sha256 of something, 64 hexadecimal digits, lower case."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object) -> str:
        if not isinstance(value, str):
            raise fault("wrong_type", "not text", 'Write text between double quotes: "…".')
        if len(value) != 64 or not set(value) <= set("0123456789abcdef"):
            raise fault("not_allowed", "not a sha256", "Write 64 of 0-9 a-f.")
        return value


class ReasonSchema(WireSchema):
    """Why, and the document that says so. Which of them an act needs, the register says."""

    reason = Text()
    document = Text()


class RequiredReasonSchema(WireSchema):
    """Why, and the document that says so, where there is one."""

    reason = Text(required=True)
    document = Text()


class SettledSchema(WireSchema):
    """How a clash with another reservation is settled; what was recorded before need not be named again."""

    other = Identifier(required=True)
    reason = Text(required=True)
    document = Text(required=True)


class AcceptSchema(ReasonSchema):
    """The acceptance of a reservation: agreements of both holders, and duties to solve a crossing in design."""

    agreements = Listed(Object(SettledSchema), load_default=())
    duties = Listed(Object(SettledSchema), load_default=())


class RaiseSchema(AcceptSchema):
    """A higher strength."""

    strength = Choice(STRENGTHS, required=True)


class AmendSchema(AcceptSchema):
    """What an accepted reservation is to state from now on: a feature with its ``crs``, as it is filed; and what
    settles clashes of that, as in an acceptance."""

    feature = Whatever(required=True)


class ExtendSchema(ReasonSchema):
    """A later review date, or another period."""

    review_date = Date()
    period = Object(PeriodSchema)

    @validates_schema(skip_on_field_errors=True)
    def _says_something(self, data: Mapping[str, Any], **_: object) -> None:
        if "review_date" not in data and "period" not in data:
            raise ValidationError(fault("missing", "nothing to extend to", "Add `review_date` or `period`.").messages)


class ReduceSchema(AcceptSchema):
    """What remains of a reservation of which a part is released: a feature with its ``crs``; and what settles clashes
    of that, as in an acceptance."""

    remaining = Whatever(required=True)


class SupplySchema(WireSchema):
    """An application as completed: a collection."""

    application = Whatever(required=True)


class BuiltSchema(ReasonSchema):
    """When works were finished; today where nothing is said."""

    built_on = Date()


class WeighedSchema(WireSchema):
    """A reservation the grant goes against, why its holder's interest gives way, and where that is written."""

    reservation = Identifier(required=True)
    reason = Text(required=True)
    document = Text(required=True)


class DecisionSchema(ReasonSchema):
    """The officer's decision, on a verdict that is named."""

    verdict = Sha256(required=True)
    kind = Choice(DECISION_KINDS, required=True)
    conditions = Listed(Text(), load_default=())
    weighed = Listed(Object(WeighedSchema), load_default=())


class NamedSchema(WireSchema):
    """A reservation or an application, by name."""

    kind = Choice(("reservation", "application"), required=True)
    id = Identifier(required=True)


class AgreementSchema(WireSchema):
    """That two holders agree to a clash between what is theirs, or have the duty to solve a crossing in design."""

    kind = Choice(("agreement", "duty"), required=True)
    a = Object(NamedSchema, required=True)
    b = Object(NamedSchema, required=True)
    reason = Text(required=True)
    document = Text(required=True)
