"""Golden examples inside a ruleset: a small application, what lies there, and what each rule is to say of it.

They are part of the policy: of its canonical document, and so of its hash. ``examples_checked`` judges them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar, get_args

from registry.core.example_things import (
    read_asset,
    read_ground,
    read_ground_level,
    read_part,
    read_reservation,
    read_works,
    read_zone,
)
from registry.core.findings import OUTCOMES, Outcome, RuleOutcome
from registry.core.model import Application, Consent, Identified, Object, Regime
from registry.core.reading import Node
from registry.core.rules.header import read_title

#: Numbers by what they are of, in their order in ``AMOUNTS``: mm, thousandths of a degree, and so on.
Amounts = tuple[tuple[str, int], ...]

#: What of a finding an example may expect: a distance sideways or in height of what has both; else a length, angle or
#: what else a rule measures.
AMOUNTS: Final = (
    "horizontal", "vertical", "length", "angle", "temperature", "discharge", "storage", "area", "count", "days"
)  # fmt: skip
#: The numbers of a finding that an example may state.
NUMBERS: Final = ("measured", "asked", "missing")

_RULE_OUTCOMES: Final[tuple[RuleOutcome, ...]] = ("met", "not_met", "undetermined", "untouched")
_REGIMES: Final[tuple[Regime, ...]] = get_args(Regime)
_LISTED: Final = ("assets", "reservations", "works", "zones", "ground_levels")
_LOWEST: Final = -1_000_000

Made = TypeVar("Made", bound=Identified)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a rule (by id) is to say: its outcome, and numbers that one of its findings has, where they are stated."""

    rule: str
    outcome: RuleOutcome
    measured: Amounts = ()
    asked: Amounts = ()
    missing: Amounts = ()


@dataclass(frozen=True, slots=True)
class Example:
    """An application, what is there, and what is expected; ``outcome`` ``None``: of the whole verdict nothing is."""

    id: str
    title_nl: str
    title_en: str
    application: Application
    objects: tuple[Object, ...]
    expected: tuple[Expected, ...]
    outcome: Outcome | None = None


def read_examples(node: Node, rules: Collection[str]) -> tuple[Example, ...]:
    """The examples of a ruleset with these rules (by id); faults are noted at the nodes."""
    examples: dict[str, Example] = {}
    for item in node.items(at_least=1):
        example, given_id = _read_example(item, sorted(rules))
        if example.id in examples and given_id.sound:
            given_id.fault(f"another example has the id {example.id}", "Give each an id of its own.", "duplicate_id")
        examples.setdefault(example.id, example)
    return tuple(examples[name] for name in sorted(examples))


def _read_example(node: Node, rules: Sequence[str]) -> tuple[Example, Node]:
    given = node.entries(("id", "title", "application", "expected"), (*_LISTED, "ground"))
    title_nl, title_en = read_title(given["title"])
    name = given["id"].id()
    read: dict[str, Callable[[Node], Object]] = {
        "assets": read_asset,
        "reservations": read_reservation,
        "works": read_works,
        "zones": read_zone,
        "ground_levels": read_ground_level,
    }
    objects: list[Object] = [read_ground(given["ground"])] if "ground" in given else []
    for key in _LISTED:
        if key in given:
            objects += _each(given[key], read[key], {"ground"} if objects and key == "ground_levels" else set())
    expected = given["expected"].entries(("rules",), ("outcome",))
    example = Example(
        id=name,
        title_nl=title_nl,
        title_en=title_en,
        application=_read_application(name, given["application"]),
        objects=tuple(sorted(objects, key=lambda one: (one.kind, one.id))),
        expected=_read_expected(expected["rules"], rules),
        outcome=expected["outcome"].choice(OUTCOMES, "outcome") if "outcome" in expected else None,
    )
    return example, given["id"]


def _read_application(name: str, node: Node) -> Application:
    given = node.entries(("parts",), ("applicant", "regime", "filed_on", "works_start", "consents"))
    consents = []
    for item in given["consents"].items() if "consents" in given else ():
        entries = item.entries(("holder", "document"))
        consents.append(Consent(entries["holder"].text(200), entries["document"].text(200)))
    return Application(
        id=name,
        applicant=given["applicant"].text(200) if "applicant" in given else "applicant",
        regime=given["regime"].choice(_REGIMES, "regime") if "regime" in given else "permit",
        parts=tuple(sorted(_each(given["parts"], read_part, set(), 1), key=lambda part: part.id)),
        filed_on=given["filed_on"].date() if "filed_on" in given else None,
        works_start=given["works_start"].date() if "works_start" in given else None,
        consents=tuple(sorted(consents, key=lambda one: (one.holder, one.document))),
    )


def _each(node: Node, read: Callable[[Node], Made], taken: set[str], at_least: int = 0) -> list[Made]:
    """What is listed, no two with one id."""
    made = []
    for item in node.items(at_least):
        one = read(item)
        if one.id in taken and isinstance(item.value, dict) and "id" in item.value:
            item.fault(f"{one.id} is there already", "Give each an id of its own.", "duplicate_id", "id")
        taken.add(one.id)
        made.append(one)
    return made


def _read_expected(node: Node, rules: Sequence[str]) -> tuple[Expected, ...]:
    expected: dict[str, Expected] = {}
    for item in node.items(at_least=1):
        given = item.entries(("rule", "outcome"), NUMBERS)
        rule = given["rule"].text()
        if given["rule"].sound and rules and rule not in rules:
            given["rule"].unknown(rule, rules, "rule")
        if rule in expected and given["rule"].sound:
            given["rule"].fault(f"of {rule} something is expected already", "Keep one of the two.", "duplicate_id")
        outcome = given["outcome"].choice(_RULE_OUTCOMES, "outcome of a rule")
        for key in NUMBERS:
            if key in given and (outcome == "untouched" or (outcome == "met" and key == "missing")):
                detail = f"a rule that is {outcome} has nothing {key}"
                given[key].fault(detail, "Leave it out, or expect another outcome.", "not_allowed")
        numbers = {key: _read_amounts(given[key]) for key in NUMBERS if key in given}
        expected.setdefault(rule, Expected(rule, outcome, **numbers))
    return tuple(expected[rule] for rule in sorted(expected))


def _read_amounts(node: Node) -> Amounts:
    given = node.entries((), AMOUNTS)
    if isinstance(node.value, dict) and not given:
        node.fault("there is no number in it", f"Give one of {', '.join(AMOUNTS)}.", "missing")
    return tuple((what, _read_amount(what, given[what])) for what in AMOUNTS if what in given)


def _read_amount(what: str, node: Node) -> int:
    if what in ("horizontal", "vertical", "length"):
        return node.length(least=_LOWEST)
    if what == "count":
        return node.whole()
    return node.angle(above=-1, below=180_001) if what == "angle" else node.measured(what)
