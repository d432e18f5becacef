"""What lies near: found by chunks, a superset of what matters, never cut short. The core judges."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.core.boxes import Box
from registry.core.chunks import boxes_of
from registry.core.model import Identified
from registry.store.rows import Name
from registry.store.sql import is_postgis

#: Beside each box looked at, mm: for what is lost between millimetres and metres in floating point.
MARGIN: Final = 2

_SQLITE: Final = """
SELECT DISTINCT c.kind, c.object_id
FROM json_each(:boxes) q
CROSS JOIN chunk_rtree r ON r.x1 >= json_extract(q.value, '$[0]') AND r.y1 >= json_extract(q.value, '$[1]')
    AND r.x0 <= json_extract(q.value, '$[2]') AND r.y0 <= json_extract(q.value, '$[3]')
    AND r.z1 >= :bottom AND r.z0 <= :top
CROSS JOIN chunk c ON c.id = r.id
"""
_POSTGIS: Final = """
SELECT DISTINCT c.kind, c.object_id
FROM unnest(CAST(:west AS float8[]), CAST(:south AS float8[]), CAST(:east AS float8[]), CAST(:north AS float8[]))
    AS q(west, south, east, north)
JOIN chunk c ON c.geom && ST_MakeEnvelope(q.west, q.south, q.east, q.north, 28992)
    AND c.z_max >= :bottom AND c.z_min <= :top
"""


def candidates(
    s: Session, boxes: Iterable[Box], z: tuple[int, int] | None = None, kinds: Collection[str] | None = None
) -> set[Name]:
    """Kind and id of all that has a chunk touching one of the boxes (mm RD), between two levels (mm NAP) if given."""
    looked = sorted(set(boxes))
    if not looked:
        return set()
    sides = [[(box[k] - MARGIN if k < 2 else box[k] + MARGIN) / 1000 for box in looked] for k in range(4)]
    bottom, top = (-1e7, 1e7) if z is None else ((z[0] - MARGIN) / 1000, (z[1] + MARGIN) / 1000)
    given: dict[str, object] = {"bottom": bottom, "top": top}
    if is_postgis(s):
        sql = _POSTGIS
        given |= dict(zip(("west", "south", "east", "north"), sides, strict=True))
    else:
        sql = _SQLITE
        given["boxes"] = json.dumps(list(zip(*sides, strict=True)))
    if kinds is not None:
        listed = sorted(kinds)
        sql += "WHERE c.kind IN (" + ", ".join(f":kind{k}" for k in range(len(listed))) + ")" if listed else "WHERE 1=0"
        given |= {f"kind{k}": kind for k, kind in enumerate(listed)}
    return {(row.kind, row.object_id) for row in s.execute(text(sql), given)}


def boxes_within(values: Iterable[Identified], apart: int) -> list[Box]:
    """Boxes in plan that hold all that lies within ``apart`` (mm) of any chunk of these."""
    return [
        (west - apart, south - apart, east + apart, north + apart)
        for value in values
        for west, south, east, north in boxes_of(value)
    ]
