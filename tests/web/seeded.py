"""A register with an example street in it, filled as its users would, to look at through the pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from registry.core.actors import Actor
from registry.core.model import Application, Asset, GroundLevel, Line, Part, Relation, Reservation, Size, Zone
from registry.db import Database
from registry.formats.exchange import read_exchange
from registry.formats.ruleset_yaml import load_ruleset
from registry.handlers import HANDLERS
from registry.jobs import work_once
from registry.services import applications, deciding, imports, reservations, rulesets, verdicts

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
START = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
#: What would run, hide or turn around what is beside it if a page let it.
HOSTILE = "<script>alert(1)</script>\u202etxt.exe\u202c & \"'><img src=x onerror=alert(1)>"

MANAGER = Actor("beheer", "Voorbeeldstad, public space", "manager")
SEWERS = Actor("riolen", "Voorbeeldstad, sewers", "operator")
WATER = Actor("water", "Waterbedrijf", "operator")
FIBRE = Actor("glas", "Glasnet", "operator")
OFFICER = Actor("loket", "Voorbeeldstad", "officer")
KEEPER = Actor("inlezer", "Voorbeeldstad", "administrator")
AUTHOR = Actor("beleid", "Voorbeeldstad", "policy_officer")
PUBLISHER = Actor("bestuur", "Voorbeeldstad", "policy_officer")


@dataclass(frozen=True)
class Street:
    """The register, and the moment up to which it was filled."""

    db: Database
    now: datetime


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def part(
    id_: str, theme: str, *points: tuple[float, float, float], outer: float, relations: tuple[Relation, ...] = ()
) -> Part:
    return Part(id_, theme, "line", line(*points, outer=outer), relations=relations)


def line(*points: tuple[float, float, float], outer: float) -> Line:
    """A round pipe along points in metres (x, y, axis)."""
    mm = round(outer * 1000)
    return Line(
        tuple((round(x * 1000), round(y * 1000)) for x, y, _ in points),
        tuple(round(z * 1000) for _, _, z in points),
        "axis",
        "nap",
        Size("round", "outer", mm, mm),
    )


def street() -> tuple[list[Asset | GroundLevel | Zone], list[Reservation]]:
    """What lies in the example street, with more themes beside it, and what is reserved there."""
    exchange = read_exchange(EXAMPLES / "flagship" / "street.geojson")
    lying: list[Asset | GroundLevel | Zone] = [o for o in exchange.objects if isinstance(o, (Asset, GroundLevel, Zone))]
    reserved = [o for o in exchange.objects if isinstance(o, Reservation)]
    for id_, theme, x, z, outer in (
        ("water-110", "water", 155_009.4, -1.2, 0.11),
        ("gas-63", "gasLageDruk", 155_010.2, -1.0, 0.063),
        ("lv-1", "laagspanning", 155_011.0, -0.7, 0.04),
        ("fibre-1", "datatransport", 155_011.4, -0.6, 0.04),
    ):
        lying.append(
            Asset(
                id_,
                theme,
                "line",
                line((x, 463_000, z), (x, 463_030, z), outer=outer),
                holder=HOSTILE if id_ == "lv-1" else "Net",
                source="example",
            )
        )
    sides = ("road", "carriageway", 155_003_000, 155_008_500), ("path", "footway", 155_008_500, 155_013_000)
    for id_, kind, west, east in sides:
        south, north = 462_996_000, 463_034_000
        ring = ((west, south), (east, south), (east, north), (west, north))
        lying.append(Zone(id_, "surface", kind, ring))
    return lying, reserved


def filled(db: Database) -> Street:
    """Policy, a street, reservations and applications in every state a page tells of."""
    for name in ("cautious", "two-number"):
        path = EXAMPLES / "rulesets" / f"{name}.yaml"
        rules = load_ruleset(path)
        rulesets.store(db, rules, path.read_text(encoding="utf-8"), AUTHOR, at(0))
        if name == "cautious":
            rulesets.publish(db, rules.id, rules.version, PUBLISHER, at(1))
    lying, reserved = street()
    imports.import_objects(db, lying, "street.geojson", "0" * 64, KEEPER, at(2))
    for reservation in reserved:
        filed = reservations.file(db, reservation, MANAGER, at(3)).head
        reservations.accept(
            db, filed.id, MANAGER, at(4), expected=filed.number, reason="in the heat plan", document="PLAN-1"
        )
    search = Reservation(
        "heat/search:2035", "warmte", "line", line((155_013, 462_990, -1.5), (155_013, 463_040, -1.5), outer=1.0),
        holder=MANAGER.organisation, name=f"Zoekgebied {HOSTILE}", strength="search_area", review_date="2035-01-01",
    )  # fmt: skip
    reservations.file(db, search, MANAGER, at(5))
    file(db, sewer("1.20"), SEWERS, 6)
    file(db, replace(sewer("0.40"), id="sewer-small", title=None), SEWERS, 7, days=-50)
    rival = Application(
        "water/2027:1", WATER.organisation, "permit",
        (part("main", "water", (155_006.6, 463_012, -0.9), (155_012, 463_012, -0.9), outer=0.2),),
        filed_on="2027-03-10", title=f"Drinkwater {HOSTILE}",
    )  # fmt: skip
    file(db, rival, WATER, 8)
    fibre = Application(
        "fibre-7", FIBRE.organisation, "telecom_consent",
        (part("duct", "datatransport", (155_012, 463_000, -0.6), (155_012, 463_030, -0.6), outer=0.05),),
        filed_on="2027-03-10", title="Glasvezel Voorbeeldstraat",
    )  # fmt: skip
    head = file(db, fibre, FIBRE, 9)
    applications.request_data(db, head, OFFICER, at(12), expected=_number(db, head), reason="the crossing")
    file(db, replace(fibre, id="fibre-note", regime="notification", title="Melding huisaansluiting"), FIBRE, 13)
    while work_once(db, HANDLERS, "worker", lambda: at(20)):
        pass
    return Street(db, at(30))


def _number(db: Database, name: str) -> int:
    return applications.get(db, name).number


def sewer(size: str) -> Application:
    """The example's application for a sewer of so many metres."""
    found = read_exchange(EXAMPLES / "flagship" / f"sewer-{size}.geojson").application
    assert found is not None
    return found


def file(db: Database, application: Application, actor: Actor, minutes: int, days: int = 0) -> str:
    return applications.file(db, application, actor, at(minutes) + timedelta(days=days)).head.id


def granted_over(db: Database, name: str) -> None:
    """Grant an application against the reservation it comes too close to, weighed."""
    verdict = verdicts.standing(db, name)
    assert verdict is not None
    decision = deciding.Decision(
        "decision-1", verdict.verdict.sha256, "grant_with_conditions", f"The sewer cannot wait. {HOSTILE}", "LETTER-9",
        ("Dig a trial trench first.",),
        (deciding.Weighed("heat-2030", f"The heat pair can shift {HOSTILE}", "MEMO-3"),),
    )  # fmt: skip
    deciding.decide(db, name, decision, OFFICER, at(40), expected=_number(db, name))
