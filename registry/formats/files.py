"""Reading a file that someone named: a file and nothing else, never more of it than is allowed."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from registry.core.errors import Problem, Refused

_REMEDY: Final = "Check the path and the rights."
#: What else a path may lead to, and what to do then. Reading it may wait, or not end.
_OTHERS: Final = (
    (stat.S_ISDIR, "this is a folder", "Give the file itself."),
    (stat.S_ISFIFO, "this is a pipe", "Save what comes out of it in a file, and give that."),
    (stat.S_ISSOCK, "this is a socket", "Save what comes out of it in a file, and give that."),
    (stat.S_ISCHR, "this is a device", "Give the path of a file."),
    (stat.S_ISBLK, "this is a device", "Give the path of a file."),
)


def read_limited(path: Path, limit: int, file: str = "") -> bytes:
    """The content of a file; of one that is larger than ``limit`` bytes only one byte more than those.

    ``file`` is what problems call it. Raises ``Refused`` at once for what is no file: a pipe, device, socket or folder.
    """
    file = file or str(path)
    try:
        require_file(path, file)
        # What it leads to may have changed since: opening does not wait, and what was opened is looked at again.
        with open(path, "rb", opener=_open_at_once) as stream:
            _require_regular(os.fstat(stream.fileno()).st_mode, file)
            return stream.read(limit + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(error, file) from None


def require_file(path: Path, file: str = "") -> None:
    """Refuse what is not there, or is no file. ``file`` is what problems call it."""
    file = file or str(path)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        if path.is_symlink() and isinstance(error, FileNotFoundError):
            problem = Problem("unreadable", "this link leads to nothing", "Give the path of a file.", file=file)
            raise Refused(problem) from None
        raise _unreadable(error, file) from None
    _require_regular(mode, file)


def _open_at_once(name: str, flags: int) -> int:
    """Without waiting for someone to write into a pipe, where the system has such."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def _require_regular(mode: int, file: str) -> None:
    for holds, detail, remedy in _OTHERS:
        if holds(mode):
            raise Refused(Problem("unreadable", f"{detail}, not a file", remedy, file=file))


def _unreadable(error: OSError | ValueError, file: str) -> Refused:
    """``ValueError``: a name no file can have."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Refused(Problem("unreadable", f"the file cannot be read: {reason}", _REMEDY, file=file))
