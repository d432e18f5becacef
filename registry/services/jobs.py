"""Looking at jobs, and asking for a parked one again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.errors import Problem, Refused
from registry.db import Database
from registry.services.refusals import not_found
from registry.services.writing import newest_job
from registry.store import jobs
from registry.store.rows import Job, JobState


def get(db: Database, id: str) -> Job:  # noqa: A002
    """A job. Raises ``Refused`` (``not_found``)."""
    with db.read() as session:
        found = jobs.get(session, id)
    if found is None:
        raise not_found("job", id)
    return found


def listed(
    db: Database,
    *,
    state: JobState | None = None,
    subject: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> list[Job]:
    """Jobs in the order in which they were asked for, those after the job ``after``; at most ``limit``."""
    with db.read() as session:
        return jobs.list_jobs(session, state=state, subject=subject, after=after, limit=limit)


def newest_check(db: Database, application_id: str) -> Job | None:
    """The check of an application that was asked for last."""
    with db.read() as session:
        return newest_job(session, application_id)


def ask_again(db: Database, id: str, actor: Actor, now: datetime) -> str:  # noqa: A002
    """Ask again for what a parked job was to do: an officer or an administrator. The id of the new job."""
    if actor.role not in ("officer", "administrator"):
        detail = "asking for a job again is not for this role"
        raise Refused(Problem("not_allowed_for_role", detail, "It is for: officer, administrator.", "role", actor.role))

    def write(session: Session) -> str:
        found = jobs.get(session, id)
        if found is None:
            raise not_found("job", id)
        if found.state != "parked":
            detail = f"this job is {found.state}"
            raise Refused(Problem("wrong_state", detail, "Only a parked job is asked for again.", "state", found.state))
        return jobs.enqueue(session, found.kind, found.subject, found.key, now)

    return db.run(write)
