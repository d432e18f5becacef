"""What comes in from files, what was agreed, what happened, and what is still to be done."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from flask_smorest import Blueprint

from registry.api.answers import Answer, newest, page, reading_on
from registry.api.operation import Call, Operation, operation
from registry.api.problems import faulty
from registry.api.reading import GEO_JSON, JSON, Body
from registry.api.showing import dump, show_change, show_job
from registry.core.errors import Problem
from registry.services import agreements, feed, imports, jobs
from schemas import acts, queries

blueprint: Final = Blueprint(
    "feeds", __name__, url_prefix="/v1", description="Imports, agreements, the change feed, and jobs."
)


@operation(
    blueprint,
    "POST",
    "/imports",
    Operation(
        "importObjects",
        "feeds",
        {200: "Import"},
        Body("Exchange", "exchange", types=(GEO_JSON, JSON), limit="import"),
        query=queries.ImportSchema(),
        roles=("administrator",),
    ),
)
def import_objects(call: Call) -> Answer:
    """Take in assets, ground levels and zones: only what differs is written, all of it or nothing."""
    if call.body.application is not None:
        problem = Problem("not_allowed", "an application is filed, not imported", "Leave it out.", "application")
        raise faulty("body", problem)
    sha256 = hashlib.sha256(call.content).hexdigest()
    run = imports.import_objects(call.db, call.body.objects, call.query["name"], sha256, call.actor, call.now)
    call.tell(run.jobs)
    return Answer(200, dump("Import", run))


@operation(
    blueprint,
    "GET",
    "/imports",
    Operation("listImports", "feeds", {200: "Imports"}, query=queries.NewestSchema()),
)
def list_imports(call: Call) -> Answer:
    """List imports, newest first."""
    found = imports.runs(call.db, limit=call.limit + 1)
    return Answer(200, newest("listImports", found, call.limit, lambda run: dump("Import", run)))


@operation(
    blueprint,
    "POST",
    "/agreements",
    Operation(
        "recordAgreement",
        "feeds",
        {200: "Agreement"},
        Body("AgreementBody", schema=acts.AgreementSchema()),
        roles=("manager", "officer"),
        conflicts=True,
        misses=True,
    ),
)
def record(call: Call) -> Answer:
    """Record that two holders agree to a clash between what is theirs, or the duty to solve a crossing in design.

    The same again, by the same organisation, is not recorded twice.
    """
    said = call.body
    a, b, why = _name(said["a"]), _name(said["b"]), {key: said[key] for key in ("reason", "document")}
    found = agreements.record(call.db, said["kind"], a, b, call.actor, call.now, **why)
    names = ("id", "kind", "reason", "document", "organisation", "recorded_at")
    both = {side: dict(zip(("kind", "id"), getattr(found, side), strict=True)) for side in ("a", "b")}
    return Answer(200, dump("Agreement", {name: getattr(found, name) for name in names} | both))


@operation(
    blueprint,
    "GET",
    "/changes",
    Operation("listChanges", "feeds", {200: "Changes"}, query=queries.ChangesSchema()),
)
def changes(call: Call) -> Answer:
    """List what happened, in the order in which it was kept. Who reads on from the last one misses none.

    With `bbox` only what lies in that area, or did before it changed, and policy. A page may then have fewer changes
    than asked for, or none, though there is a next one.
    """
    after = call.query.get("after", 0)
    if "bbox" in call.query:
        found = feed.changes_within(call.db, call.query["bbox"], after, call.limit)
        return Answer(200, reading_on("listChanges", found.changes, found.seen if found.more else None, show_change))
    listed = feed.changes(call.db, after, call.limit + 1)
    return Answer(200, page("listChanges", listed, call.limit, lambda change: change.seq, show_change))


@operation(
    blueprint,
    "GET",
    "/jobs",
    Operation("listJobs", "feeds", {200: "Jobs"}, query=queries.JobsSchema()),
)
def list_jobs(call: Call) -> Answer:
    """List jobs, newest first."""
    wanted = {key: call.query.get(key) for key in ("state", "subject")}
    found = jobs.listed(call.db, **wanted, limit=call.limit + 1)
    return Answer(200, newest("listJobs", found, call.limit, show_job))


@operation(blueprint, "GET", "/jobs/<id:job_id>", Operation("getJob", "feeds", {200: "Job"}))
def get_job(call: Call, job_id: str) -> Answer:
    """Read how far a job is."""
    return Answer(200, show_job(jobs.get(call.db, job_id)))


def _name(said: dict[str, Any]) -> tuple[str, str]:
    return said["kind"], said["id"]
