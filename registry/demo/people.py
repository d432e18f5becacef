"""Who plays a part in the example: organisations and roles, none of them anybody's."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from registry.core.actors import Actor, Role
from registry.demo.words import Language, text

MUNICIPALITY: Final = "Gemeente Voorbeeldstad"
SEWERS: Final = "Waterketen Voorbeeld"
WATER: Final = "Waterbedrijf Voorbeeld"
POWER: Final = "Netbeheer Voorbeeld"
FIBRE: Final = "Glasvezel Voorbeeld"
CABLE: Final = "Kabelbedrijf Voorbeeld"
HEAT: Final = "Warmtenet Voorbeeldstad"
PIPELINES: Final = "Buisleiding Voorbeeld"


@dataclass(frozen=True, slots=True)
class People:
    """Everyone in the example, by what they do."""

    manager: Actor
    officer: Actor
    second_officer: Actor
    policy_officer: Actor
    second_policy_officer: Actor
    administrator: Actor
    sewer_operator: Actor
    water_operator: Actor
    power_operator: Actor
    fibre_operator: Actor
    heat_operator: Actor


_ROLES: Final[dict[str, tuple[str, Role]]] = {
    "manager": (MUNICIPALITY, "manager"),
    "officer": (MUNICIPALITY, "officer"),
    "second_officer": (MUNICIPALITY, "officer"),
    "policy_officer": (MUNICIPALITY, "policy_officer"),
    "second_policy_officer": (MUNICIPALITY, "policy_officer"),
    "administrator": (MUNICIPALITY, "administrator"),
    "sewer_operator": (SEWERS, "operator"),
    "water_operator": (WATER, "operator"),
    "power_operator": (POWER, "operator"),
    "fibre_operator": (FIBRE, "operator"),
    "heat_operator": (HEAT, "operator"),
}


def people(lang: Language) -> People:
    """They are called by what they do, in the language of the example."""
    named = {name: Actor(text(f"actor_{name}", lang), *_ROLES[name]) for name in (f.name for f in fields(People))}
    return People(**named)
