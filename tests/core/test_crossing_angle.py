"""``crossing_angle``: which lines cross, at what angle, and what is said of it."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from math import atan2, degrees, pi
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.findings import Quantity
from registry.core.line_crossings import LineCrossing, line_crossings
from registry.core.model import Consent, Object, Part, Point, Relation, Shaft, Uncertainty, Works
from registry.core.policy import Ruleset
from registry.core.ruleset import read_ruleset
from registry.core.verdict import Verdict, judge
from registry.formats.sentences import sentence
from registry.formats.yaml_strict import load_yaml
from tests.core.building import application, asset, corridor, here, line, part, rounded
from tests.core.kinds_ruleset import RULES, refused_where
from tests.golden.golden_cases import FOLDER

#: Along x, 20 m, and deep enough below for nothing else to be asked.
ALONG = line([(0, 0), (20_000, 0)], -2_000, rounded(400))
NONE = Uncertainty()


def over(*points: Point, depth: int = -4_000) -> Any:
    return line(points, depth, rounded(200))


def crossings(first: list[Point], second: list[Point], **joined: tuple[bool, bool]) -> list[LineCrossing]:
    a, b = (corridor(line(points, 0, rounded(200))) for points in (first, second))
    return list(line_crossings(replace(a, joined=joined.get("a", (False, False))),
                               replace(b, joined=joined.get("b", (False, False)))))  # fmt: skip


def said(parts: list[Part], *objects: Object, rules: Ruleset = RULES, **header: Any) -> tuple[Verdict, list[Any]]:
    verdict = judge(replace(application(*parts), **header), objects, rules)
    return verdict, [one for one in verdict.findings if one.rule_kind == "crossing_angle"]


@pytest.mark.parametrize(
    ("second", "angles"),
    [
        ([(5_000, -5_000), (5_000, 5_000)], [90_000]),
        ([(0, -5_000), (10_000, 5_000)], [45_000]),
        ([(0, -5_000), (10_000, 4_999)], [44_997]),
        ([(10_000, 5_000), (0, -5_000)], [45_000]),
        ([(0, -5_000), (5_000, 0)], []),
        ([(0, -5_000), (5_000, 0), (10_000, 5_000)], [45_000, 45_000]),
        ([(0, -5_000), (5_000, 0), (10_000, -5_000)], []),
        ([(0, -5_000), (5_000, 0), (5_001, 0), (10_000, 5_000)], [44_900, 44_900]),
        ([(0, -5_000), (5_000, 0), (5_001, 0), (10_000, -5_000)], []),
        ([(0, -5_000), (5_000, 0), (9_000, 0), (12_000, 5_000)], []),
        ([(0, 100), (20_000, 100)], []),
        ([(0, 0), (20_000, 0)], []),
        ([(-5_000, -5_000), (5_000, 5_000)], []),
        ([(5_000, -5_000), (5_000, 5_000), (15_000, 5_000), (15_000, -5_000)], [90_000, 90_000]),
    ],
)
def test_what_gets_to_the_other_side_crosses(second: list[Point], angles: list[int]) -> None:
    found = sorted(one.angle for one in crossings([(0, 0), (20_000, 0)], second))
    assert [abs(angle - wanted) < 150 for angle, wanted in zip(found, angles, strict=True)] == [True] * len(angles)
    assert sorted(one.angle for one in crossings(second, [(0, 0), (20_000, 0)])) == found


def test_an_end_on_the_other_crosses_where_it_goes_on() -> None:
    until = [(5_000, -5_000), (5_000, 0)]
    assert crossings([(0, 0), (20_000, 0)], until) == []
    (found,) = crossings([(0, 0), (20_000, 0)], until, b=(False, True))
    assert (found.angle, found.chainage) == (90_000, 5_000)
    assert crossings([(0, 0), (20_000, 0)], until, b=(True, False)) == []


def test_a_kink_at_the_crossing_makes_no_other_angle() -> None:
    """From 10° to either side, and square to it for 20 mm just there."""
    kinked = [(0, -1_000), (10_000, -10), (10_000, 10), (20_000, 1_000)]
    (found,) = crossings([(0, 0), (20_000, 0)], kinked)
    assert 5_000 < found.angle < 10_000
    bend = [(0, -1_000), (10_000, -300), (10_000, 300), (20_000, 1_000)]
    assert [one.angle for one in crossings([(0, 0), (20_000, 0)], bend)] == [90_000]


def test_as_plain_floats_find_them() -> None:
    """Random lines in general position, against signs of areas and angles by atan2."""
    chance = random.Random(11)
    number = 0
    for _ in range(300):
        first, second = (
            [(chance.randint(0, 20_000), chance.randint(0, 20_000)) for _ in range(chance.randint(2, 5))]
            for _ in range(2)
        )
        plain = [
            _between(p, q, r, s) for p, q in pairwise(first) for r, s in pairwise(second) if _cross(p, q, r, s)
        ]
        found = list(crossings(first, second))
        assert len(found) == len(plain)
        number += len(plain)
        # A bend beside the crossing may make it less, never more.
        for one, angle in zip(found, plain, strict=True):
            assert one.angle <= angle + 1e-6
        if len(first) == len(second) == 2 and plain:
            assert plain[0] < found[0].angle + 1
    assert number > 300


def test_in_corners_as_nudged_lines_tell_it() -> None:
    """Lines on a lattice, which meet in corners more often than not: one gets across as often, odd or even, as when it
    is moved by fractions of a millimetre."""
    chance = random.Random(17)
    odd = corners = 0
    for _ in range(3_000):
        first, second = (
            [(chance.randint(0, 4) * 1_000, chance.randint(0, 4) * 1_000) for _ in range(chance.randint(2, 4))]
            for _ in range(2)
        )
        sides = [list(pairwise(points)) for points in (first, second)]
        if any(p == q for side in sides for p, q in side) or any(map(_self_touching, sides)):
            continue
        if any(_runs_along(*one, *other) for one in sides[0] for other in sides[1]):
            continue
        ends = [(end, sides[1]) for end in (first[0], first[-1])] + [(end, sides[0]) for end in (second[0], second[-1])]
        if any(_on(end, *side) for end, others in ends for side in others):
            continue
        found = crossings(first, second)
        places = {one.chainage for one in found}
        plain, nudged = ([(_moved(p, by), _moved(q, by)) for p, q in side] for by, side in enumerate(sides))
        moved = sum(_cross(*one, *other) for one in plain for other in nudged)
        assert len(places) % 2 == moved % 2, (first, second)
        assert {(one.x, one.y) for one in crossings(second, first)} == {(one.x, one.y) for one in found}
        odd += moved % 2
        corners += len(found) > len(places)
    assert odd > 200
    assert corners > 15


def _moved(point: Point, by: int) -> Point:
    """In thousandths of a millimetre, moved in a direction that no side has."""
    return 1_000 * point[0] + 101 * by, 1_000 * point[1] + 37 * by


def _on(point: Point, p: Point, q: Point) -> bool:
    inside = all(min(a, b) <= c <= max(a, b) for a, b, c in zip(p, q, point, strict=True))
    return inside and _turn(p, q, point) == 0


def _runs_along(p: Point, q: Point, r: Point, s: Point) -> bool:
    """Whether two sides have more than a point in common."""
    if _turn(p, q, r) or _turn(p, q, s):
        return False
    return len({point for point in (p, q, r, s) if _on(point, p, q) and _on(point, r, s)}) > 1


def _self_touching(sides: list[tuple[Point, Point]]) -> bool:
    pairs = [(a, b) for k, a in enumerate(sides) for b in sides[k + 1 :]]
    return any(
        _runs_along(*a, *b) or _cross(*a, *b) or any(_on(end, *a) for end in b if end not in a)
        or any(_on(end, *b) for end in a if end not in b) or (a[1] != b[0] and bool({*a} & {*b}))
        for a, b in pairs
    )  # fmt: skip


def _turn(p: Point, q: Point, r: Point) -> int:
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def _cross(p: Point, q: Point, r: Point, s: Point) -> bool:
    return _turn(p, q, r) * _turn(p, q, s) < 0 and _turn(r, s, p) * _turn(r, s, q) < 0


def _between(p: Point, q: Point, r: Point, s: Point) -> float:
    turn = abs(atan2(q[1] - p[1], q[0] - p[0]) - atan2(s[1] - r[1], s[0] - r[0])) % pi
    return degrees(min(turn, pi - turn)) * 1000


def test_the_millimetre_that_decides() -> None:
    """At 45° it meets; with one end 1 mm lower it is some thousandths of a degree short."""
    verdict, found = said([part("p", ALONG, "water")], asset("a", over((0, -10_000), (20_000, 10_000)), "gasLageDruk"))
    assert found == []
    (result,) = (one for one in verdict.results if one.rule == "crossing-angle")
    assert result.outcome == "met"
    assert result.met is not None
    assert (result.met.measured, result.met.margin) == (Quantity(45_000, "millideg"), Quantity(0, "millideg"))
    lower = asset("a", over((0, -10_000), (20_000, 9_999)), "gasLageDruk")
    verdict, (finding,) = said([part("p", ALONG, "water")], lower)
    assert (finding.certainty, finding.severity, verdict.outcome) == ("certain", "blocks", "conflict")
    assert (finding.measured.value, finding.asked.value, finding.short.value) == (44_998, 45_000, 2)
    assert (finding.place.chainage, finding.place.x, finding.place.y) == (10_000, 155_010_001, 463_000_000)
    assert "The angle is 44.998°; at least 45° is required, so it is 0.002° short." in sentence(finding, RULES, "en")
    assert "De hoek is 44,998°; vereist is minstens 45°" in sentence(finding, RULES, "nl")


def test_nothing_that_crosses_is_untouched() -> None:
    verdict, _ = said([part("p", ALONG, "water")], asset("a", over((0, 3_000), (20_000, 3_000)), "gasLageDruk"))
    assert {one.rule: one.outcome for one in verdict.results}["crossing-angle"] == "untouched"


@pytest.mark.parametrize(
    ("theme", "kind", "degrees_up", "asked"),
    [
        ("gasLageDruk", "line", 40, 45_000),
        ("gasLageDruk", "house_connection", 50, 60_000),
        ("datatransport", "line", 29, 30_000),
        ("datatransport", "line", 31, None),
    ],
)
def test_the_most_specific_cell_counts(theme: str, kind: str, degrees_up: int, asked: int | None) -> None:
    rise = {40: 8_391, 50: 11_918, 29: 5_543, 31: 6_009}[degrees_up]
    other = asset("a", over((0, -rise), (20_000, rise)), theme, object_kind=kind)
    _, found = said([part("p", ALONG, "water")], other)
    assert [one.asked.value for one in found] == ([] if asked is None else [asked])


def test_of_ones_own_nothing_is_asked_without_a_cell() -> None:
    flat = over((0, -1_000), (20_000, 1_000))
    assert said([part("p", ALONG, "water"), part("q", flat, "datatransport")])[1] == []
    assert len(said([part("p", ALONG, "water"), part("q", flat, "gasLageDruk")])[1]) == 1
    own = asset("a", flat, "water", holder="Riolering")
    assert said([part("p", ALONG, "water")], own)[1] == []
    assert len(said([part("p", ALONG, "water")], replace(own, holder="Ander"))[1]) == 1


def test_what_is_joined_gone_or_not_there_at_the_time_is_not_asked() -> None:
    other = asset("a", over((0, -1_000), (20_000, 1_000), depth=-2_000), "gasLageDruk", holder="Riolering")
    at = (*here([(10_000, 0)])[0], None)
    relations = [
        Relation("connects", "asset", "a", point=at),
        Relation("replaces", "asset", "a"),
        Relation("removes", "asset", "a"),
        Relation("shares_trench", "asset", "a", agreement="agreed"),
    ]
    assert len(said([part("p", ALONG, "water")], other)[1]) == 1
    for relation in relations:
        assert said([part("p", ALONG, "water", relations=[relation])], other)[1] == [], relation.kind
    later = replace(other, removal_date="2027-01-01")
    assert said([part("p", ALONG, "water")], later, works_start="2027-02-01")[1] == []


def test_uncertain_is_possible_and_certain_where_it_is_too_small_all_the_same() -> None:
    at_45 = asset("a", over((0, -10_000), (20_000, 10_000)), "gasLageDruk", uncertainty=Uncertainty(100, 0))
    verdict, (finding,) = said([part("p", ALONG, "water")], at_45)
    assert (finding.certainty, finding.short, verdict.outcome) == ("possible", None, "fits_with_conditions")
    assert finding.measured.value == 45_000 - 406, "turned by asin(0.2 / 28.284) = 0.40515°, rounded up"
    assert "The angle may be as small as 44.594°" in sentence(finding, RULES, "en")
    at_60 = replace(at_45, geometry=over((0, -17_320), (20_000, 17_320)))
    assert said([part("p", ALONG, "water")], at_60)[1] == []
    at_20 = replace(at_45, geometry=over((0, -3_640), (20_000, 3_640)))
    (finding,) = said([part("p", ALONG, "water")], at_20)[1]
    assert finding.certainty == "certain"
    short = replace(at_20, geometry=over((9_900, -36), (10_100, 36)))
    (finding,) = said([part("p", ALONG, "water")], short)[1]
    assert finding.certainty == "possible", "so short that it may lie in any direction, or not cross at all"


def test_a_shaft_and_a_rival() -> None:
    shaft = Shaft(here([(5_000, 0)])[0], -9_000, -5_000, "nap", rounded(400))
    assert said([part("p", ALONG, "water")], asset("a", shaft, "gasLageDruk"))[1] == []
    flat = over((0, -1_000), (20_000, 1_000))
    rival = Works("B/1", "gasLageDruk", "line", flat, "Gasnet", application="B", state="open")
    verdict, (finding,) = said([part("p", ALONG, "water")], rival)
    assert (finding.severity, finding.rival, verdict.outcome) == ("advises", True, "fits")
    assert "Another application asks for this space too." in sentence(finding, RULES, "en")
    granted = replace(rival, state="granted", works_start="2027-01-01")
    assert [one.severity for one in said([part("p", ALONG, "water")], granted)[1]] == ["blocks"]


def test_what_got_no_worse_is_weighed_less() -> None:
    crossed = asset("a", over((0, -5_000), (20_000, 5_000)), "gasLageDruk")
    old = asset("old", ALONG, "water", holder="Riolering")
    new = part("p", ALONG, "water", relations=[Relation("replaces", "asset", "old")])
    (finding,) = said([new], crossed, old)[1]
    assert (finding.not_worsened, finding.severity, finding.before.value) == (True, "advises", 26_565)
    # Turned: at a smaller angle than before, or in another place.
    turned = replace(new, geometry=line([(0, -10), (20_000, 10)], -2_000, rounded(400)))
    (finding,) = said([turned], crossed, old)[1]
    assert (finding.not_worsened, finding.severity, finding.before.value) == (False, "blocks", 26_565)
    moved = replace(new, geometry=line([(0, 500), (20_000, 500)], -2_000, rounded(400)))
    (finding,) = said([moved], crossed, old)[1]
    assert not finding.not_worsened
    elsewhere = replace(old, geometry=line([(0, 9_000), (20_000, 9_000)], -2_000, rounded(400)))
    (finding,) = said([new], crossed, elsewhere)[1]
    assert (finding.not_worsened, finding.before) == (False, None)
    theirs = replace(old, holder="Ander")
    verdict = judge(replace(application(new), consents=(Consent("Ander", "d"),)), [crossed, theirs], RULES)
    assert any(one.not_worsened for one in verdict.findings)


def test_legal_force_and_applies_are_respected() -> None:
    other = asset("a", over((0, -1_000), (20_000, 1_000)), "gasLageDruk")
    plain: Any = load_yaml(FOLDER / "ruleset-kinds.yaml", "", "invalid_ruleset").data
    (rule,) = (one for one in plain["rules"] if one["id"] == "crossing-angle")
    rule["legal_force"] = "internal"
    (finding,) = said([part("p", ALONG, "water")], other, rules=read_ruleset(plain))[1]
    assert finding.severity == "advises"
    rule["applies"] = {"themes": ["warmte"]}
    assert said([part("p", ALONG, "water")], other, rules=read_ruleset(plain))[1] == []


@pytest.mark.parametrize(
    ("old", "new", "field", "remedy", "dutch"),
    [
        ("minimum: 30 deg", "minimum: 90 deg", "otherwise.minimum", "less than 90 deg", "minder dan 90 graden"),
        ("minimum: 30 deg", "minimum: 0 deg", "otherwise.minimum", "more than 0", "meer dan 0"),
        ("minimum: 30 deg", "minimum: 30", "otherwise.minimum", "Write 30.00 deg.", "30.00 deg"),
        ("minimum: 30 deg", "minimum: 1.00 m", "otherwise.minimum", "Write 30 deg.", "de eenheid is deg"),
        ("minimum: 30 deg, ", "", "otherwise.minimum", "Add minimum", "minimum"),
        ("gasLageDruk], minimum", "gas], minimum", "cells[0].between[1]", "gasLageDruk", "er is geen thema gas"),
    ],
)
def test_what_cannot_be_read_is_told_where_it_stands(old: str, new: str, field: str, remedy: str, dutch: str) -> None:
    refused_where("kind: crossing_angle", old, new, field, remedy, dutch)


def test_a_rule_that_asks_nothing_is_refused() -> None:
    plain: Any = load_yaml(FOLDER / "ruleset-kinds.yaml", "", "invalid_ruleset").data
    (rule,) = (one for one in plain["rules"] if one["id"] == "crossing-angle")
    del rule["otherwise"]
    rule["cells"] = []
    with pytest.raises(Refused, match="asks nothing"):
        read_ruleset(plain)
