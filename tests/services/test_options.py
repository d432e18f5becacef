"""Options of a plan in the register: they count wherever they lie, and those that were granted over count no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.model import Reservation
from registry.core.policy import Ruleset
from registry.db import Database
from registry.formats.ruleset_yaml import load_ruleset
from registry.services import applications, feed, progress, reservations, verdicts
from registry.services.bulk import judge_all
from registry.services.deciding import decide
from tests.golden.golden_cases import FOLDER
from tests.services.making import (
    CITY,
    HEAT,
    NOW,
    OFFICER,
    OPERATOR,
    OTHER_MANAGER,
    WATER,
    WHY,
    accepted,
    application,
    checked,
    codes,
    decision,
    file,
    head,
    later,
    publish,
    reservation,
    waiting,
    work,
)
from tests.services.test_races import at_once

#: Far out of reach of everything near ``y`` = 0, mm.
FAR = 900_000


def rules() -> Ruleset:
    """Where a search area, an option and an option granted over only advise, and the last option of a plan blocks."""
    return load_ruleset(FOLDER / "ruleset-options.yaml")


def option(name: str, y: int, **more: Any) -> Reservation:
    """An option of the heat plan."""
    return replace(reservation(name, y, strength="option", holder=HEAT), option_group="heat plan", **more)


@pytest.fixture
def planned(database: Database) -> Database:
    """A register with two options of one plan, far from each other."""
    publish(database, rules())
    accepted(database, option("A", 0))
    accepted(database, option("B", FAR))
    return database


def causes(db: Database, id_: str = "A-1") -> list[tuple[str, str]]:
    """What the verdict that stands says of options: cause and reservation."""
    stands = verdicts.standing(db, id_)
    assert stands is not None
    found = [one for one in stands.verdict.findings if one.rule_kind == "option_group"]
    return [(one.cause, one.counterparts[0].id) for one in found]


def basis(db: Database, id_: str = "A-1") -> list[str]:
    stands = verdicts.standing(db, id_)
    assert stands is not None
    return [item.id for item in stands.verdict.basis]


def test_an_option_far_away_counts(planned: Database) -> None:
    checked(planned, application())
    assert causes(planned) == [("one_option", "A")]
    assert basis(planned) == ["A", "B"]


def test_another_holders_plan_of_that_name_does_not(planned: Database) -> None:
    accepted(planned, replace(option("C", FAR + 50_000), holder=CITY))
    checked(planned, application())
    assert basis(planned) == ["A", "B"]


def test_what_is_released_far_away_makes_the_other_the_last(planned: Database) -> None:
    checked(planned, application())
    far = head(planned, "reservation", "B")
    reservations.release(planned, "B", OTHER_MANAGER, later(1), expected=far.number, **WHY)
    assert waiting(planned) == ["A-1"]
    work(planned, later(1))
    assert causes(planned) == [("last_option", "A")]


def test_a_verdict_is_stale_when_an_option_far_away_is_gone(planned: Database) -> None:
    stands = checked(planned, application())
    taken = decision(planned, "A-1", weighed=["A"])
    far = head(planned, "reservation", "B")
    reservations.release(planned, "B", OTHER_MANAGER, later(1), expected=far.number, **WHY)
    with pytest.raises(Refused) as refused:
        decide(planned, "A-1", taken, OFFICER, later(2), expected=stands.number)
    assert codes(refused) == ["stale_verdict"]


def test_a_new_option_far_away_is_another_that_is_open(database: Database) -> None:
    publish(database, rules())
    accepted(database, option("A", 0))
    checked(database, application())
    assert causes(database) == [("last_option", "A")]
    accepted(database, option("B", FAR))
    assert waiting(database) == ["A-1"]
    work(database, later(1))
    assert causes(database) == [("one_option", "A")]


def test_what_is_granted_over_one_makes_the_other_the_last(planned: Database) -> None:
    checked(planned, application("A-2", FAR, applicant=WATER))
    stands = checked(planned, application())
    decide(planned, "A-1", decision(planned, "A-1", weighed=["A"]), OFFICER, later(1), expected=stands.number)
    assert head(planned, "reservation", "A").value == option("A", 0, impaired_by=("D-1",))
    told = [one for one in feed.changes(planned) if one.action == "impair"]
    assert [(one.id, one.told) for one in told] == [("A", (HEAT,))]
    # The other application is checked by itself: it would now block the last.
    assert "A-2" in waiting(planned)
    work(planned, later(2))
    assert causes(planned, "A-2") == [("last_option", "B")]
    assert head(planned, "application", "A-2").verdict_id is not None
    found = verdicts.standing(planned, "A-2")
    assert found is not None
    assert found.verdict.outcome == "conflict"


def test_an_option_is_granted_over_also_where_policy_asks_no_weighing(database: Database) -> None:
    publish(database, load_ruleset(_lenient()))
    accepted(database, option("A", 0))
    accepted(database, option("B", FAR))
    stands = checked(database, application())
    done = decide(database, "A-1", decision(database, "A-1"), OFFICER, later(1), expected=stands.number)
    assert done.head.state == "granted"
    last = reservations.history(database, "A")[-1]
    assert (last.action, last.reason, last.document) == ("impair", "weighed and decided", "doc-2")
    assert last.value == option("A", 0, impaired_by=("D-1",))


def _lenient() -> str:
    text = (FOLDER / "ruleset-options.yaml").read_text(encoding="utf-8")
    for strict in ("one_of_more: conditions", "option: conditions"):
        text = text.replace(strict, strict.replace("conditions", "advises"))
    return text


@pytest.mark.parametrize("how", ["revoke", "withdraw"])
def test_what_comes_to_nothing_leaves_the_option_open(planned: Database, how: str) -> None:
    stands = checked(planned, application())
    done = decide(planned, "A-1", decision(planned, "A-1", weighed=["A"]), OFFICER, later(1), expected=stands.number)
    checked(planned, application("A-2", FAR, applicant=WATER), later(2))
    assert causes(planned, "A-2") == [("last_option", "B")]
    if how == "revoke":
        progress.revoke(planned, "A-1", OFFICER, later(3), expected=done.head.number, **WHY)
    else:
        applications.withdraw(planned, "A-1", OPERATOR, later(3), expected=done.head.number, **WHY)
    free = head(planned, "reservation", "A")
    assert (free.action, free.value, free.state) == ("relieve", option("A", 0), "accepted")
    assert [one.told for one in feed.changes(planned) if one.action == "relieve"] == [(HEAT,)]
    work(planned, later(3))
    assert causes(planned, "A-2") == [("one_option", "B")]


def test_what_is_built_stays_in_the_way(planned: Database) -> None:
    stands = checked(planned, application())
    done = decide(planned, "A-1", decision(planned, "A-1", weighed=["A"]), OFFICER, later(1), expected=stands.number)
    begun = progress.start_works(planned, "A-1", OPERATOR, later(2), expected=done.head.number)
    progress.report_as_built(planned, "A-1", OPERATOR, later(3), expected=begun.head.number, built_on=date(2027, 3, 1))
    assert head(planned, "reservation", "A").value == option("A", 0, impaired_by=("D-1",))


def test_no_holder_says_what_was_granted_over_it(planned: Database) -> None:
    with pytest.raises(Refused) as refused:
        reservations.file(planned, option("C", 5_000, impaired_by=("D-1",)), OTHER_MANAGER, NOW)
    assert [(one.code, one.field) for one in refused.value.problems] == [("not_allowed", "properties.impaired_by")]


def test_what_was_granted_over_it_stays_whatever_its_holder_states(planned: Database) -> None:
    stands = checked(planned, application())
    decide(planned, "A-1", decision(planned, "A-1", weighed=["A"]), OFFICER, later(1), expected=stands.number)
    now = head(planned, "reservation", "A")
    again = reservations.file(planned, option("A", 0), OTHER_MANAGER, later(2))
    assert again.head.number == now.number
    named = replace(option("A", 0), name="north")
    done = reservations.file(planned, named, OTHER_MANAGER, later(3), expected=now.number, **WHY)
    assert done.head.value == replace(named, impaired_by=("D-1",))


def test_many_at_once_are_judged_with_the_same_options(planned: Database) -> None:
    checked(planned, application())
    checked(planned, application("A-2", FAR, applicant=WATER))
    told = {one.application: one.sha256 for one in judge_all(planned, NOW, processes=1)}
    for id_ in ("A-1", "A-2"):
        stands = verdicts.standing(planned, id_)
        assert stands is not None
        assert told[id_] == stands.verdict.sha256


def test_a_search_area_is_no_option(database: Database) -> None:
    publish(database, rules())
    accepted(database, option("A", 0))
    accepted(database, replace(option("B", FAR), strength="search_area"))
    file(database, application())
    work(database)
    assert causes(database) == [("last_option", "A")]


def test_two_grants_far_apart_never_both_take_an_option_of_two(database: Database) -> None:
    publish(database, rules())
    for k in range(4):
        plan, y = f"plan-{k}", 30_000 * k
        for name, far in (("A", 0), ("B", FAR)):
            accepted(database, replace(option(f"{name}-{k}", y + far), option_group=plan))
        pair = application(f"near-{k}", y), application(f"far-{k}", y + FAR, applicant=WATER)
        stands = [checked(database, one) for one in pair]
        taken = [
            decision(database, one.id, name=f"D-{one.id}", weighed=[f"{name}-{k}"])
            for one, name in zip(pair, "AB", strict=True)
        ]
        done = at_once([
            partial(decide, database, one.id, what, OFFICER, NOW, expected=at.number)
            for one, what, at in zip(pair, taken, stands, strict=True)
        ])  # fmt: skip
        refused = [each for each in done if isinstance(each, Refused)]
        assert [each.problems[0].code for each in refused] == ["stale_verdict"]
        assert sorted(head(database, "application", one.id).state for one in pair) == ["checked", "granted"]
