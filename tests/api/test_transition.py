"""A verdict judged by another version of policy than is in force names both: in JSON, in its report and on its page."""

from __future__ import annotations

from datetime import timedelta

from registry.app import create_app
from registry.config import Config
from tests.api.asking import Asking
from tests.api.conftest import FILED, RULESET, START, Town

NEXT = RULESET.replace(b"version: 1.2.0", b"version: 2.0.0").replace(b"2027-01-01", b"2027-03-04")


def test_a_verdict_names_the_version_in_force_by_now(sqlite_town: Town) -> None:
    town = sqlite_town
    town.policy()
    town.assets()
    town.apply()
    sha256 = town.judge()
    before = town.asking.get(f"/v1/verdicts/{sha256}").get_json()
    assert "in_force" not in before
    town.policy("/v1/rulesets/example-two-number/versions/2.0.0", NEXT)

    app = create_app(Config(database_url=town.db.url, clock=lambda: START + timedelta(days=5)), db=town.db)
    later = Asking(app)
    after = later.get(f"/v1/verdicts/{sha256}").get_json()
    assert after["ruleset"] == before["ruleset"]
    assert after["verdict"] == before["verdict"]
    rules = later.get("/v1/rulesets/example-two-number/versions/2.0.0").get_json()
    assert after["in_force"] == {
        "id": "example-two-number",
        "version": "2.0.0",
        "sha256": rules["sha256"],
        "since": "2027-03-04",
    }
    assert later.get(f"{FILED}/verdict").get_json()["in_force"] == after["in_force"]
    report = later.get(f"/v1/verdicts/{sha256}/report?lang=nl").get_data(as_text=True)
    line = "Geoordeeld naar 1.2.0, die gold bij de indiening; sinds 4 maart 2027 geldt 2.0.0."
    assert line in " ".join(report.split())
    page = later.client.get("/applications/sewer-0.40", headers={"Accept-Language": "nl"}).get_data(as_text=True)
    assert line in " ".join(page.split())
    assert "Overgang" in page
