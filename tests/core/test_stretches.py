"""From where to where a part is too close: both ends to the millimetre, wherever on the line they fall."""

from __future__ import annotations

import random

import pytest

from registry.core.clash import find_clash
from registry.core.ground import Ground
from registry.core.model import Asset, Line, Point, Size, Uncertainty
from registry.core.policy import Clearance
from registry.core.solids import Solid, solid_of

LINE = ((155_000_000, 463_000_000), (155_100_000, 463_000_000))


def pipe(*vertices: Point, level: int | None = -2_000, size: int | None = 400) -> Solid:
    """A round pipe; ``size`` ``None`` is unknown."""
    outer = None if size is None else Size("round", "outer", size, size)
    line = Line(vertices, (level,) * len(vertices), "axis", "nap", outer)
    return solid_of(Asset("pipe", "rioolVrijverval", "line", line), Ground((), 0), "envelope")


def crossing(x: int, level: int | None = -2_000, size: int | None = 400) -> Solid:
    return pipe((x, 462_990_000), (x, 463_010_000), level=level, size=size)


@pytest.mark.parametrize(
    ("at", "stretch"),
    [(40_000, (39_400, 40_600)), (0, (0, 600)), (100_000, (99_400, 100_000)), (99_800, (99_200, 100_000))],
)
def test_a_stretch_has_a_beginning_and_an_end(at: int, stretch: tuple[int, int]) -> None:
    # Too close where the axes lie less than 0.200 + 0.200 + 0.200 m apart, outward to the whole millimetre.
    clash = find_clash(pipe(*LINE), crossing(155_000_000 + at), Clearance(200, None), Uncertainty(), 10_000)
    assert clash is not None
    assert clash.stretches == (stretch,)


def test_the_stretch_of_an_unknown_depth_is_as_long_as_it_may_be_too_close() -> None:
    other = crossing(155_040_000, level=None)
    clash = find_clash(pipe(*LINE), other, Clearance(200, 200), Uncertainty(), 10_000)
    assert clash is not None
    assert clash.certainty == "undetermined"
    assert clash.stretches == ((39_400, 40_600),)


def test_the_stretch_of_an_unknown_size_goes_as_far_as_it_is_looked_for() -> None:
    """That it crosses is certain, however thin it is; beside it, it may be."""
    crossed = find_clash(pipe(*LINE), crossing(155_040_000, size=None), Clearance(200, None), Uncertainty(), 10_000)
    assert crossed is not None
    assert (crossed.certainty, crossed.lacking) == ("certain", ("size",))
    assert crossed.stretches == ((39_600, 40_400),)  # 0.2 m from face to axis
    beyond = find_clash(pipe(*LINE), crossing(155_105_000, size=None), Clearance(200, None), Uncertainty(), 10_000)
    assert beyond is not None
    assert beyond.certainty == "undetermined"
    assert beyond.stretches == ((94_800, 100_000),)  # 10 m from face to axis


def test_a_stretch_goes_on_over_a_vertex() -> None:
    line = pipe(LINE[0], (155_040_000, 463_000_000), LINE[1])
    clash = find_clash(line, crossing(155_040_000), Clearance(200, None), Uncertainty(), 10_000)
    assert clash is not None
    assert clash.stretches == ((39_400, 40_600),)


def test_the_stretch_of_a_sloping_pipe_is_where_it_is_vertically_too_close() -> None:
    # Falls 10 m over 100 m past a level pipe 0.300 m aside: too close where their axes are less than 0.6 m apart
    # in height, that is from 14 m to 26 m.
    line = Line(LINE, (0, -10_000), "axis", "nap", Size("round", "outer", 400, 400))
    falling = solid_of(Asset("falling", "water", "line", line), Ground((), 0), "envelope")
    level = pipe(*((x, y + 500) for x, y in LINE))
    clash = find_clash(falling, level, Clearance(200, 200), Uncertainty(), 10_000)
    assert clash is not None
    assert clash.stretches == ((14_000, 26_000),)


def test_a_vertex_on_the_way_changes_no_stretch() -> None:
    """A stretch is told by where the line runs, wherever on it there are vertices."""
    rng = random.Random("collinear")
    seen = 0
    for _ in range(150):
        # Ten metres, slanted; the lengths of its pieces are whole millimetres, where the stretch begins is not.
        step = rng.choice([(3, 4), (4, -3), (-5, 12), (1, 0)])
        long = {(-5, 12): 13, (1, 0): 1}.get(step, 5)
        at = sorted({0, 10_000 // long, *(rng.randint(1, 10_000 // long - 1) for _ in range(rng.randint(1, 6)))})
        points = [(LINE[0][0] + step[0] * k, LINE[0][1] + step[1] * k) for k in at]
        levels = tuple(-2_000 - long * k for k in at)
        size = Size("round", "outer", 300, 300)
        lines = [
            Line(tuple(points[k] for k in kept), tuple(levels[k] for k in kept), "axis", "nap", size)
            for kept in ((0, len(at) - 1), range(len(at)))
        ]
        plain, cut = (solid_of(Asset("pipe", "water", "line", one), Ground((), 0), "envelope") for one in lines)
        x, y = (rng.randint(min(p[k] for p in points), max(p[k] for p in points)) for k in (0, 1))
        other = pipe((x - rng.randint(1, 900), y - 700), (x + rng.randint(1, 900), y + 900), level=-5_000)
        found = [find_clash(one, other, Clearance(200, 2_000), Uncertainty(), 10_000) for one in (plain, cut)]
        assert (found[0] is None) == (found[1] is None)
        # A short piece at the end may be too close less certainly than the rest: that is told by itself.
        if found[0] is not None and found[1] is not None and not found[1].mixed:
            assert found[0].stretches == found[1].stretches
            seen += 1
    assert seen > 40
