"""What a conversion notes of an asset is kept in English, and can be read in Dutch."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from registry.formats.conversion_nl import APART
from registry.formats.mapping_yaml import load_mapping
from registry.formats.notes import (
    _NOTES,
    _QUALITIES,
    is_own,
    note,
    quality,
    quality_of_ends,
    told_note,
    told_quality,
    told_reason,
)

SAMPLES = {
    "which": "begin", "of": "invert", "what": "measured", "other": "design", "level": "-1.07", "apart": "0.26",
    "date": "1998-03-01", "outcome": "taken as unknown", "text": "Rond 300", "used": "type name", "side": "width",
    "sizes": "inner", "way": "sideways", "one": "measured", "at": "vertex 3: ", "name": "Beton", "value": "x",
    "named": "egg, 400 mm wide and 600 mm high", "stated": "round 300 mm", "mm": "87",
}  # fmt: skip
ENGLISH = re.compile(
    r"\b(level|used|design|measured|width|wide|high|unknown|assumed|attributes|differs|outside|not|ground|taken)\b"
)


def filled(template: str) -> dict[str, str]:
    return {name: SAMPLES[name] for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("name", _NOTES)
def test_every_note_is_recognised_and_told_in_dutch(name: str) -> None:
    english, dutch = _NOTES[name]
    assert filled(english).keys() == filled(dutch).keys()
    kept = note(name, **filled(english))
    assert is_own(kept)
    assert told_note(kept, "en") == kept
    told = told_note(kept, "nl")
    assert not ENGLISH.search(told), told
    assert "-1.07" not in told
    for value, in_dutch in (("Rond 300", "Rond 300"), ("87", "87"), ("1998-03-01", "1 maart 1998")):
        assert (in_dutch in told) == (value in kept)


def test_of_what_was_assumed_the_note_says_so() -> None:
    assert told_note("top at ground level, assumed", "nl") == "bovenkant op maaiveld, aangenomen"
    assert is_own("top at ground level, assumed")
    assert told_note("something else, assumed", "nl") == "something else, assumed"


@pytest.mark.parametrize("name", APART)
def test_why_an_object_is_set_apart_is_told_in_dutch(name: str) -> None:
    english, dutch = APART[name]
    assert filled(english).keys() == filled(dutch).keys()
    told = told_reason(english.format(**filled(english)), "nl")
    assert told == dutch.format(**filled(dutch) | {"at": "knikpunt 3: "}).replace("0.26", "0,26")


@pytest.mark.parametrize("name", _QUALITIES)
def test_every_quality_is_told_in_dutch(name: str) -> None:
    one = quality(name, **filled(_QUALITIES[name][0]))
    for kept in (one, quality_of_ends(one, quality("unknown", of="invert"))):
        assert told_quality(kept, "en") == kept
        assert "BOB" in told_quality(kept, "nl")
        assert not ENGLISH.search(told_quality(kept, "nl"))


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (
            "begin: invert measured 1998; design level 2.17 differs by 0.26 m",
            "begin: BOB gemeten 1998; ontwerphoogte 2,17 wijkt 0,26 m af",
        ),
        (
            "measured level at end is 0.00 without a date, taken as unknown",
            "gemeten hoogte aan eind is 0,00 zonder datum, geldt als onbekend",
        ),
        ("begin: design level -1.07 not used", "begin: ontwerphoogte -1,07 niet gebruikt"),
        (
            "size: type name Eivormig 400/600 says egg, 400 mm wide and 600 mm high; attributes say egg, 600 mm wide "
            "and 400 mm high; type name used",
            "maat: typenaam Eivormig 400/600 zegt eivormig, 400 mm breed en 600 mm hoog; attributen zeggen eivormig, "
            "600 mm breed en 400 mm hoog; typenaam gebruikt",
        ),
    ],
)
def test_notes_as_they_are_read(kept: str, told: str) -> None:
    assert told_note(kept, "nl") == told


@pytest.mark.parametrize("text", ["diepte Beton", "gemeten in 1998", "{which}", "wall thick assumed (x)", ""])
def test_other_words_stay_as_they_are(text: str) -> None:
    assert told_note(text, "nl") == told_quality(text, "nl") == text
    assert not is_own(text)


def test_what_the_shipped_mapping_says_is_told_in_dutch(root: Path) -> None:
    mapping = load_mapping(root / "examples" / "mappings" / "dutch-municipal-sewer.yaml")
    remarks = [remark for table in mapping.tables for remark in (*table.notes, *table.flags)]
    assert remarks
    for remark in remarks:
        kept = remark.text if remark.equals is not None else f"{remark.text} Beton"
        assert told_note(kept, "en") == kept
        assert told_note(kept, "nl") != kept
        assert not is_own(kept), "notes on levels and sizes come first"
    assert told_note("material Beton", "nl") == "materiaal Beton"


def test_a_conversion_words_its_notes_here_only(root: Path) -> None:
    for name in ("attribute_levels", "attribute_sizes"):
        source = (root / "registry" / "formats" / f"{name}.py").read_text(encoding="utf-8")
        assert "notes.append" not in source, "what is kept is told with its reason: assume, flag or note"
