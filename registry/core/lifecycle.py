"""The lives of reservations and applications: which action is possible in which state, and by whom. One table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from registry.core.errors import Problem, Refused, shown

Of = Literal["reservation", "application"]

#: Who acts: ``register`` is the registry itself, which checks and keeps dates; no person has that role.
ROLES: Final = ("operator", "manager", "officer", "policy_officer", "administrator")
REGISTER: Final = "register"

#: The state of what is not there yet.
NEW: Final = "new"

RESERVATION_STATES: Final = ("draft", "filed", "accepted", "released", "lapsed", "consumed", "withdrawn")
APPLICATION_STATES: Final = (
    "received",
    "incomplete",
    "checking",
    "checked",
    "granted",
    "refused",
    "noted",
    "works",
    "as_built",
    "withdrawn",
    "expired",
    "suspended",
    "revoked",
)
STATES: Final[dict[str, tuple[str, ...]]] = {"reservation": RESERVATION_STATES, "application": APPLICATION_STATES}

#: In these states of an application its parts are granted works, which others have to keep away from.
HELD: Final = frozenset({"granted", "works", "suspended"})
#: In these it is still to be decided.
OPEN: Final = frozenset({"received", "incomplete", "checking", "checked"})
#: In these its parts are rivals: it is still to be decided, or it was noted, which gives no right to the space, and its
#: works may begin any day.
RIVAL: Final = OPEN | {"noted"}


@dataclass(frozen=True, slots=True)
class Transition:
    """What ``action`` does in the states ``before``, for whom of ``roles``. ``after`` may be one of ``before``."""

    of: Of
    action: str
    before: frozenset[str]
    after: str
    roles: frozenset[str]


def _rows(of: Of, rows: Iterable[tuple[str, str, str, str]]) -> tuple[Transition, ...]:
    return tuple(
        Transition(of, action, frozenset(before.split()), after, frozenset(roles.split()))
        for action, before, after, roles in rows
    )


TRANSITIONS: Final[tuple[Transition, ...]] = (
    *_rows(
        "reservation",
        (
            ("draft", "new", "draft", "manager"),
            ("file", "new draft", "filed", "manager"),
            ("accept", "filed", "accepted", "manager administrator"),
            ("amend", "draft", "draft", "manager"),
            ("amend", "filed", "filed", "manager"),
            ("amend", "accepted", "accepted", "manager"),
            ("extend", "accepted", "accepted", "manager"),
            ("release", "accepted", "released", "manager"),
            ("release_part", "accepted", "accepted", "manager"),
            ("raise_strength", "accepted", "accepted", "manager"),
            ("impair", "accepted", "accepted", "officer"),
            # What was granted over it was taken back, or came to nothing.
            ("relieve", "accepted", "accepted", "register"),
            ("lapse", "accepted", "lapsed", "manager register"),
            ("consume", "accepted", "consumed", "manager operator register"),
            ("withdraw", "draft filed", "withdrawn", "manager"),
        ),
    ),
    *_rows(
        "application",
        (
            ("file", "new", "received", "operator manager"),
            # What is asked for is new: it is to be checked anew. While data are awaited, they stay so.
            ("amend", "received checking checked", "received", "operator manager"),
            ("amend", "incomplete", "incomplete", "operator manager"),
            ("withdraw", "received incomplete checking checked granted", "withdrawn", "operator manager"),
            ("request_data", "received checking checked", "incomplete", "officer"),
            ("supply_data", "incomplete", "received", "operator manager"),
            ("start_check", "received checking checked", "checking", "register"),
            ("start_check", "incomplete", "incomplete", "register"),
            ("finish_check", "received checking checked", "checked", "register"),
            ("finish_check", "incomplete", "incomplete", "register"),
            ("grant", "checked", "granted", "officer"),
            ("refuse", "checked", "refused", "officer"),
            ("note", "checked", "noted", "officer"),
            ("start_works", "granted noted", "works", "operator manager"),
            ("report_as_built", "works noted", "as_built", "operator manager"),
            ("expire", "granted suspended", "expired", "officer register"),
            ("suspend", "granted works", "suspended", "officer"),
            # Works that had started start anew.
            ("resume", "suspended", "granted", "officer"),
            ("revoke", "granted works suspended", "revoked", "officer"),
        ),
    ),
)


def next_state(of: Of, action: str, state: str) -> str:
    """The state after ``action`` on a reservation or application that is ``state`` (``NEW``: not there yet).

    Raises ``Refused`` (``wrong_state``) where the table does not have it.
    """
    for row in TRANSITIONS:
        if row.of == of and row.action == action and state in row.before:
            return row.after
    # What only the register does is nothing to offer.
    possible = [one for one in possible_actions(of, state) if any(one in possible_actions(of, state, r) for r in ROLES)]
    remedy = f"Possible now: {', '.join(possible)}." if possible else "Nothing more can be done with it."
    raise Refused(Problem("wrong_state", f"{action} is not possible: the {of} is {state}", remedy, "state", state))


def possible_actions(of: Of, state: str, role: str | None = None) -> tuple[str, ...]:
    """What can be done in a state, in the order of the table; with ``role`` by that role."""
    rows = (row for row in TRANSITIONS if row.of == of and state in row.before)
    return tuple(dict.fromkeys(row.action for row in rows if role is None or role in row.roles))


def require_role(of: Of, action: str, role: str) -> None:
    """Raise ``Refused`` (``not_allowed_for_role``) unless ``role`` may do ``action`` in some state."""
    roles = {name for row in TRANSITIONS if row.of == of and row.action == action for name in row.roles}
    if role not in roles:
        named = ", ".join(name for name in (*ROLES, REGISTER) if name in roles)
        detail = f"{action} of a {of} is not for this role"
        raise Refused(Problem("not_allowed_for_role", detail, f"It is for: {named}.", "role", shown(role)))
