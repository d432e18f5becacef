"""A verdict keeps the version it was judged by; where another is in force by now, both are named, outside the hash."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from registry.cli import local
from registry.cli.main import main
from registry.core.policy import Ruleset
from registry.core.ruleset import ruleset_from_document
from registry.db import Database
from registry.formats.bundle import verify_bundle, write_bundle
from registry.formats.transition_told import transition_line
from registry.services import verdicts
from registry.services.deciding import decide
from registry.services.transitions import Transition, transition
from tests.services.making import (
    NOW,
    OFFICER,
    application,
    asset,
    checked,
    decision,
    golden_rules,
    imported,
    publish,
    verdict_of,
    work,
)

MAY = datetime(2027, 5, 1, 12, tzinfo=UTC)


def version(number: str, effective_from: str, judged_by: str = "filing_date", cv: int | None = None) -> Ruleset:
    """The golden ruleset as another version; ``cv``: another vertical clearance, mm, for pairs without a cell."""
    document: dict[str, Any] = json.loads(json.dumps(golden_rules().document))
    document["ruleset"] |= {"version": number, "effective_from": effective_from, "judged_by": judged_by}
    if cv is not None:
        next(rule for rule in document["rules"] if rule["id"] == "separation")["otherwise"]["crossing"]["cv"] = cv
    return ruleset_from_document(document)


def named(db: Database, now: datetime, sha256: str | None = None) -> tuple[str, Transition | None]:
    """By which version a verdict was judged, and which is in force."""
    stored = verdicts.get(db, sha256 or verdict_of(db, "A-1"))
    return stored.ruleset.version, transition(db, stored, now)


def test_what_was_filed_before_a_version_is_judged_by_the_one_before_and_both_are_named(ruled: Database) -> None:
    checked(ruled, application())
    assert named(ruled, NOW) == ("1.0.0", None)
    hash_before = verdict_of(ruled, "A-1")
    publish(ruled, version("2.0.0", "2027-04-01"), NOW)
    work(ruled, NOW)
    assert named(ruled, NOW) == ("1.0.0", None)
    work(ruled, MAY)
    judged_by, other = named(ruled, MAY)
    assert judged_by == "1.0.0"
    assert other == Transition(version("2.0.0", "2027-04-01"), date(2027, 4, 1))
    assert verdict_of(ruled, "A-1") == hash_before


def test_a_version_published_later_than_it_is_effective_holds_since_its_publication(ruled: Database) -> None:
    checked(ruled, application())
    publish(ruled, version("2.0.0", "2027-04-01"), datetime(2027, 4, 20, 22, 30, tzinfo=UTC))
    _, other = named(ruled, MAY)
    assert other is not None
    assert other.since == date(2027, 4, 21)  # by the day in the Netherlands


def test_once_decided_the_day_of_the_decision_counts(ruled: Database) -> None:
    stands = checked(ruled, application())
    publish(ruled, version("2.0.0", "2027-04-01"), NOW)
    work(ruled, MAY)
    decide(ruled, "A-1", decision(ruled, "A-1"), OFFICER, MAY, expected=stands.number)
    publish(ruled, version("3.0.0", "2027-06-01"), MAY)
    _, other = named(ruled, datetime(2027, 7, 1, tzinfo=UTC))
    assert other == Transition(version("2.0.0", "2027-04-01"), date(2027, 4, 1), date(2027, 5, 1))


def test_decided_by_the_version_in_force_then_names_no_later_one(ruled: Database) -> None:
    stands = checked(ruled, application())
    decide(ruled, "A-1", decision(ruled, "A-1"), OFFICER, NOW, expected=stands.number)
    publish(ruled, version("2.0.0", "2027-04-01"), NOW)
    assert named(ruled, MAY) == ("1.0.0", None)


def test_by_the_day_of_decision_what_stands_is_judged_again_and_what_stood_names_both(database: Database) -> None:
    publish(database, version("1.0.0", "2027-01-01", "decision_date"))
    checked(database, application())
    before = verdict_of(database, "A-1")
    publish(database, version("2.0.0", "2027-04-01", "decision_date"), NOW)
    work(database, MAY)
    assert named(database, MAY) == ("2.0.0", None)
    judged_by, other = named(database, MAY, before)
    assert judged_by == "1.0.0"
    assert other is not None
    assert (other.ruleset.version, other.since) == ("2.0.0", date(2027, 4, 1))


def test_a_bundle_from_before_a_policy_change_still_verifies_after_it(ruled: Database, tmp_path: Path) -> None:
    imported(ruled, asset(level=-1_750, theme="water"))
    checked(ruled, application())
    before = verdicts.get(ruled, verdict_of(ruled, "A-1"))
    kept = write_bundle(before.application, before.ruleset, before.verdict)
    publish(ruled, version("2.0.0", "2027-01-01", "decision_date", cv=300), MAY)
    work(ruled, MAY)
    after = verdicts.get(ruled, verdict_of(ruled, "A-1"))
    assert (before.verdict.outcome, after.verdict.outcome) == ("fits", "conflict")
    # The register still gives the bundle of then, and it is recomputed by the rules that are in it.
    again = verdicts.get(ruled, before.verdict.sha256)
    assert write_bundle(again.application, again.ruleset, again.verdict) == kept
    for stored in (before, after):
        bundle = write_bundle(stored.application, stored.ruleset, stored.verdict)
        found = verify_bundle(bundle.encode())
        assert (found.differences, found.recomputed and found.recomputed.sha256) == ((), stored.verdict.sha256)
    path = tmp_path / "before.json"
    path.write_text(kept, encoding="utf-8")
    told = CliRunner().invoke(main, ["verify", str(path)])
    assert (told.exit_code, "golden 1.0.0" in told.stdout) == (0, True), told.output


def test_the_command_names_both(ruled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(ruled, application())
    publish(ruled, version("2.0.0", "2027-04-01"), NOW)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return MAY

    monkeypatch.setattr(local, "datetime", Clock)
    monkeypatch.setenv("DATABASE_URL", ruled.url)
    line = "Judged by 1.0.0, in force at filing; since 2027-04-01 2.0.0 is in force."
    for command in ("show", "verdict"):
        told = CliRunner().invoke(main, ["application", command, "A-1"])
        assert line in " ".join(told.stdout.split()), told.output
        told = CliRunner().invoke(main, ["application", command, "A-1", "--json"])
        named = {"id": "golden", "version": "2.0.0", "since": "2027-04-01"}
        assert named.items() <= json.loads(told.stdout)["in_force"].items()


@pytest.mark.parametrize(
    ("judged_by", "decided_on", "lang", "line"),
    [
        ("filing_date", None, "en", "Judged by 1.0.0, in force at filing; since 2027-01-01 2.0.0 is in force."),
        (
            "filing_date",
            None,
            "nl",
            "Geoordeeld naar 1.0.0, die gold bij de indiening; sinds 1 januari 2027 geldt 2.0.0.",
        ),
        ("decision_date", None, "en", "Judged by 1.0.0, in force then; since 2027-01-01 2.0.0 is in force."),
        (
            "filing_date",
            date(2027, 3, 4),
            "en",
            "Judged by 1.0.0, in force at filing; on the day of the decision (2027-03-04) 2.0.0 was in force, "
            "since 2027-01-01.",
        ),
        (
            "decision_date",
            date(2027, 3, 4),
            "nl",
            "Geoordeeld naar 1.0.0, die toen gold; op de dag van het besluit (4 maart 2027) gold 2.0.0, "
            "sinds 1 januari 2027.",
        ),
    ],
)
def test_both_are_named_in_words(judged_by: str, decided_on: date | None, lang: Any, line: str) -> None:
    old, new = version("1.0.0", "2020-01-01", judged_by), version("2.0.0", "2027-01-01")
    assert transition_line(old, new, date(2027, 1, 1), decided_on, lang) == line


def test_versions_of_two_rulesets_are_named_with_their_ids() -> None:
    other = dict(golden_rules().document)
    other["ruleset"] = {**other["ruleset"], "id": "other"}  # type: ignore[dict-item]
    line = transition_line(golden_rules(), ruleset_from_document(other), date(2027, 1, 1), None, "en")
    assert line == "Judged by golden 1.0.0, in force at filing; since 2027-01-01 other 1.0.0 is in force."
