"""Which locks a write takes: the cells its solids touch, the objects it names, and the world it must not change under.

Whatever could change the basis of a verdict, or an answer on whether two reservations may coexist, shares an exclusive
lock with whoever rests on it (docs/decisions/0030-writes-and-locks.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TypeVar

from sqlalchemy.orm import Session

from registry.core.cells import LockKey, cells_of, lock_keys
from registry.core.model import Application, Reservation, Thing
from registry.core.options import group_of
from registry.core.works import works_id
from registry.db import Database
from registry.services.refusals import busy
from registry.store import locks, objects
from registry.store.near import alternatives

T = TypeVar("T")

#: How often a write begins anew because what it was to lock had changed before it held the locks.
ATTEMPTS = 5


class Again(Exception):
    """What was to be locked is not what was locked: begin anew."""


def world_key(*, shared: bool) -> LockKey:
    """The lock of what has no place: rulesets in force, ground levels, whole imports. Other writes share it."""
    return LockKey(_number("world"), shared)


def object_key(kind: str, id_: str, *, shared: bool = False) -> LockKey:
    """The lock of one object, also of one that is not there yet."""
    return LockKey(_number(f"{kind}/{id_}"), shared)


def application_key(id_: str) -> LockKey:
    """The lock of an application, under the name its works have it by."""
    return object_key("works", works_id(id_, "").partition("/")[0])


def cell_keys(things: Iterable[Thing], reach: int) -> list[LockKey]:
    """The locks of all cells within half of ``reach`` (mm) of things: two that lie within reach share one of them."""
    return list(lock_keys(cells_of(things, (reach + 1) // 2)))


def reservation_keys(session: Session, reservations: Iterable[Reservation], reach: int) -> list[LockKey]:
    """The locks of all that a change of reservations may matter to. Of an option that is its whole plan: a verdict on
    what lies near another option of it rests on this one as well."""
    changed = list(reservations)
    plans = {group for one in changed if (group := group_of(one)) is not None}
    others = objects.by_names(session, alternatives(session, changed))
    things = [*changed, *(one.value for one in others if isinstance(one.value, Reservation))]
    return [
        *(object_key("reservation", one.id) for one in changed),
        *(object_key("option_group", "/".join(map(str, plan))) for plan in sorted(plans, key=str)),
        *cell_keys(things, reach),
    ]


def application_keys(application: Application, reach: int) -> list[LockKey]:
    """The locks of all that a change of an application may matter to, or that may matter to a verdict on it."""
    return [
        world_key(shared=True),
        application_key(application.id),
        *cell_keys(application.parts, reach),
        *target_keys(application),
    ]


def target_keys(application: Application) -> list[LockKey]:
    """The locks, shared, of the objects an application's parts name: those count from any distance."""
    named = {(r.target_kind, r.target) for part in application.parts for r in part.relations}
    keys = []
    for kind, target in sorted(named):
        if kind == "works":
            keys.append(object_key(kind, target.partition("/")[0], shared=True))
        elif kind != "part":
            keys.append(object_key(kind, target, shared=True))
    return keys


def in_order(keys: Iterable[LockKey]) -> list[LockKey]:
    """Each key once, exclusive where asked for so anywhere, in the one order in which all writers take them."""
    exclusive: dict[int, bool] = {}
    for key in keys:
        exclusive[key.key] = exclusive.get(key.key, False) or not key.shared
    return [LockKey(number, not exclusive[number]) for number in sorted(exclusive)]


def locked(db: Database, keys_of: Callable[[Session], Iterable[LockKey]], write: Callable[[Session], T]) -> T:
    """Do ``write`` in one transaction that holds the locks ``keys_of`` tells, and commit it.

    What is to be locked follows from what is stored; it is read before, and once more under the locks. ``write`` may
    raise ``Again``. Raises ``Refused`` (``busy``) where others went first every time.
    """
    for _ in range(ATTEMPTS):
        with db.read() as session:
            keys = in_order(keys_of(session))

        def attempt(session: Session, keys: list[LockKey] = keys) -> T:
            locks.take(session, keys)
            held = {(key.key, key.shared) for key in keys}
            needed = in_order(keys_of(session))
            if any((k.key, k.shared) not in held and (k.key, False) not in held for k in needed):
                raise Again
            return write(session)

        try:
            return db.run(attempt)
        except Again:
            continue
    raise busy()


def _number(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)
