"""Verdicts that stand for applications, and whether something has changed since for which a check is still to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.store.sql import among
from registry.tables import job, object_, revision, verdict


class Standing(NamedTuple):
    """The verdict that stands for an application: hash and outcome, the ruleset it is by, and the form and version of
    the judging that gave it."""

    sha256: str
    outcome: str
    ruleset_sha256: str
    schema: str
    judgement: int


def standing(s: Session, ids: Iterable[str], check: str) -> dict[str, Standing]:
    """The verdicts, by application, of those of these of which nothing is known that they do not rest on: what is
    stated is what was judged, and no job of kind ``check`` waits, is being done or was set aside."""
    found = (
        select(
            object_.c.object_id, verdict.c.sha256, verdict.c.outcome, verdict.c.ruleset_sha256,
            verdict.c.document["schema"].as_string(), verdict.c.document["judgement"].as_integer(),
            verdict.c.document["application"]["sha256"].as_string().label("judged"), revision.c.content_sha256,
        )
        .join_from(object_, verdict, object_.c.verdict_id == verdict.c.id)
        .join(revision, object_.c.revision_id == revision.c.id)
        .where(object_.c.kind == "application", among(s, object_.c.object_id, ids))
    )  # fmt: skip
    undone = select(job.c.subject).where(job.c.kind == check, job.c.state.in_(("queued", "running", "parked")))
    waiting = set(s.scalars(undone))
    return {
        row[0]: Standing(*row[1:6])
        for row in s.execute(found)
        if row.judged == row.content_sha256 and row[0] not in waiting
    }


def documents(s: Session, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The documents of the verdicts that stand, by application."""
    found = (
        select(object_.c.object_id, verdict.c.document)
        .join_from(object_, verdict, object_.c.verdict_id == verdict.c.id)
        .where(object_.c.kind == "application", among(s, object_.c.object_id, ids))
    )
    return {row[0]: row[1] for row in s.execute(found)}


def enveloped(s: Session) -> set[tuple[str, str]]:
    """Reservations and applications in which something has an envelope: how wide it is besides, its segments do not
    tell."""
    told = (
        select(object_.c.kind, object_.c.object_id)
        .join_from(object_, revision, object_.c.revision_id == revision.c.id)
        .where(object_.c.kind.in_(("reservation", "application")))
        .where(revision.c.content.contains('"envelope"', autoescape=True))
    )
    return {(row[0], row[1]) for row in s.execute(told)}
