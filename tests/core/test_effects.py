"""What a verdict means for each theme: the worst that came of a rule about it, and what no rule is about."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from registry.core.effects import EFFECTS, TopicEffect, effects, effects_by_topic, topics_of
from registry.core.errors import Refused
from registry.core.findings import RuleOutcome, RuleResult, outcome_of_rule
from registry.core.reading import Node, Problems
from registry.core.ruleset import read_ruleset, ruleset_from_document
from registry.core.topics import TOPICS
from registry.formats.effects_told import effects_in_lines
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.words import Language
from registry.formats.yaml_strict import load_yaml
from tests.formats.test_sentences import CROSSING
from tests.golden.golden_cases import FOLDER

RULES = load_ruleset(FOLDER / "ruleset.yaml")
LANGUAGES: tuple[Language, ...] = ("nl", "en")
NAMES = [rule.header.id for rule in RULES.rules]


def test_every_theme_is_told_and_the_worst_of_it_whatever_the_order() -> None:
    came: tuple[RuleOutcome, ...] = ("met", "not_met", "untouched")
    results = [RuleResult(name, "", outcome) for name, outcome in zip(NAMES, came, strict=True)]
    for ordered in permutations(results):
        told = effects(RULES, ordered)
        assert tuple(told) == TOPICS
        assert told["cables_and_pipes"] == "not_met"
        assert {told[topic] for topic in TOPICS[1:]} == {"no_rule"}
    assert effects(RULES, results[::2])["cables_and_pipes"] == "met"
    assert EFFECTS[0] == "not_met"


def test_every_topic_is_told_with_the_rules_that_say_so_also_in_words() -> None:
    came: tuple[RuleOutcome, ...] = ("not_met", "not_met", "untouched")
    results = [RuleResult(name, "", outcome) for name, outcome in zip(NAMES, came, strict=True)]
    told = effects_by_topic(RULES, results)
    assert [one.topic for one in told] == list(TOPICS)
    assert told[0] == TopicEffect("cables_and_pipes", "not_met", tuple(sorted(NAMES[:2])))
    assert told[1] == TopicEffect("cloudbursts_and_drought", "no_rule")
    dutch, english = (effects_in_lines(RULES, results, lang) for lang in LANGUAGES)
    assert dutch[0] == ("voldoet niet", "kabels en leidingen (Gronddekking en Gereserveerde ruimte)")
    assert english[0] == ("not met", "cables and pipes (Cover and Reserved space)")
    assert [label for label, _ in english] == ["not met", "no rule"]
    assert english[1][1].count(";") == len(TOPICS) - 2
    moved = effects_in_lines(RULES, [RuleResult(name, "", "untouched") for name in NAMES], "nl")
    assert moved[0] == ("geen effect", "kabels en leidingen")


def test_of_a_verdict_that_tells_nothing_of_its_rules_no_effect_is_made_up() -> None:
    assert effects_by_topic(RULES, ()) == ()
    assert effects_in_lines(RULES, (), "nl") == []


def test_a_rule_may_be_about_something_else_than_its_kind() -> None:
    moved = replace(RULES.rules[0], header=replace(RULES.rules[0].header, topics=("groundwater",)))  # type: ignore[type-var]
    rules = replace(RULES, rules=(moved, *RULES.rules[1:]))
    assert topics_of(NAMES[0], rules) == ("groundwater",)
    assert effects(rules, [RuleResult(NAMES[0], "", "undetermined")])["groundwater"] == "undetermined"


def test_what_only_may_fail_is_undetermined_and_what_another_asks_for_is_no_failing() -> None:
    def came(certainty: str, **changes: object) -> str:
        return outcome_of_rule([replace(CROSSING, certainty=certainty, **changes)], True)  # type: ignore[arg-type]

    assert came("certain") == "not_met"
    assert {came(one) for one in ("possible", "possible_end", "undetermined", "assumed")} == {"undetermined"}
    assert came("certain", rival=True) == "met"
    assert [outcome_of_rule([], touched) for touched in (True, False)] == ["met", "untouched"]


@pytest.mark.parametrize(
    ("what", "written", "meant"),
    [
        ("temperature", "55.5 degC", 55_500),
        ("discharge", "25 l/s", 25_000),
        ("storage", "0.001 m3", 1),
        ("area", "500.25 m2", 50_025),
        ("months", "60 months", 60),
        ("years", "50 years", 50),
        ("days", "90 days", 90),
    ],
)
def test_what_is_measured_has_its_unit(what: str, written: str, meant: int) -> None:
    problems = Problems()
    assert Node(written, problems, as_text=True).measured(what) == meant
    assert not problems.found
    assert Node(meant, problems, as_text=False).measured(what) == meant
    number, unit = written.split()
    for wrong in (number, f"{number} m", f"-{written}", f"99999999 {unit}", ""):
        faults = Problems()
        Node(wrong, faults, as_text=True).measured(what)
        assert len(faults.found) == 1, wrong


def test_a_document_tells_only_the_units_it_has() -> None:
    document = RULES.document
    assert document["units"] == {"length": "mm", "angle": "0.001 deg"}
    assert ruleset_from_document(document).sha256 == RULES.sha256
    with pytest.raises(Refused, match="units"):
        ruleset_from_document(document | {"units": {"length": "mm", "angle": "0.001 deg", "months": "month"}})


def test_topics_are_read_strictly() -> None:
    plain = load_yaml(FOLDER / "ruleset.yaml", "", "invalid_ruleset").data
    assert isinstance(plain, dict)
    assert isinstance(plain["rules"], list)
    assert isinstance(plain["rules"][0], dict)
    plain["rules"][0]["topics"] = ["groundwater", "ground water", "groundwater"]
    with pytest.raises(Refused) as refused:
        read_ruleset(plain)
    assert [problem.field for problem in refused.value.problems] == ["rules[0].topics[1]", "rules[0].topics[2]"]
