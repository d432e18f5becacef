"""What each kind of job does: a use case, with what it needs of formats and schemas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from registry.db import Database
from registry.services import checking
from registry.services.writing import CHECK
from registry.store import jobs
from registry.store.rows import Job

#: What a job came to, as plain data. The job is finished already, in the transaction that wrote what it came to.
Handler = Callable[[Database, Job, datetime], Mapping[str, object]]


def check(db: Database, job: Job, now: datetime) -> Mapping[str, object]:
    """Check the application a job names. Raises ``Refused`` where there can be no verdict: trying again is no use."""

    def finish(session: Session, result: dict[str, object]) -> bool:
        return jobs.finish(session, job.id, job.attempt, result, now)

    done = checking.check(db, job.subject, now, finish=finish, job_id=job.id)
    return {"verdict": done.sha256, "outcome": done.outcome, "current": done.current, "fenced": done.fenced}


HANDLERS: Final[Mapping[str, Handler]] = {CHECK: check}
