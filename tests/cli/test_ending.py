"""A command that is told to end, ends: in order, and with nothing left half written."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.signals import heard

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it is ended by signals")

ROOT = Path(__file__).resolve().parents[2]
FLAGSHIP = ROOT / "examples" / "flagship"
PATIENCE = 60.0

#: The command, which says that it has begun to judge, or to write, and stays there.
COMMAND = """
import os, threading
from pathlib import Path
import registry.cli.check, registry.cli.output

def wait(*_):
    os.write({pipe}, b"begun")
    threading.Event().wait()

if {where!r} == "judge":
    registry.cli.check.judge = wait
else:
    os.fsync = wait
from registry.cli.main import main
main()
"""


@pytest.mark.parametrize("where", ["judge", "write"])
@pytest.mark.parametrize(("number", "code", "told"), [("SIGTERM", 143, ""), ("SIGINT", 1, "\ncancelled\n")])
def test_a_check_that_is_told_to_end(where: str, number: str, code: int, told: str, tmp_path: Path) -> None:
    reads, writes = os.pipe()
    bundle = tmp_path / "bundle.json"
    arguments = ["check", str(FLAGSHIP / "sewer-1.20.geojson"), "--against", str(FLAGSHIP / "street.geojson")]
    arguments += ["--ruleset", str(ROOT / "examples" / "rulesets" / "cautious.yaml"), "--bundle", str(bundle)]
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND.format(pipe=writes, where=where), *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        pass_fds=[writes],
        preexec_fn=heard,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writes)
    ready, _, _ = select.select([reads], [], [], PATIENCE)
    assert ready
    assert os.read(reads, 100) == b"begun"
    process.send_signal(getattr(signal, number))
    _, errors = process.communicate(timeout=PATIENCE)
    os.close(reads)
    assert (process.returncode, errors) == (code, told)
    assert list(tmp_path.iterdir()) == []
