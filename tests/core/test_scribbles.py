"""Lines of so many segments near each other that comparing them would take hours: refused before that starts."""

from __future__ import annotations

import pytest

from registry.core import case
from registry.core.errors import Refused
from registry.core.model import Line
from tests.core.building import asset, judged, line, part, rounded, ruleset

RULES = ruleset((200, 200))


def zigzag(count: int, turned: bool, aside: int = 0) -> Line:
    """``count`` segments of 1 m beside each other, which cross all of the other's."""
    points = [(k * 10, aside + k % 2 * 1_000) for k in range(count + 1)]
    return line([(y, x) for x, y in points] if turned else points, -1_000, rounded(100))


def test_two_scribbles_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case, "MAX_PAIRS", 400)
    drawn, other = part("p", zigzag(21, False)), asset("a", zigzag(20, True))
    for objects, parts, named in (([other], [drawn], "asset a"), ([], [drawn, part("q", zigzag(20, True))], "part q")):
        with pytest.raises(Refused) as refused:
            judged(parts, objects, RULES)
        (problem,) = refused.value.problems
        assert (problem.code, problem.feature) == ("too_complex", "p")
        assert named in problem.detail


def test_as_many_pairs_as_allowed_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case, "MAX_PAIRS", 400)
    assert judged([part("p", zigzag(20, False))], [asset("a", zigzag(20, True))], RULES).outcome == "conflict"


def test_what_lies_out_of_reach_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case, "MAX_PAIRS", 400)
    far = asset("a", zigzag(40, True, RULES.reach + 2_000))
    assert judged([part("p", zigzag(40, False))], [far], RULES).outcome == "fits"
