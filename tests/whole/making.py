"""A register with people in it, and what they ask of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from registry.core.actors import Actor, Role
from registry.db import Database
from registry.services import tokens
from registry.store import jobs, objects
from registry.store.rows import Job, Revision
from tests.databases import checked
from tests.jobs.making import ROOT, in_force, now, verdicts_of
from tests.servers import wait_until
from tests.whole import audit
from tests.whole.asking import Answer, Request, get

FLAGSHIP = ROOT / "examples/flagship"
MANAGER, APPLICANT, TOWN = "Voorbeeldstad, public space", "Voorbeeldstad, sewers", "Voorbeeldstad"
PEOPLE: dict[str, tuple[str, Role]] = {
    "manager": (MANAGER, "manager"),
    "operator": (APPLICANT, "operator"),
    "author": (TOWN, "policy_officer"),
    "publisher": (TOWN, "policy_officer"),
    "keeper": (TOWN, "administrator"),
}


def example(name: str) -> dict[str, Any]:
    """A file of the flagship case, as a body."""
    found: dict[str, Any] = json.loads((FLAGSHIP / f"{name}.geojson").read_text(encoding="utf-8"))
    found.pop("name")
    return found


def policy() -> bytes:
    """The cautious ruleset, in force at any time."""
    text = (ROOT / "examples/rulesets/cautious.yaml").read_text(encoding="utf-8")
    assert "effective_from: 2027-01-01" in text
    return text.replace("effective_from: 2027-01-01", "effective_from: 2020-01-01").encode()


@dataclass
class Register:
    """A register, and the tokens of who acts in it."""

    db: Database
    tokens: dict[str, str]

    @property
    def url(self) -> str:
        return self.db.url

    def filing(self, name: str = "sewer-0.40", seen: int | None = None, **stated: str) -> Request:
        """The request to file an application of the flagship case; ``stated`` replaces what it states."""
        body = example(name)
        body["application"] |= stated
        return Request("PUT", f"/v1/applications/{body['application']['id']}", body, self.tokens["operator"], seen)

    def fill(self, address: str) -> None:
        """Ask for all that the flagship case needs: its ruleset, what lies in the street, and what is reserved."""
        street = example("street")
        (heat,) = (item for item in street["features"] if item["properties"]["kind"] == "reservation")
        lying = [item for item in street["features"] if item is not heat]
        ruleset = "/v1/rulesets/example-cautious/versions/1.2.0"
        said = {"reason": "heat plan", "document": "plan 7"}
        heat_path = f"/v1/reservations/{heat['id']}"
        for request in (
            Request("PUT", ruleset, policy(), self.tokens["author"], kind="application/yaml"),
            Request("POST", f"{ruleset}/_publish", None, self.tokens["publisher"]),
            Request("POST", "/v1/imports?name=street", street | {"features": lying}, self.tokens["keeper"]),
            Request("PUT", heat_path, heat | {"crs": street["crs"]}, self.tokens["manager"]),
            Request("POST", f"{heat_path}/_accept", said, self.tokens["manager"], seen=1),
        ):
            answer = request.ask(address)
            assert answer.status in (200, 201), answer

    def in_force(self) -> None:
        """Publish the ruleset, asking nobody."""
        in_force(self.db)

    def revisions(self, application: str = "sewer-0.40") -> list[Revision]:
        with self.db.read() as session:
            return objects.history(session, "application", application)

    def actions(self, application: str = "sewer-0.40") -> list[str]:
        """All that was done with an application."""
        return [one.action for one in self.revisions(application)]

    def jobs(self) -> list[Job]:
        with self.db.read() as session:
            return jobs.list_jobs(session, limit=None)

    def verdicts(self, application: str = "sewer-0.40") -> list[str]:
        """The hashes of all its verdicts, in order."""
        return verdicts_of(self.db, application)

    def wait_until_still(self) -> None:
        """Wait until no job is left to do."""
        wait_until(lambda: audit.still(self.db), "all jobs are done")


#: What became of an application that was filed, checked, and nothing else.
CHECKED_ONCE = ["file", "start_check", "finish_check"]


def people(db: Database) -> dict[str, str]:
    """A token for each of them."""
    return {
        name: tokens.create(db, Actor(name, organisation, role), now(), expires=None)[0]
        for name, (organisation, role) in PEOPLE.items()
    }


@contextmanager
def audited(url: str) -> Iterator[Register]:
    """An empty register with people; afterwards nothing may be wrong with it."""
    with checked(url) as db:
        register = Register(db, people(db))
        yield register
        assert audit.faults(db) == []


def verdict(address: str, application: str = "sewer-0.40") -> Answer:
    """The verdict that stands, as soon as one does."""
    path = f"/v1/applications/{application}/verdict"
    wait_until(lambda: get(address, path).status == 200, "there is a verdict")
    return get(address, path)
