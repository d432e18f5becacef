"""A snapshot of all that lies in the ground, held in memory for many searches: which of it is too near to what.

What is found is told in whole millimetres, the same as the exact kernels give (``kernels.face_gap``), whatever the
order in which rows came, how searches are cut into batches, and on how many threads they run: a search lets go of the
interpreter's lock and changes nothing of the snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import numpy as np

from registry.core import few, pairs, sweep
from registry.core.compiled import ANY as ANY
from registry.core.few import HIGHEST as HIGHEST
from registry.core.few import LOWEST as LOWEST
from registry.core.grid import Codes, Grid, Ints, Longs, gridded, in_runs
from registry.core.kernels import Axis, face_gap, plan_nearest, segment_distance
from registry.core.packed import BOX, UNKNOWN, Column, Rows
from registry.core.pairs import THING_COLUMNS
from registry.core.searches import Asked as Asked
from registry.core.searches import Found as Found
from registry.core.searches import Subjects as Subjects
from registry.core.searches import checked, owners_of, required

#: Kind and id of an object.
Name = tuple[str, str]
#: Gap, own and other number.
Line = tuple[int, int, int]
#: Rows, codes and things, as ``sweep`` takes them.
Others = tuple[Ints, Codes, Ints]

#: Room for so many others near one subject (half of it is used) and for so many doubts, to begin with.
_KEYS: Final = 1024
_DOUBTS: Final = 256
#: Objects may have any number up to this.
_ANY_NUMBER: Final = 2**31 - 1
#: Room for so many lines found, to begin with: at least, and for each subject.
_LINES: Final = 1024
_EACH: Final = 64


class Builder:
    """Takes rows in, in any order and in as many calls as it takes; ``finish`` makes the snapshot of them."""

    def __init__(self) -> None:
        self._names: dict[Name, int] = {}
        self._rows = [np.zeros((0, pairs.ROW_COLUMNS), np.int32)]
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
        kept = np.empty((len(rows), pairs.ROW_COLUMNS), np.int32)
        kept[:, : pairs.Z1 + 1] = rows[:, : Column.Z1 + 1]
        kept[:, pairs.THING] = np.cumsum(begins) - 1 + self._count
        kept[:, pairs.NUMBER] = rows[:, Column.NUMBER]
        self._rows.append(kept)
        self._things.append(things[begins])
        self._count += len(self._things[-1])

    def finish(self) -> Snapshot:
        """The snapshot; the builder is not to be used afterwards."""
        rows, self._rows = np.concatenate(self._rows), []
        return Snapshot(rows, np.concatenate(self._things), list(self._names))


class Snapshot:
    """Rows of many objects in a grid. Made by a ``Builder``; never changed."""

    def __init__(self, rows: Ints, things: Ints, names: Sequence[Name]):
        self._grid, order, codes = gridded(rows, _beside(things)[rows[:, pairs.THING]])
        rows = rows[order]
        # Things and names are numbered as they lie, so that neighbours are neighbours in memory too.
        rows[:, pairs.THING], things_order = _by_place(rows[:, pairs.THING], len(things))
        named, names_order = _by_place(things[things_order, pairs.NAME], len(names))
        things = things[things_order]
        things[:, pairs.NAME] = named
        self._others: Others = rows, codes, things
        self._groups = np.unique(things[:, pairs.GROUP])
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
    grouped: Ints = np.zeros(len(rows), np.int32) if groups is None else required(groups, np.int32)
    asked.require(subjects.groups, grouped)
    if len(grouped) != len(rows):
        raise ValueError(f"{len(grouped)} groups are given for {len(rows)} rows")
    *others, runs = few.laid_out(rows, owners_of(of, len(rows), _ANY_NUMBER), grouped)
    return _searched(subjects, asked, asked.most, in_runs(runs), tuple(others), 0, 1)


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
    """The arrays one search works in: what is near one subject, and what is in doubt of it."""

    def __init__(self, keys: int = _KEYS, doubts: int = _DOUBTS):
        self.doubts = np.empty((doubts, pairs.DOUBT_COLUMNS), np.int64)
        kept, touched = np.empty((keys, 3), np.int32), np.empty(keys, np.int64)
        near = 4 * keys
        picked, hit = np.empty((sweep.PICKED_COLUMNS, near), np.int32), np.empty(near, np.uint8)
        chosen, around, counts = np.empty(near, np.int32), np.zeros(4, np.int64), np.zeros(2, np.int64)
        measured, whose = np.empty(pairs.PAIRS_ROOM), np.empty((pairs.PAIRS, pairs.WHOSE_COLUMNS), np.int32)
        names = np.full(keys, pairs.EMPTY, np.int32)
        self.work = names, kept, touched, around, picked, hit, chosen, measured, whose, counts, self.doubts

    def larger(self) -> _Room:
        """Four times as much."""
        return _Room(4 * len(self.work[0]), 4 * len(self.doubts))


def _searched(
    subjects: Subjects, asked: Asked, most: Longs, grid: Grid, others: Others, first: int, last: int
) -> Found:
    order = subjects.by_place(first, last)
    of = (subjects.rows, subjects.groups, most, grid.arrays, others, asked.plain)
    room = _room()
    found = np.empty((max(_LINES, _EACH * len(order)), sweep.FOUND_COLUMNS), np.int32)
    ends = np.zeros(len(order), np.int64)
    besides: dict[tuple[int, int], Line] = {}
    done = at = 0
    while done < len(order):
        done, at, doubts, short, crowded = sweep.sweep(subjects.starts, order, done, *of, room.work, found, ends, at)
        if doubts:
            _decide(room.doubts[:doubts], found, ends, besides, subjects.rows, others, asked)
        if crowded:
            room = room.larger()
        if short:
            found = np.concatenate([found, np.empty_like(found)])
    _put_back(room)
    told = sweep.in_turn(found, ends, order)
    return Found(*(_with(told, besides, order) if besides else told))


#: Rooms that no search uses: each is taken by one at a time, whatever the thread. To have one made takes as long as a
#: short search.
_ROOMS: Final[list[_Room]] = []
#: So many are kept at most.
_KEPT: Final = 16


def _room() -> _Room:
    # In one step: another thread may take the last one.
    with suppress(IndexError):
        return _ROOMS.pop()
    return _Room()


def _put_back(room: _Room) -> None:
    if len(_ROOMS) < _KEPT and len(room.work[0]) == _KEYS:
        _ROOMS.append(room)


def _decide(
    doubts: Longs, found: Ints, ends: Longs, besides: dict[tuple[int, int], Line], own: Rows, others: Others,
    asked: Asked,
) -> None:  # fmt: skip
    """Have what is in doubt decided by the exact kernels, so that of each subject and object there is the least: in
    ``found``, or in ``besides`` where nothing of them was found."""
    rows, _, things = others
    for line in doubts.tolist():
        k, j, slab = line[pairs.DOUBT_OWN], line[pairs.DOUBT_OTHER], line[pairs.DOUBT_SLAB]
        widths = int(own[k, Column.WIDTH]) + int(things[rows[j, pairs.THING], pairs.WIDTH])
        gap = _exact_gap(own[k, :6].tolist(), rows[j, :6].tolist(), widths, slab, asked.euclid)
        if gap is None or gap >= line[pairs.DOUBT_ASK]:
            continue
        place, other = line[pairs.DOUBT_PLACE], line[pairs.DOUBT_NAME]
        decided = gap, int(own[k, Column.NUMBER]), int(rows[j, pairs.NUMBER])
        lines = found[int(ends[place - 1]) if place else 0 : int(ends[place])]
        there = np.flatnonzero(lines[:, sweep.FOUND_OBJECT] == other)
        if len(there):
            lines[there[0], sweep.FOUND_GAP :] = min(decided, tuple(lines[there[0], sweep.FOUND_GAP :].tolist()))
        else:
            besides[place, other] = min(decided, besides.get((place, other), decided))


def _with(told: Ints, besides: Mapping[tuple[int, int], Line], order: Longs) -> Ints:
    """Lines in the order of subject and object, with some more, which have places in ``order`` for subjects."""
    more = sorted((int(order[place]), other, *line) for (place, other), line in besides.items())
    at = []
    for subject, other, *_ in more:
        first, last = np.searchsorted(told[0], (subject, subject + 1))
        at.append(first + np.searchsorted(told[1, first:last], other))
    return np.insert(told, at, np.array(more, np.int32).T, axis=1)


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


def _things(rows: Rows, names: Ints, groups: Ints) -> Ints:
    """A row of ``things`` for each row."""
    things = np.empty((len(rows), THING_COLUMNS), np.int32)
    things[:, pairs.WIDTH : pairs.Z + 1] = rows[:, Column.WIDTH : Column.Z + 1]
    things[:, pairs.BOXED] = rows[:, Column.FLAGS] & BOX
    things[:, pairs.GROUP], things[:, pairs.NAME] = groups, names
    return things


def _beside(things: Ints) -> Longs:
    """How far beside its axis each may lie, mm: half its width and its uncertainty, rounded up."""
    return (things[:, pairs.WIDTH].astype(np.int64) + 1) // 2 + things[:, pairs.XY]


def _by_place(numbers: Ints, count: int) -> tuple[Ints, Longs]:
    """Numbers given anew in the order in which they first come, and which one each new number was before."""
    first = np.full(count, len(numbers), np.int64)
    first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
    order = np.argsort(first, kind="stable")
    anew = np.empty(count, np.int32)
    anew[order] = np.arange(count)
    return anew[numbers], order
