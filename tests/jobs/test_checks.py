"""The job that checks an application: judged with no transaction open, one verdict whatever happens beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from registry.core.verdict import Verdict, judge
from registry.db import Database
from registry.handlers import HANDLERS
from registry.jobs import Pace, Worker
from registry.services import checking
from registry.store import jobs
from tests.jobs.making import SetClock, application, filed, job, verdicts_of

LEASE = timedelta(seconds=60)


def worker(db: Database, clock: SetClock, name: str = "a") -> Worker:
    return Worker(db, HANDLERS, name, clock, Pace(lease=LEASE))


def test_an_application_is_checked(database: Database) -> None:
    clock = SetClock()
    asked_for = filed(database, clock())
    worker(database, clock).work_off()
    found = job(database, asked_for)
    assert found.state == "done"
    assert found.result is not None
    assert verdicts_of(database, application().id) == [found.result["verdict"]]


def test_no_transaction_is_open_while_an_application_is_judged(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def watched(*given: Any) -> Verdict:
        assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        if database.is_postgis:
            with database.read() as session:
                others = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
                seen.append(session.scalar(text(others)) or 0)
        else:
            # Another can write at this moment.
            database.run(lambda session: jobs.enqueue(session, "other", "A-2", "other", clock()))
            seen.append(0)
        return judge(*given)

    clock = SetClock()
    filed(database, clock())
    monkeypatch.setattr(checking, "judge", watched)
    assert worker(database, clock).work_once()
    assert seen == [0]
    assert len(verdicts_of(database, application().id)) == 1


def test_a_verdict_of_who_lost_the_job_is_not_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same verdict would follow; that there is one row, and one change that tells of it, is what counts."""
    clock = SetClock()
    asked_for = filed(database, clock())
    second = worker(database, clock, "b")

    def overtaken(*given: Any) -> Verdict:
        monkeypatch.setattr(checking, "judge", judge)
        clock.later(LEASE)
        assert second.sweep() == [asked_for]
        clock.later(timedelta(hours=1))
        assert second.work_once()
        return judge(*given)

    monkeypatch.setattr(checking, "judge", overtaken)
    first = worker(database, clock)
    assert first.work_once()
    assert (first.ended, second.ended) == ({"lost": 1}, {"done": 1})
    assert len(verdicts_of(database, application().id)) == 1
    with database.read() as session:
        told = session.scalar(text("SELECT count(*) FROM change WHERE action = 'finish_check'"))
    assert told == 1


def test_an_application_that_cannot_be_judged_has_no_verdict(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SetClock()
    asked_for = filed(database, clock())

    def broken(*_given: Any) -> Verdict:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(checking, "judge", broken)
    for _ in range(job(database, asked_for).max_attempts):
        assert worker(database, clock).work_once()
        clock.later(timedelta(hours=1))
    assert job(database, asked_for).state == "parked"
    assert verdicts_of(database, application().id) == []
    with database.read() as session:
        found = text("SELECT state FROM object WHERE kind = 'application'")
        assert session.scalar(found) == "checking"
