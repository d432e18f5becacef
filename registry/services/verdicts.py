"""Verdicts as they were given, with all they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from registry.core.model import Application
from registry.core.policy import Ruleset
from registry.core.verdict import Verdict

if TYPE_CHECKING:
    from registry.db import Database


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """A verdict and when it was reached. ``current``: it is the one that stands for the application.

    ``application_number`` is the revision it judged; ``verdict.basis`` holds the objects as they were then, so that
    ``formats.bundle.write_bundle(application, ruleset, verdict)`` gives the full bundle.
    """

    verdict: Verdict
    application: Application
    application_number: int
    ruleset: Ruleset
    judged_at: datetime
    job_id: str | None
    current: bool


def get(db: Database, sha256: str) -> StoredVerdict:
    """The verdict with this hash. Raises ``Refused`` (``not_found``)."""
    raise NotImplementedError


def standing(db: Database, application_id: str) -> StoredVerdict | None:
    """The verdict that stands for an application; ``None`` where it has none."""
    raise NotImplementedError


def of_application(db: Database, application_id: str) -> list[StoredVerdict]:
    """Every verdict on an application, oldest first."""
    raise NotImplementedError
