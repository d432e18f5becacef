"""What would help: the remedy of a finding, in keeping with those of the other findings on the same object.

Where two rules, or the two numbers of one, ask something of one object, what satisfies one may not satisfy the other:
a crossing is made good by depth, a parallel run at any depth is not. The remedy then says what satisfies all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from math import hypot

from registry.core.errors import shown
from registry.core.findings import ACCEPTED_FAULTS, Finding
from registry.core.model import Asset, Line, Part, Reservation
from registry.formats.in_plan import joints, only_meet
from registry.formats.kind_told import in_its_words
from registry.formats.numbers import numbered
from registry.formats.telling import COVER, COVER_UNKNOWN, DISTANCE, TOO_DEEP, Axis, Telling, amounts, on, once
from registry.formats.words import length

#: So near (mm) to an end of a part a stretch counts as reaching it. Only words depend on it.
_AT_END = 50


def remedy(telling: Telling) -> Iterator[str]:
    """The sentences that say what would help."""
    words, finding = telling.words["remedy"], telling.finding
    own_words = in_its_words(telling, "remedy")
    if own_words:
        if finding.rival:
            yield words["rival"].format(holder=telling.holder)
        if not finding.rival or finding.certainty == "certain":
            yield own_words
        within = length(telling.ruleset.ground_level_within, telling.lang, 2)
        for item in finding.lacking:
            yield telling.words["obtain"][item].format(holder=telling.holder, within=within)
        return
    joined = _joined(telling)
    if joined and joined[1]:
        yield words[joined[0]]
        return
    if finding.fault is not None:
        yield telling.words["mend"][finding.fault].format(holder=telling.holder)
        yield from _nearly_the_same(telling)
        return
    own = [words["rival"].format(holder=telling.holder)] if finding.rival else []
    if not finding.rival or finding.certainty == "certain":
        own += _own(telling)
    if joined:
        own.append(words[joined[0]])
    cause = _misstated(telling)
    if cause is None:
        yield from (*own, *_forgotten(telling))
        return
    kind, number = cause
    yield words[kind].format(others=numbered(telling, [number]))
    yield from (words["otherwise"], *own) if own else ()


def _own(telling: Telling) -> Iterator[str]:
    """What would help, whatever the other findings are about."""
    words, finding = telling.words["remedy"], telling.finding
    if finding.certainty == "undetermined" or finding.cause in COVER_UNKNOWN:
        yield from _obtaining(telling)
    elif finding.certainty == "assumed":
        yield words["assumed"].format(holder=telling.holder)
    elif finding.certainty == "possible":
        yield words["possible_cover" if finding.cause in COVER else "possible"]
    elif finding.certainty == "possible_end":
        yield words["possible_end"]
    elif finding.cause == "sticks_out":
        yield words["inside"]
    elif finding.cause in COVER:
        missing = on(finding.missing, "vertical")
        kind = "cover_too_large" if finding.cause in TOO_DEEP else "cover_too_small"
        yield words[kind].format(missing=telling.metres(abs(missing or 0)))
    else:
        yield from _room(telling)


def _misstated(telling: Telling) -> tuple[str, int] | None:
    """The finding of the report that says that a relation was not accepted which would explain this one, and whether
    that relation is with this very object or, by its theme and where it lies, perhaps with it."""
    finding, part, counterparts = telling.finding, telling.part, telling.finding.counterparts
    if finding.cause not in DISTANCE or not counterparts:
        return None
    parts = {finding.place.part, *(stretch.part for stretch in finding.stretches)}
    false = [
        (number, item.counterparts[0], item)
        for number, item in telling.given.numbered
        if item.cause == "relation" and item.fault not in ACCEPTED_FAULTS and item.place.part in parts
        if item.counterparts
    ]
    for number, other, _item in false:
        if (other.kind, other.id) in {(c.kind, c.id) for c in counterparts}:
            return "mend_first", number
    for number, other, item in false:
        unknown = item.fault == "unknown_target" and other.kind == counterparts[0].kind
        if unknown and part is not None and counterparts[0].theme == part.theme and _touches(finding):
            return "mend_first_perhaps", number
    return None


def _nearly_the_same(telling: Telling) -> Iterator[str]:
    """Where a name that had to be the applicant's, or one that consented, differs from it by case or spaces only."""
    finding, filed = telling.finding, telling.given.application
    if filed is None or finding.fault not in ("no_consent", "not_beneficiary"):
        return
    names = [counterpart.holder for counterpart in finding.counterparts]
    if finding.fault == "not_beneficiary":
        names += [thing.beneficiary for thing in telling.others if isinstance(thing, Reservation)]
    consented = [("same_as_consent", consent.holder) for consent in filed.consents]
    for name in once(names):
        for kind, other in [("same_as_applicant", filed.applicant), *consented]:
            if name != other and _folded(name) == _folded(other):
                yield telling.words["remedy"][kind].format(name=shown(name), other=shown(other))


def _folded(name: str) -> str:
    return "".join(name.split()).casefold()


def _obtaining(telling: Telling) -> Iterator[str]:
    """How to get what is lacking, and how far sideways it would not matter."""
    finding = telling.finding
    within = length(telling.ruleset.ground_level_within, telling.lang, 2)
    deeper = _deeper(telling)
    for item in finding.lacking:
        if item == "surface" and deeper is not None:
            yield telling.words["remedy"]["surface_or_deeper"].format(missing=telling.metres(deeper))
        else:
            yield telling.words["obtain"][item].format(holder=telling.holder, within=within)
    if deeper is not None and "surface" not in finding.lacking:
        yield telling.words["remedy"]["deeper_instead"].format(missing=telling.metres(deeper))
    if finding.cause in DISTANCE:
        measures = (finding.gap, finding.required, finding.uncertainty)
        gap, required, uncertain = (on(measure, "horizontal") for measure in measures)
        short = (required or 0) - (gap or 0) + (uncertain or 0)
        if gap is not None and short > 0 and not telling.size_unknown() and not telling.passes_through():
            yield telling.words["remedy"]["sideways_instead"].format(horizontal=telling.metres(short))


def _deeper(telling: Telling) -> int | None:
    """How much deeper a part has the cover asked under every surface, mm; ``None`` where that is not the matter."""
    finding = telling.finding
    cover, asked, uncertain = (on(m, "vertical") for m in (finding.gap, finding.required, finding.uncertainty))
    if finding.cause not in COVER_UNKNOWN or cover is None or asked is None or cover >= asked:
        return None
    return asked - cover + (uncertain or 0)


def _room(telling: Telling) -> Iterator[str]:
    """Which of the missing amounts to make good: either will do, unless a rule holds at any depth."""
    words, finding, others = telling.words["remedy"], telling.finding, _alongside(telling)
    own = _missing(finding)
    asked = [own, *(_missing(other) for _, other in others)]
    together = {axis: max(item[axis] for item in asked) for axis in own if all(axis in item for item in asked)}
    wanted = together if others else own
    through = any(replace(telling, finding=item).passes_through() for item in [finding, *(item for _, item in others)])
    over_each_other = (on(finding.gap, "horizontal") or 0) < 0
    kind = _way(telling, wanted, through)
    if not kind:
        return
    unsized = telling.size_unknown()
    amount = {axis: _amount(telling, axis, mm) for axis, mm in wanted.items()}
    found = numbered(telling, [number for number, _ in others]) if others else ""
    if others and "vertical" in own and "vertical" not in together and not unsized:
        steeply = telling.both_lines()
        if through:
            kind = "round_not_over" if steeply else "round_only_not_over"
        elif over_each_other:
            kind = "through_not_over" if steeply else "aside_not_over"
        else:
            kind = "sideways_for_both"
        yield words[kind].format(**amount, vertical=telling.metres(own["vertical"]), others=found)
        return
    yield words[kind].format(**amount)
    if others and not unsized:
        yield words["also"].format(others=found)
    if unsized:
        yield words["size_decides"]
        for item in finding.lacking:
            yield telling.words["obtain"][item].format(holder=telling.holder)


def _amount(telling: Telling, axis: Axis, mm: int) -> str:
    """An amount in metres; *at least* where a width is unknown, and of volumes, which overlap at least so deep."""
    least = telling.size_unknown() or (axis == "horizontal" and telling.volumes_overlap())
    metres = telling.metres(mm)
    return telling.words["text"]["at_least"].format(amount=metres) if least else metres


def _way(telling: Telling, missing: dict[Axis, int], through: bool) -> str:
    """Which ways there are to make good what is missing."""
    finding = telling.finding
    any_depth = finding.required is not None and finding.required.vertical is None
    over_each_other = (on(finding.gap, "horizontal") or 0) < 0
    kind = "either" if len(missing) == 2 else next(iter(missing), "")
    if through and "horizontal" in missing:
        if kind == "either":
            return "round"
        steeply = any_depth and finding.cause == "parallel" and telling.both_lines()
        return "round_or_steeply" if steeply else "round_only"
    if kind == "either" and over_each_other:
        return "through" if telling.others else "through_perhaps"
    if kind == "horizontal" and any_depth:
        if over_each_other and finding.cause == "parallel":
            return "only_sideways_through" if telling.both_lines() else "only_aside"
        return "only_sideways"
    return kind


def _missing(finding: Finding) -> dict[Axis, int]:
    """What is to be made good along each axis: one of the two will do."""
    missing = dict(amounts(finding.missing))
    if finding.cause == "overlap" and finding.missing is None and finding.gap is not None:
        return {axis: -gap for axis in ("horizontal", "vertical") if (gap := on(finding.gap, axis) or 0) < 0}
    return missing


def _alongside(telling: Telling) -> list[tuple[int, Finding]]:
    """The other findings of the report that are as certain, about the same object and about a place in common."""
    finding = telling.finding
    return [
        (number, other)
        for number, other in telling.given.numbered
        if other is not finding
        and other.certainty == finding.certainty == "certain"
        and other.cause in DISTANCE
        and [(c.kind, c.id) for c in other.counterparts] == [(c.kind, c.id) for c in finding.counterparts]
        and "horizontal" in _missing(other)
        and _in_common(finding, other)
    ]


def _in_common(a: Finding, b: Finding) -> bool:
    if not a.stretches or not b.stretches:
        return a.place.part == b.place.part
    return any(
        one.part == two.part and one.start <= two.end and two.start <= one.end
        for one in a.stretches
        for two in b.stretches
    )


def _forgotten(telling: Telling) -> Iterator[str]:
    """The relation that would explain why a part takes the space of an object of its own theme, or ends at it."""
    finding, part = telling.finding, telling.part
    if part is None or finding.cause not in DISTANCE or not finding.counterparts:
        return
    first = finding.counterparts[0]
    targets = {(c.kind, c.id) for c in finding.counterparts}
    claimed = any((relation.target_kind, relation.target) in targets for relation in part.relations)
    if first.theme != part.theme or claimed or not _touches(finding):
        return
    if first.kind == "reservation":
        yield telling.words["remedy"]["relation_uses"]
    elif first.kind == "works" and not finding.rival:
        if _at_end(finding, part.geometry if isinstance(part.geometry, Line) else None):
            yield telling.words["remedy"]["relation_to_works"]
    elif all(isinstance(thing, Asset) for thing in telling.others) and first.kind == "asset":
        at_end = _at_end(finding, part.geometry if isinstance(part.geometry, Line) else None)
        yield telling.words["remedy"]["relation_at_end" if at_end else "relation_replaces"]


def _joined(telling: Telling) -> tuple[str, bool] | None:
    """The relation that two parts of one application may have forgotten, and whether nothing else needs mending."""
    finding, part, others = telling.finding, telling.part, telling.others
    if part is None or finding.cause not in DISTANCE or len(others) != 1 or not isinstance(others[0], Part):
        return None
    other = others[0]
    said = {(part.id, item.target) for item in part.relations if item.target_kind == "part"}
    said |= {(item.target, other.id) for item in other.relations if item.target_kind == "part"}
    if (part.id, other.id) in said or not _touches(finding):
        return None
    both_lines = isinstance(part.geometry, Line) and isinstance(other.geometry, Line)
    meet = bool(joints(part, other)) and (part.theme == other.theme or not both_lines)
    required = on(finding.required, "horizontal") or 0
    if meet and only_meet(part, other, required, telling.ruleset.joint_radius, finding.measured_from):
        return "joined", True
    holding = [thing for thing in (part, other) if thing.object_kind in ("duct", "bored")]
    if both_lines and len(holding) == 1:
        return "lies_inside", False
    return ("joined", False) if meet else None


def _touches(finding: Finding) -> bool:
    """Whether the two overlap, or touch; of an unknown depth as far as can be known."""
    gap = finding.gap
    if gap is None or gap.horizontal is None:
        return False
    return gap.horizontal <= 0 and (gap.vertical is None or gap.vertical <= 0)


def _at_end(finding: Finding, line: Line | None) -> bool:
    """Whether it concerns an end of the part: one joins another there."""
    if line is None:
        return False
    whole = sum(hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(line.vertices))
    own = [stretch for stretch in finding.stretches if stretch.part == finding.place.part]
    return any(stretch.start <= _AT_END or stretch.end >= whole - _AT_END for stretch in own)
