"""Where a verdict was judged by another version of policy than is in force: that one, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from registry.core.policy import Ruleset
from registry.db import Database
from registry.services.days import day_of
from registry.services.policy import parsed, row_in_force
from registry.services.verdicts import StoredVerdict
from registry.store import decisions


@dataclass(frozen=True, slots=True)
class Transition:
    """The version in force on a day for what is filed on that day, where a verdict was judged by another: ``since`` its
    effective date, or its publication where that came later. ``decided_on`` is set where the day is that on which the
    application was decided, not today."""

    ruleset: Ruleset
    since: date
    decided_on: date | None = None


def transition(db: Database, stored: StoredVerdict, now: datetime) -> Transition | None:
    """What is in force instead of the version a verdict was judged by: on the day of the last decision on its
    application, else today. ``None`` where that is the same version, or none is in force."""
    with db.read() as session:
        made = [row for row in decisions.listed(session, stored.application.id) if row.recorded_at >= stored.judged_at]
        decided = day_of(made[-1].recorded_at) if made else None
        row = row_in_force(session, decided or day_of(now))
    if row is None or row.sha256 == stored.ruleset.sha256:
        return None
    ruleset = parsed(row)
    assert row.published_at is not None
    since = max(date.fromisoformat(ruleset.effective_from), day_of(row.published_at))
    return Transition(ruleset, since, decided)
