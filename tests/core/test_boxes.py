"""Boxes that are joined hold all that they held, and not much more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry.core.boxes import Box, joined

SIDES = st.tuples(st.integers(-9_000, 9_000), st.integers(-9_000, 9_000), st.integers(0, 900), st.integers(0, 900))
ANYWHERE = st.lists(SIDES.map(lambda side: (side[0], side[1], side[0] + side[2], side[1] + side[3])), max_size=30)
STEPS = st.lists(st.tuples(st.integers(-300, 300), st.integers(-300, 300)), max_size=30)


def along(steps: list[tuple[int, int]]) -> list[Box]:
    """Boxes around the pieces of a line."""
    found, x, y = [], 0, 0
    for dx, dy in steps:
        found.append((min(x, x + dx) - 20, min(y, y + dy) - 20, max(x, x + dx) + 20, max(y, y + dy) + 20))
        x, y = x + dx, y + dy
    return found


def area(boxes: list[Box]) -> int:
    return sum((east - west) * (north - south) for west, south, east, north in boxes)


@given(ANYWHERE | STEPS.map(along), st.sampled_from([1.0, 1.25, 3.0]))
def test_they_hold_all_and_little_more(boxes: list[Box], factor: float) -> None:
    found = joined(boxes, factor)
    for west, south, east, north in boxes:
        assert any(w <= west and s <= south and east <= e and north <= n for w, s, e, n in found)
    assert area(found) <= factor * area(boxes)
    assert len(found) <= len(boxes)
    sides = [{box[k] for box in boxes} for k in range(4)]
    assert all(box[k] in sides[k] for box in found for k in range(4))


def test_a_straight_street_is_one_box_and_a_slanted_one_is_not() -> None:
    straight = [(k * 600 - 8, (-1) ** k * 1 - 8, k * 600 + 608, 8) for k in range(40)]
    assert joined(straight) == [(-8, -9, 39 * 600 + 608, 8)]
    slanted = [(k * 600, k * 600, k * 600 + 600, k * 600 + 600) for k in range(40)]
    assert joined(slanted) == slanted
    corner = [*straight, *((24_000 - 8, k * 600 - 8, 24_000 + 8, k * 600 + 608) for k in range(40))]
    assert len(joined(corner)) == 2


def test_boxes_again_and_again_in_one_place_are_one() -> None:
    assert joined([(0, 0, 9, 9)] * 50) == [(0, 0, 9, 9)]
    assert joined([]) == []
