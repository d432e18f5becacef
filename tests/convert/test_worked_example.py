"""docs/worked-example.md: every number worked out by hand there is what the real command says on the real file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from registry.cli.check import check
from registry.cli.convert import convert
from registry.core.case import Case
from registry.core.cover import profile
from registry.formats.exchange import read_exchange
from registry.formats.ruleset_yaml import load_ruleset

CAUTIOUS = "cautious.yaml"
TWO_NUMBER = "two-number.yaml"


@pytest.fixture(scope="module")
def sewers(root: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real file, converted by the shipped mapping."""
    output = tmp_path_factory.mktemp("rotterdam") / "sewers.geojson"
    mapping = root / "examples" / "mappings" / "dutch-municipal-sewer.yaml"
    result = CliRunner().invoke(
        convert, [str(shared_data / "rotterdam-sewers"), "--mapping", str(mapping), "-o", str(output)]
    )
    assert result.exit_code == 0, result.output
    return output


def application(root: Path) -> Path:
    return root / "examples" / "rotterdam" / "sewer-0.80.geojson"


def checked(root: Path, sewers: Path, ruleset: str, *more: str, asked: Path | None = None) -> Result:
    arguments = [
        str(asked or application(root)),
        "--against", str(sewers),
        "--against", str(root / "examples" / "rotterdam" / "heat-reservation.geojson"),
        "--ruleset", str(root / "examples" / "rulesets" / ruleset),
        *more,
    ]  # fmt: skip
    return CliRunner().invoke(check, arguments)


def verdict(root: Path, sewers: Path, ruleset: str, asked: Path | None = None) -> dict[str, Any]:
    result = checked(root, sewers, ruleset, "--json", asked=asked)
    loaded: dict[str, Any] = json.loads(result.stdout)["verdict"]
    return loaded


def of_kind(judged: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [finding for finding in judged["findings"] if finding["rule_kind"] == kind]


def with_size(root: Path, folder: Path, size: dict[str, float]) -> Path:
    """The application with another size."""
    data = json.loads(application(root).read_text(encoding="utf-8"))
    data["features"][0]["properties"]["size"] = size
    path = folder / "asked.geojson"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_the_given_is_what_the_file_says(sewers: Path) -> None:
    features = json.loads(sewers.read_text(encoding="utf-8"))["features"]
    sewer = next(f for f in features if f["id"] == "sewer-745342")
    assert sewer["geometry"]["coordinates"] == [[83225.766, 431388.832], [83253.371, 431397.749]]
    assert sewer["properties"]["levels"] == [1.68, 1.63]
    assert sewer["properties"]["level_of"] == "invert"
    assert sewer["properties"]["size"] == {"inner": 0.5, "wall": 0.087}
    assert sewer["properties"]["quality"] == "begin: invert measured 1995; end: invert measured 1995"
    assert "wall 87 mm assumed (rcp-wall-c)" in sewer["properties"]["notes"]
    street = {f["id"]: f["properties"]["level"] for f in features if f["properties"]["kind"] == "ground_level"}
    assert (street["manhole-2200249"], street["manhole-2200334"]) == (3.70, 3.53)


def test_conflict_with_the_reservation_by_the_cautious_rules(root: Path, sewers: Path) -> None:
    judged = verdict(root, sewers, CAUTIOUS)
    assert judged["outcome"] == "conflict"
    (finding,) = of_kind(judged, "reserved_space")
    assert finding["counterparts"][0]["id"] == "heat-lavasweg"
    assert (finding["cause"], finding["certainty"], finding["severity"]) == ("parallel", "certain", "blocks")
    assert finding["gap"] == {"horizontal": 873}
    assert finding["required"] == {"horizontal": 1000}
    assert finding["missing"] == {"horizontal": 127}
    assert finding["gap_before"] == {"horizontal": 1048}
    assert finding["not_worsened"] is False
    assert finding["stretches"] == [{"part": "sewer-new", "start": 0, "end": 29009}]
    assert finding["place"] == {"part": "sewer-new", "chainage": 0, "x": 83225766, "y": 431388832}
    assert checked(root, sewers, CAUTIOUS).exit_code == 2


def test_cover_after_and_before(root: Path, sewers: Path, tmp_path: Path) -> None:
    (finding,) = of_kind(verdict(root, sewers, CAUTIOUS), "cover")
    assert finding["gap"] == {"vertical": 963}
    assert finding["required"] == {"vertical": 1000}
    assert finding["missing"] == {"vertical": 37}
    assert finding["place"] == {"part": "sewer-new", "chainage": 14504, "x": 83239568, "y": 431393290}
    assert finding["stretches"] == [{"part": "sewer-new", "start": 14504, "end": 29009}]
    assert covers(root, sewers, application(root)) == [1108, 1133, 963, 988]
    before = with_size(root, tmp_path, {"inner": 0.5, "wall": 0.087})
    assert covers(root, sewers, before) == [1433, 1458, 1288, 1313]
    assert of_kind(verdict(root, sewers, CAUTIOUS, before), "cover") == []


def covers(root: Path, sewers: Path, asked: Path) -> list[int | None]:
    """Cover at the first manhole, half-way by the first and by the second, and at the second."""
    filed = read_exchange(asked).application
    assert filed is not None
    ruleset = load_ruleset(root / "examples" / "rulesets" / CAUTIOUS)
    case = Case.of(filed, read_exchange(sewers).objects, ruleset)
    return [cover.value for cover in profile(case, case.parts[0], False)]


@pytest.mark.parametrize(
    ("size", "gap"),
    [
        ({"inner": 0.571, "wall": 0.1}, None),  # outside 771: 2000.86 − 615 − 385.5 = 1000.36
        ({"inner": 0.572, "wall": 0.1}, 999),
        ({"inner": 0.6, "wall": 0.095}, 990),
        ({"inner": 0.5, "wall": 0.087}, None),
    ],
)
def test_what_would_fit(root: Path, sewers: Path, tmp_path: Path, size: dict[str, float], gap: int | None) -> None:
    found = of_kind(verdict(root, sewers, CAUTIOUS, with_size(root, tmp_path, size)), "reserved_space")
    assert [finding["gap"]["horizontal"] for finding in found] == ([] if gap is None else [gap])


def test_the_manholes_it_ends_in_are_not_in_the_way(root: Path, sewers: Path, tmp_path: Path) -> None:
    """Their size and depth are unknown. Without the connection stated, that is said, once for both."""
    for ruleset in (CAUTIOUS, TWO_NUMBER):
        assert of_kind(verdict(root, sewers, ruleset), "separation") == []
    data = json.loads(application(root).read_text(encoding="utf-8"))
    relations = data["features"][0]["properties"]["relations"]
    data["features"][0]["properties"]["relations"] = [r for r in relations if r["type"] != "connects"]
    path = tmp_path / "unconnected.geojson"
    path.write_text(json.dumps(data), encoding="utf-8")
    undetermined = [
        finding
        for finding in of_kind(verdict(root, sewers, CAUTIOUS, path), "separation")
        if finding["certainty"] == "undetermined"
    ]
    (finding,) = undetermined
    assert [item["id"] for item in finding["counterparts"]] == ["manhole-2200249", "manhole-2200334"]
    assert finding["lacking"] == ["level", "size"]


def test_two_numbers_leave_room_for_the_reservation(root: Path, sewers: Path) -> None:
    judged = verdict(root, sewers, TWO_NUMBER)
    assert judged["findings"] == []
    assert judged["outcome"] == "fits"
    assert checked(root, sewers, TWO_NUMBER).exit_code == 0


def test_all_three_relations_hold_and_the_basis_is_what_lies_near(root: Path, sewers: Path) -> None:
    judged = verdict(root, sewers, CAUTIOUS)
    assert [(relation["type"], relation["target"]) for relation in judged["relations"]] == [
        ("connects", "manhole-2200249"),
        ("connects", "manhole-2200334"),
        ("replaces", "sewer-745342"),
    ]
    assert [(kind, name) for kind, name, _ in judged["basis"]] == [
        ("asset", "manhole-2200249"),
        ("asset", "manhole-2200334"),
        ("asset", "sewer-745338"),
        ("asset", "sewer-745340"),
        ("asset", "sewer-745342"),
        ("ground_level", "manhole-2200249"),
        ("ground_level", "manhole-2200334"),
        ("reservation", "heat-lavasweg"),
    ]


def test_the_document_shows_what_the_command_prints(root: Path, sewers: Path) -> None:
    printed = re.sub(r"\s+", " ", checked(root, sewers, CAUTIOUS).stdout)
    text = (root / "docs" / "worked-example.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```text\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        assert re.sub(r"\s+", " ", block).strip() in printed, "the command no longer prints this:\n" + block
