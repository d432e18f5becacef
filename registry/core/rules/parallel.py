"""Which pairs of a part and another object are in a parallel run, by the matrix of a separation rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from registry.core.boxes import Pair
from registry.core.case import Case
from registry.core.elements import both_widths, merged
from registry.core.footings import Beside
from registry.core.kernels import Number
from registry.core.model import Thing
from registry.core.policy import Clearance
from registry.core.rules.separation import SeparationRule
from registry.core.runs import FIRST_STEP, GAP, GAP_WINDING, Hugging, alongside, in_runs, longest_crossing, steps

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
    networks = _Networks(rule, case, part, other, widths)
    widths = networks.widths
    straight = networks.runs(None, max(GAP, widths)).of_at_least(rule.parallel_from)
    # Nearer than this is too close: the gap in whole mm is then less than what is asked.
    most = asked.ch + Fraction(widths, 2) - _TOLERANCE
    pairs = straight | _winding(networks, _Within(most, 1), straight)
    sure = straight | _winding(networks, _Within(most, -1), straight)
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
        most = max(self.most + self.sign * uncertain, Fraction(0))
        return most if self.step is None else min(self.step, most)


def _winding(networks: _Networks, within: _Within, straight: set[Pair]) -> set[Pair]:
    """The pairs that stay so near for longer than a crossing could, beside those that lie alongside ``straight``.

    What does so at one distance does at every larger one, if not for as long as is asked there. So the largest is
    looked at first, and then only where what is still left may be in a run that is long enough.
    """
    rule, gap, pairs = networks.rule, max(GAP_WINDING, networks.widths), set[Pair]()
    most = networks.farthest(within)
    if most <= FIRST_STEP:
        return pairs
    runs = networks.runs(within, gap)
    left = runs.of_at_least(rule.parallel_from) - straight
    for apart, before in reversed(steps(most)):
        long = max(rule.parallel_from, longest_crossing(before, rule.parallel_below_millideg))
        if not left or runs.longest < rule.parallel_from:
            break
        if runs.longest >= long:
            runs = networks.runs(_Within(within.most, within.sign, apart), gap)
            found = runs.of_at_least(long)
            pairs, left = pairs | found, left - found
    return pairs


class _Runs(NamedTuple):
    """What two lie beside, along the part and along the other, and what is covered of both as parts of networks."""

    along_part: Beside
    over_part: Sequence[tuple[int, int]]
    along_other: Beside
    over_other: Sequence[tuple[int, int]]

    def of_at_least(self, length: int) -> set[Pair]:
        """The pairs in runs of at least so many mm."""
        pairs = in_runs(self.along_part, self.over_part, length)
        return pairs | {(i, j) for j, i in in_runs(self.along_other, self.over_other, length)}

    @property
    def longest(self) -> int:
        """The length (mm) of the longest run."""
        return max((end - start for start, end in (*self.over_part, *self.over_other)), default=0)


class _Networks:
    """A part and another, each with what counts with it as one. ``widths``: both together (mm), where assumed."""

    def __init__(self, rule: SeparationRule, case: Case, part: Thing, other: Thing, widths: int | None):
        self.rule, self.case, self.part, self.other = rule, case, part, other
        known = both_widths(case.solid(part, rule.measured_from), case.solid(other, rule.measured_from))
        self.widths = known if widths is None else widths
        self._others: Sequence[Thing] = [o for o in case.obstacles if case.same_network(o, other)] or [other]
        self._parts: Sequence[Thing] = [p for p in case.parts if case.same_network(p, part)] or [part]

    def farthest(self, within: _Within) -> Number:
        """The most that ``within`` is for any two of them."""
        pairs = [*((self.part, item) for item in self._others), *((self.other, item) for item in self._parts)]
        return max(within.of(_uncertain(a, b)) for a, b in pairs)

    def runs(self, within: _Within | None, gap: int) -> _Runs:
        """What lies beside what at a small angle, or (``within``) with axes as near as that."""
        along_part = self._beside(self.part, self.other, within)
        along_other = self._beside(self.other, self.part, within)
        if not along_part and not along_other:
            return _Runs(along_part, (), along_other, ())
        over_part = self._covered(self.part, self._others, within, gap)
        return _Runs(along_part, over_part, along_other, self._covered(self.other, self._parts, within, gap))

    def _covered(
        self, a: Thing, others: Sequence[Thing], within: _Within | None, gap: int
    ) -> Sequence[tuple[int, int]]:
        """What others cover of ``a`` together, worked out once per network."""
        key = (self.rule.header.id, _name(a), tuple(map(_name, others)), within, gap)
        if key not in self.case.covered:
            found = [stretch for item in others for stretch in self._beside(a, item, within).covered(gap)]
            self.case.covered[key] = merged(found, gap)
        return self.case.covered[key]

    def _beside(self, a: Thing, b: Thing, within: _Within | None) -> Beside:
        """What lies alongside what, worked out once per pair; how near, too."""
        first, second = (self.case.solid(item, self.rule.measured_from) for item in (a, b))
        key, uncertain = (self.rule.header.id, _name(a), _name(b)), _uncertain(a, b)
        if within is None:
            if key not in self.case.beside:
                reach = self.case.ruleset.reach + uncertain
                self.case.beside[key] = alongside(first, second, self.rule.parallel_below_millideg, reach)
            return self.case.beside[key]
        apart = within.of(uncertain)
        known = self.case.hugging.get(key)
        if known is None or known.most < apart:
            known = self.case.hugging[key] = Hugging(first, second, apart)
        return known.within(apart)


def _uncertain(a: Thing, b: Thing) -> int:
    return a.uncertainty.xy + b.uncertainty.xy


def _name(thing: Thing) -> tuple[str, str]:
    return type(thing).__name__, thing.id
