"""Ids in addresses: an id may hold ``/`` and ``:``, so a slash in one is written ``%2F`` and stays within its segment.

WSGI hands on a path in which ``%2F`` and ``/`` are the same. The path as it was sent tells them apart: from it the
path is made again with ``%2F`` (and ``%25``) still written so, and the converter reads those two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes, urlsplit

from werkzeug.routing import BaseConverter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class IdConverter(BaseConverter):
    """One segment of a path that names an object by its id, whatever was sent: what is no id is told of as such."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return value.replace("%2F", "/").replace("%25", "%")

    def to_url(self, value: str) -> str:
        return quote(value, safe=":._-")


class SlashesInIds:
    """WSGI middleware: keeps a ``%2F`` of the address apart from a ``/``."""

    def __init__(self, app: WSGIApplication):
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = kept_apart(
            environ.get("REQUEST_URI") or environ.get("RAW_URI") or "",
            environ.get("SCRIPT_NAME", ""),
            environ.get("PATH_INFO", ""),
        )
        return self.app(environ | {"PATH_INFO": path}, start_response)


def kept_apart(sent: str, mounted: str, path: str) -> str:
    """The path (as WSGI writes it) with what was sent as ``%2F`` written so, and a ``%`` before ``2F`` or ``25`` as
    ``%25``. Without what was sent, or where it is of another path, nothing in it was a ``%2F``."""
    raw = sent.partition("?")[0].partition("#")[0]
    if "://" in raw:
        raw = urlsplit(raw).path
    segments = [unquote_to_bytes(segment).decode("latin-1") for segment in raw.split("/")]
    if "/".join(segments) != mounted + path:
        return _written(path)
    inside = "/".join(_written(segment).replace("/", "%2F") for segment in segments)
    return inside.removeprefix(_written(mounted))


def _written(text: str) -> str:
    for escaped in ("%25", "%2F", "%2f"):
        text = text.replace(escaped, "%25" + escaped[1:])
    return text
