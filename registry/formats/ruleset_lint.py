"""A ruleset looked over before it is stored: its faults, each with line and column, or else what is hardly meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from registry.core.errors import Problem, Refused
from registry.core.examples_checked import check_examples, problems_of, without_example
from registry.core.policy import Ruleset
from registry.core.ruleset import read_ruleset
from registry.core.ruleset_worth import worth
from registry.formats.problems_nl import detail_in_dutch
from registry.formats.ruleset_yaml import located
from registry.formats.words import Language
from registry.formats.yaml_strict import load_yaml


@dataclass(frozen=True, slots=True)
class Linted:
    """What came of it: the ruleset, where it could be read; its faults, of which examples that come out otherwise than
    they say are some; and what to think of before it is published."""

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
    failing = located(list(_placed(problems_of(check_examples(ruleset)), document.data)), document)
    shown = [*worth(ruleset, document.data), *_not_shown(ruleset, document.data)]
    return Linted(ruleset, tuple(failing), tuple(located(shown, document)))


def _placed(problems: Iterable[Problem], data: Any) -> Iterator[Problem]:
    """The problems of examples, each at the example it is about."""
    places = {example["id"]: index for index, example in enumerate(data.get("examples", ()))}
    for problem in problems:
        yield replace(problem, field=f"examples[{places[problem.field.split('.')[1]]}]")


_NOT_SHOWN: Final = {
    ("not_met", "met"): "no example says where this rule is met and where it is not",
    ("not_met",): "no example says where this rule is not met",
    ("met",): "no example says where this rule is met",
}


def not_shown_lines(ruleset: Ruleset, lang: Language) -> Iterator[str]:
    """Of each rule, by id, what no example says of it, where there is something."""
    for rule, outcomes in without_example(ruleset).items():
        detail = _NOT_SHOWN[outcomes]
        told = detail if lang == "en" else detail_in_dutch(detail)
        yield f"{_RULE[lang]} {rule}: {told}"


_RULE: Final[dict[Language, str]] = {"nl": "regel", "en": "rule"}


def _not_shown(ruleset: Ruleset, data: Any) -> Iterator[Problem]:
    """What no example says of a rule that it should be able to say."""
    places = {rule["id"]: index for index, rule in enumerate(data["rules"])}
    for rule, outcomes in without_example(ruleset).items():
        remedy = "Add an example of it, or leave it so if that is meant."
        yield Problem("invalid_ruleset", _NOT_SHOWN[outcomes], remedy, f"rules[{places[rule]}]")
