"""A job is done once: whatever a slow, dead or interrupted worker does, what it writes holds only while it has it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.core.errors import Problem, Refused
from registry.db import Database
from registry.jobs import End, Handler, Pace, Worker, run_job, standing, work, work_once
from registry.store import changes, jobs, schema
from registry.store.rows import Change, Job
from registry.tables import change
from registry.taken import Finish
from tests.jobs.making import BEGIN, SetClock, asked, job, now
from tests.servers import PATIENCE, wait_until

LEASE = timedelta(seconds=60)
LONG = timedelta(hours=1)


class _Fenced(Exception):
    """What a handler wrote is not kept."""


def writing(db: Database, work: Job, at: datetime, finish: Finish) -> None:
    """A handler that writes a change of its subject, and finishes in the same transaction."""

    def write(session: Session) -> None:
        changes.append(session, Change("application", work.subject, 1, "checked", work.worker or "", "register", at))
        if not finish(session, {"by": work.worker}):
            raise _Fenced

    try:
        db.run(write)
    except _Fenced:
        return


def made(db: Database, handler: Handler, name: str = "a", clock: SetClock | None = None, **pace: timedelta) -> Worker:
    return Worker(db, {"check": handler}, name, clock or SetClock(), Pace(lease=LEASE, **pace))


def written(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(change)) or 0


def test_a_job_is_done_and_says_what_came_of_it(database: Database) -> None:
    said: list[str] = []
    asked_for = asked(database, "A-1", BEGIN)
    worker = Worker(database, {"check": writing}, "a", SetClock(), say=said.append)
    assert worker.work_once()
    assert not worker.work_once()
    found = job(database, asked_for)
    assert (found.state, found.attempt, found.result, found.finished_at) == ("done", 1, {"by": "a"}, BEGIN)
    assert said[0] == "check A-1: begun, attempt 1 of 5"
    assert said[1].startswith("check A-1: done (")


def test_a_handler_that_wrote_nothing_is_finished_for(database: Database) -> None:
    asked_for = asked(database, "A-1", BEGIN)

    def handler(_db: Database, _job: Job, _at: datetime, _finish: Finish) -> Mapping[str, Any]:
        return {"outcome": "fits"}

    assert work_once(database, {"check": handler}, "a", SetClock())
    assert (job(database, asked_for).state, job(database, asked_for).result) == ("done", {"outcome": "fits"})


def test_no_transaction_is_open_while_a_handler_judges(database: Database) -> None:
    open_ones: list[int] = []

    def handler(db: Database, work: Job, at: datetime, finish: Finish) -> None:
        open_ones.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]
        writing(db, work, at, finish)

    asked(database, "A-1", BEGIN)
    assert made(database, handler).work_once()
    assert open_ones == [0]


def test_what_a_worker_writes_after_another_took_over_does_not_hold(database: Database) -> None:
    """The first judges so long that its lease runs out and the second has the job done before the first writes."""
    clock, asked_for = SetClock(), asked(database, "A-1", BEGIN)
    second = made(database, writing, "b", clock)

    def slow(db: Database, work: Job, at: datetime, finish: Finish) -> None:
        assert not second.work_once(), "a job was taken from who has it"
        clock.later(LEASE)
        assert second.sweep() == [work.id]
        clock.later(LONG)
        assert second.work_once()
        writing(db, work, at, finish)

    first = made(database, slow, "a", clock)
    assert first.work_once()
    found = job(database, asked_for)
    assert (found.state, found.attempt, found.result) == ("done", 2, {"by": "b"})
    assert written(database) == 1
    assert (first.ended, second.ended) == ({"lost": 1}, {"done": 1})


def test_what_a_worker_writes_while_another_is_at_it_does_not_hold(database: Database) -> None:
    clock, asked_for = SetClock(), asked(database, "A-1", BEGIN)

    def slow(db: Database, work: Job, at: datetime, finish: Finish) -> None:
        clock.later(LEASE)
        made(database, writing, "b", clock).sweep()
        clock.later(LONG)
        taken = db.run(lambda session: jobs.claim(session, "b", clock(), LEASE))
        assert taken is not None
        writing(db, work, at, finish)

    assert made(database, slow, "a", clock).work_once()
    assert (job(database, asked_for).state, job(database, asked_for).worker) == ("running", "b")
    assert written(database) == 0


@pytest.mark.parametrize("told", ["fails", "is refused", "is interrupted"])
def test_who_lost_a_job_can_do_nothing_to_it(told: str, database: Database) -> None:
    clock, asked_for = SetClock(), asked(database, "A-1", BEGIN)

    def slow(_db: Database, _work: Job, _at: datetime, _finish: Finish) -> None:
        clock.later(LEASE)
        second = made(database, writing, "b", clock)
        second.sweep()
        clock.later(LONG)
        second.work_once()
        if told == "is interrupted":
            first.interrupt()
        raise Refused(Problem("missing", "no", "No.")) if told == "is refused" else RuntimeError("no")

    first = made(database, slow, "a", clock)
    assert first.work_once()
    assert (job(database, asked_for).state, job(database, asked_for).result) == ("done", {"by": "b"})


def test_a_lease_is_renewed_while_its_worker_judges(database: Database) -> None:
    """The lease is much shorter than the judging, and nobody can take the job."""
    asked_for = asked(database, "A-1", now())
    other = Worker(database, {"check": writing}, "b", now, Pace(lease=timedelta(seconds=3)))

    def slow(db: Database, work: Job, at: datetime, finish: Finish) -> None:
        first = work.lease_until
        assert first is not None
        wait_until(lambda: now() > first, "the lease it was given is over")
        assert other.sweep() == []
        assert not other.work_once()
        renewed = job(db, work.id).lease_until
        assert renewed is not None
        assert renewed > first
        writing(db, work, at, finish)

    assert Worker(database, {"check": slow}, "a", now, Pace(lease=timedelta(seconds=3))).work_once()
    assert (job(database, asked_for).state, job(database, asked_for).attempt) == ("done", 1)


def test_what_fails_is_tried_later_and_at_last_set_aside(database: Database) -> None:
    clock, asked_for = SetClock(), asked(database, "A-1", BEGIN, max_attempts=3)

    def poison(_db: Database, _work: Job, _at: datetime, _finish: Finish) -> None:
        raise ValueError("no such street\nand more")

    worker = made(database, poison, clock=clock)
    for attempt in (1, 2, 3):
        assert job(database, asked_for).state == "queued"
        assert worker.work_once()
        assert job(database, asked_for).attempt == attempt
        assert not worker.work_once(), "it was tried again at once"
        clock.later(LONG)
    found = job(database, asked_for)
    assert found.state == "parked"
    assert found.error is not None
    assert found.error.startswith("ValueError: no such street (test_leases.py:")
    assert [item.id for item in standing(database).parked] == [asked_for]
    assert standing(database).counts == {"parked": 1}
    assert not worker.work_once()


def test_a_job_that_kills_its_workers_is_set_aside(database: Database) -> None:
    clock, asked_for = SetClock(), asked(database, "A-1", BEGIN, max_attempts=3)
    worker = made(database, writing, clock=clock)
    for _ in range(3):
        assert database.run(lambda session: jobs.claim(session, "victim", clock(), LEASE)) is not None
        clock.later(LEASE)
        assert worker.sweep() == [asked_for]
        clock.later(LONG)
    assert not worker.work_once()
    assert job(database, asked_for).state == "parked"
    assert job(database, asked_for).error == "the lease of victim ran out"


def test_what_is_refused_is_set_aside_at_once(database: Database) -> None:
    asked_for = asked(database, "A-1", BEGIN)

    def refusing(_db: Database, _work: Job, _at: datetime, _finish: Finish) -> None:
        raise Refused(Problem("too_complex", "more than can be judged", "File it in parts.", "application"))

    worker = made(database, refusing)
    assert worker.work_once()
    found = job(database, asked_for)
    assert (found.state, found.attempt, found.result) == ("parked", 1, None)
    assert found.error == "application: more than can be judged. File it in parts."
    assert worker.ended == {"parked": 1}


def test_an_interrupted_job_goes_back_untried(database: Database) -> None:
    clock, asked_for = SetClock(), asked(database, "A-1", BEGIN, max_attempts=1)

    def interrupted(_db: Database, _work: Job, _at: datetime, _finish: Finish) -> None:
        first.interrupt()
        raise AssertionError("it went on")

    first = made(database, interrupted, "a", clock)
    first.work()
    assert first.ended == {"released": 1}
    found = job(database, asked_for)
    assert (found.state, found.worker, found.error, found.max_attempts) == ("queued", None, None, 2)
    assert made(database, writing, "b", clock).work_once()
    assert (job(database, asked_for).state, job(database, asked_for).attempt) == ("done", 2)


def test_what_is_being_finished_is_not_interrupted(database: Database) -> None:
    asked_for = asked(database, "A-1", BEGIN)

    def handler(db: Database, _work: Job, _at: datetime, finish: Finish) -> None:
        with db.write() as session:
            finish(session, {})
            worker.interrupt()

    worker = made(database, handler)
    worker.work()
    assert (job(database, asked_for).state, worker.ended) == ("done", {"done": 1})


def test_a_job_is_given_back_from_another_thread(database: Database) -> None:
    asked_for, reached, go = asked(database, "A-1", BEGIN), threading.Event(), threading.Event()

    def handler(db: Database, work: Job, at: datetime, finish: Finish) -> None:
        reached.set()
        assert go.wait(PATIENCE)
        writing(db, work, at, finish)

    worker = made(database, handler)
    thread = threading.Thread(target=worker.work)
    thread.start()
    assert reached.wait(PATIENCE)
    worker.give_back()
    assert job(database, asked_for).state == "queued"
    go.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert (worker.ended, written(database)) == ({"lost": 1}, 0)


def test_what_was_asked_again_meanwhile_makes_giving_back_needless(database: Database) -> None:
    asked_for = asked(database, "A-1", BEGIN)
    taken = database.run(lambda session: jobs.claim(session, "a", BEGIN, LEASE))
    assert taken is not None
    newer = asked(database, "A-1", BEGIN)
    assert newer != asked_for
    assert database.run(lambda session: jobs.release(session, asked_for, taken.attempt, BEGIN))
    assert (job(database, asked_for).state, job(database, newer).state) == ("cancelled", "queued")


def test_who_does_a_named_job_does_what_came_up_meanwhile_as_well(database: Database) -> None:
    again: list[str] = []

    def handler(db: Database, work: Job, at: datetime, finish: Finish) -> None:
        if not again:
            again.append(asked(db, work.subject, at))
            assert not run_job(db, again[0], {"check": writing}, SetClock()), "two work on one application"
        writing(db, work, at, finish)

    asked_for, other = asked(database, "A-1", BEGIN), asked(database, "A-2", BEGIN)
    assert run_job(database, asked_for, {"check": handler}, SetClock())
    assert [job(database, item).state for item in (asked_for, again[0], other)] == ["done", "done", "queued"]


@pytest.mark.parametrize("named", ["done", "unknown"])
def test_a_job_that_is_not_to_be_done_is_left_alone(named: str, database: Database) -> None:
    asked_for = asked(database, "A-1", BEGIN)
    assert run_job(database, asked_for, {"check": writing}, SetClock())
    before = job(database, asked_for)
    assert not run_job(database, asked_for if named == "done" else "none", {"check": writing}, SetClock())
    assert job(database, asked_for) == before
    assert written(database) == 1


def test_many_workers_do_each_job_once(database: Database) -> None:
    names = [asked(database, f"A-{k}", BEGIN) for k in range(12)]
    ended: list[dict[End, int]] = []

    def one(name: str) -> None:
        worker = made(database, writing, name)
        worker.work_off()
        ended.append(worker.ended)

    threads = [threading.Thread(target=one, args=(f"w{k}",)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert written(database) == len(names)
    assert {job(database, name).attempt for name in names} == {1}
    assert sum(item.get("done", 0) for item in ended) == len(names)


def test_jobs_of_a_kind_that_is_not_known_wait_for_who_knows_it(database: Database) -> None:
    asked_for = asked(database, "A-1", BEGIN, kind="later")
    assert not made(database, writing).work_once()
    assert not run_job(database, asked_for, {"check": writing}, SetClock())
    assert job(database, asked_for).state == "queued"


def test_a_worker_that_leaves_the_first_try_to_others_waits_for_them(database: Database) -> None:
    clock, asked_for = SetClock(), asked(database, "A-1", BEGIN)
    patient = made(database, writing, clock=clock, patience=timedelta(seconds=2))
    assert not patient.work_once()
    clock.later(timedelta(seconds=2))
    assert patient.work_once()
    assert job(database, asked_for).state == "done"


def test_a_worker_waits_for_its_database(blank_url: str) -> None:
    """Here there is no register at first."""
    db, said = Database(blank_url), list[str]()
    worker = Worker(db, {"check": writing}, "a", now, say=said.append)
    thread = threading.Thread(target=worker.work)
    thread.start()
    try:
        wait_until(lambda: any("does not answer" in line for line in said), "it says that there is no register")
        schema.upgrade(db)
        asked_for = asked(db, "A-1", now())
        wait_until(lambda: bool(worker.ended), "it does the job")
    finally:
        worker.stop()
        thread.join(PATIENCE)
    assert job(db, asked_for).state == "done"
    db.close()


def test_workers_end_when_told(database: Database) -> None:
    asked_for, stopping = asked(database, "A-1", BEGIN), threading.Event()
    thread = threading.Thread(target=work, args=(database, {"check": writing}, "a", SetClock(), stopping))
    thread.start()
    wait_until(lambda: job(database, asked_for).state == "done", "it does the job")
    stopping.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()
