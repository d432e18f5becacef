"""To which parts a rule applies: theme, object kind, area, situation, regime, day of filing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from registry.core.acceptance import clashes_with
from registry.core.applying import asked_parts
from registry.core.case import Case
from registry.core.errors import Refused
from registry.core.model import Application, Asset, Line, Part, Relation, Reservation, Size, Uncertainty, Zone
from registry.core.policy import Applies
from registry.core.relations import verify
from registry.core.ruleset import read_ruleset
from registry.core.tightest import tightest
from registry.core.verdict import judge
from registry.formats.problems_told import problem_line
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.yaml_strict import load_yaml
from tests.golden.golden_cases import FOLDER

RULES = load_ruleset(FOLDER / "ruleset.yaml")
X, Y = 155_000_000, 463_000_000


def line(y: int, x0: int = 0, x1: int = 20_000) -> Line:
    size = Size("round", "outer", 200, 200)
    return Line(((X + x0, Y + y), (X + x1, Y + y)), (-1_000, -1_000), "axis", "nap", size)


HEAT = Part("a-heat", "warmte", "line", line(0))
SEWER = Part("b-sewer", "rioolVrijverval", "line", line(5_000))


def square(x0: int, y0: int, x1: int, y1: int) -> tuple[tuple[int, int], ...]:
    return ((X + x0, Y + y0), (X + x1, Y + y0), (X + x1, Y + y1), (X + x0, Y + y1))


#: The centre's edge runs along the outside of the heat pipe.
CENTRE = Zone("z", "area", "centre", square(-1_000, -5_000, 30_000, -100))


def asked(applies: Applies | None, *objects: Any, parts: tuple[Part, ...] = (HEAT, SEWER), **header: Any) -> list[str]:
    application = Application("app", "Holder", "permit", parts, **header)
    case = Case.of(application, objects, RULES)
    rule = replace(RULES.rules[0].header, applies=applies)
    found = [part.id for part in asked_parts(rule, case, verify(case))]
    assert {"z"} >= {name for kind, name in case.used if kind == "zone"}
    return found


@pytest.mark.parametrize(
    ("applies", "expected"),
    [
        (None, ["a-heat", "b-sewer"]),
        (Applies(themes=("warmte",)), ["a-heat"]),
        (Applies(object_kinds=("duct",)), []),
        (Applies(object_kinds=("line",), themes=("rioolVrijverval", "water")), ["b-sewer"]),
        (Applies(regimes=("emergency",)), []),
        (Applies(regimes=("emergency", "permit")), ["a-heat", "b-sewer"]),
        (Applies(situation="new_build"), ["a-heat", "b-sewer"]),
        (Applies(situation="existing"), []),
    ],
)
def test_all_that_is_stated_has_to_hold(applies: Applies | None, expected: list[str]) -> None:
    assert asked(applies) == expected


def test_what_replaces_an_asset_is_an_existing_situation() -> None:
    old = Asset("old", "warmte", "line", line(0), holder="Holder")
    new = replace(HEAT, relations=(Relation("replaces", "asset", "old"),))
    assert asked(Applies(situation="existing"), old, parts=(new, SEWER)) == ["a-heat"]
    assert asked(Applies(situation="new_build"), old, parts=(new, SEWER)) == ["b-sewer"]


@pytest.mark.parametrize(
    ("filed", "period", "applies"),
    [
        ("2027-01-01", ("2027-01-01", None), True),
        ("2026-12-31", ("2027-01-01", None), False),
        ("2026-12-31", (None, "2027-01-01"), True),
        ("2027-01-01", (None, "2027-01-01"), False),
        (None, ("2027-01-01", None), True),
        (None, (None, "2027-01-01"), True),
    ],
)
def test_a_period_is_half_open(filed: str | None, period: tuple[str | None, str | None], applies: bool) -> None:
    found = asked(Applies(filed_from=period[0], filed_until=period[1]), filed_on=filed)
    assert bool(found) is applies


def test_an_area_begins_where_its_edge_is_crossed() -> None:
    within = Applies(areas=("centre",))
    assert asked(within, CENTRE) == [], "it touches the edge, and no more"
    assert asked(within, replace(CENTRE, outer=square(-1_000, -5_000, 30_000, -99))) == ["a-heat"]
    assert asked(Applies(areas=("suburb",)), replace(CENTRE, outer=square(-1_000, -5_000, 30_000, 0))) == []
    assert asked(within, replace(CENTRE, zone_type="protected", outer=square(-1_000, -5_000, 30_000, 0))) == []


def test_what_may_lie_in_an_area_is_not_freed_of_its_rules() -> None:
    within = Applies(areas=("centre",))
    assert asked(within, CENTRE, parts=(replace(HEAT, uncertainty=Uncertainty(1, 0)),)) == ["a-heat"]
    unsized = replace(HEAT, geometry=replace(line(0), size=None))
    assert asked(within, CENTRE, parts=(unsized,)) == ["a-heat"]


def test_an_area_has_no_depth() -> None:
    deep = replace(CENTRE, top=-50_000, bottom=-60_000, outer=square(-1_000, -5_000, 30_000, 0))
    assert asked(Applies(areas=("centre",)), deep) == ["a-heat"]


def test_the_zone_that_decides_is_in_the_basis() -> None:
    plain = _plain({"areas": ["centre"]})
    application = Application("app", "Holder", "permit", (HEAT,))
    inside = replace(CENTRE, outer=square(-1_000, -5_000, 30_000, 0))
    elsewhere = replace(CENTRE, id="y", outer=square(40_000, 0, 50_000, 9_000))
    verdict = judge(application, (inside, elsewhere), read_ruleset(plain))
    assert [(item.kind, item.id) for item in verdict.basis] == [("zone", "z")]


def _plain(applies: object, kind: str = "cover") -> Any:
    plain: Any = load_yaml(FOLDER / "ruleset.yaml", "", "invalid_ruleset").data
    plain["rules"] = [rule | ({"applies": applies} if rule["kind"] == kind else {}) for rule in plain["rules"]]
    return plain


def _two_matrices(applies: object) -> Any:
    """A second matrix, limited, that asks 4 m of everything sideways, at any depth."""
    plain = _plain(None, "none")
    wide = {"ch": "4.00 m", "cv": "any_depth"}
    (matrix,) = (rule for rule in plain["rules"] if rule["kind"] == "separation")
    second = matrix | {"id": "wide", "applies": applies, "cells": []}
    plain["rules"] = [*plain["rules"], second | {"otherwise": matrix["otherwise"] | {"crossing": wide}}]
    return plain


@pytest.mark.parametrize("kind", ["separation", "reserved_space"])
def test_some_rule_looks_at_every_pair(kind: str) -> None:
    with pytest.raises(Refused) as refused:
        read_ruleset(_plain({"themes": ["warmte"]}, kind))
    (problem,) = refused.value.problems
    assert (problem.field, problem.detail) == ("rules", f"every rule of kind {kind} is limited by applies")
    assert "beperkt" in problem_line(problem, "nl")
    assert len(read_ruleset(_two_matrices({"themes": ["warmte"]})).rules) == len(RULES.rules) + 1


def test_a_limited_matrix_is_put_to_what_it_applies_to() -> None:
    beside = Asset("cable", "datatransport", "line", line(3_000), holder="Other")
    rules = read_ruleset(_two_matrices({"themes": ["warmte"]}))
    heat, sewer = (judge(Application("app", "Holder", "permit", (part,)), (beside,), rules) for part in (HEAT, SEWER))
    assert [finding.rule for finding in heat.findings if finding.rule_kind == "separation"] == ["wide"]
    assert [finding.rule for finding in sewer.findings if finding.rule_kind == "separation"] == []
    outcomes = [{one.rule: one.outcome for one in verdict.results}["wide"] for verdict in (heat, sewer)]
    assert outcomes == ["not_met", "untouched"]
    asked = {"a-heat": 4_000, "b-sewer": 200}
    for part, verdict in ((HEAT, heat), (SEWER, sewer)):
        margin = tightest(Application("app", "Holder", "permit", (part,)), verdict.basis, rules)
        assert margin is None or margin.required <= asked[part.id]


@pytest.mark.parametrize(("themes", "clash"), [(["warmte"], True), (["rioolVrijverval"], True), (["water"], False)])
def test_reservations_exclude_each_other_by_what_applies_to_either(themes: list[str], clash: bool) -> None:
    rules = read_ruleset(_two_matrices({"themes": themes}))
    heat = Reservation("h", "warmte", "line", line(0), holder="A")
    sewer = Reservation("s", "rioolVrijverval", "line", line(3_000), holder="B")
    for one, other in ((heat, sewer), (sewer, heat)):
        assert bool(clashes_with(one, [other], (), rules)) is clash


def test_reservations_exclude_each_other_by_the_area_they_lie_in() -> None:
    rules = read_ruleset(_two_matrices({"areas": ["city_centre"]}))
    one, other = (Reservation(name, "warmte", "line", line(y), holder=name) for name, y in (("a", 0), ("b", 3_000)))
    zone = Zone("z", "area", "city_centre", square(-1_000, -5_000, 30_000, 0))
    assert clashes_with(one, [other], (zone,), rules)
    assert not clashes_with(one, [other], (replace(zone, value="suburb"),), rules)


@pytest.mark.parametrize(
    ("applies", "field", "told"),
    [
        ({}, "applies", "Name one or more of themes"),
        ({"theme": ["warmte"]}, "applies.theme", "Did you mean themes?"),
        ({"themes": ["warm"]}, "applies.themes[0]", "warmte"),
        ({"themes": []}, "applies.themes", "at least 1"),
        ({"themes": ["warmte", "warmte"]}, "applies.themes[1]", "Keep one"),
        ({"situation": "old"}, "applies.situation", "new_build"),
        ({"filed_from": "2027-02-30"}, "applies.filed_from", "year-month-day"),
        ({"filed_from": "2027-02-01", "filed_until": "2027-02-01"}, "applies.filed_until", "later"),
        ({"areas": ["De Kern"]}, "applies.areas[0]", "underscores"),
        ([], "applies", "entries"),
    ],
)
def test_what_cannot_be_read_is_told_where_it_stands(applies: object, field: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        read_ruleset(_plain(applies))
    assert any(problem.field.endswith(field) and told in problem.remedy for problem in refused.value.problems), [
        str(problem) for problem in refused.value.problems
    ]
