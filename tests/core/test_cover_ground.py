"""Cover under ground levels that are uncertain, that contradict what a part states, or that change along it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from registry.core.case import Case
from registry.core.cover import profile
from registry.core.ground import Ground
from registry.core.model import Asset, GroundLevel, Object, Open, Part, Point, Reservation, Shaft, Uncertainty, Volume
from registry.core.verdict import Verdict
from tests.core.building import (
    HERE,
    application,
    asset,
    here,
    judged,
    line,
    part,
    reservation,
    rounded,
    ruleset,
    shaft,
    square,
    volume,
)

THEME = "rioolVrijverval"
RULES = ruleset(covers=[(THEME, "any", 1000, 3000)])


def spot(name: str, x: int, y: int, level: int, **more: str) -> GroundLevel:
    return GroundLevel(name, level, here([(x, y)])[0], **more)  # type: ignore[arg-type]


def area(name: str, level: int, uncertainty: int = 0, outer: Sequence[Point] | None = None) -> GroundLevel:
    return GroundLevel(name, level, outer=here(outer or square(-50_000, -50_000, 100_000)), uncertainty=uncertainty)


def pipe(level: int | list[int | None], *, ground: Sequence[int | None] = (), z: int = 0, to: int = 20_000) -> Part:
    drawn = line([(0, 0), (to, 0)], level, rounded(400), of="top", ground=ground)
    return part("p", drawn, uncertainty=Uncertainty(0, z))


def told(found: Verdict) -> list[tuple[str, str, int | None, int | None]]:
    """Of every finding its cause, certainty, cover and uncertainty."""
    return [
        (f.cause, f.certainty, f.gap.vertical if f.gap else None, f.uncertainty.vertical if f.uncertainty else None)
        for f in found.findings
    ]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (-949, [("cover_too_small", "certain", 949, 50)]),
        (-950, [("cover_too_small", "possible", 950, 50)]),
        (-1049, [("cover_too_small", "possible", 1049, 50)]),
        (-1050, []),
        (-2950, []),
        (-2951, [("cover_too_large", "possible", 2951, 50)]),
        (-3050, [("cover_too_large", "possible", 3050, 50)]),
        (-3051, [("cover_too_large", "certain", 3051, 50)]),
    ],
)
def test_cover_within_the_uncertainty_is_possible(
    level: int, expected: list[tuple[str, str, int | None, int | None]]
) -> None:
    """The uncertainty of the part (20) and of the ground level (30) count together."""
    found = judged([pipe(level, z=20)], [area("g", 0, uncertainty=30)], RULES)
    assert told(found) == expected
    if expected and expected[0][1] == "possible":
        assert found.outcome == "fits_with_conditions"
    elif expected:
        assert found.outcome == "conflict"


def test_where_cover_is_given_only_the_part_is_uncertain() -> None:
    drawn = line([(0, 0), (20_000, 0)], 1010, rounded(400), of="top", reference="ground")
    for z, outcome in ((10, "fits"), (11, "fits_with_conditions")):
        given = part("p", drawn, uncertainty=Uncertainty(0, z))
        assert judged([given], [area("g", 0, uncertainty=500)], RULES).outcome == outcome
    pit = Shaft(here([(0, 0)])[0], 5000, 1010, "ground", rounded(1000))
    tank = Volume(here(square(0, 0, 1000)), (), 5000, 1010, "ground")
    for geometry in (pit, tank):
        for z, outcome in ((10, "fits"), (11, "fits_with_conditions")):
            given = part("p", geometry, uncertainty=Uncertainty(0, z))
            assert judged([given], [], RULES).outcome == outcome


def test_a_wide_uncertainty_may_be_either_way() -> None:
    (finding,) = judged([pipe(-1500, z=600)], [area("g", 0)], RULES).findings
    assert (finding.cause, finding.certainty) == ("cover_too_small", "possible")
    (finding,) = judged([pipe(-3100, z=3000)], [area("g", 0)], RULES).findings
    assert finding.certainty == "possible"


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (-1000, []),  # 1000 by what is stated, 1300 by the area
        (-999, [("cover_too_small", "possible", 999, None)]),
        (-700, [("cover_too_small", "possible", 700, None)]),
        (-699, [("cover_too_small", "certain", 699, None)]),
    ],
)
@pytest.mark.parametrize("higher", ["stated", "registered"])
def test_a_stated_ground_level_that_another_contradicts(
    level: int, expected: list[tuple[str, str, int | None, int | None]], higher: str
) -> None:
    stated, registered = (300, 0) if higher == "stated" else (0, 300)
    objects = [area("g", registered)]
    drawn = pipe(level, ground=[stated, stated])
    pit = part("p", replace(shaft((0, 0), -9000, level, rounded(1000)), ground=stated))
    tank = part("p", replace(volume(square(0, 0, 1000), -9000, level), ground=stated))
    for given in (drawn, pit, tank):
        found = judged([given], objects, RULES)
        assert told(found) == expected
        assert [item.id for item in found.basis] == ["g"]
        for finding in found.findings:
            assert finding.stated is not None
            assert finding.registered is not None
            assert (finding.stated.vertical, finding.registered.vertical) == (stated - level, registered - level)


def test_a_stated_ground_level_that_agrees_or_stands_alone_is_judged_as_it_is() -> None:
    for objects in ([], [area("g", 0)], [spot("far", 90_000, 0, 700)]):
        (finding,) = judged([pipe(-999, ground=[0, 0])], objects, RULES).findings
        assert (finding.certainty, finding.stated, finding.registered) == ("certain", None, None)
        assert judged([pipe(-1000, ground=[0, 0])], objects, RULES).findings == ()


def test_a_spot_height_contradicts_no_farther_than_it_counts() -> None:
    (finding,) = judged([pipe(-1000, ground=[0] * 2, to=60_000)], [spot("a", 0, 0, -500)], RULES).findings
    assert finding.certainty == "possible"
    assert [(s.start, s.end) for s in finding.stretches] == [(0, RULES.ground_level_within)]


def by_cover(kind: str) -> Part | Reservation | Asset:
    """A pipe 1.50 under a stated ground level of +2.00: its top at +0.50, its bottom at +0.10."""
    drawn = line([(0, 0), (20_000, 0)], 1500, rounded(400), of="top", reference="ground", ground=[2000, 2000])
    if kind == "part":
        return part("given", drawn)
    return reservation("given", drawn, THEME) if kind == "reservation" else asset("given", drawn, THEME)


@pytest.mark.parametrize(
    ("kind", "deep", "registered", "certainty"),
    [
        # A main with its top at -1.00: clear of the pipe at the stated ground level, not at the registered one of 0.30.
        ("part", -1200, 300, "possible"),
        ("reservation", -1200, 300, "possible"),
        ("asset", -1200, 300, None),
        ("part", -1200, 1500, None),
        # A main through the pipe as stated: no longer certain where the ground levels differ by more than the overlap.
        ("part", 300, 2000, "certain"),
        ("part", 300, 1900, "certain"),
        ("part", 300, 1000, "possible"),
    ],
)
def test_clashes_depend_on_a_contradicted_ground_level(
    kind: str, deep: int, registered: int, certainty: str | None
) -> None:
    given = by_cover(kind)
    across = line([(10_000, -5000), (10_000, 5000)], deep, rounded(400))
    objects: list[Object] = [area("g", registered)]
    if isinstance(given, Part):
        found = judged([given], [*objects, asset("main", across)], ruleset())
    else:
        found = judged([part("main", across, "warmte")], [*objects, given], ruleset())
    assert [finding.certainty for finding in found.findings] == ([certainty] if certainty else [])
    assert ("g" in [item.id for item in found.basis]) is (kind != "asset")


def test_an_existing_spot_height_goes_before_a_nearer_design_one() -> None:
    spots = [spot("new", 100, 0, 900, basis="design"), spot("old", 10_000, 0, 0)]
    (origin,) = here([(0, 0)])
    for order in (spots, spots[::-1]):
        found = Ground(tuple(order), 25_000).at(*origin)
        assert found is not None
        assert found.id == "old"
        found = Ground(tuple(order), 9_999).at(*origin)
        assert found is not None
        assert found.id == "new"


def test_beyond_the_existing_spot_height_the_design_one_counts() -> None:
    ground = [spot("old", 0, 0, 0), spot("new", 30_000, 0, 900, basis="design")]
    (finding,) = judged([pipe(-950, to=50_000)], ground, RULES).findings
    assert finding.cause == "cover_too_small"
    assert [(s.start, s.end) for s in finding.stretches] == [(0, 25_000)]


def test_a_rising_pipe_is_shallowest_where_the_lower_spot_height_still_counts() -> None:
    """Half-way between the two, at 10 m, the top is at -0.60 under a ground of 0.20 (cover 0.80), not at either end."""
    ground = [spot("low", 0, 0, 200), spot("high", 20_000, 0, 900)]
    (finding,) = judged([pipe([-900, -300])], ground, RULES).findings
    assert finding.gap is not None
    assert (finding.gap.vertical, finding.place.chainage) == (800, 10_000)


def test_a_ditch_across_a_tank_and_a_pit_in_it_count() -> None:
    tank = part("p", volume(square(0, 0, 10_000), -9000, -1500), object_kind="tank")
    street = area("street", 0)
    assert judged([tank], [street], RULES).findings == ()
    for ring in ([(4000, -900), (4500, -900), (4500, 19_000), (4000, 19_000)], square(4000, 4000, 500)):
        dug = replace(area("dug", -600, outer=ring), as_of="2020-01-01")
        found = judged([tank], [dug, street], RULES)
        assert told(found) == [("cover_too_small", "certain", 900, None)]
        assert {item.id for item in found.basis} == {"dug", "street"}
        assert judged([tank], found.basis, RULES).sha256 == found.sha256


def test_what_has_no_top_has_no_cover() -> None:
    pit, tank = shaft((0, 0), -3000, Open.UNBOUNDED, rounded(1000)), volume(square(0, 0, 900), -3000, Open.UNBOUNDED)
    for geometry in (pit, tank):
        found = judged([part("p", geometry)], [area("g", 5000)], RULES)
        assert told(found) == [("cover_too_small", "certain", 0, None)]


@pytest.mark.parametrize("seed", range(6))
def test_cover_is_never_less_than_the_least_found(seed: int) -> None:
    """Places taken at random along a sloping pipe, under random areas and spot heights of both kinds: nowhere is there
    less cover, nor unknown ground, than the profile tells there."""
    rng = random.Random(seed)
    rules = ruleset(covers=[(THEME, "any", 1000, None)], ground_level_within=8000)
    for _ in range(60):
        levels: list[GroundLevel] = [
            spot(
                f"s{k}", rng.randint(-5000, 35_000), rng.randint(-9000, 9000), rng.randint(-900, 900),
                basis=rng.choice(["existing", "design"]),
            )
            for k in range(rng.randint(1, 9))
        ]  # fmt: skip
        if rng.random() < 0.5:
            ring = square(rng.randint(0, 25_000), rng.randint(-6000, 0), 6000)
            levels.append(area("a", rng.randint(-900, 900), outer=ring))
        first, last = rng.randint(-2000, -900), rng.randint(-2000, -900)
        given = pipe([first, last], to=30_000)
        case = Case.of(application(given), levels, rules)
        covers = [c for c in profile(case, given, False) if c.stretch is not None]
        for _ in range(40):
            x = rng.randint(0, 30_000)
            found = case.ground.at(HERE[0] + x, HERE[1])
            there = [c.value for c in covers if c.stretch and c.stretch[0] <= x <= c.stretch[1] + 1]
            if found is None:
                assert None in there
            else:
                cover = found.level - (first + Fraction(x, 30_000) * (last - first))
                assert min(value for value in there if value is not None) <= cover
                assert ("ground_level", found.id) in case.used
        whole = judged([given], levels, rules)
        assert judged([given], whole.basis, rules).sha256 == whole.sha256
