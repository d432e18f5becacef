"""What a version of policy would change: asked for, found out in the background, read, and cancelled."""

from __future__ import annotations

from typing import Any, Final

from flask_smorest import Blueprint

from registry.api.answers import Answer, link, page, whole
from registry.api.operation import Call, Operation, operation
from registry.api.showing import dump
from registry.core.errors import Problem, Refused, shown
from registry.core.policy import Ruleset
from registry.core.weighing import Counts, Weighed
from registry.formats.problems_told import problem_line
from registry.formats.whatif_told import shifted
from registry.formats.words import Language
from registry.services import rulesets, whatifs
from registry.services.whatifs import WhatIf
from schemas import weighed

blueprint: Final = Blueprint("whatifs", __name__, url_prefix="/v1", description="What versions of policy would change.")
_ALL: Final = "/rulesets/<id:ruleset_id>/versions/<id:version>/what-ifs"
_ONE: Final = f"{_ALL}/<id:what_if_id>"
_ROLES: Final = ("policy_officer",)


@operation(
    blueprint,
    "POST",
    _ALL,
    Operation("askRulesetWhatIf", "rulesets", {202: "RulesetWhatIf"}, roles=_ROLES),
)
def ask(call: Call, ruleset_id: str, version: str) -> Answer:
    """Ask what a stored version would change for every open application. It is found out in the background: `Location`
    tells how far it is, and what came of it. Where that is asked already and under way, it is that one."""
    found = whatifs.ask(call.db, ruleset_id, version, call.actor, call.now)
    if found.created:
        call.tell((found.job_id,))
    return Answer(202, _shown(found), headers={"Location": _link("getRulesetWhatIf", found)})


@operation(
    blueprint, "GET", _ALL, Operation("listRulesetWhatIfs", "rulesets", {200: "RulesetWhatIfs"}, roles=_ROLES)
)
def listed(call: Call, ruleset_id: str, version: str) -> Answer:
    """List all that was asked of a version, the newest first."""
    found = [_shown(one) for one in whatifs.listed(call.db, ruleset_id, version)]
    return Answer(200, whole("listRulesetWhatIfs", found, ruleset_id=ruleset_id, version=version))


@operation(blueprint, "GET", _ONE, Operation("getRulesetWhatIf", "rulesets", {200: "RulesetWhatIf"}, roles=_ROLES))
def get(call: Call, ruleset_id: str, version: str, what_if_id: str) -> Answer:
    """Read how far it is, and once it is done how many applications have which outcome, and which other one."""
    return Answer(200, _shown(_of(call, ruleset_id, version, what_if_id)))


@operation(
    blueprint,
    "GET",
    f"{_ONE}/applications",
    Operation(
        "listWeighedApplications",
        "rulesets",
        {200: "WeighedApplications"},
        query=weighed.WeighedApplicationsSchema(),
        roles=_ROLES,
    ),
)
def applications(call: Call, ruleset_id: str, version: str, what_if_id: str) -> Answer:
    """List the applications of which anything changes, by id, and why; none before it is done. With `differs` only
    those of which the outcome does, or does not; with `past` those that were decided on."""
    found = _of(call, ruleset_id, version, what_if_id)
    ruleset = rulesets.get(call.db, ruleset_id, version).ruleset
    differs = call.query.get("differs")
    listed_ = whatifs.items(
        call.db,
        found.id,
        past=call.query["past"] == "true",
        differs=None if differs is None else differs == "true",
        after=call.query.get("after"),
        limit=call.limit + 1,
    )
    ids = {"ruleset_id": ruleset_id, "version": version, "what_if_id": found.id}
    lang: Language = call.query["lang"]
    shown_ = page(
        "listWeighedApplications", listed_, call.limit, lambda one: one.application,
        lambda one: _weighed(one, ruleset, lang), **ids,
    )  # fmt: skip
    return Answer(200, shown_)


@operation(
    blueprint,
    "POST",
    f"{_ONE}/_cancel",
    Operation("cancelRulesetWhatIf", "rulesets", {200: "RulesetWhatIf"}, roles=_ROLES, conflicts=True),
)
def cancel(call: Call, ruleset_id: str, version: str, what_if_id: str) -> Answer:
    """End one that is under way; nothing of it is kept."""
    found = _of(call, ruleset_id, version, what_if_id)
    return Answer(200, _shown(whatifs.cancel(call.db, found.id, call.actor, call.now)))


def _of(call: Call, ruleset_id: str, version: str, what_if_id: str) -> WhatIf:
    found = whatifs.get(call.db, what_if_id)
    if (found.ruleset_id, found.version) != (ruleset_id, version):
        detail = f"there is no what-if {shown(what_if_id)} of this version"
        raise Refused(Problem("not_found", detail, "Look it up in the list.", "id", what_if_id))
    return found


def _link(name: str, found: WhatIf) -> str:
    return link(name, ruleset_id=found.ruleset_id, version=found.version, what_if_id=found.id)


def _shown(found: WhatIf) -> dict[str, Any]:
    names = (
        "id", "state", "done", "total", "error", "asked_by", "asked_at", "cancelled_by", "cancelled_at", "finished_at",
    )  # fmt: skip
    links = {
        "self": _link("getRulesetWhatIf", found),
        "applications": _link("listWeighedApplications", found),
        "ruleset": link("getRuleset", ruleset_id=found.ruleset_id, version=found.version),
        "job": link("getJob", job_id=found.job_id),
    }
    ruleset = {"id": found.ruleset_id, "version": found.version, "sha256": found.ruleset_sha256}
    told = {name: getattr(found, name) for name in names} | {"ruleset": ruleset, "links": links}
    if found.counts is not None and found.past is not None:
        told |= {"open": _counted(found.counts), "past": _counted(found.past), "untold": found.untold}
        told["changes_since"] = found.changes
    return dump("RulesetWhatIf", told)


def _counted(counts: Counts) -> dict[str, Any]:
    return {
        "applications": counts.applications,
        "kept": counts.kept,
        "differing": counts.differing,
        "other_findings": counts.other_findings,
        "outcomes": [{"outcome": outcome, "count": count} for outcome, count in counts.outcomes.items()],
        "turns": [{"before": turn[0], "after": turn[1], "count": count} for turn, count in counts.turns.items()],
        "rules": [
            {"rule": rule} | {what: found.get(what, 0) for what in weighed.WHATS}
            for rule, found in counts.rules.items()
        ],
    }


def _weighed(one: Weighed, ruleset: Ruleset, lang: Language) -> dict[str, Any]:
    reached = {"before": (one.outcome_before, one.before), "after": (one.outcome_after, one.after)}
    told: dict[str, Any] = {
        name: {"outcome": outcome, "sha256": sha256}
        for name, (outcome, sha256) in reached.items()
        if outcome is not None
    }
    told |= {name: getattr(one, name) for name in ("application", "past", "differs")}
    told["findings"] = [
        {
            "what": shift.what, "rule": shift.rule, "text": shifted(shift, ruleset, lang), "before": shift.before,
            "after": shift.after,
        }
        for shift in one.shifts
    ]  # fmt: skip
    told["problems"] = [problem_line(problem, lang) for problem in one.problems]
    told["links"] = {"application": link("getApplication", application_id=one.application)}
    return dump("WeighedApplication", told)
