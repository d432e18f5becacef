"""Granted works are begun, built, held up or taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.lifecycle import TRANSITIONS
from registry.core.model import Asset, Consent, Relation
from registry.db import Database
from registry.services import feed, imports, progress, verdicts
from registry.services.deciding import decide
from tests.core import building
from tests.services.making import (
    ADMINISTRATOR,
    HEAT,
    NOW,
    OFFICER,
    OPERATOR,
    OTHER_OPERATOR,
    SEWERS,
    WATER,
    WHY,
    application,
    asset,
    checked,
    codes,
    decision,
    granted,
    head,
    imported,
    later,
    pipe,
    waiting,
    work,
)

STEPS: dict[str, Callable[..., Any]] = {
    "start_works": progress.start_works,
    "report_as_built": progress.report_as_built,
    "suspend": progress.suspend,
    "resume": progress.resume,
    "revoke": progress.revoke,
    "expire": progress.expire,
}


def do(db: Database, step: str, actor: Any, **more: Any) -> Any:
    """Take a step on application A-1 as it stands."""
    return STEPS[step](db, "A-1", actor, NOW, expected=head(db, "application", "A-1").number, **WHY, **more).head


@pytest.mark.parametrize(
    "path",
    [
        ["start_works", "report_as_built"],
        ["suspend", "resume", "start_works", "suspend", "expire"],
        ["start_works", "revoke"],
        ["suspend", "revoke"],
        ["expire"],
    ],
)
def test_the_ways_works_may_go(ruled: Database, path: list[str]) -> None:
    granted(ruled, application())
    for step in path:
        before = head(ruled, "application", "A-1")
        row = next(t for t in TRANSITIONS if (t.of, t.action) == ("application", step) and before.state in t.before)
        actor = OPERATOR if "operator" in row.roles else OFFICER
        wrong = OFFICER if actor is OPERATOR else OPERATOR
        with pytest.raises(Refused) as refused:
            do(ruled, step, wrong)
        assert codes(refused) == ["not_allowed_for_role"]
        assert do(ruled, step, actor).state == row.after
    for step in STEPS:
        possible = {t.action for t in TRANSITIONS if head(ruled, "application", "A-1").state in t.before}
        if step not in possible:
            actor = OPERATOR if step in ("start_works", "report_as_built") else OFFICER
            with pytest.raises(Refused) as refused:
                do(ruled, step, actor)
            assert codes(refused) == ["wrong_state"]


def test_only_the_applicant_tells_of_the_works(ruled: Database) -> None:
    granted(ruled, application())
    with pytest.raises(Refused) as refused:
        do(ruled, "start_works", OTHER_OPERATOR)
    assert codes(refused) == ["not_yours"]


@pytest.mark.parametrize("way", ["revoke", "expire"])
def test_taken_back_they_are_in_nobodys_way(ruled: Database, way: str) -> None:
    granted(ruled, application())
    checked(ruled, application("A-2", 400, applicant=WATER))
    do(ruled, way, OFFICER)
    assert waiting(ruled) == ["A-2"]


def test_held_up_they_keep_their_space(ruled: Database) -> None:
    granted(ruled, application())
    checked(ruled, application("A-2", 400, applicant=WATER))
    do(ruled, "suspend", OFFICER)
    do(ruled, "resume", OFFICER)
    do(ruled, "start_works", OPERATOR)
    assert waiting(ruled) == []


def test_built_they_are_assets_and_what_they_replaced_is_gone(ruled: Database) -> None:
    old = [replace(asset(f"old-{k}", 1000 * k, theme="rioolVrijverval"), holder=SEWERS) for k in range(3)]
    imported(ruled, *old)
    part = building.part(
        "p",
        pipe(0),
        relations=[
            Relation("replaces", "asset", "old-0"),
            Relation("removes", "asset", "old-1", removal_date="2027-04-01"),
            Relation("removes", "asset", "old-2", left_in_ground=True),
        ],
    )
    asked = application("A-1", 0, -1000, part)
    granted(ruled, asked)
    checked(ruled, application("A-2", 400, applicant=WATER))
    do(ruled, "start_works", OPERATOR)
    assert do(ruled, "report_as_built", OPERATOR, built_on=date(2027, 3, 1)).state == "as_built"
    built = head(ruled, "asset", "A-1/p")
    assert built.value == Asset("A-1/p", "rioolVrijverval", "line", pipe(0), SEWERS, source="as built",
                                as_of="2027-03-01")  # fmt: skip
    ends = [head(ruled, "asset", one.id) for one in old]
    assert [(one.state, one.action) for one in ends] == [
        ("removed", "replaces"), ("present", "removes"), ("present", "removes"),
    ]  # fmt: skip
    values = [one.value for one in ends if isinstance(one.value, Asset)]
    assert [(one.removal_date, one.status) for one in values] == [
        ("2027-03-01", "functional"), ("2027-04-01", "functional"), (None, "disused"),
    ]  # fmt: skip
    assert waiting(ruled) == ["A-2"]
    work(ruled)
    # The same file again brings nothing back; one that says something new does.
    run = imports.import_objects(ruled, old, "assets.geojson", "0" * 64, ADMINISTRATOR, later(1))
    assert (run.changed, run.unchanged) == (0, 3)
    run = imports.import_objects(ruled, [replace(old[0], name="rebuilt")], "later", "1" * 64, ADMINISTRATOR, later(2))
    assert run.changed == 1
    assert head(ruled, "asset", "old-0").state == "present"


def test_what_its_holder_did_not_consent_to_stays(ruled: Database) -> None:
    imported(ruled, replace(asset("theirs", 5000), holder=WATER), replace(asset("agreed", 6000), holder=HEAT))
    named = [Relation("removes", "asset", "theirs"), Relation("removes", "asset", "agreed")]
    asked = application("A-1", 0, -1000, building.part("p", pipe(0), relations=named))
    asked = replace(asked, consents=(Consent(HEAT, "letter"),))
    granted(ruled, asked, kind="grant_with_conditions", conditions=["ask them"])
    told = feed.changes(ruled, 0)[-1]
    assert (told.action, told.told) == ("grant", (SEWERS, HEAT))
    do(ruled, "start_works", OPERATOR)
    do(ruled, "report_as_built", OPERATOR)
    assert [head(ruled, "asset", one).state for one in ("theirs", "agreed")] == ["present", "removed"]


def test_what_is_built_takes_the_place_of_no_other_asset(ruled: Database) -> None:
    imported(ruled, replace(asset("A-1/p", 50_000), holder=HEAT))
    granted(ruled, application())
    do(ruled, "start_works", OPERATOR)
    with pytest.raises(Refused) as refused:
        do(ruled, "report_as_built", OPERATOR)
    assert codes(refused) == ["already_there"]
    assert head(ruled, "asset", "A-1/p").holder == HEAT
    assert head(ruled, "application", "A-1").state == "works"


def test_works_that_were_noted_are_not_lost_sight_of(ruled: Database) -> None:
    checked(ruled, replace(application(), regime="notification"))
    number = head(ruled, "application", "A-1").number
    decide(ruled, "A-1", decision(ruled, "A-1", "note"), OFFICER, NOW, expected=number)
    checked(ruled, application("A-2", 400, applicant=WATER))
    assert rivals(ruled, "A-2") == [True]
    do(ruled, "start_works", OPERATOR)
    assert waiting(ruled) == ["A-2"]
    work(ruled)
    assert rivals(ruled, "A-2") == [False]


def rivals(db: Database, name: str) -> list[bool]:
    stands = verdicts.standing(db, name)
    assert stands is not None
    return [finding.rival for finding in stands.verdict.findings]


def test_works_of_a_day_to_come_are_not_built(ruled: Database) -> None:
    granted(ruled, application())
    do(ruled, "start_works", OPERATOR)
    with pytest.raises(Refused) as refused:
        do(ruled, "report_as_built", OPERATOR, built_on=date(2027, 3, 2))
    assert codes(refused) == ["invalid_period"]
    assert do(ruled, "report_as_built", OPERATOR, built_on=date(2027, 3, 1)).state == "as_built"
