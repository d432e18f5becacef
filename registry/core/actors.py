"""Who does something in the register, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["operator", "manager", "officer", "policy_officer", "administrator"]

ROLES: Final[tuple[Role, ...]] = ("operator", "manager", "officer", "policy_officer", "administrator")


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone acting for an organisation in one of the ``ROLES``."""

    name: str
    organisation: str
    role: Role
