"""What a thing is filed under holds all of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core.boxes import Box, boxes_meet
from registry.core.chunks import HIGHEST, LOWEST, SEGMENTS, Chunk, boxes_of, chunks_of
from registry.core.ground import Ground
from registry.core.model import Application, Asset, GroundLevel, Line, Open, Thing, Uncertainty, Zone
from registry.core.packed import Column, packed, parts_of, stored, unstored
from registry.core.sizes import plan_box
from registry.core.solids import Corridor, MeasuredFrom, solid_of
from registry.formats.exchange import Exchange
from tests.core.building import (
    HERE,
    application,
    asset,
    boxed,
    here,
    line,
    part,
    reservation,
    rounded,
    shaft,
    square,
    volume,
)
from tests.formats.test_exchange_round_trip import EXCHANGES

EVERYWHERE = (LOWEST, HIGHEST)


def levels(chunk: Chunk) -> tuple[int, int]:
    return chunk.z_min, chunk.z_max


def holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


@settings(max_examples=60)
@given(EXCHANGES)
def test_chunks_hold_the_solid_however_it_is_measured(exchange: Exchange) -> None:
    measures: tuple[MeasuredFrom, ...] = ("envelope", "casing")
    for value in exchange.identified():
        chunks = chunks_of(value)
        assert all(chunk.box[0] <= chunk.box[2] and chunk.box[1] <= chunk.box[3] for chunk in chunks)
        assert all(LOWEST <= chunk.z_min <= chunk.z_max <= HIGHEST for chunk in chunks)
        if isinstance(value, Application):
            assert boxes_of(value) == tuple(box for one in parts_of(value) for box in boxes_of(one))
            assert chunks_of(replace(value, parts=value.parts[::-1])) == chunks
        if not isinstance(value, Thing):
            continue
        boxes = [chunk.box for chunk in chunks]
        whole = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
        assert holds(whole, plan_box(value))
        for measured in measures:
            solid = solid_of(value, Ground((), 0), measured)
            if isinstance(solid, Corridor):
                corridor_is_held(value, solid, chunks)


@settings(max_examples=60)
@given(EXCHANGES, st.integers(1, 7))
def test_chunks_hold_all_that_is_packed_in_its_order(exchange: Exchange, segments: int) -> None:
    for value in exchange.identified():
        chunks = chunks_of(value, segments)
        assert tuple(chunk.box for chunk in chunks) == boxes_of(value, segments)
        assert b"".join(chunk.held for chunk in chunks) == stored(packed(value))
        for chunk in chunks:
            rows = unstored(chunk.held)
            assert 1 <= len(rows) <= segments
            for row in rows.astype(int).tolist():
                beside = row[Column.XY] + (row[Column.WIDTH] + 1) // 2
                (west, east), (south, north) = sorted((row[0], row[3])), sorted((row[1], row[4]))
                assert holds(chunk.box, (west - beside, south - beside, east + beside, north + beside))


def corridor_is_held(value: Thing, solid: Corridor, chunks: tuple[Chunk, ...]) -> None:
    """Each segment lies in the chunk that is its, made wider by half its width."""
    side = (solid.sure_width + 1) // 2 + value.uncertainty.xy
    for segment in solid.segments:
        chunk = chunks[segment.index // SEGMENTS]
        (x0, x1), (y0, y1) = sorted((segment.axis.x0, segment.axis.x1)), sorted((segment.axis.y0, segment.axis.y1))
        assert holds(chunk.box, (int(x0) - side, int(y0) - side, int(x1) + side, int(y1) + side))
        if not segment.known:
            assert levels(chunk) == EVERYWHERE
        elif solid.height is not None:
            low, high = sorted((segment.axis.z0, segment.axis.z1))
            assert chunk.z_min <= max(LOWEST, (int(low) - solid.height) // 2 - value.uncertainty.z)
            assert chunk.z_max >= min(HIGHEST, (int(high) + solid.height) // 2 + value.uncertainty.z)


def test_a_long_line_is_cut_after_every_six_segments() -> None:
    made = asset("a", line([(k * 10_000, 0) for k in range(14)], [-1000 - k for k in range(14)], rounded(300)))
    first, second, third = chunks_of(made)
    x, y = HERE
    assert first == Chunk((x - 151, y - 151, x + 60_151, y + 151), -1156, -850, stored(packed(made)[:6]))
    assert [unstored(chunk.held)[:, Column.NUMBER].tolist() for chunk in (second, third)] == [
        [6, 7, 8, 9, 10, 11], [12]
    ]  # fmt: skip
    assert second.box == (x + 60_000 - 151, y - 151, x + 120_151, y + 151)
    assert third.box == (x + 120_000 - 151, y - 151, x + 130_151, y + 151)


def test_uncertainty_makes_a_chunk_wider_and_taller() -> None:
    made = asset("a", line([(0, 0), (1000, 0)], -1000, rounded(300)))
    sure, unsure = chunks_of(made)[0], chunks_of(replace(made, uncertainty=Uncertainty(500, 70)))[0]
    assert unsure.box == (sure.box[0] - 500, sure.box[1] - 500, sure.box[2] + 500, sure.box[3] + 500)
    assert levels(unsure) == (sure.z_min - 70, sure.z_max + 70)


@pytest.mark.parametrize(
    "made",
    [
        asset("a", line([(0, 0), (1000, 0)], [-1000, None], rounded(300))),
        asset("a", line([(0, 0), (1000, 0)], -1000, None)),
        asset("a", line([(0, 0), (1000, 0)], 800, rounded(300), reference="ground")),
        # A reservation's own ground level gives way to one that is known better.
        reservation("r", line([(0, 0), (1000, 0)], 800, rounded(300), reference="ground", ground=(100, 100))),
        asset("a", shaft((0, 0), None, -1, rounded(300))),
        asset("a", volume(square(0, 0, 900), -1000, None)),
        asset("a", volume(square(0, 0, 900), Open.UNBOUNDED, Open.UNBOUNDED)),
    ],
)
def test_what_may_lie_at_any_depth_is_filed_under_all(made: Asset) -> None:
    assert [levels(chunk) for chunk in chunks_of(made)] == [EVERYWHERE]


def test_an_asset_that_states_its_ground_level_is_filed_under_its_depth() -> None:
    made = asset("a", line([(0, 0), (1000, 0)], 800, boxed(300, 200), reference="ground", ground=(100, 300)))
    assert levels(chunks_of(made)[0]) == (-800, -400)


def test_shafts_and_volumes_without_a_bound_go_on_without_end() -> None:
    assert levels(chunks_of(asset("a", shaft((0, 0), Open.UNBOUNDED, -1000, rounded(300))))[0]) == (LOWEST, -1000)
    assert levels(chunks_of(asset("a", volume(square(0, 0, 900), -1000, Open.UNBOUNDED)))[0]) == (-1000, HIGHEST)


def test_ground_levels_and_zones_hold_at_all_depths() -> None:
    x, y = HERE
    spot = GroundLevel("g", 100, position=HERE)
    assert chunks_of(spot) == (Chunk((x, y, x, y), *EVERYWHERE, stored(packed(spot))),)
    ring = here(square(0, 0, 900))
    for area in (GroundLevel("g", 100, outer=ring), Zone("z", "surface", "verge", ring)):
        assert chunks_of(area) == (Chunk((x, y, x + 900, y + 900), *EVERYWHERE, stored(packed(area))),)


def test_an_application_is_filed_under_all_its_parts() -> None:
    far = part("q", line([(900_000, 0), (901_000, 0)], -1000, rounded(300)))
    near = part("p", line([(0, 0), (1000, 0)], -1000, rounded(300)))
    first, second = chunks_of(application(near, far))
    assert [unstored(chunk.held)[:, Column.NUMBER].tolist() for chunk in (first, second)] == [[0], [1]]
    assert not boxes_meet(first.box, second.box, 800_000)
    assert isinstance(near.geometry, Line)
