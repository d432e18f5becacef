"""Who reads the changes of an area misses none of what lies there, or did, and nothing of policy."""

from __future__ import annotations

import pytest

from registry.core.boxes import Box, boxes_meet
from registry.core.chunks import boxes_of
from registry.db import Database
from registry.services import feed, reservations
from registry.store.rows import Change
from tests.services.making import MANAGER, NOW, WHY, later, reservation

#: Around the usual place, and around what lies 1 km north of it.
SOUTH = boxes_of(reservation())[0]
NORTH = boxes_of(reservation(y=1_000_000))[0]


def read_on(db: Database, box: Box, limit: int) -> list[Change]:
    """All changes of an area, page after page."""
    found, after, more = [], 0, True
    while more:
        page = feed.changes_within(db, box, after, limit)
        assert len(page.changes) <= limit
        assert page.seen > after or not page.more
        found += page.changes
        after, more = page.seen, page.more
    return found


@pytest.fixture
def told(ruled: Database) -> Database:
    """Two reservations, one of which moves away; one given up; and a new version of policy."""
    reservations.file(ruled, reservation("S"), MANAGER, NOW)
    reservations.file(ruled, reservation("N", y=1_000_000), MANAGER, NOW)
    reservations.file(ruled, reservation("S", y=1_000_000), MANAGER, later(1), expected=1)
    reservations.withdraw(ruled, "N", MANAGER, later(2), expected=1, **WHY)
    return ruled


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_change_is_told_where_it_was_and_where_it_is(told: Database, limit: int) -> None:
    changes = {box: [(c.kind, c.id, c.number) for c in read_on(told, box, limit)] for box in (SOUTH, NORTH)}
    policy = [(c.kind, c.id, c.number) for c in feed.changes(told) if c.kind == "ruleset"]
    assert policy
    assert changes[SOUTH] == [*policy, ("reservation", "S", 1), ("reservation", "S", 2)]
    assert changes[NORTH] == [
        *policy, ("reservation", "N", 1), ("reservation", "S", 2), ("reservation", "N", 2)
    ]  # fmt: skip


def test_what_is_looked_through_at_once_is_bounded(told: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LOOKED_THROUGH", 1)
    nowhere = (0, 0, 1, 1)
    assert not any(boxes_meet(nowhere, box, 0) for box in (SOUTH, NORTH))
    assert {c.kind for c in read_on(told, nowhere, 10)} == {"ruleset"}
    assert [c.id for c in read_on(told, SOUTH, 10) if c.kind == "reservation"] == ["S", "S"]
