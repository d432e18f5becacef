"""``registry ruleset whatif``: what a version of policy would change, told before it is stored."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from registry.db import Database
from registry.services import checking
from registry.store import objects
from tests.cli.running import run
from tests.conftest import ROOT
from tests.core.building import part
from tests.servers import PATIENCE, wait_until
from tests.services.making import RULESET, application, asset, head, imported, pipe, publish
from tests.services.scenes import NOW, put, street
from tests.signals import gone, heard


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The next version of the golden ruleset, that asks 3 m instead of 0.2 m between what is not named."""
    text = RULESET.read_text(encoding="utf-8").replace("version: 1.0.0", "version: 2.0.0")
    path = tmp_path / "draft.yaml"
    path.write_text(text.replace("otherwise: {crossing: {ch: 0.20 m", "otherwise: {crossing: {ch: 3.00 m"))
    return path


def filled(db: Database) -> None:
    """A register in which one application fits, one does not, one was not judged yet and one cannot be."""
    publish(db)
    imported(db, asset("W-1", 2_000, theme="water"))
    for name, y in (("fits", 0), ("not", 2_000), ("far", 90_000)):
        put(db, [(application(name, y), "checking")])
        checking.check(db, name, NOW)
    put(db, [(application("new", 0, -1000, part("p", pipe(0), "water")), "checking")])


def test_what_would_change_is_told(database: Database, draft: Path) -> None:
    filled(database)
    before = {name: head(database, "application", name).verdict_id for name in ("fits", "not", "far", "new")}
    done = run("ruleset", "whatif", str(draft), "--database", database.url)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0].startswith("open applications: 4, judged by ")
    assert "other outcome than that of the verdict that stands: 2" in lines
    told = dict(line.strip().split(": ", 1) for line in lines if "→" in line)
    assert told.keys() == {"fits", "new"}
    assert told["fits"] == "Fits → Conflict"
    assert "the same outcome, but other findings: 1" in lines
    assert "  not: Conflict" in lines
    assert told["new"].startswith("no verdict yet → ")
    # Why: what is found now that was not, what there is and what is asked.
    why = [line.strip() for line in lines if line.startswith("      ") and line[6].isalpha()]
    assert why[0].startswith("new: Part p lies too close to asset W-1 (drinking water; holder Warmtebedrijf).")
    assert "Sideways there is 1.500 m; 3.000 m is required, so 1.500 m is missing." in why[0]
    assert why[0].endswith("This blocks. (rule separation)")
    (changed,) = [line for line in why if line.startswith("changed: was: ")]
    assert "0.200 m is required, so 0.700 m is missing." in changed
    assert "Becomes: Part p takes the same space as asset W-1" in changed
    assert "  separation: 2 with a new finding, 1 with a finding that changes" in lines
    assert "weighed: 0 of 4" in done.stderr
    assert "weighed: 4 of 4" in done.stderr
    # Nothing of it was kept.
    assert before == {name: head(database, "application", name).verdict_id for name in before}


def test_it_is_told_in_dutch_as_well(sqlite_url: str, draft: Path) -> None:
    db = Database(sqlite_url)
    filled(db)
    db.close()
    done = run("ruleset", "whatif", str(draft), "--database", sqlite_url, "--lang", "nl")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("open aanvragen: 4, getoetst aan ")
    assert "andere uitkomst dan die van het geldende oordeel: 2" in lines
    assert "  fits: Past → Strijdig" in lines
    assert any(line.strip().startswith("nieuw: Onderdeel p ligt te dicht bij ") for line in lines)
    assert "gewogen: 4 van 4" in done.stderr


def test_a_program_is_told_the_same(database: Database, draft: Path) -> None:
    filled(database)
    done = run("ruleset", "whatif", str(draft), "--database", database.url, "--json")
    told = json.loads(done.stdout)
    assert told["ruleset"]["version"] == "2.0.0"
    assert told["applications"] == sum(told["outcomes"].values()) == 4
    differing = {one["application"]: one for one in told["differing"]}
    assert differing.keys() == {"fits", "new"}
    with database.read() as session:
        stands = objects.head(session, "application", "fits")
    assert stands is not None
    assert differing["fits"]["before"]["outcome"] == "fits"
    assert differing["fits"]["after"]["outcome"] == "conflict"
    assert differing["new"]["before"] is None
    found = {(one["what"], one["before"], one["after"]["rule"]) for one in differing["fits"]["findings"]}
    assert found == {("appeared", None, "separation")}
    assert [one["application"] for one in told["otherwise"]] == ["not"]


def test_what_is_in_force_changes_nothing(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    filled(db)
    checking.check(db, "new", NOW)
    done = run("ruleset", "whatif", str(RULESET), "--database", sqlite_url)
    assert done.stdout.splitlines()[-1] == "other outcome than that of the verdict that stands: 0"
    db.close()


def test_a_draft_that_cannot_be_read_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "draft.yaml"
    path.write_text("ruleset: {}\n")
    done = run("ruleset", "whatif", str(path), "--database", sqlite_url)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "draft.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_register_has_nothing_to_tell(sqlite_url: str) -> None:
    done = run("ruleset", "whatif", str(RULESET), "--database", sqlite_url)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "other outcome than that of the verdict that stands: 0"


def deaf(pid: str) -> bool:
    """Whether a process does not hear Ctrl-C."""
    told = dict(line.split(":\t") for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines())
    return bool((int(told["SigBlk"], 16) | int(told["SigIgn"], 16)) & 1 << (signal.SIGINT - 1))


def test_interrupted_it_ends_and_leaves_no_process(sqlite_url: str, tmp_path: Path) -> None:
    db = Database(sqlite_url)
    put(db, street(3, applications=300))
    db.close()
    process = subprocess.Popen(
        [sys.executable, "-c", "from registry.cli.main import main; main()", "ruleset", "whatif", str(RULESET),
         "--database", sqlite_url],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, preexec_fn=heard, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    for line in iter(process.stderr.readline, ""):
        if line.startswith("weighed: ") and not line.startswith("weighed: 0 "):
            break
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    assert listed
    assert all(deaf(pid) for pid in listed), "it is who began them that ends them"
    # As a terminal does: all of them are told.
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (1, "")
    assert err.splitlines()[-1] == "cancelled"
    assert "Traceback" not in err
    for pid in listed:
        wait_until(lambda pid=pid: gone(int(pid)), "a process that judged has ended")  # type: ignore[misc]
