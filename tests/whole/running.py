"""Web processes on a register: the register's application on a server, and ``registry serve``."""

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
from tests.jobs.running import REGISTRY, usual
from tests.servers import PATIENCE
from tests.signals import heard
from tests.workers.running import celery_worker

#: What a municipality's web server runs: its processes tell Celery workers of jobs.
PRODUCTION = "workers.wsgi:application"
#: Where no broker is: not the one that this machine may have.
NOWHERE = "redis://127.0.0.1:1/0"


class Web:
    """A web process that answers; ``address`` is where, ``log`` what it says beside."""

    def __init__(self, process: subprocess.Popen[str], log: Path):
        self.process = process
        self.log = log
        self.address = ""

    def first_line(self) -> str:
        """What it prints when it is ready. That it ends before that fails the test."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert line, self.log.read_text(errors="replace")[-3000:]
        return line

    def kill(self) -> None:
        """End it at once, and what it began."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=PATIENCE)


@contextmanager
def web(url: str, application: str = PRODUCTION, **environment: str) -> Iterator[Web]:
    """A web process on the register at a URL, gone afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        number = listening.fileno()
        command = [sys.executable, "-m", "tests.whole.serving", application, str(number)]
        with _process(command, {"DATABASE_URL": url, "BROKER_URL": NOWHERE} | environment, [number]) as found:
            assert found.first_line() == "serving"
            found.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            yield found


@contextmanager
def register_served(url: str, *options: str) -> Iterator[Web]:
    """``registry serve`` as it is, with the worker it brings."""
    command = [*REGISTRY, "serve", "--port", "0", *options]
    with _process(command, {"DATABASE_URL": url}) as found:
        found.address = found.first_line().removesuffix("/v1")
        yield found
        found.process.send_signal(signal.SIGINT)
        found.process.wait(PATIENCE)


@contextmanager
def some_worker(kind: str, url: str, broker: str) -> Iterator[None]:
    """A worker of that kind, gone afterwards."""
    if kind == "celery":
        with celery_worker(url, broker):
            yield
    else:
        with usual(url):
            yield


@contextmanager
def _process(command: list[str], environment: dict[str, str], inherited: list[int] | None = None) -> Iterator[Web]:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("ab") as out:
            process = subprocess.Popen(
                command, cwd=ROOT, env=os.environ | environment, pass_fds=inherited or [], preexec_fn=heard,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=out, text=True, start_new_session=True,
            )  # fmt: skip
        found = Web(process, log)
        try:
            yield found
        finally:
            found.kill()
