"""One transaction's acts: revisions as they are made; at its end the checks they call for, and last the changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.lifecycle import OPEN
from registry.core.model import GroundLevel, Identified
from registry.services.policy import widest
from registry.store import changes, jobs, near, objects
from registry.store.rows import Change, Head, Job

#: Of how many objects the neighbours are looked for at once.
_AT_ONCE = 5000

#: The kind of job that checks an application.
CHECK = "check"


def check_key(application_id: str) -> str:
    """Of jobs with this key at most one waits: a check that has not begun will see all there is by then."""
    return f"{CHECK}:{application_id}"


#: The kind of job that has every open application checked when a ruleset begins to hold.
TAKE_EFFECT = "take_effect"


#: The kind of job that tells what a version of policy would change.
WHATIF = "whatif"


class Writing:
    """What one act of one actor writes. ``close`` comes last, when nothing else is to be written."""

    def __init__(self, session: Session, actor: Actor, now: datetime):
        self.session = session
        self.actor = actor
        self.now = now
        self._changes: list[Change] = []
        self._asked: dict[str, None] = {}
        self._effects: list[tuple[str, datetime]] = []

    def revise(
        self,
        value: Identified,
        state: str,
        action: str,
        *,
        reason: str | None = None,
        document: str | None = None,
        extra: Mapping[str, object] | None = None,
        due_on: date | None = None,
        told: Sequence[str] = (),
        detail: Mapping[str, object] | None = None,
    ) -> Head:
        """Write the next revision of an object, and remember the change to be told."""
        head = objects.revise(
            self.session,
            value,
            state=state,
            action=action,
            actor=self.actor,
            now=self.now,
            reason=reason,
            document=document,
            extra=dict(extra) if extra else None,
            due_on=due_on,
        )
        self.tell(head.kind, head.id, head.number, action, told, {"state": state, **(detail or {})})
        return head

    def revise_all(self, values: Sequence[Identified], state: str, action: str, extra: Mapping[str, object]) -> None:
        """The same for many at once, each named once."""
        made = objects.revise_all(
            self.session, values, state=state, action=action, actor=self.actor, now=self.now, extra=dict(extra)
        )
        for head in made:
            self.tell(head.kind, head.id, head.number, action, detail={"state": state})

    def tell(
        self,
        kind: str,
        id_: str,
        number: int | None,
        action: str,
        told: Iterable[str] = (),
        detail: Mapping[str, object] | None = None,
    ) -> None:
        """Remember a change. ``told`` are the organisations it is meant for, besides whoever reads the feed."""
        names = tuple(sorted({name for name in told if name}))
        self._changes.append(
            Change(kind, id_, number, action, self.actor.name, self.actor.organisation, self.now, names,
                   dict(detail or {}))
        )  # fmt: skip

    def touch(self, values: Sequence[Identified]) -> None:
        """Ask for a check of every open application that any of these may matter to, as they were or now are; of an
        option of a plan, whatever another option of it may matter to."""
        reach, ground = widest(self.session)
        levels = [value for value in values if isinstance(value, GroundLevel)]
        others: list[Identified] = [value for value in values if not isinstance(value, GroundLevel)]
        plans = near.alternatives(self.session, others) - {(value.kind, value.id) for value in others}
        others += [head.value for head in objects.by_names(self.session, plans)]
        for group, within in ((others, reach), (levels, reach + ground)):
            for k in range(0, len(group), _AT_ONCE):
                for id_ in near.touched_by_any(self.session, group[k : k + _AT_ONCE], within):
                    self.ask(id_)

    def ask(self, application_id: str) -> None:
        """Ask for a check of an application."""
        self._asked[application_id] = None

    def ask_all(self) -> None:
        """Ask for a check of every open application."""
        for head in objects.heads(self.session, "application", state=OPEN, limit=None):
            self.ask(head.id)

    def ask_all_at(self, ruleset: str, moment: datetime) -> None:
        """The same at a later moment, when a ruleset begins to hold."""
        self._effects.append((ruleset, moment))

    def close(self) -> dict[str, str]:
        """Write the checks asked for and, last, the changes. Gives the jobs, by application."""
        asked = {id_: jobs.enqueue(self.session, CHECK, id_, check_key(id_), self.now) for id_ in sorted(self._asked)}
        for ruleset, moment in self._effects:
            key = f"{TAKE_EFFECT}:{ruleset}"
            jobs.enqueue(self.session, TAKE_EFFECT, ruleset, key, self.now, run_after=moment)
        if self._changes:
            changes.append_all(self.session, self._changes)
        return asked


def newest_job(session: Session, application_id: str) -> Job | None:
    """The check of an application that was asked for last: one that is not done yet, or the one that ended last."""
    return jobs.newest(session, check_key(application_id))


def newest_check(session: Session, application_id: str) -> str | None:
    """The id of that."""
    job = newest_job(session, application_id)
    return job.id if job is not None else None
