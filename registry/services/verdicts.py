"""Verdicts as they were given, with all they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from registry.core.lifecycle import OPEN
from registry.core.model import Application, Asset, GroundLevel, Object, Reservation, Zone, content_sha256
from registry.core.policy import Ruleset
from registry.core.restored import restored
from registry.core.verdict import Verdict
from registry.core.works import works_of
from registry.db import Database
from registry.services.lives import require_head
from registry.services.policy import parsed
from registry.services.refusals import not_found
from registry.services.writing import newest_job
from registry.store import objects, rulesets, verdicts
from registry.store.rows import BasisRow, VerdictRow

#: How far a newer check is of an application whose verdict stands: it waits, is being made, or was set aside.
Renewal = Literal["queued", "running", "parked"]


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """A verdict and when it was reached. ``current``: it is the one that stands for the application, and no newer check
    of that was set aside. ``renewal``: something near changed since, and the check of that is so far.

    ``application_number`` is the revision it judged; ``verdict.basis`` holds the objects as they were then, so that
    ``formats.bundle.write_bundle(application, ruleset, verdict)`` gives the full bundle.
    """

    verdict: Verdict
    application: Application
    application_number: int
    ruleset: Ruleset
    judged_at: datetime
    job_id: str | None
    current: bool
    renewal: Renewal | None = None


def get(db: Database, sha256: str) -> StoredVerdict:
    """The verdict with this hash. Raises ``Refused`` (``not_found``)."""
    with db.read() as session:
        row = verdicts.by_sha(session, sha256)
        if row is None:
            raise not_found("verdict", sha256)
        return _whole(session, row)


def standing(db: Database, application_id: str) -> StoredVerdict | None:
    """The verdict that stands for an application; ``None`` where it has none. It is not ``current`` where a newer check
    was set aside."""
    with db.read() as session:
        head = require_head(session, "application", application_id)
        row = verdicts.by_id(session, head.verdict_id) if head.verdict_id is not None else None
        return _whole(session, row) if row is not None else None


def of_application(db: Database, application_id: str) -> list[StoredVerdict]:
    """Every verdict on an application, oldest first."""
    with db.read() as session:
        require_head(session, "application", application_id)
        return [_whole(session, row) for row in verdicts.listed(session, application_id)]


def earlier(db: Database, application_id: str) -> list[VerdictRow]:
    """The verdicts on an application that stand no more, the newest first, without what they rest on."""
    with db.read() as session:
        head = require_head(session, "application", application_id)
        return [row for row in reversed(verdicts.listed(session, application_id)) if row.id != head.verdict_id]


def _whole(session: Session, row: VerdictRow) -> StoredVerdict:
    revision = objects.revision_of(session, "application", row.application_id, row.application_number)
    ruleset = rulesets.get(session, row.ruleset_id, row.ruleset_version)
    head = require_head(session, "application", row.application_id)
    assert revision is not None
    assert ruleset is not None
    assert isinstance(revision.value, Application)
    stands = head.verdict_id == row.id
    renewal = _renewal(session, head.id) if stands and head.state in OPEN else None
    basis = [then(session, item) for item in verdicts.basis(session, row.id)]
    verdict = restored(revision.value, basis, row.document, row.sha256)
    return StoredVerdict(
        verdict,
        revision.value,
        row.application_number,
        parsed(ruleset),
        row.judged_at,
        row.job_id,
        stands and renewal != "parked",
        renewal,
    )


def _renewal(session: Session, application_id: str) -> Renewal | None:
    """Of the check asked for last: any that is not done came after the one that gave the verdict."""
    job = newest_job(session, application_id)
    return job.state if job is not None and job.state in ("queued", "running", "parked") else None


def then(session: Session, row: BasisRow) -> Object:
    """An object of a basis as it was then. Others' works are parts of what their application stated."""
    value = objects.revision_value(session, row.revision_id)
    if isinstance(value, Application):
        states: tuple[Literal["granted", "open"], ...] = ("granted", "open")
        found = [works for state in states for works in works_of(value, state)]
        return next(works for works in found if works.id == row.id and content_sha256(works) == row.sha256)
    assert isinstance(value, (Reservation, Asset, GroundLevel, Zone))
    return value
