"""The one way to revise objects: their next revision, what they are now, and where they lie."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Row, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.canonical import canonical_json, sha256
from registry.core.chunks import Chunk, chunks_of
from registry.core.lifecycle import HELD, RIVAL
from registry.core.model import Application, Identified, Reservation, Thing, content
from registry.core.restore import restore
from registry.store import chunks
from registry.store.rows import Head, Name, Plain
from registry.store.sql import among, is_postgis
from registry.tables import object_, revision

#: The states in which an object of each kind is found by place. Of an application it is all its parts.
INDEXED: Final[dict[str, frozenset[str]]] = {
    "reservation": frozenset({"filed", "accepted"}),
    "application": HELD | RIVAL,
    "asset": frozenset({"present"}),
    "ground_level": frozenset({"present"}),
    "zone": frozenset({"present"}),
}
#: How many are written with one statement of each sort.
_AT_ONCE: Final = 500


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
    return revise_all(
        s, [value], state=state, action=action, actor=actor, now=now, reason=reason, document=document,
        valid_from=valid_from, valid_to=valid_to, extra=extra, due_on=due_on,
    )[0]


def revise_all(
    s: Session,
    values: Iterable[Identified],
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
) -> list[Head]:
    """As ``revise``, for many objects at once, each named once; the heads come in the order of ``values``."""
    alike: dict[str, Any] = {
        "state": state, "action": action, "reason": reason, "document": document,
        "valid_from": valid_from or now.astimezone(UTC).date(), "valid_to": valid_to,
        "recorded_at": now, "extra": None if extra is None else json.loads(json.dumps(dict(extra))),
    }
    given = list(values)
    some = (given[first : first + _AT_ONCE] for first in range(0, len(given), _AT_ONCE))
    return [head for few in some for head in _revise(s, few, alike, actor, due_on)]


def chunks_when(value: Identified, state: str) -> tuple[Chunk, ...]:
    """Under which chunks an object is found in a state."""
    return chunks_of(value) if state in INDEXED[value.kind] else ()


def holder_of(value: Identified) -> str | None:
    """The holder of a thing, the applicant of an application."""
    if isinstance(value, Application):
        return value.applicant
    return value.holder if isinstance(value, Thing) else None


def _revise(
    s: Session, values: Sequence[Identified], alike: dict[str, Any], actor: Actor, due_on: date | None
) -> list[Head]:
    names = [(value.kind, value.id) for value in values]
    if len(set(names)) < len(names):
        raise ValueError("an object is revised once at a time")
    before = _before(s, names)
    by = {"actor": actor.name, "organisation": actor.organisation, "role": actor.role}
    rows, kept = [], []
    for value in values:
        plain = content(value)
        text, digest = canonical_json(plain), sha256(plain)
        there = before.get((value.kind, value.id))
        kept.append(there.verdict_id if there is not None and there.content_sha256 == digest else None)
        rows.append(
            {
                "kind": value.kind, "object_id": value.id, "number": 1 if there is None else there.number + 1,
                "content": text, "content_sha256": digest, **alike, **by,
            }
        )
    made = insert(revision).returning(revision.c.id, sort_by_parameter_order=True)
    ids = list(s.scalars(made, rows))
    told = [
        {
            "kind": row["kind"], "object_id": row["object_id"], "revision_id": number, "number": row["number"],
            "state": alike["state"], "holder": holder_of(value), "theme": getattr(value, "theme", None),
            "strength": value.strength if isinstance(value, Reservation) else None,
            "regime": value.regime if isinstance(value, Application) else None,
            "due_on": due_on, "verdict_id": verdict, "current_from": alike["valid_from"],
            "recorded_at": alike["recorded_at"], "created_at": alike["recorded_at"],
        }
        for value, row, number, verdict in zip(values, rows, ids, kept, strict=True)
    ]
    _put_heads(s, told)
    filed: dict[Name, tuple[Chunk, ...]] = {
        (value.kind, value.id): chunks_when(value, alike["state"]) for value in values
    }
    chunks.replace_all(s, filed, before)
    return [
        _head(value, row, number, verdict, before, actor, due_on)
        for value, row, number, verdict in zip(values, rows, ids, kept, strict=True)
    ]


def _before(s: Session, names: Iterable[Name]) -> dict[Name, Row[Any]]:
    """Those that are there already, held until this transaction ends; always in one order."""
    by_kind: dict[str, set[str]] = {}
    for kind, name in names:
        by_kind.setdefault(kind, set()).add(name)
    found: dict[Name, Row[Any]] = {}
    for kind, ids in sorted(by_kind.items()):
        heads = (
            select(
                object_.c.kind, object_.c.object_id, object_.c.number, object_.c.created_at, object_.c.verdict_id,
                revision.c.content_sha256,
            )
            .join_from(object_, revision, object_.c.revision_id == revision.c.id)
            .where(object_.c.kind == kind, among(s, object_.c.object_id, ids))
            .order_by(object_.c.object_id)
            .with_for_update(of=object_)
        )
        found |= {(row.kind, row.object_id): row for row in s.execute(heads)}
    return found


def _put_heads(s: Session, told: list[dict[str, Any]]) -> None:
    new = postgresql.insert(object_) if is_postgis(s) else sqlite.insert(object_)
    changed = {name: new.excluded[name] for name in told[0] if name not in ("kind", "object_id", "created_at")}
    s.execute(new.on_conflict_do_update(index_elements=[object_.c.kind, object_.c.object_id], set_=changed), told)


def _head(
    value: Identified,
    row: dict[str, Any],
    revision_id: int,
    verdict_id: int | None,
    before: dict[Name, Row[Any]],
    actor: Actor,
    due_on: date | None,
) -> Head:
    now = row["recorded_at"].astimezone(UTC)
    there = before.get((value.kind, value.id))
    same = ("kind", "number", "state", "action", "reason", "document", "valid_from", "valid_to", "extra")
    return Head(
        revision_id=revision_id, id=value.id, value=restore(value.kind, json.loads(row["content"])),
        sha256=row["content_sha256"], actor=actor, recorded_at=now, holder=holder_of(value), due_on=due_on,
        verdict_id=verdict_id, created_at=now if there is None else there.created_at,
        **{name: row[name] for name in same},
    )
