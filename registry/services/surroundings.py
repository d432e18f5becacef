"""What is near each of many applications: looked up in a snapshot of the whole register, held in memory.

What is found is never less than ``store.near.around`` finds to matter, and may be more, which changes no verdict. Only
where an application and what is about it have so many segments that the core may refuse to compare them, and counts
what is far beyond its reach as well, ``around`` itself is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from registry.core.case import MAX_PAIRS
from registry.core.errors import Problem, Refused
from registry.core.index import ANY, Asked, Builder, Snapshot, Subjects
from registry.core.model import Application
from registry.core.options import Group
from registry.core.packed import BOX, UNKNOWN, Column, Rows, packed
from registry.core.policy import Ruleset
from registry.core.works import application_of
from registry.store import bulk
from registry.store.held import Held
from registry.store.near import COUNTING, around, targets
from registry.store.rows import Name
from registry.store.streaming import Unfiled, segments_of

#: The kinds that take space.
OBSTACLES: Final = ("application", "asset", "reservation")
_GROUNDS: Final = ("ground_level", "zone")
#: Cells in which segments are counted are so wide, as a power of two (mm), and one that touches more than so many
#: across or up counts everywhere.
_CELL: Final = 16
_ACROSS: Final = 4
#: For halves and whole numbers that are rounded one way here and another way there, mm.
_MARGIN: Final = 4

Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Subject:
    """An application to find things for, by a ruleset. ``sides`` is how many segments and sides it has at most."""

    application: Application
    ruleset: Ruleset
    sides: int


class Surroundings:
    """The register as one session sees it. ``places`` is where (x, y, mm) each of the applications asked for lies, so
    far as it counts for others.

    ``paused`` is called now and then while it is read; what it raises ends that. Raises ``Refused`` for a register that
    is not filed as this version needs it.
    """

    def __init__(self, session: Session, ids: Collection[str], paused: Callable[[], object]):
        self._session = session
        self._crowd = _Crowd()
        self.places: dict[str, tuple[int, int]] = {}
        asked = {("application", id_) for id_ in ids}
        obstacles, grounds = Builder(), Builder()
        for held in filed(session, OBSTACLES, paused):
            boxed = np.zeros(len(held.names), np.int32)
            boxed[held.of[(held.rows[:, Column.FLAGS] & BOX) != 0]] = 1
            obstacles.add(held.names, held.rows, held.of, boxed)
            self._crowd.add(held.rows)
            for (_, id_), place in _places(held, asked):
                # The least of all, as an object comes in several pieces, in no order.
                self.places[id_] = min(place, self.places.get(id_, place))
        for held in filed(session, _GROUNDS, paused):
            grounds.add(held.names, held.rows, held.of)
        self._obstacles, self._grounds = obstacles.finish(), grounds.finish()
        self._options = bulk.options(session)
        self._of_plan: dict[Group, set[Name]] = {}
        for name, plan in self._options.items():
            self._of_plan.setdefault(plan, set()).add(name)

    def about(self, subjects: Sequence[Subject]) -> tuple[list[set[Name]], dict[Name, bulk.Kept]]:
        """For each the names of all that judging it may need, and all these as they are kept."""
        if not subjects:
            return [], {}
        own = [packed(one.application) for one in subjects]
        named = [
            (names | targets(one.application)) - {("application", one.application.id)}
            for names, one in zip(self._near(subjects, own), subjects, strict=True)
        ]
        kept = bulk.kept(self._session, set().union(*named))
        found = [{name for name in names if name in kept and _counts(kept[name])} for names in named]
        crowded = [
            one.sides * (one.sides + self._crowd.most(rows, one.ruleset.reach) + sum(_sides(kept, names))) > MAX_PAIRS
            for one, rows, names in zip(subjects, own, found, strict=True)
        ]
        grounds = self._about_grounds(subjects, own, found)
        told = [
            self._around(one) if many else names | below | self._alternatives(names)
            for one, names, below, many in zip(subjects, found, grounds, crowded, strict=True)
        ]
        return told, kept | bulk.kept(self._session, set().union(*told) - kept.keys())

    def _near(self, subjects: Sequence[Subject], own: Sequence[Rows]) -> list[set[Name]]:
        """What lies within reach of each, and a little beyond: a volume is as near as its box is, by each coordinate
        alone."""
        reaches = sorted({one.ruleset.reach for one in subjects})
        # Groups of those on whose behalf is searched: lines, then boxes, of each reach. Of the others the first two.
        ch = np.zeros((2 * len(reaches), 2 * len(reaches)), np.int32)
        for k, reach in enumerate(reaches):
            ch[2 * k : 2 * k + 2] = _wide(reach)
            ch[2 * k, 0] = reach + 1
        sought = Subjects.of(own, [2 * reaches.index(one.ruleset.reach) for one in subjects])
        sought = replace(sought, groups=sought.groups + (sought.rows[:, Column.FLAGS] & BOX))
        return _names(self._obstacles, sought, Asked(ch, np.full_like(ch, ANY)))

    def _about_grounds(
        self, subjects: Sequence[Subject], own: Sequence[Rows], found: Sequence[set[Name]]
    ) -> list[set[Name]]:
        """The ground levels and zones about each, or about what was found for it: all along that, near or not."""
        if not self._grounds.objects:
            return [set() for _ in subjects]
        things = sorted(set().union(*found))
        held = bulk.held(self._session, things)
        sought = Subjects.of([_boxes(rows) for rows in (*own, *_rows_of(held, things))])
        apart = max(one.ruleset.reach + one.ruleset.ground_level_within for one in subjects)
        below = _names(self._grounds, sought, Asked.alike(_wide(apart)))
        by_name = dict(zip(things, below[len(own) :], strict=True))
        return [mine.union(*map(by_name.__getitem__, names)) for mine, names in zip(below, found, strict=False)]

    def _alternatives(self, names: Iterable[Name]) -> set[Name]:
        """The options of the plans of which one is among these."""
        plans = {self._options[name] for name in names if name in self._options}
        return set().union(*(self._of_plan[plan] for plan in plans))

    def _around(self, one: Subject) -> set[Name]:
        objects = around(self._session, one.application, one.ruleset).objects
        works = {("application", application_of(item.id)) for item in objects if item.kind == "works"}
        return works | {(item.kind, item.id) for item in objects if item.kind != "works"}


class _Crowd:
    """How many segments there are about a place, at most: counted by the squares that their boxes touch."""

    def __init__(self) -> None:
        self._keys, self._counts = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._everywhere = 0

    def add(self, rows: Rows) -> None:
        """Count these as well."""
        west, south, east, north = (side >> _CELL for side in _sides_of(rows, 0))
        far = (east - west >= _ACROSS) | (north - south >= _ACROSS)
        self._everywhere += int(far.sum())
        keys = [self._keys]
        for across in range(_ACROSS):
            for up in range(_ACROSS):
                here = ~far & (west + across <= east) & (south + up <= north)
                keys.append(_key(west[here] + across, south[here] + up))
        counts = np.concatenate([self._counts, np.ones(sum(map(len, keys[1:])), np.int64)])
        self._keys, places = np.unique(np.concatenate(keys), return_inverse=True)
        self._counts = np.bincount(places, counts, len(self._keys)).astype(np.int64)

    def most(self, own: Rows, apart: int) -> int:
        """How many have a box within ``apart`` (mm) of that of one of these, at most."""
        touched = [
            _key(*(axis.ravel() for axis in np.meshgrid(np.arange(w, e + 1), np.arange(s, n + 1))))
            for w, s, e, n in (np.array(_sides_of(own, apart + _MARGIN)) >> _CELL).T.tolist()
        ]
        cells = np.unique(np.concatenate(touched)) if touched else np.zeros(0, np.int64)
        at = np.searchsorted(self._keys, cells)
        there = at < len(self._keys)
        at, cells = at[there], cells[there]
        return self._everywhere + int(self._counts[at[self._keys[at] == cells]].sum())


def _key(column: Longs, row: Longs) -> Longs:
    return (column << 32) + row


def _sides_of(rows: Rows, margin: int) -> tuple[Longs, Longs, Longs, Longs]:
    """West, south, east and north of each, its width or height and its uncertainty and a margin (mm) wider."""
    x0, y0, x1, y1 = (rows[:, k].astype(np.int64) for k in (Column.X0, Column.Y0, Column.X1, Column.Y1))
    size = np.maximum(rows[:, Column.WIDTH], rows[:, Column.HEIGHT]).astype(np.int64)
    wider = (size + 1) // 2 + rows[:, Column.XY] + margin
    return (
        np.minimum(x0, x1) - wider,
        np.minimum(y0, y1) - wider,
        np.maximum(x0, x1) + wider,
        np.maximum(y0, y1) + wider,
    )


def _boxes(rows: Rows) -> Rows:
    """The boxes of these, at any depth, and nothing beside them."""
    found = np.zeros_like(rows)
    for column, side in zip((Column.X0, Column.Y0, Column.X1, Column.Y1), _sides_of(rows, _MARGIN), strict=True):
        found[:, column] = side
    found[:, [Column.Z0, Column.Z1]], found[:, Column.FLAGS] = UNKNOWN, BOX
    return found


def _wide(apart: int) -> int:
    """As far as what lies within ``apart`` (mm) by each coordinate alone lies apart at most, and more."""
    return ceil(1.5 * (apart + _MARGIN))


def _names(snapshot: Snapshot, sought: Subjects, asked: Asked) -> list[set[Name]]:
    found = snapshot.search(sought, asked)
    told: list[set[Name]] = [set() for _ in range(len(sought))]
    for subject, number in zip(found.subject.tolist(), found.object.tolist(), strict=True):
        told[subject].add(snapshot.name(number))
    return told


def _rows_of(held: Held, names: Sequence[Name]) -> list[Rows]:
    """The rows of each of these, of which a name may stand more than once in ``held``."""
    numbers = {name: k for k, name in enumerate(names)}
    owner = np.array([numbers[name] for name in held.names], np.int64)[held.of]
    order = np.argsort(owner, kind="stable")
    starts = np.searchsorted(owner[order], np.arange(len(names) + 1))
    return [held.rows[order[begin:end]] for begin, end in pairwise(starts.tolist())]


def filed(session: Session, kinds: Collection[str], paused: Callable[[], object]) -> Iterator[Held]:
    """All that is filed of these kinds and counts. Raises ``Refused`` where it is not filed as this version needs."""
    try:
        for held in segments_of(session, kinds):
            paused()
            yield held
    except Unfiled as unfiled:
        raise Refused(Problem("unreadable", str(unfiled), "Run `registry migrate` first.", "DATABASE_URL")) from None


def _places(held: Held, asked: Collection[Name]) -> Iterable[tuple[Name, tuple[int, int]]]:
    """Where each row of those asked for begins, mm."""
    wanted = [k for k, name in enumerate(held.names) if name in asked]
    for k in np.flatnonzero(np.isin(held.of, wanted)).tolist() if wanted else ():
        row = held.rows[k]
        yield held.names[held.of[k]], (int(row[Column.X0]), int(row[Column.Y0]))


def _counts(one: bulk.Kept) -> bool:
    return one.state in COUNTING[one.kind]


def _sides(kept: Mapping[Name, bulk.Kept], names: Iterable[Name]) -> Iterable[int]:
    """How many segments and sides each has at most."""
    return (sides_of(kept[name].content) for name in names)


def sides_of(content: str) -> int:
    """How many segments and sides there are at most in the content of an object: each has a corner, in brackets."""
    return content.count("[")
