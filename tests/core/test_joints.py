"""Where lines come together: ends that go on are no caps, and a joint hides no overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from registry.core.joins import joined_ends
from registry.core.model import Asset, Object, Part, Point, Relation, Size
from registry.core.verdict import Verdict
from tests.core.building import HERE, asset, corridor, judged, line, part, reservation, rounded, ruleset, shaft

RULES = ruleset((200, 200))
OWN = "Riolering"


def pipe(name: str, *points: Point, width: int = 1200, level: int = -2000, relations: Sequence[Relation] = ()) -> Part:
    return part(name, line(points, level, rounded(width)), relations=relations)


def own(name: str, *points: Point, width: int = 1200, level: int = -2000) -> Asset:
    return replace(asset(name, line(points, level, rounded(width)), "rioolVrijverval"), holder=OWN)


def against_heat(parts: list[Part], objects: Sequence[Object] = ()) -> set[str]:
    """How certain the clashes with a heat reservation are, that runs 0.10 m beside a pipe of 1.20 m on y = 0."""
    held = reservation("heat", line([(-9000, 900), (9000, 900)], -2000, rounded(400)))
    findings = judged(parts, [held, *objects], RULES).findings
    return {f.certainty for f in findings if f.counterparts[0].id == "heat"}


@pytest.mark.parametrize("gap", [0, 11, 500])
def test_a_pipe_in_short_pieces_has_no_end_caps_between_them(gap: int) -> None:
    """Pieces of 0.50 m, 1.20 m wide: what each is by itself, a disk of 0.50 m, would pass."""
    pieces = [pipe(f"p{k}", (k * (500 + gap), 0), (k * (500 + gap) + 500, 0)) for k in range(3)]
    assert "certain" in against_heat(pieces)
    assert against_heat([pieces[0]]) == {"possible_end"}


def test_pieces_apart_or_above_each_other_stay_pieces() -> None:
    assert against_heat([pipe("p0", (0, 0), (500, 0)), pipe("p1", (1101, 0), (1601, 0))]) == {"possible_end"}
    above = pipe("p1", (500, 0), (1000, 0), level=-500)
    assert "certain" not in against_heat([pipe("p0", (0, 0), (500, 0)), above])


def test_what_lies_there_in_pieces_has_no_caps_between_them_either() -> None:
    short = [own(f"a{k}", (k * 500, 0), (k * 500 + 500, 0)) for k in range(3)]
    crossing = replace(pipe("p", (-9000, 900), (9000, 900), width=400), theme="warmte")
    findings = judged([crossing], short, RULES).findings
    assert {f.certainty for f in findings if f.counterparts[0].id == "a1"} == {"certain"}
    assert {f.certainty for f in judged([crossing], short[:1], RULES).findings} == {"possible_end"}


def test_which_ends_are_joined() -> None:
    lines = {
        "main": corridor(line([(0, 0), (9000, 0)], -2000, rounded(400))),
        "on": corridor(line([(9000, 0), (9500, 0)], -2000, rounded(400))),
        "branch": corridor(line([(4000, 100), (4000, 5000)], -2000, rounded(200))),
        "deeper": corridor(line([(0, 0), (0, 5000)], -2401, rounded(400))),
        "beside": corridor(line([(2000, 201), (2000, 5000)], -2000, rounded(200))),
        "unknown": corridor(line([(6000, 0), (6000, 5000)], None, rounded(200))),
    }
    assert joined_ends(lines) == {
        "main": (False, True),
        "on": (True, False),
        "branch": (True, False),
        "deeper": (False, False),
        "beside": (False, False),
        "unknown": (True, False),
    }


def continuing(*points: Point, width: int = 400) -> Verdict:
    said = [Relation("continues", "asset", "a")]
    return judged([pipe("p", *points, width=width, relations=said)], [own("a", (0, 0), (9000, 0), width=400)], RULES)


@pytest.mark.parametrize(
    "points",
    [
        ((0, 0), (-5000, 0)),
        ((0, 0), (0, 5000)),  # a right angle
        ((-5000, 0), (0, 0)),
        ((0, 0), (-1000, 0), (-1000, 5000)),
    ],
)
def test_what_goes_on_fits(points: tuple[Point, ...]) -> None:
    verdict = continuing(*points)
    assert (verdict.outcome, len(verdict.relations)) == ("fits", 1)


@pytest.mark.parametrize(
    ("points", "accepted"),
    [
        (((0, 0), (350, 0)), False),  # a stub within what it says it continues
        (((0, 0), (5000, 100)), False),
        (((0, 0), (-1, 0), (350, 0)), False),
        (((0, 0), (-500, 0), (-500, 500), (5000, 100)), True),  # comes back over it farther on
    ],
)
def test_what_goes_back_is_overlap(points: tuple[Point, ...], accepted: bool) -> None:
    verdict = continuing(*points)
    assert bool(verdict.relations) == accepted
    assert verdict.outcome in ("conflict", "fits_with_conditions")
    assert {f.cause for f in verdict.findings} >= {"overlap"}
    if max(x for x, _ in points) > 400:
        assert verdict.outcome == "conflict"


def test_a_joint_of_two_parts_hides_no_overlap_whoever_says_it() -> None:
    back = [(0, 0), (-600, 0), (-600, 600), (5000, 100)]
    for said in ([Relation("continues", "part", "q")], []):
        other = [] if said else [Relation("continues", "part", "p")]
        parts = [
            pipe("p", *back, width=400, relations=said),
            pipe("q", (0, 0), (9000, 0), width=400, relations=other),
        ]
        assert judged(parts, [], RULES).outcome == "conflict"


def connecting(end: int, theme: str = "laagspanning", kind: str = "line") -> Verdict:
    """A cable from the north that ends ``end`` mm from the axis of a main 0.40 wide, and connects to it."""
    point = (HERE[0] + 1000, HERE[1] + min(max(end, 0), 200), None)
    said = [Relation("connects", "asset", "a", point)]
    cable = replace(pipe("p", (1000, 5000), (1000, end), width=50, relations=said), theme=theme)
    main = replace(own("a", (0, 0), (9000, 0), width=400), theme="gasLageDruk", object_kind=kind)
    return judged([cable], [main], RULES)


def test_a_line_of_another_theme_ends_at_the_face_of_what_it_connects_to() -> None:
    assert connecting(225).outcome == "fits"
    assert connecting(200).outcome == "fits_with_conditions"  # its round end is drawn 0.025 into the main
    assert connecting(-2000).outcome == "conflict"
    assert connecting(0, theme="gasLageDruk").outcome == "fits"


def test_the_last_word_on_what_stays_is_that_it_stays() -> None:
    there = [own("old", (0, 0), (9000, 0))]
    gone, later = Relation("removes", "asset", "old"), Relation("removes", "asset", "old", removal_date="2099-01-01")
    left = Relation("replaces", "asset", "old", left_in_ground=True)
    crossing = ((1000, 5000), (1000, -5000))
    assert judged([pipe("p", *crossing, relations=[gone])], there, RULES).outcome == "fits"
    for other in (later, left):
        both = [pipe("p", *crossing, relations=[gone]), pipe("q", (50_000, 0), (60_000, 0), relations=[other])]
        assert judged(both, there, RULES).outcome == "conflict"


def test_only_what_can_hold_something_holds_it() -> None:
    said = [Relation("inside", "asset", "a")]
    cable = part("p", line([(0, 0), (9000, 0)], -2000, rounded(50)), relations=said)
    main = replace(own("a", (0, 0), (9000, 0), width=400))
    bored = Size("round", "inner", 350, 350, 25)
    inner = replace(main, geometry=line([(0, 0), (9000, 0)], -2000, bored))
    for target, faults, outcome in (
        (inner, ["not_a_container"], "conflict"),
        (replace(inner, object_kind="duct"), [], "fits"),
        (replace(inner, status="disused"), [], "fits"),
        (replace(main, object_kind="duct"), ["bore_unknown"], "fits_with_conditions"),
    ):
        verdict = judged([cable], [target], RULES)
        assert [f.fault for f in verdict.findings if f.fault] == faults
        assert verdict.outcome == outcome


def test_a_pipe_within_a_pipe_is_no_joint_however_often_they_are_said_to_connect() -> None:
    there = own("a", (0, 0), (20_000, 0), width=400)
    at = [Relation("connects", "asset", "a", (HERE[0] + x, HERE[1], None)) for x in range(0, 10_001, 1000)]
    assert judged([pipe("p", (0, 100), (10_000, 100), width=400, relations=at)], [there], RULES).outcome == "conflict"
    for aslant in (3_000, 10_000):  # from 31 degrees on
        meeting = pipe("p", (5000, 0), (10_000, aslant), width=400, relations=at[5:6])
        assert judged([meeting], [there], RULES).outcome == "fits"


def test_a_wide_pipe_keeps_no_cap_in_a_narrow_one() -> None:
    wide, narrow = pipe("a", (0, 0), (5000, 0)), pipe("b", (5000, 0), (10_000, 0), width=300)
    narrow = replace(narrow, relations=(Relation("continues", "part", "a"),))
    beside = asset("x", shaft((5400, 450), -4000, -2000, rounded(50)), "gasHogeDruk")
    assert {f.certainty for f in judged([wide, narrow], [beside], RULES).findings} == {"possible_end"}


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        ((-1450, 0, -1050), (1450, 0, -1050), True),  # across a shaft 3 m wide, from wall to wall
        ((-1455, 0, -1050), (1450, 0, -1050), False),
        ((0, 0, -1050), (1000, 1000, -2900), True),
        ((0, 0, -1000), (1000, 0, -2900), False),  # the top of the shaft is at -1.000
        ((0, 0, -1050), (1000, 0, -3000), False),
    ],
)
def test_what_lies_in_a_manhole_of_which_a_point_is_given(
    start: tuple[int, int, int], end: tuple[int, int, int], inside: bool
) -> None:
    said = [Relation("inside", "asset", "m")]
    cable = part("p", line([start[:2], end[:2]], [start[2], end[2]], rounded(100)), relations=said)
    chamber = asset("m", shaft((0, 0), -3000, -1000, rounded(3000)), holder=OWN, object_kind="chamber")
    assert (judged([cable], [chamber], RULES).outcome == "fits") == inside
