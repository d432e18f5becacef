"""One act on a reservation that is there: refused at once where it can be, else judged once more under the locks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from registry.core.acceptance import AcceptanceClash, exclusive
from registry.core.cells import LockKey
from registry.core.lifecycle import next_state, require_role
from registry.core.model import Reservation, content_sha256
from registry.db import Database
from registry.services.acts import STATED, Act, repeated
from registry.services.agreements import add
from registry.services.days import day_of
from registry.services.expiring import ask_to_keep, lived
from registry.services.lives import require_head
from registry.services.locking import locked, reservation_keys, world_key
from registry.services.near import Neighbours, neighbours
from registry.services.policy import require_in_force, widest_reach
from registry.services.refusals import require_own, require_version
from registry.services.saved import Saved
from registry.services.settling import Kind, Settled, to_settle
from registry.services.writing import Writing
from registry.store.rows import Head

#: The state in which a reservation holds its space.
LIVE = "accepted"


@dataclass(frozen=True, slots=True)
class _Judged:
    """What an act comes to: the reservation's next state and content, and what it meets there. ``stated`` is what was
    asked for, without the days that the register sets."""

    head: Head
    state: str
    value: Reservation
    stated: Reservation
    around: Neighbours | None = None
    clashes: tuple[AcceptanceClash, ...] = ()
    new: list[tuple[Kind, Settled]] = field(default_factory=list)


def reserve(
    db: Database,
    id_: str,
    act: Act,
    build: Callable[[Head], Reservation],
    *,
    agreements: Sequence[Settled] = (),
    duties: Sequence[Settled] = (),
) -> Saved:
    """Do ``act`` on a reservation; ``build`` gives what it states afterwards, and may refuse.

    An act that was done already is answered as it was, and not done again (``repeated``).
    """
    settled = {"agreements": agreements, "duties": duties}
    said = {name: [[one.other, one.reason, one.document] for one in given] for name, given in settled.items() if given}
    act = replace(act, said={**act.said, **said})
    require_role("reservation", act.action, act.actor.role)

    def judged(session: Session, before: _Judged | None) -> _Judged:
        head = require_head(session, "reservation", id_)
        if act.actor.role != "administrator":
            require_own(act.actor, head.holder, f"reservation {id_}")
        require_version(head, act.expected)
        state = next_state("reservation", act.action, head.state)
        stated = build(head)
        if state != LIVE:
            return _Judged(head, state, stated, stated)
        ruleset = require_in_force(session, day_of(act.now))
        value = lived(session, act.action, head, stated, ruleset, day_of(act.now))
        around = neighbours(session, value, ruleset)
        if before is not None and before.around == around:
            clashes = before.clashes
        else:
            clashes = around.clashes() if exclusive(value.strength) else ()
        new = to_settle(session, value, around.others, clashes, agreements, duties, act.actor)
        return _Judged(head, state, value, stated, around, clashes, new)

    def done(session: Session) -> Saved | None:
        head = repeated(session, "reservation", id_, act, build)
        return None if head is None else Saved(head)

    with db.read() as session:
        if (again := done(session)) is not None:
            return again
        seen = judged(session, None)

    def keys(session: Session) -> Iterable[LockKey]:
        head = require_head(session, "reservation", id_)
        things = [value for value in (head.value, seen.value) if isinstance(value, Reservation)]
        return [
            world_key(shared=True),
            *reservation_keys(session, things, widest_reach(session)),
        ]

    return locked(db, keys, lambda session: done(session) or _written(session, act, judged(session, seen)))


def _written(session: Session, act: Act, judged: _Judged) -> Saved:
    head, value, around = judged.head, judged.value, judged.around
    writing = Writing(session, act.actor, act.now)
    told: set[str | None] = set()
    extra = act.extra
    detail: dict[str, object] = {}
    if around is not None:
        ruleset = around.ruleset
        extra["ruleset"] = {"id": ruleset.id, "version": ruleset.version, "sha256": ruleset.sha256}
        overlapped = around.told()
        against = sorted({clash.other for clash in judged.clashes})
        told = {one.holder for one in overlapped} | {one.holder for one in around.others if one.id in against}
        detail = {"overlaps": sorted(one.id for one in overlapped), "settled_with": against}
        extra |= {name: ids for name, ids in detail.items() if ids}
        ask_to_keep(session, act.now, tomorrow=True)
    if judged.stated != value:
        extra[STATED] = content_sha256(judged.stated)
    for kind, settled in judged.new:
        other = next(one for one in around.others if one.id == settled.other) if around is not None else value
        add(writing, kind, value, other, settled.reason, settled.document)
    saved = writing.revise(
        value, judged.state, act.action, reason=act.reason, document=act.document, extra=extra,
        told=sorted(name for name in told if name is not None and name != act.actor.organisation), detail=detail,
    )  # fmt: skip
    if head.state == LIVE or judged.state == LIVE:
        writing.touch([item for item in (head.value, value) if isinstance(item, Reservation)])
    return Saved(saved, jobs=tuple(writing.close().values()))
