"""The audit that every other test here ends with sees what is wrong."""

from __future__ import annotations

from sqlalchemy import func, insert, select

from registry.db import Database
from registry.handlers import HANDLERS
from registry.jobs import run_job
from registry.store import verdicts
from registry.tables import change, verdict
from tests.jobs.making import application, filed, now
from tests.whole.audit import faults, still


def test_what_is_not_done(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    job = filed(db)
    assert not still(db)
    assert faults(db) == [f"job {job} of sewer-0.40 is queued", "application sewer-0.40 is received"]
    assert run_job(db, job, HANDLERS, now)
    assert still(db)
    assert faults(db) == []
    db.close()


def test_what_is_missing_or_there_twice(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    run_job(db, filed(db), HANDLERS, now)
    with db.write() as session:
        last = session.execute(select(change).order_by(change.c.seq.desc()).limit(1)).one()
        session.execute(insert(change).values(dict(last._mapping) | {"seq": last.seq + 2}))
        found = session.execute(select(verdict)).one()
        verdicts.add(
            session, application_id=application().id, application_number=1, sha256="0" * 64,
            ruleset=(found.ruleset_id, found.ruleset_version, found.ruleset_sha256), outcome=found.outcome,
            document=found.document, basis=verdicts.basis(session, found.id), judged_at=found.judged_at,
        )  # fmt: skip
        assert session.scalar(select(func.count()).select_from(verdict)) == 2
    assert faults(db) == ["the feed has gaps", "2 verdicts of sewer-0.40 rest on the same"]
    db.close()
