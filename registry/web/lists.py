"""The pages that list: the inbox, applications, reservations and the change feed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from flask import Request, Response

from registry.core.errors import Problem, Refused, shown
from registry.core.findings import OUTCOMES
from registry.core.lifecycle import STATES, Of
from registry.core.model import REGIMES
from registry.formats.words import WORDS, Language
from registry.services import applications, expiring, feed, reservations
from registry.services.days import day_of
from registry.services.expiring import Life
from registry.web.addresses import path_of, query
from registry.web.held import application_in
from registry.web.language import language_of
from registry.web.reservation_page import review_day
from registry.web.term_told import ToldTerm, told_term
from registry.web.view import page
from registry.web.words import PAGE, on_day

if TYPE_CHECKING:
    from registry.db import Database
    from registry.services.applications import InboxItem

#: How many rows a page has.
ROWS: Final = 50
#: How many applications the inbox shows, the most urgent ones.
MOST: Final = 100
_COLUMNS: Final[dict[Of, tuple[str, ...]]] = {
    "reservation": ("id", "name", "theme", "strength", "state", "holder", "review_date"),
    "application": ("id", "name", "applicant", "regime", "state", "received"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: the id with its address, and the texts of the further columns."""

    id: str
    link: str
    texts: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A row of the inbox."""

    id: str
    title: str
    link: str
    outcome: str | None
    job: str
    parked: bool
    term: ToldTerm
    regime: str
    applicant: str
    state: str


def listing(db: Database, request: Request, of: Of, now: datetime) -> Response:
    """Reservations or applications by id, some of them a page."""
    lang, name = language_of(request), f"{of}s"
    state, after = _one_of(request, "state", STATES[of]), request.args.get("after") or None
    listed = reservations.listed if of == "reservation" else applications.listed
    heads = listed(db, state=state or None, after=after, limit=ROWS + 1)
    kept: dict[str, str] = {"state": state}
    root = f"{request.script_root}/{name}"
    lives = expiring.lives(db, heads[:ROWS], now) if of == "reservation" else {}
    rows = [
        Row(head.id, request.script_root + path_of(of, head.id), _texts(head, of, lang, lives.get(head.id)))
        for head in heads[:ROWS]
    ]
    return page(
        request,
        "listing.html",
        name,
        rows=rows,
        columns=_COLUMNS[of],
        chosen=state,
        states=[(one, PAGE[lang]["state"][one]) for one in STATES[of]],
        first=root + query(**kept) if after else "",
        next=root + query(**kept, after=rows[-1].id) if len(heads) > ROWS else "",
    )


def _texts(head: Any, of: Of, lang: Language, life: Life | None) -> tuple[str | None, ...]:
    value, words = head.value, PAGE[lang]
    state = words["state"].get(head.state, head.state)
    if of == "reservation":
        theme, strength = WORDS[lang]["theme"][value.theme], WORDS[lang]["strength"][value.strength]
        return value.name, theme, strength, state, value.holder, review_day(value, life, lang)
    return value.title, value.applicant, words["regime"][value.regime], state, on_day(day_of(head.created_at), lang)


def inbox(db: Database, request: Request, now: datetime) -> Response:
    """The applications that wait for the officer, the most urgent first."""
    lang = language_of(request)
    words = PAGE[lang]
    outcome, regime = _one_of(request, "outcome", (*OUTCOMES, "none")), _one_of(request, "regime", REGIMES)
    waiting = applications.inbox(db, now)
    kept = [
        item
        for item in waiting
        if outcome in ("", item.outcome or "none") and regime in ("", application_in(item.head).regime)
    ]
    outcomes = [(one, WORDS[lang]["outcome"][one]) for one in OUTCOMES] + [("none", words["inbox"]["no_verdict"])]
    return page(
        request,
        "inbox.html",
        "inbox",
        rows=[_inbox_row(db, item, request, now, lang) for item in kept[:MOST]],
        count=len(kept),
        total=len(waiting),
        outcome=outcome,
        regime=regime,
        outcomes=outcomes,
        regimes=[(one, words["regime"][one]) for one in REGIMES],
    )


def _inbox_row(db: Database, item: InboxItem, request: Request, now: datetime, lang: Language) -> InboxRow:
    head, value, words = item.head, application_in(item.head), PAGE[lang]["job"]
    extended = any(revision.action == "extend" for revision in applications.history(db, head.id))
    job = words.get(item.job_state or "", "")
    return InboxRow(
        head.id,
        value.title or head.id,
        request.script_root + path_of("application", head.id),
        item.outcome,
        job,
        item.job_state == "parked",
        told_term(item.clock, day_of(now), lang, extended),
        value.regime,
        value.applicant,
        head.state,
    )


def changes(db: Database, request: Request) -> Response:
    """The change feed, oldest first."""
    after = _number(request, "after")
    found = feed.changes(db, after, ROWS + 1)
    root = f"{request.script_root}/changes"
    return page(
        request,
        "changes.html",
        "changes",
        rows=found[:ROWS],
        first=root if after else "",
        next=root + query(after=found[ROWS - 1].seq) if len(found) > ROWS else "",
    )


def _one_of(request: Request, name: str, allowed: tuple[str, ...]) -> str:
    """A choice out of a list; empty where none was made. Raises ``Refused`` for another."""
    value = request.args.get(name, "")
    if value and value not in allowed:
        remedy = f"Choose one of: {', '.join(allowed)}."
        raise Refused(Problem("not_allowed", "no such choice", remedy, name, shown(value)))
    return value


def _number(request: Request, name: str) -> int:
    value = request.args.get(name, "")
    if not value:
        return 0
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise Refused(Problem("wrong_type", "no number of a change", "Give a whole number.", name, shown(value)))
    return int(value)
