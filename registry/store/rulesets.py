"""Versions of policy: stored by one, published by another, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from registry.store.rows import RulesetRow
from registry.tables import ruleset


def add(s: Session, stored: RulesetRow) -> None:
    """Store a version; ``published_by`` and ``published_at`` are left to ``publish``."""
    s.execute(
        insert(ruleset).values(
            ruleset_id=stored.id, version=stored.version, sha256=stored.sha256, document=dict(stored.document),
            source_text=stored.source_text, stored_by=stored.stored_by, stored_at=stored.stored_at,
        )
    )


def get(s: Session, ruleset_id: str, version: str, *, lock: bool = False) -> RulesetRow | None:
    """A version; with ``lock`` no other transaction publishes it until this one ends."""
    found = select(ruleset).where(ruleset.c.ruleset_id == ruleset_id, ruleset.c.version == version)
    row = s.execute(found.with_for_update() if lock else found).one_or_none()
    return None if row is None else _ruleset(row)


def publish(
    s: Session, ruleset_id: str, version: str, by: str, now: datetime, rests_on: tuple[str, int] | None = None
) -> bool:
    """Mark a version as published; false when there is none, or it was published before. ``rests_on`` is the what-if
    that told what it would change, and how much had changed since that was read."""
    mine = (ruleset.c.ruleset_id == ruleset_id) & (ruleset.c.version == version) & ruleset.c.published_by.is_(None)
    whatif_id, changes = rests_on or (None, None)
    named = {"whatif_id": whatif_id, "whatif_changes": changes}
    published = update(ruleset).where(mine).values(published_by=by, published_at=now, **named)
    return s.execute(published.returning(ruleset.c.version)).one_or_none() is not None


def listed(s: Session, *, ruleset_id: str | None = None, published: bool | None = None) -> list[RulesetRow]:
    """Versions in order of id and of when they were stored; only published ones, only others, or all."""
    found = select(ruleset).order_by(ruleset.c.ruleset_id, ruleset.c.stored_at, ruleset.c.version)
    if ruleset_id is not None:
        found = found.where(ruleset.c.ruleset_id == ruleset_id)
    if published is not None:
        found = found.where(ruleset.c.published_by.is_not(None) if published else ruleset.c.published_by.is_(None))
    return [_ruleset(row) for row in s.execute(found)]


def _ruleset(row: Row[Any]) -> RulesetRow:
    return RulesetRow(
        row.ruleset_id, row.version, row.sha256, row.document, row.source_text, row.stored_by, row.stored_at,
        row.published_by, row.published_at, row.whatif_id, row.whatif_changes,
    )
