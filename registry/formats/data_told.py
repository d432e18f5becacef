"""On which data of the other objects a finding rests: their source, date, quality and notes, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from registry.core.errors import shown
from registry.core.model import Asset, Line, Reservation, Thing, Works, kind_of
from registry.formats.notes import is_own, told_note, told_quality
from registry.formats.telling import NAMED, Telling
from registry.formats.words import WORDS, Language, day, listed

#: So many notes of an asset, and so many different data of a network, are told; the rest are counted.
_NOTES: Final = 6
_KINDS: Final = 3
_TEXT: Final = 200
#: Faults of a relation that no datum of the other object decides.
_NOT_OF_DATA: Final = ("unknown_target", "no_consent", "no_agreement", "wrong_theme", "not_beneficiary")


def data(telling: Telling) -> Iterator[str]:
    """The sentences about the data: once for all objects of which the same is stated; of what an earlier finding tells
    of already, where."""
    if telling.finding.fault in _NOT_OF_DATA:
        return
    text = WORDS[telling.lang]["data"]
    others, replaced = telling.others, telling.replaced
    before = {id(thing): number for thing in (*others, *replaced) if (number := telling.earlier(_name(thing)))}
    for number in sorted(set(before.values())):
        ids = [shown(thing.id) for thing in (*others, *replaced) if before.get(id(thing)) == number]
        alone = len(ids) == len(telling.finding.counterparts) + len(replaced)
        yield text["see" if alone else "see_of"].format(ids=_named(ids, telling.lang), number=number)
    same = _same([thing for thing in others if id(thing) not in before], telling.lang)
    for told, things in list(same.items())[:_KINDS]:
        if len(telling.finding.counterparts) == 1 and not replaced:
            yield told
        else:
            yield text["of"].format(ids=_named([shown(thing.id) for thing in things], telling.lang), told=told)
    if len(same) > _KINDS:
        yield text["others"].format(count=sum(len(things) for things in list(same.values())[_KINDS:]))
    for told, things in _same([thing for thing in replaced if id(thing) not in before], telling.lang).items():
        yield text["of_replaced"].format(ids=_named([shown(thing.id) for thing in things], telling.lang), told=told)


def data_told_of(telling: Telling) -> Iterator[tuple[str, str]]:
    """The objects (kind, id) whose data a finding tells when no earlier one did."""
    if telling.finding.fault in _NOT_OF_DATA:
        return
    told = list(_same(telling.others, telling.lang).values())[:_KINDS]
    told += _same(telling.replaced, telling.lang).values()
    yield from (_name(thing) for things in told for thing in things)


def _same(things: Sequence[Thing], lang: Language) -> dict[str, list[Thing]]:
    """What is stated of the data, with the objects of which it is."""
    same: dict[str, list[Thing]] = {}
    for thing in things:
        told = _stated(thing, lang)
        if told:
            same.setdefault(told, []).append(thing)
    return same


def _name(thing: Thing) -> tuple[str, str]:
    return kind_of(thing), thing.id


def _named(ids: list[str], lang: Language) -> str:
    more = [WORDS[lang]["text"]["more"].format(count=len(ids) - NAMED)] if len(ids) > NAMED else []
    return listed(ids[:NAMED] + more, lang)


def _stated(thing: Thing, lang: Language) -> str:
    """What is stated of an object's data, as sentences; nothing of a part."""
    text = WORDS[lang]["data"]
    if isinstance(thing, Reservation):
        return " ".join(_of_reservation(thing, lang))
    if isinstance(thing, Works):
        start = text["start"].format(date=day(shown(thing.works_start), lang)) if thing.works_start else ""
        return text[thing.state].format(text=_text(thing.application), start=start)
    if not isinstance(thing, Asset):
        return ""
    told = []
    if thing.source or thing.as_of:
        source = text["source"].format(text=_text(thing.source)) if thing.source else text["no_source"]
        date = text["as_of"].format(date=day(shown(thing.as_of), lang)) if thing.as_of else text["no_date"]
        told.append(f"{source}, {date}.")
    if thing.quality:
        told.append(text["quality"].format(text=_text(told_quality(thing.quality, lang))))
    if thing.notes:
        told.append(text["notes"].format(text=_notes(thing.notes, lang)))
    if not told:
        told.append(text["nothing"])
    unknown = _unknown_vertices(thing)
    if unknown:
        count = len(thing.geometry.levels) if isinstance(thing.geometry, Line) else 0
        names = _named([str(number) for number in unknown], lang)
        told.append(text["vertex" if len(unknown) == 1 else "vertices"].format(numbers=names, count=count))
    if thing.status != "functional":
        told.append(text[thing.status])
    if thing.disclosure != "public":
        told.append(text[thing.disclosure])
    return " ".join(told)


def _unknown_vertices(thing: Thing) -> list[int]:
    """The vertices of a line, from 1, at which its level is unknown where it is known at others."""
    levels = thing.geometry.levels if isinstance(thing.geometry, Line) else ()
    unknown = [number for number, level in enumerate(levels, 1) if level is None]
    return unknown if len(unknown) < len(levels) else []


def _of_reservation(thing: Reservation, lang: Language) -> Iterator[str]:
    """The legal basis of a reservation, and its dates as they are stated: here no clock says which are over."""
    text, period = WORDS[lang]["data"], thing.period
    if thing.legal_basis:
        yield text["legal_basis"].format(text=_text(thing.legal_basis))
    if period is not None:
        kind = "period" if period.start and period.end else "period_from" if period.start else "period_to"
        yield text[kind].format(start=day(shown(period.start or ""), lang), end=day(shown(period.end or ""), lang))
    if thing.review_date is not None:
        yield text["review_date"].format(date=day(shown(thing.review_date), lang))
    if period is not None or thing.review_date is not None:
        yield text["dates_stand"]


def _notes(notes: Sequence[str], lang: Language) -> str:
    """The notes, those on levels and sizes first: a verdict rests on these."""
    ordered = sorted(notes, key=lambda item: not is_own(item))
    told = [_text(told_note(item, lang)) for item in ordered[:_NOTES]]
    more = [WORDS[lang]["text"]["more"].format(count=len(notes) - _NOTES)] if len(notes) > _NOTES else []
    return "; ".join(told + more)


def _text(text: str | None) -> str:
    return shown(text or "", _TEXT).rstrip(". ")
