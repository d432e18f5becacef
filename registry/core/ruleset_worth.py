"""What in a sound ruleset is hardly meant as it stands: what never holds, changes nothing or asks less than others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from registry.core.errors import Problem
from registry.core.model import OBJECT_KINDS, SURFACES
from registry.core.policy import SEVERITIES, Clearance, Ruleset, Severity
from registry.core.reading import dotted, metres
from registry.core.rules.cover import CoverRule
from registry.core.rules.kind import Rule
from registry.core.rules.separation import Cell, SeparationRule
from registry.core.rules.subjects import Subject
from registry.core.standing import SURFACING


def worth(ruleset: Ruleset, data: Any) -> list[Problem]:
    """What to think of before it is published; ``field`` is the path in ``data``, the plain data it was read from."""
    places = {rule["id"]: index for index, rule in enumerate(data["rules"])}
    found: list[Problem] = []
    for rule in ruleset.rules:
        path = ("rules", places[rule.header.id])
        given = data["rules"][path[1]]
        found += _header(ruleset, rule, path)
        found += _severities(rule, given, path)
        if isinstance(rule, SeparationRule):
            found += _separation(rule, path, given["cells"])
        elif isinstance(rule, CoverRule):
            found += _cover(rule, path, given["cells"])
    return [*found, *_reservations(ruleset), *_sources(ruleset)]


def _reservations(ruleset: Ruleset) -> Iterator[Problem]:
    """That by a ruleset which weighs no reservations there is no verdict on what comes near one."""
    if not any(rule.kind == "reserved_space" for rule in ruleset.rules):
        detail = "no rule weighs reservations: of an application near one there is no verdict"
        yield _at(detail, "Add a rule of kind reserved_space.", ("rules",))


def _header(ruleset: Ruleset, rule: Rule, path: tuple[str | int, ...]) -> Iterator[Problem]:
    applies = rule.header.applies
    until = applies.filed_until if applies is not None else None
    if until and ruleset.judged_by == "filing_date" and until <= ruleset.effective_from:
        detail = f"the rule never applies: this version judges what is filed from {ruleset.effective_from} on"
        yield _at(detail, "Remove the rule, or let filed_until be later.", (*path, "applies", "filed_until"))


def _severities(rule: Rule, given: Any, path: tuple[str | int, ...]) -> Iterator[Problem]:
    """Severities that the rule's legal force does not allow: they are lowered without a word."""
    for inner, severity in _words(given, path):
        if severity in SEVERITIES and inner[len(path)] not in ("id", "title", "citation"):
            capped = rule.header.capped(severity)
            if capped != severity:
                detail = f"a rule of legal force {rule.header.legal_force} does no more than {capped}"
                yield _at(detail, f"Write {capped}, or state another legal force.", inner)


def _separation(rule: SeparationRule, path: tuple[str | int, ...], given: Sequence[Any]) -> Iterator[Problem]:
    cells = {cell.between: cell for cell in rule.cells}
    for index, item in enumerate(given):
        first, second = sorted(item["between"])
        cell = cells[(_subject(first), _subject(second))]
        at = (*path, "cells", index)
        if not _ever_holds(cell, cells):
            detail = "this cell never holds: for every object kind there is a cell that goes before it"
            yield _at(detail, "Remove it, or one of the others.", at)
            continue
        yield from _needless(cell, _without(rule, cell, cells), at)


def _needless(cell: Cell, otherwise: Cell, at: tuple[str | int, ...]) -> Iterator[Problem]:
    """What a cell says that without it would hold as well, or that asks less than without it."""
    same = (cell.crossing, cell.parallel) == (otherwise.crossing, otherwise.parallel)  # with what they rest on
    if same and cell.between[0].theme != cell.between[1].theme:
        yield _at("this cell says what would hold without it", "Remove it, or change what it asks.", at)
        return
    if cell.parallel is not None and _at_least(cell.crossing, cell.parallel):
        detail = "along a parallel run this asks no more than crossing does everywhere"
        yield _at(detail, "Leave parallel out, or let it ask more.", (*at, "parallel"))
    # What stands at a place runs along nothing.
    if any(side.object_kind in SURFACING for side in cell.between):
        return
    if cell.parallel is None and otherwise.parallel is not None and not _at_least(cell.crossing, otherwise.parallel):
        asked = metres(otherwise.parallel.ch)
        detail = f"along a parallel run this asks less than would hold without this cell, {asked} sideways"
        yield _at(detail, "Add parallel, or leave it so if that is meant.", at)


def _ever_holds(cell: Cell, cells: Mapping[tuple[Subject, Subject], Cell]) -> bool:
    """Whether for some pair of object kinds no cell is more specific."""
    sides = [[one.object_kind] if one.object_kind else OBJECT_KINDS for one in cell.between]
    rank = _rank(cell.between)
    return any(
        all(_rank(other) <= rank for other in _holding(cell.between, kinds) if other in cells)
        for kinds in product(*sides)
    )


def _without(rule: SeparationRule, cell: Cell, cells: Mapping[tuple[Subject, Subject], Cell]) -> Cell:
    """What would hold of the pair if the cell were not there: the most specific of the others."""
    kinds = (cell.between[0].object_kind or "", cell.between[1].object_kind or "")
    others = [one for one in _holding(cell.between, kinds) if one in cells and one != cell.between]
    return cells[max(others, key=_rank)] if others else rule.otherwise


def _holding(between: tuple[Subject, Subject], kinds: Sequence[str]) -> Iterator[tuple[Subject, Subject]]:
    """The pairs that hold for two themes and object kinds, whether or not there is a cell for them."""
    first, second = between
    for one, other in product(("", kinds[0]), ("", kinds[1])):
        pair = sorted((Subject(first.theme, one or None), Subject(second.theme, other or None)), key=str)
        yield pair[0], pair[1]


def _rank(between: tuple[Subject, Subject]) -> int:
    return sum(one.object_kind is not None for one in between)


def _at_least(clearance: Clearance, other: Clearance) -> bool:
    """Whether one asks at least what another does, sideways and vertically."""
    return clearance.ch >= other.ch and (clearance.cv is None or (other.cv is not None and clearance.cv >= other.cv))


def _cover(rule: CoverRule, path: tuple[str | int, ...], given: Sequence[Any]) -> Iterator[Problem]:
    for index, item in enumerate(given):
        surfaces = {cell.surface for cell in rule.cells if cell.theme == item["theme"]}
        if item["surface"] == "any" and surfaces >= set(SURFACES):
            detail = "this cell never holds: there is one for every surface type"
            yield _at(detail, "Remove it, or one of the others.", (*path, "cells", index))


def _sources(ruleset: Ruleset) -> Iterator[Problem]:
    for source in ruleset.sources:
        if source.kind == "norm" and source.confidence != "read":
            detail = "numbers rest on a norm that was not read"
            remedy = "Read it and state confidence: read, or name as the source what was read."
            yield _at(detail, remedy, ("sources", source.id, "confidence"))


def _subject(text: str) -> Subject:
    theme, _, object_kind = text.partition("/")
    return Subject(theme, object_kind or None)


def _words(given: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Severity]]:
    """Every text with its path."""
    if isinstance(given, dict):
        for key, value in given.items():
            yield from _words(value, (*path, key))
    elif isinstance(given, list):
        for index, item in enumerate(given):
            yield from _words(item, (*path, index))
    elif given in SEVERITIES:
        yield path, given


def _at(detail: str, remedy: str, path: tuple[str | int, ...]) -> Problem:
    return Problem("invalid_ruleset", detail, remedy, dotted(path))
