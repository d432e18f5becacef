"""A file taken in changes what differs and nothing else, and has checked again what that touches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from registry.cli.convert import convert
from registry.core.errors import Refused
from registry.core.model import Asset, GroundLevel, Line, Object, Zone
from registry.db import Database
from registry.formats.exchange import read_exchange
from registry.services import feed, imports, objects
from tests.core import building
from tests.core.building import here, square
from tests.services.making import (
    ADMINISTRATOR,
    MANAGER,
    NOW,
    OFFICER,
    OPERATOR,
    WRITER,
    application,
    asset,
    checked,
    codes,
    file,
    head,
    imported,
    later,
    reservation,
    waiting,
    work,
)


def test_only_what_differs_is_written(ruled: Database) -> None:
    first = imported(ruled, asset("a"), asset("b", 1000))
    assert (first.read, first.added, first.changed, first.unchanged) == (2, 2, 0, 0)
    seen = len(feed.changes(ruled, 0))
    again = imported(ruled, asset("a"), asset("b", 1000), now=later(1))
    assert (again.added, again.changed, again.unchanged, again.jobs) == (0, 0, 2, ())
    assert len(feed.changes(ruled, 0)) == seen
    third = imported(ruled, asset("a"), asset("b", 1001), asset("c", 2000), now=later(2))
    assert (third.added, third.changed, third.unchanged) == (1, 1, 1)
    assert [(c.id, c.number) for c in feed.changes(ruled, seen)] == [("b", 2), ("c", 1)]
    assert [run.read for run in imports.runs(ruled)] == [3, 2, 2]
    assert objects.get(ruled, "asset", "a").state == "present"


def test_it_touches_where_things_were_and_where_they_are(ruled: Database) -> None:
    imported(ruled, asset("moves", 0))
    for name, y in (("A-here", 400), ("A-there", 50_000), ("A-far", 500_000)):
        checked(ruled, application(name, y))
    run = imported(ruled, asset("moves", 50_400), now=later(1))
    assert waiting(ruled) == ["A-here", "A-there"]
    assert len(run.jobs) == 2


def test_ground_and_zones_touch_what_they_are_used_for(ruled: Database) -> None:
    """A ground level counts within 10 m, also under an asset that an application lies beside."""
    below = building.line([(0, 0), (20_000, 0)], 1000, building.rounded(200), reference="ground", of="top")
    imported(ruled, building.asset("shallow", below))
    checked(ruled, application("A-beside", 3000))
    checked(ruled, application("A-far", 90_000))
    ground = GroundLevel("g", 0, position=here([(10_000, -9_000)])[0])
    imports.import_objects(ruled, [ground], "ground", "1" * 64, ADMINISTRATOR, later(1))
    assert waiting(ruled) == ["A-beside"]
    work(ruled, later(1))
    zone = Zone("z", "surface", "verge", here(square(0, 88_000, 5_000)))
    imports.import_objects(ruled, [zone], "zones", "2" * 64, ADMINISTRATOR, later(2))
    assert waiting(ruled) == ["A-far"]


def test_all_or_nothing(ruled: Database) -> None:
    files: list[list[Object]] = [[asset("a"), reservation()], [asset("a"), asset("a", 5)]]
    for wrong in files:
        with pytest.raises(Refused) as refused:
            imports.import_objects(ruled, wrong, "file", "0" * 64, ADMINISTRATOR, NOW)
        assert set(codes(refused)) <= {"not_allowed", "duplicate_id"}
    assert objects.listed(ruled, "asset") == []
    assert imports.runs(ruled) == []


@pytest.mark.parametrize("actor", [OPERATOR, MANAGER, OFFICER, WRITER], ids=lambda actor: actor.role)
def test_only_an_administrator_imports(ruled: Database, actor: Any) -> None:
    with pytest.raises(Refused) as refused:
        imports.import_objects(ruled, [asset()], "file", "0" * 64, actor, NOW)
    assert codes(refused) == ["not_allowed_for_role"]


@pytest.fixture(scope="module")
def sewers(root: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Object, ...]:
    """A city's sewers and manholes, as the shipped mapping converts them."""
    output = tmp_path_factory.mktemp("rotterdam") / "sewers.geojson"
    mapping = root / "examples" / "mappings" / "dutch-municipal-sewer.yaml"
    arguments = [str(shared_data / "rotterdam-sewers"), "--mapping", str(mapping), "-o", str(output)]
    assert CliRunner().invoke(convert, arguments).exit_code == 0
    return read_exchange(output).objects


def test_a_citys_sewers_twice_and_then_changed(ruled: Database, sewers: tuple[Object, ...]) -> None:
    done = imports.import_objects(ruled, sewers, "sewers", "0" * 64, ADMINISTRATOR, NOW)
    assert (done.read, done.added, done.changed) == (369, 369, 0)
    lines = [one for one in sewers if isinstance(one, Asset) and isinstance(one.geometry, Line)]
    moved, left = lines[0], lines[-1]
    for name, beside in (("A-moved", moved), ("A-left", left)):
        file(ruled, _beside(name, beside))
    work(ruled)
    seen = feed.changes(ruled, 0, 10_000)[-1].seq
    again = imports.import_objects(ruled, sewers, "sewers", "0" * 64, ADMINISTRATOR, later(1))
    assert (again.added, again.changed, again.unchanged, again.jobs) == (0, 0, 369, ())
    assert feed.changes(ruled, seen) == []
    assert waiting(ruled) == []
    copy = [replace(one, name="relined") if one == moved else one for one in sewers]
    changed = imports.import_objects(ruled, copy, "sewers", "1" * 64, ADMINISTRATOR, later(2))
    assert (changed.added, changed.changed, changed.unchanged) == (0, 1, 368)
    assert [(one.kind, one.id, one.number) for one in feed.changes(ruled, seen)] == [("asset", moved.id, 2)]
    assert waiting(ruled) == ["A-moved"]
    before = head(ruled, "application", "A-left").recorded_at
    work(ruled, later(2))
    assert head(ruled, "application", "A-left").recorded_at == before


def _beside(name: str, sewer: Asset) -> Any:
    """An application for a short pipe, deep below the middle of a sewer."""
    assert isinstance(sewer.geometry, Line)
    (x, y), (u, v) = sewer.geometry.vertices[:2]
    middle = ((x + u) // 2, (y + v) // 2)
    geometry = Line((middle, (middle[0] + 500, middle[1])), (-9000, -9000), "axis", "nap", building.rounded(500))
    return application(name, 0, 0, building.part("p", geometry))
