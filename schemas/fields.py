"""Strict fields: JSON types only, nothing coerced, every fault with its remedy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, post_dump

from schemas.metres import (
    COVER_RANGE,
    LEVEL_RANGE,
    Position,
    is_number,
    metres,
    millimetres,
    parts_of_one,
    read_position,
    span,
    whole,
    within,
)
from schemas.problems import NOT_A_LIST, NOT_AN_OBJECT, NULL, REQUIRED, UnknownKey, did_you_mean, fault

MAX_TEXT: Final = 1_000
ID_PATTERN: Final = r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}"
#: Of works: the first slash ends the id of the application, in which a tilde stands for each slash of its own.
WORKS_ID_PATTERN: Final = r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,99}/[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}"
NO_ID: Final = "Use 1 to 100 of A-Z a-z 0-9 . _ : / - and start with a letter or digit."
NO_WORKS_ID: Final = "Write the id of the application (~ for each / in it), a slash and the id of the part."
ZONE_VALUE_PATTERN: Final = r"[a-z0-9][a-z0-9_-]{0,59}"
DATE_PATTERN: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

MESSAGES: Final[dict[str, str | list[Any] | dict[Any, Any]]] = {
    "required": REQUIRED,
    "null": NULL,
    "type": NOT_AN_OBJECT,
    "invalid": NOT_A_LIST,
}


class WireSchema(Schema):
    """A JSON object of which every key is known. Dumping leaves out what is unset or equal to its default."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any):
        super().__init__(**options)
        messages: dict[str, Any] = self.error_messages
        known = tuple(field.data_key or name for name, field in self.load_fields.items())
        messages.update(MESSAGES, unknown=UnknownKey(known))
        self._dumped = {field.data_key or name: field for name, field in self.dump_fields.items()}

    @post_dump
    def _leave_out_unstated(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return {key: value for key, value in data.items() if self._is_stated(key, value)}

    def _is_stated(self, key: str, value: object) -> bool:
        field = self._dumped[key]
        if value is None:
            return field.allow_none
        return value not in ([], {}) and value != field.load_default


class Text(fields.Field[str]):
    """Text of 1 to ``MAX_TEXT`` characters on one line, without spaces around it."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object) -> str:
        text = _text(value)
        if not text.strip():
            raise fault("not_allowed", "empty text", "Write something, or leave the property out.")
        if len(text) > MAX_TEXT:
            raise fault("too_large", f"text of {len(text):,} characters", f"Use at most {MAX_TEXT:,}.")
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
            raise fault("invalid_text", "text with control characters", "Write it on one line, printable.")
        if text != text.strip():
            remedy = "Leave the spaces out: names are compared letter by letter."
            raise fault("not_allowed", "text with spaces at its beginning or end", remedy)
        return text


class Identifier(fields.Field[str]):
    """An id; with ``works`` perhaps that of works: the id of their application, a slash and that of their part."""

    default_error_messages = MESSAGES

    def __init__(self, *, works: bool = False, **options: Any):
        self._works = works
        super().__init__(**options)

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object) -> str:
        text = _text(value)
        works = self._works and re.fullmatch(WORKS_ID_PATTERN, text, re.ASCII)
        if not works and not re.fullmatch(ID_PATTERN, text, re.ASCII):
            raise fault("not_allowed", "not an id", NO_ID)
        return text


class Choice(fields.Field[str]):
    """One word out of a closed list."""

    default_error_messages = MESSAGES

    def __init__(self, allowed: Iterable[str], **options: Any):
        self.allowed = tuple(allowed)
        super().__init__(**options)

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object) -> str:
        text = _text(value)
        if text not in self.allowed:
            hint = did_you_mean(text, self.allowed)
            raise fault("not_allowed", f"not a known {attr}", f"{hint}Use one of: {', '.join(self.allowed)}.")
        return text


class Date(fields.Field[str]):
    """A day of the calendar, ISO ``YYYY-MM-DD``; kept as text."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object) -> str:
        text = _text(value)
        try:
            if not re.fullmatch(DATE_PATTERN, text, re.ASCII):
                raise ValueError
            date.fromisoformat(text)
        except ValueError:
            raise fault("invalid_period", "not a date", "Write an existing day as YYYY-MM-DD.") from None
        return text


class Flag(fields.Field[bool]):
    """``true`` or ``false``."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object) -> bool:
        if not isinstance(value, bool):
            raise fault("wrong_type", "neither true nor false", "Write true or false, without quotes.")
        return value


class Metres(fields.Field[int]):
    """A length or level: metres on the wire, mm inside. ``limits`` in mm; ``up`` rounds upwards (sizes)."""

    default_error_messages = MESSAGES

    def __init__(self, limits: tuple[int, int], *, up: bool = False, **options: Any):
        self.limits = limits
        self.up = up
        super().__init__(**options)

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object) -> int:
        if not is_number(value):
            raise fault("wrong_type", "not a number", "Write a number in metres, without quotes or unit.")
        if not within(value, self.limits):
            raise fault("out_of_range", f"outside {span(self.limits)}", "Check the value; it is in metres.")
        return millimetres(value, up=self.up)

    def _serialize(self, value: int | None, attr: str | None, obj: object, **_: object) -> Decimal | None:
        return None if value is None else metres(value)


class Amount(fields.Field[int]):
    """A number of ``unit`` with so many decimals on the wire, a whole number of the last of them inside; no less than
    ``least`` and no more than ``most`` (of the unit)."""

    default_error_messages = MESSAGES

    def __init__(self, unit: str, decimals: int, most: int, *, least: int = 0, **options: Any):
        self.unit, self.decimals, self.most, self.least = unit, decimals, most, least
        super().__init__(**options)

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object) -> int:
        if not is_number(value):
            raise fault("wrong_type", "not a number", f"Write a number of {self.unit}, without quotes or unit.")
        if not self.least <= value <= self.most:
            detail = f"outside {self.least} to {self.most:,} {self.unit}"
            raise fault("out_of_range", detail, f"Check the value; it is in {self.unit}.")
        return whole(value, self.decimals)

    def _serialize(self, value: int | None, attr: str | None, obj: object, **_: object) -> Decimal | None:
        return None if value is None else parts_of_one(value, self.decimals)


class ZoneValue(fields.Field[str]):
    """What a zone is: a word of lower-case letters, digits, hyphens and underscores."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object) -> str:
        text = _text(value)
        if not re.fullmatch(ZONE_VALUE_PATTERN, text, re.ASCII):
            remedy = "Use 1 to 60 lower-case letters, digits, hyphens and underscores; begin with a letter or digit."
            raise fault("not_allowed", "not the value of a zone", remedy)
        return text


class Level(Metres):
    """A level of an object: m NAP, or with ``level_reference`` ``ground`` a depth below ground level."""

    def __init__(self, **options: Any):
        super().__init__(LEVEL_RANGE, **options)

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **options: object) -> int:
        limits, detail = LEVEL_RANGE, "a level"
        remedy = "Levels are metres NAP; mind the sign and the unit."
        reference = data.get("level_reference", "nap") if isinstance(data, Mapping) else "nap"
        if reference == "ground":
            limits, detail = COVER_RANGE, "a depth below ground level"
            remedy = "Depths are metres, positive downwards."
        elif reference != "nap":  # a fault of its own; it may be either
            limits = min(LEVEL_RANGE + COVER_RANGE), max(LEVEL_RANGE + COVER_RANGE)
        if not is_number(value):
            return super()._deserialize(value, attr, data, **options)
        if not within(value, limits):
            raise fault("out_of_range", f"{detail} outside {span(limits)}", remedy)
        return millimetres(value)


class Levels(fields.Field[object]):
    """One level for all vertices, or a list with one per vertex; ``null`` is unknown. Loads to mm.

    ``nap``: always NAP, whatever the levels of the object refer to.
    """

    default_error_messages = MESSAGES

    def __init__(self, *, nap: bool = True, one_for_all: bool = False, **options: Any):
        self.level = Metres(LEVEL_RANGE) if nap else Level()
        self.one_for_all = one_for_all
        super().__init__(**options)

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object
    ) -> int | tuple[int | None, ...]:
        if not isinstance(value, (list, tuple)):
            if self.one_for_all:
                return int(self.level.deserialize(value, attr, data))
            raise ValidationError([NOT_A_LIST])
        levels: list[int | None] = []
        wrong: dict[int, Any] = {}
        for index, item in enumerate(value):
            try:
                levels.append(None if item is None else self.level.deserialize(item, attr, data))
            except ValidationError as error:
                wrong[index] = error.messages
        if wrong:
            raise ValidationError(dict(wrong))
        return tuple(levels)

    def _serialize(self, value: Any, attr: str | None, obj: object, **_: object) -> object:
        return [None if level is None else metres(level) for level in value]


class PlanPoint(fields.Field[Position]):
    """A position, ``[x, y]`` or ``[x, y, z]``."""

    default_error_messages = MESSAGES

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object) -> Position:
        return read_position(value)

    def _serialize(self, value: Position | None, attr: str | None, obj: object, **_: object) -> list[Decimal] | None:
        return None if value is None else [metres(number) for number in value if number is not None]


class Listed(fields.List[Any]):
    """A list, loaded as a tuple."""

    default_error_messages = MESSAGES

    def _deserialize(self, *arguments: Any, **options: Any) -> Any:
        return tuple(super()._deserialize(*arguments, **options))


class Object(fields.Nested):
    """A JSON object of its own schema."""

    default_error_messages = MESSAGES


class Whatever(fields.Raw):
    """Anything but null; what it is its own schema tells."""

    default_error_messages = MESSAGES


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise fault("wrong_type", "not text", 'Write text between double quotes: "…".')
    return value
