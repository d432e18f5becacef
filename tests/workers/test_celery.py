"""Real Celery workers over a private Redis: a message is a hint, and nothing hangs on it."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.db import Database
from tests.jobs.making import application, done, filed, job, verdicts_of
from tests.servers import PATIENCE, Redis, free_port, wait_until
from tests.workers.running import celery_worker, port_of, silent
from workers.app import QUEUE, app, settings
from workers.nudge import nudge

READY = " ready."


@pytest.fixture
def broker(redis: Redis) -> Iterator[str]:
    """An empty Redis, to which nudges of this process go."""
    redis.ask("FLUSHALL")
    before = app.conf.broker_url
    app.conf.update(settings(redis.url))
    yield redis.url
    app.conf.update(settings(before))


def test_a_worker_does_the_check_it_is_told_of(database: Database, broker: str) -> None:
    with celery_worker(database.url, broker) as worker:
        worker.wait_for(READY)
        asked_for = filed(database)
        nudge([asked_for])
        wait_until(lambda: done(database, asked_for), "the check is done")
        worker.wait_for("register.check[")
    assert len(verdicts_of(database, application().id)) == 1


def test_a_message_that_comes_again_and_again_does_nothing_more(database: Database, broker: str) -> None:
    with celery_worker(database.url, broker) as worker:
        worker.wait_for(READY)
        asked_for = filed(database)
        nudge([asked_for] * 4)
        nudge(["no such job"])
        worker.wait_for("succeeded in", times=5)
        wait_until(lambda: done(database, asked_for), "the check is done")
        before = job(database, asked_for)
        nudge([asked_for])
        worker.wait_for("succeeded in", times=6)
    assert job(database, asked_for) == before
    assert before.attempt == 1
    assert len(verdicts_of(database, application().id)) == 1


def test_a_broker_that_lost_everything_loses_no_check(database: Database, broker: str, redis: Redis) -> None:
    asked_for = filed(database)
    nudge([asked_for])
    assert redis.ask("LLEN", QUEUE) == b":1\r\n"
    redis.ask("FLUSHALL")
    with celery_worker(database.url, broker):
        wait_until(lambda: done(database, asked_for), "the check is done")
    assert len(verdicts_of(database, application().id)) == 1


@pytest.mark.parametrize("pool", ["prefork", "solo"])
@pytest.mark.parametrize("how", ["not there", "silent"])
def test_checks_are_done_without_a_broker(how: str, pool: str, sqlite_url: str) -> None:
    db = Database(sqlite_url)
    asked_for = filed(db)
    with silent() as listening:
        port = port_of(listening) if how == "silent" else free_port()
        with celery_worker(sqlite_url, f"redis://127.0.0.1:{port}/0", f"--pool={pool}"):
            wait_until(lambda: done(db, asked_for), "the check is done")
    assert len(verdicts_of(db, application().id)) == 1
    db.close()


def test_a_worker_killed_in_mid_check(database: Database, broker: str, tmp_path: Path) -> None:
    asked_for = filed(database)
    nudge([asked_for])
    with celery_worker(database.url, broker, blocked=tmp_path) as victim:
        wait_until((tmp_path / "judging").exists, "it judges")
        assert job(database, asked_for).state == "running"
        victim.kill()
    assert verdicts_of(database, application().id) == []
    with celery_worker(database.url, broker):
        wait_until(lambda: done(database, asked_for), "another worker has done the check")
    assert job(database, asked_for).attempt == 2
    assert len(verdicts_of(database, application().id)) == 1


@pytest.mark.parametrize("pool", ["prefork", "solo"])
def test_what_was_found_without_a_message_is_given_back_at_the_end(
    pool: str, sqlite_url: str, broker: str, tmp_path: Path
) -> None:
    db = Database(sqlite_url)
    asked_for = filed(db)
    with celery_worker(sqlite_url, broker, f"--pool={pool}", blocked=tmp_path) as worker:
        worker.wait_for(READY)
        wait_until((tmp_path / "judging").exists, "it judges")
        worker.process.send_signal(signal.SIGTERM)
        worker.process.wait(PATIENCE)
    found = job(db, asked_for)
    assert (found.state, found.attempt, found.max_attempts) == ("queued", 1, 6)
    db.close()


def test_messages_hold_ids_only_as_json(broker: str, redis: Redis) -> None:
    nudge(["a-job"])
    answer = redis.ask("LRANGE", QUEUE, "0", "-1")
    envelope = json.loads(answer[answer.index(b"{") : answer.rindex(b"}") + 1])
    assert envelope["content-type"] == "application/json"
    assert envelope["headers"]["task"] == "register.check"
    assert envelope["headers"]["argsrepr"] == "['a-job']"
