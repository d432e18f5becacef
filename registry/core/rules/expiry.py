"""``expiry``: how long a reservation lives, how often it is looked over, and how its end is announced.

The register keeps these days (``services.expiring``). A verdict only tells of a reservation that counts in it that it
was not looked over in time, or that its period is over: it is in the way until it has lapsed, which comes with notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from registry.core.applying import holds_for
from registry.core.case import Case
from registry.core.findings import Finding, Quantity
from registry.core.model import STRENGTHS, Reservation
from registry.core.policy import RuleHeader
from registry.core.reading import Node
from registry.core.relations import Relied, counterpart
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.rules.matrix import judge_pair
from registry.core.rules.separation import SeparationRule, matrix_named

#: What of ``applies`` no reservation has.
_OF_APPLICATIONS: Final = ("situation", "regimes", "filed_from", "filed_until")
#: A month has at least so many days.
_SHORTEST_MONTH: Final = 28


@dataclass(frozen=True, slots=True)
class ExpiryRule:
    """``lives`` are months by strength; a strength that is not among them lives without end. ``review_every`` is in
    months, ``notice`` in days before the end, the longest first; ``extensions`` is how often it may be extended.

    ``separation`` is the id of the separation rule whose matrix says in which verdicts a reservation counts.
    """

    header: RuleHeader
    separation: str
    lives: tuple[tuple[str, int], ...]
    review_every: int
    notice: tuple[int, ...]
    extensions: int
    source: str
    kind: Literal["expiry"] = "expiry"

    def life(self, strength: str) -> int | None:
        """How long one of this strength lives, months; ``None``: without end."""
        return dict(self.lives).get(strength)


def read(node: Node, surroundings: Surroundings) -> ExpiryRule:
    """The rule out of its entries; faults are noted at the nodes."""
    own = ("separation", "lives", "review_every", "notice", "extensions", "source")
    given = node.entries((*HEADER_KEYS, *own), HEADER_OPTIONAL)
    header = read_header(given)
    if given["severity"].sound and header.severity != "advises":
        detail = "that a day has passed is told, and decides no outcome"
        given["severity"].fault(detail, "Write advises.", "not_allowed")
    for name in _OF_APPLICATIONS if "applies" in given and header.applies is not None else ():
        if getattr(header.applies, name):
            remedy = "Limit the rule by themes, object_kinds or areas."
            given["applies"].fault("no reservation has this: it is of applications", remedy, "not_allowed", name)
    nodes = given["lives"].entries((), STRENGTHS)
    if given["lives"].value == {}:
        remedy = f"Write how long one of strength {', '.join(STRENGTHS)} lives, as 60 months."
        given["lives"].fault("it says of no strength how long it lives", remedy, "missing")
    lives = tuple((name, nodes[name].measured("months", least=1)) for name in STRENGTHS if name in nodes)
    return ExpiryRule(
        header=header,
        separation=surroundings.separation(given["separation"]),
        lives=lives,
        review_every=given["review_every"].measured("months", least=1),
        notice=_notice(given["notice"], min((months for _, months in lives), default=0)),
        extensions=given["extensions"].whole(),
        source=surroundings.source(given["source"]),
    )


def _notice(node: Node, shortest: int) -> tuple[int, ...]:
    """The notices, the longest first; each is given within the shortest life (months)."""
    given = node.entries(("first",), ("again",))
    first = given["first"].measured("days", least=1)
    if given["first"].sound and shortest and first >= shortest * _SHORTEST_MONTH:
        detail = f"the shortest life, {shortest} months, would begin with it"
        given["first"].fault(detail, f"Write less than {shortest * _SHORTEST_MONTH} days.", "out_of_range")
    if "again" not in given:
        return (first,)
    again = given["again"].measured("days", least=1)
    if given["first"].sound and given["again"].sound and again >= first:
        detail = f"it is not later than the first, {first} days before the end"
        given["again"].fault(detail, f"Write less than {first} days.", "out_of_range")
    return first, again


def evaluate(rule: ExpiryRule, case: Case, relied: Relied) -> Evaluated:
    """Of the reservations that are in the way of a part: those of which a day had passed when it was filed."""
    matrix = matrix_named(case.ruleset, rule.separation)
    findings: list[Finding] = []
    touched = False
    for reservation in case.obstacles:
        if not isinstance(reservation, Reservation):
            continue
        if not holds_for(rule.header, reservation, case.zones, case.ruleset, case.used):
            continue
        days = list(_days(reservation))
        touched = touched or bool(days)
        passed = [found for cause, day in days if (found := _passed(cause, day, case.application.filed_on)) is not None]
        if passed:
            findings += _told(rule, matrix, case, relied, reservation, passed)
    return Evaluated(findings, touched)


def _days(reservation: Reservation) -> Iterator[tuple[str, date]]:
    """The last day on which it was in time, of what it is to be in time for."""
    if reservation.review_date is not None:
        yield "review_overdue", date.fromisoformat(reservation.review_date)
    if reservation.period is not None and reservation.period.end is not None:
        end = date.fromisoformat(reservation.period.end)
        if end > date.min:
            yield "period_over", date.fromordinal(end.toordinal() - 1)


def _passed(cause: str, day: date, filed: str | None) -> tuple[str, int | None] | None:
    """The cause, and how many days ago that was (``None``: it cannot be told); ``None``: it had not passed."""
    if filed is None:
        return cause, None
    days = (date.fromisoformat(filed) - day).days
    return (cause, days) if days > 0 else None


def _told(
    rule: ExpiryRule,
    matrix: SeparationRule,
    case: Case,
    relied: Relied,
    reservation: Reservation,
    passed: Sequence[tuple[str, int | None]],
) -> Iterator[Finding]:
    """What had passed, where the reservation is in the way of a part."""
    clashes = [
        clash
        for part in case.parts
        for clash in judge_pair(matrix, rule.header, "advises", case, relied, part, reservation)
    ]
    for cause, days in passed if clashes else ():
        yield Finding(
            rule=rule.header.id,
            rule_kind=rule.kind,
            cause=cause,
            certainty="certain" if days is not None else "undetermined",
            severity="advises",
            legal_force=rule.header.legal_force,
            counterparts=(counterpart(case, reservation),),
            place=min(clashes, key=lambda clash: (clash.place.part, clash.place.chainage or 0)).place,
            stretches=(),
            lacking=() if days is not None else ("filed_on",),
            source=rule.source,
            measured=None if days is None else Quantity(days, "day"),
            about=cause,
        )


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {
        "expiry": "how long reservations live",
        "separation": "distances of rule",
        "lives": "how long, by strength",
        "search_area": "search area",
        "option": "option",
        "planned": "planned",
        "decided": "decided",
        "review_every": "looked over every",
        "notice": "announced before the end",
        "first": "first",
        "again": "again",
        "extensions": "times extended at most",
    },
    "nl": {
        "expiry": "hoe lang reserveringen blijven",
        "separation": "afstanden van regel",
        "lives": "hoe lang, naar hardheid",
        "search_area": "zoekgebied",
        "option": "optie",
        "planned": "gepland",
        "decided": "vastgesteld",
        "review_every": "herzien na telkens",
        "notice": "aangekondigd vóór het einde",
        "first": "eerst",
        "again": "opnieuw",
        "extensions": "hoogstens zo vaak verlengd",
    },
}

KIND: Final = Kind(
    "expiry",
    ("cables_and_pipes",),
    read,
    evaluate,
    {
        "nl": {
            "review_overdue": {
                "what": "De herziening van {other} was bij indiening {measured} over tijd. Ook zo houdt zij haar "
                "ruimte.",
                "remedy": "Vraag de houder of de ruimte nog nodig is.",
            },
            "review_overdue_undetermined": {
                "what": "Niet te bepalen is of de herziening van {other} bij indiening over tijd was: {lacking} is "
                "niet bekend. Ook dan houdt zij haar ruimte.",
                "remedy": "Vraag de houder of de ruimte nog nodig is.",
            },
            "period_over": {
                "what": "De periode van {other} was bij indiening al {measured} voorbij. Zij houdt haar ruimte tot zij "
                "na aankondiging is verlopen.",
                "remedy": "Vraag de houder of de ruimte nog nodig is.",
            },
            "period_over_undetermined": {
                "what": "Niet te bepalen is of de periode van {other} bij indiening voorbij was: {lacking} is niet "
                "bekend. Zij houdt haar ruimte tot zij na aankondiging is verlopen.",
                "remedy": "Vraag de houder of de ruimte nog nodig is.",
            },
        },
        "en": {
            "review_overdue": {
                "what": "When this was filed the review of {other} was {measured} overdue. It holds its space all the "
                "same.",
                "remedy": "Ask the holder whether the space is still needed.",
            },
            "review_overdue_undetermined": {
                "what": "It cannot be told whether the review of {other} was overdue when this was filed: {lacking} is "
                "not known. Even then it holds its space.",
                "remedy": "Ask the holder whether the space is still needed.",
            },
            "period_over": {
                "what": "When this was filed the period of {other} had been over for {measured}. It holds its space "
                "until it has lapsed, after notice.",
                "remedy": "Ask the holder whether the space is still needed.",
            },
            "period_over_undetermined": {
                "what": "It cannot be told whether the period of {other} was over when this was filed: {lacking} is "
                "not known. It holds its space until it has lapsed, after notice.",
                "remedy": "Ask the holder whether the space is still needed.",
            },
        },
    },
    _NAMES,
    looks_at=("separation",),
)
