"""Jobs for tests: a clock that is set, an application that can be checked, handlers that tell what they are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from registry.core.model import Application
from registry.db import Database
from registry.formats.exchange import read_files
from registry.formats.ruleset_yaml import load_ruleset
from registry.services import applications, rulesets
from registry.services.actors import Actor
from registry.store import jobs
from registry.store.rows import Job
from registry.tables import verdict

ROOT = Path(__file__).resolve().parents[2]
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class SetClock:
    """The moment it is, until it is told another."""

    moment: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.moment

    def later(self, by: timedelta) -> None:
        self.moment += by


def now() -> datetime:
    """The moment it is."""
    return datetime.now(UTC)


def asked(db: Database, subject: str, at: datetime, kind: str = "check", max_attempts: int = 5) -> str:
    """A job of its own, not caused by anything."""
    return db.run(
        lambda session: jobs.enqueue(session, kind, subject, f"{kind}:{subject}", at, max_attempts=max_attempts)
    )


def job(db: Database, job_id: str) -> Job:
    """A job as it stands."""
    with db.read() as session:
        found = jobs.get(session, job_id)
    assert found is not None
    return found


def application() -> Application:
    """The sewer of the example street."""
    found = read_files([ROOT / "examples/flagship/sewer-0.40.geojson"])[0].application
    assert found is not None
    return found


def in_force(db: Database, at: datetime | None = None) -> None:
    """Publish a ruleset that is in force at any time."""
    at = at or now()
    text = (ROOT / "examples/rulesets/cautious.yaml").read_text(encoding="utf-8")
    text = text.replace("effective_from: 2027-01-01", "effective_from: 2020-01-01")
    ruleset = load_ruleset(text)
    writer, publisher = (Actor(name, "Gemeente", "policy_officer") for name in ("ink", "stamp"))
    rulesets.store(db, ruleset, text, writer, at)
    rulesets.publish(db, ruleset.id, ruleset.version, publisher, at)


def filed(db: Database, at: datetime | None = None) -> str:
    """The id of the job that is to check an application, filed under a ruleset that is in force."""
    at = at or now()
    in_force(db, at)
    asked_for = application()
    saved = applications.file(db, asked_for, Actor("desk", asked_for.applicant, "operator"), at)
    assert saved.job_id is not None
    return saved.job_id


def verdicts_of(db: Database, application_id: str) -> list[str]:
    """The hashes of all verdicts that were ever kept for an application."""
    with db.read() as session:
        found = select(verdict.c.sha256).where(verdict.c.application_id == application_id).order_by(verdict.c.id)
        return list(session.scalars(found))


def done(db: Database, job_id: str) -> bool:
    """Whether a job is done; one that was set aside fails the test at once."""
    found = job(db, job_id)
    assert found.state not in ("parked", "cancelled"), found.error
    return found.state == "done"
