"""``depth_limit``: nothing deeper than a level, or than a depth below ground, inside a zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from registry.core.applying import asked_parts
from registry.core.bottoms import Bottom, bottoms
from registry.core.case import Case
from registry.core.clash import Clash, find_clash
from registry.core.elements import merged
from registry.core.findings import Certainty, Finding, Measure, Place, Quantity, Stretch
from registry.core.model import Part, Thing, Uncertainty, Zone
from registry.core.policy import SEVERITIES, Clearance, RuleHeader
from registry.core.reading import MAX_LENGTH, Node
from registry.core.relations import Relied
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.rules.zoned import NAMES, Zones, not_worsened, read_zones, refuse_double
from registry.core.same_place import Span
from registry.core.zones import meetings_with_zone, zone_solid


@dataclass(frozen=True, slots=True)
class DepthCell:
    """How deep things may lie in these zones, mm: no lower than a ``level`` (NAP), or a ``depth`` below ground."""

    zones: Zones
    level: int | None
    depth: int | None
    source: str


@dataclass(frozen=True, slots=True)
class DepthLimitRule:
    """What it asks, zone by zone. A part that lies in two zones is asked both."""

    header: RuleHeader
    cells: tuple[DepthCell, ...]
    kind: Literal["depth_limit"] = "depth_limit"


def read(node: Node, surroundings: Surroundings) -> DepthLimitRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "cells"), HEADER_OPTIONAL)
    cells = []
    items: list[tuple[Zones, object, Node]] = []
    for item in given["cells"].items(at_least=1):
        entries = item.entries(("zone", "source"), ("values", "level", "depth"))
        if isinstance(item.value, dict) and ("level" in entries) == ("depth" in entries):
            item.fault("a cell has either level or depth", "Give level (NAP), or depth below ground.")
        zones = read_zones(entries)
        level = entries["level"].length(least=-MAX_LENGTH) if "level" in entries else None
        depth = entries["depth"].length() if "depth" in entries else None
        cells.append(DepthCell(zones, level, depth, surroundings.source(entries["source"])))
        items.append((zones, level is None, item))
    refuse_double(items)
    return DepthLimitRule(read_header(given), tuple(sorted(cells, key=str)))


def evaluate(rule: DepthLimitRule, case: Case, relied: Relied) -> Evaluated:
    """Where a part lies too deep in a zone, or where that is not to be known."""
    findings: list[Finding] = []
    touched = False
    for part in asked_parts(rule.header, case, relied):
        for cell in rule.cells:
            for zone in cell.zones.of(case):
                if next(meetings_with_zone(case, part, zone, any_depth=True), None) is not None:
                    touched = True
                    findings += _findings(rule, case, relied, part, cell, zone)
    return Evaluated(findings, touched)


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {
        "depth_limit": "depth limit",
        "cells": "how deep",
        **NAMES["en"],
        "level": "no lower than NAP {}",
        "depth": "at most {} below ground level",
    },
    "nl": {
        "depth_limit": "dieptegrens",
        "cells": "hoe diep",
        **NAMES["nl"],
        "level": "niet lager dan NAP {}",
        "depth": "hoogstens {} onder het maaiveld",
    },
}

KIND: Final = Kind(
    "depth_limit",
    ("groundwater",),
    read,
    evaluate,
    {
        "nl": {
            "below_level": {
                "what": "Onderdeel {part} ligt te diep in een zone {about}.",
                "numbers": "De onderkant ligt op NAP {measured}; toegestaan is niet lager dan NAP {required}, dus het "
                "scheelt {missing}.",
                "remedy": "Leg {part} daar minstens {missing} hoger, of buiten de zone.",
            },
            "below_level_endless": {
                "what": "Onderdeel {part} gaat in een zone {about} zonder grens de diepte in.",
                "numbers": "Toegestaan is niet lager dan NAP {required}.",
                "remedy": "Geef op tot hoe diep {part} gaat.",
            },
            "below_level_possible": {
                "what": "Onderdeel {part} ligt misschien te diep in een zone {about}.",
                "numbers": "De onderkant kan op NAP {measured} liggen; toegestaan is niet lager dan NAP {required}.",
                "remedy": "Leg vast waar {part} komt te liggen, of leg het hoger.",
            },
            "below_level_undetermined": {
                "what": "Of onderdeel {part} te diep ligt in een zone {about}, is niet te bepalen. Onbekend: "
                "{lacking}.",
                "numbers": "Toegestaan is niet lager dan NAP {required}.",
                "remedy": "",
            },
            "below_depth": {
                "what": "Onderdeel {part} ligt te diep onder het maaiveld in een zone {about}.",
                "numbers": "De onderkant ligt {measured} onder het maaiveld; toegestaan is hoogstens {required}, dus "
                "het scheelt {missing}.",
                "remedy": "Leg {part} daar minstens {missing} hoger, of buiten de zone.",
            },
            "below_depth_endless": {
                "what": "Onderdeel {part} gaat in een zone {about} zonder grens de diepte in.",
                "numbers": "Toegestaan is hoogstens {required} onder het maaiveld.",
                "remedy": "Geef op tot hoe diep {part} gaat.",
            },
            "below_depth_possible": {
                "what": "Onderdeel {part} ligt misschien te diep onder het maaiveld in een zone {about}.",
                "numbers": "De onderkant kan {measured} onder het maaiveld liggen; toegestaan is hoogstens {required}.",
                "remedy": "Leg vast waar {part} komt te liggen en hoe hoog het maaiveld daar is, of leg het hoger.",
            },
            "below_depth_undetermined": {
                "what": "Of onderdeel {part} te diep onder het maaiveld ligt in een zone {about}, is niet te bepalen. "
                "Onbekend: {lacking}.",
                "numbers": "Toegestaan is hoogstens {required} onder het maaiveld.",
                "remedy": "",
            },
        },
        "en": {
            "below_level": {
                "what": "Part {part} lies too deep in a zone {about}.",
                "numbers": "Its bottom lies at NAP {measured}; no lower than NAP {required} is allowed, so it is "
                "{missing} too deep.",
                "remedy": "Lay {part} at least {missing} higher there, or outside the zone.",
            },
            "below_level_endless": {
                "what": "Part {part} goes down without end in a zone {about}.",
                "numbers": "No lower than NAP {required} is allowed.",
                "remedy": "State how deep {part} goes.",
            },
            "below_level_possible": {
                "what": "Part {part} may lie too deep in a zone {about}.",
                "numbers": "Its bottom may lie at NAP {measured}; no lower than NAP {required} is allowed.",
                "remedy": "Settle where {part} will lie, or lay it higher.",
            },
            "below_level_undetermined": {
                "what": "It cannot be determined whether part {part} lies too deep in a zone {about}. Unknown: "
                "{lacking}.",
                "numbers": "No lower than NAP {required} is allowed.",
                "remedy": "",
            },
            "below_depth": {
                "what": "Part {part} lies too deep below ground level in a zone {about}.",
                "numbers": "Its bottom lies {measured} below ground level; at most {required} is allowed, so it is "
                "{missing} too deep.",
                "remedy": "Lay {part} at least {missing} higher there, or outside the zone.",
            },
            "below_depth_endless": {
                "what": "Part {part} goes down without end in a zone {about}.",
                "numbers": "At most {required} below ground level is allowed.",
                "remedy": "State how deep {part} goes.",
            },
            "below_depth_possible": {
                "what": "Part {part} may lie too deep below ground level in a zone {about}.",
                "numbers": "Its bottom may lie {measured} below ground level; at most {required} is allowed.",
                "remedy": "Settle where {part} will lie and how high ground level is there, or lay it higher.",
            },
            "below_depth_undetermined": {
                "what": "It cannot be determined whether part {part} lies too deep below ground level in a zone "
                "{about}. Unknown: {lacking}.",
                "numbers": "At most {required} below ground level is allowed.",
                "remedy": "",
            },
        },
    },
    _NAMES,
    looks_at=(),
)


def _findings(
    rule: DepthLimitRule, case: Case, relied: Relied, part: Part, cell: DepthCell, zone: Zone
) -> Iterator[Finding]:
    for clash in _too_deep(case, part, cell, zone):
        better = not_worsened(case, relied, part, clash, lambda old: next(iter(_too_deep(case, old, cell, zone)), None))
        yield _finding(rule, case, part, cell, zone, clash, better)


def _too_deep(case: Case, thing: Thing, cell: DepthCell, zone: Zone) -> list[Clash]:
    """Where a part, or what it replaces, lies too deep in a zone, whatever the zone's own bottom and top: one of each
    certainty, the most certain first. ``gap.vertical`` is how far it is from too deep, less than nothing."""
    if cell.level is not None:
        return list(meetings_with_zone(case, thing, replace(zone, top=cell.level, bottom=None)))
    assert cell.depth is not None
    return _below_ground(case, thing, zone, cell.depth)


def _below_ground(case: Case, thing: Thing, zone: Zone, limit: int) -> list[Clash]:
    """As ``_too_deep``, by the depth of the bottom below ground level along where the part lies in the zone."""
    meetings = list(meetings_with_zone(case, thing, zone, any_depth=True))
    if not meetings:
        return []
    inside = merged([span for meeting in meetings for span in meeting.stretches], 1)
    shift = thing.uncertainty.xy
    # What only just touches the zone does so over no length.
    inside = [(start, end) if start < end else (start - 1, end + 1) for start, end in inside]
    judged = [(_judged(one, limit), one) for one in bottoms(case, thing, inside, limit)]
    found: dict[Certainty, list[Bottom]] = {}
    whole = all(certainty == "certain" for certainty, _ in judged) and meetings[0].certainty == "certain"
    doubted = not whole and any(certainty == "certain" for certainty, _ in judged)
    sure = _surely(case, thing, zone, shift) if doubted else []
    # For want of a size nobody knows whether it lies there at all: that is more than uncertain.
    unknown = tuple(sorted({item for one in meetings if one.certainty == "undetermined" for item in one.lacking}))
    for certainty, one in judged:
        if certainty is None:
            continue
        if certainty == "certain" and not whole and not _within(one.stretch, sure):
            certainty = "undetermined" if unknown else "possible"
            one = replace(one, lacking=(*one.lacking, *unknown))
        found.setdefault(certainty, []).append(one)
    order: tuple[Certainty, ...] = ("certain", "undetermined", "possible")
    kept = [certainty for certainty in order if certainty in found]
    return [_clash(found[certainty], certainty, limit, certainty != kept[-1]) for certainty in kept]


def _surely(case: Case, thing: Thing, zone: Zone, shift: int) -> list[Span]:
    """The stretches that lie in a zone however far (mm) the part is moved."""
    solid, other = case.solid(thing, "casing"), zone_solid(zone, any_depth=True)
    clash = find_clash(solid, other, Clearance(-shift, None), Uncertainty(), case.ruleset.reach)
    return list(clash.stretches) if clash is not None and clash.certainty == "certain" else []


def _within(stretch: Span | None, spans: Sequence[Span]) -> bool:
    """Whether some of a piece of a line lies in one of these stretches; a drop has no length."""
    if stretch is None:
        return False
    drop = stretch[0] == stretch[1]
    return any(min(end, stretch[1]) - max(start, stretch[0]) > (-1 if drop else 0) for start, end in spans)


def _judged(bottom: Bottom, limit: int) -> Certainty | None:
    """How certain it is that a piece lies too deep: certain where it does by every ground level that may be the one."""
    if bottom.endless:
        return "certain"
    if not bottom.readings:
        return "undetermined"
    if all(reading.deepest(-1) > limit for reading in bottom.readings):
        return "certain"
    return "possible" if any(reading.deepest(1) > limit for reading in bottom.readings) else None


def _clash(pieces: Sequence[Bottom], certainty: Certainty, limit: int, mixed: bool) -> Clash:
    """What pieces of one certainty come to: by the deepest of them."""

    def depth(one: Bottom) -> int:
        more = certainty == "possible"
        return max((reading.most + (reading.uncertainty if more else 0) for reading in one.readings), default=0)

    worst = min(pieces, key=lambda one: (not one.endless, -depth(one), one.chainage or 0, one.x, one.y))
    known = bool(worst.readings) and not worst.endless
    return Clash(
        certainty=certainty,
        gap=Measure(None, limit - depth(worst) if known else None),
        segment=0,
        chainage=worst.chainage,
        x=worst.x,
        y=worst.y,
        stretches=tuple(merged([one.stretch for one in pieces if one.stretch is not None], 1)),
        lacking=tuple(sorted({item for one in pieces for item in one.lacking})),
        mixed=mixed,
    )


def _finding(
    rule: DepthLimitRule, case: Case, part: Part, cell: DepthCell, zone: Zone, clash: Clash, not_worse: bool
) -> Finding:
    limit, short = cell.level if cell.depth is None else cell.depth, clash.gap.vertical
    assert limit is not None
    if short is not None and cell.depth is None and clash.certainty != "certain":
        # As low as it may lie, as depth below ground is told too.
        short -= part.uncertainty.z + case.solid(part, "casing").extra_z
    lowest = None
    if short is not None and clash.certainty != "undetermined":
        lowest = limit + short if cell.depth is None else limit - short
    cause = "below_level" if cell.depth is None else "below_depth"
    severity = rule.header.severity
    if not_worse:
        severity = max(severity, case.ruleset.not_worsened, key=SEVERITIES.index)
    uncertain, certain = part.uncertainty, clash.certainty == "certain"
    return Finding(
        rule=rule.header.id,
        rule_kind=rule.kind,
        cause=f"{cause}_endless" if lowest is None and certain else cause,
        certainty=clash.certainty,
        severity=rule.header.capped(severity),
        legal_force=rule.header.legal_force,
        counterparts=(),
        place=Place(part.id, clash.chainage, clash.x, clash.y),
        stretches=tuple(Stretch(part.id, start, end) for start, end in clash.stretches if end > start),
        not_worsened=not_worse,
        uncertainty=Measure(uncertain.xy or None, uncertain.z or None) if uncertain.xy or uncertain.z else None,
        lacking=clash.lacking if clash.certainty == "undetermined" else (),
        source=cell.source,
        measured=None if lowest is None else Quantity(lowest, "mm"),
        asked=Quantity(limit, "mm"),
        short=Quantity(-short, "mm") if short is not None and certain else None,
        about=zone.value,
    )
