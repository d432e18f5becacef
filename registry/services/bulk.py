"""Judging many applications at once, on all processors: the verdicts that checking one by one would give.

All is read at one moment, through one session, whatever is written meanwhile; nothing is written. What is near comes
out of a snapshot in memory (``surroundings``); processes of their own judge (``judges``).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from sqlalchemy.orm import Session

from registry.core.errors import Problem, Refused
from registry.core.grid import along_curve
from registry.core.lifecycle import OPEN
from registry.core.model import Application
from registry.core.policy import Ruleset
from registry.core.restore import restore
from registry.db import Database
from registry.services.days import day_of
from registry.services.judges import Batch, Judges, Stored, Told
from registry.services.policy import require_in_force
from registry.services.refusals import not_found
from registry.services.surroundings import Subject, Surroundings, sides_of
from registry.store import bulk
from registry.store.rows import Name

#: Applications are judged so many at a time at most, as they lie: neighbours meet the same objects.
AT_ONCE: Final = 16
#: So many batches for each process, or more: the last are not waited for long.
_SHARES: Final = 4
#: Batches that were begun and are not told yet, at most, for each process.
_AHEAD: Final = 4
#: Applications are ordered by squares so wide, as a power of two (mm).
_SQUARE: Final = 14
#: How often it is asked whether to go on, seconds.
_LOOKING: Final = 0.1

#: How many of how many applications are judged.
Progress = Callable[[int, int], object]


class Cancelled(Exception):
    """It was asked to end before all were judged."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of an application: hash and outcome of its verdict by a ruleset (id and version), or the ``problems``
    for which there can be none. ``before`` are hash and outcome of the verdict that stands for it, where one does;
    ``findings`` those of the new one, as its document has them, where they are asked for."""

    application: str
    ruleset: tuple[str, str] | None
    sha256: str | None
    outcome: str | None
    before: tuple[str, str] | None
    problems: tuple[Problem, ...] = ()
    findings: Sequence[Mapping[str, Any]] | None = None

    @property
    def differs(self) -> bool:
        """Whether the outcome is another than that of the verdict that stands; that there is none counts as one."""
        return self.outcome != (None if self.before is None else self.before[1])


def judge_all(
    db: Database,
    now: datetime,
    *,
    ruleset: Ruleset | None = None,
    ids: Collection[str] | None = None,
    processes: int | None = None,
    at_once: int = AT_ONCE,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Generator[Judged, None, None]:
    """Each open application, or each of those with these ids, judged by ``ruleset``, or by the one in force for it.

    They come as they lie, neighbours after each other: always in the same order, whatever ``at_once`` and ``processes``
    (by default all processors this process may use). ``progress`` is told before the first and with each. One that is
    refused has its problems, and keeps no other from being judged.

    Raises ``Refused`` (``not_found``) for an id that is none, ``Cancelled`` soon after ``cancelled`` says so,
    ``judges.Died`` where a process that judges is killed, and ``judges.Failed`` where one fails. However it ends, no
    process is left, and nothing was written.
    """
    with db.read() as session:
        yield from judge_in(
            session, now, ruleset=ruleset, ids=ids, processes=processes, at_once=at_once, progress=progress,
            cancelled=cancelled,
        )  # fmt: skip


def judge_in(
    session: Session,
    now: datetime,
    *,
    ruleset: Ruleset | None = None,
    ids: Collection[str] | None = None,
    processes: int | None = None,
    at_once: int = AT_ONCE,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
    findings: bool = False,
) -> Generator[Judged, None, None]:
    """As ``judge_all``, of the register as a session sees it; with ``findings`` these are told as well."""
    reading = _Reading(session, now, ruleset, ids, cancelled, findings)
    count = len(reading.order)
    progress(0, count)
    if not count:
        return
    share = processes or available()
    size = max(1, min(at_once, count // (share * _SHARES)))
    judges = Judges(min(share, -(-count // size)), reading.rulesets)
    try:
        for done, told in enumerate(_in_order(judges, reading, size), 1):
            progress(done, count)
            yield told
    finally:
        judges.end()


def available() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Reading:
    """What is asked for, and all that is read for it. ``order`` is that in which they are told; ``rulesets`` those by
    which they are judged."""

    def __init__(
        self,
        session: Session,
        now: datetime,
        ruleset: Ruleset | None,
        ids: Collection[str] | None,
        cancelled: Callable[[], bool],
        findings: bool,
    ):
        self._session, self._now, self._cancelled, self._findings = session, now, cancelled, findings
        wanted = bulk.ids_of(session, "application", OPEN) if ids is None else sorted(set(ids))
        self._asked = bulk.asked(session, wanted)
        for id_ in wanted:
            if id_ not in self._asked:
                raise not_found("application", id_)
        self.rulesets: list[Ruleset] = [] if ruleset is None else [ruleset]
        #: By the day on which it was filed: the number of the ruleset in force for it, or why there is none.
        self._in_force: dict[date, int | Refused] = {}
        if ruleset is None:
            for one in self._asked.values():
                self._find_in_force(day_of(one.created_at))
        self._given = ruleset is not None
        self._surroundings = Surroundings(session, wanted, self.pause)
        places = self._surroundings.places
        self.order = sorted(wanted, key=lambda id_: (_along(*places.get(id_, (0, 0))), id_))

    def pause(self) -> None:
        """Raises ``Cancelled`` where that is asked."""
        if self._cancelled():
            raise Cancelled

    def batch(self, number: int, ids: Sequence[str]) -> Batch:
        """What judging these takes; those for which no ruleset is in force are left out."""
        judged = [id_ for id_ in ids if isinstance(self._ruleset(id_), int)]
        own = bulk.kept(self._session, [("application", id_) for id_ in judged])
        subjects, numbers = [], []
        for one in own.values():
            application = restore("application", json.loads(one.content))
            assert isinstance(application, Application)
            ruleset = self._ruleset(one.id)
            assert isinstance(ruleset, int)
            numbers.append(ruleset)
            subjects.append(Subject(application, self.rulesets[ruleset], sides_of(one.content)))
        names, kept = self._surroundings.about(subjects)
        applications = tuple(
            (("application", one.application.id), ruleset, tuple(sorted(near)))
            for one, ruleset, near in zip(subjects, numbers, names, strict=True)
        )
        objects = {name: _stored(one) for name, one in (kept | own).items()}
        return Batch(number, applications, objects, self._findings)

    def told(self, ids: Sequence[str], found: Mapping[Name, Told]) -> Iterator[Judged]:
        """What came of each of these, in their order."""
        for id_ in ids:
            asked, ruleset = self._asked[id_], self._ruleset(id_)
            stands = None if asked.sha256 is None or asked.outcome is None else (asked.sha256, asked.outcome)
            if isinstance(ruleset, Refused):
                yield Judged(id_, None, None, None, stands, tuple(ruleset.problems))
                continue
            by = self.rulesets[ruleset]
            sha256, outcome, problems, findings = found["application", id_]
            yield Judged(id_, (by.id, by.version), sha256, outcome, stands, problems, findings)

    def _ruleset(self, id_: str) -> int | Refused:
        return 0 if self._given else self._in_force[day_of(self._asked[id_].created_at)]

    def _find_in_force(self, filed: date) -> None:
        if filed in self._in_force:
            return
        try:
            found = require_in_force(self._session, day_of(self._now), filed)
        except Refused as refusal:
            self._in_force[filed] = refusal
            return
        known = [one.sha256 for one in self.rulesets]
        if found.sha256 not in known:
            self.rulesets.append(found)
        self._in_force[filed] = [*known, found.sha256].index(found.sha256)


def _in_order(judges: Judges, reading: _Reading, size: int) -> Iterator[Judged]:
    """What came of each, in order; the next batch is made ready while others are judged."""
    shares = [reading.order[first : first + size] for first in range(0, len(reading.order), size)]
    asked: dict[int, Sequence[Name]] = {}
    found: dict[int, Sequence[Told]] = {}
    ready: Batch | None = None
    told = 0
    while told < len(shares):
        reading.pause()
        number = told + len(asked)
        if ready is None and number < len(shares) and len(asked) < _AHEAD * judges.count:
            ready = reading.batch(number, shares[number])
            asked[number] = [name for name, _, _ in ready.applications]
            if not ready.applications:
                found[number], ready = [], None
        if ready is not None and judges.idle:
            judges.give(ready)
            ready = None
            continue
        found |= dict(judges.results(_LOOKING))
        while told in found:
            yield from reading.told(shares[told], dict(zip(asked.pop(told), found.pop(told), strict=True)))
            told += 1


def _stored(one: bulk.Kept) -> Stored:
    return one.state, one.revision_id, one.content


def _along(x: int, y: int) -> int:
    """A number for a place (mm) that is near those of places near it."""
    return int(along_curve(np.array(x >> _SQUARE), np.array(y >> _SQUARE)))
