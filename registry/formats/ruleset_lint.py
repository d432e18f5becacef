"""A ruleset looked over before it is stored: its faults, each with line and column, or else what is hardly meant."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from registry.core.errors import Problem, Refused
from registry.core.policy import Ruleset
from registry.core.ruleset import read_ruleset
from registry.core.ruleset_worth import worth
from registry.formats.ruleset_yaml import located
from registry.formats.yaml_strict import load_yaml


@dataclass(frozen=True, slots=True)
class Linted:
    """What came of it: the ruleset, where it has no faults, and what to think of before it is published."""

    ruleset: Ruleset | None
    faults: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def lint(source: Path | str, name: str = "") -> Linted:
    """What is wrong with a ruleset in a YAML file (``Path``) or text (``str``), and what is hardly meant as it stands.

    ``name`` is the file's name in messages. A file that cannot be read is a fault like any other.
    """
    try:
        document = load_yaml(source, name, "invalid_ruleset")
    except Refused as refusal:
        return Linted(None, tuple(refusal.problems), ())
    try:
        ruleset = read_ruleset(document.data)
    except Refused as refusal:
        return Linted(None, tuple(located(refusal.problems, document)), ())
    return Linted(ruleset, (), tuple(located(worth(ruleset, document.data), document)))
