"""Every golden case gives in the register, on both engines, the verdict that `registry check` gives over its files."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from registry.core.model import Application, Part, Reservation, Works
from registry.core.verdict import judge
from registry.db import Database
from registry.formats.exchange import read_files
from registry.formats.ruleset_yaml import load_ruleset
from registry.services import verdicts
from registry.services.actors import Actor
from registry.store import objects
from tests.golden.golden_cases import FOLDER, JUDGED, command, expected, registry
from tests.services.making import checked, publish

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
LOADER = Actor("loader", "test", "administrator")


def load(db: Database, values: list[object]) -> None:
    """Put objects in the register as they are, in the state in which they count."""
    others: dict[tuple[str, str], list[Works]] = {}
    with db.write() as session:
        for value in values:
            if isinstance(value, Works):
                others.setdefault((value.application, value.state), []).append(value)
                continue
            state = "accepted" if isinstance(value, Reservation) else "present"
            objects.revise(session, value, state=state, action="load", actor=LOADER, now=NOW)  # type: ignore[arg-type]
        for (name, state), works in others.items():
            made = application_of(name, works)
            stored = {"granted": "granted", "open": "incomplete"}[state]
            objects.revise(session, made, state=stored, action="load", actor=LOADER, now=NOW)


def application_of(name: str, works: list[Works]) -> Application:
    """The application of which these are the parts as others see them."""
    parts = tuple(
        Part(one.id.partition("/")[2], one.theme, one.object_kind, one.geometry, uncertainty=one.uncertainty,
             temporary=one.temporary, name=one.name)
        for one in works
    )  # fmt: skip
    return Application(name, str(works[0].holder), "permit", parts, works_start=works[0].works_start,
                       filed_on=works[0].filed_on)  # fmt: skip


@pytest.mark.parametrize("case", JUDGED)
def test_the_register_gives_the_hash_of_the_command(database: Database, case: str) -> None:
    told = json.loads(registry(*command(case, "--json")).stdout)
    ruleset = load_ruleset(FOLDER / expected(case).get("ruleset", "ruleset.yaml"))
    asked, against = read_files([FOLDER / case / "application.geojson", FOLDER / case / "against.geojson"])
    assert asked.application is not None
    publish(database, ruleset, NOW)
    load(database, [*asked.objects, *against.objects])
    checked(database, asked.application, NOW)
    found = verdicts.standing(database, asked.application.id)
    assert found is not None
    assert (found.verdict.sha256, found.verdict.document) == (told["sha256"], told["verdict"])
    # Read back from its document it is the verdict that was reached.
    assert found.verdict == judge(asked.application, [*asked.objects, *against.objects], ruleset)
