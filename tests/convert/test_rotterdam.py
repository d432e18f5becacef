"""The shipped mapping on a city's real sewer file: 123 sewers and their manholes in Hoogvliet."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely
from click.testing import CliRunner, Result

from registry.cli.convert import convert
from registry.core.model import Asset, GroundLevel, Line, Shaft, Size
from registry.formats.exchange import read_exchange

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def files(shared_data: Path) -> Path:
    return shared_data / "rotterdam-sewers"


@pytest.fixture(scope="module")
def mapping(root: Path) -> Path:
    return root / "examples" / "mappings" / "dutch-municipal-sewer.yaml"


@pytest.fixture(scope="module")
def raw_sewers(files: Path) -> Rows:
    return raw(files / "sewer_lines.shp")


@pytest.fixture(scope="module")
def raw_manholes(files: Path) -> Rows:
    return raw(files / "manholes.shp")


def raw(path: Path) -> Rows:
    """The file as pyogrio reads it, without any of the code under test."""
    meta, _, geometries, columns = pyogrio.raw.read(path)
    rows: Rows = []
    for index, wkb in enumerate(geometries):
        values = {str(name): column[index] for name, column in zip(meta["fields"], columns, strict=True)}
        rows.append(values | {"line": shapely.from_wkb(wkb)})
    return rows


def run(source: Path, mapping: Path, output: Path, *more: str) -> Result:
    return CliRunner().invoke(convert, [str(source), "--mapping", str(mapping), "-o", str(output), *more])


@pytest.fixture(scope="module")
def converted(files: Path, mapping: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("rotterdam")
    result = run(files, mapping, folder / "out.geojson", "--report", str(folder / "report.json"))
    assert result.exit_code == 0, result.output
    return folder / "out.geojson", json.loads((folder / "report.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def report(converted: tuple[Path, dict[str, Any]]) -> dict[str, Any]:
    return converted[1]


@pytest.fixture(scope="module")
def objects(converted: tuple[Path, dict[str, Any]]) -> tuple[Any, ...]:
    return read_exchange(converted[0]).objects


@pytest.fixture(scope="module")
def sewers(objects: tuple[Any, ...]) -> dict[str, Asset]:
    return {item.id: item for item in objects if isinstance(item, Asset) and isinstance(item.geometry, Line)}


@pytest.fixture(scope="module")
def manholes(objects: tuple[Any, ...]) -> dict[str, Asset]:
    return {item.id: item for item in objects if isinstance(item, Asset) and isinstance(item.geometry, Shaft)}


def line(asset: Asset) -> Line:
    assert isinstance(asset.geometry, Line)
    return asset.geometry


def ids_of(report: dict[str, Any], group: str, *words: str) -> list[str]:
    """The ids under all reasons that hold these words."""
    return [id_ for item in report[group] if all(word in item["reason"] for word in words) for id_ in item["ids"]]


def ends(row: dict[str, Any]) -> list[tuple[float, str | None, float]]:
    """Measured level, date and design level of both ends, as the file states them."""
    return [
        (row["BOB_ACTUEE"], row["DATUM_BOB_"], row["BOB_ONTWER"]),
        (row["BOB_ACTU_1"], row["DATUM_BOB1"], row["BOB_ONTW_1"]),
    ]


def test_every_object_is_there(
    sewers: dict[str, Asset], manholes: dict[str, Asset], raw_sewers: Rows, report: dict[str, Any]
) -> None:
    assert set(sewers) == {f"sewer-{row['OBJ_ID']}" for row in raw_sewers}
    assert (len(sewers), len(manholes)) == (123, 123)
    assert report["written"] == {"asset": 246, "ground_level": 123}
    assert [(t["layer"], t["read"], t["converted"], t["quarantined"]) for t in report["tables"]] == [
        ("sewer_lines", 123, 123, 0),
        ("manholes", 123, 123, 0),
    ]
    assert {asset.theme for asset in sewers.values()} == {"rioolVrijverval"}
    assert {(a.object_kind, a.holder) for a in manholes.values()} == {("manhole", "municipality")}


def test_exactly_the_undated_zeros_became_unknown(
    sewers: dict[str, Asset], raw_sewers: Rows, report: dict[str, Any]
) -> None:
    expected = Counter[str]()
    for row in raw_sewers:
        for (level, date, _), end in zip(ends(row), (0, -1), strict=True):
            found = line(sewers[f"sewer-{row['OBJ_ID']}"]).levels[end]
            if level == 0 and date is None:
                assert found is None
                expected[f"sewer-{row['OBJ_ID']}"] += 1
            else:
                assert found == round(level * 1000)
    assert sum(expected.values()) == 25
    assert Counter(ids_of(report, "flagged", "0.00 without a date, taken as unknown")) == expected


def test_between_two_known_ends_the_gradient_is_straight_else_unknown(
    sewers: dict[str, Asset], raw_sewers: Rows, report: dict[str, Any]
) -> None:
    straight = set()
    for row in raw_sewers:
        id_ = f"sewer-{row['OBJ_ID']}"
        levels, inner = line(sewers[id_]).levels, line(sewers[id_]).levels[1:-1]
        if None in (levels[0], levels[-1]):
            assert set(inner) <= {None}
        elif inner:
            straight.add(id_)
            begin, end, shape = levels[0], levels[-1], row["line"]
            assert begin is not None
            assert end is not None
            for vertex, level in zip(list(shape.coords)[1:-1], inner, strict=True):
                share = shape.project(shapely.Point(vertex)) / shape.length
                assert level == pytest.approx(begin + share * (end - begin), abs=1)
    assert len(straight) == 44
    assert set(ids_of(report, "assumed", "straight gradient")) == straight


def test_measured_is_preferred_over_design_and_the_difference_told(sewers: dict[str, Asset], raw_sewers: Rows) -> None:
    told = 0
    for row in raw_sewers:
        asset = sewers[f"sewer-{row['OBJ_ID']}"]
        for (level, date, design), name in zip(ends(row), ("begin", "end"), strict=True):
            if date is not None and design != 0 and level != design:
                note = (
                    f"{name}: invert measured {date}; design level {design:.2f} differs by {abs(level - design):.2f} m"
                )
                assert note in asset.notes
                told += 1
    assert told > 150
    asset = sewers["sewer-772550"]
    assert line(asset).levels == (None, None)
    assert "begin: design level -1.07 not used" in asset.notes
    assert asset.quality == "begin: invert unknown; end: invert unknown"


def test_undated_levels_that_are_not_zero_are_used_and_flagged(raw_sewers: Rows, report: dict[str, Any]) -> None:
    expected = Counter(
        f"sewer-{row['OBJ_ID']}" for row in raw_sewers for level, date, _ in ends(row) if level != 0 and date is None
    )
    assert sum(expected.values()) == 6
    assert Counter(ids_of(report, "flagged", "undated level")) == expected


def test_eggs_that_contradict_their_type_name_are_flagged_and_stand_upright(
    sewers: dict[str, Asset], raw_sewers: Rows, report: dict[str, Any]
) -> None:
    eggs = {f"sewer-{row['OBJ_ID']}": row["BUISTYPE_N"] for row in raw_sewers if row["shape"] == "egg shaped"}
    assert len(eggs) == 30
    assert set(ids_of(report, "flagged", "contradicts type name")) == set(eggs)
    for id_, name in eggs.items():
        width, height = map(int, name.removeprefix("Eivormig ").split("/"))
        size = line(sewers[id_]).size
        assert size is not None
        assert (size.shape, size.measure, size.width, size.height) == ("egg", "inner", width, height)
        assert any("type name used" in note and name in note for note in sewers[id_].notes)


def test_walls_are_assumed_per_material_with_their_source(
    sewers: dict[str, Asset], raw_sewers: Rows, report: dict[str, Any]
) -> None:
    by_type = {
        (row["MATERIAAL1"], row["BUISTYPE_N"]): line(sewers[f"sewer-{row['OBJ_ID']}"]).size for row in raw_sewers
    }
    # Wall C: 500 / 12 + 45 = 86.7, up to 87; 600 / 12 + 45 = 95. SDR 34: 315 / 34 = 9.3, up to 10, inside 315 outer.
    assert by_type["Beton", "Rond 500"] == Size("round", "inner", 500, 500, 87)
    assert by_type["Beton", "Eivormig 400/600"] == Size("egg", "inner", 400, 600, 95)
    assert by_type["PVC Polyvinylchloride", "Rond 315"] == Size("round", "inner", 295, 295, 10)
    assert len(ids_of(report, "assumed", "wall of Beton", "rcp-wall-c")) == 97
    assert len(ids_of(report, "assumed", "wall of PVC", "pvc-sdr-34")) == 26


def test_manholes_stand_at_street_level_and_give_ground_levels(
    objects: tuple[Any, ...], manholes: dict[str, Asset], raw_manholes: Rows
) -> None:
    grounds = {item.id: item for item in objects if isinstance(item, GroundLevel)}
    for row in raw_manholes:
        id_ = f"manhole-{row['CODE']}"
        level = round(row["MAAIVELD"] * 1000)
        place = (round(row["line"].x * 1000), round(row["line"].y * 1000))
        assert (grounds[id_].level, grounds[id_].position) == (level, place)
        size = Size("round", "inner", round(row["LENGTE_DIA"]), round(row["LENGTE_DIA"])) if row["LENGTE_DIA"] else None
        assert manholes[id_].geometry == Shaft(place, None, level, "nap", size)


def test_no_height_of_the_geometry_gets_through(
    converted: tuple[Path, dict[str, Any]], objects: tuple[Any, ...]
) -> None:
    assert "-9999" not in converted[0].read_text(encoding="utf-8")
    levels = {
        level
        for item in objects
        if isinstance(item, Asset) and isinstance(item.geometry, Line)
        for level in item.geometry.levels
    }
    assert not levels & {-9_999_000, 2132, 1567, 1683}


def test_coordinates_are_those_of_the_file_to_the_millimetre(sewers: dict[str, Asset], raw_sewers: Rows) -> None:
    for row in raw_sewers:
        given = [(round(x * 1000), round(y * 1000)) for x, y, *_ in row["line"].coords]
        assert list(line(sewers[f"sewer-{row['OBJ_ID']}"]).vertices) == given


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_other_formats_of_the_same_tables_convert_identically(
    suffix: str, files: Path, mapping: Path, objects: tuple[Any, ...], tmp_path: Path
) -> None:
    driver = {".gpkg": "GPKG", ".geojson": "GeoJSON"}[suffix]
    for layer in ("sewer_lines", "manholes"):
        meta, _, geometries, columns = pyogrio.raw.read(files / f"{layer}.shp")
        target = tmp_path / ("sewers.gpkg" if suffix == ".gpkg" else f"{layer}.geojson")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pyogrio.raw.write(
                str(target), geometries, columns, meta["fields"], layer=layer, driver=driver,
                geometry_type=meta["geometry_type"], crs=meta["crs"], append=target.exists(),
            )  # fmt: skip
    source = tmp_path / "sewers.gpkg" if suffix == ".gpkg" else tmp_path
    result = run(source, mapping, tmp_path / "out.json")
    assert result.exit_code == 0, result.output
    assert read_exchange(tmp_path / "out.json").objects == objects


def test_sewers_alone_convert_and_the_missing_table_is_told(files: Path, mapping: Path, tmp_path: Path) -> None:
    result = run(files / "sewer_lines.shp", mapping, tmp_path / "out.json")
    assert result.exit_code == 0, result.output
    assert "manholes: not there" in result.output
    assert len(read_exchange(tmp_path / "out.json").objects) == 123


def test_the_source_is_left_as_it_was(files: Path, mapping: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in files.iterdir()}
    run(files, mapping, tmp_path / "out.json")
    assert {path.name: path.read_bytes() for path in files.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_the_terminal_gets_the_account(files: Path, mapping: Path, tmp_path: Path) -> None:
    printed = run(files, mapping, tmp_path / "out.json").output
    assert "sewer_lines: 123 read = 123 converted + 0 quarantined" in printed
    assert "30  size contradicts type name, type name used: sewer-744320" in printed


def test_without_its_prj_a_shapefile_is_refused_unless_the_mapping_says(
    files: Path, mapping: Path, tmp_path: Path
) -> None:
    for path in files.iterdir():
        if path.suffix != ".prj":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    result = run(tmp_path, mapping, tmp_path / "out.json")
    assert result.exit_code == 1
    assert "states no coordinate system" in result.output
    declared = tmp_path / "mapping.yaml"
    declared.write_text("crs: EPSG:28992\n" + mapping.read_text(encoding="utf-8"), encoding="utf-8")
    assert run(tmp_path, declared, tmp_path / "out.json").exit_code == 0
