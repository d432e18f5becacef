"""The same space drawn or claimed otherwise gives no better verdict."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from registry.core.model import Asset, Envelope, Object, Part, Point, Relation, Reservation, Size, Volume
from registry.core.verdict import Verdict
from tests.core.building import asset, judged, line, part, reservation, rounded, ruleset, volume

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
