"""Reservations: filed and accepted by their holder, kept alive, given up in part or whole.

A manager acts on reservations of the own organisation only; an administrator may accept any. Every function raises
``Refused``: ``not_allowed_for_role``, ``not_yours``, ``not_found``, ``wrong_state``, ``version_missing`` (the object is
there and no revision was named), ``version_mismatch`` (another revision was named than the one that stands).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.errors import Problem, Refused
from registry.core.lifecycle import NEW, next_state, require_role
from registry.core.model import STRENGTHS, Period, Reservation, Strength, content_sha256
from registry.core.reduced import exceeds
from registry.db import Database
from registry.services.acts import STATED, Act
from registry.services.lives import filed_as_new, require_head
from registry.services.locking import locked, object_key
from registry.services.refusals import require_own, require_reason
from registry.services.reserving import reserve
from registry.services.saved import Saved
from registry.services.settling import Settled
from registry.services.writing import Writing
from registry.store import objects
from registry.store.rows import Head, Revision

__all__ = [
    "Settled",
    "accept",
    "amend",
    "extend",
    "file",
    "get",
    "history",
    "listed",
    "raise_strength",
    "release",
    "release_part",
    "withdraw",
]


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
    require_role("reservation", "file", actor.role)
    require_own(actor, reservation.holder, "this reservation", "holder")
    with db.read() as session:
        there = objects.head(session, "reservation", reservation.id)
        reservation = _as_granted_over(reservation, there)
        if there is not None and there.sha256 == content_sha256(_as_it_lives(session, reservation, there)):
            require_own(actor, there.holder, f"reservation {there.id}")
            return Saved(there, created=filed_as_new(session, there))
    if there is not None:
        return amend(db, reservation, actor, now, expected=expected, reason=reason, document=document)

    def write(session: Session) -> Saved:
        if objects.head(session, "reservation", reservation.id) is not None:
            raise _Meanwhile
        state = next_state("reservation", "file", NEW)
        writing = Writing(session, actor, now)
        head = writing.revise(reservation, state, "file", reason=reason, document=document)
        writing.close()
        return Saved(head, created=True)

    try:
        return locked(db, lambda _: [object_key("reservation", reservation.id)], write)
    except _Meanwhile:
        return file(db, reservation, actor, now, expected=expected, reason=reason, document=document)


def amend(
    db: Database,
    reservation: Reservation,
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
    agreements: Sequence[Settled] = (),
    duties: Sequence[Settled] = (),
) -> Saved:
    """Replace what a reservation states. One that was accepted is checked again as ``accept`` does (its strength may
    not be raised here), and needs ``reason`` and ``document``; what was agreed of other space no longer counts."""

    def build(head: Head) -> Reservation:
        require_own(actor, reservation.holder, "this reservation", "holder")
        given = _as_granted_over(reservation, head)
        if head.state != "accepted":
            return given
        require_reason(reason, document, "amend an accepted reservation")
        if _rank(reservation.strength) > _rank(_stated(head).strength):
            detail = "amending an accepted reservation does not raise its strength"
            raise Refused(Problem("not_allowed", detail, "Raise its strength.", "strength", reservation.strength))
        return given

    act = Act("amend", actor, now, expected, reason, document)
    return reserve(db, reservation.id, act, build, agreements=agreements, duties=duties)


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
    return reserve(
        db, id, Act("accept", actor, now, expected, reason, document), _stated, agreements=agreements, duties=duties
    )


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

    def build(head: Head) -> Reservation:
        stated = _stated(head)
        require_reason(reason, document, "extend a reservation")
        if review_date is None and period is None:
            remedy = "Give `review_date` or `period`."
            raise Refused(Problem("missing", "nothing is extended", remedy, "review_date"))
        if review_date is not None and stated.review_date is not None and review_date < stated.review_date:
            remedy = f"Give {stated.review_date} or later."
            raise Refused(Problem("invalid_period", "this is an earlier review", remedy, "review_date", review_date))
        return replace(stated, review_date=review_date or stated.review_date, period=period or stated.period)

    return reserve(db, id, Act("extend", actor, now, expected, reason, document), build)


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

    def build(head: Head) -> Reservation:
        require_reason(reason, document, "release a reservation")
        return _stated(head)

    return reserve(db, id, Act("release", actor, now, expected, reason, document), build)


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
    agreements: Sequence[Settled] = (),
    duties: Sequence[Settled] = (),
) -> Saved:
    """Keep only ``remaining`` of an accepted reservation: the same but for its geometry, which lies inside the former
    one as far as that can be told (``exceeds``). It is checked again as ``accept`` does; what was agreed of more space
    no longer counts."""
    told: dict[str, bool] = {}

    def build(head: Head) -> Reservation:
        require_reason(reason, document, "release part of a reservation")
        stated = _stated(head)
        remains = _as_granted_over(remaining, head)
        if replace(stated, geometry=remains.geometry) != remains:
            detail = "what remains differs from the reservation in more than its geometry"
            raise Refused(Problem("not_allowed", detail, "Amend it for the rest.", "remaining"))
        if head.sha256 not in told:  # not once more under the locks
            told[head.sha256] = exceeds(remaining, stated)
        if told[head.sha256]:
            detail, remedy = "what remains lies partly outside the reservation", "Keep to its space, or amend it."
            raise Refused(Problem("not_allowed", detail, remedy, "remaining.geometry"))
        return remains

    act = Act("release_part", actor, now, expected, reason, document)
    return reserve(db, id, act, build, agreements=agreements, duties=duties)


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

    def build(head: Head) -> Reservation:
        require_reason(reason, document, "raise the strength of a reservation")
        stated = _stated(head)
        if _rank(strength) <= _rank(stated.strength):
            detail = f"the reservation is {stated.strength} already"
            raise Refused(Problem("not_allowed", detail, "Name a higher strength.", "strength", strength))
        return replace(stated, strength=strength)

    return reserve(
        db,
        id,
        Act("raise_strength", actor, now, expected, reason, document),
        build,
        agreements=agreements,
        duties=duties,
    )


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
    return reserve(db, id, Act("withdraw", actor, now, expected, reason, document), _stated)


def get(db: Database, id: str) -> Head:  # noqa: A002
    """The reservation as it stands. Raises ``Refused`` (``not_found``)."""
    with db.read() as session:
        return require_head(session, "reservation", id)


def listed(
    db: Database,
    *,
    state: str | None = None,
    holder: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> list[Head]:
    """Reservations by id, at most ``limit``, beginning after the id ``after``."""
    with db.read() as session:
        return objects.heads(session, "reservation", state=state, holder=holder, after=after, limit=limit)


def history(db: Database, id: str) -> list[Revision]:  # noqa: A002
    """Every revision, oldest first. Raises ``Refused`` (``not_found``)."""
    with db.read() as session:
        require_head(session, "reservation", id)
        return objects.history(session, "reservation", id)


class _Meanwhile(Exception):
    """Another client filed it first."""


def _as_granted_over(reservation: Reservation, head: Head | None) -> Reservation:
    """What a holder states, with what the register knows of decisions that granted over it. Raises ``Refused``
    (``not_allowed``) where these are stated otherwise: they may be left out."""
    known = () if head is None else _stated(head).impaired_by
    if reservation.impaired_by and set(reservation.impaired_by) != set(known):
        detail, remedy = "what was granted over it follows from decisions", "Leave it out."
        raise Refused(Problem("not_allowed", detail, remedy, "properties.impaired_by", feature=reservation.id))
    return replace(reservation, impaired_by=known)


def _as_it_lives(session: Session, reservation: Reservation, head: Head) -> Reservation:
    """What a holder states, with the days that the register set where it states none: then it is the same again."""
    known = _stated(head)
    if not any(STATED in (one.extra or {}) for one in objects.history(session, "reservation", head.id)):
        return reservation
    period, until = reservation.period, known.period
    if until is not None and (period is None or period.end is None):
        period = replace(until, start=None if period is None else period.start)
    return replace(reservation, review_date=reservation.review_date or known.review_date, period=period)


def _stated(head: Head) -> Reservation:
    assert isinstance(head.value, Reservation)
    return head.value


def _rank(strength: str) -> int:
    return STRENGTHS.index(strength)
