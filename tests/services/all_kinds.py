"""A ruleset with every kind of rule the golden cases are judged by, and what it is like with one number changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from registry.core.errors import Refused
from registry.core.policy import Ruleset
from registry.core.ruleset import ruleset_from_document
from registry.formats.ruleset_yaml import load_ruleset
from tests.golden.golden_cases import FOLDER

#: Where a value stands in a document.
Path = tuple[str | int, ...]


def all_kinds(without: Sequence[str] = ()) -> Ruleset:
    """The golden rulesets in one, each rule once, but for those of kinds it is to be without."""
    merged: Any = deepcopy(load_ruleset(FOLDER / "ruleset-assumed.yaml").document)
    known = [rule | {"id": ""} for rule in merged["rules"]]
    for path in sorted(FOLDER.glob("ruleset*.yaml")):
        document: Any = deepcopy(load_ruleset(path).document)
        merged["ruleset"]["reach"] = max(merged["ruleset"]["reach"], document["ruleset"]["reach"])
        for rule in document["rules"]:
            if rule | {"id": ""} in known or rule["kind"] in without:
                continue
            known.append(rule | {"id": ""})
            taken = {one["id"] for one in merged["rules"]}
            name = rule["id"] if rule["id"] not in taken else f"{rule['id']}-{len(taken)}"
            merged["rules"].append(rule | {"id": name})
            merged["units"] |= document["units"]
    return ruleset_from_document(merged)


def numbers(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where the numbers of a document stand."""
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from numbers(item, (*path, key))
    elif isinstance(value, list):
        for k, item in enumerate(value):
            yield from numbers(item, (*path, k))


def changed(rules: Ruleset, path: Path, new: Any) -> Ruleset | None:
    """The same with another value at one place; ``None`` where that is no ruleset."""
    document: Any = deepcopy(rules.document)
    document["ruleset"]["version"] = "2.0.0"
    at = document
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = new
    try:
        return ruleset_from_document(document)
    except Refused:
        return None


def value_at(rules: Ruleset, path: Path) -> Any:
    """What stands there."""
    at: Any = rules.document
    for key in path:
        at = at[key]
    return at
