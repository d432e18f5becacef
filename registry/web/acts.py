"""What can be done next with an object, by whom, and with which call of the API: pages themselves change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from registry.core.lifecycle import OPEN, TRANSITIONS, Of
from registry.core.model import Regime
from registry.core.regimes import REGIME_RULES
from registry.formats.words import Language
from registry.services.jobs import ASKERS
from registry.web.words import PAGE


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its name, the names of the roles it is for, and the call."""

    action: str
    roles: str
    method: str
    path: str


#: After the address of the object itself; what is not here is done by the register, or by another call.
_RESERVATION: Final = {
    "file": ("PUT", ""),
    "accept": ("POST", "/_accept"),
    "amend": ("POST", "/_amend"),
    "extend": ("POST", "/_extend"),
    "release": ("POST", "/_release"),
    "release_part": ("POST", "/_reduce"),
    "raise_strength": ("POST", "/_raise"),
    "withdraw": ("POST", "/_withdraw"),
}
_APPLICATION: Final = {
    "amend": ("PUT", ""),
    "withdraw": ("POST", "/_withdraw"),
    "request_data": ("POST", "/_ask"),
    "supply_data": ("POST", "/_supply"),
    "extend": ("POST", "/_extend"),
    "check": ("POST", "/_check"),
    "decide": ("PUT", "/decisions/{decision}"),
    "start_works": ("POST", "/_start"),
    "report_as_built": ("POST", "/_complete"),
    "suspend": ("POST", "/_suspend"),
    "resume": ("POST", "/_resume"),
    "revoke": ("POST", "/_revoke"),
}
_DECIDING: Final = ("grant", "refuse", "note")


def acts_on(
    of: Of, state: str, name: str, lang: Language, regime: Regime | None = None, *, parked: bool = False
) -> tuple[Act, ...]:
    """What is possible in a state, as calls; ``parked``: the newest check of the application was set aside."""
    calls = _RESERVATION if of == "reservation" else _APPLICATION
    found = []
    for action, roles in _possible(of, state, regime, parked):
        if action in calls:
            method, path = calls[action]
            names = ", ".join(PAGE[lang]["role"][role] for role in sorted(roles) if role in PAGE[lang]["role"])
            found.append(Act(action, names, method, f"/v1/{of}s/{quote(name, safe='')}{path}"))
    return tuple(found)


def _possible(of: Of, state: str, regime: Regime | None, parked: bool) -> Iterator[tuple[str, frozenset[str]]]:
    told: set[str] = set()
    if parked and state in OPEN:
        yield "check", frozenset(ASKERS)
    for row in TRANSITIONS:
        if row.of != of or state not in row.before:
            continue
        action = "decide" if of == "application" and row.action in _DECIDING else row.action
        if action not in told:
            told.add(action)
            yield action, row.roles
    if of == "application" and state in OPEN and regime is not None and REGIME_RULES[regime].extension_days:
        # It changes no state, so that the table does not have it.
        yield "extend", frozenset({"officer"})


def publishing(name: str, version: str, lang: Language) -> tuple[Act, ...]:
    """The publication of a stored ruleset."""
    return (Act("publish", PAGE[lang]["role"]["policy_officer"], "POST", _of_version(name, version, "/_publish")),)


def asking_what_if(name: str, version: str, lang: Language) -> tuple[Act, ...]:
    """The call that asks what a version of policy would change."""
    return (Act("ask_what_if", PAGE[lang]["role"]["policy_officer"], "POST", _of_version(name, version, "/what-ifs")),)


def cancelling_what_if(name: str, version: str, what_if: str, lang: Language) -> tuple[Act, ...]:
    """The call that ends that."""
    path = _of_version(name, version, f"/what-ifs/{quote(what_if, safe='')}/_cancel")
    return (Act("cancel_what_if", PAGE[lang]["role"]["policy_officer"], "POST", path),)


def _of_version(name: str, version: str, rest: str) -> str:
    return f"/v1/rulesets/{quote(name, safe='')}/versions/{quote(version, safe='')}{rest}"
