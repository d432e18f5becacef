"""What lies near: found by chunks, a superset of what matters, never cut short. The core judges."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.core.boxes import Box
from registry.core.chunks import boxes_of
from registry.core.model import Identified
from registry.store.held import Held, held_of
from registry.store.rows import Name
from registry.store.sql import is_postgis, straight

#: Beside each box looked at, mm: for what is lost between millimetres and metres in floating point.
MARGIN: Final = 2

#: The chunks that touch the boxes, on SQLite each once: many boxes touch the same ones.
_SQLITE: Final = """
FROM (
    SELECT DISTINCT r.id
    FROM json_each(:boxes) q
    CROSS JOIN chunk_rtree r ON r.x1 >= json_extract(q.value, '$[0]') AND r.y1 >= json_extract(q.value, '$[1]')
        AND r.x0 <= json_extract(q.value, '$[2]') AND r.y0 <= json_extract(q.value, '$[3]')
        AND r.z1 >= :bottom AND r.z0 <= :top
) AS found
CROSS JOIN chunk c ON c.id = found.id
"""
_POSTGIS: Final = """
FROM unnest(CAST(:west AS float8[]), CAST(:south AS float8[]), CAST(:east AS float8[]), CAST(:north AS float8[]))
    AS q(west, south, east, north)
JOIN chunk c ON c.geom && ST_MakeEnvelope(q.west, q.south, q.east, q.north, 28992)
    AND c.z_max >= :bottom AND c.z_min <= :top
"""
#: What each holds as well: on SQLite of each once, on PostGIS as often as a box touches it.
_SQLITE_HELD: Final = "SELECT c.kind, c.object_id, c.segments {touching}"
#: One text, whatever is asked, which the server plans once: planning takes as long as looking up what lies along a
#: street. As it may not look into the parameters (``SELECT``), it finds no plan that is better for one of them alone.
_POSTGIS_HELD: Final = """
SELECT c.kind, c.object_id, c.segments
FROM unnest((SELECT %s::float8[]), (SELECT %s::float8[]), (SELECT %s::float8[]), (SELECT %s::float8[]))
    AS q(west, south, east, north)
JOIN chunk c ON c.geom && ST_MakeEnvelope(q.west, q.south, q.east, q.north, 28992)
"""
#: Where there are so many boxes that they may touch the same chunks again and again, each of these is given once.
_POSTGIS_HELD_ONCE: Final = _POSTGIS_HELD.replace("SELECT c.kind", "SELECT DISTINCT ON (c.id) c.kind", 1)
#: How many boxes that are.
MANY: Final = 64


def candidates(
    s: Session, boxes: Iterable[Box], z: tuple[int, int] | None = None, kinds: Collection[str] | None = None
) -> set[Name]:
    """Kind and id of all that has a chunk touching one of the boxes (mm RD), between two levels (mm NAP) if given."""
    looked = sorted(set(boxes))
    if not looked:
        return set()
    touching, given = _touching(s, looked, z, kinds)
    found = s.execute(text("SELECT DISTINCT c.kind, c.object_id" + touching), given)
    return {(row.kind, row.object_id) for row in found}


def held_near(s: Session, boxes: Iterable[Box], kinds: Collection[str] | None = None) -> Held:
    """The segments in all chunks that touch one of the boxes (mm RD), in one statement. A chunk that touches more than
    one of them may come as often."""
    looked = list(dict.fromkeys(boxes))
    if not looked:
        return held_of(())
    if is_postgis(s):
        # As text: the driver is slow to tell what kind of array a list is.
        given = ["{" + ",".join(map(str, side)) + "}" for side in _sides(looked)]
        rows = straight(s, _POSTGIS_HELD if len(looked) < MANY else _POSTGIS_HELD_ONCE, given)
        # Few are of other kinds; that costs less here than there.
        if kinds is not None and not set(kinds).issuperset(row[0] for row in rows):
            rows = [row for row in rows if row[0] in kinds]
    else:
        touching, named = _touching(s, looked, None, kinds)
        rows = s.execute(text(_SQLITE_HELD.format(touching=touching)), named).all()
    return held_of(rows)


def _sides(looked: Sequence[Box]) -> list[list[float]]:
    """West, south, east and north of boxes (m), a margin wider."""
    return [[(box[k] - MARGIN if k < 2 else box[k] + MARGIN) / 1000 for box in looked] for k in range(4)]


def _touching(
    s: Session, looked: Sequence[Box], z: tuple[int, int] | None, kinds: Collection[str] | None
) -> tuple[str, dict[str, object]]:
    sides = _sides(looked)
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
    return sql, given


def boxes_within(values: Iterable[Identified], apart: int) -> list[Box]:
    """Boxes in plan that hold all that lies within ``apart`` (mm) of any chunk of these."""
    return [
        (west - apart, south - apart, east + apart, north + apart)
        for value in values
        for west, south, east, north in boxes_of(value)
    ]
