"""Remedies that hold: what an unknown size leaves open, no distance aside past what runs through, forgotten joints."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.core.model import Asset, Line, Object, Part, Point, Relation, Size
from registry.core.verdict import judge
from registry.formats.sentences import sentence
from tests.core.building import (
    application,
    asset,
    boxed,
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
from tests.formats.test_report import RULES, heat, remedies_on, report_on, reported, same_theme, sewer

ANY_DEPTH = ruleset((500, None))


# An unknown size


def unsized(*points: Point) -> Asset:
    return Asset("u", "water", "line", line(points, -2_000, None), "Vitens")


def test_a_certain_conflict_with_an_unknown_size_tells_at_most_what_there_is() -> None:
    objects: list[Object] = [unsized((0, 505), (20_000, 505))]
    (finding,) = judged([sewer()], objects, ANY_DEPTH).findings
    assert (finding.certainty, finding.lacking) == ("certain", ("size",))
    text = report_on([sewer()], objects, rules=ANY_DEPTH)
    assert "Sideways there is at most 0.305 m, the size being unknown; 0.500 m is required, so at least 0.195" in text
    assert "Make at least 0.195 m more room sideways" in text
    assert "How much more depends on its size. Ask Vitens for the outer size" in text
    dutch = report_on([sewer()], objects, "nl", ANY_DEPTH)
    assert "Zijdelings is er maximaal 0,305 m, want de maat is onbekend" in dutch
    assert "het tekort is minstens 0,195 m" in dutch
    assert "Maak zijdelings minstens 0,195 m meer ruimte" in dutch


def test_alone_too_it_tells_at_most() -> None:
    (finding,) = judged([sewer()], [unsized((0, 150), (20_000, 150))], ANY_DEPTH).findings
    text = sentence(finding, ANY_DEPTH, "en")
    assert "they overlap by at least 0.050 m, the size being unknown" in text
    assert "so at least 0.550 m is missing" in text


def test_where_only_the_height_is_unknown_the_width_is_told_exactly() -> None:
    flat = Size("rectangular", "outer", 400, None)
    objects: list[Object] = [Asset("u", "water", "line", line([(0, 705), (20_000, 705)], -2_000, flat), "Vitens")]
    text = report_on([sewer()], objects, rules=ANY_DEPTH)
    assert "Sideways there is 0.305 m; 0.500 m is required, so 0.195 m is missing." in text
    assert "at most" not in text


# Through the other


CROSSED = heat((10_000, -3_000), (10_000, 3_000))


def test_past_what_it_crosses_no_distance_aside_is_told() -> None:
    for lang, said, never in (("en", "go round it", "aside by"), ("nl", "ga eromheen", "verder opzij")):
        (text,) = remedies_on([sewer()], [CROSSED], lang)  # type: ignore[arg-type]
        assert said in text
        assert never not in text
        assert "0.600" not in text.replace(",", ".").replace("0.600 m more room vertically", "").replace(
            "0.600 m meer verticale", ""
        )
    assert "Pass over or under it with 0.600 m more room vertically" in remedies_on([sewer()], [CROSSED])[0]


def test_where_it_crosses_it_is_right_that_no_distance_aside_helps() -> None:
    """Moved by what is missing, and much farther, it crosses still."""
    (finding,) = judged([sewer()], [CROSSED], RULES).findings
    assert finding.missing is not None
    assert finding.missing.horizontal == 600
    for aside in (600, 2_000):
        assert judged([sewer((0, aside), (20_000, aside))], [CROSSED], RULES).findings


@pytest.mark.parametrize(
    ("points", "through"),
    [
        ([(10_000, -3_000), (10_000, 3_000)], True),
        ([(10_000, -3_000), (10_000, 0), (12_000, 3_000)], True),  # a vertex on the other's axis
        ([(-5_000, 0), (10_000, 0), (10_000, 3_000)], True),  # along it for a while
        ([(10_000, 0), (10_000, 3_000)], False),  # ends on it
        ([(0, 0), (20_000, 0)], False),  # the same axis
        ([(0, 100), (20_000, 100)], False),  # beside it, overlapping
        ([(0, -50), (20_000, 100)], True),  # at a small angle
    ],
)
def test_what_runs_through_is_told_from_what_lies_over_or_ends_at_it(points: list[Point], through: bool) -> None:
    (text, *_) = remedies_on([sewer()], [replace(heat(*points), theme="water")])
    assert ("In plan the one runs through or into the other" in text) == through
    assert ("farther aside" in text) != through


def test_bent_alike_two_lines_do_not_run_through_each_other() -> None:
    points = (0, 0), (10_000, 0), (20_000, 5_000)
    (text, *_) = remedies_on([sewer(*points)], [replace(heat(*points), theme="water")])
    assert "farther aside" in text


def test_what_crosses_elsewhere_at_another_depth_does_not_count() -> None:
    """Under it at 5 m, far deeper; beside it, too near, from 12 m on."""
    deep = line([(5_000, -2_000), (5_000, 2_000), (12_000, 300), (20_000, 300)], [-9_000, -9_000, -2_000, -2_000],
                rounded(400))  # fmt: skip
    (text,) = remedies_on([sewer()], [asset("w", deep, "water")])
    assert "0.300 m farther aside" in text


def test_an_axis_that_enters_a_footprint_has_to_go_round() -> None:
    tank = asset("t", volume(square(8_000, -2_000, 4_000), -3_000, -1_000), "water_storage", object_kind="tank")
    (text,) = remedies_on([sewer()], [tank])
    assert "Pass over or under it with" in text
    assert "go round it" in text
    assert "aside" in text.split("go round")[0]
    assert "farther aside" not in text
    beside = asset("t", volume(square(8_000, 100, 4_000), -3_000, -1_000), "water_storage", object_kind="tank")
    assert "0.300 m farther aside" in remedies_on([sewer()], [beside])[0]


def test_two_volumes_overlap_at_least_so_deep() -> None:
    tank = asset("t", volume(square(0, 0, 4_000), -3_000, -1_000), "water_storage", object_kind="tank")
    asked = part("p", volume(square(3_000, 3_000, 4_000), -3_000, -1_000), object_kind="tank")
    (text,) = remedies_on([asked], [tank])
    assert "lay it at least " in text


def test_at_any_depth_what_crosses_has_to_go_round_or_across() -> None:
    (text,) = remedies_on([sewer()], [CROSSED], rules=ANY_DEPTH)
    assert text.startswith("In plan the one runs through or into the other: moving it aside does not undo that, nor")
    assert text.endswith("Go round it.")


def test_a_crossing_of_unknown_depth_is_not_said_to_be_mended_sideways() -> None:
    unknown = Asset("g", "gasLageDruk", "line", line([(10_000, -3_000), (10_000, 3_000)], None, rounded(200)), "Gasnet")
    assert "no longer matters" not in report_on([sewer()], [unknown])
    beside = replace(unknown, geometry=line([(0, 400), (20_000, 400)], None, rounded(200)))
    assert "With 0.100 m more room sideways the depth no longer matters." in report_on([sewer()], [beside])


# Two parts of one application


def pipe(name: str, *points: Point, level: int = -2_000, theme: str = "rioolVrijverval") -> Part:
    return part(name, line(points, level, rounded(400)), theme)


JOINED = "If the two are joined where they meet, say so in the application: relation continues where the one goes on"
CHAMBER = part("put", shaft((20_000, 0), -3_000, 0, rounded(800)), object_kind="manhole")


@pytest.mark.parametrize(
    ("parts", "only"),
    [
        ([pipe("a", (0, 0), (20_000, 0)), CHAMBER], True),  # ends in it
        ([pipe("a", (0, 0), (40_000, 0)), CHAMBER], True),  # runs through it
        ([pipe("a", (0, 0), (20_000, 0)), pipe("b", (20_000, 0), (20_000, 20_000))], True),  # a bend
        ([pipe("a", (0, 0), (20_000, 0)), pipe("b", (20_000, 0), (30_000, -10_000))], True),
        ([pipe("a", (0, 0), (20_000, 0)), pipe("b", (10_000, 0), (10_000, 20_000))], True),  # a branch
        ([pipe("a", (0, 0), (20_000, 0)), pipe("b", (20_000, 0), (5_000, 0))], False),  # back over it
    ],
)
def test_a_joint_of_two_parts_that_was_forgotten_is_named(parts: list[Part], only: bool) -> None:
    texts = remedies_on(parts, [])
    assert texts
    assert all(JOINED in text for text in texts)
    assert (texts == [f"{JOINED} in the other, else relation connects, with the point."]) == only
    assert "relatie connects, met het punt" in remedies_on(parts, [], "nl")[0]


def test_the_joint_that_was_named_is_the_remedy() -> None:
    first, second = pipe("a", (0, 0), (20_000, 0)), pipe("b", (20_000, 0), (20_000, 20_000))
    x, y = second.geometry.vertices[0] if isinstance(second.geometry, Line) else (0, 0)
    for relation in (Relation("continues", "part", "a"), Relation("connects", "part", "a", point=(x, y, None))):
        assert judge(application(first, replace(second, relations=(relation,))), [], RULES).findings == ()
    manhole = Relation("connects", "part", "put", point=(x, y, None))
    assert judge(application(replace(first, relations=(manhole,)), CHAMBER), [], RULES).findings == ()


@pytest.mark.parametrize(
    "parts",
    [
        [pipe("a", (0, 0), (20_000, 0)), pipe("b", (10_000, -5_000), (10_000, 5_000))],  # they cross
        [pipe("a", (0, 0), (20_000, 0)), pipe("b", (20_000, 0), (40_000, 0), theme="water")],  # of another theme
        [pipe("a", (0, 0), (20_000, 0)), replace(CHAMBER, relations=(Relation("inside", "part", "a"),))],  # said
    ],
)
def test_no_joint_is_suggested_where_none_is_likely_or_something_was_said(parts: list[Part]) -> None:
    assert JOINED not in report_on(parts, [])


def test_a_cable_in_the_applications_own_duct_is_suggested_to_lie_inside() -> None:
    duct = part("duct", line([(0, 0), (20_000, 0)], -2_000, rounded(160)), "middenspanning", object_kind="duct")
    cable = part("cable", line([(2_000, 0), (18_000, 0)], -2_000, boxed(60, 60)), "middenspanning")
    assert "If the one lies inside the other, say so in the application (relation inside)." in report_on(
        [duct, cable], []
    )


def test_of_an_asset_the_relation_is_named_as_before() -> None:
    assert "replaces, connects or continues" in remedies_on([sewer()], [same_theme((20_000, 0), (40_000, 0))])[0]


# Names that are nearly the same


@pytest.mark.parametrize(
    ("applicant", "consents", "holder", "asked"),
    [
        ("Waterbedrijf", [], "waterbedrijf", "Is “waterbedrijf” the same as the applicant “Waterbedrijf”?"),
        ("Waterbedrijf", [], "Water bedrijf", "Is “Water bedrijf” the same as the applicant “Waterbedrijf”?"),
        ("Riolering", ["VITENS"], "Vitens", "Is “Vitens” the same as “VITENS”, whose consent is recorded?"),
        ("Riolering", ["VITENS"], "Vitens Noord", ""),
        ("Riolering", [], "Waterbedrijf", ""),
    ],
)
def test_a_holder_that_differs_by_case_or_space_only_is_shown_beside_the_other(
    applicant: str, consents: list[str], holder: str, asked: str
) -> None:
    old = replace(same_theme((0, 0), (20_000, 0)), holder=holder)
    filed = application(sewer(relations=[Relation("replaces", "asset", "old")]), consents=consents)
    filed = replace(filed, applicant=applicant)
    verdict = judge(filed, [old], RULES)
    text = reported(verdict, filed, RULES)
    assert ("the same as" in text) == bool(asked)
    assert asked in text
    if asked:
        assert "Names are compared letter by letter: write both alike." in text
        assert "Namen worden letter voor letter vergeleken" in reported(verdict, filed, RULES, "nl")


def test_a_beneficiary_that_differs_by_case_only_is_shown_beside_the_applicant() -> None:
    held = reservation("r", line([(0, 0), (20_000, 0)], -2_000, rounded(400)), "rioolVrijverval",
                       beneficiary="RIOLERING")  # fmt: skip
    text = report_on([sewer(relations=[Relation("uses", "reservation", "r")])], [held])
    assert "Is “RIOLERING” the same as the applicant “Riolering”?" in text
