"""Putting the API into an app: its operations, how its errors are told, and the headers of every answer."""

from __future__ import annotations

import logging
from typing import Final

from flask import Flask, Response, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from registry.api import (
    applications,
    decisions,
    feeds,
    landing,
    policy,
    problems,
    reservations,
    rulesets,
    verdicts,
    whatifs,
)
from registry.api.documents import VERSION, described_api
from registry.api.ids import IdConverter, SlashesInIds
from registry.api.operation import Register
from registry.config import Config
from registry.core.errors import Problem, Refused

_LOG: Final = logging.getLogger(__name__)
PREFIX: Final = "/v1"
_BLUEPRINTS: Final = tuple(
    module.blueprint
    for module in (landing, reservations, applications, decisions, verdicts, rulesets, policy, whatifs, feeds)
)
_HEADERS: Final = {
    "API-Version": VERSION,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def mount(app: Flask, register: Register) -> None:
    """Give an app the API. Ids may stand in any of its addresses, as ``<id:…>``."""
    app.extensions["register"] = register
    app.url_map.merge_slashes = False
    app.url_map.converters["id"] = IdConverter
    app.wsgi_app = SlashesInIds(app.wsgi_app)  # type: ignore[method-assign]
    api = described_api(app, register.config)
    app.extensions["described_api"] = api
    for blueprint in _BLUEPRINTS:
        api.register_blueprint(blueprint)
    app.add_url_rule(PREFIX, "landing", app.view_functions["register.getLanding"], methods=["GET"])
    app.after_request(lambda response: _with_headers(response, register.config))
    app.register_error_handler(Refused, problems.of_refusal)
    app.register_error_handler(problems.Faulty, problems.of_faults)
    app.register_error_handler(problems.Later, problems.of_later)


def of_the_api() -> bool:
    """Whether what is asked for is the API's: also an address in it that leads nowhere."""
    return request.path == PREFIX or request.path.startswith(f"{PREFIX}/")


def failed(error: Exception) -> Response:
    """The answer to what went wrong otherwise: a wrong address or method, a database that is busy, a fault of ours."""
    if isinstance(error, OperationalError):
        _LOG.warning("the database did not answer in time", exc_info=error)
        problem = Problem("busy", "the register is busy, or its database is not there", "Try again in a while.")
        return problems.of_faults(problems.faulty("header", problem))
    if isinstance(error, HTTPException):
        return problems.of_http(error)
    _LOG.error("%s %s failed", request.method, request.path, exc_info=error)
    return problems.of_http(InternalServerError())


def _with_headers(response: Response, config: Config) -> Response:
    if not of_the_api():
        return response
    for name, value in _HEADERS.items():
        response.headers[name] = value
    origin = request.headers.get("Origin")
    if origin in config.origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "API-Version, ETag, Location"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, If-Match"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
    if config.origins:
        response.headers["Vary"] = "Origin"
    return response
