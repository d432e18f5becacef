"""What a ground level or a zone tells of something far along has who rests on that checked again: a verdict that stands
is what judging now gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pytest

from registry.core.model import Application, GroundLevel, Identified, Relation, Zone
from registry.db import Database
from registry.services import checking, imports
from tests.core.building import HERE, asset, here, line, part, reservation, rounded, square
from tests.services.all_kinds import all_kinds, changed
from tests.services.making import ADMINISTRATOR, head, publish, verdict_of, waiting
from tests.services.scenes import NOW, Stated, put

#: So far away (mm) what is told lies, along something of which the near end is beside the application.
FAR: Final = 1_000_000
REPLACES: Final = (Relation("replaces", "asset", "old"),)


def _spot(name: str, x: int, level: int = 0) -> GroundLevel:
    return GroundLevel(name, level, position=(HERE[0] + x, HERE[1]))


def _zone(kind: Any, value: str, x: int) -> Zone:
    return Zone(f"zone-{x}", kind, value, here(square(x - 5_000, -5_000, 30_000)))


def _asking(theme: str, level: int, relations: Sequence[Relation] = ()) -> Application:
    laid = part("p", line([(0, 0), (20_000, 0)], level, rounded(100)), theme, relations=relations)
    return Application("A", "Nuts", "permit", (laid,), filed_on="2027-02-01")


def _long(theme: str, level: int | None, y: int = 0) -> Any:
    return asset("old", line([(0, y), (FAR, y)], level, rounded(100)), theme, holder="Nuts")


GROUND: Final[Stated] = [(_spot("here", 0), "present"), (_spot("there", 20_000), "present")]
KEPT: Final = replace(
    reservation("R", line([(0, 300), (FAR, 300)], -700, rounded(400))), review_date="2020-01-01"
)
ALL_ALONG: Final[Stated] = [(_spot(f"along-{k}", 18_000 * k), "present") for k in range(1, 56)]

#: What there is, what is told then, and what comes of it: whether the findings are others.
SCENES: Final[dict[str, tuple[Stated, Identified, bool]]] = {
    "ground over what is replaced": (
        [(_asking("middenspanning", -700, REPLACES), "checking"), (_long("middenspanning", -700), "present"), *GROUND],
        _spot("far", FAR, -400),
        True,
    ),
    "a surface over what is replaced": (
        [(_asking("hoogspanning", -900, REPLACES), "checking"), (_long("hoogspanning", -900), "present"), *GROUND,
         (_zone("surface", "carriageway", 0), "present")],
        _zone("surface", "carriageway", FAR),
        False,
    ),
    "an area in which a reservation lies": (
        [(_asking("middenspanning", -700), "checking"), (KEPT, "accepted"), *GROUND],
        _zone("area", "centre", FAR),
        True,
    ),
    "ground over what has an assumed depth": (
        [(_asking("middenspanning", -3_000), "checking"), (_long("gasLageDruk", None, 150), "present"), *GROUND,
         *ALL_ALONG],
        _spot("a-far", FAR, -5_000),
        True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("scene", SCENES)
def test_whoever_rests_on_what_is_far_along_is_checked_again(database: Database, scene: str) -> None:
    stated, told, findings = SCENES[scene]
    rules = all_kinds()
    lives = next(k for k, rule in enumerate(rules.rules) if rule.kind == "expiry")
    ruled = changed(rules, ("rules", lives, "applies"), {"areas": ["centre"]})
    assert ruled is not None
    publish(database, ruled)
    put(database, stated)
    checking.check(database, "A", NOW)
    before = checking.what_if(database, _applied(database), NOW)
    assert verdict_of(database, "A") == before.sha256
    imports.import_objects(database, [told], "told.geojson", "0" * 64, ADMINISTRATOR, NOW)  # type: ignore[list-item]
    after = checking.what_if(database, _applied(database), NOW)
    assert after.sha256 != before.sha256
    assert (after.findings != before.findings) is findings
    assert "A" in waiting(database)


def _applied(db: Database) -> Application:
    found = head(db, "application", "A").value
    assert isinstance(found, Application)
    return found
