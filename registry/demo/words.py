"""The words of the example, in Dutch and English: what is stated in it, and what is told of it."""

from __future__ import annotations

from typing import Final

from registry.demo.words_en import ENGLISH
from registry.demo.words_nl import DUTCH
from registry.formats.words import Language

__all__ = ["WORDS", "Language", "text"]

WORDS: Final[dict[Language, dict[str, str]]] = {"en": ENGLISH, "nl": DUTCH}


def text(name: str, lang: Language) -> str:
    """A text by its name."""
    return WORDS[lang][name]
