"""What happens to granted works: begun, built, held up or taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from registry.services.actors import Actor
from registry.services.saved import Saved

if TYPE_CHECKING:
    from registry.db import Database


def start_works(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """The applicant tells that works have begun."""
    raise NotImplementedError


def report_as_built(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    built_on: date | None = None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """The applicant tells that the works are there: each part becomes the asset ``application/part``, and what parts
    replaced or removed gets its removal date (or, left in the ground, is disused). ``built_on``: today by default."""
    raise NotImplementedError


def suspend(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """The officer stops granted works for a time; their space stays held."""
    raise NotImplementedError


def resume(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """The officer lets suspended works go on."""
    raise NotImplementedError


def revoke(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """The officer takes a grant back; its space is free. Needs a reason and a document."""
    raise NotImplementedError


def expire(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """The officer records that a grant not used has ended; its space is free."""
    raise NotImplementedError
