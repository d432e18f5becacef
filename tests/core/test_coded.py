"""Codes of boxes against the boxes themselves."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from registry.core.coded import LIMIT, code, meets, sought

PLACES = st.integers(-(2**28), 3 * 2**28)
SHIFTS = st.integers(0, 16)
Box = tuple[int, int, int, int]


@st.composite
def near_boxes(draw: st.DrawFn) -> tuple[Box, Box, int, int, int]:
    """Two boxes, a place and the power of two of its units: mostly near each other, and some far beyond all limits."""
    shift, x, y = draw(SHIFTS), draw(PLACES), draw(PLACES)
    beside = st.one_of(st.integers(-3, 3), st.integers(-(4 << shift), 4 << shift), st.integers(-(2**29), 2**29))
    size = st.one_of(st.integers(0, 2), st.integers(0, 40 << shift), st.integers(0, 2**29))

    def box() -> Box:
        west, south = x + draw(beside), y + draw(beside)
        return west, south, west + draw(size), south + draw(size)

    return box(), box(), x, y, shift


def told_to_meet(one: Box, other: Box, *told_by: int) -> bool:
    # What compiled code gives comes here as a plain number.
    return bool(meets(np.uint64(code(*one, *told_by)), np.uint64(sought(*other, *told_by))))


def together(one: Box, other: Box, apart: int = 0) -> bool:
    return all(one[k] <= other[k + 2] + apart and other[k] <= one[k + 2] + apart for k in (0, 1))


@given(near_boxes())
def test_boxes_that_meet_are_never_told_to_be_apart(case: tuple[Box, Box, int, int, int]) -> None:
    one, other, x, y, shift = case
    if together(one, other):
        assert told_to_meet(one, other, x, y, shift)


@given(near_boxes())
def test_what_is_told_to_meet_lies_less_than_a_unit_apart_unless_beyond_the_limits(
    case: tuple[Box, Box, int, int, int],
) -> None:
    one, other, x, y, shift = case
    units = [(value - place) >> shift for box in (one, other) for value, place in zip(box, (x, y, x, y), strict=True)]
    if all(-(LIMIT // 4) <= unit < LIMIT // 2 for unit in units):
        assert told_to_meet(one, other, x, y, shift) <= together(one, other, (1 << shift) - 1)
