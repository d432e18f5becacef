"""What each kind of job does: a use case, with what it needs of formats and schemas."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from registry.db import Database
from registry.jobs import Handlers
from registry.services import checking, expiring, rulesets, whatifs
from registry.services.expiring import KEEP_DAYS
from registry.services.writing import CHECK, TAKE_EFFECT, WHATIF
from registry.store.rows import Job
from registry.taken import Finish


def check(db: Database, job: Job, now: datetime, finish: Finish) -> None:
    """Check the application the job is about. Raises ``Refused`` where there can be no verdict."""
    checking.check(db, job.subject, now, finish=finish, job_id=job.id)


def take_effect(db: Database, _job: Job, now: datetime, finish: Finish) -> None:
    """Ask for the check of every open application, for a ruleset begins to hold."""
    rulesets.take_effect(db, now, finish)


def keep_days(db: Database, _job: Job, now: datetime, finish: Finish) -> None:
    """Look at the days of reservations, and ask for that again tomorrow."""
    expiring.keep_days(db, now, finish)


def begin(db: Database, now: datetime) -> None:
    """Ask for what is done each day: to be called by who begins to work, in case that was broken off."""
    expiring.keep_going(db, now)


def what_if(db: Database, job: Job, now: datetime, finish: Finish) -> object:
    """Find out what a version of policy would change, as was asked for."""
    return whatifs.run(db, job.subject, now, finish)


#: By kind of job.
HANDLERS: Final[Handlers] = {CHECK: check, TAKE_EFFECT: take_effect, KEEP_DAYS: keep_days, WHATIF: what_if}
