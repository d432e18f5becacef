"""Whether a foreign file is in RD New: only then are its coordinates taken over, as they stand."""

from __future__ import annotations

import re
from typing import Final

from registry.core.errors import Problem, shown
from registry.formats.foreign import ForeignTable

_RD: Final = ("EPSG:28992", "EPSG:7415")
_RD_NAMES: Final = ("rd new", "amersfoort / rd new", "amersfoort / rd new + nap height")
#: RD New as its definition has it: false easting and northing, scale, central meridian and latitude of origin.
_RD_NUMBERS: Final = (155000.0, 463000.0, 0.9999079, 5.387638888889, 52.156160555556)
_NUMBER: Final = re.compile(r"-?[0-9]+(?:[.][0-9]+)?(?:[eE]-?[0-9]+)?")


def crs_problem(table: ForeignTable, declared: str | None) -> Problem | None:
    """The problem with a table's coordinate system, or ``None``. ``declared`` holds for files that state none."""
    if table.crs is None:
        if declared is not None:
            return None
        remedy = "Give its .prj file too or, when you are sure, write `crs: EPSG:28992` in the mapping."
        return Problem("unsupported_crs", "the file states no coordinate system", remedy, "crs", file=table.file)
    if is_rd_new(table.crs):
        return None
    remedy = "Export it in EPSG:28992 (RD New); coordinates are not transformed here."
    name = re.search(r'\["([^"]*)"', table.crs)
    found = shown(name[1] if name else table.crs)
    return Problem("unsupported_crs", "the file is not in RD New", remedy, "crs", found, file=table.file)


def is_rd_new(crs: str) -> bool:
    """Whether ``EPSG:…`` or WKT is RD New, with NAP heights or without: by its name and its numbers."""
    if crs.upper() in _RD:
        return True
    name = re.match(r'(?:PROJCS|PROJCRS|COMPD_CS|COMPOUNDCRS)\["([^"]*)"', crs)
    if name is None or name[1].replace("_", " ").lower() not in _RD_NAMES:
        return False
    numbers = [float(number) for number in _NUMBER.findall(crs)]
    return all(any(abs(number - wanted) < 1e-9 for number in numbers) for wanted in _RD_NUMBERS)
