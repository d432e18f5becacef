"""Rulesets: stored by one policy officer, published by another, never edited; and which one is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from registry.core.policy import Ruleset
from registry.services.actors import Actor

if TYPE_CHECKING:
    from registry.db import Database


@dataclass(frozen=True, slots=True)
class StoredRuleset:
    """A version of policy in the register. ``jobs`` are the checks its publication asked for."""

    ruleset: Ruleset
    source_text: str
    stored_by: str
    stored_at: datetime
    published_by: str | None
    published_at: datetime | None
    created: bool = False
    jobs: tuple[str, ...] = ()


def store(db: Database, ruleset: Ruleset, source_text: str, actor: Actor, now: datetime) -> StoredRuleset:
    """Keep a version. The same again changes nothing; another under the same version is ``already_there``."""
    raise NotImplementedError


def publish(db: Database, id: str, version: str, actor: Actor, now: datetime) -> StoredRuleset:  # noqa: A002
    """Publish a stored version, by another person than stored it, and check every open application again."""
    raise NotImplementedError


def in_force(db: Database, on: date, *, filed: date | None = None) -> StoredRuleset | None:
    """The ruleset in force on a day; with ``filed``, for an application filed then and decided ``on``.

    A version counts when published and effective on the day it judges by; of those the latest effective one, then the
    one published last.
    """
    raise NotImplementedError


def get(db: Database, id: str, version: str) -> StoredRuleset:  # noqa: A002
    """A stored version. Raises ``Refused`` (``not_found``)."""
    raise NotImplementedError


def listed(db: Database) -> list[StoredRuleset]:
    """Every version, by id and version."""
    raise NotImplementedError
