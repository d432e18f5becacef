"""The JSON Schema of a verdict, and its documentation, say what is printed."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, get_args

import jsonschema
import pytest

from registry.core.findings import CAUSES, Certainty, Counterpart, Finding, Outcome, RelationFault
from registry.core.model import RELATIONS, STRENGTHS, SURFACES
from registry.core.policy import LegalForce, Severity
from registry.core.verdict import SCHEMA as FORM
from registry.formats.doubts import Doubt
from tests.conftest import ROOT
from tests.formats.test_sentences import LACKING
from tests.golden.golden_cases import JUDGED, command, registry

SCHEMA: dict[str, Any] = json.loads((ROOT / "schemas" / "verdict.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
DEFINITIONS = SCHEMA["$defs"]
FINDING = DEFINITIONS["finding"]["properties"]


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("case", JUDGED)
def test_every_golden_verdict_passes(case: str) -> None:
    printed = json.loads(registry(*command(case, "--json")).stdout)
    VALIDATOR.validate(printed)
    for finding in printed["verdict"]["findings"]:
        finding["gap"] = {"horizontal": 0.785}
        assert not VALIDATOR.is_valid(printed), "lengths are whole millimetres"


def test_the_words_are_the_same() -> None:
    assert DEFINITIONS["verdict"]["properties"]["schema"]["const"] == FORM
    assert DEFINITIONS["verdict"]["properties"]["outcome"]["enum"] == list(get_args(Outcome))
    assert DEFINITIONS["relation"]["enum"] == list(RELATIONS)
    assert DEFINITIONS["counterpart"]["properties"]["strength"]["enum"] == list(STRENGTHS)
    for name, values in (
        ("certainty", get_args(Certainty)),
        ("severity", get_args(Severity)),
        ("legal_force", get_args(LegalForce)),
        ("fault", get_args(RelationFault)),
        ("surface", SURFACES),
    ):
        assert FINDING[name]["enum"] == list(values)
    assert FINDING["lacking"]["items"]["enum"] == list(LACKING)


def test_the_members_are_the_same_and_documented() -> None:
    text = (ROOT / "docs" / "verdict.md").read_text(encoding="utf-8")
    stated = ((FINDING, Finding), (DEFINITIONS["counterpart"]["properties"], Counterpart),
              (DEFINITIONS["warning"]["properties"], Doubt))  # fmt: skip
    for properties, kind in stated:
        assert list(properties) == [field.name for field in fields(kind)]
    for properties in (FINDING, DEFINITIONS["verdict"]["properties"], SCHEMA["properties"]):
        for name in properties:
            assert f"`{name}`" in text, name
    for values in (CAUSES, get_args(Certainty), get_args(Severity), get_args(Outcome), LACKING):
        for value in values:
            assert f"`{value}`" in text, value
