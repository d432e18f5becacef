"""The register's story, asked through the API: reserve, apply, be checked, be decided on, build."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from registry.core.topics import TOPICS
from registry.formats.bundle import verify_bundle
from registry.handlers import HANDLERS
from registry.jobs import Worker
from registry.store import jobs
from tests.api.conftest import (
    CAUTIOUS,
    CAUTIOUS_PATH,
    FILED,
    HEAT,
    MUNICIPALITY,
    RULESET,
    RULESET_PATH,
    SEWER,
    STREET,
    Town,
    example,
    feature,
)


def test_reserve_apply_judge_decide_build(town: Town) -> None:
    ask, tokens = town.asking, town.tokens
    town.policy()
    town.reserve()
    town.assets()
    answer = ask.put(FILED, SEWER, token=tokens["operator"])
    assert answer.status_code == 202
    filed = answer.get_json()
    job = ask.get(answer.headers["Location"]).get_json()
    assert (job["kind"], job["subject"], job["state"]) == ("check", "sewer-0.40", "queued")
    waiting = ask.get(filed["links"]["verdict"])
    assert waiting.status_code == 404
    assert int(waiting.headers["Retry-After"]) >= 1
    sha256 = town.judge()
    verdict = ask.get(filed["links"]["verdict"]).get_json()
    assert (verdict["sha256"], verdict["current"]) == (sha256, True)
    assert len(verdict["effects"]) == len(TOPICS)
    assert verdict["effects"][0]["topic"] == "cables_and_pipes"
    assert verdict["effects"][-1] == {"topic": "geothermal_and_soil_energy", "effect": "no_rule", "rules": []}
    assert [one["sha256"] for one in ask.get(filed["links"]["verdicts"]).get_json()["items"]] == [sha256]
    kind = "grant" if verdict["outcome"].startswith("fits") else "refuse"
    decided = decide(town, sha256, kind)
    assert decided.status_code == 200, decided.data
    assert decided.get_json()["state"] in ("granted", "refused")
    again = decide(town, sha256, kind, seen=1)
    assert again.status_code == 200, again.data
    assert ask.get(f"{FILED}/decisions/d-1").get_json()["kind"] == kind
    actions = [one["action"] for one in ask.get(f"{FILED}/revisions").get_json()["items"]]
    assert actions[0] == "file"
    feed = ask.get("/v1/changes").get_json()["items"]
    assert [change["seq"] for change in feed] == sorted(change["seq"] for change in feed)


def decide(town: Town, sha256: str, kind: str, *, seen: int | None = None, **more: Any) -> Any:
    said = {"verdict": sha256, "kind": kind, "reason": "it fits", "document": "letter 1", **more}
    path = f"{FILED}/decisions/d-1"
    return town.asking.put(path, said, token=town.tokens["officer"], seen=seen or town.revision())


def test_a_bundle_from_the_api_verifies(town: Town) -> None:
    town.policy()
    town.reserve()
    town.assets()
    town.apply()
    sha256 = town.judge()
    answer = town.asking.get(f"/v1/verdicts/{sha256}/bundle")
    found = verify_bundle(answer.data)
    assert (found.differences, found.stated_sha256) == ((), sha256)
    assert found.recomputed is not None
    for lang, word in (("nl", "regelset"), ("en", "ruleset")):
        report = town.asking.get(f"/v1/verdicts/{sha256}/report?lang={lang}")
        assert report.mimetype == "text/plain"
        assert word in report.text.lower()
        assert sha256[:8] in report.text


def test_a_decision_on_what_has_changed_is_refused_and_a_fresh_check_asked_for(town: Town) -> None:
    town.policy()
    town.assets()
    town.apply()
    sha256 = town.judge()
    town.told.clear()
    town.reserve()
    answer = decide(town, sha256, "grant")
    assert answer.status_code == 412, answer.data
    assert answer.get_json()["type"].endswith(":stale-verdict")
    jobs = town.asking.get("/v1/jobs?state=queued&subject=sewer-0.40").get_json()
    assert len(jobs["items"]) == 1


def test_a_check_that_was_set_aside_is_asked_for_again(town: Town) -> None:
    ask, officer, again = town.asking, {"token": town.tokens["officer"]}, f"{FILED}/_check"
    worker = Worker(town.db, HANDLERS, "worker", lambda: town.now)
    assert ask.post("/v1/applications/none/_check", **officer).status_code == 404
    town.apply()
    (first,) = ask.get("/v1/jobs").get_json()["items"]
    waiting = ask.post(again, **officer)
    assert (waiting.status_code, waiting.get_json()["job"]) == (202, first["id"])
    worker.work_off()  # no ruleset is in force
    town.now += timedelta(minutes=1)
    assert ask.get(f"/v1/jobs/{first['id']}").get_json()["state"] == "parked"
    asked = ask.post(again, **officer)
    assert asked.status_code == 202, asked.data
    job = asked.get_json()["job"]
    assert asked.headers["Location"].endswith(f"/v1/jobs/{job}")
    repeated = ask.post(again, token=town.tokens["administrator"])
    assert repeated.data == asked.data
    worker.work_off()
    assert [one["state"] for one in ask.get("/v1/jobs").get_json()["items"]] == ["parked", "parked"]
    town.policy()
    town.now += timedelta(minutes=1)
    worker.work_off()
    assert ask.get(f"{FILED}/verdict").status_code == 200
    refused = ask.post(again, **officer)
    assert refused.status_code == 409, refused.data
    assert "was not set aside" in refused.get_json()["errors"][0]["detail"]
    withdrawn = ask.post(f"{FILED}/_withdraw", {}, token=town.tokens["operator"], seen=town.revision())
    assert withdrawn.status_code == 200
    assert ask.post(again, **officer).status_code == 409


def test_granting_against_a_reservation_is_weighed_and_its_holder_told(town: Town) -> None:
    town.policy(CAUTIOUS_PATH, CAUTIOUS)
    town.reserve()
    town.assets()
    wide = example("sewer-1.20.geojson")
    wide["application"]["id"] = "sewer-0.40"
    assert town.asking.put(FILED, wide, token=town.tokens["operator"]).status_code == 202
    sha256 = town.judge()
    unweighed = decide(town, sha256, "grant")
    assert unweighed.status_code == 400, unweighed.data
    (error,) = unweighed.get_json()["errors"]
    assert error["code"] == "weighing_missing"
    assert "heat-2030" in json.dumps(error)
    weighed = [{"reservation": "heat-2030", "reason": "no other place", "document": "memo 4"}]
    granted = decide(town, sha256, "grant", weighed=weighed)
    assert granted.status_code == 200, granted.data
    assert granted.get_json()["weighed"] == weighed
    assert town.asking.get(f"{HEAT}/revisions").get_json()["items"][-1]["action"] == "impair"
    told = [change for change in town.asking.get("/v1/changes").get_json()["items"] if change["action"] == "impair"]
    assert told
    assert MUNICIPALITY in told[0]["told"]
    other = decide(town, sha256, "refuse")
    assert other.status_code == 409, other.data


def test_what_if_keeps_nothing(town: Town) -> None:
    town.policy()
    town.reserve()
    town.assets()
    answer = town.asking.post("/v1/what-ifs", SEWER, token=town.tokens["other_operator"])
    assert answer.status_code == 200, answer.data
    assert town.asking.get(FILED).status_code == 404
    town.apply()
    assert town.judge() == answer.get_json()["sha256"]
    assert answer.get_json()["effects"] == town.asking.get(f"{FILED}/verdict").get_json()["effects"]
    named = "ruleset=example-two-number&version=1.2.0"
    by_name = town.asking.post(f"/v1/what-ifs?{named}", SEWER, token=town.tokens["operator"])
    assert by_name.get_json()["sha256"] == answer.get_json()["sha256"]
    half = town.asking.post("/v1/what-ifs?version=1.2.0", SEWER, token=town.tokens["operator"])
    assert half.status_code == 400


def test_the_same_put_again_is_answered_alike(town: Town) -> None:
    """Whoever did not hear the answer asks again, and knows no revision."""
    town.policy()
    first = town.asking.put(HEAT, feature("heat-2030"), token=town.tokens["manager"])
    again = town.asking.put(HEAT, feature("heat-2030"), token=town.tokens["manager"])
    assert first.status_code == again.status_code == 201
    assert (first.data, first.headers["ETag"]) == (again.data, again.headers["ETag"])
    filed = town.asking.put(FILED, SEWER, token=town.tokens["operator"])
    repeated = town.asking.put(FILED, SEWER, token=town.tokens["operator"])
    assert (filed.status_code, filed.data) == (repeated.status_code, repeated.data)
    assert filed.headers["Location"] == repeated.headers["Location"]
    assert len(town.asking.get(f"{FILED}/revisions").get_json()["items"]) == 1
    assert len(town.asking.get("/v1/jobs?subject=sewer-0.40").get_json()["items"]) == 1
    stored = [town.asking.put(RULESET_PATH, RULESET, kind="application/yaml", token=town.tokens["policy"])]
    assert stored[0].status_code == 200


def test_the_same_act_again_is_answered_alike(town: Town) -> None:
    """With the revision that was seen before the first time: nothing else is known to who did not hear the answer."""
    town.policy()
    town.asking.put(HEAT, feature("heat-2030"), token=town.tokens["manager"])
    why = {"reason": "heat plan", "document": "plan 7"}
    first, again = (town.asking.post(f"{HEAT}/_accept", why, token=town.tokens["manager"], seen=1) for _ in range(2))
    assert (first.status_code, first.data, first.headers["ETag"]) == (200, again.data, again.headers["ETag"])
    other = town.asking.post(f"{HEAT}/_accept", why | {"reason": "x"}, token=town.tokens["manager"], seen=1)
    assert other.status_code == 412
    town.apply()
    asked = {"reason": "how deep?"}
    for _ in range(2):
        answer = town.asking.post(f"{FILED}/_ask", asked, token=town.tokens["officer"], seen=1)
        assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"'), answer.data


def test_an_import_again_changes_nothing(town: Town) -> None:
    kept = STREET | {"features": [item for item in STREET["features"] if item["properties"]["kind"] != "reservation"]}
    ask = {"token": town.tokens["administrator"]}
    first = town.asking.post("/v1/imports?name=street", kept, **ask).get_json()
    assert (first["read"], first["added"], first["unchanged"]) == (4, 4, 0)
    assert first["sha256"] == hashlib.sha256(json.dumps(kept).encode()).hexdigest()
    again = town.asking.post("/v1/imports?name=street", kept, **ask).get_json()
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 4)
    listed = town.asking.get("/v1/imports?limit=1").get_json()
    assert (len(listed["items"]), listed["older"]) == (1, True)
    refused = town.asking.post("/v1/imports?name=street", STREET, **ask)
    assert refused.status_code == 400
    assert town.asking.post("/v1/imports", kept, **ask).status_code == 400


def test_the_life_of_a_reservation(town: Town) -> None:
    town.policy()
    seen = town.reserve()
    why = {"reason": "the plan moved", "document": "plan 8"}
    ask, token = town.asking, town.tokens["manager"]
    extended = ask.post(f"{HEAT}/_extend", why | {"review_date": "2031-01-01"}, token=token, seen=seen)
    assert extended.status_code == 200, extended.data
    raised = ask.post(f"{HEAT}/_raise", why | {"strength": "decided"}, token=token, seen=seen + 1)
    assert raised.status_code == 200, raised.data
    remaining = raised.get_json()["feature"]
    remaining["geometry"]["coordinates"] = [[155005, 463000], [155005, 463020]]
    reduced = ask.post(f"{HEAT}/_reduce", why | {"remaining": remaining}, token=token, seen=seen + 2)
    assert reduced.status_code == 200, reduced.data
    remaining["geometry"]["coordinates"][1] = [155005, 463025]
    longer = ask.post(f"{HEAT}/_reduce", why | {"remaining": remaining}, token=token, seen=seen + 3)
    assert longer.status_code == 400, longer.data
    assert longer.get_json()["errors"][0]["location"] == "remaining.geometry"
    released = ask.post(f"{HEAT}/_release", why, token=token, seen=seen + 3)
    assert released.status_code == 200, released.data
    assert released.get_json()["state"] == "released"
    refused = ask.post(f"{HEAT}/_release", why, token=token, seen=seen + 4)
    assert refused.status_code == 409
    number = len(ask.get(f"{HEAT}/revisions").get_json()["items"])
    assert number == released.get_json()["revision"]


def test_an_accepted_reservation_is_amended_with_a_reason(town: Town) -> None:
    town.policy()
    seen = town.reserve()
    ask, token = town.asking, town.tokens["manager"]
    moved = feature("heat-2030")
    moved["properties"]["levels"] = -1.5
    refused = ask.put(HEAT, moved, token=token, seen=seen)
    assert refused.status_code == 409, refused.data
    assert f"POST {HEAT}/_amend" in refused.get_json()["errors"][0]["remedy"]
    assert ask.put(HEAT, moved, token=token).status_code == 428
    missing = ask.post(f"{HEAT}/_amend", {"feature": moved}, token=token, seen=seen)
    assert [error["location"] for error in missing.get_json()["errors"]] == ["reason", "document"]
    why = {"reason": "deeper after all", "document": "plan 9"}
    for other, status in (({"id": "heat-2031"}, 400), ({"crs": {"type": "name"}}, 400), ({"type": "Thing"}, 400)):
        answer = ask.post(f"{HEAT}/_amend", why | {"feature": moved | other}, token=token, seen=seen)
        assert answer.status_code == status, answer.data
    amended = ask.post(f"{HEAT}/_amend", why | {"feature": moved}, token=token, seen=seen)
    assert (amended.status_code, amended.headers["ETag"]) == (200, f'"{seen + 1}"'), amended.data
    assert amended.get_json()["feature"]["properties"]["levels"] == [-1.5, -1.5]
    last = ask.get(f"{HEAT}/revisions").get_json()["items"][-1]
    assert (last["action"], last["reason"], last["document"]) == ("amend", "deeper after all", "plan 9")
    assert ask.put(HEAT, moved, token=token).data == amended.data


def test_lists_go_on_until_everything_was_given(town: Town) -> None:
    town.policy()
    for number in range(5):
        body = feature("heat-2030") | {"id": f"heat/{number}:x"}
        for position in body["geometry"]["coordinates"]:
            position[0] += 100 * number
        answer = town.asking.put(f"/v1/reservations/heat%2F{number}:x", body, token=town.tokens["manager"])
        assert answer.status_code == 201, answer.data
        assert town.asking.get(answer.headers["Location"]).get_json()["id"] == f"heat/{number}:x"
    for path in ("/v1/reservations?limit=2", "/v1/reservations?limit=2&bbox=155000,462000,156000,464000"):
        found, pages = [], 0
        while path:
            page = town.asking.get(path).get_json()
            found += [item["id"] for item in page["items"]]
            path, pages = page["links"].get("next", ""), pages + 1
        assert (found, pages) == ([f"heat/{number}:x" for number in range(5)], 3)
    within = town.asking.get("/v1/reservations?bbox=155104,462000,155106,464000").get_json()["items"]
    assert [item["id"] for item in within] == ["heat/1:x"]
    assert town.asking.get("/v1/reservations?holder=Elders").get_json()["items"] == []
    seen, after = 0, "/v1/changes?limit=3"
    while after:
        page = town.asking.get(after).get_json()
        seen, after = seen + len(page["items"]), page["links"].get("next", "")
    assert seen == len(town.asking.get("/v1/changes?limit=999999").get_json()["items"]) == 7


def test_an_agreement_is_recorded_once_and_settles_a_clash(town: Town) -> None:
    town.policy()
    town.reserve()
    token = town.tokens["manager"]
    town.asking.put("/v1/reservations/second", feature("heat-2030") | {"id": "second"}, token=token)
    why = {"reason": "one trench", "document": "letter 3"}
    clash = town.asking.post("/v1/reservations/second/_accept", why, token=token, seen=1)
    assert clash.status_code == 409, clash.data
    assert clash.get_json()["errors"][0]["code"] == "clash"
    assert "heat-2030" in clash.text
    two = {side: {"kind": "reservation", "id": id_} for side, id_ in (("a", "second"), ("b", "heat-2030"))}
    said = why | {"kind": "agreement"} | two
    first, again = (town.asking.post("/v1/agreements", said, token=token) for _ in range(2))
    assert first.status_code == 200, first.data
    assert first.data == again.data
    accepted = town.asking.post("/v1/reservations/second/_accept", why, token=token, seen=1)
    assert accepted.status_code == 200, accepted.data
    town.asking.put("/v1/reservations/third", feature("heat-2030") | {"id": "third"}, token=token)
    settled = why | {"agreements": [why | {"other": id_} for id_ in ("heat-2030", "second")]}
    accepted = town.asking.post("/v1/reservations/third/_accept", settled, token=token, seen=1)
    assert accepted.status_code == 200, accepted.data


def test_workers_are_told_of_what_was_kept(sqlite_town: Town) -> None:
    sqlite_town.apply()
    (job,) = sqlite_town.asking.get("/v1/jobs").get_json()["items"]
    for _ in range(500):
        if sqlite_town.told:
            break
        sqlite_town.asking.get("/v1")
    assert sqlite_town.told == [job["id"]]


def test_a_verdict_tells_that_it_is_being_renewed(sqlite_town: Town) -> None:
    town = sqlite_town
    town.policy()
    town.apply()
    town.judge()
    answer = town.asking.get(f"{FILED}/verdict").get_json()
    # The check that the filing asked for still waits: it was judged beside it.
    assert (answer["current"], answer["renewal"]) == (True, "queued")
    worker = Worker(town.db, HANDLERS, "worker", lambda: town.now)
    worker.work_off()
    assert "renewal" not in town.asking.get(f"{FILED}/verdict").get_json()
    town.assets()
    assert town.asking.get(f"{FILED}/verdict").get_json()["renewal"] == "queued"
    town.now += timedelta(minutes=1)
    with town.db.write() as session:
        job = jobs.claim(session, "worker", town.now, timedelta(minutes=1))
        assert job is not None
        assert jobs.park(session, job.id, job.attempt, "it failed", town.now)
    answer = town.asking.get(f"{FILED}/verdict")
    assert answer.status_code == 404
    assert "set aside" in answer.get_json()["detail"]
    [listed] = town.asking.get(f"{FILED}/verdicts").get_json()["items"]
    assert (listed["current"], listed["renewal"]) == (False, "parked")
