"""What happens to granted works: begun, built, held up or taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from registry.core.actors import Actor
from registry.core.errors import Problem, Refused, shown
from registry.core.model import Application, Asset, Part
from registry.core.works import works_id
from registry.db import Database
from registry.services.acts import Act
from registry.services.days import day_of
from registry.services.refusals import require_reason
from registry.services.saved import Saved
from registry.services.steps import step
from registry.services.writing import Writing
from registry.store import objects


def start_works(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """The applicant tells that works have begun."""
    return step(db, id, Act("start_works", actor, now, expected, reason, document), own=True)


def report_as_built(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    built_on: date | None = None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """The applicant tells that the works are there: each part becomes the asset ``application/part``, and what parts
    replaced or removed gets its removal date (or, left in the ground, is disused), if it is the applicant's or its
    holder consented. ``built_on``: today by default. Raises ``Refused`` (``already_there``) where an asset has the id
    that a part would have, (``invalid_period``) for a day to come."""
    if built_on is not None and built_on > day_of(now):
        remedy = "Report it when it is there."
        raise Refused(
            Problem("invalid_period", "what is built is not of a later day", remedy, "built_on", built_on.isoformat())
        )
    day = (built_on or day_of(now)).isoformat()

    def besides(writing: Writing, application: Application) -> None:
        _refuse_known(writing, application)
        for part in application.parts:
            _gone(writing, application, part, day)
            _built(writing, application, part, day)

    said = {} if built_on is None else {"built_on": built_on.isoformat()}
    act = Act("report_as_built", actor, now, expected, reason, document, said)
    return step(db, id, act, own=True, besides=besides, world=True)


def suspend(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """The officer stops granted works for a time; their space stays held."""
    require_reason(reason, document, "suspend works", with_document=False)
    return step(db, id, Act("suspend", actor, now, expected, reason, document))


def resume(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """The officer lets suspended works go on."""
    return step(db, id, Act("resume", actor, now, expected, reason, document))


def revoke(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """The officer takes a grant back; its space is free. Needs a reason and a document."""
    require_reason(reason, document, "revoke a grant")
    return step(db, id, Act("revoke", actor, now, expected, reason, document))


def expire(
    db: Database,
    id: str,  # noqa: A002
    actor: Actor,
    now: datetime,
    *,
    expected: int | None,
    reason: str | None = None,
    document: str | None = None,
) -> Saved:
    """The officer records that a grant not used has ended; its space is free."""
    return step(db, id, Act("expire", actor, now, expected, reason, document))


def _built(writing: Writing, application: Application, part: Part, day: str) -> None:
    """The asset a part became: as it was granted, held by the applicant."""
    asset = Asset(
        id=works_id(application.id, part.id),
        theme=part.theme,
        object_kind=part.object_kind,
        geometry=part.geometry,
        holder=application.applicant,
        uncertainty=part.uncertainty,
        temporary=part.temporary,
        name=part.name,
        source="as built",
        as_of=day,
    )
    writing.revise(asset, "present", "report_as_built", extra={"application": application.id})
    writing.touch([asset])


def _refuse_known(writing: Writing, application: Application) -> None:
    """What is built is new: it takes the place of no asset that is known by its id."""
    names = [("asset", works_id(application.id, part.id)) for part in application.parts]
    problems = [
        Problem(
            "already_there",
            f"there is an asset {shown(there.id)} already",
            "Have these works applied for and granted under another id.",
            "parts",
            feature=there.id,
        )
        for there in objects.by_names(writing.session, names)
    ]
    if problems:
        raise Refused(problems)


def _gone(writing: Writing, application: Application, part: Part, day: str) -> None:
    """What a part replaced or removed is there no longer, or lies there disused. Not what is another's who did not
    consent: the applicant's word takes away nothing of that."""
    may = {application.applicant, *(consent.holder for consent in application.consents)}
    for relation in part.relations:
        if relation.kind not in ("replaces", "removes") or relation.target_kind != "asset":
            continue
        there = objects.head(writing.session, "asset", relation.target)
        if there is None or there.state != "present" or not isinstance(there.value, Asset) or there.holder not in may:
            continue
        if relation.left_in_ground:
            value, state = replace(there.value, status="disused"), "present"
        else:
            # What is to be removed later is there until then.
            gone = relation.removal_date or day
            value, state = replace(there.value, removal_date=gone), "removed" if gone <= day else "present"
        writing.revise(value, state, relation.kind, told=[there.holder or ""], detail={"part": part.id})
        writing.touch([there.value, value])
