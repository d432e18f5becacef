"""The two-number rule on corridors and shafts: against sampled solids, with certainty, vertical gap and stretches."""

from __future__ import annotations

import math
import random
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from registry.core.clash import find_clash, least_gap
from registry.core.elements import near_pairs
from registry.core.model import Open, Point, Uncertainty
from registry.core.policy import Clearance
from registry.core.solids import Corridor
from tests.core.building import REACH, boxed, clash, corridor, line, rounded, shaft

Floats = NDArray[np.float64]
EXACT = Uncertainty()


class Drawn(NamedTuple):
    """A straight corridor as drawn: its ends, its axis at both ends, its width and height (mm)."""

    start: Point
    end: Point
    levels: tuple[int, int]
    width: int
    height: int

    @property
    def solid(self) -> Corridor:
        if self.start == self.end:
            return corridor(shaft(self.start, min(self.levels), max(self.levels), rounded(self.width)))
        return corridor(line([self.start, self.end], self.levels, boxed(self.width, self.height)))

    @property
    def slope(self) -> float:
        length = math.dist(self.start, self.end)
        return abs(self.levels[1] - self.levels[0]) / length if length else 0.0


class Samples(NamedTuple):
    """Places in plan (x, y) and the bottom and top of the solid there; no place lies farther than ``step`` from one."""

    xy: Floats
    bottom: Floats
    top: Floats
    step: float


def sampled(drawn: Drawn, caps: bool) -> Samples:
    """The true solid: its level cross-section is a rectangle, its ends are flat. With ``caps``: half a width longer."""
    if drawn.start == drawn.end:
        angles, radii = np.meshgrid(np.linspace(0, 2 * np.pi, 32), np.linspace(0, drawn.width / 2, 4))
        xy = np.stack([drawn.start[0] + radii * np.cos(angles), drawn.start[1] + radii * np.sin(angles)], -1)
        low, high = sorted(drawn.levels)
        flat = xy.reshape(-1, 2)
        return Samples(flat, np.full(len(flat), low), np.full(len(flat), high), drawn.width * 0.14)
    start: Floats = np.array(drawn.start, float)
    end: Floats = np.array(drawn.end, float)
    length = float(np.hypot(*(end - start)))
    along, across = (end - start) / length, np.array([start[1] - end[1], end[0] - start[0]]) / length
    extra = drawn.width / 2 if caps else 0.0
    grid = np.meshgrid(np.linspace(-extra, length + extra, 61), np.linspace(-drawn.width / 2, drawn.width / 2, 7))
    s: Floats = grid[0].ravel()
    u: Floats = grid[1].ravel()
    if caps:
        over = np.maximum(np.maximum(-s, s - length), 0)
        keep = np.hypot(over, u) <= drawn.width / 2 + 1e-6
        s, u = s[keep], u[keep]
    z = drawn.levels[0] + np.clip(s / length, 0, 1) * (drawn.levels[1] - drawn.levels[0])
    xy = start + s[:, None] * along + u[:, None] * across
    step = math.hypot((length + 2 * extra) / 60, drawn.width / 6)
    return Samples(xy, z - drawn.height / 2, z + drawn.height / 2, step)


def sampled_gap(a: Samples, b: Samples, cv: float) -> float:
    """The least distance in plan of two sampled places whose vertical gap is less than ``cv``."""
    vertical = np.maximum(a.bottom[:, None] - b.top[None, :], b.bottom[None, :] - a.top[:, None])
    away = np.hypot(a.xy[:, None, 0] - b.xy[None, :, 0], a.xy[:, None, 1] - b.xy[None, :, 1])
    near = away[vertical < cv]
    return float(near.min()) if near.size else math.inf


def a_drawn(rng: random.Random, upright: bool) -> Drawn:
    width, height = rng.randint(50, 1500), rng.randint(50, 1200)
    start = (rng.randint(-2500, 2500), rng.randint(-2500, 2500))
    level = rng.randint(-3000, -500)
    if upright:
        return Drawn(start, start, (level - rng.randint(1, 3000), level), width, 0)
    angle, length = rng.uniform(0, 2 * math.pi), rng.uniform(300, 6000)
    end = (start[0] + round(length * math.cos(angle)), start[1] + round(length * math.sin(angle)))
    fall = rng.choice([0.0, rng.uniform(-0.02, 0.02), rng.uniform(-0.3, 0.3)]) * length
    return Drawn(start, end, (level, level + round(fall)), width, height)


@pytest.mark.parametrize("kind", ["lines", "a shaft", "shafts"])
def test_no_clash_is_missed_and_none_is_found_beyond_the_stated_bounds(kind: str) -> None:
    rng = random.Random(f"two numbers, {kind}")
    clashes = clear = 0
    for _ in range({"lines": 320, "a shaft": 90, "shafts": 80}[kind]):
        a, b = a_drawn(rng, kind == "shafts"), a_drawn(rng, kind != "lines")
        cv = rng.choice([0, 1, rng.randint(1, 800)])
        true = sampled_gap(sampled(a, False), sampled(b, False), cv)
        ch = rng.choice([0, rng.randint(1, 2500), max(0, round(min(true, 3000)) + rng.choice([-3, 1, 2, 40]))])
        found = clash(a.solid, b.solid, ch, cv)
        assert (found is None) == (clash(b.solid, a.solid, ch, cv) is None)
        if true < ch:
            assert found is not None, (a, b, ch, cv, true)
        if found is not None and found.gap.horizontal is not None and found.gap.horizontal >= 0:
            # Too thick by slope × half a width, too long by half a width, and what lies between the samples.
            round_a, round_b = sampled(a, True), sampled(b, True)
            slack = round_a.step + round_b.step
            thick = a.slope * (a.width / 2 + round_a.step) + b.slope * (b.width / 2 + round_b.step)
            wide = sampled_gap(round_a, round_b, cv + thick + 1)
            assert wide < ch + slack, (a, b, ch, cv, wide)
            assert wide - slack <= found.gap.horizontal + 1 <= max(true, -1) + 1
        clashes, clear = clashes + (found is not None), clear + (found is None)
    assert min(clashes, clear) > 10, "the pairs should fall on both sides"


def test_a_certain_clash_is_one_of_the_flat_ended_boxes() -> None:
    rng = random.Random("flat ends")
    seen = {"certain": 0, "possible_end": 0}
    for _ in range(300):
        a, b = a_drawn(rng, False), a_drawn(rng, False)
        a, b = a._replace(levels=(-1000, -1000)), b._replace(levels=(-1000, -1000))
        ch = rng.randint(1, 600)
        found = clash(a.solid, b.solid, ch, rng.choice([None, 100]))
        samples = sampled(a, False), sampled(b, False)
        if found is None:
            continue
        seen[found.certainty] += 1
        if found.certainty == "certain":
            assert sampled_gap(*samples, math.inf) < ch + samples[0].step + samples[1].step, (a, b, ch)
    assert min(seen.values()) > 10


@pytest.mark.parametrize("apart", [0, 1, 199, 200, 399])
def test_where_only_the_end_caps_are_too_close_it_is_never_certain(apart: int) -> None:
    a = corridor(line([(0, 0), (5000, 0)], -1000, rounded(400)))
    b = corridor(line([(5000 + 200 + apart, 0), (9000, 0)], -1000, rounded(400)))
    found = clash(a, b, 200, 200)
    # Face to face they lie 200 + apart from flat end to flat end; the caps add 200 on either side.
    assert found is not None
    assert found.certainty == "possible_end"
    assert clash(a, b, 200 + apart, 200) is not None
    certain = clash(a, b, 201 + apart, 200)
    assert certain is not None
    assert certain.certainty == "certain"


def test_caps_of_both_at_a_corner_of_the_flat_boxes() -> None:
    a = corridor(line([(0, 0), (5000, 0)], -1000, boxed(1000, 100)))
    # Within the round cap of a (500 beyond its end), not within its flat end.
    b = corridor(line([(5300, -3000), (5300, 3000)], -1000, boxed(100, 100)))
    found = clash(a, b, 0, 0)
    assert found is not None
    assert found.certainty == "possible_end"
    inside = clash(a, corridor(line([(4900, -3000), (4900, 3000)], -1000, boxed(100, 100))), 0, 0)
    assert inside is not None
    assert inside.certainty == "certain"


@pytest.mark.parametrize(
    ("y", "ch", "xy", "expected"),
    [
        (1000, 601, 0, "certain"),
        (1000, 600, 0, None),
        (1000, 600, 1, "possible"),
        (1000, 601, 1, "possible"),
        (1000, 602, 1, "certain"),
        (1000, 500, 100, None),
        (1000, 501, 100, "possible"),
        (1000, 700, 100, "possible"),
        (1000, 701, 100, "certain"),
    ],
)
def test_sideways_uncertainty(y: int, ch: int, xy: int, expected: str | None) -> None:
    a = corridor(line([(0, 0), (9000, 0)], -1000, rounded(400)))
    b = corridor(line([(0, y), (9000, y)], -1000, rounded(400)))
    found = clash(a, b, ch, 100, Uncertainty(xy, 0))
    assert (found and found.certainty) == expected
    if found:
        assert found.gap.horizontal == 600


@pytest.mark.parametrize(
    ("cv", "z", "expected"),
    [
        (600, 0, None),
        (601, 0, "certain"),
        (600, 1, "possible"),
        (601, 1, "possible"),
        (602, 1, "certain"),
        (500, 100, None),
        (501, 100, "possible"),
        (None, 5000, "certain"),
    ],
)
def test_vertical_uncertainty(cv: int | None, z: int, expected: str | None) -> None:
    a = corridor(line([(0, 0), (9000, 0)], -1000, rounded(400)))
    b = corridor(line([(4000, -3000), (4000, 3000)], -2000, rounded(400)))
    found = clash(a, b, 100, cv, Uncertainty(0, z))
    assert (found and found.certainty) == expected
    if found:
        assert found.gap.vertical == (None if cv is None else 600)


def test_an_uncertain_height_within_a_tall_shaft_stays_certain() -> None:
    pipe = corridor(line([(-3000, 0), (3000, 0)], -2500, rounded(400)))
    tall = corridor(shaft((0, 0), -5000, 0, rounded(1000)))
    found = clash(pipe, tall, 100, 100, Uncertainty(0, 1000))
    assert found is not None
    assert found.certainty == "certain"


@pytest.mark.parametrize("cv", [0, 100])
def test_two_shafts_in_one_place_overlap(cv: int) -> None:
    one = corridor(shaft((0, 0), -3000, 0, rounded(1000)))
    found = clash(one, corridor(shaft((300, 0), -4000, -1000, rounded(800))), 0, cv)
    assert found is not None
    assert (found.certainty, found.gap.horizontal, found.gap.vertical) == ("certain", -600, -2000)
    assert clash(one, corridor(shaft((300, 0), -4000, -3000, rounded(800))), 0, 0) is None


def test_depth_is_needed_only_where_plan_is_too_close() -> None:
    a = corridor(line([(0, 0), (9000, 0)], -1000, rounded(400)))
    for y, xy, expected in [(1000, 0, None), (999, 0, "undetermined"), (1000, 1, "undetermined"), (1300, 299, None)]:
        b = corridor(line([(0, y), (9000, y)], None, rounded(400)))
        found = clash(a, b, 600, 100, Uncertainty(xy, 0))
        assert (found and found.certainty) == expected
        if found:
            assert found.lacking == ("level",)
            assert found.gap.vertical is None


def test_any_depth_is_certain_without_depth() -> None:
    a = corridor(line([(0, 0), (9000, 0)], -1000, rounded(400)))
    b = corridor(line([(0, 999), (9000, 999)], None, rounded(400)))
    found = clash(a, b, 600, None)
    assert found is not None
    assert (found.certainty, found.gap.horizontal, found.lacking) == ("certain", 599, ())


def test_only_the_segments_of_unknown_depth_are_undetermined() -> None:
    a = corridor(line([(0, 0), (30_000, 0)], -1000, rounded(400)))
    points = [(0, 500), (10_000, 500), (20_000, 500), (30_000, 500)]
    b = corridor(line(points, [-5000, -5000, None, -5000], rounded(400)))
    found = clash(a, b, 300, 100)
    assert found is not None
    assert found.certainty == "undetermined"
    assert len(found.stretches) == 1
    start, end = found.stretches[0]
    assert 9400 <= start <= 10_000
    assert end == 30_000
    assert clash(a, corridor(line([(0, 500), (10_000, 500)], [-5000, -5000], rounded(400))), 300, 100) is None


def test_an_unknown_size_is_undetermined_within_reach_and_certain_where_the_axis_is_too_close() -> None:
    a = corridor(line([(0, 0), (9000, 0)], -1000, rounded(400)))
    far = corridor(line([(0, REACH + 200), (9000, REACH + 200)], -1000, None))
    near = corridor(line([(0, REACH + 199), (9000, REACH + 199)], -1000, None))
    assert clash(a, far, 300, 100) is None
    found = clash(a, near, 300, 100)
    assert found is not None
    assert (found.certainty, found.lacking) == ("undetermined", ("size",))
    crossing = clash(a, corridor(line([(4000, -3000), (4000, 3000)], None, None)), 300, None)
    assert crossing is not None
    assert crossing.certainty == "certain"


def test_the_vertical_gap_is_the_largest_clearance_that_would_do() -> None:
    rng = random.Random("vertical gap")
    checked = 0
    for _ in range(200):
        a, b = a_drawn(rng, rng.random() < 0.15).solid, a_drawn(rng, rng.random() < 0.3).solid
        ch, cv = rng.randint(1, 1500), rng.randint(0, 2500)
        found = clash(a, b, ch, cv)
        if found is None:
            continue
        checked += 1
        gap = found.gap.vertical
        assert gap is not None
        assert gap < cv
        assert not _too_close(a, b, ch, gap)
        assert _too_close(a, b, ch, gap + 1)
        # Making good the horizontal amount resolves it too.
        assert found.gap.horizontal is not None
        assert clash(a, b, found.gap.horizontal, cv) is None
    assert checked > 60


def _too_close(a: Corridor, b: Corridor, ch: int, cv: int) -> bool:
    """The two-number rule itself, also for a ``cv`` less than 0."""
    least = least_gap(a, b, cv, REACH)
    return least is not None and least.horizontal is not None and least.horizontal < ch


def test_a_shaft_without_end_has_no_vertical_gap() -> None:
    pipe = corridor(line([(-3000, 0), (3000, 0)], -2500, rounded(400)))
    found = clash(pipe, corridor(shaft((0, 0), Open.UNBOUNDED, Open.UNBOUNDED, rounded(500))), 100, 100)
    assert found is not None
    assert found.gap.vertical is None
    below = clash(pipe, corridor(shaft((0, 0), Open.UNBOUNDED, -2600, rounded(500))), 100, 100)
    assert below is not None
    assert below.gap.vertical == -100


def test_stretches_agree_with_fine_sampling() -> None:
    rng = random.Random("stretches")
    seen = 0
    for _ in range(200):
        a, b = a_drawn(rng, False), a_drawn(rng, rng.random() < 0.3)
        ch, cv = rng.randint(1, 900), rng.randint(1, 900)
        solid, other = a.solid, b.solid
        found = clash(solid, other, ch, cv)
        if found is None:
            continue
        seen += 1
        length = solid.lengths[0] // 1000
        close = [x for x in range(0, length + 1, 1) if _close_at(a, b, x / max(length, 1), ch, cv)]
        assert len(found.stretches) == 1
        start, end = found.stretches[0]
        if not close:
            assert end - start <= 4
            continue
        assert start == pytest.approx(close[0], abs=2), (a, b, ch, cv)
        assert end == pytest.approx(close[-1], abs=2), (a, b, ch, cv)
    assert seen > 40


def _close_at(a: Drawn, b: Drawn, f: float, ch: int, cv: int) -> bool:
    """Whether the cross-section of ``a`` at fraction ``f`` is too close to ``b``: solved, not sampled."""
    x, y = (a.start[k] + f * (a.end[k] - a.start[k]) for k in (0, 1))
    z = a.levels[0] + f * (a.levels[1] - a.levels[0])
    reach, room = cv + (a.height + b.height) / 2, ch + (a.width + b.width) / 2
    dz = b.levels[1] - b.levels[0]
    if dz:
        low, high = sorted(((z - reach - b.levels[0]) / dz, (z + reach - b.levels[0]) / dz))
    else:
        low, high = (0.0, 1.0) if abs(z - b.levels[0]) < reach else (2.0, 2.0)
    low, high = max(low, 0.0), min(high, 1.0)
    if low > high:
        return False
    ux, uy = b.end[0] - b.start[0], b.end[1] - b.start[1]
    length = ux * ux + uy * uy
    t = ((x - b.start[0]) * ux + (y - b.start[1]) * uy) / length if length else low
    t = min(max(t, low), high)
    return math.hypot(x - b.start[0] - t * ux, y - b.start[1] - t * uy) < room


def test_stretches_over_bends_are_joined() -> None:
    a = corridor(line([(0, 0), (5000, 0), (5000, 5000)], -1000, rounded(200)))
    b = corridor(line([(4000, -600), (5600, -600), (5600, 2000)], -1000, rounded(200)))
    found = clash(a, b, 500, 100)
    assert found is not None
    (start, end), *others = found.stretches
    assert not others
    # From where the end of b comes within 700 of the axis (√(700² − 600²) before x = 4000) to the same beyond y = 2000.
    assert start == pytest.approx(4000 - math.sqrt(700**2 - 600**2), abs=2)
    assert end == pytest.approx(5000 + 2000 + math.sqrt(700**2 - 600**2), abs=2)


def test_two_places_give_two_stretches() -> None:
    a = corridor(line([(0, 0), (20_000, 0)], -1000, rounded(200)))
    b = corridor(line([(3000, 5000), (3000, -5000), (15_000, -5000), (15_000, 5000)], -1000, rounded(200)))
    found = clash(a, b, 300, 100)
    assert found is not None
    assert [round(x, -1) for stretch in found.stretches for x in stretch] == [2500, 3500, 14_500, 15_500]
    assert found.gap.horizontal == -200
    assert found.chainage == 3000


def test_nothing_is_asked_within_a_joint_and_what_lies_beyond_is_judged() -> None:
    a = corridor(line([(0, 0), (9000, 0)], -1000, rounded(200)))
    b = corridor(line([(0, 0), (0, 9000)], -1000, rounded(200)))
    at = a.segments[0].axis
    for radius, clear in [(499, False), (500, True), (501, True)]:
        found = find_clash(a, b, Clearance(300, 100), EXACT, REACH, clear_of=[(int(at.x0), int(at.y0), radius)])
        assert (found is None) == clear
        if found is not None:
            assert found.chainage == radius
    beside = corridor(line([(3000, -900), (3000, 900)], -1000, rounded(200)))
    elsewhere = find_clash(a, beside, Clearance(300, 100), EXACT, REACH, clear_of=[(int(at.x0), int(at.y0), 500)])
    assert elsewhere is not None


def test_the_least_gap_is_that_of_the_clash() -> None:
    rng = random.Random("least gap")
    for _ in range(100):
        a, b = a_drawn(rng, False).solid, a_drawn(rng, False).solid
        cv = rng.choice([None, rng.randint(0, 900)])
        found, least = clash(a, b, 9000, cv), least_gap(a, b, cv, REACH)
        assert (found is None) == (least is None)
        if found is not None and least is not None:
            assert found.gap.horizontal == least.horizontal


def test_pruning_drops_no_pair_that_is_near() -> None:
    rng = random.Random("pruning")
    for _ in range(60):
        points = [(rng.randint(-9000, 9000), rng.randint(-9000, 9000)) for _ in range(8)]
        a = corridor(line(points[:4], -1000, rounded(rng.randint(10, 3001))))
        b = corridor(line(points[4:], -1000, rounded(rng.randint(10, 3001))))
        margin = rng.randint(0, 4000)
        kept = list(near_pairs(a, b, margin))
        assert kept == sorted(kept)
        for i in range(3):
            for j in range(3):
                one = corridor(line(points[i : i + 2], -1000, rounded(a.width or 1)))
                other = corridor(line(points[4 + j : 6 + j], -1000, rounded(b.width or 1)))
                gap = least_gap(one, other, None, 10**6)
                assert gap is not None
                assert gap.horizontal is not None
                assert gap.horizontal > margin or (i, j) in kept


def test_a_square_shaft_is_judged_with_its_corners() -> None:
    found = corridor(shaft((0, 0), -3000, 0, boxed(800, 800))).width
    assert found is not None
    assert found >= 800 * math.sqrt(2)


@pytest.mark.parametrize(("cv", "clashes"), [(642, False), (643, True)])
def test_heights_that_are_odd_count_in_half_millimetres(cv: int, clashes: bool) -> None:
    a = corridor(line([(0, 0), (9000, 0)], -1000, rounded(400)))
    b = corridor(line([(4000, -3000), (4000, 3000)], -2000, rounded(315)))
    found = clash(a, b, 100, cv)
    # The faces lie 642.5 apart; told as 642, the largest whole clearance that would do.
    assert (found is not None) == clashes
    if found is not None:
        assert found.gap.vertical == 642
