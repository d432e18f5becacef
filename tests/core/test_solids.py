"""From what is stated to the solid: every convention of level and size, worked out by hand (mm NAP, half mm inside)."""

from __future__ import annotations

from typing import Literal

import pytest

from registry.core.assumed import assumed_solid
from registry.core.ground import Ground
from registry.core.model import Envelope, GroundLevel, Open, Shaft, Size, Volume
from registry.core.solids import UNBOUNDED, Corridor, Prism, solid_of
from tests.core.building import NO_GROUND, asset, boxed, corridor, here, line, rounded, shaft, solid, square, volume

ROUND = rounded(400)
CASING = Size("round", "casing", 315, 315)
WALLED = Size("round", "inner", 300, 300, 50)
BOX = boxed(830, 315)
INNER_BOX = Size("rectangular", "inner", 900, 601, 80)
EGG = Size("egg", "inner", 400, 600, 81)
HEAT = Envelope(1230, 315)

LevelOf = Literal["axis", "top", "bottom", "invert"]


@pytest.mark.parametrize(
    ("size", "of", "doubled"),
    [
        # A level of -1000: the axis in half mm, that is twice the level, less or more the outer height.
        (ROUND, "axis", -2000),
        (ROUND, "top", -2400),
        (ROUND, "bottom", -1600),
        (CASING, "axis", -2000),
        (CASING, "top", -2315),  # the axis of a pipe 315 high lies at -1157.5
        (CASING, "bottom", -1685),
        (WALLED, "axis", -2000),
        (WALLED, "top", -2400),
        (WALLED, "bottom", -1600),
        (WALLED, "invert", -1700),  # half the inner height above the invert
        (BOX, "top", -2315),
        (INNER_BOX, "top", -2761),
        (INNER_BOX, "bottom", -1239),
        (INNER_BOX, "invert", -1399),
        (EGG, "top", -2762),
        (EGG, "bottom", -1238),
        (EGG, "invert", -1400),
    ],
)
def test_levels_of_a_corridor(size: Size, of: LevelOf, doubled: int) -> None:
    by_nap = corridor(line([(0, 0), (5000, 0)], -1000, size, of=of))
    assert [by_nap.segments[0].axis.z0, by_nap.segments[0].axis.z1] == [doubled, doubled]
    assert by_nap.segments[0].known
    assert by_nap.lacking == ()
    # The same place by cover: ground level 300 and 1100, so 1300 and 2100 below it.
    covered = corridor(line([(0, 0), (5000, 0)], [1300, 2100], size, of=of, reference="ground", ground=[300, 1100]))
    assert covered.segments == by_nap.segments
    assert (covered.width, covered.height) == (by_nap.width, by_nap.height)


@pytest.mark.parametrize(
    ("size", "width", "height"),
    [
        (ROUND, 400, 400),
        (CASING, 315, 315),
        (WALLED, 400, 400),
        (BOX, 830, 315),
        (INNER_BOX, 1060, 761),
        (EGG, 562, 762),
        (Size("round", "inner", 300, 300), None, None),
        (Size("round", "outer", None, None), None, None),
        (None, None, None),
    ],
)
def test_outer_size(size: Size | None, width: int | None, height: int | None) -> None:
    made = corridor(line([(0, 0), (5000, 0)], -1000, size))
    assert (made.width, made.height) == (width, height)
    assert made.lacking == (() if width else ("size",))
    assert made.segments[0].known == (width is not None)


@pytest.mark.parametrize(
    ("of", "doubled"),
    [("axis", -2000), ("top", -2315), ("bottom", -1685), ("invert", -1700)],
)
def test_a_level_is_of_the_envelope_and_an_invert_of_the_size(of: LevelOf, doubled: int) -> None:
    given = line([(0, 0), (5000, 0)], -1000, WALLED, of=of, envelope=HEAT)
    enveloped, cased = corridor(given, "envelope"), corridor(given, "casing")
    # An envelope adds room; it never makes a pipe of 0.40 m lower than it is.
    assert (enveloped.width, enveloped.height) == (1230, 400)
    assert (cased.width, cased.height) == (400, 400)
    # One axis, whatever is measured from.
    assert {s.segments[0].axis.z0 for s in (enveloped, cased)} == {doubled}


def test_the_envelope_of_an_asset_does_not_tell_its_size() -> None:
    given = line([(0, 0), (5000, 0)], -1000, None, of="top", envelope=HEAT)
    built = solid_of(asset("a", given), NO_GROUND, "envelope")
    assert isinstance(built, Corridor)
    assert (built.width, built.lacking) == (None, ("size",))


def test_an_envelope_alone_is_also_the_casing() -> None:
    given = line([(0, 0), (5000, 0)], -1000, None, of="top", envelope=HEAT)
    assert corridor(given, "casing") == corridor(given, "envelope")
    assert corridor(given, "casing").segments[0].axis.z0 == -2315
    unwalled = line([(0, 0), (5000, 0)], -1000, Size("round", "inner", 300, 300), of="invert", envelope=HEAT)
    assert corridor(unwalled, "envelope").segments[0].axis.z0 == -1700
    assert corridor(unwalled, "envelope").lacking == ()


def test_an_invert_without_a_size_is_no_axis() -> None:
    made = corridor(line([(0, 0), (5000, 0)], -1000, None, of="invert"))
    assert not made.segments[0].known
    assert made.lacking == ("size",)


def test_a_segment_with_one_unknown_end_is_unknown_along_its_length() -> None:
    made = corridor(line([(0, 0), (5000, 0), (9000, 0), (9000, 5000)], [-1000, None, -1000, -1100], ROUND))
    assert [segment.known for segment in made.segments] == [False, False, True]
    assert made.lacking == ("level",)
    assert made.segments[2].axis.z1 == -2200


def test_cover_without_ground_level_is_unknown_and_with_it_names_what_was_used() -> None:
    given = line([(0, 0), (5000, 0)], [1000, 1000], ROUND, of="top", reference="ground")
    bare = corridor(given)
    assert bare.lacking == ("ground_level",)
    assert not bare.segments[0].known
    near, far = here([(0, 100), (5000, 0)])
    ground = Ground((GroundLevel("g1", 500, near, uncertainty=30), GroundLevel("g2", 700, far, uncertainty=50)), 1000)
    made = corridor(given, ground=ground)
    assert (made.segments[0].axis.z0, made.segments[0].axis.z1) == (-1400, -1000)
    assert made.ground_used == ("g1", "g2")
    assert made.extra_z == 50
    # Own ground levels go before, and unknown ones among them are looked up; one that agrees is no surer.
    own = corridor(line([(0, 0), (5000, 0)], 1000, ROUND, reference="ground", ground=[None, 700]), ground=ground)
    assert (own.ground_used, own.extra_z) == (("g1", "g2"), 50)
    assert own.segments[0].axis.z1 == -600


def test_a_stated_ground_level_that_another_contradicts_is_uncertain_by_the_difference() -> None:
    (near,) = here([(0, 100)])
    ground = Ground((GroundLevel("g", 500, near, uncertainty=30),), 1000)
    points, ring = [(0, 0), (900, 0)], here([(0, 0), (900, 0), (900, 900)])
    sewer = line(points, 1000, ROUND, reference="ground", ground=[200, 900])
    pit = Shaft(here([(0, 0)])[0], 3000, 200, "ground", ROUND, ground=100)
    tank = Volume(ring, (), 3000, 200, "ground", 100)
    for geometry, extra in ((sewer, 430), (pit, 430), (tank, 430)):
        made = solid(geometry, ground=ground)
        assert (made.extra_z, made.ground_used) == (extra, ("g",))
        built = solid_of(asset("built", geometry), ground, "envelope")
        assert (built.extra_z, built.ground_used) == (0, ())
    agreeing = corridor(line(points, 1000, ROUND, reference="ground", ground=[500, 500]), ground=ground)
    assert (agreeing.extra_z, agreeing.ground_used) == (30, ("g",))
    level = corridor(line(points, -1000, ROUND, ground=[200, 900]), ground=ground)
    assert (level.extra_z, level.ground_used) == (0, ())


def test_shafts() -> None:
    made = corridor(shaft((10, 20), -3000, 500, WALLED))
    axis = made.segments[0].axis
    assert (axis.x0, axis.y0) == (axis.x1, axis.y1) == here([(10, 20)])[0]
    assert (axis.z0, axis.z1, made.width, made.height, made.is_shaft) == (-6000, 1000, 400, 0, True)
    assert corridor(shaft((0, 0), -3000, 500, boxed(600, 800))).width in (1000, 1001)
    assert corridor(shaft((0, 0), -3000, 500, boxed(800, 800))).width == 1132
    endless = corridor(shaft((0, 0), Open.UNBOUNDED, Open.UNBOUNDED, ROUND))
    assert (endless.segments[0].axis.z0, endless.segments[0].axis.z1) == (-UNBOUNDED, UNBOUNDED)
    assert endless.segments[0].known
    assert corridor(shaft((0, 0), None, 0, ROUND)).lacking == ("level",)
    assert corridor(shaft((0, 0), -1000, 0, None)).lacking == ("size",)
    below = Shaft(here([(0, 0)])[0], 3000, 200, "ground", ROUND, ground=1000)
    assert [corridor(below).segments[0].axis.z0, corridor(below).segments[0].axis.z1] == [-4000, 1600]
    assert corridor(Shaft(below.position, 3000, 200, "ground", ROUND)).lacking == ("ground_level",)
    open_below = Shaft(below.position, Open.UNBOUNDED, Open.UNBOUNDED, "ground", ROUND)
    assert corridor(open_below).lacking == ()


def test_volumes() -> None:
    made = solid(volume(square(0, 0, 1000), -3000, Open.UNBOUNDED, [square(100, 100, 50)]))
    assert isinstance(made, Prism)
    assert (made.bottom, made.top, made.known) == (-6000, UNBOUNDED, True)
    assert len(made.sides.axes) == 8
    unknown = solid(volume(square(0, 0, 1000), -3000, None))
    assert isinstance(unknown, Prism)
    assert (unknown.known, unknown.lacking) == (False, ("level",))


def test_an_assumed_depth_takes_the_whole_range() -> None:
    spot = GroundLevel("g", 1000, here([(0, 0)])[0], uncertainty=25)
    thing = asset("unknown", line([(0, 0), (5000, 0)], None, ROUND))
    made = assumed_solid(thing, Ground((spot,), 5000), 800, 1200, "envelope")
    assert isinstance(made, Corridor)
    # Top 800 to 1200 below ground: the tops from 200, the bottoms to -600, and 25 uncertain both ways.
    axis, height = made.segments[0].axis, made.height
    assert height == 400 + 400 + 50
    assert (axis.z0 + height, axis.z0 - height) == (2 * (200 + 25), 2 * (-600 - 25))
    assert axis.z1 == axis.z0
    assert (made.segments[0].known, made.ground_used) == (True, ("g",))
    for ground in (Ground((spot,), 4999), Ground((spot,), 0), NO_GROUND):
        assert assumed_solid(thing, ground, 800, 1200, "envelope") is None
    sizeless = asset("x", line([(0, 0), (1, 0)], None, None))
    assert assumed_solid(sizeless, Ground((spot,), 5000), 800, 1200, "casing") is None


def test_an_assumed_depth_takes_every_ground_level_along_it() -> None:
    """Ground 0 and 1000 at the ends: straight it would be 500 half-way, where it steps from the one to the other."""
    spots = tuple(GroundLevel(f"g{k}", 1000 * k, point) for k, point in enumerate(here([(0, 0), (5000, 0)])))
    stated = line([(0, 0), (5000, 0)], None, ROUND, ground=[0, 1000])
    for given in (line([(0, 0), (5000, 0)], None, ROUND), stated):
        made = assumed_solid(asset("unknown", given), Ground(spots, 5000), 800, 1200, "envelope")
        assert isinstance(made, Corridor)
        axis, height = made.segments[0].axis, made.height
        assert height == 400 + 400 + 500 + 500
        assert (axis.z0 + height, axis.z0 - height) == (2 * (500 - 800), 2 * (-500 - 1200 - 400))
        assert (axis.z1 + height, axis.z1 - height) == (2 * (1500 - 800), 2 * (500 - 1200 - 400))
        assert made.ground_used == ("g0", "g1")
    # Where nothing else is known, a stated ground level goes straight on.
    made = assumed_solid(asset("unknown", stated), NO_GROUND, 800, 1200, "envelope")
    assert isinstance(made, Corridor)
    assert made.height == 400 + 400


def test_chainage_counts_in_whole_millimetres_over_bends() -> None:
    made = corridor(line([(0, 0), (3000, 4000), (3000, 4001), (10_000, 4001)], -1000, ROUND))
    assert made.lengths == (5_000_000, 1_000, 7_000_000)
    assert [made.chainage(k, f) for k, f in ((0, made.segments[0].low), (1, made.segments[1].high))] == [0, 5001]
    assert made.chainage(2, made.segments[2].high) == 12_001


def test_flat_ends_take_half_the_width_off_both_ends_over_bends() -> None:
    made = corridor(line([(0, 0), (100, 0), (100, 5000)], -1000, ROUND))
    first, second = made.flat_ends
    assert first is None
    assert second is not None
    assert second.axis.y0 == here([(0, 0)])[0][1] + 100
    assert second.axis.y1 == here([(0, 0)])[0][1] + 4800


def test_what_of_a_width_is_sure() -> None:
    points = [(0, 0), (5000, 0)]
    for size, least in (
        (None, 0),
        (ROUND, 400),
        (WALLED, 400),
        (Size("round", "inner", 300, 300), 300),
        (Size("rectangular", "inner", 900, None, 80), 1060),
        (Size("rectangular", "outer", None, 600), 0),
    ):
        assert corridor(line(points, -1000, size)).least_width == least
    # An envelope adds room, and tells nothing of what was built.
    built = solid_of(asset("a", line(points, -1000, None, envelope=HEAT)), NO_GROUND, "envelope")
    assert isinstance(built, Corridor)
    assert (built.width, built.least_width) == (None, 0)
    assert corridor(shaft((0, 0), -3000, 0, Size("round", "inner", 800, 800))).least_width == 800
    assert corridor(shaft((0, 0), -3000, 0, Size("rectangular", "inner", 800, 600))).least_width == 0
