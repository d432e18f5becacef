"""Parallel runs are those that are found plainly, by every step for every pair, however few or many are looked at."""

from __future__ import annotations

import random
import time

import pytest

from registry.core import runs
from registry.core.case import Case
from registry.core.model import Geometry, Object, Part, Point, Uncertainty
from registry.core.policy import Clearance
from registry.core.rules.parallel import parallel_run
from registry.core.rules.separation import SeparationRule
from tests.core import slow_runs
from tests.core.building import application, asset, judged, line, part, rounded, ruleset, shaft, solid, star, volume

RULES = ruleset((200, 200), [("warmte", "rioolVrijverval", (300, 200), (1000, None))], parallel_from=2_000)


def wandering(rng: random.Random, extent: int) -> list[Point]:
    """A line that is oblique, square, along the axes, or a scribble."""
    how, count = rng.choice(["scribble", "square", "along", "zigzag"]), rng.randint(2, 9)
    x, y = rng.randint(0, extent), rng.randint(0, extent)
    points = [(x, y)]
    for k in range(count):
        step = rng.randint(1, extent // 2)
        if how == "scribble":
            x, y = rng.randint(0, extent), rng.randint(0, extent)
        elif how == "square":
            x, y = (x + step, y) if k % 2 else (x, y + rng.choice([-step, step]))
        elif how == "along":
            x, y = x + step, y + rng.randint(-300, 300)
        else:
            x, y = x + rng.randint(1, 600), y + rng.choice([-1, 1]) * rng.randint(0, 900)
        if (x, y) != points[-1]:
            points.append((x, y))
    return points if len(points) > 1 else wandering(rng, extent)


def laid(rng: random.Random, extent: int) -> Geometry:
    kind = rng.choice(["line", "line", "line", "shaft", "volume"])
    if kind == "shaft":
        return shaft((rng.randint(0, extent), rng.randint(0, extent)), -3000, 0, rounded(rng.choice([301, 1000])))
    if kind == "volume":
        return volume(star(rng, extent // 2, extent // 2, 300, 3000, rng.randint(4, 12)), -3000, 0)
    return line(wandering(rng, extent), -1000, rounded(rng.choice([10, 301, 1200])))


def street(rng: random.Random) -> tuple[list[Part], list[Object]]:
    extent = rng.choice([3_000, 12_000, 30_000])
    unsure = [Uncertainty(rng.choice([0, 0, 150, 1000]), 0) for _ in range(4)]
    parts = [part(f"p{k}", laid(rng, extent), uncertainty=unsure[k]) for k in range(rng.choice([1, 2]))]
    assets = [
        asset(f"a{k}", laid(rng, extent), holder=rng.choice("XY"), uncertainty=rng.choice(unsure))
        for k in range(rng.randint(1, 4))
    ]
    return parts, list(assets)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("many", [0, 20_000], ids=["many", "few"])
def test_the_runs_are_those_found_plainly(seed: int, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MANY", many)
    rng, found = random.Random(f"runs {seed}"), 0
    (rule,) = [rule for rule in RULES.rules if isinstance(rule, SeparationRule)]
    for _ in range(12):
        parts, objects = street(rng)
        case = Case.of(application(*parts), objects, RULES)
        asked = Clearance(rng.choice([0, 300, 1000, 4000]), None)
        for one in case.parts:
            for other in [*case.obstacles, *(item for item in case.parts if item.id > one.id)]:
                told = parallel_run(rule, case, one, other, asked)
                assert told == slow_runs.parallel_run(rule, case, one, other, asked)
                found += bool(told[0])
    assert found > 5


@pytest.mark.parametrize("apart", [0, 1, 1500])
def test_what_each_pair_covers_is_told_to_the_millimetre(apart: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(f"covered {apart}")
    for _ in range(100):
        a, b = solid(laid(rng, 6_000)), solid(laid(rng, 6_000))
        wanted = slow_runs.hugging(a, b, apart), slow_runs.alongside(a, b, 30_000, apart)
        for many in (0, 20_000):
            monkeypatch.setattr(runs, "MANY", many)
            assert list(runs.hugging(a, b, apart)) == wanted[0]
            assert list(runs.alongside(a, b, 30_000, apart)) == wanted[1]


def test_two_scribbles_of_200_vertices_take_seconds() -> None:
    rng = random.Random("scribble")
    drawn = [[(rng.randint(0, 20_000), rng.randint(0, 20_000)) for _ in range(200)] for _ in range(2)]
    pipe, other = (line(points, -1000, rounded(300)) for points in drawn)
    start = time.process_time()
    judged([part("p", pipe)], [asset("a", other)], RULES)
    assert time.process_time() - start < 30  # minutes, where every step is looked at in fractions
