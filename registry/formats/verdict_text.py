"""A whole verdict as text for a terminal: the outcome, the findings worst first, and what it rests on."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from registry.core.errors import shown
from registry.core.findings import Finding
from registry.core.model import Application, Asset, Object, Relation, Reservation
from registry.core.policy import Ruleset
from registry.core.tightest import Margin
from registry.formats.compared import compared_in_words, tightest_in_words
from registry.formats.sentences import Told, outcome_sense, relation_line, told
from registry.formats.telling import Given, things_of
from registry.formats.words import WORDS, Language

WIDTH: Final = 100

Group = Literal["conflict", "undetermined", "assumed", "conditions", "advice"]
#: Worst first.
GROUPS: Final[tuple[Group, ...]] = ("conflict", "undetermined", "assumed", "conditions", "advice")

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
    """What a report is made of. ``tightest`` is the kept distance with least to spare, where that was worked out."""

    application: Application
    ruleset: Ruleset
    outcome: str
    findings: Sequence[Finding]
    relations: Sequence[tuple[str, Relation]]
    basis: Sequence[Object]
    sha256: str
    tightest: Margin | None = None


def verdict_text(report: Report, lang: Language, colour: bool) -> str:
    """The verdict as lines of at most 100 columns, the last without a line break.

    ``colour`` adds ANSI codes, and changes nothing else. Where no object lies near, the text says that nothing was
    compared.
    """
    words, ruleset, paint = WORDS[lang], report.ruleset, _Paint(colour)
    text, code = words["text"], _COLOURS[report.outcome]
    title = ruleset.title_nl if lang == "nl" else ruleset.title_en
    compared = [item for item in report.basis if isinstance(item, (Asset, Reservation))]
    facts = [
        (text["application"], shown(report.application.title or report.application.id, _LINE)),
        (text["ruleset"], f"{shown(title, _LINE)} ({ruleset.id} {ruleset.version})"),
        (text["basis"], compared_in_words(compared, ruleset.reach, lang)),
    ]
    if report.tightest is not None:
        facts.append((text["tightest"], tightest_in_words(report.tightest, report.findings, lang)))
    lines = [paint("━" * WIDTH, code), paint(words["outcome"][report.outcome].upper(), _BOLD, code)]
    sense = outcome_sense(report.outcome, lang, bool(compared))
    lines += [sense[0].upper() + sense[1:]]
    lines += [paint(text["nothing_compared"], _BOLD)] if not compared and report.outcome != "fits" else []
    lines += [""]
    lines += _labelled(facts, 0, paint)
    lines += _findings(report, lang, paint)
    if report.relations:
        lines += ["", paint(text["relations"], _BOLD)]
        for part, relation in report.relations:
            lines += _wrapped(shown(relation_line(part, relation, lang), _LINE), "  – ", "    ")
    lines += ["", paint("─" * WIDTH, _DIM)]
    lines += [text["check_again"]] if report.findings else []
    lines += [text["advice"], paint(f"{text['hash']}  {shown(report.sha256, 64)}", _DIM)]
    return "\n".join(lines)


def group_of(finding: Finding) -> Group:
    """Under which heading a finding stands. What is only possible never blocks: it asks for a condition."""
    if finding.severity == "advises":
        return "advice"
    if finding.certainty == "undetermined":
        return "undetermined"
    if finding.certainty == "assumed":
        return "assumed"
    return "conflict" if finding.severity == "blocks" and finding.certainty == "certain" else "conditions"


class _Paint:
    """Puts ANSI codes around a text, or leaves it as it is."""

    def __init__(self, colour: bool):
        self.colour = colour

    def __call__(self, text: str, *codes: str) -> str:
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if self.colour and text else text


def _findings(report: Report, lang: Language, paint: _Paint) -> Iterator[str]:
    """The findings under their headings, numbered throughout; within a heading their order is kept."""
    if not report.findings:
        yield from ("", WORDS[lang]["text"]["no_findings"])
    ordered = sorted(report.findings, key=lambda finding: GROUPS.index(group_of(finding)))
    numbered = list(enumerate(ordered, 1))
    things = things_of(report.application.parts, report.basis)
    given = Given(things, numbered, report.application, report.relations)
    for group in GROUPS:
        members = [(number, finding) for number, finding in numbered if group_of(finding) == group]
        if members:
            heading = f"{WORDS[lang]['group'][group]} ({len(members)})"
            yield from ("", paint(heading, *dict.fromkeys((_BOLD, _COLOURS[group]))))
        for number, finding in members:
            yield ""
            yield from _finding(number, told(finding, report.ruleset, lang, given), lang, paint)


def _finding(number: int, finding: Told, lang: Language, paint: _Paint) -> Iterator[str]:
    text = WORDS[lang]["text"]
    for line in _wrapped(finding.what, f"{number:>2}".ljust(_INDENT), " " * _INDENT):
        yield paint(line, _BOLD)
    rows = [
        (text["where"], finding.where),
        (text["numbers"], finding.numbers),
        (text["remedy"], finding.remedy),
        (text["note"], finding.note),
        (text["data"], finding.data),
        (text["rule"], finding.rule),
    ]
    yield from _labelled(rows, _INDENT, paint)


def _labelled(rows: Sequence[tuple[str, str]], indent: int, paint: _Paint) -> Iterator[str]:
    """Texts with their labels in a column before them; empty texts are left out."""
    column = indent + max(len(label) for label, _text in rows) + 2
    for label, text in (row for row in rows if row[1]):
        head, *tail = _wrapped(text, " " * column, " " * column)
        yield " " * indent + paint(label, _DIM) + head[indent + len(label) :]
        yield from tail


def _wrapped(text: str, first: str, others: str) -> list[str]:
    """The text in lines of at most ``WIDTH``; a number stays with its unit. Never without a line."""
    kept = _TOGETHER.sub("\N{NO-BREAK SPACE}", text)
    lines = textwrap.wrap(kept, WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines] or [first]
