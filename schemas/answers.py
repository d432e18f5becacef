"""Wire schemas of what the API answers. They dump; nothing is read by them. What is not known is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from marshmallow import RAISE, Schema, fields, post_dump

from registry.core.effects import EFFECTS
from registry.core.model import REGIMES
from registry.core.topics import TOPICS
from schemas.acts import SHA256_PATTERN
from schemas.fields import ID_PATTERN

_ID: Final = {"pattern": f"^{ID_PATTERN}$"}
_SHA256: Final = {"pattern": f"^{SHA256_PATTERN}$"}


class AnswerSchema(Schema):
    """An object of which every member is known."""

    class Meta:
        unknown = RAISE

    @post_dump
    def _leave_out_unknown(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return {key: value for key, value in data.items() if value is not None}


class Moment(fields.Field[datetime]):
    """A moment, in UTC. The database may keep it without saying that it is."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: object, **_: object) -> str | None:
        if value is None:
            return None
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Day(fields.Field[date]):
    """A day, or the text of one."""

    def _serialize(self, value: date | str | None, attr: str | None, obj: object, **_: object) -> str | None:
        return None if value is None else str(value)[:10]


class Described(fields.Raw):
    """Plain data of which another schema, ``named``, says what it holds."""

    def __init__(self, named: str, **options: Any):
        self.named = named
        super().__init__(**options)


def _id(**options: Any) -> fields.String:
    return fields.String(metadata=_ID, **options)


def _sha256(**options: Any) -> fields.String:
    return fields.String(metadata=_SHA256, **options)


def _links() -> fields.Field[Any]:
    described = {"description": "By what it is of this, the path of something else."}
    return fields.Dict(keys=fields.String(), values=fields.String(), required=True, metadata=described)


class HeadSchema(AnswerSchema):
    """Something of the register as it now stands. ``revision`` is what If-Match names."""

    id = _id(required=True)
    revision = fields.Integer(required=True)
    state = fields.String(required=True)
    sha256 = _sha256(required=True)
    recorded_at = Moment(required=True)
    links = _links()


class NoticeSchema(AnswerSchema):
    """Notice of the end of a reservation: so many ``days`` before it."""

    days = fields.Integer(required=True)
    given_on = Day(required=True)


class LifeSchema(AnswerSchema):
    """How a live reservation stands today. ``review_on``: until when it is to be looked over. ``lapses_on``: when it
    lapses, should nobody extend it; later than ``ends_on`` where notice of that came late. Without one it does not."""

    review_on = Day()
    review_overdue = fields.Boolean(required=True)
    ends_on = Day()
    lapses_on = Day()
    notices = fields.List(fields.Nested(NoticeSchema), required=True)
    extensions = fields.Integer(required=True)
    extensions_left = fields.Integer()


class ReservationSchema(HeadSchema):
    """A reservation. ``life`` is there while it is accepted."""

    feature = Described("Feature", required=True)
    life = fields.Nested(LifeSchema)


class ApplicationSummarySchema(HeadSchema):
    """An application, without its parts."""

    applicant = fields.String(required=True)
    regime = fields.String(required=True, metadata={"enum": list(REGIMES)})
    title = fields.String()
    due_on = Day()


class ApplicationSchema(ApplicationSummarySchema):
    """An application. ``job`` is the check that was asked for; its verdict will be where ``links`` says."""

    collection = Described("Exchange", required=True)
    job = fields.String()


class RevisionSchema(AnswerSchema):
    """What was done, by whom and why; ``value`` is what was stated since."""

    revision = fields.Integer(required=True)
    state = fields.String(required=True)
    action = fields.String(required=True)
    actor = fields.String(required=True)
    organisation = fields.String(required=True)
    role = fields.String(required=True)
    reason = fields.String()
    document = fields.String()
    sha256 = _sha256(required=True)
    valid_from = Day()
    valid_to = Day()
    recorded_at = Moment(required=True)


class IdentitySchema(AnswerSchema):
    """A version of policy, by its content."""

    id = fields.String(required=True)
    version = fields.String(required=True)
    sha256 = _sha256(required=True)


class VerdictSummarySchema(AnswerSchema):
    """A verdict: which, on what, by which rules, and what came of it. ``current``: it stands for the application.

    ``renewal``: something changed since, and the check of that is ``queued``, ``running`` or ``parked`` (set aside).
    """

    sha256 = _sha256(required=True)
    application = _id(required=True)
    application_revision = fields.Integer(required=True)
    ruleset = fields.Nested(IdentitySchema, required=True)
    outcome = Described("Outcome", required=True)
    current = fields.Boolean(required=True)
    renewal = fields.String(metadata={"enum": ["queued", "running", "parked"]})
    judged_at = Moment(required=True)
    links = _links()


class EffectSchema(AnswerSchema):
    """What a verdict means for a topic, and the rules that say so. ``untouched``: no effect."""

    topic = fields.String(required=True, metadata={"enum": list(TOPICS)})
    effect = fields.String(required=True, metadata={"enum": list(EFFECTS)})
    rules = fields.List(_id(), required=True)


def _effects() -> fields.Field[Any]:
    described = "Of every topic, also those it does not touch; outside the hash. Empty of verdicts from before."
    return fields.List(fields.Nested(EffectSchema), required=True, metadata={"description": described})


class InForceSchema(IdentitySchema):
    """The version of policy in force on the day of the decision (``decided_on``), else today, where a verdict was
    judged by another."""

    since = Day(required=True)
    decided_on = Day()


class VerdictSchema(VerdictSummarySchema):
    """A verdict with all it says; ``sha256`` is taken over ``verdict``. ``in_force``: another version of policy than
    the one it was judged by, which is in force by now."""

    in_force = fields.Nested(InForceSchema)
    verdict = Described("Verdict", required=True)
    effects = _effects()


class WhatIfSchema(AnswerSchema):
    """What the verdict would be. Nothing was filed or kept."""

    sha256 = _sha256(required=True)
    verdict = Described("Verdict", required=True)
    effects = _effects()


class WeighedSchema(AnswerSchema):
    """A reservation that was weighed."""

    reservation = _id(required=True)
    reason = fields.String(required=True)
    document = fields.String(required=True)


class DecisionSchema(AnswerSchema):
    """A decision, and the revision and state of the application that came of it."""

    id = _id(required=True)
    application = _id(required=True)
    revision = fields.Integer(required=True)
    state = fields.String(required=True)
    verdict = _sha256(required=True)
    kind = fields.String(required=True)
    reason = fields.String()
    document = fields.String()
    conditions = fields.List(fields.String(), required=True)
    weighed = fields.List(fields.Nested(WeighedSchema), required=True)
    organisation = fields.String(required=True)
    recorded_at = Moment(required=True)
    links = _links()


class RestsOnSchema(AnswerSchema):
    """What told what a version would change, and how much had changed since when it was published, or has by now."""

    id = fields.String(required=True)
    changes_since = fields.Integer(required=True)


class RulesetSummarySchema(IdentitySchema):
    """A stored version of policy; in force only once published, by another person than stored it.

    ``what_if_state``: whether what it would change was told before it was published, or is by now: ``none``, not;
    ``outdated``: yes, but the register has changed since, so that an outcome may be another; ``current``: yes.
    """

    title_nl = fields.String(required=True)
    title_en = fields.String(required=True)
    municipality = fields.String(required=True)
    effective_from = Day(required=True)
    stored_by = fields.String(required=True)
    stored_at = Moment(required=True)
    published_by = fields.String()
    published_at = Moment()
    what_if_state = fields.String(required=True, metadata={"enum": ["none", "outdated", "current"]})
    what_if = fields.Nested(RestsOnSchema)
    links = _links()


class RulesetSchema(RulesetSummarySchema):
    """A stored version with the text it was read from."""

    source_text = fields.String(required=True)


class ImportSchema(AnswerSchema):
    """What an import did."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    sha256 = _sha256(required=True)
    read = fields.Integer(required=True)
    added = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    organisation = fields.String(required=True)
    recorded_at = Moment(required=True)


class ChangeSchema(AnswerSchema):
    """Something that happened. ``told``: the organisations it concerns besides the holder. Of a `notice` it has by how
    many ``days`` it precedes the end, of that and of `lapse` ``ends_on``, and of `review_overdue` ``review_on``."""

    seq = fields.Integer(required=True)
    kind = fields.String(required=True)
    id = fields.String(required=True)
    revision = fields.Integer()
    action = fields.String(required=True)
    organisation = fields.String(required=True)
    told = fields.List(fields.String(), required=True)
    days = fields.Integer()
    ends_on = Day()
    lapses_on = Day()
    review_on = Day()
    recorded_at = Moment(required=True)
    links = _links()


class JobSchema(AnswerSchema):
    """Something to be done in the background. ``parked``: it failed too often, and someone has to look at it."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    subject = fields.String(required=True)
    state = fields.String(required=True)
    attempt = fields.Integer(required=True)
    error = fields.String()
    created_at = Moment(required=True)
    finished_at = Moment()
    links = _links()


class NamedSchema(AnswerSchema):
    """A reservation or an application, by name."""

    kind = fields.String(required=True)
    id = _id(required=True)


class AgreementSchema(AnswerSchema):
    """A recorded agreement or duty."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    a = fields.Nested(NamedSchema, required=True)
    b = fields.Nested(NamedSchema, required=True)
    reason = fields.String(required=True)
    document = fields.String(required=True)
    organisation = fields.String(required=True)
    recorded_at = Moment(required=True)


class HealthSchema(AnswerSchema):
    """Whether the register can do its work. ``worker``: whether checks are being made."""

    status = fields.String(required=True, metadata={"enum": ["ok", "degraded"]})
    database = fields.Boolean(required=True)
    migrated = fields.Boolean(required=True)
    worker = fields.String(required=True, metadata={"enum": ["seen", "idle", "not_seen"]})


class LandingSchema(AnswerSchema):
    """Where everything is."""

    title = fields.String(required=True)
    version = fields.String(required=True)
    links = _links()


class ErrorSchema(AnswerSchema):
    """One fault: in which part of the request and where in it, and what to write instead."""

    in_ = fields.String(data_key="in", required=True, metadata={"enum": ["body", "query", "path", "header"]})
    location = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    remedy = fields.String(required=True)
    value = fields.String(required=True)


class ProblemSchema(AnswerSchema):
    """What is wrong (RFC 9457), with every fault that was found."""

    type = fields.String(required=True)
    status = fields.Integer(required=True)
    title = fields.String(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(ErrorSchema), required=True)
