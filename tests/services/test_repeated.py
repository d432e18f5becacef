"""The same act again, by who did not hear the answer: answered as the first time, and done once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.model import Period
from registry.db import Database
from registry.services import applications, feed, progress, reservations
from registry.services.actors import Actor
from registry.services.reservations import Settled
from registry.services.saved import Saved
from tests.services.making import (
    CITY,
    HEAT,
    MANAGER,
    NOW,
    OFFICER,
    OPERATOR,
    OTHER_MANAGER,
    WHY,
    accepted,
    application,
    checked,
    codes,
    file,
    granted,
    head,
    later,
    pipe,
    reservation,
    waiting,
    work,
)
from tests.services.test_races import at_once

Act = Callable[..., Saved]
COLLEAGUE = Actor("colleague", CITY, "manager")

#: Acts on the accepted reservation R-1.
ON_ACCEPTED: dict[str, Act] = {
    "amend": lambda db, **more: reservations.amend(db, reservation(y=900), MANAGER, **more),
    "extend": lambda db, **more: reservations.extend(db, "R-1", MANAGER, review_date="2030-01-01", **more),
    "release": lambda db, **more: reservations.release(db, "R-1", MANAGER, **more),
    "release_part": lambda db, **more: reservations.release_part(
        db, "R-1", replace(reservation(), geometry=pipe(0, length=5000)), MANAGER, **more
    ),
    "raise_strength": lambda db, **more: reservations.raise_strength(db, "R-1", "decided", MANAGER, **more),
}


def changes(db: Database) -> int:
    return len(feed.changes(db, 0, 1000))


@pytest.mark.parametrize("name", ON_ACCEPTED)
def test_an_act_on_a_reservation_is_done_once(ruled: Database, name: str) -> None:
    accepted(ruled, reservation())
    first = ON_ACCEPTED[name](ruled, now=NOW, expected=2, **WHY)
    told = changes(ruled)
    again = ON_ACCEPTED[name](ruled, now=later(5), expected=2, **WHY)
    assert again.head == first.head
    assert (len(reservations.history(ruled, "R-1")), changes(ruled)) == (3, told)
    with pytest.raises(Refused) as refused:
        ON_ACCEPTED[name](ruled, now=later(5), expected=2, reason="another", document="doc-1")
    assert codes(refused) == ["version_mismatch"]
    with pytest.raises(Refused) as earlier:
        ON_ACCEPTED[name](ruled, now=later(5), expected=1, **WHY)
    assert codes(earlier) == ["version_mismatch"]


def test_what_is_accepted_is_accepted_once_also_when_both_arrive_together(ruled: Database) -> None:
    reservations.file(ruled, reservation(), MANAGER, NOW)
    acts = [lambda: reservations.accept(ruled, "R-1", MANAGER, NOW, expected=1, **WHY)] * 4
    answers = at_once(acts)
    assert all(isinstance(one, Saved) and one.head.number == 2 for one in answers), answers
    assert len(reservations.history(ruled, "R-1")) == 2
    withdrawn = reservations.file(ruled, reservation("R-2", 5_000), MANAGER, NOW)
    for _ in range(2):
        done = reservations.withdraw(ruled, "R-2", MANAGER, NOW, expected=withdrawn.head.number)
        assert (done.head.state, done.head.number) == ("withdrawn", 2)


def test_another_act_or_actor_or_content_is_no_repetition(ruled: Database) -> None:
    accepted(ruled, reservation())
    reservations.amend(ruled, reservation(y=900), MANAGER, NOW, expected=2, **WHY)
    others: list[Callable[[], Any]] = [
        lambda: reservations.amend(ruled, reservation(y=901), MANAGER, NOW, expected=2, **WHY),
        lambda: reservations.amend(ruled, reservation(y=900), COLLEAGUE, NOW, expected=2, **WHY),
        lambda: reservations.release(ruled, "R-1", MANAGER, NOW, expected=2, **WHY),
        lambda: reservations.extend(
            ruled, "R-1", MANAGER, NOW, expected=2, period=Period("2028-01-01", "2029-01-01"), **WHY
        ),
    ]
    for other in others:
        with pytest.raises(Refused) as refused:
            other()
        assert codes(refused) == ["version_mismatch"]
    reservations.release(ruled, "R-1", MANAGER, NOW, expected=3, **WHY)
    with pytest.raises(Refused) as overtaken:
        reservations.amend(ruled, reservation(y=900), MANAGER, NOW, expected=2, **WHY)
    assert codes(overtaken) == ["version_mismatch"]


def test_what_settles_a_clash_is_part_of_the_act(ruled: Database) -> None:
    accepted(ruled, reservation())
    reservations.file(ruled, reservation("R-2", holder=HEAT), OTHER_MANAGER, NOW)

    def accept(*agreements: Settled) -> Saved:
        return reservations.accept(ruled, "R-2", OTHER_MANAGER, NOW, expected=1, agreements=agreements, **WHY)

    agreed = Settled("R-1", "agreed", "doc-9")
    assert accept(agreed).head == accept(agreed).head
    for other in ((), (replace(agreed, document="doc-10"),)):
        with pytest.raises(Refused) as refused:
            accept(*other)
        assert codes(refused) == ["version_mismatch"]


def test_acts_on_an_application_are_done_once(ruled: Database) -> None:
    stands = checked(ruled, application())
    for _ in range(2):
        asked = applications.request_data(ruled, "A-1", OFFICER, later(1), expected=stands.number, reason="how?")
        assert asked.head.number == stands.number + 1
    first = applications.supply_data(ruled, application(y=10), OPERATOR, later(2), expected=asked.head.number)
    again = applications.supply_data(ruled, application(y=10), OPERATOR, later(3), expected=asked.head.number)
    assert (again.head, again.job_id) == (first.head, first.job_id)
    work(ruled, later(4))
    # A check is no other change: the application is answered as it stands.
    done = applications.supply_data(ruled, application(y=10), OPERATOR, later(5), expected=asked.head.number)
    assert (done.head, waiting(ruled)) == (head(ruled, "application", "A-1"), [])
    assert done.head.state == "checked"
    with pytest.raises(Refused) as refused:
        applications.supply_data(ruled, application(y=11), OPERATOR, later(5), expected=asked.head.number)
    assert codes(refused) == ["version_mismatch"]
    for moment in (6, 7):
        extended = applications.extend_term(
            ruled, "A-1", OFFICER, later(moment), expected=done.head.number, reason="advice"
        )
    withdrawn = [
        applications.withdraw(ruled, "A-1", OPERATOR, later(moment), expected=extended.head.number).head
        for moment in (8, 9)
    ]
    assert withdrawn[0] == withdrawn[1]


def test_what_is_built_is_reported_once(ruled: Database) -> None:
    stands = granted(ruled, application())
    begun = [progress.start_works(ruled, "A-1", OPERATOR, NOW, expected=stands.number).head for _ in range(2)]
    assert begun[0] == begun[1]

    def report(day: date) -> Saved:
        return progress.report_as_built(ruled, "A-1", OPERATOR, NOW, expected=begun[0].number, built_on=day)

    assert report(date(2027, 2, 1)).head == report(date(2027, 2, 1)).head
    with pytest.raises(Refused) as refused:
        report(date(2027, 2, 2))
    assert codes(refused) == ["version_mismatch"]
    assert head(ruled, "asset", "A-1/p").number == 1
    file(ruled, application("A-2", 5_000))
    with pytest.raises(Refused) as missing:
        applications.withdraw(ruled, "A-2", OPERATOR, NOW, expected=None)
    assert codes(missing) == ["version_missing"]
