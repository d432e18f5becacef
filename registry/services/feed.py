"""The change feed: what happened, in the order in which it was committed."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from registry.core.boxes import Box, boxes_meet
from registry.core.chunks import boxes_of
from registry.db import Database
from registry.store import changes as stored
from registry.store import objects
from registry.store.rows import Change

#: At most so many changes are looked through at once for those of an area.
LOOKED_THROUGH: Final = 500


class Within(NamedTuple):
    """Changes of an area. Up to number ``seen`` all were looked through; ``more``: there are later ones."""

    changes: list[Change]
    seen: int
    more: bool


def changes(db: Database, after: int = 0, limit: int = 100) -> list[Change]:
    """Changes with a number above ``after``, at most ``limit``. One that reads on from the last misses none."""
    with db.read() as session:
        return stored.since(session, after, limit)


def changes_within(db: Database, box: Box, after: int = 0, limit: int = 100) -> Within:
    """Those of the changes above ``after`` that are about something of which a box meets ``box`` (mm RD), or did before
    the change; and all about policy, which holds everywhere. At most ``limit`` of them, and perhaps none though there
    are more: who reads on from ``seen`` misses none."""
    with db.read() as session:
        looked = stored.since(session, after, LOOKED_THROUGH + 1)
        found: list[Change] = []
        seen = after
        for one in looked[:LOOKED_THROUGH]:
            if _meets(session, one, box):
                if len(found) == limit:
                    return Within(found, seen, True)
                found.append(one)
            seen = one.seq
        return Within(found, seen, len(looked) > LOOKED_THROUGH)


def _meets(session: Session, change: Change, box: Box) -> bool:
    if change.kind == "ruleset":
        return True
    if change.number is None:
        head = objects.head(session, change.kind, change.id)
        values = [] if head is None else [head.value]
    else:
        numbers = (change.number, change.number - 1)
        told = (objects.revision_of(session, change.kind, change.id, number) for number in numbers)
        values = [revision.value for revision in told if revision is not None]
    return any(boxes_meet(one, box, 0) for value in values for one in boxes_of(value))
