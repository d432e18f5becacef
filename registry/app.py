"""The Flask application: the API and the pages on one register."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, Response

from registry.api.mounting import failed, mount, of_the_api
from registry.api.nudging import Nudger
from registry.api.operation import Register
from registry.config import Config
from registry.db import Database
from registry.web.pages import failed_page, pages


def create_app(
    config: Config | None = None,
    *,
    nudge: Callable[[Sequence[str]], object] | None = None,
    db: Database | None = None,
) -> Flask:
    """The app on the register that ``config`` names (by default what the environment says), or on ``db``.

    ``nudge`` is told the ids of jobs once they are kept, beside the request; what it does, or that it waits or fails,
    is never noticed there.
    """
    settings = config or Config.from_environment()
    app = Flask("registry", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.url_map.merge_slashes = False
    told = Nudger(nudge) if nudge is not None else _nobody
    register = Register(db or Database(settings.database_url), settings, told)
    mount(app, register)
    app.register_blueprint(pages(register.db, settings.clock))
    app.register_error_handler(Exception, _failed)
    return app


def _failed(error: Exception) -> Response:
    return failed(error) if of_the_api() else failed_page(error)


def _nobody(_jobs: Sequence[str]) -> None:
    """No worker is told; each looks by itself."""
