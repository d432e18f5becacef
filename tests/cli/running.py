"""Running a command in this process, as its tests do."""

from __future__ import annotations

from click.testing import CliRunner, Result

from registry.cli.main import main


def run(*words: str) -> Result:
    """What the command ``registry`` with these words prints, and how it ends."""
    return CliRunner().invoke(main, list(words))
