"""Filing anew what is filed without its segments: after a migration that left them out, or to repair."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from registry.core.chunks import Chunk
from registry.core.restore import restore
from registry.store import chunks
from registry.store.objects import chunks_when
from registry.store.rows import Name
from registry.store.sql import among
from registry.tables import chunk, object_, revision

#: How many objects are read and written at once.
AT_ONCE: Final = 500

#: Told after each of these, how many objects are done and how many there are.
Told = Callable[[int, int], None]

_BARE: Final = func.length(chunk.c.segments) == 0


def refile(s: Session, told: Told | None = None) -> int:
    """File anew, by what their revisions say, all objects with a chunk that holds no segment; how many there were."""
    bare = select(chunk.c.kind, chunk.c.object_id).where(_BARE).distinct()
    total = s.scalar(select(func.count()).select_from(bare.subquery())) or 0
    # All objects are walked along, by their key: to look for the next bare ones would read all chunks each time.
    few = select(object_.c.kind, object_.c.object_id).order_by(object_.c.kind, object_.c.object_id).limit(AT_ONCE)
    done, walked = 0, few
    while done < total:
        names = [(row.kind, row.object_id) for row in s.execute(walked)]
        if filed := _file(s, names):
            done += filed
            if told is not None:
                told(done, total)
        walked = few.where(tuple_(object_.c.kind, object_.c.object_id) > names[-1])
    return done


def _file(s: Session, names: list[Name]) -> int:
    """File those of these that have a chunk without segments; how many those are."""
    by_kind: dict[str, list[str]] = {}
    for kind, name in names:
        by_kind.setdefault(kind, []).append(name)
    filed: dict[Name, tuple[Chunk, ...]] = {}
    for kind, ids in by_kind.items():
        mine = select(chunk.c.object_id).where(chunk.c.kind == kind, among(s, chunk.c.object_id, ids), _BARE).distinct()
        heads = (
            select(object_.c.object_id, object_.c.state, revision.c.content)
            .join_from(object_, revision, object_.c.revision_id == revision.c.id)
            .where(object_.c.kind == kind, among(s, object_.c.object_id, s.scalars(mine)))
        )
        for row in s.execute(heads):
            filed[kind, row.object_id] = chunks_when(restore(kind, json.loads(row.content)), row.state)
    chunks.replace_all(s, filed, filed)
    return len(filed)
