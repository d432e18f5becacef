"""What counts as a parallel run: angle, length and joints between segments."""

from __future__ import annotations

import math
import random

import pytest

from registry.core.boxes import Pair
from registry.core.model import Point
from registry.core.runs import alongside, hugging, in_runs, longest_crossing, steps
from registry.core.solids import Corridor
from tests.core.building import asset, corridor, judged, line, part, rounded, ruleset

BELOW = 30_000  # thousandths of a degree
FROM = 5000
REACH = 3000


def laid(*points: Point) -> Corridor:
    return corridor(line(points, -1000, rounded(200)))


STREET = laid((0, 0), (50_000, 0))


def parallel_pairs(a: Corridor, b: Corridor, below: int, from_length: int, reach: int) -> list[Pair]:
    """The pairs of a run along ``a`` of two objects, by their angle."""
    beside = alongside(a, b, below, reach)
    return sorted(in_runs(beside, beside.covered(1), from_length))


def turned(points: list[Point], degrees: float) -> list[Point]:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [(round(x * c - y * s), round(x * s + y * c)) for x, y in points]


@pytest.mark.parametrize(("length", "runs"), [(4999, False), (5000, True), (5001, True)])
@pytest.mark.parametrize("reverse", [False, True])
def test_the_length_counts_to_the_millimetre(length: int, runs: bool, reverse: bool) -> None:
    beside = [(20_000, 900), (20_000 + length, 900)]
    beside = beside[::-1] if reverse else beside
    assert bool(parallel_pairs(STREET, laid(*beside), BELOW, FROM, REACH)) == runs
    assert bool(parallel_pairs(laid(*beside), STREET, BELOW, FROM, REACH)) == runs


@pytest.mark.parametrize("shorter", [0, 5])
def test_the_length_on_an_oblique_line(shorter: int) -> None:
    street = laid((0, 0), (30_000, 40_000))
    beside = laid((3000 - 400, 4000 + 300), (6000 - 400 - 3 * shorter, 8000 + 300 - 4 * shorter))
    assert bool(parallel_pairs(street, beside, BELOW, FROM, REACH)) == (shorter == 0)


@pytest.mark.parametrize(
    ("rise", "below", "runs"),
    [
        (10_000, 45_000, False),  # 45° is not below 45°
        (9_999, 45_000, True),
        (10_001, 45_000, False),
        (-9_999, 45_000, True),
        (-10_000, 45_000, False),
        (5_773, 30_000, True),  # tan 30° × 10,000 = 5773.5
        (5_774, 30_000, False),
    ],
)
def test_the_angle(rise: int, below: int, runs: bool) -> None:
    beside = laid((20_000, 900), (30_000, 900 + rise))
    assert bool(parallel_pairs(STREET, beside, below, FROM, REACH)) == runs
    back = laid((30_000, 900 + rise), (20_000, 900))
    assert bool(parallel_pairs(STREET, back, below, FROM, REACH)) == runs


def test_what_is_farther_than_reach_in_plan_or_lies_beyond_the_end_is_no_run() -> None:
    for away, runs in [(REACH + 200, True), (REACH + 201, False)]:
        assert bool(parallel_pairs(STREET, laid((0, away), (9000, away)), BELOW, FROM, REACH)) == runs
    assert parallel_pairs(STREET, laid((50_000, 100), (59_000, 100)), BELOW, FROM, REACH) == []
    assert parallel_pairs(STREET, laid((45_001, 100), (59_000, 100)), BELOW, FROM, REACH) == []
    assert parallel_pairs(STREET, laid((45_000, 100), (59_000, 100)), BELOW, FROM, REACH) == [(0, 0)]


def test_short_segments_add_up_to_a_run_of_all_of_them() -> None:
    points = [(x, 900) for x in range(20_000, 25_001, 500)]
    assert parallel_pairs(STREET, laid(*points), BELOW, FROM, REACH) == [(0, k) for k in range(10)]
    assert parallel_pairs(STREET, laid(*points[:-1]), BELOW, FROM, REACH) == []
    along = laid(*[(x, 0) for x in range(0, 50_001, 500)])
    assert len(parallel_pairs(along, laid(*points), BELOW, FROM, REACH)) >= 10


def test_lines_drawn_with_a_trembling_hand() -> None:
    rng = random.Random("jitter")
    for _ in range(20):
        degrees = rng.uniform(0, 360)
        points = [(x, rng.randint(-150, 150)) for x in range(0, 20_001, 1000)]
        beside = [(x + 300, 1200 + rng.randint(-150, 150)) for x in range(0, 20_001, 1000)]
        a, b = laid(*turned(points, degrees)), laid(*turned(beside, degrees))
        pairs = parallel_pairs(a, b, BELOW, FROM, REACH)
        # No step of 1000 with 300 sideways at most turns more than 17°; two of them differ by less than 34°.
        assert {i for i, _ in pairs} >= set(range(1, 20))


def test_a_short_jog_does_not_end_a_run_of_the_other_line() -> None:
    jogged = laid((0, 900), (4900, 900), (4900, 950), (9800, 950))
    assert [i for i, _ in parallel_pairs(STREET, jogged, BELOW, FROM, REACH)] == [0, 0]


def test_a_crossing_that_comes_back_makes_no_run() -> None:
    zigzag = laid(*[(2000 * k, 2000 if k % 2 else -2000) for k in range(12)])
    assert parallel_pairs(STREET, zigzag, BELOW, FROM, REACH) == []


def test_upright_runs_are_parallel_to_nothing() -> None:
    drop = corridor(line([(0, 500), (0, 500), (4000, 500)], [-500, -2500, -2500], rounded(200)))
    assert parallel_pairs(STREET, drop, BELOW, FROM, REACH) == []


def test_two_separate_runs_each_need_the_length() -> None:
    apart = laid((0, 900), (4000, 900), (4000, 9000), (10_000, 9000), (10_000, 900), (16_000, 900))
    assert parallel_pairs(STREET, apart, BELOW, FROM, REACH) == [(0, 4)]


@pytest.mark.parametrize(("length", "conflict"), [(4999, False), (5000, True)])
def test_a_run_asks_more_than_a_crossing(length: int, conflict: bool) -> None:
    rules = ruleset((200, 200), [("warmte", "rioolVrijverval", (300, 200), (1000, None))])
    sewer = part("sewer", line([(0, 0), (length, 0)], -3000, rounded(400)))
    heat = asset("heat", line([(-5000, 1399), (20_000, 1399)], -1000, rounded(400)))
    verdict = judged([sewer], [heat], rules)
    assert verdict.outcome == ("conflict" if conflict else "fits")
    if conflict:
        (finding,) = verdict.findings
        assert finding.cause == "parallel"
        assert finding.missing is not None
        assert (finding.missing.horizontal, finding.missing.vertical) == (1, None)


def hugged(a: Corridor, b: Corridor, apart: int) -> int:
    """The longest stretch (mm) of ``a`` that the axis of ``b`` stays within ``apart`` mm of."""
    runs = hugging(a, b, apart).covered(1)
    return max((end - start for start, end in runs), default=0)


@pytest.mark.parametrize("degrees", [30, 31, 45, 60, 89, 90])
@pytest.mark.parametrize("turn", [0, 17, 90, 201])
def test_no_straight_crossing_stays_near_longer_than_the_longest(degrees: int, turn: int) -> None:
    far, apart = 40_000, 1200
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    street = laid(*turned([(-far, 0), (far, 0)], turn))
    across = laid(*turned([(round(-far * c), round(-far * s)), (round(far * c), round(far * s))], turn))
    near = hugged(street, across, apart)
    assert near <= longest_crossing(apart, BELOW)
    assert near == pytest.approx(2400 / math.tan(math.radians(degrees)), abs=5)


@pytest.mark.parametrize("degrees", [32, 45, 60, 80, 89])
def test_however_it_winds_what_stays_near_is_near_along_all_of_it(degrees: int) -> None:
    step = 500 * math.cos(math.radians(degrees)), 500 * math.sin(math.radians(degrees))
    count = int(10_000 / step[0])
    winding = laid(*[(20_000 + round(k * step[0]), 600 + (k % 2) * round(step[1])) for k in range(count + 1)])
    assert hugged(STREET, winding, 1200) >= 9500


def test_what_leaves_what_is_asked_ends_the_stretch() -> None:
    away = laid((0, 600), (4000, 600), (4000, 3000), (6000, 3000), (6000, 600), (9000, 600))
    assert hugged(STREET, away, 1200) == 4000
    assert hugged(STREET, laid((0, 1202), (9000, 1202)), 1200) == 0


@pytest.mark.parametrize("most", [101, 500, 1200, 5000])
def test_what_is_looked_at_only_grows_with_what_is_asked(most: int) -> None:
    found = steps(most)
    assert found[-1][0] == most
    assert found[:-1] == steps(10_000)[: len(found) - 1]
    assert all(before < apart <= before * 1.06 + 1 for apart, before in found)
