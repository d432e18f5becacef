"""Tokens: what a client shows to be an actor. Only their hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final
from uuid import uuid4

from registry.core.actors import Actor
from registry.db import Database
from registry.store import tokens
from registry.store.rows import TokenRow

#: So that a token is known for one where it turns up, in a log or a repository.
PREFIX: Final = "usr_"
#: Random bytes in a token.
_BYTES: Final = 32


def create(db: Database, actor: Actor, now: datetime, *, expires: datetime | None = None) -> tuple[str, str]:
    """A new token that stands for ``actor``: its text, shown once, and its id."""
    text = PREFIX + secrets.token_urlsafe(_BYTES)
    row = TokenRow(uuid4().hex, _hash(text), actor, now, expires, None)
    db.run(lambda session: tokens.add(session, row))
    return text, row.id


def actor_of(db: Database, text: str, now: datetime) -> Actor | None:
    """Whom a token stands for; ``None`` where it is unknown, expired or revoked."""
    with db.read() as session:
        row = tokens.by_sha(session, _hash(text))
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return row.actor


def revoke(db: Database, id: str, now: datetime) -> bool:  # noqa: A002
    """End a token; false where there is none of this id that still holds."""
    return db.run(lambda session: tokens.revoke(session, id, now))


def listed(db: Database) -> list[TokenRow]:
    """Every token, without its text."""
    with db.read() as session:
        return tokens.listed(session)


def _hash(text: str) -> str:
    """A token has too much chance in it to be guessed: a plain hash is enough, and can be looked up."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
