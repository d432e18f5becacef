"""Who asks: the actor a bearer token stands for. What a body says of its sender is never looked at."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from registry.core.errors import Problem, Refused
from registry.db import Database
from registry.services import tokens
from registry.services.actors import Actor

REALM: Final = "underground space registry"
_REMEDY: Final = "Send `Authorization: Bearer TOKEN`; an administrator makes one with `registry token create`."
_CREDENTIALS: Final = re.compile(r"[Bb]earer +([A-Za-z0-9._~+/-]+=*)")


def actor_of(db: Database, header: str | None, now: datetime) -> Actor | None:
    """The actor whose token is in an ``Authorization`` header; ``None`` without one.

    Raises ``Refused`` (``unauthenticated``) for a token that is unknown, revoked or expired; which is not told.
    """
    if header is None:
        return None
    found = _CREDENTIALS.fullmatch(header.strip())
    if found is None:
        raise refused("not a bearer token")
    actor = tokens.actor_of(db, found[1], now)
    if actor is None:
        raise refused("this token is not valid (any more)")
    return actor


def refused(detail: str = "no token was sent") -> Refused:
    """The refusal of a request of which it is not known whose it is."""
    return Refused(Problem("unauthenticated", detail, _REMEDY, "Authorization"))
