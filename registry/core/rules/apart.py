"""Distances that rule kinds ask besides those of the matrix: to a tree, between wells, of heat to drinking water.

As there, two are too near where the horizontal gap < ch and the vertical gap < cv, both strictly. Of two of one network
no less is asked, nor around a connection; what is removed, or never there at the same time, does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from registry.core.applying import asked_parts
from registry.core.case import Case
from registry.core.clash import Clash, find_clash, least_gap
from registry.core.findings import Cause, Finding, Measure, Met, Place, Quantity, Stretch, telling
from registry.core.model import Asset, Part, Reservation, Thing, Uncertainty, is_rival, kind_of
from registry.core.policy import SEVERITIES, Clearance, RuleHeader, Severity
from registry.core.relations import Relied, counterpart
from registry.core.rules.kind import Evaluated, Rule
from registry.core.rules.matrix import Asked, Before, assumed_solids, clashes_of, makes_way, no_worse
from registry.core.rules.reserved_space import ReservedSpaceRule
from registry.core.solids import Corridor, MeasuredFrom, Solid

_CASING: Final[MeasuredFrom] = "casing"


def _as_it_is(thing: Thing) -> None:
    """No other space than a thing takes."""


def _always(replaced: Asset) -> bool:
    """Whatever is replaced."""
    return True


@dataclass(frozen=True, slots=True)
class Apart:
    """What is asked of a part and another thing, from outside to outside, without envelopes where there is a size.

    ``shape`` gives the space that counts instead for some of the things. ``lacking`` is what has to be known besides
    for it to be asked at all. ``because`` is what it depends on, and from where on it is asked. ``alike`` says whether
    what the part replaces may be held against it.
    """

    cause: Cause
    clearance: Clearance
    part: Part
    other: Thing
    shape: Callable[[Thing], Solid | None] = _as_it_is
    lacking: tuple[str, ...] = ()
    because: tuple[Quantity, Quantity] | None = None
    alike: Callable[[Asset], bool] = _always

    def solid(self, case: Case, thing: Thing) -> Solid:
        """The space that counts of one of the two, or of what the part replaces."""
        return self.shape(thing) or case.joined(thing, _CASING)

    @property
    def outside(self) -> bool:
        """Whether of both the outside counts."""
        return self.shape(self.part) is None and self.shape(self.other) is None


def pairs(header: RuleHeader, case: Case, relied: Relied) -> Iterator[tuple[Part, Thing]]:
    """Each part with each thing that it may be too near to, also with each other part once; where the rule applies to
    one of the two. Not with what it lies in by agreement (``inside``, ``uses``)."""
    asked = {part.id for part in asked_parts(header, case, relied)}
    for k, part in enumerate(case.parts):
        for other in (*case.obstacles, *case.parts[k + 1 :]):
            if part.id not in asked and not (isinstance(other, Part) and other.id in asked):
                continue
            said = {(part.id, kind_of(other), other.id)}
            said |= {(other.id, "part", part.id)} if isinstance(other, Part) else set()
            gone = isinstance(other, Asset) and other.id in relied.gone
            uncompared = is_rival(other) and other.id in case.uncompared
            if not (said & relied.unjudged or gone or uncompared) and case.together(part, other):
                yield part, other


def judged(rule: Rule, asked: Iterable[Apart], case: Case, relied: Relied) -> Evaluated:
    """What is nearer than asked, and of what is not that with least to spare, as drawn."""
    findings: list[Finding] = []
    least: tuple[int, int, Apart] | None = None
    touched = False
    for item in asked:
        touched = True
        found = _findings(rule, item, case, relied)
        findings += found
        if found or is_rival(item.other):
            continue
        first, second = (item.solid(case, thing) for thing in (item.part, item.other))
        gap = least_gap(first, second, item.clearance.cv, case.ruleset.reach)
        if gap is not None and gap.horizontal is not None:
            margin = gap.horizontal - item.clearance.ch
            least = (margin, gap.horizontal, item) if least is None or margin < least[0] else least
    return Evaluated(findings, touched, None if least is None else _met(case, *least))


def weighed(header: RuleHeader, case: Case, other: Thing) -> Severity:
    """How heavy it weighs to be too near to a thing: to a reservation no heavier than its strength does, by the rules
    on reserved space; what another application asks for only advises."""
    severity = header.severity
    if isinstance(other, Reservation):
        rules = [rule for rule in case.ruleset.rules if isinstance(rule, ReservedSpaceRule)]
        weights = [dict(rule.by_strength)[other.strength] for rule in rules]
        severity = max(severity, min(weights, key=SEVERITIES.index, default=severity), key=SEVERITIES.index)
    return "advises" if is_rival(other) else header.capped(severity)


def _met(case: Case, margin: int, gap: int, item: Apart) -> Met:
    first, second = (item.solid(case, thing) for thing in (item.part, item.other))
    at = find_clash(first, second, replace(item.clearance, ch=gap + 1), Uncertainty(), case.ruleset.reach)
    place = None if at is None else Place(item.part.id, at.chainage, at.x, at.y)
    return Met(Quantity(gap, "mm"), Quantity(item.clearance.ch, "mm"), Quantity(margin, "mm"), place)


def _findings(rule: Rule, item: Apart, case: Case, relied: Relied) -> list[Finding]:
    first, second = (item.solid(case, thing) for thing in (item.part, item.other))
    uncertainty = case.uncertainty(item.part, item.other)
    asked = Asked(item.cause, item.clearance)
    clashes = list(clashes_of(first, second, uncertainty, case.ruleset.reach, asked, ()))
    before = _before(case, relied, item) if clashes else None
    found = [_finding(rule, case, item, _assumed(case, item, clash), before) for clash in clashes]
    return telling([_without(finding, item.lacking) for finding in found])


def _finding(rule: Rule, case: Case, item: Apart, clash: Clash, before: Before | None) -> Finding:
    severity = weighed(rule.header, case, item.other)
    counts = before is not None and before.counts and not item.lacking
    not_worsened = before is not None and counts and _no_nearer(case, item, before, clash)
    if not_worsened:
        severity = max(severity, case.ruleset.not_worsened, key=SEVERITIES.index)
    ch, cv, gap = item.clearance.ch, item.clearance.cv, clash.gap
    known = clash.certainty not in ("undetermined", "assumed")
    vertical = None if cv is None or gap.vertical is None else cv - gap.vertical
    uncertainty = case.uncertainty(item.part, item.other)
    return Finding(
        rule=rule.header.id,
        rule_kind=rule.kind,
        cause=item.cause,
        certainty=clash.certainty,
        severity=severity,
        legal_force=rule.header.legal_force,
        counterparts=(counterpart(case, item.other),),
        place=Place(item.part.id, clash.chainage, clash.x, clash.y),
        stretches=tuple(Stretch(item.part.id, start, end) for start, end in clash.stretches),
        gap=gap,
        required=Measure(ch, cv),
        missing=Measure(ch - gap.horizontal, vertical) if known and gap.horizontal is not None else None,
        gap_before=None if before is None else before.gap,
        not_worsened=not_worsened,
        measured_from=_CASING if item.outside else None,
        uncertainty=Measure(uncertainty.xy, uncertainty.z) if uncertainty.xy or uncertainty.z else None,
        lacking=clash.lacking if not known or "size" in clash.lacking else (),
        source=item.clearance.source,
        rival=is_rival(item.other),
        measured=item.because[0] if item.because else None,
        asked=item.because[1] if item.because else None,
    )


def _without(finding: Finding, lacking: tuple[str, ...]) -> Finding:
    """The finding where it is not known whether the distance is asked at all."""
    if not lacking:
        return finding
    named = tuple(sorted({*finding.lacking, *lacking}))
    return replace(finding, certainty="undetermined", missing=None, lacking=named)


def _assumed(case: Case, item: Apart, clash: Clash) -> Clash:
    """The clash as *assumed* to fit, where it does by the depth and the size that are assumed of the other."""
    doubtful = clash.certainty == "undetermined" and set(clash.lacking) <= {"level", "size"}
    if not doubtful or item.lacking or item.shape(item.other) is not None:
        return clash
    first, uncertainty = item.solid(case, item.part), case.uncertainty(item.part, item.other)
    for solid in assumed_solids(case, item.other, clash.lacking, _CASING):
        case.used.update(("ground_level", name) for name in solid.ground_used)
        if not find_clash(first, solid, item.clearance, uncertainty, case.ruleset.reach):
            return replace(clash, certainty="assumed")
    return clash


def _before(case: Case, relied: Relied, item: Apart) -> Before | None:
    """How near what the part replaces was; ``None`` where nothing is replaced, or it is not to be known."""
    best: Before | None = None
    other, reach = item.solid(case, item.other), case.ruleset.reach
    for replaced in relied.replaced.get(item.part.id, []):
        if replaced is item.other:
            continue
        old, uncertainty = item.solid(case, replaced), case.uncertainty(replaced, item.other)
        clash = find_clash(old, other, item.clearance, uncertainty, reach)
        gap = clash.gap if clash is not None else least_gap(old, other, item.clearance.cv, reach)
        if gap is None or gap.horizontal is None or (clash is not None and clash.certainty == "undetermined"):
            continue
        if best is None or best.gap.horizontal is None or gap.horizontal < best.gap.horizontal:
            best = Before(replaced, clash, gap, item.alike(replaced) and makes_way(case, relied, replaced))
    return best


def _no_nearer(case: Case, item: Apart, before: Before, now: Clash) -> bool:
    """Whether it certainly was as near before: a line along the same stretch, what stands at a place at any depth."""
    if no_worse(case, item.part, Asked(item.cause, item.clearance), before, now, _CASING):
        return True
    was = before.clash
    standing = was is not None and not was.stretches and not now.stretches and item.clearance.cv is None
    if was is None or not standing or now.mixed or {was.certainty, now.certainty} != {"certain"}:
        return False
    gaps = was.gap.horizontal, now.gap.horizontal
    return before.replaced.theme == item.part.theme and None not in gaps and (gaps[1] or 0) >= (gaps[0] or 0)


def around_heart(case: Case, thing: Thing, radius: int) -> Solid | None:
    """The space within so much (mm) of the heart of what is drawn as a point, or wider if it is that; ``None`` of what
    is drawn otherwise."""
    solid = case.solid(thing, _CASING)
    if not isinstance(solid, Corridor) or not solid.is_shaft:
        return None
    width = max(2 * radius, solid.sure_width) if radius else 0
    lacking = tuple(item for item in solid.lacking if item != "size")
    return replace(solid, width=width, least_width=width, lacking=lacking)
