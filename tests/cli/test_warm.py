"""Kernels are ready before a process says that it is; what is kept of them is used, renewed or done without."""

from __future__ import annotations

import json
import os
import resource
import select
import shutil
import subprocess
import sys
from collections.abc import Callable
from fcntl import LOCK_EX, LOCK_UN, flock
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from registry import warm
from registry.core import index, sweep
from registry.core.packed import packed, stored, unstored
from tests.conftest import ROOT
from tests.core.building import asset
from tests.servers import PATIENCE, Redis
from tests.services.making import pipe
from tests.signals import heard
from tests.workers.running import celery_worker

_REGISTRY = (sys.executable, "-c", "from registry.cli.main import main; main()")
#: The one that is called from outside; those inside it are read with it.
KERNEL = "sweep.sweep"
#: Warms, and tells what came of it; a second time too, and where what was found among rows is told.
_WARM = """
import json
from registry.core import index
from registry.warm import dispatchers, warm
said, warned = [], []
found = warm(said.append, warned.append)
before = [len(one.signatures) for one in dispatchers()]
index.compile_all()
assert warm(said.append) is found
assert before == [len(one.signatures) for one in dispatchers()]
folder = None if found.folder is None else str(found.folder)
print(json.dumps({"compiled": found.compiled, "folder": folder, "said": said, "warned": warned}))
"""


def start(folder: Path | str, limit: int | None = None) -> subprocess.Popen[str]:
    """A process that warms with this folder, where no file may grow beyond ``limit`` bytes."""

    def limited() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    environment = os.environ | {"NUMBA_CACHE_DIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-c", _WARM], cwd=ROOT, env=environment, preexec_fn=limited,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def told(process: subprocess.Popen[str]) -> Any:
    """What a process that warms told. That it failed, or said anything else, fails the test."""
    out, err = process.communicate(timeout=PATIENCE * 3)
    assert (process.returncode, err) == (0, ""), err
    return json.loads(out)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which kernels are kept: it was not there, and two processes began with it at once."""
    folder = tmp_path_factory.mktemp("kept") / "new" / "folder"
    first, second = (told(process) for process in [start(folder), start(folder)])
    # One compiled, the other waited for it.
    assert min(first["compiled"], second["compiled"]) == 0
    assert max(first["compiled"], second["compiled"]) >= len(warm.dispatchers())
    assert first["warned"] == second["warned"] == []
    assert first["folder"] == second["folder"]
    assert Path(first["folder"]).is_relative_to(folder)
    said = max(first["said"], second["said"], key=len)
    assert said[0] == "compiling the kernels, which takes some seconds"
    assert said[-1].endswith(f"kept in {first['folder']}")
    return folder


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return Path(shutil.copytree(kept, tmp_path / "folder"))


def files(folder: Path, name: str, end: str) -> list[Path]:
    """What is kept of one function of the core."""
    found = sorted(folder.glob(f"**/{name}-*.{end}"))
    assert found
    return found


def test_what_is_kept_is_used_and_nothing_is_said(folder: Path) -> None:
    found = told(start(folder))
    assert (found["compiled"], found["said"], found["warned"]) == (0, [], [])


def _shortened(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _spoilt(path: Path) -> None:
    path.write_bytes(path.read_bytes()[::-1])


def _zeroed(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _holed(path: Path) -> None:
    """As a power cut may leave it: zeros in the midst of it, and all else as it was."""
    content, half = path.read_bytes(), path.stat().st_size // 2
    path.write_bytes(content[:half] + bytes(512) + content[half + 512 :])


@pytest.mark.parametrize("end", ["nbi", "nbc"])
@pytest.mark.parametrize("spoil", [_shortened, _emptied, _spoilt, _zeroed])
def test_a_file_that_is_spoilt_is_made_anew(folder: Path, end: str, spoil: Callable[[Path], None]) -> None:
    for path in files(folder, KERNEL, end):
        spoil(path)
    found = told(start(folder))
    assert 0 < found["compiled"] < len(warm.dispatchers())
    (problem,) = found["warned"]
    assert "cannot be read and was made anew" in problem
    assert str(found["folder"]) in problem
    again = told(start(folder))
    assert (again["compiled"], again["said"], again["warned"]) == (0, [], [])


@pytest.mark.parametrize("end", ["nbi", "nbc"])
def test_a_file_that_is_gone_is_made_anew(folder: Path, end: str) -> None:
    for path in files(folder, KERNEL, end):
        path.unlink()
    found = told(start(folder))
    assert 0 < found["compiled"] < len(warm.dispatchers())
    assert found["warned"] == []
    assert told(start(folder))["compiled"] == 0


def test_code_with_a_hole_in_it_is_not_run(folder: Path) -> None:
    for path in files(folder, KERNEL, "nbc"):
        _holed(path)
    found = told(start(folder))
    assert found["compiled"] > 0
    (problem,) = found["warned"]
    assert "is not what was kept" in problem
    assert told(start(folder))["compiled"] == 0


def test_a_disk_that_is_full_is_told_and_nothing_else_comes_of_it(folder: Path) -> None:
    for path in files(folder, KERNEL, "nbi"):
        path.unlink()
    found = told(start(folder, limit=100))
    assert found["compiled"] > 0
    (problem,) = found["warned"]
    for word in ("nothing can be kept in", "compiled anew at each start", "NUMBA_CACHE_DIR"):
        assert word in problem
    assert told(start(folder))["compiled"] > 0


def test_without_a_folder_that_can_be_written_the_register_is_served(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "file" / "kernels"), "PYTHONPATH": str(ROOT)}
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*_REGISTRY, "serve", "--port", "0", "--no-worker", "--database", f"sqlite:///{tmp_path / 'r.db'}"],
            env=environment, cwd=tmp_path, preexec_fn=heard, stdout=subprocess.PIPE, stderr=out, text=True,
        )  # fmt: skip
    assert process.stdout is not None
    address = process.stdout.readline()
    process.terminate()
    process.communicate(timeout=PATIENCE)
    said = log.read_text()
    assert address.startswith("http://127.0.0.1:"), said
    assert "Traceback" not in said
    assert f"NUMBA_CACHE_DIR is {tmp_path / 'file' / 'kernels'}, where nothing can be written" in said
    assert "compiled anew at each start" in said


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_process_is_not_ready_before_its_kernels_are(kept: Path, tmp_path: Path, command: str) -> None:
    url = f"sqlite:///{tmp_path / 'r.db'}"
    environment = os.environ | {"DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    subprocess.run([*_REGISTRY, "migrate"], env=environment, check=True, capture_output=True)
    (inner,) = kept.iterdir()
    copied = tmp_path / "kernels" / inner.name
    copied.mkdir(parents=True)
    with (copied / "registry.lock").open("wb") as lock:
        # As another process would that compiles.
        flock(lock, LOCK_EX)
        options = ("--port", "0", "--no-worker") if command == "serve" else ()
        process = subprocess.Popen(
            [*_REGISTRY, command, *options], cwd=tmp_path, preexec_fn=heard, stdout=subprocess.PIPE, text=True,
            env=environment | {"NUMBA_CACHE_DIR": str(tmp_path / "kernels")}, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "compiling the kernels, which takes some seconds\n"
            assert not select.select([process.stdout], [], [], 0)[0]
            shutil.copytree(inner, copied, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.lock"))
            flock(lock, LOCK_UN)
            ready = process.stdout.readline()
            assert ("http://127.0.0.1:" in ready) if command == "serve" else ("waiting for jobs" in ready)
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def test_a_celery_worker_warms_once_before_it_is_ready(
    folder: Path, redis: Redis, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in files(folder, KERNEL, "nbi"):
        _emptied(path)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(folder))
    with celery_worker(sqlite_url, redis.url) as worker:
        worker.wait_for(" ready.")
        said = worker.log.read_text()
    assert 0 < said.index("was made anew") < said.index(" ready.")
    assert said.count("kernels compiled in") == said.count("was made anew") == 1


def test_kernels_are_not_kept_where_others_can_write(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert warm._unsafe(inner) is None
    inner.chmod(0o777)
    assert "anybody may write" in str(warm._unsafe(inner))
    inner.chmod(0o755)
    inner.parent.chmod(0o777)
    assert str(inner.parent) in str(warm._unsafe(inner))
    # As /tmp is: there others may add, and not put theirs in place of ours.
    inner.parent.chmod(0o1777)
    assert warm._unsafe(inner) is None
    inner.chmod(0o775)
    assert warm._unsafe(inner) is None


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a folder away")
def test_kernels_are_not_kept_with_another_user(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, -1)
    assert "another user" in str(warm._unsafe(tmp_path))


def test_what_another_version_of_any_module_compiled_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = Path(shutil.copytree(Path(index.__file__).parent, tmp_path / "core"))
    usual = warm._digest()
    monkeypatch.setattr(warm, "_SOURCE", copied)
    assert warm._digest() == usual
    for name in ("compiled.py", "packed.py"):
        with (copied / name).open("a") as changed:
            changed.write("#\n")
        assert warm._digest() != usual
        usual = warm._digest()
    monkeypatch.setattr(warm, "version", lambda name: "0")
    assert warm._digest() != usual


def test_what_is_called_is_among_what_is_made_ready() -> None:
    kernel: Any = sweep.sweep
    warm.warm()
    assert any(one is kernel for one in warm.dispatchers())
    assert kernel.signatures


def test_no_search_compiles_anything_afterwards() -> None:
    warm.warm()
    before = [len(one.signatures) for one in warm.dispatchers()]
    rows = packed(asset("a", pipe(0, -1000), "water"))
    built = index.Builder()
    built.add([("asset", "a"), ("asset", "b")], unstored(stored(rows) * 2), [0, 1], [0, 1])
    built.add([("asset", "c")], rows, np.zeros(len(rows), np.int64))
    snapshot = built.finish()
    for asked in (index.Asked.alike(100), index.Asked.alike(100, 200, euclid=True)):
        assert len(index.near_rows(rows, unstored(stored(rows)), [0], asked)) == 1
        assert len(index.near_rows(rows[:0], rows[:0], [], asked)) == 0
    asked = index.Asked(np.full((2, 2), 100, np.int32), np.full((2, 2), index.ANY, np.int32))
    assert len(snapshot.search(index.Subjects.of([rows, rows], [0, 1]), asked, 1)) == 3
    assert before == [len(one.signatures) for one in warm.dispatchers()]
