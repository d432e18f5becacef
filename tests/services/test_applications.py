"""Applications are filed with their check, completed, amended and withdrawn; the officer's inbox knows the term."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.db import Database
from registry.services import applications, checking, feed
from registry.services import jobs as looked
from tests.services.making import (
    MANAGER,
    NOW,
    OFFICER,
    OPERATOR,
    OTHER_OPERATOR,
    WATER,
    application,
    checked,
    codes,
    file,
    head,
    later,
    waiting,
    work,
)

NEXT_DAY = NOW + timedelta(days=1)


def test_filed_it_waits_for_its_check(ruled: Database) -> None:
    saved = file(ruled, application())
    assert (saved.created, saved.head.state, saved.head.number) == (True, "received", 1)
    assert saved.job_id is not None
    assert looked.get(ruled, saved.job_id).subject == "A-1"
    assert waiting(ruled) == ["A-1"]
    [done] = work(ruled)
    assert (done.id, done.state) == (saved.job_id, "done")
    assert head(ruled, "application", "A-1").state == "checked"
    actions = [one.action for one in applications.history(ruled, "A-1")]
    assert actions == ["file", "start_check", "finish_check"]
    assert [one.action for one in feed.changes(ruled, 0) if one.id == "A-1"] == actions


def test_the_same_put_again_is_the_same_act(ruled: Database) -> None:
    first = file(ruled, application())
    assert file(ruled, application(), later(1)) == replace(first, jobs=())
    assert waiting(ruled) == ["A-1"]
    work(ruled)
    again = file(ruled, application(), later(2))
    assert (again.created, again.job_id) == (True, first.job_id)
    assert again.head == head(ruled, "application", "A-1")
    assert waiting(ruled) == []


def test_amended_it_is_checked_again_and_the_old_verdict_stands_no_longer(ruled: Database) -> None:
    before = checked(ruled, application())
    assert before.verdict_id is not None
    with pytest.raises(Refused) as refused:
        file(ruled, application(y=50))
    assert codes(refused) == ["version_missing"]
    saved = applications.file(ruled, application(y=50), OPERATOR, NOW, expected=before.number)
    assert (saved.head.state, saved.head.verdict_id, saved.created) == ("received", None, False)
    assert saved.job_id is not None
    work(ruled)
    assert head(ruled, "application", "A-1").state == "checked"


def test_an_application_keeps_its_regime(ruled: Database) -> None:
    file(ruled, application())
    with pytest.raises(Refused) as refused:
        applications.amend(ruled, replace(application(), regime="own_works"), OPERATOR, NOW, expected=1)
    assert codes(refused) == ["not_allowed"]


def test_while_data_are_awaited_the_clock_stands_still(ruled: Database) -> None:
    filed = file(ruled, application())
    due = date(2027, 4, 26)  # 56 days after 1 March, a Monday; the 27th is a holiday
    assert filed.head.due_on == due
    asked = applications.request_data(ruled, "A-1", OFFICER, NOW, expected=1, reason="depth of the sewer")
    assert (asked.head.state, asked.head.due_on) == ("incomplete", None)
    clock = applications.clock(ruled, "A-1")
    assert clock is not None
    assert (clock.paused_since, clock.days_left(date(2027, 5, 1))) == (date(2027, 3, 1), 56)
    more = replace(application(), title="with its depth")
    given = applications.supply_data(ruled, more, OPERATOR, NOW + timedelta(days=10), expected=2)
    assert given.head.state == "received"
    assert given.head.due_on == date(2027, 5, 6) + timedelta(days=1)  # 6 May is Ascension Day
    with pytest.raises(Refused) as refused:
        applications.supply_data(ruled, more, OPERATOR, NOW + timedelta(days=11), expected=3)
    assert codes(refused) == ["wrong_state"]


def test_the_term_is_extended_once(ruled: Database) -> None:
    file(ruled, application())
    done = applications.extend_term(ruled, "A-1", OFFICER, NOW, expected=1, reason="advice is awaited")
    assert (done.head.state, done.head.due_on) == ("received", date(2027, 6, 7))
    with pytest.raises(Refused) as refused:
        applications.extend_term(ruled, "A-1", OFFICER, NOW, expected=2, reason="again")
    assert codes(refused) == ["wrong_state"]
    with pytest.raises(Refused) as motive:
        applications.extend_term(ruled, "A-1", OFFICER, NOW, expected=2)
    assert codes(motive) == ["missing"]


def test_the_check_does_not_change_the_term(ruled: Database) -> None:
    assert checked(ruled, application()).due_on == date(2027, 4, 26)


def test_the_inbox_has_what_is_due_first_at_the_top(ruled: Database) -> None:
    file(ruled, replace(application("A-3", 30_000), regime="notification"), NOW)
    file(ruled, application("A-2", 20_000), NEXT_DAY)
    file(ruled, application("A-1"), NOW)
    file(ruled, application("A-4", 40_000), NOW)
    applications.withdraw(ruled, "A-4", OPERATOR, NEXT_DAY, expected=1)
    assert [(i.head.id, i.job_state, i.outcome) for i in applications.inbox(ruled, NEXT_DAY)] == [
        ("A-1", "queued", None),
        ("A-2", "queued", None),
        ("A-3", "queued", None),
    ]
    work(ruled, NEXT_DAY)
    first, _, third = applications.inbox(ruled, NEXT_DAY)
    assert (first.outcome, first.job_state, first.days_left) == ("fits", "done", 55)
    assert first.verdict_sha256 is not None
    assert third.clock is None


def test_withdrawn_it_is_done_with(ruled: Database) -> None:
    file(ruled, application())
    done = applications.withdraw(ruled, "A-1", OPERATOR, NOW, expected=1)
    assert (done.head.state, done.head.due_on) == ("withdrawn", None)
    [job] = work(ruled)
    assert job.state == "done"
    assert job.result == {"current": False}
    assert head(ruled, "application", "A-1").verdict_id is None


def test_a_rival_nearby_is_checked_again(ruled: Database) -> None:
    checked(ruled, application())
    checked(ruled, application("A-far", 100_000))
    file(ruled, application("A-2", 400, applicant=WATER))
    assert waiting(ruled) == ["A-1", "A-2"]
    work(ruled)
    rivals = checking.what_if(ruled, application(), NOW).findings
    assert {c.id for finding in rivals if finding.rival for c in finding.counterparts} == {"A-2/p"}
    applications.withdraw(ruled, "A-2", OTHER_OPERATOR, NOW, expected=3)
    assert waiting(ruled) == ["A-1"]


ACTS: dict[str, tuple[Callable[[Database, Any], object], Any, Any]] = {
    "file": (lambda db, actor: applications.file(db, application(y=1), actor, NOW, expected=1), OFFICER, True),
    "amend": (lambda db, actor: applications.amend(db, application(y=1), actor, NOW, expected=1), OFFICER, True),
    "withdraw": (lambda db, actor: applications.withdraw(db, "A-1", actor, NOW, expected=1), OFFICER, True),
    "supply_data": (
        lambda db, actor: applications.supply_data(db, application(y=1), actor, NOW, expected=1), OFFICER, True,
    ),
    "request_data": (
        lambda db, actor: applications.request_data(db, "A-1", actor, NOW, expected=1, reason="x"), OPERATOR, False,
    ),
    "extend_term": (
        lambda db, actor: applications.extend_term(db, "A-1", actor, NOW, expected=1, reason="x"), OPERATOR, False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_only_who_may_acts_on_it(ruled: Database, act: str) -> None:
    file(ruled, application())
    do, wrong, of_applicant = ACTS[act]
    with pytest.raises(Refused) as refused:
        do(ruled, wrong)
    assert codes(refused) == ["not_allowed_for_role"]
    if of_applicant:
        for actor in (OTHER_OPERATOR, MANAGER):
            with pytest.raises(Refused) as stranger:
                do(ruled, actor)
            assert codes(stranger) == ["not_yours"]
    assert [one.number for one in applications.history(ruled, "A-1")] == [1]


def test_nobody_takes_anothers_id(ruled: Database) -> None:
    file(ruled, application())
    with pytest.raises(Refused) as refused:
        applications.file(ruled, application(applicant=WATER), OTHER_OPERATOR, NOW, expected=1)
    assert codes(refused) == ["not_yours"]
