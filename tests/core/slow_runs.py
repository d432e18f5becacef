"""What runs alongside what, worked out plainly: every step of winding for every pair, in fractions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, isqrt
from typing import Literal

from registry.core.boxes import Pair, boxes_meet, near_boxes
from registry.core.case import Case
from registry.core.elements import both_widths, merged
from registry.core.footings import Alongside
from registry.core.kernels import Axis, Number, axis_box, face_gap, plan_nearest
from registry.core.model import Thing
from registry.core.policy import Clearance
from registry.core.rules.separation import SeparationRule
from registry.core.runs import FIRST_STEP, GAP, GAP_WINDING, longest_crossing, steps, tangent
from registry.core.solids import Corridor, Flank, Solid

#: Worked out once per case, rule and pair; a case that is kept is no other's ``id``.
_KEPT: dict[tuple[object, ...], Alongside] = {}
_CASES: dict[int, Case] = {}


def parallel_run(
    rule: SeparationRule, case: Case, part: Thing, other: Thing, asked: Clearance
) -> tuple[list[Pair], frozenset[Pair]]:
    """The pairs of elements in a parallel run, along the part or along the other; and those that may only be in one.

    A run is that of two networks: neither the number of objects a line is drawn in, nor a jog in one of the two, makes
    it shorter. It lies alongside at a small angle, or stays as near as what is asked for longer than a crossing could.
    Of what does so only within the uncertainty nothing is certain: a branch that crosses is no run because its main
    might lie closer than it is said to.
    """
    widths = both_widths(case.solid(part, rule.measured_from), case.solid(other, rule.measured_from))
    straight = _runs(rule, case, part, other, None, rule.parallel_from, max(GAP, widths))
    # Nearer than this is too close: the gap in whole mm is then less than what is asked.
    most = asked.ch + Fraction(widths, 2) - Fraction(1, 1000)
    pairs = straight | _winding(rule, case, part, other, _Within(most, 1), straight)
    sure = straight | _winding(rule, case, part, other, _Within(most, -1), straight)
    return sorted(pairs), frozenset(pairs - sure)


@dataclass(frozen=True, slots=True)
class _Within:
    """How near (mm, between axes) things have to stay to run alongside however they wind: at most ``step``, and
    ``most`` with what their position is uncertain by added (``sign`` 1: perhaps) or taken off (−1: surely)."""

    most: Fraction
    sign: Literal[1, -1]
    step: Number | None = None

    def of(self, uncertain: int) -> Number:
        """For two things that together are uncertain by so much (mm)."""
        most = self.most + self.sign * uncertain
        return most if self.step is None else min(self.step, most)


def _winding(
    rule: SeparationRule, case: Case, part: Thing, other: Thing, within: _Within, straight: set[Pair]
) -> set[Pair]:
    """The pairs that stay so near for longer than a crossing could, beside those that lie alongside ``straight``."""
    widths = both_widths(case.solid(part, rule.measured_from), case.solid(other, rule.measured_from))
    gap, pairs = max(GAP_WINDING, widths), set[Pair]()
    others, parts = _networks(case, part, other)
    most = max(within.of(case.uncertainty(part, item).xy) for item in others)
    most = max(most, *(within.of(case.uncertainty(other, item).xy) for item in parts))
    if most > FIRST_STEP and _runs(rule, case, part, other, within, rule.parallel_from, gap) - straight:
        for apart, before in steps(most):
            long = max(rule.parallel_from, longest_crossing(before, rule.parallel_below_millideg))
            pairs |= _runs(rule, case, part, other, replace(within, step=apart), long, gap)
    return pairs


def _runs(
    rule: SeparationRule, case: Case, part: Thing, other: Thing, within: _Within | None, from_length: int, gap: int
) -> set[Pair]:
    """The pairs in runs of at least ``from_length``: at a small angle, or (``within``) with axes as near as that."""
    along_part = _beside(rule, case, part, other, within)
    along_other = _beside(rule, case, other, part, within)
    if not along_part and not along_other:
        return set()
    others, parts = _networks(case, part, other)
    over_part = [stretch for item in others for stretch, _ in _beside(rule, case, part, item, within)]
    over_other = [stretch for item in parts for stretch, _ in _beside(rule, case, other, item, within)]
    pairs = in_runs(along_part, over_part, from_length, gap)
    return pairs | {(i, j) for j, i in in_runs(along_other, over_other, from_length, gap)}


def _networks(case: Case, part: Thing, other: Thing) -> tuple[Sequence[Thing], Sequence[Thing]]:
    """What counts with the other as one, and what with the part."""
    others = [item for item in case.obstacles if case.same_network(item, other)]
    parts = [item for item in case.parts if case.same_network(item, part)]
    return others or [other], parts or [part]


def _beside(rule: SeparationRule, case: Case, a: Thing, b: Thing, within: _Within | None) -> Alongside:
    """What lies alongside what, worked out once per pair."""
    apart = None if within is None else max(within.of(case.uncertainty(a, b).xy), 0)
    _CASES[id(case)] = case
    key = (id(case), rule.header.id, type(a).__name__, a.id, type(b).__name__, b.id, str(apart))
    if key not in _KEPT:
        first, second = case.solid(a, rule.measured_from), case.solid(b, rule.measured_from)
        if apart is None:
            reach = case.ruleset.reach + case.uncertainty(a, b).xy
            _KEPT[key] = alongside(first, second, rule.parallel_below_millideg, reach)
        else:
            _KEPT[key] = hugging(first, second, apart)
    return _KEPT[key]


def in_runs(beside: Alongside, covered: Sequence[tuple[int, int]], from_length: int, gap: int) -> set[Pair]:
    """Those pairs whose stretch is part of a run: of ``covered`` chainage, joined over gaps of at most ``gap``, that is
    at least ``from_length`` mm long.

    ``covered`` is that of a whole network, so that it does not matter into how many objects it was drawn.
    """
    runs = [run for run in merged(covered, gap) if run[1] - run[0] >= from_length]
    return {pair for stretch, pair in beside if any(run[0] <= stretch[0] and stretch[1] <= run[1] for run in runs)}


def alongside(a: Solid, b: Solid, below_millideg: int, reach: int) -> Alongside:
    """The pairs that lie alongside each other at a small angle, with the stretch they cover of ``a``.

    A pair does when its plan angle is below ``below_millideg``, its gap in plan at most ``reach`` (mm) and the second,
    projected on the first, covers some of it.
    """
    slope = tangent(below_millideg)
    both = both_widths(a, b)
    found: Alongside = []
    for p, q in _near_flanks(a, b, both // 2 + 1 + reach):
        ends = _feet(p.axis, q.axis) if _parallel(p.axis, q.axis, slope) else None
        if ends is None:
            continue
        near = plan_nearest(p.axis, q.axis, None)
        if near is not None and face_gap(near.num, near.den, both) <= reach:
            found.append(_covered(p, q, ends))
    return found


def hugging(a: Solid, b: Solid, apart: Number) -> Alongside:
    """The pairs whose axes or edges come within ``apart`` (mm) in plan, with the stretch of ``a`` along which they do.

    A place on ``b`` counts for where it lies square to ``a``; a shaft for as much as it is wide.
    """
    found: Alongside = []
    width = (b.width or 0) if isinstance(b, Corridor) and b.is_shaft else 0
    for p, q in _near_flanks(a, b, ceil(apart)):
        piece = _within(p.axis, q.axis, apart)
        ends = None if piece is None else _feet(p.axis, piece, width)
        if ends is not None:
            found.append(_covered(p, q, ends))
    return found


def _near_flanks(a: Solid, b: Solid, margin: int) -> Iterator[tuple[Flank, Flank]]:
    if not a.flanks or not b.flanks or (isinstance(a, Corridor) and a.is_shaft) or not boxes_meet(a.box, b.box, margin):
        return
    boxes = [[axis_box(flank.axis) for flank in solid.flanks] for solid in (a, b)]
    for i, j in near_boxes(boxes[0], boxes[1], margin):
        yield a.flanks[i], b.flanks[j]


def _parallel(p: Axis, q: Axis, slope: Fraction) -> bool:
    ux, uy, vx, vy = p.x1 - p.x0, p.y1 - p.y0, q.x1 - q.x0, q.y1 - q.y0
    sine, cosine = ux * vy - uy * vx, ux * vx + uy * vy
    return (sine * slope.denominator) ** 2 < (cosine * slope.numerator) ** 2


def _feet(p: Axis, q: Axis, width: int = 0) -> tuple[Fraction, Fraction] | None:
    """What of ``p`` (as fractions) ``q``, ``width`` (mm) wide, covers, projected on it."""
    ux, uy = p.x1 - p.x0, p.y1 - p.y0
    length = ux * ux + uy * uy
    ends = [(x - p.x0) * ux + (y - p.y0) * uy for x, y in ((q.x0, q.y0), (q.x1, q.y1))]
    half = Fraction(width * isqrt(int(length)), 2)
    low, high = max(min(ends) - half, Fraction(0)), min(max(ends) + half, Fraction(length))
    return (Fraction(low) / length, Fraction(high) / length) if low < high else None


def _within(p: Axis, q: Axis, apart: Number) -> Axis | None:
    """The piece of ``q`` that lies at most ``apart`` mm (rounded up) from the line of ``p``."""
    ux, uy = p.x1 - p.x0, p.y1 - p.y0
    most = isqrt(int(apart * apart * (ux * ux + uy * uy))) + 1
    off, end = ux * (q.y0 - p.y0) - uy * (q.x0 - p.x0), ux * (q.y1 - p.y0) - uy * (q.x1 - p.x0)
    cuts = [Fraction(0), Fraction(1)]
    if off != end:
        cuts = sorted((Fraction(-most - off) / (end - off), Fraction(most - off) / (end - off)))
    elif not -most <= off <= most:
        return None
    low, high = max(cuts[0], Fraction(0)), min(cuts[1], Fraction(1))
    if low > high:
        return None
    x, y = q.x1 - q.x0, q.y1 - q.y0
    return Axis(q.x0 + low * x, q.y0 + low * y, 0, q.x0 + high * x, q.y0 + high * y, 0)


def _covered(p: Flank, q: Flank, ends: tuple[Fraction, Fraction]) -> tuple[tuple[int, int], Pair]:
    return (p.chainage(ends[0]), p.chainage(ends[1])), (p.element, q.element)
