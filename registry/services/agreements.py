"""Recorded agreements and duties between two objects: two reservations, or two applications."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from registry.services.actors import Actor

if TYPE_CHECKING:
    from registry.db import Database
    from registry.store.rows import AgreementRow


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
    them, or have the duty to solve a crossing in design. The officer, or a manager for an own reservation."""
    raise NotImplementedError


def between(db: Database, a: tuple[str, str], b: tuple[str, str]) -> list[AgreementRow]:
    """What was recorded between two objects, in either order."""
    raise NotImplementedError
