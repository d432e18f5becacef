"""The worker beside ``registry serve``: a child process, begun again whenever it dies."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Final

import click

#: Before a child that died is begun again, seconds: the first time, and the longest.
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 10.0
#: A child that lived so long (s) is begun again without the pauses of those before it.
HEALTHY: Final = 30.0
#: How long one that was told to end may take for it, seconds.
PATIENCE: Final = 10.0

_PROGRAM: Final = (sys.executable, "-c", "from registry.cli.main import main; main()", "worker", "--attached")


class Child:
    """One child process at a time. It is of a session of its own, so that Ctrl-C reaches it through us only; should we
    die without a word, the end of its standard input tells it."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], log: IO[bytes] | None = None):
        self._command = list(command)
        self._log = log
        self._environment = environment
        self._turn = threading.Lock()
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watching = threading.Thread(target=self._watch, name="watch of a child", daemon=True)

    @property
    def pid(self) -> int | None:
        """The process that runs now, if one does."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Begin it and keep it going. Raises ``OSError`` where it cannot be begun."""
        self._begin()
        self._watching.start()

    def stop(self) -> None:
        """End it: told first, and killed where that does not help."""
        with self._turn:
            self._ending.set()
            process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._watching.join(PATIENCE)

    def _begin(self) -> None:
        with self._turn:
            if not self._ending.is_set():
                self._process = subprocess.Popen(
                    self._command,
                    env=self._environment,
                    stdin=subprocess.PIPE,
                    stderr=self._log,
                    start_new_session=True,
                )

    def _watch(self) -> None:
        pause, begun = FIRST_PAUSE, time.monotonic()
        while not self._ending.is_set():
            process = self._process
            assert process is not None
            assert process.stdin is not None
            code = process.wait()
            process.stdin.close()
            if self._ending.is_set():
                return
            pause = FIRST_PAUSE if time.monotonic() - begun > HEALTHY else pause
            click.echo(f"the worker ended with {code}; it is begun again in {pause:g} s", err=True)
            self._ending.wait(pause)
            pause, begun = min(LONGEST_PAUSE, 2 * pause), time.monotonic()
            try:
                self._begin()
            except OSError as error:
                # The machine may have room for it later; it is tried again as if it had died.
                click.echo(f"the worker could not be begun: {error.strerror}", err=True)


@contextmanager
def worker(url: str, log: IO[bytes] | None = None) -> Iterator[Child]:
    """A worker on the register at a URL, for as long as the block lasts, whatever ends it. What it says goes to our
    own stderr, or to ``log``."""
    # Not as an argument: the URL may hold a password, and arguments are seen by all.
    child = Child(_PROGRAM, os.environ | {"DATABASE_URL": url}, log)
    child.start()
    try:
        yield child
    finally:
        child.stop()
