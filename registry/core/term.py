"""Within which term is to be decided: calendar days, and the days on which no term ends (Algemene termijnenwet).

Days that are declared equal to a holiday for one year are not among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Literal

from registry.core.errors import Problem, Refused
from registry.core.model import Regime
from registry.core.regimes import REGIME_RULES

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """What happened to a term, on which day. The day itself does not count: a term of one day ends the day after."""

    kind: Literal["received", "paused", "resumed", "extended"]
    on: date


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a term stands. ``due_on`` is the last day on which to decide: ``None`` while paused, or where no term runs.

    ``paused_since`` is the day of the pause that still lasts; ``days_paused`` what was then left.
    """

    received_on: date
    due_on: date | None
    paused_since: date | None = None
    days_paused: int | None = None

    def days_left(self, today: date) -> int | None:
        """How many days are left, negative when it is over; while paused as many as then. ``None``: no term."""
        return self.days_paused if self.due_on is None else (self.due_on - today).days


def due_on(events: Sequence[ClockEvent], regime: Regime) -> date | None:
    """The last day on which to decide; ``None`` while the clock is paused, and where the regime has no term."""
    return clock_of(events, regime).due_on


def clock_of(events: Sequence[ClockEvent], regime: Regime) -> Clock:
    """Where the term stands after ``events``, in the order in which they happened, the first ``received``.

    A pause adds the days from it to the resumption; an extension, once, those of the regime. Raises ``Refused``
    (``wrong_state``) where an event is not possible after those before it.
    """
    if not events or events[0].kind != "received":
        raise _impossible("received", "no term runs before the application was received")
    rules, received = REGIME_RULES[regime], events[0].on
    end = received + timedelta(days=rules.term_days or 0)
    paused: date | None = None
    extended = False
    for before, event in pairwise(events):
        if event.on < before.on:
            raise _impossible(event.kind, "it would be before what happened last", event.on.isoformat())
        if event.kind == "paused" and paused is None:
            paused = event.on
        elif event.kind == "resumed" and paused is not None:
            end += event.on - paused
            paused = None
        elif event.kind == "extended" and not extended and rules.extension_days:
            extended = True
            end += timedelta(days=rules.extension_days)
        else:
            raise _impossible(event.kind, _REASONS[event.kind], event.on.isoformat())
    if rules.term_days is None:
        return Clock(received, None, paused)
    if paused is not None:
        return Clock(received, None, paused, (end - paused).days)
    return Clock(received, working_day(end))


_REASONS = {
    "received": "it was received already",
    "paused": "the clock is paused already",
    "resumed": "the clock is not paused",
    "extended": "a term can be extended once, and only where the regime has one",
}


def _impossible(kind: str, detail: str, value: str = "") -> Refused:
    remedy = "Leave it out, or correct its date."
    return Refused(Problem("wrong_state", f"the term cannot be {kind}: {detail}", remedy, "term", value))


def working_day(day: date) -> date:
    """``day``, or the first after it that is no Saturday, Sunday or general holiday."""
    while day.weekday() >= _SATURDAY or day in holidays(day.year):
        day += timedelta(days=1)
    return day


@cache
def holidays(year: int) -> frozenset[date]:
    """The general holidays of a year, and Good Friday, which counts as one."""
    return frozenset(_holidays(year))


def _holidays(year: int) -> Iterator[date]:
    kings_day = date(year, 4, 27)
    sunday = kings_day.weekday() == _SATURDAY + 1
    yield from (date(year, 1, 1), date(year, 5, 5), date(year, 12, 25), date(year, 12, 26))
    yield kings_day - timedelta(days=int(sunday))
    # Good Friday, Easter and its Monday, Ascension Day, Whit Sunday and its Monday.
    yield from (easter(year) + timedelta(days=days) for days in (-2, 0, 1, 39, 49, 50))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus)."""
    golden, century = year % 19, year // 100
    correction = century - century // 4 - (8 * century + 13) // 25
    epact = (19 * golden + correction + 15) % 30
    moon = epact - (1 if epact == 29 or (epact == 28 and golden > 10) else 0)
    # Days from 21 March to the full moon, then on to the Sunday after it.
    full = date(year, 3, 21) + timedelta(days=moon)
    return full + timedelta(days=7 - (full.weekday() + 1) % 7)
