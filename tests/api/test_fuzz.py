"""Requests made from the description itself, and from samples that were spoiled: never a fault of the register's own,
and never an answer that the description does not tell of."""

from __future__ import annotations

import copy
import json
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from registry.api.operation import OPERATIONS, Operation
from tests.api.conftest import FILED, HEAT, PEOPLE, RULESET, RULESET_PATH, SEWER, STREET, Town, feature
from tests.api.test_rights import all_operations

EXAMPLES: Final = 12
#: A failure is told as it was met: what the register holds by then is another thing with every request.
HOUSE: Final = settings(
    database=None, suppress_health_check=list(HealthCheck), derandomize=True, phases=[Phase.generate], deadline=None
)
#: What of a request is made from the description; bodies of the exchange format have conditions nobody generates from.
SAMPLES: Final[dict[str, tuple[Any, ...]]] = {
    "exchange": (SEWER,),
    "feature": (feature("heat-2030"), STREET),
    "ruleset": (RULESET.decode(),),
}
#: Acts with a feature in the body, by the name of the member it is in.
WITHIN: Final = {"amendReservation": "feature", "reduceReservation": "remaining"}
NASTY: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1.5, 10**30, 1e300, -0.0, "", " ", "a" * 2_000, "\u202e", "\ud800", "\u0000", "NaN", "1", [], {},
    [[]], {"x": 1},
    [0, 0], [[155000, 463000], [155000, 463000]], "part", "reservation", "2026-02-30", "urn:ogc:def:crs:EPSG::28992",
)  # fmt: skip
#: Ids that name something in the register, whatever of.
KNOWN: Final = ("heat-2030", "sewer-0.40", "example-two-number", "1.2.0", "d-1", "a/b")


@pytest.fixture
def busy_town(sqlite_town: Town) -> Town:
    """With something of every kind in it."""
    sqlite_town.policy()
    sqlite_town.reserve()
    sqlite_town.assets()
    sqlite_town.apply()
    sqlite_town.judge()
    return sqlite_town


@pytest.fixture
def generated(busy_town: Town) -> dict[str, Any]:
    """By operation, how to generate a request for it: its query, headers and body."""
    description = copy.deepcopy(busy_town.asking.description)
    for item in description["paths"].values():
        for method in ("put", "post"):
            name = item.get(method, {}).get("operationId")
            if any(known.id == name and _spoiled(known) for known in OPERATIONS.values()):
                del item[method]["requestBody"]
    loaded = schemathesis.openapi.from_dict(description)
    found = [result.ok() for result in loaded.get_all_operations() if isinstance(result, Ok)]
    assert len(found) == len(OPERATIONS)
    return {operation.definition.raw["operationId"]: operation.as_strategy() for operation in found}


def _spoiled(known: Operation) -> bool:
    return known.body is not None and (known.body.reads != "object" or known.id in WITHIN)


def _samples(known: Operation) -> tuple[Any, ...]:
    if known.id in WITHIN:
        return ({"reason": "it is enough", "document": "plan 9", WITHIN[known.id]: feature("heat-2030")},)
    assert known.body is not None
    return (STREET,) if known.id == "importObjects" else SAMPLES[known.body.reads]


@st.composite
def spoiled(draw: st.DrawFn, sample: Any) -> Any:
    """A sample with up to three of its members replaced, removed, doubled or named otherwise."""
    if isinstance(sample, str):
        at, over = draw(st.integers(0, len(sample))), draw(st.integers(0, 9))
        return sample[:at] + draw(st.sampled_from(["", "!", "\n", "&a", "x: 1\n", "\t", "{"])) + sample[at + over :]
    body = copy.deepcopy(sample)
    for _ in range(draw(st.integers(0, 3))):
        part: Any = body
        while True:
            keys = list(part) if isinstance(part, dict) else list(range(len(part)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if not isinstance(part[key], (dict, list)) or not draw(st.integers(0, 5)):
                how = draw(st.sampled_from(["replaced", "removed", "beside"]))
                if how == "replaced":
                    part[key] = copy.deepcopy(draw(st.sampled_from(NASTY)))
                elif how == "removed":
                    del part[key]
                elif isinstance(part, list):
                    part.append(copy.deepcopy(part[key]))
                else:
                    part[f"{key}_"] = copy.deepcopy(draw(st.sampled_from(NASTY)))
                break
            part = part[key]
    return body


def test_requests_made_from_the_description(busy_town: Town, generated: dict[str, Any]) -> None:
    by_role = {role: busy_town.tokens[name] for name, (_, role) in PEOPLE.items() if not name.startswith("other")}
    asking, statuses = busy_town.asking, set()
    before = asking.count
    templates = {
        operation["operationId"]: f"/v1{path}"
        for path, item in asking.description["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }

    def revision(path: str) -> int | None:
        """That of the object an address is of; none where nothing is there."""
        answer = asking.client.get("/".join(path.split("?")[0].split("/")[:4]))
        return int((answer.get_json() or {}).get("revision", 0)) or None

    def sent(known: Operation, data: st.DataObject) -> None:
        case = data.draw(generated[known.id])
        path = templates[known.id]
        for name in known.ids:
            made = str((case.path_parameters or {}).get(name, "x"))
            id_ = made if data.draw(st.integers(0, 2)) == 0 else data.draw(st.sampled_from(KNOWN))
            path = path.replace(f"{{{name}}}", quote(id_, safe=""))
        if case.query:
            path += "?" + urlencode(dict(case.query), doseq=True)
        seen = data.draw(st.sampled_from(["now", "now", None, 99, "x"]))
        options: dict[str, Any] = {"seen": revision(path) if seen == "now" else seen}
        if known.protected:
            options["token"] = by_role[data.draw(st.sampled_from(known.roles))]
        if known.body is not None:
            body: Any = case.body
            if _spoiled(known):
                body = data.draw(spoiled(data.draw(st.sampled_from(_samples(known)))))
            if known.id in ("putReservation", "putApplication") and isinstance(body, dict) and data.draw(st.booleans()):
                named = body["application"] if isinstance(body.get("application"), dict) else body
                named["id"] = unquote(path.split("?")[0].split("/")[3])
            options["body"] = _bytes(body)
            options["kind"] = known.body.types[0]
        answer = asking.ask(known.method, path, **options)
        assert answer.status_code < 500, (known.id, path, options, answer.data)
        statuses.add(answer.status_code)

    def tried(known: Operation) -> None:
        @given(st.data())
        @settings(HOUSE, max_examples=EXAMPLES)
        def run(data: st.DataObject) -> None:
            sent(known, data)

        run()

    for known in all_operations():
        tried(known)
    assert asking.count - before >= 500
    # Some got through, and not all: else nothing but the outermost refusals would have been tried.
    assert {200, 400, 404, 428} <= statuses
    assert statuses & {409, 412}  # which of the two is a matter of chance
    assert statuses & {201, 202}


def _bytes(body: Any) -> bytes:
    """As it is sent: text as it is."""
    return body.encode("utf-8", "surrogatepass") if isinstance(body, str) else json.dumps(body, default=str).encode()


def test_hundreds_of_spoiled_filings(busy_town: Town) -> None:
    """What is put under an id that is there and not named by its revision changes nothing, whatever it says."""
    places = (
        ("PUT", FILED, SEWER, "operator", None),
        ("PUT", HEAT, feature("heat-2030"), "manager", None),
        ("PUT", RULESET_PATH, RULESET.decode(), "policy", "application/yaml"),
        ("POST", "/v1/what-ifs", SEWER, "operator", None),
    )
    feed = len(busy_town.asking.get("/v1/changes?limit=1000").get_json()["items"])

    @given(data=st.data())
    @settings(HOUSE, max_examples=160)
    def run(data: st.DataObject) -> None:
        method, path, sample, who, kind = data.draw(st.sampled_from(places))
        body = data.draw(spoiled(sample))
        answer = busy_town.asking.ask(method, path, _bytes(body), token=busy_town.tokens[who], kind=kind)
        assert answer.status_code < 500, (path, body, answer.data)

    run()
    assert len(busy_town.asking.get("/v1/changes?limit=1000").get_json()["items"]) == feed
