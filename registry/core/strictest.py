"""Which of several rules of one kind asks the most, where they find something on the same pair or part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Final

from registry.core.findings import Finding, Measure, Quantity
from registry.core.policy import SEVERITIES

#: Causes that are made good in the same way, and so are compared; any other is compared with its like only.
_FAMILIES: Final = {
    "crossing": "distance",
    "parallel": "distance",
    "overlap": "distance",
    "cover_too_small": "shallow",
    "cover_too_large": "deep",
    "cover_after_too_small": "shallow",
    "cover_after_too_large": "deep",
    "cover_unknown": "unknown",
}
#: Those of which only the cover counts.
_COVER: Final = ("shallow", "deep", "unknown")

#: What is asked in one respect: more is stricter. Any depth, without end, is ``(1, 0)``; a number is ``(0, number)``.
_Amount = tuple[int, int]


def with_stricter(findings: Sequence[Finding]) -> list[Finding]:
    """The findings as the rules made them, each with the rule of its kind that asks the most of the same pair or part,
    where one asks more than its own (``Finding.stricter``)."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        alike.setdefault(_key(finding), []).append(finding)
    named = {
        id(finding): _strictest([one for one in group if one.rule != finding.rule and _stricter(one, finding)])
        for group in alike.values()
        for finding in group
    }
    return [replace(finding, stricter=named[id(finding)]) for finding in findings]


def _key(finding: Finding) -> tuple[object, ...]:
    others = tuple((counterpart.kind, counterpart.id) for counterpart in finding.counterparts)
    family = _FAMILIES.get(finding.cause, finding.cause)
    return (finding.rule_kind, family, finding.place.part, others, finding.rival, finding.relation, finding.about)


def _strictest(stricter: Sequence[Finding]) -> str | None:
    """Of rules that are all stricter than another the one that none of them is stricter than; of several the one with
    the heaviest consequence, then the first by id."""
    most = [one for one in stricter if not any(_stricter(other, one) for other in stricter)] or stricter
    return min(((SEVERITIES.index(one.severity), one.rule) for one in most), default=(0, None))[1]


def _stricter(one: Finding, other: Finding) -> bool:
    """Whether one finding's rule asks more than the other's: at least as much in every respect, and more in some; or
    as much, with heavier consequences. Of what cannot be compared neither is the stricter."""
    if not _meet(one, other):
        return False
    asked = _asked(one, other)
    if asked is None or any(mine < theirs for mine, theirs in asked):
        return False
    if any(mine > theirs for mine, theirs in asked):
        return True
    return SEVERITIES.index(one.severity) < SEVERITIES.index(other.severity)


def _meet(one: Finding, other: Finding) -> bool:
    """Whether two findings on a part may be about one place: their stretches touch, where both have some."""
    if not one.stretches or not other.stretches:
        return True
    pairs = product(one.stretches, other.stretches)
    return any(a.part == b.part and a.start <= b.end and b.start <= a.end for a, b in pairs)


def _asked(one: Finding, other: Finding) -> list[tuple[_Amount, _Amount]] | None:
    """What both ask in each respect; ``None`` where that cannot be compared."""
    if one.required is not None and other.required is not None:
        return _of_depth(one, other) if _FAMILIES.get(one.cause) in _COVER else _of_distance(one, other)
    if one.asked is not None and other.asked is not None:
        return _of_quantity(one, other)
    given = (one.required, other.required, one.asked, other.asked)
    return None if any(item is not None for item in given) else []


def _of_distance(one: Finding, other: Finding) -> list[tuple[_Amount, _Amount]] | None:
    """Clearances. Measured from other faces they say nothing of each other: then by what is missing, if it is known."""
    if one.measured_from == other.measured_from:
        asked = [_clearance(finding.required, finding.required) for finding in (one, other)]
    else:
        asked = [_clearance(finding.required, finding.missing) for finding in (one, other)]
    mine, theirs = asked
    return None if mine is None or theirs is None else list(zip(mine, theirs, strict=True))


def _clearance(required: Measure | None, told: Measure | None) -> tuple[_Amount, _Amount] | None:
    """What of a clearance is told, sideways and vertically: without end where it holds at any depth."""
    if required is None or told is None or told.horizontal is None:
        return None
    if required.vertical is None:
        return (0, told.horizontal), (1, 0)
    return None if told.vertical is None else ((0, told.horizontal), (0, told.vertical))


def _of_depth(one: Finding, other: Finding) -> list[tuple[_Amount, _Amount]] | None:
    """Cover: more is asked of what lies too shallow, less of what lies too deep. Where it is not known which of several
    cells holds, they are not compared."""
    mine, theirs = (finding.required.vertical if finding.required else None for finding in (one, other))
    if mine is None or theirs is None or any(f.cause == "cover_unknown" and f.gap is not None for f in (one, other)):
        return None
    sign = -1 if _FAMILIES.get(one.cause) == "deep" else 1
    # What sinks is asked besides: so much has to be there now.
    asked = [sign * mm + (f.after.sinks or 0 if f.after else 0) for f, mm in ((one, mine), (other, theirs))]
    return [((0, asked[0]), (0, asked[1]))]


def _of_quantity(one: Finding, other: Finding) -> list[tuple[_Amount, _Amount]] | None:
    """Quantities of one unit: whether more or less is asked is told by what there is."""
    assert one.asked is not None
    assert other.asked is not None
    signs = {_sign(finding.measured, finding.asked) for finding in (one, other)} - {0}
    if one.asked.unit != other.asked.unit or len(signs) != 1:
        return None
    sign = signs.pop()
    return [((0, sign * one.asked.value), (0, sign * other.asked.value))]


def _sign(measured: Quantity | None, asked: Quantity | None) -> int:
    """1 where at least so much is asked, -1 where at most, 0 where the finding does not tell."""
    if measured is None or asked is None or measured.unit != asked.unit:
        return 0
    return (measured.value < asked.value) - (measured.value > asked.value)
