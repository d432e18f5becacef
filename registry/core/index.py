"""A snapshot of all that lies in the ground, held in memory for many searches: which of it is too near to what.

What is found is told in whole millimetres, the same as the exact kernels give (``kernels.face_gap``), whatever the
order in which rows came, how searches are cut into batches, and on how many threads they run: a search lets go of the
interpreter's lock and changes nothing of the snapshot.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import numpy as np

from registry.core import few, sweep
from registry.core.compiled import ANY as ANY
from registry.core.few import HIGHEST as HIGHEST
from registry.core.few import LOWEST as LOWEST
from registry.core.grid import Grid, Ints, Longs, gridded, in_runs
from registry.core.kernels import Axis, face_gap, plan_nearest, segment_distance
from registry.core.packed import BOX, UNKNOWN, Column, Rows
from registry.core.searches import Asked as Asked
from registry.core.searches import Found as Found
from registry.core.searches import Subjects as Subjects
from registry.core.searches import checked, no_rows, owners_of
from registry.core.sweep import FOUND_COLUMNS, THING_COLUMNS

#: Kind and id of an object.
Name = tuple[str, str]
#: Gap, own and other number.
Line = tuple[int, int, int]
#: Axes, thing, number and things of rows, as ``sweep`` takes them.
Others = tuple[Ints, Ints, Ints, Ints]

#: Room for so many others near one subject (half of it is used) and for so many doubts, to begin with.
_KEYS: Final = 4096
_DOUBTS: Final = 256
#: Objects may have any number up to this.
_ANY_NUMBER: Final = 2**31 - 1
#: And for so many lines found: at least, for each subject, and at most before they are put aside.
_LINES: Final = 1024
_EACH: Final = 64
_MOST: Final = 1 << 16


class Builder:
    """Takes rows in, in any order and in as many calls as it takes; ``finish`` makes the snapshot of them."""

    def __init__(self) -> None:
        self._names: dict[Name, int] = {}
        self._axes, self._number, self._owner = [no_rows()[:, :6]], [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
        self._things = [np.zeros((0, THING_COLUMNS), np.int32)]
        self._count = 0

    def add(
        self, names: Sequence[Name], rows: Rows, of: Sequence[int] | Ints, groups: Sequence[int] | Ints | None = None
    ) -> None:
        """Rows of objects: row i is of ``names[of[i]]``, which is in group ``groups[of[i]]`` (0 where left out).

        Raises ``ValueError`` for coordinates beyond ``LOWEST`` and ``HIGHEST``, or rows of none of the names.
        """
        if not len(rows):
            return
        rows, owners = checked(rows), owners_of(of, len(rows), len(names))
        known = np.array([self._names.setdefault(name, len(self._names)) for name in names], np.int32)
        group = np.zeros(len(names), np.int32) if groups is None else np.asarray(groups, np.int32)
        if len(group) != len(names):
            raise ValueError(f"{len(group)} groups are given for {len(names)} names")
        things = _things(rows, known[owners], group[owners])
        # The rows of one thing follow each other: it is kept once.
        begins = np.ones(len(things), np.bool_)
        begins[1:] = (things[1:] != things[:-1]).any(axis=1)
        self._axes.append(rows[:, :6].copy())
        self._number.append(rows[:, Column.NUMBER].copy())
        self._owner.append((np.cumsum(begins) - 1 + self._count).astype(np.int32))
        self._things.append(things[begins])
        self._count += len(self._things[-1])

    def finish(self) -> Snapshot:
        """The snapshot; the builder is not to be used afterwards."""
        axes, number, owner = (np.concatenate(given) for given in (self._axes, self._number, self._owner))
        self._axes, self._number, self._owner = [], [], []
        return Snapshot(axes, number, owner, np.concatenate(self._things), list(self._names))


class Snapshot:
    """Rows of many objects in a grid. Made by a ``Builder``; never changed."""

    def __init__(self, axes: Ints, number: Ints, owner: Ints, things: Ints, names: Sequence[Name]):
        self._grid, order = gridded(axes, _beside(things)[owner])
        # Things and names are numbered as they lie, so that neighbours are neighbours in memory too.
        owner, things_order = _by_place(owner[order], len(things))
        named, names_order = _by_place(things[things_order, sweep.NAME], len(names))
        things = things[things_order]
        things[:, sweep.NAME] = named
        self._others: Others = (axes[order], owner, number[order], things)
        self._groups = np.unique(things[:, sweep.GROUP])
        texts = [f"{kind} {name}".encode() for kind, name in (names[k] for k in names_order)]
        self._ends = np.cumsum([0, *map(len, texts)])
        self._texts = b"".join(texts)

    @property
    def objects(self) -> int:
        """How many objects there are."""
        return len(self._ends) - 1

    @property
    def segments(self) -> int:
        """How many rows there are."""
        return len(self._others[0])

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        return sum(one.nbytes for one in (*self._others, *self._grid.arrays, self._ends)) + len(self._texts)

    def name(self, number: int) -> Name:
        """Kind and id of an object by its number."""
        kind, _, name = self._texts[self._ends[number] : self._ends[number + 1]].decode().partition(" ")
        return kind, name

    def search(self, subjects: Subjects, asked: Asked, first: int = 0, last: int | None = None) -> Found:
        """What is too near to the subjects from ``first`` up to ``last``.

        Raises ``ValueError`` where there are no such subjects, or a group of which ``asked`` says nothing.
        """
        last = len(subjects) if last is None else last
        if not 0 <= first <= last <= len(subjects):
            raise ValueError(f"of {len(subjects)} subjects there are none from {first} up to {last}")
        asked.require(subjects.groups, self._groups)
        most = asked.ch[:, self._groups].max(axis=1, initial=0).astype(np.int64)
        return _searched(subjects, asked, most, self._grid, self._others, first, last)


def near_rows(
    own: Rows,
    rows: Rows,
    of: Sequence[int] | Ints,
    asked: Asked,
    own_groups: Ints | None = None,
    groups: Ints | None = None,
) -> Found:
    """What is too near to one subject, out of few rows: row i is of object ``of[i]``. Groups are by row; all are in
    group 0 where they are left out. Rows may come more than once.

    Raises ``ValueError`` for coordinates beyond ``LOWEST`` and ``HIGHEST``, or a group of which ``asked`` says nothing.
    """
    rows = checked(rows)
    owned = np.zeros(len(own), np.int32) if own_groups is None else own_groups
    subjects = Subjects(own, owned, np.array((0, len(own)), np.int64))
    grouped = np.zeros(len(rows), np.int32) if groups is None else np.ascontiguousarray(groups, np.int32)
    asked.require(subjects.groups, grouped)
    if len(grouped) != len(rows):
        raise ValueError(f"{len(grouped)} groups are given for {len(rows)} rows")
    axes, owner, number, things, runs = few.laid_out(rows, owners_of(of, len(rows), _ANY_NUMBER), grouped)
    most = asked.ch.max(axis=1).astype(np.int64)
    return _searched(subjects, asked, most, in_runs(runs), (axes, owner, number, things), 0, 1)


def compile_all() -> None:
    """Have everything compiled that searches need: seconds, once in a process. Nothing is compiled after it."""
    row = np.zeros((1, len(Column)), np.int32)
    builder = Builder()
    builder.add([("asset", "compiled")], row, [0])
    snapshot = builder.finish()
    for asked in (Asked.alike(1), Asked.alike(1, 1, True)):
        snapshot.search(Subjects.of([row]), asked)
        near_rows(row, row, [0], asked)


def ready() -> bool:
    """Whether in this process everything is compiled: a search then compiles nothing."""
    return bool(sweep.sweep.signatures and few.laid_out.signatures)


class _Room:
    """The arrays one search writes to."""

    def __init__(self, keys: int = _KEYS, doubts: int = _DOUBTS, lines: int = _LINES):
        self.found = np.empty((lines, FOUND_COLUMNS), np.int64)
        self.doubts = np.empty((doubts, sweep.DOUBT_COLUMNS), np.int64)
        kept, touched = np.empty((keys, 3), np.int32), np.empty(keys, np.int64)
        spans, picked = np.empty((keys // 4, 3), np.int64), np.empty((keys // 4, sweep.PICKED_COLUMNS), np.int32)
        around, counts = np.zeros(4, np.int64), np.zeros(2, np.int64)
        self.work = np.full(keys, -1, np.int32), kept, touched, around, spans, picked, counts, self.doubts

    def larger(self) -> _Room:
        """Four times as much."""
        return _Room(4 * len(self.work[0]), 4 * len(self.doubts), 4 * len(self.found))


def _searched(
    subjects: Subjects, asked: Asked, most: Longs, grid: Grid, others: Others, first: int, last: int
) -> Found:
    order = subjects.by_place(first, last)
    of = (subjects.rows, subjects.groups, most, grid.arrays, others, asked.plain)
    given = _room(min(max(_LINES, _EACH * len(order)), _MOST))
    found: list[Longs] = []
    done = 0
    while done < len(order):
        done, lines, doubts, crowded = sweep.sweep(subjects.starts, order, done, *of, given.work, given.found)
        found.append(_decided(given, lines, doubts, subjects.rows, others, asked))
        if crowded:
            given = given.larger()
    if len(given.found) == _LINES and len(_ROOMS) < _KEPT:
        _ROOMS.append(given)
    return _told(found, order)


#: Rooms that no search uses: each is taken by one at a time, whatever the thread.
_ROOMS: Final[list[_Room]] = []
#: So many are kept at most.
_KEPT: Final = 16


def _room(lines: int) -> _Room:
    """Room for so many lines. That for few is used again: to have it made takes as long as a short search."""
    if lines == _LINES:
        with suppress(IndexError):
            return _ROOMS.pop()
    return _Room(lines=lines)


def _decided(given: _Room, lines: int, doubts: int, own: Rows, others: Others, asked: Asked) -> Longs:
    """The lines found, with what was in doubt decided by the exact kernels: the least of each subject and object."""
    found = given.found[:lines].copy()
    besides: dict[tuple[int, int], Line] = {}
    for line in given.doubts[:doubts].tolist():
        k, j, slab = line[sweep.OWN_ROW], line[sweep.OTHER_ROW], line[sweep.SLAB]
        widths = int(own[k, Column.WIDTH]) + int(others[3][others[1][j], sweep.WIDTH])
        gap = _exact_gap(own[k, :6].tolist(), others[0][j].tolist(), widths, slab, asked.euclid)
        if gap is None or gap >= line[sweep.ASKED]:
            continue
        subject, other = line[sweep.SUBJECT], line[sweep.OTHER]
        decided = gap, int(own[k, Column.NUMBER]), int(others[2][j])
        first, last = np.searchsorted(found[:, 0], (subject, subject + 1))
        there = first + np.flatnonzero(found[first:last, 1] == other)
        if len(there):
            found[there[0], 2:] = min(decided, tuple(found[there[0], 2:].tolist()))
        else:
            besides[subject, other] = min(decided, besides.get((subject, other), decided))
    if besides:
        found = np.concatenate([found, np.array([(*key, *line) for key, line in besides.items()], np.int64)])
        found = found[np.argsort((found[:, 0] << 32) + found[:, 1])]
    return found


def _exact_gap(a: Sequence[int], b: Sequence[int], widths: int, slab: int, euclid: bool) -> int | None:
    """The gap of two axes in exact arithmetic (``compiled.axes_gap``)."""
    if UNKNOWN in (a[2], b[2]):
        near = plan_nearest(Axis(a[0], a[1], 0, a[3], a[4], 0), Axis(b[0], b[1], 0, b[3], b[4], 0), None)
    elif euclid:
        ends = [[(2 * p[0], 2 * p[1], p[2]), (2 * p[3], 2 * p[4], p[5])] for p in (a, b)]
        near = segment_distance(*ends)
        near = near._replace(den=4 * near.den)
    else:
        near = plan_nearest(Axis(*a), Axis(*b), None if slab == ANY else slab)
    return None if near is None else face_gap(near.num, near.den, widths)


def _told(found: Sequence[Longs], order: Longs) -> Found:
    lines = np.concatenate(found) if found else np.zeros((0, FOUND_COLUMNS), np.int64)
    # They come in the order in which subjects were searched for.
    subjects = order[lines[:, 0]]
    lines[:, 0] = subjects
    if (subjects[1:] < subjects[:-1]).any():
        lines = lines[np.argsort(subjects, kind="stable")]
    return Found(*(np.ascontiguousarray(lines[:, k]) for k in range(FOUND_COLUMNS)))


def _things(rows: Rows, names: Ints, groups: Ints) -> Ints:
    """A row of ``things`` for each row."""
    things = np.empty((len(rows), THING_COLUMNS), np.int32)
    things[:, sweep.WIDTH : sweep.Z + 1] = rows[:, Column.WIDTH : Column.Z + 1]
    things[:, sweep.BOXED] = rows[:, Column.FLAGS] & BOX
    things[:, sweep.GROUP], things[:, sweep.NAME] = groups, names
    return things


def _beside(things: Ints) -> Longs:
    """How far beside its axis each may lie, mm: half its width and its uncertainty, rounded up."""
    return (things[:, sweep.WIDTH].astype(np.int64) + 1) // 2 + things[:, sweep.XY]


def _by_place(numbers: Ints, count: int) -> tuple[Ints, Longs]:
    """Numbers given anew in the order in which they first come, and which one each new number was before."""
    first = np.full(count, len(numbers), np.int64)
    first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
    order = np.argsort(first, kind="stable")
    anew = np.empty(count, np.int32)
    anew[order] = np.arange(count)
    return anew[numbers], order
