"""Whatever stands where in a file: it is read or refused with a remedy, and nothing else happens."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema, fields

from registry.core.errors import Problem, Refused
from registry.core.verdict import judge
from registry.formats.bundle import verify_bundle, write_bundle
from registry.formats.exchange import read_exchange
from registry.formats.ruleset_yaml import load_ruleset
from schemas import collection, features
from schemas.fields import WireSchema
from schemas.problems import NOT_AN_OBJECT, UnknownKey, problems_of

ROOT = Path(__file__).resolve().parents[2]
FLAGSHIP = ROOT / "examples" / "flagship"
ODD: list[Any] = [None, True, 0, -1, 1.5, 1e308, 10**30, "", "x", [], {}, [None], [[]], {"a": 1}, [1, 2], "2027-02-30"]

Path_ = tuple[str | int, ...]


def places(data: Any, here: Path_ = ()) -> Iterator[Path_]:
    """Where in ``data`` anything stands; of a list the first two."""
    yield here
    if isinstance(data, dict):
        for key in data:
            yield from places(data[key], (*here, key))
    elif isinstance(data, list):
        for index, item in enumerate(data[:2]):
            yield from places(item, (*here, index))


def with_odd_values(data: Any) -> Iterator[tuple[Path_, Any, bytes]]:
    """The same with another value, in one place after another."""
    for place in places(data):
        for odd in ODD:
            changed: Any = copy.deepcopy(data)
            if not place:
                changed = odd
            else:
                inner = changed
                for key in place[:-1]:
                    inner = inner[key]
                inner[place[-1]] = odd
            yield place, odd, json.dumps(changed).encode()


def all_read_or_refused(data: Any, read: Callable[[bytes], object], depth: int = 99) -> None:
    for place, odd, content in with_odd_values(data):
        if len(place) <= depth:
            assert all(problem.remedy for problem in faults(read, content, f"{odd!r} at {place}"))


def faults(read: Callable[[bytes], object], content: bytes, what: str) -> list[Problem]:
    try:
        read(content)
    except Refused as refused:
        return refused.problems
    except Exception as error:
        raise AssertionError(what) from error
    return []


def shortened(name: str, most: int) -> Any:
    """An example with a few of its features: one of each kind and type."""
    data = json.loads((FLAGSHIP / name).read_text(encoding="utf-8"))
    kinds = {(item["properties"]["kind"], item["geometry"]["type"]): item for item in data["features"]}
    return data | {"features": list(kinds.values())[:most]}


@pytest.mark.parametrize("name", ["sewer-1.20.geojson", "street.geojson"])
def test_any_value_anywhere_in_an_exchange_file(name: str) -> None:
    for feature in shortened(name, 6)["features"]:
        data = shortened(name, 6) | {"features": [feature]}
        all_read_or_refused(data, lambda content: read_exchange(content, "f"))


@pytest.mark.parametrize(("key", "detail"), [("features", "null has no meaning here"), ("application", "null has no")])
def test_null_for_a_member_of_the_collection_is_told_once(key: str, detail: str) -> None:
    data = shortened("sewer-1.20.geojson", 6) | {key: None}
    with pytest.raises(Refused) as refused:
        read_exchange(json.dumps(data).encode(), "f")
    (problem,) = refused.value.problems
    assert (problem.code, problem.field) == ("wrong_type", key)
    assert problem.detail.startswith(detail)


def test_any_value_anywhere_in_a_bundle() -> None:
    rules = load_ruleset(ROOT / "examples" / "rulesets" / "two-number.yaml")
    exchange = read_exchange(FLAGSHIP / "sewer-1.20.geojson")
    assert exchange.application is not None
    bundle = json.loads(write_bundle(exchange.application, rules, judge(exchange.application, [], rules)))
    # What is in the ruleset and the inputs has tests of its own.
    outer = bundle | {"inputs": {"features": None}, "ruleset": {"ruleset": None}}
    all_read_or_refused(outer, lambda content: verify_bundle(content, "b"), 2)

    def within(content: bytes) -> object:
        return verify_bundle(json.dumps(bundle | {"inputs": json.loads(content)}).encode(), "b")

    all_read_or_refused(bundle["inputs"], within, 2)


def schemas_of(schema: Schema) -> Iterator[Schema]:
    yield schema
    for field in schema.fields.values():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from schemas_of(inner.schema)


def test_every_field_has_a_remedy_for_what_is_missing_null_or_of_another_type() -> None:
    given = [value for module in (collection, features) for value in vars(module).values()]
    known = [value for value in given if isinstance(value, WireSchema)]
    assert len(known) > 2
    for schema in (inner for outer in known for inner in schemas_of(outer)):
        for name, field in schema.fields.items():
            for key in ("required", "null"):
                error = field.make_error(key)
                assert all(problem.remedy for problem in problems_of(error, None)), (type(schema), name, key)
        for key in ("type", "unknown"):
            message: object = schema.error_messages[key]
            assert message == NOT_AN_OBJECT or isinstance(message, UnknownKey), (type(schema), key)
