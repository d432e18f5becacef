"""Each operation × no token, a wrong token, a wrong role, another organisation; taken from the app itself.

An operation that is added is tried here as well; one that acts on what someone holds needs an entry in ``ACTS``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from registry.api.operation import OPERATIONS, Operation
from registry.app import create_app
from registry.config import Config
from registry.core.lifecycle import ROLES
from registry.db import Database
from registry.services import tokens
from registry.services.actors import Actor
from tests.api.asking import Asking
from tests.api.conftest import FILED, HEAT, OTHER, PEOPLE, RULESET, SEWER, START, Town, feature

WHY = {"reason": "because", "document": "letter 1"}
OTHER_RESERVATION = {"kind": "reservation", "id": "c"}
#: For each operation on what someone holds: who of another organisation tries it, where, and with what body.
ACTS: dict[str, tuple[str, str, object]] = {
    "putReservation": ("other_manager", HEAT, feature("heat-2030") | {"geometry": feature("sewer-old")["geometry"]}),
    "acceptReservation": ("other_manager", f"{HEAT}/_accept", WHY),
    "amendReservation": ("other_manager", f"{HEAT}/_amend", WHY | {"feature": feature("heat-2030")}),
    "extendReservation": ("other_manager", f"{HEAT}/_extend", WHY | {"review_date": "2029-01-01"}),
    "releaseReservation": ("other_manager", f"{HEAT}/_release", WHY),
    "reduceReservation": ("other_manager", f"{HEAT}/_reduce", WHY | {"remaining": feature("heat-2030")}),
    "raiseReservation": ("other_manager", f"{HEAT}/_raise", WHY | {"strength": "decided"}),
    "withdrawReservation": ("other_manager", f"{HEAT}/_withdraw", WHY),
    "putApplication": ("other_operator", FILED, SEWER | {"application": SEWER["application"] | {"title": "Mine now"}}),
    "withdrawApplication": ("other_operator", f"{FILED}/_withdraw", WHY),
    "supplyData": ("other_operator", f"{FILED}/_supply", SEWER),
    "startWorks": ("other_operator", f"{FILED}/_start", WHY),
    "reportAsBuilt": ("other_operator", f"{FILED}/_complete", WHY),
    "recordAgreement": (
        "other_manager",
        "/v1/agreements",
        WHY | {"kind": "agreement", "a": {"kind": "reservation", "id": "heat-2030"}, "b": OTHER_RESERVATION},
    ),
}
#: Operations that whoever has the role may do, whatever the organisation: the register's own affairs, or nobody's.
ANYONE_IN_THE_ROLE = {
    "askForData", "checkAgain", "extendTerm", "suspendWorks", "resumeWorks", "revokeGrant", "putDecision", "putRuleset",
    "publishRuleset", "importObjects", "askWhatIf", "askRulesetWhatIf",
    "listRulesetWhatIfs", "getRulesetWhatIf", "listWeighedApplications", "cancelRulesetWhatIf", "lintRuleset",
}  # fmt: skip


def all_operations() -> list[Operation]:
    return sorted(OPERATIONS.values(), key=lambda known: known.id)


def protected() -> list[Operation]:
    return [known for known in all_operations() if known.protected]


def address(town: Town, known: Operation) -> str:
    """The path of an operation, with ids that name nothing."""
    template = next(
        path for path, item in town.asking.description["paths"].items()
        if item.get(known.method.lower(), {}).get("operationId") == known.id
    )  # fmt: skip
    for name in known.ids:
        template = template.replace(f"{{{name}}}", "no-such")
    return f"/v1{template}" + ("?name=x" if known.id == "importObjects" else "")


def body(known: Operation) -> dict[str, Any]:
    """A body of the right kind, for what is refused before it is read."""
    return {"kind": known.body.types[0], "body": b"{}"} if known.body is not None else {}


def test_every_operation_that_writes_is_protected(sqlite_town: Town) -> None:
    for rule in sqlite_town.app.url_map.iter_rules():
        if rule.rule.startswith("/v1") and rule.methods - {"GET", "HEAD", "OPTIONS"}:  # type: ignore[operator]
            assert OPERATIONS[rule.endpoint].protected, rule
            assert OPERATIONS[rule.endpoint].roles, rule


def test_no_token_and_a_wrong_token(sqlite_town: Town) -> None:
    for known in protected():
        path = address(sqlite_town, known)
        answer = sqlite_town.asking.ask(known.method, path, **body(known))
        assert answer.status_code == 401, path
        assert answer.headers["WWW-Authenticate"].startswith("Bearer realm=")
        for wrong in ("Bearer usr_wrong", "Basic YTpi", "Bearer", "Bearer a b", "bearer\tx"):
            answer = sqlite_town.asking.ask(known.method, path, headers={"Authorization": wrong}, **body(known))
            assert answer.status_code == 401, (path, wrong)
    for known in all_operations():
        if not known.protected and not known.public:
            path = address(sqlite_town, known)
            assert sqlite_town.asking.get(path, token="usr_wrong").status_code == 401, path
            assert sqlite_town.asking.get(path).status_code in (200, 404), path


def test_a_token_that_has_ended(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    moments = [START]
    asking = Asking(create_app(Config(clock=lambda: moments[0]), db=db))
    ending, _ = tokens.create(db, Actor("a", OTHER, "operator"), START, expires=START + timedelta(hours=1))
    revoked, id_ = tokens.create(db, Actor("b", OTHER, "operator"), START)
    path = "/v1/applications"
    assert [asking.get(path, token=text).status_code for text in (ending, revoked)] == [200, 200]
    assert tokens.revoke(db, id_, START)
    moments[0] += timedelta(hours=1)
    assert [asking.get(path, token=text).status_code for text in (ending, revoked)] == [401, 401]
    db.close()


def test_wrong_roles_are_refused_and_told_who_may(sqlite_town: Town) -> None:
    by_role = {role: name for name, (_, role) in PEOPLE.items()}
    for known in protected():
        path = address(sqlite_town, known)
        for role in ROLES:
            answer = sqlite_town.asking.ask(
                known.method, path, token=sqlite_town.tokens[by_role[role]], **body(known)
            )
            if role in known.roles:
                assert answer.status_code not in (401, 403, 500), (path, role, answer.data)
            else:
                assert answer.status_code == 403, (path, role)
                assert known.roles[0] in answer.get_json()["errors"][0]["remedy"], path


def test_another_organisation_is_refused(town: Town) -> None:
    town.policy()
    town.asking.put(HEAT, feature("heat-2030"), token=town.tokens["manager"])
    town.apply()
    town.asking.put("/v1/reservations/c", feature("heat-2030") | {"id": "c"}, token=town.tokens["manager"])
    for known in protected():
        if known.id in ANYONE_IN_THE_ROLE:
            continue
        who, path, said = ACTS[known.id]
        answer = town.asking.ask(known.method, path, said, token=town.tokens[who], seen=1)
        assert answer.status_code == 403, (known.id, answer.data)
        assert answer.get_json()["errors"][0]["code"] == "not_yours", known.id
    for path in (HEAT, FILED):
        assert town.asking.get(path).get_json()["revision"] == 1


def test_every_operation_on_what_someone_holds_is_tried() -> None:
    assert set(ACTS) | ANYONE_IN_THE_ROLE == {known.id for known in protected()}


def test_nothing_can_be_filed_in_the_name_of_another(town: Town) -> None:
    answer = town.asking.put(FILED, SEWER, token=town.tokens["other_operator"])
    assert answer.status_code == 403, answer.data
    answer = town.asking.put(HEAT, feature("heat-2030"), token=town.tokens["other_manager"])
    assert answer.status_code == 403, answer.data
    for path in (HEAT, FILED):
        assert town.asking.get(path).status_code == 404


def test_who_stored_a_ruleset_does_not_publish_it(town: Town) -> None:
    path = "/v1/rulesets/example-two-number/versions/1.2.0"
    town.asking.put(path, RULESET, kind="application/yaml", token=town.tokens["policy"])
    answer = town.asking.post(f"{path}/_publish", token=town.tokens["policy"])
    assert answer.status_code in (403, 409), answer.data
    assert "published_at" not in town.asking.get(path).get_json()


def test_a_ruleset_of_which_an_example_fails_is_not_published(sqlite_town: Town) -> None:
    path, town = "/v1/rulesets/example-two-number/versions/1.2.0", sqlite_town
    text = RULESET.replace(b"outcome: conflict", b"outcome: fits", 1)
    put = town.asking.put(path, text, kind="application/yaml", token=town.tokens["policy"])
    assert put.status_code == 201, put.data
    answer = town.asking.post(f"{path}/_publish", token=town.tokens["policy_too"])
    assert answer.status_code == 409, answer.data
    (error,) = answer.get_json()["errors"]
    assert error["code"] == "example_fails"
    assert error["detail"] == "example sewer-too-near-heat comes out as conflict, not as fits"
    assert "published_at" not in town.asking.get(path).get_json()


def test_who_acts_is_never_read_from_the_body(town: Town) -> None:
    for extra in ({"actor": "me"}, {"organisation": OTHER}, {"role": "officer"}, {"status": "accepted"}):
        answer = town.asking.put(HEAT, feature("heat-2030") | extra, token=town.tokens["manager"])
        assert answer.status_code == 400, extra


@pytest.mark.parametrize("header", ["X-Forwarded-User", "X-Remote-User", "Cookie"])
def test_no_other_header_says_who_acts(sqlite_town: Town, header: str) -> None:
    value = f"session={sqlite_town.tokens['operator']}"
    assert sqlite_town.asking.put(FILED, SEWER, headers={header: value}).status_code == 401
