"""The table of lives, walked both ways: what it has is possible, all it has not is refused, and every state is reached.
"""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from registry.core.errors import Refused
from registry.core.lifecycle import (
    APPLICATION_STATES,
    HELD,
    NEW,
    OPEN,
    REGISTER,
    RESERVATION_STATES,
    RIVAL,
    ROLES,
    STATES,
    TRANSITIONS,
    Of,
    next_state,
    possible_actions,
    require_role,
)

OFS: tuple[Of, ...] = get_args(Of)
ACTIONS: dict[str, list[str]] = {of: sorted({row.action for row in TRANSITIONS if row.of == of}) for of in OFS}
EVERY = [(of, action, state) for of in OFS for action, state in product(ACTIONS[of], (NEW, *STATES[of]))]
#: Worked out from the design, by hand: what is over, and stays so.
ENDED = {
    "reservation": {"released", "lapsed", "consumed", "withdrawn"},
    "application": {"refused", "as_built", "withdrawn", "expired", "revoked"},
}


def rows(of: str, action: str, state: str) -> list[str]:
    return [row.after for row in TRANSITIONS if (row.of, row.action) == (of, action) and state in row.before]


@pytest.mark.parametrize(("of", "action", "state"), EVERY)
def test_an_action_is_possible_just_where_the_table_has_it(of: Of, action: str, state: str) -> None:
    stated = rows(of, action, state)
    if stated:
        assert [next_state(of, action, state)] == stated
        assert action in possible_actions(of, state)
        return
    with pytest.raises(Refused) as caught:
        next_state(of, action, state)
    (problem,) = caught.value.problems
    assert problem.code == "wrong_state"
    assert action in problem.detail
    assert state in problem.detail
    assert of in problem.detail
    by_people = {possible for role in ROLES for possible in possible_actions(of, state, role)}
    told = set(problem.remedy.removeprefix("Possible now: ").removesuffix(".").split(", "))
    assert told == by_people or (not by_people and "Nothing more" in problem.remedy)


def test_an_action_that_is_none_is_refused() -> None:
    with pytest.raises(Refused, match="explode is not possible: the reservation is filed"):
        next_state("reservation", "explode", "filed")


@pytest.mark.parametrize("of", OFS)
def test_every_state_is_reached_from_nothing(of: Of) -> None:
    reached, last = {NEW}, set[str]()
    while reached != last:
        last = set(reached)
        reached |= {row.after for row in TRANSITIONS if row.of == of and row.before & last}
    assert reached == {NEW, *STATES[of]}


@pytest.mark.parametrize("of", OFS)
def test_from_every_state_that_is_not_an_end_an_end_is_reached(of: Of) -> None:
    ended, last = set(ENDED[of]), set[str]()
    while ended != last:
        last = set(ended)
        ended |= {state for row in TRANSITIONS if row.of == of and row.after in last for state in row.before}
    assert ended == {NEW, *STATES[of]}
    assert {state for state in STATES[of] if not possible_actions(of, state)} == ENDED[of]


def test_the_table_names_only_what_there_is() -> None:
    for row in TRANSITIONS:
        assert row.before <= {NEW, *STATES[row.of]}
        assert row.after in STATES[row.of]
        assert row.before
        assert row.roles
        assert row.roles <= {*ROLES, REGISTER}
    assert set(RESERVATION_STATES) & HELD == set()
    assert set(APPLICATION_STATES) >= HELD | OPEN
    assert HELD.isdisjoint(RIVAL)
    assert OPEN < RIVAL


def test_what_is_decided_on_was_checked() -> None:
    """It is granted, refused or noted in no other state than checked; while data are awaited it stays incomplete."""
    for action in ("grant", "refuse", "note"):
        assert [state for state in STATES["application"] if rows("application", action, state)] == ["checked"]
    for action in ("amend", "start_check", "finish_check"):
        assert next_state("application", action, "incomplete") == "incomplete"


@pytest.mark.parametrize(("of", "action"), [(of, action) for of in OFS for action in ACTIONS[of]])
def test_each_action_is_for_some_roles(of: Of, action: str) -> None:
    allowed = {role for row in TRANSITIONS if (row.of, row.action) == (of, action) for role in row.roles}
    for role in (*ROLES, REGISTER, "visitor"):
        if role in allowed:
            require_role(of, action, role)
            continue
        with pytest.raises(Refused) as caught:
            require_role(of, action, role)
        (problem,) = caught.value.problems
        assert problem.code == "not_allowed_for_role"
        assert problem.value == role
        assert all(name in problem.remedy for name in allowed)


def test_only_an_officer_decides_and_only_the_register_checks() -> None:
    assert possible_actions("application", "checked", "officer") == ("request_data", "grant", "refuse", "note")
    assert possible_actions("application", "checked", "operator") == ("amend", "withdraw")
    assert possible_actions("application", "received", REGISTER) == ("start_check", "finish_check")
    assert possible_actions("application", "checked", "administrator") == ()
