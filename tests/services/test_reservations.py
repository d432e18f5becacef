"""Reservations are filed, accepted, kept and given up; what was accepted holds its space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.model import Reservation
from registry.db import Database
from registry.services import feed, reservations
from registry.services.reservations import Settled
from tests.services.making import (
    ADMINISTRATOR,
    CITY,
    HEAT,
    MANAGER,
    NOW,
    OFFICER,
    OPERATOR,
    OTHER_MANAGER,
    WHY,
    accepted,
    codes,
    head,
    later,
    pipe,
    reservation,
)


def test_filed_and_accepted_it_holds_its_space(ruled: Database) -> None:
    filed = reservations.file(ruled, reservation(), MANAGER, NOW)
    assert (filed.created, filed.head.state, filed.head.number) == (True, "filed", 1)
    done = reservations.accept(ruled, "R-1", MANAGER, later(1), expected=1, **WHY)
    assert (done.head.state, done.head.number, done.head.value) == ("accepted", 2, reservation())
    assert [one.action for one in reservations.history(ruled, "R-1")] == ["file", "accept"]
    assert [(c.kind, c.id, c.action, c.number) for c in feed.changes(ruled, 0) if c.kind == "reservation"] == [
        ("reservation", "R-1", "file", 1),
        ("reservation", "R-1", "accept", 2),
    ]


def test_the_same_put_again_is_the_same_act(ruled: Database) -> None:
    first = reservations.file(ruled, reservation(), MANAGER, NOW)
    for expected in (None, 1, 7):
        again = reservations.file(ruled, reservation(), MANAGER, later(1), expected=expected)
        assert (again.created, again.head) == (first.created, first.head)
    assert len(reservations.history(ruled, "R-1")) == 1


def test_another_content_takes_the_version_that_stands(ruled: Database) -> None:
    reservations.file(ruled, reservation(), MANAGER, NOW)
    with pytest.raises(Refused) as missing:
        reservations.file(ruled, reservation(y=100), MANAGER, NOW)
    with pytest.raises(Refused) as wrong:
        reservations.file(ruled, reservation(y=100), MANAGER, NOW, expected=2)
    assert (codes(missing), codes(wrong)) == (["version_missing"], ["version_mismatch"])
    done = reservations.file(ruled, reservation(y=100), MANAGER, NOW, expected=1)
    assert (done.created, done.head.number, done.head.action) == (False, 2, "amend")


@pytest.mark.parametrize(
    ("y", "level", "clashes"),
    [
        (0, -1000, True),
        (500, -1000, True),
        (699, -1000, True),
        (700, -1000, False),
        (0, -1699, True),
        (0, -1700, False),
    ],
)
def test_two_that_clash_are_not_both_accepted(ruled: Database, y: int, level: int, clashes: bool) -> None:
    """Two pipes of 0.5 m, 0.2 m to be kept: at 0.7 m axis to axis, or above each other, they may be."""
    accepted(ruled, reservation(theme="water"))
    reservations.file(ruled, reservation("R-2", y, level, holder=HEAT), OTHER_MANAGER, NOW)
    if not clashes:
        assert reservations.accept(ruled, "R-2", OTHER_MANAGER, NOW, expected=1, **WHY).head.state == "accepted"
        return
    with pytest.raises(Refused) as refused:
        reservations.accept(ruled, "R-2", OTHER_MANAGER, NOW, expected=1, **WHY)
    assert [(one.code, one.feature) for one in refused.value.problems] == [("clash", "R-1")]
    assert head(ruled, "reservation", "R-2").state == "filed"


@pytest.mark.parametrize("strength", ["search_area", "option"])
def test_search_areas_and_options_may_overlap_and_their_holders_are_told(ruled: Database, strength: Any) -> None:
    accepted(ruled, reservation(strength=strength, holder=HEAT))
    done = accepted(ruled, reservation("R-2", holder=CITY))
    assert done.state == "accepted"
    told = [one for one in feed.changes(ruled, 0) if (one.id, one.action) == ("R-2", "accept")]
    assert [one.told for one in told] == [(HEAT,)]


def test_an_agreement_settles_a_clash_and_needs_a_document(ruled: Database) -> None:
    accepted(ruled, reservation())
    reservations.file(ruled, reservation("R-2", holder=HEAT), OTHER_MANAGER, NOW)
    with pytest.raises(Refused) as refused:
        reservations.accept(ruled, "R-2", OTHER_MANAGER, NOW, expected=1, agreements=[Settled("R-1", "agreed")], **WHY)
    assert codes(refused) == ["missing"]
    done = reservations.accept(
        ruled, "R-2", OTHER_MANAGER, NOW, expected=1, agreements=[Settled("R-1", "agreed", "doc-9")], **WHY
    )
    assert done.head.extra is not None
    assert done.head.extra["settled_with"] == ["R-1"]
    # Recorded once, it holds.
    raised = reservations.raise_strength(ruled, "R-2", "decided", OTHER_MANAGER, NOW, expected=2, **WHY)
    assert raised.head.state == "accepted"


def test_a_duty_settles_a_crossing_and_no_more_than_that(ruled: Database) -> None:
    accepted(ruled, reservation())
    crossing = replace(reservation("R-2", holder=HEAT), geometry=_across())
    reservations.file(ruled, crossing, OTHER_MANAGER, NOW)
    duty = [Settled("R-1", "solved in design", "doc-9")]
    assert reservations.accept(ruled, "R-2", OTHER_MANAGER, NOW, expected=1, duties=duty, **WHY).head.number == 2
    reservations.file(ruled, reservation("R-3", 300, holder=HEAT), OTHER_MANAGER, NOW)
    with pytest.raises(Refused) as refused:
        reservations.accept(
            ruled, "R-3", OTHER_MANAGER, NOW, expected=1, duties=[*duty, Settled("R-2", "x", "y")], **WHY
        )
    assert "clash" in codes(refused)


def _across() -> Any:
    from tests.core.building import line, rounded

    return line([(10_000, -5_000), (10_000, 5_000)], -1000, rounded(500))


def test_raising_strength_checks_again(ruled: Database) -> None:
    accepted(ruled, reservation())
    accepted(ruled, reservation("R-2", strength="search_area", holder=HEAT))
    with pytest.raises(Refused) as refused:
        reservations.raise_strength(ruled, "R-2", "planned", OTHER_MANAGER, NOW, expected=2, **WHY)
    assert codes(refused) == ["clash"]
    reservations.release(ruled, "R-1", MANAGER, NOW, expected=2, **WHY)
    done = reservations.raise_strength(ruled, "R-2", "planned", OTHER_MANAGER, NOW, expected=2, **WHY)
    assert isinstance(done.head.value, Reservation)
    assert done.head.value.strength == "planned"


def test_an_accepted_one_is_amended_only_where_it_fits(ruled: Database) -> None:
    accepted(ruled, reservation())
    accepted(ruled, reservation("R-2", 5000, holder=HEAT))
    with pytest.raises(Refused) as refused:
        reservations.amend(ruled, reservation("R-2", 300, holder=HEAT), OTHER_MANAGER, NOW, expected=2, **WHY)
    assert codes(refused) == ["clash"]
    moved = reservation("R-2", 4000, holder=HEAT)
    assert reservations.amend(ruled, moved, OTHER_MANAGER, NOW, expected=2, **WHY).head.value == moved
    with pytest.raises(Refused) as motive:
        reservations.amend(ruled, reservation("R-2", 4100, holder=HEAT), OTHER_MANAGER, NOW, expected=3)
    assert codes(motive) == ["missing", "missing"]
    stronger = replace(moved, strength="decided")
    with pytest.raises(Refused) as raised:
        reservations.amend(ruled, stronger, OTHER_MANAGER, NOW, expected=3, **WHY)
    assert codes(raised) == ["not_allowed"]


def test_part_of_it_is_released_and_it_is_extended(ruled: Database) -> None:
    accepted(ruled, replace(reservation(), review_date="2028-01-01"))
    shorter = replace(reservation(), geometry=pipe(0, length=5000), review_date="2028-01-01")
    done = reservations.release_part(ruled, "R-1", shorter, MANAGER, NOW, expected=2, **WHY)
    assert (done.head.action, done.head.value) == ("release_part", shorter)
    with pytest.raises(Refused) as more:
        reservations.release_part(ruled, "R-1", replace(shorter, theme="water"), MANAGER, NOW, expected=3, **WHY)
    assert codes(more) == ["not_allowed"]
    with pytest.raises(Refused) as longer:
        reservations.release_part(
            ruled, "R-1", replace(shorter, geometry=pipe(0, length=6000)), MANAGER, NOW, expected=3, **WHY
        )
    assert [(p.code, p.field) for p in longer.value.problems] == [("not_allowed", "remaining.geometry")]
    with pytest.raises(Refused) as earlier:
        reservations.extend(ruled, "R-1", MANAGER, NOW, expected=3, review_date="2027-06-01", **WHY)
    assert codes(earlier) == ["invalid_period"]
    later_on = reservations.extend(ruled, "R-1", MANAGER, NOW, expected=3, review_date="2030-01-01", **WHY)
    assert later_on.head.value == replace(shorter, review_date="2030-01-01")


def test_given_up_it_holds_no_space(ruled: Database) -> None:
    accepted(ruled, reservation())
    assert reservations.release(ruled, "R-1", MANAGER, NOW, expected=2, **WHY).head.state == "released"
    accepted(ruled, reservation("R-2"))
    reservations.file(ruled, reservation("R-3", 9000), MANAGER, NOW)
    assert reservations.withdraw(ruled, "R-3", MANAGER, NOW, expected=1).head.state == "withdrawn"
    with pytest.raises(Refused) as refused:
        reservations.accept(ruled, "R-3", MANAGER, NOW, expected=2, **WHY)
    assert codes(refused) == ["wrong_state"]


def test_without_a_ruleset_in_force_nothing_is_accepted(database: Database) -> None:
    reservations.file(database, reservation(), MANAGER, NOW)
    with pytest.raises(Refused) as refused:
        reservations.accept(database, "R-1", MANAGER, NOW, expected=1, **WHY)
    assert codes(refused) == ["wrong_state"]
    assert "no published ruleset" in str(refused.value)


ACTS: dict[str, Callable[[Database, Any], object]] = {
    "file": lambda db, actor: reservations.file(db, reservation(y=1), actor, NOW, expected=2),
    "amend": lambda db, actor: reservations.amend(db, reservation(y=1), actor, NOW, expected=2, **WHY),
    "accept": lambda db, actor: reservations.accept(db, "R-1", actor, NOW, expected=2, **WHY),
    "extend": lambda db, actor: reservations.extend(db, "R-1", actor, NOW, expected=2, review_date="2030-01-01", **WHY),
    "release": lambda db, actor: reservations.release(db, "R-1", actor, NOW, expected=2, **WHY),
    "release_part": lambda db, actor: reservations.release_part(
        db, "R-1", reservation(), actor, NOW, expected=2, **WHY
    ),
    "raise_strength": lambda db, actor: reservations.raise_strength(
        db, "R-1", "decided", actor, NOW, expected=2, **WHY
    ),
    "withdraw": lambda db, actor: reservations.withdraw(db, "R-1", actor, NOW, expected=2),
}


@pytest.mark.parametrize("act", ACTS)
def test_only_its_holders_manager_acts_on_it(ruled: Database, act: str) -> None:
    accepted(ruled, reservation())
    for actor, code in ((OTHER_MANAGER, "not_yours"), (OPERATOR, "not_allowed_for_role"),
                        (OFFICER, "not_allowed_for_role")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            ACTS[act](ruled, actor)
        assert codes(refused) == [code], actor
    if act != "accept":
        with pytest.raises(Refused) as refused:
            ACTS[act](ruled, ADMINISTRATOR)
        assert codes(refused) == ["not_allowed_for_role"]
    assert len(reservations.history(ruled, "R-1")) == 2


def test_an_administrator_accepts_for_any_holder(ruled: Database) -> None:
    reservations.file(ruled, reservation(holder=HEAT), OTHER_MANAGER, NOW)
    assert reservations.accept(ruled, "R-1", ADMINISTRATOR, NOW, expected=1, **WHY).head.state == "accepted"


def test_nobody_files_for_another(ruled: Database) -> None:
    for holder in (HEAT, None):
        with pytest.raises(Refused) as refused:
            reservations.file(ruled, replace(reservation(), holder=holder), MANAGER, NOW)
        assert codes(refused) == ["not_yours"]


def test_what_is_not_there_is_not_found(ruled: Database) -> None:
    for act in (lambda: reservations.get(ruled, "R-9"), lambda: reservations.history(ruled, "R-9"),
                lambda: reservations.accept(ruled, "R-9", MANAGER, NOW, expected=1, **WHY)):  # fmt: skip
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == ["not_found"]
