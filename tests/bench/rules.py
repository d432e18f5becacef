"""The two-number rule beside the distance in space: the same data, the same index; and held against brute force."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

import numpy as np

from registry.core.kernels import Axis, face_gap, plan_nearest
from registry.core.packed import Column, Rows
from tests.bench.answers import Answers
from tests.bench.applications import Applications
from tests.bench.city import CLEARANCE, UNCERTAINTY, VERTICAL, City
from tests.bench.measure import Measurement, progress
from tests.bench.setting import EUCLID, TWO_NUMBERS, Setting

FIGURES: Final = ("two_number_rule_vs_euclid",)


def measure(setting: Setting) -> Iterator[Measurement]:
    """Microseconds for one check on one core, by either rule, in turns."""
    applications = setting.applications
    subjects = applications.subjects()
    progress(f"the two-number rule and the distance in space: {len(applications)} applications")
    rules = {"two": TWO_NUMBERS, "space": EUCLID}
    for asked in rules.values():
        setting.snapshot.search(subjects, asked)
    taken: dict[str, list[float]] = {name: [] for name in rules}
    for _ in range(1 if setting.smoke else 15):
        for name, asked in rules.items():
            start = time.perf_counter()
            setting.snapshot.search(subjects, asked)
            taken[name].append(time.perf_counter() - start)
    two, space = (float(np.median(taken[name])) / len(applications) * 1e6 for name in ("two", "space"))
    sample = 5 if setting.smoke else 100
    found = setting.told(setting.snapshot.search(subjects, TWO_NUMBERS))
    progress(f"the two-number rule by brute force: {sample} applications")
    wrong = _wrong(found.first(sample), by_brute_force(setting.city, applications, sample))
    setting.compared["two-number rule by brute force"] = len(found.first(sample))
    setting.wrong += wrong
    yield Measurement(FIGURES[0], two, "µs/check", space, None if setting.smoke else 1.3, "growth",
                      "the distance in space, same index")  # fmt: skip
    yield Measurement("conflicts a check, two-number rule", len(found) / len(applications), "",
                      told=f"by distance in space {len(setting.found) / len(applications):.3g}")  # fmt: skip


def _wrong(ours: Answers, exactly: Answers) -> list[str]:
    """The pairs on which they differ, in words."""
    mine, theirs = ours.pairs, exactly.pairs
    return [
        f"DISAGREEMENT: application {pair[0]} and object {pair[1]}: the two-number rule {mine.get(pair)}, "
        f"by brute force {theirs.get(pair)} mm"
        for pair in sorted({pair for pair, _ in mine.items() ^ theirs.items()})
    ]


def by_brute_force(city: City, applications: Applications, count: int) -> Answers:
    """What is too near to the first so many by the two-number rule: boxes of all segments, then exact arithmetic."""
    x0, y0, x1, y1 = (city.rows[:, k] for k in (Column.X0, Column.Y0, Column.X1, Column.Y1))
    low, high = (np.minimum(x0, x1), np.minimum(y0, y1)), (np.maximum(x0, x1), np.maximum(y0, y1))
    beside = int(CLEARANCE.max()) + 2 * int(UNCERTAINTY.max()) + int(city.rows[:, Column.WIDTH].max())
    found: list[tuple[int, int, int]] = []
    for number in range(count):
        own = applications.rows_of(number)
        about = own[:, :5].astype(np.int64)
        margin = beside + int(own[0, Column.WIDTH])
        around = np.flatnonzero(
            (high[0] >= about[:, [0, 3]].min() - margin) & (low[0] <= about[:, [0, 3]].max() + margin)
            & (high[1] >= about[:, [1, 4]].min() - margin) & (low[1] <= about[:, [1, 4]].max() + margin)
        )  # fmt: skip
        for row in own:
            near = around[
                (high[0][around] >= min(row[0], row[3]) - margin) & (low[0][around] <= max(row[0], row[3]) + margin)
                & (high[1][around] >= min(row[1], row[4]) - margin) & (low[1][around] <= max(row[1], row[4]) + margin)
            ]  # fmt: skip
            for j in near.tolist():
                theme = int(applications.themes[number]), int(city.themes[city.of[j]])
                gap = gap_of(row, city.rows[j], int(VERTICAL[theme]))
                if gap is not None and gap < int(CLEARANCE[theme]) + int(row[Column.XY]) + int(city.rows[j, Column.XY]):
                    found.append((number, int(city.of[j]), gap))
    return Answers.of_rows(found)


def gap_of(row: Rows, other: Rows, vertical: int) -> int | None:
    """The gap (mm) in plan of two segments where they are vertically too close, exactly; ``None``: nowhere."""
    a, b = row.tolist(), other.tolist()
    slab = a[Column.HEIGHT] + b[Column.HEIGHT] + 2 * (vertical + a[Column.Z] + b[Column.Z])
    near = plan_nearest(Axis(*a[:6]), Axis(*b[:6]), max(slab, 1))
    return None if near is None else face_gap(near.num, near.den, a[Column.WIDTH] + b[Column.WIDTH])
