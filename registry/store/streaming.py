"""All segments of the register that count for others, as they are filed, a few at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from sqlalchemy import and_, false, or_, select, text
from sqlalchemy.orm import Session

from registry.store.held import Held, held_of
from registry.store.near import COUNTING
from registry.store.sql import is_postgis
from registry.tables import chunk, object_

#: How many chunks are read at once.
AT_ONCE: Final = 50_000
#: PostgreSQL plans a cursor as if only its first tenth were read: it would look up object by object.
_TO_THE_END: Final = "SET LOCAL cursor_tuple_fraction = 1"


class Unfiled(Exception):
    """A chunk does not say which segments it holds: ``registry migrate`` files its object anew."""


def segments_of(s: Session, kinds: Collection[str], at_once: int = AT_ONCE) -> Iterator[Held]:
    """The packed segments of all objects of these kinds that count for others, from ``at_once`` chunks at a time.

    All of one moment where the session sees one (``Database.read``). They come in no order: an object may come in
    several pieces. Raises ``Unfiled`` where some are missing.
    """
    counting = (and_(object_.c.kind == kind, object_.c.state.in_(sorted(COUNTING[kind]))) for kind in sorted(kinds))
    filed = (
        select(chunk.c.kind, chunk.c.object_id, chunk.c.segments)
        .join_from(chunk, object_, and_(chunk.c.kind == object_.c.kind, chunk.c.object_id == object_.c.object_id))
        .where(or_(false(), *counting))
    )
    if is_postgis(s):
        s.execute(text(_TO_THE_END))
    with s.execute(filed, execution_options={"yield_per": at_once}) as found:
        for rows in found.partitions():
            held = held_of(rows)
            for kind, name in sorted(held.unknown()):
                raise Unfiled(f"{kind} {name} is filed without its segments; run `registry migrate`")
            yield held
