"""``reserved_space``: a clash with a reservation, weighed by the reservation's strength."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from registry.core.applying import asked_parts
from registry.core.case import Case
from registry.core.findings import Finding, Stretch, telling
from registry.core.inside import sticking_out
from registry.core.model import STRENGTHS, Part, Reservation
from registry.core.policy import SEVERITIES, RuleHeader, Severity
from registry.core.reading import Node
from registry.core.relations import Relied, counterpart, first_place
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.rules.matrix import judge_pair
from registry.core.rules.separation import matrix_named


@dataclass(frozen=True, slots=True)
class ReservedSpaceRule:
    """``separation`` is the id of the separation rule whose matrix says what a clash is."""

    header: RuleHeader
    separation: str
    by_strength: tuple[tuple[str, Severity], ...]
    kind: Literal["reserved_space"] = "reserved_space"


def read(node: Node, surroundings: Surroundings) -> ReservedSpaceRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "separation", "by_strength"), HEADER_OPTIONAL)
    strengths = given["by_strength"].entries(STRENGTHS)
    return ReservedSpaceRule(
        header=read_header(given),
        separation=surroundings.separation(given["separation"]),
        by_strength=tuple((strength, strengths[strength].choice(SEVERITIES, "severity")) for strength in STRENGTHS),
    )


def evaluate(rule: ReservedSpaceRule, case: Case, relied: Relied) -> Evaluated:
    """Clashes with reservations, and where a part that uses one sticks out of it."""
    matrix = matrix_named(case.ruleset, rule.separation)
    severities = dict(rule.by_strength)
    findings: list[Finding] = []
    asked = asked_parts(rule.header, case, relied)
    for part in asked:
        for user, kind, name in sorted(relied.unjudged):
            used = case.known[(kind, name)]
            if user == part.id and isinstance(used, Reservation):
                findings += _sticking_out(rule, case, part, used)
        for reservation in case.obstacles:
            if not isinstance(reservation, Reservation) or (part.id, "reservation", reservation.id) in relied.unjudged:
                continue
            found = judge_pair(matrix, rule.header, severities[reservation.strength], case, relied, part, reservation)
            shared = part.theme in reservation.shareable_with
            findings += telling([_shared(finding) for finding in found] if shared else found)
    near = any(isinstance(item, Reservation) for item in case.obstacles)
    return Evaluated(findings, bool(asked) and near)


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {
        "reserved_space": "reserved space",
        "separation": "distances of rule",
        "by_strength": "by strength",
        "search_area": "search area",
        "option": "option",
        "planned": "planned",
        "decided": "decided",
    },
    "nl": {
        "reserved_space": "gereserveerde ruimte",
        "separation": "afstanden van regel",
        "by_strength": "naar hardheid",
        "search_area": "zoekgebied",
        "option": "optie",
        "planned": "gepland",
        "decided": "vastgesteld",
    },
}

KIND: Final = Kind("reserved_space", ("cables_and_pipes",), read, evaluate, {}, _NAMES, looks_at=("separation",))


def _shared(finding: Finding) -> Finding:
    """A clash with a reservation that may be shared with the part's theme: told; what overlaps in plan is to be agreed
    on."""
    overlaps = finding.gap is not None and finding.gap.horizontal is not None and finding.gap.horizontal < 0
    most: Severity = "conditions" if overlaps else "advises"
    return replace(finding, severity=max(finding.severity, most, key=SEVERITIES.index), shared=True)


def _sticking_out(rule: ReservedSpaceRule, case: Case, part: Part, reservation: Reservation) -> list[Finding]:
    out = sticking_out(case.solid(part), case.solid(reservation))
    if out == []:
        return []
    lacking = {*case.solid(reservation).lacking, *(f"own_{item}" for item in case.solid(part).lacking)}
    return [
        Finding(
            rule=rule.header.id,
            rule_kind=rule.kind,
            cause="sticks_out",
            certainty="undetermined" if out is None else "certain",
            severity=rule.header.capped("conditions"),
            legal_force=rule.header.legal_force,
            counterparts=(counterpart(case, reservation),),
            place=first_place(case, part),
            stretches=tuple(Stretch(part.id, start, end) for start, end in out or () if end > start),
            lacking=tuple(sorted(lacking)) if out is None else (),
            relation="uses",
        )
    ]
