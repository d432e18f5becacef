"""``advice``: whose advice is required where, and on what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from registry.core.model import Object, Part, Uncertainty, Zone
from registry.core.policy import Ruleset
from registry.core.ruleset import read_ruleset, ruleset_from_document
from registry.core.verdict import Verdict, judge
from registry.formats.sentences import sentence
from registry.formats.yaml_strict import load_yaml
from tests.core.building import application, here, line, part, rounded
from tests.core.kinds_ruleset import RULES, refused_where
from tests.golden.golden_cases import FOLDER

PIPE = part("p", line([(0, 0), (20_000, 0)], -2_000, rounded(200)), "water")


def zone(edge: int, value: str = "water_defence", name: str = "z", **given: Any) -> Zone:
    """North of the pipe, from ``edge`` mm beside its axis on."""
    ring = here([(5_000, edge), (15_000, edge), (15_000, 9_000), (5_000, 9_000)])
    return Zone(name, "protected", value, ring, **given)


def said(parts: list[Part], *objects: Object, rules: Ruleset = RULES) -> tuple[Verdict, list[Any]]:
    verdict = judge(application(*parts), objects, rules)
    return verdict, [one for one in verdict.findings if one.rule_kind == "advice"]


@pytest.mark.parametrize(("edge", "asked"), [(1_100, False), (1_099, True), (0, True)])
def test_within_a_distance_of_a_zone(edge: int, asked: bool) -> None:
    verdict, found = said([PIPE], zone(edge))
    told = [(one.about, one.certainty, one.severity) for one in found]
    assert told == [("Waterschap", "certain", "conditions")] * asked
    assert {one.rule: one.outcome for one in verdict.results}["advice"] == ("not_met" if asked else "untouched")
    assert verdict.outcome == ("fits_with_conditions" if asked else "fits")


def test_one_finding_for_each_advisor_about_all_parts() -> None:
    other = replace(PIPE, id="q", geometry=line([(0, -3_000), (20_000, -3_000)], -2_000, rounded(200)))
    far = line([(0, -9_000), (20_000, -9_000)], -2_000, rounded(200))
    gas = replace(PIPE, id="r", theme="petrochemie", geometry=far)
    _, found = said([other, PIPE, gas], zone(0), zone(-5_000, "seepage", "y"), zone(900, "seepage", "x"))
    assert [one.about for one in found] == ["Veiligheidsregio", "Waterschap"]
    stretches = [(one.part, one.start, one.end) for one in found[1].stretches]
    assert stretches == [("p", 3_900, 16_100), ("q", 4_900, 15_100)]
    assert found[1].place.part == "p"
    assert found[0].stretches == ()
    assert (found[0].place.part, found[0].place.chainage) == ("r", 0)


def test_what_is_uncertain_or_unknown_and_what_is_certain_beside_it() -> None:
    unsure = replace(PIPE, uncertainty=Uncertainty(10, 0))
    _, (finding,) = said([unsure], zone(1_105))
    assert finding.certainty == "possible"
    assert "may be required" in sentence(finding, RULES, "en")
    unknown = replace(PIPE, geometry=line([(0, 0), (20_000, 0)], None, rounded(200)))
    verdict, (finding,) = said([unknown], zone(0, top=-5_000))
    assert (finding.certainty, finding.lacking, verdict.outcome) == ("undetermined", ("own_level",), "undetermined")
    assert "is niet te bepalen. Onbekend: " in sentence(finding, RULES, "nl")
    verdict, (finding,) = said([unknown], zone(0, top=-5_000), zone(0, name="y"))
    assert (finding.certainty, finding.lacking, verdict.outcome) == ("certain", (), "fits_with_conditions")


def test_what_passes_over_it_was_looked_at() -> None:
    verdict, found = said([PIPE], zone(0, top=-2_100))
    assert found == []
    assert {one.rule: one.outcome for one in verdict.results}["advice"] == "met"
    assert [(item.kind, item.id) for item in verdict.basis] == [("zone", "z")]


def test_applies_severity_and_legal_force() -> None:
    plain: Any = load_yaml(FOLDER / "ruleset-kinds.yaml", "", "invalid_ruleset").data
    (rule,) = (one for one in plain["rules"] if one["id"] == "advice")
    rule["legal_force"] = "internal"
    rules = read_ruleset(plain)
    assert ruleset_from_document(rules.document).sha256 == rules.sha256
    verdict, (finding,) = said([PIPE], zone(0), rules=rules)
    assert (finding.severity, verdict.outcome) == ("advises", "fits")
    rule["applies"] = {"themes": ["warmte"]}
    assert said([PIPE], zone(0), rules=read_ruleset(plain))[1] == []


def test_a_zone_and_themes_both_have_to_hold() -> None:
    plain: Any = load_yaml(FOLDER / "ruleset-kinds.yaml", "", "invalid_ruleset").data
    (rule,) = (one for one in plain["rules"] if one["id"] == "advice")
    rule["cells"] = [rule["cells"][0] | {"themes": ["warmte"]}]
    rules = read_ruleset(plain)
    assert said([PIPE], zone(0), rules=rules)[1] == []
    assert len(said([replace(PIPE, theme="warmte")], zone(0), rules=rules)[1]) == 1
    assert said([replace(PIPE, theme="warmte")], rules=rules)[1] == []


@pytest.mark.parametrize(
    ("old", "new", "field", "remedy", "dutch"),
    [
        ("severity: conditions", "severity: blocks", "severity", "Write conditions or advises.", "blokkeert niets"),
        ("distance: 1.00 m", "distance: 9.00 m", "cells[0].distance", "Write at least 9.00 m", "ruleset.reach"),
        ("distance: 1.00 m", "distance: 1.0001 m", "cells[0].distance", "at most 3 decimals", "hoogstens 3 decimalen"),
        ("advisor: Waterschap, zone", "zone", "cells[0].advisor", "Add advisor", "advisor"),
        (", themes: [petrochemie]", "", "cells[2].zone", "Add themes, a zone, or both.", "Voeg themes toe"),
        ("themes: [petrochemie]", "themes: [petrochemie], distance: 1.00 m", "cells[2].distance", "Add zone.", "zone"),
        ("themes: [petrochemie]", "themes: [petro]", "cells[2].themes[0]", "petrochemie", "er is geen thema petro"),
    ],
)
def test_what_cannot_be_read_is_told_where_it_stands(old: str, new: str, field: str, remedy: str, dutch: str) -> None:
    refused_where("kind: advice", old, new, field, remedy, dutch)
