"""``disused``: what is replaced, or lies out of use beside something new, is taken out of the ground."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from registry.core.model import Asset, Object, Part, Relation, Uncertainty, content_sha256
from registry.core.policy import Ruleset
from registry.core.ruleset import read_ruleset, ruleset_from_document
from registry.core.verdict import Verdict, judge
from registry.formats.sentences import sentence
from registry.formats.yaml_strict import load_yaml
from tests.core.building import application, asset, line, part, rounded, shaft, volume
from tests.core.kinds_ruleset import RULES, refused_where
from tests.golden.golden_cases import FOLDER

PIPE = part("p", line([(0, 0), (20_000, 0)], -2_000, rounded(200)), "water")


def old(y: int, **given: Any) -> Asset:
    """A disused pipe of the applicant, its axis ``y`` mm from that of the new one, and far below it."""
    beside = asset("a", line([(0, y), (20_000, y)], -9_000, rounded(200)), "water", holder="Riolering")
    return replace(beside, **({"status": "disused"} | given))


def said(given: Part, *objects: Object, rules: Ruleset = RULES, **header: Any) -> tuple[Verdict, list[Any]]:
    verdict = judge(replace(application(given), **header), objects, rules)
    return verdict, [one for one in verdict.findings if one.rule_kind == "disused"]


def outcome(verdict: Verdict) -> str:
    return {one.rule: one.outcome for one in verdict.results}["disused"]


@pytest.mark.parametrize(("y", "measured"), [(1_200, None), (1_199, 999), (200, 0), (0, 0)])
def test_within_a_distance_at_any_depth(y: int, measured: int | None) -> None:
    verdict, found = said(PIPE, old(y))
    assert [(one.cause, one.certainty, one.measured.value) for one in found] == (
        [] if measured is None else [("disused_near", "certain", measured)]
    )
    assert outcome(verdict) == ("met" if measured is None else "not_met")
    assert verdict.outcome == ("fits" if measured is None else "fits_with_conditions")


def test_what_it_is_asked_of() -> None:
    near = old(500)
    assert outcome(said(PIPE, replace(near, status="functional"))[0]) == "untouched"
    assert outcome(said(PIPE, replace(near, theme="warmte"))[0]) == "untouched"
    assert outcome(said(PIPE, replace(near, holder="Ander"))[0]) == "untouched"
    assert outcome(said(PIPE, replace(near, holder=None))[0]) == "not_met"
    assert said(PIPE, replace(near, removal_date="2030-01-01"))[1] == []


def test_of_any_holder() -> None:
    plain: Any = load_yaml(FOLDER / "ruleset-kinds.yaml", "", "invalid_ruleset").data
    (rule,) = (one for one in plain["rules"] if one["id"] == "disused")
    rule["holder"] = "any"
    (finding,) = said(PIPE, old(500, holder="Ander"), rules=read_ruleset(plain))[1]
    assert finding.counterparts[0].holder == "Ander"


@pytest.mark.parametrize(
    ("relation", "causes"),
    [
        (Relation("removes", "asset", "a"), []),
        (Relation("replaces", "asset", "a"), []),
        (Relation("replaces", "asset", "a", removal_date="2031-01-01"), []),
        (Relation("replaces", "asset", "a", left_in_ground=True), ["left_in_ground"]),
        (Relation("removes", "asset", "b"), ["disused_near", "relation"]),
    ],
)
def test_what_the_application_says_of_it(relation: Relation, causes: list[str]) -> None:
    verdict, _ = said(replace(PIPE, relations=(relation,)), old(500), works_start="2030-01-01")
    assert sorted(one.cause for one in verdict.findings) == causes
    assert outcome(verdict) == ("not_met" if causes else "met")


def test_what_is_replaced_and_stays_however_far_and_whatever_it_is() -> None:
    stays = replace(PIPE, relations=(Relation("replaces", "asset", "a", left_in_ground=True),))
    verdict, (finding,) = said(stays, old(4_000, status="functional", theme="warmte"))
    assert (finding.cause, finding.certainty, finding.counterparts[0].id) == ("left_in_ground", "certain", "a")
    assert "laat dat in de grond liggen" in sentence(finding, RULES, "nl")
    assert verdict.outcome == "fits_with_conditions"
    assert said(stays, old(4_000, removal_date="2031-01-01"))[1] == []
    # A claim that does not hold is a finding of its own, and no replacement.
    assert said(stays, old(4_000, holder="Ander"))[1] == []


def test_what_lies_in_it_uses_it() -> None:
    host = old(0, geometry=line([(0, 0), (20_000, 0)], -2_000, rounded(600)))
    lined = replace(PIPE, relations=(Relation("inside", "asset", "a"),))
    assert said(lined, host)[1] == []
    assert len(said(PIPE, host)[1]) == 1


def test_what_is_uncertain_or_unknown() -> None:
    (finding,) = said(PIPE, old(1_209, uncertainty=Uncertainty(10, 0)))[1]
    assert (finding.certainty, finding.measured) == ("possible", None)
    assert "may lie asset a" in sentence(finding, RULES, "en")
    assert said(PIPE, old(1_210, uncertainty=Uncertainty(10, 0)))[1] == []
    verdict, (finding,) = said(PIPE, old(3_000, geometry=line([(0, 3_000), (20_000, 3_000)], -9_000, None)))
    assert (finding.certainty, finding.lacking, verdict.outcome) == ("undetermined", ("size",), "undetermined")
    unknown_depth = old(500, geometry=line([(0, 500), (20_000, 500)], None, rounded(200)))
    assert [one.certainty for one in said(PIPE, unknown_depth)[1]] == ["certain"]


def test_shafts_and_volumes() -> None:
    manhole = old(0, geometry=shaft((5_000, 1_399), -9_000, -8_000, rounded(600)), object_kind="manhole")
    (finding,) = said(PIPE, manhole)[1]
    assert (finding.measured.value, finding.place.chainage) == (999, 5_000)
    box = volume([(5_000, 1_100), (6_000, 1_100), (6_000, 2_000), (5_000, 2_000)], -9_000, -8_000)
    assert said(PIPE, old(0, geometry=box))[1] == []


def test_applies_legal_force_and_identity() -> None:
    plain: Any = load_yaml(FOLDER / "ruleset-kinds.yaml", "", "invalid_ruleset").data
    (rule,) = (one for one in plain["rules"] if one["id"] == "disused")
    rule["legal_force"] = "internal"
    rules = read_ruleset(plain)
    assert ruleset_from_document(rules.document).sha256 == rules.sha256
    assert [one.severity for one in said(PIPE, old(500), rules=rules)[1]] == ["advises"]
    rule["applies"] = {"themes": ["warmte"]}
    assert said(PIPE, old(500), rules=read_ruleset(plain))[1] == []


def test_the_status_is_in_an_assets_identity() -> None:
    assert content_sha256(old(500)) != content_sha256(old(500, status="functional"))


@pytest.mark.parametrize(
    ("was", "new", "field", "remedy", "dutch"),
    [
        ("within: 1.00 m", "within: 5.001 m", "within", "Write at least 5.001 m as ruleset.reach.", "ruleset.reach"),
        ("within: 1.00 m", "within: -1.00 m", "within", "Write 0.00 m or more.", "of meer"),
        ("within: 1.00 m", "within: 100 cm", "within", "Write 1.00 m.", "Schrijf 1.00 m."),
        ("holder: same", "holder: some", "holder", "Did you mean same?", "Bedoelde u same?"),
    ],
)
def test_what_cannot_be_read_is_told_where_it_stands(was: str, new: str, field: str, remedy: str, dutch: str) -> None:
    refused_where("kind: disused", was, new, field, remedy, dutch)
