"""A ruleset as text for a terminal: the document of ``ruleset_document`` in columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from registry.core.errors import visible
from registry.formats.ruleset_document import Fact, RulesetDocument, Table
from registry.formats.ruleset_words import RULESET_WORDS

#: Columns a line may take, and that a column of a table keeps.
WIDTH: Final = 100
_LEAST: Final = 12
_GAP: Final = 2


def document_lines(document: RulesetDocument, width: int = WIDTH) -> Iterator[str]:
    """The document as lines of at most ``width`` columns, but for a word that is longer."""
    text = RULESET_WORDS[document.lang]["text"]
    yield from _wrapped(f"{document.title} ({document.id} {document.version})", width, "")
    yield ""
    yield from _facts(document.facts, width)
    for table in document.tables:
        yield from _table(table, width)
    for rule in document.rules:
        yield ""
        yield from _heading(f"{rule.title} ({rule.id})", width)
        yield from _facts(rule.facts, width)
        if rule.parameters:
            yield ""
            yield from _facts(rule.parameters, width)
        for table in rule.tables:
            yield from _table(table, width)
    for table in document.examples:
        yield from _table(table, width)
    yield ""
    yield from _heading(text["sources"], width)
    for source in document.sources:
        yield from _wrapped(f"{source.id}: {source.title}", width, "    ")
        yield from _indented(f"{source.kind}; {source.confidence}", width)
        for more in (source.link, source.note):
            if more:
                yield from _indented(more, width)


def _heading(title: str, width: int) -> Iterator[str]:
    lines = list(_wrapped(title, width, ""))
    yield from lines
    yield "-" * max(map(len, lines))


def _facts(facts: Sequence[Fact], width: int) -> Iterator[str]:
    for fact in facts:
        link = f" ({fact.link})" if fact.link else ""
        yield from _wrapped(f"{fact.name}: {fact.value}{link}", width, "    ")


def _indented(text: str, width: int) -> Iterator[str]:
    yield from (f"    {line}" for line in _wrapped(text, width - 4, ""))


def _wrapped(text: str, width: int, hanging: str) -> Iterator[str]:
    yield from textwrap.wrap(
        visible(text), width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
    )


def _table(table: Table, width: int) -> Iterator[str]:
    """Its columns side by side; the widest are broken over lines until all fit."""
    yield ""
    yield f"{table.title}:"
    widths = [max(map(len, column)) for column in zip(table.columns, *table.rows, strict=True)]
    room = width - _GAP * len(widths)
    while sum(widths) > room and max(widths) > _LEAST:
        widths[widths.index(max(widths))] -= 1
    for row in (table.columns, tuple("-" * one for one in widths), *table.rows):
        cells = [
            textwrap.wrap(visible(text), one, break_long_words=True, break_on_hyphens=True) or [""]
            for text, one in zip(row, widths, strict=True)
        ]
        for parts in zip_longest(*cells, fillvalue=""):
            filled = (part.ljust(one) for part, one in zip(parts, widths, strict=True))
            yield f"{' ' * _GAP}{(' ' * _GAP).join(filled)}".rstrip()
