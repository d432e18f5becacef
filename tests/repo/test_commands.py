"""The commands that the README and the documentation name exist."""

from __future__ import annotations

import re
import subprocess

import click

from registry.cli.main import main
from tests.repo.checkout import ROOT, markdown, texts
from tests.repo.markdown import command_blocks

INLINE_COMMAND = re.compile(r"`((?:make|registry) [^`\n]+)`")


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def registry_commands() -> set[str]:
    assert isinstance(main, click.Group)
    return set(main.list_commands(click.Context(main)))


def unknown(command: str) -> str | None:
    """What in ``command`` does not exist, or nothing."""
    words = [word for word in command.split() if "=" not in word]
    program = words[0].rpartition("/")[2] if words else ""
    named = [word for word in words[1:] if not word.startswith("-")]
    if program == "make" and not set(named) <= make_targets():
        return f"no such make target in: {command}"
    if program == "registry" and named and named[0] not in registry_commands():
        return f"no such command in: {command}"
    return None


def readme_lines() -> list[str]:
    blocks = command_blocks((ROOT / "README.md").read_text(encoding="utf-8"))
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_the_readme_runs_the_demo_and_the_tests() -> None:
    """.ci/run runs the README's blocks: without these two it would check nothing."""
    commands = [line.split()[:2] for line in readme_lines()]
    assert ["make", "demo"] in commands
    assert ["make", "test"] in commands


def test_the_readmes_commands_exist() -> None:
    wrong = [problem for line in readme_lines() if (problem := unknown(line))]
    assert not wrong, "\n".join(wrong)


def test_commands_named_in_the_documentation_exist() -> None:
    wrong = []
    for path, text in markdown().items():
        for command in INLINE_COMMAND.findall(text):
            # `make test TESTS="tests/repo -k links"`: what is between quotes names no target
            if problem := unknown(re.sub(r'"[^"]*"', "", command)):
                wrong.append(f"{path}: {problem}")
    assert not wrong, "\n".join(wrong)


def test_make_lists_every_target() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make ([a-z]+) ", listed, re.MULTILINE)) == make_targets()
    assert make_targets() >= {"setup", "demo", "test", "lint", "bench", "lock", "clean"}


def test_the_continuous_check_runs_the_readmes_own_blocks() -> None:
    script = next(text for path, text in texts().items() if path.as_posix() == ".ci/run")
    assert "tests/repo/markdown.py README.md" in script
