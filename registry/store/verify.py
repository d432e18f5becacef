"""Whether the index says what the rows say."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.core.chunks import Chunk
from registry.core.restore import restore
from registry.geometry import polygon_box
from registry.store.chunks import RTREE
from registry.store.objects import chunks_when
from registry.store.rows import Name
from registry.store.sql import is_postgis
from registry.tables import chunk, object_, revision


def index_equals_rows(s: Session) -> list[str]:
    """Where heads, chunks and the spatial index differ, in words; nothing when all is as it should be."""
    filed: dict[Name, Counter[Chunk]] = {}
    for row in s.execute(select(chunk)):
        one = Chunk(polygon_box(row.geom), round(row.z_min * 1000), round(row.z_max * 1000), bytes(row.segments))
        filed.setdefault((row.kind, row.object_id), Counter())[one] += 1
    told = []
    heads = select(
        object_, revision.c.content, revision.c.number.label("last"), revision.c.state.label("said"),
        revision.c.kind.label("of_kind"), revision.c.object_id.label("of_id"),
    ).join_from(object_, revision, object_.c.revision_id == revision.c.id)
    latest = {
        (row.kind, row.object_id): row.number
        for row in s.execute(
            select(revision.c.kind, revision.c.object_id, func.max(revision.c.number).label("number")).group_by(
                revision.c.kind, revision.c.object_id
            )
        )
    }
    for row in s.execute(heads):
        name = (row.kind, row.object_id)
        if (row.of_kind, row.of_id, row.last, row.said) != (*name, row.number, row.state):
            told.append(f"{row.kind} {row.object_id}: the head does not say what its revision says")
        if latest.pop(name, None) != row.number:
            told.append(f"{row.kind} {row.object_id}: the head is not the latest revision")
        meant = Counter(chunks_when(restore(row.kind, json.loads(row.content)), row.state))
        if filed.pop(name, Counter()) != meant:
            told.append(f"{row.kind} {row.object_id}: it is not filed under where it lies")
    told += [f"{kind} {name}: there are revisions and no head" for kind, name in latest]
    told += [f"{kind} {name}: there are chunks and no head" for kind, name in filed]
    return sorted(told) if is_postgis(s) else sorted([*told, *_rtree_differences(s)])


def _rtree_differences(s: Session) -> list[str]:
    found = {row.id: tuple(row)[1:] for row in s.execute(select(RTREE))}
    told = []
    for row in s.execute(select(chunk)):
        held = found.pop(row.id, None)
        if held is None or not _holds(held, row):
            told.append(f"chunk {row.id} of {row.kind} {row.object_id}: the index has it elsewhere or not at all")
    return [*told, *(f"chunk {number}: the index has it, the rows do not" for number in found)]


def _holds(held: tuple[float, ...], row: Any) -> bool:
    """Whether the index's box holds the row's, and is no larger than its single precision makes it."""
    west, south, east, north = (at / 1000 for at in polygon_box(row.geom))
    meant = (west, east, south, north, row.z_min, row.z_max)
    least = all(held[k] <= meant[k] for k in (0, 2, 4)) and all(held[k] >= meant[k] for k in (1, 3, 5))
    return least and all(abs(a - b) <= 1 + abs(b) * 1e-6 for a, b in zip(held, meant, strict=True))
