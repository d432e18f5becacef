"""Timing, and the shape in which a measurement is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class Measurement:
    """``value`` in ``unit``. ``ratio`` says how many times slower ``baseline``, measured in the same run, is.

    ``target`` is the least ``ratio`` wanted, or without a baseline the most ``value`` may be; ``None``: nothing wanted.
    """

    name: str
    value: float
    unit: str
    baseline: float | None = None
    target: float | None = None

    @property
    def ratio(self) -> float | None:
        return None if self.baseline is None else self.baseline / self.value

    @property
    def ok(self) -> bool | None:
        """Whether the target is met; ``None`` without one."""
        if self.target is None:
            return None
        return self.value <= self.target if self.ratio is None else self.ratio >= self.target

    def plain(self) -> dict[str, object]:
        """For a line of JSON."""
        names = ("name", "value", "unit", "baseline", "ratio", "target", "ok")
        return {name: getattr(self, name) for name in names}


def seconds(work: Callable[[], object], rounds: int) -> float:
    """The shortest time ``work`` took out of ``rounds``: the least disturbed one."""
    best = inf
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def table(measurements: Iterable[Measurement]) -> str:
    """A line for each, under a heading."""
    rows: list[tuple[str, ...]] = [("", "value", "unit", "baseline", "ratio", "target", "")]
    for item in measurements:
        verdict = {None: "", True: "ok", False: "MISSED"}[item.ok]
        numbers = [_shown(item.value), item.unit, _shown(item.baseline), _shown(item.ratio), _shown(item.target)]
        rows.append((item.name, *numbers, verdict))
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines = []
    for name, *cells in rows:
        told = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
        lines.append("  ".join([name.ljust(widths[0]), *told]).rstrip())
    return "\n".join(lines)


def _shown(number: float | None) -> str:
    return "" if number is None else f"{number:.3g}" if number < 1000 else f"{number:.0f}"
