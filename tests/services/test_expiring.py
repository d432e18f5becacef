"""How long a reservation lives in the register: its days are set and held to, and its end comes with notice."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.core.errors import Refused
from registry.core.model import Period, Reservation
from registry.core.policy import Ruleset
from registry.db import Database
from registry.formats.ruleset_yaml import load_ruleset
from registry.services import applications, expiring, feed, reservations, verdicts
from registry.store import jobs
from registry.store.rows import Change
from tests.conftest import ROOT
from tests.golden.golden_cases import FOLDER
from tests.services.making import (
    CITY,
    HEAT,
    MANAGER,
    NOW,
    OTHER_MANAGER,
    WHY,
    accepted,
    application,
    checked,
    codes,
    head,
    later,
    publish,
    reservation,
    waiting,
    work,
)

#: The day of ``NOW``, when all is accepted; planned ones live 120 months, search areas 24, reviews are every 24.
TODAY = date(2027, 3, 1)


def rules() -> Ruleset:
    return load_ruleset(FOLDER / "ruleset-expiry.yaml")


def at(day: str, hour: int = 6) -> datetime:
    """A moment on a day."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=hour)


def done(_session: Session, _result: Mapping[str, Any]) -> bool:
    """The end of a job that is still this worker's."""
    return True


def keep(db: Database, day: str) -> None:
    """What the register does on a day."""
    expiring.keep_days(db, at(day), done)


def told(db: Database, *actions: str, id_: str = "R-1") -> list[Change]:
    """What the feed says that the register did with a reservation."""
    return [one for one in feed.changes(db, limit=1000) if one.id == id_ and one.action in actions]


def short(**more: Any) -> Reservation:
    """A reservation of another organisation until 2028."""
    return replace(reservation(holder=HEAT), period=Period(None, "2028-01-01"), **more)


def extended(db: Database, number: int, end: str | None, now: datetime = NOW) -> int:
    """The version of the reservation after it was given this end."""
    period = Period(None, end)
    return reservations.extend(db, "R-1", OTHER_MANAGER, now, expected=number, period=period, **WHY).head.number


@pytest.fixture
def lasting(database: Database) -> Database:
    """A register with a rule on how long reservations live."""
    publish(database, rules())
    return database


def test_acceptance_sets_the_days_that_are_not_stated(lasting: Database) -> None:
    found = accepted(lasting, reservation()).value
    assert isinstance(found, Reservation)
    assert (found.period, found.review_date) == (Period(None, "2037-03-01"), "2029-03-01")


def test_the_review_is_no_later_than_the_end(lasting: Database) -> None:
    found = accepted(lasting, short()).value
    assert isinstance(found, Reservation)
    assert (found.period, found.review_date) == (Period(None, "2028-01-01"), "2028-01-01")


def test_a_strength_without_a_life_lives_without_end(lasting: Database) -> None:
    found = accepted(lasting, replace(reservation(), strength="decided")).value
    assert isinstance(found, Reservation)
    assert (found.period, found.review_date) == (None, "2029-03-01")


@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"period": Period(None, "2037-03-02")}, "period.to", "Give 2037-03-01 or earlier as the end."),
        ({"review_date": "2029-03-02"}, "review_date", "Give 2029-03-01 or earlier."),
    ],
)
def test_a_day_longer_is_refused(lasting: Database, changes: dict[str, Any], field: str, remedy: str) -> None:
    with pytest.raises(Refused) as refused:
        accepted(lasting, replace(reservation(), **changes))
    assert [(one.code, one.field, one.remedy) for one in refused.value.problems] == [("invalid_period", field, remedy)]
    assert head(lasting, "reservation", "R-1").state == "filed"


def test_what_was_accepted_is_the_same_again_though_days_were_set(lasting: Database) -> None:
    now = accepted(lasting, reservation())
    assert reservations.file(lasting, reservation(), MANAGER, NOW).head.number == now.number
    again = reservations.accept(lasting, "R-1", MANAGER, NOW + timedelta(days=3), expected=1, reason="decided",
                                document="doc-1")  # fmt: skip
    assert again.head.number == now.number


def test_it_is_extended_as_often_as_policy_lets_it(lasting: Database) -> None:
    number = accepted(lasting, short()).number
    for end in ("2038-01-01", "2048-01-01"):
        number = extended(lasting, number, end)
    with pytest.raises(Refused) as refused:
        extended(lasting, number, "2048-01-02")
    assert codes(refused) == ["not_allowed"]
    # Looking it over is no extension.
    review = reservations.extend(lasting, "R-1", OTHER_MANAGER, NOW, expected=number, review_date="2029-03-01", **WHY)
    assert review.head.number == number + 1


def test_one_extension_is_no_longer_than_a_life(lasting: Database) -> None:
    number = accepted(lasting, short()).number
    for end in ("2038-01-02", None):
        with pytest.raises(Refused) as refused:
            extended(lasting, number, end)
        assert codes(refused) == ["invalid_period"]


def test_amending_does_not_lengthen_its_life(lasting: Database) -> None:
    number = accepted(lasting, short()).number
    longer = replace(short(), period=Period(None, "2028-01-02"))
    with pytest.raises(Refused) as refused:
        reservations.amend(lasting, longer, OTHER_MANAGER, NOW, expected=number, **WHY)
    assert codes(refused) == ["not_allowed"]
    named = replace(short(), period=None, name="x")
    kept = reservations.amend(lasting, named, OTHER_MANAGER, NOW, expected=number, **WHY)
    assert isinstance(kept.head.value, Reservation)
    assert kept.head.value.period == Period(None, "2028-01-01")


def test_of_a_higher_strength_it_lives_no_longer_than_one_of_that(lasting: Database) -> None:
    number = accepted(lasting, replace(reservation(), strength="search_area")).number
    raised = reservations.raise_strength(lasting, "R-1", "option", MANAGER, NOW, expected=number, **WHY)
    assert isinstance(raised.head.value, Reservation)
    assert raised.head.value.period == Period(None, "2029-03-01")


def test_notice_is_given_and_then_it_lapses(lasting: Database) -> None:
    accepted(lasting, short())
    checked(lasting, application())
    keep(lasting, "2027-10-02")
    assert told(lasting, "notice") == []
    keep(lasting, "2027-10-03")
    keep(lasting, "2027-10-04")
    (first,) = told(lasting, "notice")
    assert first.detail == {"days": 90, "ends_on": "2028-01-01", "lapses_on": "2028-01-01"}
    assert first.told == (HEAT,)
    keep(lasting, "2027-12-02")
    keep(lasting, "2027-12-31")
    assert [one.detail["days"] for one in told(lasting, "notice") if one.detail] == [90, 30]
    assert head(lasting, "reservation", "R-1").state == "accepted"
    keep(lasting, "2028-01-01")
    keep(lasting, "2028-01-02")
    (lapsed,) = told(lasting, "lapse")
    assert (lapsed.told, lapsed.actor) == ((HEAT,), "register")
    found = head(lasting, "reservation", "R-1")
    assert (found.state, found.action, found.actor.name) == ("lapsed", "lapse", "register")
    assert found.extra == {"ends_on": "2028-01-01", "notices": {"90": "2027-10-03", "30": "2027-12-02"}}
    assert found.reason == "its period ended on 2028-01-01; notice was given on 2027-10-03, 2027-12-02"
    # What it was in the way of is looked at anew.
    assert "A-1" in waiting(lasting)
    work(lasting, at("2028-01-02"))
    stands = verdicts.standing(lasting, "A-1")
    assert stands is not None
    assert (stands.verdict.outcome, stands.verdict.basis) == ("fits", ())
    assert applications.get(lasting, "A-1").state == "checked"


def test_nothing_lapses_without_notice_however_long_the_register_stood_still(lasting: Database) -> None:
    accepted(lasting, short())
    for day in ("2028-06-01", "2028-07-31", "2028-08-29"):
        keep(lasting, day)
        assert head(lasting, "reservation", "R-1").state == "accepted"
    assert [one.detail for one in told(lasting, "notice")] == [
        {"days": 90, "ends_on": "2028-01-01", "lapses_on": "2028-08-30"},
        {"days": 30, "ends_on": "2028-01-01", "lapses_on": "2028-08-30"},
    ]
    keep(lasting, "2028-08-30")
    assert head(lasting, "reservation", "R-1").state == "lapsed"


def test_a_last_notice_that_comes_late_runs_as_well(lasting: Database) -> None:
    accepted(lasting, short())
    keep(lasting, "2027-10-03")
    keep(lasting, "2027-12-20")
    assert [one.detail["lapses_on"] for one in told(lasting, "notice") if one.detail] == ["2028-01-01", "2028-01-19"]
    keep(lasting, "2028-01-18")
    assert head(lasting, "reservation", "R-1").state == "accepted"
    keep(lasting, "2028-01-19")
    assert head(lasting, "reservation", "R-1").state == "lapsed"


def test_one_that_is_extended_in_time_does_not_lapse(lasting: Database) -> None:
    number = accepted(lasting, short()).number
    keep(lasting, "2027-10-03")
    keep(lasting, "2027-12-02")
    extended(lasting, number, "2029-01-01", at("2027-12-31"))
    keep(lasting, "2028-01-01")
    assert head(lasting, "reservation", "R-1").state == "accepted"
    keep(lasting, "2028-10-03")
    ends = [one.detail["ends_on"] for one in told(lasting, "notice") if one.detail]
    assert ends == ["2028-01-01", "2028-01-01", "2029-01-01"]


def test_an_overdue_review_is_told_once_and_takes_nothing_away(lasting: Database) -> None:
    accepted(lasting, short(review_date="2027-06-01"))
    keep(lasting, "2027-06-01")
    assert told(lasting, "review_overdue") == []
    keep(lasting, "2027-06-02")
    keep(lasting, "2027-06-03")
    (once,) = told(lasting, "review_overdue")
    assert (once.told, once.detail) == ((HEAT,), {"review_on": "2027-06-01"})
    assert head(lasting, "reservation", "R-1").state == "accepted"


def test_one_accepted_before_there_was_a_rule_is_looked_over_and_does_not_lapse(ruled: Database) -> None:
    accepted(ruled, reservation())
    publish(ruled, rules(), later(1))
    keep(ruled, "2029-03-01")
    keep(ruled, "2029-03-02")
    keep(ruled, "2060-01-01")
    assert [one.detail for one in told(ruled, "review_overdue")] == [{"review_on": "2029-03-01"}]
    assert head(ruled, "reservation", "R-1").state == "accepted"


def test_without_a_rule_nothing_is_done(ruled: Database) -> None:
    accepted(ruled, short(review_date="2027-06-01"))
    keep(ruled, "2040-01-01")
    assert head(ruled, "reservation", "R-1").state == "accepted"
    assert told(ruled, "review_overdue", "notice") == []
    assert waiting(ruled) == []


def test_a_worker_that_dies_meanwhile_gives_no_notice_twice(lasting: Database) -> None:
    accepted(lasting, short())

    def killed(_session: Session, _result: Mapping[str, Any]) -> bool:
        raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            expiring.keep_days(lasting, at("2027-10-03"), killed)
    keep(lasting, "2027-10-03")
    assert len(told(lasting, "notice")) == 1


def test_a_process_that_is_killed_meanwhile_gives_no_notice_twice(lasting: Database) -> None:
    accepted(lasting, short())
    killed = (
        "import os, signal, sys; from datetime import datetime; from registry.db import Database; "
        "from registry.services.expiring import keep_days; "
        "keep_days(Database(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), "
        "lambda *_: os.kill(os.getpid(), signal.SIGKILL))"
    )
    for _ in range(2):
        process = subprocess.run(
            [sys.executable, "-c", killed, lasting.url, at("2027-10-03").isoformat()], cwd=ROOT, check=False
        )
        assert process.returncode == -signal.SIGKILL
    keep(lasting, "2027-10-03")
    assert len(told(lasting, "notice")) == 1


def test_one_whose_job_another_has_asks_for_none(lasting: Database) -> None:
    before = len(waiting(lasting))
    work(lasting, NOW)
    expiring.keep_days(lasting, at("2027-10-03"), lambda _session, _result: False)
    with lasting.read() as session:
        kept = [job for job in jobs.list_jobs(session, limit=None) if job.kind == expiring.KEEP_DAYS]
    assert before == 1
    assert sorted(job.state for job in kept) == ["done", "queued"]


def test_each_day_asks_for_the_next(lasting: Database) -> None:
    accepted(lasting, short())
    work(lasting, NOW)
    for day in ("2027-03-02", "2027-03-03"):
        with lasting.read() as session:
            (job,) = jobs.list_jobs(session, state="queued", limit=None)
        assert (job.kind, job.run_after.date() + timedelta(days=1)) == (expiring.KEEP_DAYS, date.fromisoformat(day))
        work(lasting, at(day))


def test_who_holds_others_is_not_told(lasting: Database) -> None:
    accepted(lasting, short())
    accepted(lasting, replace(reservation("R-2", 50_000, holder=CITY), period=Period(None, "2030-01-01")))
    keep(lasting, "2027-10-03")
    assert told(lasting, "notice", id_="R-2") == []
