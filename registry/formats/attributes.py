"""Single values out of a foreign row: texts, numbers, dates, lengths; ``None`` where there is none."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from typing import Final

from registry.core.errors import shown
from registry.formats.foreign import Value
from registry.formats.mapping import NumberFrom, TextFrom

Row = dict[str, Value]

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}(?:[.][0-9]{1,15})?")
_YEAR: Final = re.compile(r"(?<![0-9])(?:1[89]|20)[0-9]{2}(?![0-9])|(?<![0-9])(?:19|20)[0-9]{6}(?![0-9])")


def text_of(value: Value, limit: int = 200) -> str | None:
    """A cell as text, one printable line; a whole number without decimals, as many readers add them."""
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = shown(value, limit).strip()
    return text or None


def text_from(rule: TextFrom | None, row: Row) -> str | None:
    """The text a rule gives for a row; ``None`` where the attribute is empty or its table has no such value."""
    if rule is None:
        return None
    if rule.attribute is None:
        return rule.constant
    text = text_of(row[rule.attribute])
    return text if rule.values is None or text is None else rule.values.get(text)


def number_of(value: Value) -> Decimal | None:
    """A cell as a number, exactly as it reads; ``None`` for what is no finite number."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        return Decimal(value.strip()) + 0 if _NUMBER.fullmatch(value.strip()) else None
    number = Decimal(repr(value)) + 0  # a zero has no sign
    return number if number.is_finite() else None


def number_from(rule: NumberFrom, row: Row) -> Decimal | None:
    """The number a rule gives, mm; ``None`` for none and for the values that mean unknown."""
    number = number_of(row[rule.attribute])
    return None if number is None or number in rule.unknown else number * rule.unit


def date_of(value: Value) -> str | None:
    """A cell as a date or year, as written; ``None`` where it holds no year from 1800 on."""
    text = text_of(value, 40)
    return text if text and _YEAR.search(text) else None


def lies_in(millimetres: int, limits: tuple[int, int]) -> bool:
    """Whether a length in mm lies in a range in mm, ends included."""
    return limits[0] <= millimetres <= limits[1]


def nearest(millimetres: Decimal) -> int:
    """Whole mm, to the nearest, half to even: for coordinates and levels."""
    return int(millimetres.to_integral_value(ROUND_HALF_EVEN))


def upward(millimetres: Decimal) -> int:
    """Whole mm, rounded up: for sizes and walls."""
    return int(millimetres.to_integral_value(ROUND_CEILING))


def in_metres(millimetres: int) -> str:
    """A length for a note: ``0.26``, ``-1.07``, ``1.005``."""
    text = f"{Decimal(millimetres) / 1000:.3f}"
    return text.removesuffix("0")
