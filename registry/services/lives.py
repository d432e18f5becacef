"""Steps every act on an object takes: who may, does it exist, whose is it, which version, may it in this state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from sqlalchemy.orm import Session

from registry.core.lifecycle import HELD, RIVAL
from registry.core.model import Application
from registry.core.term import Clock, ClockEvent, clock_of
from registry.services.days import day_of
from registry.services.refusals import not_found
from registry.store import objects
from registry.store.rows import Head, Revision

ClockKind = Literal["received", "paused", "resumed", "extended"]

#: What each act means for the term.
_CLOCK: Final[Mapping[str, ClockKind]] = {
    "file": "received",
    "request_data": "paused",
    "supply_data": "resumed",
    "extend": "extended",
}


def require_head(session: Session, kind: str, id_: str) -> Head:
    """The object as it stands. Raises ``Refused`` (``not_found``)."""
    head = objects.head(session, kind, id_)
    if head is None:
        raise not_found(kind, id_)
    return head


def standing(state: str) -> Literal["granted", "open"] | None:
    """As what others meet an application's parts in this state: ``granted``, ``open`` or, ``None``, not at all."""
    return "granted" if state in HELD else "open" if state in RIVAL else None


def events_of(revisions: Sequence[Revision]) -> list[ClockEvent]:
    """What the acts on an application, in their order, mean for its term."""
    return [
        ClockEvent(_CLOCK[revision.action], day_of(revision.recorded_at))
        for revision in revisions
        if revision.action in _CLOCK
    ]


def clock_after(session: Session, application: Application, events: Sequence[ClockEvent] = ()) -> Clock:
    """The term of an application with what is stored of it and these ``events`` after that.

    Raises ``Refused`` (``wrong_state``) where they are not possible.
    """
    stored = events_of(objects.history(session, "application", application.id))
    return clock_of([*stored, *events], application.regime)


def filed_as_new(session: Session, head: Head) -> bool:
    """Whether an object still states what it was first filed as: filing the same again is then the same act."""
    return objects.history(session, head.kind, head.id)[0].sha256 == head.sha256
