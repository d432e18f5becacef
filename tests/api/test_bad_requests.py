"""What cannot be used is refused as a problem document that names every fault, and changes nothing."""

from __future__ import annotations

import copy
import gzip
import json
from typing import Any

import pytest

from tests.api.conftest import FILED, HEAT, RULESET_PATH, SEWER, Town, feature


def text_of(body: Any) -> str:
    return json.dumps(body)


def with_member(path: tuple[Any, ...], value: object, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The application (or another body) with one member changed."""
    changed = copy.deepcopy(SEWER if body is None else body)
    part: Any = changed
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return changed


COORDINATES = ("features", 0, "geometry", "coordinates")
PROPERTIES = ("features", 0, "properties")
WHOLE = text_of(SEWER)

#: What is sent as it is, and the code of the fault.
TEXTS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "invalid_json"),
    "not a number": (WHOLE.replace("155007", "NaN", 1).encode(), "invalid_json"),
    "infinity": (WHOLE.replace("155007", "-Infinity", 1).encode(), "invalid_json"),
    "1e400": (WHOLE.replace("155007", "1e400", 1).encode(), "invalid_json"),
    "nested": (b"[" * 200_000, "too_deep"),
    "nested whole": (b'{"features":' * 40 + b"1" + b"}" * 40, "too_deep"),
    "5,000 digits": (WHOLE.replace("155007", "1" * 5_000, 1).encode(), "invalid_json"),
    "key twice": (WHOLE.replace('"type"', '"type": "x", "type"', 1).encode(), "duplicate_key"),
    "NUL": (text_of(with_member(("application", "title"), "a\u0000b")).encode(), "invalid_text"),
    "half a pair": (text_of(with_member(("application", "title"), "\ud800")).encode(), "invalid_text"),
    "no UTF-8": (WHOLE.encode() + b"\xff", "invalid_text"),
    "byte order mark": (b"\xef\xbb\xbf" + WHOLE.encode(), "invalid_text"),
    "half of it": (WHOLE.encode()[:300], "invalid_json"),
    "a number": (b"1", "wrong_type"),
    "null": (b"null", "wrong_type"),
}
#: What is JSON and no application, and the code of a fault.
BODIES: dict[str, tuple[Any, str]] = {
    "unknown member": (SEWER | {"status": "granted"}, "unknown_property"),
    "unknown property": (with_member((*PROPERTIES, "decision"), "granted"), "unknown_property"),
    "state in the header": (with_member(("application", "state"), "granted"), "unknown_property"),
    "text for a number": (with_member((*PROPERTIES, "levels"), "-2.0"), "wrong_type"),
    "text for a coordinate": (with_member((*COORDINATES, 0), ["155007", 463000]), "invalid_coordinate"),
    "four numbers": (with_member((*COORDINATES, 0), [155007, 463000, 1, 2]), "invalid_coordinate"),
    "one point": (with_member(COORDINATES, [[155007, 463000]]), "invalid_geometry"),
    "no levels": (with_member((*PROPERTIES, "levels"), None), "missing_height"),
    "degrees": (with_member(COORDINATES, [[5.38, 52.15], [5.39, 52.15]]), "invalid_coordinate"),
    "swapped": (with_member(COORDINATES, [[463000, 155007], [463030, 155007]]), "invalid_coordinate"),
    "another system": (with_member(("crs", "properties", "name"), "EPSG:28992"), "unsupported_crs"),
    "web mercator": (with_member(("crs", "properties", "name"), "EPSG:3857"), "unsupported_crs"),
    "no system": ({key: value for key, value in SEWER.items() if key != "crs"}, "missing"),
    "30 February": (with_member(("application", "works_start"), "2026-02-30"), "invalid_period"),
    "a moment": (with_member(("application", "works_start"), "2026-02-03T00:00:00"), "invalid_period"),
    "another id": (with_member(("application", "id"), "sewer-9"), "not_allowed"),
    "an asset in it": (SEWER | {"features": [*SEWER["features"], feature("sewer-old")]}, "unknown_property"),
    "no parts": (SEWER | {"features": []}, "missing"),
    "too many parts": (
        SEWER | {"features": [with_member(("id",), f"p{number}", SEWER["features"][0]) for number in range(201)]},
        "too_complex",
    ),
    "part twice": (SEWER | {"features": SEWER["features"] * 2}, "duplicate_id"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_texts_that_are_no_json(sqlite_town: Town, name: str) -> None:
    content, code = TEXTS[name]
    refused(sqlite_town, content, code)


@pytest.mark.parametrize("name", BODIES)
def test_bodies_that_are_no_application(sqlite_town: Town, name: str) -> None:
    body, code = BODIES[name]
    refused(sqlite_town, text_of(body).encode(), code)


def refused(town: Town, content: bytes, code: str) -> None:
    answer = town.asking.put(FILED, content, token=town.tokens["operator"])
    assert answer.status_code == 400, answer.data
    problem = answer.get_json()
    assert code in [error["code"] for error in problem["errors"]], problem
    assert all(error["remedy"] for error in problem["errors"]), problem
    assert town.asking.get(FILED).status_code == 404
    assert town.asking.get("/v1/changes").get_json()["items"] == []


def test_all_faults_are_told_at_once(sqlite_town: Town) -> None:
    body = with_member((*PROPERTIES, "theme"), "sewer")
    body["features"][0]["properties"]["level"] = 1
    body["application"]["regime"] = "licence"
    answer = sqlite_town.asking.put(f"{FILED}?x=1&y=2", body, token=sqlite_town.tokens["operator"], seen="3")
    assert answer.status_code == 400
    errors = answer.get_json()["errors"]
    assert {error["in"] for error in errors} == {"query", "header", "body"}
    told = {(error["location"], error["code"]) for error in errors}
    assert ("x", "unknown_property") in told
    assert ("y", "unknown_property") in told
    assert ("If-Match", "not_allowed") in told
    assert ("application.regime", "not_allowed") in told
    assert ("feature sewer-new, properties.theme", "not_allowed") in told
    assert ("feature sewer-new, properties.level", "unknown_property") in told


def test_ids_that_are_none(sqlite_town: Town) -> None:
    for id_ in ("%20", "-x", "a%2520b", "a" * 101, "%C3%A9", "a%00"):
        answer = sqlite_town.asking.get(f"/v1/applications/{id_}")
        assert answer.status_code == 400, id_
        assert [error["in"] for error in answer.get_json()["errors"]] == ["path"]
    for id_ in ("a%2Fb", "a%2fb", "a:b", "a" * 100, "..%2F", "0"):
        assert sqlite_town.asking.get(f"/v1/applications/{id_}").status_code in (400, 404), id_


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=-1", "limit=abc", "limit=1.0", "limit=%D9%A1", "limit=1_0",
        "limit=", "limit=1&limit=2", "x=1", "Limit=1",
        "bbox=1,2,3", "bbox=1,2,3,4,5", "bbox=NaN,300000,1,300001", "bbox=2,400000,1,400001", "bbox=5.1,52.1,5.2,52.2",
        "bbox=1,400000,2,400000&bbox=1,400000,2,400000", "state=gone", "holder=", "after=%00", "holder=%FF",
        "bbox=1e3,400000,2e3,400001",
    ],
)  # fmt: skip
def test_queries_that_are_none(sqlite_town: Town, query: str) -> None:
    answer = sqlite_town.asking.get(f"/v1/reservations?{query}")
    assert answer.status_code == 400, answer.data
    assert {error["in"] for error in answer.get_json()["errors"]} == {"query"}


def test_a_limit_above_the_most_is_the_most(sqlite_town: Town) -> None:
    for path in ("/v1/reservations", "/v1/changes", "/v1/jobs", "/v1/imports"):
        assert sqlite_town.asking.get(f"{path}?limit=999999999999").status_code == 200


def test_what_is_said_with_an_act(sqlite_town: Town) -> None:
    token = sqlite_town.tokens["manager"]
    sqlite_town.asking.put(HEAT, feature("heat-2030"), token=token)
    for body, code in (
        ({"reason": 1}, "wrong_type"),
        ({"reason": "x", "state": "accepted"}, "unknown_property"),
        ({"reason": " "}, "not_allowed"),
        ({"agreements": [{"document": "d"}]}, "missing"),
        ({"agreements": {}}, "wrong_type"),
        ([], "wrong_type"),
    ):
        answer = sqlite_town.asking.post(f"{HEAT}/_accept", body, token=token, seen=1)
        assert answer.status_code == 400, body
        assert answer.get_json()["errors"][0]["code"] == code, answer.data
    answer = sqlite_town.asking.post(f"{HEAT}/_extend", {"reason": "r", "document": "d"}, token=token, seen=1)
    assert answer.status_code == 400
    for stated in (1, {}, feature("sewer-old"), feature("heat-2030") | {"id": "other"}, {"type": "Feature"}):
        for act, member in (("_reduce", "remaining"), ("_amend", "feature")):
            said = {"reason": "r", "document": "d", member: stated}
            answer = sqlite_town.asking.post(f"{HEAT}/{act}", said, token=token, seen=1)
            assert answer.status_code == 400, (act, stated)
        assert sqlite_town.asking.get(HEAT).get_json()["revision"] == 1


def test_rulesets_that_are_none(sqlite_town: Town) -> None:
    tagged = b"ruleset: !!python/object:os.system {}"
    for content in (b"", b"\xff", b"a: &x [*x]", b"ruleset: {id: no}", tagged, b"a: 1\na: 2"):
        answer = sqlite_town.asking.put(
            RULESET_PATH, content, kind="application/yaml", token=sqlite_town.tokens["policy"]
        )
        assert answer.status_code == 400, content
    assert sqlite_town.asking.get("/v1/rulesets").get_json()["items"] == []


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        (None, {"Content-Type": "text/plain"}),
        (None, {"Content-Type": "application/x-www-form-urlencoded"}),
        (None, {"Content-Type": "application/xml"}),
        (None, {"Content-Type": "nonsense"}),
        (None, {"Content-Type": "application/json; charset=latin-1"}),
        (None, {"Content-Type": "multipart/form-data; boundary=x"}),
        (None, {"Content-Type": "application/json", "Content-Encoding": "gzip"}),
    ],
)
def test_kinds_of_body_that_are_not_read(sqlite_town: Town, kind: None, headers: dict[str, str]) -> None:
    content = gzip.compress(WHOLE.encode()) if "Content-Encoding" in headers else WHOLE.encode()
    answer = sqlite_town.asking.put(
        FILED, content, token=sqlite_town.tokens["operator"], kind=headers["Content-Type"], headers=headers
    )
    assert answer.status_code == 415, answer.data
    assert sqlite_town.asking.get(FILED).status_code == 404


def test_a_body_without_content_type_or_where_none_is_read(sqlite_town: Town) -> None:
    headers = {"Authorization": f"Bearer {sqlite_town.tokens['operator']}"}
    answer = sqlite_town.asking.client.put(FILED, data=WHOLE.encode(), headers=headers)
    assert answer.status_code == 415
    headers = {"Authorization": f"Bearer {sqlite_town.tokens['policy_too']}"}
    answer = sqlite_town.asking.client.post(f"{RULESET_PATH}/_publish", json={}, headers=headers)
    assert answer.status_code == 415


def test_bodies_that_are_too_large(sqlite_town: Town) -> None:
    token = sqlite_town.tokens["operator"]
    answer = sqlite_town.asking.put(FILED, b" " * 5_000_001, token=token)
    assert answer.status_code == 413
    assert answer.get_json()["errors"][0]["code"] == "too_large"
    answer = sqlite_town.asking.post(f"{FILED}/_withdraw", b" " * 300_000, token=token, seen=1)
    assert answer.status_code == 413


@pytest.mark.parametrize("accept", ["application/xml", "text/html", "image/*", "application/json;q=0", ""])
def test_kinds_of_answer_that_are_not_given(sqlite_town: Town, accept: str) -> None:
    answer = sqlite_town.asking.get("/v1/reservations", headers={"Accept": accept})
    assert answer.status_code == (406 if accept else 200), answer.data


@pytest.mark.parametrize("accept", ["*/*", "application/*", "text/html, application/json;q=0.1", "application/json"])
def test_kinds_of_answer_that_are_given(sqlite_town: Town, accept: str) -> None:
    assert sqlite_town.asking.get("/v1/reservations", headers={"Accept": accept}).status_code == 200
