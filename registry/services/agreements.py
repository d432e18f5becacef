"""Recorded agreements and duties between two objects: two reservations, or two applications."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import uuid4

from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.agreed import agreed_sha256
from registry.core.errors import Problem, Refused, shown
from registry.core.model import Application, Reservation
from registry.db import Database
from registry.services.lives import require_head
from registry.services.locking import application_key, locked, object_key
from registry.services.refusals import require_own, require_reason
from registry.services.writing import Writing
from registry.store import agreements
from registry.store.rows import AgreementRow, Head

#: Whose holders agree.
Agreeing = Reservation | Application


def record(
    db: Database,
    kind: Literal["agreement", "duty"],
    a: tuple[str, str],
    b: tuple[str, str],
    actor: Actor,
    now: datetime,
    *,
    reason: str,
    document: str,
) -> AgreementRow:
    """Record that the holders of ``a`` and ``b`` ((kind, id): reservation or application) agree to a clash between
    them, or have the duty to solve a crossing in design. The officer, or a manager for an own reservation.

    It holds for the space both ask for now, and no longer when one of them asks for another. The same again, by the
    same organisation, is not recorded twice."""
    require_reason(reason, document, f"record an {kind}" if kind == "agreement" else f"record a {kind}")
    if a == b or a[0] != b[0] or a[0] not in ("reservation", "application"):
        remedy = "Name two reservations, or two applications."
        raise Refused(Problem("not_allowed", "these cannot agree", remedy, "b", shown("/".join(b))))

    def write(session: Session) -> AgreementRow:
        heads = [require_head(session, *name) for name in (a, b)]
        _require_party(actor, heads)
        writing = Writing(session, actor, now)
        one, other = (stated(head) for head in heads)
        for row in _of_now(session, one, other):
            if (row.kind, row.reason, row.document, row.organisation) == (kind, reason, document, actor.organisation):
                return row
        made = add(writing, kind, one, other, reason, document)
        writing.tell(*a, None, kind, [head.holder or "" for head in heads], {"with": b[1], "document": document})
        writing.close()
        return made

    keys = [application_key(id_) if of == "application" else object_key(of, id_) for of, id_ in (a, b)]
    return locked(db, lambda _: keys, write)


def between(db: Database, a: tuple[str, str], b: tuple[str, str]) -> list[AgreementRow]:
    """What was recorded between two objects, in either order."""
    with db.read() as session:
        return agreements.between(session, a, b)


def add(
    writing: Writing,
    kind: Literal["agreement", "duty"],
    a: Agreeing,
    b: Agreeing,
    reason: str | None,
    document: str | None,
) -> AgreementRow:
    """Write an agreement about the space of two as part of another act."""
    one, other = sorted((a, b), key=_name)
    made = AgreementRow(
        uuid4().hex, kind, _name(one), _name(other), reason, document, writing.actor.name, writing.actor.organisation,
        writing.now, agreed_sha256(one), agreed_sha256(other),
    )  # fmt: skip
    agreements.add(writing.session, made)
    return made


def standing(session: Session, a: Agreeing, b: Agreeing) -> set[str]:
    """What was recorded, ``agreement`` or ``duty``, between two as they are given: about this space of both."""
    return {row.kind for row in _of_now(session, a, b)}


def stated(head: Head) -> Agreeing:
    """What a reservation or an application states."""
    assert isinstance(head.value, (Reservation, Application))
    return head.value


def _of_now(session: Session, a: Agreeing, b: Agreeing) -> list[AgreementRow]:
    one, other = sorted((a, b), key=_name)
    space = agreed_sha256(one), agreed_sha256(other)
    return [
        row for row in agreements.between(session, _name(one), _name(other)) if (row.a_sha256, row.b_sha256) == space
    ]


def _name(value: Agreeing) -> tuple[str, str]:
    return value.kind, value.id


def _require_party(actor: Actor, heads: list[Head]) -> None:
    if actor.role == "officer":
        return
    if actor.role != "manager":
        detail = "an agreement is not recorded in this role"
        raise Refused(Problem("not_allowed_for_role", detail, "It is for: manager, officer.", "role", actor.role))
    if all(head.holder != actor.organisation for head in heads):
        require_own(actor, heads[0].holder, f"{heads[0].kind} {heads[0].id}")
