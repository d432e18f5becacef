"""Bad files: each is refused naming file, feature, field and the value found, with a remedy."""

from __future__ import annotations

import pytest

from registry.core.errors import Refused
from registry.formats.exchange import read_exchange
from tests.formats.exchange_bad_rows import FRAMES, GEOMETRIES, PROPERTIES, TEXTS
from tests.formats.exchange_samples import asset, encoded, feature, line, part

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
