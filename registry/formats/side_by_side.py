"""One application judged by two rulesets, told side by side: what each finds, and what it means for each topic."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from registry.core.errors import shown
from registry.core.findings import Finding, calls_for
from registry.core.model import Application
from registry.core.policy import Ruleset
from registry.core.verdict import Verdict
from registry.formats.effects_told import ToldEffect, told_effects
from registry.formats.sentences import outcome_name, told
from registry.formats.verdict_text import GROUPS, Report, given_in, group_of, numbered_findings
from registry.formats.words import WORDS, Language, listed

WIDTH: Final = 100
_LABEL: Final = 28
_BETWEEN: Final = " │ "

_WORDS: Final[dict[Language, dict[str, str]]] = {
    "nl": {
        "ruleset": "Regelset",
        "outcome": "Uitkomst",
        "findings": "Bevindingen",
        "topics": "Voor elk onderwerp",
        "nothing": "geen bevinding",
        "advice": "Advies",
        "same": "Beide oordelen hetzelfde.",
        "differs": "De uitkomst verschilt.",
        "differs_inside": "De uitkomst is dezelfde; wat zij vinden niet.",
    },
    "en": {
        "ruleset": "Ruleset",
        "outcome": "Outcome",
        "findings": "Findings",
        "topics": "For every topic",
        "nothing": "no finding",
        "advice": "Advice",
        "same": "Both judge the same.",
        "differs": "The outcome differs.",
        "differs_inside": "The outcome is the same; what they find is not.",
    },
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A ruleset and the verdict by it."""

    ruleset: Ruleset
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """What two rulesets say of one thing. ``label`` may be empty."""

    label: str
    texts: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """Both verdicts in rows: first which and what came of it, then the findings, then the topics; and in a sentence
    whether they differ."""

    heads: tuple[Row, ...]
    findings: tuple[Row, ...]
    topics: tuple[Row, ...]
    sense: str


def compared(application: Application, both: tuple[Judged, Judged], lang: Language) -> Compared:
    """What two rulesets make of an application. Findings stand side by side where they are of the same kind of rule,
    about the same part and the same object."""
    words = _WORDS[lang]
    titles = [one.ruleset.title_nl if lang == "nl" else one.ruleset.title_en for one in both]
    names = [
        f"{shown(title, 200)} ({one.ruleset.id} {one.ruleset.version}), {shown(one.ruleset.municipality, 200)}"
        for title, one in zip(titles, both, strict=True)
    ]
    outcomes = [_outcome(one, lang) for one in both]
    lines = [_findings(application, one, lang) for one in both]
    keys = list(dict.fromkeys([*lines[0], *lines[1]]))
    findings = [
        Row("", (left, right))
        for key in keys
        for left, right in zip_longest(*(line.get(key, []) for line in lines), fillvalue=words["nothing"])
    ]
    effects = zip(*(told_effects(one.ruleset, one.verdict.results, lang) for one in both), strict=True)
    topics = [Row(left.topic, (_effect(left, lang), _effect(right, lang))) for left, right in effects]
    alike = all(row.texts[0] == row.texts[1] for row in (*findings, *topics))
    differ = both[0].verdict.outcome != both[1].verdict.outcome
    return Compared(
        (Row(words["ruleset"], (names[0], names[1])), Row(words["outcome"], (outcomes[0], outcomes[1]))),
        tuple(findings),
        tuple(topics),
        words["differs" if differ else "same" if alike else "differs_inside"],
    )


def compared_lines(found: Compared, lang: Language, width: int = WIDTH) -> Iterator[str]:
    """The rows in two columns, in lines of at most ``width`` columns but for a word that is longer."""
    words = _WORDS[lang]
    yield from _rows(found.heads, width)
    yield from ("", found.sense)
    if found.findings:
        yield from ("", words["findings"])
        for row in found.findings:
            yield from _rows([row], width, label=0)
            yield ""
    else:
        yield ""
    yield words["topics"]
    yield from _rows(found.topics, width)


def _outcome(one: Judged, lang: Language) -> str:
    advised = any(group_of(finding) == "advice" for finding in one.verdict.findings)
    return outcome_name(one.verdict.outcome, lang, advised)


def _findings(application: Application, one: Judged, lang: Language) -> dict[tuple[object, ...], list[str]]:
    """What it finds in words, by what each finding is about; worst first."""
    verdict, ruleset = one.verdict, one.ruleset
    report = Report(
        application, ruleset, verdict.outcome, verdict.findings, verdict.relations, verdict.basis, verdict.sha256
    )
    numbered = numbered_findings(verdict.findings)
    given = given_in(report, numbered, lang)
    lines: dict[tuple[object, ...], list[str]] = {}
    for _, finding in sorted(numbered, key=lambda item: GROUPS.index(group_of(item[1]))):
        said = told(finding, ruleset, lang, given)
        calls = calls_for(finding)
        sort = _WORDS[lang]["advice"] if calls == "fits" else WORDS[lang]["outcome"][calls]
        text = " ".join(filter(None, (f"{sort}:", said.what, said.numbers)))
        lines.setdefault(_about(finding), []).append(text)
    return lines


def _about(finding: Finding) -> tuple[object, ...]:
    others = tuple((one.kind, one.id) for one in finding.counterparts)
    return finding.rule_kind, finding.place.part, others, finding.about


def _effect(effect: ToldEffect, lang: Language) -> str:
    rules = f" ({listed(list(effect.rules), lang)})" if effect.rules and effect.effect != "untouched" else ""
    return f"{effect.name}{rules}"


def _rows(rows: Sequence[Row], width: int, label: int = _LABEL) -> Iterator[str]:
    column = (width - label - len(_BETWEEN)) // 2
    for row in rows:
        cells = [
            textwrap.wrap(text, wide, break_long_words=False, break_on_hyphens=False) or [""]
            for text, wide in ((row.label, max(label - 1, 1)), (row.texts[0], column), (row.texts[1], column))
        ]
        for name, left, right in zip_longest(*cells, fillvalue=""):
            yield f"{name:<{label}}{left:<{column}}{_BETWEEN}{right}".rstrip()

