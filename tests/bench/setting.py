"""What the benches share in one run, each made when first used: a city, applications, the index, the databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import psycopg

from registry.core.index import Asked, Builder, Found, Snapshot, Subjects, compile_all
from registry.db import Database
from tests import servers
from tests.bench import postgres, register
from tests.bench.answers import Answers, Difference, differences
from tests.bench.applications import Applications, applications_for
from tests.bench.city import CLEARANCE, VERTICAL, City, Longs, city_of, streets_for
from tests.bench.measure import progress
from tests.bench.strtree import Tree

#: What is asked of round things by their distance in space; and by the two numbers.
EUCLID: Final = Asked(CLEARANCE, VERTICAL, euclid=True)
TWO_NUMBERS: Final = Asked(CLEARANCE, VERTICAL)
_OBJECTS_AT_ONCE: Final = 200_000


@dataclass
class Setting:
    """``differing`` gathers where two methods differ, over all benches of the run; ``compared`` how many answers were
    held against the index's, by method; ``wrong``, in words, where the index differs from brute force."""

    smoke: bool
    differing: list[Difference] = field(default_factory=list)
    compared: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)

    def close(self) -> None:
        """End what was started."""
        self._open.close()

    @property
    def segments(self) -> int:
        """The size of the city that databases are asked about."""
        return 4_000 if self.smoke else 1_000_000

    @cached_property
    def city(self) -> City:
        return named_city(self.segments)

    @cached_property
    def applications(self) -> Applications:
        return applications_for(self.city, 40 if self.smoke else 2_000)

    @cached_property
    def snapshot(self) -> Snapshot:
        return snapshot_of(self.city)

    @cached_property
    def tree(self) -> Tree:
        progress("making the STRtree")
        return Tree(self.city)

    @cached_property
    def server(self) -> servers.Postgres:
        progress("starting PostgreSQL")
        return self._open.enter_context(postgres.postgres())

    @cached_property
    def connection(self) -> psycopg.Connection[Any]:
        """A connection to the city as tables."""
        progress(f"loading {len(self.city.rows):,} segments, also as whole lines")
        postgres.load(self.server, self.city)
        return self._open.enter_context(self.server.connect("city"))

    @cached_property
    def register(self) -> Database:
        """The city as a register."""
        progress("filling a register with the same")
        database = Database(register.load(self.server, self.city))
        self._open.callback(database.close)
        return database

    @cached_property
    def numbers(self) -> Longs:
        """The city's number of each object of the snapshot."""
        return numbers_of(self.snapshot)

    @cached_property
    def found(self) -> Answers:
        """What the index finds, of all applications."""
        return self.told(self.snapshot.search(self.applications.subjects(), EUCLID))

    def told(self, found: Found) -> Answers:
        """What the index found, with the city's numbers."""
        return Answers.of(found.subject, self.numbers[found.object], found.gap)

    def compare(self, method: str, theirs: Answers, count: int | None = None) -> None:
        """Hold what a method found, of the first so many applications or of all, against what the index finds."""
        ours = self.found if count is None else self.found.first(count)
        self.compared[method] = self.compared.get(method, 0) + len(theirs)
        self.differing += differences(method, self.city, self.applications, ours, theirs)


@contextmanager
def setting(smoke: bool) -> Iterator[Setting]:
    """A setting that ends what it started."""
    made = Setting(smoke)
    try:
        yield made
    finally:
        made.close()


def named_city(segments: int) -> City:
    """A city of about so many segments."""
    progress(f"laying out a city of {segments:,} segments")
    return city_of(streets_for(segments))


def snapshot_of(city: City) -> Snapshot:
    """The index of a city, its themes as groups; all is compiled by then."""
    progress(f"indexing {len(city.rows):,} segments in memory")
    compile_all()
    builder = Builder()
    for first in range(0, city.objects, _OBJECTS_AT_ONCE):
        last = min(first + _OBJECTS_AT_ONCE, city.objects)
        rows = slice(city.starts[first], city.starts[last])
        names = [city.name(number) for number in range(first, last)]
        builder.add(names, city.rows[rows], city.of[rows] - first, city.themes[first:last])
    return builder.finish()


def numbers_of(snapshot: Snapshot) -> Longs:
    """The city's number of each object of a snapshot."""
    return np.array([int(snapshot.name(k)[1]) for k in range(snapshot.objects)], np.int64)


def search_on_all_cores(snapshot: Snapshot, subjects: Subjects, asked: Asked, cores: int) -> list[Found]:
    """Search for all subjects, cut into some ranges for each core."""
    count = len(subjects)
    step = max(1, -(-count // (8 * cores)))
    with ThreadPoolExecutor(cores) as threads:
        waited = [
            threads.submit(snapshot.search, subjects, asked, first, min(first + step, count))
            for first in range(0, count, step)
        ]
        return [one.result() for one in waited]
