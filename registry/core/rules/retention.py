"""``retention``: where water is retained, no larger discharge than before, or than a given one, without storage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from registry.core.applying import asked_parts
from registry.core.case import Case
from registry.core.clash import Clash
from registry.core.findings import Certainty, Finding, Met, Place, Quantity, Stretch
from registry.core.model import THEMES, Part, Zone
from registry.core.policy import RuleHeader
from registry.core.reading import Node
from registry.core.relations import Relied
from registry.core.rules.header import HEADER_KEYS, HEADER_OPTIONAL, Surroundings, choices, read_header
from registry.core.rules.kind import Evaluated, Kind
from registry.core.rules.zoned import read_values
from registry.core.water import Balance, balance, surest_meeting
from registry.core.zones import zones_of


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """In zones of type ``retain_water`` (``values`` empty: all), of parts of ``themes``: up to ``discharge`` (ml/s) is
    free. More asks for storage (litres): ``in_all``, or ``for_each`` l/s above what is free."""

    header: RuleHeader
    values: tuple[str, ...]
    themes: tuple[str, ...]
    discharge: int
    in_all: int | None
    for_each: int
    source: str
    kind: Literal["retention"] = "retention"

    def storage(self, excess: int) -> int:
        """What storage (litres) a discharge asks that is so much (ml/s) more than is free."""
        if excess <= 0:
            return 0
        return -(-excess * self.for_each // 1000) if self.in_all is None else self.in_all


def read(node: Node, surroundings: Surroundings) -> RetentionRule:
    """The rule out of its entries; faults are noted at the nodes."""
    given = node.entries((*HEADER_KEYS, "themes", "discharge", "storage", "source"), (*HEADER_OPTIONAL, "values"))
    storage = given["storage"].entries((), ("in_all", "for_each_l_s"))
    if isinstance(given["storage"].value, dict) and len(storage) != 1:
        remedy = "Give in_all, or for_each_l_s: for each litre a second above what is free."
        given["storage"].fault("storage is asked in one of two ways", remedy)
    asked = {way: node.measured("storage") for way, node in storage.items()}
    for way, litres in asked.items():
        if litres == 0 and storage[way].sound:
            storage[way].fault("this asks nothing", "Write how much, as 60 m3.", "out_of_range")
    return RetentionRule(
        header=read_header(given),
        values=read_values(given["values"]) if "values" in given else (),
        themes=choices(given["themes"], THEMES, "theme"),
        discharge=given["discharge"].measured("discharge"),
        in_all=asked.get("in_all"),
        for_each=asked.get("for_each_l_s", 0),
        source=surroundings.source(given["source"]),
    )


def evaluate(rule: RetentionRule, case: Case, relied: Relied) -> Evaluated:
    """Where the application discharges more than is free there, and stores too little for it."""
    asked = [part for part in asked_parts(rule.header, case, relied) if part.theme in rule.themes]
    by_value: dict[str, list[Zone]] = {}
    for zone in zones_of(case, "retain_water", rule.values or None):
        by_value.setdefault(zone.value, []).append(zone)
    findings: list[Finding] = []
    touched, least = False, None
    for value, zones in sorted(by_value.items()):
        meetings = [(part, surest_meeting(case, part, zones)) for part in asked]
        within = [(part, clash) for part, clash in meetings if clash is not None]
        if not within:
            continue
        touched = True
        found, met = _judged(rule, case, relied, value, zones, within)
        findings += found
        if met is not None and (least is None or met.margin.value < least.margin.value):
            least = met
    return Evaluated(findings, touched, least)


_Within = tuple[Part, Clash]


def _judged(
    rule: RetentionRule, case: Case, relied: Relied, value: str, zones: Sequence[Zone], within: Sequence[_Within]
) -> tuple[list[Finding], Met | None]:
    """What is found where water is retained under one name: of what surely lies there, else of what may.

    Where for want of a size nobody knows whether a part does, that decides before what is merely uncertain."""
    surely = [item for item in within if item[1].certainty == "certain"]
    known = [item for item in within if item[1].certainty in ("certain", "undetermined")]
    water = None
    tiers: tuple[tuple[Sequence[_Within], Certainty], ...]
    tiers = ((surely, "certain"), (known, "undetermined"), (within, "possible"))
    for parts, if_not_met in tiers:
        if not parts:
            continue
        water = balance(case, relied, [part for part, _ in parts], zones)
        came = _came(rule, water)
        if came != "met":
            certainty: Certainty = if_not_met if came == "not_met" else "undetermined"
            return _findings(rule, value, parts, water, certainty), None
    assert water is not None
    return [], _met(rule, water, within)


def _came(rule: RetentionRule, water: Balance) -> Literal["met", "not_met", "undetermined"]:
    """Whether it is so whatever is not known: what is not stated may be anything from nothing on."""
    free = max(rule.discharge, water.before)
    asked = rule.storage(water.discharge - free)
    enough = asked == 0 or ("storage" not in water.lacking and asked <= water.stored)
    if enough and "own_discharge" not in water.lacking:
        return "met"
    short = asked > 0 and asked > water.stored
    if short and not {"discharge", "own_storage"} & water.lacking:
        return "not_met"
    return "undetermined"


def _findings(
    rule: RetentionRule, value: str, parts: Sequence[_Within], water: Balance, certainty: Certainty
) -> list[Finding]:
    """One of the discharge and, unless it is not known, one of the storage that is asked for it."""
    most, where = max(parts, key=lambda item: item[0].discharge or 0)
    free = max(rule.discharge, water.before)
    excess = water.discharge - free
    asked = rule.storage(excess)
    unknown = {item for _, clash in parts if clash.certainty == "undetermined" for item in clash.lacking}
    stretches = tuple(Stretch(part.id, start, end) for part, clash in parts for start, end in clash.stretches)

    before = Quantity(water.before, "ml_per_s") if water.before else None

    def finding(
        cause: str, measured: Quantity | None, required: Quantity, short: Quantity | None, was: Quantity | None = None
    ) -> Finding:
        return Finding(
            rule=rule.header.id,
            rule_kind=rule.kind,
            cause=cause,
            certainty=certainty,
            severity=rule.header.capped(rule.header.severity),
            legal_force=rule.header.legal_force,
            counterparts=(),
            place=Place(most.id, where.chainage, where.x, where.y),
            stretches=stretches,
            lacking=tuple(sorted(water.lacking | unknown)) if certainty == "undetermined" else (),
            source=rule.source,
            measured=measured,
            asked=required,
            short=short,
            about=value,
            before=was,
        )

    told = Quantity(free, "ml_per_s")
    if certainty == "undetermined":
        known = None if "own_discharge" in water.lacking else Quantity(water.discharge, "ml_per_s")
        return [finding("discharges", known, told, None, before)]
    stored, storage = max(water.stored, 0), Quantity(asked, "litre")
    return [
        finding("discharges", Quantity(water.discharge, "ml_per_s"), told, Quantity(excess, "ml_per_s"), before),
        finding("stores", Quantity(stored, "litre"), storage, Quantity(asked - stored, "litre")),
    ]


def _met(rule: RetentionRule, water: Balance, within: Sequence[_Within]) -> Met:
    part, clash = within[0]
    place = Place(part.id, clash.chainage, clash.x, clash.y)
    free = max(rule.discharge, water.before)
    asked = rule.storage(water.discharge - free)
    if asked:
        measured, required, margin = water.stored, asked, water.stored - asked
        return Met(Quantity(measured, "litre"), Quantity(required, "litre"), Quantity(margin, "litre"), place)
    measured, required, margin = water.discharge, free, free - water.discharge
    return Met(Quantity(measured, "ml_per_s"), Quantity(required, "ml_per_s"), Quantity(margin, "ml_per_s"), place)


#: What its entries are called (``Kind.names``).
_NAMES: Final = {
    "en": {
        "retention": "retention of water",
        "values": "zones where water is retained",
        "values?": "all",
        "discharge": "free discharge",
        "storage": "storage asked for more",
        "in_all": "in all",
        "for_each_l_s": "for each l/s more",
    },
    "nl": {
        "retention": "vasthouden van water",
        "values": "zones waar water wordt vastgehouden",
        "values?": "alle",
        "discharge": "vrij debiet",
        "storage": "gevraagde berging bij meer",
        "in_all": "in totaal",
        "for_each_l_s": "voor elke l/s meer",
    },
}

KIND: Final = Kind(
    "retention",
    ("cloudbursts_and_drought",),
    read,
    evaluate,
    {
        "en": {
            "discharges": {
                "what": "The application discharges too much in a zone {about}, where water is retained.",
                "numbers": "Together its parts discharge {measured} there; {required} is free, so it is {missing} "
                "more.",
                "remedy": "Retain the water: design the alternative that stores it, or discharge {missing} less.",
            },
            "discharges_possible": {
                "what": "The application may discharge too much in a zone {about}, where water is retained.",
                "numbers": "Together its parts may discharge {measured} there; {required} is free.",
                "remedy": "As a condition: settle whether {part} lies in the zone; if it does, retain the water.",
            },
            "discharges_undetermined": {
                "what": "It cannot be determined whether the application discharges too much in a zone {about}, where "
                "water is retained. Unknown: {lacking}.",
                "numbers": "Free is {required}.",
                "remedy": "",
            },
            "stores": {
                "what": "For what it discharges the application stores too little in a zone {about}.",
                "remedy": "Store {missing} more there, and state it (storage, in m³).",
            },
            "stores_possible": {
                "what": "For what it may discharge the application stores too little in a zone {about}.",
                "remedy": "As a condition: store {missing} more there if {part} lies in the zone.",
            },
        },
        "nl": {
            "discharges": {
                "what": "De aanvraag voert te veel af in een zone {about}, waar water wordt vastgehouden.",
                "numbers": "Samen voeren de onderdelen daar {measured} af; vrij is {required}, dus het is {missing} te "
                "veel.",
                "remedy": "Houd het water vast: ontwerp de bergende variant, of voer {missing} minder af.",
            },
            "discharges_possible": {
                "what": "De aanvraag voert mogelijk te veel af in een zone {about}, waar water wordt vastgehouden.",
                "numbers": "Samen voeren de onderdelen daar mogelijk {measured} af; vrij is {required}.",
                "remedy": "Als voorwaarde: stel vast of {part} in de zone ligt; zo ja, houd het water vast.",
            },
            "discharges_undetermined": {
                "what": "Het is niet te bepalen of de aanvraag te veel afvoert in een zone {about}, waar water wordt "
                "vastgehouden. Onbekend: {lacking}.",
                "numbers": "Vrij is {required}.",
                "remedy": "",
            },
            "stores": {
                "what": "Voor wat zij afvoert, bergt de aanvraag te weinig in een zone {about}.",
                "remedy": "Berg daar {missing} meer, en geef dat op (storage, in m³).",
            },
            "stores_possible": {
                "what": "Voor wat zij mogelijk afvoert, bergt de aanvraag te weinig in een zone {about}.",
                "remedy": "Als voorwaarde: berg daar {missing} meer als {part} in de zone ligt.",
            },
        },
    },
    _NAMES,
    looks_at=(),
)
