"""A whole verdict as text for a terminal: the outcome, the findings worst first, and what it rests on."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from registry.core.errors import shown
from registry.core.findings import Finding
from registry.core.policy import Ruleset
from registry.formats.sentences import Told, told
from registry.formats.words import WORDS, Language, length

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


def verdict_text(
    outcome: str,
    findings: Sequence[Finding],
    ruleset: Ruleset,
    application_title: str,
    sha256: str,
    lang: Language,
    colour: bool,
    basis_count: int,
    relations: Sequence[str],
) -> str:
    """The verdict as lines of at most 100 columns, the last without a line break.

    ``colour`` adds ANSI codes, and changes nothing else.
    ``basis_count`` is the number of objects in the basis; at 0 the text says that nothing was compared.
    ``relations`` are the lines about those relied on.
    """
    text, paint = WORDS[lang]["text"], _Paint(colour)
    titles = (text["application"], text["ruleset"], text["basis"])
    title = ruleset.title_nl if lang == "nl" else ruleset.title_en
    counted = text["object" if basis_count == 1 else "objects"]
    facts = (
        shown(application_title, _LINE),
        f"{shown(title, _LINE)} ({ruleset.id} {ruleset.version})",
        counted.format(count=basis_count, reach=length(ruleset.reach, lang, 2)),
    )
    headline = WORDS[lang]["outcome"][outcome].upper()
    code = _COLOURS[outcome]
    lines = [paint("━" * WIDTH, code), paint(headline, _BOLD, code)]
    sense = WORDS[lang]["outcome_line"][outcome]
    lines += [sense[0].upper() + sense[1:]]
    lines += [paint(text["nothing_compared"], _BOLD)] if basis_count == 0 else []
    lines += [""]
    lines += _labelled(list(zip(titles, facts, strict=True)), 0, paint)
    lines += _findings(findings, ruleset, lang, paint)
    if relations:
        lines += ["", paint(text["relations"], _BOLD)]
        for relation in relations:
            lines += _wrapped(shown(relation, _LINE), "  – ", "    ")
    lines += ["", paint("─" * WIDTH, _DIM), text["advice"]]
    lines += [paint(f"{text['hash']}  {shown(sha256, 64)}", _DIM)]
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


def _findings(findings: Sequence[Finding], ruleset: Ruleset, lang: Language, paint: _Paint) -> Iterator[str]:
    """The findings under their headings, numbered throughout; within a heading their order is kept."""
    if not findings:
        yield from ("", WORDS[lang]["text"]["no_findings"])
    number = 0
    for group in GROUPS:
        members = [finding for finding in findings if group_of(finding) == group]
        if members:
            heading = f"{WORDS[lang]['group'][group]} ({len(members)})"
            yield from ("", paint(heading, *dict.fromkeys((_BOLD, _COLOURS[group]))))
        for finding in members:
            number += 1
            yield ""
            yield from _finding(number, told(finding, ruleset, lang), lang, paint)


def _finding(number: int, finding: Told, lang: Language, paint: _Paint) -> Iterator[str]:
    text = WORDS[lang]["text"]
    for line in _wrapped(finding.what, f"{number:>2}".ljust(_INDENT), " " * _INDENT):
        yield paint(line, _BOLD)
    rows = [
        (text["where"], finding.where),
        (text["numbers"], finding.numbers),
        (text["remedy"], finding.remedy),
        (text["note"], finding.note),
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
