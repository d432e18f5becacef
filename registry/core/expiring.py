"""How long a reservation lives: until when it may be held, and when its end is announced. No clock: days are given."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_LAST: Final = date.max


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it has no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if year > _LAST.year:
        return _LAST
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Ending:
    """What is to be done about the end of a reservation: ``give``, the notices (so many days before) that are to be
    given today; ``lapses_on``, the day on which it lapses, and whether that has come (``lapses``)."""

    give: tuple[int, ...]
    lapses_on: date
    lapses: bool


def ending(end: date, notice: Sequence[int], given: Mapping[int, date], today: date) -> Ending:
    """How a reservation that ends on ``end`` stands ``today``; ``given`` are the notices given of that end, and when.

    It lapses when every notice was given and has run, whatever day that is: one that comes late, because the register
    stood still, postpones the end until it has run in full. ``end`` itself is no longer in it.
    """
    lapses_on, give, waits = end, [], False
    for days in sorted(notice, reverse=True):
        told = given.get(days)
        if told is None and today >= before(lapses_on, days):
            give.append(days)
            told = today
        if told is None:
            waits = True
        else:
            lapses_on = max(lapses_on, after(told, days))
    return Ending(tuple(give), lapses_on, not waits and not give and today >= lapses_on)


def before(day: date, days: int) -> date:
    """So many days before a day, or the first day there is."""
    return date.min if days > (day - date.min).days else day - timedelta(days=days)


def after(day: date, days: int) -> date:
    """So many days after a day, or the last day there is."""
    return _LAST if days > (_LAST - day).days else day + timedelta(days=days)
