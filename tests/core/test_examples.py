"""Examples inside a ruleset: what they may say, that they are part of it, and which come out otherwise."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, get_args

import pytest

from registry.core.errors import Refused
from registry.core.examples import AMOUNTS
from registry.core.examples_checked import _CALLED, check_examples, problems_of, without_example
from registry.core.findings import Unit
from registry.core.ruleset import read_ruleset, ruleset_from_document
from registry.formats.problems_told import problem_line
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.yaml_strict import load_yaml
from tests.golden.golden_cases import FOLDER

TEXT = (FOLDER / "ruleset.yaml").read_text(encoding="utf-8")

#: By the golden set heat lies 1 m from a sewer, face to face, along a parallel run.
BESIDE = """
examples:
  - id: sewer-beside-heat
    title: {nl: Riool naast warmte, en: Sewer beside heat}
    application:
      parts:
        - {id: sewer, theme: rioolVrijverval, line: [[0.00 m, 0.00 m], [20.00 m, 0.00 m]], top: -1.00 m,
           diameter: 0.40 m}
    assets:
      - {id: heat, theme: warmte, line: [[0.00 m, 1.35 m], [20.00 m, 1.35 m]], top: -1.00 m, diameter: 0.315 m}
    expected:
      outcome: conflict
      rules:
        - rule: separation
          outcome: not_met
          measured: {horizontal: 0.992 m}
          asked: {horizontal: 1.00 m}
          missing: {horizontal: 0.008 m}
        - {rule: reserved-space, outcome: untouched}
"""


@cache
def _read(examples: str) -> Any:
    return load_yaml(TEXT + examples, "rules.yaml", "invalid_ruleset").data


def _plain(examples: str = BESIDE) -> Any:
    return copy.deepcopy(_read(examples))


def _told(examples: str) -> list[str]:
    return [one.detail for one in problems_of(check_examples(load_ruleset(TEXT + examples)))]


def test_an_example_that_comes_out_as_it_says_passes() -> None:
    ruleset = load_ruleset(TEXT + BESIDE)
    (result,) = check_examples(ruleset)
    assert result.passes
    assert problems_of([result]) == []
    assert without_example(ruleset) == {
        "cover": ("not_met", "met"),
        "reserved-space": ("not_met",),
        "separation": ("met",),
    }


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("outcome: conflict", "outcome: fits", "example sewer-beside-heat comes out as conflict, not as fits"),
        ("outcome: untouched", "outcome: met",
         "in example sewer-beside-heat rule reserved-space comes out as untouched, not as met"),
        ("missing: {horizontal: 0.008 m}", "missing: {horizontal: 0.009 m}",
         "in example sewer-beside-heat rule separation has missing horizontal 0.008 m, not horizontal 0.009 m"),
        ("asked: {horizontal: 1.00 m}", "asked: {length: 1.00 m}",
         "in example sewer-beside-heat rule separation has asked horizontal 1.00 m, not 1.00 m"),
    ],
)  # fmt: skip
def test_what_comes_out_otherwise_is_told_in_words(old: str, new: str, told: str) -> None:
    assert old in BESIDE
    problems = problems_of(check_examples(load_ruleset(TEXT + BESIDE.replace(old, new))))
    assert [one.detail for one in problems] == [told]
    dutch = [problem_line(one, "nl") for one in problems]
    assert all("voorbeeld" in line and "Engels" not in line for line in dutch), dutch


def test_a_millimetre_decides() -> None:
    farther = BESIDE.replace("1.35 m", "1.358 m")
    assert _told(farther)[0] == "example sewer-beside-heat comes out as fits, not as conflict"
    assert "rule separation comes out as met, not as not_met" in _told(farther)[1]


def test_what_is_not_known_is_undetermined() -> None:
    unknown = BESIDE.replace("diameter: 0.315 m", "diameter: unknown").replace("1.35 m", "1.70 m")
    assert "rule separation comes out as undetermined, not as not_met" in _told(unknown)[1]


def test_an_example_that_cannot_be_judged_fails() -> None:
    reserved = BESIDE.replace("assets:", "reservations:").replace("{id: heat,", "{id: heat, strength: planned,")
    plain = _plain(reserved.replace("        - {rule: reserved-space, outcome: untouched}\n", ""))
    plain["rules"] = [rule for rule in plain["rules"] if rule["id"] != "reserved-space"]
    (problem,) = problems_of(check_examples(read_ruleset(plain)))
    assert problem.detail.startswith("example sewer-beside-heat cannot be judged: ruleset golden has no rule")


def test_examples_are_part_of_the_ruleset_and_without_them_its_hash_is_what_it_was() -> None:
    with_example, without = load_ruleset(TEXT + BESIDE), load_ruleset(TEXT)
    assert with_example.sha256 != without.sha256
    assert "examples" not in without.document
    assert ruleset_from_document(with_example.document) == with_example
    moved = load_ruleset(TEXT + BESIDE.replace("1.35 m", "1.351 m"))
    assert moved.sha256 != with_example.sha256


def test_the_order_of_positions_counts_and_that_of_things_does_not() -> None:
    bent = BESIDE.replace("[20.00 m, 0.00 m]]", "[20.00 m, 0.00 m], [20.00 m, -9.00 m]]")
    turned = BESIDE.replace("[20.00 m, 0.00 m]]", "[20.00 m, -9.00 m], [20.00 m, 0.00 m]]")
    assert load_ruleset(TEXT + bent).sha256 != load_ruleset(TEXT + turned).sha256
    plain = _plain()
    plain["examples"][0]["expected"]["rules"].reverse()
    assert read_ruleset(plain).sha256 == load_ruleset(TEXT + BESIDE).sha256


EVERYTHING = """
examples:
  - id: all-there-is
    title: {nl: Alles, en: Everything}
    application:
      applicant: Waterbedrijf
      regime: own_works
      filed_on: 2027-02-01
      works_start: 2027-05-01
      consents: [{holder: Waterbedrijf, document: letter}]
      parts:
        - {id: a, theme: water, object_kind: duct, line: [[0.00 m, 0.00 m], [9.00 m, 0.00 m], [9.00 m, 5.00 m]],
           cover: [1.00 m, 1.10 m, 1.20 m], width: 0.30 m, height: 0.20 m, envelope: {width: 0.50 m, height: 0.40 m},
           holder: Waterbedrijf, uncertainty: {xy: 0.10 m, z: 0.05 m}, temperature: 12.5 degC, discharge: 25 l/s,
           storage: 60 m3, surface_area: 10.25 m2,
           relations: [{kind: replaces, target: old, left_in_ground: true, removal_date: 2028-01-01},
                       {kind: uses, target: kept}, {kind: connects, target: old, point: [0.00 m, 0.00 m]}]}
        - {id: b, theme: rioolVrijverval, line: [[0.00 m, 8.00 m], [9.00 m, 8.00 m]], invert: -2.00 m, inner: 0.30 m,
           wall: 0.03 m}
    assets:
      - {id: old, theme: water, line: [[0.00 m, 0.00 m], [9.00 m, 0.00 m]], axis: [unknown, -1.00 m],
         diameter: unknown, status: disused}
      - {id: pit, theme: rioolVrijverval, object_kind: manhole, at: [4.00 m, 8.00 m], bottom: unknown, top: unbounded,
         diameter: 1.00 m}
      - {id: tank, theme: water_storage, object_kind: tank, box: [[20.00 m, 0.00 m], [25.00 m, 5.00 m]],
         bottom: -4.00 m, top: -1.00 m}
    reservations:
      - {id: kept, theme: water, line: [[0.00 m, 0.00 m], [9.00 m, 0.00 m]], bottom: -1.40 m, diameter: 0.40 m,
         strength: option, beneficiary: Waterbedrijf, period: {from: 2027-01-01, to: 2030-01-01},
         review_date: 2029-01-01, option_group: north, shareable_with: [warmte]}
    works:
      - {id: works-1, theme: warmte, line: [[0.00 m, 30.00 m], [9.00 m, 30.00 m]], top: -1.00 m, diameter: 0.40 m,
         application: other, state: granted, works_start: 2027-04-01}
    zones:
      - {id: road, type: surface, value: carriageway, box: [[-5.00 m, -5.00 m], [30.00 m, 30.00 m]]}
      - {id: peat, type: subsidence, value: peat, box: [[-5.00 m, -5.00 m], [30.00 m, 30.00 m]], rate: 5.5 mm/year,
         bottom: -9.00 m, top: 0.00 m}
    ground: 0.00 m
    ground_levels:
      - {id: spot, level: 0.10 m, at: [1.00 m, 1.00 m], basis: design, uncertainty: 0.05 m}
      - {id: slab, level: 0.20 m, box: [[0.00 m, 0.00 m], [5.00 m, 5.00 m]]}
    expected:
      rules: [{rule: cover, outcome: untouched}]
"""


def test_everything_an_example_may_say_is_read_and_reads_back() -> None:
    ruleset = load_ruleset(TEXT + EVERYTHING)
    (example,) = ruleset.examples
    assert ruleset_from_document(ruleset.document) == ruleset
    assert ruleset.document["units"] == {
        "length": "mm", "angle": "0.001 deg", "temperature": "0.001 degC", "discharge": "ml/s", "storage": "l",
        "area": "dm2", "rate": "0.001 mm/year",
    }  # fmt: skip
    part = example.application.parts[0]
    assert (part.temperature, part.discharge, part.storage, part.surface_area) == (12_500, 25_000, 60_000, 1025)
    assert [one.id for one in example.objects if one.kind == "ground_level"] == ["ground", "slab", "spot"]
    assert {one.rate for one in example.objects if one.kind == "zone"} == {None, 5500}


@pytest.mark.parametrize(
    ("old", "new", "field", "told"),
    [
        ("rule: separation\n", "rule: seperation\n", "examples[0].expected.rules[0].rule", "no rule seperation"),
        ("outcome: conflict", "outcome: wrong", "examples[0].expected.outcome", "there is no outcome wrong"),
        ("missing: {horizontal: 0.008 m}", "missing: {}", "examples[0].expected.rules[0].missing", "no number in it"),
        ("missing: {horizontal: 0.008 m}", "missing: {horizontal: 8 mm}",
         "examples[0].expected.rules[0].missing.horizontal", "the unit is m"),
        ("outcome: untouched", "outcome: untouched, asked: {length: 1.00 m}",
         "examples[0].expected.rules[1].asked", "has nothing asked"),
        ("rule: reserved-space", "rule: separation", "examples[0].expected.rules[1].rule", "expected already"),
        ("diameter: 0.40 m", "diameter: unknown", "examples[0].application.parts[0].diameter", "number of metres"),
        ("diameter: 0.40 m", "width: 0.40 m", "examples[0].application.parts[0].width", "make no size"),
        (",\n           diameter: 0.40 m", "", "examples[0].application.parts[0].diameter", "no size in it"),
        ("top: -1.00 m,\n ", "", "examples[0].application.parts[0].top", "level of the line is missing"),
        ("top: -1.00 m,\n ", "top: unknown,\n ", "examples[0].application.parts[0].top", "may not be unknown"),
        ("top: -1.00 m,\n ", "top: -1.00 m, cover: 1.00 m,\n ", "examples[0].application.parts[0].cover", "one level"),
        ("top: -1.00 m,\n ", "top: [-1.00 m],\n ", "examples[0].application.parts[0].top", "1 numbers for 2"),
        ("[20.00 m, 0.00 m]", "[0.00 m, 0.00 m]", "examples[0].application.parts[0].line", "without length"),
        ("[20.00 m, 0.00 m]", "[2000.00 m, 0.00 m]", "examples[0].application.parts[0].line", "longer than 1 km"),
        ("[20.00 m, 0.00 m]", "[20, 0.00 m]", "examples[0].application.parts[0].line[1][0]", "unit is left out"),
        ("[20.00 m, 0.00 m]", "[6000.00 m, 0.00 m]", "examples[0].application.parts[0].line[1][0]", "more than 5000"),
        ("[20.00 m, 0.00 m]", "[1.00 m]", "examples[0].application.parts[0].line[1]", "too few"),
        ("theme: rioolVrijverval,", "theme: rioolVrijverval, object_kind: tree,",
         "examples[0].application.parts[0].object_kind", "cannot be a line"),
        ("theme: warmte", "theme: heat", "examples[0].assets[0].theme", "there is no theme heat"),
        ("id: heat, theme", "id: heat, colour: red, theme", "examples[0].assets[0].colour", "no entry colour"),
        ("    assets:\n", "    assets:\n      - {id: heat, theme: water, at: [0.00 m, 9.00 m], bottom: -9.00 m, "
         "top: 0.00 m, diameter: 1.00 m}\n", "examples[0].assets[1].id", "heat is there already"),
        ("    assets:\n", "    assets:\n      - {id: box, theme: water, box: [[1.00 m, 0.00 m], [0.00 m, 9.00 m]], "
         "bottom: -9.00 m, top: 0.00 m}\n", "examples[0].assets[0].box", "north-east"),
        ("    assets:\n", "    zones: [{id: z, type: subsidence, value: peat, box: [[0.00 m, 0.00 m], [1.00 m, "
         "1.00 m]]}]\n    assets:\n", "examples[0].zones[0].rate", "without a rate"),
        ("    assets:\n", "    ground_levels: [{id: g, level: 0.00 m}]\n    assets:\n",
         "examples[0].ground_levels[0].box", "a box or a place"),
        ("title: {nl: Riool naast warmte, en", "title: {en", "examples[0].title.nl", "nl is missing"),
    ],
)  # fmt: skip
def test_each_fault_is_told_where_it_is(old: str, new: str, field: str, told: str) -> None:
    text = BESIDE.replace(old, new, 1)
    assert text != BESIDE
    with pytest.raises(Refused) as caught:
        load_ruleset(TEXT + text)
    problems = caught.value.problems
    assert [problem.field for problem in problems] == [field], problems
    assert told in problems[0].detail
    assert problems[0].line
    assert "Engels" not in problem_line(problems[0], "nl"), problem_line(problems[0], "nl")


def test_what_a_finding_counts_can_be_expected() -> None:
    assert set(_CALLED) <= set(get_args(Unit))
    assert set(_CALLED.values()) <= set(AMOUNTS)


def test_an_empty_list_of_examples_is_refused() -> None:
    with pytest.raises(Refused, match="too few"):
        read_ruleset(_plain() | {"examples": []})


def test_a_rival_is_no_failing_of_the_rule() -> None:
    rival = BESIDE.replace("assets:", "works:").replace("{id: heat,", "{id: heat, application: other, state: open,")
    (result,) = check_examples(load_ruleset(TEXT + rival))
    assert {(one.rule, one.found) for one in result.missed} == {(None, "fits"), ("separation", "met")}
    assert replace(result, missed=()).passes


def _leaves(value: Any, route: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield route
    if isinstance(value, (dict, list)):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(item, (*route, step))


@pytest.mark.parametrize("odd", [None, True, -1, "", "unknown", "unbounded", "0.00 m", [], [[]], {}, {"id": {}}])
def test_whatever_stands_in_an_example_it_is_read_or_refused(odd: object) -> None:
    for route in _leaves(_plain(EVERYTHING)["examples"]):
        plain = _plain(EVERYTHING)
        within = plain
        for step in ("examples", *route)[:-1]:
            within = within[step]
        within[("examples", *route)[-1]] = odd
        try:
            ruleset = read_ruleset(plain)
        except Refused as refused:
            told = refused.problems
        else:
            told = []
            assert ruleset_from_document(ruleset.document) == ruleset
            check_examples(ruleset)
        assert all(problem.field and problem.remedy for problem in told), route
