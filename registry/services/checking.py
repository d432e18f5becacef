"""Checking an application: a snapshot is read, judged with no transaction open, and written in a short one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.errors import Refused
from registry.core.lifecycle import OPEN, next_state
from registry.core.model import Application, content_sha256
from registry.core.policy import Ruleset
from registry.core.verdict import Verdict, judge
from registry.db import Database
from registry.services.days import day_of
from registry.services.lives import require_head
from registry.services.locking import application_key
from registry.services.policy import require_in_force
from registry.services.steps import stated
from registry.services.writing import Writing
from registry.store import locks, objects, verdicts
from registry.store.near import around
from registry.store.rows import Around, BasisRow, Head

#: Who checks: the register itself. No person has a role for that; of the roles there are, this one decides nothing.
CHECKER: Final = Actor("register", "register", "administrator")


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check. ``current``: the verdict is the one that now stands for the application. It is not where
    something near changed meanwhile (then another check was asked for, ``again``), where the application is no longer
    open (``sha256`` is ``None`` then), or where the job had passed to another worker (``fenced``)."""

    application: str
    sha256: str | None
    outcome: str | None
    current: bool
    fenced: bool = False
    again: str | None = None


#: Finishes the job in the transaction that writes the verdict; false when the job is no longer this worker's.
Finish = Callable[[Session, dict[str, object]], bool]


@dataclass(frozen=True, slots=True)
class Read:
    """All that a verdict follows from, as it was at one moment. From two that are equal the same verdict follows."""

    application: Application
    ruleset: Ruleset
    around: Around

    def same_as(self, other: Read) -> bool:
        """Whether the same verdict follows; revisions that state the same are no difference."""
        return (
            self.ruleset.sha256 == other.ruleset.sha256
            and self.application == other.application
            and self.around.objects == other.around.objects
        )


class _Fenced(Exception):
    """The job is another worker's by now: nothing is written."""


def read_for(session: Session, head: Head, now: datetime) -> Read:
    """What a verdict on an application follows from. Raises ``Refused`` where no ruleset is in force for it."""
    ruleset = require_in_force(session, day_of(now), day_of(head.created_at))
    return Read(stated(head), ruleset, around(session, stated(head), ruleset))


def check(
    db: Database,
    application_id: str,
    now: datetime,
    *,
    finish: Finish | None = None,
    job_id: str | None = None,
) -> Checked:
    """Judge an application by the ruleset in force for it, against all that is near, and write the verdict.

    Exactly one verdict is kept per basis. Raises ``Refused`` where there can be no verdict: no ruleset is in force
    (``wrong_state``), or the core refused to judge (``too_complex``, ``invalid_ruleset``). The application then stays
    in state checking, with no verdict.
    """
    if not _started(db, application_id, now):
        return _nothing_to_do(db, application_id, finish)
    read: Read | None = None
    try:
        with db.read() as session:
            head = require_head(session, "application", application_id)
            read = read_for(session, head, now)
        verdict = judge(read.application, read.around.objects, read.ruleset)
    except Refused:
        _without_verdict(db, application_id, read, now)
        raise
    checked = read

    def write(session: Session) -> Checked:
        locks.take(session, [application_key(application_id)])
        done = _written(session, head, checked, verdict, now, job_id)
        if finish is not None and not finish(session, _result(done)):
            raise _Fenced
        return done

    try:
        return db.run(write)
    except _Fenced:
        return Checked(application_id, verdict.sha256, verdict.outcome, False, fenced=True)


def what_if(db: Database, application: Application, now: datetime, *, ruleset: Ruleset | None = None) -> Verdict:
    """The verdict on an application that is not filed (or on another version of one that is); writes nothing.

    By the ruleset in force today unless another is given. Raises ``Refused`` as ``check`` does.
    """
    with db.read() as session:
        rules = ruleset or require_in_force(session, day_of(now))
        found = around(session, application, rules)
    return judge(application, found.objects, rules)


def save_verdict(session: Session, head: Head, read: Read, verdict: Verdict, now: datetime, job_id: str | None) -> int:
    """Keep a verdict with the revisions it rests on; the one that is there already where it is the same."""
    revisions = read.around.revisions
    row = verdicts.add(
        session,
        application_id=head.id,
        application_number=head.number,
        sha256=verdict.sha256,
        ruleset=(read.ruleset.id, read.ruleset.version, read.ruleset.sha256),
        outcome=verdict.outcome,
        document=verdict.document,
        basis=[
            BasisRow(item.kind, item.id, content_sha256(item), revisions[(item.kind, item.id)])
            for item in verdict.basis
        ],
        judged_at=now,
        job_id=job_id,
    )
    return row.id


def _started(db: Database, application_id: str, now: datetime) -> bool:
    """Say that an application is being checked, where that is new; false where there is nothing to check."""

    def write(session: Session) -> bool:
        locks.take(session, [application_key(application_id)])
        head = objects.head(session, "application", application_id)
        if head is None or head.state not in OPEN:
            return False
        if head.state == "received":
            _revised(session, head, "start_check", now)
        return True

    with db.read() as session:
        head = objects.head(session, "application", application_id)
    if head is not None and head.state in OPEN and head.state != "received":
        return True
    return db.run(write)


def _without_verdict(db: Database, application_id: str, read: Read | None, now: datetime) -> None:
    """There can be no verdict: one that was there before stands no longer. Unless what was read has changed since."""

    def write(session: Session) -> None:
        locks.take(session, [application_key(application_id)])
        head = objects.head(session, "application", application_id)
        if head is None or head.state not in OPEN:
            return
        try:
            found = read_for(session, head, now)
            changed = read is None or not found.same_as(read)
        except Refused:
            changed = False
        if changed:
            writing = Writing(session, CHECKER, now)
            writing.ask(application_id)
            writing.close()
            return
        objects.set_verdict(session, application_id, None)
        if head.state == "checked":
            _revised(session, head, "start_check", now)

    db.run(write)


def _written(session: Session, seen: Head, read: Read, verdict: Verdict, now: datetime, job_id: str | None) -> Checked:
    head = require_head(session, "application", seen.id)
    if head.state not in OPEN:
        return Checked(head.id, None, None, False)
    verdict_id = save_verdict(session, seen, read, verdict, now, job_id)
    try:
        same = read_for(session, head, now).same_as(read)
    except Refused:
        same = False
    if not same:
        # What changed it has asked for a check as well; asking here keeps that from hanging on the order of commits.
        writing = Writing(session, CHECKER, now)
        writing.ask(head.id)
        return Checked(head.id, verdict.sha256, verdict.outcome, False, again=writing.close()[head.id])
    before = head.verdict_id
    objects.set_verdict(session, head.id, verdict_id)
    detail: dict[str, object] = {"verdict": verdict.sha256, "outcome": verdict.outcome}
    state = next_state("application", "finish_check", head.state)
    if state != head.state:
        _revised(session, head, "finish_check", now, detail)
    elif before != verdict_id:
        writing = Writing(session, CHECKER, now)
        writing.tell("application", head.id, head.number, "finish_check", [head.holder or ""], detail)
        writing.close()
    return Checked(head.id, verdict.sha256, verdict.outcome, True)


def _revised(session: Session, head: Head, action: str, now: datetime, detail: dict[str, object] | None = None) -> None:
    writing = Writing(session, CHECKER, now)
    state = next_state("application", action, head.state)
    writing.revise(stated(head), state, action, due_on=head.due_on, told=[head.holder or ""], detail=detail)
    writing.close()


def _nothing_to_do(db: Database, application_id: str, finish: Finish | None) -> Checked:
    done = Checked(application_id, None, None, False)

    def write(session: Session) -> bool:
        return finish is None or finish(session, _result(done))

    return done if db.run(write) else Checked(application_id, None, None, False, fenced=True)


def _result(done: Checked) -> dict[str, object]:
    found = {"verdict": done.sha256, "outcome": done.outcome, "current": done.current, "again": done.again}
    return {name: value for name, value in found.items() if value is not None}
