"""Where everything is, how it is described, and how the register is."""

from __future__ import annotations

from typing import Final

from flask import current_app
from flask_smorest import Blueprint

from registry.api.answers import Answer, link
from registry.api.documents import VERSION, DescribedApi
from registry.api.operation import Call, Operation, operation
from registry.api.showing import dump
from registry.formats.json_strict import dump_json
from registry.services.health import health

blueprint: Final = Blueprint(
    "register", __name__, url_prefix="/v1", description="Where everything is, and how the register is."
)
_LISTS: Final = {
    "service-desc": "getDescription",
    "health": "getHealth",
    "reservations": "listReservations",
    "applications": "listApplications",
    "rulesets": "listRulesets",
    "imports": "listImports",
    "changes": "listChanges",
    "jobs": "listJobs",
}


@operation(blueprint, "GET", "/", Operation("getLanding", "register", {200: "Landing"}, public=True))
def landing(_call: Call) -> Answer:
    """Read where everything is."""
    links = {name: link(operation_id) for name, operation_id in _LISTS.items()}
    return Answer(200, dump("Landing", {"title": "Underground space registry", "version": VERSION, "links": links}))


@operation(
    blueprint, "GET", "/openapi.json", Operation("getDescription", "register", {200: "Description"}, public=True)
)
def description(_call: Call) -> Answer:
    """Read this description."""
    kept = current_app.extensions
    if "description" not in kept:
        api: DescribedApi = kept["described_api"]
        kept["description"] = dump_json(api.spec.to_dict())
    return Answer(200, kept["description"], headers={"Access-Control-Allow-Origin": "*"})


@operation(
    blueprint,
    "GET",
    "/health",
    Operation("getHealth", "register", {200: "Health"}, public=True),
)
def how_it_is(call: Call) -> Answer:
    """Read whether the database is there and of this version, and whether checks are being made."""
    found = health(call.db, call.now)
    told = {"database": found.database, "migrated": found.migrated, "worker": found.worker}
    return Answer(200, dump("Health", told | {"status": "ok" if found.good else "degraded"}))
