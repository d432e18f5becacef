"""Lines of so many segments near each other that comparing them would take hours: refused before that starts."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from registry.core import case
from registry.core.errors import Refused
from registry.core.model import Line, Uncertainty
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


def test_the_one_that_is_a_scribble_is_named_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case, "MAX_PAIRS", 30)
    pipe = line([(-1_000, 200), (200, 200), (2_000, 200)], -1_000, rounded(100))
    with pytest.raises(Refused) as refused:
        judged([part("p", pipe)], [asset("a", zigzag(20, False))], RULES)
    (problem,) = refused.value.problems
    assert problem.feature == "a"
    assert "with part p" in problem.detail


def test_as_many_pairs_as_allowed_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case, "MAX_PAIRS", 400)
    assert judged([part("p", zigzag(20, False))], [asset("a", zigzag(20, True))], RULES).outcome == "conflict"


def test_it_is_the_whole_case_that_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case, "MAX_PAIRS", 400)
    drawn = part("p", zigzag(20, False))
    others = [asset("a", zigzag(12, True)), asset("b", zigzag(10, True))]
    assert judged([drawn], others[:1], RULES).outcome == "conflict"
    with pytest.raises(Refused, match="with asset a it"):
        judged([drawn], others, RULES)


def test_what_lies_out_of_reach_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case, "MAX_PAIRS", 400)
    far = asset("a", zigzag(40, True, RULES.reach + 2_000))
    assert judged([part("p", zigzag(40, False))], [far], RULES).outcome == "fits"


@pytest.mark.parametrize(("unsure", "size", "refused"), [(0, 100, False), (3_000, 100, True), (0, None, True)])
def test_what_is_farther_than_any_clearance_does_not_count(
    unsure: int, size: int | None, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case, "MAX_PAIRS", 400)
    drawn = zigzag(40, False, 3_000)
    beside = replace(drawn, size=None if size is None else rounded(size))
    other = asset("a", beside, uncertainty=Uncertainty(unsure, 0))
    parts = [part("p", zigzag(40, False))]
    if refused:
        with pytest.raises(Refused):
            judged(parts, [other], RULES)
    else:
        assert judged(parts, [other], RULES).outcome == "fits"


def test_what_may_lie_alongside_is_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case, "MAX_PAIRS", 400)
    monkeypatch.setattr(case, "MAX_REACHED", 1_599)
    with pytest.raises(Refused, match=r"more than 1,599"):
        judged([part("p", zigzag(40, False))], [asset("a", zigzag(40, False, 3_000))], RULES)


def test_honest_lines_drawn_with_many_vertices_are_judged() -> None:
    """Two of 1 km with a vertex every 0.2 m, 0.9 m from each other: as a surveyor's file has them."""
    rules = ruleset((200, 200), [("warmte", "rioolVrijverval", (300, 200), (500, None))])
    drawn = [[(k * 200, y + round(300 * math.sin(k / 75))) for k in range(5_000)] for y in (0, 900)]
    pipe, other = (line(points, -1_000, rounded(300)) for points in drawn)
    assert judged([part("p", pipe)], [asset("a", other)], rules).outcome == "fits"
