"""Bad files, each a clear problem and exit 1, and nothing written; hostile ones without effect."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapely
from click.testing import CliRunner, Result

from registry.cli.convert import convert
from registry.core.errors import Problem, Refused
from registry.formats.exchange import read_exchange
from registry.formats.foreign import DRIVERS, NO_NETWORK, Limits, read_foreign
from tests.convert.making import LINE, MAPPING, row, write_table


def run(path: Path, tmp_path: Path, mapping: str = MAPPING) -> Result:
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    output = tmp_path / "out.json"
    arguments = [str(path), "--mapping", str(tmp_path / "mapping.yaml"), "-o", str(output)]
    result = CliRunner().invoke(convert, arguments)
    assert output.exists() == (result.exit_code == 0)
    assert not [left for left in tmp_path.iterdir() if left.name.startswith(".out.json")]
    return result


def refusal(path: Path, tmp_path: Path, layers: tuple[str, ...] = ("pipes",), **limits: Any) -> Problem:
    """The one problem a file is refused with; through the command it gives exit 1 and the same words."""
    with pytest.raises(Refused) as refused:
        read_foreign(path, layers, Limits(**limits))
    (problem,) = refused.value.problems
    assert problem.remedy
    if not limits:
        result = run(path, tmp_path)
        assert result.exit_code == 1
        assert problem.detail in result.output
    return problem


def pipes(folder: Path, suffix: str, **options: Any) -> Path:
    return write_table(folder / f"pipes{suffix}", [row()], [LINE], **options)


def shapefile(folder: Path) -> Path:
    rows = [row(code=f"a{number}", number=number) for number in range(20)]
    return write_table(folder / "pipes.shp", rows, [LINE] * 20)


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson"])
def test_a_sound_file_converts(suffix: str, tmp_path: Path) -> None:
    result = run(pipes(tmp_path, suffix), tmp_path)
    assert result.exit_code == 0, result.output
    (asset,) = read_exchange(tmp_path / "out.json").objects
    assert asset.id == "p-a1"


@pytest.mark.parametrize("suffix", [".shp", ".shx", ".dbf"])
@pytest.mark.parametrize("kept", [0, 20, 110, -8])
def test_a_truncated_shapefile_is_refused_whole(suffix: str, kept: int, tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    part = path.with_suffix(suffix)
    part.write_bytes(part.read_bytes()[:kept])
    assert refusal(path, tmp_path).code == "unreadable"


def test_a_shapefile_of_which_the_parts_do_not_belong_together_is_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    (tmp_path / "other").mkdir()
    other = pipes(tmp_path / "other", ".shp")
    path.with_suffix(".dbf").write_bytes(other.with_suffix(".dbf").read_bytes())
    assert refusal(path, tmp_path).detail == "it has 20 geometries and 1 rows of attributes"


@pytest.mark.parametrize("suffix", [".dbf", ".shx"])
def test_a_shapefile_without_one_of_its_files_is_refused(suffix: str, tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    path.with_suffix(suffix).unlink()
    problem = refusal(path, tmp_path)
    assert problem.detail == f"a Shapefile needs its {suffix} file"
    assert f"pipes{suffix}" in problem.remedy


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.99])
def test_other_truncated_files_are_refused_whole(suffix: str, share: float, tmp_path: Path) -> None:
    rows = [row(code=f"a{number}", number=number) for number in range(200)]
    path = write_table(tmp_path / f"pipes{suffix}", rows, [LINE] * 200)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    assert refusal(path, tmp_path).code in ("unreadable", "invalid_json")


VRT = '<OGRVRTDataSource><OGRVRTLayer name="pipes"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".geojson", ".json", ".vrt"])
def test_a_vrt_is_never_opened_whatever_its_name(suffix: str, tmp_path: Path) -> None:
    target = pipes(tmp_path, ".gpkg")
    path = tmp_path / f"other{suffix}"
    path.write_text(VRT.format(target), encoding="utf-8")
    if suffix == ".shp":
        for more in (".shx", ".dbf"):
            path.with_suffix(more).write_bytes(b"")
    assert refusal(path, tmp_path).code == "unreadable"


def test_the_reader_has_three_drivers_and_no_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.formats.foreign._other_drivers", lambda: ("CSV",))
    assert refusal(pipes(tmp_path, ".gpkg"), tmp_path).detail.startswith("the reader could not be held to its drivers")
    assert DRIVERS == ("GPKG", "ESRI Shapefile", "GeoJSON")


def test_an_archive_is_refused(tmp_path: Path) -> None:
    inner = pipes(tmp_path, ".gpkg")
    for name in ("pipes.zip", "other.gpkg"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.write(inner, "pipes.gpkg")
        problem = refusal(tmp_path / name, tmp_path)
        assert (problem.code, problem.detail) == ("not_allowed", "this is an archive")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("pipes.gml", b"<gml/>", "unreadable"),
        ("pipes.csv", b"WKT\n", "unreadable"),
        ("pipes", b"{}", "unreadable"),
        ("pipes.gpkg", b"SQLite format 3\x00" + bytes(4096), "unreadable"),
        ("pipes.gpkg", b"SQLite format 3\x00" + bytes(52) + b"GPKG" + bytes(4096), "unreadable"),
        ("pipes.geojson", b"", "unreadable"),
        ("pipes.geojson", b"{", "invalid_json"),
        ("pipes.geojson", b'{"type": "FeatureCollection", "features": [', "invalid_json"),
        ("pipes.geojson", b'{"type": "Topology"}', "wrong_type"),
        ("pipes.geojson", b'{"a":' * 100_000, "too_deep"),
        ("pipes.geojson", b'{"type": "\xff"}', "invalid_text"),
        ("pipes.geojson", b'{"type": "FeatureCollection", "features": 12}', "unreadable"),
    ],
)
def test_what_is_none_of_the_formats_is_refused(name: str, content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    begun = time.monotonic()
    assert refusal(path, tmp_path).code == code
    assert time.monotonic() - begun < 10  # two readings, on a busy machine


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "nothing.gpkg", tmp_path).detail
    (tmp_path / "empty").mkdir()
    assert refusal(tmp_path / "empty", tmp_path).detail == "the folder holds no Shapefile or GeoJSON file"


def test_a_crs_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        port = server.getsockname()[1]
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                asked.append(connection.recv(100))
                connection.close()

        listener = threading.Thread(target=listen)
        listener.start()
        try:
            for crs in (
                {"type": "link", "properties": {"href": f"http://127.0.0.1:{port}/crs", "type": "ogcwkt"}},
                {"type": "name", "properties": {"name": f"http://127.0.0.1:{port}/crs"}},
                {"type": "name", "properties": {"name": f"/vsicurl/http://127.0.0.1:{port}/crs"}},
            ):
                document = json.loads(pipes(tmp_path, ".geojson").read_text(encoding="utf-8")) | {"crs": crs}
                (tmp_path / "pipes.geojson").write_text(json.dumps(document), encoding="utf-8")
                result = run(tmp_path / "pipes.geojson", tmp_path)
                assert result.exit_code == 1, crs
        finally:
            stop.set()
            listener.join()
    assert asked == []


def change(path: Path, *statements: str) -> None:
    database = sqlite3.connect(path)
    database.create_function("ST_IsEmpty", 1, lambda _: 0)
    for function in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
        database.create_function(function, 1, lambda _: 0.0)
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()


def test_a_view_in_a_geopackage_is_refused(tmp_path: Path) -> None:
    path = pipes(tmp_path, ".gpkg", layer="base")
    change(
        path,
        "CREATE VIEW pipes AS SELECT * FROM base",
        "UPDATE gpkg_contents SET table_name = 'pipes', identifier = 'pipes'",
        "UPDATE gpkg_geometry_columns SET table_name = 'pipes'",
    )
    problem = refusal(path, tmp_path)
    assert problem.code == "not_allowed"
    assert "is not a plain table" in problem.detail


#: A query that takes years.
SLOW = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1e15) SELECT count(*) FROM c"
OTHER_CASE = (
    "ALTER TABLE pipes RENAME TO base",
    "UPDATE gpkg_contents SET table_name = 'pipes'",
    "UPDATE gpkg_geometry_columns SET table_name = 'pipes'",
)


@pytest.mark.parametrize(
    ("statements", "what"),
    [
        ((*OTHER_CASE, "CREATE VIEW PIPES AS SELECT * FROM base"), "PIPES is not a plain table but a view"),
        ((*OTHER_CASE, f"CREATE VIEW Pipes AS SELECT * FROM base WHERE ({SLOW}) > 0"), "Pipes is not a plain table"),
        ((f"CREATE VIEW beside AS {SLOW}",), "beside is not a plain table but a view"),
        (
            ("CREATE TABLE kept AS SELECT * FROM gpkg_contents", "DROP TABLE gpkg_contents",
             f"CREATE VIEW gpkg_contents AS SELECT * FROM kept WHERE ({SLOW}) > 0"),
            "gpkg_contents is not a plain table but a view",
        ),
        (
            ("ALTER TABLE pipes ADD COLUMN more TEXT GENERATED ALWAYS AS (hex(zeroblob(100000000))) VIRTUAL",),
            "table pipes has a computed column",
        ),
        (("CREATE TRIGGER t AFTER UPDATE ON gpkg_contents BEGIN DELETE FROM pipes; END",), "has a trigger, t"),
        (("CREATE VIRTUAL TABLE words USING fts4(text)",), "words is not a plain table but a virtual table"),
        (("CREATE VIRTUAL TABLE rtree_words USING fts4(text)",), "rtree_words is not a plain table"),
        (
            ("PRAGMA writable_schema = ON",
             "INSERT INTO sqlite_master VALUES ('table', 'x', 'x', 0, 'CREATE /**/ VIEW x AS SELECT 1')"),
            "the file is damaged: malformed database schema",
        ),
    ],
    ids=["other-case", "other-case-slow", "beside", "contents", "computed", "trigger", "virtual", "rtree", "disguised"],
)  # fmt: skip
def test_what_may_hold_a_query_in_a_geopackage_is_refused(
    statements: tuple[str, ...], what: str, tmp_path: Path
) -> None:
    path = pipes(tmp_path, ".gpkg")
    change(path, *statements)
    problem = refusal(path, tmp_path)
    assert problem.code == ("unreadable" if "damaged" in what else "not_allowed")
    assert what in problem.detail


def test_the_triggers_that_come_with_an_index_do_nothing(tmp_path: Path) -> None:
    path = pipes(tmp_path, ".gpkg")
    with sqlite3.connect(path) as database:
        triggers = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert any(name.startswith("rtree_pipes_") for name in triggers)
    before = path.read_bytes()
    assert run(path, tmp_path).exit_code == 0
    assert path.read_bytes() == before


def test_a_geopackage_that_is_still_open_elsewhere_is_refused(tmp_path: Path) -> None:
    path = pipes(tmp_path, ".gpkg")
    path.with_name("pipes.gpkg-wal").write_bytes(b"part")
    assert "still in pipes.gpkg-wal" in refusal(path, tmp_path).detail


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    path = pipes(tmp_path, ".gpkg")
    problem = refusal(path, tmp_path, seconds=0.001)
    assert problem.code == "too_large"
    assert "took longer than 0.001 s" in problem.detail


def test_a_reader_that_takes_too_much_memory_is_stopped(tmp_path: Path) -> None:
    assert refusal(pipes(tmp_path, ".gpkg"), tmp_path, memory=60_000_000).code in ("unreadable", "too_large")


def test_a_reader_that_crashes_is_a_refused_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crash = tmp_path / "crash.py"
    crash.write_text("import os\nos.abort()\n", encoding="utf-8")
    read_foreign(pipes(tmp_path, ".gpkg"), ["pipes"])  # the drivers are known from here on
    monkeypatch.setattr("registry.formats.foreign.foreign_child.__file__", str(crash))
    problem = refusal(tmp_path / "pipes.gpkg", tmp_path)
    assert problem.detail == "the reader ended by signal 6 on it"


def test_another_coordinate_system_is_refused(tmp_path: Path) -> None:
    for crs in ("EPSG:4326", "EPSG:3857", "EPSG:28991"):
        result = run(pipes(tmp_path, ".gpkg", crs=crs), tmp_path)
        assert result.exit_code == 1
        assert "the file is not in RD New" in result.output
        (tmp_path / "pipes.gpkg").unlink()


def test_geojson_without_a_crs_is_longitude_and_latitude(tmp_path: Path) -> None:
    document = json.loads(pipes(tmp_path, ".geojson").read_text(encoding="utf-8"))
    del document["crs"]
    (tmp_path / "pipes.geojson").write_text(json.dumps(document), encoding="utf-8")
    result = run(tmp_path / "pipes.geojson", tmp_path, "crs: EPSG:28992\n" + MAPPING)
    assert result.exit_code == 1
    assert "the file is not in RD New" in result.output


def test_a_layer_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    result = run(pipes(tmp_path, ".gpkg", layer="leidingen"), tmp_path)
    assert result.exit_code == 1
    assert "Its layers are: leidingen." in result.output


@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_bad_objects_are_set_apart_and_the_rest_convert(tmp_path: Path) -> None:
    bad = {
        "curve": shapely.from_wkt("LINESTRING EMPTY"),
        "nan": shapely.from_wkt("LINESTRING (100000 450000, NaN 450000)"),
        "wgs": shapely.LineString([(4.9, 52.3), (4.91, 52.3)]),
        "long": shapely.LineString([(100_000 + number / 10, 450_000) for number in range(5_001)]),
        "nothing": None,
    }
    rows = [row(code=name, number=number) for number, name in enumerate(["good", *bad], 1)]
    path = write_table(tmp_path / "pipes.gpkg", rows, [LINE, *bad.values()])
    result = run(path, tmp_path)
    assert result.exit_code == 0, result.output
    assert "pipes: 6 read = 1 converted + 5 quarantined" in result.output
    assert "p-long: it has 5001 vertices, more than 5000" in result.output
    assert "p-nothing: it has no geometry" in result.output
    assert "Warning" not in result.output


def test_a_multi_line_of_one_line_is_a_line(tmp_path: Path) -> None:
    lines = [shapely.MultiLineString([LINE]), shapely.MultiLineString([LINE, [(100_000, 450_001), (100_010, 450_001)]])]
    rows = [row(code="one", number=1), row(code="two", number=2)]
    result = run(write_table(tmp_path / "pipes.gpkg", rows, lines, "MultiLineString"), tmp_path)
    assert "2 read = 1 converted + 1 quarantined" in result.output
    assert "p-two: its geometry is a MultiLineString" in result.output


def test_a_shape_of_no_known_type_is_set_apart(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    content = bytearray(path.read_bytes())
    struct.pack_into("<i", content, 108, 99)  # the first record's type: none that exists
    path.write_bytes(content)
    result = run(path, tmp_path)
    assert "20 read = 19 converted + 1 quarantined" in result.output
    assert "p-a0: it has no geometry" in result.output


def test_nothing_that_is_read_is_overwritten(tmp_path: Path) -> None:
    path = pipes(tmp_path, ".gpkg")
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    for output, report in ((path, "r.json"), ("mapping.yaml", "r.json"), ("o.json", path), ("o.json", "o.json")):
        arguments = [str(path), "--mapping", str(tmp_path / "mapping.yaml")]
        arguments += ["-o", str(tmp_path / output), "--report", str(tmp_path / report)]
        before = path.read_bytes()
        result = CliRunner().invoke(convert, arguments)
        assert result.exit_code == 1
        assert "overwrit" in result.output
        assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    path = pipes(tmp_path, ".gpkg")
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    output = tmp_path / "nowhere" / "out.json"
    result = CliRunner().invoke(convert, [str(path), "--mapping", str(tmp_path / "mapping.yaml"), "-o", str(output)])
    assert result.exit_code == 1
    assert "it cannot be written" in result.output


def test_gdal_finds_no_network_under_the_options_the_reader_runs_with() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"/vsicurl/http://127.0.0.1:{server.getsockname()[1]}/pipes.geojson"
        script = f"import pyogrio\ntry:\n    pyogrio.read_info({address!r})\nexcept RuntimeError:\n    print('refused')"
        done = subprocess.run(
            [sys.executable, "-c", script], env=os.environ | NO_NETWORK, capture_output=True, text=True, check=False
        )
        assert done.stdout == "refused\n"
        with pytest.raises(TimeoutError):
            server.accept()
