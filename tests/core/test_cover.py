"""Cover along a part: where surfaces and ground levels change, and what the verdict then rests on."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from registry.core.case import Case
from registry.core.cover import Cover, profile
from registry.core.ground import Ground
from registry.core.model import GroundLevel, Object, Part, Point, Zone
from tests.core.building import application, here, judged, line, part, rounded, ruleset, shaft, square, volume

THEME = "rioolVrijverval"
RULES = ruleset(covers=[(THEME, "any", 1000, None)])


def spot(name: str, x: int, y: int, level: int, **more: str) -> GroundLevel:
    return GroundLevel(name, level, here([(x, y)])[0], **more)  # type: ignore[arg-type]


def area(name: str, outer: list[Point], level: int, **more: str) -> GroundLevel:
    return GroundLevel(name, level, outer=here(outer), **more)  # type: ignore[arg-type]


def surface(name: str, value: str, outer: list[Point]) -> Zone:
    return Zone(name, "surface", value, here(outer))


def pipe(
    levels: int | list[int | None], *, points: list[Point] | None = None, ground: Iterable[int | None] = ()
) -> Part:
    points = points or [(0, 0), (20_000, 0)]
    return part("p", line(points, levels, rounded(400), of="top", ground=tuple(ground)))


def covers(given: Part, objects: list[Object], by_surface: bool = False) -> tuple[list[Cover], set[tuple[str, str]]]:
    case = Case.of(application(given), objects, RULES)
    return profile(case, given, by_surface), case.used


def test_own_ground_levels_are_taken_straight_between_vertices() -> None:
    found, used = covers(pipe([-1000, -1200], ground=[0, 300]), [])
    assert [(c.value, c.chainage) for c in found] == [(1000, 0), (1500, 20_000)]
    assert used == set()


@pytest.mark.parametrize(
    ("of", "level", "value"), [("axis", -1000, 800), ("top", -1000, 1000), ("bottom", -1000, 600)]
)
def test_cover_is_counted_to_the_top(of: str, level: int, value: int) -> None:
    given = part("p", line([(0, 0), (9000, 0)], level, rounded(400), of=of, ground=[0, 0]))  # type: ignore[arg-type]
    assert {c.value for c in covers(given, [])[0]} == {value}
    by_cover = part(
        "p",
        line([(0, 0), (9000, 0)], -level, rounded(400), of=of, reference="ground"),  # type: ignore[arg-type]
    )
    assert {c.value for c in covers(by_cover, [])[0]} == {value}


def test_cover_of_an_odd_height_is_rounded_down() -> None:
    given = part("p", line([(0, 0), (9000, 0)], -1000, rounded(315), ground=[0, 0]))
    assert {c.value for c in covers(given, [])[0]} == {842}


def test_a_surface_counts_from_where_the_width_touches_it() -> None:
    """The pipe is 400 wide: it touches the road 200 before its axis does. Beside the road nothing is known."""
    road = surface("road", "carriageway", [(6000, -5000), (14_000, -5000), (14_000, 5000), (6000, 5000)])
    found, used = covers(pipe([-1000, -2000], ground=[0, 0]), [road], True)
    assert {(c.surface, c.stretch) for c in found} == {
        (None, (0, 5800)),
        (None, (5800, 6000)),
        ("carriageway", (5800, 6000)),
        ("carriageway", (6000, 14_000)),
        ("carriageway", (14_000, 14_200)),
        (None, (14_000, 14_200)),
        (None, (14_200, 20_000)),
    }
    road_only = sorted({(c.chainage, c.value) for c in found if c.surface}, key=str)
    assert road_only == [(14_000, 1700), (14_200, 1710), (5800, 1290), (6000, 1300)]
    assert used == {("zone", "road")}


def test_cover_under_a_surface_is_judged_where_the_surface_is() -> None:
    road = surface("road", "carriageway", [(6000, -5000), (14_000, -5000), (14_000, 5000), (6000, 5000)])
    path = surface("path", "footway", [(-1000, -5000), (6000, -5000), (6000, 5000), (-1000, 5000)])
    rest = surface("rest", "verge", [(14_000, -5000), (21_000, -5000), (21_000, 5000), (14_000, 5000)])
    rules = ruleset(covers=[(THEME, "any", 1000, None), (THEME, "carriageway", 1500, None)])
    verdict = judged([pipe([-1000, -2000], ground=[0, 0])], [road, path, rest], rules)
    (finding,) = verdict.findings
    assert (finding.surface, finding.place.chainage) == ("carriageway", 5800)
    assert [(s.start, s.end) for s in finding.stretches] == [(5800, 10_000)]  # there it is 1500 deep
    assert finding.gap is not None
    assert finding.missing is not None
    assert (finding.gap.vertical, finding.missing.vertical) == (1290, 210)
    assert [item.id for item in verdict.basis] == ["path", "rest", "road"]


def test_a_strip_narrower_than_the_distance_of_vertices_is_not_overlooked() -> None:
    ditch = area("ditch", [(9000, -500), (9100, -500), (9100, 500), (9000, 500)], -800)
    street = area("street", square(-1000, -9000, 8000), 0)
    whole = area("whole", [(-50_000, -50_000), (50_000, -50_000), (50_000, 50_000), (-50_000, 50_000)], 0, as_of="2020")
    dug = GroundLevel("ditch", ditch.level, outer=ditch.outer, as_of="2021")
    verdict = judged([pipe(-1200)], [dug, whole, street], RULES)
    assert verdict.outcome == "conflict"
    (finding,) = verdict.findings
    assert finding.gap is not None
    assert finding.gap.vertical == 400
    assert [(s.start, s.end) for s in finding.stretches] == [(9000, 9100)]
    assert {item.id for item in verdict.basis} >= {"ditch", "whole"}


@pytest.mark.parametrize(("offset", "outcome"), [(20_000, "fits"), (20_010, "undetermined")])
def test_a_spot_height_counts_as_far_as_the_ruleset_says(offset: int, outcome: str) -> None:
    """From (15, 20) to either end of a pipe of 30 m it is 25 m."""
    verdict = judged([pipe(-1000, points=[(0, 0), (30_000, 0)])], [spot("a", 15_000, offset, 0)], RULES)
    assert verdict.outcome == outcome
    assert [item.id for item in verdict.basis] == ["a"]
    if outcome == "undetermined":
        assert verdict.findings[0].lacking == ("ground_level",)


def test_areas_go_before_spots_existing_before_design_and_late_before_early() -> None:
    levels = [
        spot("spot", 0, 0, 1),
        area("old", square(-1000, -1000, 2000), 2, as_of="2001-01-01"),
        area("new", square(-1000, -1000, 2000), 3, as_of="2011-01-01"),
        area("z-new", square(-1000, -1000, 2000), 4, as_of="2011-01-01"),
        area("plan", square(-1000, -1000, 2000), 5, as_of="2031-01-01", basis="design"),
    ]
    for left, expected in [(levels, 3), (levels[:2], 2), (levels[4:], 5), (levels[:1], 1), ([levels[0], levels[4]], 5)]:
        found = Ground(tuple(left), 1000).at(*here([(0, 0)])[0])
        assert found is not None
        assert found.level == expected
        again = Ground(tuple(left[::-1]), 1000).at(*here([(0, 0)])[0])
        assert again == found
    near = [spot("b", 300, 400, 1), spot("a", -300, 400, 2), spot("c", 0, 499, 3), spot("d", 0, 499, 4, basis="design")]
    for count, expected in [(2, 2), (1, 1), (4, 3)]:
        found = Ground(tuple(near[:count]), 500).at(*here([(0, 0)])[0])
        assert found is not None
        assert found.level == expected
    assert Ground(tuple(near[:2]), 499).at(*here([(0, 0)])[0]) is None


def test_the_basis_holds_the_ground_levels_that_were_used_and_no_others() -> None:
    used = [spot("a", 0, 100, 0), spot("b", 20_000, 100, 0)]
    idle = [spot("far", 90_000, 0, 0), spot("second", 0, 200, 0)]
    verdict = judged([pipe(-1000)], [*used, *idle], RULES)
    assert [item.id for item in verdict.basis] == ["a", "b"]
    covered = part("p", line([(0, 0), (20_000, 0)], 1500, rounded(400), of="top", reference="ground"))
    by_cover = judged([covered], [*used, *idle], ruleset())
    assert [item.id for item in by_cover.basis] == ["a", "b"]
    nap = judged([pipe(-1000)], [*used, *idle], ruleset())
    assert nap.basis == ()


def test_unknown_ground_is_undetermined_never_fits() -> None:
    verdict = judged([pipe(-1000)], [], RULES)
    assert verdict.outcome == "undetermined"
    (finding,) = verdict.findings
    assert (finding.cause, finding.lacking) == ("cover_unknown", ("ground_level",))
    half = judged([pipe(-1000, ground=[0, None])], [], RULES)
    assert half.outcome == "undetermined"


@pytest.mark.parametrize(
    ("level", "cause", "missing"),
    [
        (-999, "cover_too_small", 1),
        (-1000, None, None),
        (-3000, None, None),
        (-3001, "cover_too_large", 1),
    ],
)
def test_minimum_and_maximum_are_met_exactly(level: int, cause: str | None, missing: int | None) -> None:
    verdict = judged([pipe(level, ground=[0, 0])], [], ruleset(covers=[(THEME, "any", 1000, 3000)]))
    assert [finding.cause for finding in verdict.findings] == ([cause] if cause else [])
    if cause and (measured := verdict.findings[0].missing):
        assert measured.vertical == missing


def test_a_bend_where_own_levels_dip() -> None:
    dipped = pipe([-1000, -900, -1000], points=[(0, 0), (10_000, 0), (10_000, 9000)], ground=[0, 0, 0])
    (finding,) = judged([dipped], [], RULES).findings
    assert finding.place.chainage == 10_000
    assert finding.gap is not None
    assert finding.gap.vertical == 900


def test_cover_of_a_shaft_is_that_of_its_top() -> None:
    manhole = part("p", shaft((0, 0), -3000, -400, rounded(1000)))
    (finding,) = judged([manhole], [area("g", square(-5000, -5000, 10_000), 100)], RULES).findings
    assert finding.gap is not None
    assert finding.gap.vertical == 500
    assert finding.place.chainage is None




def test_between_spot_heights_too_far_apart_cover_is_unknown() -> None:
    far = pipe(-1000, points=[(0, 0), (100_000, 0)])
    objects: list[Object] = [spot("west", 0, 0, 0), spot("east", 100_000, 0, 0)]
    (finding,) = judged([far], objects, RULES).findings
    assert finding.cause == "cover_unknown"
    within = RULES.ground_level_within
    assert [(s.start, s.end) for s in finding.stretches] == [(within, 100_000 - within)]


def test_a_spot_height_beside_the_line_counts_where_it_is_nearest() -> None:
    given = pipe(-1000, points=[(0, 0), (40_000, 0)])
    level: list[Object] = [spot("west", 0, 0, 0), spot("east", 40_000, 0, 0)]
    assert judged([given], level, RULES).outcome == "fits"
    (finding,) = judged([given], [*level, spot("dip", 20_000, 3000, -900)], RULES).findings
    assert finding.gap is not None
    # As far from the first spot height as from the dip: 20 x = (20² + 3²) / 2.
    assert (finding.gap.vertical, finding.place.chainage) == (100, 10_225)
    assert [(s.start, s.end) for s in finding.stretches] == [(10_225, 29_775)]


def test_a_tank_needs_cover_and_a_manhole_does_not() -> None:
    ground: list[Object] = [area("g", square(-50_000, -50_000, 100_000), 0)]
    tank = part("p", volume(square(0, 0, 4000), -3000, -100), object_kind="tank")
    (finding,) = judged([tank], ground, RULES).findings
    assert finding.gap is not None
    assert (finding.cause, finding.gap.vertical) == ("cover_too_small", 100)
    manhole = part("p", shaft((0, 0), -3000, 0, rounded(1000)), object_kind="manhole")
    assert judged([manhole], ground, RULES).findings == ()


def test_between_two_areas_cover_is_unknown() -> None:
    """Both ends of the piece between them lie on a side of an area; nothing is known of what lies between."""
    given = pipe(-1000, points=[(0, 0), (30_000, 0)])
    areas: list[Object] = [
        area("west", square(-5000, -5000, 10_000), 0),
        area("east", square(25_000, -5000, 10_000), 0),
    ]
    (finding,) = judged([given], areas, RULES).findings
    assert finding.cause == "cover_unknown"
    assert [(s.start, s.end) for s in finding.stretches] == [(5000, 25_000)]
