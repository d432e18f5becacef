"""What a version of policy would change: what comes of each application by it, listed and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from registry.core.errors import Problem
from registry.core.findings import OUTCOMES
from registry.core.shifts import Shift

#: An outcome, or ``None`` where there is no verdict: none yet, or none can be given.
Reached = str | None

#: In this order outcomes are told.
ORDER: Final[tuple[Reached, ...]] = (*OUTCOMES, None)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What comes of an application: the outcome it has and the one it would have; ``problems`` say why there can be
    none.

    ``before`` and ``after`` are the hashes of the verdicts; ``after`` is ``None`` as well where nothing was judged
    again because nothing could change (``kept``). ``shifts`` are what became of its findings. ``past``: it was decided
    on, and this only informs.
    """

    application: str
    before: str | None
    outcome_before: Reached
    after: str | None
    outcome_after: Reached
    problems: tuple[Problem, ...] = ()
    shifts: tuple[Shift, ...] = ()
    kept: bool = False
    past: bool = False

    @property
    def differs(self) -> bool:
        """Whether the outcome is another."""
        return self.outcome_before != self.outcome_after


@dataclass(frozen=True, slots=True)
class Counts:
    """So many applications: how many were ``kept`` without judging again, have which outcome, went from which outcome
    to which other one, have the same one by ``other_findings``; and by rule, of how many any of its findings appeared,
    vanished or changed."""

    applications: int
    kept: int
    outcomes: Mapping[Reached, int]
    turns: Mapping[tuple[Reached, Reached], int]
    other_findings: int
    rules: Mapping[str, Mapping[str, int]]

    @property
    def differing(self) -> int:
        """How many have another outcome."""
        return sum(self.turns.values())


@dataclass(frozen=True, slots=True)
class Report:
    """What a version would change: ``counts`` of all that are open, and ``items`` for each of which anything changes,
    in order of id. Of those decided on, the same apart (``past``), and how many it cannot be told of (``untold``)."""

    counts: Counts
    items: tuple[Weighed, ...]
    past: Counts
    past_items: tuple[Weighed, ...]
    untold: int = 0


def reported(weighed: Iterable[Weighed], untold: int = 0) -> Report:
    """All that was weighed, counted, and listed where anything changes."""
    given = sorted(weighed, key=lambda one: one.application)
    still, past = ([one for one in given if one.past == so] for so in (False, True))
    return Report(_counts(still), _changed(still), _counts(past), _changed(past), untold)


def _changed(weighed: Sequence[Weighed]) -> tuple[Weighed, ...]:
    return tuple(one for one in weighed if one.differs or one.shifts)


def _counts(weighed: Sequence[Weighed]) -> Counts:
    rules: dict[str, Counter[str]] = {}
    for one in weighed:
        for rule, what in sorted({(shift.rule, shift.what) for shift in one.shifts}):
            rules.setdefault(rule, Counter())[what] += 1
    outcomes = Counter(one.outcome_after for one in weighed)
    turns = Counter((one.outcome_before, one.outcome_after) for one in weighed if one.differs)
    order = {outcome: k for k, outcome in enumerate(ORDER)}
    return Counts(
        applications=len(weighed),
        kept=sum(one.kept for one in weighed),
        outcomes={outcome: outcomes[outcome] for outcome in ORDER if outcomes[outcome]},
        turns={turn: turns[turn] for turn in sorted(turns, key=lambda turn: [order[one] for one in turn])},
        other_findings=sum(1 for one in weighed if one.shifts and not one.differs),
        rules={rule: dict(rules[rule]) for rule in sorted(rules)},
    )
