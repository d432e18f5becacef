"""Taking in converted files of assets, ground levels and zones: only what differs is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from registry.core.model import Object
from registry.services.actors import Actor

if TYPE_CHECKING:
    from registry.db import Database


@dataclass(frozen=True, slots=True)
class ImportRun:
    """What an import did. ``jobs`` are the checks of the open applications it touched, each once."""

    id: str
    name: str
    sha256: str
    read: int
    added: int
    changed: int
    unchanged: int
    actor: str
    organisation: str
    recorded_at: datetime
    jobs: tuple[str, ...] = ()


def import_objects(
    db: Database,
    objects: Iterable[Object],
    name: str,
    sha256: str,
    actor: Actor,
    now: datetime,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> ImportRun:
    """Take in a file's objects (``name`` and ``sha256`` are the file's), all or none.

    Objects of earlier imports that are not in this one stay. ``progress`` is called with how many of how many are
    done. Reservations, parts and works are refused (``not_allowed``): they are filed.
    """
    raise NotImplementedError


def runs(db: Database, *, limit: int = 100) -> list[ImportRun]:
    """The imports, newest first."""
    raise NotImplementedError
