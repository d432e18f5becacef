"""Which surfaces lie over a part, and what is asked of its cover there: every one its width touches, and where none is
known, any of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest

from registry.core.case import Case
from registry.core.cover import Cover, profile
from registry.core.findings import Finding
from registry.core.kernels import Axis, plan_nearest, point_in_rings
from registry.core.model import SURFACES, GroundLevel, Part, Point, Uncertainty, Zone
from registry.core.solids import Corridor
from registry.core.surfaces import touching
from registry.core.verdict import Verdict
from tests.core.building import (
    HERE,
    application,
    corridor,
    here,
    judged,
    line,
    part,
    rounded,
    ruleset,
    shaft,
    square,
    star,
    volume,
)

THEME = "rioolVrijverval"
STRICT = ruleset(covers=[(THEME, "any", 1000, None), (THEME, "carriageway", 1500, None)])
STREET: list[Point] = [(-5000, -5000), (105_000, -5000), (105_000, 5000), (-5000, 5000)]


def zone(value: str, west: int, south: int, east: int, north: int, name: str | None = None) -> Zone:
    return Zone(name or value, "surface", value, here([(west, south), (east, south), (east, north), (west, north)]))


def pipe(level: int, *points: Point, width: int = 400, off: Uncertainty = Uncertainty()) -> Part:  # noqa: B008, frozen
    given = list(points or [(0, 0), (100_000, 0)])
    return part("p", line(given, level, rounded(width), of="top", ground=[0] * len(given)), uncertainty=off)


def verdict(level: int, *zones: Zone, covers: Sequence[tuple[str, str, int, int | None]] = ()) -> Verdict:
    rules = ruleset(covers=covers) if covers else STRICT
    return judged([pipe(level)], zones, rules)


def short(found: Verdict) -> list[tuple[str, str, str | None, tuple[tuple[int, int], ...]]]:
    """Of every finding its cause, certainty, surface and stretches."""
    return [(f.cause, f.certainty, f.surface, tuple((s.start, s.end) for s in f.stretches)) for f in found.findings]


WHOLE = ((0, 100_000),)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (-1500, []),
        (-1499, [("cover_unknown", "undetermined", None, WHOLE)]),
        (-1000, [("cover_unknown", "undetermined", None, WHOLE)]),
        (-999, [("cover_too_small", "certain", None, WHOLE)]),
    ],
)
def test_where_the_surface_is_unknown_every_cell_may_hold(level: int, expected: list[object]) -> None:
    found = verdict(level)
    assert short(found) == expected
    for finding in found.findings:
        assert finding.gap is not None
        assert finding.required is not None
        assert finding.gap.vertical == -level
        if finding.cause == "cover_unknown":
            assert (finding.lacking, finding.required.vertical, finding.between) == (
                ("surface",), 1500, (THEME, "carriageway")
            )  # fmt: skip
        else:
            assert (finding.required.vertical, finding.between) == (1000, (THEME, "any"))


def test_a_zone_of_a_type_without_a_cell_is_any_and_not_unknown() -> None:
    path = zone("footway", -5000, -5000, 105_000, 5000)
    assert short(verdict(-1000, path)) == []
    assert [item.id for item in verdict(-1000, path).basis] == ["footway"]
    assert short(verdict(-999, path)) == [("cover_too_small", "certain", None, WHOLE)]


def test_without_a_cell_for_any_nothing_is_asked_of_the_other_types() -> None:
    only = [(THEME, "carriageway", 1500, None)]
    path = zone("footway", -5000, -5000, 105_000, 5000)
    assert short(verdict(0, path, covers=only)) == []
    # The surface may be one of which nothing is asked: not certain, however shallow.
    assert short(verdict(0, covers=only)) == [("cover_unknown", "undetermined", None, WHOLE)]
    assert short(verdict(-1500, covers=only)) == []
    every = [(THEME, surface, 1000 + 100 * k, None) for k, surface in enumerate(SURFACES)]
    found = verdict(-999, covers=every)
    assert short(found) == [("cover_too_small", "certain", None, WHOLE)]
    assert found.findings[0].required is not None
    assert found.findings[0].required.vertical == 1000
    assert short(verdict(-1000, covers=every)) == [("cover_unknown", "undetermined", None, WHOLE)]


def test_with_a_cell_for_any_alone_no_surface_is_needed() -> None:
    only = [(THEME, "any", 1000, None)]
    assert short(verdict(-1000, covers=only)) == []
    road = zone("carriageway", -5000, -5000, 105_000, 5000)
    assert verdict(-1000, road, covers=only).basis == ()


def test_too_deep_for_some_surfaces_is_undetermined_too() -> None:
    most = [(THEME, "any", 1000, None), (THEME, "verge", 1000, 2000)]
    assert short(verdict(-2000, covers=most)) == []
    assert short(verdict(-2001, covers=most)) == [("cover_unknown", "undetermined", None, WHOLE)]


def test_where_cover_is_unknown_the_surface_is_needed_as_well() -> None:
    bare = part("p", line([(0, 0), (9000, 0)], -1000, rounded(400), of="top"))
    (finding,) = judged([bare], [], STRICT).findings
    assert finding.lacking == ("ground_level", "surface")
    road = zone("carriageway", -5000, -5000, 105_000, 5000)
    (finding,) = judged([bare], [road], STRICT).findings
    assert (finding.lacking, finding.surface) == (("ground_level",), "carriageway")


def test_only_the_last_metre_of_a_long_pipe_touches_the_carriageway() -> None:
    """In the footway along y = 0, the pipe's side at y = 200; from x = 99 000 the carriageway begins at y = 150."""
    path = zone("footway", -5000, -5000, 105_000, 150)
    beside = zone("verge", -5000, 150, 99_000, 5000)
    road = zone("carriageway", 99_000, 150, 105_000, 5000)
    (finding,) = verdict(-1200, path, beside, road).findings
    assert (finding.cause, finding.certainty, finding.surface) == ("cover_too_small", "certain", "carriageway")
    # √(200² − 150²) = 132.3 before the corner of the carriageway.
    assert [(s.start, s.end) for s in finding.stretches] == [(98_867, 100_000)]


@pytest.mark.parametrize(("edge", "touched"), [(199, True), (200, False)])
def test_what_only_meets_the_side_is_not_touched(edge: int, touched: bool) -> None:
    path = zone("footway", -5000, -5000, 105_000, edge)
    road = zone("carriageway", -5000, edge, 105_000, 5000)
    assert bool(verdict(-1200, path, road).findings) is touched


def test_a_pipe_on_a_seam_is_in_both_zones_and_nothing_is_unknown() -> None:
    path, road = zone("footway", -5000, -5000, 105_000, 0), zone("carriageway", -5000, 0, 105_000, 5000)
    assert short(verdict(-1200, path, road)) == [("cover_too_small", "certain", "carriageway", WHOLE)]
    assert short(verdict(-1500, path, road)) == []


def test_a_side_outside_every_zone_is_unknown() -> None:
    path = zone("footway", -5000, -5000, 105_000, 200)
    assert short(verdict(-1200, path)) == []
    path = zone("footway", -5000, -5000, 105_000, 199)
    assert short(verdict(-1200, path)) == [("cover_unknown", "undetermined", None, WHOLE)]


@pytest.mark.parametrize(("apart", "stretches"), [(1, ()), (2, ((50_000, 50_002),))])
def test_two_zones_drawn_a_millimetre_apart_leave_nothing_unknown(apart: int, stretches: tuple[object, ...]) -> None:
    west, east = zone("footway", -5000, -5000, 50_000, 5000), zone("verge", 50_000 + apart, -5000, 105_000, 5000)
    found = short(verdict(-1200, west, east))
    assert found == ([("cover_unknown", "undetermined", None, stretches)] if stretches else [])


def test_a_carriageway_reached_by_a_round_end_alone_is_possible() -> None:
    """A pipe ends flat 100 before the carriageway; its round end is drawn 200 beyond."""
    path, road = zone("footway", -5000, -5000, 100_100, 5000), zone("carriageway", 100_100, -5000, 105_000, 5000)
    (finding,) = verdict(-1200, path, road).findings
    assert (finding.certainty, finding.surface) == ("possible_end", "carriageway")
    path, road = zone("footway", -5000, -5000, 99_999, 5000), zone("carriageway", 99_999, -5000, 105_000, 5000)
    (finding,) = verdict(-1200, path, road).findings
    assert finding.certainty == "certain"


@pytest.mark.parametrize("long", [250, 500, 1000, 20_000])
@pytest.mark.parametrize("gap", [0, 10])
def test_a_pipe_in_pieces_touches_a_carriageway_as_the_whole_pipe_does(long: int, gap: int) -> None:
    """A pipe of 1.20 m with its side under the carriageway: in pieces it is nothing but ends, and they go on."""
    path, road = zone("footway", -5000, -5000, 105_000, 550), zone("carriageway", -5000, 550, 105_000, 5000)
    pieces = [
        replace(pipe(-1200, (x, 0), (x + long - gap, 0), width=1200), id=f"p{x:05}") for x in range(0, 20_000, long)
    ]
    verdict = judged(pieces, [path, road], STRICT)
    found = {(f.place.part, f.certainty) for f in verdict.findings if f.surface == "carriageway"}
    assert found == {(piece.id, "certain") for piece in pieces}
    alone = judged([replace(pieces[0], geometry=pipe(-1200, (0, 0), (500, 0), width=1200).geometry)], [road], STRICT)
    assert "certain" not in {f.certainty for f in alone.findings}


def test_a_carriageway_within_the_uncertainty_sideways_is_possible() -> None:
    path, road = zone("footway", -5000, -5000, 105_000, 300), zone("carriageway", -5000, 300, 105_000, 5000)
    assert judged([pipe(-1200, off=Uncertainty(100, 0))], [path, road], STRICT).findings == ()
    (finding,) = judged([pipe(-1200, off=Uncertainty(101, 0))], [path, road], STRICT).findings
    assert (finding.certainty, finding.surface) == ("possible", "carriageway")
    assert finding.uncertainty is not None
    assert finding.uncertainty.horizontal == 101


def of_shaft(top: int, *zones: Zone) -> list[tuple[str, str | None]]:
    ground = GroundLevel("g", 0, outer=here(STREET))
    pit = part("p", shaft((0, 0), -5000, top, rounded(1000)))
    return [(f.certainty, f.surface) for f in judged([pit], [ground, *zones], STRICT).findings]


def test_a_shaft_is_a_disk() -> None:
    around = zone("footway", -2000, -2000, 2000, 499)
    assert of_shaft(-1200) == [("undetermined", None)]
    assert of_shaft(-1200, around) == [("undetermined", None)]
    whole = zone("footway", -2000, -2000, 2000, 500)
    assert of_shaft(-1200, whole) == []
    assert of_shaft(-1200, whole, zone("carriageway", -100, 499, 100, 600)) == [("certain", "carriageway")]
    assert of_shaft(-1200, whole, zone("carriageway", -100, 500, 100, 600)) == []
    # The corner of the road lies (300, 400) away: 500, just not within the disk.
    assert of_shaft(-1200, whole, zone("carriageway", 300, 400, 900, 900)) == []
    assert of_shaft(-1200, whole, zone("carriageway", 299, 400, 900, 900)) == [("certain", "carriageway")]


def of_tank(*zones: Zone) -> list[tuple[str, str | None]]:
    ground = GroundLevel("g", 0, outer=here(STREET))
    tank = part("p", volume(square(0, 0, 1000), -5000, -1200), object_kind="tank")
    return sorted((f.certainty, f.surface or "") for f in judged([tank], [ground, *zones], STRICT).findings)


def test_a_volume_lies_under_every_zone_it_touches_and_needs_one_that_holds_it() -> None:
    assert of_tank() == [("undetermined", "")]
    assert of_tank(zone("footway", 0, 0, 1000, 1000)) == []
    assert of_tank(zone("footway", 0, 0, 1000, 1000), zone("carriageway", 1000, 0, 2000, 1000)) == [
        ("certain", "carriageway")
    ]
    assert of_tank(zone("footway", 0, 0, 1000, 1000), zone("carriageway", 1001, 0, 2000, 1000)) == []
    halves = zone("footway", 0, 0, 500, 1000), zone("verge", 500, 0, 1000, 1000)
    assert of_tank(*halves) == [("undetermined", "")]
    inside = zone("carriageway", 400, 400, 500, 500)
    assert of_tank(zone("footway", 0, 0, 1000, 1000), inside) == [("certain", "carriageway")]


def on(p: Axis, f: Fraction, aside: Fraction, along: Fraction) -> tuple[Fraction, Fraction]:
    """A point ``aside`` and ``along`` a place on an axis, as fractions of its direction turned and not."""
    ux, uy = p.x1 - p.x0, p.y1 - p.y0
    return p.x0 + f * ux - aside * uy + along * ux, p.y0 + f * uy + aside * ux + along * uy


def distance_within(p: tuple[Fraction, Fraction], drawn: Zone, limit: Fraction) -> bool:
    if point_in_rings(*p, drawn.outer, drawn.holes) >= 0:
        return True
    point = Axis(*p, 0, *p, 0)
    for k, corner in enumerate(drawn.outer):
        near = plan_nearest(point, Axis(*drawn.outer[k - 1], 0, *corner, 0), None)
        if near is not None and Fraction(near.num) / near.den <= limit * limit:
            return True
    return False


def scene(rng: random.Random) -> tuple[Corridor, Part, list[Zone]]:
    step = rng.choice([1, 1, 250])
    points: list[Point] = [(0, 0)]
    while len(points) < 3:
        nearby = (rng.randint(-3000, 3000) // step * step, rng.randint(-3000, 3000) // step * step)
        points += [nearby] if nearby != points[-1] else []
    width = rng.choice([100, 315, 400, 1000])
    zones = []
    for k in range(rng.randint(1, 4)):
        x, y = rng.randint(-2500, 2500) // step * step, rng.randint(-2500, 2500) // step * step
        ring = square(x, y, rng.choice([250, 1000, 3000])) if rng.random() < 0.5 else star(rng, x, y, 100, 2000, 6)
        zones.append(Zone(f"z{k}", "surface", SURFACES[k], here(ring)))
    given = line(points, -1200, rounded(width), of="top", ground=[0, 0, 0])
    return corridor(given), part("p", given), zones


def over(covers: Sequence[Cover], chainage: Fraction) -> set[str | None]:
    return {c.surface for c in covers if c.stretch and c.stretch[0] <= chainage <= c.stretch[1] + 1}


@pytest.mark.parametrize("seed", range(10))
def test_no_surface_over_the_width_is_missed(seed: int) -> None:
    """Points taken at random over the width: whatever lies over one is found there; what is found is near enough."""
    rng = random.Random(seed)
    hits = unknowns = 0
    for _ in range(40):
        solid, given, zones = scene(rng)
        width = solid.width or 0
        covers = profile(Case.of(application(given), zones, STRICT), given, True)
        for segment, length in zip(solid.segments, solid.lengths, strict=True):
            long = Fraction(length, 1000)
            for _ in range(12):
                f, turn = Fraction(rng.randint(0, 1000), 1000), Fraction(rng.randint(-99, 99), 100)
                aside = turn * width / 2 / long
                chainage = Fraction(solid.chainage(segment.index, f))
                found = over(covers, chainage)
                place = on(segment.axis, f, aside, Fraction(0))
                lies_in = {z.value for z in zones if point_in_rings(*place, z.outer, z.holes) > 0}
                assert lies_in <= found
                hits += len(lies_in)
                on_axis = on(segment.axis, f, Fraction(0), Fraction(0))
                if not any(point_in_rings(*on_axis, z.outer, z.holes) >= 0 for z in zones):
                    assert None in found
                    unknowns += 1
        for z in zones:
            for segment, length in zip(solid.segments, solid.lengths, strict=True):
                for low, high in touching(segment, width, (z.outer, z.holes)):
                    for f in (low, (low + high) / 2, high):
                        place = on(segment.axis, f, Fraction(0), Fraction(0))
                        near = Fraction(width, 2) + Fraction(1, 1000)
                        assert distance_within(place, z, near) or (high - low) * length > 1_000_000
    assert hits > 100
    assert unknowns > 100


@pytest.mark.parametrize("turn", range(4))
def test_a_turned_drawing_is_judged_alike(turn: int) -> None:
    """A corner just within half the width of an oblique pipe: exact in every direction."""

    def turned(points: Sequence[Point]) -> list[Point]:
        for _ in range(turn):
            points = [(-y, x) for x, y in points]
        return list(points)

    slope = turned([(0, 0), (4000, 3000)])
    for corner, touched in (((2000 - 120, 1500 + 160), False), ((2000 - 119, 1500 + 159), True)):
        x, y = corner
        ring = turned([(x, y), (x, y + 900), (x - 900, y + 900), (x - 900, y)])
        spans = touching(corridor(line(slope, 0, rounded(400))).segments[0], 400, (here(ring), ()))
        assert bool(spans) is touched


def findings_of(level: int, zones: Sequence[Zone]) -> tuple[Finding, ...]:
    return judged([pipe(level, (0, 0), (5000, 3000), (9000, 0))], zones, STRICT).findings


def test_what_the_verdict_rests_on_gives_the_same_verdict() -> None:
    rng = random.Random(7)
    for _ in range(40):
        rings = [star(rng, rng.randint(0, 9000), rng.randint(0, 3000), 500, 4000, 7) for _ in range(4)]
        zones = [Zone(f"z{k}", "surface", rng.choice(SURFACES), here(ring)) for k, ring in enumerate(rings)]
        whole = judged([pipe(-1200, (0, 0), (5000, 3000), (9000, 0))], zones, STRICT)
        again = judged([pipe(-1200, (0, 0), (5000, 3000), (9000, 0))], whole.basis, STRICT)
        assert again.sha256 == whole.sha256


def test_a_place_is_where_the_axis_is() -> None:
    road = zone("carriageway", -5000, -5000, 105_000, 5000)
    (finding,) = findings_of(-1200, [road])
    assert (finding.place.x - HERE[0], finding.place.y - HERE[1]) == (0, 0)
