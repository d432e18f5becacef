"""A check gives one verdict per basis, and none where there can be none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from registry.core import index
from registry.core.canonical import sha256
from registry.core.model import content_sha256
from registry.core.ruleset import ruleset_from_document
from registry.core.verdict import Verdict, judge
from registry.db import Database
from registry.formats.bundle import verify_bundle, write_bundle
from registry.jobs import Worker
from registry.services import applications, checking, verdicts
from registry.services import jobs as looked
from registry.store import jobs
from registry.warm import dispatchers, warm
from tests.services.making import (
    NOW,
    OFFICER,
    accepted,
    application,
    asset,
    checked,
    file,
    golden_rules,
    head,
    imported,
    later,
    publish,
    reservation,
    verdict_of,
    waiting,
    work,
)


def test_the_verdict_is_what_the_core_finds(ruled: Database) -> None:
    accepted(ruled, reservation("R-1", 1200))
    imported(ruled, asset("near", 1500), asset("far", 900_000))
    stands = checked(ruled, application())
    found = judge(application(), [reservation("R-1", 1200), asset("near", 1500)], golden_rules())
    told = verdicts.standing(ruled, "A-1")
    assert told is not None
    assert told.verdict == found
    assert (told.application, told.application_number, told.current) == (application(), 2, True)
    assert told.ruleset == golden_rules()
    assert stands.state == "checked"
    assert verdicts.get(ruled, found.sha256) == told


def test_a_verdict_that_was_kept_can_be_recomputed(ruled: Database) -> None:
    accepted(ruled, reservation("R-1", 300))
    file(ruled, application("A-2", 600))
    checked(ruled, application())
    told = verdicts.standing(ruled, "A-1")
    assert told is not None
    bundle = write_bundle(told.application, told.ruleset, told.verdict)
    verified = verify_bundle(bundle.encode())
    assert (verified.differences, verified.stated_sha256) == ((), told.verdict.sha256)


def test_a_second_check_of_the_same_writes_nothing(ruled: Database) -> None:
    before = checked(ruled, application())
    for minute in (1, 2):
        assert checking.check(ruled, "A-1", later(minute)).current
    assert head(ruled, "application", "A-1") == before
    assert len(verdicts.of_application(ruled, "A-1")) == 1


def test_two_workers_of_one_application_write_one_verdict(ruled: Database) -> None:
    """Both read before either writes; the one whose job was taken over writes nothing."""
    file(ruled, application())
    done = checking.check(ruled, "A-1", NOW, finish=lambda session, result: False)
    assert done.fenced
    assert head(ruled, "application", "A-1").state == "checking"
    assert verdicts.of_application(ruled, "A-1") == []
    assert checking.check(ruled, "A-1", NOW, finish=lambda session, result: True).current
    assert len(verdicts.of_application(ruled, "A-1")) == 1


def test_judging_holds_no_transaction(ruled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    file(ruled, application())
    opened: list[int] = []
    seen: list[int] = []
    event.listen(ruled.engine, "checkout", lambda *_: opened.append(1))
    event.listen(ruled.engine, "checkin", lambda *_: opened.append(-1))

    def watched(*given: Any) -> Verdict:
        seen.append(sum(opened))
        return judge(*given)

    monkeypatch.setattr(checking, "judge", watched)
    work(ruled)
    assert seen == [0]


def test_what_changes_while_it_is_judged_is_not_missed(ruled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The asset comes when the snapshot was read: the verdict is kept, does not stand, and another check waits."""
    file(ruled, application())

    def slow(*args: object) -> object:
        monkeypatch.setattr(checking, "judge", judge)
        imported(ruled, asset("sudden", 300))
        return judge(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "judge", slow)
    done = checking.check(ruled, "A-1", NOW)
    assert (done.current, done.again is not None) == (False, True)
    assert head(ruled, "application", "A-1").state == "checking"
    assert waiting(ruled) == ["A-1"]
    work(ruled)
    told = verdicts.standing(ruled, "A-1")
    assert told is not None
    assert told.verdict.outcome == "conflict"


def test_without_a_ruleset_it_waits_until_one_is_published(database: Database) -> None:
    file(database, application())
    [job] = work(database)
    assert job.state == "parked"
    assert "no published ruleset is in force" in str(job.error)
    assert head(database, "application", "A-1").state == "checking"
    publish(database)
    assert waiting(database) == ["A-1"]
    work(database)
    assert head(database, "application", "A-1").state == "checked"


def test_what_cannot_be_judged_has_no_verdict(ruled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a ruleset that does not say how to weigh reservations, none is given; the one before stands no longer."""
    accepted(ruled, reservation("R-1", 1200))
    assert checked(ruled, application()).state == "checked"
    document = dict(golden_rules().document)
    rules = document["rules"]
    assert isinstance(rules, list)
    document["rules"] = [rule for rule in rules if rule["kind"] != "reserved_space"]
    document["ruleset"] = {**document["ruleset"], "version": "1.0.1", "effective_from": "2027-02-01"}  # type: ignore[dict-item]
    publish(ruled, ruleset_from_document(document), later(1))
    [job] = work(ruled, later(1))
    assert (job.state, "no rule for reservations" in str(job.error)) == ("parked", True)
    stands = head(ruled, "application", "A-1")
    assert (stands.state, stands.verdict_id) == ("checking", None)
    assert looked.ask_again(ruled, job.id, OFFICER, later(2)) != job.id
    assert waiting(ruled) == ["A-1"]


def test_what_if_writes_nothing(ruled: Database) -> None:
    imported(ruled, asset("near", 300))
    assert checking.what_if(ruled, application(), NOW).outcome == "conflict"
    assert checking.what_if(ruled, application(y=5000), NOW).outcome == "fits"
    stricter = replace(golden_rules(), reach=1)
    assert checking.what_if(ruled, application(), NOW, ruleset=stricter).document["ruleset"]
    assert waiting(ruled) == []


def test_a_verdict_names_what_it_rests_on(ruled: Database) -> None:
    imported(ruled, asset("near", 300))
    checked(ruled, application())
    told = verdicts.get(ruled, verdict_of(ruled, "A-1"))
    assert [(item.kind, item.id) for item in told.verdict.basis] == [("asset", "near")]
    assert told.verdict.document["basis"] == [["asset", "near", content_sha256(asset("near", 300))]]
    assert sha256(told.verdict.document) == told.verdict.sha256


def test_a_verdict_tells_of_the_newer_check_that_is_asked_for(ruled: Database) -> None:
    checked(ruled, application())
    assert _stands(ruled) == (True, None)
    imported(ruled, asset("sudden", 100), now=later(1))
    assert _stands(ruled) == (True, "queued")
    with ruled.write() as session:
        assert jobs.claim(session, "w", later(1), timedelta(minutes=1)) is not None
    assert _stands(ruled) == (True, "running")


def test_what_was_found_before_stands_no_longer_where_a_newer_check_was_set_aside(ruled: Database) -> None:
    checked(ruled, application())
    imported(ruled, asset("sudden", 100), now=later(1))

    def fails(*_given: object) -> None:
        raise ValueError("it fails")

    for hour in range(1, 8):
        Worker(ruled, {"check": fails}, "worker", lambda hour=hour: later(60 * hour)).work_off()  # type: ignore[misc]
    assert _stands(ruled) == (False, "parked")
    [waits] = applications.inbox(ruled, later(600))
    assert (waits.outcome, waits.verdict_sha256, waits.job_state) == (None, None, "parked")


def _stands(db: Database) -> tuple[bool, str | None]:
    found = verdicts.standing(db, "A-1")
    assert found is not None
    return found.current, found.renewal


def test_a_check_compiles_nothing_once_kernels_are_ready(ruled: Database) -> None:
    warm()
    assert index.ready()
    before = [len(one.signatures) for one in dispatchers()]
    accepted(ruled, reservation("R-1", 1200))
    imported(ruled, asset("near", 1500), asset("far", 900_000))
    stands = checked(ruled, application())
    assert checking.what_if(ruled, application(), NOW).sha256 == verdict_of(ruled, stands.id)
    assert before == [len(one.signatures) for one in dispatchers()]
