"""One check at a time: the register's own path beside one statement of SQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from registry.core.boxes import Box, joined
from registry.core.chunks import SEGMENTS
from registry.core.index import ANY, Asked, near_rows
from registry.core.packed import THEME_NUMBERS, Column, Rows, theme_numbers
from registry.store.candidates import held_near
from tests.bench import sql
from tests.bench.answers import Answers
from tests.bench.applications import Applications
from tests.bench.city import CLEARANCE, THEMES
from tests.bench.measure import Measurement, progress
from tests.bench.setting import Setting

FIGURES: Final = ("single_check_p50_vs_sql_segments", "single_check_p95_vs_sql_lines")

#: Object and gap (mm).
Pairs = list[tuple[int, int]]
Method = Callable[[int], Pairs]
#: How many checks a method does before it is another's turn.
_IN_TURN: Final = 25
_FAR: Final = 2**31


def _asked() -> Asked:
    """What is asked of round things in space, by the numbers by which rows know themes."""
    numbers = [THEME_NUMBERS[theme] for theme in THEMES]
    asked = np.zeros((max(numbers) + 1,) * 2, np.int32)
    asked[np.ix_(numbers, numbers)] = CLEARANCE
    return Asked(asked, np.full_like(asked, ANY), euclid=True)


_ASKED: Final = _asked()


def measure(setting: Setting) -> Iterator[Measurement]:
    """Milliseconds for one check, the middle one and the slow ones, over applications of all lengths."""
    count, tried, rounds = (20, 5, 1) if setting.smoke else (300, 60, 3)
    applications, widest = setting.applications, sql.Widest.of(setting.city)
    given = [sql.parameters(applications.rows_of(k), int(applications.themes[k]), widest) for k in range(count)]

    def asked_of(statement: str) -> Method:
        return lambda k: sql.one_check(setting.connection, statement, given[k])

    everything = {**sql.SINGLE_SEGMENTS, **sql.SINGLE_LINES, **sql.SINGLE_CUT}
    statements = {name: asked_of(statement) for name, statement in everything.items()}
    progress("one check: trying each statement")
    first = timed(setting, statements, tried, 1)
    with setting.register.read() as session:
        ours = "store and core"
        best = {
            kind: min(names, key=lambda name: float(np.percentile(first[name], part)))
            for kind, names, part in (
                ("segments", sql.SINGLE_SEGMENTS, 50), ("lines", sql.SINGLE_LINES, 95), ("cut", sql.SINGLE_CUT, 95),
            )
        }  # fmt: skip
        progress(f"one check: {ours}, {', '.join(best.values())}")
        methods: dict[str, Method] = {ours: lambda k: check(session, applications, k)}
        methods |= {name: statements[name] for name in best.values()}
        times = timed(setting, methods, count, rounds)
        rows, size = read(session, applications, count)
        empty = round_trips(setting, session)
    p50, p95 = ({name: float(np.percentile(taken, part)) for name, taken in times.items()} for part in (50, 95))
    yield Measurement(FIGURES[0], p50[ours], "ms", p50[best["segments"]], None if setting.smoke else 3.0,
                      against=best["segments"])  # fmt: skip
    yield Measurement(FIGURES[1], p95[ours], "ms", p95[best["lines"]], None if setting.smoke else 20.0,
                      against=best["lines"])  # fmt: skip
    for name in times:
        yield Measurement(f"one check, {name}: p50", p50[name], "ms", told=f"p95 {p95[name]:.3g} ms, over {count}")
    for name, taken in first.items():
        if name not in times:
            yield Measurement(f"one check, {name}: p50", float(np.percentile(taken, 50)), "ms",
                              told=f"p95 {np.percentile(taken, 95):.3g} ms, over {tried} only")  # fmt: skip
    yield Measurement("one check, rows read: p50", rows, "segments", told=f"{size:.0f} kB; p50 of conflicts "
                      f"{np.percentile(np.bincount(setting.found.application), 50):.0f}")  # fmt: skip
    for name, taken in empty.items():
        yield Measurement(f"floor: SELECT 1 {name}: p50", taken, "ms")


def timed(setting: Setting, methods: Mapping[str, Method], count: int, rounds: int) -> dict[str, Any]:
    """Milliseconds by method for each application: the middle of so many rounds, in which methods take turns.

    A turn is some checks long, as a server that is busy with one kind of work goes from check to check.

    What each found is compared with what the index finds; a first round is not timed.
    """
    times: dict[str, Any] = {name: np.zeros((rounds, count)) for name in methods}
    found: dict[str, list[tuple[int, int, int]]] = {name: [] for name in methods}
    for k in range(count):
        for name, method in methods.items():
            found[name] += [(k, *pair) for pair in method(k)]
    for turn in range(rounds):
        for first in range(0, count, _IN_TURN):
            for name, method in methods.items():
                for k in range(first, min(first + _IN_TURN, count)):
                    start = time.perf_counter()
                    method(k)
                    times[name][turn, k] = time.perf_counter() - start
    for name in methods:
        setting.compare(name, Answers.of_rows(found[name]), count)
    return {name: np.median(taken, axis=0) * 1e3 for name, taken in times.items()}


def check(s: Session, applications: Applications, number: int) -> Pairs:
    """As the register looks around: the chunks near an application in one statement, then the compiled kernels."""
    own = applications.rows_of(number)
    most = int(CLEARANCE[applications.themes[number]].max())
    held = held_near(s, boxes(own, most), ("asset",))
    found = near_rows(own, held.rows, held.of, _ASKED, theme_numbers(own), theme_numbers(held.rows))
    # An object may have more chunks than one.
    nearest: dict[str, int] = {}
    for chunk, gap in zip(found.object.tolist(), found.gap.tolist(), strict=True):
        name = held.names[chunk][1]
        if gap < nearest.get(name, _FAR):
            nearest[name] = gap
    return [(int(name), gap) for name, gap in nearest.items()]


def boxes(own: Rows, apart: int) -> list[Box]:
    """Boxes in plan that hold all that lies within ``apart`` (mm) of a line, as ``store.near.around`` makes them."""
    beside = apart + int(own[0, Column.WIDTH]) // 2 + 1 + int(own[0, Column.XY])
    firsts = np.arange(0, len(own), SEGMENTS)
    low = np.minimum(own[:, Column.X0 : Column.Z0], own[:, Column.X1 : Column.Z1])
    high = np.maximum(own[:, Column.X0 : Column.Z0], own[:, Column.X1 : Column.Z1])
    corners = np.minimum.reduceat(low, firsts) - beside, np.maximum.reduceat(high, firsts) + beside
    return joined((w, s, e, n) for w, s, e, n in np.concatenate(corners, axis=1).tolist())


def read(s: Session, applications: Applications, count: int) -> tuple[float, float]:
    """How many segments the middle check reads from the store, and how many kB that is."""
    counts = []
    for k in range(count):
        most = int(CLEARANCE[applications.themes[k]].max())
        counts.append(len(held_near(s, boxes(applications.rows_of(k), most), ("asset",)).rows))
    middle = float(np.percentile(counts, 50))
    return middle, middle * len(Column) * 4 / 1e3


def round_trips(setting: Setting, s: Session) -> dict[str, float]:
    """Milliseconds for a statement that does nothing, straight and through the register's session."""
    statement = text("SELECT 1")
    asked: dict[str, Callable[[], object]] = {
        "straight": lambda: setting.connection.execute(b"SELECT 1", prepare=True).fetchall(),
        "through the register": lambda: s.execute(statement).all(),
    }
    found = {}
    for name, work in asked.items():
        taken = []
        for _ in range(20 if setting.smoke else 1_000):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
        found[name] = float(np.percentile(taken, 50)) * 1e3
    return found
