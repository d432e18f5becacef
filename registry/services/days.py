"""The day and hour it is in the Netherlands: terms and rulesets go by days there, the register's clock by UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

_WINTER: Final = timezone(timedelta(hours=1))
_SUMMER: Final = timezone(timedelta(hours=2))


def day_of(moment: datetime) -> date:
    """The Dutch calendar day of a moment."""
    return dutch(moment).date()


def dutch(moment: datetime) -> datetime:
    """A moment by the clock in the Netherlands. Worked out here: not every machine has a time zone database."""
    utc = moment.astimezone(UTC)
    summer = _last_sunday(utc.year, 3) <= utc < _last_sunday(utc.year, 10)
    return utc.astimezone(_SUMMER if summer else _WINTER)


def beginning_of(day: date) -> datetime:
    """The moment, by UTC, at which a Dutch calendar day begins."""
    midnights = (datetime.combine(day, time.min, zone).astimezone(UTC) for zone in (_WINTER, _SUMMER))
    return next(moment for moment in midnights if dutch(moment).replace(tzinfo=None) == datetime.combine(day, time.min))


def _last_sunday(year: int, month: int) -> datetime:
    """01:00 UTC on a month's last Sunday, when Europe's clocks change; for months of 31 days."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)
