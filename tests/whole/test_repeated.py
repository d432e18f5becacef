"""What comes more than once, or gets lost on the way: messages and requests."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tests.jobs.running import usual
from tests.servers import PATIENCE, Redis, wait_until
from tests.whole.asking import Answer, get
from tests.whole.making import CHECKED_ONCE, Register, verdict
from tests.whole.running import web
from tests.workers.running import CeleryWorker, celery_worker
from workers.app import QUEUE, app, settings
from workers.nudge import nudge

CLIENTS = 8


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


def test_a_message_that_comes_five_times_to_two_workers(register: Register, told: Redis, tmp_path: Path) -> None:
    """One worker has the job while the other is told of it, again and again."""
    register.in_force()
    with web(register.url) as served, celery_worker(register.url, told.url, blocked=tmp_path) as first:
        filed = register.filing().ask(served.address).plain
        (asked_for,) = register.jobs()
        assert filed["links"]["check"].endswith(asked_for.id)
        wait_until((tmp_path / "judging").exists, "one judges")
        nudge([asked_for.id] * 5)
        with celery_worker(register.url, told.url) as second:
            wait_until(lambda: second.said("succeeded in") >= 3, "the other has had messages")
            wait_until(lambda: waiting(told) == 0, "all messages are taken")
            assert register.verdicts() == []
            let_all_go(first, tmp_path)
            verdict(served.address)
            wait_until(lambda: first.said("succeeded in") + second.said("succeeded in") == 5, "no message is left")
            register.wait_until_still()
    (job,) = register.jobs()
    assert (job.state, job.attempt) == ("done", 1)
    assert len(register.verdicts()) == 1
    assert register.actions() == CHECKED_ONCE


def let_all_go(worker: CeleryWorker, folder: Path) -> None:
    """Let a worker that waits in mid-check judge."""
    assert worker.process.poll() is None
    with (folder / "may-judge").open("wb"):
        pass


def at_once(register: Register, address: str) -> list[Answer]:
    """The answers to clients that all file the same, together."""
    together = Barrier(CLIENTS)

    def file() -> Answer:
        request = register.filing()
        together.wait(PATIENCE)
        return request.ask(address)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [one.result(PATIENCE) for one in [pool.submit(file) for _ in range(CLIENTS)]]


def test_clients_that_all_file_the_same(register: Register) -> None:
    register.in_force()
    with web(register.url) as served:
        answers = at_once(register, served.address)
        assert {answer.status for answer in answers} == {202}
        assert len({answer.told for answer in answers}) == 1
        assert (register.actions(), len(register.jobs())) == (["file"], 1)
        other = register.filing(title="Another sewer").ask(served.address)
        assert (other.status, other.headers["content-type"]) == (428, "application/problem+json")
        assert register.actions() == ["file"]
        with usual(register.url):
            verdict(served.address)
            register.wait_until_still()
            late = at_once(register, served.address)
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


@pytest.mark.parametrize("how", ["emptied", "killed"])
def test_a_broker_that_loses_everything(how: str, register: Register, broker: Redis, tmp_path: Path) -> None:
    """With one check under way and others told of: each is made, and sees what was filed beside it."""
    register.in_force()
    names = [f"sewer-{k}" for k in range(4)]
    with (
        web(register.url, BROKER_URL=broker.url) as served,
        celery_worker(register.url, broker.url, blocked=tmp_path) as worker,
    ):
        worker.wait_for(" ready.")
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
            basis = {item["id"] for item in standing["verdict"]["basis"] if item["kind"] == "works"}
            assert basis == {f"{other}/sewer-new" for other in names if other != name}
