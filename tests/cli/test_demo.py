"""The flagship case, as `make demo` plays it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry.cli.main import main


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize(
    ("lang", "missing", "stretch"),
    [("en", "0.215 m", "from 0.00 to 30.00 m"), ("nl", "0,215 m", "van 0,00 tot 30,00 m")],
)
def test_the_demo_says_what_is_missing_where_and_by_which_rule(lang: str, missing: str, stretch: str) -> None:
    result = run("demo", "--once", "--lang", lang)
    assert result.exit_code == 0, result.output
    words = " ".join(result.output.split())
    assert missing in words
    assert stretch in words
    assert "reserved-space" in words
    assert "MGSN 1.01-99" in words


@pytest.mark.parametrize(
    ("application", "ruleset", "exit_code"),
    [
        ("sewer-0.40", "cautious", 0),
        ("sewer-1.20", "cautious", 2),
        ("sewer-1.20", "two-number", 0),
    ],
)
def test_the_flagship_by_the_command_itself(root: Path, application: str, ruleset: str, exit_code: int) -> None:
    examples = root / "examples"
    result = run(
        "check",
        str(examples / "flagship" / f"{application}.geojson"),
        "--against",
        str(examples / "flagship" / "street.geojson"),
        "--ruleset",
        str(examples / "rulesets" / f"{ruleset}.yaml"),
    )
    assert result.exit_code == exit_code, result.output


@pytest.mark.parametrize("words", [["check"], ["frobnicate"], ["check", "x", "--lang", "de"], ["verify", "nowhere"]])
def test_wrong_usage_ends_with_1(words: list[str]) -> None:
    """Click's own code for it, 2, is ours for a conflict."""
    assert run(*words).exit_code == 1


def test_the_readme_shows_what_the_demo_prints(root: Path) -> None:
    """But for what is left out, which is marked by an ellipsis."""
    printed = " ".join(run("demo", "--once").output.split())
    (block,) = re.findall(r"^```text\n(CONFLICT.*?)^```", (root / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    for piece in re.split(r"…|\n\n", block):
        assert " ".join(piece.split()) in printed
