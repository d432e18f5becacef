"""The components of the description: the exchange format, the verdict, and every body and answer, as JSON Schema."""

from __future__ import annotations

import json
from copy import deepcopy
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from marshmallow import Schema, fields

import schemas
from registry.core.findings import OUTCOMES
from schemas import acts, answers, policy, weighed
from schemas.acts import Sha256
from schemas.fields import Choice, Date, Identifier, Text, Whatever, WireSchema
from schemas.queries import Bbox, WholeNumber

Described = dict[str, Any]

#: Names of lists, and of what they list.
LISTS: Final = {
    "Reservations": "Reservation",
    "Applications": "ApplicationSummary",
    "Revisions": "Revision",
    "Verdicts": "VerdictSummary",
    "Decisions": "Decision",
    "Rulesets": "RulesetSummary",
    "RulesetWhatIfs": "RulesetWhatIf",
    "WeighedApplications": "WeighedApplication",
    "Imports": "Import",
    "Changes": "Change",
    "Jobs": "Job",
}

_ANSWERS: Final[tuple[type[Schema], ...]] = (
    answers.ReservationSchema,
    answers.ApplicationSummarySchema,
    answers.ApplicationSchema,
    answers.RevisionSchema,
    answers.VerdictSummarySchema,
    answers.VerdictSchema,
    answers.WhatIfSchema,
    answers.DecisionSchema,
    answers.RulesetSummarySchema,
    answers.RulesetSchema,
    policy.RulesetDocumentSchema,
    policy.DifferencesSchema,
    policy.LintedSchema,
    weighed.RulesetWhatIfSchema,
    weighed.WeighedApplicationSchema,
    answers.ImportSchema,
    answers.ChangeSchema,
    answers.JobSchema,
    answers.AgreementSchema,
    answers.HealthSchema,
    answers.LandingSchema,
    answers.ProblemSchema,
)
_BODIES: Final[tuple[type[WireSchema], ...]] = (
    acts.ReasonSchema,
    acts.RequiredReasonSchema,
    acts.AcceptSchema,
    acts.AmendSchema,
    acts.RaiseSchema,
    acts.ExtendSchema,
    acts.ReduceSchema,
    acts.BuiltSchema,
    acts.DecisionSchema,
    acts.AgreementSchema,
)


def ref(name: str) -> Described:
    """A reference to a component schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def schema_name(schema: Any) -> str:
    """What a wire schema is called in the description: of bodies and of answers each their own name."""
    known = schema if isinstance(schema, type) else type(schema)
    if known is answers.VerdictSchema:
        return "GivenVerdict"
    name = known.__name__.removesuffix("Schema")
    return name if known.__module__ in (answers.__name__, policy.__name__, weighed.__name__) else f"{name}Body"


def described(_converter: object, field: fields.Field[Any], **_: object) -> Described:
    """What a field of ours holds, as JSON Schema; of others nothing that is not known already."""
    if isinstance(field, Text):
        return ref("ExchangeText")
    if isinstance(field, Identifier):
        return ref("ExchangeId")
    if isinstance(field, Choice):
        return {"type": "string", "enum": list(field.allowed)}
    if isinstance(field, (Date, answers.Day)):
        return ref("ExchangeDate")
    if isinstance(field, answers.Moment):
        return {"type": "string", "format": "date-time"}
    if isinstance(field, Sha256):
        return ref("VerdictSha256")
    if isinstance(field, WholeNumber):
        return {"type": "integer", "minimum": field.least}
    if isinstance(field, Bbox):
        return {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}
    return ref(field.named) if isinstance(field, answers.Described) else {}


def described_member(_converter: object, field: fields.Field[Any], **_: object) -> Described:
    """What a body's member holds that has a format of its own."""
    if isinstance(field, Whatever) and field.name in ("feature", "remaining"):
        return ref("Feature")
    return {}


def register_schemas(spec: Any) -> None:
    """All component schemas."""
    for name, schema in (*_of_file("exchange", "Exchange"), *_of_file("verdict", "Verdict")):
        if name != "VerdictPrinted":
            spec.components.schema(name, schema)
    spec.components.schema("Feature", _feature())
    spec.components.schema("ReservationBody", {"anyOf": [ref("Feature"), ref("Exchange")]})
    spec.components.schema("Outcome", {"type": "string", "enum": list(OUTCOMES)})
    spec.components.schema("RulesetText", {"type": "string", "description": "YAML, as docs/rulesets.md describes it."})
    spec.components.schema("Bundle", {"type": "object", "description": "What `registry verify` reads."})
    spec.components.schema("Description", {"type": "object", "description": "An OpenAPI document."})
    spec.components.schema("Report", {"type": "string", "description": "The verdict in sentences."})
    for known in (*_ANSWERS, *_BODIES):
        if schema_name(known) not in spec.components.schemas:
            spec.components.schema(schema_name(known), schema=known)
    for name, item in LISTS.items():
        spec.components.schema(name, _list_of(item, newest=name in ("Imports", "Jobs")))


def _list_of(item: str, newest: bool) -> Described:
    links = {
        "type": "object",
        "properties": {
            "self": {"type": "string"},
            "next": {"type": "string", "description": "Where it goes on; absent on the last page."},
        },
        "required": ["self"],
        "additionalProperties": False,
    }
    properties = {"items": {"type": "array", "items": ref(item)}, "links": links}
    if newest:
        properties["older"] = {"type": "boolean", "description": "Whether there are older ones than were asked for."}
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def _feature() -> Described:
    """One feature of the exchange format that says its coordinate system itself."""
    frame, feature = _loaded("exchange"), dict(_of_file("exchange", "Exchange"))["ExchangeFeature"]
    own = deepcopy(feature)
    own["description"] = "A feature of the exchange format (docs/formats.md), with the member `crs`."
    own["properties"]["crs"] = deepcopy(frame["properties"]["crs"])
    own["required"] = [*own["required"], "crs"]
    return dict(own)


@cache
def _loaded(name: str) -> Described:
    path = Path(schemas.__file__).with_name(f"{name}.schema.json")
    loaded: Described = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return loaded


def _of_file(name: str, prefix: str) -> list[tuple[str, Described]]:
    """The definitions of a schema in a file, each under its own name, and the whole of it."""
    loaded = _loaded(name)
    names = {key: key[0].upper() + key[1:] for key in (_pascal(key) for key in loaded["$defs"])}
    renamed = {key: prefix if _pascal(key) == prefix else prefix + names[_pascal(key)] for key in loaded["$defs"]}
    found = [(renamed[key], _renamed(schema, renamed)) for key, schema in loaded["$defs"].items()]
    root = {key: value for key, value in loaded.items() if key not in ("$schema", "$defs")}
    whole = prefix if prefix not in renamed.values() else f"{prefix}Printed"
    return [*found, (whole, _renamed(root, renamed))]


def _pascal(key: str) -> str:
    return "".join(word[0].upper() + word[1:] for word in key.split("_"))


def _renamed(schema: Any, names: dict[str, str]) -> Any:
    if isinstance(schema, list):
        return [_renamed(item, names) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _renamed(item, names) for key, item in schema.items()}
    if isinstance(schema.get("$ref"), str):
        found["$ref"] = f"#/components/schemas/{names[schema['$ref'].removeprefix('#/$defs/')]}"
    return found
