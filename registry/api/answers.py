"""What is answered: a document by its schema, the ETag of the revision it shows, links to what goes with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from flask import Response, request, url_for

from registry.formats.json_strict import dump_json

T = TypeVar("T")

#: The endpoint of each operation, by its id.
ENDPOINTS: Final[dict[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, and plain data (or text, as it is) of ``media_type``. ``revision`` becomes the ETag."""

    status: int
    data: object
    media_type: str = "application/json"
    revision: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, conditional: bool) -> Response:
        """As Flask sends it; ``conditional``: not again what the client has (If-None-Match)."""
        text = self.data if isinstance(self.data, str) else dump_json(self.data)
        tag = None if self.revision is None else str(self.revision)
        if conditional and request.method in ("GET", "HEAD") and tag and request.if_none_match.contains_weak(tag):
            response = Response(status=304)
            response.set_etag(tag)
            return response
        response = Response(text, self.status, mimetype=self.media_type)
        if self.media_type.startswith("text/"):
            response.headers["Content-Type"] = f"{self.media_type}; charset=utf-8"
        response.headers.update(dict(self.headers))
        if tag is not None:
            response.set_etag(tag)
        return response


def link(operation: str, **values: Any) -> str:
    """The path of an operation, by its id."""
    return url_for(ENDPOINTS[operation], **values)


def page(
    operation: str,
    items: Sequence[T],
    limit: int,
    last: Callable[[T], object],
    shown: Callable[[T], object],
    **ids: str,
) -> dict[str, object]:
    """A list: at most ``limit`` of ``items``, of which one more was fetched to know whether there is a next page.

    ``last`` tells from the last item shown where the next page begins.
    """
    links = {"self": _with(link(operation, **ids), request.args.to_dict())}
    if len(items) > limit:
        after = str(last(items[limit - 1]))
        links["next"] = _with(link(operation, **ids), request.args.to_dict() | {"after": after})
    return {"items": [shown(item) for item in items[:limit]], "links": links}


def reading_on(
    operation: str, items: Sequence[T], after: int | None, shown: Callable[[T], object]
) -> dict[str, object]:
    """A list of which the next page, where there is one, begins ``after`` a number."""
    links = {"self": _with(link(operation), request.args.to_dict())}
    if after is not None:
        links["next"] = _with(link(operation), request.args.to_dict() | {"after": str(after)})
    return {"items": [shown(item) for item in items], "links": links}


def newest(operation: str, items: Sequence[T], limit: int, shown: Callable[[T], object]) -> dict[str, object]:
    """The newest ``limit`` of ``items``, of which one more was fetched to tell whether there are older ones."""
    links = {"self": _with(link(operation), request.args.to_dict())}
    return {"items": [shown(item) for item in items[:limit]], "older": len(items) > limit, "links": links}


def whole(operation: str, items: Sequence[object], **ids: str) -> dict[str, object]:
    """A list that is always given as a whole."""
    return {"items": list(items), "links": {"self": link(operation, **ids)}}


def _with(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
