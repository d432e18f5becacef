"""docs/register.md, command by command: what it tells to type works, in that order."""

from __future__ import annotations

import re
import shlex
import shutil
from datetime import date
from pathlib import Path

import pytest

from registry.demo.filling import ruleset_text
from tests.cli.running import run
from tests.repo.checkout import ROOT

#: Those that end otherwise than with 0: a verdict of conflict.
CONFLICT = ("registry application verdict", "registry verify")


def commands() -> list[str]:
    text = (ROOT / "docs" / "register.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.replace("\\\n", " ").splitlines()]


def test_the_walk_through_a_register_can_be_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (ROOT / "examples" / "walk").iterdir():
        shutil.copy(path, tmp_path)
    (tmp_path / "policy.yaml").write_text(ruleset_text("cautious", date(2020, 1, 1)), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    typed = commands()
    assert len(typed) > 15
    for command in typed:
        words = shlex.split(command)
        if words[0] == "export":
            monkeypatch.setenv(*words[1].split("=", 1))
            continue
        assert words[0] == "registry", command
        done = run(*words[1:])
        assert done.exit_code == (2 if command.startswith(CONFLICT) else 0), command + "\n" + done.output
