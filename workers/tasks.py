"""What a Celery worker does with a message: the job it names, if that is still to be done.

Beside its tasks each process that does them looks for jobs itself, as a message may be lost, and for leases that ran
out. That goes on where the broker does not answer.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from celery import bootsteps, signals
from sqlalchemy.exc import SQLAlchemyError

from registry.config import Config
from registry.db import Database
from registry.handlers import HANDLERS, begin
from registry.jobs import Pace, Worker
from registry.warm import warm
from workers.app import app

_LOG: Final = logging.getLogger(__name__)
#: A job for which no message came in this time is looked for.
LOOKING: Final = Pace(poll=timedelta(seconds=1), patience=timedelta(seconds=2))

#: The register and who looks for jobs, of this process: what was opened before a fork is the parent's.
_databases: Final[dict[int, Database]] = {}
_looking: Final[dict[int, Worker]] = {}


@app.task(name="register.check")  # type: ignore[untyped-decorator]
def check(job_id: str) -> None:
    """Do a job of kind check. One that is done, or that another worker has, is left alone."""
    _worker("task").run_job(str(job_id))


def look() -> None:
    """Begin to look for jobs beside the tasks, in a thread of this process; one that looks already goes on."""
    if os.getpid() in _looking:
        return
    found = _looking[os.getpid()] = _worker("look", LOOKING)
    threading.Thread(target=_keep_looking, args=(found,), name="look for jobs", daemon=True).start()


def stop_looking() -> None:
    """Look no more, and give back what was found and is not done."""
    found = _looking.pop(os.getpid(), None)
    if found is not None:
        try:
            found.give_back()
        except SQLAlchemyError:
            _LOG.warning("a job could not be given back; its lease will run out", exc_info=True)


class Looking(bootsteps.StartStopStep):  # type: ignore[misc]
    """Looks for jobs from a worker whose pool has no processes of its own, as soon as it could do tasks."""

    requires: Final = ("celery.worker.components:Pool",)

    def include_if(self, worker: Any) -> bool:
        return "prefork" not in worker.pool_cls.__module__

    def start(self, _worker: Any) -> None:
        look()

    def stop(self, _worker: Any) -> None:
        stop_looking()


app.steps["worker"].add(Looking)


@signals.celeryd_after_setup.connect  # type: ignore[untyped-decorator]
def _began(**_sent: object) -> None:
    # Before there are children: they have it by the fork, and are given only seconds to begin.
    warm(_LOG.info, _LOG.warning)


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def _child_began(**_sent: object) -> None:
    warm(_LOG.info, _LOG.warning)  # where a child is no fork
    look()


@signals.worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def _child_ends(**_sent: object) -> None:
    stop_looking()


def _keep_looking(found: Worker) -> None:
    while not found.stopping.is_set():
        try:
            begin(found.db, _now())
            found.work()
        except Exception:
            # A process that does tasks and no longer looks would go unnoticed.
            _LOG.exception("looking for jobs goes on after an error")
            found.stopping.wait(LOOKING.sweep.total_seconds())


def _worker(role: str, pace: Pace | None = None) -> Worker:
    pid = os.getpid()
    if pid not in _databases:
        _databases[pid] = Database(Config.from_environment().database_url)
    return Worker(_databases[pid], HANDLERS, f"{socket.gethostname()}-{pid}-{role}", _now, pace, _LOG.info)


def _now() -> datetime:
    return datetime.now(UTC)
