"""A whole verdict as text for a terminal: the outcome, the findings worst first, and what it rests on."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from registry.core.errors import shown
from registry.core.findings import Finding, Outcome, RuleResult, calls_for
from registry.core.model import Application, Object, Relation
from registry.core.policy import Ruleset
from registry.core.tightest import Margin
from registry.formats.compared import compared_in_words, compared_with, tightest_in_words
from registry.formats.data_told import data_told_of
from registry.formats.effects_told import effects_in_lines
from registry.formats.sentences import Told, outcome_name, outcome_sense, relation_line, told
from registry.formats.telling import NAMED, Given, Telling, things_of
from registry.formats.words import WORDS, Language

#: Columns: where the terminal does not say how wide it is, and at least.
WIDTH: Final = 100
LEAST_WIDTH: Final = 60
#: Up to so many findings need no overview.
_FEW: Final = 3

Group = Literal["conflict", "undetermined", "assumed", "conditions", "advice"]
#: Worst first.
GROUPS: Final[tuple[Group, ...]] = ("conflict", "undetermined", "assumed", "conditions", "advice")
#: By the outcome that a finding calls for.
_GROUPS: Final[dict[Outcome, Group]] = {
    "conflict": "conflict",
    "undetermined": "undetermined",
    "fits_on_assumptions": "assumed",
    "fits_with_conditions": "conditions",
    "fits": "advice",
}

_RED, _YELLOW, _GREEN = "31", "33", "32"
_BOLD, _DIM = "1", "2"
_COLOURS: Final = {
    "conflict": _RED,
    "undetermined": _YELLOW,
    "fits_on_assumptions": _YELLOW,
    "fits_with_conditions": _YELLOW,
    "fits": _GREEN,
    "assumed": _YELLOW,
    "conditions": _YELLOW,
    "advice": _BOLD,
}
_INDENT: Final = 4
_LINE: Final = 400
#: Spaces at which no line ends: before a unit, and within x and y.
_TOGETHER: Final = re.compile(r"(?<=\d) (?=m\b)|(?<=\bRD) (?=x )|(?<=\b[xy]) (?=\d)")


@dataclass(frozen=True, slots=True)
class Report:
    """What a report is made of. ``tightest`` is the kept distance with least to spare, where that was worked out;
    ``warnings`` are told in its language, beside the verdict; ``results`` is what came of the rules, where it tells
    that; ``transition`` names the version of policy in force, where that is another (``transition_told``)."""

    application: Application
    ruleset: Ruleset
    outcome: str
    findings: Sequence[Finding]
    relations: Sequence[tuple[str, Relation]]
    basis: Sequence[Object]
    sha256: str
    tightest: Margin | None = None
    warnings: Sequence[str] = ()
    results: Sequence[RuleResult] = ()
    transition: str = ""


def verdict_text(report: Report, lang: Language, colour: bool, width: int = WIDTH) -> str:
    """The verdict as lines of at most ``width`` columns, but for a word that is longer; the last without a line break.

    ``colour`` adds ANSI codes, and changes nothing else. Where no object lies near, the text says that nothing was
    compared.
    """
    words, ruleset, page = WORDS[lang], report.ruleset, _Page(colour, width)
    text, code = words["text"], _COLOURS[report.outcome]
    title = ruleset.title_nl if lang == "nl" else ruleset.title_en
    compared = compared_with(report.application, report.basis, ruleset)
    numbered = numbered_findings(report.findings)
    advised = any(group_of(finding) == "advice" for finding in report.findings)
    facts = [
        (text["application"], shown(report.application.title or report.application.id, _LINE)),
        (text["ruleset"], f"{shown(title, _LINE)} ({ruleset.id} {ruleset.version})"),
        (words["transition"]["label"], report.transition),
        (text["basis"], compared_in_words(compared, ruleset.reach, lang)),
    ]
    if report.tightest is not None:
        facts.append((text["tightest"], tightest_in_words(report.tightest, report.findings, lang)))
    if len(numbered) > _FEW:
        facts.append((text["overview"], _overview(numbered, lang)))
    headline = outcome_name(report.outcome, lang, advised).upper()
    lines = [page.paint("━" * width, code), page.paint(headline, _BOLD, code)]
    sense = outcome_sense(report.outcome, lang, bool(compared), advised)
    lines += page.wrapped(sense[0].upper() + sense[1:])
    if not compared and report.outcome != "fits":
        lines += [page.paint(line, _BOLD) for line in page.wrapped(text["nothing_compared"])]
    lines += [""]
    lines += page.labelled(facts, 0)
    lines += _warnings(report.warnings, lang, page)
    lines += _findings(report, numbered, lang, page)
    if report.relations:
        lines += ["", page.paint(text["relations"], _BOLD)]
        for part, relation in report.relations:
            lines += page.wrapped(shown(relation_line(part, relation, lang), _LINE), "  – ", "    ")
    effects = effects_in_lines(ruleset, report.results, lang)
    if effects:
        lines += ["", page.paint(text["topics"], _BOLD), *page.labelled(effects, 2)]
    lines += ["", page.paint("─" * width, _DIM)]
    lines += page.wrapped(text["check_again"]) if report.findings else []
    lines += page.wrapped(text["advice"])
    lines += [page.paint(line, _DIM) for line in page.wrapped(f"{text['hash']}  {shown(report.sha256, 64)}")]
    return "\n".join(lines)


def numbered_findings(findings: Sequence[Finding]) -> list[tuple[int, Finding]]:
    """The findings with the numbers a report gives them: by heading, worst first; within one their order is kept."""
    return list(enumerate(sorted(findings, key=lambda finding: GROUPS.index(group_of(finding))), 1))


def given_in(report: Report, numbered: Sequence[tuple[int, Finding]], lang: Language) -> Given:
    """What is known besides each finding of a report, to tell it with."""
    given = Given(things_of(report.application.parts, report.basis), numbered, report.application, report.relations)
    return replace(given, told_in=_told_in(given, report.ruleset, lang))


def group_of(finding: Finding) -> Group:
    """Under which heading a finding stands. What is only possible never blocks: it asks for a condition."""
    return _GROUPS[calls_for(finding)]


@dataclass(frozen=True, slots=True)
class _Page:
    """How lines are made: with ANSI codes or without, and how wide."""

    colour: bool
    width: int

    def paint(self, text: str, *codes: str) -> str:
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if self.colour and text else text

    def labelled(self, rows: Sequence[tuple[str, str]], indent: int) -> Iterator[str]:
        """Texts with their labels in a column before them; empty texts are left out."""
        column = indent + max(len(label) for label, text in rows if text) + 2
        for label, text in (row for row in rows if row[1]):
            head, *tail = self.wrapped(text, " " * column, " " * column)
            yield " " * indent + self.paint(label, _DIM) + head[indent + len(label) :]
            yield from tail

    def wrapped(self, text: str, first: str = "", others: str = "") -> list[str]:
        """The text in lines that end between words; a number stays with its unit. Never without a line."""
        kept = _TOGETHER.sub("\N{NO-BREAK SPACE}", text)
        lines = textwrap.wrap(
            kept,
            self.width,
            initial_indent=first,
            subsequent_indent=others,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines] or [first]


def _warnings(warnings: Sequence[str], lang: Language, page: _Page) -> Iterator[str]:
    """What is hardly plausible of what was given, before what was found with it."""
    if warnings:
        yield from ("", page.paint(f"{WORDS[lang]['text']['warnings']} ({len(warnings)})", _BOLD, _YELLOW))
    for warning in warnings:
        yield from page.wrapped(shown(warning, 2 * _LINE), "  – ", "    ")


def _overview(numbered: Sequence[tuple[int, Finding]], lang: Language) -> str:
    """All findings in one line: by heading, each by its number with what it is about."""
    words = WORDS[lang]
    groups = []
    for group in GROUPS:
        members = [_in_short(number, finding, lang) for number, finding in numbered if group_of(finding) == group]
        more = [words["text"]["more"].format(count=len(members) - NAMED)] if len(members) > NAMED else []
        if members:
            named = words["text"]["finding"].format(numbers=", ".join(members[:NAMED] + more))
            groups.append(f"{words['group'][group]}: {named}.")
    return " ".join(groups)


def _in_short(number: int, finding: Finding, lang: Language) -> str:
    text, ids = WORDS[lang]["text"], [shown(counterpart.id) for counterpart in finding.counterparts]
    if not ids:
        return f"{number} ({text['overview_cover'].format(part=shown(finding.place.part))})"
    more = f" +{len(ids) - 1}" if len(ids) > 1 else ""
    return f"{number} ({ids[0]}{more})"


def _findings(report: Report, numbered: Sequence[tuple[int, Finding]], lang: Language, page: _Page) -> Iterator[str]:
    """The findings under their headings, numbered throughout; within a heading their order is kept."""
    if not numbered:
        yield from ("", WORDS[lang]["text"]["no_findings"])
    given = given_in(report, numbered, lang)
    for group in GROUPS:
        members = [(number, finding) for number, finding in numbered if group_of(finding) == group]
        if members:
            heading = f"{WORDS[lang]['group'][group]} ({len(members)})"
            yield from ("", page.paint(heading, *dict.fromkeys((_BOLD, _COLOURS[group]))))
        for number, finding in members:
            yield ""
            yield from _finding(number, told(finding, report.ruleset, lang, given), lang, page)


def _told_in(given: Given, ruleset: Ruleset, lang: Language) -> dict[tuple[str, str], int]:
    """In which finding the data of each object, each rule and each source are told: the first that rests on it."""
    told_in: dict[tuple[str, str], int] = {}
    for number, finding in given.numbered:
        rests_on = [("rule", finding.rule), *data_told_of(Telling(finding, ruleset, lang, given))]
        rests_on += [("source", finding.source)] if finding.source is not None else []
        for what in rests_on:
            told_in.setdefault(what, number)
    return told_in


def _finding(number: int, finding: Told, lang: Language, page: _Page) -> Iterator[str]:
    text = WORDS[lang]["text"]
    for line in page.wrapped(finding.what, f"{number:>2}".ljust(_INDENT), " " * _INDENT):
        yield page.paint(line, _BOLD)
    rows = [
        (text["where"], finding.where),
        (text["numbers"], finding.numbers),
        (text["remedy"], finding.remedy),
        (text["note"], finding.note),
        (text["data"], finding.data),
        (text["rule"], finding.rule),
    ]
    yield from page.labelled(rows, _INDENT)
