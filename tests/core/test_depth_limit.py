"""``depth_limit``: how deep things lie in a zone, by level and below ground, against sampling and to the millimetre."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from math import hypot
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.model import GroundLevel, Line, Object, Open, Part, Point, Relation, Shaft, Size, Uncertainty, Zone
from registry.core.policy import Ruleset
from registry.core.ruleset import read_ruleset, ruleset_from_document
from registry.core.verdict import Verdict, judge
from registry.formats.sentences import sentence
from registry.formats.yaml_strict import load_yaml
from tests.core.building import application, asset, here, line, part, rounded, volume
from tests.core.kinds_ruleset import RULES, refused_where
from tests.golden.golden_cases import FOLDER


def ring(x0: int, y0: int, x1: int, y1: int) -> tuple[Point, ...]:
    return here([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


def zone(value: str, x0: int = 5_000, x1: int = 15_000, **given: Any) -> Zone:
    return Zone("z", "protected", value, ring(x0, -5_000, x1, 5_000), **given)


def ground(level: int, x0: int = -50_000, x1: int = 50_000, name: str = "g", **given: Any) -> GroundLevel:
    return GroundLevel(name, level, outer=ring(x0, -50_000, x1, 50_000), **given)


def along(*levels: int | None, size: Size | None = rounded(200), **given: Any) -> Line:  # noqa: B008, frozen
    points = [(20_000 * k // (len(levels) - 1), 0) for k in range(len(levels))]
    return line(points, levels, size, **given)


def said(given: Part, *objects: Object, rules: Ruleset = RULES) -> tuple[Verdict, list[Any]]:
    verdict = judge(application(given), objects, rules)
    return verdict, [one for one in verdict.findings if one.rule_kind == "depth_limit"]


def outcomes(given: Part, *objects: Object) -> list[tuple[str, str, int | None, int | None]]:
    """Of each finding: cause, certainty, what was measured and by how much it fails."""
    return [
        (one.cause, one.certainty, one.measured and one.measured.value, one.short and one.short.value)
        for one in said(given, *objects)[1]
    ]


@pytest.mark.parametrize(
    ("levels", "found"),
    [
        ((-9_900, -9_900), []),
        ((-9_901, -9_901), [("below_level", "certain", -10_001, 1)]),
        ((-30_000, -30_000), [("below_level", "certain", -30_100, 20_100)]),
        ((None, -9_000), [("below_level", "undetermined", None, None)]),
    ],
)
def test_by_level(levels: tuple[int | None, ...], found: list[Any]) -> None:
    assert outcomes(part("p", along(*levels), "water"), zone("aquifer")) == found


def test_only_what_lies_in_the_zone_counts() -> None:
    """Down to 12 m at its end, and from 10 m on its bottom is below the limit: at 12.1 m of 20."""
    sloping = part("p", along(-8_000, -12_000), "water")
    (finding,) = said(sloping, zone("aquifer", 5_000, 12_000))[1]
    # Its bottom at 12.1 m, the last place that touches the zone, lies at -8 - 2.42 - 0.1.
    assert finding.measured.value == -10_520
    assert [(one.start, one.end) for one in finding.stretches] == [(9_500, 12_100)]
    assert outcomes(sloping, zone("aquifer", 0, 9_400)) == []
    assert outcomes(sloping, zone("other")) == []


def test_a_half_millimetre_is_rounded_to_the_side_that_fails() -> None:
    odd = part("p", along(-9_900, -9_900, size=rounded(201)), "water")
    assert outcomes(odd, zone("aquifer")) == [("below_level", "certain", -10_001, 1)]
    higher = replace(odd, geometry=along(-1_900, -1_900, size=rounded(201)))
    assert outcomes(higher, zone("burial_ground"), ground(0)) == [("below_depth", "certain", 2_001, 1)]


@pytest.mark.parametrize(
    ("surface", "found"),
    [
        (0, []),
        (1, [("below_depth", "certain", 2_001, 1)]),
        (None, [("below_depth", "undetermined", None, None)]),
    ],
)
def test_below_ground(surface: int | None, found: list[Any]) -> None:
    levels = () if surface is None else (ground(surface),)
    given = part("p", along(-1_900, -1_900), "water")
    assert outcomes(given, zone("archaeology"), *levels) == found
    shaft = Shaft(here([(10_000, 0)])[0], -2_000, -500, "nap", rounded(400))
    assert outcomes(replace(given, geometry=shaft), zone("archaeology"), *levels) == found
    box = volume([(8_000, -500), (9_000, -500), (9_000, 500), (8_000, 500)], -2_000, -500)
    assert outcomes(replace(given, geometry=box), zone("archaeology"), *levels) == found
    drop = line([(9_000, 0), (10_000, 0), (10_000, 0)], (-500, -500, -1_900), rounded(200))
    assert outcomes(replace(given, geometry=drop), zone("archaeology"), *levels) == found


def test_below_ground_as_it_is_given() -> None:
    """1.8 m of cover and 0.2 m of pipe are 2 m, whatever ground level is; where another is registered both count."""
    given = along(1_800, 1_800, of="top", reference="ground")
    assert outcomes(part("p", given, "water"), zone("archaeology"), ground(5_000)) == []
    deeper = along(1_801, 1_801, of="top", reference="ground")
    assert outcomes(part("p", deeper, "water"), zone("archaeology"), ground(5_000)) == [
        ("below_depth", "certain", 2_001, 1)
    ]
    stated = replace(deeper, ground=(4_990, 4_990))
    assert outcomes(part("p", stated, "water"), zone("archaeology"), ground(4_980)) == [
        ("below_depth", "possible", 2_001, None)
    ]


def test_under_each_ground_level_its_own_depth() -> None:
    higher = ground(500, 10_000, 50_000, "h")
    given = part("p", along(-1_900, -1_900), "water")
    (finding,) = said(given, zone("archaeology"), ground(0, -50_000, 10_000), higher)[1]
    assert (finding.measured.value, finding.short.value) == (2_500, 500)
    assert [(one.start, one.end) for one in finding.stretches] == [(10_000, 15_100)]
    assert finding.place.chainage == 10_000


def test_without_a_bottom_it_is_too_deep() -> None:
    endless = Shaft(here([(10_000, 0)])[0], Open.UNBOUNDED, -500, "nap", rounded(400))
    for value, cause in (("aquifer", "below_level_endless"), ("archaeology", "below_depth_endless")):
        _, (finding,) = said(part("p", endless, "water"), zone(value), ground(0))
        assert (finding.cause, finding.certainty, finding.measured) == (cause, "certain", None)
        assert "goes down without end" in sentence(finding, RULES, "en")
        assert "zonder grens de diepte in" in sentence(finding, RULES, "nl")


def test_what_is_uncertain_is_possible_and_certain_where_it_fails_all_the_same() -> None:
    unsure = Uncertainty(0, 100)
    near, far = (part("p", along(level, level), "water", uncertainty=unsure) for level in (-1_900, -2_001))
    assert outcomes(near, zone("archaeology"), ground(0)) == [("below_depth", "possible", 2_100, None)]
    assert outcomes(far, zone("archaeology"), ground(0)) == [("below_depth", "certain", 2_101, 101)]
    assert outcomes(replace(near, uncertainty=Uncertainty(100, 0)), zone("archaeology"), ground(0)) == []
    aside = part("p", along(-3_000, -3_000), "water", uncertainty=Uncertainty(3_000, 0))
    # It lies 10 m over the zone, of which the first and last 3 m may be beside it.
    assert [one[1] for one in outcomes(aside, zone("archaeology"), ground(0))] == ["certain"]
    beside = Zone("z", "protected", "archaeology", ring(5_000, 1_000, 15_000, 5_000))
    assert [one[1] for one in outcomes(aside, beside, ground(0))] == ["possible"]
    assert outcomes(near, zone("archaeology"), ground(0, uncertainty=50)) == [("below_depth", "possible", 2_150, None)]


def test_what_only_just_touches_the_zone_is_judged_too() -> None:
    deep = part("p", along(-3_000, -3_000), "water")
    # Its round end reaches 100 mm beyond 20 m; that of a corner 1 mm in, over less than a millimetre of its axis.
    assert [one[1] for one in outcomes(deep, zone("archaeology", 20_050, 30_000), ground(0))] == ["possible"]
    assert outcomes(deep, zone("archaeology", 20_100, 30_000), ground(0)) == []
    corner = Zone("z", "protected", "archaeology", here([(10_000, 99), (19_000, 9_000), (1_000, 9_000)]))
    assert outcomes(deep, corner, ground(0)) == [("below_depth", "certain", 3_100, 1_100)]
    beside = replace(corner, outer=here([(10_000, 100), (19_000, 9_000), (1_000, 9_000)]))
    assert outcomes(deep, beside, ground(0)) == []


def test_as_sampling_finds_it() -> None:
    """Random lines over strips of ground, against the deepest of many places along them."""
    chance = random.Random(3)
    number = {"below_depth": 0, "below_level": 0, "none": 0}
    for _ in range(150):
        points = [(chance.randint(0, 20_000), chance.randint(-8_000, 8_000)) for _ in range(chance.randint(2, 4))]
        if any(hypot(q[0] - p[0], q[1] - p[1]) < 500 for p, q in pairwise(points)):
            continue
        lift = chance.choice((0, -8_200))
        levels = [chance.randint(-2_600, -1_200) + lift for _ in points]
        surface = [chance.randint(-400, 400) for _ in range(4)]
        edges = [-50_000, 6_000, 11_000, 13_000, 50_000]
        strips = [ground(z, a, b, f"g{k}") for k, (z, (a, b)) in enumerate(zip(surface, pairwise(edges), strict=True))]
        value = "aquifer" if lift else "archaeology"
        area = Zone("z", "protected", value, ring(4_000, -3_000, 16_000, 3_000))
        _, found = said(part("p", line(points, levels, rounded(200)), "water"), area, *strips)
        deepest = _sampled(points, levels, None if lift else (surface, edges))
        limit = 10_000 if lift else 2_000
        if deepest is None or abs(deepest - limit) < 5:
            continue
        if deepest < limit:
            assert found == []
            number["none"] += 1
            continue
        assert [one.certainty for one in found if one.certainty == "certain"] == ["certain"]
        assert 0 <= abs(found[0].measured.value) - deepest < 5, (points, levels)
        number[found[0].cause] += 1
    assert min(number.values()) > 10, number


def _sampled(points: list[Point], levels: list[int], strips: tuple[list[int], list[int]] | None) -> float | None:
    """The deepest bottom at a place of which the pipe, 200 mm wide, touches the zone; below ground or below NAP."""
    deepest = None
    for (p, z0), (q, z1) in pairwise(zip(points, levels, strict=True)):
        for step in range(5_001):
            f = step / 5_000
            x, y, z = (a + f * (b - a) for a, b in ((p[0], q[0]), (p[1], q[1]), (z0, z1)))
            away = hypot(max(4_000 - x, x - 16_000, 0), max(abs(y) - 3_000, 0))
            if away < 100:
                surface, edges = strips or ([0], [0, 50_000])
                top = next(level for level, edge in zip(surface, edges[1:], strict=True) if x <= edge)
                depth = top - (z - 100)
                deepest = depth if deepest is None else max(deepest, depth)
    return deepest


def test_what_got_no_worse_is_weighed_less() -> None:
    old = asset("old", along(-3_000, -3_000), "water", holder="Riolering")
    new = part("p", along(-3_000, -3_000), "water", relations=[Relation("replaces", "asset", "old")])
    for geometry, better in ((new.geometry, True), (along(-3_001, -3_001), False), (along(-2_999, -2_999), True)):
        (finding,) = said(replace(new, geometry=geometry), zone("archaeology"), ground(0), old)[1]
        assert (finding.not_worsened, finding.severity) == (better, "advises" if better else "conditions")
    elsewhere = replace(old, geometry=line([(0, 9_000), (20_000, 9_000)], -3_000, rounded(200)))
    (finding,) = said(new, zone("archaeology"), ground(0), elsewhere)[1]
    assert not finding.not_worsened
    deep = replace(old, geometry=along(-11_000, -11_000))
    (finding,) = said(replace(new, geometry=along(-11_000, -11_000)), zone("aquifer"), deep)[1]
    assert (finding.not_worsened, finding.severity) == (True, "advises")


def test_the_verdict_rests_on_zone_and_ground() -> None:
    verdict, _ = said(part("p", along(-1_500, -1_500), "water"), zone("archaeology"), ground(0), ground(9, name="h"))
    assert [(item.kind, item.id) for item in verdict.basis] == [("ground_level", "g"), ("zone", "z")]
    results = {one.rule: one.outcome for one in verdict.results}
    assert (results["dig-limit"], results["depth-limit"]) == ("met", "untouched")


def test_applies_and_legal_force() -> None:
    plain: Any = load_yaml(FOLDER / "ruleset-kinds.yaml", "", "invalid_ruleset").data
    (rule,) = (one for one in plain["rules"] if one["id"] == "depth-limit")
    rule["legal_force"] = "internal"
    given = part("p", along(-20_000, -20_000), "water")
    (finding,) = said(given, zone("aquifer"), rules=read_ruleset(plain))[1]
    assert finding.severity == "advises"
    rule["applies"] = {"object_kinds": ["well"]}
    assert said(given, zone("aquifer"), rules=read_ruleset(plain))[1] == []


def test_a_surface_zone_and_every_value_of_a_type() -> None:
    plain: Any = load_yaml(FOLDER / "ruleset-kinds.yaml", "", "invalid_ruleset").data
    (rule,) = (one for one in plain["rules"] if one["id"] == "depth-limit")
    rule["cells"] = [{"zone": "fresh_water", "level": "-5.00 m", "source": "made-up"},
                     {"zone": "surface", "values": ["water"], "level": "-3.00 m", "source": "made-up"}]  # fmt: skip
    rules = read_ruleset(plain)
    assert ruleset_from_document(rules.document).sha256 == rules.sha256
    given = part("p", along(-4_000, -6_000), "water")
    for area in (replace(zone("lens"), zone_type="fresh_water"), replace(zone("water"), zone_type="surface")):
        assert len(said(given, area, rules=rules)[1]) == 1


@pytest.mark.parametrize(
    ("old", "new", "field", "remedy", "dutch"),
    [
        ("level: -10.00 m", "level: -10.00", "cells[0].level", "Write -10.00 m.", "-10.00 m"),
        ("level: -10.00 m", "level: -99999.00 m", "cells[0].level", "Write -10000.00 m or more.", "of meer"),
        ("level: -10.00 m", "level: -10.00 m, depth: 1.00 m", "cells[0]", "Give level (NAP), or depth", "maaiveld"),
        ("level: -10.00 m, ", "", "cells[0]", "Give level (NAP), or depth", "maaiveld"),
        ("zone: protected", "zone: protecte", "cells[0].zone", "Did you mean protected?", "Bedoelde u protected?"),
        ("zone: protected", "zone: surface", "cells[0].values[0]", "carriageway", "als soort oppervlak"),
        ("[aquifer]", "[aquifer, aquifer]", "cells[0].values[1]", "Keep one of the two.", "Houd een van de twee over."),
        ("[aquifer]", "[Het Veen]", "cells[0].values[0]", "lower-case", "kleine letters"),
    ],
)
def test_what_cannot_be_read_is_told_where_it_stands(old: str, new: str, field: str, remedy: str, dutch: str) -> None:
    refused_where("kind: depth_limit", old, new, field, remedy, dutch)


def test_two_cells_for_one_zone_are_refused() -> None:
    plain: Any = load_yaml(FOLDER / "ruleset-kinds.yaml", "", "invalid_ruleset").data
    (rule,) = (one for one in plain["rules"] if one["id"] == "depth-limit")
    rule["cells"].append({"zone": "protected", "level": "-4.00 m", "source": "made-up"})
    with pytest.raises(Refused) as refused:
        read_ruleset(plain)
    assert [problem.detail for problem in refused.value.problems] == ["another cell holds for the same zones"]
    rule["cells"][1] = {"zone": "protected", "depth": "4.00 m", "source": "made-up"}
    assert read_ruleset(plain).rules
