"""Rulesets as people write them: one YAML document, see ``docs/rulesets.md``."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from registry.core.errors import Problem, Refused
from registry.core.policy import Ruleset
from registry.core.reading import dotted
from registry.core.ruleset import read_ruleset
from registry.formats.yaml_strict import Place, YamlDocument, load_yaml

_LAST_STEP = re.compile(r"(^|\.)[^.\[]*$|\[[0-9]+\]$")


def load_ruleset(source: Path | str, name: str = "") -> Ruleset:
    """The ruleset in a YAML file (``Path``) or text (``str``); ``name`` is the file's name in messages.

    Raises ``Refused`` with every fault, each with its line and column.
    """
    document = load_yaml(source, name, "invalid_ruleset")
    try:
        return read_ruleset(document.data)
    except Refused as refusal:
        raise Refused(located(refusal.problems, document)) from None


def located(problems: list[Problem], document: YamlDocument) -> list[Problem]:
    """The problems, in the order of the file, each with the place of its field.

    An unknown entry is at its key, a missing one at the group it is missing from, anything else at its value.
    """
    values = {dotted(path): place for path, place in document.values.items()}
    keys = {dotted(path): place for path, place in document.keys.items()}
    found = []
    for problem in problems:
        places = keys if problem.code == "unknown_property" else values
        line, column = _place(problem.field, places, values)
        found.append(replace(problem, file=document.name, line=line, column=column))
    return sorted(found, key=lambda problem: (problem.line or 0, problem.column or 0))


def _place(field: str, places: dict[str, Place], otherwise: dict[str, Place]) -> Place:
    if field in places:
        return places[field]
    while field and field not in otherwise:
        field = _LAST_STEP.sub("", field)
    return otherwise.get(field, (1, 1))
