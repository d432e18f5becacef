"""What differs between two rulesets: nothing where they are the same, else all of it, and no more."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.core.policy import Ruleset
from registry.core.reading import metres
from registry.core.ruleset import read_ruleset, ruleset_from_document, ruleset_tree
from registry.core.ruleset_diff import Change, Item, about_of, ruleset_diff
from registry.core.tree import Items, Leaf, Tree, plain, said
from tests.core.test_ruleset import plain as whole

THEMES = ("warmte", "water", "rioolVrijverval", "datatransport", "gasLageDruk")
PAIRS = [[a, b] for number, a in enumerate(THEMES) for b in THEMES[number:]]


@st.composite
def rulesets(draw: st.DrawFn) -> Any:
    """Plain rulesets that differ in numbers, cells, sources, rules and what these apply to."""
    data = whole()
    lengths = st.integers(0, 3000).map(metres)
    clearance = st.fixed_dictionaries({"ch": lengths, "cv": st.one_of(lengths, st.just("any_depth"))})
    cell = st.fixed_dictionaries(
        {"crossing": clearance, "source": st.sampled_from(["own", "read"])}, optional={"parallel": clearance}
    )
    pairs = draw(st.lists(st.sampled_from(PAIRS), max_size=4, unique_by=tuple))
    data["rules"][0]["cells"] = [draw(cell) | {"between": draw(st.permutations(pair))} for pair in pairs]
    themes = draw(st.lists(st.sampled_from(THEMES), min_size=1, max_size=3, unique=True))
    data["rules"][1]["cells"] = [
        {"theme": theme, "surface": draw(st.sampled_from(["any", "verge"])), "minimum": draw(lengths), "source": "own"}
        for theme in themes
    ]
    if draw(st.booleans()):
        data["rules"][1]["applies"] = {"themes": draw(st.lists(st.sampled_from(THEMES), min_size=1, unique=True))}
    if draw(st.booleans()):
        del data["rules"][2]
    data["ruleset"]["reach"] = draw(st.integers(3000, 9000).map(metres))
    data["ruleset"]["assumed_depths"] = data["ruleset"]["assumed_depths"][: draw(st.integers(0, 2))]
    if draw(st.booleans()):
        data["sources"]["own"]["title"] = {"nl": "Gekozen", "en": "Chosen"}
    data["rules"] = draw(st.permutations(data["rules"]))
    return data


@given(rulesets())
def test_a_ruleset_does_not_differ_from_itself(data: Any) -> None:
    ruleset = read_ruleset(data)
    assert ruleset_diff(ruleset, ruleset_from_document(ruleset.document)) == ()


@given(rulesets(), rulesets())
def test_there_is_no_difference_where_and_only_where_the_identity_is_the_same(one: Any, other: Any) -> None:
    before, after = read_ruleset(one), read_ruleset(other)
    assert (ruleset_diff(before, after) == ()) == (before.sha256 == after.sha256)


@given(rulesets(), rulesets())
def test_the_differences_make_the_one_into_the_other(one: Any, other: Any) -> None:
    before, after = read_ruleset(one), read_ruleset(other)
    assert _applied(before, ruleset_diff(before, after)) == _normal(ruleset_tree(after))


@given(rulesets(), rulesets())
def test_the_other_way_round_everything_is_turned_around(one: Any, other: Any) -> None:
    before, after = read_ruleset(one), read_ruleset(other)
    there = {(c.part, c.name, _key(c.path), _said(c.before), _said(c.after)) for c in ruleset_diff(before, after)}
    back = {(c.part, c.name, _key(c.path), _said(c.after), _said(c.before)) for c in ruleset_diff(after, before)}
    assert there == back


def _numbers(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in _numbers(inner, (*path, key))]
    if isinstance(value, list):
        return [found for index, inner in enumerate(value) for found in _numbers(inner, (*path, index))]
    return [path] if type(value) is int else []


DOCUMENT = read_ruleset(whole()).document
NUMBERS = _numbers({key: value for key, value in DOCUMENT.items() if key != "units"})


def with_another(path: tuple[Any, ...]) -> tuple[Ruleset, int, int]:
    """The ruleset with another number at a path of its document, and that number before and after."""
    changed: Any = copy.deepcopy(DOCUMENT)
    value = changed
    for step in path[:-1]:
        value = value[step]
    old: int = value[path[-1]]
    value[path[-1]] = old + 1 if path[-1] not in ("from", "minimum") else old - 1
    return ruleset_from_document(changed), old, value[path[-1]]


@pytest.mark.parametrize("path", NUMBERS, ids=lambda path: ".".join(map(str, path)))
def test_every_number_that_changed_is_named_and_nothing_else(path: tuple[Any, ...]) -> None:
    changed, old, new = with_another(path)
    (change,) = ruleset_diff(ruleset_from_document(DOCUMENT), changed)
    assert isinstance(change.before, Leaf)
    assert isinstance(change.after, Leaf)
    assert (change.before.value, change.after.value, change.path[-1]) == (old, new, path[-1])
    assert change.before.sort == ("angle" if path[-1] == "parallel_below" else "length")
    assert change.what == "changed"


def test_rules_and_sources_are_added_and_removed_as_a_whole() -> None:
    less = whole()
    del less["rules"][2]
    found = ruleset_diff(read_ruleset(less), read_ruleset(whole()))
    assert [(c.part, c.name, c.kind, c.path, c.what) for c in found] == [
        ("rule", "reserved", "reserved_space", (), "added")
    ]
    more = whole()
    more["sources"]["third"] = {"title": "Third", "kind": "norm", "confidence": "read"}
    more["ruleset"]["source"] = "third"
    found = ruleset_diff(read_ruleset(more), read_ruleset(whole()))
    assert [(c.part, c.name, c.what) for c in found] == [("ruleset", "", "changed"), ("source", "third", "removed")]


def test_a_rule_that_became_one_of_another_kind_is_another_rule() -> None:
    other = whole()
    other["rules"][2]["id"] = "cover"
    del other["rules"][1]
    found = ruleset_diff(read_ruleset(whole()), read_ruleset(other))
    assert [(c.name, c.kind, c.what) for c in found] == [
        ("cover", "cover", "removed"),
        ("cover", "reserved_space", "added"),
        ("reserved", "reserved_space", "removed"),
    ]


def test_a_list_that_grew_by_a_word_is_about_the_same() -> None:
    one, other = whole(), whole()
    one["rules"][1]["applies"] = {"themes": ["water"]}
    other["rules"][1]["applies"] = {"themes": ["water", "warmte"]}
    (change,) = ruleset_diff(read_ruleset(one), read_ruleset(other))
    assert (change.path[:2], change.what, change.after) == (("applies", "themes"), "added", Leaf("warmte", "theme"))


def test_examples_are_compared_too() -> None:
    part = {"id": "p", "theme": "water", "line": [["0.00 m", "0.00 m"], ["9.00 m", "0.00 m"]], "axis": "-1.00 m"}
    example = {
        "id": "one",
        "title": {"nl": "Een", "en": "One"},
        "application": {"parts": [part | {"diameter": "0.20 m"}]},
        "expected": {"rules": [{"rule": "apart", "outcome": "untouched"}]},
    }
    one, other, none = whole(), whole(), whole()
    one["examples"], other["examples"] = [example], copy.deepcopy([example])
    other["examples"][0]["application"]["parts"][0]["diameter"] = "0.25 m"
    other["examples"][0]["expected"]["rules"][0]["outcome"] = "met"
    found = ruleset_diff(read_ruleset(one), read_ruleset(other))
    assert [(c.part, c.name, c.path[-1], c.what) for c in found] == [
        ("example", "one", "diameter", "changed"),
        ("example", "one", "outcome", "changed"),
    ]
    (added,) = ruleset_diff(read_ruleset(none), read_ruleset(one))
    assert (added.part, added.path, added.what) == ("example", (), "added")


# To apply the differences, as the law above asks.


def _normal(tree: Tree) -> Any:
    """Plain, without the units, and every list as a sorted one."""
    found = plain(tree)
    assert isinstance(found, dict)
    found.pop("units")
    return _sorted(found)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(inner) for key, inner in value.items()}
    return sorted(map(_sorted, value), key=repr) if isinstance(value, list) else value


def _applied(before: Ruleset, changes: tuple[Change, ...]) -> Any:
    tree: Any = ruleset_tree(before)
    parts: dict[str, dict[str, Any]] = {
        "ruleset": {"": tree["ruleset"]},
        "source": dict(tree["sources"]),
        "rule": {rule["id"].value: rule for rule in tree["rules"].items},
    }
    for change in changes:
        names = parts[change.part]
        done = _at(names.get(change.name), change.path, change)
        if done is None:
            del names[change.name]
        else:
            names[change.name] = done
    sources = {name: plain(source) for name, source in parts["source"].items()}
    rules_after = [plain(rule) for rule in parts["rule"].values()]
    return _sorted({"ruleset": plain(parts["ruleset"][""]), "sources": sources, "rules": rules_after})


def _at(tree: Any, path: tuple[Any, ...], change: Change) -> Any:
    if not path:
        assert _said(tree) == _said(change.before)
        return change.after
    step, rest = path[0], path[1:]
    if isinstance(step, str):
        done = _at(tree.get(step), rest, change)
        return {key: value for key, value in (tree | {step: done}).items() if value is not None}
    found = [item for item in tree.items if _item(item, step)]
    (before,) = found or [None]
    done = _at(before, rest, change)
    others = [item for item in tree.items if item is not before]
    return Items((*others, *([done] if done is not None else [])))


def _item(tree: Any, step: Item) -> bool:
    return _key((about_of(tree),)) == _key((step,))


def _key(path: tuple[Any, ...]) -> str:
    steps = [s if isinstance(s, str) else str(sorted((k, said(v)) for k, v in s.about)) for s in path]
    return "/".join(steps)


def _said(tree: Tree | None) -> str:
    return "" if tree is None else said(tree)
