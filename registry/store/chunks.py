"""The one way in which chunks get into the index, on SQLite into the R*Tree beside their rows as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, column, delete, func, insert, select, table
from sqlalchemy.orm import Session

from registry.core.chunks import Chunk
from registry.geometry import box_polygon
from registry.store.rows import Name
from registry.store.sql import among, is_postgis
from registry.tables import chunk

#: The SQLite table that finds chunks by place; its rows are those of ``chunk``, by id. Metres, rounded outward.
RTREE: Final = table("chunk_rtree", *(column(name) for name in ("id", "x0", "x1", "y0", "y1", "z0", "z1")))


def replace_all(s: Session, filed: Mapping[Name, Sequence[Chunk]], before: Iterable[Name]) -> None:
    """File each of these objects under its chunks and no others; ``before`` are those that may have some already."""
    _remove(s, before)
    boxes = [(name, one) for name, chunks in filed.items() for one in chunks]
    if not boxes:
        return
    rows: list[dict[str, Any]] = [
        {
            "kind": kind, "object_id": object_id, "geom": box_polygon(one.box), "z_min": one.z_min / 1000,
            "z_max": one.z_max / 1000, "segments": one.held,
        }
        for (kind, object_id), one in boxes
    ]
    if is_postgis(s):
        s.execute(insert(chunk), rows)
        return
    # There is one writer at a time: the ids that follow the last one are free.
    last = s.scalar(select(func.coalesce(func.max(chunk.c.id), 0))) or 0
    s.execute(insert(chunk), [{"id": number, **row} for number, row in enumerate(rows, last + 1)])
    s.execute(insert(RTREE), [_held(number, one) for number, (_, one) in enumerate(boxes, last + 1)])


def _held(number: int, one: Chunk) -> dict[str, Any]:
    return {
        "id": number, "x0": one.box[0] / 1000, "x1": one.box[2] / 1000, "y0": one.box[1] / 1000,
        "y1": one.box[3] / 1000, "z0": one.z_min / 1000, "z1": one.z_max / 1000,
    }


def _remove(s: Session, names: Iterable[Name]) -> None:
    by_kind: dict[str, set[str]] = {}
    for kind, name in names:
        by_kind.setdefault(kind, set()).add(name)
    for kind, ids in sorted(by_kind.items()):
        mine = (chunk.c.kind == kind) & among(s, chunk.c.object_id, ids)
        if not is_postgis(s):
            numbers = [{"chunk_id": one} for one in s.scalars(select(chunk.c.id).where(mine))]
            if numbers:
                s.execute(delete(RTREE).where(RTREE.c.id == bindparam("chunk_id")), numbers)
        s.execute(delete(chunk).where(mine))
