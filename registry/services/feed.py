"""The change feed: what happened, in the order in which it was committed."""

from __future__ import annotations

from registry.db import Database
from registry.store import changes as stored
from registry.store.rows import Change


def changes(db: Database, after: int = 0, limit: int = 100) -> list[Change]:
    """Changes with a number above ``after``, at most ``limit``. One that reads on from the last misses none."""
    with db.read() as session:
        return stored.since(session, after, limit)
