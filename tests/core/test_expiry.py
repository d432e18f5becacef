"""How long a reservation lives: days reckoned, notice that always runs, and what a verdict tells of days passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core.errors import Refused
from registry.core.expiring import ending, months_after
from registry.core.findings import Finding
from registry.core.model import Period, Reservation
from registry.core.policy import Ruleset
from registry.core.ruleset import read_ruleset
from registry.core.verdict import judge
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.sentences import sentence
from registry.formats.yaml_strict import load_yaml
from tests.core.building import application, line, part, reservation, rounded
from tests.golden.golden_cases import FOLDER

RULES: Final = load_ruleset(FOLDER / "ruleset-expiry.yaml")
END: Final = date(2030, 1, 1)


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        ("2027-03-01", 24, "2029-03-01"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2027-12-15", 1, "2028-01-15"),
        ("2027-12-15", 10_000_000, "9999-12-31"),
    ],
)
def test_so_many_months_later(day: str, months: int, after: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(after)


@settings(max_examples=300)
@given(
    st.lists(st.integers(1, 200), min_size=1, max_size=3, unique=True),
    st.sets(st.integers(-400, 600), min_size=1, max_size=40),
)
def test_whenever_the_register_looks_it_lapses_after_every_notice_has_run(notice: list[int], looks: set[int]) -> None:
    """The register looks on these days, counted from the end; every day from 600 on, so that at last it lapses."""
    told: dict[int, date] = {}
    lapsed: date | None = None
    for number in sorted(looks | set(range(600, 1300))):
        today = END + timedelta(days=number)
        found = ending(END, notice, told, today)
        assert not set(found.give) & set(told)
        assert not (found.give and found.lapses)
        if found.lapses:
            lapsed = today
            break
        told |= dict.fromkeys(found.give, today)
    assert lapsed is not None
    assert lapsed >= END
    assert set(told) == set(notice)
    assert all(day + timedelta(days=days) <= lapsed for days, day in told.items())


def test_looked_at_every_day_it_lapses_on_its_end_and_is_announced_on_the_days_stated() -> None:
    told: dict[int, date] = {}
    day = END - timedelta(days=200)
    while not (found := ending(END, [30, 90], told, day)).lapses:
        told |= dict.fromkeys(found.give, day)
        day += timedelta(days=1)
    assert day == END
    assert told == {90: END - timedelta(days=90), 30: END - timedelta(days=30)}


def test_at_the_ends_of_the_calendar_nothing_breaks() -> None:
    assert ending(date.max, [90], {90: date.max}, date.max).lapses_on == date.max
    assert ending(date.min, [90], {}, date(2027, 1, 1)).give == (90,)


def told(filed: str | None, rules: Ruleset = RULES, **more: Any) -> list[Finding]:
    """What is told of a reservation that is in the way of an application filed on this day."""
    pipe = line([(0, 0), (10_000, 0)], -1_000, rounded(400))
    there: Reservation = replace(reservation("r", pipe), **more)
    found = judge(replace(application(part("p", pipe, "water")), filed_on=filed), [there], rules).findings
    return [one for one in found if one.rule_kind == "expiry"]


@pytest.mark.parametrize(
    ("more", "filed", "causes"),
    [
        ({"review_date": "2027-05-01"}, "2027-05-01", []),
        ({"review_date": "2027-05-01"}, "2027-05-02", [("review_overdue", 1)]),
        ({"period": Period(None, "2027-05-01")}, "2027-04-30", []),
        ({"period": Period(None, "2027-05-01")}, "2027-05-01", [("period_over", 1)]),
        ({"period": Period("2027-05-01", None)}, "2027-05-01", []),
        ({"period": Period(None, "0001-01-01")}, "2027-05-01", []),
        ({}, "2027-05-01", []),
    ],
)
def test_a_day_that_had_passed_is_told(more: dict[str, Any], filed: str, causes: list[tuple[str, int]]) -> None:
    assert [(one.cause, one.measured.value) for one in told(filed, **more) if one.measured] == causes


def test_both_that_had_passed_are_told_also_where_the_day_is_unknown() -> None:
    more: dict[str, Any] = {"review_date": "2027-05-01", "period": Period(None, "2027-06-01")}
    for filed, certainty in (("2028-01-01", "certain"), (None, "undetermined")):
        found = told(filed, **more)
        assert sorted(one.cause for one in found) == ["period_over", "review_overdue"]
        assert {one.certainty for one in found} == {certainty}
        assert {one.severity for one in found} == {"advises"}


def test_it_is_limited_by_what_the_reservation_is_for() -> None:
    overdue: dict[str, Any] = {"review_date": "2027-05-01"}
    assert told("2027-06-01", _rules(applies={"themes": ["warmte"]}), **overdue)
    assert not told("2027-06-01", _rules(applies={"themes": ["water"]}), **overdue)


def test_it_is_told_in_both_languages() -> None:
    (one,) = told("2027-05-03", review_date="2027-05-01")
    dutch, english = (sentence(one, RULES, lang) for lang in ("nl", "en"))
    assert "De herziening van reservering r (warmte; gepland; beheerder Gemeente) was bij indiening 2 dagen" in dutch
    assert "the review of reservation r (heat; planned; holder Gemeente) was 2 days overdue. It holds" in english


@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"severity": "blocks"}, "severity", "Write advises."),
        ({"lives": {}}, "lives", "Write how long one of strength search_area, option, planned, decided lives"),
        ({"lives": {"option": "60"}}, "lives.option", "Write 60 months."),
        ({"lives": {"option": "0 months"}}, "lives.option", "Write 60 months."),
        ({"lives": {"optoin": "60 months"}}, "lives.optoin", "Did you mean option?"),
        ({"review_every": "2 years"}, "review_every", "Write 60 months."),
        ({"notice": {}}, "notice.first", "Add first: a number of days with its unit, as 90 days."),
        ({"notice": {"first": "30 days", "again": "30 days"}}, "notice.again", "Write less than 30 days."),
        ({"notice": {"first": "672 days"}}, "notice.first", "Write less than 672 days."),
        ({"extensions": "two"}, "extensions", "Write digits only, without a unit."),
        ({"applies": {"regimes": ["notification"]}}, "applies.regimes", "Limit the rule by themes, object_kinds or"),
        ({"applies": {"situation": "existing"}}, "applies.situation", "Limit the rule by themes"),
        ({"applies": {"filed_until": "2030-01-01"}}, "applies.filed_until", "Limit the rule by themes"),
        ({"extensions": -1}, "extensions", "Write 0 or more."),
        ({"extensions": None}, "extensions", "Add extensions: a whole number."),
        ({"source": "nobody"}, "source", "It is one of: made-up."),
        ({"separation": "no"}, "separation", "It is one of: separation."),
    ],
)
def test_a_wrong_parameter_is_refused(changes: dict[str, Any], field: str, remedy: str) -> None:
    with pytest.raises(Refused) as refused:
        _rules(**changes)
    assert [problem.field for problem in refused.value.problems] == [f"rules[3].{field}"]
    assert remedy in refused.value.problems[0].remedy


def _rules(**changes: Any) -> Ruleset:
    """The rules with entries of the rule on lives changed, or left out (``None``)."""
    plain: Any = load_yaml(FOLDER / "ruleset-expiry.yaml", "", "invalid_ruleset").data
    changed = plain["rules"][-1] | changes
    plain["rules"][-1] = {key: value for key, value in changed.items() if value is not None}
    return read_ruleset(plain)
