"""The examples of a ruleset judged by that ruleset: which come out otherwise than they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from registry.core.errors import Problem, Refused
from registry.core.examples import AMOUNTS, NUMBERS, Amounts, Example, Expected
from registry.core.findings import Finding, Measure, Quantity, RuleResult, Unit
from registry.core.policy import Ruleset
from registry.core.reading import metres, written
from registry.core.verdict import Verdict, judge

#: What an amount of each unit is called in an example.
_CALLED: Final[dict[Unit, str]] = {
    "mm": "length",
    "millideg": "angle",
    "millicelsius": "temperature",
    "ml_per_s": "discharge",
    "litre": "storage",
    "dm2": "area",
    "count": "count",
    "day": "days",
}


@dataclass(frozen=True, slots=True)
class Missed:
    """Something that came out otherwise than was expected: of the whole verdict (``rule`` ``None``) or of a rule.

    ``what`` says which: its outcome, or one of the numbers of a finding; of these ``found`` has those of the finding
    that comes nearest, and is empty where there is none.
    """

    rule: str | None
    what: Literal["outcome", "measured", "asked", "missing"]
    expected: str | Amounts
    found: str | Amounts


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What came of an example. ``refused`` says why it could not be judged at all."""

    example: Example
    missed: tuple[Missed, ...] = ()
    refused: tuple[Problem, ...] = ()

    @property
    def passes(self) -> bool:
        return not self.missed and not self.refused


def check_examples(ruleset: Ruleset) -> list[ExampleResult]:
    """What came of each example, in order of id."""
    return [_checked(example, ruleset) for example in ruleset.examples]


def problems_of(results: Sequence[ExampleResult]) -> list[Problem]:
    """What came out otherwise than the examples say, one problem each, in words of the ruleset itself."""
    problems = []
    for result in results:
        name, field = result.example.id, f"examples.{result.example.id}"
        problems += [
            Problem("example_fails", f"example {name} cannot be judged: {one.detail}", one.remedy, field, one.value)
            for one in result.refused
        ]
        problems += [
            Problem("example_fails", _in_words(name, missed), _REMEDY, f"{field}.{missed.rule or 'outcome'}")
            for missed in result.missed
        ]
    return problems


_REMEDY: Final = "Mend the rule or the example."


def _in_words(name: str, missed: Missed) -> str:
    expected, found = map(_written, (missed.expected, missed.found))
    if missed.rule is None:
        return f"example {name} comes out as {found}, not as {expected}"
    if missed.what == "outcome":
        return f"in example {name} rule {missed.rule} comes out as {found}, not as {expected}"
    if not found:
        return f"in example {name} rule {missed.rule} has nothing {missed.what}, not {expected}"
    return f"in example {name} rule {missed.rule} has {missed.what} {found}, not {expected}"


def _written(amounts: str | Amounts) -> str:
    if isinstance(amounts, str):
        return amounts
    told = []
    for what, value in amounts:
        if what in ("horizontal", "vertical"):
            told.append(f"{what} {metres(value)}")
        else:
            told.append(written(what, value) if what in AMOUNTS else f"{value} {what}")
    return " and ".join(told)


def without_example(ruleset: Ruleset) -> dict[str, tuple[str, ...]]:
    """By rule (id) what no example shows of it: where it is not met (``not_met``), and where it is met or asks nothing
    (``met``). Rules of which both are shown are left out."""
    shown = {(one.rule, one.outcome) for example in ruleset.examples for one in example.expected}
    lacking: dict[str, tuple[str, ...]] = {}
    for name in (rule.header.id for rule in ruleset.rules):
        wanted = {"not_met": {"not_met"}, "met": {"met", "untouched"}}
        left = tuple(what for what, outcomes in wanted.items() if not {(name, one) for one in outcomes} & shown)
        if left:
            lacking[name] = left
    return lacking


def _checked(example: Example, ruleset: Ruleset) -> ExampleResult:
    try:
        verdict = judge(example.application, example.objects, ruleset)
    except Refused as refusal:
        return ExampleResult(example, refused=tuple(refusal.problems))
    missed: list[Missed] = []
    if example.outcome is not None and example.outcome != verdict.outcome:
        missed.append(Missed(None, "outcome", example.outcome, verdict.outcome))
    results = {result.rule: result for result in verdict.results}
    for expected in example.expected:
        missed += _missed(expected, results[expected.rule], verdict)
    return ExampleResult(example, tuple(missed))


def _missed(expected: Expected, result: RuleResult, verdict: Verdict) -> list[Missed]:
    if result.outcome != expected.outcome:
        return [Missed(expected.rule, "outcome", expected.outcome, result.outcome)]
    asked = {key: getattr(expected, key) for key in NUMBERS if getattr(expected, key)}
    if not asked:
        return []
    numbers = _numbers(result, verdict)
    wrong = [[key for key in asked if not set(asked[key]) <= set(found[key])] for found in numbers]
    if not wrong:
        return [Missed(expected.rule, key, asked[key], ()) for key in asked]  # type: ignore[arg-type]
    nearest = min(range(len(wrong)), key=lambda index: len(wrong[index]))
    return [
        Missed(expected.rule, key, asked[key], numbers[nearest][key])  # type: ignore[arg-type]
        for key in wrong[nearest]
    ]


def _numbers(result: RuleResult, verdict: Verdict) -> Sequence[dict[str, Amounts]]:
    """The numbers of what the rule found, or of what is met with least to spare."""
    if result.outcome == "met":
        met = result.met
        return [] if met is None else [{"measured": _of(met.measured), "asked": _of(met.asked), "missing": ()}]
    own = [one for one in verdict.findings if one.rule == result.rule and not one.rival]
    return [_of_finding(one) for one in own if (one.certainty == "certain") == (result.outcome == "not_met")]


def _of_finding(finding: Finding) -> dict[str, Amounts]:
    return {
        "measured": (*_along(finding.gap), *_of(finding.measured)),
        "asked": (*_along(finding.required), *_of(finding.asked)),
        "missing": (*_along(finding.missing), *_of(finding.short)),
    }


def _along(measure: Measure | None) -> Amounts:
    if measure is None:
        return ()
    both = (("horizontal", measure.horizontal), ("vertical", measure.vertical))
    return tuple((what, value) for what, value in both if value is not None)


def _of(quantity: Quantity | None) -> Amounts:
    return () if quantity is None else ((_CALLED.get(quantity.unit, quantity.unit), quantity.value),)
