"""The pages and their addresses, as a blueprint for a register. Nothing here changes what that holds."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException

from registry.core.errors import Refused
from registry.formats.problems_told import problem_line
from registry.web import application_page, lists, reservation_page, rulesets_pages, whatif_page
from registry.web.addresses import NameConverter
from registry.web.language import language_of
from registry.web.view import HEADERS, page

if TYPE_CHECKING:
    from registry.db import Database


_LOG: Final = logging.getLogger(__name__)


def pages(db: Database, clock: Callable[[], datetime]) -> Blueprint:
    """The pages of a register; ``clock`` tells what moment it is."""
    blueprint = Blueprint("pages", __name__, static_folder="style", static_url_path="/style")
    blueprint.record_once(_know_names)

    @blueprint.get("/")
    def home() -> Response:
        return page(request, "home.html", "home")

    @blueprint.get("/inbox")
    def inbox() -> Response:
        return lists.inbox(db, request, clock())

    @blueprint.get("/applications")
    def applications() -> Response:
        return lists.listing(db, request, "application", clock())

    @blueprint.get("/reservations")
    def reservations() -> Response:
        return lists.listing(db, request, "reservation", clock())

    @blueprint.get("/changes")
    def changes() -> Response:
        return lists.changes(db, request)

    @blueprint.get("/applications/<name:name>")
    def application(name: str) -> Response:
        return application_page.application(db, request, name, clock())

    @blueprint.get("/reservations/<name:name>")
    def reservation(name: str) -> Response:
        return reservation_page.reservation(db, request, name, clock())

    _about_policy(blueprint, db)

    @blueprint.errorhandler(Refused)
    def refused(refusal: Refused) -> Response:
        return _refused(refusal)

    @blueprint.after_request
    def with_headers(response: Response) -> Response:
        for name, text in HEADERS.items():
            if name != "Cache-Control" or request.endpoint != "pages.static":
                response.headers.setdefault(name, text)
        return response

    return blueprint


def _about_policy(blueprint: Blueprint, db: Database) -> None:
    @blueprint.get("/rulesets")
    def rulesets() -> Response:
        return rulesets_pages.rulesets(db, request)

    @blueprint.get("/rulesets/<name:name>")
    def ruleset(name: str) -> Response:
        return rulesets_pages.ruleset(db, request, name)

    @blueprint.get("/what-ifs/<name:name>")
    def what_if(name: str) -> Response:
        return whatif_page.what_if(db, request, name)


def failed_page(error: Exception) -> Response:
    """The page for what went wrong otherwise: an address that there is none of, or a fault of the register itself."""
    if isinstance(error, HTTPException):
        if error.code is not None and error.code < 400:
            return error.get_response()  # type: ignore[return-value]
        what = "not_found" if error.code == 404 else "refused"
        return page(request, "refused.html", "", error.code or 400, what=what, lines=())
    _LOG.error("%s %s failed", request.method, request.path, exc_info=error)
    return page(request, "refused.html", "", 500, what="failed", lines=())


def _refused(refusal: Refused) -> Response:
    if all(problem.code == "not_found" for problem in refusal.problems):
        return page(request, "refused.html", "", 404, what="not_found", lines=())
    lines = tuple(problem_line(problem, language_of(request)) for problem in refusal.problems)
    return page(request, "refused.html", "", 400, what="refused", lines=lines)


def _know_names(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["name"] = NameConverter
