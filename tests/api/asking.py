"""A client of the API that holds every answer against the description the API gives of itself."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from werkzeug.test import TestResponse

_DOCUMENT = "urn:description"
_SECURITY = (
    "Cache-Control",
    "Content-Security-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
)


class Asking:
    """Asks the API of an app, and fails the test where an answer is not one the description tells of."""

    def __init__(self, app: Flask):
        self.app = app
        self.client = app.test_client()
        self.description: dict[str, Any] = json.loads(self.client.get("/v1/openapi.json").data)
        resource = DRAFT202012.create_resource(self.description)
        self._registry: Registry[Any] = Registry().with_resource(_DOCUMENT, resource)
        self._paths = [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), path) for path in self.description["paths"]]
        self.count = 0

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        kind: str | None = None,
        seen: object = None,
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        """The answer. ``body`` is sent as JSON unless it is bytes; ``seen`` is the revision in If-Match."""
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if seen is not None:
            sent["If-Match"] = f'"{seen}"' if isinstance(seen, int) else str(seen)
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if content is not None:
            kind = kind or "application/json"
        answer = self.client.open(path, method=method, data=content, content_type=kind, headers=sent)
        self.hold(method, path, answer)
        return answer

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.ask("GET", path, **options)

    def put(self, path: str, body: object, **options: Any) -> TestResponse:
        return self.ask("PUT", path, body, **options)

    def post(self, path: str, body: object = None, **options: Any) -> TestResponse:
        return self.ask("POST", path, body, **options)

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        """What the description says of an operation, by its address."""
        below = urlsplit(path).path.removeprefix("/v1") or "/"
        for pattern, template in self._paths:
            if pattern.fullmatch(below):
                found: dict[str, Any] | None = self.description["paths"][template].get(method.lower())
                return found
        return None

    def hold(self, method: str, path: str, answer: TestResponse) -> None:
        """Fail unless the answer is one that the description tells of."""
        self.count += 1
        told = f"{method} {path}: {answer.status_code} {answer.data[:500]!r}"
        assert answer.headers["API-Version"] == self.description["info"]["version"], told
        for header in _SECURITY:
            assert header in answer.headers, f"{header}: {told}"
        if method == "OPTIONS":
            assert answer.status_code in (200, 404, 405), told
            return
        operation = self.operation("GET" if method == "HEAD" else method, path)
        if operation is None:
            assert answer.status_code in (404, 405), told
            response = self._found({"$ref": "#/components/responses/NotFound"})
        else:
            assert str(answer.status_code) in operation["responses"], f"not described: {told}"
            response = self._found(operation["responses"][str(answer.status_code)])
        for name, header in response.get("headers", {}).items():
            if self._found(header).get("required"):
                assert name in answer.headers, f"{name}: {told}"
        if method == "HEAD" or answer.status_code == 304:
            assert answer.data == b"", told
            return
        assert answer.mimetype in response["content"], f"{answer.mimetype}: {told}"
        if "json" in str(answer.mimetype):
            self.valid(response["content"][answer.mimetype]["schema"], json.loads(answer.data), told)

    def valid(self, schema: dict[str, Any], document: object, told: str = "") -> None:
        """Fail unless a document is what a schema of the description says."""
        located = {"$ref": f"{_DOCUMENT}{schema['$ref']}"} if "$ref" in schema else schema
        validator = Draft202012Validator(
            located, registry=self._registry, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        errors = [f"{error.json_path}: {error.message}"[:500] for error in validator.iter_errors(document)]
        assert not errors, f"{told}: {errors[:5]}"

    def _found(self, part: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in part:
            return part
        found: Any = self.description
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return dict(found)
