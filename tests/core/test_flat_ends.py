"""Certainty: round ends are never certain, what lies between them is; nor does uncertainty undo a crossing."""

from __future__ import annotations

import pytest

from registry.core.clash import find_clash
from registry.core.kernels import Axis
from registry.core.model import Uncertainty
from registry.core.policy import Clearance
from registry.core.solids import Corridor, Segment

OVERLAP = Clearance(0, 0)


def level(width: int, *vertices: tuple[int, int]) -> Corridor:
    """A round corridor on height 0."""
    segments = tuple(
        Segment(k, Axis(*vertices[k], 0, *vertices[k + 1], 0), known=True) for k in range(len(vertices) - 1)
    )
    return Corridor(segments, width, width, (), 0, ())


@pytest.mark.parametrize(
    ("x", "certainty"),
    [
        (500, "certain"),  # through the middle of a pipe 1.00 m long and 1.20 m wide
        (-50, "certain"),  # its own half width of 0.10 m reaches the flat end
        (-100, "possible_end"),  # touches the flat end: only the cap overlaps
        (-400, "possible_end"),
        (-700, None),  # touches the cap
    ],
)
def test_a_pipe_shorter_than_it_is_wide(x: int, certainty: str | None) -> None:
    short, crossing = level(1200, (0, 0), (1000, 0)), level(200, (x, -5000), (x, 5000))
    clash = find_clash(short, crossing, OVERLAP, Uncertainty(), 10_000)
    assert (clash.certainty if clash else None) == certainty


def test_an_upright_piece_has_one_chainage() -> None:
    drop = Segment(0, Axis(0, 0, 0, 0, 0, -4000), known=True)
    run = Segment(1, Axis(0, 0, -4000, 10_000, 0, -4000), known=True)
    crossing = level(200, (0, -5000), (0, 5000))
    clash = find_clash(Corridor((drop, run), 400, 400, (), 0, ()), crossing, OVERLAP, Uncertainty(), 10_000)
    assert clash is not None
    assert clash.certainty == "certain"
    assert clash.stretches == ((0, 0),)


@pytest.mark.parametrize(
    ("reach", "uncertain", "certainty"),
    [
        (5000, 1000, "certain"),  # moved 1 m, the two still cross
        (1001, 1000, "certain"),  # but only just
        (900, 1000, "possible_end"),  # only its round end would still reach
        (700, 1000, "possible"),  # one that ends 0.70 m beyond the other may not reach it
    ],
)
def test_uncertainty_does_not_undo_a_crossing(reach: int, uncertain: int, certainty: str) -> None:
    through = level(400, (-5000, 0), (5000, 0))
    across = level(400, (0, -5000), (0, reach + 200))
    clash = find_clash(through, across, Clearance(200, 200), Uncertainty(uncertain, 0), 10_000)
    assert clash is not None
    assert clash.certainty == certainty


def test_uncertainty_of_height_does() -> None:
    through, across = level(400, (-5000, 0), (5000, 0)), level(400, (0, -5000), (0, 5000))
    for z, certainty in ((599, "certain"), (600, "possible")):
        clash = find_clash(through, across, Clearance(200, 200), Uncertainty(1000, z), 10_000)
        assert clash is not None
        assert clash.certainty == certainty


@pytest.mark.parametrize("drift", [0, 10, 7999])
def test_a_riser_has_no_end_caps_however_it_was_drawn(drift: int) -> None:
    """Half a metre wide and 8 m high; a pipe passes it, 0.31 m into its side, away from the drift."""
    riser = Corridor((Segment(0, Axis(0, 0, -16_000, drift, 0, 0), known=True),), 500, 500, (), 0, ())
    passing = level(200, (-40, -5000), (-40, 5000))
    lowered = Corridor(
        tuple(Segment(s.index, s.axis._replace(z0=-15_900, z1=-15_900), known=True) for s in passing.segments),
        200, 200, (), 0, (),
    )  # fmt: skip
    clash = find_clash(riser, lowered, OVERLAP, Uncertainty(), 10_000)
    assert clash is not None
    assert clash.certainty == "certain"
