"""The flagship case as files in `examples/`, for `registry check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run


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


@pytest.mark.parametrize("name", ["sewer-0.40", "sewer-1.20", "street"])
def test_the_dutch_example_is_the_same_in_other_words(root: Path, name: str) -> None:
    def without_words(value: object) -> object:
        if isinstance(value, dict):
            words = ("name", "title", "applicant", "holder", "legal_basis", "source")
            return {key: without_words(item) for key, item in value.items() if key not in words or key == "properties"}
        return [without_words(item) for item in value] if isinstance(value, list) else value

    texts = [(root / "examples" / "flagship" / folder / f"{name}.geojson").read_text("utf-8") for folder in ("", "nl")]
    english, dutch = (json.loads(text) for text in texts)
    assert english != dutch
    assert without_words(english) == without_words(dutch)


@pytest.mark.parametrize("words", [["check"], ["frobnicate"], ["check", "x", "--lang", "de"], ["verify", "nowhere"]])
def test_wrong_usage_ends_with_1(words: list[str]) -> None:
    """Click's own code for it, 2, is ours for a conflict."""
    assert run(*words).exit_code == 1
