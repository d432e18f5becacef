"""Metres on the wire, integer millimetres inside: limits, rounding, and positions in RD New and NAP."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from typing import Final, TypeGuard

from schemas.problems import as_written, fault

#: The box of RD New, mm.
X_RANGE: Final = (0, 300_000_000)
Y_RANGE: Final = (300_000_000, 625_000_000)
#: Levels, mm NAP; geothermal works lie deeper and are not in this format yet.
LEVEL_RANGE: Final = (-300_000, 100_000)
#: Depths below ground level, mm, positive downwards.
COVER_RANGE: Final = (0, 300_000)
#: Bottom and top of a zone, mm NAP: deep enough for what is protected far below.
ZONE_RANGE: Final = (-5_000_000, 1_000_000)
SIZE_RANGE: Final = (10, 50_000)
WALL_RANGE: Final = (0, 5_000)
UNCERTAINTY_RANGE: Final = (0, 100_000)

_MILLIMETRE: Final = Decimal("0.001")
# Own context: the result must not depend on what another part of the process did to the default one.
_ROUNDING: Final = Context(prec=100)

Position = tuple[int, int, int | None]


def is_number(value: object) -> TypeGuard[int | Decimal]:
    """Whether ``value`` is a finite JSON number; a boolean or a text that looks like one is not."""
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int) and not isinstance(value, bool)


def within(value: int | Decimal, limits: tuple[int, int]) -> bool:
    """Whether ``value`` (metres) lies in ``limits`` (mm), compared exactly."""
    low, high = _in_metres(limits)
    return low <= value <= high


def millimetres(value: int | Decimal, *, up: bool = False) -> int:
    """``value`` metres as mm: nearest, half to even; or, for sizes, upwards."""
    rounding = ROUND_CEILING if up else ROUND_HALF_EVEN
    return int(Decimal(value).quantize(_MILLIMETRE, rounding, _ROUNDING).scaleb(3, _ROUNDING))


def whole(value: int | Decimal, decimals: int) -> int:
    """``value`` as a whole number of its last decimal: nearest, half to even."""
    return int(Decimal(value).scaleb(decimals, _ROUNDING).quantize(Decimal(1), ROUND_HALF_EVEN, _ROUNDING))


def parts_of_one(value: int, decimals: int) -> Decimal:
    """A whole number of the last of so many decimals as the number it stands for."""
    return Decimal(value).scaleb(-decimals, _ROUNDING)


def metres(value: int) -> Decimal:
    """``value`` mm as metres with three decimals."""
    return Decimal(value).scaleb(-3, _ROUNDING)


@cache
def _in_metres(limits: tuple[int, int]) -> tuple[Decimal, Decimal]:
    return metres(limits[0]), metres(limits[1])


def span(limits: tuple[int, int]) -> str:
    """``limits`` (mm) as a reader of metres writes them."""
    low, high = (f"{limit / 1000:g}" for limit in limits)
    return f"{low} to {high} m"


def read_position(value: object) -> Position:
    """A GeoJSON position as x, y and z (``None`` when 2D), mm. Raises ``ValidationError`` with one problem."""
    write = "Write [x, y] or [x, y, z], numbers in metres, RD New and NAP."
    if not isinstance(value, (list, tuple)):
        raise fault("invalid_coordinate", "not a position", write)
    if len(value) not in (2, 3):
        raise fault("invalid_coordinate", f"a position of {len(value)} numbers", write)
    numbers: list[int | Decimal] = []
    for number in value:
        if not is_number(number):
            raise fault("invalid_coordinate", f"{as_written(number)} is not a number", write)
        numbers.append(number)
    x, y = numbers[:2]
    if not (within(x, X_RANGE) and within(y, Y_RANGE)):
        raise fault("invalid_coordinate", f"outside RD New (x {span(X_RANGE)}, y {span(Y_RANGE)})", _hint(x, y))
    z = numbers[2] if len(numbers) == 3 else None
    if z is not None and not within(z, LEVEL_RANGE):
        raise fault("out_of_range", f"height outside {span(LEVEL_RANGE)} NAP", "Give heights in metres NAP.")
    return millimetres(x), millimetres(y), None if z is None else millimetres(z)


def _hint(x: int | Decimal, y: int | Decimal) -> str:
    if -180 < x < 180 and -90 < y < 90:
        return "These look like degrees: transform them to RD New with NAP heights (EPSG:7415)."
    if within(x, Y_RANGE) and within(y, X_RANGE):
        return "x and y look swapped: write x (east) first."
    if X_RANGE[0] <= x <= X_RANGE[1] and Y_RANGE[0] <= y <= Y_RANGE[1]:
        return "These look like millimetres: write metres."
    return "Write RD New coordinates in metres (EPSG:7415), x first."
