"""Where a part replaces an asset, cover is told as it was, and what is no worse is weighed as the ruleset says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core.findings import Finding
from registry.core.model import Asset, Relation, Uncertainty
from registry.core.policy import Ruleset
from registry.core.ruleset import read_ruleset
from registry.core.verdict import Verdict
from registry.formats.sentences import sentence
from registry.formats.yaml_strict import load_yaml
from tests.core.building import asset, judged, line, part, rounded
from tests.golden.golden_cases import FOLDER

LONG = 20_000
THEME = "middenspanning"
#: Who applies, and so may say that an asset is replaced.
OWN = "Riolering"


def rules(maximum: str | None = None) -> Ruleset:
    """The golden ruleset, in which too little cover of medium voltage asks for a condition; with a maximum too."""
    plain: Any = load_yaml(FOLDER / "ruleset.yaml", "", "invalid_ruleset").data
    cover = next(rule for rule in plain["rules"] if rule["id"] == "cover")
    cell = {"theme": THEME, "surface": "any", "minimum": "1.00 m", "source": "made-up"}
    cover["cells"] = [cell | ({} if maximum is None else {"maximum": maximum})]
    return read_ruleset(plain)


RULES = rules()


def pipe(first: int, last: int | None = None, *, x: int = 0, y: int = 0, long: int = LONG) -> Any:
    levels = [first, first if last is None else last]
    return line([(x, y), (x + long, y)], levels, rounded(100), of="top", reference="ground", ground=[0, 0])


def old(geometry: Any, theme: str = THEME, **more: Any) -> Asset:
    return replace(Asset("old", theme, "line", geometry, holder=OWN), **more)


def on(new: Any, was: Asset, ruleset: Ruleset = RULES, **more: Any) -> Verdict:
    own = part("p", new, THEME, relations=(Relation("replaces", "asset", "old"),), **more)
    return judged([own], [was], ruleset)


def told(found: Verdict) -> list[tuple[str, str, int | None, bool]]:
    """Of every finding cause, severity, the cover before and whether it is no worse."""
    return [
        (f.cause, f.severity, None if f.gap_before is None else f.gap_before.vertical, f.not_worsened)
        for f in found.findings
    ]


def test_no_less_than_there_was_is_no_worse() -> None:
    assert told(on(pipe(900), old(pipe(899)))) == [("cover_too_small", "advises", 899, True)]
    assert told(on(pipe(899), old(pipe(900)))) == [("cover_too_small", "conditions", 900, False)]


def test_what_there_was_enough_of_before_is_told_and_excuses_nothing() -> None:
    assert told(on(pipe(900), old(pipe(1_500)))) == [("cover_too_small", "conditions", 1_500, False)]


def test_no_deeper_than_it_was_is_no_worse() -> None:
    deep = rules("2.00 m")
    assert told(on(pipe(2_500), old(pipe(2_501)), deep)) == [("cover_too_large", "advises", 2_501, True)]
    assert told(on(pipe(2_501), old(pipe(2_500)), deep)) == [("cover_too_large", "conditions", 2_500, False)]


@pytest.mark.parametrize(
    "was",
    [
        old(pipe(900, y=200)),
        old(pipe(900, long=LONG - 1)),
        old(pipe(900), theme="laagspanning"),
        old(pipe(900), status="projected"),
        old(pipe(900), removal_date="2020-01-01"),
        old(pipe(900), uncertainty=Uncertainty(0, 101)),
    ],
    ids=["beside it", "shorter", "another theme", "never built", "gone before", "not surely too little"],
)
def test_what_was_otherwise_excuses_nothing(was: Asset) -> None:
    assert told(on(pipe(900), was)) == [("cover_too_small", "conditions", 900, False)]


def test_what_only_may_be_too_little_is_not_excused() -> None:
    found = on(pipe(1_050), old(pipe(900)), uncertainty=Uncertainty(0, 100))
    assert told(found) == [("cover_too_small", "conditions", 900, False)]


def test_where_nothing_is_known_of_before_nothing_is_told() -> None:
    blind = line([(0, 0), (LONG, 0)], None, rounded(100))
    assert told(on(pipe(900), old(blind))) == [("cover_too_small", "conditions", None, False)]


def test_two_kinds_each_by_what_they_measure() -> None:
    """As deep as what it replaces, and nearer to its neighbour: by one rule that is no worse, by the other it is."""
    neighbour = asset("a", line([(0, 260), (LONG, 260)], -950, rounded(100)), "water")
    own = part("p", pipe(900, y=10), THEME, relations=(Relation("replaces", "asset", "old"),))
    found = {f.rule: f for f in judged([own], [old(pipe(900)), neighbour], RULES).findings}
    assert {rule: (f.severity, f.not_worsened) for rule, f in found.items()} == {
        "cover": ("advises", True),
        "separation": ("blocks", False),
    }
    assert found["separation"].gap_before is not None
    assert (found["separation"].gap_before.horizontal, found["separation"].gap.horizontal) == (160, 150)  # type: ignore[union-attr]


def _worst(found: Verdict) -> Finding | None:
    return next((one for one in found.findings if one.certainty == "certain"), None)


@settings(max_examples=60, deadline=None)
@given(*(st.integers(800, 1_100) for _ in range(4)))
def test_never_is_less_cover_excused_nor_where_there_was_enough(a: int, b: int, c: int, d: int) -> None:
    new, was = on(pipe(a, b), old(pipe(c, d))), judged([part("p", pipe(c, d), THEME)], [], RULES)
    found, before = _worst(new), _worst(was)
    if found is None:
        assert min(a, b) >= 1_000
        return
    assert found.gap_before is not None
    assert found.gap_before.vertical == min(c, d)
    if found.not_worsened:
        assert before is not None
        assert min(a, b) >= min(c, d)
        (now,), (then,) = found.stretches, before.stretches
        assert then.start <= now.start + 1
        assert now.end <= then.end + 1
    elif before is not None and min(a, b) >= min(c, d):
        (now,), (then,) = found.stretches, before.stretches
        inside = then.start <= now.start and now.end <= then.end
        assert not inside


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "Before, there was 0.900 m of cover."),
        ("nl", "In de huidige situatie is de gronddekking 0,900 m."),
    ],
)
def test_it_is_told(lang: Any, words: str) -> None:
    (finding,) = on(pipe(900), old(pipe(900))).findings
    assert words in sentence(finding, RULES, lang)
