"""What versions of policy would change: asked for once, how far that is, and what came of it, which never changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.store.rows import ItemRow, JobState, Plain, WhatIfRow
from registry.store.sql import among
from registry.tables import change, job, whatif, whatif_item

#: Kinds of changes of which what comes of an application may be another, and what the register tells of its own checks.
_MATTERS: Final = ("application", "reservation", "asset", "ground_level", "zone")
_CHECKS: Final = ("start_check", "finish_check")
#: Items are written so many at a time.
_AT_ONCE: Final = 1_000


def add(s: Session, row: WhatIfRow) -> None:
    """Ask for one, of which nothing is done yet."""
    s.execute(
        insert(whatif).values(
            id=row.id, ruleset_id=row.ruleset_id, version=row.version, ruleset_sha256=row.ruleset_sha256,
            job_id=row.job_id, actor=row.actor.name, organisation=row.actor.organisation, role=row.actor.role,
            asked_at=row.asked_at, done=0,
        )
    )  # fmt: skip


def get(s: Session, whatif_id: str, *, lock: bool = False) -> WhatIfRow | None:
    """One by its id; with ``lock`` no other transaction ends it until this one does."""
    found = _all().where(whatif.c.id == whatif_id)
    row = s.execute(found.with_for_update(of=whatif) if lock else found).one_or_none()
    return None if row is None else _whatif(row)


def listed(s: Session, ruleset_id: str, version: str) -> list[WhatIfRow]:
    """All that were asked for of a version, the newest first."""
    found = _all().where(whatif.c.ruleset_id == ruleset_id, whatif.c.version == version)
    return [_whatif(row) for row in s.execute(found.order_by(whatif.c.asked_at.desc(), whatif.c.id.desc()))]


def progress(s: Session, whatif_id: str, done: int, total: int) -> None:
    """Say how many of how many applications are weighed."""
    open_ = whatif.c.finished_at.is_(None) & whatif.c.cancelled_at.is_(None)
    s.execute(update(whatif).where(whatif.c.id == whatif_id, open_).values(done=done, total=total))


def cancel(s: Session, whatif_id: str, by: str, now: datetime) -> bool:
    """Let nothing come of it; false, and nothing done, where it has come to an end already."""
    open_ = whatif.c.finished_at.is_(None) & whatif.c.cancelled_at.is_(None)
    ended = update(whatif).where(whatif.c.id == whatif_id, open_).values(cancelled_by=by, cancelled_at=now)
    return s.execute(ended.returning(whatif.c.id)).one_or_none() is not None


def finish(
    s: Session, whatif_id: str, items: Sequence[ItemRow], counts: Plain, read_seq: int, weighed: int, now: datetime
) -> bool:
    """Keep what came of it; false, and nothing kept, where it has come to an end already."""
    open_ = whatif.c.finished_at.is_(None) & whatif.c.cancelled_at.is_(None)
    values = {"counts": dict(counts), "read_seq": read_seq, "finished_at": now, "done": weighed, "total": weighed}
    ended = update(whatif).where(whatif.c.id == whatif_id, open_).values(**values)
    if s.execute(ended.returning(whatif.c.id)).one_or_none() is None:
        return False
    for first in range(0, len(items), _AT_ONCE):
        s.execute(insert(whatif_item), [_values(whatif_id, one) for one in items[first : first + _AT_ONCE]])
    return True


def items(
    s: Session,
    whatif_id: str,
    *,
    past: bool = False,
    differs: bool | None = None,
    after: str | None = None,
    limit: int | None = 100,
) -> list[ItemRow]:
    """The applications of which anything changes, in order of id: those open, or ``past``; those with another outcome,
    others, or all; after an id, and at most ``limit``."""
    found = select(whatif_item).where(whatif_item.c.whatif_id == whatif_id, whatif_item.c.past.is_(past))
    if differs is not None:
        found = found.where(whatif_item.c.differs.is_(differs))
    if after is not None:
        found = found.where(whatif_item.c.application_id > after)
    return [_item(row) for row in s.execute(found.order_by(whatif_item.c.application_id).limit(limit))]


def changes_since(s: Session, seq: int) -> int:
    """How much has changed since a number of the change feed of which a verdict may be another."""
    found = select(func.count()).select_from(change).where(
        change.c.seq > seq, change.c.kind.in_(_MATTERS), change.c.action.not_in(_CHECKS)
    )  # fmt: skip
    return s.scalar(found) or 0


def named(s: Session, ids: Iterable[str]) -> dict[str, WhatIfRow]:
    """Those with these ids that there are."""
    return {row.id: _whatif(row) for row in s.execute(_all().where(among(s, whatif.c.id, ids)))}


def _all() -> Any:
    """Each with the state and the error of its job."""
    told = (job.c.state.label("job_state"), job.c.error.label("job_error"))
    return select(whatif, *told).join_from(whatif, job, whatif.c.job_id == job.c.id, isouter=True)


def _whatif(row: Row[Any]) -> WhatIfRow:
    state: JobState | None = row.job_state
    return WhatIfRow(
        row.id, row.ruleset_id, row.version, row.ruleset_sha256, row.job_id,
        Actor(row.actor, row.organisation, row.role), row.asked_at, row.done, row.total, row.cancelled_by,
        row.cancelled_at, row.read_seq, row.finished_at, row.counts, state, row.job_error,
    )


def _values(whatif_id: str, one: ItemRow) -> dict[str, Any]:
    found = {field.name: getattr(one, field.name) for field in fields(one)}
    return found | {"whatif_id": whatif_id, "shifts": list(one.shifts), "problems": list(one.problems)}


def _item(row: Row[Any]) -> ItemRow:
    return ItemRow(
        row.application_id, row.past, row.differs, row.before_sha256, row.before_outcome, row.after_sha256,
        row.after_outcome, tuple(row.shifts), tuple(row.problems),
    )
