"""What is certain in one place hides nothing that is worse in another, and what is assumed or said of a size hides
nothing that is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.core.model import Envelope, GroundLevel, Part, Point, Relation, Reservation, Size, Uncertainty
from registry.core.policy import AssumedSize
from registry.core.solids import Corridor
from tests.core.building import HERE, asset, boxed, judged, line, part, reservation, rounded, ruleset, shaft, solid

RULES = ruleset((300, 300))
#: Ground level is known under the western half only.
GROUND = GroundLevel("ground", 0, outer=tuple((HERE[0] + x, HERE[1] + y) for x, y in
                     ((-500_000, -500_000), (60_000, -500_000), (60_000, 500_000), (-500_000, 500_000))))  # fmt: skip


def shared(*themes: str) -> Reservation:
    """Eighty metres at a depth below ground level, in two segments."""
    laid = line([(0, 10_000), (40_000, 10_000), (100_000, 10_000)], 2_000, rounded(500))
    laid = replace(laid, level_reference="ground")
    return replace(reservation("heat", laid), shareable_with=themes)


#: Near it at the western end, without overlap; through it in the east, where nobody knows how deep it lies.
NEAR_AND_THROUGH = [(0, 9_400), (3_000, 9_400), (10_000, 0), (80_000, 0), (80_000, 20_000)]
THROUGH = NEAR_AND_THROUGH[2:]


@pytest.mark.parametrize("points", [NEAR_AND_THROUGH, THROUGH])
@pytest.mark.parametrize("themes", [("rioolVrijverval",), ()])
def test_a_near_miss_hides_nothing_unknown(points: list[Point], themes: tuple[str, ...]) -> None:
    verdict = judged([part("p", line(points, -2_000, rounded(300)))], [shared(*themes), GROUND], RULES)
    # Where it may not be shared the near miss itself is a conflict.
    assert verdict.outcome == ("conflict" if not themes and points is NEAR_AND_THROUGH else "undetermined")


def test_a_near_miss_that_is_only_told_hides_no_overlap_that_is_possible() -> None:
    held = replace(reservation("heat", line([(0, 0), (100_000, 0)], -2_000, rounded(500))), shareable_with=("riool",))
    held = replace(held, shareable_with=("rioolVrijverval",), uncertainty=Uncertainty(0, 400))
    # Certainly too near along the one end, at the same height; over it at the other, perhaps not high enough.
    near = [(0, 600), (10_000, 600), (20_000, 5_000), (80_000, 5_000), (80_000, -5_000)]
    levels = [-2_000, -2_000, -2_000, -1_500, -1_500]
    drawn = part("p", line(near, levels, rounded(300)))
    verdict = judged([drawn], [held], ruleset((300, 100)))
    assert verdict.outcome == "fits_with_conditions"


def replacing(points: list[Point]) -> Part:
    drawn = part("p", line(points, -2_000, rounded(300)), relations=[Relation("replaces", "asset", "old")])
    return replace(drawn, holder="Riolering")


@pytest.mark.parametrize("straight", [[(0, 0), (40_000, 0)], [(0, 0), (20_000, 0), (40_000, 0)]])
def test_what_lies_elsewhere_between_the_same_ends_is_not_what_there_was(straight: list[Point]) -> None:
    # The old one went round by a U, through the space that is reserved now; the new one goes straight through it.
    round_about = [(0, 0), (0, 13_000), (40_000, 13_000), (40_000, 0)]
    old = asset("old", line(round_about, -2_000, rounded(300)), "rioolVrijverval", holder="Rioleringsdienst")
    held = reservation("water", line([(-5_000, 0), (45_000, 0)], -2_000, rounded(40_000)), "water")
    verdict = judged([replacing(straight)], [old, held], RULES, ["Rioleringsdienst"])
    assert verdict.outcome == "conflict"
    assert not any(finding.not_worsened for finding in verdict.findings)


#: Ten metres along each side of the line, as high as it and 4 m deeper.
HELD = reservation("water", line([(-5_000, 500), (45_000, 500)], -2_000, boxed(300, 12_000)), "water")


@pytest.mark.parametrize(("levels", "worse"), [([-2_000] * 4, False), ([-2_000, -2_000, -4_000, -4_000], True)])
def test_a_line_that_drops_is_not_where_a_level_one_was(levels: list[int], worse: bool) -> None:
    level = [(0, 0), (20_000, 0), (40_000, 0)]
    old = asset("old", line(level, -2_000, rounded(300)), "rioolVrijverval", holder="Rioleringsdienst")
    points = [(0, 0), (20_000 if worse else 15_000, 0), (20_000, 0), (40_000, 0)]
    drawn = part("p", line(points, levels, rounded(300)), relations=[Relation("replaces", "asset", "old")])
    verdict = judged([replace(drawn, holder="Riolering")], [old, HELD], RULES, ["Rioleringsdienst"])
    assert [finding.not_worsened for finding in verdict.findings] == [not worse]


def test_a_drop_is_not_where_a_manhole_was() -> None:
    """It clashes at its drop only, over a stretch without length, as what stood there did over none."""
    old = asset("old", shaft((0, 0), -9_000, 0, rounded(800)), "rioolVrijverval", holder="Rioleringsdienst")
    held = reservation("water", line([(-5_000, 500), (5_000, 500)], -5_000, rounded(300)), "water")
    points = [(-20_000, 0), (0, 0), (0, 0), (20_000, 0)]
    drawn = part("p", line(points, [-2_000, -2_000, -8_000, -8_000], rounded(300)), relations=[
        Relation("replaces", "asset", "old")])  # fmt: skip
    verdict = judged([replace(drawn, holder="Riolering")], [old, held], RULES, ["Rioleringsdienst"])
    (finding,) = verdict.findings
    assert [(stretch.start, stretch.end) for stretch in finding.stretches] == [(20_000, 20_000)]
    assert not finding.not_worsened


@pytest.mark.parametrize(("width", "outcome"), [(2_000, "undetermined"), (400, "fits_on_assumptions")])
def test_what_is_assumed_to_be_larger_stays_near_for_longer(width: int, outcome: str) -> None:
    winding = [(200 * k, 1_400 + k % 2 * 200) for k in range(120)]
    rules = ruleset((200, 200), [("warmte", "rioolVrijverval", (200, 200), (600, None))])
    rules = replace(rules, assumed_sizes=(AssumedSize("warmte", "line", width, "own"),))
    there = asset("a", line([(0, 0), (24_000, 0)], -5_000, None))
    assert judged([part("p", line(winding, -1_000, rounded(200)))], [there], rules).outcome == outcome


@pytest.mark.parametrize(("inner", "envelope"), [(1_200, 100), (1_200, 1_199), (100, 100)])
def test_an_envelope_makes_nothing_smaller_than_what_is_known_of_it(inner: int, envelope: int) -> None:
    drawn = line([(0, 0), (10_000, 0)], -2_000, Size("round", "inner", inner, inner))
    found = solid(replace(drawn, envelope=Envelope(envelope, envelope)))
    assert isinstance(found, Corridor)
    known = found.width is not None and found.height is not None
    assert known == (envelope >= inner)
    assert (found.width or found.least_width) >= inner
