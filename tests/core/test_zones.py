"""Where a part lies in a zone: to the millimetre sideways and in depth, and undetermined where it is not known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.core.case import Case
from registry.core.model import Application, Line, Part, Size, Uncertainty, Zone
from registry.core.zones import meeting_zone, zones_of
from registry.formats.ruleset_yaml import load_ruleset
from tests.golden.golden_cases import FOLDER

RULES = load_ruleset(FOLDER / "ruleset.yaml")
X, Y = 155_000_000, 463_000_000
#: Round, 200 mm, its axis 1 m below NAP: from -1.100 to -0.900, and 100 mm to either side.
PIPE = Line(((X, Y), (X + 20_000, Y)), (-1_000, -1_000), "axis", "nap", Size("round", "outer", 200, 200))
PART = Part("p", "water", "line", PIPE)


def zone(edge: int, top: int | None = None, bottom: int | None = None) -> Zone:
    """North of the pipe, from ``edge`` mm beside its axis on."""
    ring = ((X - 5_000, Y + edge), (X + 5_000, Y + edge), (X + 5_000, Y + 9_000), (X - 5_000, Y + 9_000))
    return Zone("z", "protected", "groundwater", ring, top=top, bottom=bottom)


def found(given: Zone, part: Part = PART, apart: int = 0, *, any_depth: bool = False) -> tuple[str | None, bool]:
    """How certain it is that the part lies in the zone, and whether the verdict then rests on it."""
    case = Case.of(Application("a", "Holder", "permit", (part,)), [given], RULES)
    clash = meeting_zone(case, part, given, apart, any_depth=any_depth)
    return (None if clash is None else clash.certainty), ("zone", "z") in case.used


@pytest.mark.parametrize(
    ("edge", "apart", "meets"),
    [(100, 0, False), (99, 0, True), (1_100, 1_000, False), (1_099, 1_000, True)],
)
def test_sideways_the_edge_and_the_distance_themselves_pass(edge: int, apart: int, meets: bool) -> None:
    assert found(zone(edge), apart=apart) == (("certain", True) if meets else (None, False))


@pytest.mark.parametrize(
    ("top", "bottom", "meets"),
    [
        (None, None, True),
        (-1_100, None, False),
        (-1_099, None, True),
        (None, -900, False),
        (None, -901, True),
        (-1_100, -9_000, False),
        (-1_099, -9_000, True),
    ],
)
def test_in_depth_top_and_bottom_themselves_pass(top: int | None, bottom: int | None, meets: bool) -> None:
    assert found(zone(0, top, bottom)) == (("certain", True) if meets else (None, False))
    assert found(zone(0, top, bottom), any_depth=True) == ("certain", True)


def test_what_is_uncertain_is_possible() -> None:
    assert found(zone(110), replace(PART, uncertainty=Uncertainty(10, 0))) == (None, False)
    assert found(zone(110), replace(PART, uncertainty=Uncertainty(11, 0))) == ("possible", True)
    assert found(zone(0, -1_110), replace(PART, uncertainty=Uncertainty(0, 10))) == (None, False)
    assert found(zone(0, -1_110), replace(PART, uncertainty=Uncertainty(0, 11))) == ("possible", True)


def test_an_unknown_depth_matters_only_where_the_zone_has_one() -> None:
    unknown = replace(PART, geometry=replace(PIPE, levels=(None, None)))
    assert found(zone(0), unknown) == ("certain", True)
    assert found(zone(0, -5_000), unknown) == ("undetermined", True)
    assert found(zone(100, -5_000), unknown) == (None, False)


def test_zones_are_found_by_type_and_value() -> None:
    given = [zone(0), replace(zone(0), id="y", value="archaeology"), replace(zone(0), id="x", zone_type="area")]
    case = Case.of(Application("a", "Holder", "permit", (PART,)), given, RULES)
    assert [one.id for one in zones_of(case, "protected")] == ["y", "z"]
    assert [one.id for one in zones_of(case, "protected", ["archaeology"])] == ["y"]
    assert [one.id for one in zones_of(case, "surface")] == []
