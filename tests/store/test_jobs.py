"""Jobs are done once, whoever dies: claimed by one, fenced, given back, set aside."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

from registry.db import Database
from registry.store import jobs
from registry.store.rows import Job
from tests.store.making import NOW, later

LEASE = timedelta(seconds=30)


def enqueued(database: Database, key: str = "check:A", seconds: float = 0, **more: object) -> str:
    return database.run(lambda s: jobs.enqueue(s, "check", key[6:], key, later(seconds), **more))  # type: ignore[arg-type]


def claimed(database: Database, seconds: float = 0, worker: str = "w", job_id: str | None = None) -> Job | None:
    return database.run(lambda s: jobs.claim(s, worker, later(seconds), LEASE, job_id=job_id))


def failed(s: Session, name: str, attempt: int, seconds: float) -> bool:
    return jobs.fail(s, name, attempt, "no such ruleset", later(seconds))


def finished(s: Session, job: Job) -> bool:
    return jobs.finish(s, job.id, job.attempt, None, later(2))


def state_of(database: Database, job_id: str) -> str:
    with database.read() as s:
        found = jobs.get(s, job_id)
        assert found is not None
        return found.state


def test_a_job_from_beginning_to_end(database: Database) -> None:
    name = enqueued(database)
    with database.read() as s:
        waiting = jobs.get(s, name)
    assert waiting == Job(name, "check", "A", "check:A", "queued", 0, 5, None, NOW, None, None, None, NOW, None)
    job = claimed(database, 1)
    assert job is not None
    assert (job.id, job.state, job.attempt, job.worker, job.lease_until) == (name, "running", 1, "w", later(31))
    assert database.run(lambda s: jobs.renew(s, name, 1, later(61)))
    assert database.run(lambda s: jobs.finish(s, name, 1, {"verdict": "b" * 64}, later(5)))
    with database.read() as s:
        done = jobs.get(s, name)
    assert done is not None
    assert (done.state, done.result, done.finished_at, done.lease_until) == (
        "done", {"verdict": "b" * 64}, later(5), None
    )  # fmt: skip
    assert claimed(database, 100) is None


def test_of_one_key_one_job_waits(database: Database) -> None:
    first = enqueued(database, seconds=10)
    assert enqueued(database, seconds=5) == first
    assert enqueued(database, seconds=20) == first
    assert enqueued(database, "check:B") != first
    job = claimed(database, 5, job_id=first)
    assert job is not None
    assert job.run_after == later(5), "the sooner of the two moments holds"


def test_what_waits_for_a_key_is_not_started_beside_what_runs(database: Database) -> None:
    first = enqueued(database)
    running = claimed(database)
    assert running is not None
    second = enqueued(database, seconds=1)
    assert second != first
    assert claimed(database, 2) is None
    assert claimed(database, 2, job_id=second) is None
    assert database.run(lambda s: jobs.finish(s, first, 1, None, later(3)))
    found = claimed(database, 4)
    assert found is not None
    assert found.id == second


def test_what_runs_too_long_holds_nobody_up(database: Database) -> None:
    first = enqueued(database)
    assert claimed(database) is not None
    second = enqueued(database, seconds=1)
    assert claimed(database, 29.9) is None
    found = claimed(database, 30)
    assert found is not None
    assert found.id == second
    assert database.run(lambda s: jobs.sweep(s, later(31))) == [first]
    assert [state_of(database, one) for one in (first, second)] == ["queued", "running"]


def test_where_another_waits_what_was_given_up_is_cancelled(database: Database) -> None:
    first = enqueued(database)
    assert claimed(database) is not None
    second = enqueued(database, seconds=1)
    assert database.run(lambda s: jobs.sweep(s, later(30))) == [first]
    assert [state_of(database, one) for one in (first, second)] == ["cancelled", "queued"]


def test_the_one_that_has_waited_longest_comes_first(database: Database) -> None:
    names = [enqueued(database, f"check:{k}", seconds=10 - k) for k in range(4)]
    assert claimed(database, 6.9) is None
    assert [job.id for job in (claimed(database, 20) for _ in names) if job] == names[::-1]


def test_kinds_may_be_chosen(database: Database) -> None:
    enqueued(database)
    with database.write() as s:
        assert jobs.claim(s, "w", later(1), LEASE, kinds=["mail"]) is None
        assert jobs.claim(s, "w", later(1), LEASE, kinds=["mail", "check"]) is not None


def test_only_who_holds_a_job_finishes_it(database: Database) -> None:
    name = enqueued(database)
    assert claimed(database, worker="slow") is not None
    assert database.run(lambda s: jobs.sweep(s, later(29.9))) == []
    assert database.run(lambda s: jobs.sweep(s, later(30))) == [name]
    again = claimed(database, 60, worker="quick")
    assert again is not None
    assert (again.attempt, again.error) == (2, "the lease of slow ran out")
    for late in (
        lambda s: jobs.finish(s, name, 1, None, later(61)),
        lambda s: jobs.fail(s, name, 1, "late", later(61)),
        lambda s: jobs.park(s, name, 1, "late", later(61)),
        lambda s: jobs.renew(s, name, 1, later(99)),
    ):
        assert not database.run(late)
    assert database.run(lambda s: jobs.finish(s, name, 2, None, later(61)))
    assert not database.run(lambda s: jobs.finish(s, name, 2, None, later(62)))


def test_a_job_that_fails_waits_longer_each_time_and_is_parked_at_last(database: Database) -> None:
    name, when, waited = enqueued(database, max_attempts=4), 0.0, []
    for attempt in range(1, 5):
        job = claimed(database, when)
        assert job is not None
        assert job.attempt == attempt
        assert database.run(partial(failed, name=name, attempt=attempt, seconds=when))
        with database.read() as s:
            now = jobs.get(s, name)
        assert now is not None
        waited.append((now.state, (now.run_after - later(when)).total_seconds()))
        assert claimed(database, when + 0.1) is None
        when = (now.run_after - NOW).total_seconds()
    assert waited[:3] == [("queued", 2), ("queued", 4), ("queued", 8)]
    assert waited[3][0] == "parked"
    with database.read() as s:
        parked = jobs.list_jobs(s, state="parked")
    assert [(one.id, one.error, one.attempt) for one in parked] == [(name, "no such ruleset", 4)]
    assert enqueued(database) != name, "another may be tried"


def test_a_worker_that_dies_every_time_has_its_job_parked(database: Database) -> None:
    name = enqueued(database, max_attempts=2)
    for attempt in (1, 2):
        assert claimed(database, attempt * 1000) is not None
        assert database.run(partial(jobs.sweep, now=later(attempt * 1000 + 31))) == [name]
    assert state_of(database, name) == "parked"


def test_a_job_may_be_parked_at_once(database: Database) -> None:
    name = enqueued(database)
    assert claimed(database) is not None
    assert database.run(lambda s: jobs.park(s, name, 1, "x" * 9000, later(1)))
    with database.read() as s:
        found = jobs.get(s, name)
    assert found is not None
    assert (found.state, len(found.error or "")) == ("parked", jobs.ERROR_LENGTH)


def test_jobs_are_listed_page_by_page(database: Database) -> None:
    names = [enqueued(database, f"check:{k % 3}{k}", seconds=k) for k in range(6)]
    with database.read() as s:
        assert [one.id for one in jobs.list_jobs(s)] == names
        assert [one.id for one in jobs.list_jobs(s, after=names[1], limit=2)] == names[2:4]
        assert [one.id for one in jobs.list_jobs(s, subject="11")] == [names[1]]
        assert [one.id for one in jobs.list_jobs(s, key="check:22", state="queued")] == [names[2]]
        assert jobs.list_jobs(s, after="none") == []
        assert jobs.get(s, "none") is None


def test_many_workers_do_each_job_once(database: Database) -> None:
    names = [enqueued(database, f"check:{k}") for k in range(40)]

    def work(worker: str) -> list[str]:
        done = []
        while (job := claimed(database, 1, worker)) is not None:
            assert database.run(partial(finished, job=job))
            done.append(job.id)
        return done

    with ThreadPoolExecutor(8) as pool:
        done = [name for worker in pool.map(work, [f"w{k}" for k in range(8)]) for name in worker]
    assert sorted(done) == sorted(names)


def test_who_enqueues_at_once_gets_the_same_job(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: enqueued(database), range(40)))) == 1


def test_a_job_that_waits_is_not_claimed_before_who_asked_for_it_again_is_done(postgis_url: str) -> None:
    """Who claims it reads what there is then: too soon, and the change that asked for it would be missed."""
    database = Database(postgis_url)
    name = enqueued(database)
    with database.write() as changing:
        assert jobs.enqueue(changing, "check", "A", "check:A", later(1)) == name
        assert claimed(database, 2) is None
    job = claimed(database, 2)
    assert job is not None
    assert job.id == name
    database.close()


@pytest.mark.parametrize("given_back", ["sweep", "fail"])
def test_giving_back_and_asking_again_at_once(database: Database, given_back: str) -> None:
    """Whoever comes first, one job waits afterwards."""
    for k in range(6):
        key = f"check:{k}"
        name = enqueued(database, key)
        assert claimed(database, job_id=name) is not None

        def give_back(held: str = name) -> None:
            if given_back == "sweep":
                database.run(lambda s: jobs.sweep(s, later(31)))
            else:
                database.run(lambda s: jobs.fail(s, held, 1, "no", later(31)))

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.submit(give_back), pool.submit(enqueued, database, key, 31)
            first.result()
            second.result()
        with database.read() as s:
            assert len(jobs.list_jobs(s, key=key, state="queued")) == 1
            assert jobs.list_jobs(s, key=key, state="running") == []
