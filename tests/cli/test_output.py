"""Where the output of a command cannot be written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLAGSHIP = ROOT / "examples" / "flagship"
RULESET = str(ROOT / "examples" / "rulesets" / "cautious.yaml")
FITS = [str(FLAGSHIP / "sewer-0.40.geojson"), "--against", str(FLAGSHIP / "street.geojson"), "--ruleset", RULESET]


@pytest.mark.parametrize("command", [["check", *FITS], ["check", *FITS, "--json"], ["check", "--help"], ["demo"]])
@pytest.mark.parametrize(("to", "reason"), [(">/dev/full", "No space left on device"), (">&-", "it is closed")])
def test_an_output_that_cannot_be_written_is_told(command: list[str], to: str, reason: str) -> None:
    shell = f'exec "$@" {to}'
    registry = [str(Path(sys.executable).with_name("registry")), *command]
    done = subprocess.run(["sh", "-c", shell, "sh", *registry], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    told = f"standard output cannot be written: {reason}. Send it to a file or a terminal.\n"
    assert done.stderr.endswith(told)
    assert "Traceback" not in done.stderr
