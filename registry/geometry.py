"""The one column type for places in plan: RD New in metres, on PostGIS and on SQLite without spatial functions."""

from __future__ import annotations

import struct
from typing import Any, Final

from geoalchemy2 import Geometry
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from registry.core.boxes import Box

RD_NEW: Final = 28992

_EWKB_SRID: Final = 0x20000000
_POLYGON: Final = 3


class _Postgis(UserDefinedType[str]):
    """A PostGIS column, written as hexadecimal EWKB, which PostGIS reads by itself."""

    cache_ok = True

    def __init__(self, geometry_type: str, srid: int):
        self.geometry_type, self.srid = geometry_type, srid

    def get_col_spec(self, **_options: object) -> str:
        return f"geometry({self.geometry_type},{self.srid})"


class Footprint(TypeDecorator[bytes]):
    """EWKB bytes in Python: PostGIS ``geometry`` or, on SQLite, a BLOB of the same bytes."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, geometry_type: str = "POLYGON", srid: int = RD_NEW):
        super().__init__()
        self.geometry_type, self.srid = geometry_type, srid

    def __repr__(self) -> str:
        return f"Footprint({self.geometry_type!r}, {self.srid})"

    def load_dialect_impl(self, dialect: Dialect | None) -> TypeEngine[Any]:
        """The type of the column on an engine."""
        if dialect is not None and dialect.name == "postgresql":
            return _Postgis(self.geometry_type, self.srid)
        return LargeBinary()

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> Any:
        """As the engine takes it."""
        return value.hex() if value is not None and dialect.name == "postgresql" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        """As EWKB bytes, whichever engine gave it."""
        return bytes.fromhex(value) if isinstance(value, str) else value

    def same_as(self, column: TypeEngine[Any]) -> bool:
        """Whether a column found in a database is of this type."""
        if isinstance(column, Geometry):
            return (str(column.geometry_type).upper(), column.srid) == (self.geometry_type, self.srid)
        return isinstance(column, LargeBinary)


def box_polygon(box: Box, srid: int = RD_NEW) -> bytes:
    """A box in plan (mm) as an EWKB polygon in metres."""
    west, south, east, north = (at / 1000 for at in box)
    ring = (west, south, east, south, east, north, west, north, west, south)
    return struct.pack("<BIIII10d", 1, _POLYGON | _EWKB_SRID, srid, 1, 5, *ring)


def polygon_box(ewkb: bytes) -> Box:
    """The box in plan (mm) of a polygon made by ``box_polygon``."""
    _, _, _, _, _, *ring = struct.unpack("<BIIII10d", ewkb)
    return round(ring[0] * 1000), round(ring[1] * 1000), round(ring[4] * 1000), round(ring[5] * 1000)
