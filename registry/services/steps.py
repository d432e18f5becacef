"""One act on an application that is there: its next state, under the locks of all that it may matter to."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from registry.core.cells import LockKey
from registry.core.errors import Problem, Refused
from registry.core.lifecycle import OPEN, next_state, require_role
from registry.core.model import Application
from registry.core.term import ClockEvent
from registry.db import Database
from registry.services.acts import Act, repeated
from registry.services.days import day_of
from registry.services.lives import ClockKind, clock_after, require_head, standing
from registry.services.locking import application_keys, locked, reservation_keys, world_key
from registry.services.policy import widest_reach
from registry.services.refusals import require_own, require_version
from registry.services.relieving import impaired_by, relieve
from registry.services.saved import Saved
from registry.services.writing import Writing, newest_check
from registry.store.rows import Head

#: Prolonging the term changes no state: the table of transitions does not have it.
PROLONG = "extend"


def stated(head: Head) -> Application:
    """What an application states."""
    assert isinstance(head.value, Application)
    return head.value


def step(
    db: Database,
    id_: str,
    act: Act,
    build: Callable[[Head], Application] = stated,
    *,
    own: bool = False,
    check: bool = False,
    clock: ClockKind | None = None,
    besides: Callable[[Writing, Application], None] | None = None,
    world: bool = False,
) -> Saved:
    """Do ``act``; ``build`` gives what the application states afterwards, and may refuse.

    ``own``: only on applications of the actor's organisation. ``check``: it is to be checked afterwards. ``clock``:
    what the act means for its term. ``besides`` writes what else the act brings about, holding the lock of the whole
    ``world`` where it needs that. An act that was done already is answered as it was, and not done again
    (``repeated``).
    """
    if act.action == PROLONG:
        require_role("application", "request_data", act.actor.role)
    else:
        require_role("application", act.action, act.actor.role)

    def done(session: Session) -> Saved | None:
        head = repeated(session, "application", id_, act, build)
        return None if head is None else Saved(head, job_id=newest_check(session, id_) if check else None)

    with db.read() as session:
        if (again := done(session)) is not None:
            return again
        _, _, asked = _judged(session, id_, act, build, own)

    def keys(session: Session) -> Iterable[LockKey]:
        reach = widest_reach(session)
        wanted = application_keys(stated(require_head(session, "application", id_)), reach)
        impaired = reservation_keys(session, [one for one, _ in impaired_by(session, id_)], reach)
        return [*wanted, *application_keys(asked, reach), *impaired, *([world_key(shared=False)] if world else [])]

    def write(session: Session) -> Saved:
        if (again := done(session)) is not None:
            return again
        head, state, value = _judged(session, id_, act, build, own)
        writing = Writing(session, act.actor, act.now)
        due_on = head.due_on
        if standing(state) != "open":
            due_on = None
        elif clock is not None:
            due_on = clock_after(session, value, [ClockEvent(clock, day_of(act.now))]).due_on
        saved = writing.revise(
            value, state, act.action, reason=act.reason, document=act.document, due_on=due_on, extra=act.extra
        )
        if besides is not None:
            besides(writing, value)
        if standing(head.state) == "granted" and standing(state) != "granted" and state != "as_built":
            relieve(writing, id_)
        if value != head.value or standing(state) != standing(head.state):
            writing.touch([stated(head), value])
        if check:
            writing.ask(id_)
        jobs = writing.close()
        return Saved(saved, False, jobs.get(id_), tuple(jobs.values()))

    return locked(db, keys, write)


def _judged(
    session: Session, id_: str, act: Act, build: Callable[[Head], Application], own: bool
) -> tuple[Head, str, Application]:
    """The application as it stands, and its state and content after the act. Raises ``Refused``."""
    head = require_head(session, "application", id_)
    if own:
        require_own(act.actor, head.holder, f"application {id_}")
    require_version(head, act.expected)
    if act.action != PROLONG:
        return head, next_state("application", act.action, head.state), build(head)
    if head.state not in OPEN:
        detail = f"the term of an application that is {head.state} is over"
        raise Refused(Problem("wrong_state", detail, "There is nothing to extend.", "state", head.state))
    return head, head.state, build(head)
