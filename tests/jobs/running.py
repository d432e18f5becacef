"""``registry worker`` as a process of its own: as it is, and one that judges only when it may."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.jobs.making import ROOT
from tests.servers import PATIENCE
from tests.signals import heard

REGISTRY = (sys.executable, "-c", "from registry.cli.main import main; main()")


class Blocked:
    """A worker process that judges only when it may."""

    def __init__(self, url: str, folder: Path, *options: str):
        self.fifo = folder / "may-judge"
        os.mkfifo(self.fifo)
        self.reads, writes = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.blocked", str(writes), str(self.fifo), *options],
            cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, pass_fds=[writes], preexec_fn=heard,
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        os.close(writes)

    def judging(self) -> None:
        """Wait until it judges."""
        ready, _, _ = select.select([self.reads], [], [], PATIENCE)
        assert ready
        assert os.read(self.reads, 100) == b"judging", self.process.communicate()[1]

    def let_go(self) -> None:
        """Let it judge."""
        with self.fifo.open("wb"):
            pass

    def wait_for(self, what: str) -> None:
        """Read what it says up to a line in which it says this. Not to say it, or to end before, fails the test."""
        assert self.process.stderr is not None
        ends = threading.Timer(PATIENCE, self.process.kill)
        ends.start()
        said = []
        for line in iter(self.process.stderr.readline, ""):
            said.append(line)
            if what in line:
                break
        ends.cancel()
        assert said, what
        assert what in said[-1], said


@contextmanager
def let_go_on(fifo: Path) -> Iterator[None]:
    """Let a worker judge that waits for this, as often as it comes to that, be it never again."""
    line = os.open(fifo, os.O_RDWR)  # to write only one would wait for it
    try:
        yield
    finally:
        os.close(line)


@contextmanager
def blocked(url: str, folder: Path, *options: str) -> Iterator[Blocked]:
    worker = Blocked(url, folder, *options)
    try:
        yield worker
    finally:
        worker.process.kill()
        worker.process.wait(PATIENCE)
        for line in (worker.process.stdin, worker.process.stderr):
            assert line is not None
            line.close()
        os.close(worker.reads)


@contextmanager
def usual(url: str, *options: str) -> Iterator[subprocess.Popen[str]]:
    """``registry worker`` as it is."""
    process = subprocess.Popen(
        [*REGISTRY, "worker", *options],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, preexec_fn=heard, stdin=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
