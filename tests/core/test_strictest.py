"""Of rules of one kind that find something on the same pair or part the strictest is named, and all are findings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core.findings import Certainty, Counterpart, Finding, Measure, Place, Quantity, Stretch
from registry.core.model import Application, Asset, Line, Part, Relation, Size, Uncertainty
from registry.core.policy import SEVERITIES, Ruleset, Severity
from registry.core.restored import restored
from registry.core.ruleset import read_ruleset
from registry.core.strictest import with_stricter
from registry.core.verdict import Verdict, judge
from registry.formats.sentences import sentence
from registry.formats.yaml_strict import load_yaml
from tests.core.building import asset, judged, line, part, rounded
from tests.golden.golden_cases import FOLDER

WIDE = 200


@dataclass(frozen=True)
class Rule:
    """A separation rule with one clearance for all pairs; ``cv`` ``None``: any depth."""

    id: str
    ch: int
    cv: int | None
    severity: Severity = "blocks"
    measured_from: str = "casing"
    themes: tuple[str, ...] = ()


def metres(mm: int) -> str:
    return f"{mm // 1000}.{mm % 1000:03d} m"


def plain(*rules: Rule, cover: tuple[dict[str, Any], ...] = ()) -> Any:
    """The golden ruleset with these separation rules instead of its own, and these cover rules."""
    found: Any = load_yaml(FOLDER / "ruleset.yaml", "", "invalid_ruleset").data
    separation, own_cover, reserved = found["rules"]
    made = [
        separation
        | {
            "id": rule.id,
            "title": {"nl": f"Regel {rule.id}", "en": f"Rule {rule.id}"},
            "severity": rule.severity,
            "measured_from": rule.measured_from,
            "cells": [],
            "otherwise": {
                "crossing": {"ch": metres(rule.ch), "cv": "any_depth" if rule.cv is None else metres(rule.cv)},
                "source": "made-up",
            },
        }
        | ({"applies": {"themes": list(rule.themes)}} if rule.themes else {})
        for rule in rules
    ]
    covers = [own_cover | more for more in cover] or [own_cover]
    first = rules[0].id if rules else "separation"
    found["rules"] = [*(made or [separation]), *covers, reserved | {"separation": first}]
    return found


def ruleset(*rules: Rule, cover: tuple[dict[str, Any], ...] = ()) -> Ruleset:
    return read_ruleset(plain(*rules, cover=cover))


def beside(gap: int, above: int, *rules: Rule) -> Verdict:
    """On a sewer that runs ``gap`` mm beside a heat pipe and ``above`` mm over it, face to face."""
    own = part("p", line([(0, 0), (20_000, 0)], -2_000, rounded(WIDE)))
    other = asset("a", line([(0, gap + WIDE), (20_000, gap + WIDE)], -2_000 - above - WIDE, rounded(WIDE)))
    return judged([own], [other], ruleset(*rules))


def stricter(verdict: Verdict) -> dict[str, str | None]:
    return {finding.rule: finding.stricter for finding in verdict.findings}


def test_the_one_that_asks_more_is_named_and_both_are_told() -> None:
    verdict = beside(100, -WIDE, Rule("first", 300, 200), Rule("second", 500, 200, severity="advises"))
    assert stricter(verdict) == {"first": "second", "second": None}
    assert {"stricter"} <= set(next(f for f in verdict.document["findings"] if f["rule"] == "first"))  # type: ignore[attr-defined]
    assert all("stricter" not in f for f in verdict.document["findings"] if f["rule"] == "second")  # type: ignore[attr-defined]


def test_where_neither_asks_as_much_in_every_respect_none_is() -> None:
    verdict = beside(100, -WIDE, Rule("wide", 500, 100), Rule("high", 300, 400))
    assert stricter(verdict) == {"wide": None, "high": None}


def test_any_depth_asks_more_than_any_number() -> None:
    verdict = beside(100, -WIDE, Rule("deep", 300, 9_000), Rule("endless", 300, None))
    assert stricter(verdict) == {"deep": "endless", "endless": None}


def test_of_the_same_numbers_the_heavier_consequence_is_stricter() -> None:
    verdict = beside(100, -WIDE, Rule("asks", 300, 200, "conditions"), Rule("forbids", 300, 200, "blocks"))
    assert stricter(verdict) == {"asks": "forbids", "forbids": None}
    assert stricter(beside(100, -WIDE, Rule("one", 300, 200), Rule("two", 300, 200))) == {"one": None, "two": None}


def test_measured_from_other_faces_what_is_missing_tells() -> None:
    verdict = beside(100, -WIDE, Rule("casing", 300, 200), Rule("envelope", 299, 199, measured_from="envelope"))
    assert stricter(verdict) == {"casing": None, "envelope": "casing"}


def test_a_rule_that_applies_to_another_part_is_not_stricter() -> None:
    rules = ruleset(Rule("all", 300, 200), Rule("water", 900, 900, themes=("water",)))
    other = asset("a", line([(0, 300), (20_000, 300)], -2_000, rounded(WIDE)))
    sewer = part("p", line([(0, 0), (20_000, 0)], -2_000, rounded(WIDE)))
    water = part("q", line([(0, 600), (20_000, 600)], -2_000, rounded(WIDE)), "water")
    farther = line([(0, 620), (20_000, 620)], -2_000, rounded(WIDE))
    assert stricter(judged([sewer], [other], rules)) == {"all": None}
    # Of both parts with the heat pipe what is told by "all" is the sewer, 0.100 away: of that "water" asks nothing.
    both = judged([sewer, replace(water, geometry=farther)], [other], rules)
    about = [f for f in both.findings if [c.id for c in f.counterparts] == ["a"]]
    assert {(f.rule, f.place.part, f.stricter) for f in about} == {("all", "p", None), ("water", "q", None)}


MOSTLY = st.sampled_from([100, 101, 300, 500, 1_000])
RULES = st.lists(
    st.builds(
        Rule,
        st.just(""),
        MOSTLY,
        st.one_of(MOSTLY, st.none()),
        st.sampled_from(SEVERITIES),
        st.just("casing"),
        st.sampled_from([(), ("rioolVrijverval", "water"), ("water",)]),
    ),
    min_size=1,
    max_size=5,
)


def expected(found: list[Rule]) -> dict[str, str | None]:
    """By the numbers of the rules alone: which asks at least as much of everything, and more, or does more about it."""

    def above(one: Rule, other: Rule) -> bool:
        mine, theirs = ((r.ch, 10**9 if r.cv is None else r.cv) for r in (one, other))
        if mine == theirs:
            return SEVERITIES.index(one.severity) < SEVERITIES.index(other.severity)
        return mine[0] >= theirs[0] and mine[1] >= theirs[1]

    named: dict[str, str | None] = {}
    for rule in found:
        over = [one for one in found if above(one, rule)]
        top = [one for one in over if not any(above(other, one) for other in over)]
        top.sort(key=lambda one: (SEVERITIES.index(one.severity), one.id))
        named[rule.id] = top[0].id if top else None
    return named


@settings(max_examples=60, deadline=None)
@given(RULES, st.sampled_from([0, 99, 100, 299, 499]), st.sampled_from([-WIDE, 0, 99, 299]))
def test_as_by_the_numbers_of_the_rules_alone(drawn: list[Rule], gap: int, above: int) -> None:
    rules = [Rule(f"r{k}", r.ch, r.cv, r.severity, r.measured_from, r.themes) for k, r in enumerate(drawn)]
    rules.append(Rule("s", 50, 50))  # one rule holds for all
    verdict = beside(gap, above, *rules)
    applying = [rule for rule in rules if not rule.themes or "rioolVrijverval" in rule.themes]
    found = [rule for rule in applying if gap < rule.ch and (rule.cv is None or above < rule.cv)]
    assert stricter(verdict) == expected(found)


def _cover(name: str, least: str, most: str | None = None, severity: str = "conditions") -> dict[str, Any]:
    cell = {"theme": "middenspanning", "surface": "any", "minimum": least, "source": "made-up"}
    return {"id": name, "severity": severity, "cells": [cell | ({"maximum": most} if most else {})]}


@pytest.mark.parametrize(
    ("cover", "rules", "wanted"),
    [
        (900, (_cover("c-a", "1.00 m"), _cover("c-b", "1.20 m")), {"c-a": "c-b", "c-b": None}),
        (2_500, (_cover("c-a", "1.00 m", "2.00 m"), _cover("c-b", "1.20 m", "2.20 m")), {"c-a": None, "c-b": "c-a"}),
        (900, (_cover("c-a", "1.00 m", "2.00 m"), _cover("c-b", "0.10 m", "0.80 m")), {"c-a": None, "c-b": None}),
    ],
)
def test_of_cover_more_is_stricter_above_and_less_below(
    cover: int, rules: tuple[dict[str, Any], ...], wanted: dict[str, str | None]
) -> None:
    own = part("p", line([(0, 0), (9_000, 0)], cover, rounded(100), of="top", reference="ground"), "middenspanning")
    assert stricter(judged([own], [], ruleset(cover=rules))) == wanted


def _finding(rule: str, severity: Any = "blocks", certainty: Certainty = "certain", **more: Any) -> Finding:
    other = (Counterpart("asset", "a", "warmte", "line", None),)
    given = {"stretches": (), **more}
    return Finding(rule, "kind", "cause", certainty, severity, "policy", other, Place("p", 0, 0, 0), **given)


def _named(*findings: Finding) -> list[str | None]:
    return [finding.stricter for finding in with_stricter(findings)]


def test_of_other_quantities_what_there_is_tells_whether_more_or_less_is_asked() -> None:
    def found(rule: str, measured: int | None, asked: int, unit: Any = "millicelsius") -> Finding:
        there = None if measured is None else Quantity(measured, unit)
        return _finding(rule, measured=there, asked=Quantity(asked, unit))

    assert _named(found("a", 70, 60), found("b", 70, 50)) == ["b", None]
    assert _named(found("a", 20, 60), found("b", 20, 50)) == [None, "a"]
    assert _named(found("a", None, 60), found("b", None, 50)) == [None, None]
    assert _named(found("a", 70, 60), found("b", 70, 50, "dm2")) == [None, None]


def test_without_numbers_the_heaviest_consequence_is_the_strictest() -> None:
    assert _named(_finding("a", "advises"), _finding("b", "blocks"), _finding("c", "conditions")) == ["b", None, "b"]
    assert _named(_finding("a", "advises"), _finding("b", about="peat")) == [None, None]


def test_what_is_found_elsewhere_along_the_part_is_not_stricter_here() -> None:
    near, far = (Stretch("p", 0, 5),), (Stretch("p", 6, 9),)
    less = _finding("a", stretches=near, required=Measure(1, 1))
    more = [_finding("b", stretches=where, required=Measure(2, 2)) for where in (near, far)]
    assert _named(less, more[0]) == ["b", None]
    assert _named(less, more[1]) == [None, None]


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "Rule “Rule second” (second) is stricter here."),
        ("nl", "Regel “Regel second” (second) is hier strenger."),
    ],
)
def test_it_is_told(lang: Any, told: str) -> None:
    rules = (Rule("first", 300, 200), Rule("second", 500, 200))
    verdict = beside(100, -WIDE, *rules)
    texts = {finding.rule: sentence(finding, ruleset(*rules), lang) for finding in verdict.findings}
    assert told in texts["first"]
    assert "stricter" not in texts["second"]
    assert "strenger" not in texts["second"]


def test_it_is_kept_with_the_verdict() -> None:
    verdict = beside(100, -WIDE, Rule("first", 300, 200), Rule("second", 500, 200))
    again = restored(Application("A-1", "Riolering", "permit", ()), (), verdict.document, verdict.sha256)
    assert stricter(again) == {"first": "second", "second": None}


def _replacing(old: int, new: int) -> Verdict:
    """On a sewer that replaces one, each so far from a heat pipe: by two rules."""

    def pipe(gap: int) -> Line:
        return line([(0, gap + WIDE), (20_000, gap + WIDE)], -2_000, rounded(WIDE))

    was = Asset("old", "rioolVrijverval", "line", pipe(old), holder="Riolering")
    other = asset("a", pipe(-WIDE))
    own = part("p", pipe(new), relations=(Relation("replaces", "asset", "old"),))
    return judged([own], [was, other], ruleset(Rule("first", 300, 200), Rule("second", 500, 200, "conditions")))


def test_an_existing_situation_that_is_not_worsened_is_so_for_each_rule_apart() -> None:
    verdict = _replacing(old=200, new=200)
    assert {(f.rule, f.not_worsened, f.severity) for f in verdict.findings} == {
        ("first", True, "advises"),
        ("second", True, "advises"),
    }
    assert stricter(verdict) == {"first": "second", "second": None}
    assert verdict.outcome == "fits"


def test_each_rule_by_its_own_number_says_what_is_worse() -> None:
    # From 0.300 to 0.299: worse by both, and new by the first. From 0.299 to 0.300: better, and met by the first.
    verdict = _replacing(old=300, new=299)
    assert {(f.rule, f.not_worsened, f.severity) for f in verdict.findings} == {
        ("first", False, "blocks"),
        ("second", False, "conditions"),
    }
    verdict = _replacing(old=299, new=300)
    assert {(f.rule, f.not_worsened, f.severity) for f in verdict.findings} == {("second", True, "advises")}


def test_uncertainty_makes_no_other_rule_the_stricter() -> None:
    size = Size("round", "outer", WIDE, WIDE)
    own = line([(0, 0), (20_000, 0)], -2_000, size)
    unsure = Part("p", "rioolVrijverval", "line", own, uncertainty=Uncertainty(150, 0))
    other = asset("a", line([(0, 600), (20_000, 600)], -2_000, rounded(WIDE)))
    rules = ruleset(Rule("first", 500, 200), Rule("second", 700, 200))
    verdict = judge(Application("A-1", "R", "permit", (unsure,)), [other], rules)
    assert {(f.rule, f.certainty, f.stricter) for f in verdict.findings} == {
        ("first", "possible", "second"),
        ("second", "certain", None),
    }


LENGTHS = st.one_of(st.none(), st.integers(0, 3))
MEASURES = st.one_of(st.none(), st.builds(Measure, st.integers(0, 3), LENGTHS))
QUANTITIES = st.one_of(st.none(), st.builds(Quantity, st.integers(0, 3), st.sampled_from(["mm", "millideg"])))


@st.composite
def any_finding(draw: st.DrawFn, rule: str) -> Finding:
    """One of any cause, with any numbers that rules give or leave out."""
    cause = draw(st.sampled_from(["crossing", "parallel", "overlap", "cover_too_small", "cover_too_large", "other"]))
    return replace(
        _finding(rule, draw(st.sampled_from(SEVERITIES))),
        cause=cause,
        stretches=tuple(Stretch("p", at, at + 2) for at in draw(st.lists(st.integers(0, 5), max_size=2))),
        required=draw(MEASURES),
        missing=draw(MEASURES),
        measured_from=draw(st.sampled_from(["casing", "envelope"])),
        measured=draw(QUANTITIES),
        asked=draw(QUANTITIES),
    )


@settings(max_examples=400, deadline=None)
@given(any_finding("a"), any_finding("b"))
def test_never_are_two_each_stricter_than_the_other(one: Finding, other: Finding) -> None:
    named = _named(one, other)
    assert named in ([None, None], ["b", None], [None, "a"])
    assert _named(other, one) == named[::-1]
    assert _named(one, replace(one, rule="b")) == [None, None]
