"""Applications: put, read, completed, withdrawn; their term, their works, and the verdicts on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

from flask_smorest import Blueprint

from registry.api.answers import Answer, link, page, whole
from registry.api.operation import Call, Operation, operation, roles_of
from registry.api.problems import TRY_AGAIN, Later
from registry.api.reading import GEO_JSON, JSON, Body, the_application
from registry.api.showing import show_application, show_revision, show_summary, show_verdict, show_verdict_summary
from registry.core.errors import Problem
from registry.services import applications, jobs, progress, transitions, verdicts
from registry.services.saved import Saved
from schemas import acts, queries

blueprint: Final = Blueprint(
    "applications", __name__, url_prefix="/v1", description="Requests for works, and what became of them."
)
_ONE: Final = "/applications/<id:application_id>"
_REASON: Final = Body("ReasonBody", schema=acts.ReasonSchema())
_NEEDED: Final = Body("RequiredReasonBody", schema=acts.RequiredReasonSchema())
_FILING: Final = Body("Exchange", "exchange", types=(GEO_JSON, JSON), limit="filing")
_ACT: Final = Operation(
    "", "applications", {200: "Application"}, _REASON, writes=True, versioned="required", conflicts=True, tagged=True
)


def act(name: str, action: str, body: Body = _REASON) -> Operation:
    """An act on an application that is there, by its name in the core's table of transitions."""
    return replace(_ACT, id=name, roles=roles_of("application", action), body=body)


@operation(
    blueprint,
    "GET",
    "/applications",
    Operation("listApplications", "applications", {200: "Applications"}, query=queries.ApplicationsSchema()),
)
def listed(call: Call) -> Answer:
    """List applications by id, by state or applicant."""
    found = applications.listed(
        call.db,
        state=call.query.get("state"),
        holder=call.query.get("applicant"),
        after=call.query.get("after"),
        limit=call.limit + 1,
    )
    return Answer(200, page("listApplications", found, call.limit, lambda head: head.id, show_summary))


@operation(
    blueprint,
    "PUT",
    _ONE,
    replace(
        act("putApplication", "file", _FILING), answers={202: "Application"}, versioned="when_there", conflicts=True
    ),
)
def put(call: Call, application_id: str) -> Answer:
    """File an application and ask for its check, or amend the one that is there.

    The check is made in the background: `Location` is its job, `links.verdict` where its verdict will be. The same
    again changes nothing and is answered alike.
    """
    wanted = the_application(call.body, application_id)
    call.require_there(applications.get, application_id)
    return _asked(call, applications.file(call.db, wanted, call.actor, call.now, expected=call.expected))


@operation(blueprint, "GET", _ONE, Operation("getApplication", "applications", {200: "Application"}, tagged=True))
def get(call: Call, application_id: str) -> Answer:
    """Read an application as it now stands."""
    head = applications.get(call.db, application_id)
    return Answer(200, show_application(head), revision=head.number)


@operation(
    blueprint, "GET", f"{_ONE}/revisions", Operation("listApplicationRevisions", "applications", {200: "Revisions"})
)
def history(call: Call, application_id: str) -> Answer:
    """List all that was done with an application, oldest first."""
    found = [show_revision(one) for one in applications.history(call.db, application_id)]
    return Answer(200, whole("listApplicationRevisions", found, application_id=application_id))


@operation(blueprint, "POST", f"{_ONE}/_withdraw", act("withdrawApplication", "withdraw"))
def withdraw(call: Call, application_id: str) -> Answer:
    """Take back an application, or give up what was granted and not begun."""
    return _done(call, applications.withdraw, application_id)


@operation(blueprint, "POST", f"{_ONE}/_ask", act("askForData", "request_data", _NEEDED))
def request_data(call: Call, application_id: str) -> Answer:
    """Ask the applicant for what is missing; the clock stops."""
    return _done(call, applications.request_data, application_id)


@operation(
    blueprint,
    "POST",
    f"{_ONE}/_supply",
    replace(act("supplyData", "supply_data", _FILING), answers={202: "Application"}),
)
def supply_data(call: Call, application_id: str) -> Answer:
    """Supply what was asked for: the application as completed. The clock goes on and a check is asked for."""
    wanted = the_application(call.body, application_id)
    return _asked(call, applications.supply_data(call.db, wanted, call.actor, call.now, expected=call.seen))


@operation(blueprint, "POST", f"{_ONE}/_extend", act("extendTerm", "request_data"))
def extend_term(call: Call, application_id: str) -> Answer:
    """Extend the term, once, by what the regime allows."""
    return _done(call, applications.extend_term, application_id)


@operation(blueprint, "POST", f"{_ONE}/_start", act("startWorks", "start_works"))
def start_works(call: Call, application_id: str) -> Answer:
    """Tell that the works have begun."""
    return _done(call, progress.start_works, application_id)


@operation(
    blueprint,
    "POST",
    f"{_ONE}/_complete",
    act("reportAsBuilt", "report_as_built", Body("BuiltBody", schema=acts.BuiltSchema())),
)
def report_as_built(call: Call, application_id: str) -> Answer:
    """Tell that the works are there: each part becomes an asset, and what it replaced or removed goes."""
    stated = call.body.get("built_on")
    built_on = None if stated is None else date.fromisoformat(stated)
    return _done(call, progress.report_as_built, application_id, built_on=built_on)


@operation(blueprint, "POST", f"{_ONE}/_suspend", act("suspendWorks", "suspend"))
def suspend(call: Call, application_id: str) -> Answer:
    """Stop granted works for a time; their space stays held."""
    return _done(call, progress.suspend, application_id)


@operation(blueprint, "POST", f"{_ONE}/_resume", act("resumeWorks", "resume"))
def resume(call: Call, application_id: str) -> Answer:
    """Let suspended works go on."""
    return _done(call, progress.resume, application_id)


@operation(blueprint, "POST", f"{_ONE}/_revoke", act("revokeGrant", "revoke"))
def revoke(call: Call, application_id: str) -> Answer:
    """Take a grant back; its space is free."""
    return _done(call, progress.revoke, application_id)


@operation(
    blueprint,
    "POST",
    f"{_ONE}/_check",
    Operation(
        "checkAgain", "applications", {202: "Application"}, roles=jobs.ASKERS, writes=True, conflicts=True, tagged=True
    ),
)
def check_again(call: Call, application_id: str) -> Answer:
    """Ask again for the check of an application that was set aside; `Location` is the job that makes it.

    Asked again while that waits or is being made, it is the same job.
    """
    return _asked(call, jobs.check_again(call.db, application_id, call.actor, call.now))


@operation(blueprint, "GET", f"{_ONE}/verdicts", Operation("listVerdicts", "applications", {200: "Verdicts"}))
def all_verdicts(call: Call, application_id: str) -> Answer:
    """List every verdict on an application, oldest first."""
    applications.get(call.db, application_id)
    found = [show_verdict_summary(one) for one in verdicts.of_application(call.db, application_id)]
    return Answer(200, whole("listVerdicts", found, application_id=application_id))


@operation(blueprint, "GET", f"{_ONE}/verdict", Operation("getStandingVerdict", "applications", {200: "GivenVerdict"}))
def verdict(call: Call, application_id: str) -> Answer:
    """Read the verdict that stands for an application; 404 as long as there is none, or where a newer check was set
    aside. `renewal` tells of a newer check that is not done yet."""
    head = applications.get(call.db, application_id)
    found = verdicts.standing(call.db, application_id)
    if found is None or found.renewal == "parked":
        detail = f"there is no verdict yet: the application is {head.state}"
        remedy = f"Ask again after {TRY_AGAIN} s or more; its job tells how far it is."
        if found is not None:
            detail = "there is no verdict on what holds now: the newest check was set aside"
            again = link("checkAgain", application_id=application_id)
            remedy = f"Its job tells why. An officer asks for it again: POST {again}."
        raise Later(Problem("not_found", detail, remedy, "", application_id))
    return Answer(200, show_verdict(found, transitions.transition(call.db, found, call.now)))


def _done(call: Call, do: Any, application_id: str, **further: Any) -> Answer:
    reasons = {key: call.body.get(key) for key in ("reason", "document")}
    saved: Saved = do(call.db, application_id, call.actor, call.now, expected=call.seen, **further, **reasons)
    call.tell(saved.jobs)
    return Answer(200, show_application(saved.head), revision=saved.head.number)


def _asked(call: Call, saved: Saved) -> Answer:
    """The application as it now stands, and where its check can be followed."""
    call.tell(saved.jobs or ((saved.job_id,) if saved.job_id else ()))
    headers = {"Location": link("getApplication", application_id=saved.head.id)}
    if saved.job_id is not None:
        headers["Location"] = link("getJob", job_id=saved.job_id)
    return Answer(202, show_application(saved.head, saved.job_id), revision=saved.head.number, headers=headers)
