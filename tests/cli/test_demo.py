"""The flagship case, as `make demo` plays it."""

from __future__ import annotations

import json
import re
import shlex
import sys
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


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("invoked", [".venv/bin/registry", "{root}/.venv/bin/registry"])
def test_the_commands_it_prints_can_be_copied(
    root: Path, monkeypatch: pytest.MonkeyPatch, lang: str, invoked: str
) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setattr(sys, "argv", [invoked.format(root=root), "demo"])
    printed = run("demo", "--lang", lang).output
    commands = re.findall(r"^   (\S*registry check .*)$", printed, re.MULTILINE)
    assert [command.split()[0] for command in commands] == [".venv/bin/registry"] * 3
    results = [run(*shlex.split(command)[1:]) for command in commands]
    assert [result.exit_code for result in results] == [0, 2, 0]
    assert all(result.stdout in printed for result in results)


def test_from_another_folder_the_commands_name_whole_paths(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert f" check {root}/examples/flagship/sewer-0.40.geojson --against {root}/" in run("demo").output


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


def test_in_dutch_the_example_is_told_in_dutch() -> None:
    printed = run("demo", "--lang", "nl").output
    for english in ("Replace", "public space", "Heat plan", "Bron example"):
        assert english not in printed


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
