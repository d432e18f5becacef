"""Applications: filed by an operator, completed, amended or withdrawn, and the officer's inbox of them.

An operator acts on applications of the own organisation only. Every function raises ``Refused`` as those of
``reservations`` do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.errors import Problem, Refused
from registry.core.findings import Outcome
from registry.core.lifecycle import NEW, OPEN, next_state, require_role
from registry.core.model import Application, content_sha256
from registry.core.term import Clock, ClockEvent, clock_of
from registry.db import Database
from registry.services.acts import Act
from registry.services.days import day_of
from registry.services.lives import ClockKind, clock_after, filed_as_new, require_head
from registry.services.locking import application_keys, locked
from registry.services.policy import widest_reach
from registry.services.refusals import require_own, require_reason
from registry.services.saved import Saved
from registry.services.steps import stated, step
from registry.services.writing import Writing, newest_check, newest_job
from registry.store import objects, verdicts
from registry.store.rows import Head, Revision


@dataclass(frozen=True, slots=True)
class InboxItem:
    """An application waiting for the officer. ``clock`` is ``None`` where the regime has no term; ``outcome`` and
    ``verdict_sha256`` are those of the verdict that stands, ``job_state`` that of its newest check: where that was set
    aside, it is not known what holds, and there is no outcome."""

    head: Head
    clock: Clock | None
    days_left: int | None
    outcome: Outcome | None
    verdict_sha256: str | None
    job_state: str | None


def file(
    db: Database,
    application: Application,
    actor: Actor,
    now: datetime,
    *,
    expected: int | None = None,
) -> Saved:
    """File an application and ask for its check, in one transaction; or amend the one of this id when ``expected``
    names its version. The same content again changes nothing and gives the same answer (with the newest check)."""
    require_role("application", "file", actor.role)
    require_own(actor, application.applicant, "this application", "application.applicant")
    with db.read() as session:
        there = objects.head(session, "application", application.id)
        if there is not None:
            require_own(actor, there.holder, f"application {there.id}")
            if there.sha256 == content_sha256(application):
                return Saved(there, filed_as_new(session, there), newest_check(session, there.id))
    if there is not None:
        return amend(db, application, actor, now, expected=expected)

    def write(session: Session) -> Saved:
        if objects.head(session, "application", application.id) is not None:
            raise _Meanwhile
        state = next_state("application", "file", NEW)
        due_on = clock_of([ClockEvent("received", day_of(now))], application.regime).due_on
        writing = Writing(session, actor, now)
        head = writing.revise(application, state, "file", due_on=due_on)
        writing.touch([application])
        writing.ask(application.id)
        jobs = writing.close()
        return Saved(head, True, jobs[application.id], tuple(jobs.values()))

    try:
        return locked(db, lambda session: application_keys(application, widest_reach(session)), write)
    except _Meanwhile:
        return file(db, application, actor, now, expected=expected)


def amend(db: Database, application: Application, actor: Actor, now: datetime, *, expected: int | None) -> Saved:
    """Replace what an undecided application states, and check it again."""
    return _restate(db, application, Act("amend", actor, now, expected))


def withdraw(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """Take back an application, or give up what was granted and not begun."""
    return step(db, id, Act("withdraw", actor, now, expected, reason, document), own=True)


def request_data(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """Ask the applicant for what is missing (``reason`` says what); the clock stops."""
    require_reason(reason, document, "ask for data", with_document=False)
    return step(db, id, Act("request_data", actor, now, expected, reason, document), clock="paused")


def supply_data(db: Database, application: Application, actor: Actor, now: datetime, *, expected: int | None) -> Saved:
    """Answer a request for data with the application as completed; the clock goes on and a check is asked for."""
    return _restate(db, application, Act("supply_data", actor, now, expected), clock="resumed")


def extend_term(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """Extend the term once, by what its regime allows (``wrong_regime``, ``wrong_state``)."""
    require_reason(reason, document, "extend the term", with_document=False)
    return step(db, id, Act("extend", actor, now, expected, reason, document), clock="extended")


def get(db: Database, id: str) -> Head:  # noqa: A002
    """The application as it stands. Raises ``Refused`` (``not_found``)."""
    with db.read() as session:
        return require_head(session, "application", id)


def listed(
    db: Database,
    *,
    state: str | None = None,
    holder: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> list[Head]:
    """Applications by id (``holder`` is the applicant), at most ``limit``, beginning after the id ``after``."""
    with db.read() as session:
        return objects.heads(session, "application", state=state, holder=holder, after=after, limit=limit)


def history(db: Database, id: str) -> list[Revision]:  # noqa: A002
    """Every revision, oldest first. Raises ``Refused`` (``not_found``)."""
    with db.read() as session:
        require_head(session, "application", id)
        return objects.history(session, "application", id)


def clock(db: Database, id: str) -> Clock | None:  # noqa: A002
    """The term of an application with its pauses and extension; ``None`` where the regime has none."""
    with db.read() as session:
        found = clock_after(session, stated(require_head(session, "application", id)))
        return found if _has_term(found) else None


def inbox(db: Database, now: datetime) -> list[InboxItem]:
    """Every undecided application, the one due first at the top, those without a term last."""
    with db.read() as session:
        items = [
            _item(session, head, day_of(now)) for head in objects.heads(session, "application", state=OPEN, limit=None)
        ]
    return sorted(items, key=lambda item: (_due(item), item.head.created_at, item.head.id))


class _Meanwhile(Exception):
    """Another client filed it first."""


def _restate(db: Database, application: Application, act: Act, *, clock: ClockKind | None = None) -> Saved:
    """Replace what an application states by ``application``; the same content again is the same act."""
    require_role("application", act.action, act.actor.role)
    require_own(act.actor, application.applicant, "this application", "application.applicant")

    def build(head: Head) -> Application:
        if application.regime != stated(head).regime:
            detail = "an application keeps the regime it was filed under"
            remedy = f"Write {stated(head).regime}, or withdraw it and file another."
            raise Refused(Problem("not_allowed", detail, remedy, "application.regime", application.regime))
        return application

    return step(db, application.id, act, build, own=True, check=True, clock=clock)


def _has_term(clock: Clock) -> bool:
    return clock.due_on is not None or clock.days_paused is not None


def _item(session: Session, head: Head, today: date) -> InboxItem:
    stands = verdicts.by_id(session, head.verdict_id) if head.verdict_id is not None else None
    found = clock_after(session, stated(head))
    job = newest_job(session, head.id)
    if job is not None and job.state == "parked":
        stands = None
    return InboxItem(
        head,
        found if _has_term(found) else None,
        found.days_left(today),
        stands.outcome if stands is not None else None,  # type: ignore[arg-type]
        stands.sha256 if stands is not None else None,
        job.state if job is not None else None,
    )


def _due(item: InboxItem) -> tuple[bool, date]:
    """What is due first; what waits for data after that; what has no term last."""
    due_on = item.head.due_on
    return due_on is None, due_on or date.max
