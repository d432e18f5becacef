"""``registry serve`` and ``registry token``, as processes of their own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from registry.cli.opening import migrated
from registry.cli.serve import refuse_others
from registry.core.errors import Refused
from registry.services import tokens
from registry.services.actors import Actor
from tests.api.conftest import FILED, RULESET, RULESET_PATH, SEWER, SEWERS
from tests.servers import wait_until
from tests.signals import heard

_REGISTRY = (sys.executable, "-c", "from registry.cli.main import main; main()")


def run(*arguments: str, url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DATABASE_URL": url, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    return subprocess.run(
        [*_REGISTRY, *arguments], env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


@contextmanager
def serving(url: str, folder: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A register that is served, and where."""
    environment = os.environ | {"DATABASE_URL": url, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    process = subprocess.Popen(
        [*_REGISTRY, "serve", "--port", "0", *options],
        env=environment, cwd=folder, preexec_fn=heard, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def ask(base: str, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """An answer from a real socket."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
    try:
        content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json"} if content is not None else {}
        connection.request(method, path, content, sent | {key.replace("_", "-"): text for key, text in headers.items()})
        answer = connection.getresponse()
        return answer.status, {key.lower(): text for key, text in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_a_token_is_made_used_and_revoked_beside_a_register_that_runs(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'register.db'}"
    whose = ("--name", "Client 1", "--organisation", SEWERS, "--role", "operator")
    assert "there is no register here" in run("token", "create", *whose, url=url, folder=tmp_path).stderr
    assert run("migrate", url=url, folder=tmp_path).returncode == 0
    made = run("token", "create", *whose, url=url, folder=tmp_path)
    assert made.returncode == 0, made.stderr
    text = made.stdout.strip()
    assert text not in made.stderr
    with serving(url, tmp_path, "--no-worker") as (base, process):
        assert base.startswith("http://127.0.0.1:")
        body = json.loads(json.dumps(SEWER))
        body["application"]["id"] = "works/1"
        bearer = {"Authorization": f"Bearer {text}"}
        status, headers, answer = ask(base, "PUT", "/v1/applications/works%2F1", body, **bearer)
        assert status == 202, answer
        status, _, answer = ask(base, "GET", "/v1/applications/works%2F1")
        assert (status, json.loads(answer)["id"]) == (200, "works/1")
        status, headers, _ = ask(base, "GET", "/v1/applications/works/1")
        assert (status, headers["api-version"]) == (404, "0.1.0")
        assert ask(base, "GET", "/v1//applications")[0] == 404
        status, headers, answer = ask(base, "PUT", "/v1/applications/x", b" " * 5_000_001, **bearer)
        assert (status, headers["content-type"]) == (413, "application/problem+json")
        assert ask(base, "PUT", "/v1/applications/x", b"[" * 200_000, **bearer)[0] == 400
        assert ask(base, "GET", "/v1/health")[0] == 200
        listed = run("token", "list", url=url, folder=tmp_path)
        (line,) = listed.stdout.splitlines()
        id_ = line.split()[0]
        assert "valid" in line
        assert text not in listed.stdout
        assert run("token", "revoke", id_, url=url, folder=tmp_path).returncode == 0
        assert run("token", "revoke", id_, url=url, folder=tmp_path).returncode == 1
        assert ask(base, "PUT", "/v1/applications/works%2F1", body, **bearer)[0] == 401
        assert "revoked" in run("token", "list", url=url, folder=tmp_path).stdout
        process.send_signal(signal.SIGINT)
        assert process.wait(60) in (0, 1, 130)


def test_a_worker_beside_it_makes_the_check(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'register.db'}"
    register = migrated(url)
    now = datetime.now(UTC)
    people = [Actor("a", SEWERS, "operator")] + [Actor(name, "Town", "policy_officer") for name in ("b", "c")]
    bearers = {
        actor.name: {"Authorization": f"Bearer {tokens.create(register, actor, now)[0]}"} for actor in people
    }
    register.close()
    policy = RULESET.replace(b"effective_from: 2027-01-01", b"effective_from: 2020-01-01")
    with serving(url, tmp_path) as (base, _):
        yaml = {"Content_Type": "application/yaml"}
        assert ask(base, "PUT", RULESET_PATH, policy, **yaml, **bearers["b"])[0] == 201
        assert ask(base, "POST", f"{RULESET_PATH}/_publish", **bearers["c"])[0] == 200
        status, _, answer = ask(base, "PUT", FILED, SEWER, **bearers["a"])
        assert status == 202, answer
        wait_until(lambda: ask(base, "GET", f"{FILED}/verdict")[0] == 200, "a verdict by the worker")
        assert json.loads(ask(base, "GET", FILED)[2])["state"] == "checked"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "192.0.2.7", "no such host"])
def test_other_addresses_are_refused(host: str, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        refuse_others(host)
    if host == "0.0.0.0":
        found = run("serve", "--host", host, "--port", "0", url="sqlite:///x.db", folder=tmp_path)
        assert (found.returncode, found.stdout) == (1, "")
        assert "loopback" in found.stderr
        assert not (tmp_path / "x.db").exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost"])
def test_loopback_addresses_are_not_refused(host: str) -> None:
    refuse_others(host)


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite:////no/such/folder/x.db"])
def test_a_register_that_cannot_be_opened(url: str, tmp_path: Path) -> None:
    for arguments in (("serve", "--port", "0"), ("token", "list")):
        found = run(*arguments, url=url, folder=tmp_path)
        assert found.returncode == 1, found.stderr
        assert "Traceback" not in found.stderr


@pytest.mark.parametrize(("name", "role"), [("a\nb", "operator"), ("a", "king")])
def test_a_token_for_nobody_is_not_made(tmp_path: Path, name: str, role: str) -> None:
    whose = ("--name", name, "--organisation", "x", "--role", role)
    found = run("token", "create", *whose, url="sqlite:///x.db", folder=tmp_path)
    assert (found.returncode, found.stdout) == (1, "")
    assert "Traceback" not in found.stderr
