"""Looking at jobs, and asking for a parked one again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from registry.services.actors import Actor

if TYPE_CHECKING:
    from registry.db import Database
    from registry.store.rows import Job


def get(db: Database, id: str) -> Job:  # noqa: A002
    """A job. Raises ``Refused`` (``not_found``)."""
    raise NotImplementedError


def listed(db: Database, *, state: str | None = None, subject: str | None = None, limit: int = 100) -> list[Job]:
    """Jobs, newest first."""
    raise NotImplementedError


def ask_again(db: Database, id: str, actor: Actor, now: datetime) -> str:  # noqa: A002
    """Ask again for what a parked job was to do: an officer or an administrator. The id of the new job."""
    raise NotImplementedError
