"""``registry worker``: does what was asked for in the background, such as checking applications."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import click
from sqlalchemy.exc import SQLAlchemyError

from registry import jobs
from registry.cli.check import complain
from registry.config import Config
from registry.core.errors import Problem, Refused, visible
from registry.db import Database
from registry.handlers import HANDLERS, begin
from registry.services.health import health
from registry.tables import JOB_STATES


@click.command(short_help="Check what was filed, in the background.")
@click.option("--once", is_flag=True, help="Work until nothing is due, and end.")
@click.option("--status", is_flag=True, help="Only tell how the jobs stand, and which were set aside and why.")
@click.option("--database", metavar="URL", help="The register; DATABASE_URL by default, else sqlite:///register.db.")
@click.option("--attached", is_flag=True, hidden=True, help="End when standard input does: whoever began it is gone.")
def worker(once: bool, status: bool, database: str | None, attached: bool) -> None:
    """Do the jobs of the register, one after another: check each application that was filed or that something near it
    changed for. Any number of workers may run beside each other, on any machine.

    Says on stderr what it does. Told to end (Ctrl-C, SIGTERM) it gives back what it is working on, for another to do.

    \b
    Ends with
      0  told to end; with --once, all that was due is done
      1  wrong usage, no register to work on; with --once, something failed or was set aside
    """
    if once and status:
        raise click.UsageError("--once and --status do not go together.")
    try:
        db = _register(database)
    except Refused as refusal:
        complain(refusal)
        sys.exit(1)
    try:
        if status:
            click.echo(told(jobs.standing(db)))
            return
        made = jobs.Worker(db, HANDLERS, name(), _now, say=_say)
        if attached:
            threading.Thread(target=_until_closed, args=(sys.stdin.fileno(), made), daemon=True).start()
        _warm()
        with suppress(SQLAlchemyError):  # a register that does not answer is waited for
            begin(db, _now())
        with _signalled(made.interrupt):
            if once:
                made.work_off()
            else:
                _say(f"worker {made.name}: waiting for jobs")
                made.work()
        if once and (made.ended.get("failed") or made.ended.get("parked")):
            _say("not everything could be done; see `registry worker --status`")
            sys.exit(1)
    except SQLAlchemyError as error:
        _say(f"the register does not answer: {str(error).partition(chr(10))[0]}")
        sys.exit(1)
    finally:
        db.close()


def name() -> str:
    """What this process is called among workers: its machine and its number there."""
    return f"{socket.gethostname()}-{os.getpid()}"


def told(standing: jobs.Standing) -> str:
    """How the jobs stand: a line of counts, and one for each that was set aside."""
    lines = [", ".join(f"{state} {standing.counts.get(state, 0)}" for state in JOB_STATES)]
    for job in standing.parked:
        what = f"{job.id}  {job.kind} {visible(job.subject)}, attempt {job.attempt} of {job.max_attempts}"
        lines.append(f"{what}: {visible(job.error or 'no reason was kept')}")
    if len(standing.parked) < standing.counts.get("parked", 0):
        lines.append(f"and more: only the first {len(standing.parked)} that were set aside are listed")
    return "\n".join(lines)


def _register(database: str | None) -> Database:
    url = database or Config.from_environment().database_url
    try:
        db = Database(url)
    except (SQLAlchemyError, ValueError) as error:
        remedy = "Write sqlite:///file.db or postgresql://user@host/name."
        raise Refused(Problem("unreadable", f"no register: {error}", remedy, "DATABASE_URL")) from None
    # SQLite would make an empty file of that name.
    there = db.path is None or db.path.is_file()
    found = health(db, _now()) if there else None
    if found is None or not found.database or not found.migrated:
        db.close()
        detail = "the register does not answer"
        if found is None or found.database:
            detail = "there is no register, or its schema is not that of this version"
        raise Refused(Problem("unreadable", detail, "Run `registry migrate` first.", "DATABASE_URL"))
    return db


@contextmanager
def _signalled(ending: Callable[..., None]) -> Iterator[None]:
    """Signals to end are given to ``ending``; those ignored stay so."""
    before = {}
    for number in (getattr(signal, name, None) for name in ("SIGTERM", "SIGINT", "SIGHUP")):
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            before[number] = signal.signal(number, ending)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _until_closed(stdin: int, made: jobs.Worker) -> None:
    # Not through a buffer of Python: its lock, held by a thread that waits here, would crash the end of the process.
    while os.read(stdin, 1024):
        pass
    made.stop()
    # The thread that works may be judging for minutes yet, for nobody.
    os.kill(os.getpid(), signal.SIGTERM)


def _warm() -> None:
    # It takes long to import, and is not needed to tell how the jobs stand.
    from registry.warm import warm

    warm(_say)


def _now() -> datetime:
    return datetime.now(UTC)


def _say(line: str) -> None:
    click.echo(line, err=True)
