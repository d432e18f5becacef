"""What is killed in the middle of something, and that nothing is lost or done twice by it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import postgis_register
from tests.jobs.running import blocked, let_go_on, usual
from tests.servers import Missing, Postgres, Redis, postgres, wait_until
from tests.signals import gone
from tests.whole.asking import Answer, Request, get, received
from tests.whole.making import CHECKED_ONCE, Register, audited, verdict
from tests.whole.running import Web, some_worker, web
from tests.workers.running import celery_worker

WITHHOLDING = "tests.whole.withholding:application"


@pytest.mark.parametrize(
    ("engine_url", "other"), [("sqlite", "registry worker"), ("postgis", "celery")], indirect=["engine_url"]
)
def test_a_worker_in_mid_check(other: str, register: Register, broker: Redis, tmp_path: Path) -> None:
    register.in_force()
    with web(register.url, BROKER_URL=broker.url) as served:
        with celery_worker(register.url, broker.url, blocked=tmp_path) as victim:
            victim.wait_for(" ready.")
            filed = register.filing().ask(served.address)
            wait_until((tmp_path / "judging").exists, "it judges")
            followed = get(served.address, filed.headers["location"] or "").plain
            assert (followed["state"], register.verdicts()) == ("running", [])
            victim.kill()
        with some_worker(other, register.url, broker.url):
            verdict(served.address)
            register.wait_until_still()
    (job,) = register.jobs()
    assert (job.state, job.attempt) == ("done", 2)
    assert len(register.verdicts()) == 1
    assert register.actions() == CHECKED_ONCE


def withheld(served: Web, folder: Path) -> Answer:
    """The answer that is ready, and that nobody was given."""

    def there() -> bool:
        assert served.process.poll() is None, served.log.read_text(errors="replace")[-3000:]
        return (folder / "answer").exists()

    wait_until(there, "what was asked is done")
    found = json.loads((folder / "answer").read_text(encoding="utf-8"))
    headers = {name.lower(): text for name, text in found["headers"].items()}
    return Answer(found["status"], headers, found["content"].encode())


def test_the_web_process_after_the_commit_and_before_it_answers(register: Register, tmp_path: Path) -> None:
    """Who filed heard nothing and asks again: the answer is that which was lost."""
    register.in_force()
    os.mkfifo(tmp_path / "may-answer")
    with web(register.url, WITHHOLDING, WITHHELD=str(tmp_path)) as victim:
        line = register.filing().begin(victim.address)
        lost = withheld(victim, tmp_path)
        victim.kill()
        with pytest.raises(OSError, match=r"closed connection|reset by peer|Broken pipe"):
            received(line)
        line.close()
    assert lost.status == 202
    with web(register.url) as served:
        again = register.filing().ask(served.address)
        assert again.told == lost.told
        assert register.filing().ask(served.address).told == lost.told
        assert register.actions() == ["file"]
        assert [job.state for job in register.jobs()] == ["queued"]
        with usual(register.url):
            verdict(served.address)
            register.wait_until_still()
        assert get(served.address, "/v1/applications").plain["items"][0]["id"] == "sewer-0.40"
    assert len(register.jobs()) == len(register.verdicts()) == 1
    assert register.actions() == CHECKED_ONCE


@pytest.mark.parametrize("engine_url", ["postgis"], indirect=True)
def test_a_client_that_gives_up_waiting(register: Register, tmp_path: Path) -> None:
    """The web process lives, and answers the second request while the first one is still unanswered."""
    register.in_force()
    os.mkfifo(tmp_path / "may-answer")
    with web(register.url, WITHHOLDING, WITHHELD=str(tmp_path)) as served:
        line = register.filing().begin(served.address)
        lost = withheld(served, tmp_path)
        line.close()
        assert register.filing().ask(served.address).told == lost.told
        with (tmp_path / "may-answer").open("wb"):
            assert register.filing().ask(served.address).told == lost.told
        with usual(register.url):
            verdict(served.address)
            register.wait_until_still()
    assert len(register.jobs()) == len(register.verdicts()) == 1
    assert register.actions() == CHECKED_ONCE


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[Postgres]:
    """A PostgreSQL of one's own that keeps what it said it kept."""
    try:
        with postgres(durable=True) as server:
            yield server
    except Missing as missing:
        pytest.fail(str(missing))


def kill(server: Postgres) -> None:
    """End a database at once, and wait until the last of its processes is gone."""
    with server.connect() as connection:
        pids = [row[0] for row in connection.execute("SELECT pid FROM pg_stat_activity")]
    server.stop(signal.SIGKILL)
    wait_until(lambda: all(gone(pid) for pid in pids), "the processes of the database are gone")


@pytest.mark.parametrize(
    ("how", "judged"),
    [("killed", "while it is away"), ("killed", "after it is back"), ("restarted", "after it is back")],
)
def test_the_database_in_mid_check(how: str, judged: str, own_postgres: Postgres, tmp_path: Path) -> None:
    with audited(postgis_register(own_postgres)) as register:
        register.in_force()
        with web(register.url) as served, blocked(register.url, tmp_path) as worker:
            filed = register.filing().ask(served.address)
            worker.judging()
            if how == "killed":
                kill(own_postgres)
            else:
                own_postgres.stop()
            refuses(served, register)
            if judged == "while it is away":
                worker.let_go()
                worker.wait_for("the register does not answer")
            own_postgres.start()
            with let_go_on(worker.fifo):
                verdict(served.address)
                register.wait_until_still()
            assert register.filing().ask(served.address).headers["location"] == filed.headers["location"]
        done_once(register)


def test_the_database_in_mid_check_by_celery(own_postgres: Postgres, broker: Redis, tmp_path: Path) -> None:
    with audited(postgis_register(own_postgres)) as register:
        register.in_force()
        with (
            web(register.url, BROKER_URL=broker.url) as served,
            celery_worker(register.url, broker.url, blocked=tmp_path) as worker,
        ):
            worker.wait_for(" ready.")
            assert register.filing().ask(served.address).status == 202
            wait_until((tmp_path / "judging").exists, "it judges")
            kill(own_postgres)
            refuses(served, register)
            with (tmp_path / "may-judge").open("wb"):
                worker.wait_for("the register does not answer")
            own_postgres.start()
            with let_go_on(tmp_path / "may-judge"):
                verdict(served.address)
                register.wait_until_still()
        done_once(register)


def refuses(served: Web, register: Register) -> None:
    """Without its database the register says that it is busy, whatever is asked."""
    for request in (Request("GET", "/v1/applications/sewer-0.40"), register.filing()):
        answer = request.ask(served.address)
        assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
        assert int(answer.headers["retry-after"]) > 0


def done_once(register: Register) -> None:
    (job,) = register.jobs()
    assert job.state == "done"
    assert len(register.verdicts()) == 1
    assert register.actions() == CHECKED_ONCE
