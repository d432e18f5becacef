"""A job in the hands of one worker: its lease is renewed beside the work, and what comes of it holds only as long as it
has it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from registry.db import Database
from registry.store import jobs
from registry.store.rows import Job

#: Marks the job done in the caller's transaction, with what came of it; false when it is another worker's by now.
Finish = Callable[[Session, Mapping[str, Any]], bool]

#: How long the renewing thread is waited for, seconds; it changes nothing when it comes later.
_PATIENCE: Final = 5.0


class Taken:
    """A claimed job, for as long as the ``with`` block lasts.

    ``finishing``: it is about to be written, in a short transaction. ``finished``: in the last of these this worker
    still had it. ``result``: what came of it.
    """

    def __init__(
        self,
        db: Database,
        job: Job,
        clock: Callable[[], datetime],
        lease: timedelta,
        say: Callable[[str], None],
    ):
        self.job = job
        self.finishing = False
        self.finished = False
        self.result: Mapping[str, Any] | None = None
        self._db = db
        self._clock = clock
        self._lease = lease
        self._say = say
        self._over = threading.Event()
        self._renewing = threading.Thread(target=self._renew, name=f"lease of {job.id}", daemon=True)

    def __enter__(self) -> Taken:
        self._renewing.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._over.set()
        self._renewing.join(_PATIENCE)

    def finish(self, session: Session, result: Mapping[str, Any]) -> bool:
        """See ``Finish``. It may be applied again when the transaction is."""
        self.finishing, self.result = True, result
        self.finished = jobs.finish(session, self.job.id, self.job.attempt, result, self._clock())
        return self.finished

    def finish_alone(self, result: Mapping[str, Any]) -> bool:
        """Mark it done where nothing else is to be written."""
        return self._db.run(lambda session: self.finish(session, result))

    def release(self) -> bool:
        """Give it back untried, for anyone to take at once."""
        return self._db.run(lambda session: jobs.release(session, self.job.id, self.job.attempt, self._clock()))

    def fail(self, error: str) -> bool:
        """Give it back to be tried later, or set it aside after its last attempt."""
        return self._db.run(lambda session: jobs.fail(session, self.job.id, self.job.attempt, error, self._clock()))

    def park(self, error: str) -> bool:
        """Set it aside."""
        return self._db.run(lambda session: jobs.park(session, self.job.id, self.job.attempt, error, self._clock()))

    def _renew(self) -> None:
        while not self._over.wait(self._lease.total_seconds() / 3):
            try:
                held = self._db.run(self._renewed)
            except SQLAlchemyError as error:
                self._say(f"a lease could not be renewed: {str(error).partition(chr(10))[0]}")
                continue
            if not held:
                return

    def _renewed(self, session: Session) -> bool:
        return jobs.renew(session, self.job.id, self.job.attempt, self._clock() + self._lease)
