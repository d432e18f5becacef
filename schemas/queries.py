"""Wire schemas of the queries of lists: text, each parameter once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from marshmallow import fields

from registry.core.lifecycle import APPLICATION_STATES, RESERVATION_STATES
from schemas.fields import MESSAGES, Choice, Identifier, Text, WireSchema
from schemas.metres import X_RANGE, Y_RANGE, millimetres, span, within
from schemas.problems import fault

_DIGITS: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)
_BBOX_REMEDY: Final = "Write west,south,east,north in RD New metres, such as 100000,430000,100500,430500."

JOB_STATES: Final = ("queued", "running", "done", "parked", "cancelled")


class WholeNumber(fields.Field[int]):
    """A whole number of at least ``least``, in digits."""

    default_error_messages = MESSAGES

    def __init__(self, least: int, **options: Any):
        self.least = least
        super().__init__(**options)

    def _deserialize(self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object) -> int:
        remedy = f"Write a whole number of {self.least} or more, in digits."
        if not isinstance(value, str) or not _DIGITS.fullmatch(value):
            raise fault("wrong_type", "not a whole number", remedy)
        if int(value) < self.least:
            raise fault("out_of_range", "too small", remedy)
        return int(value)


class Bbox(fields.Field[tuple[int, int, int, int]]):
    """West, south, east and north, metres in RD New, separated by commas. Loads to mm."""

    default_error_messages = MESSAGES

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **_: object
    ) -> tuple[int, int, int, int]:
        written = str(value).split(",")
        if len(written) != 4 or not all(_NUMBER.fullmatch(number) for number in written):
            raise fault("wrong_type", "not four numbers", _BBOX_REMEDY)
        west, south, east, north = (Decimal(number) for number in written)
        if not all(within(x, X_RANGE) for x in (west, east)) or not all(within(y, Y_RANGE) for y in (south, north)):
            raise fault("out_of_range", f"outside RD New (x {span(X_RANGE)}, y {span(Y_RANGE)})", _BBOX_REMEDY)
        if west > east or south > north:
            raise fault("not_allowed", "west of it lies east, or south of it north", _BBOX_REMEDY)
        return millimetres(west), millimetres(south), millimetres(east), millimetres(north)


class PageSchema(WireSchema):
    """Where a list begins, and how much of it is given at once."""

    limit = WholeNumber(1)
    after = Identifier()


class ReservationsSchema(PageSchema):
    """Which reservations."""

    state = Choice(RESERVATION_STATES)
    holder = Text()
    review = Choice(("overdue",))
    bbox = Bbox()


class ApplicationsSchema(PageSchema):
    """Which applications."""

    state = Choice(APPLICATION_STATES)
    applicant = Text()


class ChangesSchema(WireSchema):
    """Which changes: those above a number, and of an area."""

    limit = WholeNumber(1)
    after = WholeNumber(0)
    bbox = Bbox()


class JobsSchema(WireSchema):
    """Which jobs, newest first."""

    limit = WholeNumber(1)
    state = Choice(JOB_STATES)
    subject = Identifier()


class NewestSchema(WireSchema):
    """How many of the newest."""

    limit = WholeNumber(1)


class LanguageSchema(WireSchema):
    """In which language."""

    lang = Choice(("nl", "en"), load_default="en")


class ComparedWithSchema(LanguageSchema):
    """With which version of policy; without ``fromRuleset`` one of the same ruleset."""

    from_version = Identifier(data_key="fromVersion")
    from_ruleset = Identifier(data_key="fromRuleset")


class NamedRulesetSchema(WireSchema):
    """By which ruleset; both or neither."""

    ruleset = Identifier()
    version = Identifier()


class ImportSchema(WireSchema):
    """What an import is called."""

    name = Text(required=True)
