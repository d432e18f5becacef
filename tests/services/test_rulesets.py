"""Policy is stored by one and published by another; which version holds follows from its own date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.policy import Ruleset
from registry.core.ruleset import ruleset_from_document
from registry.db import Database
from registry.services import rulesets, verdicts
from tests.services.making import (
    ADMINISTRATOR,
    MANAGER,
    NOW,
    OFFICER,
    OPERATOR,
    PUBLISHER,
    WRITER,
    application,
    checked,
    codes,
    file,
    golden_rules,
    granted,
    head,
    later,
    publish,
    waiting,
    work,
)


def version(number: str, effective_from: str, judged_by: str = "filing_date") -> Ruleset:
    """The golden ruleset as another version."""
    document: dict[str, Any] = dict(golden_rules().document)
    stated = {"version": number, "effective_from": effective_from, "judged_by": judged_by}
    document["ruleset"] = {**document["ruleset"], **stated}
    return ruleset_from_document(document)


def test_stored_by_one_and_published_by_another(database: Database) -> None:
    stored = rulesets.store(database, golden_rules(), "as text", WRITER, NOW)
    assert (stored.created, stored.published_by, stored.source_text) == (True, None, "as text")
    assert rulesets.in_force(database, date(2027, 3, 1)) is None
    with pytest.raises(Refused) as same:
        rulesets.publish(database, "golden", "1.0.0", WRITER, NOW)
    assert codes(same) == ["not_allowed_for_role"]
    done = rulesets.publish(database, "golden", "1.0.0", PUBLISHER, later(1))
    assert (done.published_by, done.published_at) == (PUBLISHER.name, later(1))
    assert rulesets.publish(database, "golden", "1.0.0", PUBLISHER, later(2)).published_at == later(1)
    found = rulesets.in_force(database, date(2027, 3, 1))
    assert found is not None
    assert found.ruleset == golden_rules()
    assert rulesets.listed(database) == [rulesets.get(database, "golden", "1.0.0")]


def _with_example(outcome: str) -> Ruleset:
    """The golden ruleset with an example: two sewers of two holders that cross in one place."""
    line = [[0, 0], [20_000, 0]]
    across = [[10_000, -5_000], [10_000, 5_000]]
    part = {"id": "sewer", "theme": "rioolVrijverval", "line": line, "top": -1000, "diameter": 400}
    there = {"id": "heat", "theme": "warmte", "line": across, "top": -1000, "diameter": 315}
    example = {
        "id": "crossing",
        "title": {"nl": "Kruising", "en": "Crossing"},
        "application": {"parts": [part]},
        "assets": [there],
        "expected": {"outcome": outcome, "rules": [{"rule": "separation", "outcome": "not_met"}]},
    }
    return ruleset_from_document(dict(golden_rules().document) | {"examples": [example]})


def test_a_version_is_published_only_when_its_examples_come_out_as_they_say(database: Database) -> None:
    rulesets.store(database, _with_example("fits"), "as text", WRITER, NOW)
    with pytest.raises(Refused) as refused:
        rulesets.publish(database, "golden", "1.0.0", PUBLISHER, NOW)
    (problem,) = refused.value.problems
    assert problem.code == "example_fails"
    assert (problem.field, problem.detail) == (
        "examples.crossing.outcome",
        "example crossing comes out as conflict, not as fits",
    )
    assert rulesets.get(database, "golden", "1.0.0").published_at is None
    assert rulesets.in_force(database, date(2027, 3, 1)) is None


def test_a_version_with_examples_that_pass_is_published_as_it_was_stored(database: Database) -> None:
    found = publish(database, _with_example("conflict"))
    assert found.published_at == NOW
    assert rulesets.get(database, "golden", "1.0.0").ruleset.examples == _with_example("conflict").examples


def test_the_same_version_says_the_same(database: Database) -> None:
    rulesets.store(database, golden_rules(), "as text", WRITER, NOW)
    assert rulesets.store(database, golden_rules(), "as text", WRITER, later(1)).stored_at == NOW
    with pytest.raises(Refused) as refused:
        rulesets.store(database, version("1.0.0", "2027-02-01"), "other", WRITER, NOW)
    assert codes(refused) == ["already_there"]


@pytest.mark.parametrize("actor", [OPERATOR, MANAGER, OFFICER, ADMINISTRATOR], ids=lambda actor: actor.role)
def test_only_policy_officers_keep_policy(database: Database, actor: Any) -> None:
    with pytest.raises(Refused) as stored:
        rulesets.store(database, golden_rules(), "", actor, NOW)
    rulesets.store(database, golden_rules(), "", WRITER, NOW)
    with pytest.raises(Refused) as published:
        rulesets.publish(database, "golden", "1.0.0", actor, NOW)
    assert codes(stored) == codes(published) == ["not_allowed_for_role"]
    with pytest.raises(Refused) as missing:
        rulesets.publish(database, "golden", "9", PUBLISHER, NOW)
    assert codes(missing) == ["not_found"]


@pytest.mark.parametrize(
    ("on", "filed", "expected"),
    [
        ("2026-12-31", None, None),
        ("2027-01-01", None, "1.0.0"),
        ("2027-06-01", None, "1.1.0"),
        # filed before 1.1.0 was there, which judges by the day of filing
        ("2027-06-01", "2027-05-31", "1.0.0"),
        ("2027-06-01", "2027-06-01", "1.1.0"),
        # 1.2.0 judges by the day of decision
        ("2027-07-01", "2027-05-31", "1.2.0"),
        # of two from one day, the one published last
        ("2027-09-01", "2027-09-01", "1.3.1"),
    ],
)
def test_which_version_is_in_force(sqlite_url: str, on: str, filed: str | None, expected: str | None) -> None:
    db = Database(sqlite_url)
    versions = [
        ("1.0.0", "2027-01-01", "filing_date"),
        ("1.1.0", "2027-06-01", "filing_date"),
        ("1.2.0", "2027-07-01", "decision_date"),
        ("1.3.0", "2027-09-01", "filing_date"),
        ("1.3.1", "2027-09-01", "filing_date"),
    ]
    for minute, one in enumerate(versions):
        publish(db, version(*one), later(minute))
    rulesets.store(db, version("2.0.0", "2027-01-02"), "never published", WRITER, NOW)
    day = date.fromisoformat(filed) if filed else None
    found = rulesets.in_force(db, date.fromisoformat(on), filed=day)
    assert (found.ruleset.version if found is not None else None) == expected
    db.close()


def test_publishing_checks_every_open_application_again(ruled: Database) -> None:
    granted(ruled, application("A-0", 90_000))
    checked(ruled, application("A-1"))
    file(ruled, application("A-2", 50_000))
    work(ruled)
    before = head(ruled, "application", "A-1").verdict_id
    done = publish(ruled, version("1.0.1", "2027-02-01"), later(1))
    assert waiting(ruled) == ["A-1", "A-2"]
    assert len(done.jobs) == 2
    work(ruled, later(1))
    assert head(ruled, "application", "A-1").verdict_id not in (None, before)


def test_a_ruleset_that_holds_from_a_later_day_has_all_checked_on_that_day(database: Database) -> None:
    publish(database)
    checked(database, application())
    publish(database, version("2.0.0", "2027-03-28", "decision_date"), later(1))
    work(database, later(2))
    midnight = datetime(2027, 3, 27, 23, tzinfo=UTC)
    assert work(database, midnight - timedelta(seconds=1)) == []
    assert _standing(database) == "1.0.0"
    assert [job.kind for job in work(database, midnight)] == ["take_effect", "check"]
    assert _standing(database) == "2.0.0"


def test_what_no_ruleset_held_for_is_checked_when_one_does(database: Database) -> None:
    publish(database, version("1.0.0", "2027-03-29", "decision_date"))
    file(database, application())
    assert [job.state for job in work(database, later(1))] == ["parked"]
    assert [job.state for job in work(database, datetime(2027, 3, 28, 22, tzinfo=UTC))] == ["done", "done"]
    assert _standing(database) == "1.0.0"


def _standing(db: Database) -> str:
    stands = verdicts.standing(db, "A-1")
    assert stands is not None
    return stands.ruleset.version
