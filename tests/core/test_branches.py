"""A branch that crosses is no run because the main it belongs to lies alongside."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from registry.core.model import Asset, Object, Point, Uncertainty
from tests.core.building import asset, judged, line, part, rounded, ruleset

RULES = ruleset(cells=[("gasLageDruk", "rioolVrijverval", (200, 200), (1000, None))])
#: Twenty metres of sewer, 0.4 m across; the gas lies 2 m above it.
SEWER = [part("p", line([(0, 0), (20_000, 0)], -3_000, rounded(400)))]


def gas(name: str, *points: Point, xy: int = 0) -> Asset:
    laid = asset(name, line(points, -1_000, rounded(200)), "gasLageDruk", holder="Gasbedrijf")
    return replace(laid, uncertainty=Uncertainty(xy, 0))


def main(y: int, pieces: int, xy: int = 0) -> list[Object]:
    """A main alongside, in as many pieces."""
    ends = [20_000 * k // pieces for k in range(pieces + 1)]
    return [gas(f"m{k}", (ends[k], y), (ends[k + 1], y), xy=xy) for k in range(pieces)]


def branch(y: int, degrees: float, xy: int = 0) -> Asset:
    """From the main to the other side of the sewer, at an angle with it."""
    across = y + 2_000
    return gas("branch", (10_000, y), (10_000 + round(across / math.tan(math.radians(degrees))), -2_000), xy=xy)


@pytest.mark.parametrize("degrees", [90, 89.9, 81, 60, 35])
@pytest.mark.parametrize("pieces", [1, 2, 7])
@pytest.mark.parametrize("more", [0, 1, 50, 500])
def test_a_main_that_keeps_its_distance_makes_no_run_of_its_branch(degrees: float, pieces: int, more: int) -> None:
    # From axis to axis 1.000 m and half of both widths: exactly as far as is asked, or more.
    objects = [*main(1_300 + more, pieces), branch(1_300 + more, degrees)]
    assert judged(SEWER, objects, RULES).outcome == "fits"


@pytest.mark.parametrize("degrees", [89.9, 81, 60, 35])
@pytest.mark.parametrize("pieces", [1, 2])
def test_a_main_that_is_perhaps_too_close_makes_its_branch_no_more_than_possible(degrees: float, pieces: int) -> None:
    verdict = judged(SEWER, [*main(1_400, pieces, xy=500), branch(1_400, degrees)], RULES)
    assert {finding.certainty for finding in verdict.findings} == {"possible"}
    assert verdict.outcome == "fits_with_conditions"


@pytest.mark.parametrize("pieces", [1, 2])
def test_a_main_that_is_too_close_is_told(pieces: int) -> None:
    verdict = judged(SEWER, [*main(1_299, pieces), branch(1_299, 81)], RULES)
    assert verdict.outcome == "conflict"
    assert "m0" in {counterpart.id for finding in verdict.findings for counterpart in finding.counterparts}


def test_a_run_drawn_in_pieces_of_which_some_are_less_sure_is_certain_where_it_surely_is_long_enough() -> None:
    def drawn(sure: int) -> str:
        pieces = [gas(f"g{k}", *ends, xy=0 if k < sure else 900) for k, ends in enumerate(zigzag)]
        return judged(SEWER, pieces, RULES).outcome

    points = [(round(k * 250), 700 + k % 2 * 433) for k in range(60)]
    zigzag = [points[k : k + 2] for k in range(59)]
    assert drawn(59) == drawn(40) == "conflict"
    assert drawn(4) == "fits_with_conditions"
