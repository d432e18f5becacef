"""Whether the register can do its work: is the database there and of this version, and is anyone checking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy.exc import SQLAlchemyError

from registry.db import Database
from registry.store import jobs, schema

#: A job that has waited for so long while none was being done: no worker is there.
SILENT: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Health:
    """``worker``: ``seen`` where a job is being done, ``idle`` where none has waited long, else ``not_seen``."""

    database: bool
    migrated: bool
    worker: Literal["seen", "idle", "not_seen"]

    @property
    def good(self) -> bool:
        return self.database and self.migrated and self.worker != "not_seen"


def health(db: Database, now: datetime) -> Health:
    """How the register is. Never raises."""
    try:
        migrated = schema.current(db) == schema.newest()
    except (SQLAlchemyError, OSError):
        return Health(False, False, "not_seen")
    if not migrated:
        return Health(True, False, "not_seen")
    try:
        with db.read() as session:
            if jobs.list_jobs(session, state="running", limit=1):
                return Health(True, True, "seen")
            waiting = jobs.list_jobs(session, state="queued")
    except SQLAlchemyError:
        return Health(False, True, "not_seen")
    late = any(now - max(job.created_at, job.run_after) > SILENT for job in waiting)
    return Health(True, True, "not_seen" if late else "idle")
