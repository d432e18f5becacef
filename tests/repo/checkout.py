"""The checkout as its tests see it: files that are, or would be, committed, and what ``pyproject.toml`` says."""

from __future__ import annotations

import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@cache
def files() -> tuple[Path, ...]:
    """Every file of the work tree that git does not ignore, relative to the top."""
    # A clone may belong to another user than the one who tests it.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = tuple(Path(name) for name in sorted(set(listed.split("\0"))) if name and (ROOT / name).is_file())
    assert Path("pyproject.toml") in found, "git lists no pyproject.toml: not a checkout of this project"
    return found


@cache
def texts() -> dict[Path, str]:
    """Every file that is text, with what it says."""
    said = {}
    for path in files():
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            said[path] = content.decode("utf-8")
    return said


@cache
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def markdown() -> dict[Path, str]:
    return {path: text for path, text in texts().items() if path.suffix == ".md"}
