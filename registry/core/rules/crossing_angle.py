"""``crossing_angle``: at what angle, in plan, two lines may cross at least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from registry.core.applying import asked_parts
from registry.core.case import Case
from registry.core.elements import both_widths
from registry.core.findings import Certainty, Finding, Measure, Met, Place, Quantity, Stretch
from registry.core.line_crossings import LineCrossing, line_crossings
from registry.core.model import Asset, Part, Thing, Works, is_rival, kind_of
from registry.core.policy import SEVERITIES, RuleHeader
from registry.core.reading import Node
from registry.core.relations import Relied, counterpart
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.rules.matrix import makes_way
from registry.core.rules.subjects import ANYTHING, Between, most_specific, read_cells
from registry.core.solids import Corridor


@dataclass(frozen=True, slots=True)
class AngleCell:
    """The least angle (thousandths of a degree) at which two subjects cross."""

    between: Between
    minimum: int
    source: str


@dataclass(frozen=True, slots=True)
class CrossingAngleRule:
    """``otherwise`` holds for pairs without a cell; ``None``: of these nothing is asked."""

    header: RuleHeader
    cells: tuple[AngleCell, ...]
    otherwise: AngleCell | None
    kind: Literal["crossing_angle"] = "crossing_angle"


def read(node: Node, surroundings: Surroundings) -> CrossingAngleRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "cells"), (*HEADER_OPTIONAL, "otherwise"))

    def cell(between: Between, entries: dict[str, Node], _item: Node) -> AngleCell:
        minimum = entries["minimum"].angle(above=0, below=90_000)
        return AngleCell(between, minimum, surroundings.source(entries["source"]))

    otherwise = None
    if "otherwise" in given:
        otherwise = cell((ANYTHING, ANYTHING), given["otherwise"].entries(("minimum", "source")), given["otherwise"])
    cells = read_cells(given["cells"], ("minimum", "source"), (), cell)
    if not cells and otherwise is None and given["cells"].sound:
        given["cells"].fault("the rule asks nothing", "Add a cell, or otherwise.", "missing")
    return CrossingAngleRule(read_header(given), cells, otherwise)


def evaluate(rule: CrossingAngleRule, case: Case, relied: Relied) -> Evaluated:
    """Where a part crosses a line that lies there, or another part, at too small an angle."""
    findings: list[Finding] = []
    met: list[Met] = []
    touched = False
    asked = {part.id for part in asked_parts(rule.header, case, relied)}
    # A rival that is not compared is told by the separation rule.
    others: list[Thing] = [
        item
        for item in case.obstacles
        if isinstance(item, (Asset, Works)) and not (is_rival(item) and item.id in case.uncompared)
    ]
    for k, part in enumerate(case.parts):
        for other in [*others, *case.parts[k + 1 :]]:
            if part.id not in asked and not (isinstance(other, Part) and other.id in asked):
                continue
            cell = _cell(rule, case, relied, part, other)
            if cell is None:
                continue
            crossings = _crossings(case, relied, part, other, cell.minimum)
            touched = touched or bool(crossings and not is_rival(other))
            failing = [crossing for crossing in crossings if crossing.angle - crossing.off < cell.minimum]
            findings += _findings(rule, case, relied, cell, part, other, failing)
            if not is_rival(other):
                met += [_met(cell, part, crossing) for crossing in crossings if crossing not in failing]
    return Evaluated(findings, touched, min(met, key=lambda one: one.margin.value, default=None))


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {"crossing_angle": "angle of crossing", "cells": "least angles", "minimum": "at least"},
    "nl": {"crossing_angle": "kruisingshoek", "cells": "kleinste hoeken", "minimum": "ten minste"},
}

KIND: Final = Kind(
    "crossing_angle",
    ("cables_and_pipes",),
    read,
    evaluate,
    {
        "nl": {
            "angle_too_small": {
                "what": "Onderdeel {part} kruist {other} onder een te kleine hoek.",
                "numbers": "De hoek is {measured}; vereist is minstens {required}, dus het scheelt {missing}.",
                "remedy": "Laat {part} haakser kruisen: onder een hoek die minstens {missing} groter is.",
            },
            "angle_too_small_possible": {
                "what": "Onderdeel {part} kruist {other} misschien onder een te kleine hoek.",
                "numbers": "De hoek kan zo klein zijn als {measured}; vereist is minstens {required}.",
                "remedy": "Laat vaststellen hoe het ligt (bijvoorbeeld met een proefsleuf), of kruis haakser.",
            },
        },
        "en": {
            "angle_too_small": {
                "what": "Part {part} crosses {other} at too small an angle.",
                "numbers": "The angle is {measured}; at least {required} is required, so it is {missing} short.",
                "remedy": "Let {part} cross more squarely: at an angle that is {missing} larger at least.",
            },
            "angle_too_small_possible": {
                "what": "Part {part} may cross {other} at too small an angle.",
                "numbers": "The angle may be as small as {measured}; at least {required} is required.",
                "remedy": "Have established how it lies (by a trial trench, say), or cross more squarely.",
            },
        },
    },
    _NAMES,
    looks_at=(),
)


def _cell(rule: CrossingAngleRule, case: Case, relied: Relied, part: Part, other: Thing) -> AngleCell | None:
    """What is asked of a pair; ``None``: nothing. Of parts of one application, and of one holder's lines of one theme,
    nothing is asked without a cell for them."""
    said = {(part.id, kind_of(other), other.id), *([(other.id, "part", part.id)] if isinstance(other, Part) else [])}
    gone = isinstance(other, Asset) and other.id in relied.gone
    if gone or said & (relied.unjudged | relied.overlap_only) or not case.together(part, other):
        return None
    cell = most_specific(rule.cells, part, other)
    one_network = part.theme == other.theme and case.holder(part) == case.holder(other)
    return cell if cell is not None or isinstance(other, Part) or one_network else rule.otherwise


def _crossings(case: Case, relied: Relied, part: Thing, other: Thing, below: int) -> list[LineCrossing]:
    """The crossings of a pair but for those at a joint that is stated, the least angle first; ``below`` as there."""
    first, second = case.joined(part, "casing"), case.joined(other, "casing")
    if not isinstance(first, Corridor) or not isinstance(second, Corridor):
        return []
    shifts = part.uncertainty.xy, other.uncertainty.xy
    joints = [
        disk
        for one, two in ((part, other), (other, part))
        if isinstance(one, Part)
        for disk in relied.disks(case, one, two, 0)
    ]
    found = [
        crossing
        for crossing in line_crossings(first, second, shifts, below)
        if all((crossing.x - x) ** 2 + (crossing.y - y) ** 2 >= radius**2 for x, y, radius in joints)
    ]
    return sorted(found, key=lambda one: (one.angle, one.chainage))


def _findings(
    rule: CrossingAngleRule,
    case: Case,
    relied: Relied,
    cell: AngleCell,
    part: Part,
    other: Thing,
    failing: Sequence[LineCrossing],
) -> list[Finding]:
    """One finding for the crossings that surely are at too small an angle, and one for those that may be."""
    certain = [one for one in failing if one.sure and one.angle + one.off < cell.minimum]
    possible = [one for one in failing if one not in certain]
    found = []
    if certain:
        plain = _finding(rule, case, cell, part, other, "certain", certain)
        found.append(_weighed(rule, case, relied, plain, part, other, certain))
    if possible:
        found.append(_finding(rule, case, cell, part, other, "possible", possible))
    return found


def _finding(
    rule: CrossingAngleRule,
    case: Case,
    cell: AngleCell,
    part: Part,
    other: Thing,
    certainty: Certainty,
    crossings: Sequence[LineCrossing],
) -> Finding:
    apart = part.uncertainty.xy + other.uncertainty.xy
    worst, least = crossings[0], crossings[0].angle
    if certainty == "possible":
        worst = min(crossings, key=lambda one: (one.angle - one.off, one.chainage))
        least = max(worst.angle - worst.off, 0)
    return Finding(
        rule=rule.header.id,
        rule_kind=rule.kind,
        cause="angle_too_small",
        certainty=certainty,
        severity=rule.header.capped("advises" if is_rival(other) else rule.header.severity),
        legal_force=rule.header.legal_force,
        counterparts=(counterpart(case, other),),
        place=Place(part.id, worst.chainage, worst.x, worst.y),
        stretches=tuple(Stretch(part.id, at, at) for at in sorted({one.chainage for one in crossings})),
        uncertainty=Measure(apart, None) if apart else None,
        between=None if cell is rule.otherwise else (str(cell.between[0]), str(cell.between[1])),
        source=cell.source,
        rival=is_rival(other),
        measured=Quantity(least, "millideg"),
        asked=Quantity(cell.minimum, "millideg"),
        short=Quantity(cell.minimum - least, "millideg") if certainty == "certain" else None,
    )


def _weighed(
    rule: CrossingAngleRule,
    case: Case,
    relied: Relied,
    finding: Finding,
    part: Part,
    other: Thing,
    now: Sequence[LineCrossing],
) -> Finding:
    """A certain finding with the angle at which what the part replaces crosses the other; and weighed less where
    everywhere that did so in the same place, at no greater angle."""
    before: list[LineCrossing] = []
    excused: set[LineCrossing] = set()
    for replaced in relied.replaced.get(part.id, []):
        if replaced is other:
            continue
        crossings = _crossings(case, relied, replaced, other, 90_001)
        before += crossings
        if replaced.theme == part.theme and makes_way(case, relied, replaced):
            widths = both_widths(case.solid(part, "casing"), case.solid(replaced, "casing"))
            excused.update(one for one in now if any(_as_before(old, one, widths) for old in crossings))
    if not before:
        return finding
    finding = replace(finding, before=Quantity(min(one.angle for one in before), "millideg"))
    if not excused.issuperset(now):
        return finding
    severity = max(finding.severity, case.ruleset.not_worsened, key=SEVERITIES.index)
    return replace(finding, severity=severity, not_worsened=True)


def _as_before(old: LineCrossing, new: LineCrossing, widths: int) -> bool:
    """Whether a crossing lies within half of both widths (mm) of one there was, and is at no smaller an angle."""
    near = 4 * ((old.x - new.x) ** 2 + (old.y - new.y) ** 2) <= widths * widths
    return near and old.sure and old.angle <= new.angle


def _met(cell: AngleCell, part: Part, crossing: LineCrossing) -> Met:
    return Met(
        measured=Quantity(crossing.angle, "millideg"),
        asked=Quantity(cell.minimum, "millideg"),
        margin=Quantity(crossing.angle - cell.minimum, "millideg"),
        place=Place(part.id, crossing.chainage, crossing.x, crossing.y),
    )
