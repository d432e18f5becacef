"""Writing what a command was asked to write: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

from registry.core.errors import Problem, Refused

_REMEDY = "Give a path in a folder you may write to."


def refuse_output(path: Path, inputs: Iterable[Path], option: str) -> None:
    """Refuse to write to ``path`` where that cannot be, or would overwrite one of ``inputs``: before any work is done.

    ``option`` is the one it was given with.
    """
    try:
        if os.path.realpath(path) in {os.path.realpath(item) for item in inputs}:
            raise _refused(path, "this input would be overwritten", "Give another name.", option)
        if path.is_dir():
            raise _refused(path, "it cannot be written: this is a folder", "Add the name of a file.", option)
        if path.exists() and not path.is_file():
            raise _refused(path, "it cannot be written: this is not a file", "Give the name of a file.", option)
        if not path.parent.is_dir():
            raise _refused(path, f"it cannot be written: there is no folder {path.parent}", "Make it first.", option)
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def write_whole(path: Path, content: str | bytes) -> None:
    """Write beside ``path`` and put it in its place when it is whole: half a file never bears the name.

    Raises ``Refused`` when it cannot be written; nothing is left then.
    """
    draft: Path | None = None
    try:
        # A name of its own, made anew: nothing that stands there is written through, nor shared with another writer.
        with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name[:100]}.", delete=False) as file:
            draft = Path(file.name)
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o644)
        draft.replace(path)
        draft = None
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def _refused(path: Path, detail: str, remedy: str, option: str) -> Refused:
    return Refused(Problem("not_allowed", detail, remedy, option, file=str(path)))


def _unwritable(path: Path, error: OSError | ValueError) -> Refused:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Refused(Problem("unreadable", f"the file cannot be written: {reason}", _REMEDY, file=str(path)))
