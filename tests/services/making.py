"""A register to act in: who acts, by which ruleset, and objects at an ordinary place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.model import Application, Asset, Geometry, Part, Reservation, Strength
from registry.core.policy import Ruleset
from registry.db import Database
from registry.formats.ruleset_yaml import load_ruleset
from registry.handlers import HANDLERS
from registry.jobs import Worker
from registry.services import applications, imports, reservations, rulesets, verdicts
from registry.services.actors import Actor
from registry.services.deciding import Decision, Weighed, decide
from registry.services.saved import Saved
from registry.store import jobs, objects
from registry.store.rows import Head, Job
from tests.conftest import ROOT
from tests.core import building
from tests.core.building import line, rounded

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
CITY, SEWERS, HEAT, WATER = "Gemeente", "Riolering", "Warmtebedrijf", "Waterbedrijf"

MANAGER = Actor("manager", CITY, "manager")
OPERATOR = Actor("operator", SEWERS, "operator")
OTHER_OPERATOR = Actor("other operator", WATER, "operator")
OTHER_MANAGER = Actor("other manager", HEAT, "manager")
OFFICER = Actor("officer", CITY, "officer")
WRITER = Actor("policy writer", CITY, "policy_officer")
PUBLISHER = Actor("policy publisher", CITY, "policy_officer")
ADMINISTRATOR = Actor("administrator", CITY, "administrator")

WHY: dict[str, Any] = {"reason": "it was decided", "document": "doc-1"}
RULESET = ROOT / "tests" / "golden" / "ruleset.yaml"


def later(minutes: int) -> datetime:
    """So many minutes after ``NOW``."""
    return NOW + timedelta(minutes=minutes)


def golden_rules() -> Ruleset:
    """Heat 1 m beside sewers at any depth; 0.2 m all others."""
    return load_ruleset(RULESET)


def publish(db: Database, ruleset: Ruleset | None = None, now: datetime = NOW) -> rulesets.StoredRuleset:
    """Store and publish a ruleset, by two people."""
    rules = ruleset or golden_rules()
    rulesets.store(db, rules, "as text", WRITER, now)
    return rulesets.publish(db, rules.id, rules.version, PUBLISHER, now)


def pipe(y: int, level: int = -1000, *, x: int = 0, length: int = 20_000, width: int = 500) -> Geometry:
    """A level round pipe from west to east, ``y`` mm north of the usual place."""
    return line([(x, y), (x + length, y)], level, rounded(width))


def reservation(
    name: str = "R-1", y: int = 0, level: int = -1000, *, strength: Strength = "planned", theme: str = "warmte",
    holder: str = CITY,
) -> Reservation:  # fmt: skip
    """A reservation for a pipe."""
    return replace(building.reservation(name, pipe(y, level), theme, holder=holder), strength=strength)


def application(name: str = "A-1", y: int = 0, level: int = -1000, *parts: Part, applicant: str = SEWERS,
                theme: str = "rioolVrijverval") -> Application:  # fmt: skip
    """An application for a sewer."""
    given = parts or (building.part("p", pipe(y, level), theme),)
    return replace(building.application(*given), id=name, applicant=applicant)


def asset(name: str = "asset-1", y: int = 0, level: int = -1000, theme: str = "warmte") -> Asset:
    """A pipe that lies there."""
    return building.asset(name, pipe(y, level), theme)


def accepted(db: Database, made: Reservation, now: datetime = NOW) -> Head:
    """A reservation, filed and accepted."""
    actor = replace(MANAGER, organisation=made.holder or CITY)
    filed = reservations.file(db, made, actor, now)
    done = reservations.accept(db, made.id, actor, now, expected=filed.head.number, reason="decided", document="doc-1")
    return done.head


def imported(db: Database, *values: Asset, now: datetime = NOW) -> imports.ImportRun:
    """Take in assets."""
    return imports.import_objects(db, values, "assets.geojson", "0" * 64, ADMINISTRATOR, now)


def file(db: Database, made: Application, now: datetime = NOW) -> Saved:
    """File an application as its applicant."""
    return applications.file(db, made, Actor("operator", made.applicant, "operator"), now)


def work(db: Database, now: datetime = NOW) -> list[Job]:
    """Do every job that waits, as a worker does; those that came to an end by that, as they then are."""
    before = {job.id for job in _ended(db)}
    Worker(db, HANDLERS, "worker", lambda: now).work_off()
    return [job for job in _ended(db) if job.id not in before]


def _ended(db: Database) -> list[Job]:
    with db.read() as session:
        return [job for job in jobs.list_jobs(session, limit=None) if job.finished_at is not None]


def waiting(db: Database) -> list[str]:
    """The applications for which a check waits."""
    with db.read() as session:
        return sorted(job.subject for job in jobs.list_jobs(session, state="queued", limit=None))


def head(db: Database, kind: str, id_: str) -> Head:
    """An object as it stands."""
    with db.read() as session:
        found = objects.head(session, kind, id_)
    assert found is not None
    return found


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    """What was refused, by code."""
    return [problem.code for problem in refused.value.problems]


def verdict_of(db: Database, id_: str) -> str:
    """The hash of the verdict that stands for an application."""
    stands = verdicts.standing(db, id_)
    assert stands is not None
    return stands.verdict.sha256


def checked(db: Database, made: Application, now: datetime = NOW) -> Head:
    """An application, filed and checked."""
    file(db, made, now)
    work(db, now)
    return head(db, "application", made.id)


def decision(db: Database, id_: str, kind: str = "grant", *, name: str = "D-1", conditions: Sequence[str] = (),
             weighed: Sequence[str] = (), document: str | None = "doc-2") -> Decision:  # fmt: skip
    """A decision that rests on the verdict that stands."""
    return Decision(
        name, verdict_of(db, id_), kind, "weighed and decided", document, tuple(conditions),  # type: ignore[arg-type]
        tuple(Weighed(one, "the sewer cannot wait", "doc-3") for one in weighed),
    )  # fmt: skip


def granted(db: Database, made: Application, now: datetime = NOW, **more: Any) -> Head:
    """An application, filed, checked and granted."""
    stands = checked(db, made, now)
    taken = decision(db, made.id, name=f"D-{made.id}", **more)
    return decide(db, made.id, taken, OFFICER, now, expected=stands.number).head
