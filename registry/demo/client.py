"""A client of the API as anyone could write one: HTTP with a bearer token, and what comes back as plain data."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit

#: How long the worker may take for what is waited for, and how often it is asked (s).
PATIENCE: Final = 60.0
PAUSE: Final = 0.05
GEO_JSON: Final = "application/geo+json"


class Unexpected(Exception):
    """The register answered otherwise than the story goes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``data`` of JSON, else ``text``."""

    status: int
    data: Any
    text: str
    tag: str | None


@dataclass(frozen=True, slots=True)
class Client:
    """Asks the register at ``address`` (such as http://127.0.0.1:8080) as whom ``token`` stands for."""

    address: str
    token: str | None = None

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        expect: int = 200,
        media_type: str = "application/json",
        tag: str | None = None,
        accept: str | None = None,
    ) -> Answer:
        """Send a request. ``tag`` is the revision that was seen. Raises ``Unexpected`` for another status."""
        headers = {"Accept": accept} if accept else {}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if tag is not None:
            headers["If-Match"] = tag
        content = None
        if body is not None:
            headers["Content-Type"] = media_type
            content = (body if isinstance(body, str) else json.dumps(body)).encode()
        answer = self._sent(method, path, content, headers)
        if answer.status != expect:
            raise Unexpected(f"{method} {path}: {answer.status}, not {expect}: {answer.text}")
        return answer

    def _sent(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]) -> Answer:
        # Not urllib: it would look for a proxy, and here everything is on this machine.
        host = urlsplit(self.address).netloc
        connection = http.client.HTTPConnection(host, timeout=PATIENCE)
        try:
            connection.request(method, path, content, dict(headers))
            response = connection.getresponse()
            text = response.read().decode("utf-8")
        finally:
            connection.close()
        data = json.loads(text) if "json" in response.headers.get("Content-Type", "") else None
        return Answer(response.status, data, text, response.headers.get("ETag"))

    def checked(self, application: str) -> Answer:
        """The verdict that stands for an application once every check that was asked for is made."""
        deadline = time.monotonic() + PATIENCE
        path = f"/v1/applications/{quote(application, safe='')}"
        while time.monotonic() < deadline:
            waiting = [
                job
                for state in ("queued", "running")
                for job in self.ask("GET", f"/v1/jobs?state={state}&subject={quote(application)}").data["items"]
            ]
            if not waiting:
                return self.ask("GET", f"{path}/verdict")
            time.sleep(PAUSE)
        raise Unexpected(f"application {application} was not checked within {PATIENCE:g} s")

    def tag(self, kind: str, id_: str) -> str:
        """The revision of a reservation or application that stands."""
        found = self.ask("GET", f"/v1/{kind}s/{quote(id_, safe='')}").tag
        assert found is not None
        return found
