"""Addresses of pages: ids may hold ``/`` and ``:``, and are written into one segment of a path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode

from werkzeug.routing import PathConverter

PLURALS: Final[Mapping[str, str]] = {
    "application": "applications",
    "reservation": "reservations",
    "ruleset": "rulesets",
    "whatif": "what-ifs",
}


class NameConverter(PathConverter):
    """The rest of a path as an id, whether its slashes were sent as such or as ``%2F``.

    Behind what keeps ``%2F`` in a path apart from ``/`` it comes still written so; an id has no ``%`` of its own.
    """

    regex = ".+"
    part_isolating = False

    def to_python(self, value: str) -> str:
        return value.replace("%2F", "/").replace("%25", "%")

    def to_url(self, value: str) -> str:
        return quote(value, safe="")


def path_of(kind: str, name: str) -> str:
    """The page of an object."""
    return f"/{PLURALS[kind]}/{quote(name, safe='')}"


def query(**given: str | int | None) -> str:
    """A query out of what is given; empty without."""
    kept = {key: value for key, value in given.items() if value not in (None, "")}
    return f"?{urlencode(kept)}" if kept else ""
