"""Workers as processes: killed in mid-check, told to end, begun again by who began them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import update

from registry.cli import children
from registry.db import Database
from registry.tables import ruleset
from tests.jobs.making import ROOT, application, asked, done, filed, job, now, verdicts_of
from tests.jobs.running import REGISTRY, blocked, usual
from tests.servers import PATIENCE, wait_until
from tests.signals import gone

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it is ended by signals")


def ran(url: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*REGISTRY, "worker", *options],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip


def test_a_worker_killed_in_mid_check(database: Database, tmp_path: Path) -> None:
    asked_for = filed(database)
    with blocked(database.url, tmp_path) as victim:
        victim.judging()
        assert job(database, asked_for).state == "running"
        victim.process.send_signal(signal.SIGKILL)
        victim.process.wait(PATIENCE)
    assert verdicts_of(database, application().id) == []
    with usual(database.url):
        wait_until(lambda: done(database, asked_for), "another worker has done the check")
    assert job(database, asked_for).attempt == 2
    assert len(verdicts_of(database, application().id)) == 1


def test_a_worker_that_stood_still_in_mid_check(database: Database, tmp_path: Path) -> None:
    """It cannot renew its lease; when it goes on, the check has been done."""
    asked_for = filed(database)
    with blocked(database.url, tmp_path) as victim:
        victim.judging()
        victim.process.send_signal(signal.SIGSTOP)
        with usual(database.url):
            wait_until(lambda: done(database, asked_for), "another worker has done the check")
        before = job(database, asked_for)
        victim.process.send_signal(signal.SIGCONT)
        victim.let_go()
        victim.wait_for("another worker has it by now")
    assert job(database, asked_for) == before
    assert len(verdicts_of(database, application().id)) == 1


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_worker_told_to_end_in_mid_check_gives_back_at_once(name: str, database: Database, tmp_path: Path) -> None:
    asked_for = filed(database)
    with blocked(database.url, tmp_path) as told:
        told.judging()
        told.process.send_signal(getattr(signal, name))
        _, errors = told.process.communicate(timeout=PATIENCE)
        assert told.process.returncode == 0, errors
        assert "given back, for this worker ends" in errors
    found = job(database, asked_for)
    assert (found.state, found.max_attempts) == ("queued", 6)
    assert ran(database.url, "--once").returncode == 0
    assert job(database, asked_for).state == "done"
    assert len(verdicts_of(database, application().id)) == 1


def test_a_worker_whose_beginner_is_gone_gives_back_at_once(sqlite_url: str, tmp_path: Path) -> None:
    db = Database(sqlite_url)
    asked_for = filed(db)
    with blocked(sqlite_url, tmp_path, "--attached") as left:
        left.judging()
        assert left.process.stdin is not None
        left.process.stdin.close()
        left.process.wait(PATIENCE)
    assert job(db, asked_for).state == "queued"
    db.close()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_an_idle_worker_told_to_end(name: str, sqlite_url: str) -> None:
    with usual(sqlite_url) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("worker ")
        process.send_signal(getattr(signal, name))
        _, errors = process.communicate(timeout=PATIENCE)
        assert (process.returncode, errors) == (0, "")


def test_an_attached_worker_told_to_end_while_its_beginner_lives(sqlite_url: str) -> None:
    with usual(sqlite_url, "--attached") as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("worker ")
        process.send_signal(signal.SIGTERM)
        # Not by ``communicate``, which would close its standard input.
        assert process.wait(PATIENCE) == 0
        assert process.stderr.read() == ""


def test_once_works_off_what_is_due_and_ends(database: Database) -> None:
    asked_for, nothing_to_do = filed(database), asked(database, "not-there", now())
    ended = ran(database.url, "--once")
    assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr
    lines = ended.stderr.splitlines()
    assert lines[0] == f"check {application().id}: begun, attempt 1 of 5"
    assert lines[1].startswith(f"check {application().id}: done, ")
    assert [job(database, item).state for item in (asked_for, nothing_to_do)] == ["done", "done"]
    assert ran(database.url, "--status").stdout == "queued 0, running 0, done 2, parked 0, cancelled 0\n"


def test_what_was_set_aside_is_shown(database: Database) -> None:
    """No ruleset is in force for this one."""
    filed(database)
    database.run(lambda session: session.execute(update(ruleset).values(published_by=None, published_at=None)))
    ended = ran(database.url, "--once")
    assert ended.returncode == 1
    status = ran(database.url, "--status")
    assert status.returncode == 0
    first, second = status.stdout.splitlines()
    assert first == "queued 0, running 0, done 0, parked 1, cancelled 0"
    assert f"check {application().id}, attempt 1 of 5: " in second
    assert "ruleset" in second


@pytest.mark.parametrize("where", ["missing", "blank", "wrong"])
def test_no_register_to_work_on(where: str, tmp_path: Path) -> None:
    path = tmp_path / "register.db"
    if where == "blank":
        path.touch()
    ended = ran("mysql://nowhere/register" if where == "wrong" else f"sqlite:///{path}", "--once")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ("registry migrate" in ended.stderr) == (where != "wrong")
    assert "Traceback" not in ended.stderr
    assert path.exists() == (where == "blank")


def test_the_worker_beside_serve_is_begun_again(database: Database) -> None:
    with children.worker(database.url) as child:
        first = child.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: child.pid not in (None, first), "another is begun")
        second = child.pid
        assert second is not None
        asked_for = filed(database)
        wait_until(lambda: done(database, asked_for), "it does the check")
    assert child.pid is None
    assert gone(second)


def test_the_worker_beside_serve_ends_with_it_even_if_it_is_killed(sqlite_url: str) -> None:
    program = """
import sys
from registry.cli import children
with children.worker(sys.argv[1]) as child:
    print(child.pid, flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", program, sqlite_url],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as parent:  # fmt: skip
        assert parent.stdout is not None
        assert parent.stderr is not None
        pid = int(parent.stdout.readline())
        assert parent.stderr.readline().startswith("worker ")
        parent.kill()
        wait_until(lambda: gone(pid), "the child has ended as well")
