"""Every dependency has a reason, and is locked by hash without any registry's address."""

from __future__ import annotations

import re

import pytest

from tests.repo.checkout import ROOT, pyproject

NAME = re.compile(r"^[A-Za-z0-9._-]+")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[str]) -> set[str]:
    return {normal(match.group()) for line in requirements if (match := NAME.match(line))}


def declared() -> dict[str, set[str]]:
    data = pyproject()
    groups = data["dependency-groups"]
    runtime = names(data["project"]["dependencies"])
    build = names(groups["build"])
    return {"requirements.txt": runtime | build, "requirements-dev.txt": runtime | build | names(groups["dev"])}


def locked(file: str) -> dict[str, str]:
    """The entries of a requirement file: the pinned requirement with its hashes, by name and marker."""
    text = (ROOT / file).read_text(encoding="utf-8")
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.lstrip().startswith("#")]
    return {re.split(r"\s+--hash", line)[0].strip(): line for line in lines}


def test_every_dependency_is_explained() -> None:
    document = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([A-Za-z0-9._-]+) \| (\S.*?) \|$", document, re.MULTILINE)
    explained = {normal(name) for name, _reason in rows} - {"package"}
    assert explained == declared()["requirements-dev.txt"]


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_the_lock_holds_every_dependency_by_version_and_hash(file: str) -> None:
    entries = locked(file)
    assert declared()[file] <= names(list(entries))
    for requirement, line in entries.items():
        assert re.match(r"^[a-z0-9.-]+==[^\s;]+( ; .+)?$", requirement), requirement
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", line), f"no hash: {requirement}"


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_the_lock_names_no_address(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|--index-url|--extra-index-url|-f|--find-links|--trusted-host)\b", text, re.MULTILINE)


def test_tests_run_on_the_versions_that_users_run() -> None:
    assert locked("requirements.txt").keys() <= locked("requirements-dev.txt").keys()
