"""The change feed: numbered in the order in which transactions end, without gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Row, func, insert, select, text
from sqlalchemy.orm import Session

from registry.store.rows import Change
from registry.store.sql import is_postgis
from registry.tables import change

#: Two numbers, so that it can be none of the places' locks, which have one.
_LOCK: Final = "SELECT pg_advisory_xact_lock(28992, 1)"


def append(s: Session, told: Change) -> int:
    """Write an entry and return its ``seq``. The last thing a transaction does: all others wait until it ends."""
    return append_all(s, [told])


def append_all(s: Session, told: Sequence[Change]) -> int:
    """Write entries in this order, and return the ``seq`` of the last; see ``append``."""
    if is_postgis(s):
        s.execute(text(_LOCK))
    seq = latest(s)
    if told:
        s.execute(insert(change), [_row(one, seq + k) for k, one in enumerate(told, 1)])
    return seq + len(told)


def _row(told: Change, seq: int) -> dict[str, Any]:
    row = {field.name: getattr(told, field.name) for field in fields(told) if field.name not in ("id", "seq")}
    return row | {"object_id": told.id, "seq": seq, "told": list(told.told), "detail": dict(told.detail or {})}


def since(s: Session, seq: int = 0, limit: int = 100) -> list[Change]:
    """The entries after a number, in order, at most ``limit``."""
    found = select(change).where(change.c.seq > seq).order_by(change.c.seq).limit(limit)
    return [_change(row) for row in s.execute(found)]


def of_object(s: Session, kind: str, object_id: str) -> list[Change]:
    """All entries about one object, in order."""
    found = select(change).where(change.c.kind == kind, change.c.object_id == object_id).order_by(change.c.seq)
    return [_change(row) for row in s.execute(found)]


def latest(s: Session) -> int:
    """The number of the last entry; 0 when there is none."""
    return s.scalar(select(func.coalesce(func.max(change.c.seq), 0))) or 0


def _change(row: Row[Any]) -> Change:
    return Change(
        row.kind, row.object_id, row.number, row.action, row.actor, row.organisation, row.recorded_at,
        tuple(row.told), row.detail, row.seq,
    )
