"""On which data of the other objects a finding rests: their source, date, quality and notes, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from registry.core.errors import shown
from registry.core.model import Asset, Reservation, Thing
from registry.formats.notes import is_own, told_note, told_quality
from registry.formats.telling import NAMED, Telling
from registry.formats.words import WORDS, Language, listed

#: So many notes of an asset, and so many different data of a network, are told; the rest are counted.
_NOTES: Final = 6
_KINDS: Final = 3
_TEXT: Final = 200
#: Faults of a relation that no datum of the other object decides.
_NOT_OF_DATA: Final = ("unknown_target", "no_consent", "no_agreement", "wrong_theme", "not_beneficiary")


def data(telling: Telling) -> Iterator[str]:
    """The sentences about the data: once for all objects of which the same is stated."""
    if telling.finding.fault in _NOT_OF_DATA:
        return
    same: dict[str, list[str]] = {}
    for thing in telling.others:
        told = _stated(thing, telling.lang)
        if told:
            same.setdefault(told, []).append(shown(thing.id))
    text = WORDS[telling.lang]["data"]
    for told, ids in list(same.items())[:_KINDS]:
        if len(telling.finding.counterparts) == 1:
            yield told
        else:
            more = [WORDS[telling.lang]["text"]["more"].format(count=len(ids) - NAMED)] if len(ids) > NAMED else []
            yield text["of"].format(ids=listed(ids[:NAMED] + more, telling.lang), told=told)
    if len(same) > _KINDS:
        yield text["others"].format(count=sum(len(ids) for ids in list(same.values())[_KINDS:]))


def _stated(thing: Thing, lang: Language) -> str:
    """What is stated of an object's data, as sentences; nothing of a part."""
    text = WORDS[lang]["data"]
    if isinstance(thing, Reservation):
        return text["legal_basis"].format(text=_text(thing.legal_basis)) if thing.legal_basis else ""
    if not isinstance(thing, Asset):
        return ""
    told = []
    if thing.source or thing.as_of:
        source = text["source"].format(text=_text(thing.source)) if thing.source else text["no_source"]
        date = text["as_of"].format(date=shown(thing.as_of)) if thing.as_of else text["no_date"]
        told.append(f"{source}, {date}.")
    if thing.quality:
        told.append(text["quality"].format(text=_text(told_quality(thing.quality, lang))))
    if thing.notes:
        told.append(text["notes"].format(text=_notes(thing.notes, lang)))
    if not told:
        told.append(text["nothing"])
    if thing.status != "functional":
        told.append(text[thing.status])
    if thing.disclosure != "public":
        told.append(text[thing.disclosure])
    return " ".join(told)


def _notes(notes: Sequence[str], lang: Language) -> str:
    """The notes, those on levels and sizes first: a verdict rests on these."""
    ordered = sorted(notes, key=lambda item: not is_own(item))
    told = [_text(told_note(item, lang)) for item in ordered[:_NOTES]]
    more = [WORDS[lang]["text"]["more"].format(count=len(notes) - _NOTES)] if len(notes) > _NOTES else []
    return "; ".join(told + more)


def _text(text: str | None) -> str:
    return shown(text or "", _TEXT).rstrip(". ")
