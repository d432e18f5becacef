"""What is narrowed by its segments is never less than what the core finds within reach, and content of what is farther
is not read."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from collections.abc import Iterable, Sequence

import pytest
from sqlalchemy.orm import Session

from registry.core import case, index
from registry.core.case import Case
from registry.core.errors import Refused
from registry.core.model import Application, Asset, Geometry, Line, Object, Part, Relation, Uncertainty
from registry.core.packed import BOX, Column, packed
from registry.core.verdict import judge
from registry.core.works import works_of
from registry.db import Database
from registry.store import near, objects
from registry.store.held import held_of
from registry.store.near import around
from registry.store.rows import Head, Name
from registry.store.within import split
from tests.conftest import ROOT
from tests.core.building import REACH, application, asset, line, part, rounded, ruleset, shaft, square, volume
from tests.store.making import asking, put, put_all, undone

pytestmark = pytest.mark.usefixtures("compiled")

RULES = ruleset((200, 200))


@pytest.fixture(params=[True, False], ids=["compiled", "uncompiled"])
def ready(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether it has, as far as it knows."""
    compiled = bool(request.param)
    monkeypatch.setattr(index, "ready", lambda: compiled)
    return compiled


def oblique(rng: random.Random, spread: int, steps: int) -> Line:
    """A line that goes on in about one direction, which is seldom that of an axis."""
    x, y, way = rng.randint(-spread, spread), rng.randint(-spread, spread), rng.uniform(0, 2 * math.pi)
    points = [(x, y)]
    for _ in range(rng.randint(1, steps)):
        way += rng.uniform(-0.4, 0.4)
        length = rng.choice([0, 300, 8_000, 30_000])
        x, y = x + round(length * math.cos(way)), y + round(length * math.sin(way))
        points.append((x, y))
    return line(points, rng.choice([None, -1_200]), rounded(rng.choice([110, 900, 901])))


def lying_about(rng: random.Random, count: int, spread: int) -> list[Asset]:
    """Assets of all shapes, some of unsure position."""
    made = []
    for k in range(count):
        x, y = rng.randint(-spread, spread), rng.randint(-spread, spread)
        shapes: list[Geometry] = [
            oblique(rng, spread, 15),
            oblique(rng, spread, 2),
            shaft((x, y), -3_000, -100, rounded(rng.choice([800, 1_201]))),
            volume([(x, y), (x + 9_000, y + 4_000), (x + 2_000, y + 7_000)], -4_000, None),
        ]
        geometry = rng.choice(shapes)
        made.append(asset(f"a{k}", geometry, uncertainty=Uncertainty(rng.choice([0, 0, 1, 3_000]), 0)))
    return made


class Reading:
    """Which objects' content the search around an application reads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.names: set[Name] = set()

        def by_names(s: Session, names: Iterable[Name]) -> list[Head]:
            self.names |= set(names)
            return objects.by_names(s, names)

        monkeypatch.setattr(near, "by_names", by_names)


@pytest.mark.parametrize("seed", range(5))
def test_content_is_read_of_just_what_lies_within_reach(
    database: Database, monkeypatch: pytest.MonkeyPatch, ready: bool, seed: int
) -> None:
    rng = random.Random(seed)
    objects = lying_about(rng, 150, 60_000)
    unsure = Uncertainty(rng.choice([0, 700]), 0)
    asked = application(
        Part("p", "water", "line", oblique(rng, 20_000, 9), None, unsure),
        Part("m", "water", "manhole", shaft((rng.randint(-9_000, 9_000), 0), -3_000, -100, rounded(1_500))),
    )
    within = {(one.kind, one.id) for one in Case.of(asked, objects, RULES).obstacles}
    boxed = {(one.kind, one.id) for one in objects if packed(one)[0, Column.FLAGS] & BOX}
    assert 10 < len(within - boxed) < 140
    with database.write() as s:
        put_all(s, [*objects, asked])
        read = Reading(monkeypatch)
        found = around(s, asked, RULES)
        assert read.names >= within
        assert (read.names - boxed == within - boxed) is ready
        assert len(read.names) < len(objects)
        assert {(one.kind, one.id) for one in found.objects} >= within
    assert judge(asked, found.objects, RULES).sha256 == judge(asked, objects, RULES).sha256


def test_a_millimetre_decides(database: Database) -> None:
    """A gap of as much as the reach is within it, one more is not; both may lie elsewhere by their uncertainty."""
    asked = application(part("p", line([(0, 0), (10_000, 0)], -1_000, rounded(300)), uncertainty=Uncertainty(40, 0)))
    axis = REACH + 150 + 55 + 40 + 60
    for away, there in ((axis - 1, True), (axis, True), (axis + 1, False)):
        other = asset("a", line([(0, away), (10_000, away)], None, rounded(110)), uncertainty=Uncertainty(60, 0))
        assert bool(Case.of(asked, [other], RULES).obstacles) is there
        with undone(database) as s:
            put_all(s, [other, asked])
            assert bool(around(s, asked, RULES).objects) is there


def test_what_a_relation_names_is_read_though_its_segments_are_farther(database: Database) -> None:
    far, farther = (asset(name, line([(0, 12_000), (900_000, 500_000)], None, rounded(110))) for name in ("f", "g"))
    asked = application(
        part("p", line([(0, 0), (9_000, 0)], -1_000, rounded(300)), relations=[Relation("connects", "asset", "f")])
    )
    with database.write() as s:
        put_all(s, [far, farther])
        assert [one.id for one in around(s, asked, RULES).objects] == ["f"]


def test_what_is_filed_without_its_segments_is_near() -> None:
    pipe, far = line([(0, 0), (9_000, 0)], None, rounded(110)), line([(0, 50_000), (9_000, 50_000)], None, rounded(110))
    held = packed(asset("a", far)).tobytes()
    filed = held_of([("asset", "a", held), ("asset", "b", held), ("asset", "b", b"")])
    assert filed.unknown() == {("asset", "b")}
    found, rest = split(packed(asset("p", pipe)), filed, REACH)
    assert (found, rest.named()) == (set(), {("asset", "a"), ("asset", "b")})


def test_an_application_without_parts_meets_nothing(database: Database) -> None:
    with database.write() as s:
        put(s, asset("a", line([(0, 0), (9_000, 0)], None, rounded(110))))
        assert around(s, asking("B"), RULES).objects == []


def comb(name: str, rng: random.Random, count: int) -> Part:
    """A zigzag of so many short segments across a slope, about as far from the origin as the ruleset reaches."""
    way, far = rng.choice([0.7, 0.8, 2.3, 3.9]), REACH * rng.uniform(0.9, 1.6)
    x, y = far * math.cos(way), far * math.sin(way)
    points = [(round(x + k * 5 + k % 2 * 40), round(y - k * 5 + k % 2 * 40)) for k in range(count + 1)]
    return part(name, line(points, -1_000, rounded(100)))


@pytest.mark.parametrize("seed", range(16))
@pytest.mark.usefixtures("ready")
def test_scribbles_are_told_as_on_files(database: Database, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Also those a little beyond the reach: what is refused or not compared follows from all that the core counts."""
    monkeypatch.setattr(case, "MAX_PAIRS", 60)
    monkeypatch.setattr(case, "MAX_REACHED", 60)
    rng = random.Random(seed)
    asked = application(part("p", line([(0, 0), (40, 30), (90, 10)], -1_000, rounded(300))))
    others = [asking(f"B{k}", comb("b", rng, rng.choice([3, 12, 25]))) for k in range(5)]
    kept = [asset("t", volume(square(8_000, 8_000, 900), -2_000, -900))]
    kept += [asset("a", comb("a", rng, 14).geometry)] if seed % 2 else []
    objects: list[Object] = [*kept, *(works for other in others for works in works_of(other, "open"))]
    with undone(database) as s:
        put_all(s, [*kept, *others, asked])
        found = around(s, asked, RULES).objects
    assert told(asked, found) == told(asked, objects)


def told(asked: Application, objects: Sequence[Object]) -> object:
    """The hash of the verdict, or why there is none."""
    try:
        return judge(asked, objects, RULES).sha256
    except Refused as refused:
        return refused.problems


def test_a_process_without_the_kernels_does_not_load_them(sqlite_url: str) -> None:
    """Importing them takes longer than most commands do."""
    code = (
        "import sys; from registry.db import Database; from registry.store.near import around;"
        "from tests.core.building import application, line, part, rounded, ruleset;"
        "asked = application(part('p', line([(0, 0), (90, 10)], -1_000, rounded(300))));"
        "db = Database(sys.argv[1]); s = db.read().__enter__(); around(s, asked, ruleset((200, 200)));"
        "sys.exit('numba' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, sqlite_url], check=True, cwd=ROOT)
