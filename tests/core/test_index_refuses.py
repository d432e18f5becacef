"""What compiled code would read beyond its end, or cannot reckon with, never gets to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from registry.core.index import ANY, HIGHEST, LOWEST, Asked, Builder, Subjects, near_rows
from registry.core.packed import LARGEST, UNKNOWN, Column, Rows

NEAR = Asked.alike(100)


def rows(count: int = 1, **columns: int) -> Rows:
    """Segments of one metre, 10 mm wide, side by side."""
    made = np.zeros((count, len(Column)), np.int32)
    made[:, Column.X1], made[:, Column.WIDTH] = 1000, 10
    made[:, Column.Y0] = made[:, Column.Y1] = 20 * np.arange(count)
    for name, value in columns.items():
        made[:, Column[name]] = value
    return made


def search(subjects: Subjects, asked: Asked = NEAR, **ends: int) -> object:
    builder = Builder()
    builder.add([("asset", "a"), ("asset", "b")], rows(2), [0, 1])
    return builder.finish().search(subjects, asked, **ends)


def ints(*values: int) -> Any:
    return np.array(values, np.int64)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: near_rows(rows()[:, :10].copy(), rows(), [0], NEAR),
        lambda: near_rows(rows()[:, :11].copy(), rows(), [0], NEAR),
        lambda: near_rows(rows(), rows()[:, :6].copy(), [0], NEAR),
        lambda: near_rows(rows()[0], rows(), [0], NEAR),
        lambda: near_rows(rows(), rows(2), [0], NEAR),
        lambda: near_rows(rows(), rows(2), [-1, 0], NEAR),
        lambda: near_rows(rows(), rows(), [0], Asked(np.full((1, 1), 100, np.int32), np.zeros((0, 0), np.int32))),
        lambda: near_rows(rows(), rows(), [0], NEAR, groups=np.ones(1, np.int32)),
        lambda: near_rows(rows(), rows(), [0], NEAR, own_groups=np.full(1, -1, np.int32)),
        lambda: near_rows(rows(), rows(2), [0, 0], NEAR, groups=np.zeros(1, np.int32)),
        lambda: near_rows(rows(X0=LOWEST - 1), rows(), [0], NEAR),
        lambda: near_rows(rows(), rows(Y1=HIGHEST + 1), [0], NEAR),
        lambda: near_rows(rows(), rows(XY=LARGEST + 1), [0], NEAR),
        lambda: near_rows(rows(WIDTH=-1), rows(), [0], NEAR),
        lambda: near_rows(rows(Z0=2**28 + 1), rows(), [0], NEAR),
        lambda: near_rows(rows(), rows(Z1=-(2**28) - 1), [0], NEAR),
        lambda: near_rows(rows(), rows(Z0=UNKNOWN), [0], NEAR),
        lambda: Asked.alike(LARGEST + 1),
        lambda: Asked.alike(100, ANY - 1),
        lambda: Asked.alike(-1),
        lambda: Subjects(rows(), np.zeros(1, np.int32), ints(0, 1000)),
        lambda: Subjects(rows(2), np.zeros(2, np.int32), ints(0, 2, 1, 2)),
        lambda: Subjects(rows(2), np.zeros(2, np.int32), ints(1, 2)),
        lambda: Subjects(rows(2), np.zeros(1, np.int32), ints(0, 2)),
        lambda: Subjects(rows(), np.zeros(1, np.int32), ints()),
        lambda: Subjects(rows(X1=HIGHEST + 1), np.zeros(1, np.int32), ints(0, 1)),
        lambda: search(Subjects.of([rows()]), first=-1),
        lambda: search(Subjects.of([rows()]), last=2),
        lambda: search(Subjects.of([rows()]), first=1, last=0),
        lambda: search(Subjects.of([rows()], [1])),
        lambda: Builder().add([("asset", "a")], rows(2), [0, 1]),
        lambda: Builder().add([("asset", "a")], rows(), [-1]),
        lambda: Builder().add([("asset", "a")], rows(2), [0]),
        lambda: Builder().add([("asset", "a")], rows(), [0], []),
    ],
)
def test_it_is_refused(ask: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        ask()


@pytest.mark.parametrize("make", [np.asfortranarray, lambda some: some.astype(np.int64), lambda some: some[::1]])
def test_however_rows_lie_in_memory_the_answer_is_the_same(make: Callable[[Rows], Rows]) -> None:
    given = make(rows(3))
    given.setflags(write=False)
    found = near_rows(make(rows()), given, [0, 1, 2], Asked.alike(25, ANY))
    assert (found.object.tolist(), found.gap.tolist()) == ([0, 1], [-10, 10])
