"""What comes nearest to what is required, where it is kept: told beside a verdict, and no part of it.

Worked out from a verdict's own basis, so that it can be done, or left, after the judgement. As drawn: uncertainty of
position is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from registry.core.applying import asked_parts
from registry.core.boxes import boxes_meet
from registry.core.case import Case
from registry.core.elements import Element, elements, meeting, near_pairs
from registry.core.findings import Cause, Finding
from registry.core.model import Application, Asset, Object, Part, Reservation, Thing, Works, is_rival, kind_of
from registry.core.policy import Ruleset
from registry.core.relations import Relied, verify
from registry.core.rules.matrix import Asked, asked_of
from registry.core.rules.reserved_space import ReservedSpaceRule
from registry.core.rules.separation import SeparationRule
from registry.core.solids import Corridor, Solid

Axis = Literal["horizontal", "vertical"]


@dataclass(frozen=True, slots=True)
class Margin:
    """A distance that is kept: ``gap`` along ``axis`` between a part and another, where ``required`` is asked (mm)."""

    part: str
    kind: str
    other: str
    axis: Axis
    cause: Cause
    gap: int
    required: int


def tightest(
    application: Application, basis: Sequence[Object], ruleset: Ruleset, findings: Sequence[Finding] = ()
) -> Margin | None:
    """The distance with least to spare among those required, or ``None`` where none is within reach.

    Objects of which ``findings`` tell a distance are left out, and so are pairs that are judged for overlap only, at a
    stated joint, or not at all. Of an object of unknown depth the distance sideways counts, whatever the depth.
    """
    case = Case.of(application, basis, ruleset)
    relied = verify(case)
    told = {(c.kind, c.id) for finding in findings if finding.gap is not None for c in finding.counterparts}
    best: Margin | None = None
    for rule, part, other, kind in _pairs(case, relied):
        if (kind, other.id) in told or ("part", part.id) in told:
            continue
        for asked in asked_of(rule, case, relied, part, other):
            joined = relied.disks(case, part, other, asked.clearance.ch)
            if isinstance(other, Part):
                joined += relied.disks(case, other, part, asked.clearance.ch)
            if asked.cause == "overlap" or joined:
                continue
            solids = case.solid(part, rule.measured_from), case.solid(other, rule.measured_from)
            within = ruleset.reach if best is None else best.gap - best.required
            for axis, gap, required in _kept(*solids, asked, within):
                if best is None or gap - required < best.gap - best.required:
                    best = Margin(part.id, kind, other.id, axis, asked.cause, gap, required)
    return best


def _pairs(case: Case, relied: Relied) -> Iterator[tuple[SeparationRule, Part, Thing, str]]:
    """Every pair that a matrix of the ruleset is put to, with that matrix and the kind of the other."""
    matrices = {rule.header.id: rule for rule in case.ruleset.rules if isinstance(rule, SeparationRule)}
    weighed = [matrices[rule.separation] for rule in case.ruleset.rules if isinstance(rule, ReservedSpaceRule)]
    asked = {name: {part.id for part in asked_parts(matrix.header, case, relied)} for name, matrix in matrices.items()}
    for k, part in enumerate(case.parts):
        others: list[tuple[SeparationRule, Thing, str]] = []
        for name, matrix in matrices.items():
            if part.id not in asked[name]:
                continue
            built = (item for item in case.obstacles if isinstance(item, (Asset, Works)) and not is_rival(item))
            others += [(matrix, item, kind_of(item)) for item in built]
            others += [(matrix, item, "part") for item in case.parts[k + 1 :]]
        for matrix in weighed:
            free = (item for item in case.obstacles if isinstance(item, Reservation))
            others += [(matrix, item, "reservation") for item in free if part.theme not in item.shareable_with]
        for matrix, other, kind in others:
            unjudged = {(part.id, kind, other.id), (other.id, "part", part.id)} & relied.unjudged
            gone = kind == "asset" and other.id in relied.gone
            if not unjudged and not gone and case.together(part, other):
                yield matrix, part, other, kind


def _kept(a: Solid, b: Solid, asked: Asked, within: int) -> Iterator[tuple[Axis, int, int]]:
    """The gaps that are kept with at most ``within`` mm to spare, each with what is required: sideways where it is too
    close vertically, and vertically where it is too close sideways. None of a corridor of unknown size."""
    if any(isinstance(solid, Corridor) and solid.width is None for solid in (a, b)):
        return
    ch, cv = asked.clearance.ch, asked.clearance.cv
    widths = sum((solid.width or 0) for solid in (a, b) if isinstance(solid, Corridor))
    heights = sum((solid.height or 0) for solid in (a, b) if isinstance(solid, Corridor))
    firsts, seconds, half = elements(a), elements(b), widths // 2 + 1
    for i, j in near_pairs(a, b, ch + within) if asked.pairs is None else asked.pairs:
        if not boxes_meet(a.boxes[i], b.boxes[j], half + ch + within):
            continue  # farther apart in plan than the least there is to spare so far
        p, q = firsts[i], seconds[j]
        depth = cv if p.known and q.known else None
        met = meeting(p, q, widths, heights, depth)
        if met is not None and ch <= met.gap <= ch + within:
            yield "horizontal", met.gap, ch
            within = met.gap - ch
        if depth is not None and (met is None or met.gap >= ch):
            apart = _vertical(p, q, (widths, heights), ch, depth, within)
            if apart is not None:
                yield "vertical", apart, depth
                within = apart - depth


def _vertical(p: Element, q: Element, sizes: tuple[int, int], ch: int, cv: int, within: int) -> int | None:
    """The vertical gap where two elements are too close sideways: the largest cv that is kept, looked for by halving
    up to ``within`` more than what is required. ``None`` where there is none."""

    def kept(gap: int) -> bool:
        met = meeting(p, q, *sizes, gap)
        return met is None or met.gap >= ch

    low, high = cv, cv + within + 1
    if kept(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if kept(middle):
            low = middle
        else:
            high = middle
    return low
