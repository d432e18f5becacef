"""Locks on places, held until the transaction ends. SQLite needs none: it has one writer at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.store.sql import is_postgis


class LockKey(Protocol):
    """The key (64 bits) of a place, and whether others may hold it at the same time."""

    @property
    def key(self) -> int: ...

    @property
    def shared(self) -> bool: ...


def take(s: Session, keys: Iterable[LockKey]) -> None:
    """Take all of these, waiting for others; in one order everywhere, so that no two wait for each other.

    Of a key asked for both ways the exclusive one is taken. Under READ COMMITTED what is read afterwards is what those
    who held them before have left.
    """
    wanted: dict[int, bool] = {}
    for one in keys:
        wanted[one.key] = one.shared and wanted.get(one.key, True)
    if not wanted or not is_postgis(s):
        return
    ordered = sorted(wanted)
    sql = """
        SELECT CASE WHEN q.shared THEN pg_advisory_xact_lock_shared(q.key) ELSE pg_advisory_xact_lock(q.key) END
        FROM unnest(CAST(:keys AS bigint[]), CAST(:shared AS boolean[])) AS q(key, shared)
    """
    s.execute(text(sql), {"keys": ordered, "shared": [wanted[key] for key in ordered]})
