"""Which pieces of two solids are compared: all that are near enough, in canonical order, however they are looked up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry.core.elements import near_pairs
from registry.core.ground import Ground
from registry.core.model import Asset, Geometry, Line, Point, Size, Volume
from registry.core.solids import Corridor, Solid, solid_of

X, Y = 155_000_000, 463_000_000
POINTS = st.lists(
    st.tuples(st.integers(X, X + 60_000), st.integers(Y, Y + 60_000)), min_size=2, max_size=30, unique=True
)


def solid(geometry: Geometry) -> Solid:
    return solid_of(Asset("thing", "water", "line", geometry), Ground((), 0), "envelope")


def line(points: list[Point], width: int) -> Corridor:
    made = solid(Line(tuple(points), (0,) * len(points), "axis", "nap", Size("round", "outer", width, width)))
    assert isinstance(made, Corridor)
    return made


def apart(p: Corridor, i: int, q: Corridor, j: int) -> int:
    """How far apart (mm) the boxes of two segments lie, in the direction in which that is most."""
    first, second = p.segments[i].axis, q.segments[j].axis
    ranges = [((first.x0, first.x1), (second.x0, second.x1)), ((first.y0, first.y1), (second.y0, second.y1))]
    return int(max(max(min(a) - max(b), min(b) - max(a)) for a, b in ranges))


@given(POINTS, POINTS, st.integers(0, 30_000))
def test_no_pair_is_left_out_and_none_comes_out_of_turn(first: list[Point], second: list[Point], margin: int) -> None:
    p, q = line(first, 400), line(second, 601)
    found = list(near_pairs(p, q, margin))
    assert found == sorted(set(found))
    everywhere = [(i, j) for i in range(len(p.segments)) for j in range(len(q.segments))]
    needed = [pair for pair in everywhere if apart(p, pair[0], q, pair[1]) <= margin + 500]
    assert set(needed) <= set(found)
    assert all(apart(p, i, q, j) <= margin + 502 for i, j in found)


def test_a_volume_is_one_piece() -> None:
    block = solid(Volume(((X, Y), (X + 1_000, Y), (X + 1_000, Y + 1_000)), (), -1_000, 0, "nap"))
    beside = line([(X - 500, Y - 9_000), (X - 500, Y), (X - 9_000, Y)], 200)
    assert list(near_pairs(beside, block, 1_000)) == [(0, 0), (1, 0)]
    assert list(near_pairs(block, beside, 1_000)) == [(0, 0), (0, 1)]
    assert list(near_pairs(block, beside, 100)) == []
