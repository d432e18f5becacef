"""A rule kind is one module: with it in its folder, rulesets may use it, cases are judged by it, and it is told."""

from __future__ import annotations

from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from registry.core import rules
from registry.core.ruleset import read_ruleset
from registry.core.verdict import judge
from registry.formats.exchange import read_exchange
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.sentences import sentence
from registry.formats.yaml_strict import load_yaml
from tests.conftest import ROOT
from tests.golden.golden_cases import FOLDER

_MODULE = '''
"""``longest``: how long a part may be at most."""

from dataclasses import dataclass
from typing import Final

from registry.core.applying import asked_parts
from registry.core.findings import Finding, Met, Place, Quantity
from registry.core.policy import RuleHeader
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.solids import Corridor


@dataclass(frozen=True, slots=True)
class LongestRule:
    header: RuleHeader
    at_most: int
    kind: str = "longest"


def read(node, surroundings):
    given = node.entries((*HEADER_KEYS, "at_most"), HEADER_OPTIONAL)
    return LongestRule(read_header(given), given["at_most"].length(least=1))


def evaluate(rule, case, relied):
    findings, met = [], None
    for part in asked_parts(rule.header, case, relied):
        (x0, y0), (x1, y1) = part.geometry.vertices
        long, place = abs(x1 - x0) + abs(y1 - y0), Place(part.id, 0, x0, y0)
        measured, asked = Quantity(long, "mm"), Quantity(rule.at_most, "mm")
        if long > rule.at_most:
            findings.append(Finding(rule.header.id, rule.kind, "too_long", "certain",
                rule.header.capped(rule.header.severity), rule.header.legal_force, (), place, (),
                measured=measured, asked=asked, short=Quantity(long - rule.at_most, "mm")))
        else:
            met = Met(measured, asked, Quantity(rule.at_most - long, "mm"), place)
    return Evaluated(findings, True, met)


KIND: Final = Kind("longest", ("urbanisation",), read, evaluate, {
    "en": {"too_long": {"what": "Part {part} is too long.", "remedy": "Make it {missing} shorter."}},
    "nl": {"too_long": {"what": "Onderdeel {part} is te lang.", "remedy": "Maak het {missing} korter."}},
})
'''

_RULE = {
    "id": "short",
    "kind": "longest",
    "title": {"nl": "Kort", "en": "Short"},
    "severity": "blocks",
    "legal_force": "policy",
    "citation": {"document": "Policy"},
}


@pytest.fixture
def longest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A kind that the module of which lies in a folder of its own."""
    (tmp_path / "longest_of_this_test.py").write_text(_MODULE, encoding="utf-8")
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    found = rules.found(rules.__path__)
    assert set(found) - set(rules.KINDS) == {"longest"}
    monkeypatch.setitem(rules.KINDS, "longest", found["longest"])
    return "longest"


def _plain(**changes: Any) -> Any:
    plain: Any = load_yaml(FOLDER / "ruleset.yaml", "", "invalid_ruleset").data
    plain["rules"] = [*plain["rules"], _RULE | changes]
    return plain


def _judged(at_most: str) -> tuple[Any, Any]:
    exchange = read_exchange((FOLDER / "nothing-near" / "application.geojson").read_bytes(), "application")
    ruleset = read_ruleset(_plain(at_most=at_most))
    assert exchange.application is not None
    return judge(exchange.application, (), ruleset), ruleset


def test_a_kind_is_one_module(longest: str) -> None:
    verdict, ruleset = _judged("1.00 m")
    (finding,) = [one for one in verdict.findings if one.rule_kind == longest]
    assert verdict.outcome == "conflict"
    assert finding.measured is not None
    assert "is too long. " in sentence(finding, ruleset, "en")
    assert "Onderdeel" in sentence(finding, ruleset, "nl")
    assert " korter." in sentence(finding, ruleset, "nl")
    (result,) = [one for one in verdict.results if one.rule_kind == longest]
    assert result.outcome == "not_met"


def test_what_is_met_is_told_with_what_there_is_to_spare(longest: str) -> None:
    verdict, _ = _judged("9000.00 m")
    (result,) = [one for one in verdict.results if one.rule_kind == longest]
    assert result.outcome == "met"
    assert result.met is not None
    assert result.met.margin.value == result.met.asked.value - result.met.measured.value > 0
    assert {"rule": "short", "rule_kind": longest, "outcome": "met"}.items() <= verdict.document["rules"][-1].items()


def test_every_kind_says_the_same_in_both_languages() -> None:
    for kind in rules.KINDS.values():
        dutch, english = kind.says.get("nl", {}), kind.says.get("en", {})
        assert set(dutch) == set(english), kind.name
        for cause, texts in dutch.items():
            assert set(texts) == set(english[cause]), (kind.name, cause)
            assert {"what", "remedy"} <= set(texts) <= {"what", "numbers", "remedy"}, (kind.name, cause)
            for name, text in texts.items():
                assert _places(text) == _places(english[cause][name]), (kind.name, cause, name)


def test_every_kind_names_the_same_in_both_languages() -> None:
    for kind in rules.KINDS.values():
        dutch, english = kind.names.get("nl", {}), kind.names.get("en", {})
        assert set(dutch) == set(english), kind.name
        assert not english or kind.name in english, f"{kind.name} does not say what it is called itself"
        for name in english:
            assert ("{}" in dutch[name]) == ("{}" in english[name]), (kind.name, name)


def _places(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


def test_the_examples_use_kinds_that_are_there() -> None:
    for path in sorted((ROOT / "examples" / "rulesets").glob("*.yaml")):
        assert {rule.kind for rule in load_ruleset(path).rules} <= set(rules.KINDS)
