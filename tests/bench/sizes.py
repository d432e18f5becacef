"""The index in memory, one check at a time: whether it matters how much lies elsewhere, and the memory it takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from registry.core.index import Snapshot, Subjects, compile_all
from tests.bench.applications import applications_for
from tests.bench.measure import Measurement, median_seconds, progress
from tests.bench.setting import EUCLID, Setting, named_city, snapshot_of

FIGURES: Final = ("single_in_memory_p50_10M_vs_20k", "index_bytes_per_segment")
#: With less than so much memory free (bytes) it is 5M instead of 10M.
ENOUGH: Final = 6 * 2**30


def measure(setting: Setting) -> Iterator[Measurement]:
    """Microseconds for one check in memory, in turns in a city of each size."""
    sizes = [2_000, 10_000] if setting.smoke else [20_000, 1_000_000, 10_000_000]
    told = ""
    if not setting.smoke and free_memory() < ENOUGH:
        sizes[-1] //= 2
        told = f"5M instead of 10M: {free_memory() / 2**30:.1f} GB of memory free"
    count, rounds = (20, 1) if setting.smoke else (1_000, 5)
    compile_all()
    made: dict[int, tuple[Snapshot, Subjects]] = {}
    built: dict[int, float] = {}
    for size in sizes:
        mine = size == setting.segments and not setting.smoke
        city = setting.city if mine else named_city(size)
        start = time.perf_counter()
        snapshot = setting.snapshot if mine else snapshot_of(city)
        if not mine:
            built[size] = time.perf_counter() - start
        made[size] = snapshot, applications_for(city, count).subjects()
        del city
    progress("one check in memory, in turns in a city of each size")
    times = {size: np.zeros((rounds, count)) for size in sizes}
    conflicts = dict.fromkeys(sizes, 0)
    for turn in range(rounds + 1):
        for first in range(0, count, 100):
            for size, (snapshot, subjects) in made.items():
                for k in range(first, min(first + 100, count)):
                    start = time.perf_counter()
                    found = snapshot.search(subjects, EUCLID, k, k + 1)
                    taken = time.perf_counter() - start
                    if turn:
                        times[size][turn - 1, k] = taken
                    else:
                        conflicts[size] += len(found)
    middle = {size: np.median(taken, axis=0) * 1e6 for size, taken in times.items()}
    p50 = {size: float(np.percentile(taken, 50)) for size, taken in middle.items()}
    most = made[sizes[-1]][0]
    yield Measurement(FIGURES[0], p50[sizes[-1]], "µs", p50[sizes[0]], None if setting.smoke else 1.5, "growth",
                      f"{made[sizes[0]][0].segments:,} segments", told)  # fmt: skip
    yield Measurement(FIGURES[1], most.nbytes / most.segments, "bytes", None, None if setting.smoke else 80.0,
                      told=f"names included; {most.segments:,} segments of {most.objects:,} objects")  # fmt: skip
    for size, (snapshot, _) in made.items():
        told = f"p95 {np.percentile(middle[size], 95):.0f} µs; {conflicts[size] / count:.0f} conflicts a check"
        told += f"; indexed in {built[size]:.2g} s" if size in built else ""
        yield Measurement(f"in memory, {snapshot.segments:,} segments: p50", p50[size], "µs",
                          told=told)  # fmt: skip
    yield bandwidth(setting.smoke)


def bandwidth(smoke: bool) -> Measurement:
    """How fast one core reads memory: what nothing that looks at all of it can beat."""
    numbers = np.ones((1 << 20) if smoke else (1 << 27), np.int64)
    taken = median_seconds(numbers.max, 1 if smoke else 5)
    return Measurement("floor: memory read by one core", numbers.nbytes / taken / 1e9, "GB/s")


def free_memory() -> float:
    """How much memory may be used, bytes; as good as endless where the system does not say."""
    told = Path("/proc/meminfo")
    if not told.is_file():
        return float("inf")
    lines = dict(line.split(":", 1) for line in told.read_text().splitlines())
    return int(lines["MemAvailable"].split()[0]) * 1024.0
