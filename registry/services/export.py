"""All that the register holds as others may judge by it, at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, get_args

from sqlalchemy.orm import Session

from registry.core.model import Application, Object, Reservation
from registry.core.works import works_of
from registry.db import Database
from registry.services.imports import KINDS, PRESENT
from registry.services.lives import standing
from registry.services.reserving import LIVE
from registry.store import objects
from registry.store.rows import Revision

#: What can be told apart: ``works`` are the parts of applications, granted or still open.
EXPORTED: Final = ("reservation", *KINDS, "works")
#: How many objects are read at once.
_PAGE: Final = 1000


def everything(db: Database, kinds: Sequence[str] = EXPORTED, *, as_of: datetime | None = None) -> list[Object]:
    """What is in an application's way or may be: accepted reservations, what lies there, ground levels, zones, and
    works; by kind and id. ``as_of``: what the register knew then."""
    with db.read() as session:
        return [value for kind in EXPORTED if kind in kinds for value in _of_kind(session, kind, as_of)]


def application(db: Database, id: str, *, as_of: datetime | None = None) -> Application | None:  # noqa: A002
    """An application as it was stated; ``None`` where the register did not know it."""
    with db.read() as session:
        found = _known(session, "application", id, as_of)
    return found.value if found is not None and isinstance(found.value, Application) else None


def _of_kind(session: Session, kind: str, as_of: datetime | None) -> Iterator[Object]:
    stored = "application" if kind == "works" else kind
    after: str | None = None
    while page := objects.heads(session, stored, after=after, limit=_PAGE):
        for head in page:
            known: Revision | None = head if as_of is None else objects.as_of(session, stored, head.id, as_of)
            if known is not None:
                yield from _in_the_way(known)
        after = page[-1].id


def _in_the_way(revision: Revision) -> Iterator[Object]:
    value = revision.value
    if isinstance(value, Application):
        state = standing(revision.state)
        if state is not None:
            yield from works_of(value, "granted" if state == "granted" else "open")
    elif isinstance(value, Reservation):
        if revision.state == LIVE:
            yield value
    elif revision.state == PRESENT and isinstance(value, get_args(Object)):
        yield value


def _known(session: Session, kind: str, id_: str, as_of: datetime | None) -> Revision | None:
    if as_of is None:
        return objects.head(session, kind, id_)
    return objects.as_of(session, kind, id_, as_of)
