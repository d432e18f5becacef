"""Wire schemas of what the API answers about what is in a ruleset."""

from __future__ import annotations

from marshmallow import fields

from schemas.answers import AnswerSchema, IdentitySchema

_LINKS = {"description": "By what it is of this, the path of something else."}


def _links() -> fields.Dict:
    return fields.Dict(keys=fields.String(), values=fields.String(), required=True, metadata=_LINKS)


def _text() -> fields.String:
    return fields.String(required=True)


class RulesetFactSchema(AnswerSchema):
    """A name and what stands there; ``link`` is where that can be read."""

    name = _text()
    value = _text()
    link = fields.String()


class RulesetTableSchema(AnswerSchema):
    """A table: its columns by name, and of each row what stands in them."""

    title = _text()
    columns = fields.List(fields.String(), required=True)
    rows = fields.List(fields.List(fields.String()), required=True)


class RuleShownSchema(AnswerSchema):
    """A rule as it is read: what it is and on what ground, and what it asks."""

    id = _text()
    title = _text()
    facts = fields.List(fields.Nested(RulesetFactSchema), required=True)
    parameters = fields.List(fields.Nested(RulesetFactSchema), required=True)
    tables = fields.List(fields.Nested(RulesetTableSchema), required=True)


class SourceShownSchema(AnswerSchema):
    """What numbers rest on, and how well it was read."""

    id = _text()
    title = _text()
    kind = _text()
    confidence = _text()
    link = fields.String()
    note = fields.String()


class RulesetDocumentSchema(AnswerSchema):
    """A version of policy as a document, in one language."""

    id = _text()
    version = _text()
    title = _text()
    lang = fields.String(required=True, metadata={"enum": ["nl", "en"]})
    facts = fields.List(fields.Nested(RulesetFactSchema), required=True)
    tables = fields.List(fields.Nested(RulesetTableSchema), required=True)
    rules = fields.List(fields.Nested(RuleShownSchema), required=True)
    sources = fields.List(fields.Nested(SourceShownSchema), required=True)
    examples = fields.List(fields.Nested(RulesetTableSchema), required=True)
    links = _links()


class DifferenceSchema(AnswerSchema):
    """One difference, in words: in what (the ruleset, a source, a rule or an example, by ``name``), and what."""

    part = fields.String(required=True, metadata={"enum": ["ruleset", "source", "rule", "example"]})
    name = _text()
    what = fields.String(required=True, metadata={"enum": ["added", "removed", "changed"]})
    heading = _text()
    text = _text()


class DifferencesSchema(AnswerSchema):
    """What differs from one version of policy to another. None where both say the same."""

    before = fields.Nested(IdentitySchema, required=True)
    after = fields.Nested(IdentitySchema, required=True)
    lang = fields.String(required=True, metadata={"enum": ["nl", "en"]})
    changes = fields.List(fields.Nested(DifferenceSchema), required=True)
    links = _links()


class WarningSchema(AnswerSchema):
    """What in a ruleset is hardly meant as it stands, where, and what to write instead."""

    line = fields.Integer(required=True)
    column = fields.Integer(required=True)
    location = _text()
    detail = _text()
    remedy = _text()
    value = fields.String()
    told = _text()


class LintedSchema(AnswerSchema):
    """A ruleset without faults: its identity, and what to think of before it is stored."""

    ruleset = fields.Nested(IdentitySchema, required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)
