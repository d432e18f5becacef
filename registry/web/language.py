"""In which language a page is: as asked (``?lang=``), as asked before (a cookie), as the browser asks, or Dutch."""

from __future__ import annotations

from typing import Final

from flask import Request

from registry.formats.words import Language

COOKIE: Final = "lang"
#: A year, in seconds.
COOKIE_AGE: Final = 365 * 24 * 3600
LANGUAGES: Final[tuple[Language, ...]] = ("nl", "en")


def language_of(request: Request) -> Language:
    """The language of the page that is asked for."""
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        for language in LANGUAGES:
            if wish == language:
                return language
    found = request.accept_languages.best_match(LANGUAGES)
    return "en" if found == "en" else "nl"
