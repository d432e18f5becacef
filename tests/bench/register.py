"""A city in a real register: migrated as any, its assets filed under their chunks as the register files them.

The chunks are sent by COPY instead of one object at a time, in the order in which they would have been imported. What
an asset's revision says besides is left empty: no figure reads it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from registry.core.chunks import SEGMENTS
from registry.core.packed import STORED, Column
from registry.geometry import RD_NEW
from tests.bench.city import THEMES, City, Longs
from tests.bench.postgres import copied, fields
from tests.databases import postgis_register
from tests.servers import Postgres

_POLYGON: Final = np.dtype([
    ("order", "u1"), ("type", "<u4"), ("srid", "<u4"), ("rings", "<u4"), ("count", "<u4"), ("ring", "<f8", (5, 2)),
])  # fmt: skip
_OBJECTS: Final = """
INSERT INTO revision (id, kind, object_id, number, state, content, content_sha256, action, actor, organisation, role,
    valid_from, recorded_at)
SELECT k + 1, 'asset', to_char(k, 'FM00000000'), 1, 'present', '{{}}', repeat('0', 64), 'imported', 'bench', 'bench',
    'manager', '2026-01-01', '2026-01-01T00:00:00Z'
FROM generate_series(0, {last}) k;
INSERT INTO object (kind, object_id, revision_id, number, state, theme, current_from, recorded_at, created_at)
SELECT 'asset', to_char(k, 'FM00000000'), k + 1, 1, 'present', theme, '2026-01-01', '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z'
FROM bench_theme;
"""


def load(server: Postgres, city: City, name: str = "register") -> str:
    """Make the register and fill it; its URL."""
    url = postgis_register(server, name)
    with server.connect(name) as connection:
        # As a superuser may: what the constraints would say of each row is known.
        connection.execute("SET session_replication_role = replica")
        connection.execute("CREATE TEMP TABLE bench_theme (k integer, theme text)")
        names = np.array([theme.encode() for theme in THEMES])
        for number in range(len(THEMES)):
            mine = np.flatnonzero(city.themes == number)
            rows = fields(len(mine), {"k": (">i4", mine), "theme": (f"S{len(THEMES[number])}", names[number])})
            copied(connection, "bench_theme", ("k", "theme"), [rows])
        connection.execute(_OBJECTS.format(last=city.objects - 1).encode())
        columns = ("kind", "object_id", "geom", "z_min", "z_max", "segments")
        copied(connection, "chunk", columns, _chunks(city))
        # As the tables of the plain SQL, which lie on disk as they lie on the ground.
        connection.execute("CLUSTER chunk USING ix_chunk_geom")
        connection.execute("VACUUM (ANALYZE) chunk")
        connection.execute("VACUUM (ANALYZE) object")
    return url


def _chunks(city: City) -> list[NDArray[Any]]:
    """All chunks, object after object."""
    counts = np.diff(city.starts)
    chunks = (counts + SEGMENTS - 1) // SEGMENTS
    owner = np.repeat(np.arange(city.objects), chunks)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(chunks) - chunks, chunks)
    first = city.starts[owner] + place * SEGMENTS
    held = np.minimum(city.starts[owner + 1] - first, SEGMENTS)
    alike = [np.flatnonzero(held == count) for count in np.unique(held)]
    made = [_chunks_of(city, owner[mine], first[mine], int(held[mine[0]])) for mine in alike]
    # Rows of equally many segments are equally long; one after another they are bytes.
    lengths = np.zeros(len(held) + 1, np.int64)
    for mine, rows in zip(alike, made, strict=True):
        lengths[mine + 1] = rows.itemsize
    ends = np.cumsum(lengths)
    told = np.empty(ends[-1], np.uint8)
    for mine, rows in zip(alike, made, strict=True):
        told[ends[mine][:, None] + np.arange(rows.itemsize)] = rows.view(np.uint8).reshape(len(rows), -1)
    return [told]


def _chunks_of(city: City, owner: Longs, first: Longs, count: int) -> NDArray[Any]:
    rows = city.rows[first[:, None] + np.arange(count)]
    ends = np.concatenate([rows[:, :, :3], rows[:, :, 3:6]], axis=1).astype(np.int64)
    beside = rows[:, 0, Column.WIDTH] // 2 + 1 + rows[:, 0, Column.XY]
    half = rows[:, 0, Column.HEIGHT]
    west, south = (ends[..., k].min(axis=1) - beside for k in (0, 1))
    east, north = (ends[..., k].max(axis=1) + beside for k in (0, 1))
    boxes = np.zeros(len(rows), _POLYGON)
    boxes["order"], boxes["type"], boxes["srid"], boxes["rings"], boxes["count"] = 1, 0x20000003, RD_NEW, 1, 5
    ring = np.stack([west, south, east, south, east, north, west, north, west, south], axis=1)
    boxes["ring"] = ring.reshape(-1, 5, 2) / 1000
    low = (ends[..., 2].min(axis=1) - half) // 2 - rows[:, 0, Column.Z]
    high = -((-ends[..., 2].max(axis=1) - half) // 2) + rows[:, 0, Column.Z]
    held = np.ascontiguousarray(rows, STORED).reshape(len(rows), -1)
    kind = f"V{held.shape[1] * STORED.itemsize}"
    return fields(len(rows), {
        "kind": ("S5", b"asset"), "object_id": ("S8", np.char.zfill(owner.astype("S8"), 8)), "geom": (_POLYGON, boxes),
        "z_min": (">f8", low / 1000), "z_max": (">f8", high / 1000),
        "segments": (kind, held.view(kind)[:, 0]),
    })  # fmt: skip
