"""What a version would change, found in the background: once, whole or not at all; and kept with the version."""

from __future__ import annotations

import os
import signal
import subprocess
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from registry.core.errors import Refused
from registry.core.policy import Ruleset
from registry.core.ruleset import ruleset_from_document
from registry.core.weighing import Report
from registry.db import Database
from registry.handlers import HANDLERS
from registry.jobs import Worker
from registry.services import rulesets, whatif, whatifs
from registry.services.bulk import Cancelled
from registry.store import changes, jobs
from registry.store.rows import Job
from registry.tables import whatif_item
from registry.warm import warm
from tests.conftest import ROOT
from tests.jobs.running import REGISTRY
from tests.servers import PATIENCE, wait_until
from tests.services.making import (
    NOW,
    OFFICER,
    PUBLISHER,
    WATER,
    WRITER,
    application,
    asset,
    checked,
    codes,
    golden_rules,
    granted,
    imported,
    later,
    waiting,
    work,
)
from tests.services.scenes import put, street


def draft(crossing: int = 900, version: str = "2.0.0") -> Ruleset:
    """The golden ruleset with another distance for all that has no cell."""
    document: Any = deepcopy(golden_rules().document)
    document["ruleset"]["version"] = version
    separation = next(rule for rule in document["rules"] if rule["id"] == "separation")
    separation["otherwise"]["crossing"]["ch"] = crossing
    return ruleset_from_document(document)


def stored(db: Database, rules: Ruleset | None = None) -> Ruleset:
    rules = rules or draft()
    rulesets.store(db, rules, "as text", WRITER, NOW)
    return rules


@pytest.fixture
def filled(ruled: Database) -> Database:
    """One application 0.5 m from drinking water, one 3 m from it and one that was granted, 0.5 m from it."""
    imported(ruled, asset("W-1", 1_000, theme="water"), asset("W-2", 91_000, theme="water"))
    for name, y in (("near", 0), ("far", 4_500)):
        checked(ruled, application(name, y))
    granted(ruled, application("given", 90_000))
    return ruled


def asked(db: Database, rules: Ruleset, now: datetime = NOW) -> whatifs.WhatIf:
    return whatifs.ask(db, rules.id, rules.version, WRITER, now)


def job_of(db: Database, one: whatifs.WhatIf) -> Job:
    with db.read() as session:
        found = jobs.get(session, one.job_id)
    assert found is not None
    return found


def items_kept(db: Database) -> int:
    with db.read() as session:
        return len(session.execute(select(whatif_item)).all())


def test_it_is_asked_for_found_out_and_kept(filled: Database) -> None:
    rules = stored(filled)
    one = asked(filled, rules)
    assert (one.created, one.state, one.counts, one.asked_by) == (True, "waiting", None, WRITER.name)
    again = asked(filled, rules, later(1))
    assert (again.id, again.created) == (one.id, False)
    with pytest.raises(Refused) as early:
        whatifs.whole(filled, one.id)
    assert codes(early) == ["wrong_state"]
    (done,) = [job for job in work(filled) if job.kind == "whatif"]
    assert (done.kind, done.result) == ("whatif", {"applications": 2, "differing": 1})
    found = whatifs.get(filled, one.id)
    assert (found.state, found.done, found.total, found.changes) == ("done", 3, 3, 0)
    assert found.counts is not None
    assert found.counts.kept == 1
    assert dict(found.counts.turns) == {("fits", "conflict"): 1}
    assert found.counts.rules == {"separation": {"appeared": 1}}
    (near,) = whatifs.items(filled, one.id, differs=True)
    assert (near.application, near.outcome_before, near.outcome_after) == ("near", "fits", "conflict")
    (shift,) = near.shifts
    assert shift.after is not None
    assert (shift.what, shift.after["required"]["horizontal"]) == ("appeared", 900)
    # Of what was decided on it only informs.
    assert found.past is not None
    assert (found.past.applications, found.past.differing, found.untold) == (1, 1, 0)
    assert [(item.application, item.past) for item in whatifs.items(filled, one.id, past=True)] == [("given", True)]
    # What is kept is what is found out at once, in the foreground.
    with filled.read() as session:
        at_once = whatif.report(session, rules, NOW)
    assert whatifs.whole(filled, one.id) == at_once


def test_another_may_be_asked_for_when_one_has_ended(filled: Database) -> None:
    rules = stored(filled)
    first = asked(filled, rules)
    work(filled)
    second = asked(filled, rules, later(1))
    assert second.created
    assert [one.id for one in whatifs.listed(filled, rules.id, rules.version)] == [second.id, first.id]


def test_a_publication_names_what_it_rests_on(filled: Database) -> None:
    rules = stored(filled)
    one = asked(filled, rules)
    work(filled)
    assert rulesets.get(filled, rules.id, rules.version).whatif == (one.id, 0)
    imported(filled, asset("W-3", 50_000, theme="water"), now=later(1))
    work(filled, later(1))
    # An asset came, of which an outcome may be another: that is told, and left to who publishes.
    assert rulesets.get(filled, rules.id, rules.version).whatif == (one.id, 1)
    assert whatifs.get(filled, one.id).changes == 1
    done = rulesets.publish(filled, rules.id, rules.version, PUBLISHER, later(2))
    assert done.whatif == (one.id, 1)
    # All that is open is checked again by itself.
    assert {"far", "near"} <= set(waiting(filled))
    work(filled, later(2))
    imported(filled, asset("W-4", 55_000, theme="water"), now=later(3))
    assert rulesets.get(filled, rules.id, rules.version).whatif == (one.id, 1)
    with filled.read() as session:
        told = [change for change in changes.of_object(session, "ruleset", rules.id) if change.action == "publish"]
    assert told[-1].detail is not None
    assert (told[-1].detail["whatif"], told[-1].detail["changes_since"]) == (one.id, 1)


def test_one_may_be_published_without(filled: Database) -> None:
    rules = stored(filled)
    asked(filled, rules)  # and not found out
    assert rulesets.get(filled, rules.id, rules.version).whatif is None
    assert rulesets.publish(filled, rules.id, rules.version, PUBLISHER, later(1)).whatif is None
    with filled.read() as session:
        told = changes.of_object(session, "ruleset", rules.id)
    assert "whatif" not in (told[-1].detail or {})


def test_it_is_for_policy_officers(filled: Database) -> None:
    rules = stored(filled)
    with pytest.raises(Refused) as refused:
        whatifs.ask(filled, rules.id, rules.version, OFFICER, NOW)
    assert codes(refused) == ["not_allowed_for_role"]
    one = asked(filled, rules)
    with pytest.raises(Refused) as refused:
        whatifs.cancel(filled, one.id, OFFICER, NOW)
    assert codes(refused) == ["not_allowed_for_role"]
    with pytest.raises(Refused) as refused:
        whatifs.ask(filled, rules.id, "9.9.9", WRITER, NOW)
    assert codes(refused) == ["not_found"]
    with pytest.raises(Refused) as refused:
        whatifs.get(filled, "no")
    assert codes(refused) == ["not_found"]


def test_cancelled_before_it_begins_nothing_is_done(filled: Database) -> None:
    rules = stored(filled)
    one = asked(filled, rules)
    found = whatifs.cancel(filled, one.id, PUBLISHER, later(1))
    assert (found.state, found.cancelled_by, found.cancelled_at) == ("cancelled", PUBLISHER.name, later(1))
    assert whatifs.cancel(filled, one.id, WRITER, later(2)) == found
    assert job_of(filled, one).state == "cancelled"
    assert [job for job in work(filled, later(3)) if job.kind == "whatif"] == []
    assert items_kept(filled) == 0
    assert asked(filled, rules, later(3)).created


def test_cancelled_while_it_is_done_it_ends_and_keeps_nothing(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = stored(filled)
    one = asked(filled, rules)
    ended: list[bool] = []

    def cancelling(*given: Any, progress: Any, cancelled: Any, **more: Any) -> Report:
        progress(1, 3)
        assert whatifs.get(filled, one.id).state == "running"
        assert (whatifs.get(filled, one.id).done, whatifs.get(filled, one.id).total) == (1, 3)
        whatifs.cancel(filled, one.id, WRITER, later(1))
        wait_until(cancelled, "it learns that it was cancelled")
        ended.append(True)
        raise Cancelled

    monkeypatch.setattr(whatif, "report", cancelling)
    work(filled)
    assert ended == [True]
    assert whatifs.get(filled, one.id).state == "cancelled"
    assert job_of(filled, one).state == "cancelled"
    assert items_kept(filled) == 0


def test_cancelled_at_the_last_moment_it_keeps_nothing(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = stored(filled)
    one = asked(filled, rules)
    found_out = whatif.report

    def late(*given: Any, **more: Any) -> Report:
        found = found_out(*given, **more)
        whatifs.cancel(filled, one.id, WRITER, later(1))
        return found

    monkeypatch.setattr(whatif, "report", late)
    work(filled)
    assert whatifs.get(filled, one.id).state == "cancelled"
    assert items_kept(filled) == 0


def test_what_is_done_is_not_cancelled(filled: Database) -> None:
    rules = stored(filled)
    one = asked(filled, rules)
    work(filled)
    with pytest.raises(Refused) as refused:
        whatifs.cancel(filled, one.id, WRITER, later(1))
    assert codes(refused) == ["wrong_state"]


def test_one_that_lost_its_lease_keeps_nothing(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another worker found it out meanwhile: of two reports one is kept."""
    rules = stored(filled)
    one = asked(filled, rules)
    found_out = whatif.report
    others: list[Job] = []

    def slow(*given: Any, **more: Any) -> Report:
        found = found_out(*given, **more)
        if not others:
            other = Worker(filled, HANDLERS, "other", lambda: later(10))
            others.extend([job_of(filled, one)])
            other.sweep()
            Worker(filled, HANDLERS, "other", lambda: later(20)).work_off()
            others.extend([job_of(filled, one)])
        return found

    monkeypatch.setattr(whatif, "report", slow)
    Worker(filled, HANDLERS, "slow", lambda: NOW).run_job(one.job_id)
    assert (others[0].attempt, others[1].attempt, others[1].state) == (1, 2, "done")
    assert whatifs.get(filled, one.id).state == "done"
    assert items_kept(filled) == 2
    assert job_of(filled, one) == others[1]


def test_what_fails_time_after_time_is_told(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = stored(filled)
    one = asked(filled, rules)

    def failing(*given: Any, **more: Any) -> Report:
        raise RuntimeError("out of order")

    with monkeypatch.context() as patched:
        patched.setattr(whatif, "report", failing)
        for k in range(5):
            work(filled, NOW + timedelta(hours=k))
    found = whatifs.get(filled, one.id)
    assert (found.state, items_kept(filled)) == ("failed", 0)
    assert "out of order" in str(found.error)
    # It is asked for anew.
    again = asked(filled, rules, NOW + timedelta(hours=6))
    assert again.created
    work(filled, NOW + timedelta(hours=6))
    assert whatifs.get(filled, again.id).state == "done"


def test_past_ones_are_told_of_only_by_what_was_looked_at_then(filled: Database) -> None:
    document: Any = deepcopy(draft().document)
    document["ruleset"]["reach"] += 1_000
    rules = stored(filled, ruleset_from_document(document))
    one = asked(filled, rules)
    work(filled)
    found = whatifs.get(filled, one.id)
    assert found.counts is not None
    assert found.past is not None
    assert (found.counts.kept, found.counts.differing) == (0, 1)
    assert (found.past.applications, found.untold) == (0, 1)


def test_killed_in_the_middle_it_is_found_out_by_another(database: Database) -> None:
    """kill -9: nothing is kept of it, no process is left, and the next worker begins anew when the lease ran out."""
    warm(lambda _line: None)  # or that process may compile for a minute first
    rules = golden_rules()
    rulesets.store(database, rules, "as text", WRITER, NOW)
    put(database, street(3, applications=120))
    put(database, [(replace(application("W"), applicant=WATER), "checking")])
    # By the clock of that process, or it would not be due.
    one = asked(database, rules, datetime.now(UTC))
    process = subprocess.Popen(
        [*REGISTRY, "worker"], cwd=ROOT, env=os.environ | {"DATABASE_URL": database.url}, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: whatifs.get(database, one.id).total is not None, "it is under way", 3 * PATIENCE)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    assert whatifs.get(database, one.id).state == "running"
    assert items_kept(database) == 0
    held = job_of(database, one)
    assert held.lease_until is not None
    after = held.lease_until + timedelta(minutes=1)
    work(database, after)
    work(database, after + timedelta(minutes=1))
    found = whatifs.get(database, one.id)
    assert (found.state, job_of(database, one).attempt) == ("done", 2)
    with database.read() as session:
        assert whatifs.whole(database, one.id) == whatif.report(session, rules, NOW)
