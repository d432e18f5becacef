"""What the holders of two objects agreed, and duties to solve a crossing in design."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from registry.store.rows import AgreementRow, Name
from registry.tables import agreement


def add(s: Session, made: AgreementRow) -> None:
    """Record an agreement or duty; its two objects are put in order."""
    a, b = sorted(((made.a, made.a_sha256), (made.b, made.b_sha256)))
    (a_kind, a_id), (b_kind, b_id) = a[0], b[0]
    s.execute(
        insert(agreement).values(
            id=made.id, kind=made.kind, a_kind=a_kind, a_id=a_id, a_sha256=a[1], b_kind=b_kind, b_id=b_id,
            b_sha256=b[1], reason=made.reason, document=made.document, actor=made.actor,
            organisation=made.organisation, recorded_at=made.recorded_at,
        )
    )


def between(s: Session, one: Name, other: Name) -> list[AgreementRow]:
    """What was recorded between two objects, the first one first."""
    a, b = sorted((one, other))
    return _found(s, (agreement.c.a_kind == a[0]) & (agreement.c.a_id == a[1])
                  & (agreement.c.b_kind == b[0]) & (agreement.c.b_id == b[1]))


def of_object(s: Session, name: Name) -> list[AgreementRow]:
    """All that was recorded between an object and any other, the first one first."""
    kind, object_id = name
    return _found(s, ((agreement.c.a_kind == kind) & (agreement.c.a_id == object_id))
                  | ((agreement.c.b_kind == kind) & (agreement.c.b_id == object_id)))


def _found(s: Session, where: Any) -> list[AgreementRow]:
    found = select(agreement).where(where).order_by(agreement.c.recorded_at, agreement.c.id)
    return [_agreement(row) for row in s.execute(found)]


def _agreement(row: Row[Any]) -> AgreementRow:
    return AgreementRow(
        row.id, row.kind, (row.a_kind, row.a_id), (row.b_kind, row.b_id), row.reason, row.document, row.actor,
        row.organisation, row.recorded_at, row.a_sha256, row.b_sha256,
    )
