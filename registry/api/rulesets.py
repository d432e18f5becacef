"""Versions of policy: stored by one policy officer, published by another."""

from __future__ import annotations

from typing import Final

from flask_smorest import Blueprint

from registry.api.answers import Answer, link, whole
from registry.api.operation import Call, Operation, operation
from registry.api.problems import faulty
from registry.api.reading import YAML, Body
from registry.api.showing import show_ruleset, show_ruleset_summary
from registry.core.errors import Problem
from registry.services import rulesets

blueprint: Final = Blueprint("rulesets", __name__, url_prefix="/v1", description="The municipality's policy, as data.")
_ONE: Final = "/rulesets/<id:ruleset_id>/versions/<id:version>"
_ROLES: Final = ("policy_officer",)


@operation(blueprint, "GET", "/rulesets", Operation("listRulesets", "rulesets", {200: "Rulesets"}))
def listed(call: Call) -> Answer:
    """List every version, by id and version."""
    return Answer(200, whole("listRulesets", [show_ruleset_summary(one) for one in rulesets.listed(call.db)]))


@operation(
    blueprint,
    "PUT",
    _ONE,
    Operation(
        "putRuleset",
        "rulesets",
        {200: "Ruleset", 201: "Ruleset"},
        Body("RulesetText", "ruleset", types=(YAML,)),
        roles=_ROLES,
        conflicts=True,
    ),
)
def put(call: Call, ruleset_id: str, version: str) -> Answer:
    """Store a version. The same again changes nothing; another under the same version is refused."""
    ruleset, text = call.body
    problems = [
        Problem("not_allowed", f"not the one in the address, {asked}", "Let both be the same.", field, found)
        for field, found, asked in (("id", ruleset.id, ruleset_id), ("version", ruleset.version, version))
        if found != asked
    ]
    if problems:
        raise faulty("body", problems)
    stored = rulesets.store(call.db, ruleset, text, call.actor, call.now)
    headers = {"Location": link("getRuleset", ruleset_id=ruleset_id, version=version)}
    return Answer(201 if stored.created else 200, show_ruleset(stored), headers=headers)


@operation(blueprint, "GET", _ONE, Operation("getRuleset", "rulesets", {200: "Ruleset"}))
def get(call: Call, ruleset_id: str, version: str) -> Answer:
    """Read a version with its text."""
    return Answer(200, show_ruleset(rulesets.get(call.db, ruleset_id, version)))


@operation(
    blueprint,
    "POST",
    f"{_ONE}/_publish",
    Operation("publishRuleset", "rulesets", {200: "Ruleset"}, roles=_ROLES, conflicts=True),
)
def publish(call: Call, ruleset_id: str, version: str) -> Answer:
    """Publish a version that another person stored. Every open application is checked again."""
    stored = rulesets.publish(call.db, ruleset_id, version, call.actor, call.now)
    call.tell(stored.jobs)
    return Answer(200, show_ruleset(stored))


