"""The golden cases: file pairs with what is to be found in them, worked out by hand (``why`` in ``expected.json``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from registry.cli.main import main

FOLDER = Path(__file__).resolve().parent
CASES = sorted(path.parent.name for path in FOLDER.glob("*/expected.json"))


def expected(case: str) -> dict[str, Any]:
    """What was worked out by hand."""
    found: dict[str, Any] = json.loads((FOLDER / case / "expected.json").read_text(encoding="utf-8"))
    return found


#: The cases that are judged, not refused.
JUDGED = [case for case in CASES if "outcome" in expected(case)]


def command(case: str, *options: str) -> list[str]:
    """The arguments of `registry` that check a case."""
    folder = FOLDER / case
    ruleset = FOLDER / expected(case).get("ruleset", "ruleset.yaml")
    files = [str(folder / "application.geojson"), "--against", str(folder / "against.geojson")]
    return ["check", *files, "--ruleset", str(ruleset), *options]


def registry(*arguments: str) -> Result:
    """Run the real command in this process; an exception that is no exit is an error."""
    result = CliRunner().invoke(main, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
