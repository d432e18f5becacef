"""The JSON Schema that is shipped says the same as the reader, as far as a JSON Schema can."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import given, settings

from registry.cli.main import main
from registry.core.errors import Refused
from registry.core.model import OBJECT_KINDS, REGIMES, RELATIONS, STRENGTHS, SURFACES, THEMES, ZONE_TYPES
from registry.formats.exchange import Exchange, read_exchange, write_exchange
from schemas.features import APPLICATION, PROPERTIES
from tests.formats.exchange_bad_rows import FRAMES, GEOMETRIES
from tests.formats.exchange_bad_rows import PROPERTIES as PROPERTY_ROWS
from tests.formats.exchange_samples import (
    POINT,
    POLYGON,
    SQUARE,
    asset,
    collection,
    ground,
    line,
    part,
    polygon,
    reservation,
    works,
    zone,
)
from tests.formats.test_exchange_round_trip import EXCHANGES

ROOT = Path(__file__).resolve().parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "schemas" / "exchange.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
DEFINITIONS = {"$defs": SCHEMA["$defs"]}

#: What only the reader checks: it compares values with each other, measures, or asks the calendar.
READER_ONLY = {
    "zone upside down",
    "duplicate ids",
    "no length",
    "no length after rounding",
    "longer than 1 km",
    "unclosed ring",
    "self-crossing ring",
    "hole outside",
    "hole crossing",
    "ring without area",
    "position twice in a ring",
    "too few levels",
    "no such day",
    "period that ends first",
    "period of no day",
    "a manhole twenty metres long",
    "temporary before the works",
    "temporary without works",
    "upside down",
    "depths upside down",
    "relation to itself",
    "works of another",
}
#: Their geometry is tested by itself: every fault of every vertex, five kinds over, takes a validator seconds.
SCRIBBLES = ("scribble", "scribbled ring")
BAD = {name: row for name, row in (FRAMES | GEOMETRIES | PROPERTY_ROWS).items() if name not in SCRIBBLES}

RELATION = {"type": "replaces", "target_kind": "asset", "target": "x"}
HOLE = [[155002.0, 463002.0], [155004.0, 463002.0], [155004.0, 463004.0], [155002.0, 463002.0]]
GOOD: list[dict[str, Any]] = [
    collection(),
    collection(name="nothing"),
    collection(part(), reservation(), asset(), ground(), zone()),
    collection(works(), works("a~b/c/d", application="a/b", state="open", works_start="2027-01-01")),
    collection(part(relations=[RELATION | {"type": "continues", "target_kind": "works", "target": "a~b/c/d"}])),
    collection(part(levels=..., geometry=line([155000, 463000, -1], [155000, 463001, -1]))),
    collection(part(levels=[-1, -2], relations=[RELATION, RELATION | {"type": "connects", "point": [155000, 463000]}])),
    collection(part(levels=1.2, level_reference="ground", level_of="invert", size={"inner": 0.3, "wall": 0.05})),
    collection(part(geometry=POINT, levels=..., bottom=-3, size={"casing": 1})),
    collection(part(geometry=POLYGON, levels=..., size=..., top=1, bottom=3, level_reference="ground")),
    collection(reservation(geometry=polygon(SQUARE, HOLE), levels=..., level_of=..., envelope=..., top=0)),
    collection(reservation(size={"inner": 0.3, "wall": 0.03})),
    collection(asset(size=None, levels=None), asset("b", size={"outer": None}, levels=[None, 0])),
    collection(asset(geometry=POINT, top=None), asset("b", geometry=POLYGON)),
    collection(ground(geometry=POLYGON)),
]


def accepted(data: object) -> bool:
    try:
        read_exchange(json.dumps(data).encode(), "given.json")
    except Refused:
        return False
    return True


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("data", GOOD)
def test_good_files_pass_both(data: dict[str, Any]) -> None:
    VALIDATOR.validate(data)
    assert accepted(data)


@pytest.mark.parametrize("name", BAD)
def test_bad_files_fail_both(name: str) -> None:
    data = json.loads(BAD[name][0])
    assert not accepted(data)
    assert VALIDATOR.is_valid(data) == (name in READER_ONLY)


@pytest.mark.parametrize(
    ("data", "where", "said"),
    [
        (collection(part(theme="riool")), ["theme"], "'riool' is not one of"),
        (collection(part(kind="pipe")), ["kind"], "'pipe' is not one of"),
        (collection(part(size={"outer": 700})), ["size", "outer"], "700 is greater than the maximum"),
        (collection(part(size={"diameter": 0.4})), ["size"], "'diameter' is not one of"),
        (collection(part(size={"inner": 0.3})), ["size"], "'wall' is a required property"),
        (collection(part(levels=-2000)), ["levels"], "-2000 is less than the minimum"),
        (collection(part(levels=[-1, "x"])), ["levels", 1], "'x' is not of type"),
        (collection(part(relations=[RELATION | {"type": "connects"}])), ["relations", 0], "'point' is a required"),
        (collection(part(relations=[RELATION | {"type": "joins"}])), ["relations", 0, "type"], "'joins' is not one of"),
        (collection(reservation(strength="hard")), ["strength"], "'hard' is not one of"),
        (collection(ground(level="high")), ["level"], "'high' is not of type"),
    ],
)
def test_a_validator_says_what_is_wrong_and_where(data: dict[str, Any], where: list[Any], said: str) -> None:
    """Which branch holds is told by kind, type and first length, so that no fault is hidden in *none of these*."""
    errors = sorted(VALIDATOR.iter_errors(data), key=lambda error: len(error.absolute_path))
    assert any(
        list(error.absolute_path) == ["features", 0, "properties", *where] and said in error.message for error in errors
    ), [(list(error.absolute_path), error.message[:100]) for error in errors]


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_no_choice_between_whole_forms_is_left_to_trial(keyword: str) -> None:
    def found(schema: object) -> list[Any]:
        inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
        own = [schema[keyword]] if isinstance(schema, dict) and keyword in schema else []
        return own + [choice for item in inner for choice in found(item)]

    assert all("additionalProperties" not in json.dumps(choice) and "$ref" not in json.dumps(choice)
               for choice in found(SCHEMA))  # fmt: skip


@pytest.mark.parametrize("name", SCRIBBLES)
def test_scribbles_fail_both(name: str) -> None:
    data = json.loads(GEOMETRIES[name][0])
    assert not accepted(data)
    geometry = data["features"][0]["geometry"]
    definition = VALIDATOR.evolve(
        schema={"$ref": f"#/$defs/{geometry['type'].removesuffix('String').lower()}"} | DEFINITIONS
    )
    assert not definition.is_valid(geometry)
    shorter = geometry["coordinates"] if name == "scribble" else geometry["coordinates"][0]
    del shorter[5_000:]
    assert definition.is_valid(geometry)


def test_examples_pass_both() -> None:
    files = sorted((ROOT / "examples").rglob("*.json")) + sorted((ROOT / "examples").rglob("*.geojson"))
    collections = [data for data in map(_loaded, files) if isinstance(data, dict) and "features" in data]
    assert collections
    for data in collections:
        VALIDATOR.validate(data)
        assert accepted(data)


def _loaded(path: Path) -> object:
    return json.loads(path.read_text(encoding="utf-8"))


@settings(max_examples=25, deadline=None)
@given(EXCHANGES)
def test_whatever_is_written_passes(exchange: Exchange) -> None:
    VALIDATOR.validate(json.loads(write_exchange(exchange)))


def test_the_words_are_the_same() -> None:
    definitions = SCHEMA["$defs"]
    assert definitions["theme"]["enum"] == list(THEMES)
    assert definitions["thing"]["properties"]["object_kind"]["enum"] == list(OBJECT_KINDS)
    assert definitions["application"]["properties"]["regime"]["enum"] == list(REGIMES)
    assert definitions["reservation"]["properties"]["properties"]["properties"]["strength"]["enum"] == list(STRENGTHS)
    zone = definitions["zone"]["properties"]["properties"]
    assert zone["properties"]["zone_type"]["enum"] == list(ZONE_TYPES)
    assert zone["allOf"][0]["then"]["properties"]["value"]["enum"] == list(SURFACES)
    types = [form["if"]["properties"]["type"] for form in definitions["relation"]["allOf"]]
    words = [word for stated in types for word in stated.get("enum", [stated.get("const")])]
    assert sorted(words) == sorted(RELATIONS)


@pytest.mark.parametrize("kind", PROPERTIES)
def test_the_properties_are_the_same(kind: str) -> None:
    stated = SCHEMA["$defs"][kind]["properties"]["properties"]
    names = set(stated["properties"])
    of_thing = {"$ref": "#/$defs/thing"} in stated.get("allOf", [])
    if of_thing:
        names |= set(SCHEMA["$defs"]["thing"]["properties"])
    fields = {field.data_key or name: field for name, field in PROPERTIES[kind].load_fields.items()}
    assert names == set(fields)
    required = {name for name, field in fields.items() if field.required}
    assert set(stated["required"]) | ({"theme"} if of_thing else set()) == required


def test_the_header_is_the_same() -> None:
    stated = SCHEMA["$defs"]["application"]
    assert set(stated["properties"]) == set(APPLICATION.load_fields)
    assert set(stated["required"]) == {name for name, field in APPLICATION.load_fields.items() if field.required}


@pytest.mark.parametrize("kind", PROPERTIES)
def test_every_property_is_documented(kind: str) -> None:
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    for name in PROPERTIES[kind].load_fields:
        assert f"`{name}`" in text, name


def test_the_documented_files_are_read_and_judged(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    section = text.split("## Two complete small files\n")[1].split("\n## ")[0]
    blocks = re.findall(r"^```json\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    files = [tmp_path / name for name in ("application.geojson", "street.geojson")]
    for path, block in zip(files, blocks, strict=True):
        VALIDATOR.validate(json.loads(block))
        path.write_text(block, encoding="utf-8")
    ruleset = ROOT / "examples" / "rulesets" / "two-number.yaml"
    given = ["check", str(files[0]), "--against", str(files[1]), "--ruleset", str(ruleset), "--json"]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    verdict = json.loads(result.stdout)["verdict"]
    assert verdict["outcome"] == "fits"
    assert [item["type"] for item in verdict["relations"]] == ["replaces"]
    assert [item[0] for item in verdict["basis"]] == ["asset", "ground_level", "reservation"]
