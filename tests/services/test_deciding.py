"""A decision rests on the verdict that holds, weighs what it goes against, and never grants two that clash."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.model import REGIMES
from registry.db import Database
from registry.services import agreements, applications, deciding, feed, reservations, verdicts
from registry.services.deciding import decide
from tests.services.making import (
    ADMINISTRATOR,
    HEAT,
    MANAGER,
    NOW,
    OFFICER,
    OPERATOR,
    OTHER_OPERATOR,
    WATER,
    accepted,
    application,
    asset,
    checked,
    codes,
    decision,
    file,
    granted,
    head,
    imported,
    later,
    publish,
    reservation,
    verdict_of,
    waiting,
    work,
)


def test_what_fits_is_granted(ruled: Database) -> None:
    stands = checked(ruled, application())
    taken = decision(ruled, "A-1", document=None)
    done = decide(ruled, "A-1", taken, OFFICER, later(1), expected=stands.number)
    assert (done.head.state, done.head.due_on) == ("granted", None)
    assert deciding.get(ruled, "D-1").verdict_sha256 == taken.verdict_sha256
    assert [one.id for one in deciding.decisions(ruled, "A-1")] == ["D-1"]
    assert feed.changes(ruled, 0)[-1].told == (applications.get(ruled, "A-1").holder,)


def test_the_same_decision_again_is_the_same_act(ruled: Database) -> None:
    stands = checked(ruled, application())
    taken = decision(ruled, "A-1")
    first = decide(ruled, "A-1", taken, OFFICER, NOW, expected=stands.number)
    again = decide(ruled, "A-1", taken, OFFICER, later(1), expected=stands.number)
    assert again.head == first.head
    assert len(deciding.decisions(ruled, "A-1")) == 1
    with pytest.raises(Refused) as refused:
        decide(ruled, "A-1", replace(taken, kind="refuse"), OFFICER, NOW, expected=stands.number)
    assert codes(refused) == ["already_there"]


def test_a_stale_verdict_is_refused_and_a_fresh_check_is_asked_for(ruled: Database) -> None:
    stands = checked(ruled, application())
    old = decision(ruled, "A-1")
    imported(ruled, asset("sudden", 400), now=later(1))
    # Whoever lost the check that the import asked for still gets a fresh one.
    work(ruled, later(1))
    assert waiting(ruled) == []
    with pytest.raises(Refused) as refused:
        decide(ruled, "A-1", old, OFFICER, later(2), expected=stands.number)
    assert codes(refused) == ["stale_verdict"]
    assert waiting(ruled) == ["A-1"]
    assert head(ruled, "application", "A-1").state == "checked"
    assert deciding.decisions(ruled, "A-1") == []
    work(ruled, later(2))
    fresh = decision(ruled, "A-1")
    assert decide(ruled, "A-1", fresh, OFFICER, later(3), expected=stands.number).head.state == "granted"


@pytest.mark.parametrize("change", ["reservation", "asset", "ruleset", "rival"])
def test_whatever_changes_the_basis_makes_it_stale_before_it_is_checked_again(ruled: Database, change: str) -> None:
    stands = checked(ruled, application())
    taken = decision(ruled, "A-1")
    if change == "reservation":
        accepted(ruled, reservation("R-1", 1000))
    elif change == "asset":
        imported(ruled, asset("sudden", 400))
    elif change == "rival":
        file(ruled, application("A-2", 400, applicant=WATER))
    else:
        publish(ruled, _next_version(), later(1))
    with pytest.raises(Refused) as refused:
        decide(ruled, "A-1", taken, OFFICER, later(2), expected=stands.number)
    assert codes(refused) == ["stale_verdict"]


def _next_version() -> Any:
    from registry.core.ruleset import ruleset_from_document
    from tests.services.making import golden_rules

    document: dict[str, Any] = dict(golden_rules().document)
    document["ruleset"] = {**document["ruleset"], "version": "1.0.1"}
    return ruleset_from_document(document)


def test_a_conflict_is_granted_with_a_document_only(ruled: Database) -> None:
    imported(ruled, asset("near", 400))
    stands = checked(ruled, application())
    with pytest.raises(Refused) as refused:
        decide(ruled, "A-1", decision(ruled, "A-1", document=None), OFFICER, NOW, expected=stands.number)
    assert [(one.code, one.field) for one in refused.value.problems] == [("missing", "document")]
    assert decide(ruled, "A-1", decision(ruled, "A-1"), OFFICER, NOW, expected=stands.number).head.state == "granted"


def test_a_reservation_that_is_granted_over_is_weighed_and_impaired(ruled: Database) -> None:
    accepted(ruled, reservation("R-1", 700, holder=HEAT))
    stands = checked(ruled, application())
    with pytest.raises(Refused) as refused:
        decide(ruled, "A-1", decision(ruled, "A-1"), OFFICER, NOW, expected=stands.number)
    assert [(one.code, one.feature) for one in refused.value.problems] == [("weighing_missing", "R-1")]
    taken = decision(ruled, "A-1", weighed=["R-1", "R-9"])
    with pytest.raises(Refused) as other:
        decide(ruled, "A-1", taken, OFFICER, NOW, expected=stands.number)
    assert codes(other) == ["not_allowed"]
    done = decide(ruled, "A-1", decision(ruled, "A-1", weighed=["R-1"]), OFFICER, later(1), expected=stands.number)
    assert done.head.state == "granted"
    last = reservations.history(ruled, "R-1")[-1]
    assert (last.action, last.state) == ("impair", "accepted")
    assert last.value == replace(reservation("R-1", 700, holder=HEAT), impaired_by=("D-1",))
    assert last.extra == {
        "application": "A-1", "decision": "D-1", "stretches": [{"part": "p", "start": 0, "end": 20_000}],
    }  # fmt: skip
    assert last.document == "doc-3"
    told = [one for one in feed.changes(ruled, 0) if one.action == "impair"]
    assert [(one.id, one.told) for one in told] == [("R-1", (HEAT,))]


def test_weighing_takes_a_reason_and_a_document(ruled: Database) -> None:
    accepted(ruled, reservation("R-1", 700, holder=HEAT))
    stands = checked(ruled, application())
    taken = decision(ruled, "A-1", weighed=["R-1"])
    empty = replace(taken, weighed=(replace(taken.weighed[0], document=" "),))
    with pytest.raises(Refused) as refused:
        decide(ruled, "A-1", empty, OFFICER, NOW, expected=stands.number)
    assert [one.field for one in refused.value.problems] == ["weighed[0].document"]


def test_two_that_clash_are_not_both_granted(ruled: Database) -> None:
    """Granted works enter the basis of the other's verdict: the second one's is stale, and then a clash."""
    file(ruled, application("A-2", 400, applicant=WATER))
    granted(ruled, application())
    other = head(ruled, "application", "A-2")
    assert waiting(ruled) == ["A-2"]
    with pytest.raises(Refused) as stale:
        decide(ruled, "A-2", decision(ruled, "A-2", name="D-2"), OFFICER, NOW, expected=other.number)
    assert codes(stale) == ["stale_verdict"]
    work(ruled)
    with pytest.raises(Refused) as refused:
        decide(ruled, "A-2", decision(ruled, "A-2", name="D-2"), OFFICER, NOW, expected=other.number)
    assert [(one.code, one.feature) for one in refused.value.problems] == [("clash", "A-1")]
    agreed: dict[str, Any] = {"reason": "built together", "document": "doc-7"}
    agreements.record(ruled, "agreement", ("application", "A-2"), ("application", "A-1"), OFFICER, NOW, **agreed)
    done = decide(ruled, "A-2", decision(ruled, "A-2", name="D-2"), OFFICER, NOW, expected=other.number)
    assert done.head.state == "granted"


def test_what_is_withdrawn_or_revoked_is_in_nobodys_way(ruled: Database) -> None:
    stands = granted(ruled, application())
    checked(ruled, application("A-2", 400, applicant=WATER))
    applications.withdraw(ruled, "A-1", OPERATOR, NOW, expected=stands.number)
    assert waiting(ruled) == ["A-2"]
    work(ruled)
    found = verdicts.standing(ruled, "A-2")
    assert found is not None
    assert found.verdict.outcome == "fits"


def test_a_refusal_takes_a_reason_and_frees_the_space(ruled: Database) -> None:
    stands = checked(ruled, application())
    taken = decision(ruled, "A-1", "refuse")
    with pytest.raises(Refused) as refused:
        decide(ruled, "A-1", replace(taken, reason=None), OFFICER, NOW, expected=stands.number)
    assert codes(refused) == ["missing"]
    assert decide(ruled, "A-1", taken, OFFICER, NOW, expected=stands.number).head.state == "refused"


def test_conditions_go_with_a_grant_that_has_them(ruled: Database) -> None:
    stands = checked(ruled, application())
    for kind, conditions, code in (("grant_with_conditions", [], "missing"), ("grant", ["by hand"], "not_allowed")):
        taken = decision(ruled, "A-1", kind, conditions=conditions)
        with pytest.raises(Refused) as refused:
            decide(ruled, "A-1", taken, OFFICER, NOW, expected=stands.number)
        assert codes(refused) == [code]
    taken = decision(ruled, "A-1", "grant_with_conditions", conditions=["dig by hand near the tree"])
    assert decide(ruled, "A-1", taken, OFFICER, NOW, expected=stands.number).head.state == "granted"
    assert deciding.get(ruled, "D-1").conditions == ("dig by hand near the tree",)


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("kind", ["grant", "grant_with_conditions", "refuse", "note"])
def test_each_regime_has_its_decisions(sqlite_url: str, regime: Any, kind: str) -> None:
    db = Database(sqlite_url)
    publish(db)
    stands = checked(db, replace(application(), regime=regime))
    taken = decision(db, "A-1", kind, conditions=["one"] if kind == "grant_with_conditions" else [])
    noted, never_refused = regime in ("notification", "emergency"), regime == "telecom_consent"
    if (kind == "note") == noted and not (kind == "refuse" and never_refused):
        decide(db, "A-1", taken, OFFICER, NOW, expected=stands.number)
    else:
        with pytest.raises(Refused) as refused:
            decide(db, "A-1", taken, OFFICER, NOW, expected=stands.number)
        assert codes(refused) == ["wrong_regime"]
    db.close()


def test_only_an_officer_decides(ruled: Database) -> None:
    stands = checked(ruled, application())
    for actor in (OPERATOR, OTHER_OPERATOR, MANAGER, ADMINISTRATOR):
        with pytest.raises(Refused) as refused:
            decide(ruled, "A-1", decision(ruled, "A-1"), actor, NOW, expected=stands.number)
        assert codes(refused) == ["not_allowed_for_role"]


def test_what_was_not_checked_is_not_decided(ruled: Database) -> None:
    file(ruled, application())
    taken = deciding.Decision("D-1", "0" * 64, "grant", "why", "doc")
    for expected, code in ((None, "version_missing"), (2, "version_mismatch"), (1, "wrong_state")):
        with pytest.raises(Refused) as refused:
            decide(ruled, "A-1", taken, OFFICER, NOW, expected=expected)
        assert codes(refused) == [code]


def test_a_verdict_of_another_application_is_no_ground(ruled: Database) -> None:
    stands = checked(ruled, application())
    checked(ruled, application("A-2", 50_000))
    taken = replace(decision(ruled, "A-1"), verdict_sha256=verdict_of(ruled, "A-2"))
    with pytest.raises(Refused) as refused:
        decide(ruled, "A-1", taken, OFFICER, NOW, expected=stands.number)
    assert codes(refused) == ["stale_verdict"]
