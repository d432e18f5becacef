"""Many checks: the index in memory, beside one statement of SQL for all of them and an STRtree."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import median
from typing import Final

from tests.bench import sql
from tests.bench.measure import Measurement, median_seconds, progress, seconds
from tests.bench.postgres import cores
from tests.bench.setting import EUCLID, Setting, search_on_all_cores

FIGURES: Final = ("bulk_per_core_vs_sql_segments", "bulk_per_core_vs_strtree_numpy")
#: So many applications the STRtree is asked about at once: what goes best is kept.
BATCHES: Final = (1, 5, 20, 50)


def measure(setting: Setting) -> Iterator[Measurement]:
    """Checks a second of one core, while the others have nothing to do: the middle one of some rounds over the same
    applications. So is it with the tree; and with the statement, unless it does more on each of all cores. What the
    index does on all of them is told beside it."""
    applications, count = setting.applications, len(setting.applications)
    by_sql = dict(_by_sql(setting))
    by_tree = dict(_by_tree(setting))
    progress(f"many checks: the index, {count} applications on {cores()} cores")
    subjects = applications.subjects()
    search_on_all_cores(setting.snapshot, subjects, EUCLID, cores())
    rounds = 1 if setting.smoke else 15
    taken = median_seconds(lambda: search_on_all_cores(setting.snapshot, subjects, EUCLID, cores()), rounds)
    alone = median_seconds(lambda: setting.snapshot.search(subjects, EUCLID), rounds)
    for found in search_on_all_cores(setting.snapshot, subjects, EUCLID, cores()):
        last = int(found.subject.max(initial=-1))
        mine = (setting.found.application >= found.subject.min(initial=last)) & (setting.found.application <= last)
        again = setting.told(found)
        assert (again.gap == setting.found.gap[mine]).all(), "the same search on more threads gives something else"
    ours = count / alone
    best_sql, best_tree = max(by_sql, key=by_sql.__getitem__), max(by_tree, key=by_tree.__getitem__)
    yield Measurement(FIGURES[0], ours, "checks/s", by_sql[best_sql], None if setting.smoke else 40.0, "rate",
                      best_sql, "one core each")  # fmt: skip
    yield Measurement(FIGURES[1], ours, "checks/s", by_tree[best_tree], None if setting.smoke else 10.0, "rate",
                      best_tree, "one core each")  # fmt: skip
    yield Measurement("many checks, index on all cores", count / taken, "checks/s", told=f"{cores()} cores")
    yield Measurement("many checks, index on all cores: each", count / taken / cores(), "checks/s",
                      told=f"{len(setting.found) / count:.0f} conflicts a check")  # fmt: skip
    for name, rate in (*by_sql.items(), *by_tree.items()):
        yield Measurement(f"many checks, {name}: one core", rate, "checks/s")


def _by_sql(setting: Setting) -> Iterator[tuple[str, float]]:
    """Checks a second of one core, by statement; the best is asked again, and on all cores.

    Whole lines take so long that they are asked about fewer applications.
    """
    widest = sql.Widest.of(setting.city)
    few, many = (5, 20) if setting.smoke else (200, len(setting.applications))
    tried: dict[str, float] = {}
    connection = setting.connection

    def rate(name: str, count: int) -> float:
        progress(f"many checks: {name}, {count} applications")
        return count / seconds(lambda: sql.many_checks(connection, sql.BULK[name]), 1)

    connection.execute("SET max_parallel_workers_per_gather = 0")
    whole = [name for name in sql.BULK if "segments" not in name]
    for count, names in ((few, whole), (many, [name for name in sql.BULK if name not in whole])):
        sql.send(connection, setting.applications.first(count), widest)
        for name in names:
            tried[name] = rate(name, count)
            setting.compare(f"{name}, bulk", sql.kept(connection), count)
    best = max(tried, key=tried.__getitem__)
    rounds = 1 if setting.smoke else 2
    tried[best] = median([tried[best], *(rate(best, many) for _ in range(rounds))])
    connection.execute(f"SET max_parallel_workers_per_gather = {cores() - 1}".encode())
    tried[f"{best}, parallel"] = median(rate(best, many) for _ in range(rounds)) / cores()
    setting.compare(f"{best}, bulk, parallel", sql.kept(connection), many)
    yield from tried.items()


def _by_tree(setting: Setting) -> Iterator[tuple[str, float]]:
    """Checks a second of one core, by how many applications are asked about at once."""
    tree, applications = setting.tree, setting.applications
    progress(f"many checks: STRtree and numpy, {len(applications)} applications")
    rounds = 1 if setting.smoke else 3
    for at_once in BATCHES:
        setting.compare("STRtree and numpy", tree.find(applications, at_once))
        taken = median_seconds(partial(tree.find, applications, at_once), rounds)
        yield f"STRtree and numpy, {at_once} at once", len(applications) / taken
