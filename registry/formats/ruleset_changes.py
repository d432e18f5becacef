"""What differs between two versions of policy, in words.

``heat × drinking water, parallel: 0.50 → 1.00 m sideways``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from registry.core.errors import visible
from registry.core.policy import Ruleset
from registry.core.ruleset_diff import Change, Item, Part, about_of, ruleset_diff
from registry.core.tree import Items, Leaf, Tree
from registry.formats.ruleset_named import Named
from registry.formats.ruleset_words import RULESET_WORDS
from registry.formats.words import Language


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A difference in words. ``heading`` says in what: the ruleset itself, a source, a rule or an example."""

    part: Part
    name: str
    what: Literal["added", "removed", "changed"]
    heading: str
    text: str


def changes_told(before: Ruleset, after: Ruleset, lang: Language) -> list[ToldChange]:
    """Every difference from ``before`` to ``after``, in order; of what is added or removed all that it says."""
    told = []
    for change in ruleset_diff(before, after):
        named, heading = Named(change.kind, lang), _heading(change, before, after, lang)
        for text in _lines(change, named, lang):
            told.append(ToldChange(change.part, change.name, change.what, heading, visible(text)))
    return told


def change_lines(before: Ruleset, after: Ruleset, lang: Language) -> Iterator[str]:
    """The differences as lines under their headings; one line where there is none."""
    told = changes_told(before, after, lang)
    if not told:
        yield RULESET_WORDS[lang]["text"]["same"]
    heading = ""
    for change in told:
        if change.heading != heading:
            heading = change.heading
            yield heading
        yield f"  {change.text}"


def _heading(change: Change, before: Ruleset, after: Ruleset, lang: Language) -> str:
    text = RULESET_WORDS[lang]["text"]
    if change.part == "ruleset":
        return text["ruleset"]
    found = before if change.after is None and not change.path else after
    titles = {
        "source": {one.id: one.title_nl if lang == "nl" and one.title_nl else one.title for one in found.sources},
        "rule": {r.header.id: r.header.title_nl if lang == "nl" else r.header.title_en for r in found.rules},
        "example": {one.id: one.title_nl if lang == "nl" else one.title_en for one in found.examples},
    }[change.part]
    heading = f"{text[change.part].format(name=change.name)}: {titles[change.name]}"
    return visible(heading if change.path else f"{heading} ({text[change.what]})")


def _lines(change: Change, named: Named, lang: Language) -> Iterator[str]:
    text = RULESET_WORDS[lang]["text"]
    if change.before is not None and change.after is not None:
        yield named.line(change.path, _from_to(change.before, change.after, named))
        return
    found = change.after if change.after is not None else change.before
    assert found is not None
    if not change.path:
        yield from _whole(found, named)
        return
    path, step = change.path, change.path[-1]
    if isinstance(step, Item) and not isinstance(found, dict):
        path, step = path[:-1], ""
    yield named.line(path, f"{text[change.what]}: {_all_of(step, found, named)}")


def _from_to(before: Tree, after: Tree, named: Named) -> str:
    """``0.50 → 1.00 m``: the unit once, where both have the same."""
    if isinstance(before, Leaf) and isinstance(after, Leaf):
        (old, old_unit), (new, new_unit) = named.number(before), named.number(after)
        return f"{old} → {new}{new_unit}" if old_unit == new_unit else f"{old}{old_unit} → {new}{new_unit}"
    return f"{named.value(before)} → {named.value(after)}"


def _whole(tree: Tree, named: Named) -> Iterator[str]:
    """A whole rule or source: an entry a line, and an item of a list a line."""
    assert isinstance(tree, dict)
    for key, value in tree.items():
        if isinstance(value, Items) and any(isinstance(item, dict) for item in value.items):
            for item in value.items:
                about = about_of(item)
                yield named.line((key, about), _all_of(about, item, named))
        elif key == "kind" and named.kind:
            yield f"{named.entry('kind')}: {named.kind_name()}"
        elif key != "id":
            yield from named.flat(value, (key,))


def _all_of(step: str | Item, tree: Tree, named: Named) -> str:
    """All that something says, but what the step to it says already."""
    known: Sequence[str] = [name for name, _ in step.about] if isinstance(step, Item) else ()
    if isinstance(tree, dict):
        return "; ".join(named.flat({key: value for key, value in tree.items() if key not in known}))
    return named.value(tree)
