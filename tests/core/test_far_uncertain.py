"""Uncertainty of position larger than the ruleset's reach: what may be near is looked for as far as it may lie."""

from __future__ import annotations

import pytest

from registry.core.model import Uncertainty
from tests.core.building import REACH, asset, judged, line, part, rounded, ruleset

RULES = ruleset((200, 200))


@pytest.mark.parametrize(
    ("away", "outcome"), [(REACH + 5_000, "fits_with_conditions"), (25_599, "fits_with_conditions"), (25_600, "fits")]
)
def test_what_may_lie_nearer_than_reach_is_found(away: int, outcome: str) -> None:
    """25 m of uncertainty: at 25.599 m the axes may be 0.599 m apart, faces 0.199 m."""
    sewer = part("p", line([(0, 0), (20_000, 0)], -2000, rounded(400)))
    doubtful = asset(
        "a", line([(0, away), (20_000, away)], -2000, rounded(400)), uncertainty=Uncertainty(xy=25_000, z=0)
    )
    verdict = judged([sewer], [doubtful], RULES)
    assert verdict.outcome == outcome
    assert {finding.certainty for finding in verdict.findings} <= {"possible"}
