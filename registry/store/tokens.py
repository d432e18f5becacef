"""Tokens, by their hash."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.store.rows import TokenRow
from registry.tables import token


def add(s: Session, made: TokenRow) -> None:
    """Keep a token's hash and who acts with it."""
    s.execute(
        insert(token).values(
            id=made.id, sha256=made.sha256, actor=made.actor.name, organisation=made.actor.organisation,
            role=made.actor.role, created_at=made.created_at, expires_at=made.expires_at, revoked_at=made.revoked_at,
        )
    )


def by_sha(s: Session, sha256: str) -> TokenRow | None:
    """The token with this hash, valid or not."""
    row = s.execute(select(token).where(token.c.sha256 == sha256)).one_or_none()
    return None if row is None else _token(row)


def listed(s: Session) -> list[TokenRow]:
    """All tokens in order of creation."""
    return [_token(row) for row in s.execute(select(token).order_by(token.c.created_at, token.c.id))]


def revoke(s: Session, token_id: str, now: datetime) -> bool:
    """Let a token be valid no longer; false when there is none, or it was revoked before."""
    mine = (token.c.id == token_id) & token.c.revoked_at.is_(None)
    return s.execute(update(token).where(mine).values(revoked_at=now).returning(token.c.id)).one_or_none() is not None


def _token(row: Row[Any]) -> TokenRow:
    actor = Actor(row.actor, row.organisation, row.role)
    return TokenRow(row.id, row.sha256, actor, row.created_at, row.expires_at, row.revoked_at)
