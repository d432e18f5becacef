"""What must hold of a register when nothing is going on in it, whatever died there before."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.db import Database
from registry.store import changes, jobs, objects
from registry.store.verify import index_equals_rows
from registry.tables import change, revision, verdict, verdict_basis


def still(db: Database) -> bool:
    """Whether no job waits or is being done."""
    with db.read() as session:
        counts = jobs.counts(session)
    return not counts.get("queued", 0) and not counts.get("running", 0)


def faults(db: Database) -> list[str]:
    """What does not hold, in words; nothing when all is as it should be."""
    with db.read() as session:
        return [
            *index_equals_rows(session), *_jobs(session), *_feed(session), *_verdicts(session), *_applications(session),
        ]  # fmt: skip


def _jobs(s: Session) -> list[str]:
    """Every job is done or set aside; one was cancelled only where another did its work."""
    listed = jobs.list_jobs(s, limit=None)
    did = {job.key: job.created_at for job in listed if job.state in ("done", "parked")}
    told = []
    for job in listed:
        if job.state == "cancelled" and did.get(job.key, job.created_at) > job.created_at:
            continue
        if job.state not in ("done", "parked"):
            told.append(f"job {job.id} of {job.subject} is {job.state}")
    return told


def _feed(s: Session) -> list[str]:
    """Changes are numbered without gaps, and tell of each revision."""
    found = changes.since(s, 0, limit=1_000_000)
    told = [] if [one.seq for one in found] == list(range(1, len(found) + 1)) else ["the feed has gaps"]
    of_revisions = select(revision.c.kind, revision.c.object_id, revision.c.number, revision.c.action)
    of_changes = select(change.c.kind, change.c.object_id, change.c.number, change.c.action)
    missed = {tuple(row) for row in s.execute(of_revisions)} - {tuple(row) for row in s.execute(of_changes)}
    return [*told, *(f"the feed does not tell of {name}" for name in sorted(missed))]


def _verdicts(s: Session) -> list[str]:
    """No two verdicts of an application rest on the same."""
    rows = s.execute(
        select(verdict, revision.c.content_sha256).join(
            revision,
            (revision.c.kind == "application")
            & (revision.c.object_id == verdict.c.application_id)
            & (revision.c.number == verdict.c.application_number),
        )
    ).all()
    resting: dict[int, set[tuple[str, ...]]] = {row.id: set() for row in rows}
    for row in s.execute(select(verdict_basis)):
        resting[row.verdict_id].add((row.kind, row.object_id, row.sha256))
    bases = Counter(
        (row.application_id, row.content_sha256, row.ruleset_sha256, tuple(sorted(resting[row.id]))) for row in rows
    )
    hashes = Counter((row.application_id, row.sha256) for row in rows)
    return [
        f"{count} verdicts of {name[0]} rest on the same" for found in (bases, hashes)
        for name, count in found.items() if count > 1
    ]  # fmt: skip


def _applications(s: Session) -> list[str]:
    """Each one that was to be checked has its verdict, unless its job was set aside."""
    parked = {job.subject for job in jobs.list_jobs(s, state="parked", limit=None)}
    told = []
    for head in objects.heads(s, "application", limit=None):
        if head.state in ("received", "checking") and head.id not in parked:
            told.append(f"application {head.id} is {head.state}")
        if head.state == "checked" and head.verdict_id is None:
            told.append(f"application {head.id} is checked and has no verdict")
    return told
