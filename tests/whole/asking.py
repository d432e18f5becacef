"""Asking the API over HTTP, as a program elsewhere does."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.servers import PATIENCE


@dataclass(frozen=True)
class Answer:
    """What came back; the names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def plain(self) -> Any:
        """The JSON it holds."""
        return json.loads(self.content)

    @property
    def told(self) -> tuple[int, str | None, str | None, bytes]:
        """All that a client learns of what it asked for: status, revision, where to look, and the content."""
        return self.status, self.headers.get("etag"), self.headers.get("location"), self.content


@dataclass(frozen=True)
class Request:
    """Something to ask, as often as one likes. ``seen`` is the revision in If-Match."""

    method: str
    path: str
    body: object = None
    token: str | None = None
    seen: int | None = None
    kind: str = "application/json"

    def begin(self, address: str) -> http.client.HTTPConnection:
        """Send it, and do not wait for the answer."""
        content = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        headers = {}
        if self.body is not None:
            headers["Content-Type"] = self.kind
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.seen is not None:
            headers["If-Match"] = f'"{self.seen}"'
        line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        line.request(self.method, self.path, None if self.body is None else content, headers)
        return line

    def ask(self, address: str) -> Answer:
        """Send it and wait for the answer."""
        line = self.begin(address)
        try:
            return received(line)
        finally:
            line.close()


def received(line: http.client.HTTPConnection) -> Answer:
    """The answer on a line on which something was asked."""
    answer = line.getresponse()
    return Answer(answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read())


def get(address: str, path: str) -> Answer:
    """Read something that anybody may."""
    return Request("GET", path).ask(address)
