"""The page of one reservation: what it holds, where, what became of it, and where it was granted over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Request, Response

from registry.core.model import Application, Reservation, Thing, Zone
from registry.core.works import works_of
from registry.formats.words import WORDS, Language, length, listed
from registry.services import expiring, objects, reservations
from registry.services.expiring import Life
from registry.services.lives import standing
from registry.web.acts import acts_on
from registry.web.held import reservation_in
from registry.web.language import language_of
from registry.web.plan import Scene, plan_of, window_of
from registry.web.view import page, size_of
from registry.web.window import Window
from registry.web.words import PAGE, on_day

if TYPE_CHECKING:
    from registry.db import Database

#: Room around a reservation, mm.
_MARGIN = 5_000


@dataclass(frozen=True, slots=True)
class Impaired:
    """Where a reservation was granted over, and by which decision."""

    moment: datetime
    decision: str
    application: str
    stretches: tuple[str, ...]
    reason: str | None
    document: str | None


def reservation(db: Database, request: Request, name: str, now: datetime) -> Response:
    """The page of one reservation."""
    lang = language_of(request)
    head = reservations.get(db, name)
    value = reservation_in(head)
    revisions = [_told(one, lang) for one in reservations.history(db, name)]
    life = expiring.lives(db, [head], now).get(name)
    window = window_of([value], margin=_MARGIN)
    things, zones = around(db, window, ("reservation", name), ("application", ""))
    if all(thing.id != name or thing.kind != "reservation" for thing in things if isinstance(thing, Reservation)):
        things.append(value)  # not found by place (any more): it is what the page is about all the same
    scene = Scene(things, zones, named=frozenset({("reservation", name)}))
    return page(
        request,
        "reservation.html",
        "reservations",
        head=head,
        rows=(*_facts(value, lang, life), *_days(life, lang)),
        overdue=life is not None and life.overdue,
        plan=plan_of(scene, window),
        impaired=tuple(impairments(revisions, lang)),
        revisions=revisions,
        calls=acts_on("reservation", head.state, name, lang),
    )


def around(
    db: Database, window: Window, own: tuple[str, str], without: tuple[str, str]
) -> tuple[list[Thing], list[Zone]]:
    """What lies, is reserved, granted or asked for in a window, and its zones. Of reservations only live ones, and
    ``own``; of applications not ``without``."""
    things: list[Thing] = []
    zones: list[Zone] = []
    kinds = ("asset", "reservation", "application", "zone")
    for head in objects.within(db, [window.box], kinds):
        value = head.value
        if isinstance(value, Application):
            state = standing(head.state)
            if state in ("granted", "open") and (head.kind, head.id) != without:
                things += works_of(value, "granted" if state == "granted" else "open")
        elif isinstance(value, Zone):
            zones.append(value)
        elif isinstance(value, Thing) and (
            not isinstance(value, Reservation) or head.state == "accepted" or (head.kind, head.id) == own
        ):
            things.append(value)
    return things, zones


def zones_in(db: Database, window: Window) -> list[Zone]:
    """The zones in a window."""
    return [head.value for head in objects.within(db, [window.box], ("zone",)) if isinstance(head.value, Zone)]


def _told(revision: Any, lang: Language) -> Any:
    """A revision; of one by which it lapsed the reason in the language of the page."""
    extra = revision.extra or {}
    if revision.action != "lapse" or "notices" not in extra:
        return revision
    given = [on_day(day, lang) for day in sorted(extra["notices"].values())]
    reason = PAGE[lang]["reservation"]["lapsed"].format(end=on_day(extra["ends_on"], lang), given=listed(given, lang))
    return replace(revision, reason=reason)


def _days(life: Life | None, lang: Language) -> Iterator[tuple[str, str | None]]:
    """When it lapses, what was told of that, and how often it was extended."""
    words = PAGE[lang]["reservation"]
    if life is None or life.ending is None or life.rule is None:
        return
    given = [
        words["notice_one"].format(day=on_day(day, lang), days=days)
        for days, day in sorted(life.given.items(), reverse=True)
    ]
    yield words["lapses_on"], on_day(life.ending.lapses_on, lang)
    yield words["notices"], "; ".join(given) or words["no_notice"]
    yield words["extensions"], words["extended"].format(count=life.extensions, most=life.rule.extensions)


def _facts(value: Reservation, lang: Language, life: Life | None) -> tuple[tuple[str, str | None], ...]:
    words, names = PAGE[lang]["reservation"], WORDS[lang]
    column = PAGE[lang]["column"]
    period = None
    if value.period is not None:
        start, end = (on_day(day, lang) or words["open_end"] for day in (value.period.start, value.period.end))
        period = words["from_to"].format(start=start, end=end)
    kind = names["object_kind"][value.object_kind]
    return (
        (column["theme"], f"{names['theme'][value.theme]} ({kind})"),
        (column["strength"], names["strength"][value.strength]),
        (column["holder"], value.holder),
        (words["beneficiary"], value.beneficiary),
        (column["size"], size_of(value, lang)),
        (column["review_date"], review_day(value, life, lang)),
        (words["period"], period),
        (words["legal_basis"], value.legal_basis),
        (words["option_group"], value.option_group),
        (words["shareable_with"], ", ".join(names["theme"][theme] for theme in value.shareable_with)),
    )


def review_day(value: Reservation, life: Life | None, lang: Language) -> str | None:
    """Until when it is to be looked over, and whether that day has passed."""
    told = on_day(value.review_date if life is None else life.review_on, lang)
    return PAGE[lang]["reservation"]["late"].format(day=told) if life is not None and life.overdue else told


def impairments(revisions: Sequence[Any], lang: Language) -> Iterator[Impaired]:
    """Every time it was granted over, but for what came to nothing."""
    where = WORDS[lang]["where"]
    relieved = {(one.extra or {}).get("decision") for one in revisions if one.action == "relieve"}
    for revision in revisions:
        extra = revision.extra or {}
        if revision.action != "impair" or extra.get("decision") in relieved:
            continue
        stretches = tuple(
            PAGE[lang]["reservation"]["stretch"].format(
                part=stretch["part"],
                stretch=where["from_to"].format(
                    start=length(stretch["start"], lang, 2), end=length(stretch["end"], lang, 2)
                ),
            )
            for stretch in extra.get("stretches", ())
        )
        yield Impaired(
            revision.recorded_at,
            str(extra.get("decision", "")),
            str(extra.get("application", "")),
            stretches,
            revision.reason,
            revision.document,
        )
