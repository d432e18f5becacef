"""How a reservation lives, as the API, the pages and the command show it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from registry.app import create_app
from registry.cli.main import main
from registry.config import Config
from registry.core.model import Period
from registry.db import Database
from registry.formats.ruleset_yaml import load_ruleset
from tests.golden.golden_cases import FOLDER
from tests.services.making import HEAT, accepted, publish, reservation
from tests.services.test_expiring import keep


@pytest.fixture
def lasting(database: Database) -> Database:
    """A register with a reservation that ends in 2028 and is to be looked over by June 2027, and one in time."""
    text = (FOLDER / "ruleset-expiry.yaml").read_text(encoding="utf-8")
    # The command goes by today's clock.
    publish(database, load_ruleset(text.replace("effective_from: 2027-01-01", "effective_from: 2020-01-01")))
    given = replace(reservation(holder=HEAT), period=Period(None, "2028-01-01"), review_date="2027-06-01")
    accepted(database, given)
    accepted(database, reservation("R-2", 50_000))
    return database


def on(db: Database, day: str) -> FlaskClient:
    """A client of the API and pages, on a day."""
    now = datetime.fromisoformat(f"{day}T12:00:00+00:00").astimezone(UTC)
    return create_app(Config(database_url=db.url, clock=lambda: now), db=db).test_client()


def answer(client: FlaskClient, path: str) -> Any:
    found = client.get(path)
    assert found.status_code == 200, found.text
    return found.get_json()


def test_the_api_tells_how_it_stands(lasting: Database) -> None:
    for day in ("2027-06-02", "2027-10-03", "2027-12-20"):
        keep(lasting, day)
    shown = answer(on(lasting, "2027-12-20"), "/v1/reservations/R-1")["life"]
    assert shown == {
        "review_on": "2027-06-01", "review_overdue": True, "ends_on": "2028-01-01", "lapses_on": "2028-01-19",
        "notices": [{"days": 90, "given_on": "2027-10-03"}, {"days": 30, "given_on": "2027-12-20"}], "extensions": 0,
        "extensions_left": 2,
    }  # fmt: skip
    feed = [one for one in answer(on(lasting, "2027-12-20"), "/v1/changes")["items"] if one["id"] == "R-1"]
    days = [(one["action"], one.get("days"), one.get("lapses_on"), one.get("review_on")) for one in feed[-3:]]
    assert days == [
        ("review_overdue", None, None, "2027-06-01"), ("notice", 90, "2028-01-01", None),
        ("notice", 30, "2028-01-19", None),
    ]  # fmt: skip
    keep(lasting, "2028-01-19")
    assert "life" not in answer(on(lasting, "2028-01-19"), "/v1/reservations/R-1")


def test_those_that_are_overdue_are_listed(lasting: Database) -> None:
    client = on(lasting, "2027-06-02")
    assert [one["id"] for one in answer(client, "/v1/reservations?review=overdue")["items"]] == ["R-1"]
    assert [one["id"] for one in answer(client, "/v1/reservations?review=overdue&holder=Gemeente")["items"]] == []
    assert [one["id"] for one in answer(client, "/v1/reservations?review=overdue&state=filed")["items"]] == []
    overdue = [one["life"]["review_overdue"] for one in answer(client, "/v1/reservations")["items"]]
    assert overdue == [True, False]
    assert answer(on(lasting, "2027-06-01"), "/v1/reservations?review=overdue")["items"] == []
    near = "155000,462990,155020,463010"
    assert [one["id"] for one in answer(client, f"/v1/reservations?review=overdue&bbox={near}")["items"]] == ["R-1"]
    far = "155000,463040,155020,463060"
    assert answer(client, f"/v1/reservations?review=overdue&bbox={far}")["items"] == []


def test_the_pages_mark_it(lasting: Database) -> None:
    assert "herziening over tijd" not in on(lasting, "2027-06-01").get("/reservations/R-1?lang=nl").text
    late = on(lasting, "2027-06-02")
    assert "herziening over tijd" in late.get("/reservations/R-1?lang=nl").text
    assert "1 June 2027 (overdue)" in late.get("/reservations/R-1?lang=en").text
    listed = late.get("/reservations?lang=nl").text
    assert "1 juni 2027 (over tijd)" in listed
    assert listed.count("(over tijd)") == 1


def test_the_page_tells_of_notice_and_why_it_lapsed(lasting: Database) -> None:
    for day in ("2027-10-03", "2027-12-02"):
        keep(lasting, day)
    page = on(lasting, "2027-12-03").get("/reservations/R-1?lang=nl").text
    assert "Verloopt op" in page
    assert "3 oktober 2027, 90 dagen tevoren; 2 december 2027, 30 dagen tevoren" in page
    assert "0 keer van hoogstens 2" in page
    keep(lasting, "2028-01-01")
    gone = on(lasting, "2028-01-01")
    told = "De periode eindigde op 1 januari 2028; dat is aangekondigd op 3 oktober 2027 en 2 december 2027."
    assert told in gone.get("/reservations/R-1?lang=nl").text
    assert "einde aangekondigd" in gone.get("/changes?lang=nl").text


def test_the_command_lists_and_shows(lasting: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", lasting.url)
    found = CliRunner().invoke(main, ["reservation", "show", "R-2", "--json"])
    assert found.exit_code == 0, found.output
    shown = json.loads(found.stdout)["life"]
    assert (shown["ends_on"], shown["lapses_on"], shown["extensions"]) == ("2037-03-01", "2037-03-01", 0)
    text = CliRunner().invoke(main, ["reservation", "show", "R-2"]).stdout
    assert "lapses on 2037-03-01; notice given: not yet; extended 0 times" in text
    wrong = CliRunner().invoke(main, ["reservation", "list", "--overdue", "--state", "filed"])
    assert wrong.exit_code == 1
