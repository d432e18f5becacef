"""What a version would change, through the API: asked for, followed, read and cancelled; by policy officers."""

from __future__ import annotations

from typing import Any

import pytest

from registry.handlers import HANDLERS
from registry.jobs import Worker
from tests.api.conftest import FILED, RULESET, Town
from tests.servers import wait_until

DRAFT_PATH = "/v1/rulesets/example-two-number/versions/2.0.0"
ASKED = f"{DRAFT_PATH}/what-ifs"


@pytest.fixture
def drafted(town: Town) -> Town:
    """A sewer that was filed and judged, and a stored version that asks a metre more along a parallel run."""
    town.policy()
    town.assets()
    town.reserve()
    town.apply()
    town.judge()
    text = RULESET.replace(b"version: 1.2.0", b"version: 2.0.0").replace(b"{ch: 0.50 m, cv", b"{ch: 1.50 m, cv", 1)
    answer = town.asking.put(DRAFT_PATH, text, kind="application/yaml", token=town.tokens["policy"])
    assert answer.status_code == 201, answer.data
    assert answer.get_json()["what_if_state"] == "none"
    return town


def ask(town: Town, path: str = DRAFT_PATH) -> dict[str, Any]:
    answer = town.asking.post(f"{path}/what-ifs", token=town.tokens["policy"])
    assert answer.status_code == 202, answer.data
    found: dict[str, Any] = answer.get_json()
    assert answer.headers["Location"] == found["links"]["self"]
    return found


def read(town: Town, path: str) -> dict[str, Any]:
    answer = town.asking.get(path, token=town.tokens["policy"])
    assert answer.status_code == 200, answer.data
    found: dict[str, Any] = answer.get_json()
    return found


def work(town: Town) -> None:
    Worker(town.db, HANDLERS, "worker", lambda: town.now).work_off()


def test_asked_for_followed_and_read(drafted: Town) -> None:
    asked = ask(drafted)
    assert (asked["state"], asked["done"], asked["asked_by"]) == ("waiting", 0, "policy")
    # Workers are told of it once, and asking again is the same.
    job = read(drafted, asked["links"]["job"])["id"]
    wait_until(lambda: job in drafted.told, "workers are told")
    assert ask(drafted)["id"] == asked["id"]
    assert drafted.told.count(job) == 1
    assert read(drafted, f"{asked['links']['self']}/applications")["items"] == []
    work(drafted)
    found = read(drafted, asked["links"]["self"])
    assert (found["state"], found["done"], found["total"], found["changes_since"]) == ("done", 1, 1, 0)
    assert found["open"]["applications"] == 1
    assert found["past"]["applications"] == found["untold"] == 0
    listed = read(drafted, f"{asked['links']['self']}/applications?lang=nl")
    (one,) = listed["items"]
    assert one["application"] == "sewer-0.40"
    assert one["links"]["application"] == FILED
    assert one["findings"]
    assert {shift["what"] for shift in one["findings"]} <= {"appeared", "vanished", "changed"}
    assert one["findings"][0]["text"].startswith(("nieuw: ", "anders: ", "vervalt: "))
    assert one["differs"] == (one["before"]["outcome"] != one["after"]["outcome"])
    differing = read(drafted, f"{asked['links']['applications']}?differs={'true' if one['differs'] else 'false'}")
    assert len(differing["items"]) == 1
    assert read(drafted, f"{asked['links']['applications']}?past=true")["items"] == []
    assert read(drafted, ASKED)["items"] == [found]


def test_a_publication_tells_what_it_rests_on(drafted: Town) -> None:
    # Its numbers are those of the version in force, or its examples would keep it from being published.
    path, text = DRAFT_PATH.replace("2.0.0", "3.0.0"), RULESET.replace(b"version: 1.2.0", b"version: 3.0.0")
    drafted.asking.put(path, text, kind="application/yaml", token=drafted.tokens["policy"])
    asked = ask(drafted, path)
    work(drafted)
    shown = read(drafted, path)
    assert (shown["what_if_state"], shown["what_if"]) == ("current", {"id": asked["id"], "changes_since": 0})
    assert shown["links"]["what_if"] == asked["links"]["self"]
    answer = drafted.asking.post(f"{path}/_publish", token=drafted.tokens["policy_too"])
    assert (answer.status_code, answer.get_json()["what_if_state"]) == (200, "current")


def test_cancelled(drafted: Town) -> None:
    asked = ask(drafted)
    answer = drafted.asking.post(f"{asked['links']['self']}/_cancel", token=drafted.tokens["policy_too"])
    assert answer.status_code == 200
    assert (answer.get_json()["state"], answer.get_json()["cancelled_by"]) == ("cancelled", "policy_too")
    work(drafted)
    assert read(drafted, asked["links"]["self"])["state"] == "cancelled"
    again = ask(drafted)
    assert again["id"] != asked["id"]
    work(drafted)
    answer = drafted.asking.post(f"{again['links']['self']}/_cancel", token=drafted.tokens["policy"])
    assert (answer.status_code, answer.get_json()["errors"][0]["code"]) == (409, "wrong_state")


def test_it_is_for_policy_officers(drafted: Town) -> None:
    asked = ask(drafted)
    for path in (ASKED, asked["links"]["self"], asked["links"]["applications"]):
        assert drafted.asking.get(path).status_code == 401
        assert drafted.asking.get(path, token=drafted.tokens["officer"]).status_code == 403
    assert drafted.asking.post(ASKED, token=drafted.tokens["officer"]).status_code == 403


def test_of_another_version_it_is_none(drafted: Town) -> None:
    asked = ask(drafted)
    elsewhere = asked["links"]["self"].replace("2.0.0", "1.2.0")
    for path in (elsewhere, f"{elsewhere}/applications", f"{ASKED}/no-such", f"{DRAFT_PATH[:-1]}9/what-ifs"):
        assert drafted.asking.get(path, token=drafted.tokens["policy"]).status_code == 404
