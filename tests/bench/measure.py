"""Timing, and the shape in which a measurement is told."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from statistics import median
from typing import Literal

#: What a ratio says, and whether its target is the least or the most it may be. ``time``: how many times longer the
#: baseline takes; at least. ``rate``: how many times as many the baseline does not do; at least. ``growth``: how many
#: times the baseline it comes to; at most.
Kind = Literal["time", "rate", "growth"]


@dataclass(frozen=True)
class Measurement:
    """``value`` in ``unit``; ``baseline`` is that of what ``against`` says, measured in the same run and unit.

    ``target`` is a bound of ``ratio`` (see ``Kind``), or without a baseline the most ``value`` may be; ``None``:
    nothing is wanted. What ``told`` says is for who reads the table.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    target: float | None = None
    kind: Kind = "time"
    against: str = ""
    told: str = ""

    @property
    def ratio(self) -> float | None:
        """See ``Kind``; ``None`` without a baseline."""
        if self.baseline is None:
            return None
        over, under = (self.baseline, self.value) if self.kind == "time" else (self.value, self.baseline)
        return over / under if under else inf

    @property
    def ok(self) -> bool | None:
        """Whether the target is met; ``None`` without one."""
        if self.target is None:
            return None
        if self.ratio is None:
            return self.value <= self.target
        return self.ratio <= self.target if self.kind == "growth" else self.ratio >= self.target

    @property
    def wanted(self) -> str:
        """The target in words."""
        if self.target is None:
            return ""
        if self.ratio is None:
            return f"≤ {_shown(self.target)}"
        return f"{'≤' if self.kind == 'growth' else '≥'} {_shown(self.target)}×"

    def plain(self) -> dict[str, object]:
        """For a line of JSON."""
        names = ("name", "value", "unit", "baseline", "ratio", "target", "ok")
        return {name: getattr(self, name) for name in names}


def seconds(work: Callable[[], object], rounds: int) -> float:
    """The shortest time ``work`` took out of ``rounds``: the least disturbed one."""
    return min(_times(work, rounds))


def median_seconds(work: Callable[[], object], rounds: int) -> float:
    """The time ``work`` took in the middle one of ``rounds``."""
    return median(_times(work, rounds))


def _times(work: Callable[[], object], rounds: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return taken


def progress(text: str) -> None:
    """Say on standard error what is being done."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def table(measurements: Iterable[Measurement]) -> str:
    """A line for each, under a heading."""
    rows: list[tuple[str, ...]] = [("", "value", "unit", "baseline", "ratio", "target", "", "")]
    for item in measurements:
        verdict = {None: "", True: "ok", False: "MISSED"}[item.ok]
        ratio = "" if item.ratio is None else f"{_shown(item.ratio)}×"
        beside = "; ".join(filter(None, (item.against and f"against {item.against}", item.told)))
        rows.append((
            item.name, _shown(item.value), item.unit, _shown(item.baseline), ratio, item.wanted, verdict, beside,
        ))  # fmt: skip
    return "\n".join(_aligned(rows))


def _aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for name, *cells, verdict, beside in rows:
        told = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=False)]
        yield "  ".join([name.ljust(widths[0]), *told, verdict.ljust(widths[-2]), beside]).rstrip()


def _shown(number: float | None) -> str:
    return "" if number is None else f"{number:.3g}" if abs(number) < 1000 else f"{number:.0f}"
