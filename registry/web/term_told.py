"""The term of an application in a few words: how long there still is, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.core.term import Clock
from registry.formats.words import Language
from registry.web.words import PAGE, on_day

#: Days: with no more than so many left it is urgent.
SOON = 7


@dataclass(frozen=True, slots=True)
class ToldTerm:
    """``left`` says how long there is; ``lines`` until when, and why it does not run; ``urgency`` is one of ``late``,
    ``soon``, ``ample``, ``paused`` and ``none``."""

    left: str
    lines: tuple[str, ...]
    urgency: str


def told_term(clock: Clock | None, today: date, lang: Language, extended: bool = False) -> ToldTerm:
    """A term in words."""
    words = PAGE[lang]["term"]
    if clock is None or (clock.due_on is None and clock.paused_since is None):
        return ToldTerm(words["none"], (), "none")
    left = clock.days_left(today)
    lines = [words["extended"]] if extended else []
    if clock.due_on is None:
        since = words["paused_since"].format(day=on_day(clock.paused_since, lang))
        then = [] if left is None else [words["when_resumed"].format(left=_days(left, lang))]
        return ToldTerm(words["paused"], (since, *then, *lines), "paused")
    days = left if left is not None else 0
    urgency = "late" if days < 0 else "soon" if days <= SOON else "ample"
    return ToldTerm(_days(days, lang), (words["due"].format(day=on_day(clock.due_on, lang)), *lines), urgency)


def _days(days: int, lang: Language) -> str:
    words = PAGE[lang]["term"]
    if days == 0:
        return words["today"]
    if days < 0:
        return words["late_one" if days == -1 else "late"].format(days=-days)
    return words["left_one" if days == 1 else "left"].format(days=days)
