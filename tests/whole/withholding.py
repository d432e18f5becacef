"""The register's application, which keeps its first answer to a PUT to itself: what was asked is done and kept by then.

``WITHHELD`` names a folder. The answer is written to ``answer`` in it, and given once somebody has the FIFO
``may-answer`` open to write. All other requests are answered as they come.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry.app import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FOLDER = Path(os.environ["WITHHELD"])


class Withholding:
    """Around an application."""

    def __init__(self, application: WSGIApplication):
        self._application = application
        self._first = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "PUT" or not self._first.acquire(blocking=False):
            return self._application(environ, start_response)
        began: list[Any] = []

        def begin(status: str, headers: list[tuple[str, str]], _error: object = None) -> Any:
            began[:] = status, headers

        content = b"".join(self._application(environ, begin))
        status, headers = began
        answer = {"status": int(status.split()[0]), "headers": dict(headers), "content": content.decode()}
        (FOLDER / "writing").write_text(json.dumps(answer), encoding="utf-8")
        (FOLDER / "writing").replace(FOLDER / "answer")
        with (FOLDER / "may-answer").open("rb"):
            start_response(status, headers)
        return [content]


application = Withholding(create_app())
