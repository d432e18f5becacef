"""Cover at the end of life: what a rule asks after years of subsidence, by zones, and what it says where these lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core.errors import Problem, Refused
from registry.core.findings import After, Finding
from registry.core.model import Application, GroundLevel, Part, Uncertainty, Volume, Zone
from registry.core.restored import restored
from registry.core.ruleset import read_ruleset, ruleset_from_document
from registry.core.sinking import sunk
from registry.core.verdict import Verdict
from registry.formats.problems_told import problem_line
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.sentences import sentence
from registry.formats.yaml_strict import load_yaml
from tests.core.building import HERE, here, judged, line, part, rounded, square
from tests.golden.golden_cases import FOLDER

TEXT = (FOLDER / "ruleset-after.yaml").read_text("utf-8")
RULES = load_ruleset(FOLDER / "ruleset-after.yaml")
THEME = "middenspanning"
LONG, WIDE = 20_000, 200


def zone(rate: int, west: int = -5_000, east: int = 25_000, name: str = "peat") -> Zone:
    ring = here([(west, -5_000), (east, -5_000), (east, 5_000), (west, 5_000)])
    return Zone(name, "subsidence", "peat", ring, rate=rate)


def pipe(cover: int | Sequence[int], theme: str = THEME, **more: Any) -> Part:
    levels = [cover] * 2 if isinstance(cover, int) else list(cover)
    geometry = line([(0, 0), (LONG, 0)], levels, rounded(WIDE), of="top", reference="ground", ground=[0, 0])
    return part("p", geometry, theme, **more)


def told(found: Verdict) -> list[tuple[str, str, tuple[tuple[int, int], ...]]]:
    return [(f.cause, f.certainty, tuple((s.start, s.end) for s in f.stretches)) for f in found.findings]


def only(found: Verdict, cause: str) -> Finding:
    (finding,) = [one for one in found.findings if one.cause == cause]
    return finding


@pytest.mark.parametrize(
    ("rate", "years", "mm"), [(10_000, 50, 500), (1, 1, 1), (1_000, 1, 1), (1_001, 1, 2), (0, 99, 0)]
)
def test_what_sinks_is_rounded_up(rate: int, years: int, mm: int) -> None:
    assert sunk(rate, years) == mm


def test_the_zones_and_ground_that_count_are_what_the_verdict_rests_on() -> None:
    ground = GroundLevel("g", 0, position=HERE)
    geometry = line([(0, 0), (LONG, 0)], -1_400, rounded(WIDE), of="top")
    slow, far = zone(1, name="slow"), zone(900_000, 40_000, 50_000, "far")
    found = judged([part("p", geometry, THEME)], [zone(10_000), slow, far, ground], RULES)
    assert {(item.kind, item.id) for item in found.basis} == {("zone", "peat"), ("zone", "slow"), ("ground_level", "g")}


def test_a_rule_that_does_not_ask_looks_at_no_zone() -> None:
    now = replace(RULES, rules=tuple(replace(r, after=None) if r.kind == "cover" else r for r in RULES.rules))  # type: ignore[type-var]
    found = judged([pipe(1_000)], [zone(10_000)], now)
    assert (found.outcome, found.basis) == ("fits", ())


def test_a_zone_that_says_nothing_sinks_is_known() -> None:
    assert judged([pipe(1_000)], [zone(0)], RULES).outcome == "fits"
    assert judged([pipe(999)], [zone(0)], RULES).outcome == "fits_with_conditions"


def test_what_only_may_lie_in_the_zone_is_possible() -> None:
    # The axis is at most 0.300 from where it is drawn, and half the pipe 0.100: the zone begins 0.350 from the axis.
    ring = here([(-5_000, 350), (25_000, 350), (25_000, 5_000), (-5_000, 5_000)])
    faster = Zone("beside", "subsidence", "peat", ring, rate=20_000)
    own = pipe(1_500, uncertainty=Uncertainty(300, 0))
    assert told(judged([own], [zone(10_000), faster], RULES)) == [("cover_after_too_small", "possible", ((0, LONG),))]
    certain = pipe(1_500)
    assert told(judged([certain], [zone(10_000), faster], RULES)) == []


def test_uncertain_height_makes_it_possible() -> None:
    own = pipe(1_520, uncertainty=Uncertainty(0, 21))
    finding = only(judged([own], [zone(10_000)], RULES), "cover_after_too_small")
    assert finding.certainty == "possible"
    assert "between 0.999 m and 1.041 m" in sentence(finding, RULES, "en")
    assert told(judged([pipe(1_520, uncertainty=Uncertainty(0, 20))], [zone(10_000)], RULES)) == []


def test_a_volume_is_asked_the_same() -> None:
    def tank(top: int) -> Part:
        ring = here(square(0, 0, 4_000))
        return Part("t", THEME, "tank", Volume(ring, (), -top - 1_000, -top, "nap", ground=0))

    assert told(judged([tank(1_500)], [zone(10_000)], RULES)) == []
    (finding,) = judged([tank(1_499)], [zone(10_000)], RULES).findings
    assert (finding.cause, finding.missing and finding.missing.vertical) == ("cover_after_too_small", 1)
    half = judged([tank(1_500)], [zone(10_000, -5_000, 2_000)], RULES)
    assert told(half) == [("cover_after_unknown", "undetermined", ())]
    assert [item.id for item in half.basis] == ["peat"]


def test_where_cover_is_not_known_that_is_told_once() -> None:
    geometry = line([(0, 0), (LONG, 0)], None, rounded(WIDE))
    found = judged([part("p", geometry, THEME)], [], RULES)
    assert [(f.cause, f.lacking) for f in found.findings] == [("cover_unknown", ("own_level",))]


RATES = st.sampled_from([0, 3_000, 9_999, 10_000, 20_001])
PIECES = st.lists(st.tuples(st.integers(-30, 200), st.integers(1, 120), RATES), max_size=4)


@settings(max_examples=80, deadline=None)
@given(PIECES, st.integers(900, 2_200), st.integers(900, 2_200))
def test_as_place_by_place(pieces: list[tuple[int, int, int]], first: int, last: int) -> None:
    """Against every decimetre and a half: which zones touch the width there, and what the fastest leaves."""
    zones = [
        zone(rate, west * 100, (west + long) * 100, f"z{k}") for k, (west, long, rate) in enumerate(pieces)
    ]
    found = judged([pipe([first, last])], zones, RULES)
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for cause, certainty, stretches in told(found):
        spans[cause, certainty] = list(stretches)
    for x in range(53, LONG, 150):
        cover = first + Fraction((last - first) * x, LONG)
        touching = [one for one in pieces if one[0] * 100 - WIDE // 2 < x < (one[0] + one[1]) * 100 + WIDE // 2]
        left = min((cover - -(-rate * 50 // 1000) for _, _, rate in touching), default=None)
        bare = not any(west * 100 <= x <= (west + long) * 100 for west, long, _ in pieces)
        fails, fails_now = left is not None and left < 1_000, cover < 1_000
        sinks = left is not None and left != cover
        expected = {
            ("cover_too_small", "certain"): fails_now,
            ("cover_after_too_small", "certain"): fails and sinks,
            ("cover_after_unknown", "undetermined"): bare and not (fails and sinks) and not fails_now,
        }
        for key, so in expected.items():
            within = any(start + 2 <= x <= end - 2 for start, end in spans.get(key, []))
            beside = any(start - 2 <= x <= end + 2 for start, end in spans.get(key, []))
            assert within <= so <= beside, (x, key, spans)
    assert set(spans) <= {key for key in spans if key[1] != "possible"}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60_000), st.integers(0, 3_000))
def test_it_fails_by_a_millimetre_exactly(rate: int, more: int) -> None:
    sinks = sunk(rate, 50)
    least = 1_000 + sinks
    assert told(judged([pipe(least + more)], [zone(rate)], RULES)) == []
    if sinks:
        finding = only(judged([pipe(least - 1)], [zone(rate)], RULES), "cover_after_too_small")
        assert finding.after == After(50, "stays", least - 1, sinks, "peat")
        assert (finding.gap and finding.gap.vertical, finding.missing and finding.missing.vertical) == (999, 1)


def test_two_rules_with_other_years_name_the_stricter() -> None:
    plain: Any = load_yaml(FOLDER / "ruleset-after.yaml", "", "invalid_ruleset").data
    cover = next(rule for rule in plain["rules"] if rule["id"] == "cover")
    longer = cover | {"id": "longer", "after": {"years": "80 years", "pipe": "stays", "source": "made-up"}}
    rules = read_ruleset(plain | {"rules": [*plain["rules"], longer]})
    found = judged([pipe(1_400)], [zone(10_000)], rules)
    assert {(f.rule, f.stricter) for f in found.findings} == {("cover", "longer"), ("longer", None)}


def test_it_is_kept_with_the_verdict() -> None:
    found = judged([pipe(1_400)], [zone(10_000)], RULES)
    again = restored(Application("A-1", "Riolering", "permit", ()), (), found.document, found.sha256)
    assert again.findings == found.findings
    assert again.findings[0].after == After(50, "stays", 1_400, 500, "peat")


def test_the_rule_is_kept_in_the_canonical_document() -> None:
    again = ruleset_from_document(RULES.document)
    assert again.sha256 == RULES.sha256
    assert again == RULES
    assert RULES.document["units"] == {"length": "mm", "angle": "0.001 deg", "years": "year"}


def _problems(old: str, new: str) -> list[Problem]:
    assert TEXT.count(old) == 1, old
    with pytest.raises(Refused) as refusal:
        load_ruleset(TEXT.replace(old, new))
    return refusal.value.problems


FIFTY = "after: {years: 50 years, pipe: stays, source: made-up}"


@pytest.mark.parametrize(
    ("new", "field", "column", "remedy"),
    [
        ("after: {pipe: stays, source: made-up}", "years", 12, "Add years: a number of years with its unit, as 50 y"),
        ("after: {years: 50, pipe: stays, source: made-up}", "years", 20, "Write 50 years."),
        ("after: {years: 50 months, pipe: stays, source: made-up}", "years", 20, "Write 50 years."),
        ("after: {years: 50.5 years, pipe: stays, source: made-up}", "years", 20, "Write at most 0 decimals."),
        ("after: {years: 0 years, pipe: stays, source: made-up}", "years", 20, "Write 50 years."),
        ("after: {years: -1 years, pipe: stays, source: made-up}", "years", 20, "Write 50 years."),
        ("after: {years: 501 years, pipe: stays, source: made-up}", "years", 20, "Write at most 500 years."),
        ("after: {years: 50 years, pipe: floats, source: made-up}", "pipe", 36, "It is one of: stays, sinks."),
        ("after: {years: 50 years, source: made-up}", "pipe", 12, "Add pipe: one of stays, sinks."),
        ("after: {years: 50 years, pipe: stays}", "source", 12, "Add source: one of the sources, made-up."),
        ("after: {years: 50 years, pipe: stay, source: made-up}", "pipe", 36, "Did you mean stays? "),
        ("after: {years: 50 years, pipe: sinks, source: made-up}", "pipe", 36, "Give a cell a maximum, or"),
        ("after: {years: 50 years, pipe: stays, source: made-up, rate: 1}", "rate", 60, "Entries here are: years"),
    ],
)
def test_what_is_refused(new: str, field: str, column: int, remedy: str) -> None:
    (problem,) = _problems(FIFTY, new)
    row = TEXT[: TEXT.index(FIFTY)].count("\n") + 1
    assert problem.field == f"rules[1].after.{field}"
    assert (problem.line, problem.column) == (row, column), str(problem)
    assert remedy in problem.remedy
    assert problem_line(problem, "nl") != problem_line(problem, "en")
