"""Reading what the register holds, of any kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.db import Database
    from registry.store.rows import Head, Revision

#: Plan box: lowest x, y, highest x, y, mm RD.
Box = tuple[int, int, int, int]


def get(db: Database, kind: str, id: str) -> Head:  # noqa: A002
    """The object as it stands. Raises ``Refused`` (``not_found``)."""
    raise NotImplementedError


def listed(
    db: Database,
    kind: str,
    *,
    state: str | None = None,
    holder: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> list[Head]:
    """Objects of a kind by id, at most ``limit``, beginning after the id ``after``."""
    raise NotImplementedError


def all_of(db: Database, kinds: Sequence[str]) -> Iterator[Head]:
    """Every object of these kinds, by kind and id, read page by page."""
    raise NotImplementedError


def history(db: Database, kind: str, id: str) -> list[Revision]:  # noqa: A002
    """Every revision, oldest first. Raises ``Refused`` (``not_found``)."""
    raise NotImplementedError


def as_of(db: Database, kind: str, id: str, moment: datetime) -> Revision | None:  # noqa: A002
    """What the register held of it at a moment; ``None`` where nothing yet."""
    raise NotImplementedError


def within(db: Database, boxes: Iterable[Box], kinds: Sequence[str]) -> list[Head]:
    """Objects of these kinds of which an indexed box meets one of ``boxes``: for drawing, a superset of what does."""
    raise NotImplementedError
