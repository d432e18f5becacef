"""A verdict made ready for a page: its outcome, and each finding in words with the amount that is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from registry.core.findings import Finding, Outcome
from registry.core.model import Line, Part
from registry.core.policy import Ruleset
from registry.core.tightest import tightest
from registry.core.verdict import Verdict
from registry.formats.compared import compared_in_words, compared_with, tightest_in_words
from registry.formats.doubts import doubts
from registry.formats.effects_told import ToldEffect, told_effects
from registry.formats.kind_told import quantity
from registry.formats.sentences import Told, outcome_name, outcome_sense, relation_line, told
from registry.formats.telling import COVER, TOO_DEEP
from registry.formats.verdict_text import GROUPS, Report, given_in, group_of, numbered_findings
from registry.formats.words import WORDS, Language, length
from registry.services.verdicts import StoredVerdict
from registry.web.plan import Marked, stretch_of
from registry.web.words import PAGE

#: With how many objects at most the tightest kept distance is worked out for a page: it takes as long as judging.
_MOST: Final = 1_000
_FITTING: Final[tuple[Outcome, ...]] = ("fits", "fits_with_conditions")


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A finding on a page. ``amounts`` are the short texts of what is missing; ``links`` are name and address of the
    texts its rule and its numbers were read in."""

    number: int
    group: str
    finding: Finding
    told: Told
    amounts: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ToldVerdict:
    """A verdict on a page, its findings under their headings, worst first; ``rivals`` are among them."""

    outcome: Outcome
    name: str
    sense: str
    findings: tuple[ToldFinding, ...]
    relations: tuple[str, ...]
    compared: str
    tightest: str
    warnings: tuple[str, ...]
    nothing_compared: bool
    effects: tuple[ToldEffect, ...]

    @property
    def groups(self) -> list[tuple[str, list[ToldFinding]]]:
        """The findings by heading, those without any left out."""
        by_group = {group: [one for one in self.findings if one.group == group] for group in GROUPS}
        return [(group, found) for group, found in by_group.items() if found]


def told_verdict(stored: StoredVerdict, lang: Language) -> ToldVerdict:
    """A stored verdict in words."""
    verdict, ruleset, application = stored.verdict, stored.ruleset, stored.application
    report = Report(
        application, ruleset, verdict.outcome, verdict.findings, verdict.relations, verdict.basis, verdict.sha256
    )
    numbered = numbered_findings(verdict.findings)
    given = given_in(report, numbered, lang)
    compared = compared_with(application, verdict.basis, ruleset)
    advised = any(group_of(finding) == "advice" for finding in verdict.findings)
    sense = outcome_sense(verdict.outcome, lang, bool(compared), advised)
    nearest = None
    if verdict.outcome in _FITTING and len(verdict.basis) <= _MOST:
        nearest = tightest(application, verdict.basis, ruleset, verdict.findings)
    doubted = doubts(application, verdict.basis, verdict.basis, ruleset, {}, lang)
    return ToldVerdict(
        verdict.outcome,
        outcome_name(verdict.outcome, lang, advised),
        sense[0].upper() + sense[1:],
        tuple(
            ToldFinding(
                number,
                group_of(finding),
                finding,
                told(finding, ruleset, lang, given),
                tuple(amounts(finding, lang)),
                tuple(dict.fromkeys(_links(finding, ruleset, lang))),
            )
            for number, finding in numbered
        ),
        tuple(relation_line(part, relation, lang) for part, relation in verdict.relations),
        compared_in_words(compared, ruleset.reach, lang),
        "" if nearest is None else tightest_in_words(nearest, verdict.findings, lang),
        tuple(doubt.told(lang) for doubt in doubted if doubt.code != "nothing_compared"),
        not compared,
        told_effects(ruleset, verdict.results, lang),
    )


def amounts(finding: Finding, lang: Language) -> Iterator[str]:
    """How much is missing, in a few words; or what is unknown."""
    words, missing = PAGE[lang]["missing"], finding.missing
    if finding.certainty == "undetermined":
        names = [WORDS[lang]["lacking"][item] for item in finding.lacking]
        yield from (words["unknown"].format(what=name) for name in names)
        return
    possibly = "" if finding.certainty == "certain" else "_possible"
    if finding.short is not None and finding.short.unit != "count":
        yield words[f"off{possibly}"].format(amount=quantity(finding.short, lang))
    if missing is None or finding.certainty == "assumed":
        return
    sideways, upwards = missing.horizontal or 0, missing.vertical or 0
    if finding.cause in COVER:
        if upwards > 0:
            kind = "cover_too_large" if finding.cause in TOO_DEEP else "cover_too_small"
            then = "" if finding.after is None else words["after"].format(years=finding.after.years)
            yield then + words[f"{kind}{possibly}"].format(amount=length(upwards, lang))
    elif finding.cause == "sticks_out":
        if max(sideways, upwards) > 0:
            yield words[f"out{possibly}"].format(amount=length(max(sideways, upwards), lang))
    elif sideways > 0 and upwards > 0 and _only_upwards(finding):
        yield words[f"vertical{possibly}"].format(amount=length(upwards, lang))
    elif sideways > 0 and upwards > 0 and not _only_sideways(finding):
        told = length(sideways, lang), length(upwards, lang)
        yield words[f"either{possibly}"].format(horizontal=told[0], vertical=told[1])
    elif sideways > 0:
        yield words[f"horizontal{possibly}"].format(amount=length(sideways, lang))
    elif upwards > 0:
        yield words[f"vertical{possibly}"].format(amount=length(upwards, lang))


def _only_upwards(finding: Finding) -> bool:
    """Whether one lies over the other, so that what counts is how far apart they are vertically."""
    gap = finding.gap
    return gap is not None and (gap.horizontal or 0) < 0 <= (gap.vertical if gap.vertical is not None else -1)


def _only_sideways(finding: Finding) -> bool:
    """Whether one lies beside the other at the same depth."""
    gap = finding.gap
    return gap is not None and (gap.vertical or 0) < 0 <= (gap.horizontal if gap.horizontal is not None else -1)


def _links(finding: Finding, ruleset: Ruleset, lang: Language) -> Iterator[tuple[str, str]]:
    for rule in ruleset.rules:
        citation = rule.header.citation
        if rule.header.id == finding.rule and web_address(citation.link):
            yield citation.document, str(citation.link)
    for source in ruleset.sources:
        if source.id == finding.source and web_address(source.link):
            yield (lang == "nl" and source.title_nl) or source.title, str(source.link)


def web_address(link: str | None) -> bool:
    """Whether a link out of a ruleset is one a page may give: an address on the web, and nothing that runs."""
    if link is None or not link.isprintable():
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def marked(verdict: Verdict, parts: tuple[Part, ...]) -> tuple[Marked, ...]:
    """The places of a verdict's findings, numbered as in its report."""
    lines = {part.id: part.geometry for part in parts if isinstance(part.geometry, Line)}
    found = []
    for number, finding in numbered_findings(verdict.findings):
        stretches = tuple(
            stretch_of(lines[stretch.part], stretch.start, stretch.end)
            for stretch in finding.stretches
            if stretch.part in lines and stretch.end > stretch.start
        )
        found.append(Marked(number, group_of(finding), (finding.place.x, finding.place.y), stretches))
    return tuple(found)
