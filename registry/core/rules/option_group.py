"""``option_group``: alternatives of one plan. An application may block one of them, but not the last that is open.

The options are the reservations of one holder and group, of strength option or more. Open are those that nothing was
granted over (``Reservation.impaired_by``); what was released, withdrawn or has lapsed is not among the objects at all.
They count wherever they lie: those out of reach are not blocked, and show that there is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from registry.core.applying import asked_parts
from registry.core.case import Case
from registry.core.findings import Certainty, Finding, Quantity, Stretch
from registry.core.model import Part, Reservation
from registry.core.options import Group, group_of
from registry.core.policy import SEVERITIES, RuleHeader, Severity
from registry.core.reading import Node
from registry.core.relations import Relied, counterpart
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.rules.matrix import judge_pair
from registry.core.rules.separation import matrix_named

#: What blocking an option that is not the last may do.
_OF_ONE: Final[tuple[Severity, ...]] = ("conditions", "advises")
#: How sure it is that an option is blocked, the surest first.
_SUREST: Final[tuple[Certainty, ...]] = ("certain", "undetermined", "assumed", "possible", "possible_end")


@dataclass(frozen=True, slots=True)
class OptionGroupRule:
    """``separation`` is the id of the separation rule whose matrix says what a clash is. ``one_of_more``: what blocking
    an option does while another stays open; the header's severity is that of blocking the last."""

    header: RuleHeader
    separation: str
    one_of_more: Severity
    kind: Literal["option_group"] = "option_group"


@dataclass(frozen=True, slots=True)
class _Blocked:
    """An option that is blocked, or may be: the surest clash with it, of all parts."""

    option: Reservation
    clash: Finding
    stretches: tuple[Stretch, ...]


def read(node: Node, surroundings: Surroundings) -> OptionGroupRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "separation", "one_of_more"), HEADER_OPTIONAL)
    return OptionGroupRule(
        header=read_header(given),
        separation=surroundings.separation(given["separation"]),
        one_of_more=given["one_of_more"].choice(_OF_ONE, "severity"),
    )


def evaluate(rule: OptionGroupRule, case: Case, relied: Relied) -> Evaluated:
    """For each group of which an option lies within reach: what of it stays open, where an option is blocked.

    What a part blocks to which the rule does not apply is no longer open either, and is not told."""
    asked = asked_parts(rule.header, case, relied)
    findings: list[Finding] = []
    touched = False
    for options in _groups(case).values() if asked else ():
        touched = True
        case.used.update(("reservation", option.id) for option in options)
        if not any((part.id, "reservation", option.id) in relied.unjudged for part in asked for option in options):
            findings += _of_group(rule, case, relied, asked, options)
    return Evaluated(findings, touched)


def _groups(case: Case) -> dict[Group, list[Reservation]]:
    """The groups with an option within reach, each with all its options, in order of id."""
    near = {group_of(item) for item in case.obstacles if isinstance(item, Reservation)} - {None}
    found: dict[Group, list[Reservation]] = {}
    for _, thing in sorted(case.known.items()):
        group = group_of(thing) if isinstance(thing, Reservation) else None
        if isinstance(thing, Reservation) and group is not None and group in near:
            found.setdefault(group, []).append(thing)
    return found


def _of_group(
    rule: OptionGroupRule, case: Case, relied: Relied, asked: Sequence[Part], options: Sequence[Reservation]
) -> list[Finding]:
    """The options that are open before and are blocked, or may be: each is told as the last, or as one of more."""
    still = [option for option in options if not option.impaired_by]
    blocked, by_any = (
        [one for option in still if (one := _blocked(rule, case, relied, parts, option)) is not None]
        for parts in (asked, case.parts)
    )
    sure = [one for one in by_any if one.clash.certainty == "certain"]
    # No option is leant on of which it is not known that it stays open.
    left = len(still) - len(by_any)
    findings = []
    for one in blocked:
        last = not left and (one.clash.certainty != "certain" or len(sure) == len(still))
        findings.append(_finding(rule, case, one, last=last, left=left))
    return findings


def _blocked(
    rule: OptionGroupRule, case: Case, relied: Relied, asked: Sequence[Part], option: Reservation
) -> _Blocked | None:
    """How sure an option is blocked; ``None``: it is not, or no more than before, or it may be shared with the part."""
    if option not in case.obstacles:
        return None
    matrix = matrix_named(case.ruleset, rule.separation)
    found = [
        clash
        for part in asked
        if part.theme not in option.shareable_with
        for clash in judge_pair(matrix, rule.header, rule.header.severity, case, relied, part, option)
        if not clash.not_worsened
    ]
    if not found:
        return None
    surest = min(found, key=lambda clash: _SUREST.index(clash.certainty))
    return _Blocked(option, surest, tuple(_stretches(one for one in found if one.certainty == surest.certainty)))


def _stretches(clashes: Iterable[Finding]) -> list[Stretch]:
    found = {stretch for clash in clashes for stretch in clash.stretches}
    return sorted(found, key=lambda one: (one.part, one.start, one.end))


def _finding(rule: OptionGroupRule, case: Case, blocked: _Blocked, *, last: bool, left: int) -> Finding:
    header, clash = rule.header, blocked.clash
    severity = header.severity if last else max(rule.one_of_more, header.severity, key=SEVERITIES.index)
    return Finding(
        rule=header.id,
        rule_kind=rule.kind,
        cause="last_option" if last else "one_option",
        certainty=clash.certainty,
        severity=header.capped(severity),
        legal_force=header.legal_force,
        counterparts=(counterpart(case, blocked.option),),
        place=clash.place,
        stretches=blocked.stretches,
        lacking=clash.lacking,
        measured=Quantity(left, "count"),
        asked=Quantity(1, "count"),
        about=blocked.option.option_group,
    )


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {
        "option_group": "options of a plan",
        "separation": "distances of rule",
        "one_of_more": "where one of more options is taken",
    },
    "nl": {
        "option_group": "varianten van een plan",
        "separation": "afstanden van regel",
        "one_of_more": "waar een van meer varianten wordt ingenomen",
    },
}

KIND: Final = Kind(
    "option_group",
    ("cables_and_pipes", "geothermal_and_soil_energy"),
    read,
    evaluate,
    {
        "nl": {
            "last_option": {
                "what": "Onderdeel {part} blokkeert {other}: de laatste nog open variant van plan “{about}”.",
                "remedy": "Houd deze variant vrij, of laat de houder van het plan eerst een andere variant reserveren.",
            },
            "last_option_undetermined": {
                "what": "Niet te bepalen of onderdeel {part} met {other} de laatste nog open variant van plan "
                "“{about}” blokkeert: {lacking} is niet bekend.",
                "remedy": "Zoek dit eerst uit.",
            },
            "last_option_assumed": {
                "what": "Onderdeel {part} laat {other}, de laatste nog open variant van plan “{about}”, vrij als klopt "
                "wat is aangenomen.",
                "remedy": "Laat meten wat is aangenomen, of neem de aanname als voorwaarde op.",
            },
            "last_option_possible": {
                "what": "Onderdeel {part} blokkeert misschien {other}: de laatste variant van plan “{about}” die dan "
                "nog open zou zijn.",
                "remedy": "Laat de ligging inmeten, bijvoorbeeld met een proefsleuf.",
            },
            "one_option": {
                "what": "Onderdeel {part} blokkeert {other}: een variant van plan “{about}”. Varianten die zeker open "
                "blijven: {measured}.",
                "remedy": "Houd deze variant vrij als dat kan. De houder van het plan hoort dat zij vervalt.",
            },
            "one_option_undetermined": {
                "what": "Niet te bepalen of onderdeel {part} met {other} een variant van plan “{about}” blokkeert: "
                "{lacking} is niet bekend. Varianten die zeker open blijven: {measured}.",
                "remedy": "Zoek dit uit als deze variant vrij moet blijven.",
            },
            "one_option_assumed": {
                "what": "Onderdeel {part} laat {other}, een variant van plan “{about}”, vrij als klopt wat is "
                "aangenomen. Varianten die zeker open blijven: {measured}.",
                "remedy": "Laat meten wat is aangenomen, of neem de aanname als voorwaarde op.",
            },
            "one_option_possible": {
                "what": "Onderdeel {part} blokkeert misschien {other}: een variant van plan “{about}”. Varianten die "
                "zeker open blijven: {measured}.",
                "remedy": "Laat de ligging inmeten als deze variant vrij moet blijven.",
            },
        },
        "en": {
            "last_option": {
                "what": "Part {part} blocks {other}: the last option of plan “{about}” that is still open.",
                "remedy": "Keep this option free, or let the holder of the plan first reserve another.",
            },
            "last_option_undetermined": {
                "what": "It cannot be told whether part {part} blocks with {other} the last option of plan “{about}” "
                "that is still open: {lacking} is not known.",
                "remedy": "Find this out first.",
            },
            "last_option_assumed": {
                "what": "Part {part} leaves {other}, the last option of plan “{about}” that is still open, free if "
                "what was assumed holds.",
                "remedy": "Have what was assumed measured, or make the assumption a condition.",
            },
            "last_option_possible": {
                "what": "Part {part} may block {other}: the last option of plan “{about}” that would then be open.",
                "remedy": "Have its position surveyed, for example with a trial trench.",
            },
            "one_option": {
                "what": "Part {part} blocks {other}: an option of plan “{about}”. Options certain to stay open: "
                "{measured}.",
                "remedy": "Keep this option free if possible. The holder of the plan is told that it is lost.",
            },
            "one_option_undetermined": {
                "what": "It cannot be told whether part {part} blocks with {other} an option of plan “{about}”: "
                "{lacking} is not known. Options certain to stay open: {measured}.",
                "remedy": "Find this out if this option has to stay free.",
            },
            "one_option_assumed": {
                "what": "Part {part} leaves {other}, an option of plan “{about}”, free if what was assumed holds. "
                "Options certain to stay open: {measured}.",
                "remedy": "Have what was assumed measured, or make the assumption a condition.",
            },
            "one_option_possible": {
                "what": "Part {part} may block {other}: an option of plan “{about}”. Options certain to stay open: "
                "{measured}.",
                "remedy": "Have its position surveyed if this option has to stay free.",
            },
        },
    },
    _NAMES,
    looks_at=("separation", "reserved_space"),
)
