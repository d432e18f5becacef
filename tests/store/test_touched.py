"""Which open applications a change may touch: by place, by name, by what their verdicts rested on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from registry.core.model import GroundLevel, Identified, Part, Relation, Zone
from registry.core.works import works_id
from registry.db import Database
from registry.store import objects, verdicts
from registry.store.near import touched_by, touched_by_any
from registry.store.rows import BasisRow
from tests.core.building import HERE, REACH, application, asset, here, line, part, reservation, rounded, square
from tests.core.test_laws import Scene
from tests.store.making import NOW, asking, moved, put, put_all, undone
from tests.store.test_candidates import must_be_found, spread

PIPE = line([(0, 0), (1000, 0)], -1000, rounded(200))
NEAR = asking("near", part("p", PIPE))
FAR = asking("far", part("p", line([(900_000, 0), (901_000, 0)], -1000, rounded(200))))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(scene=spread())
def test_whoever_has_it_within_reach_is_touched(database: Database, scene: Scene) -> None:
    asked = application(*scene.parts)
    with undone(database) as s:
        put(s, asked)
        for one in scene.objects:
            if must_be_found(asked, [one]):
                assert touched_by(s, one, REACH) == [asked.id]
        assert touched_by_any(s, [], REACH) == []


@pytest.mark.parametrize("state", ["received", "incomplete", "checking", "checked", "granted", "withdrawn", "refused"])
def test_only_open_applications_are_touched(database: Database, state: str) -> None:
    with database.write() as s:
        put(s, NEAR, state)
        put(s, FAR)
        touched = touched_by(s, asset("a", PIPE), REACH)
    assert touched == (["near"] if state in ("received", "incomplete", "checking", "checked") else [])


def test_an_application_touches_others_and_not_itself(database: Database) -> None:
    with database.write() as s:
        put_all(s, [NEAR, FAR, replace(NEAR, id="beside")])
        assert touched_by(s, NEAR, REACH) == ["beside"]
        assert touched_by(s, moved_all(NEAR), REACH) == ["far"]
        assert touched_by_any(s, [asset("a", PIPE), moved(asset("b", PIPE), 900_000, 0)], REACH) == [
            "beside", "far", "near"
        ]  # fmt: skip


def moved_all(asked: Identified) -> Identified:
    assert asked.kind == "application"
    return replace(asked, parts=tuple(moved(one, 900_000, 0) for one in asked.parts))


@pytest.mark.parametrize(
    ("changed", "relation"),
    [
        (asset("a", PIPE), Relation("replaces", "asset", "a")),
        (reservation('r "1" %_', PIPE), Relation("uses", "reservation", 'r "1" %_')),
        (asking("B/1", part("p", PIPE)), Relation("connects", "works", works_id("B/1", "p"))),
    ],
)
def test_who_names_it_is_touched_however_far(database: Database, changed: Identified, relation: Relation) -> None:
    naming = asking("naming", Part("p", "water", "line", moved(part("p", PIPE), 900_000, 0).geometry,
                                   relations=(Relation("continues", "part", "q"), relation)))  # fmt: skip
    other = replace(relation, target="another")
    with database.write() as s:
        put_all(s, [naming, replace(naming, id="other", parts=(replace(naming.parts[0], relations=(other,)),))])
        assert touched_by(s, changed, REACH) == ["naming"]


def test_whose_verdict_rested_on_it_is_touched(database: Database) -> None:
    lies = asset("a", PIPE)
    with database.write() as s:
        head = put(s, lies)
        for name in ("rested", "rested-before"):
            put(s, replace(FAR, id=name))
            kept = verdicts.add(
                s, application_id=name, application_number=1, sha256="b" * 64, ruleset=("R", "1", "c" * 64),
                outcome="fits", document={}, judged_at=NOW,
                basis=[BasisRow("asset", "a", head.sha256, head.revision_id)],
            )  # fmt: skip
            objects.set_verdict(s, name, kept.id)
        objects.set_verdict(s, "rested-before", None)
        assert touched_by(s, lies, REACH) == ["rested"]


def test_a_ground_level_touches_through_what_lies_under_it(database: Database) -> None:
    """An asset as deep as it says below ground level, a kilometre long: its far end tells what its near end is."""
    spot = GroundLevel("g", 300, position=(HERE[0] + 1_000_000, HERE[1]))
    long = line([(0, 0), (1_000_000, 0)], 900, rounded(200), reference="ground")
    with database.write() as s:
        put(s, NEAR)
        assert touched_by(s, spot, REACH + 25_000) == []
        put(s, asset("a", replace(long, level_reference="nap")))
        assert touched_by(s, spot, REACH + 25_000) == []
        put(s, asset("a", long))
        assert touched_by(s, spot, REACH + 25_000) == ["near"]
        put(s, asset("a", long), "removed")
        put(s, asking("B", Part("p", "water", "line", long)), "granted")
        assert touched_by(s, spot, REACH + 25_000) == ["near"]


def test_a_zone_touches_what_lies_in_it(database: Database) -> None:
    with database.write() as s:
        put_all(s, [NEAR, FAR])
        assert touched_by(s, Zone("z", "surface", "verge", here(square(-5000, -5000, 9000))), 0) == ["near"]


def test_what_is_told_of_a_far_end_touches_who_names_it_or_hangs_on_it(database: Database) -> None:
    """Ground levels and zones a kilometre away, over an object of which the near end is beside the application."""
    far = [(HERE[0] + 1_000_000, HERE[1])]
    spot = GroundLevel("g", 300, position=far[0])
    ring = here(square(999_000, -1_000, 2_000))
    surface, area = (Zone(f"z-{kind}", kind, "verge", ring) for kind in ("surface", "area"))
    long = line([(0, 0), (1_000_000, 0)], -1000, rounded(200))
    naming = asking("naming", Part("p", "water", "line", PIPE, relations=(Relation("replaces", "asset", "a"),)))
    with database.write() as s:
        put_all(s, [NEAR, naming, asset("a", long)])
        assert [touched_by(s, one, REACH) for one in (spot, surface, area)] == [["naming"]] * 3
        put(s, asset("a", replace(long, levels=(None, None))))
        assert [touched_by(s, one, REACH) for one in (spot, surface)] == [["naming", "near"], ["naming"]]
        put(s, asset("a", long), "removed")
        put(s, reservation("r", long), "accepted")
        assert [touched_by(s, one, REACH) for one in (surface, area)] == [[], ["naming", "near"]]
