"""The page of what a version would change: while that is found out, when it is, and from the page of the version."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from flask.testing import FlaskClient

from registry.app import create_app
from registry.config import Config
from registry.core.ruleset import ruleset_from_document
from registry.db import Database
from registry.services import rulesets, whatifs
from tests.services.making import (
    NOW,
    PUBLISHER,
    WRITER,
    application,
    asset,
    checked,
    golden_rules,
    granted,
    imported,
    later,
    publish,
    work,
)
from tests.web.html_check import Page


@pytest.fixture
def drafted(sqlite_url: str) -> Iterator[tuple[Database, FlaskClient, str]]:
    """Two applications and one that was granted near drinking water, and a version that asks more between all."""
    db = Database(sqlite_url)
    publish(db)
    imported(db, asset("W-1", 1_000, theme="water"), asset("W-2", 91_000, theme="water"))
    for name, y in (("near", 0), ("far", 4_500)):
        checked(db, application(name, y))
    granted(db, application("given", 90_000))
    document: Any = deepcopy(golden_rules().document)
    document["ruleset"]["version"] = "2.0.0"
    separation = next(rule for rule in document["rules"] if rule["id"] == "separation")
    separation["otherwise"]["crossing"]["ch"] = 900
    rulesets.store(db, ruleset_from_document(document), "as text", WRITER, NOW)
    app = create_app(Config(database_url=sqlite_url, clock=lambda: NOW), db=db, nudge=lambda _jobs: None)
    yield db, app.test_client(), "/rulesets/golden?version=2.0.0"
    db.close()


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert Page(answer.text).faults == []
    return answer.text


def test_from_before_it_is_asked_to_after_it_is_published(drafted: tuple[Database, FlaskClient, str]) -> None:
    db, client, version = drafted
    before = read(client, f"{version}&lang=en")
    assert "No what-if: what this version changes was not told before" in before
    assert "POST /v1/rulesets/golden/versions/2.0.0/what-ifs" in before
    asked = whatifs.ask(db, "golden", "2.0.0", WRITER, NOW)
    here = f"/what-ifs/{asked.id}"
    assert here in read(client, f"{version}&lang=en")
    waiting = read(client, f"{here}?lang=nl")
    assert "Wacht op een worker" in waiting
    assert "<progress" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert f"/what-ifs/{asked.id}/_cancel" in waiting
    work(db)
    done = read(client, f"{here}?lang=nl")
    assert 'http-equiv="refresh"' not in done
    assert "van Past naar Strijdig" in done
    assert "nieuw: Onderdeel p ligt te dicht bij bestaand object W-1" in done
    assert 'href="/applications/near"' in done
    assert 'href="/applications/far"' not in done
    assert "Sindsdien gewijzigd" in done
    past = read(client, f"{here}?lang=en&of=past")
    assert 'href="/applications/given"' in past
    assert 'href="/applications/near"' not in past
    assert "There are none." in read(client, f"{here}?lang=en&of=otherwise")
    rulesets.publish(db, "golden", "2.0.0", PUBLISHER, later(1))
    published = read(client, f"{version}&lang=en")
    assert f"What-if {asked.id}" in published
    assert "/v1/rulesets/golden/versions/2.0.0/what-ifs" not in published


def test_one_that_was_cancelled_and_one_that_is_none(drafted: tuple[Database, FlaskClient, str]) -> None:
    db, client, _ = drafted
    asked = whatifs.ask(db, "golden", "2.0.0", WRITER, NOW)
    whatifs.cancel(db, asked.id, PUBLISHER, later(1))
    shown = read(client, f"/what-ifs/{asked.id}?lang=nl")
    assert f"Geannuleerd door {PUBLISHER.name}" in shown
    assert 'http-equiv="refresh"' not in shown
    assert client.get("/what-ifs/no-such").status_code == 404
