"""An application is filed over HTTP and checked by another process, and its verdict is that of `registry check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.jobs.running import usual
from tests.servers import Redis, wait_until
from tests.whole.asking import Request, get
from tests.whole.making import CHECKED_ONCE, FLAGSHIP, Register, policy, verdict
from tests.whole.running import register_served, some_worker, web
from tests.workers.running import celery_worker, port_of, silent

STUCK = "tests.whole.stuck:application"


def registry(*words: str, code: int) -> str:
    """What the command prints, ending with this code."""
    ended = run(*words)
    assert ended.exit_code == code, ended.output
    return ended.stdout


def by_command(name: str, folder: Path, code: int) -> str:
    """The hash of `registry check` over the files of the flagship case, by the ruleset that is in force here."""
    (folder / "policy.yaml").write_bytes(policy())
    files = [str(FLAGSHIP / f"{name}.geojson"), "--against", str(FLAGSHIP / "street.geojson")]
    told = registry("check", *files, "--ruleset", str(folder / "policy.yaml"), "--json", code=code)
    found: str = json.loads(told)["sha256"]
    return found


def test_a_celery_worker_checks_what_was_filed(register: Register, broker: Redis, tmp_path: Path) -> None:
    with web(register.url, BROKER_URL=broker.url) as served, celery_worker(register.url, broker.url) as worker:
        worker.wait_for(" ready.")
        register.fill(served.address)
        filed = register.filing().ask(served.address)
        assert filed.status == 202, filed
        found = verdict(served.address).plain
        worker.wait_for("register.check[")
        register.wait_until_still()
        assert get(served.address, filed.headers["location"] or "").plain["state"] == "done"
        assert get(served.address, "/v1/applications/sewer-0.40").plain["state"] == "checked"
    assert found["sha256"] == by_command("sewer-0.40", tmp_path, 0)
    assert register.verdicts() == [found["sha256"]]
    assert register.actions() == CHECKED_ONCE


def test_the_flagship_is_judged_as_by_the_command(register: Register, tmp_path: Path) -> None:
    """With the worker that `registry serve` brings; and what is served with a verdict is enough to recompute it."""
    with register_served(register.url) as served:
        register.fill(served.address)
        for name, code in (("sewer-1.20", 2), ("sewer-0.40", 0)):
            filed = register.filing(name).ask(served.address)
            assert filed.status == 202, filed
            found = verdict(served.address, name).plain
            assert found["sha256"] == by_command(name, tmp_path, code)
            bundle = tmp_path / f"{name}.json"
            bundle.write_bytes(get(served.address, f"/v1/verdicts/{found['sha256']}/bundle").content)
            assert found["sha256"] in registry("verify", str(bundle), code=code)
            taken_back = Request(
                "POST", f"/v1/applications/{name}/_withdraw", {"reason": "changed"}, register.tokens["operator"],
                seen=get(served.address, f"/v1/applications/{name}").plain["revision"],
            ).ask(served.address)  # fmt: skip
            assert taken_back.status == 200, taken_back
            register.wait_until_still()


@pytest.mark.parametrize(
    ("engine_url", "kind"), [("sqlite", "registry worker"), ("postgis", "celery")], indirect=["engine_url"]
)
def test_a_broker_that_takes_connections_and_never_answers(kind: str, register: Register) -> None:
    """The answer to the filing is there while the line to the broker is open and silent, and so is the verdict."""
    register.in_force()
    with silent() as listening:
        broker = f"redis://127.0.0.1:{port_of(listening)}/0"
        with web(register.url, BROKER_URL=broker) as served:
            filed = register.filing().ask(served.address)
            assert filed.status == 202, filed
            line, _ = listening.accept()
            with line, some_worker(kind, register.url, broker):
                verdict(served.address)
                register.wait_until_still()
    assert len(register.verdicts()) == 1
    assert register.actions() == CHECKED_ONCE


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_telling_workers_that_never_ends(register: Register) -> None:
    """However long it takes to tell workers of a job, nobody who files waits for it."""
    register.in_force()
    with silent() as listening, web(register.url, STUCK, STUCK=str(port_of(listening))) as served:
        filed = register.filing().ask(served.address)
        line, _ = listening.accept()
        with line:
            assert line.recv(100).decode() == filed.plain["job"]
            assert register.filing("sewer-1.20").ask(served.address).status == 202
            with usual(register.url):
                verdict(served.address)
                verdict(served.address, "sewer-1.20")
                register.wait_until_still()


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_without_a_ruleset_there_is_no_verdict_until_one_is_published(register: Register) -> None:
    with register_served(register.url) as served:
        filed = register.filing().ask(served.address)
        job = filed.headers["location"] or ""
        wait_until(lambda: get(served.address, job).plain["state"] == "parked", "it is set aside")
        (shown,) = get(served.address, "/v1/jobs?state=parked").plain["items"]
        assert "ruleset" in shown["error"]
        assert get(served.address, "/v1/applications/sewer-0.40/verdict").status == 404
        assert get(served.address, "/v1/applications/sewer-0.40").plain["state"] == "checking"
        register.fill(served.address)
        verdict(served.address)
        register.wait_until_still()
        assert get(served.address, "/v1/applications/sewer-0.40").plain["state"] == "checked"
