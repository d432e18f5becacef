"""The notes a conversion leaves with an asset, in English as they are kept, and in Dutch as they can be read.

A note is part of what is stated of an asset, and so of its identity: it is kept in one language. What a conversion
itself says comes from the templates here, so that it is recognised and told in either language, and so is what the
mapping in ``examples`` says. What another mapping or a file says in its own words stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter
from typing import Final

from registry.formats.conversion_nl import APART, ASSUMED, REASONS, Templates
from registry.formats.words import Language, day

#: By name the English and the Dutch template.
_NOTES: Final[Templates] = {
    "level_differs": (
        "{which}: {of} {what}; {other} level {level} differs by {apart} m",
        "{which}: {of} {what}; {other}hoogte {level} wijkt {apart} m af",
    ),
    "level_differs_dated": (
        "{which}: {of} {what} {date}; {other} level {level} differs by {apart} m",
        "{which}: {of} {what} {date}; {other}hoogte {level} wijkt {apart} m af",
    ),
    "level_not_used": ("{which}: {other} level {level} not used", "{which}: {other}hoogte {level} niet gebruikt"),
    "level_missing": ("{other} level at {which} missing, {outcome}", "{other}hoogte aan {which} ontbreekt, {outcome}"),
    "level_no_number": (
        "{other} level at {which} is not a number, {outcome}",
        "{other}hoogte aan {which} is geen getal, {outcome}",
    ),
    "level_means_unknown": (
        "{other} level at {which} is {level}, {outcome}",
        "{other}hoogte aan {which} is {level}, {outcome}",
    ),
    "level_undated": (
        "{other} level at {which} is {level} without a date, {outcome}",
        "{other}hoogte aan {which} is {level} zonder datum, {outcome}",
    ),
    "level_outside": (
        "{other} level at {which} {level} is outside -300 to +100 m NAP",
        "{other}hoogte aan {which} {level} ligt buiten -300 tot +100 m NAP",
    ),
    "z_outside": ("geometry z {level} is outside -300 to +100 m NAP", "z {level} ligt buiten -300 tot +100 m NAP"),
    "ground_outside": (
        "ground level {level} is outside -300 to +100 m NAP",
        "maaiveld {level} ligt buiten -300 tot +100 m NAP",
    ),
    "size_contradicts": (
        "size: type name {text} says {named}; attributes say {stated}; {used} used",
        "maat: typenaam {text} zegt {named}; attributen zeggen {stated}; {used} gebruikt",
    ),
    "size_not_round": (
        "size: attributes say {stated}; the larger used",
        "maat: attributen zeggen {stated}; de grootste gebruikt",
    ),
    "size_outside": ("{side} {mm} mm is outside 0.01 to 50 m", "{side} {mm} mm ligt buiten 0,01 tot 50 m"),
    "type_not_recognised": ("type name {text} not recognised", "typenaam {text} niet herkend"),
    "wall_assumed": ("wall {mm} mm assumed ({text})", "wanddikte {mm} mm aangenomen ({text})"),
    **REASONS,
}

#: What the mapping that is shipped says in its own words.
_OF_THE_MAPPING: Final[dict[str, tuple[str, str]]] = {
    "built": ("built {text}", "aangelegd {text}"),
    "material": ("material {text}", "materiaal {text}"),
    "street": ("street {text}", "straat {text}"),
    "function": ("function {text}", "functie {text}"),
    "model_point": ("a point of the model, perhaps no manhole", "een punt van het model, mogelijk geen put"),
}

#: How good the levels of an end are; a line's quality is one for each end, or one of its geometry.
_QUALITIES: Final[dict[str, tuple[str, str]]] = {
    "unknown": ("{of} unknown", "{of} onbekend"),
    "design": ("{of} design", "{of} volgens ontwerp"),
    "undated": ("{of} {what}, undated", "{of} {what}, zonder datum"),
    "dated": ("{of} {what} {date}", "{of} {what} {date}"),
    "plain": ("{of} {what}", "{of} {what}"),
    "geometry": ("{of} {what}, from the geometry's z", "{of} {what}, uit de z van de geometrie"),
}
_ENDS: Final = ("begin: {begin}; end: {end}", "begin: {begin}; eind: {end}")

#: What may be filled in, by field: words with their Dutch, or a pattern.
_WORDS: Final[dict[str, dict[str, str]]] = {
    "which": {"begin": "begin", "end": "eind"},
    "of": {"axis": "as", "top": "bovenkant", "bottom": "onderkant", "invert": "BOB"},
    "what": {"measured": "gemeten", "design": "volgens ontwerp"},
    "other": {"measured": "gemeten ", "design": "ontwerp"},
    "one": {"measured": "gemeten ", "design": "ontwerp"},
    "sizes": {"inner": "binnen", "outer": "buiten"},
    "way": {"sideways": "zijdelings", "in height": "in hoogte"},
    "outcome": {"taken as unknown": "geldt als onbekend", "next level used": "volgende hoogte gebruikt"},
    "used": {"type name": "typenaam", "attributes": "attributen"},
    "side": {"width": "breedte", "height": "hoogte", "size in the type name": "maat in de typenaam"},
}
_PATTERNS: Final[dict[str, str]] = {
    "level": r"-?\d+(?:\.\d+)?",
    "apart": r"\d+(?:\.\d+)?",
    "mm": r"-?\d+",
    "at": r"(?:vertex \d+: )?",
    "date": r"\d{4}(?:-\d\d(?:-\d\d)?)?",
}
_SECTION: Final = re.compile(r"round (?P<mm>\d+) mm|(?P<shape>round|egg|rectangular), (?P<width>\d+) mm wide and "
                             r"(?P<height>\d+) mm high")  # fmt: skip
_SHAPES: Final = {"round": "rond", "egg": "eivormig", "rectangular": "rechthoekig"}


def note(name: str, /, **values: object) -> str:
    """A conversion's note as it is kept."""
    return _NOTES[name][0].format(**values)


def quality(name: str, /, **values: object) -> str:
    """How good the levels of an end, or of a geometry, are, as it is kept."""
    return _QUALITIES[name][0].format(**values)


def quality_of_ends(begin: str, end: str) -> str:
    """How good the levels of a line are, as it is kept."""
    return _ENDS[0].format(begin=begin, end=end)


def told_note(text: str, lang: Language) -> str:
    """A note in ``lang``; one that no template fits as it is."""
    if lang == "en":
        return text
    return next((told for told in (_dutch(text, known) for known in (_NOTES, _OF_THE_MAPPING)) if told), text)


def told_reason(text: str, lang: Language) -> str:
    """Why a conversion assumed, flagged, noted or set apart an object, in ``lang``; as it is where no template fits."""
    return text if lang == "en" else _dutch(text, APART) or told_note(text, lang)


def is_own(text: str) -> bool:
    """Whether a note is one a conversion itself words: of levels and sizes, not of a file's other attributes."""
    return _dutch(text, _NOTES) is not None


def told_quality(text: str, lang: Language) -> str:
    """A quality in ``lang``; one that no template fits as it is."""
    if lang == "en":
        return text
    ends = re.fullmatch(r"begin: (?P<begin>.+); end: (?P<end>.+)", text)
    if ends is None:
        return _dutch(text, _QUALITIES) or text
    begin, end = (_dutch(ends[which], _QUALITIES) for which in ("begin", "end"))
    return _ENDS[1].format(begin=begin, end=end) if begin is not None and end is not None else text


def _dutch(text: str, templates: Templates) -> str | None:
    if templates is _NOTES and text.endswith(ASSUMED[0]):
        told = _by_template(text.removesuffix(ASSUMED[0]), _NOTES)
        if told is not None:
            return told + ASSUMED[1]
    return _by_template(text, templates)


def _by_template(text: str, templates: dict[str, tuple[str, str]]) -> str | None:
    for english, dutch in templates.values():
        found = _pattern(english).fullmatch(text)
        if found is not None:
            told = dutch.format(**{name: _in_dutch(name, value) for name, value in found.groupdict().items()})
            return told[0].upper() + told[1:] if text[0].isupper() else told
    return None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    pattern = ""
    for literal, name, _, _ in Formatter().parse(template):
        pattern += re.escape(literal)
        if name is not None:
            words = "|".join(re.escape(word) for word in _WORDS.get(name, ()))
            pattern += f"(?P<{name}>{words or _PATTERNS.get(name, '.+')})"
    return re.compile(pattern)


def _in_dutch(name: str, value: str) -> str:
    if name in _WORDS:
        return _WORDS[name][value]
    if name in ("level", "apart"):
        return value.replace(".", ",")
    if name == "at":
        return value.replace("vertex", "knikpunt")
    if name == "date":
        return day(value, "nl")
    section = _SECTION.fullmatch(value) if name in ("named", "stated") else None
    if section is None:
        return value
    if section["mm"]:
        return f"rond {section['mm']} mm"
    return f"{_SHAPES[section['shape']]}, {section['width']} mm breed en {section['height']} mm hoog"
