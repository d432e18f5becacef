"""ETag, If-Match and If-None-Match: nobody undoes unseen what another did."""

from __future__ import annotations

import pytest

from tests.api.conftest import FILED, HEAT, SEWER, Town, feature
from tests.api.test_rights import ACTS, protected


def test_the_etag_is_the_revision(town: Town) -> None:
    answer = town.asking.put(HEAT, feature("heat-2030"), token=town.tokens["manager"])
    assert answer.headers["ETag"] == '"1"'
    other = feature("heat-2030")
    other["properties"]["levels"] = -1.5
    missing = town.asking.put(HEAT, other, token=town.tokens["manager"])
    assert missing.status_code == 428, missing.data
    assert missing.get_json()["errors"][0]["location"] == "If-Match"
    for wrong in (2, 'W/"1"', '"x"'):
        assert town.asking.put(HEAT, other, token=town.tokens["manager"], seen=wrong).status_code == 412, wrong
    for nonsense in ("1", "*", '"1", "2"', "", '"01"', '"-1"'):
        answer = town.asking.put(HEAT, other, token=town.tokens["manager"], headers={"If-Match": nonsense})
        assert answer.status_code in (400, 412), nonsense
    changed = town.asking.put(HEAT, other, token=town.tokens["manager"], seen=1)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert town.asking.get(HEAT).headers["ETag"] == '"2"'
    lost = town.asking.put(HEAT, feature("heat-2030"), token=town.tokens["manager"], seen=1)
    assert lost.status_code == 412
    repeated = town.asking.put(HEAT, other, token=town.tokens["manager"], seen=1)
    assert (repeated.status_code, repeated.data) == (200, changed.data)


def test_what_is_not_there_has_no_revision(town: Town) -> None:
    answer = town.asking.put(HEAT, feature("heat-2030"), token=town.tokens["manager"], seen=1)
    assert answer.status_code in (404, 412), answer.data
    assert town.asking.get(HEAT).status_code == 404


@pytest.mark.parametrize("operation", [known.id for known in protected() if known.versioned == "required"])
def test_an_act_without_a_revision_is_refused(sqlite_town: Town, operation: str) -> None:
    sqlite_town.asking.put(HEAT, feature("heat-2030"), token=sqlite_town.tokens["manager"])
    why = {"reason": "because", "document": "letter 1"}
    known = next(known for known in protected() if known.id == operation)
    _, path, said = ACTS.get(operation, ("", "", why))
    if not path:
        path = next(
            f"/v1{template}".replace("{application_id}", "sewer-0.40").replace("{decision_id}", "d-1")
            for template, item in sqlite_town.asking.description["paths"].items()
            if item.get(known.method.lower(), {}).get("operationId") == operation
        )
    if operation == "putDecision":
        said = why | {"verdict": "0" * 64, "kind": "refuse"}
    role = {"manager": "manager", "operator": "operator", "officer": "officer"}[known.roles[0]]
    answer = sqlite_town.asking.ask(known.method, path, said, token=sqlite_town.tokens[role])
    assert answer.status_code == 428, answer.data


def test_an_application_is_changed_by_who_saw_it(town: Town) -> None:
    assert town.apply() == 1
    changed = SEWER | {"application": SEWER["application"] | {"title": "Another title"}}
    token = town.tokens["operator"]
    assert town.asking.put(FILED, changed, token=token).status_code == 428
    assert town.asking.put(FILED, changed, token=token, seen=7).status_code == 412
    answer = town.asking.put(FILED, changed, token=token, seen=1)
    assert (answer.status_code, answer.headers["ETag"]) == (202, '"2"')
    assert town.asking.put(FILED, changed, token=token).data == answer.data


def test_what_was_read_already_is_not_sent_again(town: Town) -> None:
    town.asking.put(HEAT, feature("heat-2030"), token=town.tokens["manager"])
    assert town.asking.get(HEAT, headers={"If-None-Match": '"1"'}).status_code == 304
    assert town.asking.get(HEAT, headers={"If-None-Match": '"2"'}).status_code == 200
    assert town.asking.ask("HEAD", HEAT).status_code == 200
