"""``priority``: who goes first where two cannot both be laid, by an order of themes and then by the day of filing.

It is told and nothing more: the officer decides. Of another open application it is told who of the two goes first; of a
reservation where the part gives way to it. What gives way to the part there is no finding on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from registry.core.applying import asked_parts
from registry.core.case import Case
from registry.core.findings import Cause, Certainty, Finding, Quantity
from registry.core.model import THEMES, Part, Reservation, Thing, Works, is_rival
from registry.core.policy import RuleHeader
from registry.core.reading import Node
from registry.core.relations import Relied, counterpart
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.rules.matrix import judge_pair
from registry.core.rules.separation import SeparationRule, matrix_named


@dataclass(frozen=True, slots=True)
class PriorityRule:
    """``order`` are themes, the one that goes first first; those that are not named come after, all alike.

    ``separation`` is the id of the separation rule whose matrix says which two cannot both be laid.
    """

    header: RuleHeader
    separation: str
    order: tuple[str, ...]
    kind: Literal["priority"] = "priority"

    def rank(self, theme: str) -> int:
        """The place of a theme in the order, from 0."""
        return self.order.index(theme) if theme in self.order else len(self.order)


def read(node: Node, surroundings: Surroundings) -> PriorityRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "separation", "order"), HEADER_OPTIONAL)
    header = read_header(given)
    if given["severity"].sound and header.severity != "advises":
        given["severity"].fault("who goes first is told, and decides no outcome", "Write advises.", "not_allowed")
    order: list[str] = []
    for item in given["order"].in_order(at_least=1):
        theme = item.choice(THEMES, "theme")
        if theme in order and item.sound:
            item.fault("this theme is named twice", "Keep one of the two.", "duplicate_id")
        order.append(theme)
    return PriorityRule(header, surroundings.separation(given["separation"]), tuple(order))


def evaluate(rule: PriorityRule, case: Case, relied: Relied) -> Evaluated:
    """Who goes first, of each pair of a part and what it clashes with, or may clash with."""
    matrix = matrix_named(case.ruleset, rule.separation)
    asked = asked_parts(rule.header, case, relied)
    others = [item for item in case.obstacles if isinstance(item, Reservation) or _compared(case, item)]
    findings = [
        found
        for part in asked
        for other in others
        if (found := _between(rule, matrix, case, relied, part, other)) is not None
    ]
    return Evaluated(findings, bool(asked and others))


def _compared(case: Case, thing: Thing) -> bool:
    return is_rival(thing) and thing.id not in case.uncompared


def _between(
    rule: PriorityRule, matrix: SeparationRule, case: Case, relied: Relied, part: Part, other: Thing
) -> Finding | None:
    clashes = judge_pair(matrix, rule.header, "advises", case, relied, part, other)
    first = _first(rule, case, part, other) if clashes else None
    if first is None:
        return None
    cause, certainty, lacking, days = first
    place = min(clashes, key=lambda clash: (clash.place.chainage or 0, clash.place.x, clash.place.y)).place
    return Finding(
        rule=rule.header.id,
        rule_kind=rule.kind,
        cause=cause,
        certainty=certainty,
        severity="advises",
        legal_force=rule.header.legal_force,
        counterparts=(counterpart(case, other),),
        place=place,
        stretches=(),
        lacking=tuple(lacking),
        rival=isinstance(other, Works),
        measured=None if days is None else Quantity(days, "day"),
    )


def _first(
    rule: PriorityRule, case: Case, part: Part, other: Thing
) -> tuple[Cause, Certainty, Sequence[str], int | None] | None:
    """Who of the two goes first, and how sure that is; by how many days the one was filed before the other."""
    own, theirs = rule.rank(part.theme), rule.rank(other.theme)
    if isinstance(other, Reservation):
        if own < theirs:
            return None
        return "reservation_by_theme" if theirs < own else "reservation_there", "certain", (), None
    if own != theirs:
        return "first_by_theme" if own < theirs else "last_by_theme", "certain", (), None
    assert isinstance(other, Works)
    filed, other_filed = case.application.filed_on, other.filed_on
    lacking = [name for name, day in (("filed_on", filed), ("other_filed_on", other_filed)) if day is None]
    if filed is None or other_filed is None:
        return "by_filing", "undetermined", lacking, None
    days = (date.fromisoformat(other_filed) - date.fromisoformat(filed)).days
    if days == 0:
        return "same_day", "certain", (), None
    return "first_by_filing" if days > 0 else "last_by_filing", "certain", (), abs(days)


_NL: Final = {
    "first_by_theme": "Als zij niet allebei passen, gaat onderdeel {part} voor {other}: het thema gaat in de rangorde "
    "voor.",
    "last_by_theme": "Als zij niet allebei passen, gaat {other} voor onderdeel {part}: het thema gaat in de rangorde "
    "voor.",
    "first_by_filing": "Als zij niet allebei passen, gaat onderdeel {part} voor {other}: in de rangorde zijn zij "
    "gelijk, en deze aanvraag is {measured} eerder ingediend.",
    "last_by_filing": "Als zij niet allebei passen, gaat {other} voor onderdeel {part}: in de rangorde zijn zij "
    "gelijk, en die aanvraag is {measured} eerder ingediend.",
    "same_day": "Als zij niet allebei passen, gaan onderdeel {part} en {other} geen van beide voor: in de rangorde "
    "zijn zij gelijk, en zij zijn op dezelfde dag ingediend.",
    "by_filing": "Niet te bepalen is of onderdeel {part} of {other} voorgaat als zij niet allebei passen: in de "
    "rangorde zijn zij gelijk, en onbekend is: {lacking}.",
    "reservation_by_theme": "Als zij niet allebei passen, gaat {other} voor onderdeel {part}: het thema gaat in de "
    "rangorde voor.",
    "reservation_there": "Als zij niet allebei passen, gaat {other} voor onderdeel {part}: in de rangorde zijn zij "
    "gelijk, en de ruimte is al gereserveerd.",
}
_EN: Final = {
    "first_by_theme": "Where both do not fit, part {part} goes before {other}: its theme comes first in the order.",
    "last_by_theme": "Where both do not fit, {other} goes before part {part}: its theme comes first in the "
    "order.",
    "first_by_filing": "Where both do not fit, part {part} goes before {other}: in the order they are equal, and "
    "this application was filed {measured} earlier.",
    "last_by_filing": "Where both do not fit, {other} goes before part {part}: in the order they are equal, and "
    "that application was filed {measured} earlier.",
    "same_day": "Where both do not fit, neither part {part} nor {other} goes first: in the order they are equal, and "
    "they were filed on the same day.",
    "by_filing": "It cannot be told whether part {part} or {other} goes first where both do not fit: in the order "
    "they are equal, and unknown is: {lacking}.",
    "reservation_by_theme": "Where both do not fit, {other} goes before part {part}: its theme comes first in the "
    "order.",
    "reservation_there": "Where both do not fit, {other} goes before part {part}: in the order they are equal, and "
    "the space is reserved already.",
}
#: What would help, by who goes first: this part, or the other.
_HELP: Final = {
    "nl": (
        "Leg de andere aanvrager voor dat diens leiding zal moeten wijken, of zoek samen een ligging.",
        "Zoek een andere ligging, of spreek met de ander af dat deze wijkt.",
        "Zoek samen een ligging, of laat de vergunningverlener kiezen.",
    ),
    "en": (
        "Put it to the other applicant that theirs will have to give way, or look for a position together.",
        "Look for another position, or agree with the other that theirs gives way.",
        "Look for a position together, or let the officer choose.",
    ),
}


def _says(lang: str, what: dict[str, str]) -> dict[str, dict[str, str]]:
    first, last, neither = _HELP[lang]
    return {
        cause: {
            "what": text,
            "remedy": first if cause.startswith("first") else neither if cause in ("same_day", "by_filing") else last,
        }
        for cause, text in what.items()
    }


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {"priority": "who goes first", "separation": "distances of rule", "order": "in this order"},
    "nl": {"priority": "wie voorgaat", "separation": "afstanden van regel", "order": "in deze volgorde"},
}

KIND: Final = Kind(
    "priority",
    ("cables_and_pipes",),
    read,
    evaluate,
    {"nl": _says("nl", _NL), "en": _says("en", _EN)},
    _NAMES,
    looks_at=("separation",),
)
