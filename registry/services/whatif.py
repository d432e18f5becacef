"""What a version of policy would change: what comes of every open application by it, and what became of each finding.

Where it differs from the version a verdict is by in numbers only, most verdicts are told to stay as they are without
judging again (``reuse``); the rest is judged on all processors (``bulk``). Both see the register as it was at one
moment. What is told is what judging all again would tell.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from registry.core.lifecycle import OPEN
from registry.core.policy import Ruleset
from registry.core.shifts import shifts
from registry.core.weighing import Report, Weighed, reported
from registry.services.bulk import Cancelled, Judged, Progress, judge_in
from registry.services.past import Past
from registry.services.reuse import unchanged
from registry.store import bulk
from registry.store.standing import documents

#: Verdicts that stand are read so many at a time, beside what is judged.
_AT_ONCE: Final = 64


def report(
    session: Session,
    ruleset: Ruleset,
    now: datetime,
    *,
    reuse: bool = True,
    processes: int | None = None,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """All that a version of policy would change, of what is open and, for information, of what was decided on. As
    ``weigh``; ``progress`` counts both."""
    past = Past(session, ruleset)
    count = 0

    def on(done: int, open_: int) -> None:
        nonlocal count
        count = open_
        progress(done, open_ + len(past))

    with closing(
        weigh(session, ruleset, now, reuse=reuse, processes=processes, progress=on, cancelled=cancelled)
    ) as weighed:
        found = list(weighed)
    untold = 0
    for k, one in enumerate(past.weighed(), 1):
        if cancelled():
            raise Cancelled
        found += [one] if one is not None else []
        untold += one is None
        progress(count + k, count + len(past))
    return reported(found, untold)


def weigh(
    session: Session,
    ruleset: Ruleset,
    now: datetime,
    *,
    reuse: bool = True,
    processes: int | None = None,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Generator[Weighed, None, None]:
    """What comes of each open application by a version of policy, in no order; the register as a session sees it.

    Without ``reuse`` all are judged. ``progress`` is told how many of how many are weighed. Raises as
    ``bulk.judge_all`` does; however it ends, no process is left and nothing was written.
    """

    def paused() -> None:
        if cancelled():
            raise Cancelled

    ids = bulk.ids_of(session, "application", OPEN)
    progress(0, len(ids))
    kept = unchanged(session, ruleset, ids, paused) if reuse and ids else {}
    for id_, one in kept.items():
        yield Weighed(id_, one.sha256, one.outcome, None, one.outcome, kept=True)
    rest = [id_ for id_ in ids if id_ not in kept]
    if not rest:
        progress(len(ids), len(ids))
        return
    judging = judge_in(
        session, now, ruleset=ruleset, ids=rest, processes=processes, cancelled=cancelled, findings=True,
        progress=lambda done, _all: progress(len(kept) + done, len(ids)),
    )  # fmt: skip
    waiting: list[Judged] = []
    try:
        for judged in judging:
            waiting.append(judged)
            if len(waiting) == _AT_ONCE:
                yield from _weighed(session, waiting)
                waiting.clear()
        yield from _weighed(session, waiting)
    finally:
        judging.close()


def _weighed(session: Session, judged: list[Judged]) -> Generator[Weighed, None, None]:
    before: Mapping[str, Mapping[str, Any]] = documents(session, [one.application for one in judged])
    for one in judged:
        document = before.get(one.application)
        sha256, outcome = one.before or (None, None)
        # Without a verdict before there is nothing to compare with, and all would be new.
        told = shifts(document["findings"], one.findings) if document and one.findings is not None else []
        yield Weighed(one.application, sha256, outcome, one.sha256, one.outcome, one.problems, tuple(told))
