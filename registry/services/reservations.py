"""Reservations: filed and accepted by their holder, kept alive, given up in part or whole.

A manager acts on reservations of the own organisation only; an administrator may accept any. Every function raises
``Refused``: ``not_allowed_for_role``, ``not_yours``, ``not_found``, ``wrong_state``, ``version_missing`` (the object is
there and no version was named), ``version_mismatch`` (another version was named than the one that stands).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from registry.core.model import Period, Reservation, Strength
from registry.services.actors import Actor
from registry.services.saved import Saved

if TYPE_CHECKING:
    from registry.db import Database
    from registry.store.rows import Head, Revision


@dataclass(frozen=True, slots=True)
class Settled:
    """How a clash with another reservation is settled: by agreement of both holders, or, for a crossing, by the duty
    to solve it in design. ``document`` records it; a ``document`` of ``None`` refers to one recorded before."""

    other: str
    reason: str | None = None
    document: str | None = None


def file(
    db: Database,
    reservation: Reservation,
    actor: Actor,
    now: datetime,
    *,
    expected: int | None = None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """File a reservation, or amend the one of this id when ``expected`` names its version.

    The same content again changes nothing and gives the same answer, whatever ``expected`` is.
    """
    raise NotImplementedError


def amend(
    db: Database,
    reservation: Reservation,
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """Replace what a reservation states. One that was accepted is checked again as ``accept`` does (its strength may
    not be raised here), and needs ``reason`` and ``document``."""
    raise NotImplementedError


def accept(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
    agreements: Sequence[Settled] = (),
    duties: Sequence[Settled] = (),
) -> Saved:
    """Accept a filed reservation under the ruleset in force today.

    Of strength planned or decided it may clash with no other such reservation (problems with code ``clash``, one per
    other, ``feature`` naming it) unless ``agreements`` (or, for a crossing, ``duties``) settles it. Holders of search
    areas and options it overlaps are told. Also raises ``not_acceptable`` where no ruleset is in force.
    """
    raise NotImplementedError


def extend(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    review_date: str | None = None,
    period: Period | None = None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """Give a live reservation a later review date or another period; checked again as ``accept`` does."""
    raise NotImplementedError


def release(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """Give the space of an accepted reservation free. Needs a reason and a document."""
    raise NotImplementedError


def release_part(
    db: Database,
    id: str,  # noqa: A002
    remaining: Reservation,
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """Keep only ``remaining`` of an accepted reservation: the same but for its geometry, checked again."""
    raise NotImplementedError


def raise_strength(
    db: Database,
    id: str,  # noqa: A002
    strength: Strength,
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
    agreements: Sequence[Settled] = (),
    duties: Sequence[Settled] = (),
) -> Saved:
    """Raise the strength of an accepted reservation; checked as ``accept`` does."""
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
    """Take back a reservation that was not accepted yet."""
    raise NotImplementedError


def get(db: Database, id: str) -> Head:  # noqa: A002
    """The reservation as it stands. Raises ``Refused`` (``not_found``)."""
    raise NotImplementedError


def listed(
    db: Database,
    *,
    state: str | None = None,
    holder: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> list[Head]:
    """Reservations by id, at most ``limit``, beginning after the id ``after``."""
    raise NotImplementedError


def history(db: Database, id: str) -> list[Revision]:  # noqa: A002
    """Every revision, oldest first. Raises ``Refused`` (``not_found``)."""
    raise NotImplementedError
