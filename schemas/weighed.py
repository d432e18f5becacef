"""Wire schemas of what a version of policy would change."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields

from registry.core.findings import OUTCOMES
from schemas.answers import AnswerSchema, Described, IdentitySchema, Moment
from schemas.fields import Choice
from schemas.queries import PageSchema

STATES: Final = ("waiting", "running", "done", "cancelled", "failed")
WHATS: Final = ("appeared", "vanished", "changed")
_LINKS: Final = {"description": "By what it is of this, the path of something else."}
_REACHED: Final = {"enum": list(OUTCOMES)}


def _links() -> fields.Field[Any]:
    return fields.Dict(keys=fields.String(), values=fields.String(), required=True, metadata=_LINKS)


def _count() -> fields.Integer:
    return fields.Integer(required=True)


class OutcomeCountSchema(AnswerSchema):
    """How many have an outcome; without one there is no verdict."""

    outcome = fields.String(metadata=_REACHED)
    count = _count()


class TurnSchema(AnswerSchema):
    """How many would go from one outcome to another; one that is left out is no verdict."""

    before = fields.String(metadata=_REACHED)
    after = fields.String(metadata=_REACHED)
    count = _count()


class RuleCountSchema(AnswerSchema):
    """Of how many applications a finding of a rule would appear, vanish or change."""

    rule = fields.String(required=True)
    appeared = _count()
    vanished = _count()
    changed = _count()


class WeighedCountsSchema(AnswerSchema):
    """So many applications: how many were not judged again, as nothing can change there (``kept``); would have which
    outcome, another one (``differing``), or the same by ``other_findings``."""

    applications = _count()
    kept = _count()
    differing = _count()
    other_findings = _count()
    outcomes = fields.List(fields.Nested(OutcomeCountSchema), required=True)
    turns = fields.List(fields.Nested(TurnSchema), required=True)
    rules = fields.List(fields.Nested(RuleCountSchema), required=True)


class RulesetWhatIfSchema(AnswerSchema):
    """What a version would change, and how far finding that out is: ``done`` of ``total`` applications are weighed.

    Once it is ``done`` it has ``open``, what comes of open applications, and for information ``past``, of those decided
    on; of ``untold`` of these nothing can be told. ``changes_since``: how much has changed in the register since then,
    of which an outcome may be another.
    """

    id = fields.String(required=True)
    ruleset = fields.Nested(IdentitySchema, required=True)
    state = fields.String(required=True, metadata={"enum": list(STATES)})
    done = _count()
    total = fields.Integer()
    error = fields.String()
    asked_by = fields.String(required=True)
    asked_at = Moment(required=True)
    cancelled_by = fields.String()
    cancelled_at = Moment()
    finished_at = Moment()
    open = fields.Nested(WeighedCountsSchema)
    past = fields.Nested(WeighedCountsSchema)
    untold = fields.Integer()
    changes_since = fields.Integer()
    links = _links()


class ReachedSchema(AnswerSchema):
    """An outcome, and the hash of the verdict that has it."""

    outcome = fields.String(required=True, metadata=_REACHED)
    sha256 = fields.String()


class ShiftSchema(AnswerSchema):
    """What becomes of one finding, as it is in a verdict, and in words."""

    what = fields.String(required=True, metadata={"enum": list(WHATS)})
    rule = fields.String(required=True)
    text = fields.String(required=True)
    before = Described("VerdictFinding")
    after = Described("VerdictFinding")


class WeighedApplicationSchema(AnswerSchema):
    """What changes for an application: its outcome (``differs``) or only findings. ``before`` and ``after`` are left
    out where there is no verdict; ``problems`` say why there would be none."""

    application = fields.String(required=True)
    past = fields.Boolean(required=True)
    differs = fields.Boolean(required=True)
    before = fields.Nested(ReachedSchema)
    after = fields.Nested(ReachedSchema)
    findings = fields.List(fields.Nested(ShiftSchema), required=True)
    problems = fields.List(fields.String(), required=True)
    links = _links()


class WeighedApplicationsSchema(PageSchema):
    """Which of those of which anything changes, and in which language it is told."""

    past = Choice(("true", "false"), load_default="false")
    differs = Choice(("true", "false"))
    lang = Choice(("nl", "en"), load_default="en")
