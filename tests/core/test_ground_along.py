"""Ground level between vertices and over a footprint: what is given below ground gets no better verdict than the same
solid in NAP."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from registry.core.ground import Ground
from registry.core.ground_over import levels_over
from registry.core.kernels import point_in_rings
from registry.core.model import GroundLevel, Line, Object, Part, Point, Shaft, Uncertainty, Volume
from registry.core.solids import Corridor, Prism, solid_of
from registry.core.verdict import Verdict
from tests.core.building import (
    HERE,
    NO_GROUND,
    asset,
    here,
    judged,
    line,
    part,
    rounded,
    ruleset,
    solid,
    square,
    star,
)

THEME = "rioolVrijverval"
RULES = ruleset(covers=[(THEME, "any", 1000, None)])


def strip(name: str, west: int, east: int, level: int, uncertainty: int = 0) -> GroundLevel:
    ring = [(west, -50_000), (east, -50_000), (east, 50_000), (west, 50_000)]
    return GroundLevel(name, level, outer=here(ring), uncertainty=uncertainty)


def spot(name: str, x: int, y: int, level: int, uncertainty: int = 0) -> GroundLevel:
    return GroundLevel(name, level, here([(x, y)])[0], uncertainty=uncertainty)


#: A street with a ditch of 2 m across it.
DITCH = [strip("a", 0, 40_000, 0), strip("b", 40_000, 60_000, -2000), strip("c", 60_000, 100_000, 0)]


def covered(cover: int, points: Sequence[Point], ground: Sequence[int | None] = (), z: int = 0) -> Part:
    drawn = line(points, cover, rounded(400), of="top", reference="ground", ground=ground)
    return part("p", drawn, uncertainty=Uncertainty(0, z))


def tank(ring: Sequence[Point], ground: int | None = None) -> Part:
    return part("p", Volume(here(ring), (), 3000, 1000, "ground", ground), object_kind="tank")


def covers(found: Verdict) -> list[tuple[str, int | None, list[tuple[int, int]]]]:
    """Of every finding on cover its certainty, cover and stretches."""
    return [
        (f.certainty, f.gap.vertical if f.gap else None, [(s.start, s.end) for s in f.stretches])
        for f in found.findings
        if f.cause.startswith("cover")
    ]


def test_a_pipe_straight_over_a_ditch_has_no_cover_there() -> None:
    found = judged([covered(1000, [(0, 0), (100_000, 0)])], DITCH, RULES)
    assert covers(found) == [("certain", -1000, [(40_000, 60_000)])]
    assert found.outcome == "conflict"
    assert {item.id for item in found.basis} == {"a", "b", "c"}
    in_nap = judged([part("p", line([(0, 0), (100_000, 0)], -1000, rounded(400), of="top"))], DITCH, RULES)
    assert covers(in_nap) == covers(found)
    # Drawn down into the ditch and up again it has its cover.
    down = [(x, 0) for x in (0, 39_999, 40_001, 59_999, 60_001, 100_000)]
    assert judged([covered(2100, down)], DITCH, ruleset(covers=[(THEME, "any", 50, None)])).outcome == "fits"


def test_a_stated_ground_level_is_one_of_two_between_vertices_as_well() -> None:
    for ground in ([0, 0], [-2000, -2000]):
        found = judged([covered(1000, [(0, 0), (100_000, 0)], ground)], DITCH, RULES)
        assert {certainty for certainty, _, _ in covers(found)} == {"possible"}
    shallow = judged([covered(999, [(0, 0), (100_000, 0)], [0, 0])], DITCH, RULES)
    assert ("certain", -1001, [(0, 100_000)]) in covers(shallow)


def test_where_ground_level_is_unknown_what_was_given_stands_or_nothing_is_known() -> None:
    points = [(0, 0), (100_000, 0)]
    assert judged([covered(1000, points)], [], RULES).outcome == "fits"
    # Both ends are known, and the same: of what lies between nothing is known but the cover that was given.
    ends: list[Object] = [strip("a", 0, 30_000, 0), strip("c", 70_000, 100_000, 0)]
    assert judged([covered(1000, points)], ends, RULES).outcome == "fits"
    (finding,) = judged([covered(1000, points)], DITCH[:2], RULES).findings
    assert (finding.cause, finding.lacking) == ("cover_unknown", ("own_ground_level",))
    assert [(s.start, s.end) for s in finding.stretches] == [(0, 60_000)]


def test_an_uncertain_ground_level_counts_where_another_begins() -> None:
    """Below one ground level, however uncertain, cover is what was given; between two it is as uncertain as both."""
    points = [(0, 0), (100_000, 0)]
    assert judged([covered(1000, points)], [strip("a", 0, 100_000, 0, 500)], RULES).outcome == "fits"
    two = [strip("a", 0, 50_000, 0, 30), strip("b", 50_000, 100_000, 0, 30)]
    (finding,) = judged([covered(1029, points)], two, RULES).findings
    # Half-way it is half of what is unsure of either: of the one below which it is counted, and of the two ends.
    assert finding.uncertainty is not None
    assert (finding.certainty, finding.uncertainty.vertical) == ("possible", 30)
    assert judged([covered(1030, points)], two, RULES).outcome == "fits"


@pytest.mark.parametrize("turn", range(4))
def test_a_tank_across_a_ditch_lies_below_any_of_the_ground_levels(turn: int) -> None:
    """Its top is given as 1.00 below ground: at -1.00, or at -3.00 where that is counted from the ditch."""
    ring = [(30_000, 0), (50_000, 0), (50_000, 5000), (30_000, 5000)]
    given = tank([*ring[turn:], *ring[:turn]])
    made = solid_of(given, Ground(tuple(DITCH), 0), "casing")
    assert isinstance(made, Prism)
    assert (made.top, made.bottom, made.extra_z, made.ground_used) == (2 * -2000, 2 * -4000, 1000, ("a", "b"))
    found = judged([given], DITCH, RULES)
    assert [f.certainty for f in found.findings] == ["possible"]
    assert found.outcome == "fits_with_conditions"
    assert {item.id for item in found.basis} == {"a", "b"}
    # A main at -1.70, in it by the one and 0.50 over it by the other; and one in it by both.
    for level, certainty in ((-1700, "possible"), (-3000, "certain"), (-5400, None)):
        main = asset("main", line([(40_000, -9000), (40_000, 9000)], level, rounded(400)))
        clashes = [f for f in judged([given], [*DITCH, main], ruleset()).findings if f.cause == "crossing"]
        assert [f.certainty for f in clashes] == ([certainty] if certainty else [])


def test_a_tank_with_a_stated_ground_level_is_judged_by_all_that_count() -> None:
    ring = [(30_000, 0), (50_000, 0), (50_000, 5000), (30_000, 5000)]
    for ground, extra in ((0, 2000), (-2000, 2000), (-500, 1500)):
        made = solid_of(tank(ring, ground), Ground(tuple(DITCH), 0), "casing")
        assert (made.extra_z, made.ground_used) == (extra, ("a", "b"))
        assert judged([tank(ring, ground)], DITCH, RULES).outcome == "fits_with_conditions"
        built = solid_of(asset("t", tank(ring, ground).geometry), Ground(tuple(DITCH), 0), "casing")
        assert (built.extra_z, built.ground_used) == (0, ())


def test_a_tank_over_one_ground_level_is_as_sure_as_that() -> None:
    ring = square(1000, 1000, 4000)
    made = solid_of(tank(ring), Ground((strip("a", 0, 9000, 100, 70),), 0), "casing")
    assert isinstance(made, Prism)
    assert (made.top, made.extra_z) == (2 * -900, 70)
    assert solid_of(tank(ring), NO_GROUND, "casing").lacking == ("ground_level",)
    # Ground level is known over part of it: that is counted from.
    made = solid_of(tank(ring), Ground((strip("a", 0, 2000, 100),), 0), "casing")
    assert isinstance(made, Prism)
    assert (made.top, made.extra_z) == (2 * -900, 0)


def test_a_spot_height_seen_only_around_an_area_counts_over_a_footprint() -> None:
    """The spot height lies in the area, and counts all round it: neither at the boundary nor at its own place."""
    ring = here(square(0, 0, 60_000))
    pond = GroundLevel("pond", -800, outer=here(square(29_000, 29_000, 2000)))
    low = [spot("low", 30_000, 30_000, -500)]
    around = [spot(f"s{k}", x, y, 0) for k, (x, y) in enumerate(square(0, 0, 60_000))]
    ground = Ground((pond, *low, *around), 25_000)
    assert {level.id for level in levels_over(ring, (), ground) if level} == {"pond", "low", "s0", "s1", "s2", "s3"}
    made = solid_of(part("p", Volume(ring, (), 3000, 1000, "ground")), ground, "casing")
    assert (made.extra_z, made.ground_used) == (400, ("low", "pond", "s0", "s1", "s2", "s3"))


@pytest.mark.parametrize("seed", range(4))
def test_every_ground_level_found_at_random_places_over_a_footprint_is_known_to_count(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(25):
        ring = here(star(rng, 0, 0, 2000, 9000, rng.randint(5, 9)))
        places = [(rng.randint(-9000, 9000), rng.randint(-9000, 9000)) for _ in range(rng.randint(1, 6))]
        levels = [spot(f"s{k}", *place, k) for k, place in enumerate(places)]
        for k in range(rng.randint(0, 3)):
            own = here(star(rng, rng.randint(-6000, 6000), rng.randint(-6000, 6000), 800, 4000, 5))
            levels.append(GroundLevel(f"a{k}", k, outer=own, as_of=rng.choice(["2001-01-01", "2011-01-01"])))
        ground = Ground(tuple(levels), 7000)
        over = levels_over(ring, (), ground)
        turned = ring[3:] + ring[:3]
        assert levels_over(turned[::-1], (), ground) == over
        kept = Ground(tuple(level for level in levels if level in over), 7000)
        assert levels_over(ring, (), kept) == over
        for _ in range(60):
            x, y = HERE[0] + rng.randint(-9000, 9000), HERE[1] + rng.randint(-9000, 9000)
            if point_in_rings(x, y, ring, ()) > 0:
                assert ground.at(x, y) in over
                assert ground.at(x, y) == kept.at(x, y)


def as_nap(given: Part, ground: Ground) -> Part:
    """The same part, its solid given in NAP: straight from vertex to vertex."""
    made, geometry = solid_of(given, ground, "casing"), given.geometry
    assert isinstance(made, Corridor)
    assert isinstance(geometry, Line)
    ends = [made.segments[0].axis.z0, *(segment.axis.z1 for segment in made.segments)]
    levels = tuple((int(z) + (made.height or 0)) // 2 for z in ends)
    drawn = replace(geometry, levels=levels, level_reference="nap", ground=())
    return replace(given, geometry=drawn)


@pytest.mark.parametrize("seed", range(5))
def test_given_below_ground_is_no_better_than_the_same_in_nap(seed: int) -> None:
    """Without uncertainty the two are one; what is told of cover is the same to the millimetre."""
    rng = random.Random(seed)
    rules = ruleset(covers=[(THEME, "any", 1000, 1500)], ground_level_within=60_000)
    told = set()
    for _ in range(40):
        levels: list[GroundLevel] = [
            spot(f"s{k}", rng.randint(-2000, 32_000), rng.randint(-9000, 9000), rng.randint(-300, 300))
            for k in range(rng.randint(1, 4))
        ]
        if rng.random() < 0.5:
            levels.append(strip("a", rng.randint(0, 15_000), rng.randint(15_001, 30_000), rng.randint(-300, 300)))
        points = [(0, 0), (rng.randint(5000, 20_000), rng.randint(-500, 500)), (30_000, 0)]
        drawn = line(
            points, [rng.randint(900, 1600) for _ in points], rounded(400), of="top", reference="ground"
        )
        given = part("p", drawn)
        same = as_nap(given, Ground(tuple(levels), 60_000))
        below, nap = judged([given], levels, rules), judged([same], levels, rules)
        assert covers(below) == covers(nap)
        assert below.outcome == nap.outcome
        told.add(below.outcome)
    assert "conflict" in told


def test_a_stated_ground_level_that_repeats_the_registered_one_is_no_surer() -> None:
    gas = asset("gas", line([(5000, -5000), (5000, 5000)], -1850, rounded(400)), "gasLageDruk")
    level = [spot("g", 0, 0, 0, 500)]
    for ground in ((), (0, 0)):
        drawn = line([(0, 0), (10_000, 0)], 1000, rounded(400), of="top", reference="ground", ground=ground)
        found = judged([part("p", drawn)], [*level, gas], ruleset())
        assert [f.certainty for f in found.findings] == ["possible"]
        assert [item.id for item in found.basis] == ["gas", "g"]
    for geometry in (
        Shaft(here([(0, 0)])[0], 3000, 200, "ground", rounded(400), ground=0),
        Volume(here(square(0, 0, 900)), (), 3000, 200, "ground", ground=0),
    ):
        made = solid_of(part("p", geometry), Ground((spot("g", 0, 0, 0, 500),), 5000), "casing")
        assert (made.extra_z, made.ground_used) == (500, ("g",))


@pytest.mark.parametrize("extra", [0, 1, 5])
def test_an_assumed_depth_follows_the_ground_also_between_vertices(extra: int) -> None:
    rows = [(5000, -20_000), *((5000, -20_000 + 7000 * k) for k in range(1, extra + 1)), (5000, 20_000)]
    gas = asset("gas", line(rows, None, rounded(400)), "gasLageDruk")
    ring = [(-90_000, -5000), (90_000, -5000), (90_000, 5000), (-90_000, 5000)]
    ditch = replace(strip("b", 0, 0, -2000), outer=here(ring))
    banks = [
        replace(strip(name, 0, 0, 0), outer=here([(x, y + shift) for x, y in square(-90_000, 0, 90_000 * 2)]))
        for name, shift in (("a", -185_000), ("c", 5000))
    ]
    pipe = part("p", line([(0, 0), (10_000, 0)], -3200, rounded(400)))
    assumed = ruleset(assumed_depths=[("gasLageDruk", 800, 1200)])
    found = judged([pipe], [ditch, *banks, gas], assumed)
    assert found.outcome == "undetermined"
    again = judged([pipe], found.basis, assumed)
    assert again.sha256 == found.sha256
    flat = [replace(item, level=0) for item in (ditch, *banks)]
    assert judged([pipe], [*flat, gas], assumed).outcome == "fits_on_assumptions"


def test_more_uncertainty_settles_nothing_that_is_undetermined() -> None:
    rules = ruleset(covers=[(THEME, "any", 1000, None), (THEME, "carriageway", 1500, None)])
    for z in (0, 100, 250, 400, 2000):
        drawn = line([(0, 0), (10_000, 0)], -1200, rounded(400), of="top", ground=[0, 0])
        (finding,) = judged([part("p", drawn, uncertainty=Uncertainty(0, z))], [], rules).findings
        assert (finding.certainty, finding.cause, finding.lacking) == ("undetermined", "cover_unknown", ("surface",))


@pytest.mark.parametrize("middle", [[], [5000], [400], [333, 7001]])
def test_only_the_stretch_of_a_slope_that_fails_is_told(middle: list[int]) -> None:
    """From 500 deep to 10 500 over 10 m: 1000 after half a metre. Drawn with more vertices it is the same."""
    xs = [0, *middle, 10_000]
    drawn = line([(x, 0) for x in xs], [-500 - x for x in xs], rounded(400), of="top", ground=[0] * len(xs))
    (finding,) = judged([part("p", drawn)], [], RULES).findings
    assert [(s.start, s.end) for s in finding.stretches] == [(0, 500)]
    uncertain = judged([part("p", drawn, uncertainty=Uncertainty(0, 100))], [], RULES)
    assert covers(uncertain) == [("certain", 500, [(0, 400)]), ("possible", 900, [(400, 600)])]
    both = judged([part("p", drawn)], [], ruleset(covers=[(THEME, "any", 1000, 3000)]))
    assert sorted(covers(both)) == [("certain", 500, [(0, 500)]), ("certain", 10_500, [(2500, 10_000)])]


def test_where_a_limit_is_crossed_is_rounded_outward() -> None:
    drawn = line([(0, 0), (10_000, 0), (20_000, 0)], [-500, -2000, -500], rounded(400), of="top", ground=[0] * 3)
    (finding,) = judged([part("p", drawn)], [], RULES).findings
    # 1000 deep after 10 000 / 3 mm.
    assert [(s.start, s.end) for s in finding.stretches] == [(0, 3334), (16_666, 20_000)]


def test_an_invert_without_an_inner_size_or_a_wall_lacks_the_size() -> None:
    drawn = line([(5000, -5000), (5000, 5000)], -1000, rounded(400), of="invert")
    made = solid(drawn)
    assert (made.lacking, made.known if isinstance(made, Prism) else made.segments[0].known) == (("size",), False)
    found = judged([part("p", line([(0, 0), (10_000, 0)], -3000, rounded(400)))], [asset("a", drawn)], ruleset())
    (finding,) = found.findings
    assert (found.outcome, finding.lacking) == ("undetermined", ("size",))
