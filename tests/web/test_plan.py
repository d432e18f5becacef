"""The drawn plan: all that is drawn lies in its window or was cut off, to scale and where it is."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.core.findings import Counterpart, Finding, Measure, Place
from registry.core.ground import Ground
from registry.core.model import Asset, Line, Part, Shaft, Size, Volume
from registry.web.plan import Marked, Plan, Scene, at_chainage, length_of, plan_of, stretch_of, window_of
from registry.web.section import section_of
from registry.web.window import Window, step_of

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
ORDINATES = st.integers(-400_000, 400_000)
POINTS = st.tuples(ORDINATES.map(lambda x: 155_000_000 + x), ORDINATES.map(lambda y: 463_000_000 + y))


def pipe(id_: str, *points: tuple[int, int], outer: int = 400, level: int = -2000) -> Part:
    levels = (level,) * len(points)
    return Part(id_, "water", "line", Line(points, levels, "axis", "nap", Size("round", "outer", outer, outer)))


def lying(*points: tuple[int, int], outer: int, level: int) -> Asset:
    return Asset("old", "water", "line", pipe("old", *points, outer=outer, level=level).geometry)


def paths(plan: Plan) -> list[str]:
    return [*(item.line for item in plan.drawn), *(item.area for item in plan.drawn), *(d for _, d in plan.stretches)]


@given(st.lists(st.lists(POINTS, min_size=2, max_size=6), min_size=1, max_size=4), POINTS)
def test_nothing_is_drawn_outside(lines: list[list[tuple[int, int]]], place: tuple[int, int]) -> None:
    things = [pipe(f"p{k}", *line) for k, line in enumerate(lines)]
    far = Volume(
        ((150_000_000, 460_000_000), (160_000_000, 460_000_000), (155_000_000, 470_000_000)), (), -5000, 0, "nap"
    )
    tank = Asset("tank", "water_storage", "tank", far)
    window = window_of(things[:1], [place])
    plan = plan_of(Scene([*things, tank], marked=[Marked(1, "conflict", place)]), window)
    for path in paths(plan):
        numbers = [float(number) for number in NUMBER.findall(path)]
        assert all(-61 <= x <= window.width + 61 for x in numbers[::2])
        assert all(-61 <= y <= window.height + 61 for y in numbers[1::2])
    (mark,) = plan.marks
    assert window.holds(mark.at)
    assert window.holds(mark.disk)
    assert all(window.holds(label.at) for label in plan.labels)
    assert 0 < plan.bar[1] <= window.width
    assert all(0 <= tick.at <= window.width for tick in plan.eastings)


@given(st.lists(POINTS, min_size=2, max_size=8), st.floats(0, 1), st.floats(0, 1))
def test_a_stretch_is_as_long_as_it_says(points: list[tuple[int, int]], a: float, b: float) -> None:
    line = Line(tuple(points), (0,) * len(points), "axis", "nap", None)
    whole = length_of(line)
    start, end = sorted((int(a * whole), int(b * whole)))
    piece = stretch_of(line, start, end)
    drawn = length_of(Line(piece, (0,) * len(piece), "axis", "nap", None))
    assert drawn == pytest.approx(end - start, abs=2 * len(points) + 2)


def test_it_is_to_scale_and_north_is_up() -> None:
    part = pipe("p", (155_000_000, 463_000_000), (155_010_000, 463_000_000), outer=1200)
    window = window_of([part])
    west, east = (window.at(at_chainage(part.geometry, c)) for c in (0.0, 10_000.0))  # type: ignore[arg-type]
    assert east[0] - west[0] == pytest.approx(10_000 * window.scale)
    assert window.at((155_000_000, 463_000_100))[1] < west[1]
    (drawn,) = plan_of(Scene([part]), window).drawn
    assert drawn.band == pytest.approx(1200 * window.scale)


def test_numbers_do_not_lie_over_each_other() -> None:
    part = pipe("p", (155_000_000, 463_000_000), (155_010_000, 463_000_000))
    marked = [Marked(k, "conflict", (155_005_000 + 20 * k, 463_000_000)) for k in range(1, 9)]
    plan = plan_of(Scene([part], marked=marked), window_of([part]))
    for one, other in combinations(plan.marks, 2):
        assert max(abs(one.disk[0] - other.disk[0]), abs(one.disk[1] - other.disk[1])) >= 24


@pytest.mark.parametrize("length", [0.4, 3, 30, 999, 123_456])
def test_steps_are_round_and_few(length: float) -> None:
    step = step_of(length, 6)
    assert length / step <= 6
    assert length / step > 2
    assert re.fullmatch(r"[125]0*|0\.0*[125]", f"{step:g}" if step < 1 else f"{step:.0f}")


def test_a_place_or_a_speck_has_a_window() -> None:
    shaft = Asset("m", "water", "manhole", Shaft((155_000_000, 463_000_000), -2000, 0, "nap", None))
    window = window_of([shaft])
    assert isinstance(window, Window)
    assert plan_of(Scene([shaft]), window).drawn[0].disk is not None


def finding(part: Part, other: Part | Asset, gap: Measure, required: Measure, place: tuple[int, int]) -> Finding:
    missing = Measure(
        *(None if r is None or g is None else r - g for r, g in zip(
            (required.horizontal, required.vertical), (gap.horizontal, gap.vertical), strict=True))
    )  # fmt: skip
    about = Counterpart(other.kind, other.id, other.theme, other.object_kind, other.holder)
    return Finding(
        "separation", "separation", "parallel", "certain", "blocks", "policy", (about,), Place(part.id, 0, *place), (),
        gap, required, missing, measured_from="casing",
    )  # fmt: skip


def test_a_section_shows_the_gap_that_the_finding_tells() -> None:
    new = pipe("new", (0, 0), (0, 30_000), outer=1200)
    old = lying((2_000, 0), (2_000, 30_000), outer=400, level=-2000)
    told = finding(new, old, Measure(1_200, None), Measure(1_500, None), (0, 10_000))
    cut = section_of(1, told, [new, old], Ground((), 0))
    assert cut is not None
    assert cut.ends == ("w", "e")
    assert [size.kind for size in cut.sizes] == ["gap", "required"]
    first, second = sorted(cut.items, key=lambda item: item.x)
    scale = first.w / 1_200
    assert second.x - (first.x + first.w) == pytest.approx(1_200 * scale, abs=0.1)
    assert cut.missing is not None
    assert cut.missing[2] == pytest.approx(300 * scale, abs=0.1)
    for item in cut.items:
        assert 0 <= item.x <= item.x + item.w <= cut.width
        assert 0 <= item.y <= item.y + item.h <= cut.height


def test_a_section_through_a_crossing_shows_the_vertical_gap() -> None:
    new = pipe("new", (0, 0), (0, 30_000), outer=400, level=-2000)
    old = lying((-9_000, 10_000), (9_000, 10_000), outer=200, level=-1500)
    told = finding(new, old, Measure(-300, 200), Measure(200, 300), (0, 10_000))
    cut = section_of(3, told, [new, old], Ground((), 0))
    assert cut is not None
    assert [(size.kind, size.mm) for size in cut.sizes] == [("gap", 200), ("required", 300)]


def test_a_section_never_dimensions_what_it_does_not_show() -> None:
    new = pipe("new", (0, 0), (0, 30_000), outer=1200)
    old = lying((2_000, 0), (2_000, 30_000), outer=400, level=-2000)
    told = finding(new, old, Measure(900, None), Measure(1_500, None), (0, 10_000))
    cut = section_of(1, told, [new, old], Ground((), 0))
    assert cut is not None
    assert not cut.sizes
    assert cut.missing is None
