"""Reading what the register holds, of any kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from registry.db import Database
from registry.services.lives import require_head
from registry.store import objects
from registry.store.candidates import candidates
from registry.store.rows import Head, Revision

#: How many objects are read at once.
_PAGE = 1000

#: Plan box: lowest x, y, highest x, y, mm RD.
Box = tuple[int, int, int, int]


def get(db: Database, kind: str, id: str) -> Head:  # noqa: A002
    """The object as it stands. Raises ``Refused`` (``not_found``)."""
    with db.read() as session:
        return require_head(session, kind, id)


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
    with db.read() as session:
        return objects.heads(session, kind, state=state, holder=holder, after=after, limit=limit)


def all_of(db: Database, kinds: Sequence[str]) -> Iterator[Head]:
    """Every object of these kinds, by kind and id, read page by page."""
    for kind in sorted(kinds):
        after: str | None = None
        while page := listed(db, kind, after=after, limit=_PAGE):
            yield from page
            after = page[-1].id


def history(db: Database, kind: str, id: str) -> list[Revision]:  # noqa: A002
    """Every revision, oldest first. Raises ``Refused`` (``not_found``)."""
    with db.read() as session:
        require_head(session, kind, id)
        return objects.history(session, kind, id)


def as_of(db: Database, kind: str, id: str, moment: datetime) -> Revision | None:  # noqa: A002
    """What the register held of it at a moment; ``None`` where nothing yet."""
    with db.read() as session:
        return objects.as_of(session, kind, id, moment)


def within(db: Database, boxes: Iterable[Box], kinds: Sequence[str]) -> list[Head]:
    """Objects of these kinds of which an indexed box meets one of ``boxes``: for drawing, a superset of what does."""
    with db.read() as session:
        return objects.by_names(session, candidates(session, boxes, kinds=kinds))
