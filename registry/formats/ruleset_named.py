"""What entries and values of a ruleset are called in a language, with their units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from registry.core.reading import UNITS_WRITTEN
from registry.core.rules import KINDS
from registry.core.ruleset_diff import Item, Step, about_of
from registry.core.topics import TOPICS
from registry.core.tree import Items, Leaf, Tree
from registry.formats.ruleset_words import RULESET_WORDS, word
from registry.formats.words import Language, day

#: By the sort of a text, where the names of its values are; those of other sorts are found under the sort itself.
_SECTIONS: Final = {
    "date to judge by": "judged_by",
    "severity": "weight",
    "legal force": "force",
    "object kind": "object_kind",
    "surface type": "surface",
    "kind of source": "source_kind",
    "outcome of a rule": "effect",
}
#: How many decimals, at least, a number is told with.
_LEAST_DECIMALS: Final = {"length": 2}
_UNITS: Final = {
    "length": " m",
    "angle": "°",
    "temperature": " °C",
    "discharge": " l/s",
    "storage": " m³",
    "area": " m²",
}


@dataclass(frozen=True, slots=True)
class Named:
    """The names for a rule of a kind, or (``kind`` empty) for what is no rule."""

    kind: str
    lang: Language

    def kind_name(self) -> str:
        """What the rule kind itself is called."""
        return self._own().get(self.kind, _plainly(self.kind))

    def entry(self, key: str) -> str:
        """What an entry is called, as a heading."""
        return self._entry(key).replace("{}", "").strip(" ,")

    def around(self, path: Sequence[Step], value: str) -> str:
        """A value with the name of its entry, where that stands round it and not before."""
        name = self._entry(path[-1]) if path and isinstance(path[-1], str) else ""
        return name.replace("{}", value) if "{}" in name else value

    def value(self, tree: Tree) -> str:
        """A value, with its unit."""
        if isinstance(tree, Leaf):
            number, unit = self.number(tree)
            return number + unit
        if isinstance(tree, Items):
            items = [self.value(item) for item in tree.items]
            if tree.items and all(isinstance(item, Leaf) and item.sort == "subject" for item in tree.items):
                return " × ".join(items)
            return ", ".join(items) or RULESET_WORDS[self.lang]["text"]["none"]
        return "; ".join(self.flat(tree))

    def number(self, leaf: Leaf) -> tuple[str, str]:
        """A value and, apart, its unit."""
        value, sort = leaf.value, leaf.sort
        if isinstance(value, bool) or not isinstance(value, int):
            return self._text(value, sort), ""
        unit = _UNITS.get(sort) or (f" {word('unit', sort, self.lang)}" if sort in UNITS_WRITTEN else "")
        if sort in ("length", "angle"):
            return self._decimal(value, 3, _LEAST_DECIMALS.get(sort, 0)), unit
        return self._decimal(value, UNITS_WRITTEN.get(sort, 0), 0), unit

    def flat(self, tree: Tree, path: Sequence[Step] = ()) -> Iterator[str]:
        """Everything in it, each as ``name: value``."""
        for where, told in self.pairs(tree, path):
            yield f"{where}: {told}" if where and told else where or told

    def pairs(self, tree: Tree, path: Sequence[Step] = ()) -> Iterator[tuple[str, str]]:
        """Everything in it, as names and values; what has the same name together."""
        told: dict[str, list[str]] = {}
        for inner, leaf in leaves(tree, tuple(path)):
            told.setdefault(self.label(inner), []).append(self.around(inner, self.value(leaf)))
        for where, values in told.items():
            yield where, ", ".join(values)

    def rank(self, key: str) -> int:
        """Where an entry stands among the names of its kind: that is the order in which columns stand."""
        names = list(self._own())
        return names.index(key) if key in names else len(names)

    def absent(self, key: str) -> str:
        """What is shown where an item of a list leaves an entry out; empty where nothing is said of that."""
        return self._own().get(f"{key}?", "")

    def line(self, path: Sequence[Step], value: str) -> str:
        """``heat × drinking water, parallel: 1.00 m sideways``: where something stands, and the value there."""
        where, told = self.label(path), self.around(path, value)
        return f"{where}: {told}" if where and told else where or told

    def label(self, path: Sequence[Step]) -> str:
        """Where something stands, in words; without the list an item is in, and what stands round the value."""
        names = []
        for step, after in zip(path, (*path[1:], None), strict=True):
            if isinstance(step, Item):
                names.append(self.item(step))
            elif not (isinstance(after, Item) and self._own_list(step)) and "{}" not in self._entry(step):
                names.append(self.entry(step))
        return ", ".join(names)

    def item(self, item: Item) -> str:
        """What an item of a list is about."""
        return ", ".join(
            self.value(value) if not name or _is_words(value) else f"{self.entry(name)} {self.value(value)}"
            for name, value in item.about
        )

    def _own_list(self, key: str) -> bool:
        """Whether it goes without saying in which list an item is."""
        return key in ("cells", "rules")

    def _own(self) -> Mapping[str, str]:
        kind = KINDS.get(self.kind)
        return kind.names.get(self.lang, {}) if kind is not None else {}

    def _entry(self, key: str) -> str:
        return self._own().get(key) or word("entry", key, self.lang).replace("_", " ")

    def _text(self, value: object, sort: str) -> str:
        if not isinstance(value, str):
            return str(value)
        if sort == "date":
            return day(value, self.lang)
        if sort == "subject":
            theme, slash, object_kind = value.partition("/")
            name = word("theme", theme, self.lang)
            return f"{name} ({word('object_kind', object_kind, self.lang)})" if slash else name
        if sort and value in self._own():
            return self._own()[value]
        if value == "any" and sort in RULESET_WORDS[self.lang]["any"]:
            return RULESET_WORDS[self.lang]["any"][sort]
        if sort == "word":
            return value
        named = word(_SECTIONS.get(sort, sort), value, self.lang)
        if named == value and sort == "rule kind":
            return Named(value, self.lang).kind_name()
        return _plainly(named) if sort and named == value and sort != "link" else named

    def _decimal(self, value: int, decimals: int, least: int) -> str:
        whole, rest = divmod(abs(value), 10**decimals)
        digits = str(rest).rjust(decimals, "0").rstrip("0").ljust(least, "0") if decimals else ""
        point = "," if self.lang == "nl" else "."
        return f"{'−' if value < 0 else ''}{whole}{point + digits if digits else ''}"


def topics_of(kind: str, lang: Language) -> str:
    """The topics a rule of a kind is about where it does not say so, in words."""
    found = KINDS[kind].topics if kind in KINDS else ()
    return ", ".join(word("topic", topic, lang) for topic in TOPICS if topic in found)


def leaves(tree: Tree, path: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], Tree]]:
    """Every value with where it stands, a source after what rests on it; a list of words, or a pair, is one value."""
    if isinstance(tree, dict):
        for key in sorted(tree, key=lambda key: key == "source"):
            yield from leaves(tree[key], (*path, key))
    elif isinstance(tree, Items) and not tree.ordered and any(isinstance(item, dict) for item in tree.items):
        for item in tree.items:
            about = about_of(item)
            if not isinstance(item, dict):
                yield (*path, about), item
                continue
            inner: dict[str, Tree] = {key: value for key, value in item.items() if key not in dict(about.about)}
            # What is about something and says no more says that still.
            yield from leaves(inner, (*path, about)) if inner else [((*path, about), Leaf(""))]
    else:
        yield path, tree


def _is_words(tree: Tree) -> bool:
    """Whether it is text, or a list of texts."""
    if isinstance(tree, Items):
        return all(_is_words(item) for item in tree.items)
    return isinstance(tree, Leaf) and isinstance(tree.value, str)


def _plainly(name: str) -> str:
    return name.replace("_", " ")
