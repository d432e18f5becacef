"""The officer's decisions on applications."""

from __future__ import annotations

from typing import Final

from flask_smorest import Blueprint

from registry.api.answers import Answer, link, whole
from registry.api.operation import Call, Operation, operation
from registry.api.reading import Body
from registry.api.showing import show_decision
from registry.core.errors import Problem, Refused
from registry.services import applications, deciding
from registry.services.deciding import Decision, Weighed
from schemas import acts

blueprint: Final = Blueprint("decisions", __name__, url_prefix="/v1", description="What the officer decided, and why.")
_ALL: Final = "/applications/<id:application_id>/decisions"
_ONE: Final = f"{_ALL}/<id:decision_id>"


@operation(blueprint, "GET", _ALL, Operation("listDecisions", "decisions", {200: "Decisions"}))
def listed(call: Call, application_id: str) -> Answer:
    """List the decisions on an application, oldest first."""
    head = applications.get(call.db, application_id)
    found = [show_decision(row, head) for row in deciding.decisions(call.db, application_id)]
    return Answer(200, whole("listDecisions", found, application_id=application_id))


@operation(
    blueprint,
    "PUT",
    _ONE,
    Operation(
        "putDecision",
        "decisions",
        {200: "Decision"},
        Body("DecisionBody", schema=acts.DecisionSchema()),
        roles=("officer",),
        versioned="required",
        conflicts=True,
    ),
)
def put(call: Call, application_id: str, decision_id: str) -> Answer:
    """Decide on a checked application; If-Match is the ETag of the application.

    The decision names the verdict it rests on. Where that is not what would be found now, it is refused with 412 and a
    fresh check is asked for. Granting against a reservation needs it weighed. The same again is the same act.
    """
    said = dict(call.body)
    weighed = tuple(Weighed(**one) for one in said.pop("weighed"))
    verdict, conditions = said.pop("verdict"), tuple(said.pop("conditions"))
    decision = Decision(decision_id, verdict, conditions=conditions, weighed=weighed, **said)
    saved = deciding.decide(call.db, application_id, decision, call.actor, call.now, expected=call.seen)
    call.tell(saved.jobs)
    return Answer(200, show_decision(deciding.get(call.db, decision_id), saved.head))


@operation(blueprint, "GET", _ONE, Operation("getDecision", "decisions", {200: "Decision"}))
def get(call: Call, application_id: str, decision_id: str) -> Answer:
    """Read a decision."""
    row = deciding.get(call.db, decision_id)
    if row.application_id != application_id:
        remedy = f"Look under {link('listDecisions', application_id=application_id)}."
        raise Refused(Problem("not_found", "no such decision on this application", remedy, "", decision_id))
    return Answer(200, show_decision(row, applications.get(call.db, application_id)))
