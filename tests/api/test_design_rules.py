"""The description against the Dutch API Design Rules, as far as their linter checks them (media/linter.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from registry.app import create_app
from registry.config import Config, Contact

_SEGMENTS = re.compile(
    r"^(/|(/_[a-z0-9]+|/(([a-z0-9\-]+|{[^}]+})(/([a-z0-9\-.]+|{[^}]+}))*)(/_[a-z]+)?)/?)$"
)
_CAMEL = re.compile(r"^\$?[a-z][a-z\d]*([A-Z][a-z\d]*)*$")
_DATE = re.compile(r"((\w+D)|(_[dD]))((ate)|(atum))")
_SEMVER = re.compile(r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[0-9a-zA-Z.-]+)?(?:\+[0-9a-zA-Z.-]+)?$")


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    contact = Contact("Team", "register@municipality.example", "https://municipality.example")
    app = create_app(Config("sqlite://", contact=contact))
    answer = app.test_client().get("/v1/openapi.json", headers={"Origin": "https://anyone.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    loaded: dict[str, Any] = answer.get_json()
    return loaded


def resolved(description: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A part of the description, or what it refers to."""
    while "$ref" in part:
        found: Any = description
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in description["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield path, method, operation


def properties(part: Any) -> Iterator[tuple[str, Any]]:
    """Every property of every schema."""
    if isinstance(part, dict):
        if isinstance(part.get("properties"), dict):
            yield from part["properties"].items()
        for inner in part.values():
            yield from properties(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from properties(inner)


def test_it_is_valid_openapi(description: dict[str, Any]) -> None:
    assert re.fullmatch(r"3(.\d+){1,2}", description["openapi"])
    errors = [error.message for error in OpenAPIV31SpecValidator(description).iter_errors()]
    assert errors == []


def test_who_to_ask_and_which_version(description: dict[str, Any]) -> None:
    assert {"name", "email", "url"} <= set(description["info"]["contact"])
    assert _SEMVER.match(description["info"]["version"])
    assert all(re.search(r"/v\d+", server["url"]) for server in description["servers"])
    assert description["servers"]


def test_paths(description: dict[str, Any]) -> None:
    for path in description["paths"]:
        assert _SEGMENTS.match(path) or path.endswith("/openapi.json"), path
        assert path == "/" or not path.endswith("/"), path


def test_operations_are_named_once_and_tagged(description: dict[str, Any]) -> None:
    found = list(operations(description))
    names = [operation["operationId"] for _, _, operation in found]
    assert len(names) == len(set(names))
    tags = [tag["name"] for tag in description["tags"]]
    assert len(tags) == len(set(tags))
    for path, method, operation in found:
        assert method in ("get", "put", "post", "delete", "patch"), (path, method)
        assert set(operation["tags"]) <= set(tags), path
        assert operation["summary"], path


def test_query_keys_are_camel_case(description: dict[str, Any]) -> None:
    for path, _, operation in operations(description):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                assert _CAMEL.match(parameter["name"]), (path, parameter["name"])


def test_parameters_in_the_path_are_described(description: dict[str, Any]) -> None:
    for path, item in description["paths"].items():
        for _, operation in ((m, o) for m, o in item.items() if m != "parameters"):
            given = [*item.get("parameters", []), *operation.get("parameters", [])]
            named = [parameter["name"] for parameter in given if parameter["in"] == "path"]
            assert sorted(named) == sorted(re.findall(r"\{([^}]+)\}", path)), path


def test_every_answer_tells_the_version(description: dict[str, Any]) -> None:
    for path, method, operation in operations(description):
        for status, response in operation["responses"].items():
            assert "API-Version" in resolved(description, response)["headers"], (path, method, status)


def test_every_error_is_a_problem_document(description: dict[str, Any]) -> None:
    for path, method, operation in operations(description):
        found = {status: resolved(description, response) for status, response in operation["responses"].items()}
        faults = {status: response for status, response in found.items() if status[0] in "45"}
        assert "400" in faults, (path, method)
        for status, response in faults.items():
            assert list(response["content"]) == ["application/problem+json"], (path, method, status)
            schema = resolved(description, response["content"]["application/problem+json"]["schema"])
            assert {"status", "title", "detail"} <= set(schema["properties"]), (path, method, status)
            assert {"status", "title", "detail"} <= set(schema["required"]), (path, method, status)


def test_dates_and_times(description: dict[str, Any]) -> None:
    for name, schema in properties(description):
        told = resolved(description, schema) if isinstance(schema, dict) else {}
        assert told.get("format") not in ("date-time-local", "time"), name
        if name in ("date", "datum") or _DATE.search(name):
            assert told.get("format") == "date", name
        if name.endswith("_at"):
            assert told.get("format") == "date-time", name


def test_schemas_are_named_in_pascal_case(description: dict[str, Any]) -> None:
    for name in description["components"]["schemas"]:
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", name), name


def test_writes_need_a_token_and_say_who_may(description: dict[str, Any]) -> None:
    for path, method, operation in operations(description):
        if method != "get":
            assert operation["security"] == [{"token": []}], (path, method)
            assert operation["x-roles"], (path, method)
            assert {"401", "403"} <= set(operation["responses"]), (path, method)
