"""What was found, by whatever means, and where two of them differ: told pair by pair, and decided exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.core.kernels import face_gap, segment_distance
from registry.core.packed import Column, Rows
from tests.bench.applications import Applications
from tests.bench.city import CLEARANCE, City, Longs


@dataclass(frozen=True)
class Answers:
    """Each application (by number) with each object (by number) too near to it, and the gap (mm), in that order."""

    application: Longs
    object: Longs
    gap: Longs

    @classmethod
    def of(cls, application: NDArray[Any], number: NDArray[Any], gap: NDArray[Any]) -> Answers:
        """In whatever order; of one pair that comes more than once the least gap counts."""
        order = np.lexsort((gap, number, application))
        told = [np.asarray(one, np.int64)[order] for one in (application, number, gap)]
        first = np.ones(len(order), bool)
        first[1:] = (told[0][1:] != told[0][:-1]) | (told[1][1:] != told[1][:-1])
        return cls(*(one[first] for one in told))

    @classmethod
    def of_rows(cls, rows: list[tuple[int, int, int]]) -> Answers:
        """Out of rows of application, object and gap."""
        told = np.array(rows, np.int64).reshape(-1, 3)
        return cls.of(told[:, 0], told[:, 1], told[:, 2])

    def first(self, count: int) -> Answers:
        """Those of the first so many applications."""
        kept = self.application < count
        return Answers(self.application[kept], self.object[kept], self.gap[kept])

    @property
    def pairs(self) -> dict[tuple[int, int], int]:
        """The gap by application and object."""
        return {(a, o): gap for a, o, gap in zip(*map(np.ndarray.tolist, self._columns), strict=True)}

    @property
    def _columns(self) -> tuple[Longs, Longs, Longs]:
        return self.application, self.object, self.gap

    def __len__(self) -> int:
        return len(self.gap)


@dataclass(frozen=True)
class Difference:
    """One pair on which ``method`` differs from the index: ``theirs`` and ``ours`` are gaps (mm), ``None`` where it was
    not found. ``exactly`` is what exact arithmetic gives, between segments ``own`` and ``other``; where it is no less
    than ``asked``, nothing was to be found."""

    method: str
    application: int
    object: int
    ours: int | None
    theirs: int | None
    exactly: int
    asked: int
    own: Rows
    other: Rows

    @property
    def documented(self) -> bool:
        """Whether it is an error of ``ST_3DDistance`` that is known: up to 0.1 mm too far, never too near."""
        further = self.exactly + 1
        error = self.theirs == (further if further < self.asked else None)
        return self.method.startswith("sql") and self.ours == self.exactly < self.asked and error

    def __str__(self) -> str:
        said = "documented PostGIS error" if self.documented else "DISAGREEMENT"
        return (
            f"{said}: application {self.application} and object {self.object}: {self.method} {self.theirs}, "
            f"the index {self.ours}, exactly {self.exactly} of {self.asked} mm\n"
            f"    {self.own[:6].tolist()}\n    {self.other[:6].tolist()}"
        )


def differences(
    method: str, city: City, applications: Applications, ours: Answers, theirs: Answers
) -> Iterator[Difference]:
    """Every pair that only one of them found, or to which they give another gap."""
    mine, yours = ours.pairs, theirs.pairs
    for pair in sorted({pair for pair, _ in mine.items() ^ yours.items()}):
        gap, asked, own, other = exact_gap(city, applications, *pair)
        yield Difference(method, *pair, mine.get(pair), yours.get(pair), gap, asked, own, other)


def exact_gap(city: City, applications: Applications, application: int, number: int) -> tuple[int, int, Rows, Rows]:
    """The gap (mm) of an application and an object by exact arithmetic, what is asked, and which two segments it is
    between."""
    best: tuple[int, int, int] | None = None
    rows, others = applications.rows_of(application), city.rows[city.starts[number] : city.starts[number + 1]]
    for i, own in enumerate(rows.tolist()):
        for j, other in enumerate(others.tolist()):
            near = segment_distance(ends(own), ends(other))
            # In half mm, squared: four times as many as in mm.
            gap = face_gap(near.num, 4 * near.den, own[Column.WIDTH] + other[Column.WIDTH])
            if best is None or gap < best[0]:
                best = gap, i, j
    assert best is not None
    gap, i, j = best
    asked = int(CLEARANCE[applications.themes[application], city.themes[number]])
    asked += int(rows[i, Column.XY]) + int(others[j, Column.XY])
    return gap, asked, rows[i], others[j]


def ends(row: list[int]) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Both ends of the axis of a row, all in half mm."""
    return (2 * row[0], 2 * row[1], row[2]), (2 * row[3], 2 * row[4], row[5])
