"""Bad files: each is refused naming file, feature, field and the value found, with a remedy."""

from __future__ import annotations

from typing import Any

import pytest

from registry.core.errors import Refused
from registry.formats.exchange import read_exchange
from tests.formats.exchange_bad_rows import FRAMES, GEOMETRIES, PROPERTIES, TEXTS
from tests.formats.exchange_samples import POINT, asset, encoded, feature, line, part

A = [155000.0, 463000.0]
BAD = TEXTS | FRAMES | GEOMETRIES | PROPERTIES


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_says_where_what_and_how_to_mend_it(name: str) -> None:
    content, code, where, field, value, remedy = BAD[name]
    with pytest.raises(Refused) as caught:
        read_exchange(content, "bad.json")
    (problem,) = caught.value.problems
    assert (problem.code, problem.file, problem.feature, problem.field) == (code, "bad.json", where, field)
    assert problem.value.startswith(value)
    assert bool(value) == bool(problem.value)
    assert remedy in problem.remedy
    assert problem.detail
    assert (problem.line is not None) == (name in TEXTS)


def test_every_fault_of_a_feature_is_told() -> None:
    bad = part(theme="gas", levels="low", size={"outer": 400}, relations=[{"type": "uses"}], geometry=line(A, [5, 52]))
    with pytest.raises(Refused) as caught:
        read_exchange(encoded(bad, asset(holder=...), crs=...), "bad.json")
    assert [(problem.feature, problem.field) for problem in caught.value.problems] == [
        ("", "crs"),
        ("part-1", "geometry.coordinates[1]"),
        ("part-1", "properties.levels"),
        ("part-1", "properties.size.outer"),
        ("part-1", "properties.theme"),
        ("part-1", "properties.relations[0].target_kind"),
        ("part-1", "properties.relations[0].target"),
        ("asset-1", "properties.holder"),
    ]


def test_one_kind_of_fault_in_many_positions_is_told_once() -> None:
    degrees = [[5 + index / 1000, 52.1] for index in range(500)]
    with pytest.raises(Refused) as caught:
        read_exchange(encoded(asset(geometry=line(*degrees, [1, 2, 3, 4]))), "bad.json")
    first, second = caught.value.problems
    assert "the first of 500" in first.detail
    assert second.value == "[1, 2, 3, 4]"


def test_a_wrong_crs_is_told_without_a_problem_for_every_coordinate() -> None:
    wrong = [feature(f"a-{number}", line([5.1, 52.1], [5.2, 52.1]), kind="asset") for number in range(5)]
    with pytest.raises(Refused) as caught:
        read_exchange(encoded(*wrong, crs={"type": "name", "properties": {"name": "EPSG:4326"}}), "bad.json")
    assert [problem.code for problem in caught.value.problems] == ["unsupported_crs"]
    assert "4326" in caught.value.problems[0].value


def told(content: bytes, name: str = "bad.json") -> list[tuple[str, str, str]]:
    """Code, field and remedy of each problem."""
    with pytest.raises(Refused) as caught:
        read_exchange(content, name)
    return [(problem.code, problem.field, problem.remedy) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("bad", "fields"),
    [
        (part(theme="riool", colour="red", levels=...), ["theme", "colour", "levels"]),
        (part(theme="riool", size=...), ["theme", "size"]),
        (part(theme=..., object_kind="manhole"), ["theme", "object_kind"]),
        (part(theme="riool", top=-1), ["theme", "top"]),
        (part(name="", relations=[{"type": "inside", "target_kind": "part", "target": "part-1"}]),
         ["name", "relations[0].target"]),
        # what only follows from a fault that is told is not
        (part(levels="low"), ["levels"]),
        (part(size={"outer": "wide"}), ["size.outer"]),
        (part(size=..., envelope={"width": 1}), ["envelope.height"]),
        (part(level_of="inside", size=...), ["level_of"]),
        (part(levels=150, level_reference="grond"), ["level_reference"]),
        (part(geometry=POINT, levels=..., size={"outer": 1}, top="high", bottom=-2), ["top"]),
        (part(geometry=line(A, A), levels=["low", 1]), ["levels[0]"]),
    ],
)  # fmt: skip
def test_faults_of_properties_and_of_what_they_make_together_are_told_at_once(
    bad: dict[str, Any], fields: list[str]
) -> None:
    found = [field.removeprefix("properties.") for _, field, _ in told(encoded(bad))]
    assert sorted(found) == sorted(fields)


@pytest.mark.parametrize("levels", [-2000, 150, [-2.0, 150]])
def test_a_level_has_one_limit(levels: object) -> None:
    for bad in (part(levels=levels), part(geometry=POINT, levels=..., top=0, bottom=-2000, size={"outer": 1})):
        with pytest.raises(Refused) as caught:
            read_exchange(encoded(bad), "bad.json")
        (problem,) = caught.value.problems
        assert problem.detail == "a level outside -300 to 100 m"
    with pytest.raises(Refused) as caught:
        read_exchange(encoded(part(levels=-1.2, level_reference="ground")), "bad.json")
    assert [problem.detail for problem in caught.value.problems] == ["a depth below ground level outside 0 to 300 m"]


def test_an_id_among_the_properties_is_told_where_it_belongs() -> None:
    misplaced = part(id="part-1")
    del misplaced["id"]
    assert told(encoded(misplaced)) == [("not_allowed", "properties.id", "Put it beside `geometry`.")]
    (twice,) = told(encoded(part(id="part-1")))
    assert twice[:2] == ("not_allowed", "properties.id")
    assert "Leave it out" in twice[2]


@pytest.mark.parametrize("id_", [7, "", None])
def test_a_part_without_a_usable_id_is_a_part_all_the_same(id_: object) -> None:
    bad = part()
    bad["id"] = id_
    assert [field for _, field, _ in told(encoded(bad))] == ["id"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"SQLite format 3\x00\x10\x00", "street.geojson", "Convert it first: registry convert"),
        (b"\x00\x00\x27\x0a\x00\x00", "street", "Convert it first: registry convert"),
        (b"\x03\x7a\x01", "STREET.DBF", "Convert it first: registry convert"),
        (b"", "street.shp", "Convert it first: registry convert"),
        (b"PK\x03\x04", "street.zip", "Unpack it. Convert it first"),
        (b"# ours\nruleset:\n  id: a\n", "rules.geojson", "Give it as --ruleset"),
        (b"---\nmapping: {id: a}\n", "a", "only rulesets and mappings are YAML"),
        (b"- a\n", "a.yaml", "only rulesets and mappings are YAML"),
    ],
)
def test_a_file_of_another_format_is_told_by_what_it_is(content: bytes, name: str, said: str) -> None:
    ((code, field, remedy),) = told(content, name)
    assert (code, field) == ("invalid_json", "")
    assert said in remedy


def test_json_is_read_whatever_its_name_is() -> None:
    assert read_exchange(encoded(asset()), "street.zip").objects
    assert read_exchange(b"\n" + encoded(asset()), "street.yaml").objects
