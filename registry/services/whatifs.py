"""What a version of policy would change, asked for by a policy officer and found in the background: how far it is, what
came of it, and how much has changed since. It is kept with the version, and a publication names the one it rests on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import uuid4

from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.errors import Problem, Refused, shown
from registry.core.shifts import Shift
from registry.core.weighing import Counts, Report, Weighed
from registry.db import Database
from registry.services.checking import Finish
from registry.services.policy import parsed
from registry.services.refusals import not_found
from registry.services.writing import WHATIF
from registry.store import changes, jobs, rulesets, whatifs
from registry.store.rows import ItemRow, WhatIfRow

#: ``failed``: it was tried as often as it is, and set aside; ``error`` says why.
State = Literal["waiting", "running", "done", "cancelled", "failed"]
UNDER_WAY: Final = ("waiting", "running")
#: How often it is told how far it is, and asked whether to go on, seconds.
_TELLING: Final = 1.0
_LOOKING: Final = 0.5


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One that was asked for. ``done`` of ``total`` applications are weighed (``None``: not begun). Once it is done it
    has ``counts`` of those open and, for information, of those decided on (``past``), of so many of which nothing could
    be told (``untold``). ``changes``: how much has changed since of which an outcome may be another."""

    id: str
    ruleset_id: str
    version: str
    ruleset_sha256: str
    job_id: str
    asked_by: str
    asked_at: datetime
    state: State
    done: int
    total: int | None
    error: str | None = None
    cancelled_by: str | None = None
    cancelled_at: datetime | None = None
    finished_at: datetime | None = None
    counts: Counts | None = None
    past: Counts | None = None
    untold: int = 0
    changes: int | None = None
    created: bool = False


def ask(db: Database, id: str, version: str, actor: Actor, now: datetime) -> WhatIf:  # noqa: A002
    """Have told what a stored version would change. Where that is asked already and under way, that one: asking twice
    is asking once. Raises ``Refused`` (``not_found``, ``not_allowed_for_role``)."""
    _require_policy_officer(actor, "ask what a ruleset would change")

    def write(session: Session) -> WhatIf:
        stored = rulesets.get(session, id, version, lock=True)
        if stored is None:
            raise not_found("ruleset", f"{id} {version}")
        for row in whatifs.listed(session, id, version):
            if _state(row) in UNDER_WAY:
                return _shown(session, row)
        name = uuid4().hex
        job_id = jobs.enqueue(session, WHATIF, name, f"{WHATIF}:{name}", now)
        whatifs.add(session, WhatIfRow(name, id, version, stored.sha256, job_id, actor, now))
        return _shown(session, _require(session, name), created=True)

    return db.run(write)


def get(db: Database, whatif_id: str) -> WhatIf:
    """One that was asked for. Raises ``Refused`` (``not_found``)."""
    with db.read() as session:
        return _shown(session, _require(session, whatif_id))


def listed(db: Database, id: str, version: str) -> list[WhatIf]:  # noqa: A002
    """All that were asked for of a version, the newest first. Raises ``Refused`` (``not_found``)."""
    with db.read() as session:
        if rulesets.get(session, id, version) is None:
            raise not_found("ruleset", f"{id} {version}")
        return [_shown(session, row) for row in whatifs.listed(session, id, version)]


def items(
    db: Database,
    whatif_id: str,
    *,
    past: bool = False,
    differs: bool | None = None,
    after: str | None = None,
    limit: int | None = 100,
) -> list[Weighed]:
    """The applications of which anything changes (``store.whatifs.items``); none before it is done."""
    with db.read() as session:
        _require(session, whatif_id)
        found = whatifs.items(session, whatif_id, past=past, differs=differs, after=after, limit=limit)
    return [_weighed(row) for row in found]


def whole(db: Database, whatif_id: str) -> Report:
    """All that came of one that is done. Raises ``Refused`` (``wrong_state``) before that."""
    found = get(db, whatif_id)
    if found.counts is None or found.past is None:
        detail, remedy = f"it is {found.state}", "Wait until it is done, or ask for it again."
        raise Refused(Problem("wrong_state", detail, remedy, "state", found.state))
    changed, past = (tuple(items(db, whatif_id, past=so, limit=None)) for so in (False, True))
    return Report(found.counts, changed, found.past, past, found.untold)


def cancel(db: Database, whatif_id: str, actor: Actor, now: datetime) -> WhatIf:
    """End one that is under way, of which nothing is kept then; cancelled again it stays so. Raises ``Refused``
    (``wrong_state``) where it has ended otherwise."""
    _require_policy_officer(actor, "cancel that")

    def write(session: Session) -> WhatIf:
        row = _require(session, whatif_id, lock=True)
        state = _state(row)
        if state in UNDER_WAY or state == "failed":
            whatifs.cancel(session, whatif_id, actor.name, now)
            jobs.cancel(session, row.job_id, now)
        elif state != "cancelled":
            raise Refused(Problem("wrong_state", f"it is {state}", "What is done stays.", "state", state))
        return _shown(session, _require(session, whatif_id))

    return db.run(write)


def run(db: Database, whatif_id: str, now: datetime, finish: Finish) -> Mapping[str, object]:
    """Find out what was asked for, and keep it whole or not at all; whoever does so first. Nothing is kept where
    ``finish`` says false, or it was cancelled."""
    # They take long to import, which nobody else needs.
    from registry.services.bulk import Cancelled
    from registry.services.whatif import report

    with db.read() as session:
        row = _require(session, whatif_id)
        stored = rulesets.get(session, row.ruleset_id, row.version)
        if _state(row) not in UNDER_WAY or stored is None:
            return {}
        ruleset = parsed(stored)
    watch = _Watch(db, whatif_id)
    try:
        with db.read() as session:
            seq = changes.latest(session)
            found = report(session, ruleset, now, progress=watch.tell, cancelled=watch.cancelled)
    except Cancelled:
        return {"cancelled": True}

    def write(session: Session) -> None:
        told: dict[str, object] = {"applications": found.counts.applications, "differing": found.counts.differing}
        if not finish(session, told):
            raise _Ended
        kept = [_row(one) for one in (*found.items, *found.past_items)]
        count = found.counts.applications + found.past.applications + found.untold
        if not whatifs.finish(session, whatif_id, kept, _plain(found), seq, count, now):
            raise _Ended

    with suppress(_Ended):
        db.run(write)
    return {}


def resting_on(session: Session, id: str, version: str) -> tuple[str, int] | None:  # noqa: A002
    """The newest that is done of a version, and how much has changed since; ``None`` where there is none."""
    for row in whatifs.listed(session, id, version):
        if row.finished_at is not None and row.read_seq is not None:
            return row.id, whatifs.changes_since(session, row.read_seq)
    return None


class _Ended(Exception):
    """It was cancelled, or another worker has it by now: nothing is written."""


class _Watch:
    """Tells how far it is, and learns whether to go on; neither more often than is of use."""

    def __init__(self, db: Database, whatif_id: str):
        self._db, self._id = db, whatif_id
        self._told = self._looked = float("-inf")
        self._over = False

    def tell(self, done: int, total: int) -> None:
        at = time.monotonic()
        if at - self._told >= _TELLING:
            self._told = at
            self._db.run(lambda session: whatifs.progress(session, self._id, done, total))

    def cancelled(self) -> bool:
        at = time.monotonic()
        if not self._over and at - self._looked >= _LOOKING:
            self._looked = at
            with self._db.read() as session:
                row = whatifs.get(session, self._id)
            self._over = row is None or _state(row) not in UNDER_WAY
        return self._over


def _require_policy_officer(actor: Actor, act: str) -> None:
    if actor.role != "policy_officer":
        detail = f"to {act} is not for this role"
        raise Refused(Problem("not_allowed_for_role", detail, "It is for: policy_officer.", "role", actor.role))


def _require(session: Session, whatif_id: str, *, lock: bool = False) -> WhatIfRow:
    row = whatifs.get(session, whatif_id, lock=lock)
    if row is None:
        raise not_found("what-if", shown(whatif_id))
    return row


def _state(row: WhatIfRow) -> State:
    if row.finished_at is not None:
        return "done"
    if row.cancelled_at is not None:
        return "cancelled"
    return {"queued": "waiting", "running": "running"}.get(row.job_state or "", "failed")  # type: ignore[return-value]


def _shown(session: Session, row: WhatIfRow, *, created: bool = False) -> WhatIf:
    state = _state(row)
    plain = row.counts
    return WhatIf(
        row.id, row.ruleset_id, row.version, row.ruleset_sha256, row.job_id, row.actor.name, row.asked_at, state,
        row.done, row.total,
        error=row.job_error if state == "failed" else None,
        cancelled_by=row.cancelled_by,
        cancelled_at=row.cancelled_at,
        finished_at=row.finished_at,
        counts=_counts(plain["open"]) if plain is not None else None,
        past=_counts(plain["past"]) if plain is not None else None,
        untold=plain["untold"] if plain is not None else 0,
        changes=whatifs.changes_since(session, row.read_seq) if row.read_seq is not None else None,
        created=created,
    )  # fmt: skip


def _plain(found: Report) -> dict[str, object]:
    return {"open": _plain_counts(found.counts), "past": _plain_counts(found.past), "untold": found.untold}


def _plain_counts(counts: Counts) -> dict[str, object]:
    return {
        "applications": counts.applications,
        "kept": counts.kept,
        "outcomes": [[outcome, count] for outcome, count in counts.outcomes.items()],
        "turns": [[*turn, count] for turn, count in counts.turns.items()],
        "other_findings": counts.other_findings,
        "rules": {rule: dict(found) for rule, found in counts.rules.items()},
    }


def _counts(plain: Mapping[str, Any]) -> Counts:
    return Counts(
        applications=plain["applications"],
        kept=plain["kept"],
        outcomes=dict(plain["outcomes"]),
        turns={(before, after): count for before, after, count in plain["turns"]},
        other_findings=plain["other_findings"],
        rules=plain["rules"],
    )


def _row(one: Weighed) -> ItemRow:
    return ItemRow(
        one.application, one.past, one.differs, one.before, one.outcome_before, one.after, one.outcome_after,
        tuple({"before": shift.before, "after": shift.after} for shift in one.shifts),
        tuple(asdict(problem) for problem in one.problems),
    )  # fmt: skip


def _weighed(row: ItemRow) -> Weighed:
    return Weighed(
        row.application_id, row.before_sha256, row.before_outcome, row.after_sha256, row.after_outcome,
        tuple(Problem(**problem) for problem in row.problems),
        tuple(Shift(shift["before"], shift["after"]) for shift in row.shifts),
        past=row.past,
    )  # fmt: skip
