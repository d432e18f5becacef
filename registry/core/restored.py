"""A verdict's document back to the verdict it was taken of, so that it can be told without judging again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from registry.core.findings import After, Counterpart, Finding, Measure, Met, Place, Quantity, RuleResult, Stretch
from registry.core.model import Application, Object
from registry.core.verdict import Verdict

_MEASURES: Final = (
    "gap",
    "required",
    "missing",
    "gap_before",
    "uncertainty",
    "stated",
    "registered",
)
_QUANTITIES: Final = ("measured", "asked", "short", "before")


def restored(application: Application, basis: Sequence[Object], document: Mapping[str, Any], sha256: str) -> Verdict:
    """The verdict on ``application`` whose document this is; ``basis`` holds the objects it names, as they were."""
    stated = {
        (part.id, relation.kind, relation.target_kind, relation.target): relation
        for part in application.parts
        for relation in part.relations
    }
    relations = tuple(
        (item["part"], stated[item["part"], item["type"], item["target_kind"], item["target"]])
        for item in document["relations"]
    )
    findings = tuple(finding_of(item) for item in document["findings"])
    results = tuple(_result(item) for item in document.get("rules", ()))
    return Verdict(document["outcome"], findings, relations, tuple(basis), dict(document), sha256, results)


def _result(plain: Mapping[str, Any]) -> RuleResult:
    met = plain.get("met")
    if met is None:
        return RuleResult(**plain)
    quantities = {name: Quantity(**met[name]) for name in ("measured", "asked", "margin")}
    place = Place(**{"chainage": None, **met["place"]}) if "place" in met else None
    return RuleResult(**{**plain, "met": Met(**quantities, place=place)})


def finding_of(plain: Mapping[str, Any]) -> Finding:
    """A finding as the document of a verdict has it."""
    given = dict(plain)
    given.setdefault("legal_force", None)
    given["counterparts"] = tuple(Counterpart(**{"holder": None, **item}) for item in plain.get("counterparts", ()))
    given["place"] = Place(**{"chainage": None, **plain["place"]})
    given["stretches"] = tuple(Stretch(**item) for item in plain.get("stretches", ()))
    for name in _MEASURES:
        if name in plain:
            given[name] = Measure(plain[name].get("horizontal"), plain[name].get("vertical"))
    for name in _QUANTITIES:
        if name in plain:
            given[name] = Quantity(**plain[name])
    for name in ("lacking", "between"):
        if name in plain:
            given[name] = tuple(plain[name])
    if "after" in plain:
        given["after"] = After(**plain["after"])
    return Finding(**given)
