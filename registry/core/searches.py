"""What a search of the snapshot (``index``) takes and gives, checked for what compiled code cannot reckon with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from registry.core import few
from registry.core.compiled import ANY
from registry.core.few import HIGHEST, LOWEST
from registry.core.grid import Ints, Longs, along_curve
from registry.core.packed import LARGEST, UNKNOWN, Column, Rows

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

    def __post_init__(self) -> None:
        """Raises ``ValueError`` where too much is asked, or not of the same groups."""
        if self.ch.shape != self.cv.shape or self.ch.ndim != 2:
            raise ValueError(f"what is asked sideways is said of {self.ch.shape}, and in height of {self.cv.shape}")
        if max(int(self.ch.max(initial=0)), int(self.cv.max(initial=0))) > LARGEST:
            raise ValueError(f"no more than {LARGEST} mm can be asked")
        if self.ch.min(initial=0) < 0 or self.cv.min(initial=0) < ANY:
            raise ValueError("no less than nothing can be asked")
        # Of its own, as what is told of them below is told once.
        object.__setattr__(self, "ch", np.array(self.ch, np.int32, order="C"))
        object.__setattr__(self, "cv", np.array(self.cv, np.int32, order="C"))

    @property
    def plain(self) -> tuple[Ints, Ints, bool]:
        """As ``sweep`` takes it."""
        return self.ch, self.cv, bool(self.euclid)

    @cached_property
    def most(self) -> Longs:
        """The most that is asked sideways of any, by own group."""
        most: Longs = self.ch.max(axis=1, initial=0).astype(np.int64)
        return most

    def require(self, *groups: Ints) -> None:
        """Raises ``ValueError`` where there is a group of which nothing is said."""
        for some in groups:
            least, most = few.extremes(some)
            if least < 0 or most >= min(self.ch.shape):
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
        object.__setattr__(self, "rows", checked(self.rows))
        object.__setattr__(self, "groups", required(self.groups, np.int32))
        object.__setattr__(self, "starts", required(self.starts, np.int64))
        if not few.follow(self.starts, len(self.rows)):
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
        joined = np.concatenate(subjects) if counts else no_rows()
        return cls(joined, np.repeat(numbers, counts), starts)

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

    subject: Ints
    object: Ints
    gap: Ints
    own: Ints
    other: Ints

    def __len__(self) -> int:
        return len(self.subject)


def owners_of(of: Sequence[int] | Ints, rows: int, names: int) -> Ints:
    """Whose each row is. Raises ``ValueError`` where that is not told of each, or is none of the names."""
    owners: Ints = required(of, np.int32)
    if owners.shape != (rows,) or (rows and not _among(owners, names)):
        raise ValueError(f"of {rows} rows each is to be of one of the names; told are {owners.shape}")
    return owners


def checked(rows: Rows) -> Rows:
    """Rows as the compiled code takes them. Raises ``ValueError`` for what it cannot reckon with."""
    if rows.ndim != 2 or rows.shape[1] != len(Column):
        raise ValueError(f"rows have {len(Column)} columns; these are {rows.shape}")
    if rows.dtype != np.int32:
        rows = np.clip(rows, UNKNOWN, -(UNKNOWN + 1))
    given: Rows = required(rows, np.int32)
    told = few.fit(given)
    if told == few.TOO_FAR:
        raise ValueError(f"coordinates lie beyond {LOWEST} and {HIGHEST} mm")
    if told == few.TOO_HIGH:
        raise ValueError(f"heights lie beyond {few.HIGH} half mm, or one of two is unknown")
    if told == few.TOO_LARGE:
        raise ValueError(f"sizes and uncertainties lie beyond 0 and {LARGEST} mm")
    return given


def required(given: Any, kind: Any) -> Any:
    """As compiled code takes it: of that type, and laid out and writable as what it was compiled for."""
    flags = given.flags if isinstance(given, np.ndarray) and given.dtype == kind else None
    if flags is not None and flags.c_contiguous and flags.writeable:
        return given
    return np.require(given, kind, ["C", "W"])


def _among(owners: Ints, names: int) -> bool:
    least, most = few.extremes(owners)
    return bool(least >= 0 and most < names)


def no_rows() -> Rows:
    """Rows of nothing."""
    return np.zeros((0, len(Column)), np.int32)
