"""What differs between two rulesets: entry by entry, whatever the order in which they were written.

Rules and sources are compared by their id, items of a list by what they are about: a cell of a matrix by its pair, one
of a cover table by its theme and surface. A list in which the order matters is compared as a whole.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from registry.core.policy import Ruleset
from registry.core.ruleset import ruleset_tree
from registry.core.tree import Items, Leaf, Tree, said

Part = Literal["ruleset", "source", "rule", "example"]

#: What is listed with an id for each, and under which key.
_LISTED: Final[tuple[tuple[Part, str], ...]] = (("rule", "rules"), ("example", "examples"))
#: Entries that say how much or by whom, never about what.
_NOT_ABOUT: Final = ("source", "note")
#: Nor what comes of it.
_WEIGHED: Final = ("severity", "outcome", "outcome of a rule")


@dataclass(frozen=True, slots=True)
class Item:
    """A step into a list: which item, by what it is about. The whole item where it is about nothing in particular."""

    about: tuple[tuple[str, Tree], ...]


Step: TypeAlias = str | Item


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, at ``path`` in the ruleset's own entries, a source, a rule or an example (``name`` is its id).

    ``before`` is ``None`` for what was added, ``after`` for what was removed. An empty path is all of it. ``kind``
    is the rule's kind, empty of what is no rule.
    """

    part: Part
    name: str
    kind: str
    path: tuple[Step, ...]
    before: Tree | None
    after: Tree | None

    @property
    def what(self) -> Literal["added", "removed", "changed"]:
        return "added" if self.before is None else "removed" if self.after is None else "changed"


def ruleset_diff(before: Ruleset, after: Ruleset) -> tuple[Change, ...]:
    """Every difference: of the ruleset's own entries, then of sources, rules and examples, each by id and entry.

    Empty where and only where both have the same sha256. A rule that became one of another kind was removed and added.
    """
    if before.sha256 == after.sha256:
        return ()
    return tuple(_differences(ruleset_tree(before), ruleset_tree(after)))


def _differences(before: dict[str, Tree], after: dict[str, Tree]) -> Iterator[Change]:
    for path, old, new in _entries((), before["ruleset"], after["ruleset"]):
        yield Change("ruleset", "", "", path, old, new)
    yield from _named("source", _group(before["sources"]), _group(after["sources"]))
    none = Items(())
    for part, key in _LISTED:
        yield from _named(part, _by_id(before.get(key, none)), _by_id(after.get(key, none)))


def _named(part: Part, before: dict[str, Tree], after: dict[str, Tree]) -> Iterator[Change]:
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        kinds = [_text(_group(tree)["kind"]) if part == "rule" else "" for tree in (old, new) if tree is not None]
        if old is not None and new is not None and kinds[0] == kinds[1]:
            for path, one, other in _entries((), old, new):
                yield Change(part, name, kinds[0], path, one, other)
            continue
        if old is not None:
            yield Change(part, name, kinds[0], (), old, None)
        if new is not None:
            yield Change(part, name, kinds[-1], (), None, new)


_Found: TypeAlias = "tuple[tuple[Step, ...], Tree | None, Tree | None]"


def _entries(path: tuple[Step, ...], before: Tree | None, after: Tree | None) -> Iterator[_Found]:
    if before is None or after is None:
        yield path, before, after
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from _entries((*path, key), before.get(key), after.get(key))
    elif isinstance(before, Items) and isinstance(after, Items) and not before.ordered and not after.ordered:
        for item, old, new in _paired(before.items, after.items):
            yield from _entries((*path, item), old, new)
    elif said(before) != said(after):
        yield path, before, after


def _paired(before: Sequence[Tree], after: Sequence[Tree]) -> Iterator[tuple[Item, Tree | None, Tree | None]]:
    """Items of two lists that are about the same, and those that only one of them has.

    What is the same in both goes out first. Of the rest those are paired that are about exactly the same; then those
    that are so but for lists of words, of which one may have grown; then those that are about a number, and say the
    same otherwise.
    """
    left = _without(before, after)
    right = _without(after, before)
    pairs: list[tuple[Item, Tree, Tree]] = []
    for about in (_about, _about_words, _about_rest):
        left, right, found = _matched(left, right, about)
        pairs += found
    lone: list[tuple[Item, Tree | None, Tree | None]] = [(about_of(item), item, None) for item in left]
    lone += [(about_of(item), None, item) for item in right]
    yield from sorted([*pairs, *lone], key=lambda row: (_key(row[0]), row[1] is None))


def _without(items: Sequence[Tree], others: Sequence[Tree]) -> list[Tree]:
    """The items that the others have not, or not as often."""
    there = Counter(said(item) for item in others)
    left = []
    for item in items:
        there[said(item)] -= 1
        if there[said(item)] < 0:
            left.append(item)
    return left


def _matched(
    left: Sequence[Tree], right: Sequence[Tree], about: Callable[[Tree], Item | None]
) -> tuple[list[Tree], list[Tree], list[tuple[Item, Tree, Tree]]]:
    """What is left of both, and the pairs that are about the same; of several alike the first with the first."""
    there: dict[str, deque[int]] = {}
    for number, item in enumerate(right):
        other = about(item)
        if other is not None:
            there.setdefault(_key(other), deque()).append(number)
    still, pairs, taken = [], [], set()
    for item in left:
        mine = about(item)
        alike = there.get(_key(mine)) if mine is not None else None
        if mine is None or not alike:
            still.append(item)
            continue
        number = alike.popleft()
        taken.add(number)
        pairs.append((mine, item, right[number]))
    return still, [item for number, item in enumerate(right) if number not in taken], pairs


def _about(item: Tree) -> Item | None:
    """What an item is about: its id, or else its words and its lists of words, or else the first number in it."""
    if not isinstance(item, dict):
        return None
    if "id" in item:
        return Item((("id", item["id"]),))
    found = tuple((key, value) for key, value in item.items() if key not in _NOT_ABOUT and _is_words(value))
    number = _number(item)
    return Item(found or ((number,) if number else ())) if found or number else None


def _about_words(item: Tree) -> Item | None:
    """The same without its lists."""
    about = _about(item)
    found = tuple((key, value) for key, value in about.about if isinstance(value, Leaf)) if about else ()
    return replace(about, about=found) if about and found else None


def _about_rest(item: Tree) -> Item | None:
    """Of an item that is about a number, the rest of it but for its source."""
    about = _about(item)
    if about is None or not isinstance(item, dict) or (_number(item),) != about.about:
        return None
    rest = tuple((key, value) for key, value in item.items() if key not in (*_NOT_ABOUT, about.about[0][0]))
    return Item(rest) if rest else None


def _number(item: dict[str, Tree]) -> tuple[str, Tree] | None:
    """The first entry of an item that is a number."""
    numbers = ((key, value) for key, value in item.items() if isinstance(value, Leaf) and type(value.value) is int)
    return next(numbers, None)


def _is_words(value: Tree) -> bool:
    if isinstance(value, Items):
        return bool(value.items) and all(_is_words(item) for item in value.items)
    return isinstance(value, Leaf) and isinstance(value.value, str) and value.sort not in _WEIGHED


def about_of(item: Tree) -> Item:
    """What an item of a list is about; where that cannot be told, all of it."""
    return _about(item) or Item((("", item),))


def _key(item: Item) -> str:
    return " ".join(f"{name}={said(value)}" for name, value in sorted(item.about, key=lambda entry: entry[0]))


def _group(tree: Tree) -> dict[str, Tree]:
    assert isinstance(tree, dict)
    return tree


def _by_id(listed: Tree) -> dict[str, Tree]:
    assert isinstance(listed, Items)
    return {_text(_group(item)["id"]): item for item in listed.items}


def _text(tree: Tree) -> str:
    assert isinstance(tree, Leaf)
    return str(tree.value)
