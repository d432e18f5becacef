"""Signals of the processes that tests start."""

from __future__ import annotations

import signal
from pathlib import Path


def heard() -> None:
    """Let a child hear what it is told, as on a terminal. Who runs tests in the background may have it ignored, which
    is inherited. To be called in the child (``preexec_fn``)."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)


def gone(pid: int) -> bool:
    """Whether a process has ended, be it that nobody asked for what became of it."""
    try:
        state = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"
