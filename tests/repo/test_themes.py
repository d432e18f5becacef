"""What ``docs/themes.md`` promises is there: each rule, with an example in which it is not met, and each test."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from registry.core.effects import topics_of
from registry.core.examples_checked import check_examples
from registry.core.rules import KINDS
from registry.core.topics import TOPICS
from registry.formats.ruleset_yaml import load_ruleset
from tests.repo.checkout import ROOT

PAGE = (ROOT / "docs" / "themes.md").read_text(encoding="utf-8")
RULESET = load_ruleset(ROOT / "examples" / "rulesets" / "voorbeeldstad.yaml")
RULES = {rule.header.id: rule for rule in RULESET.rules}
WAYS = ("integral", "transparent", "adaptive", "regional")


def rows() -> dict[str, list[str]]:
    """The rows of the tables by what stands first in them: its other cells."""
    lines = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("| ")]
    return {cells[0].strip().strip("`"): [cell.strip() for cell in cells[1:]] for cells in lines}


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@cache
def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_topic_and_way_of_working_has_a_row() -> None:
    assert set(rows()) - {"topic", "way"} == {*TOPICS, *WAYS}


@pytest.mark.parametrize("topic", TOPICS)
def test_its_rules_are_in_the_example_about_that_topic_and_shown_where_they_are_not_met(topic: str) -> None:
    rules = named(rows()[topic][1])
    assert rules
    not_met = {one.rule for example in RULESET.examples for one in example.expected if one.outcome == "not_met"}
    for rule in rules:
        assert rule in RULES, rule
        assert topic in topics_of(rule, RULESET), rule
        assert rule in not_met, rule


@pytest.mark.parametrize("name", [*TOPICS, *WAYS])
def test_its_tests_are_there(name: str) -> None:
    tests = named(rows()[name][-1])
    assert tests
    for test in tests:
        path, _, function = test.partition("::")
        assert function in functions(ROOT / path), test


def test_the_example_has_every_kind_of_rule_and_all_it_shows_comes_out() -> None:
    assert {rule.kind for rule in RULESET.rules} == set(KINDS)
    assert all(result.passes for result in check_examples(RULESET))
    touched = {topic for rule in RULES for topic in topics_of(rule, RULESET)}
    assert touched == set(TOPICS)
