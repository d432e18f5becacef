"""What a verdict means for each topic, in words: all of them, also those it does not touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registry.core.effects import EFFECTS, effects_by_topic
from registry.core.errors import shown
from registry.core.findings import RuleResult
from registry.core.policy import Ruleset
from registry.formats.words import WORDS, Language, listed


@dataclass(frozen=True, slots=True)
class ToldEffect:
    """A topic, what the verdict means for it and the titles of the rules that say so, in one language; ``effect`` is
    the word of ``core.effects``."""

    topic: str
    effect: str
    name: str
    rules: tuple[str, ...]


def told_effects(ruleset: Ruleset, results: Sequence[RuleResult], lang: Language) -> tuple[ToldEffect, ...]:
    """Every topic in its order; nothing where the verdict does not tell what came of its rules."""
    words = WORDS[lang]
    titles = {
        rule.header.id: shown(rule.header.title_nl if lang == "nl" else rule.header.title_en, 120)
        for rule in ruleset.rules
    }
    return tuple(
        ToldEffect(
            words["topic"][one.topic],
            one.effect,
            words["effect"][one.effect],
            tuple(titles[rule] for rule in one.rules),
        )
        for one in effects_by_topic(ruleset, results)
    )


def effects_in_lines(
    ruleset: Ruleset, results: Sequence[RuleResult], lang: Language
) -> list[tuple[str, str]]:
    """By effect, worst first, the topics that have it; with those that are touched the rules."""
    told = told_effects(ruleset, results, lang)
    lines = []
    for effect in EFFECTS:
        alike = [one for one in told if one.effect == effect]
        named = [
            f"{one.topic} ({listed(list(one.rules), lang)})" if effect not in ("untouched", "no_rule") else one.topic
            for one in alike
        ]
        if alike:
            lines.append((alike[0].name, "; ".join(named)))
    return lines
