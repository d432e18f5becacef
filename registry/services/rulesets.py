"""Rulesets: stored by one policy officer, published by another, never edited; and which one is in force."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.errors import Problem, Refused, shown
from registry.core.examples_checked import check_examples, problems_of
from registry.core.policy import Ruleset
from registry.db import Database
from registry.services.checking import CHECKER, Finish
from registry.services.days import beginning_of, day_of
from registry.services.expiring import ask_to_keep
from registry.services.locking import locked, world_key
from registry.services.policy import parsed, row_in_force
from registry.services.refusals import not_found
from registry.services.whatifs import resting_on
from registry.services.writing import Writing
from registry.store import rulesets as stored
from registry.store.rows import RulesetRow


@dataclass(frozen=True, slots=True)
class StoredRuleset:
    """A version of policy in the register. ``whatif`` is what its publication rests on, or would now: the last one that
    told what it would change, and how much has changed since (until it was published) of which an outcome may be
    another; ``None`` where there is none. ``jobs`` are the checks its publication asked for.
    """

    ruleset: Ruleset
    source_text: str
    stored_by: str
    stored_at: datetime
    published_by: str | None
    published_at: datetime | None
    whatif: tuple[str, int] | None = None
    created: bool = False
    jobs: tuple[str, ...] = ()

    @property
    def whatif_state(self) -> Literal["none", "outdated", "current"]:
        """Whether there is one, and whether the register is as it was then."""
        if self.whatif is None:
            return "none"
        return "outdated" if self.whatif[1] else "current"


def store(db: Database, ruleset: Ruleset, source_text: str, actor: Actor, now: datetime) -> StoredRuleset:
    """Keep a version. The same again changes nothing; another under the same version is ``already_there``."""
    _require_policy_officer(actor, "store")

    def write(session: Session) -> StoredRuleset:
        there = stored.get(session, ruleset.id, ruleset.version)
        if there is not None:
            if there.sha256 != ruleset.sha256:
                detail = f"version {shown(ruleset.version)} of {shown(ruleset.id)} is there, and says otherwise"
                raise Refused(Problem("already_there", detail, "Give it a new version.", "ruleset.version"))
            return _shown(session, there, created=_by(there, actor) and there.published_at is None)
        row = RulesetRow(ruleset.id, ruleset.version, ruleset.sha256, ruleset.document, source_text, actor.name, now)
        stored.add(session, row)
        writing = Writing(session, actor, now)
        writing.tell("ruleset", ruleset.id, None, "store", detail=_named(row))
        writing.close()
        return _shown(session, row, created=True)

    return db.run(write)


def publish(db: Database, id: str, version: str, actor: Actor, now: datetime) -> StoredRuleset:  # noqa: A002
    """Publish a stored version, by another person than stored it, and check every open application again: now, and, if
    it holds from a later day, at the beginning of that.

    Raises ``Refused`` (``example_fails``), naming each, where examples in it come out otherwise than they say.
    """
    _require_policy_officer(actor, "publish")
    _require_examples_to_pass(db, id, version)

    def write(session: Session) -> StoredRuleset:
        row = stored.get(session, id, version, lock=True)
        if row is None:
            raise not_found("ruleset", f"{id} {version}")
        if row.published_by == actor.name:
            return _shown(session, row)
        if row.published_at is not None:
            detail = f"it was published by {shown(row.published_by)}"
            raise Refused(Problem("wrong_state", detail, "Nothing needs to be done.", "ruleset"))
        if _by(row, actor):
            detail = "who stored a ruleset does not publish it"
            remedy = "Let another policy officer read and publish it."
            raise Refused(Problem("not_allowed_for_role", detail, remedy, "actor"))
        rests_on = resting_on(session, id, version)
        stored.publish(session, id, version, actor.name, now, rests_on)
        writing = Writing(session, actor, now)
        writing.ask_all()
        effective = date.fromisoformat(parsed(row).effective_from)
        if effective > day_of(now):
            writing.ask_all_at(f"{id}/{version}", beginning_of(effective))
        told = {} if rests_on is None else {"whatif": rests_on[0], "changes_since": rests_on[1]}
        writing.tell("ruleset", id, None, "publish", detail={**_named(row), **told})
        ask_to_keep(session, now)
        jobs = writing.close()
        whatif_id, changes = rests_on or (None, None)
        published = replace(
            row, published_by=actor.name, published_at=now, whatif_id=whatif_id, whatif_changes=changes
        )
        return replace(_shown(session, published), jobs=tuple(jobs.values()))

    return locked(db, lambda _: [world_key(shared=False)], write)


def take_effect(db: Database, now: datetime, finish: Finish) -> None:
    """Check every open application again, for a ruleset begins to hold. Writes nothing where ``finish`` says false."""

    def write(session: Session) -> None:
        writing = Writing(session, CHECKER, now)
        writing.ask_all()
        jobs = writing.close()
        if not finish(session, {"checks": len(jobs)}):
            raise _Fenced

    with suppress(_Fenced):
        locked(db, lambda _: [world_key(shared=False)], write)


class _Fenced(Exception):
    """The job is another worker's by now: nothing is written."""


def in_force(db: Database, on: date, *, filed: date | None = None) -> StoredRuleset | None:
    """The ruleset in force on a day; with ``filed``, for an application filed then and decided ``on``.

    A version counts when published and effective on the day it judges by; of those the latest effective one, then the
    one published last.
    """
    with db.read() as session:
        row = row_in_force(session, on, filed)
        return _shown(session, row) if row is not None else None


def get(db: Database, id: str, version: str) -> StoredRuleset:  # noqa: A002
    """A stored version. Raises ``Refused`` (``not_found``)."""
    with db.read() as session:
        row = stored.get(session, id, version)
        if row is None:
            raise not_found("ruleset", f"{id} {version}")
        return _shown(session, row)


def listed(db: Database) -> list[StoredRuleset]:
    """Every version, by id and version."""
    with db.read() as session:
        return [_shown(session, row) for row in stored.listed(session)]


def before(db: Database, ruleset: Ruleset) -> StoredRuleset | None:
    """The version of the same ruleset that comes before one, by its number; ``None``: it is the first."""

    def number(version: str) -> list[int]:
        return [int(part) for part in version.split(".")]

    with db.read() as session:
        rows = stored.listed(session, ruleset_id=ruleset.id)
        earlier = [row for row in rows if number(row.version) < number(ruleset.version)]
        return _shown(session, max(earlier, key=lambda row: number(row.version))) if earlier else None


def _require_policy_officer(actor: Actor, act: str) -> None:
    if actor.role != "policy_officer":
        detail = f"to {act} a ruleset is not for this role"
        raise Refused(Problem("not_allowed_for_role", detail, "It is for: policy_officer.", "role", actor.role))


def _require_examples_to_pass(db: Database, id: str, version: str) -> None:  # noqa: A002
    """Judged before the register is locked: what is stored under a version is never another."""
    with db.read() as session:
        row = stored.get(session, id, version)
    if row is not None and row.published_at is None:
        problems = problems_of(check_examples(parsed(row)))
        if problems:
            raise Refused(problems)


def _by(row: RulesetRow, actor: Actor) -> bool:
    return row.stored_by == actor.name


def _named(row: RulesetRow) -> dict[str, object]:
    return {"version": row.version, "sha256": row.sha256}


def _shown(session: Session, row: RulesetRow, *, created: bool = False) -> StoredRuleset:
    if row.published_at is None:
        whatif = resting_on(session, row.id, row.version)
    else:
        whatif = None if row.whatif_id is None else (row.whatif_id, row.whatif_changes or 0)
    return StoredRuleset(
        parsed(row), row.source_text, row.stored_by, row.stored_at, row.published_by, row.published_at, whatif, created
    )
