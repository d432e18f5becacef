"""Verdicts, each kept once for what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from registry.store.rows import BasisRow, Plain, VerdictRow
from registry.tables import verdict, verdict_basis


def add(
    s: Session,
    *,
    application_id: str,
    application_number: int,
    sha256: str,
    ruleset: tuple[str, str, str],
    outcome: str,
    document: Plain,
    basis: Iterable[BasisRow],
    judged_at: datetime,
    job_id: str | None = None,
) -> VerdictRow:
    """Keep a verdict under its hash; where the application has that very verdict already, that one is returned.

    ``ruleset`` is its id, version and sha256.
    """
    there = of_application(s, application_id, sha256)
    if there is not None:
        return there
    ruleset_id, version, ruleset_sha = ruleset
    row = s.execute(
        insert(verdict)
        .values(
            application_id=application_id, application_number=application_number, sha256=sha256,
            ruleset_id=ruleset_id, ruleset_version=version, ruleset_sha256=ruleset_sha, outcome=outcome,
            document=dict(document), judged_at=judged_at, job_id=job_id,
        )
        .returning(*verdict.c)
    ).one()
    rows = [
        {"verdict_id": row.id, "kind": one.kind, "object_id": one.id, "sha256": one.sha256,
         "revision_id": one.revision_id}
        for one in basis
    ]
    if rows:
        s.execute(insert(verdict_basis), rows)
    return _verdict(row)


def of_application(s: Session, application_id: str, sha256: str) -> VerdictRow | None:
    """An application's verdict by its hash."""
    found = select(verdict).where(verdict.c.application_id == application_id, verdict.c.sha256 == sha256)
    return _one(s.execute(found).one_or_none())


def by_id(s: Session, verdict_id: int) -> VerdictRow | None:
    """A verdict by its number in this register."""
    return _one(s.execute(select(verdict).where(verdict.c.id == verdict_id)).one_or_none())


def by_sha(s: Session, sha256: str) -> VerdictRow | None:
    """A verdict by its hash, which holds the application's id: no two applications share one."""
    found = select(verdict).where(verdict.c.sha256 == sha256).order_by(verdict.c.id).limit(1)
    return _one(s.execute(found).one_or_none())


def listed(s: Session, application_id: str) -> list[VerdictRow]:
    """All verdicts an application had, the first one first."""
    found = select(verdict).where(verdict.c.application_id == application_id).order_by(verdict.c.id)
    return [_verdict(row) for row in s.execute(found)]


def basis(s: Session, verdict_id: int) -> list[BasisRow]:
    """What a verdict rests on, in order of kind and id."""
    found = select(verdict_basis).where(verdict_basis.c.verdict_id == verdict_id)
    rows = [BasisRow(row.kind, row.object_id, row.sha256, row.revision_id) for row in s.execute(found)]
    return sorted(rows, key=lambda one: (one.kind, one.id))


def _one(row: Row[Any] | None) -> VerdictRow | None:
    return None if row is None else _verdict(row)


def _verdict(row: Row[Any]) -> VerdictRow:
    return VerdictRow(**{field.name: getattr(row, field.name) for field in fields(VerdictRow)})
