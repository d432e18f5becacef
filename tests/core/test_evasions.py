"""The same space drawn or claimed otherwise gives no better verdict."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from registry.core.model import (
    Asset,
    Envelope,
    Object,
    Part,
    Period,
    Point,
    Relation,
    Reservation,
    Size,
    Uncertainty,
    Volume,
)
from registry.core.policy import AssumedSize
from registry.core.verdict import Verdict, judge
from tests.core.building import application, asset, judged, line, part, reservation, rounded, ruleset, shaft, volume

RULES = ruleset(cells=[("warmte", "rioolVrijverval", (200, 200), (1000, None))])
SEWER = "rioolVrijverval"


def pipe(name: str, *points: Point, level: int = -3000, relations: tuple[Relation, ...] = (), width: int = 400) -> Part:
    return replace(part(name, line(list(points), level, rounded(width)), theme=SEWER), relations=relations)


def heat(*points: Point) -> Reservation:
    return replace(reservation("heat", line(list(points), -1000, rounded(400))), theme="warmte")


def sewer(name: str, *points: Point, theme: str = SEWER, width: int = 400) -> Asset:
    return replace(asset(name, line(list(points), -3000, rounded(width))), theme=theme, holder="Riolering")


def outcome(parts: list[Part], objects: list[Object]) -> str:
    return judged(parts, objects, RULES).outcome


STREET = heat((0, 600), (20_000, 600))


def test_a_line_in_pieces_runs_parallel_as_a_whole() -> None:
    assert outcome([pipe("p", (0, 0), (20_000, 0))], [STREET]) == "conflict"
    pieces = [pipe(f"p{k}", (k * 4000, 0), (k * 4000 + 4000, 0)) for k in range(5)]
    assert outcome(pieces, [STREET]) == "conflict"
    drawn = [replace(heat((k * 4000, 600), (k * 4000 + 4000, 600)), id=f"heat-{k}") for k in range(5)]
    assert outcome([pipe("p", (0, 0), (20_000, 0))], list(drawn)) == "conflict"


def test_a_jog_does_not_break_a_run() -> None:
    points = [(x, y) for k in range(4) for x, y in ((k * 4500, k % 2 * 2), (k * 4500 + 4500, k % 2 * 2))]
    assert outcome([pipe("p", *points)], [STREET]) == "conflict"


@pytest.mark.parametrize("degrees", [32, 45, 70, 85])
@pytest.mark.parametrize("apart", [False, True])
def test_a_line_that_zigzags_beside_another_runs_along_it(degrees: int, apart: bool) -> None:
    step = 500 * math.cos(math.radians(degrees)), 500 * math.sin(math.radians(degrees))
    points = [(round(k * step[0]), -200 + k % 2 * round(step[1] / 2)) for k in range(int(10_000 / step[0]))]
    zigzag = [pipe("p", *points)]
    if apart:
        zigzag = [pipe(f"p{k}", *points[k : k + 2]) for k in range(len(points) - 1)]
    verdict = judged(zigzag, [heat((0, 1000), (20_000, 1000))], RULES)
    assert "parallel" in {finding.cause for finding in verdict.findings if finding.severity == "blocks"}
    assert verdict.outcome == "conflict"


def test_gaps_in_what_is_drawn_end_no_run() -> None:
    """A street's length of 20 m in five pieces with a few millimetres, a metre at most, between them."""
    for gap in (2, 5, 10, 500, 1000):
        ends = [(k * 4000, k * 4000 + 4000 - gap) for k in range(5)]
        assert outcome([pipe(f"p{k}", (x, 0), (end, 0)) for k, (x, end) in enumerate(ends)], [STREET]) == "conflict"
        drawn = [replace(heat((x, 600), (end, 600)), id=f"heat-{k}") for k, (x, end) in enumerate(ends)]
        assert outcome([pipe("p", (0, 0), (20_000, 0))], list(drawn)) == "conflict"
        blocks = [volume([(x, -200), (end, -200), (end, 200), (x, 200)], -3200, -2800) for x, end in ends]
        assert outcome([part(f"v{k}", block) for k, block in enumerate(blocks)], [STREET]) == "conflict"


@pytest.mark.parametrize(("every", "outcome_of_all"), [(400, "conflict"), (600, "conflict"), (3000, "fits")])
def test_a_row_of_shafts_is_a_wall(every: int, outcome_of_all: str) -> None:
    row = [part(f"s{k}", shaft((k * every, 0), -3200, -2800, rounded(400))) for k in range(20)]
    assert outcome(row, [STREET]) == outcome_of_all


def zigzag(degrees: float, count: int) -> list[Point]:
    step = 500 * math.cos(math.radians(degrees)), 500 * math.sin(math.radians(degrees))
    return [(round(k * step[0]), -200 + k % 2 * round(step[1])) for k in range(count)]


def test_asking_more_or_knowing_less_never_undoes_a_winding_run() -> None:
    winding = line(zigzag(40, 22), -3000, rounded(400))
    for xy in (0, 1000, 3000, 9000):
        unsure = replace(part("p", winding, uncertainty=Uncertainty(xy, 0)), theme=SEWER)
        wanted = "conflict" if xy == 0 else "fits_with_conditions"
        assert outcome([unsure], [heat((0, 1000), (20_000, 1000))]) == wanted
    for ch in (1000, 2000, 3000, 5000):
        rules = ruleset(cells=[("warmte", "rioolVrijverval", (200, 200), (ch, None))])
        verdict = judged([replace(part("p", winding), theme=SEWER)], [heat((0, 1000), (20_000, 1000))], rules)
        assert verdict.outcome == "conflict"
    for width in (400, 2000, 4000, 6000):
        wide = replace(winding, envelope=Envelope(width, 400))
        assert outcome([replace(part("p", wide), theme=SEWER)], [heat((0, 1000), (20_000, 1000))]) == "conflict"


def test_a_pipe_drawn_as_a_volume_runs_along_as_well() -> None:
    def strip(low: int, bottom: int) -> Volume:
        return volume([(0, low), (20_000, low), (20_000, low + 400), (0, low + 400)], bottom, bottom + 400)

    drawn = replace(part("p", strip(-200, -3000)), theme=SEWER)
    assert outcome([drawn], [STREET]) == "conflict"
    held = replace(reservation("heat", strip(1199, -1200)), theme="warmte")
    assert outcome([pipe("p", (0, 0), (20_000, 0))], [held]) == "conflict"
    assert outcome([drawn], [held]) == "conflict"
    farther = replace(reservation("heat", strip(1200, -1200)), theme="warmte")
    assert outcome([pipe("p", (0, 0), (20_000, 0))], [farther]) == "fits"
    assert outcome([drawn], [farther]) == "fits"


def replacing(name: str) -> tuple[Relation, ...]:
    return (Relation("replaces", "asset", name),)


def worsened(verdict: Verdict) -> list[bool]:
    return [not finding.not_worsened for finding in verdict.findings if finding.cause == "parallel"]


def test_what_is_replaced_elsewhere_makes_nothing_less_bad() -> None:
    long = heat((0, 600), (40_000, 600))
    old = sewer("old", (0, 0), (10_000, 0))
    same = pipe("p", (0, 0), (10_000, 0), relations=replacing("old"))
    elsewhere = pipe("p", (25_000, 0), (35_000, 0), relations=replacing("old"))
    assert worsened(judged([same], [old, long], RULES)) == [False]
    assert worsened(judged([elsewhere], [old, long], RULES)) == [True]


def test_what_is_replaced_of_another_theme_makes_nothing_less_bad() -> None:
    old = sewer("old", (0, 0), (10_000, 0), theme="datatransport")
    same = pipe("p", (0, 0), (10_000, 0), relations=replacing("old"))
    assert True not in [not item for item in worsened(judged([same], [old, STREET], RULES))]


def test_naming_the_other_as_holder_is_no_consent() -> None:
    gas = replace(sewer("gas", (0, 0), (10_000, 0), theme="gasHogeDruk"), holder="Gas company")
    claim = (Relation("removes", "asset", "gas"),)
    mine = pipe("p", (0, 0), (10_000, 0), relations=claim)
    assert outcome([mine], [gas]) == "conflict"
    assert outcome([replace(mine, holder="Gas company")], [gas]) == "conflict"


@pytest.mark.parametrize("built", [False, True])
def test_an_envelope_makes_nothing_smaller(built: bool) -> None:
    thin = Envelope(50, 50)
    fat = line([(0, 0), (10_000, 0)], -3000, rounded(1200), envelope=thin)
    beside = line([(0, 700), (10_000, 700)], -3000, rounded(400))
    one, two = (beside, fat) if built else (fat, beside)
    asked = replace(part("p", one), theme=SEWER)
    other = replace(asset("a", two), theme="gasLageDruk", holder="other")
    assert outcome([asked], [other]) == "conflict"


@pytest.mark.parametrize(("away", "outcome"), [(500_000, "fits_with_conditions"), (600, "conflict")])
def test_a_reservation_used_from_outside_is_not_used(away: int, outcome: str) -> None:
    near = replace(heat((0, away), (20_000, away)), theme=SEWER, beneficiary="Riolering")
    rules = ruleset((300, 300))
    asked = pipe("p", (0, 0), (10_000, 0), level=-1000, relations=(Relation("uses", "reservation", "heat"),))
    verdict = judged([asked], [near], rules)
    assert [finding.fault for finding in verdict.findings if finding.fault] == ["not_inside"]
    assert verdict.outcome == outcome


@pytest.mark.parametrize(("inner", "inside"), [(120, True), (119, False)])
def test_a_duct_holds_what_fits_its_bore(inner: int, inside: bool) -> None:
    duct = replace(
        asset("duct", line([(0, 0), (10_000, 0)], -1000, Size("round", "inner", inner, inner, 13))),
        theme="datatransport",
        object_kind="duct",
        holder="Riolering",
    )
    cable = replace(part("p", line([(0, 0), (10_000, 0)], -1000, rounded(120))), theme="datatransport")
    cable = replace(cable, relations=(Relation("inside", "asset", "duct"),))
    faults = [finding.fault for finding in judged([cable], [duct], RULES).findings if finding.fault]
    assert faults == ([] if inside else ["not_inside"])


GAS = asset("x", line([(5000, -5000), (5000, 5000)], -3300, rounded(100)), "gasHogeDruk")


def replaced(old: Asset, *parts: Part, works: str | None = None) -> list[bool]:
    """Of each finding with the gas main whether it is an existing situation that does not get worse."""
    filed = replace(application(*parts), works_start=works)
    return [finding.not_worsened for finding in judge(filed, [old, GAS], ruleset((200, 200))).findings]


def test_only_what_lies_there_and_makes_way_makes_a_situation_existing() -> None:
    old = sewer("old", (0, 0), (10_000, 0))
    new = pipe("p", (0, 0), (10_000, 0), relations=replacing("old"))
    assert replaced(old, new) == [True]
    assert replaced(replace(old, status="disused"), new) == [True]
    assert replaced(replace(old, status="projected"), new) == [False]
    assert replaced(replace(old, removal_date="2001-01-01"), new, works="2027-01-01") == [False]
    assert replaced(replace(old, removal_date="2027-01-01"), new, works="2027-01-01") == [True]
    assert replaced(replace(old, temporary=Period("2050-01-01", None)), new, works="2027-01-01") == [False]


def test_what_is_left_or_replaced_twice_or_passed_on_the_other_side_is_no_existing_situation() -> None:
    old = sewer("old", (0, 0), (10_000, 0))
    left = (Relation("replaces", "asset", "old", left_in_ground=True),)
    assert True not in replaced(old, pipe("p", (0, 400), (10_000, 400), relations=left))
    twice = [pipe(f"p{k}", (0, y), (10_000, y), relations=replacing("old")) for k, y in enumerate((-400, 400))]
    assert True not in replaced(old, *twice)
    assert replaced(old, pipe("p", (0, 0), (10_000, 0), level=-3600, relations=replacing("old"))) == [False]


@pytest.mark.parametrize(
    ("size", "outcome_of_all"),
    [
        (None, "fits_on_assumptions"),
        (Size("rectangular", "outer", 2000, None), "undetermined"),
        (Size("rectangular", "outer", None, 400), "fits_on_assumptions"),
        (Size("round", "inner", 2000, 2000), "undetermined"),
        (Size("round", "inner", 500, 500), "fits_on_assumptions"),
    ],
)
def test_an_assumed_size_does_not_go_against_what_is_known_of_it(size: Size | None, outcome_of_all: str) -> None:
    rules = replace(ruleset((200, 200)), assumed_sizes=(AssumedSize("gasHogeDruk", "line", 600, "own"),))
    there = asset("g", line([(-5000, 1100), (15_000, 1100)], -3000, size), "gasHogeDruk")
    assert judged([pipe("p", (0, 0), (10_000, 0))], [there], rules).outcome == outcome_of_all


@pytest.mark.parametrize(("away", "outcome_of_all"), [(480, "conflict"), (700, "conflict"), (830, "undetermined")])
def test_what_is_known_of_a_size_counts(away: int, outcome_of_all: str) -> None:
    """A manhole of 0.80 m inside and no wall: 0.50 m and more from its middle to a face 0.20 m away is not enough."""
    manhole = asset("m", shaft((5000, away), -4000, 0, Size("round", "inner", 800, 800)), "gasHogeDruk")
    verdict = judged([pipe("p", (0, 0), (10_000, 0))], [manhole], ruleset((200, 200)))
    assert verdict.outcome == outcome_of_all
    if outcome_of_all == "conflict":
        (finding,) = verdict.findings
        assert finding.gap is not None
        assert finding.gap.horizontal == away - 200 - 400
        assert finding.lacking == ("size",)
