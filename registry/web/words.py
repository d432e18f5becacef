"""The words of the pages, Dutch and English; those of a verdict are in ``formats.words``.

One dict per language, in the same sections, with the same keys and the same places to fill in: a test holds them
together.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from registry.formats.words import Language, Words
from registry.services.days import dutch
from registry.web.words_en import ENGLISH_PAGES
from registry.web.words_nl import DUTCH_PAGES
from registry.web.words_whatif import WHATIF_PAGES

PAGE: Final[dict[Language, Words]] = {
    "nl": DUTCH_PAGES | WHATIF_PAGES["nl"],
    "en": ENGLISH_PAGES | WHATIF_PAGES["en"],
}

_MONTHS: Final[dict[Language, tuple[str, ...]]] = {
    "nl": (
        "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
        "november", "december",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ),
}  # fmt: skip


def on_day(day: date | str | None, lang: Language) -> str:
    """A day as it is read: ``1 januari 2030``. What is no date stays as it is."""
    if day is None:
        return ""
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day)
        except ValueError:
            return str(day)
    return f"{day.day} {_MONTHS[lang][day.month - 1]} {day.year}"


def at_moment(moment: datetime, lang: Language) -> str:
    """A moment as it is read, by the clock in the Netherlands."""
    here = dutch(moment)
    return f"{on_day(here.date(), lang)}, {here:%H:%M}"
