"""Checking an application: a snapshot is read, judged with no transaction open, and written in a short one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from registry.core.model import Application
from registry.core.policy import Ruleset
from registry.core.verdict import Verdict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from registry.db import Database


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check. ``current``: the verdict is the one that now stands for the application. It is not where
    something near changed meanwhile (then another check was asked for, ``again``), where the application is no longer
    open (``sha256`` is ``None`` then), or where the job had passed to another worker (``fenced``)."""

    application: str
    sha256: str | None
    outcome: str | None
    current: bool
    fenced: bool = False
    again: str | None = None


#: Finishes the job in the transaction that writes the verdict; false when the job is no longer this worker's.
Finish = Callable[["Session", dict[str, object]], bool]


def check(db: Database, application_id: str, now: datetime, *, finish: Finish | None = None) -> Checked:
    """Judge an application by the ruleset in force for it, against all that is near, and write the verdict.

    Exactly one verdict is kept per basis. Raises ``Refused`` where there can be no verdict: no ruleset is in force
    (``not_acceptable``), or the core refused to judge (``too_complex``, ``invalid_ruleset``). The application then
    stays in state checking, with no verdict.
    """
    raise NotImplementedError


def what_if(db: Database, application: Application, now: datetime, *, ruleset: Ruleset | None = None) -> Verdict:
    """The verdict on an application that is not filed (or on another version of one that is); writes nothing."""
    raise NotImplementedError
