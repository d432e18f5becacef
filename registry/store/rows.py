"""What the store gives back: frozen rows, with values of the core in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from registry.core.actors import Actor
from registry.core.model import Identified, Object

Plain = Mapping[str, Any]
#: Kind and id of an object.
Name = tuple[str, str]
JobState = Literal["queued", "running", "done", "parked", "cancelled"]


@dataclass(frozen=True, slots=True)
class Revision:
    """An object as it was stated once, by whom and why. Half-open in time: valid up to, not including, ``valid_to``."""

    revision_id: int
    kind: str
    id: str
    number: int
    state: str
    value: Identified
    sha256: str
    action: str
    actor: Actor
    reason: str | None
    document: str | None
    valid_from: date
    valid_to: date | None
    recorded_at: datetime
    extra: Plain | None


@dataclass(frozen=True, slots=True)
class Head(Revision):
    """An object as it is now: its latest revision, and what is known of it beside that.

    ``holder`` of an application is the applicant. ``created_at`` is when its first revision was recorded.
    """

    holder: str | None
    due_on: date | None
    verdict_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """All that may matter to one application, and the revision each object was read from.

    The revision of ``Works`` is the one of their application.
    """

    objects: list[Object]
    revisions: dict[Name, int]


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the change feed; ``seq`` is 0 until it was written. ``told``: organisations it is meant for."""

    kind: str
    id: str
    number: int | None
    action: str
    actor: str
    organisation: str
    recorded_at: datetime
    told: tuple[str, ...] = ()
    detail: Plain | None = None
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done once. ``key`` says what it is about: of one key no two wait, and none runs beside another."""

    id: str
    kind: str
    subject: str
    key: str
    state: JobState
    attempt: int
    max_attempts: int
    lease_until: datetime | None
    run_after: datetime
    worker: str | None
    error: str | None
    result: Plain | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A verdict as it was kept: ``document`` is the verdict as plain data, whose hash is ``sha256``."""

    id: int
    application_id: str
    application_number: int
    sha256: str
    ruleset_id: str
    ruleset_version: str
    ruleset_sha256: str
    outcome: str
    document: Plain
    judged_at: datetime
    job_id: str | None


@dataclass(frozen=True, slots=True)
class BasisRow:
    """One object a verdict rests on: its content then, and the revision that held it."""

    kind: str
    id: str
    sha256: str
    revision_id: int


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """An officer's act. ``conditions`` and ``weighed`` are plain data."""

    id: str
    application_id: str
    verdict_sha256: str
    kind: str
    reason: str | None
    document: str | None
    conditions: tuple[Any, ...]
    weighed: tuple[Any, ...]
    actor: Actor
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class RulesetRow:
    """A version of policy as it was stored; ``document`` is its canonical plain data, ``source_text`` what was read."""

    id: str
    version: str
    sha256: str
    document: Plain
    source_text: str
    stored_by: str
    stored_at: datetime
    published_by: str | None = None
    published_at: datetime | None = None
    whatif_id: str | None = None
    whatif_changes: int | None = None


@dataclass(frozen=True, slots=True)
class WhatIfRow:
    """What a version of policy would change, as it was asked for by ``actor``: ``done`` of ``total`` applications are
    weighed. Once it is finished ``counts`` says what came of it, as things stood at ``read_seq`` of the change feed.

    ``job_state`` and ``job_error`` are those of the job that does it.
    """

    id: str
    ruleset_id: str
    version: str
    ruleset_sha256: str
    job_id: str
    actor: Actor
    asked_at: datetime
    done: int = 0
    total: int | None = None
    cancelled_by: str | None = None
    cancelled_at: datetime | None = None
    read_seq: int | None = None
    finished_at: datetime | None = None
    counts: Plain | None = None
    job_state: JobState | None = None
    job_error: str | None = None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An application of which a version would change anything: hash and outcome before and after, where there is a
    verdict, and as plain data what becomes of its findings and why there can be no verdict."""

    application_id: str
    past: bool
    differs: bool
    before_sha256: str | None
    before_outcome: str | None
    after_sha256: str | None
    after_outcome: str | None
    shifts: tuple[Any, ...]
    problems: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TokenRow:
    """Who may act with a token; of the token itself only the hash is kept."""

    id: str
    sha256: str
    actor: Actor
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One file that was imported, and how many of its objects were new, changed, the same or no longer there."""

    id: str
    name: str
    sha256: str
    read: int
    added: int
    changed: int
    unchanged: int
    removed: int
    actor: str
    organisation: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """What two objects' holders agreed, or a duty to solve a crossing in design. They are in order.

    ``a_sha256`` and ``b_sha256`` are of the space they asked for then: it holds for no other.
    """

    id: str
    kind: Literal["agreement", "duty"]
    a: Name
    b: Name
    reason: str | None
    document: str | None
    actor: str
    organisation: str
    recorded_at: datetime
    a_sha256: str
    b_sha256: str
