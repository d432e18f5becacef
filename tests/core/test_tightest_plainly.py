"""What came nearest is what is found when every pair is measured."""

from __future__ import annotations

import random

import pytest

from registry.core import tightest
from registry.core.elements import Element, meeting
from registry.core.meetings import Meeting
from registry.core.model import Point
from registry.core.policy import Clearance
from registry.core.rules.matrix import Asked
from registry.core.solids import Segment
from tests.core.building import corridor, line, rounded


@pytest.mark.parametrize("seed", range(3))
def test_the_least_to_spare_is_that_of_all_pairs(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(f"tightest {seed}")
    for _ in range(40):
        a, b = (corridor(line(drawn(rng, at), levels(rng), rounded(200))) for at in (0, 4_000))
        clearance = Clearance(rng.choice([0, 500]), rng.choice([0, 300]))
        pairs = rng.choice([None, [(i, j) for i in range(6) for j in range(6)]])
        found = list(tightest._kept(a, b, Asked("crossing", clearance, pairs), 10_000))
        with monkeypatch.context() as plainly:
            plainly.setattr(tightest, "boxes_meet", lambda *_: True)
            every = [
                kept
                for i in range(6)
                for j in range(6)
                for kept in tightest._kept(a, b, Asked("crossing", clearance, [(i, j)]), 10_000)
            ]
        least = min((gap - required for _, gap, required in every), default=None)
        assert min((gap - required for _, gap, required in found), default=None) == least
        first = next((kept for kept in every if kept[1] - kept[2] == least), None)
        assert next((kept for kept in found if kept[1] - kept[2] == least), None) == first


def drawn(rng: random.Random, at: int) -> list[Point]:
    return [(at + rng.randint(0, 5_000), rng.randint(0, 5_000)) for _ in range(7)]


def levels(rng: random.Random) -> list[int]:
    return [rng.randint(-3_000, 0) for _ in range(7)]


def test_what_lies_farther_than_what_is_found_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[int] = []

    def noted(p: Element, q: Element, widths: int, heights: int, cv: int | None) -> Meeting | None:
        measured.append(q.index if isinstance(q, Segment) else -1)
        return meeting(p, q, widths, heights, cv)

    monkeypatch.setattr(tightest, "meeting", noted)
    a = corridor(line([(0, 0), (1_000, 0)], -1_000, rounded(100)))
    far = corridor(line([(0, 1_000), (1_000, 1_000), (9_000, 9_000), (9_000, 12_000)], -1_000, rounded(100)))
    asked = Asked("crossing", Clearance(200, None), [(0, 0), (0, 1), (0, 2)])
    first, *_ = tightest._kept(a, far, asked, 10_000)
    assert first == ("horizontal", 900, 200)
    assert measured == [0, 1]
