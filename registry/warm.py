"""The compiled kernels, made ready when a process starts: before it says that it is ready, never for who waits.

Compiling takes seconds, so what was compiled is kept on disk, in the folder that ``NUMBA_CACHE_DIR`` names or one that
numba finds itself, and read back by the next process. It is kept by content: of the core's source, of numba and what it
is made of, and of the processor. What was kept by another version or on another processor is passed over, never used.
Whatever is wrong with that folder costs time and is told; nothing depends on it.

Not to be imported where no kernel is needed: importing numba takes longer than most commands do.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Final

from numba.core import caching, config
from numba.core.dispatcher import Dispatcher
from numba.core.registry import cpu_target

from registry.core import index

fcntl: Any = None
with suppress(ImportError):  # not everywhere
    import fcntl

# Of numba little has types.
_CACHING: Any = caching
_CONFIG: Any = config

SETTING: Final = "NUMBA_CACHE_DIR"
#: A process waits so long (s) for another that compiles the same for the same folder; then it compiles itself.
PATIENCE: Final = 120.0
_LOOKING: Final = 0.05
#: How many bytes a hash has.
_SEAL: Final = 32
_SOURCE: Final = Path(index.__file__).parent

_REMEDY: Final = f"Set {SETTING} to a folder that only the user of this service may write to"

#: Told what goes on, a line at a time.
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Warmed:
    """``compiled``: how many kernels had to be compiled, of all that are now ready; ``seconds`` it took in all.
    ``folder`` is where they are kept, if they are; ``problems`` are what was wrong with that, as told."""

    compiled: int
    seconds: float
    folder: Path | None
    problems: tuple[str, ...] = ()


_warmed: Warmed | None = None


def warm(say: Say = lambda _line: None, warn: Say | None = None) -> Warmed:
    """Make every kernel ready in this process; ``say`` so where that takes long, and ``warn`` where something is wrong.

    Asked again, or in a process forked from one in which it was done, it has nothing to do. Raises nothing that has to
    do with what is kept.
    """
    global _warmed
    if _warmed is None:
        _warmed = _warm(say)
        for problem in _warmed.problems:
            (warn or say)(problem)
    return _warmed


def dispatchers() -> list[Any]:
    """Every function of the core that is compiled, once each, in the order in which they stand in their modules."""
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith("registry.core.")]
    found = {id(item): item for module in modules for item in vars(module).values() if isinstance(item, Dispatcher)}
    return list(found.values())


class _Notes:
    """What went wrong with what is kept; each kind once."""

    def __init__(self) -> None:
        self.loading: str | None = None
        self.saving: str | None = None


class _Sealed(_CACHING.IndexDataCacheFile):  # type: ignore[misc]
    """Files that each begin with the hash of what follows: code that is not what was written, as after a power cut,
    would be run as it is, and end the process or worse."""

    def _save_data(self, name: str, data: Any) -> None:
        content = self._dump(data)
        with self._open_for_write(self._data_path(name)) as file:
            file.write(hashlib.sha256(content).digest() + content)

    def _load_data(self, name: str) -> Any:
        found = Path(self._data_path(name)).read_bytes()
        seal, content = found[:_SEAL], found[_SEAL:]
        if hashlib.sha256(content).digest() != seal:
            raise ValueError(f"{name} is not what was kept")
        return pickle.loads(content)  # noqa: S301 - in a folder that only its owner may write to (``_unsafe``)


class _Kept(_CACHING.FunctionCache):  # type: ignore[misc]
    """What is kept of one function. It goes by the content of all that is compiled into it, where numba would look at
    the function's own file only; and nothing that is wrong with a file keeps the function from being compiled."""

    def __init__(self, function: Any, digest: str, notes: _Notes):
        super().__init__(function)
        name = f"{self._impl.filename_base}-{digest[:16]}"
        self._cache_file = _Sealed(cache_path=self.cache_path, filename_base=name, source_stamp=digest)
        self._notes = notes

    @property
    def is_there(self) -> bool:
        return os.path.exists(self._cache_file._index_path)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except Exception as error:
            # A file that was cut short or spoilt fails in as many ways as there are: it is made anew.
            self._notes.loading = self._notes.loading or _told(error)
            with suppress(Exception):
                self.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except Exception as error:
            self._notes.saving = self._notes.saving or _told(error)


def _warm(say: Say) -> Warmed:
    begun = time.monotonic()
    notes, every = _Notes(), dispatchers()
    folder, wrong = _keep(every, notes)
    if not any(isinstance(one._cache, _Kept) and one._cache.is_there for one in every):
        say("compiling the kernels, which takes some seconds")
    with _alone(folder):
        index.compile_all()
    compiled = sum(sum(one.stats.cache_misses.values()) if folder else len(one.signatures) for one in every)
    seconds = time.monotonic() - begun
    if folder is not None and notes.saving is not None:
        wrong = f"nothing can be kept in {folder}: {notes.saving}"
    problems = []
    if notes.loading is not None:
        problems.append(f"what was kept in {folder} cannot be read and was made anew: {notes.loading}")
    if wrong is not None:
        problems.append(f"{wrong}. The kernels are compiled anew at each start ({seconds:.0f} s). {_REMEDY}.")
        folder = None
    if compiled:
        kept = "" if folder is None else f"; kept in {folder}"
        say(f"kernels compiled in {seconds:.0f} s{kept}")
    return Warmed(compiled, seconds, folder, tuple(problems))


def _keep(every: list[Any], notes: _Notes) -> tuple[Path | None, str | None]:
    """Have what is compiled kept and looked for; the folder where, or what is wrong."""
    asked = _CONFIG.CACHE_DIR
    try:
        kept = {id(one): _Kept(one.py_func, _digest(), notes) for one in every}
    except (RuntimeError, OSError) as error:
        return None, f"there is no folder to keep kernels in: {asked or _told(error)}"
    folders = {Path(one.cache_path) for one in kept.values()}
    for folder in folders:
        if asked and not folder.is_relative_to(asked):
            return None, f"{SETTING} is {asked}, where nothing can be written"
        if (unsafe := _unsafe(folder)) is not None:
            return None, unsafe
    for one in every:
        one._cache = kept[id(one)]
    return min(folders, default=None), None


def _digest() -> str:
    """What is compiled is the same only where all this is: any module of the core may be compiled into another's."""
    found = hashlib.sha256()
    for path in sorted(_SOURCE.glob("*.py")):
        content = path.read_bytes()
        found.update(f"{path.name} {len(content)}\n".encode() + content)
    for name in ("numba", "llvmlite", "numpy"):
        found.update(f"{name} {version(name)}\n".encode())
    found.update(repr(cpu_target.target_context.codegen().magic_tuple()).encode())
    return found.hexdigest()


def _unsafe(folder: Path) -> str | None:
    """Who can write where code is kept can have us run his own: it may be no other, but for root and our group.

    Beside the source that is no question: who can write there can write that.
    """
    if os.name != "posix" or folder.is_relative_to(_SOURCE):
        return None
    for path in (folder, *folder.absolute().parents):
        found = path.stat()
        if found.st_uid not in (0, os.getuid()):
            return f"kernels are not kept in {folder}, as {path} is another user's"
        # Where others may add but not replace, as in /tmp, the folder inside is safe.
        if found.st_mode & stat.S_IWOTH and (path == folder or not found.st_mode & stat.S_ISVTX):
            return f"kernels are not kept in {folder}, as anybody may write to {path}"
    return None


@contextmanager
def _alone(folder: Path | None) -> Iterator[None]:
    """Of processes that begin at once with one folder, the first compiles and the others read what it kept."""
    lock = None
    if folder is not None and fcntl is not None:
        with suppress(OSError):
            lock = (folder / "registry.lock").open("wb")
    try:
        until = time.monotonic() + PATIENCE
        while lock is not None and not _taken(lock) and time.monotonic() < until:
            time.sleep(_LOOKING)
        yield
    finally:
        if lock is not None:
            lock.close()


def _taken(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a folder where nothing can be locked: then each for itself
    return True


def _told(error: Exception) -> str:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error).partition("\n")[0]
    return f"{type(error).__name__}: {reason}" if reason else type(error).__name__
