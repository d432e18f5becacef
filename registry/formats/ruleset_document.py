"""A ruleset as a document people read: what each rule asks, of what, how severely, and what every number rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from registry.core.errors import visible
from registry.core.policy import Ruleset, Source
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL
from registry.core.rules.kind import Rule
from registry.core.ruleset import ruleset_tree
from registry.core.ruleset_diff import about_of
from registry.core.tree import Items, Leaf, Tree
from registry.formats.ruleset_named import Named, topics_of
from registry.formats.ruleset_words import RULESET_WORDS, word
from registry.formats.words import Language

_HEADER: Final = (*HEADER_KEYS, *HEADER_OPTIONAL)
#: Of the ruleset's own entries those that stand above the document, or in its title.
_ABOVE: Final = ("title", "id", "version")


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what stands there; ``link`` is where that can be read."""

    name: str
    value: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Items of a list, a row each."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule: its header and its parameters."""

    id: str
    title: str
    facts: tuple[Fact, ...]
    parameters: tuple[Fact, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class ShownSource:
    """What numbers rest on, how it was read, and in which rules it is named (empty: the ruleset itself)."""

    id: str
    title: str
    kind: str
    confidence: str
    link: str
    note: str


@dataclass(frozen=True, slots=True)
class RulesetDocument:
    """A whole ruleset in one language."""

    id: str
    version: str
    title: str
    lang: Language
    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]
    rules: tuple[ShownRule, ...]
    sources: tuple[ShownSource, ...]
    examples: tuple[Table, ...] = ()


def ruleset_document(ruleset: Ruleset, lang: Language) -> RulesetDocument:
    """The ruleset as a document in a language. What it says itself (titles in one language, notes) stays as it is."""
    tree, named = ruleset_tree(ruleset), Named("", lang)
    head, rules = tree["ruleset"], tree["rules"]
    assert isinstance(head, dict)
    assert isinstance(rules, Items)
    trees: dict[str, Mapping[str, Tree]] = {}
    for rule in rules.items:
        assert isinstance(rule, dict)
        trees[_text(rule["id"])] = rule
    own = {key: value for key, value in head.items() if key not in _ABOVE}
    facts, tables = _parameters(own, named)
    return RulesetDocument(
        ruleset.id,
        ruleset.version,
        visible(ruleset.title_nl if lang == "nl" else ruleset.title_en),
        lang,
        (*facts, Fact("sha256", ruleset.sha256)),
        tables,
        tuple(_rule(rule, trees[rule.header.id], lang) for rule in ruleset.rules),
        tuple(_source(source, lang) for source in ruleset.sources),
        _examples(ruleset, tree, named),
    )


def document_plain(document: RulesetDocument) -> dict[str, object]:
    """The document as plain data."""
    return {
        "id": document.id,
        "version": document.version,
        "title": document.title,
        "lang": document.lang,
        "facts": [_fact_plain(fact) for fact in document.facts],
        "tables": [_table_plain(table) for table in document.tables],
        "rules": [
            {
                "id": rule.id,
                "title": rule.title,
                "facts": [_fact_plain(fact) for fact in rule.facts],
                "parameters": [_fact_plain(fact) for fact in rule.parameters],
                "tables": [_table_plain(table) for table in rule.tables],
            }
            for rule in document.rules
        ],
        "sources": [_source_plain(source) for source in document.sources],
        "examples": [_table_plain(table) for table in document.examples],
    }


def _rule(rule: Rule, tree: Mapping[str, Tree], lang: Language) -> ShownRule:
    named, header, text = Named(rule.kind, lang), rule.header, RULESET_WORDS[lang]["text"]
    severity, capped = (word("weight", one, lang) for one in (header.severity, header.capped(header.severity)))
    if capped != severity:
        severity = text["capped"].format(severity=severity, capped=capped)
    cited = ", ".join(item for item in (header.citation.document, header.citation.article) if item)
    applies = tree.get("applies")
    topics = tree.get("topics")
    facts = (
        Fact(named.entry("kind"), named.kind_name()),
        Fact(named.entry("severity"), severity),
        Fact(named.entry("legal_force"), word("force", header.legal_force, lang)),
        Fact(named.entry("citation"), cited, header.citation.link or ""),
        Fact(named.entry("applies"), "; ".join(named.flat(applies)) if applies is not None else text["everything"]),
        Fact(named.entry("topics"), named.value(topics) if topics is not None else topics_of(rule.kind, lang)),
    )
    parameters, tables = _parameters({key: value for key, value in tree.items() if key not in _HEADER}, named)
    title = header.title_nl if lang == "nl" else header.title_en
    return ShownRule(header.id, visible(title), tuple(_seen(facts)), parameters, tables)


def _examples(ruleset: Ruleset, tree: Mapping[str, Tree], named: Named) -> tuple[Table, ...]:
    """What each example expects; what lies where in it is in the text of the ruleset."""
    listed, lang = tree.get("examples", Items(())), named.lang
    assert isinstance(listed, Items)
    titles = {one.id: one.title_nl if lang == "nl" else one.title_en for one in ruleset.examples}
    rows = []
    for item in listed.items:
        assert isinstance(item, dict)
        name = _text(item["id"])
        rows.append((name, visible(titles[name]), visible("; ".join(named.flat(item["expected"])))))
    columns = (named.entry("id"), named.entry("title"), named.entry("expected"))
    return (Table(RULESET_WORDS[lang]["text"]["examples"], columns, tuple(rows)),) if rows else ()


def _parameters(tree: Mapping[str, Tree], named: Named) -> tuple[tuple[Fact, ...], tuple[Table, ...]]:
    """What stands in a rule or in the ruleset itself: lists of groups as tables, the rest as facts."""
    facts: list[Fact] = []
    tables = []
    for key, value in tree.items():
        if isinstance(value, Items) and any(isinstance(item, dict) for item in value.items):
            tables.append(_table(key, value, named))
        else:
            facts += [Fact(name or named.entry(key), told) for name, told in named.pairs(value, (key,))]
    return tuple(_seen(facts)), tuple(tables)


def _table(key: str, items: Items, named: Named) -> Table:
    """A row for each item: what it is about, then what it says, its source last."""
    text = RULESET_WORDS[named.lang]["text"]
    rows: list[dict[str, str]] = []
    absent: dict[str, str] = {}
    about: dict[str, None] = {}
    ranks: dict[str, int] = {}
    for item in items.items:
        if not isinstance(item, dict):
            rows.append({named.entry(key): named.value(item)})
            continue
        first = about_of(item).about if not items.ordered else ()
        row = {named.entry(name): named.value(value) for name, value in first}
        about |= dict.fromkeys(row)
        said: dict[str, Tree] = {name: value for name, value in item.items() if name not in dict(first)}
        for name, value in said.items():
            # Where the name stands round its value alone, the column needs one still.
            found = {label or text["asked"]: told for label, told in named.pairs({name: value})}
            for label, told in found.items():
                row[label] = f"{row[label]}, {told}" if label in row else told
            ranks |= dict.fromkeys(found, named.rank(name))
        absent |= {named.entry(name): told for name in item if (told := named.absent(name))}
        rows.append(row)
    source = named.entry("source")
    others = sorted((name for name in ranks if name not in about and name != source), key=lambda name: ranks[name])
    columns = [*about, *others] or [named.entry(key)]
    columns += [source] if source in ranks else []
    shown = [tuple(visible(row.get(name, absent.get(name, "–"))) for name in columns) for row in rows]
    return Table(named.entry(key), tuple(columns), tuple(shown if items.ordered else sorted(shown)))


def _source(source: Source, lang: Language) -> ShownSource:
    title = source.title_nl if lang == "nl" and source.title_nl else source.title
    return ShownSource(
        source.id,
        visible(title),
        word("source_kind", source.kind, lang),
        word("confidence", source.confidence, lang),
        source.link or "",
        visible(source.note or ""),
    )


def _seen(facts: Iterable[Fact]) -> Iterator[Fact]:
    return (Fact(fact.name, visible(fact.value), fact.link) for fact in facts if fact.value)


def _fact_plain(fact: Fact) -> dict[str, str]:
    plain = {"name": fact.name, "value": fact.value}
    return plain | {"link": fact.link} if fact.link else plain


def _table_plain(table: Table) -> dict[str, object]:
    return {"title": table.title, "columns": list(table.columns), "rows": [list(row) for row in table.rows]}


def _source_plain(source: ShownSource) -> dict[str, str]:
    plain = {"id": source.id, "title": source.title, "kind": source.kind, "confidence": source.confidence}
    return plain | {name: text for name, text in (("link", source.link), ("note", source.note)) if text}


def _text(tree: Tree) -> str:
    assert isinstance(tree, Leaf)
    return str(tree.value)
