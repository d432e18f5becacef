"""The one way in which chunks get into the index, on SQLite into the R*Tree beside their rows as well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, column, delete, func, insert, select, table
from sqlalchemy.orm import Session

from registry.core.chunks import Chunk
from registry.geometry import box_polygon
from registry.store.sql import is_postgis
from registry.tables import chunk

#: The SQLite table that finds chunks by place; its rows are those of ``chunk``, by id. Metres, rounded outward.
RTREE: Final = table("chunk_rtree", *(column(name) for name in ("id", "x0", "x1", "y0", "y1", "z0", "z1")))


def replace(s: Session, kind: str, object_id: str, chunks: Iterable[Chunk]) -> None:
    """File an object under these chunks and no others."""
    _remove(s, kind, object_id)
    filed = tuple(chunks)
    rows = [
        {
            "kind": kind,
            "object_id": object_id,
            "geom": box_polygon(one.box),
            "z_min": one.z_min / 1000,
            "z_max": one.z_max / 1000,
        }
        for one in filed
    ]
    if not rows:
        return
    if is_postgis(s):
        s.execute(insert(chunk), rows)
        return
    # There is one writer at a time: the ids that follow the last one are free.
    last = s.scalar(select(func.coalesce(func.max(chunk.c.id), 0))) or 0
    s.execute(insert(chunk), [{"id": last + k, **row} for k, row in enumerate(rows, 1)])
    s.execute(insert(RTREE), _boxes(last, filed))


def _boxes(last: int, filed: Sequence[Chunk]) -> list[dict[str, Any]]:
    return [
        {
            "id": number, "x0": one.box[0] / 1000, "x1": one.box[2] / 1000, "y0": one.box[1] / 1000,
            "y1": one.box[3] / 1000, "z0": one.z_min / 1000, "z1": one.z_max / 1000,
        }
        for number, one in enumerate(filed, last + 1)
    ]


def _remove(s: Session, kind: str, object_id: str) -> None:
    mine = (chunk.c.kind == kind) & (chunk.c.object_id == object_id)
    if not is_postgis(s):
        ids = [{"chunk_id": one} for one in s.scalars(select(chunk.c.id).where(mine))]
        if ids:
            s.execute(delete(RTREE).where(RTREE.c.id == bindparam("chunk_id")), ids)
    s.execute(delete(chunk).where(mine))
