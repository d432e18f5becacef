"""A snapshot of all that lies in the ground, held in memory for many searches: which of it is too near to what.

What is found is told in whole millimetres, the same as the exact kernels give (``kernels.face_gap``), whatever the
order in which rows came, how searches are cut into batches, and on how many threads they run: a search lets go of the
interpreter's lock and changes nothing of the snapshot.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import numpy as np

from registry.core import few, sweep
from registry.core.compiled import ANY as ANY
from registry.core.few import HIGHEST as HIGHEST
from registry.core.few import LOWEST as LOWEST
from registry.core.grid import Grid, Ints, Longs, along_curve, gridded, in_runs
from registry.core.kernels import Axis, face_gap, plan_nearest, segment_distance
from registry.core.packed import BOX, LARGEST, UNKNOWN, Column, Rows
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
#: Subjects lie near each other in a square so wide, as a power of two (mm).
_SQUARE: Final = 16


@dataclass(frozen=True)
class Asked:
    """What is asked: something is found where the gap is less than ``ch`` (mm, sideways) where the vertical gap is less
    than ``cv`` (mm; ``ANY``: at any depth), by the own group and that of the other. The uncertainty of position of both
    is added to what is asked. With ``euclid`` the gap is that in space, between round things, and ``cv`` is not looked
    at.
    """

    ch: Ints
    cv: Ints
    euclid: bool = False

    @property
    def plain(self) -> tuple[Ints, Ints, bool]:
        """As ``sweep`` takes it."""
        return np.ascontiguousarray(self.ch, np.int32), np.ascontiguousarray(self.cv, np.int32), self.euclid

    def require(self, *groups: Ints) -> None:
        """Raises ``ValueError`` where there is a group of which nothing is said, or too much is asked."""
        if max(int(self.ch.max(initial=0)), int(self.cv.max(initial=0))) > LARGEST:
            raise ValueError(f"no more than {LARGEST} mm can be asked")
        most = max((int(some.max(initial=0)) for some in groups), default=0)
        least = min((int(some.min(initial=0)) for some in groups), default=0)
        if self.ch.shape != self.cv.shape or least < 0 or most >= min(self.ch.shape):
            raise ValueError(f"groups go from {least} to {most}; what is asked is said of {self.ch.shape}")

    @classmethod
    def alike(cls, ch: int, cv: int = ANY, euclid: bool = False) -> Asked:
        """The same of all, who are in group 0."""
        return cls(np.full((1, 1), ch, np.int32), np.full((1, 1), cv, np.int32), euclid)


@dataclass(frozen=True)
class Subjects:
    """Those on whose behalf is searched: subject k has the rows ``starts[k]`` up to ``starts[k + 1]``, in the order of
    their numbers; ``groups`` has one number for each row."""

    rows: Rows
    groups: Ints
    starts: Longs

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for what compiled code would read beyond its end, or cannot reckon with."""
        _checked(self.rows)
        steps = np.diff(self.starts)
        if not len(self.starts) or self.starts[0] != 0 or self.starts[-1] != len(self.rows) or (steps < 0).any():
            raise ValueError(f"starts do not go from 0 to {len(self.rows)}, each no less than the one before")
        if len(self.groups) != len(self.rows):
            raise ValueError(f"{len(self.groups)} groups are given for {len(self.rows)} rows")

    @classmethod
    def of(cls, subjects: Sequence[Rows], groups: Sequence[int] | None = None) -> Subjects:
        """Each with all its rows in one group: 0 unless ``groups`` says which."""
        counts = [len(rows) for rows in subjects]
        starts = np.zeros(len(counts) + 1, np.int64)
        np.cumsum(counts, out=starts[1:])
        numbers = np.zeros(len(counts), np.int32) if groups is None else np.asarray(groups, np.int32)
        joined = np.concatenate(subjects) if counts else _no_rows()
        return cls(_checked(joined), np.repeat(numbers, counts), starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def by_place(self, first: int, last: int) -> Longs:
        """The numbers of the subjects from ``first`` up to ``last``, those that lie near each other after one another:
        then what is looked at for one is at hand for the next."""
        order = np.arange(first, last)
        if last - first > 1:
            some = np.flatnonzero(self.starts[first + 1 : last + 1] > self.starts[first:last])
            begins = self.rows[self.starts[first + some], : Column.Z0]
            place = np.zeros(last - first, np.int64)
            place[some] = along_curve(begins[:, 0] >> _SQUARE, begins[:, 1] >> _SQUARE)
            order = order[np.argsort(place, kind="stable")]
        return order


@dataclass(frozen=True)
class Found:
    """One line for each subject and object that are too near: the least gap (mm), and of which of their rows (by their
    numbers): ties go to the lowest own, then the lowest other one. In order of subject and object.

    Where one of the two rows is a box (``packed``), the gap is the least that what is in it may have.
    """

    subject: Longs
    object: Longs
    gap: Longs
    own: Longs
    other: Longs

    def __len__(self) -> int:
        return len(self.subject)


class Builder:
    """Takes rows in, in any order and in as many calls as it takes; ``finish`` makes the snapshot of them."""

    def __init__(self) -> None:
        self._names: dict[Name, int] = {}
        self._axes, self._number, self._owner = [_no_rows()[:, :6]], [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
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
        rows, owners = _checked(rows), _owners(of, len(rows), len(names))
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
    own, rows = _checked(own), _checked(rows)
    owned = np.zeros(len(own), np.int32) if own_groups is None else np.ascontiguousarray(own_groups, np.int32)
    grouped = np.zeros(len(rows), np.int32) if groups is None else np.ascontiguousarray(groups, np.int32)
    asked.require(owned, grouped)
    if len(grouped) != len(rows):
        raise ValueError(f"{len(grouped)} groups are given for {len(rows)} rows")
    axes, owner, number, things, runs = few.laid_out(rows, _owners(of, len(rows), _ANY_NUMBER), grouped)
    subjects = Subjects(own, owned, np.array((0, len(own)), np.int64))
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
    return bool(sweep.sweep.signatures)


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
    """The gap of two axes in exact arithmetic (``compiled.segments_gap``)."""
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


def _owners(of: Sequence[int] | Ints, rows: int, names: int) -> Ints:
    """Whose each row is. Raises ``ValueError`` where that is not told of each, or is none of the names."""
    owners = np.require(of, np.int32, ["C", "W"])
    if owners.shape != (rows,) or (rows and not (owners.min() >= 0 and owners.max() < names)):
        raise ValueError(f"of {rows} rows each is to be of one of the names; told are {owners.shape}")
    return owners


def _checked(rows: Rows) -> Rows:
    """Rows as the compiled code takes them. Raises ``ValueError`` for what it cannot reckon with."""
    if rows.ndim != 2 or rows.shape[1] != len(Column):
        raise ValueError(f"rows have {len(Column)} columns; these are {rows.shape}")
    if rows.dtype != np.int32:
        rows = np.clip(rows, UNKNOWN, -(UNKNOWN + 1))
    given = np.require(rows, np.int32, ["C", "W"])
    told = few.fit(given)
    if told == few.TOO_FAR:
        raise ValueError(f"coordinates lie beyond {LOWEST} and {HIGHEST} mm")
    if told == few.TOO_LARGE:
        raise ValueError(f"sizes and uncertainties lie beyond 0 and {LARGEST} mm")
    return given


def _no_rows() -> Rows:
    return np.zeros((0, len(Column)), np.int32)
