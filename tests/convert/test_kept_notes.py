"""What a conversion did with an object stays with that object, and is told in Dutch too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from registry.cli.main import main
from registry.core.model import Asset
from registry.formats.conversion_nl import LINES
from registry.formats.convert import Conversion
from registry.formats.notes import is_own
from tests.convert.making import LINE, MAPPING, row, write_table
from tests.convert.test_objects import POINT, SHAFTS, converted

BENT = ((100_000.0, 450_000.0), (100_010.0, 450_000.0), (100_035.0, 450_000.0))
#: Of these a note in other words, or the quality, says it.
ELSEWHERE = {
    "wall of": "wall ", "size contradicts": "size: type name ", "round, but": "size: attributes say ",
    "type name not": "type name ", "outside": " is outside ", "differs": " differs by ", "level not used": " not used",
}  # fmt: skip


def of_each(conversion: Conversion, groups: tuple[str, ...]) -> list[tuple[str, Asset]]:
    """Every reason with the asset it holds for."""
    report, assets = conversion.report, {item.id: item for item in conversion.objects if isinstance(item, Asset)}
    return [(reason, assets[id_]) for group in groups for reason, ids in getattr(report, group).items() for id_ in ids]


def says(asset: Asset, reason: str) -> bool:
    if reason in asset.notes or f"{reason}, assumed" in asset.notes:
        return True
    if reason.startswith(("design level at", "undated level at")):
        return any(word in (asset.quality or "") for word in ("design", "undated"))
    wanted = [words for start, words in ELSEWHERE.items() if start in reason]
    return any(words in note for words in wanted for note in asset.notes)


SAMPLES: list[tuple[dict[str, Any], Any, str]] = [
    ({}, BENT, MAPPING),
    ({"z1": 0.0, "d1": None, "z2": 1.2, "d2": None}, LINE, MAPPING),
    ({"z1": 900.0, "o2": 1.1, "width": 0.0, "height": 0.0, "type": "kromme buis"}, LINE, MAPPING),
    ({"shape": "ei", "width": 400.0, "height": 600.0, "type": "Ei 600/400"}, BENT, MAPPING),
    ({"shape": "rond", "height": 400.0, "type": None, "material": "gres"}, (LINE[0], *LINE), MAPPING),
    ({"shape": "vierkant", "width": "breed", "height": 70_000.0, "material": "pvc"}, LINE, MAPPING),
    ({"z1": 345.0, "type": "fictief"}, POINT, SHAFTS),
    ({"z1": 0.0, "width": 0.0}, POINT, SHAFTS),
]


@pytest.mark.parametrize(("changed", "geometry", "mapping"), SAMPLES)
def test_all_that_is_said_of_an_object_stands_in_it(changed: dict[str, Any], geometry: Any, mapping: str) -> None:
    told = of_each(converted(row(**changed), geometries=[geometry], mapping=mapping), ("assumed", "flagged", "noted"))
    assert told
    for reason, asset in told:
        assert says(asset, reason), (reason, asset.notes, asset.quality)


def test_the_account_is_told_in_dutch(tmp_path: Path) -> None:
    mapping, table = tmp_path / "mapping.yaml", tmp_path / "pipes.gpkg"
    mapping.write_text(MAPPING, encoding="utf-8")
    rows = [row(number=k, code=f"a{k}", **changed) for k, (changed, _geometry, text) in enumerate(SAMPLES)
            if text == MAPPING and changed.get("width") != "breed"]  # fmt: skip
    write_table(table, [*rows, row(number=98, code="b", water="onbekend"), row(number=99, code="c")],
                [LINE] * len(rows) + [LINE, ((1_000.0, 2_000.0), (1_001.0, 2_000.0))])  # fmt: skip
    words = ["convert", str(table), "--mapping", str(mapping), "-o", str(tmp_path / "out.geojson")]
    dutch = CliRunner().invoke(main, [*words, "--lang", "nl"])
    english = CliRunner().invoke(main, words)
    assert dutch.exit_code == english.exit_code == 0, dutch.output
    assert len(dutch.stdout.splitlines()) == len(english.stdout.splitlines())
    same = [line for line in dutch.stdout.splitlines() if line in english.stdout.splitlines()]
    assert same == []
    for word in (" taken as ", " level", " read ", " assumed", "missing", "outside", " unknown", " is not "):
        assert word not in dutch.stdout.replace(str(tmp_path), ""), word
    for line in ("apart gezet", "Aangenomen (", "Gemerkt (", "Genoteerd (", "Apart gezet (", "Geschreven naar "):
        assert line in dutch.stdout


def test_both_languages_have_the_same_lines() -> None:
    assert LINES["nl"].keys() == LINES["en"].keys()


@pytest.mark.parametrize(("changed", "geometry", "mapping"), SAMPLES)
def test_every_reason_is_known_in_dutch(changed: dict[str, Any], geometry: Any, mapping: str) -> None:
    conversion = converted(row(**changed), geometries=[geometry], mapping=mapping)
    for reason, _asset in of_each(conversion, ("assumed", "flagged", "noted")):
        assert reason == "not real" or is_own(reason), reason
