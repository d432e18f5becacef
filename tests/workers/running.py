"""A Celery worker as a process, and a broker that never answers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.jobs.making import ROOT
from tests.servers import PATIENCE, wait_until
from tests.signals import heard


class CeleryWorker:
    """``celery -A workers.app worker``, with a log of what it says. ``blocked``: one that waits in mid-check; see
    ``blocked_app``."""

    def __init__(self, url: str, broker: str, log: Path, *options: str, blocked: Path | None = None):
        self.log = log
        module, told = "workers.app", {"DATABASE_URL": url, "BROKER_URL": broker}
        if blocked is not None:
            module, told = "tests.workers.blocked_app", told | {"BLOCKED": str(blocked)}
            os.mkfifo(blocked / "may-judge")
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", module, "worker", "--concurrency=1", "--loglevel=INFO",
                 "--without-gossip", "--without-mingle", *options],
                cwd=ROOT, env=os.environ | told, preexec_fn=heard,
                stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip

    def said(self, what: str) -> int:
        """How often it has said so. A process that has ended fails the test."""
        text = self.log.read_text(errors="replace")
        assert self.process.poll() is None, text[-3000:]
        return text.count(what)

    def wait_for(self, what: str, times: int = 1) -> None:
        """Wait until it has said so, so often."""
        wait_until(lambda: self.said(what) >= times, f"the worker says {what!r} {times} times")

    def kill(self) -> None:
        """End it at once, and the processes of its pool with it."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)


@contextmanager
def celery_worker(url: str, broker: str, *options: str, blocked: Path | None = None) -> Iterator[CeleryWorker]:
    """A worker of one's own, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        worker = CeleryWorker(url, broker, Path(folder) / "log", *options, blocked=blocked)
        try:
            yield worker
        finally:
            worker.kill()


@contextmanager
def silent() -> Iterator[socket.socket]:
    """A socket of this machine that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(PATIENCE)
        yield listening


def port_of(listening: socket.socket) -> int:
    port: int = listening.getsockname()[1]
    return port
