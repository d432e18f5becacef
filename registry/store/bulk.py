"""Many objects at once, as they are kept: for who judges many applications, and restores their contents elsewhere."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.core.model import Reservation
from registry.core.options import Group, group_of
from registry.core.restore import restore
from registry.store.held import Held, held_of
from registry.store.near import COUNTING
from registry.store.rows import Name
from registry.store.sql import among
from registry.tables import chunk, object_, revision, verdict


class Kept(NamedTuple):
    """An object as it is now. ``content`` is the JSON its revision holds, which never changes."""

    kind: str
    id: str
    state: str
    revision_id: int
    content: str


class Asked(NamedTuple):
    """An application: when it was first recorded, and hash and outcome of the verdict it has now, if any."""

    id: str
    created_at: datetime
    sha256: str | None
    outcome: str | None


def ids_of(s: Session, kind: str, states: Collection[str]) -> list[str]:
    """The ids of all objects of a kind in these states, in order."""
    found = select(object_.c.object_id).where(object_.c.kind == kind, object_.c.state.in_(sorted(states)))
    return sorted(s.scalars(found))


def kept(s: Session, names: Iterable[Name]) -> dict[Name, Kept]:
    """The objects of these kinds and ids that there are."""
    told = select(object_.c.kind, object_.c.object_id, object_.c.state, revision.c.id, revision.c.content).join_from(
        object_, revision, object_.c.revision_id == revision.c.id
    )
    found: dict[Name, Kept] = {}
    for kind, ids in _by_kind(names).items():
        for row in s.execute(told.where(object_.c.kind == kind, among(s, object_.c.object_id, ids))):
            found[kind, row.object_id] = Kept(*row)
    return found


def asked(s: Session, ids: Iterable[str]) -> dict[str, Asked]:
    """What is told of the applications with these ids that there are."""
    told = (
        select(object_.c.object_id, object_.c.created_at, verdict.c.sha256, verdict.c.outcome)
        .join_from(object_, verdict, object_.c.verdict_id == verdict.c.id, isouter=True)
        .where(object_.c.kind == "application", among(s, object_.c.object_id, ids))
    )
    return {row.object_id: Asked(*row) for row in s.execute(told)}


def options(s: Session) -> dict[Name, Group]:
    """Of which plan each accepted reservation is an option that is one."""
    told = (
        select(object_.c.object_id, revision.c.content)
        .join_from(object_, revision, object_.c.revision_id == revision.c.id)
        .where(object_.c.kind == "reservation", object_.c.state.in_(sorted(COUNTING["reservation"])))
        .where(revision.c.content.contains('"option_group":', autoescape=True))
    )
    found: dict[Name, Group] = {}
    for row in s.execute(told):
        value = restore("reservation", json.loads(row.content))
        group = group_of(value) if isinstance(value, Reservation) else None
        if group is not None:
            found["reservation", row.object_id] = group
    return found


def held(s: Session, names: Iterable[Name]) -> Held:
    """The segments of these objects, in no order."""
    told = select(chunk.c.kind, chunk.c.object_id, chunk.c.segments)
    rows = [
        row
        for kind, ids in _by_kind(names).items()
        for row in s.execute(told.where(chunk.c.kind == kind, among(s, chunk.c.object_id, ids)))
    ]
    return held_of(rows)


def _by_kind(names: Iterable[Name]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for kind, id_ in names:
        found.setdefault(kind, set()).add(id_)
    return found
