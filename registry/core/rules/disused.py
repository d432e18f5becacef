"""``disused``: what is out of use is taken out of the ground when something new takes its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from registry.core.applying import asked_parts
from registry.core.case import Case
from registry.core.clash import Clash, find_clash
from registry.core.findings import Finding, Measure, Place, Quantity, Stretch
from registry.core.model import Asset, Part
from registry.core.policy import Clearance, RuleHeader
from registry.core.reading import Node
from registry.core.relations import Relied, counterpart, first_place
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, read_header
from registry.core.rules.kind import Evaluated, Kind

Holder = Literal["same", "any"]
_HOLDERS: Final[tuple[Holder, ...]] = ("same", "any")


@dataclass(frozen=True, slots=True)
class DisusedRule:
    """What is replaced may not stay in the ground; nor may what is disused, of a part's theme and nearer to it than
    ``within`` (mm, in plan, casing to casing). ``holder``: of whom, the applicant or anybody."""

    header: RuleHeader
    within: int
    holder: Holder
    source: str
    kind: Literal["disused"] = "disused"

    @property
    def widest(self) -> int:
        """How far sideways it looks, mm."""
        return self.within


def read(node: Node, surroundings: Surroundings) -> DisusedRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "within", "holder", "source"), HEADER_OPTIONAL)
    return DisusedRule(
        header=read_header(given),
        within=surroundings.distance(given["within"]),
        holder=given["holder"].choice(_HOLDERS, "holder"),
        source=surroundings.source(given["source"]),
    )


def evaluate(rule: DisusedRule, case: Case, relied: Relied) -> Evaluated:
    """What a part replaces and leaves in the ground, and what lies disused beside it and is not to go."""
    findings: list[Finding] = []
    touched = False
    going = _going(relied)
    for part in asked_parts(rule.header, case, relied):
        left = _left(case, relied, part)
        beside = [one for one in _disused(rule, case, relied, part) if one not in left]
        replaces = any(name == part.id and item.kind in ("replaces", "removes") for name, item in relied.accepted)
        touched = touched or replaces or bool(beside)
        findings += (_left_behind(rule, case, part, asset) for asset in left if asset.removal_date is None)
        for asset in beside:
            if asset.id not in going and asset.removal_date is None:
                findings += _near(rule, case, part, asset)
    return Evaluated(findings, touched)


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {
        "disused": "removal of what is disused",
        "within": "distance to what is new within which it goes",
        "holder": "of which holder",
        "same": "the applicant",
        "any": "anybody",
    },
    "nl": {
        "disused": "verwijdering van wat buiten gebruik is",
        "within": "afstand tot wat nieuw is waarbinnen het weg moet",
        "holder": "van welke beheerder",
        "same": "de aanvrager",
        "any": "iedereen",
    },
}

KIND: Final = Kind(
    "disused",
    ("cables_and_pipes",),
    read,
    evaluate,
    {
        "nl": {
            "left_in_ground": {
                "what": "Onderdeel {part} vervangt {other} en laat dat in de grond liggen.",
                "remedy": "Verwijder het, en laat left_in_ground weg bij de relatie van {part}.",
            },
            "disused_near": {
                "what": "Bij onderdeel {part} ligt {other}, van hetzelfde thema en buiten gebruik.",
                "numbers": "Het ligt er zijdelings {measured} vandaan; binnen {required} moet het weg.",
                "remedy": "Verwijder het bij de aanleg van {part}, en vermeld dat bij het onderdeel (removes).",
            },
            "disused_near_possible": {
                "what": "Misschien ligt bij onderdeel {part} {other}, van hetzelfde thema en buiten gebruik.",
                "numbers": "Binnen {required} moet het weg.",
                "remedy": "Laat vaststellen waar het ligt; verwijder het als het zo dichtbij ligt.",
            },
            "disused_near_undetermined": {
                "what": "Of {other}, van hetzelfde thema en buiten gebruik, dicht bij onderdeel {part} ligt, is niet "
                "te bepalen. Onbekend: {lacking}.",
                "numbers": "Binnen {required} moet het weg.",
                "remedy": "",
            },
        },
        "en": {
            "left_in_ground": {
                "what": "Part {part} replaces {other} and leaves it in the ground.",
                "remedy": "Remove it, and leave left_in_ground out of the relation of {part}.",
            },
            "disused_near": {
                "what": "Beside part {part} lies {other}, of the same theme and disused.",
                "numbers": "It lies {measured} away sideways; within {required} it has to go.",
                "remedy": "Remove it when {part} is laid, and say so with the part (removes).",
            },
            "disused_near_possible": {
                "what": "Beside part {part} may lie {other}, of the same theme and disused.",
                "numbers": "Within {required} it has to go.",
                "remedy": "Have established where it lies; remove it if it lies as near as that.",
            },
            "disused_near_undetermined": {
                "what": "It cannot be determined whether {other}, of the same theme and disused, lies near part "
                "{part}. Unknown: {lacking}.",
                "numbers": "Within {required} it has to go.",
                "remedy": "",
            },
        },
    },
    _NAMES,
    looks_at=(),
)


def _going(relied: Relied) -> set[str]:
    """The assets (ids) that some part removes, or replaces and takes away, now or on a date that is stated."""
    said = [item for _, item in relied.accepted if item.kind in ("replaces", "removes")]
    return {item.target for item in said if not item.left_in_ground} - {
        item.target for item in said if item.left_in_ground
    }


def _left(case: Case, relied: Relied, part: Part) -> list[Asset]:
    """What a part replaces and leaves in the ground, as was verified."""
    found = [
        case.known[("asset", item.target)]
        for name, item in relied.accepted
        if name == part.id and item.kind in ("replaces", "removes") and item.left_in_ground
    ]
    return [asset for asset in found if isinstance(asset, Asset)]


def _disused(rule: DisusedRule, case: Case, relied: Relied, part: Part) -> Iterator[Asset]:
    """The disused assets about which the rule says something for a part. One whose holder is unknown may be anybody's;
    one in which the part lies is in use again."""
    for asset in case.obstacles:
        if not isinstance(asset, Asset) or asset.status != "disused" or asset.theme != part.theme:
            continue
        theirs = asset.holder is not None and asset.holder != case.holder(part)
        if not (theirs and rule.holder == "same") and (part.id, "asset", asset.id) not in relied.unjudged:
            yield asset


def _left_behind(rule: DisusedRule, case: Case, part: Part, asset: Asset) -> Finding:
    return Finding(
        rule=rule.header.id,
        rule_kind=rule.kind,
        cause="left_in_ground",
        certainty="certain",
        severity=rule.header.capped(rule.header.severity),
        legal_force=rule.header.legal_force,
        counterparts=(counterpart(case, asset),),
        place=first_place(case, part),
        stretches=(),
    )


def _near(rule: DisusedRule, case: Case, part: Part, asset: Asset) -> Iterator[Finding]:
    a, b = (case.solid(thing, "casing") for thing in (part, asset))
    uncertainty = case.uncertainty(part, asset)
    clash: Clash | None = find_clash(a, b, Clearance(rule.within, None), uncertainty, case.ruleset.reach)
    if clash is None:
        return
    gap = clash.gap.horizontal
    yield Finding(
        rule=rule.header.id,
        rule_kind=rule.kind,
        cause="disused_near",
        certainty=clash.certainty,
        severity=rule.header.capped(rule.header.severity),
        legal_force=rule.header.legal_force,
        counterparts=(counterpart(case, asset),),
        place=Place(part.id, clash.chainage, clash.x, clash.y),
        stretches=tuple(Stretch(part.id, start, end) for start, end in clash.stretches),
        uncertainty=Measure(uncertainty.xy, None) if uncertainty.xy else None,
        lacking=clash.lacking if clash.certainty == "undetermined" else (),
        source=rule.source,
        measured=Quantity(max(gap, 0), "mm") if clash.certainty == "certain" and gap is not None else None,
        asked=Quantity(rule.within, "mm"),
    )
