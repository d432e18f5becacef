"""Which reservations may exist beside each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core.acceptance import clashes_with, exclusive, told
from registry.core.model import STRENGTHS, GroundLevel, Line, Period, Reservation, Uncertainty
from tests.core.building import HERE, line, reservation, rounded, ruleset, shaft, square, volume

RULES = ruleset(
    (200, 200), [("rioolVrijverval", "warmte", (200, 200), (1_000, None)), ("warmte", "warmte/bored", (500, 500), None)]
)


def held(name: str, geometry: Any, theme: str = "warmte", holder: str = "Gemeente", **rest: Any) -> Reservation:
    return replace(reservation(name, geometry, theme, holder=holder), **rest)


def straight(y: int, *, x: int = 0, length: int = 20_000, level: int = -2_000) -> Line:
    return line([(x, y), (x + length, y)], level, rounded(400))


def across(x: int = 10_000, level: int = -2_000) -> Line:
    return line([(x, -10_000), (x, 10_000)], level, rounded(400))


BASE = held("a", straight(0))
#: By a name: another reservation, and of which kinds it clashes with a heat corridor along the axis.
CASES: dict[str, tuple[Reservation, list[str]]] = {
    "same place": (held("b", straight(0), "water"), ["overlap"]),
    "too near": (held("b", straight(500), "water"), ["parallel"]),
    "exactly far enough": (held("b", straight(600), "water"), []),
    "one millimetre less": (held("b", straight(599), "water"), ["parallel"]),
    "over it": (held("b", straight(0, level=-1_400), "water"), []),
    "over it, too near": (held("b", straight(0, level=-1_401), "water"), ["parallel"]),
    "crossing": (held("b", across(), "water"), ["crossing"]),
    "crossing far over it": (held("b", across(level=-1_000), "water"), []),
    "crossing too near over it": (held("b", across(level=-1_500), "water"), ["crossing"]),
    "crossing, running along out of reach of the clash": (
        held("b", line([(10_000, -9_000), (10_000, 5_000), (30_000, 5_000)], -2_000, rounded(400)), "water"),
        ["crossing"],
    ),
    "parallel by the matrix": (held("b", straight(1_300), "rioolVrijverval"), ["parallel"]),
    "too short for a run": (held("b", straight(1_300, length=4_000), "rioolVrijverval"), []),
    "own network beside": (held("b", straight(450)), []),
    "own network overlapping": (held("b", straight(350)), ["overlap"]),
    "own network end to end": (held("b", straight(0, x=20_000)), []),
    "another holder end to end": (held("b", straight(0, x=20_000), holder="Warmtebedrijf"), ["crossing"]),
    "own network with a cell": (held("b", straight(800), object_kind="bored"), ["parallel"]),
    "tank around it": (held("b", volume(square(5_000, -1_000, 2_000), -3_000, 0), "water_storage"), ["overlap"]),
    "shaft beside it": (held("b", shaft((5_000, 500), -3_000, 0, rounded(400)), "water"), ["parallel"]),
    "perhaps too near": (held("b", straight(700), "water", uncertainty=Uncertainty(150, 0)), ["parallel"]),
    "cover without ground level": (
        held("b", line([(0, 500), (20_000, 500)], 1_000, rounded(400), reference="ground"), "water"),
        ["undetermined"],
    ),
    "shareable one way": (held("b", straight(0), "water", shareable_with=("warmte",)), ["overlap"]),
    "temporary, and this one lasting": (
        held("b", straight(0), "water", temporary=Period("2027-01-01", "2028-01-01")), ["overlap"]
    ),
    "after its period": (held("b", straight(0), "water", period=Period("2020-01-01", "2021-01-01")), ["overlap"]),
    "to be reviewed long ago": (held("b", straight(0), "water", review_date="2021-01-01"), ["overlap"]),
    "an option": (held("b", straight(0), "water", strength="option"), []),
    "a search area": (held("b", straight(0), "water", strength="search_area"), []),
    "decided": (held("b", straight(0), "water", strength="decided"), ["overlap"]),
}  # fmt: skip


def kinds(one: Reservation, others: list[Reservation], objects: Any = (), rules: Any = RULES) -> list[str]:
    return [clash.kind for clash in clashes_with(one, others, objects, rules)]


@pytest.mark.parametrize("case", CASES)
def test_what_may_not_exist_beside_it(case: str) -> None:
    other, wanted = CASES[case]
    assert kinds(BASE, [other]) == wanted
    assert {clash.other for clash in clashes_with(BASE, [other], (), RULES)} == ({"b"} if wanted else set())
    if exclusive(other.strength):
        # And the same when it is the other that is to be accepted, whatever the two are called.
        assert kinds(other, [BASE]) == wanted
        renamed = replace(other, id="0")
        assert kinds(BASE, [renamed]) == kinds(renamed, [BASE])
        assert bool(kinds(BASE, [renamed])) == bool(wanted)


def test_ground_level_settles_what_is_given_below_it() -> None:
    under = held("b", line([(0, 500), (20_000, 500)], 1_000, rounded(400), reference="ground"), "water")
    x, y = HERE
    area = ((x - 1_000, y - 1_000), (x + 30_000, y - 1_000), (x + 30_000, y + 9_000), (x - 1_000, y + 9_000))
    for level, wanted in ((0, []), (-900, ["parallel"])):
        assert kinds(BASE, [under], [GroundLevel("g", level, outer=area)]) == wanted


def test_mutually_shareable_ones_may_take_one_place() -> None:
    shared = replace(BASE, shareable_with=("water",))
    assert kinds(shared, [held("b", straight(0), "water", shareable_with=("warmte",))]) == []


def test_periods_that_do_not_meet_separate() -> None:
    first = replace(BASE, temporary=Period("2027-01-01", "2028-01-01"))
    assert kinds(first, [held("b", straight(0), "water", temporary=Period("2028-01-01", None))]) == []
    assert kinds(first, [held("b", straight(0), "water", temporary=Period("2027-12-31", None))]) == ["overlap"]


def test_a_run_of_pieces_is_as_long_as_they_are_together() -> None:
    """Three reservations of 3 m each are one run of 9 m beside a sewer, whichever is accepted last."""
    pieces = [held(name, straight(1_300, x=x, length=3_000), "rioolVrijverval", "Riolering")
              for name, x in (("0", 0), ("p", 3_000), ("q", 6_000))]  # fmt: skip
    assert kinds(pieces[1], [BASE]) == []
    for last in pieces:
        others = [BASE, *(item for item in pieces if item is not last)]
        assert [(clash.other, clash.kind) for clash in clashes_with(last, others, (), RULES)] == [("a", "parallel")]
    assert {clash.other for clash in clashes_with(BASE, pieces, (), RULES)} == {"0", "p", "q"}


def test_options_of_one_group_and_what_is_not_exclusive() -> None:
    assert [strength for strength in STRENGTHS if exclusive(strength)] == ["planned", "decided"]
    option = replace(BASE, strength="option", option_group="route")
    other = held("b", straight(0), "water", strength="option", option_group="route")
    assert kinds(option, [replace(other, strength="planned")]) == []
    assert told(option, [other]) == ()
    assert told(option, [replace(other, option_group="another")]) == (replace(other, option_group="another"),)
    # Once both are planned, they are no options any more.
    raised = replace(other, strength="planned")
    assert kinds(replace(option, strength="planned"), [raised]) == ["overlap"]


def test_whose_holders_are_told() -> None:
    others = [
        held("over", straight(0, level=-1_000), strength="option"),
        held("beside", straight(400), strength="option"),
        held("in", straight(399), strength="option"),
        held("area", volume(square(0, 0, 90_000), -9_000, 0), "water", strength="search_area"),
        held("unknown depth", line([(0, 0), (5_000, 0)], 9_000, rounded(400), reference="ground"), strength="option"),
        held("perhaps", straight(450), strength="option", uncertainty=Uncertainty(100, 0)),
        held("planned", straight(0), strength="planned"),
    ]
    assert [item.id for item in told(BASE, others)] == ["area", "in", "perhaps", "unknown depth"]
    assert told(BASE, [replace(BASE, strength="option")]) == ()


def test_itself_is_no_other() -> None:
    assert kinds(BASE, [replace(BASE, strength="decided")]) == []


places = st.tuples(st.integers(-4_000, 4_000), st.integers(-4_000, 4_000))
lines = st.builds(
    lambda points, level, width: line(points, level, rounded(width)),
    st.lists(places, min_size=2, max_size=3, unique=True),
    st.sampled_from([-2_000, -1_500]),
    st.sampled_from([200, 600]),
)
volumes = st.builds(
    lambda at, side: volume(square(at[0], at[1], side), -2_500, -1_200), places, st.integers(300, 2_000)
)
reservations = st.builds(
    lambda geometry, theme, holder, strength, xy: held(
        "x", geometry, theme, holder, strength=strength, uncertainty=Uncertainty(xy, 0)
    ),
    lines | volumes,
    st.sampled_from(["warmte", "water", "rioolVrijverval"]),
    st.sampled_from(["Gemeente", "Waterbedrijf"]),
    st.sampled_from(["planned", "decided", "option"]),
    st.sampled_from([0, 200]),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(reservations, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_acceptance_is_symmetric(given_ones: list[Reservation], rng: Any) -> None:
    """Whichever of two is accepted last, the two clash or they do not, and the order of others counts for nothing."""
    all_of_them = [replace(item, id=f"r{k}") for k, item in enumerate(given_ones)]
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in all_of_them:
        others = [item for item in all_of_them if item is not one]
        rng.shuffle(others)
        for clash in clashes_with(one, others, (), RULES):
            found.setdefault((one.id, clash.other), []).append((clash.kind, str(clash.finding.gap)))
    assert {(b, a): told for (a, b), told in found.items()} == found
