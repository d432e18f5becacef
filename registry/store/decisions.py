"""Officers' decisions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.store.rows import DecisionRow
from registry.tables import decision, object_


def add(s: Session, made: DecisionRow) -> None:
    """Record a decision under the id its maker chose."""
    s.execute(
        insert(decision).values(
            id=made.id, application_id=made.application_id, verdict_sha256=made.verdict_sha256, kind=made.kind,
            reason=made.reason, document=made.document, conditions=list(made.conditions), weighed=list(made.weighed),
            actor=made.actor.name, organisation=made.actor.organisation, role=made.actor.role,
            recorded_at=made.recorded_at,
        )
    )


def get(s: Session, decision_id: str) -> DecisionRow | None:
    """A decision by its id."""
    row = s.execute(select(decision).where(decision.c.id == decision_id)).one_or_none()
    return None if row is None else _decision(row)


def listed(s: Session, application_id: str) -> list[DecisionRow]:
    """All decisions on an application, the first one first."""
    found = select(decision).where(decision.c.application_id == application_id)
    return [_decision(row) for row in s.execute(found.order_by(decision.c.recorded_at, decision.c.id))]


def last_verdicts(s: Session, but_in: Collection[str]) -> dict[str, str]:
    """By application the hash of the verdict that the last decision on it names, of those that are not in these states
    any more."""
    found = (
        select(decision.c.application_id, decision.c.verdict_sha256)
        .join_from(decision, object_, decision.c.application_id == object_.c.object_id)
        .where(object_.c.kind == "application", object_.c.state.not_in(sorted(but_in)))
        .order_by(decision.c.recorded_at, decision.c.id)
    )
    return {row[0]: row[1] for row in s.execute(found)}


def _decision(row: Row[Any]) -> DecisionRow:
    return DecisionRow(
        row.id, row.application_id, row.verdict_sha256, row.kind, row.reason, row.document, tuple(row.conditions),
        tuple(row.weighed), Actor(row.actor, row.organisation, row.role), row.recorded_at,
    )
