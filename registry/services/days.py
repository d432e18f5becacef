"""The day it is in the Netherlands: terms and rulesets go by days there, the register's clock by UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta


def day_of(moment: datetime) -> date:
    """The Dutch calendar day of a moment. Worked out here: not every machine has a time zone database."""
    utc = moment.astimezone(UTC)
    summer = _last_sunday(utc.year, 3) <= utc < _last_sunday(utc.year, 10)
    return (utc + timedelta(hours=2 if summer else 1)).date()


def _last_sunday(year: int, month: int) -> datetime:
    """01:00 UTC on a month's last Sunday, when Europe's clocks change; for months of 31 days."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)
