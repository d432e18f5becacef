"""Objects of the register: what each is now, what it was, and the one way to revise it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.canonical import canonical_json, sha256
from registry.core.chunks import Chunk, chunks_of
from registry.core.lifecycle import HELD, OPEN
from registry.core.model import Application, Identified, Reservation, Thing, content
from registry.core.restore import restore
from registry.store import chunks
from registry.store.rows import Head, Name, Plain, Revision
from registry.store.sql import among
from registry.tables import object_, revision

#: The states in which an object of each kind is found by place. Of an application it is all its parts.
INDEXED: Final[dict[str, frozenset[str]]] = {
    "reservation": frozenset({"filed", "accepted"}),
    "application": HELD | OPEN,
    "asset": frozenset({"present"}),
    "ground_level": frozenset({"present"}),
    "zone": frozenset({"present"}),
}

_HEADS: Final = select(
    revision, object_.c.holder, object_.c.due_on, object_.c.verdict_id, object_.c.created_at
).join_from(object_, revision, object_.c.revision_id == revision.c.id)


def head(s: Session, kind: str, object_id: str, *, lock: bool = False) -> Head | None:
    """An object as it is now, if there is one.

    With ``lock`` no other transaction revises it until this one ends.
    """
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
    found = _HEADS.where(object_.c.kind == kind).order_by(object_.c.object_id).limit(limit)
    if state is not None:
        found = found.where(object_.c.state.in_([state] if isinstance(state, str) else sorted(state)))
    if holder is not None:
        found = found.where(object_.c.holder == holder)
    if after is not None:
        found = found.where(object_.c.object_id > after)
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


def revise(
    s: Session,
    value: Identified,
    *,
    state: str,
    action: str,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    document: str | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    extra: Plain | None = None,
    due_on: date | None = None,
) -> Head:
    """Record ``value`` as the object's next revision (its first when there is none) and file it under where it lies.

    ``valid_from`` is the day of ``now`` where it is left out. ``due_on`` replaces what was there. The verdict of an
    application is kept where its content stays the same; else it has none any more.
    """
    plain = content(value)
    text, digest = canonical_json(plain), sha256(plain)
    before = s.execute(
        select(object_.c.number, object_.c.created_at, object_.c.verdict_id, revision.c.content_sha256)
        .join_from(object_, revision, object_.c.revision_id == revision.c.id)
        .where(object_.c.kind == value.kind, object_.c.object_id == value.id)
        .with_for_update(of=object_)
    ).one_or_none()
    number = 1 if before is None else before.number + 1
    stated: dict[str, Any] = {"kind": value.kind, "object_id": value.id, "number": number, "state": state}
    since = valid_from or now.date()
    row = s.execute(
        insert(revision)
        .values(
            **stated, content=text, content_sha256=digest, action=action, actor=actor.name,
            organisation=actor.organisation, role=actor.role, reason=reason, document=document, valid_from=since,
            valid_to=valid_to, recorded_at=now, extra=None if extra is None else dict(extra),
        )
        .returning(revision.c.id)
    ).one()
    kept = before.verdict_id if before is not None and before.content_sha256 == digest else None
    told = {
        **stated, "revision_id": row.id, "holder": holder_of(value), "theme": getattr(value, "theme", None),
        "strength": value.strength if isinstance(value, Reservation) else None,
        "regime": value.regime if isinstance(value, Application) else None,
        "due_on": due_on, "verdict_id": kept, "current_from": since, "recorded_at": now,
    }
    if before is None:
        s.execute(insert(object_).values(**told, created_at=now))
    else:
        s.execute(update(object_).where(_is(value.kind, value.id)).values(**told))
    chunks.replace(s, value.kind, value.id, chunks_when(value, state))
    made = head(s, value.kind, value.id)
    assert made is not None
    return made


def chunks_when(value: Identified, state: str) -> tuple[Chunk, ...]:
    """Under which chunks an object is found in a state."""
    return chunks_of(value) if state in INDEXED[value.kind] else ()


def holder_of(value: Identified) -> str | None:
    """The holder of a thing, the applicant of an application."""
    if isinstance(value, Application):
        return value.applicant
    return value.holder if isinstance(value, Thing) else None


def set_verdict(s: Session, application_id: str, verdict_id: int | None) -> None:
    """Say which verdict an application has now."""
    s.execute(update(object_).where(_is("application", application_id)).values(verdict_id=verdict_id))


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


def _is(kind: str, object_id: str) -> Any:
    return (object_.c.kind == kind) & (object_.c.object_id == object_id)


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
