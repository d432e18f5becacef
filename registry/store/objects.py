"""Objects of the register: what each is now, and what it was. ``revising`` writes them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, select, update
from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.model import Identified
from registry.core.restore import restore
from registry.store.revising import INDEXED as INDEXED
from registry.store.revising import chunks_when as chunks_when
from registry.store.revising import holder_of as holder_of
from registry.store.revising import revise as revise
from registry.store.revising import revise_all as revise_all
from registry.store.rows import Head, Name, Revision
from registry.store.sql import among
from registry.tables import object_, revision

#: What no text of the register holds; PostgreSQL refuses to be asked for it, and asked for it may be all the same.
_NUL: Final = "\0"

_HEADS: Final = select(
    revision, object_.c.holder, object_.c.due_on, object_.c.verdict_id, object_.c.created_at
).join_from(object_, revision, object_.c.revision_id == revision.c.id)


def head(s: Session, kind: str, object_id: str, *, lock: bool = False) -> Head | None:
    """An object as it is now, if there is one.

    With ``lock`` no other transaction revises it until this one ends.
    """
    if _NUL in object_id:
        return None
    found = _HEADS.where(object_.c.kind == kind, object_.c.object_id == object_id)
    if lock:
        found = found.with_for_update(of=object_)
    row = s.execute(found).one_or_none()
    return None if row is None else _head(row)


def heads(
    s: Session,
    kind: str,
    *,
    state: str | Collection[str] | None = None,
    holder: str | None = None,
    after: str | None = None,
    limit: int | None = 100,
) -> list[Head]:
    """Objects of a kind in order of id, those after an id, in given states and of a holder; at most ``limit``."""
    if holder is not None and _NUL in holder:
        return []
    found = _HEADS.where(object_.c.kind == kind).order_by(object_.c.object_id).limit(limit)
    if state is not None:
        found = found.where(object_.c.state.in_([state] if isinstance(state, str) else sorted(state)))
    if holder is not None:
        found = found.where(object_.c.holder == holder)
    if after is not None:
        found = found.where(object_.c.object_id > after.partition(_NUL)[0])
    return _all(s, found)


def by_names(s: Session, names: Iterable[Name]) -> list[Head]:
    """The objects of these kinds and ids that there are, in order of kind and id: one statement for each kind."""
    by_kind: dict[str, set[str]] = {}
    for kind, name in names:
        by_kind.setdefault(kind, set()).add(name)
    found: list[Head] = []
    for kind, ids in sorted(by_kind.items()):
        found += _all(s, _HEADS.where(object_.c.kind == kind, among(s, object_.c.object_id, ids)))
    return sorted(found, key=lambda one: (one.kind, one.id))


def set_verdict(s: Session, application_id: str, verdict_id: int | None) -> None:
    """Say which verdict an application has now."""
    mine = (object_.c.kind == "application") & (object_.c.object_id == application_id)
    s.execute(update(object_).where(mine).values(verdict_id=verdict_id))


def history(s: Session, kind: str, object_id: str) -> list[Revision]:
    """All revisions of an object, the first one first."""
    found = select(revision).where(revision.c.kind == kind, revision.c.object_id == object_id)
    return [_revision(row) for row in s.execute(found.order_by(revision.c.number))]


def as_of(s: Session, kind: str, object_id: str, moment: datetime) -> Revision | None:
    """What the register knew of an object at a moment, if anything."""
    found = (
        select(revision)
        .where(revision.c.kind == kind, revision.c.object_id == object_id, revision.c.recorded_at <= moment)
        .order_by(revision.c.number.desc())
        .limit(1)
    )
    row = s.execute(found).one_or_none()
    return None if row is None else _revision(row)


def revision_of(s: Session, kind: str, object_id: str, number: int) -> Revision | None:
    """One revision of an object by its number, if there is one."""
    found = (revision.c.kind == kind) & (revision.c.object_id == object_id) & (revision.c.number == number)
    row = s.execute(select(revision).where(found)).one_or_none()
    return None if row is None else _revision(row)


def revision_value(s: Session, revision_id: int) -> Identified:
    """The value a revision holds. Raises ``KeyError`` where there is no such revision."""
    row = s.execute(select(revision.c.kind, revision.c.content).where(revision.c.id == revision_id)).one_or_none()
    if row is None:
        raise KeyError(revision_id)
    return restore(row.kind, json.loads(row.content))


def _all(s: Session, found: Select[Any]) -> list[Head]:
    return [_head(row) for row in s.execute(found)]


def _stated(row: Row[Any]) -> dict[str, Any]:
    same = ("kind", "number", "state", "action", "reason", "document", "valid_from", "valid_to", "recorded_at", "extra")
    return {
        "revision_id": row.id, "id": row.object_id, "value": restore(row.kind, json.loads(row.content)),
        "sha256": row.content_sha256, "actor": Actor(row.actor, row.organisation, row.role),
        **{name: getattr(row, name) for name in same},
    }


def _revision(row: Row[Any]) -> Revision:
    return Revision(**_stated(row))


def _head(row: Row[Any]) -> Head:
    return Head(
        **_stated(row), holder=row.holder, due_on=row.due_on, verdict_id=row.verdict_id, created_at=row.created_at
    )
