"""Looking at jobs, and asking for a parked one again."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from registry.core.actors import Actor, Role
from registry.core.errors import Problem, Refused
from registry.core.lifecycle import OPEN
from registry.db import Database
from registry.services.lives import require_head
from registry.services.refusals import not_found
from registry.services.saved import Saved
from registry.services.writing import newest_job
from registry.store import jobs
from registry.store.rows import Job, JobState

#: Who may ask again for what was set aside.
ASKERS: Final[tuple[Role, ...]] = ("officer", "administrator")


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
    """Ask again for what a parked job was to do: one of ``ASKERS``. The id of the new job."""
    _require_asker(actor)

    def write(session: Session) -> str:
        found = jobs.get(session, id)
        if found is None:
            raise not_found("job", id)
        if found.state != "parked":
            detail = f"this job is {found.state}"
            raise Refused(Problem("wrong_state", detail, "Only a parked job is asked for again.", "state", found.state))
        return jobs.enqueue(session, found.kind, found.subject, found.key, now)

    return db.run(write)


def check_again(db: Database, application_id: str, actor: Actor, now: datetime) -> Saved:
    """Ask again for the check of an open application that was set aside: one of ``ASKERS``.

    Where its newest check waits or is being made, that is the one asked for, so that asking twice is asking once.
    Raises ``Refused`` (``wrong_state``) where the newest check was not set aside.
    """
    _require_asker(actor)

    def write(session: Session) -> Saved:
        head = require_head(session, "application", application_id)
        if head.state not in OPEN:
            detail = f"an application that is {head.state} is not checked"
            raise Refused(Problem("wrong_state", detail, "There is nothing left to decide.", "state", head.state))
        newest = newest_job(session, application_id)
        if newest is not None and newest.state in ("queued", "running"):
            return Saved(head, job_id=newest.id)
        if newest is None or newest.state != "parked":
            remedy = "It is checked again by itself when something changes; only a check set aside is asked for again."
            raise Refused(Problem("wrong_state", "its newest check was not set aside", remedy, "state", head.state))
        asked = jobs.enqueue(session, newest.kind, newest.subject, newest.key, now)
        return Saved(head, job_id=asked, jobs=(asked,))

    return db.run(write)


def _require_asker(actor: Actor) -> None:
    if actor.role not in ASKERS:
        detail, remedy = "asking for a job again is not for this role", f"It is for: {', '.join(ASKERS)}."
        raise Refused(Problem("not_allowed_for_role", detail, remedy, "role", actor.role))
