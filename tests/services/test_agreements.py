"""What was agreed holds for the space it was agreed about, and is recorded by who is party to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.model import Consent, Relation
from registry.db import Database
from registry.services import agreements, applications, reservations
from registry.services.actors import Actor
from registry.services.deciding import decide
from registry.services.reservations import Settled
from tests.core import building
from tests.services.making import (
    ADMINISTRATOR,
    HEAT,
    NOW,
    OFFICER,
    OTHER_MANAGER,
    OTHER_OPERATOR,
    SEWERS,
    WATER,
    WHY,
    accepted,
    application,
    checked,
    codes,
    decision,
    granted,
    head,
    later,
    pipe,
    reservation,
    work,
)

AGREED: dict[str, Any] = {"reason": "both holders agree", "document": "minutes"}
TWO = ("application", "A-1"), ("application", "A-2")


def test_an_agreement_holds_for_no_other_space(ruled: Database) -> None:
    accepted(ruled, reservation("R-1", 0))
    beside = reservation("R-2", 600, holder=HEAT, theme="water")
    reservations.file(ruled, beside, OTHER_MANAGER, NOW)
    taken = reservations.accept(
        ruled, "R-2", OTHER_MANAGER, NOW, expected=1, **WHY, agreements=[Settled("R-1", **AGREED)]
    )
    longer = reservations.extend(
        ruled, "R-2", OTHER_MANAGER, later(1), expected=taken.head.number, review_date="2029-01-01", **WHY
    )
    worse = replace(reservation("R-2", 100, holder=HEAT, theme="water"), review_date="2029-01-01")
    seen = longer.head.number
    with pytest.raises(Refused) as refused:
        reservations.amend(ruled, worse, OTHER_MANAGER, later(2), expected=seen, **WHY)
    assert codes(refused) == ["clash"]
    less = replace(worse, geometry=pipe(600, length=9_000))
    with pytest.raises(Refused) as refused:
        reservations.release_part(ruled, "R-2", less, OTHER_MANAGER, later(2), expected=seen, **WHY)
    assert codes(refused) == ["clash"]
    moved = reservations.amend(
        ruled, worse, OTHER_MANAGER, later(3), expected=seen, **WHY,
        agreements=[Settled("R-1", **AGREED)],
    )  # fmt: skip
    assert moved.head.state == "accepted"
    assert len(agreements.between(ruled, ("reservation", "R-1"), ("reservation", "R-2"))) == 2


def test_nobody_agrees_for_two_others(ruled: Database) -> None:
    accepted(ruled, reservation("R-1", 0, holder=HEAT))
    reservations.file(
        ruled, reservation("R-2", 0, holder=WATER, theme="water"), Actor("manager", WATER, "manager"), NOW
    )
    with pytest.raises(Refused) as refused:
        reservations.accept(ruled, "R-2", ADMINISTRATOR, NOW, expected=1, **WHY, agreements=[Settled("R-1", **AGREED)])
    assert codes(refused) == ["not_yours"]


def test_what_two_applicants_agreed_holds_for_no_other_works(ruled: Database) -> None:
    granted(ruled, application("A-1"))
    checked(ruled, application("A-2", 600, applicant=WATER, theme="water"))
    agreements.record(ruled, "agreement", *TWO, OFFICER, NOW, **AGREED)
    number = head(ruled, "application", "A-2").number
    applications.amend(
        ruled, application("A-2", 100, applicant=WATER, theme="water"), OTHER_OPERATOR, later(1), expected=number
    )
    work(ruled, later(2))
    stands = head(ruled, "application", "A-2")
    with pytest.raises(Refused) as refused:
        decide(ruled, "A-2", decision(ruled, "A-2"), OFFICER, later(3), expected=stands.number)
    assert codes(refused) == ["clash"]
    # The same agreement again is about these works, and so another one; only now the same again is the same.
    made = [agreements.record(ruled, "agreement", *TWO, OFFICER, later(4), **AGREED) for _ in range(2)]
    assert made[0] == made[1]
    assert len(agreements.between(ruled, *TWO)) == 2
    done = decide(ruled, "A-2", decision(ruled, "A-2"), OFFICER, later(5), expected=stands.number)
    assert done.head.state == "granted"


def test_sharing_a_trench_with_granted_works_takes_a_recorded_agreement(ruled: Database) -> None:
    granted(ruled, application("A-1"))
    shares = Relation("shares_trench", "works", "A-1/p", agreement="so we say")
    part = replace(building.part("p", pipe(600), "water"), relations=(shares,))
    asked = replace(application("A-2", 0, -1000, part, applicant=WATER), consents=(Consent(SEWERS, "our letter"),))
    stands = checked(ruled, asked)
    with pytest.raises(Refused) as refused:
        decide(ruled, "A-2", decision(ruled, "A-2"), OFFICER, NOW, expected=stands.number)
    assert (codes(refused), refused.value.problems[0].feature) == (["clash"], "A-1")
    agreements.record(ruled, "agreement", *TWO, OFFICER, NOW, **AGREED)
    assert decide(ruled, "A-2", decision(ruled, "A-2"), OFFICER, NOW, expected=stands.number).head.state == "granted"
