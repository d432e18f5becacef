"""Jobs: rows written with what asked for them, claimed for the length of a lease, and finished once.

Whoever judges holds no transaction open; its lease is renewed beside it. What a job writes and that it is done are one
transaction, which holds only where the attempt that began it still has the job. So a worker may die at any moment, be
slow, or be told of a job twice.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from registry.core.errors import Refused, visible
from registry.db import Database
from registry.store import jobs
from registry.store.rows import Job, JobState
from registry.taken import Finish, Taken

Clock = Callable[[], datetime]
Say = Callable[[str], None]
#: Does a job: reads, judges, and applies ``Finish`` last in the transaction in which it writes; it writes nothing where
#: that says false. One that has nothing to write need not, and returns what came of it. Raises ``Refused`` where trying
#: again cannot help: the job is set aside.
Handler = Callable[[Database, Job, datetime, Finish], object]
Handlers = Mapping[str, Handler]
#: What came of a job: ``lost`` when another worker had it by then.
End = Literal["done", "failed", "parked", "lost", "released"]

#: The longest pause of a worker whose database does not answer, seconds.
LONGEST_PAUSE: Final = 5.0
#: How many parked jobs are listed.
LISTED: Final = 100


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker goes about it.

    ``lease`` is how long a job is out of reach after its worker died; a living one renews it three times in that.
    ``poll`` is the pause between looks for work, ``sweep`` the time between looks for leases that ran out, ``patience``
    how long a job must have been due: more than nothing where others are told of it sooner.
    """

    lease: timedelta = timedelta(seconds=30)
    poll: timedelta = timedelta(milliseconds=250)
    sweep: timedelta = timedelta(seconds=5)
    patience: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many jobs there are in each state, and those set aside, the oldest first (``LISTED`` at most)."""

    counts: Mapping[JobState, int]
    parked: tuple[Job, ...]


class Interrupted(BaseException):
    """The worker is to end at once: what it works on goes back untried."""


class Worker:
    """One worker: a thread of control that works on one job at a time. ``name`` is kept with the jobs it takes."""

    def __init__(
        self,
        db: Database,
        handlers: Handlers,
        name: str,
        clock: Clock,
        pace: Pace | None = None,
        say: Say | None = None,
    ):
        self.db = db
        self.name = name
        self.pace = pace or Pace()
        self.ended: dict[End, int] = {}
        self.stopping = threading.Event()
        self._handlers = handlers
        self._clock = clock
        self._say = say or _nobody
        self._taken: Taken | None = None
        self._interruptible = False

    def work(self) -> None:
        """Work until told to stop. A database that does not answer is waited for."""
        pause, swept = 0.0, float("-inf")
        while not self.stopping.is_set():
            try:
                if time.monotonic() - swept >= self.pace.sweep.total_seconds():
                    self.sweep()
                    swept = time.monotonic()
                busy = self.work_once()
                pause = 0.0
            except SQLAlchemyError as error:
                pause = min(LONGEST_PAUSE, 2 * pause + 0.25)
                self._say(f"the register does not answer; trying again in {pause:g} s: {_first_line(error)}")
                self.stopping.wait(pause)
                continue
            if not busy:
                self.stopping.wait(self.pace.poll.total_seconds())

    def work_off(self) -> None:
        """Work until no job is due. What failed and is to be tried later is left for later."""
        self.sweep()
        while not self.stopping.is_set() and self.work_once():
            pass

    def work_once(self) -> bool:
        """Do the job that has been due longest; false when there is none."""
        with self.db.read() as session:
            due = jobs.due(session, self._clock(), waited=self.pace.patience, kinds=self._handlers)
        return any(self._work_on(job_id) for job_id in due)

    def run_job(self, job_id: str) -> bool:
        """Do this job, then what waits with its key; false when it is not there to be done (any more)."""
        claimed = self._claim(job_id)
        if claimed is None:
            return False
        self._do(claimed)
        while not self.stopping.is_set():
            with self.db.read() as session:
                due = jobs.due(session, self._clock(), key=claimed.key, kinds=self._handlers, limit=1)
            if not due or not self._work_on(due[0]):
                break
        return True

    def sweep(self) -> list[str]:
        """Give back the jobs whose lease ran out; those on their last attempt are set aside. Their ids."""
        given = self.db.run(lambda session: jobs.sweep(session, self._clock()))
        if given:
            self._say(f"leases that ran out: {len(given)}; their jobs were given back or set aside")
        return given

    def stop(self) -> None:
        """End after the job at hand."""
        self.stopping.set()

    def interrupt(self, *_signal: object) -> None:
        """End at once. To be called by a signal, in the thread that works: a job not yet being finished is broken off
        and given back."""
        self.stopping.set()
        if self._interruptible and not (self._taken is not None and self._taken.finishing):
            self._interruptible = False
            raise Interrupted

    def give_back(self) -> None:
        """Give back the job at hand, from another thread; whatever still comes of it is fenced off."""
        self.stopping.set()
        taken = self._taken
        if taken is not None and not taken.finishing:
            taken.release()

    def _work_on(self, job_id: str) -> bool:
        claimed = self._claim(job_id)
        if claimed is not None:
            self._do(claimed)
        return claimed is not None

    def _claim(self, job_id: str) -> Job | None:
        def claim(session: Session) -> Job | None:
            now, lease = self._clock(), self.pace.lease
            return jobs.claim(session, self.name, now, lease, job_id=job_id, kinds=self._handlers)

        return self.db.run(claim)

    def _do(self, claimed: Job) -> None:
        begun, what = time.monotonic(), f"{claimed.kind} {visible(claimed.subject)}"
        with Taken(self.db, claimed, self._clock, self.pace.lease, self._say) as taken:
            self._taken = taken
            try:
                end, told = self._handled(taken, what)
            finally:
                self._taken = None
        self.ended[end] = self.ended.get(end, 0) + 1
        self._say(f"{what}: {told} ({time.monotonic() - begun:.1f} s)")

    def _handled(self, taken: Taken, what: str) -> tuple[End, str]:
        claimed = taken.job
        try:
            try:
                self._interruptible = True
                if self.stopping.is_set():
                    raise Interrupted
                self._say(f"{what}: begun, attempt {claimed.attempt} of {claimed.max_attempts}")
                came = self._handlers[claimed.kind](self.db, claimed, self._clock(), taken.finish)
            finally:
                self._interruptible = False
            if not taken.finishing:
                taken.finish_alone(came if isinstance(came, Mapping) else {})
        except Interrupted:
            taken.release()
            return "released", "given back, for this worker ends"
        except Refused as refused:
            # Nothing gets better by trying again; the text of a refusal says what would help.
            told = str(refused)
            return ("parked", f"set aside: {told}") if taken.park(told) else _LOST
        except Exception as error:
            told = _told(error)
            self._say("".join(traceback.format_exception(error)).rstrip())
            return ("failed", f"failed: {told}") if taken.fail(told) else _LOST
        return ("done", _came_of(taken.result)) if taken.finished else _LOST


def work_once(db: Database, handlers: Handlers, worker: str, clock: Clock) -> bool:
    """Do the job that has been due longest; false when there is none."""
    return Worker(db, handlers, worker, clock).work_once()


def work(db: Database, handlers: Handlers, worker: str, clock: Clock, stopping: threading.Event) -> None:
    """Work until ``stopping`` is set."""
    made = Worker(db, handlers, worker, clock)
    made.stopping = stopping
    made.work()


def run_job(db: Database, job_id: str, handlers: Handlers, clock: Clock, worker: str = "worker") -> bool:
    """Do one job now; false, and nothing done, when it is not there to be done (any more)."""
    return Worker(db, handlers, worker, clock).run_job(job_id)


def standing(db: Database) -> Standing:
    """How the jobs stand."""
    with db.read() as session:
        return Standing(jobs.counts(session), tuple(jobs.list_jobs(session, state="parked", limit=LISTED)))


_LOST: Final[tuple[End, str]] = ("lost", "another worker has it by now; nothing was written")


def _told(error: Exception) -> str:
    """An error in one line: what, and where in the program."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {_first_line(error)}{where}"


def _first_line(error: Exception) -> str:
    return visible(str(error).strip().partition("\n")[0])


def _came_of(result: Mapping[str, Any] | None) -> str:
    outcome = (result or {}).get("outcome")
    return f"done, {outcome}" if outcome else "done"


def _nobody(_line: str) -> None:
    """Told to nobody."""
