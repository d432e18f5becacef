"""However a conversion is ended, the process that reads the file ends too, and its copy is removed."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from registry.formats import foreign_child
from tests.convert.making import LINE, MAPPING, row, write_table
from tests.signals import heard

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it is ended by signals")

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0

#: A reader that says it has begun, and then reads without end. It has the pipe open as long as it lives.
ENDLESS = """
import importlib.util, os, threading
spec = importlib.util.spec_from_file_location("child", {child!r})
child = importlib.util.module_from_spec(spec)
spec.loader.exec_module(child)

def read(order):
    pipe = os.open({pipe!r}, os.O_WRONLY)
    os.write(pipe, b"begun")
    threading.Event().wait()
    yield {{}}

child._read = read
child.main()
"""

#: The command, with that reader.
COMMAND = """
from registry.cli.main import main
from registry.formats import foreign
foreign.foreign_child.__file__ = {endless!r}
foreign._other_drivers = lambda: ()
main()
"""


class Conversion:
    """A conversion of which the reader has begun."""

    def __init__(self, folder: Path):
        self.pipe, self.temporary = folder / "pipe", folder / "temporary"
        self.temporary.mkdir()
        os.mkfifo(self.pipe)
        endless = folder / "endless.py"
        endless.write_text(ENDLESS.format(child=str(foreign_child.__file__), pipe=str(self.pipe)), encoding="utf-8")
        (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
        source = write_table(folder / "pipes.gpkg", [row()], [LINE])
        self.output = folder / "out.json"
        arguments = ["convert", str(source), "--mapping", str(folder / "mapping.yaml"), "-o", str(self.output)]
        self._open = os.open(self.pipe, os.O_RDONLY | os.O_NONBLOCK)
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND.format(endless=str(endless)), *arguments],
            env=os.environ | {"TMPDIR": str(self.temporary), "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=heard,
        )
        assert self.from_reader() == b"begun"
        assert self.copies()

    def from_reader(self) -> bytes:
        """The next the reader says; nothing where it has ended."""
        ready, _, _ = select.select([self._open], [], [], PATIENCE)
        assert ready, "the reader neither said anything nor ended"
        return os.read(self._open, 100)

    def copies(self) -> list[str]:
        return [path.name for path in self.temporary.iterdir() if path.name.startswith("registry-convert-")]

    def ended(self) -> tuple[int, str]:
        """Its exit code and what it told, when it has ended."""
        _, told = self.process.communicate(timeout=PATIENCE)
        os.close(self._open)
        return self.process.returncode, told


@pytest.mark.parametrize(
    ("number", "code", "told"),
    [("SIGTERM", 143, ""), ("SIGHUP", 129, ""), ("SIGINT", 1, "\ncancelled\n"), ("SIGKILL", -9, "")],
)
def test_the_reader_ends_with_the_command(number: str, code: int, told: str, tmp_path: Path) -> None:
    conversion = Conversion(tmp_path)
    conversion.process.send_signal(getattr(signal, number))
    assert conversion.from_reader() == b""
    assert conversion.ended() == (code, told)
    assert conversion.copies() == []
    assert not conversion.output.exists()


def test_the_reader_ends_by_the_clock_also_while_nobody_waits_for_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    endless = ENDLESS.format(child=str(foreign_child.__file__), pipe=str(pipe))
    open_ = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    command = [sys.executable, "-c", endless]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        given: IO[str] | None = child.stdin
        assert given is not None
        given.write(json.dumps({"seconds": 1, "memory": 4_000_000_000}) + "\n")
        given.flush()
        assert child.wait(PATIENCE) == -signal.SIGALRM
    os.close(open_)
