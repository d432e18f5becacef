"""Granted works are begun, built, held up or taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.lifecycle import TRANSITIONS
from registry.core.model import Asset, Relation
from registry.db import Database
from registry.services import imports, progress
from tests.core import building
from tests.services.making import (
    ADMINISTRATOR,
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
        ("removed", "replaces"), ("removed", "removes"), ("present", "removes"),
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
