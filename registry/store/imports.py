"""What was imported, and what that changed."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from registry.store.rows import ImportRow
from registry.tables import import_run


def add(s: Session, run: ImportRow) -> None:
    """Record an import."""
    s.execute(insert(import_run).values(**asdict(run)))


def get(s: Session, import_id: str) -> ImportRow | None:
    """An import by its id."""
    row = s.execute(select(import_run).where(import_run.c.id == import_id)).one_or_none()
    return None if row is None else _import(row)


def listed(s: Session, limit: int | None = 100) -> list[ImportRow]:
    """The latest imports, the last one first."""
    found = select(import_run).order_by(import_run.c.recorded_at.desc(), import_run.c.id).limit(limit)
    return [_import(row) for row in s.execute(found)]


def _import(row: Row[Any]) -> ImportRow:
    return ImportRow(**{field.name: getattr(row, field.name) for field in fields(ImportRow)})
