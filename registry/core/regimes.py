"""What each regime permits: which decisions, within which term. Data, not code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from registry.core.errors import Problem, Refused, shown
from registry.core.model import Regime

DecisionKind = Literal["grant", "grant_with_conditions", "refuse", "note"]
DECISION_KINDS: Final[tuple[DecisionKind, ...]] = ("grant", "grant_with_conditions", "refuse", "note")


@dataclass(frozen=True, slots=True)
class RegimeRules:
    """``decisions`` are those permitted. ``term_days`` is within how many days is to be decided (``None``: no term),
    and ``extension_days`` by how many that may be extended, once. ``clock``: whether a term runs at all."""

    decisions: tuple[DecisionKind, ...]
    term_days: int | None = None
    extension_days: int = 0

    @property
    def clock(self) -> bool:
        return self.term_days is not None


#: Eight weeks, and six more.
_TERM: Final = 56
_EXTENSION: Final = 42

#: A telecom operator has a right to lie there: consent is about place, time and manner, and is never refused flatly.
#: What is only notified, or was an emergency, is noted: it is checked, and not decided on.
REGIME_RULES: Final[Mapping[Regime, RegimeRules]] = {
    "permit": RegimeRules(("grant", "grant_with_conditions", "refuse"), _TERM, _EXTENSION),
    "telecom_consent": RegimeRules(("grant", "grant_with_conditions"), _TERM, _EXTENSION),
    "notification": RegimeRules(("note",)),
    "emergency": RegimeRules(("note",)),
    "own_works": RegimeRules(("grant", "grant_with_conditions", "refuse"), _TERM, _EXTENSION),
}


def require_decision(regime: Regime, kind: str) -> None:
    """Raise ``Refused`` (``wrong_regime``) unless ``regime`` permits a decision of this kind."""
    permitted = REGIME_RULES[regime].decisions
    if kind not in permitted:
        remedy = f"Decide one of: {', '.join(permitted)}."
        detail = f"regime {regime} does not permit this decision"
        raise Refused(Problem("wrong_regime", detail, remedy, "kind", shown(kind)))
