"""A verdict's document back to the verdict it was taken of, so that it can be told without judging again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from registry.core.findings import Counterpart, Finding, Measure, Place, Stretch
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
    findings = tuple(_finding(item) for item in document["findings"])
    return Verdict(document["outcome"], findings, relations, tuple(basis), dict(document), sha256)


def _finding(plain: Mapping[str, Any]) -> Finding:
    given = dict(plain)
    given.setdefault("legal_force", None)
    given["counterparts"] = tuple(Counterpart(**{"holder": None, **item}) for item in plain.get("counterparts", ()))
    given["place"] = Place(**{"chainage": None, **plain["place"]})
    given["stretches"] = tuple(Stretch(**item) for item in plain.get("stretches", ()))
    for name in _MEASURES:
        if name in plain:
            given[name] = Measure(plain[name].get("horizontal"), plain[name].get("vertical"))
    for name in ("lacking", "between"):
        if name in plain:
            given[name] = tuple(plain[name])
    return Finding(**given)
