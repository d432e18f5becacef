"""Jobs: enqueued with what caused them, claimed for a time, finished only by who still holds them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Row, Select, Update, exists, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from registry.store.rows import Job, JobState, Plain
from registry.store.sql import is_postgis
from registry.tables import job

MAX_ATTEMPTS: Final = 5
#: How long a failed job waits: this, doubled for every earlier attempt, up to the longest.
FIRST_BACKOFF: Final = timedelta(seconds=2)
LONGEST_BACKOFF: Final = timedelta(minutes=10)
#: How much of an error is kept.
ERROR_LENGTH: Final = 4000


def enqueue(
    s: Session,
    kind: str,
    subject: str,
    key: str,
    now: datetime,
    *,
    max_attempts: int = MAX_ATTEMPTS,
    run_after: datetime | None = None,
) -> str:
    """The id of the one job that waits with this key: a new one, or the one that waits already.

    The one that waits is held until this transaction ends: who claims it then sees what this transaction did.
    """
    due = run_after or now
    values = {
        "id": uuid4().hex, "kind": kind, "subject": subject, "key": key, "state": "queued", "attempt": 0,
        "max_attempts": max_attempts, "run_after": due, "created_at": now,
    }
    # The two engines have the same statement under two names.
    new = postgresql.insert(job).values(values) if is_postgis(s) else sqlite.insert(job).values(values)
    least = func.least if is_postgis(s) else func.min
    put = new.on_conflict_do_update(
        index_elements=[job.c.key],
        index_where=text("state = 'queued'"),
        set_={"run_after": least(job.c.run_after, new.excluded.run_after)},
    )
    found: str = s.scalars(put.returning(job.c.id)).one()
    return found


def claim(
    s: Session,
    worker: str,
    now: datetime,
    lease: timedelta,
    *,
    job_id: str | None = None,
    kinds: Collection[str] | None = None,
) -> Job | None:
    """Take the job that has waited longest, or the one named, for the length of a lease; ``None``: there is none.

    A job whose key is being worked on stays where it is, as long as that lease is valid.
    """
    found = _claimable(now, now, kinds).limit(1).with_for_update(skip_locked=True)
    if job_id is not None:
        found = found.where(job.c.id == job_id)
    chosen = s.scalar(found)
    if chosen is None:
        return None
    taken = {"state": "running", "attempt": job.c.attempt + 1, "lease_until": now + lease, "worker": worker}
    row = s.execute(update(job).where(job.c.id == chosen).values(**taken).returning(*job.c)).one()
    return _job(row)


def due(
    s: Session,
    now: datetime,
    *,
    waited: timedelta = timedelta(0),
    key: str | None = None,
    kinds: Collection[str] | None = None,
    limit: int = 10,
) -> list[str]:
    """Ids of jobs that could be claimed now and have been due for so long, the longest first. Changes nothing, so that
    who finds no work has kept nobody from writing."""
    found = _claimable(now, now - waited, kinds).limit(limit)
    return list(s.scalars(found if key is None else found.where(job.c.key == key)))


def renew(s: Session, job_id: str, attempt: int, until: datetime) -> bool:
    """Hold a job longer; false when it is no longer held by this attempt."""
    return _changed(s, _held(job_id, attempt).values(lease_until=until))


def finish(s: Session, job_id: str, attempt: int, result: Plain | None, now: datetime) -> bool:
    """Mark a job done; false, and nothing done, when it is no longer held by this attempt."""
    kept = None if result is None else dict(result)
    return _changed(
        s, _held(job_id, attempt).values(state="done", result=kept, lease_until=None, error=None, finished_at=now)
    )


def fail(s: Session, job_id: str, attempt: int, error: str, now: datetime) -> bool:
    """Give a job back to be tried later, or park it after its last attempt; false when it is no longer held.

    Where another waits with its key, that one will do the work: this one is cancelled.
    """
    row = s.execute(_locked(select(job).where(job.c.id == job_id, job.c.attempt == attempt))).one_or_none()
    return row is not None and row.state == "running" and _give_back(s, _job(row), error, now)


def sweep(s: Session, now: datetime) -> list[str]:
    """Give back every job whose lease ran out, and return their ids. What someone is just finishing is left alone."""
    expired = select(job).where(job.c.state == "running", job.c.lease_until <= now).order_by(job.c.id)
    rows = s.execute(expired.with_for_update(skip_locked=True)).all()
    for row in rows:
        _give_back(s, _job(row), f"the lease of {row.worker} ran out", now)
    return [row.id for row in rows]


def release(s: Session, job_id: str, attempt: int, now: datetime) -> bool:
    """Give a job back untried, for anyone to take at once; false when it is no longer held by this attempt.

    The attempt keeps its number, for that is what fences it off, but does not count against the job.
    """
    row = s.execute(_locked(select(job).where(job.c.id == job_id, job.c.attempt == attempt))).one_or_none()
    if row is None or row.state != "running":
        return False
    if s.scalar(_waits(row.key)):
        return _changed(s, _held(job_id, attempt).values(state="cancelled", lease_until=None, finished_at=now))
    given = {"state": "queued", "worker": None, "lease_until": None, "run_after": now}
    return _changed(s, _held(job_id, attempt).values(**given, max_attempts=job.c.max_attempts + 1))


def cancel(s: Session, job_id: str, now: datetime) -> bool:
    """Let a job that has not ended be done no more, also where a worker has it, whose work is fenced off by that; false
    when it has ended."""
    ended = update(job).where(job.c.id == job_id, job.c.state.in_(("queued", "running")))
    return _changed(s, ended.values(state="cancelled", lease_until=None, finished_at=now))


def park(s: Session, job_id: str, attempt: int, error: str, now: datetime) -> bool:
    """Set a job aside at once, for someone to look at; false when it is no longer held by this attempt."""
    return _changed(
        s,
        _held(job_id, attempt).values(
            state="parked", error=error[:ERROR_LENGTH], lease_until=None, finished_at=now
        ),
    )


def get(s: Session, job_id: str) -> Job | None:
    """A job by its id."""
    row = s.execute(select(job).where(job.c.id == job_id)).one_or_none()
    return None if row is None else _job(row)


def list_jobs(
    s: Session,
    *,
    state: JobState | None = None,
    subject: str | None = None,
    key: str | None = None,
    after: str | None = None,
    limit: int | None = 100,
) -> list[Job]:
    """Jobs in order of creation, those created after the one with id ``after``; at most ``limit``."""
    found = select(job).order_by(job.c.created_at, job.c.id).limit(limit)
    for column, value in ((job.c.state, state), (job.c.subject, subject), (job.c.key, key)):
        if value is not None:
            found = found.where(column == value)
    if after is not None:
        last = get(s, after)
        if last is None:
            return []
        later = (job.c.created_at == last.created_at) & (job.c.id > last.id)
        found = found.where((job.c.created_at > last.created_at) | later)
    return [_job(row) for row in s.execute(found)]


def newest(s: Session, key: str) -> Job | None:
    """The job with this key of which is still to be seen what comes of it; else the one that ended last."""
    latest = job.c.finished_at.is_(None).desc(), job.c.finished_at.desc(), job.c.created_at.desc(), job.c.id.desc()
    row = s.execute(select(job).where(job.c.key == key).order_by(*latest).limit(1)).one_or_none()
    return None if row is None else _job(row)


def counts(s: Session) -> dict[JobState, int]:
    """How many jobs there are in each state that any is in."""
    return {row[0]: row[1] for row in s.execute(select(job.c.state, func.count()).group_by(job.c.state))}


def _claimable(now: datetime, due_by: datetime, kinds: Collection[str] | None) -> Select[tuple[str]]:
    other = job.alias("other")
    beside = exists().where(other.c.key == job.c.key, other.c.state == "running", other.c.lease_until > now)
    found = (
        select(job.c.id)
        .where(job.c.state == "queued", job.c.run_after <= due_by, ~beside)
        .order_by(job.c.run_after, job.c.created_at, job.c.id)
    )
    return found if kinds is None else found.where(job.c.kind.in_(sorted(kinds)))


def _waits(key: str) -> Select[tuple[bool]]:
    return select(exists().where(job.c.key == key, job.c.state == "queued"))


def _give_back(s: Session, given: Job, error: str, now: datetime) -> bool:
    told: dict[str, Any] = {"lease_until": None, "error": error[:ERROR_LENGTH]}
    if s.scalar(_waits(given.key)):
        told |= {"state": "cancelled", "finished_at": now}
    elif given.attempt >= given.max_attempts:
        told |= {"state": "parked", "finished_at": now}
    else:
        pause = min(FIRST_BACKOFF * 2 ** (given.attempt - 1), LONGEST_BACKOFF)
        told |= {"state": "queued", "worker": None, "run_after": now + pause}
    return _changed(s, _held(given.id, given.attempt).values(**told))


def _held(job_id: str, attempt: int) -> Update:
    return update(job).where(job.c.id == job_id, job.c.attempt == attempt, job.c.state == "running")


def _locked(found: Select[Any]) -> Select[Any]:
    return found.with_for_update()


def _changed(s: Session, changing: Update) -> bool:
    return s.execute(changing.returning(job.c.id)).one_or_none() is not None


def _job(row: Row[Any]) -> Job:
    return Job(**{field.name: getattr(row, field.name) for field in fields(Job)})
