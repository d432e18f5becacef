"""A register with people of every role in it, and the API on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from registry.app import create_app
from registry.config import Config
from registry.db import Database
from registry.services import tokens
from registry.services.actors import Actor, Role
from registry.services.checking import check
from tests.api.asking import Asking
from tests.databases import checked

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MUNICIPALITY = "Voorbeeldstad, public space"
SEWERS = "Voorbeeldstad, sewers"
OTHER = "Elders"
START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)

PEOPLE: dict[str, tuple[str, Role]] = {
    "manager": (MUNICIPALITY, "manager"),
    "other_manager": (OTHER, "manager"),
    "operator": (SEWERS, "operator"),
    "other_operator": (OTHER, "operator"),
    "officer": ("Voorbeeldstad", "officer"),
    "policy": ("Voorbeeldstad", "policy_officer"),
    "policy_too": ("Voorbeeldstad", "policy_officer"),
    "administrator": ("Voorbeeldstad", "administrator"),
}


def example(name: str) -> dict[str, Any]:
    """A file of the examples."""
    loaded: dict[str, Any] = json.loads((EXAMPLES / "flagship" / name).read_text(encoding="utf-8"))
    loaded.pop("name", None)
    return loaded


STREET = example("street.geojson")
SEWER = example("sewer-0.40.geojson")
RULESET = (EXAMPLES / "rulesets" / "two-number.yaml").read_bytes()
RULESET_PATH = "/v1/rulesets/example-two-number/versions/1.2.0"
CAUTIOUS = (EXAMPLES / "rulesets" / "cautious.yaml").read_bytes()
CAUTIOUS_PATH = "/v1/rulesets/example-cautious/versions/1.2.0"
HEAT = "/v1/reservations/heat-2030"
FILED = "/v1/applications/sewer-0.40"


def feature(id_: str, source: dict[str, Any] = STREET) -> dict[str, Any]:
    """One feature of an example, with its coordinate system."""
    found: dict[str, Any] = next(item for item in source["features"] if item["id"] == id_)
    return json.loads(json.dumps(found)) | {"crs": source["crs"]}


@dataclass
class Town:
    """A register, the API on it, who acts in it, and the jobs of which workers were told."""

    app: Flask
    db: Database
    asking: Asking
    tokens: dict[str, str]
    told: list[str] = field(default_factory=list)
    now: datetime = START

    def policy(self, path: str = RULESET_PATH, text: bytes = RULESET) -> None:
        """Store and publish an example's policy."""
        self.asking.put(path, text, kind="application/yaml", token=self.tokens["policy"])
        answer = self.asking.post(f"{path}/_publish", token=self.tokens["policy_too"])
        assert answer.status_code == 200, answer.data

    def reserve(self) -> int:
        """File and accept the heat reservation; its revision."""
        self.asking.put(HEAT, feature("heat-2030"), token=self.tokens["manager"])
        answer = self.asking.post(
            f"{HEAT}/_accept", {"reason": "heat plan", "document": "plan 7"}, token=self.tokens["manager"], seen=1
        )
        assert answer.status_code == 200, answer.data
        return int(answer.get_json()["revision"])

    def assets(self) -> None:
        """Import what lies in the street."""
        kept = [item for item in STREET["features"] if item["properties"]["kind"] != "reservation"]
        answer = self.asking.post(
            "/v1/imports?name=street", STREET | {"features": kept}, token=self.tokens["administrator"]
        )
        assert answer.status_code == 200, answer.data

    def apply(self) -> int:
        """File the sewer; its revision."""
        answer = self.asking.put(FILED, SEWER, token=self.tokens["operator"])
        assert answer.status_code == 202, answer.data
        return int(answer.get_json()["revision"])

    def judge(self) -> str:
        """Check what was filed, as a worker does; the verdict's hash."""
        found = check(self.db, "sewer-0.40", self.now)
        assert found.sha256 is not None
        return found.sha256

    def revision(self) -> int:
        """That of the application."""
        return int(self.asking.get(FILED).get_json()["revision"])


def town_on(db: Database) -> Town:
    """A town with nothing in it but people."""
    told: list[str] = []
    app = create_app(Config(database_url=db.url, clock=lambda: START), db=db, nudge=told.extend)
    texts = {
        name: tokens.create(db, Actor(name, organisation, role), START, expires=START + timedelta(days=9))[0]
        for name, (organisation, role) in PEOPLE.items()
    }
    return Town(app, db, Asking(app), texts, told)


@pytest.fixture
def town(database: Database) -> Town:
    """On each engine in turn."""
    return town_on(database)


@pytest.fixture
def sqlite_town(sqlite_url: str) -> Iterator[Town]:
    """On SQLite only: for what does not depend on the engine."""
    with checked(sqlite_url) as db:
        yield town_on(db)
