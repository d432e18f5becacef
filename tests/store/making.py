"""What tests of the store put into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.model import Application, Identified, Line, Part, Reservation, Shaft, Thing, Volume
from registry.db import Database
from registry.store import objects
from registry.store.rows import Head

NOW = datetime(2027, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)
T = TypeVar("T", bound=Thing)

MANAGER = Actor("J. Beheerder", "Gemeente", "manager")


def later(seconds: float) -> datetime:
    """So many seconds after ``NOW``."""
    return NOW + timedelta(seconds=seconds)


def usual_state(value: Identified) -> str:
    """A state in which an object counts for others."""
    if isinstance(value, Reservation):
        return "accepted"
    return "received" if isinstance(value, Application) else "present"


def put(s: Session, value: Identified, state: str | None = None, now: datetime = NOW) -> Head:
    """Revise an object, or make it."""
    return objects.revise(s, value, state=state or usual_state(value), action="file", actor=MANAGER, now=now)


def put_all(s: Session, values: Iterable[Identified]) -> None:
    """Revise several objects, or make them."""
    for value in values:
        put(s, value)


class _UndoneError(Exception):
    """Ends a transaction whose changes are not to be kept."""


@contextmanager
def undone(db: Database) -> Iterator[Session]:
    """A session whose changes are gone afterwards."""
    with suppress(_UndoneError), db.write() as session:
        yield session
        raise _UndoneError


def moved(thing: T, dx: int, dy: int) -> T:
    """The same thing elsewhere, mm."""
    geometry = thing.geometry
    if isinstance(geometry, Shaft):
        x, y = geometry.position
        return replace(thing, geometry=replace(geometry, position=(x + dx, y + dy)))
    if isinstance(geometry, Line):
        vertices = tuple((x + dx, y + dy) for x, y in geometry.vertices)
        return replace(thing, geometry=replace(geometry, vertices=vertices))
    assert isinstance(geometry, Volume)
    outer = tuple((x + dx, y + dy) for x, y in geometry.outer)
    holes = tuple(tuple((x + dx, y + dy) for x, y in hole) for hole in geometry.holes)
    return replace(thing, geometry=replace(geometry, outer=outer, holes=holes))


def asking(name: str, *parts: Part, applicant: str = "Riolering") -> Application:
    """An application with an id of its own."""
    return Application(name, applicant, "permit", parts)
