"""Terms, against dates worked out by hand with a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from registry.core.errors import Refused
from registry.core.model import REGIMES
from registry.core.regimes import DECISION_KINDS, REGIME_RULES, require_decision
from registry.core.term import ClockEvent, clock_of, due_on, easter, holidays, working_day


def day(text: str) -> date:
    return date.fromisoformat(text)


def events(*told: str) -> list[ClockEvent]:
    """Events written as ``received 2026-01-05``."""
    return [ClockEvent(kind, day(on)) for kind, on in (item.split() for item in told)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (1954, "04-18"), (1981, "04-19"), (2000, "04-23"), (2008, "03-23"), (2011, "04-24"), (2024, "03-31"),
        (2025, "04-20"), (2026, "04-05"), (2027, "03-28"), (2028, "04-16"), (2038, "04-25"), (2049, "04-18"),
        (2076, "04-19"),
    ],
)  # fmt: skip
def test_easter(year: int, sunday: str) -> None:
    assert easter(year) == day(f"{year}-{sunday}")


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2025, ["01-01", "04-18", "04-20", "04-21", "04-26", "05-05", "05-29", "06-08", "06-09", "12-25", "12-26"]),
        (2026, ["01-01", "04-03", "04-05", "04-06", "04-27", "05-05", "05-14", "05-24", "05-25", "12-25", "12-26"]),
        (2027, ["01-01", "03-26", "03-28", "03-29", "04-27", "05-05", "05-06", "05-16", "05-17", "12-25", "12-26"]),
        (2031, ["01-01", "04-11", "04-13", "04-14", "04-26", "05-05", "05-22", "06-01", "06-02", "12-25", "12-26"]),
    ],
)
def test_holidays(year: int, days: list[str]) -> None:
    """In 2025 and 2031 the 27th of April is a Sunday: the King's Day is the 26th."""
    assert holidays(year) == {day(f"{year}-{one}") for one in days}


@pytest.mark.parametrize(
    ("given", "rolled"),
    [
        ("2026-04-02", "2026-04-02"),  # Thursday
        ("2026-04-03", "2026-04-07"),  # Good Friday, Saturday, Easter, Easter Monday
        ("2026-04-25", "2026-04-28"),  # Saturday, Sunday, King's Day
        ("2026-05-05", "2026-05-06"),
        ("2026-05-14", "2026-05-15"),  # Ascension; the Friday after it is an ordinary one
        ("2026-05-23", "2026-05-26"),
        ("2026-12-25", "2026-12-28"),  # Friday and Saturday, then Sunday
        ("2027-12-31", "2027-12-31"),
        ("2028-01-01", "2028-01-03"),
        ("2025-04-26", "2025-04-28"),  # King's Day on Saturday the 26th, then Sunday the 27th
        ("2027-05-05", "2027-05-07"),  # Liberation Day, then Ascension
    ],
)
def test_no_term_ends_on_a_day_off(given: str, rolled: str) -> None:
    assert working_day(day(given)) == day(rolled)


@pytest.mark.parametrize(
    ("told", "due"),
    [
        (["received 2026-01-05"], "2026-03-02"),  # a Monday, and eight weeks on
        (["received 2026-02-06"], "2026-04-07"),  # Good Friday
        (["received 2026-03-02"], "2026-04-28"),  # King's Day
        (["received 2026-03-10"], "2026-05-06"),  # Liberation Day
        (["received 2026-03-19"], "2026-05-15"),  # Ascension
        (["received 2026-03-30"], "2026-05-26"),  # Whit Monday
        (["received 2026-01-03"], "2026-03-02"),  # a Saturday, 28 February
        (["received 2026-01-05", "extended 2026-02-20"], "2026-04-13"),
        (["received 2026-01-05", "paused 2026-01-12", "resumed 2026-01-22"], "2026-03-12"),  # ten days more
        (["received 2026-01-05", "paused 2026-01-12", "resumed 2026-01-12"], "2026-03-02"),
        (["received 2026-01-05", "paused 2026-01-12", "resumed 2026-01-22", "paused 2026-02-02", "resumed 2026-02-05",
          "extended 2026-03-01"], "2026-04-28"),  # 98 + 13 days: Sunday 26 April, then King's Day
        (["received 2026-01-05", "paused 2026-01-12", "extended 2026-01-13", "resumed 2026-01-22"], "2026-04-23"),
        (["received 2026-01-05", "paused 2026-01-12"], None),
    ],
)  # fmt: skip
def test_the_last_day(told: list[str], due: str | None) -> None:
    for regime in ("permit", "telecom_consent", "own_works"):
        assert due_on(events(*told), regime) == (None if due is None else day(due))


def test_where_no_term_runs_there_is_no_last_day() -> None:
    for regime in ("notification", "emergency"):
        clock = clock_of(events("received 2026-01-05"), regime)
        assert (clock.due_on, clock.days_left(day("2026-01-06"))) == (None, None)


def test_days_left() -> None:
    clock = clock_of(events("received 2026-01-05"), "permit")
    told = [clock.days_left(day(on)) for on in ("2026-01-05", "2026-03-02", "2026-03-04")]
    assert told == [56, 0, -2]
    paused = clock_of(events("received 2026-01-05", "paused 2026-01-12"), "permit")
    assert paused.paused_since == day("2026-01-12")
    assert paused.days_left(day("2026-01-12")) == paused.days_left(day("2027-01-01")) == 49


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([], "before the application was received"),
        (["paused 2026-01-05"], "before the application was received"),
        (["received 2026-01-05", "received 2026-01-06"], "received already"),
        (["received 2026-01-05", "resumed 2026-01-06"], "not paused"),
        (["received 2026-01-05", "paused 2026-01-06", "paused 2026-01-07"], "paused already"),
        (["received 2026-01-05", "extended 2026-01-06", "extended 2026-01-07"], "extended once"),
        (["received 2026-01-05", "paused 2026-01-04"], "before what happened last"),
    ],
)
def test_what_cannot_happen_to_a_term(told: list[str], said: str) -> None:
    with pytest.raises(Refused, match=said) as caught:
        clock_of(events(*told), "permit")
    assert caught.value.problems[0].code == "wrong_state"


def test_what_has_no_term_is_not_extended() -> None:
    with pytest.raises(Refused, match="extended once, and only where"):
        clock_of(events("received 2026-01-05", "extended 2026-01-06"), "emergency")


def test_every_pause_moves_the_end_by_as_many_days() -> None:
    """Before the end is rolled on; so the last day never comes earlier for a longer pause."""
    start, last = day("2026-01-05"), day("2026-01-05")
    for length in range(200):
        told = [ClockEvent("received", start), ClockEvent("paused", start)]
        told.append(ClockEvent("resumed", start + timedelta(length)))
        due = due_on(told, "permit")
        assert due is not None
        assert 0 <= (due - start).days - 56 - length <= 4
        assert due >= last
        last = due


def test_what_each_regime_permits() -> None:
    assert set(REGIME_RULES) == set(REGIMES)
    permitted = {regime: rules.decisions for regime, rules in REGIME_RULES.items()}
    assert permitted == {
        "permit": ("grant", "grant_with_conditions", "refuse"),
        "telecom_consent": ("grant", "grant_with_conditions"),
        "notification": ("note",),
        "emergency": ("note",),
        "own_works": ("grant", "grant_with_conditions", "refuse"),
    }
    for regime, rules in REGIME_RULES.items():
        assert rules.clock == (rules.term_days is not None)
        for kind in (*DECISION_KINDS, "ignore"):
            if kind in rules.decisions:
                require_decision(regime, kind)
                continue
            with pytest.raises(Refused) as caught:
                require_decision(regime, kind)
            (problem,) = caught.value.problems
            assert (problem.code, problem.value) == ("wrong_regime", kind)
            assert ", ".join(rules.decisions) in problem.remedy
