"""The process that opens foreign files with GDAL: started by ``foreign``, never imported by the rest.

It imports nothing of this project. It writes JSON lines to standard output: ``layers``, then per wanted layer
``layer``, its ``feature`` lines and ``end``; ``problem`` where the file must be refused. Whatever goes wrong here, by
a crash too, is a refused file and nothing more.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator
from typing import Any, Final

#: More vertices than an object of the exchange format may have are counted, not handed over.
MAX_VERTICES: Final = 5_000
CHUNK: Final = 10_000


class RefusalError(Exception):
    """The file must be refused: a problem code and a detail."""


def main() -> None:
    order = json.loads(sys.stdin.readline())
    _end_with_parent(order["seconds"], order.get("folder"))
    if order.get("list_drivers"):
        from pyogrio import list_drivers

        _say({"drivers": sorted(list_drivers())})
        return
    _limit(order["memory"], order["seconds"])
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            # NaN coordinates: told per object.
            warnings.filterwarnings("ignore", "invalid value encountered", RuntimeWarning)
            for line in _read(order):
                _say(line)
        for text in sorted({str(warning.message) for warning in caught}):
            _say({"warning": text})
    except RefusalError as refusal:
        _say({"problem": refusal.args[0], "detail": refusal.args[1]})
    except MemoryError:
        _say({"problem": "too_large", "detail": "reading it takes more memory than is allowed"})
    except (RuntimeError, ValueError, TypeError, OSError, LookupError) as error:  # pyogrio raises all of these
        _say({"problem": "unreadable", "detail": f"it cannot be read as {order['driver']}: {error}"})


def _end_with_parent(seconds: int, folder: str | None) -> None:
    """End when the process that asked does, however that ended, and remove its copy of the file; and end by the clock,
    also while nothing can be watched.

    Its end of standard input stays open as long as it lives. That Ctrl-C reaches this process too says nothing.
    """
    import os
    import shutil
    import signal
    import threading

    def watch() -> None:
        while os.read(0, 1):
            pass
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
    threading.Thread(target=watch, daemon=True).start()


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")


def _limit(memory: int, seconds: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _read(order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    import pyogrio

    drivers = set(pyogrio.list_drivers())
    if not drivers <= set(order["drivers"]):
        raise RefusalError("unreadable", "the reader could not be held to its drivers; nothing was opened")
    path, wanted = order["path"], order["layers"]
    if order["driver"] == "GPKG":
        _check_geopackage(path, order["seconds"])
    elif order["driver"] == "GeoJSON":
        _check_geojson(path)
    layers = [str(name) for name, _ in pyogrio.list_layers(path)]
    if order["driver"] != "GPKG":  # one layer, under the name of the file it came from
        layers, names = [order["name"]], {order["name"]: layers[0]}
    else:
        names = {name: name for name in layers}
    yield {"layers": layers}
    for layer in wanted:
        if layer in names:
            yield from _layer(path, layer, names[layer])


def _layer(path: str, layer: str, name: str) -> Iterator[dict[str, Any]]:
    import pyogrio

    info = pyogrio.read_info(path, layer=name, force_feature_count=True)
    yield {"layer": layer, "crs": info["crs"], "fields": [str(field) for field in info["fields"]]}
    count = 0
    while True:
        meta, fids, geometries, columns = pyogrio.raw.read(
            path, layer=name, return_fids=True, datetime_as_string=True, skip_features=count, max_features=CHUNK
        )
        fields = [str(field) for field in meta["fields"]]
        for row in range(len(fids)):
            values = {field: _plain(column[row]) for field, column in zip(fields, columns, strict=True)}
            geometry = None if geometries is None else _geometry(geometries[row])
            yield {"feature": int(fids[row]), "geometry": geometry, "values": values}
        count += len(fids)
        if len(fids) < CHUNK:
            break
    if count != info["features"]:
        raise RefusalError("unreadable", f"layer {layer} states {info['features']} features and holds {count}")
    yield {"end": layer, "read": count}


def _plain(value: Any) -> Any:
    """A cell as JSON has it; dates are text already, and what is no single value (binary, list) is nothing."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and value != value:
        return None
    return value if isinstance(value, (bool, int, float, str)) else None


def _geometry(wkb: bytes | None) -> dict[str, Any] | None:
    import shapely

    if wkb is None:
        return None
    try:
        shape: Any = shapely.from_wkb(wkb)
    except (shapely.errors.ShapelyError, ValueError) as error:  # a curve, a bad ring: this one object is set apart
        return {"type": "unreadable", "detail": str(error)[:200]}
    if shape.geom_type.startswith("Multi") and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    given = {"type": shape.geom_type, "vertices": int(shapely.get_num_coordinates(shape))}
    if shape.geom_type in ("Point", "LineString") and 0 < given["vertices"] <= MAX_VERTICES:
        given["coordinates"] = shapely.get_coordinates(shape, include_z=bool(shape.has_z)).tolist()
    return given


def _check_geopackage(path: str, seconds: int) -> None:
    """Only sound, plain tables are read: a view, a trigger or a computed column can hold any query. Which there are
    SQLite tells as it was written, whatever the case of a name; nothing of it is run before that is known."""
    import sqlite3
    import time
    from pathlib import Path

    database = sqlite3.connect(f"{Path(path).as_uri()}?mode=ro&immutable=1", uri=True)
    end = time.monotonic() + seconds
    database.set_progress_handler(lambda: time.monotonic() > end, 100_000)
    try:
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA cell_size_check = ON")
        entries = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        for kind, name, table, sql in entries:
            _check_entry(str(kind), str(name), str(table), sql)
            if kind == "table":
                # SQLite doubles a quote within a name.
                columns = database.execute('PRAGMA table_xinfo("{}")'.format(str(name).replace('"', '""'))).fetchall()
                if not _is_virtual(sql) and any(column[6] in (2, 3) for column in columns):
                    raise RefusalError("not_allowed", f"table {name} has a computed column")
        (state,) = database.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise RefusalError("unreadable", f"the file is damaged: {state}")
    except sqlite3.OperationalError as error:
        if time.monotonic() > end:
            raise RefusalError("too_large", f"looking it over takes more than {seconds} s") from error
        raise RefusalError("unreadable", f"the file is damaged: {error}") from error
    except (sqlite3.DatabaseError, sqlite3.Warning) as error:
        raise RefusalError("unreadable", f"the file is damaged: {error}") from error
    finally:
        database.close()


#: What an entry of a GeoPackage may be, by how SQLite writes it down; of its triggers only those that GDAL and the
#: standard give a table, none of which is run where nothing is written.
_PLAIN: Final = {
    "table": ("CREATE TABLE ", "CREATE VIRTUAL TABLE "),
    "index": ("CREATE INDEX ", "CREATE UNIQUE INDEX "),
    "trigger": ("CREATE TRIGGER ",),
}
_OWN_TRIGGERS: Final = ("rtree_", "trigger_insert_feature_count_", "trigger_delete_feature_count_", "gpkg_")


def _check_entry(kind: str, name: str, table: str, sql: str | None) -> None:
    if sql is None and kind == "index":
        return  # made for a key
    if kind not in _PLAIN or not str(sql).startswith(_PLAIN[kind]):
        what = "view" if kind == "view" or "VIEW" in str(sql)[:40].upper() else "thing"
        raise RefusalError("not_allowed", f"{_short(name)} is not a plain table but a {what}")
    low = name.lower()
    if _is_virtual(sql) and not (low.startswith("rtree_") and _module(str(sql)) == "rtree"):
        raise RefusalError("not_allowed", f"{_short(name)} is not a plain table but a virtual table")
    if kind == "trigger" and not low.startswith(_OWN_TRIGGERS):
        raise RefusalError("not_allowed", f"table {_short(table)} has a trigger, {_short(name)}")


def _is_virtual(sql: str | None) -> bool:
    return str(sql).startswith("CREATE VIRTUAL TABLE ")


def _module(sql: str) -> str:
    """Which module makes a virtual table: the last word before the first bracket after USING."""
    words = sql.lower().partition(" using ")[2].split("(")[0].split()
    return words[-1] if words else ""


def _short(name: str) -> str:
    return name[:60]


def _check_geojson(path: str) -> None:
    """GDAL reads what it can of a broken file, and follows a ``crs`` that is a link; neither is wanted."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            document = json.load(file)
    except RecursionError:
        raise RefusalError("too_deep", "the JSON is nested too deeply") from None
    except UnicodeDecodeError as error:
        raise RefusalError("invalid_text", f"the text is not UTF-8, at byte {error.start}") from None
    except ValueError as error:
        raise RefusalError("invalid_json", f"it is not whole, well-formed JSON: {error}") from None
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise RefusalError("wrong_type", "it is not a GeoJSON FeatureCollection")
    crs = document.get("crs")
    if crs is not None and not (isinstance(crs, dict) and crs.get("type") == "name"):
        raise RefusalError("unsupported_crs", "its crs is not given by name")


if __name__ == "__main__":
    main()
