"""What a verdict means for each theme of the ordering of the underground: also for those it does not touch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from registry.core.findings import RuleOutcome, RuleResult
from registry.core.policy import Ruleset
from registry.core.rules import KINDS
from registry.core.topics import TOPICS, Topic

#: ``untouched``: there are rules about it, and nothing for them to look at. ``no_rule``: the ruleset is silent on it.
Effect = RuleOutcome | Literal["no_rule"]
#: Worst first.
EFFECTS: Final[tuple[Effect, ...]] = ("not_met", "undetermined", "met", "untouched", "no_rule")


def topics_of(rule: str, ruleset: Ruleset) -> tuple[Topic, ...]:
    """What a rule (by id) is about: what it says itself, else the topics of its kind."""
    found = next((one for one in ruleset.rules if one.header.id == rule), None)
    return () if found is None else found.header.topics or KINDS[found.kind].topics


def effects(ruleset: Ruleset, results: Sequence[RuleResult]) -> dict[Topic, Effect]:
    """For every topic, in their order, the worst that came of a rule about it."""
    worst: dict[Topic, Effect] = dict.fromkeys(TOPICS, "no_rule")
    for result in results:
        for topic in topics_of(result.rule, ruleset):
            worst[topic] = min(worst[topic], result.outcome, key=EFFECTS.index)
    return worst
