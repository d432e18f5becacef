"""What the store finds near something is never less than what the core finds, on both engines."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.core.case import Case
from registry.core.ground import Ground
from registry.core.model import (
    Application,
    Asset,
    GroundLevel,
    Object,
    Open,
    Part,
    Relation,
    Uncertainty,
    Zone,
)
from registry.core.policy import Ruleset
from registry.core.verdict import judge
from registry.core.works import works_of
from registry.db import Database
from registry.store.candidates import boxes_within, candidates
from registry.store.near import around
from tests.core.building import (
    HERE,
    REACH,
    application,
    asset,
    here,
    line,
    part,
    reservation,
    rounded,
    ruleset,
    shaft,
    square,
    volume,
)
from tests.core.test_laws import Scene, scenes
from tests.store.making import asking, moved, put, put_all, undone

pytestmark = pytest.mark.usefixtures("compiled")

RULES = ruleset((200, 200))
#: About the reach, a millimetre more and less, and what an object is wide.
AWAY = st.sampled_from([0, REACH - 1, REACH, REACH + 1, REACH + 500, 2 * REACH, 40_000]) | st.integers(0, 45_000)


@st.composite
def spread(draw: st.DrawFn) -> Scene:
    """A scene whose objects lie about as far away as the ruleset reaches."""
    scene = draw(scenes())
    signs = st.sampled_from([-1, 0, 1])
    objects = tuple(
        replace(
            moved(one, draw(signs) * draw(AWAY), draw(signs) * draw(AWAY)),
            uncertainty=Uncertainty(draw(st.sampled_from([0, 0, 1, 700, 20_000])), 0),
        )
        for one in scene.objects
    )
    return Scene(scene.parts, objects)


def must_be_found(asked: Application, objects: Sequence[Object], rules: Ruleset = RULES) -> set[tuple[str, str]]:
    """What the core finds within reach, all objects looked at."""
    return {(one.kind, one.id) for one in Case.of(asked, objects, rules).obstacles}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(scene=spread())
def test_candidates_are_all_that_is_within_reach(database: Database, scene: Scene) -> None:
    asked = application(*scene.parts)
    expected = must_be_found(asked, scene.objects)
    with undone(database) as s:
        put_all(s, [*scene.objects, asked])
        assert expected <= candidates(s, boxes_within([asked], REACH + 1))
        found = around(s, asked, RULES)
        assert expected <= {(one.kind, one.id) for one in found.objects}
        assert judge(asked, found.objects, RULES).sha256 == judge(asked, scene.objects, RULES).sha256


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(scene=spread(), state=st.sampled_from(["received", "checked", "granted", "suspended"]))
def test_works_of_others_are_found_as_well(database: Database, scene: Scene, state: str) -> None:
    asked = application(*scene.parts)
    parts = [
        Part(one.id, one.theme, one.object_kind, one.geometry, None, one.uncertainty)
        for one in {one.id: one for one in scene.objects}.values()
    ]
    other = asking("B", *parts)
    works = works_of(other, "open" if state in ("received", "checked") else "granted")
    with undone(database) as s:
        put_all(s, [asked])
        put(s, other, state)
        found = around(s, asked, RULES)
        if must_be_found(asked, works):
            assert found.objects == sorted(works, key=lambda one: one.id)
        assert judge(asked, found.objects, RULES).sha256 == judge(asked, works, RULES).sha256


def corridor(rng: random.Random, name: str, length: int, steps: int, level: int | None) -> Asset:
    """A line of so many bends that wanders over about so many mm."""
    x, y = rng.randint(-length // 2, 0), rng.randint(-200_000, 200_000)
    points = [(x + k * length // steps, y + rng.randint(-40_000, 40_000)) for k in range(steps + 1)]
    unsure = Uncertainty(rng.choice([0, 500]), 0)
    return asset(name, line(points, level, rounded(rng.choice([110, 900]))), uncertainty=unsure)


def test_corridors_of_five_kilometres_with_unknown_depths(database: Database) -> None:
    rng = random.Random(28992)
    objects: list[Object] = [
        corridor(rng, f"c{k}", rng.choice([300_000, 5_000_000]), rng.choice([3, 40, 120]), rng.choice([None, -1500]))
        for k in range(60)
    ]
    for k in range(60):
        x, y = rng.randint(-400_000, 400_000), rng.randint(-200_000, 200_000)
        objects.append(asset(f"s{k}", shaft((x, y), rng.choice([None, -9_000, Open.UNBOUNDED]), -100, rounded(1200))))
        objects.append(asset(f"v{k}", volume(square(x, y, rng.randint(500, 90_000)), -4_000, rng.choice([None, -800]))))
    asked = application(
        Part("p", "water", "line", corridor(rng, "p", 5_000_000, 60, -1200).geometry),
        Part("q", "water", "manhole", shaft((1000, 1000), -3000, -100, rounded(1500))),
    )
    expected = must_be_found(asked, objects)
    assert 20 < len(expected) < len(objects)
    with database.write() as s:
        put_all(s, objects)
        found = candidates(s, boxes_within([asked], REACH + 1))
        assert expected <= found
        assert len(found) < len(objects), "boxes of a few segments leave something out"
        one_by_one: set[tuple[str, str]] = set()
        for box in boxes_within([asked], REACH + 1):
            one_by_one |= candidates(s, [box])
        assert one_by_one == found


def test_all_of_a_thousand_are_found(database: Database) -> None:
    """No limit, whatever the number of boxes or of objects."""
    here_too = [asset(f"a{k}", line([(0, k), (1000, k)], None, rounded(100))) for k in range(1000)]
    x, y = HERE
    boxes = [(x + k, y + k, x + k + 5000, y + k + 5000) for k in range(1200)]
    with database.write() as s:
        put_all(s, here_too)
        assert len(candidates(s, boxes)) == 1000
        asked = application(part("p", line([(0, 0), (1000, 1000)], -1000, rounded(300))))
        assert len(around(s, asked, RULES).objects) == 1000


def test_levels_and_kinds_narrow_what_is_found(database: Database) -> None:
    x, y = HERE
    box = (x, y, x + 1000, y + 1000)
    with database.write() as s:
        put(s, asset("high", line([(0, 0), (1000, 0)], -1000, rounded(200))))
        put(s, asset("deep", line([(0, 0), (1000, 0)], -9000, rounded(200))))
        put(s, asset("unknown", line([(0, 0), (1000, 0)], None, rounded(200))))
        put(s, reservation("held", line([(0, 0), (1000, 0)], -1000, rounded(200))))
        high = {("asset", "high"), ("asset", "unknown"), ("reservation", "held")}
        assert candidates(s, [box], (-900, 0)) == high
        assert candidates(s, [box], (-890, 0)) == {("asset", "unknown")}
        assert candidates(s, [box], (-9500, -8000), ["asset"]) == {("asset", "deep"), ("asset", "unknown")}
        assert candidates(s, [box], kinds=["reservation", "zone"]) == {("reservation", "held")}
        assert candidates(s, [box], kinds=[]) == set()
        assert candidates(s, []) == set()
        assert candidates(s, [(x + 2000, y, x + 3000, y)]) == set()


def test_what_is_no_longer_there_is_not_found(database: Database) -> None:
    made = asset("a", line([(0, 0), (1000, 0)], -1000, rounded(200)))
    old, new = boxes_within([made], 0), boxes_within([moved(made, 500_000, 0)], 0)
    with database.write() as s:
        put(s, made)
        assert candidates(s, old) == {("asset", "a")}
        put(s, moved(made, 500_000, 0))
        assert (candidates(s, old), candidates(s, new)) == (set(), {("asset", "a")})
        put(s, moved(made, 500_000, 0), "removed")
        assert candidates(s, new) == set()


@pytest.mark.parametrize("state", ["draft", "filed", "accepted", "released"])
def test_reservations_are_found_by_place_from_filing_to_release(database: Database, state: str) -> None:
    made = reservation("r", line([(0, 0), (1000, 0)], -1000, rounded(200)))
    asked = application(part("p", line([(0, 0), (1000, 0)], -1000, rounded(300))))
    with database.write() as s:
        put(s, made, state)
        assert bool(candidates(s, boxes_within([made], 0))) == (state in ("filed", "accepted"))
        assert bool(around(s, asked, RULES).objects) == (state == "accepted")


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        ("received", "open"), ("incomplete", "open"), ("checking", "open"), ("checked", "open"),
        ("granted", "granted"), ("works", "granted"), ("suspended", "granted"),
        ("refused", None), ("withdrawn", None), ("as_built", None), ("expired", None), ("revoked", None),
    ],
)  # fmt: skip
def test_other_applications_are_seen_as_works(database: Database, state: str, seen: str | None) -> None:
    other = asking("B/7", part("b1", line([(0, 0), (1000, 0)], -1000, rounded(300))))
    asked = application(part("p", line([(0, 0), (1000, 0)], -1000, rounded(300))))
    with database.write() as s:
        put(s, asked)
        head = put(s, other, state)
        found = around(s, asked, RULES)
    if seen is None:
        assert found.objects == []
    else:
        assert found.objects == list(works_of(other, seen))  # type: ignore[arg-type]
        assert found.revisions == {("works", found.objects[0].id): head.revision_id}


def test_what_a_relation_names_is_there_however_far(database: Database) -> None:
    far = asset("far", line([(900_000, 0), (901_000, 0)], -1000, rounded(300)))
    works = asking("B/7", part("b1", line([(900_000, 900_000), (901_000, 900_000)], -1000, rounded(300))))
    held = reservation("r", line([(-900_000, 0), (-901_000, 0)], -1000, rounded(300)))
    named = [
        Relation("connects", "asset", "far"),
        Relation("uses", "reservation", "r"),
        Relation("connects", "works", works_of(works, "open")[0].id),
        Relation("connects", "asset", "never heard of"),
    ]
    asked = application(part("p", line([(0, 0), (1000, 0)], -1000, rounded(300)), relations=named))
    with database.write() as s:
        put_all(s, [far, held, works, asset("farther", line([(-900_000, 9), (-901_000, 9)], -1000, rounded(300)))])
        found = around(s, asked, RULES)
        assert [(one.kind, one.id) for one in found.objects] == [
            ("asset", "far"), ("reservation", "r"), ("works", "B~7/b1")
        ]  # fmt: skip


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 10**9))
def test_ground_levels_and_zones_about_all_that_matters(database: Database, seed: int) -> None:
    """With what is found around an application it is judged as with all there is."""
    rng = random.Random(seed)
    rules = ruleset((200, 200), covers=[("water", "verge", 1000, None)], ground_level_within=25_000)
    pipe = line([(0, 0), (30_000, 2_000)], 1000, rounded(300), reference="ground")
    asked = application(Part("p", "water", "line", pipe))
    objects: list[Object] = []
    for k in range(4):
        # Long ones, whose ground levels may lie far from the application.
        bends = [(rng.randint(-20_000, 20_000) + j * 60_000, rng.randint(-9_000, 9_000) * (j + 1)) for j in range(3)]
        objects.append(asset(f"a{k}", line(bends, rng.choice([800, None]), rounded(300), reference="ground")))
    for k in range(40):
        x, y = rng.randint(-60_000, 200_000), rng.randint(-60_000, 60_000)
        if rng.random() < 0.7:
            objects.append(GroundLevel(f"g{k}", rng.randint(-500, 500), position=(HERE[0] + x, HERE[1] + y)))
        else:
            ring = here(square(x, y, rng.randint(1000, 40_000)))
            objects.append(GroundLevel(f"g{k}", rng.randint(-500, 500), outer=ring))
            objects.append(Zone(f"z{k}", "surface", rng.choice(["verge", "footway"]), ring))
    with undone(database) as s:
        put_all(s, objects)
        found = around(s, asked, rules)
        assert judge(asked, found.objects, rules).sha256 == judge(asked, objects, rules).sha256
        ground = Ground(tuple(one for one in found.objects if isinstance(one, GroundLevel)), 25_000)
        assert ground.at(*HERE) == Ground(
            tuple(one for one in objects if isinstance(one, GroundLevel)), 25_000
        ).at(*HERE)
