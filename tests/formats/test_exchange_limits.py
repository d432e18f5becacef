"""The exchange format's limits, and how its problems are told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from registry.core.errors import Problem, Refused
from registry.formats.exchange import read_exchange, read_files
from tests.formats.exchange_samples import asset, encoded, ground, line, part, reservation, zone


def loaded(feature: dict[str, Any]) -> Any:
    (found, *_rest) = read(feature)
    return found


def read(*features: dict[str, Any]) -> tuple[Any, ...]:
    exchange = read_exchange(encoded(*features), "given.json")
    parts = exchange.application.parts if exchange.application else ()
    return (*parts, *exchange.objects)


def problems(*features: object) -> list[Problem]:
    with pytest.raises(Refused) as caught:
        read_exchange(encoded(*features), "given.json")
    return caught.value.problems


def only_problem(feature: object) -> Problem:
    (problem,) = problems(feature)
    assert problem.remedy
    return problem


@pytest.mark.parametrize(
    ("x", "y", "fine"),
    [
        ("0", "300000", True),
        ("300000", "625000", True),
        ("-0.0001", "300000", False),
        ("300000.0000001", "625000", False),
        ("0", "299999.9999", False),
        ("300000", "625000.0001", False),
    ],
)
def test_the_box_of_rd_to_the_last_digit(x: str, y: str, fine: bool) -> None:
    text = encoded(ground(geometry={"type": "Point", "coordinates": [1, 2]})).replace(b"[1, 2]", f"[{x}, {y}]".encode())
    if fine:
        assert read_exchange(text, "x").objects
    else:
        with pytest.raises(Refused, match="outside RD New"):
            read_exchange(text, "x")


@pytest.mark.parametrize(
    ("changes", "fine"),
    [
        ({"levels": -300}, True),
        ({"levels": -300.001}, False),
        ({"levels": 100}, True),
        ({"levels": 100.001}, False),
        ({"levels": 0, "level_reference": "ground"}, True),
        ({"levels": -0.001, "level_reference": "ground"}, False),
        ({"levels": 300, "level_reference": "ground"}, True),
        ({"levels": 300.001, "level_reference": "ground"}, False),
        ({"size": {"outer": 0.01}}, True),
        ({"size": {"outer": 0.0099999}}, False),
        ({"size": {"outer": 50}}, True),
        ({"size": {"outer": 50.0001}}, False),
        ({"envelope": {"width": 50.0001, "height": 1}}, False),
        ({"size": {"inner": 1, "wall": 5}}, True),
        ({"size": {"inner": 1, "wall": 5.001}}, False),
        ({"size": {"inner": 1, "wall": -0.001}}, False),
        ({"uncertainty": {"z": -0.001}}, False),
        ({"uncertainty": {"xy": 100.1}}, False),
    ],
)
def test_ranges_hold_to_the_last_millimetre(changes: dict[str, Any], fine: bool) -> None:
    if fine:
        assert loaded(part(**changes))
    else:
        assert only_problem(part(**changes)).code == "out_of_range"


def test_limits_of_a_line() -> None:
    assert loaded(part(geometry=line([155000, 463000], [155600, 463800])))
    assert only_problem(part(geometry=line([155000, 463000], [155600, 463800.001]))).code == "invalid_geometry"
    zigzag = [[155000 + index * 0.1, 463000 + index % 2] for index in range(5_001)]
    assert len(loaded(part(geometry=line(*zigzag[:5_000]))).geometry.vertices) == 5_000
    assert only_problem(part(geometry=line(*zigzag))).code == "too_complex"


def test_limits_of_an_application() -> None:
    parts = [part(f"part-{number}") for number in range(201)]
    assert len(read(*parts[:200])) == 200
    (problem,) = problems(*parts)
    assert (problem.code, problem.field, problem.value) == ("too_complex", "features", "201")


def test_limits_of_ids_and_text() -> None:
    assert loaded(asset("a" * 100, name="é" * 1_000)).name == "é" * 1_000
    for id_ in ("a" * 101, "", "-a", "a b", "é", "a\n"):
        assert only_problem(asset(id_)).field == "id", id_
    assert only_problem(asset(name="e" * 1_001)).code == "too_large"
    for text in ("a\nb", "a\u0085b", "\x1b[31m"):
        assert only_problem(asset(name=text)).code == "invalid_text", text
    assert only_problem(asset(name=" ")).code == "not_allowed"


def test_a_file_with_an_application_or_reservation_may_not_be_as_large_as_one_with_assets() -> None:
    padding = b" " * 5_000_000
    assert read_exchange(encoded(asset()) + padding, "x").objects
    for feature in (part(), reservation()):
        with pytest.raises(Refused, match="larger than the 5,000,000 bytes") as caught:
            read_exchange(encoded(feature) + padding, "big.json")
        assert caught.value.problems[0].file == "big.json"


def test_all_problems_of_a_file_at_once_and_at_most_a_hundred() -> None:
    bad = [asset(f"a-{number}", theme="gas", holder=...) for number in range(60)]
    found = problems(*bad)
    assert len(found) == 101
    assert {problem.code for problem in found[:100]} == {"missing", "not_allowed"}
    assert found[-1].detail == "and at least 2 more problems"
    assert len(problems(*bad[:50])) == 100
    assert all(problem.file == "given.json" for problem in found)


def test_problems_come_in_the_same_order_every_time() -> None:
    bad = asset(zz=1, aa=2, mm=3, theme=4, levels="x")
    program = (
        "import sys\nfrom registry.core.errors import Refused\nfrom registry.formats.exchange import read_exchange\n"
        "try:\n read_exchange(sys.stdin.buffer.read(), 'x')\nexcept Refused as refused:\n print(refused)\n"
    )
    root = Path(__file__).resolve().parents[2]
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            input=encoded(bad),
            capture_output=True,
            check=True,
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
    assert said.pop().count(b"\n") == 5


def test_shapely_is_only_loaded_for_polygons() -> None:
    root = Path(__file__).resolve().parents[2]
    program = (
        "import sys\nfrom registry.formats.exchange import read_exchange\n"
        "assert read_exchange(sys.stdin.buffer.read(), 'x').objects\nprint('shapely' in sys.modules)\n"
    )
    for feature, expected in ((asset(), b"False"), (zone(), b"True")):
        done = subprocess.run(
            [sys.executable, "-c", program], input=encoded(feature), capture_output=True, check=True, cwd=root
        )
        assert done.stdout.strip() == expected


def test_files_are_read_together(tmp_path: Path) -> None:
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    one.write_bytes(encoded(part(), asset("x")))
    two.write_bytes(encoded(asset("y"), reservation("x")))
    first, second = read_files([one, two])
    assert first.application is not None
    assert [value.id for value in (*first.objects, *second.objects)] == ["x", "y", "x"]


def test_an_id_in_two_files_names_both(tmp_path: Path) -> None:
    one, two, three = (tmp_path / f"{name}.json" for name in ("one", "two", "three"))
    one.write_bytes(encoded(part("p"), asset("x")))
    two.write_bytes(encoded(asset("x"), zone("x")))
    three.write_bytes(encoded(part("p"), application={"id": "app-1", "applicant": "B", "regime": "permit"}))
    with pytest.raises(Refused) as caught:
        read_files([one, two, three])
    found = caught.value.problems
    assert [(problem.code, problem.feature, problem.file) for problem in found] == [
        ("duplicate_id", "x", str(two)),
        ("duplicate_id", "app-1", str(three)),
        ("duplicate_id", "p", str(three)),
    ]
    assert str(one) in found[0].detail
    assert str(two) in found[0].detail
    with pytest.raises(Refused, match="twice"):
        read_files([two, two])


def test_problems_of_all_files_at_once(tmp_path: Path) -> None:
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    one.write_bytes(b"[")
    two.write_bytes(encoded(asset(theme="gas")))
    with pytest.raises(Refused) as caught:
        read_files([one, two, tmp_path / "none.json", tmp_path])
    found = [(problem.code, Path(problem.file).name) for problem in caught.value.problems]
    assert found == [
        ("invalid_json", "one.json"),
        ("not_allowed", "two.json"),
        ("unreadable", "none.json"),
        ("unreadable", tmp_path.name),
    ]


def test_of_very_many_unknown_properties_the_first_twenty_are_told() -> None:
    many: dict[str, Any] = {f"key-{number:04}": number for number in range(5_000)}
    found = problems(asset(**many))
    assert [problem.field for problem in found[:20]] == [f"properties.key-{number:04}" for number in range(20)]
    assert found[20:][0].detail == "and 4980 more unknown properties"
    assert len(found) == 21
