"""What would free an application of a rule by calling, claiming or leaving out things, and may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.core.case import Case
from registry.core.model import Asset, GroundLevel, Object, Part, Period, Relation, Shaft, Volume, Works, Zone
from registry.core.policy import Ruleset
from registry.core.verdict import judge
from tests.core.building import application, asset, boxed, here, line, part, reservation, rounded, shaft, square, volume
from tests.core.with_rule import judged_by, rules_with

PIPE = line([(-5_000, 0), (5_000, 0)], -1_000, rounded(200))


def came(rules: Ruleset, parts: list[Part], *objects: Object) -> tuple[str, list[tuple[str, str]]]:
    """What came of the rule, and each finding's cause and certainty."""
    _, findings, result = judged_by(rules, parts, objects)
    return result.outcome, sorted((one.cause, one.certainty) for one in findings)


TREES = rules_with(
    """\
    kind: tree
    cells: [{theme: any, heart: 2.00 m, source: made-up}]
"""
)


@pytest.mark.parametrize("theme", ["tree_roots", "overig"])
def test_a_heat_pipe_that_is_called_a_tree_is_too_near_to_one(theme: str) -> None:
    tree = Asset("t", theme, "tree", shaft((0, 1_500), -2_000, 0, rounded(200)))
    called = part("p", volume(square(-500, -500, 1_000), -1_000, -500), "warmte", object_kind="tree")
    assert came(TREES, [called], tree) == ("not_met", [("near_heart", "certain")])
    assert came(TREES, [replace(called, theme="overig")], tree) == ("untouched", [])
    assert came(TREES, [part("p", PIPE, "warmte")], replace(tree, theme="warmte"))[0] == "not_met"


NEW_BUILD = rules_with(
    """\
    kind: protected_zone
    applies: {situation: new_build}
    cells: [{zone: protected, source: made-up}]
"""
)
EXISTING = rules_with(
    """\
    kind: protected_zone
    applies: {situation: existing}
    cells: [{zone: protected, source: made-up}]
"""
)
OLD = asset("old", PIPE, "rioolVrijverval", holder="Riolering")


@pytest.mark.parametrize(
    ("old", "left", "outcomes"),
    [
        (OLD, False, ("untouched", "not_met")),
        (OLD, True, ("not_met", "not_met")),
        (replace(OLD, theme="water"), False, ("not_met", "not_met")),
        (replace(OLD, status="projected"), False, ("not_met", "not_met")),
        (replace(OLD, geometry=line([(90_000, 0), (91_000, 0)], 0, rounded(200))), False, ("not_met", "not_met")),
    ],
)
def test_what_gives_no_place_makes_nothing_less_new(old: Asset, left: bool, outcomes: tuple[str, str]) -> None:
    zone = Zone("z", "protected", "x", here(square(-1_000, -1_000, 2_000)))
    new = part("p", PIPE, relations=[Relation("replaces", "asset", "old", left_in_ground=left)])
    assert (came(NEW_BUILD, [new], old, zone)[0], came(EXISTING, [new], old, zone)[0]) == outcomes


RETENTION = rules_with(
    """\
    kind: retention
    values: [sponge]
    themes: [rioolVrijverval]
    discharge: 20 l/s
    storage: {for_each_l_s: 3 m3}
    source: made-up
"""
)
SPONGE = Zone("z", "retain_water", "sponge", here(square(-10_000, -1_000, 40_000)))
SEWER = replace(part("p", PIPE), discharge=30_000)
TANK = part("s", volume(square(0, 10_000, 5_000), -3_000, -1_000), "water_storage", object_kind="tank")


@pytest.mark.parametrize(
    ("sewer", "tank", "met"),
    [
        (None, None, True),
        (None, Period("2027-01-01", "2027-02-01"), False),
        (None, Period("2029-01-01", None), False),
        (None, Period("2027-01-01", None), True),
        (Period("2027-01-01", "2027-02-01"), Period("2027-01-01", "2027-02-01"), True),
        (Period("2027-01-01", "2027-02-02"), Period("2027-01-01", "2027-02-01"), False),
        (Period("2027-01-01", "2027-02-01"), None, True),
    ],
)
def test_storage_for_a_while_is_none_for_good(sewer: Period | None, tank: Period | None, met: bool) -> None:
    filed = application(replace(SEWER, temporary=sewer), replace(TANK, storage=30_000, temporary=tank))
    verdict = judge(replace(filed, works_start="2027-01-01"), [SPONGE], RETENTION)
    assert (verdict.outcome == "fits") is met


def test_a_sewer_that_is_called_a_tank_states_what_it_discharges() -> None:
    unknown = ("undetermined", [("discharges", "undetermined")])
    long = volume([(0, 0), (20_000, 0), (20_000, 500), (0, 500)], -2_000, -1_500)
    for geometry, found in ((long, unknown), (volume(square(0, 0, 2_000), -2_000, 0), ("met", []))):
        assert came(RETENTION, [part("p", geometry, object_kind="tank")], SPONGE) == found
    assert came(RETENTION, [part("p", shaft((0, 0), -2_000, 0, None), object_kind="manhole")], SPONGE) == ("met", [])


def test_whether_what_has_no_size_lies_in_a_zone_is_not_known() -> None:
    beside = replace(SEWER, geometry=line([(-5_000, -2_000), (5_000, -2_000)], -1_000, None))
    assert came(RETENTION, [beside], SPONGE) == ("undetermined", [("discharges", "undetermined")])
    assert came(RETENTION, [replace(beside, discharge=20_000)], SPONGE) == ("met", [])
    limit = rules_with("    kind: depth_limit\n    cells: [{zone: retain_water, depth: 5.00 m, source: made-up}]\n")
    ground = GroundLevel("g", 0, here([(0, 0)])[0])
    deep: Shaft | Volume = shaft((0, -1_500), -20_000, 0, None)
    assert came(limit, [part("p", deep)], SPONGE, ground) == ("undetermined", [("below_depth", "undetermined")])
    assert came(limit, [part("p", replace(deep, bottom=-5_000))], SPONGE, ground) == ("met", [])
    wide = line([(-5_000, -1_500), (5_000, -1_500)], -20_000, replace(boxed(1, 200), width=None))
    assert came(limit, [part("p", wide)], SPONGE, ground) == ("undetermined", [("below_depth", "undetermined")])


def test_a_zone_that_says_no_rate_says_nothing_of_how_fast_ground_sinks() -> None:
    rules = rules_with(
        """\
    kind: cover
    cells: [{theme: rioolVrijverval, surface: any, minimum: 0.60 m, source: made-up}]
    after: {years: 50 years, pipe: stays, source: made-up}
"""
    )
    ground = GroundLevel("g", 0, outer=here(square(-20_000, -20_000, 40_000)))
    sinks = Zone("s", "subsidence", "peat", here(square(-20_000, -20_000, 40_000)), rate=1_000)
    assert came(rules, [part("p", PIPE)], ground, sinks) == ("met", [])
    unknown = ("undetermined", [("cover_after_unknown", "undetermined")])
    assert came(rules, [part("p", PIPE)], ground, replace(sinks, rate=None)) == unknown
    assert came(rules, [part("p", PIPE)], ground, sinks, replace(sinks, id="t", rate=None)) == unknown


def test_an_option_that_another_part_blocks_is_open_no_longer() -> None:
    rules = rules_with(
        """\
    kind: option_group
    applies: {themes: [water]}
    separation: matrix
    one_of_more: conditions
"""
    )
    options = [
        replace(reservation(name, along), strength="option", option_group="g")
        for name, along in (("a", PIPE), ("b", line([(-5_000, 3_000), (5_000, 3_000)], -1_000, rounded(200))))
    ]
    water = part("p", PIPE, "water")
    gas = part("q", line([(-5_000, 3_000), (5_000, 3_000)], -1_000, rounded(200)), "gasLageDruk")
    assert came(rules, [water], *options) == ("not_met", [("one_option", "certain")])
    assert came(rules, [water, gas], *options) == ("not_met", [("last_option", "certain")])
    assert came(rules, [gas], *options) == ("untouched", [])


@pytest.mark.parametrize(("called", "asked"), [("well", True), ("bored", True), ("line", True), ("manhole", False)])
def test_a_borehole_is_a_well_though_it_is_called_a_line(called: str, asked: bool) -> None:
    spacing = rules_with(
        """\
    kind: spacing
    cells: [{theme: soil_energy, object_kind: well, apart: 8.00 m, source: made-up}]
"""
    )
    claim = rules_with(
        """\
    kind: surface_claim
    cells: [{theme: soil_energy, object_kind: well, for_each: 25 m2, source: made-up}]
"""
    )
    loop = part("p", shaft((0, 0), -50_000, 0, rounded(200)), "soil_energy", object_kind=called)
    there = Asset("w", "soil_energy", "well", shaft((0, 7_999), -50_000, 0, rounded(200)))
    assert came(spacing, [loop], there)[0] == ("not_met" if asked else "untouched")
    assert came(claim, [loop])[0] == ("undetermined" if asked else "untouched")
    own = rules_with(
        """\
    kind: spacing
    cells:
      - {theme: soil_energy, object_kind: well, apart: 8.00 m, source: made-up}
      - {theme: soil_energy, object_kind: bored, apart: 2.00 m, source: made-up}
"""
    )
    assert came(own, [replace(loop, object_kind="bored")], there) == ("untouched", [])


def test_an_asset_with_the_id_of_what_is_not_compared_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = rules_with(
        """\
    kind: crossing_angle
    otherwise: {minimum: 30 deg, source: made-up}
    cells: []
"""
    )
    over = part("p", line([(-10_000, -1_000), (10_000, 1_000)], -1_000, rounded(200)))
    there = asset("x", line([(-10_000, 0), (10_000, 0)], -3_000, rounded(200)))
    rival = Works("x", "warmte", "line", there.geometry, "Other", application="B-1", state="open")
    monkeypatch.setattr(Case, "_scribbled", lambda self, near: {"x"})
    assert came(rules, [over], there, rival) == ("not_met", [("angle_too_small", "certain")])
