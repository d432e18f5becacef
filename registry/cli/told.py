"""Reservations and applications of the register, as the commands print them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from registry.services.expiring import Life
from registry.services.saved import Saved
from registry.store.rows import Head, Revision


def head_plain(head: Head, **further: object) -> dict[str, object]:
    """An object as it stands, for a program."""
    plain: dict[str, object] = {
        "id": head.id,
        "revision": head.number,
        "state": head.state,
        "sha256": head.sha256,
        "recorded_at": head.recorded_at.isoformat(),
    }
    return plain | {name: value for name, value in further.items() if value is not None}


def saved_lines(saved: Sequence[Saved]) -> Iterator[str]:
    """What became of what was done, a line each."""
    for one in saved:
        checks = f"; {len(one.jobs)} to be checked by the worker" if one.jobs else ""
        yield f"{one.head.kind} {one.head.id}: {one.head.state}, revision {one.head.number}{checks}"


def saved_plain(saved: Sequence[Saved]) -> list[dict[str, object]]:
    """The same for a program."""
    return [head_plain(one.head, created=one.created, job=one.job_id, checks=list(one.jobs)) for one in saved]


def revision_plain(revision: Revision) -> dict[str, object]:
    """What was done, for a program."""
    plain: dict[str, Any] = {
        "revision": revision.number,
        "action": revision.action,
        "state": revision.state,
        "actor": revision.actor.name,
        "organisation": revision.actor.organisation,
        "role": revision.actor.role,
        "reason": revision.reason,
        "document": revision.document,
        "recorded_at": revision.recorded_at.isoformat(),
        "sha256": revision.sha256,
    }
    return {name: value for name, value in plain.items() if value is not None}


def life_plain(life: Life) -> dict[str, object]:
    """How a live reservation stands, for a program."""
    plain: dict[str, object] = {
        "review_on": _day(life.review_on),
        "review_overdue": life.overdue,
        "ends_on": _day(life.ends_on),
        "lapses_on": _day(life.ending.lapses_on if life.ending is not None else None),
        "notices": [
            {"days": days, "given_on": day.isoformat()} for days, day in sorted(life.given.items(), reverse=True)
        ],
        "extensions": life.extensions,
    }
    return {name: value for name, value in plain.items() if value is not None}


def life_lines(life: Life | None) -> Iterator[str]:
    """How a live reservation stands."""
    if life is None:
        return
    if life.review_on is not None:
        yield f"to be looked over by {life.review_on}{': overdue' if life.overdue else ''}"
    if life.ending is not None:
        given = ", ".join(f"{day} ({days} days before)" for days, day in sorted(life.given.items(), reverse=True))
        yield f"lapses on {life.ending.lapses_on}; notice given: {given or 'not yet'}; extended {life.extensions} times"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def history_lines(history: Iterable[Revision]) -> Iterator[str]:
    """All that was done, a line each, oldest first."""
    for one in history:
        who = f"{one.actor.name} ({one.actor.organisation}, {one.actor.role})"
        why = "; ".join(text for text in (one.reason, one.document) if text)
        moment = one.recorded_at.strftime("%Y-%m-%d %H:%M")
        yield f"  {one.number:>3}  {moment}  {one.action}: {one.state}, by {who}{'; ' + why if why else ''}"


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows in columns as wide as what is in them; the last is not filled up."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row[:-1], widths, strict=False)) + f"  {row[-1]}"
