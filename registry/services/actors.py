"""Who does something: named by the token or the page's session, never by what they send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["operator", "manager", "officer", "policy_officer", "administrator"]
ROLES: Final[tuple[Role, ...]] = ("operator", "manager", "officer", "policy_officer", "administrator")


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or system, the organisation it acts for, and the one role it acts in."""

    name: str
    organisation: str
    role: Role
