"""Tokens: what a client shows to be an actor. Only their hash is kept."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from registry.services.actors import Actor

if TYPE_CHECKING:
    from registry.db import Database
    from registry.store.rows import TokenRow


def create(db: Database, actor: Actor, now: datetime, *, expires: datetime | None = None) -> tuple[str, str]:
    """A new token that stands for ``actor``: its text, shown once, and its id."""
    raise NotImplementedError


def actor_of(db: Database, text: str, now: datetime) -> Actor | None:
    """Whom a token stands for; ``None`` where it is unknown, expired or revoked."""
    raise NotImplementedError


def revoke(db: Database, id: str, now: datetime) -> bool:  # noqa: A002
    """End a token; false where there is none of this id that still holds."""
    raise NotImplementedError


def listed(db: Database) -> list[TokenRow]:
    """Every token, without its text."""
    raise NotImplementedError
