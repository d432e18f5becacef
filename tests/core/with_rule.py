"""Rulesets with one rule of the kind that is tested, beside a matrix in which nothing but overlap is too near."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pytest

from registry.core.errors import Refused
from registry.core.findings import Finding, RuleResult
from registry.core.model import Object, Part
from registry.core.policy import Ruleset
from registry.core.verdict import Verdict
from registry.formats.problems_told import problem_line
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.sentences import sentence
from tests.core.building import judged

_BEFORE = """\
ruleset:
  id: test
  version: 1.0.0
  title: {{nl: Proef, en: Test}}
  municipality: Voorbeeldstad
  effective_from: 2027-01-01
  judged_by: filing_date
  reach: {reach}
  joint_radius: 0.50 m
  ground_level_within: 25.00 m
  not_worsened: advises
  assumed_depths: []
  assumed_sizes: {assumed_sizes}
sources: {{made-up: {{title: Made up, kind: own, confidence: own}}}}
rules:
  - {{id: matrix, kind: separation, title: {{nl: Afstand, en: Separation}}, severity: blocks, legal_force: policy,
     citation: {{document: Policy}}, measured_from: envelope, parallel_below: 30 deg, parallel_from: 5.00 m,
     otherwise: {{crossing: {{ch: 0.00 m, cv: 0.00 m}}, source: made-up}}, cells: []}}
  - {{id: reserved, kind: reserved_space, title: {{nl: Gereserveerd, en: Reserved}}, severity: blocks,
     legal_force: policy, citation: {{document: Policy}}, separation: matrix,
     by_strength: {{search_area: advises, option: conditions, planned: blocks, decided: blocks}}}}
  - id: asked
    title: {{nl: Gevraagd, en: Asked}}
    severity: blocks
    legal_force: {legal_force}
    citation: {{document: Policy, article: "7"}}
"""
#: The line on which the first line of a rule's own entries stands.
FIRST_LINE = _BEFORE.count("\n") + 1


def text_with(
    rule: str, *, reach: str = "10.00 m", legal_force: str = "policy", assumed_sizes: str = "[]"
) -> str:
    """A ruleset with a rule of which ``rule`` has the entries beside its header, each line indented by four spaces."""
    return _BEFORE.format(reach=reach, legal_force=legal_force, assumed_sizes=assumed_sizes) + rule


def rules_with(
    rule: str, *, reach: str = "10.00 m", legal_force: str = "policy", assumed_sizes: str = "[]"
) -> Ruleset:
    """The ruleset of that text."""
    return load_ruleset(text_with(rule, reach=reach, legal_force=legal_force, assumed_sizes=assumed_sizes))


def judged_by(
    rules: Ruleset, parts: Sequence[Part], objects: Iterable[Object] = (), consents: Sequence[str] = ()
) -> tuple[Verdict, tuple[Finding, ...], RuleResult]:
    """The verdict, and what came of the rule in it."""
    verdict = judged(parts, objects, rules, consents)
    findings = tuple(finding for finding in verdict.findings if finding.rule == "asked")
    (result,) = (result for result in verdict.results if result.rule == "asked")
    return verdict, findings, result


def told(finding: Finding, rules: Ruleset) -> tuple[str, str]:
    """A finding in words, Dutch and English."""
    return sentence(finding, rules, "nl"), sentence(finding, rules, "en")


def faults(rule: str, *, reach: str = "10.00 m") -> list[str]:
    """What is wrong with a rule, in English and in Dutch, each with the line within the rule and the column."""
    with pytest.raises(Refused) as caught:
        load_ruleset(text_with(rule, reach=reach), "rules.yaml")
    found = []
    for problem in caught.value.problems:
        assert problem.line is not None
        at = f"{problem.line - FIRST_LINE + 1}:{problem.column}"
        dutch = problem_line(problem, "nl")
        assert "Engels" not in dutch, dutch
        found.append(f"{at} {problem.field}: {problem.detail}. {problem.remedy}")
        assert problem.detail not in dutch, dutch
        assert not re.search(r"\b(or|of the|add|write|keep|more|together)\b", dutch, re.IGNORECASE), dutch
    return found
