"""What a verdict means for each theme of the ordering of the underground: also for those it does not touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from registry.core.findings import RuleOutcome, RuleResult
from registry.core.policy import Ruleset
from registry.core.rules import KINDS
from registry.core.topics import TOPICS, Topic

#: ``untouched``: there are rules about it, and nothing for them to look at. ``no_rule``: the ruleset is silent on it.
Effect = RuleOutcome | Literal["no_rule"]
#: Worst first.
EFFECTS: Final[tuple[Effect, ...]] = ("not_met", "undetermined", "met", "untouched", "no_rule")


@dataclass(frozen=True, slots=True)
class TopicEffect:
    """What a verdict means for a topic, and the rules (by id) of which that came."""

    topic: Topic
    effect: Effect
    rules: tuple[str, ...] = ()


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


def effects_by_topic(ruleset: Ruleset, results: Sequence[RuleResult]) -> tuple[TopicEffect, ...]:
    """The effect on every topic, in their order, each with the rules that had it. Nothing where the verdict does not
    tell what came of its rules, as one of a judgement before that does not."""
    if not results:
        return ()
    came = [(topic, one.outcome, one.rule) for one in results for topic in topics_of(one.rule, ruleset)]
    return tuple(
        TopicEffect(topic, effect, tuple(sorted(rule for *about, rule in came if about == [topic, effect])))
        for topic, effect in effects(ruleset, results).items()
    )
