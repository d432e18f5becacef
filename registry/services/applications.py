"""Applications: filed by an operator, completed, amended or withdrawn, and the officer's inbox of them.

An operator acts on applications of the own organisation only. Every function raises ``Refused`` as those of
``reservations`` do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from registry.core.findings import Outcome
from registry.core.model import Application
from registry.services.actors import Actor
from registry.services.saved import Saved

if TYPE_CHECKING:
    from registry.core.term import Clock
    from registry.db import Database
    from registry.store.rows import Head, Revision


@dataclass(frozen=True, slots=True)
class InboxItem:
    """An application waiting for the officer. ``clock`` is ``None`` where the regime has no term; ``outcome`` and
    ``verdict_sha256`` are those of the verdict that stands; ``job_state`` that of its newest check."""

    head: Head
    clock: Clock | None
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
    raise NotImplementedError


def amend(db: Database, application: Application, actor: Actor, now: datetime, *, expected: int | None) -> Saved:
    """Replace what an undecided application states, and check it again."""
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


def supply_data(db: Database, application: Application, actor: Actor, now: datetime, *, expected: int | None) -> Saved:
    """Answer a request for data with the application as completed; the clock goes on and a check is asked for."""
    raise NotImplementedError


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
    raise NotImplementedError


def get(db: Database, id: str) -> Head:  # noqa: A002
    """The application as it stands. Raises ``Refused`` (``not_found``)."""
    raise NotImplementedError


def listed(
    db: Database,
    *,
    state: str | None = None,
    holder: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> list[Head]:
    """Applications by id (``holder`` is the applicant), at most ``limit``, beginning after the id ``after``."""
    raise NotImplementedError


def history(db: Database, id: str) -> list[Revision]:  # noqa: A002
    """Every revision, oldest first. Raises ``Refused`` (``not_found``)."""
    raise NotImplementedError


def clock(db: Database, id: str) -> Clock | None:  # noqa: A002
    """The term of an application with its pauses and extension; ``None`` where the regime has none."""
    raise NotImplementedError


def inbox(db: Database, now: datetime) -> list[InboxItem]:
    """Every undecided application, the one due first at the top, those without a term last."""
    raise NotImplementedError
