"""Which pairs of a part and another object are in a parallel run, by the matrix of a separation rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal

from registry.core.case import Case
from registry.core.elements import Pair, both_widths
from registry.core.kernels import Number
from registry.core.model import Thing
from registry.core.policy import Clearance
from registry.core.rules.separation import SeparationRule
from registry.core.runs import (
    FIRST_STEP,
    GAP,
    GAP_WINDING,
    Alongside,
    alongside,
    hugging,
    in_runs,
    longest_crossing,
    steps,
)

#: What the definition of a gap (``kernels.face_gap``) forgives, mm.
_TOLERANCE: Final = Fraction(1, 1000)


def parallel_run(
    rule: SeparationRule, case: Case, part: Thing, other: Thing, asked: Clearance, widths: int | None = None
) -> tuple[list[Pair], frozenset[Pair]]:
    """The pairs of elements in a parallel run, along the part or along the other; and those that may only be in one.

    A run is that of two networks: neither the number of objects a line is drawn in, nor a jog in one of the two, makes
    it shorter. It lies alongside at a small angle, or stays as near as what is asked for longer than a crossing could.
    Of what does so only within the uncertainty nothing is certain: a branch that crosses is no run because its main
    might lie closer than it is said to. ``widths`` (mm) are both together, where they are assumed.
    """
    if widths is None:
        widths = both_widths(case.solid(part, rule.measured_from), case.solid(other, rule.measured_from))
    straight = _runs(rule, case, part, other, None, rule.parallel_from, max(GAP, widths))
    # Nearer than this is too close: the gap in whole mm is then less than what is asked.
    most = asked.ch + Fraction(widths, 2) - _TOLERANCE
    pairs = straight | _winding(rule, case, part, other, _Within(most, 1), widths, straight)
    sure = straight | _winding(rule, case, part, other, _Within(most, -1), widths, straight)
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
    rule: SeparationRule, case: Case, part: Thing, other: Thing, within: _Within, widths: int, straight: set[Pair]
) -> set[Pair]:
    """The pairs that stay so near for longer than a crossing could, beside those that lie alongside ``straight``."""
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
    key = (rule.header.id, type(a).__name__, a.id, type(b).__name__, b.id, str(apart))
    if key not in case.beside:
        first, second = case.solid(a, rule.measured_from), case.solid(b, rule.measured_from)
        if apart is None:
            reach = case.ruleset.reach + case.uncertainty(a, b).xy
            case.beside[key] = alongside(first, second, rule.parallel_below_millideg, reach)
        else:
            case.beside[key] = hugging(first, second, apart)
    return case.beside[key]
