"""GeoPackage, Shapefile and GeoJSON of others, read by GDAL in a process of its own.

Foreign files are read by large foreign libraries, so: what a file is, is decided by its content as well as its name;
only a copy is opened, in a folder of its own; the process that opens it has three drivers and no others, no way out to
a network, and limits of time and memory; and what it hands back is JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, get_args

from registry.core.errors import Code, Problem, Refused, shown
from registry.formats import foreign_child
from registry.formats.files import require_file

DRIVERS: Final = ("GPKG", "ESRI Shapefile", "GeoJSON")
MAX_BYTES: Final = 500_000_000
#: Read whole to see whether it is whole: about twelve times its size in memory.
MAX_GEOJSON_BYTES: Final = 100_000_000

Value = bool | int | float | str | None

_DRIVER_BY_SUFFIX: Final = {
    ".gpkg": "GPKG",
    ".shp": "ESRI Shapefile",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
}
_NEEDED: Final = (".shx", ".dbf")
_SIDECARS: Final = (".shx", ".dbf", ".prj", ".cpg")
_TAKEN_OVER: Final = ("PATH", "HOME", "PYTHONPATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL")
#: Wherever GDAL would go out, it finds a proxy that is not there and a host name it may not use.
NO_NETWORK: Final = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "GDAL_HTTP_PROXY": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "PROJ_NETWORK": "OFF",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "OPENBLAS_NUM_THREADS": "1",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take: seconds of time, bytes of memory."""

    seconds: float = 120.0
    memory: int = 4_000_000_000


@dataclass(frozen=True, slots=True)
class ForeignGeometry:
    """A geometry as found: its type, the number of vertices, and those of a point or line, ``(x, y)`` or ``(x, y, z)``.

    ``coordinates`` is empty for other types and for more vertices than are allowed; ``detail`` says why none.
    """

    type: str
    vertices: int = 0
    coordinates: tuple[tuple[float, ...], ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ForeignFeature:
    """A row of a table: its number in the file, geometry and values by attribute."""

    fid: int
    geometry: ForeignGeometry | None
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class ForeignTable:
    """A layer as found. ``crs`` is ``EPSG:…``, WKT, or ``None`` where the file states none."""

    layer: str
    file: str
    crs: str | None
    fields: tuple[str, ...]
    features: tuple[ForeignFeature, ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """The tables asked for that were found, the names of all layers, and what the reader warned of."""

    name: str
    tables: dict[str, ForeignTable]
    layers: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def read_foreign(path: Path, layers: Iterable[str], limits: Limits = Limits()) -> Foreign:
    """The wanted layers of a GeoPackage, a Shapefile, a GeoJSON file, or a folder with Shapefiles or GeoJSON files.

    The layer of a Shapefile or GeoJSON file has the file's name without extension. A layer that is not there is left
    out. Raises ``Refused``: not one of these formats, incomplete, damaged, or beyond the limits.
    """
    wanted = tuple(layers)
    if not path.is_dir():
        return _read_file(path, wanted, limits)
    try:
        listed = sorted(path.iterdir())
    except OSError as error:
        detail = f"the folder cannot be read: {error.strerror or error}"
        raise Refused(Problem("unreadable", detail, "Check the name and the rights.", file=path.name)) from None
    found = [file for file in listed if _DRIVER_BY_SUFFIX.get(file.suffix.lower(), "GPKG") != "GPKG"]
    if not found:
        remedy = "Give a folder with .shp or .geojson files, or the file itself."
        raise Refused(Problem("unreadable", "the folder holds no Shapefile or GeoJSON file", remedy, file=path.name))
    files = {file.stem: file for file in found}
    if twice := [file.name for file in found if files[file.stem] != file and file.stem in wanted]:
        detail = "the folder holds two files for one layer"
        raise Refused(Problem("duplicate_id", detail, "Remove one of them.", value=twice[0], file=path.name))
    tables: dict[str, ForeignTable] = {}
    warnings: list[str] = []
    problems: list[Problem] = []
    for layer in wanted:
        if layer in files:
            try:
                read = _read_file(files[layer], (layer,), limits)
            except Refused as refusal:
                problems += refusal.problems
                continue
            tables |= read.tables
            warnings += read.warnings
    if problems:
        raise Refused(problems)
    return Foreign(path.name, tables, tuple(files), tuple(warnings))


def _read_file(path: Path, wanted: tuple[str, ...], limits: Limits) -> Foreign:
    try:
        require_file(path, path.name)
        driver = _driver(path)
        with tempfile.TemporaryDirectory(prefix="registry-convert-") as folder:
            copy = _copy(path, driver, Path(folder))
            order = {
                "path": str(copy),
                "name": path.stem,
                "driver": driver,
                "drivers": DRIVERS,
                "layers": wanted,
                "memory": limits.memory,
                "seconds": int(limits.seconds) + 1,
                "folder": folder,
            }
            with (Path(folder) / "answer").open("w+", encoding="utf-8") as answer:
                _run_child(order, answer, limits)
                answer.seek(0)
                return _answer(path, answer)
    except OSError as error:
        detail = f"the file cannot be read: {shown(error.strerror or error)}"
        raise Refused(Problem("unreadable", detail, "Check the name and the rights.", file=path.name)) from error
    except Refused as refusal:
        raise refusal.at(file=path.name) from None


def _driver(path: Path) -> str:
    """The driver for a file, when its content is what its name says."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise _refused("not_allowed", "this is an archive", "Unpack it and give the files themselves.")
    suffix = path.suffix.lower()
    driver = _DRIVER_BY_SUFFIX.get(suffix)
    if driver is None:
        remedy = "Give a GeoPackage (.gpkg), Shapefile (.shp) or GeoJSON (.geojson, .json)."
        raise _refused("unreadable", "files of this kind are not read", remedy, suffix or "no extension")
    if driver == "GPKG":
        fits = head.startswith(b"SQLite format 3\x00") and head[68:72] in (b"GPKG", b"GP10", b"GP11")
    elif driver == "ESRI Shapefile":
        fits = head.startswith(b"\x00\x00\x27\x0a") and len(head) >= 100
    else:
        fits = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    if not fits:
        kind = f"a {driver}" if driver != "ESRI Shapefile" else "a Shapefile"
        raise _refused("unreadable", f"the content is not that of {kind}", "Give the file as it was exported.", suffix)
    return driver


def _copy(path: Path, driver: str, folder: Path) -> Path:
    """A copy to open: GDAL may write beside what it reads, and reads whatever lies beside it."""
    files = {path.suffix.lower(): path}
    if driver == "ESRI Shapefile":
        beside = {
            file.suffix.lower(): file
            for file in path.parent.iterdir()
            if file.stem == path.stem and file.suffix.lower() in _SIDECARS
        }
        if missing := [suffix for suffix in _NEEDED if suffix not in beside]:
            remedy = f"Put {' and '.join(path.stem + suffix for suffix in missing)} beside it."
            raise _refused("unreadable", f"a Shapefile needs its {' and '.join(missing)} file", remedy)
        files |= beside
        for file in beside.values():
            require_file(file, file.name)
        _require_whole(files)
    elif driver == "GPKG":
        journal = path.with_name(path.name + "-wal")
        if journal.exists() and journal.stat().st_size:
            remedy = "Close the program that has the file open, so that all of it is in the file."
            raise _refused("unreadable", f"part of it is still in {journal.name}", remedy)
    most = MAX_GEOJSON_BYTES if driver == "GeoJSON" else MAX_BYTES
    if sum(file.stat().st_size for file in files.values()) > most:
        raise _refused("too_large", f"it is larger than {most // 1_000_000} MB", "Split it, by area for example.")
    for suffix, file in files.items():
        shutil.copyfile(file, folder / f"data{suffix}")
    return folder / f"data{path.suffix.lower()}"


def _require_whole(files: dict[str, Path]) -> None:
    """Refuse a Shapefile of which a part is missing: GDAL would read what is there."""
    shapes, index = _header_length(files[".shp"]), _header_length(files[".shx"])
    with files[".dbf"].open("rb") as file:
        head = file.read(32)
    if len(head) < 32:
        raise _truncated(files[".dbf"])
    records, start, length = struct.unpack_from("<IHH", head, 4)
    for file_path, least in (
        (files[".shp"], shapes),
        (files[".shx"], index),
        (files[".dbf"], start + records * length),
    ):
        if file_path.stat().st_size < least:
            raise _truncated(file_path)
    if (index - 100) // 8 != records:
        detail = f"it has {(index - 100) // 8} geometries and {records} rows of attributes"
        raise _refused("unreadable", detail, "Export it again, and give all its files.")


def _header_length(file_path: Path) -> int:
    """The length of a .shp or .shx as its header states it, bytes."""
    with file_path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100:
        raise _truncated(file_path)
    words: int = struct.unpack_from(">i", head, 24)[0]
    return 2 * words


def _truncated(file_path: Path) -> Refused:
    return _refused("unreadable", f"{file_path.name} is truncated", "Export or copy it again.")


def _run_child(order: dict[str, Any], answer: IO[str], limits: Limits) -> None:
    remedy = "Export the file again, or as another format; split a large one."
    try:
        code, told = _child(order, answer, limits.seconds, {"GDAL_SKIP": ",".join(_other_drivers())})
    except subprocess.TimeoutExpired:
        detail = f"reading it took longer than {limits.seconds:g} s and was stopped"
        raise _refused("too_large", detail, remedy) from None
    if code:
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        last = shown((told.strip().splitlines() or [""])[-1], 160)
        raise _refused("unreadable", f"the reader ended {how} on it", remedy, last)


def _child(order: dict[str, Any], answer: IO[str], seconds: float, options: dict[str, str]) -> tuple[int, str]:
    """The exit code of the process and what it told on standard error. Whatever happens here, it has ended then.

    It ends by itself where this process does: its standard input stays open so long.
    """
    environment = {name: os.environ[name] for name in _TAKEN_OVER if name in os.environ} | NO_NETWORK | options
    command = [sys.executable, "-P", str(foreign_child.__file__)]
    asked = subprocess.PIPE
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as told,
        subprocess.Popen(command, stdin=asked, stdout=answer, stderr=told, env=environment, text=True) as child,
    ):
        assert child.stdin is not None
        try:
            with suppress(BrokenPipeError):  # it ended at once: its exit code tells
                child.stdin.write(json.dumps(order) + "\n")
                child.stdin.flush()
            code = child.wait(seconds)
        finally:
            child.kill()
            with suppress(BrokenPipeError):
                child.stdin.close()
        told.seek(0)
        return code, told.read()


@cache
def _other_drivers() -> tuple[str, ...]:
    """All drivers of the installed GDAL but ours: pyogrio opens with every driver that is not skipped at start."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as answer:
        code, told = _child({"list_drivers": True, "seconds": 60}, answer, 60, {})
        answer.seek(0)
        line = answer.readline()
    if code or not line:
        detail = f"the reader of foreign files does not start: {shown(told.strip()[-200:], 200)}"
        raise _refused("unreadable", detail, "Install the requirements again (pyogrio, shapely, numpy).")
    return tuple(name for name in json.loads(line)["drivers"] if name not in DRIVERS)


def _answer(path: Path, answer: IO[str]) -> Foreign:
    layers: tuple[str, ...] = ()
    tables: dict[str, ForeignTable] = {}
    warnings: list[str] = []
    for line in (lines := map(json.loads, answer)):
        if "problem" in line:
            code: Code = line["problem"] if line["problem"] in get_args(Code) else "unreadable"
            raise _refused(code, shown(line["detail"], 300), "Export the file again, as plain tables in EPSG:28992.")
        if "layers" in line:
            layers = tuple(line["layers"])
        elif "warning" in line:
            warnings.append(f"{path.name}: {shown(line['warning'], 200)}")
        elif "layer" in line:
            features = tuple(_features(lines))
            tables[line["layer"]] = ForeignTable(line["layer"], path.name, line["crs"], tuple(line["fields"]), features)
    return Foreign(path.name, tables, layers, tuple(warnings))


def _features(lines: Iterator[dict[str, Any]]) -> Iterator[ForeignFeature]:
    for line in lines:
        if "end" in line:
            return
        if "problem" in line:
            raise _refused("unreadable", shown(line["detail"], 300), "Export the file again.")
        given = line["geometry"]
        geometry = given and ForeignGeometry(
            given["type"],
            given.get("vertices", 0),
            tuple(map(tuple, given.get("coordinates", ()))),
            given.get("detail", ""),
        )
        yield ForeignFeature(line["feature"], geometry, line["values"])
    raise _refused("unreadable", "the reader stopped half-way", "Export the file again.")


def _refused(code: Code, detail: str, remedy: str, value: str = "") -> Refused:
    return Refused(Problem(code, detail, remedy, value=value))
