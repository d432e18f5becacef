"""What each kind of job does: a use case, with what it needs of formats and schemas."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from registry.db import Database
from registry.jobs import Handlers
from registry.services import checking
from registry.store.rows import Job
from registry.taken import Finish


def check(db: Database, job: Job, now: datetime, finish: Finish) -> None:
    """Check the application the job is about. Raises ``Refused`` where there can be no verdict."""
    checking.check(db, job.subject, now, finish=finish, job_id=job.id)


#: By kind of job.
HANDLERS: Final[Handlers] = {"check": check}
