"""A file that is no exchange file at all: told by what it is, with what to do with it."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final

from registry.core.errors import Problem

_CONVERT: Final = (
    "Convert it first: registry convert FILE --mapping MAPPING.yaml -o OUT.geojson (docs/convert.md), and give OUT."
)
#: How a file begins, by what it is.
_SIGNATURES: Final = (
    (b"SQLite format 3\x00", "a GeoPackage"),
    (b"\x00\x00\x27\x0a", "a Shapefile"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
)
_SUFFIXES: Final = {
    ".gpkg": "a GeoPackage",
    ".shp": "a Shapefile",
    ".shx": "a part of a Shapefile",
    ".dbf": "a part of a Shapefile",
    ".prj": "a part of a Shapefile",
    ".zip": "a zip archive",
}
_YAML: Final = re.compile(rb"(?:[ \t]*(?:#[^\r\n]*)?\r?\n|---[ \t]*\r?\n)*(?P<key>[A-Za-z_]+):(?:[ \t\r\n]|$)")


def other_format(content: bytes, name: str) -> Problem | None:
    """What is wrong with ``content`` when it is of another format than JSON, as it begins or is named."""
    if content.lstrip()[:1] in (b"{", b"["):
        return None
    suffix = PurePath(name).suffix.lower()
    what = next((what for signature, what in _SIGNATURES if content.startswith(signature)), _SUFFIXES.get(suffix))
    if what is not None:
        remedy = f"Unpack it. {_CONVERT}" if what == "a zip archive" else _CONVERT
        return Problem("invalid_json", f"this is {what}, not a file in the exchange format", remedy)
    yaml = _YAML.match(content[:10_000])
    if yaml is None and suffix not in (".yaml", ".yml"):
        return None
    if yaml is not None and yaml["key"] in (b"ruleset", b"sources", b"rules"):
        remedy = "Give it as --ruleset, and here a GeoJSON file as docs/formats.md describes."
        return Problem("invalid_json", "this is YAML, a ruleset by its looks", remedy)
    remedy = "Applications, reservations and assets are GeoJSON (docs/formats.md); only rulesets and mappings are YAML."
    return Problem("invalid_json", "this is YAML, not a file in the exchange format", remedy)
