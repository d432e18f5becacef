"""Every number of a ruleset is in its hash, of every rule kind; the order of its entries and its comments are not."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.rules import KINDS
from registry.core.ruleset import read_ruleset, ruleset_from_document
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.yaml_strict import load_yaml
from tests.conftest import ROOT

Route = tuple[str | int, ...]


def documented() -> str:
    """The documented ruleset with the documented rule of every kind in it, and the documented example."""
    page = (ROOT / "docs" / "rulesets.md").read_text(encoding="utf-8")
    block, *others = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    kinds = "".join(other for other in others if other.startswith("  - id: "))
    (example,) = (other for other in others if other.startswith("examples:"))
    return str(block).replace("reach: 10.00 m", "reach: 150.00 m", 1) + kinds + example


FOLDERS = ("examples/rulesets", "tests/golden")
FILES = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.yaml"))]
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in FILES}
TEXTS["docs/rulesets.md"] = documented()
NAMES = sorted(TEXTS)

_QUANTITY = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)( [A-Za-z0-9/]+)")
_VERSION = re.compile(r"([0-9]+\.[0-9]+\.)([0-9]+)")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-)([0-9]{2})")


@cache
def plain(name: str) -> Any:
    """A ruleset as plain data, which nobody changes: to read the YAML takes longer than all else."""
    return load_yaml(TEXTS[name], name, "invalid_ruleset").data


def leaves(value: Any, route: Route = ()) -> Iterator[tuple[Route, Any]]:
    if isinstance(value, (dict, list)):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*route, step))
    else:
        yield route, value


def with_leaf(value: Any, route: Route, new: object) -> Any:
    """The same with another value at a place; what is on the way there is copied."""
    if not route:
        return new
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[route[0]] = with_leaf(value[route[0]], route[1:], new)
    return copy


def others(value: object) -> list[object]:
    """The number one step more or less; nothing for what is no number. A year, month or day is a whole one."""
    if isinstance(value, bool):
        return []
    if isinstance(value, (int, Decimal)):
        return [value + 1, value - 1]
    text = str(value)
    if found := _QUANTITY.fullmatch(text):
        number, unit = Decimal(found[1]), found[2]
        steps = [Decimal("0.001"), Decimal("0.01"), Decimal(1)]
        return [f"{number + sign * step}{unit}" for step in steps for sign in (1, -1)]
    if found := _VERSION.fullmatch(text) or _DATE.fullmatch(text):
        return [f"{found[1]}{int(found[2]) + 1:02d}" if "-" in text else f"{found[1]}{int(found[2]) + 1}"]
    return []


def numbers(name: str) -> list[tuple[Route, list[object]]]:
    """Every number with what it may be instead; of many examples those of the first ones."""
    given = dict(plain(name))
    given["examples"] = given.get("examples", [])[:6]
    found = [(route, others(value)) for route, value in leaves(given)]
    return [(route, options) for route, options in found if options]


def changed(name: str, route: Route, options: list[object]) -> str | None:
    """The hash with a number one step more, or less where that is what may be; ``None``: neither may."""
    for option in options:
        try:
            return read_ruleset(with_leaf(plain(name), route, option)).sha256
        except Refused:
            continue
    return None


@pytest.mark.parametrize("name", NAMES)
def test_any_one_changed_number_changes_the_hash(name: str) -> None:
    own, places = read_ruleset(plain(name)).sha256, numbers(name)
    assert len(places) >= 10
    hashes = {route: changed(name, route, options) for route, options in places}
    assert {route for route, sha256 in hashes.items() if sha256 in (None, own)} == set()
    assert len(set(hashes.values())) == len(hashes)


def test_that_is_so_of_every_rule_kind() -> None:
    used = {rule.kind for name in NAMES for rule in load_ruleset(TEXTS[name]).rules}
    assert used == set(KINDS)


@pytest.mark.parametrize("name", NAMES)
def test_every_integer_of_the_canonical_document_is_one_of_them(name: str) -> None:
    whole = [value for _, value in leaves(read_ruleset(plain(name)).document) if type(value) is int]
    stated = [value for _, value in leaves(plain(name)) if not isinstance(value, str) or _QUANTITY.fullmatch(value)]
    assert len(whole) == len([value for value in stated if value is not None and not isinstance(value, bool)])


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same with its entries in another order."""
    if isinstance(value, dict):
        names = list(value)
        chance.shuffle(names)
        return {name: shuffled(value[name], chance) for name in names}
    return [shuffled(item, chance) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_entries_rules_and_cells_does_not_count(name: str) -> None:
    ruleset = read_ruleset(plain(name))
    for seed in range(5):
        chance = random.Random(seed)
        other = shuffled(plain(name), chance)
        chance.shuffle(other["rules"])
        for rule in other["rules"]:
            chance.shuffle(rule.get("cells", []))
        assert read_ruleset(other) == ruleset
        assert ruleset_from_document(shuffled(ruleset.document, chance)) == ruleset


def commented(text: str) -> str:
    """With a comment before and after every line, but within texts of several lines."""
    lines, within = ["# first"], -1
    for line in text.splitlines():
        deep = len(line) - len(line.lstrip())
        within = -1 if line.strip() and deep <= within else within
        if within < 0 and line.strip():
            told = line if "#" in line or line.endswith(("|", ">-")) else f"{line}  # 1.00 m"
            lines += [" " * deep + "# 2.00 m", told]
        else:
            lines.append(line)
        within = deep if within < 0 and line.endswith(("|", ">", ">-", "|-")) else within
    return "\n".join(lines)


@pytest.mark.parametrize("name", NAMES)
def test_comments_do_not_count(name: str) -> None:
    assert commented(TEXTS[name]).count("#") > 40
    assert load_ruleset(commented(TEXTS[name])) == load_ruleset(TEXTS[name])
