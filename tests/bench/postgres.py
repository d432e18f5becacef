"""A PostgreSQL of the bench's own, with a city in it: as whole lines, as rows of one segment, and as a register.

Rows are sent by binary COPY, made with numpy: geometries are EWKB, RD New in metres.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import psycopg
from numpy.typing import NDArray

from registry.core.packed import Column
from registry.geometry import RD_NEW
from tests import servers
from tests.bench.city import City, Ints, Longs

#: What somebody who looks after a PostgreSQL for this would set on such a machine.
SETTINGS: Final = {
    "shared_buffers": "1GB",
    "effective_cache_size": "3GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "autovacuum": "off",
}
_LINE_Z: Final = 0x80000002 | 0x20000000
_SIGNATURE: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
#: How many bytes are sent at once.
_AT_ONCE: Final = 1 << 22
_TABLES: Final = """
CREATE EXTENSION postgis;
CREATE TABLE line (object integer NOT NULL, theme smallint NOT NULL, width integer NOT NULL, xy integer NOT NULL,
    geom geometry(LineStringZ, 28992) NOT NULL);
CREATE TABLE segment (object integer NOT NULL, theme smallint NOT NULL, width integer NOT NULL, xy integer NOT NULL,
    z_min float8 NOT NULL, z_max float8 NOT NULL, geom geometry(LineStringZ, 28992) NOT NULL);
"""
_INDEXES: Final = (
    "ALTER TABLE line ADD PRIMARY KEY (object)",
    "CREATE INDEX line_2d ON line USING gist (geom)",
    "CREATE INDEX line_3d ON line USING gist (geom gist_geometry_ops_nd)",
    "CREATE INDEX segment_2d ON segment USING gist (geom)",
    "CREATE INDEX segment_3d ON segment USING gist (geom gist_geometry_ops_nd)",
    "VACUUM (ANALYZE) line",
    "VACUUM (ANALYZE) segment",
)


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def postgres() -> Iterator[servers.Postgres]:
    """A running server with ``SETTINGS``. Raises ``servers.Missing``."""
    with servers.postgres() as server:
        with server.connect() as connection:
            for name, value in SETTINGS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
            connection.execute(f"ALTER SYSTEM SET max_parallel_workers_per_gather = {cores()}".encode())
        server.stop()
        server.start()
        yield server


def load(server: servers.Postgres, city: City, name: str = "city") -> None:
    """Fill the tables ``line`` and ``segment`` of a database of that name, and index them.

    Rows lie on disk as they lie on the ground, as after CLUSTER.
    """
    server.create(name)
    with server.connect(name) as connection:
        connection.execute(_TABLES)
        rows = city.rows
        middle = (rows[:, [Column.X0, Column.Y0]].astype(np.int64) + rows[:, [Column.X1, Column.Y1]]) // 2
        order = np.argsort(_morton(middle), kind="stable")
        copied(connection, "segment", ("object", "theme", "width", "xy", "z_min", "z_max", "geom"),
               [_segments(city, order)])  # fmt: skip
        objects = np.argsort(_morton(middle[city.starts[:-1]]), kind="stable")
        counts = np.diff(city.starts)[objects]
        copied(connection, "line", ("object", "theme", "width", "xy", "geom"),
               [_lines(city, objects[counts == count], int(count)) for count in np.unique(counts)])  # fmt: skip
        for statement in _INDEXES:
            connection.execute(statement.encode())


def copied(
    connection: psycopg.Connection[Any], table: str, columns: Sequence[str], batches: Sequence[NDArray[Any]]
) -> None:
    """Send rows, each made by ``fields``, in the binary form of COPY."""
    with connection.cursor() as cursor:
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)"
        with cursor.copy(statement.encode()) as copy:
            copy.write(_SIGNATURE)
            for batch in batches:
                step = max(1, _AT_ONCE // batch.itemsize)
                for first in range(0, len(batch), step):
                    copy.write(batch[first : first + step].tobytes())
            copy.write(b"\xff\xff")


def fields(count: int, named: dict[str, tuple[Any, Any]]) -> NDArray[Any]:
    """Rows as COPY takes them: by name the type of a field, as numpy writes it, and its values."""
    kinds: list[tuple[str, Any]] = [("fields", ">i2")]
    for name, (kind, _) in named.items():
        kinds += [(f"{name} length", ">i4"), (name, kind)]
    rows = np.zeros(count, np.dtype(kinds))
    rows["fields"] = len(named)
    for name, (_, values) in named.items():
        rows[f"{name} length"] = rows.dtype[name].itemsize
        rows[name] = values
    return rows


def _segments(city: City, order: Longs) -> NDArray[Any]:
    rows = city.rows[order]
    heights = rows[:, [Column.Z0, Column.Z1]] / 2
    half = rows[:, Column.HEIGHT] / 2 + rows[:, Column.Z]
    ends = np.stack([rows[:, :3], rows[:, 3:6]], axis=1)
    return fields(len(rows), {
        **_common(city, city.of[order], rows),
        "z_min": (">f8", (heights.min(axis=1) - half) / 1000), "z_max": (">f8", (heights.max(axis=1) + half) / 1000),
        "geom": (line_type(2), line_strings(ends)),
    })  # fmt: skip


def _lines(city: City, objects: Longs, count: int) -> NDArray[Any]:
    """Whole lines of equally many segments."""
    rows = city.rows[city.starts[objects][:, None] + np.arange(count)]
    vertices = np.concatenate([rows[:, :, :3], rows[:, -1:, 3:6]], axis=1)
    return fields(len(objects), {
        **_common(city, objects, rows[:, 0]), "geom": (line_type(count + 1), line_strings(vertices)),
    })  # fmt: skip


def _common(city: City, objects: Ints | Longs, rows: Ints) -> dict[str, tuple[Any, Any]]:
    return {
        "object": (">i4", objects), "theme": (">i2", city.themes[objects]), "width": (">i4", rows[:, Column.WIDTH]),
        "xy": (">i4", rows[:, Column.XY]),
    }  # fmt: skip


def line_type(vertices: int) -> np.dtype[Any]:
    """How EWKB holds a line of so many vertices."""
    kinds = [("order", "u1"), ("type", "<u4"), ("srid", "<u4"), ("count", "<u4"), ("vertices", "<f8", (vertices, 3))]
    return np.dtype(kinds)


def line_strings(vertices: Ints) -> NDArray[Any]:
    """EWKB of lines of equally many vertices: [line, vertex, x y z], plan in mm and heights in half mm."""
    made = np.zeros(len(vertices), line_type(vertices.shape[1]))
    made["order"], made["type"], made["srid"], made["count"] = 1, _LINE_Z, RD_NEW, vertices.shape[1]
    made["vertices"] = vertices / np.array([1000, 1000, 2000])
    return made


def _morton(places: Longs) -> Longs:
    """Where places (mm) lie on a Morton curve with cells of about a metre."""
    low = (places - places.min(axis=0)) >> 10
    return _spread(low[:, 0]) | (_spread(low[:, 1]) << 1)


def _spread(values: Longs) -> Longs:
    spread = values.astype(np.int64)
    for shift, mask in ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F),
                        (2, 0x3333333333333333), (1, 0x5555555555555555)):  # fmt: skip
        spread = (spread | (spread << shift)) & mask
    return spread
