"""``registry ruleset whatif ID VERSION``: asked of the register, found out by a worker, told and cancelled."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from registry.db import Database
from registry.services import whatifs
from tests.cli.running import run
from tests.cli.test_whatif import filled
from tests.conftest import ROOT
from tests.servers import PATIENCE, wait_until
from tests.services.making import CITY, PUBLISHER, RULESET, WRITER
from tests.signals import heard

AS = ("--organisation", CITY)


@pytest.fixture
def drafted(sqlite_url: str, tmp_path: Path) -> str:
    """The register of ``filled``, in which the next version is stored, that asks 3 m of what is not named."""
    db = Database(sqlite_url)
    filled(db)
    db.close()
    text = RULESET.read_text(encoding="utf-8").replace("version: 1.0.0", "version: 2.0.0")
    path = tmp_path / "draft.yaml"
    path.write_text(text.replace("otherwise: {crossing: {ch: 0.20 m", "otherwise: {crossing: {ch: 3.00 m"))
    done = run("ruleset", "store", str(path), "--database", sqlite_url, "--as", WRITER.name, *AS)
    assert done.exit_code == 0, done.output
    return sqlite_url


def whatif(url: str, *options: str) -> tuple[int, str, str]:
    done = run("ruleset", "whatif", "golden", "2.0.0", "--database", url, *options)
    return done.exit_code, done.stdout, done.stderr


def work(url: str) -> None:
    done = run("worker", "--once", "--database", url)
    assert done.exit_code in (0, 1), done.output


def test_asked_for_found_out_and_told(drafted: str) -> None:
    code, out, _ = whatif(drafted, *AS)
    assert code == 0
    assert out.strip().endswith(": waits for a worker")
    assert whatif(drafted, "--status")[1] == out
    work(drafted)
    code, out, _ = whatif(drafted, "--status", "--lang", "nl")
    lines = out.splitlines()
    assert lines[0].endswith(": doorgerekend, andere uitkomsten: 2; sindsdien gewijzigd: 0")
    assert "  fits: Past → Strijdig" in lines
    told = json.loads(whatif(drafted, "--status", "--json")[1])
    assert (told["state"], told["applications"], told["changes_since"]) == ("done", 4, 0)
    assert {one["application"] for one in told["differing"]} == {"fits", "new"}
    # Whoever publishes is told on what it rests.
    done = run("ruleset", "publish", "golden", "2.0.0", "--database", drafted, "--as", PUBLISHER.name, *AS)
    assert f"what-if {told['what_if']}" in done.stdout.splitlines()


def test_who_publishes_without_is_told_so(drafted: str) -> None:
    whatif(drafted, *AS)
    done = run("ruleset", "publish", "golden", "2.0.0", "--database", drafted, "--as", PUBLISHER.name, *AS)
    assert done.exit_code == 0
    assert "no what-if: what this version changes was not told before" in done.stdout.splitlines()


def test_cancelled(drafted: str) -> None:
    code, _, err = whatif(drafted, "--cancel", *AS)
    assert code == 1
    assert "no what-if of it is under way" in err
    whatif(drafted, *AS)
    code, out, err = whatif(drafted, "--cancel", "--as", "someone", *AS)
    assert (code, err.strip()) == (1, "cancelled")
    assert out.strip().endswith(": cancelled by someone")
    work(drafted)
    assert whatif(drafted, "--status")[1] == out


def test_it_is_for_policy_officers(drafted: str) -> None:
    code, _, err = whatif(drafted, *AS, "--role", "officer")
    assert code == 1
    assert "policy_officer" in err
    assert whatif(drafted)[0] == 1


def test_waited_for_it_tells_how_far_it_is_and_interrupted_it_is_cancelled(drafted: str, tmp_path: Path) -> None:
    """Nobody works: it waits, until Ctrl-C."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from registry.cli.main import main; main()", "ruleset", "whatif", "golden", "2.0.0",
         "--wait", "--database", drafted, *AS],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, preexec_fn=heard,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    db = Database(drafted)
    wait_until(lambda: bool(whatifs.listed(db, "golden", "2.0.0")), "it was asked for")
    (asked,) = whatifs.listed(db, "golden", "2.0.0")
    # It hears Ctrl-C as soon as it waits; before that it ends as every command does.
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "Traceback" not in err
    if out:
        assert whatifs.get(db, asked.id).state == "cancelled"
        assert err.splitlines()[-1] == "cancelled"
    db.close()
