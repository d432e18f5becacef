"""What comes more than once, or gets lost on the way: messages and requests."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import pytest

from tests.jobs.running import usual
from tests.servers import PATIENCE, Redis, wait_until
from tests.whole.asking import Answer, Request, get
from tests.whole.making import CHECKED_ONCE, Register, verdict
from tests.whole.running import web
from tests.workers.running import CeleryWorker, celery_worker
from workers.app import QUEUE, app, settings
from workers.nudge import nudge

CLIENTS = 8
#: What a worker says.
READY, DONE = " ready.", "succeeded in"


@pytest.fixture
def told(broker: Redis) -> Iterator[Redis]:
    """An empty Redis, to which this process's messages go."""
    before = app.conf.broker_url
    app.conf.update(settings(broker.url))
    yield broker
    app.conf.update(settings(before))


def waiting(broker: Redis) -> int:
    """How many messages no worker has taken."""
    return int(broker.ask("LLEN", QUEUE).removeprefix(b":"))


@contextmanager
def deaf(worker: CeleryWorker) -> Iterator[None]:
    """A worker that hears no message for a while; what it judges goes on in the process of its pool."""
    worker.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        worker.process.send_signal(signal.SIGCONT)


def test_a_message_that_comes_five_times_to_two_workers(register: Register, told: Redis, tmp_path: Path) -> None:
    """One worker has the job while both are told of it, again and again."""
    register.in_force()
    with web(register.url) as served, celery_worker(register.url, told.url, blocked=tmp_path) as first:
        filed = register.filing().ask(served.address).plain
        (asked_for,) = register.jobs()
        assert filed["job"] == asked_for.id
        wait_until((tmp_path / "judging").exists, "one judges")
        with celery_worker(register.url, told.url) as second:
            second.wait_for(READY)
            # Of the messages sent meanwhile the deaf one has been given one at most.
            with deaf(first):
                nudge([asked_for.id] * 3)
                second.wait_for(DONE, times=2)
            with deaf(second):
                nudge([asked_for.id] * 2)
                first.wait_for(DONE)
            wait_until(lambda: first.said(DONE) + second.said(DONE) == 5, "all messages have come")
            assert register.verdicts() == []
            with (tmp_path / "may-judge").open("wb"):
                verdict(served.address)
                register.wait_until_still()
    (job,) = register.jobs()
    assert (job.state, job.attempt) == ("done", 1)
    assert len(register.verdicts()) == 1
    assert register.actions() == CHECKED_ONCE


def at_once(address: str, requests: Sequence[Request]) -> list[Answer]:
    """The answers to clients that all ask together."""
    together = Barrier(len(requests))

    def ask(request: Request) -> Answer:
        together.wait(PATIENCE)
        return request.ask(address)

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(ask, requests))


def test_clients_that_all_file_the_same(register: Register) -> None:
    register.in_force()
    with web(register.url) as served:
        answers = at_once(served.address, [register.filing()] * CLIENTS)
        assert {answer.status for answer in answers} == {202}
        assert len({answer.told for answer in answers}) == 1
        assert (register.actions(), len(register.jobs())) == (["file"], 1)
        other = register.filing(title="Another sewer").ask(served.address)
        assert (other.status, other.headers["content-type"]) == (428, "application/problem+json")
        assert register.actions() == ["file"]
        with usual(register.url):
            verdict(served.address)
            register.wait_until_still()
            late = at_once(served.address, [register.filing()] * CLIENTS)
            assert {answer.status for answer in late} == {202}
            assert len({answer.told for answer in late}) == 1
            assert late[0].headers["location"] == answers[0].headers["location"]
            assert (register.actions(), len(register.jobs()), len(register.verdicts())) == (CHECKED_ONCE, 1, 1)
            assert register.filing(seen=1, title="Another sewer").ask(served.address).status == 412
            amended = register.filing(seen=3, title="Another sewer").ask(served.address)
            assert amended.status == 202, amended
            again = register.filing(seen=3, title="Another sewer").ask(served.address)
            assert again.status == 202, again
            register.wait_until_still()
    assert register.actions().count("amend") == 1
    assert (len(register.jobs()), len(register.verdicts())) == (2, 2)


def test_clients_that_all_file_something_else_under_one_id(register: Register) -> None:
    """One of them was first; the others learn that they have not seen what is there."""
    register.in_force()
    with web(register.url) as served:
        answers = at_once(served.address, [register.filing(title=f"Sewer {k}") for k in range(CLIENTS)])
        assert sorted(answer.status for answer in answers) == [202, *[428] * (CLIENTS - 1)]
        (filed,) = (answer.plain for answer in answers if answer.status == 202)
        assert register.actions() == ["file"]
        assert get(served.address, "/v1/applications/sewer-0.40").plain["collection"] == filed["collection"]
        with usual(register.url):
            verdict(served.address)
            register.wait_until_still()


@pytest.mark.parametrize(("engine_url", "how"), [("sqlite", "killed"), ("postgis", "emptied")], indirect=["engine_url"])
def test_a_broker_that_loses_everything(how: str, register: Register, broker: Redis, tmp_path: Path) -> None:
    """With one check under way and others told of: each is made, and sees what was filed beside it."""
    register.in_force()
    names = [f"sewer-{k}" for k in range(4)]
    with (
        web(register.url, BROKER_URL=broker.url) as served,
        celery_worker(register.url, broker.url, blocked=tmp_path) as worker,
    ):
        worker.wait_for(READY)
        for name in names:
            assert register.filing(id=name).ask(served.address).status == 202
        wait_until((tmp_path / "judging").exists, "it judges")
        wait_until(lambda: waiting(broker) > 0, "messages wait")
        if how == "emptied":
            broker.ask("FLUSHALL")
        else:
            broker.kill()
            broker.start()
        with (tmp_path / "may-judge").open("wb"):
            register.wait_until_still()
        for name in names:
            standing = get(served.address, f"/v1/applications/{name}/verdict").plain
            basis = {id_ for kind, id_, _ in standing["verdict"]["basis"] if kind == "works"}
            assert basis == {f"{other}/sewer-new" for other in names if other != name}
