"""The words of a verdict, Dutch and English: names of values, and templates of sentences.

One dict per language, in the same sections, with the same keys and the same places to fill in: a test holds them
together. Names of values are lower case, as they stand inside a sentence.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from registry.formats.words_en import ENGLISH
from registry.formats.words_nl import DUTCH

Language = Literal["nl", "en"]
Words = dict[str, dict[str, str]]

_MONTHS: Final = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip

WORDS: Final[dict[Language, Words]] = {"nl": DUTCH, "en": ENGLISH}


def length(mm: int, lang: Language, decimals: Literal[2, 3] = 3) -> str:
    """A length in mm as metres, without its unit: ``0.215``, in Dutch ``0,215``. Two decimals are rounded half up."""
    units = abs(mm) if decimals == 3 else (abs(mm) + 5) // 10
    whole, rest = divmod(units, 10**decimals)
    sign = "−" if mm < 0 and units else ""
    return f"{sign}{whole}{',' if lang == 'nl' else '.'}{rest:0{decimals}d}"


def day(text: str, lang: Language) -> str:
    """A date as it is read, in Dutch ``1 januari 2030``; what is no whole date stays as it is."""
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if lang == "en" or found is None or not 1 <= int(found[2]) <= len(_MONTHS):
        return text
    return f"{int(found[3])} {_MONTHS[int(found[2]) - 1]} {found[1]}"


def listed(items: list[str], lang: Language) -> str:
    """The items as a list in words: ``a``, ``a and b``, ``a, b and c``."""
    return f" {WORDS[lang]['text']['and']} ".join([part for part in (", ".join(items[:-1]), *items[-1:]) if part])
