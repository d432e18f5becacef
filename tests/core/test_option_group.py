"""Options of a plan: which are blocked as the last and which as one of more, against every way the unknown may be."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any, Final, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core.errors import Refused
from registry.core.findings import Finding
from registry.core.model import Relation, Reservation
from registry.core.policy import Ruleset
from registry.core.ruleset import read_ruleset
from registry.core.verdict import Verdict, judge
from registry.formats.compared import compared_with
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.sentences import sentence
from registry.formats.yaml_strict import load_yaml
from tests.core.building import application, asset, line, part, reservation, rounded
from tests.golden.golden_cases import FOLDER

RULES: Final = load_ruleset(FOLDER / "ruleset-options.yaml")
#: What may be the matter with an option: crossed by the part, or by its depth perhaps; far away; or granted over.
State = Literal["crossed", "unknown", "far", "granted over"]
STATES: Final[tuple[State, ...]] = ("crossed", "unknown", "far", "granted over")


def option(number: int, state: State, **more: Any) -> Reservation:
    """The option of this number, 4 m east of the one before."""
    x = 4_000 * number + (1_000_000 if state == "far" else 0)
    ground: Any = {"reference": "ground"} if state == "unknown" else {}
    made = reservation(f"r{number}", line([(x, -5_000), (x, 5_000)], -1_000, rounded(400), **ground))
    given_over = ("D-1",) if state == "granted over" else ()
    return replace(made, strength="option", option_group="plan", impaired_by=given_over, **more)


def found(states: tuple[State, ...], rules: Ruleset = RULES, **more: Any) -> tuple[Verdict, dict[str, Finding]]:
    """The verdict on a pipe that crosses all that is near, and its findings on options, by reservation."""
    pipe = part("p", line([(-2_000, 0), (40_000, 0)], -1_000, rounded(400)), "water")
    options = [option(k, state, **more) for k, state in enumerate(states)]
    verdict = judge(application(pipe), options, rules)
    told = [one for one in verdict.findings if one.rule_kind == "option_group"]
    return verdict, {counterpart.id: one for one in told for counterpart in one.counterparts}


def worlds(states: tuple[State, ...]) -> list[dict[str, bool]]:
    """Every way it may be: of each option that nothing was granted over, whether it stays open."""
    open_or_not = {"crossed": (False,), "unknown": (False, True), "far": (True,)}
    ways = [[(f"r{k}", way) for way in open_or_not[one]] for k, one in enumerate(states) if one != "granted over"]
    return [dict(world) for world in product(*ways)]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(STATES), min_size=1, max_size=5).map(tuple))
def test_it_is_as_it_is_in_every_way_the_unknown_may_be(states: tuple[State, ...]) -> None:
    _, told = found(states)
    ways = worlds(states)
    for k, state in enumerate(states):
        name = f"r{k}"
        if state in ("far", "granted over"):
            assert name not in told
            continue
        blocked = [world for world in ways if not world[name]]
        none_left = [world for world in blocked if not any(world.values())]
        if state == "crossed":
            last = "last_option" if none_left == blocked else "one_option"
            assert (told[name].cause, told[name].certainty) == (last, "certain")
        else:
            last = "last_option" if none_left else "one_option"
            assert (told[name].cause, told[name].certainty) == (last, "undetermined")
        measured = told[name].measured
        assert measured is not None
        assert measured.value == min(sum(world.values()) for world in ways)


def test_the_last_that_is_open_blocks_within_what_its_legal_force_allows() -> None:
    assert found(("crossed", "granted over"))[0].outcome == "conflict"
    assert found(("crossed", "granted over"), _rules(legal_force="internal"))[1]["r0"].severity == "advises"


def test_one_of_more_does_what_the_rule_says() -> None:
    assert found(("crossed", "far"))[1]["r0"].severity == "conditions"
    assert found(("crossed", "far"), _rules(one_of_more="advises"))[1]["r0"].severity == "advises"


def test_a_rule_that_only_advises_of_the_last_says_no_more_of_the_others() -> None:
    assert found(("crossed", "far"), _rules(severity="advises"))[1]["r0"].severity == "advises"


def test_what_may_be_shared_is_not_blocked() -> None:
    assert found(("crossed",), shareable_with=("water",))[1] == {}


def test_where_a_rule_does_not_apply_it_finds_nothing() -> None:
    rules = _rules(applies={"themes": ["warmte"]})
    verdict, told = found(("crossed",), rules)
    assert told == {}
    assert [one.outcome for one in verdict.results if one.rule == "options"] == ["untouched"]
    assert [item.id for item in found(("crossed", "far"), rules)[0].basis] == ["r0"]


def test_what_was_in_the_way_before_blocks_nothing_anew() -> None:
    lies = line([(-2_000, 0), (40_000, 0)], -1_000, rounded(400))
    there = asset("old", lies, "water", holder="Riolering")
    new = part("p", lies, "water")
    replaced = replace(new, relations=(Relation("replaces", "asset", "old"),))
    verdict = judge(application(replaced), [there, option(0, "crossed")], RULES)
    assert [(one.cause, one.not_worsened) for one in verdict.findings] == [("crossing", True)]


def test_it_is_told_in_both_languages() -> None:
    _, told = found(("crossed", "granted over"))
    dutch, english = (sentence(told["r0"], RULES, lang) for lang in ("nl", "en"))
    assert "blokkeert reservering r0 (warmte; optie; beheerder Gemeente): de laatste nog open variant" in dutch
    assert "Houd deze variant vrij" in dutch
    assert "blocks reservation r0 (heat; option; holder Gemeente): the last option of plan “plan”" in english
    for states in (("crossed", "far"), ("unknown", "far"), ("unknown", "crossed")):
        for lang in ("nl", "en"):
            assert "plan “plan”" in sentence(found(states)[1]["r0"], RULES, lang)


@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"one_of_more": "blocks"}, "rules[3].one_of_more", "It is one of: conditions, advises."),
        ({"separation": "separatio"}, "rules[3].separation", "Did you mean separation?"),
        ({"one_of_more": None}, "rules[3].one_of_more", "Add one_of_more: one of conditions, advises."),
    ],
)
def test_a_wrong_parameter_is_refused(changes: dict[str, Any], field: str, remedy: str) -> None:
    with pytest.raises(Refused) as refused:
        _rules(**changes)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert remedy in refused.value.problems[0].remedy


def test_it_is_refused_with_its_line() -> None:
    text = (FOLDER / "ruleset-options.yaml").read_text(encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_ruleset(text.replace("one_of_more: conditions", "one_of_more: blocks"), "rules.yaml")
    lines = text.splitlines()
    number = 1 + next(k for k, one in enumerate(lines) if "one_of_more" in one)
    assert str(refused.value).startswith(f"rules.yaml:{number}:18, rules[3].one_of_more: there is no severity blocks")


def _rules(**changes: Any) -> Ruleset:
    """The rules with entries of the rule on options changed, or left out (``None``)."""
    plain: Any = load_yaml(FOLDER / "ruleset-options.yaml", "", "invalid_ruleset").data
    changed = plain["rules"][-1] | changes
    plain["rules"][-1] = {key: value for key, value in changed.items() if value is not None}
    return read_ruleset(plain)


def test_what_lies_out_of_reach_is_not_said_to_have_been_compared() -> None:
    states: tuple[State, ...] = ("crossed", "far")
    options = [option(k, state) for k, state in enumerate(states)]
    pipe = part("p", line([(-2_000, 0), (40_000, 0)], -1_000, rounded(400)), "water")
    assert [item.id for item in found(states)[0].basis] == ["r0", "r1"]
    assert [item.id for item in compared_with(application(pipe), options, RULES)] == ["r0"]
