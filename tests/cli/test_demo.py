"""The demo, as `make demo` plays it: a real server, a real worker, the story through the API, and nothing left."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from registry.demo.words import WORDS, Language
from registry.warm import warm
from tests.cli.running import run
from tests.signals import heard

REGISTRY = [sys.executable, "-c", "import sys; sys.argv[0] = 'registry'; from registry.cli.main import main; main()"]
#: How long the whole may take, and how long is waited for what must come (s).
MOST = 60.0


@dataclass
class Demo:
    """A demo that runs, and what it has printed so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def until(self, wanted: str) -> str:
        """The line that has ``wanted`` in it, as soon as it is printed."""
        deadline = time.monotonic() + MOST
        while time.monotonic() < deadline:
            for line in list(self.lines):
                if wanted in line:
                    return line
            assert self.process.poll() is None, "\n".join(self.lines)
            time.sleep(0.02)
        raise AssertionError(f"not printed: {wanted}\n" + "\n".join(self.lines))

    def children(self) -> list[int]:
        """The processes it has begun."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(number) for number in listed.split()]


@contextmanager
def demo(*words: str) -> Iterator[Demo]:
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*REGISTRY, "demo", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
        preexec_fn=heard,
    ) as process:  # fmt: skip
        running = Demo(process)
        reading = threading.Thread(target=running.read)
        reading.start()
        try:
            yield running
        finally:
            process.terminate()
            process.wait(MOST)
            reading.join(MOST)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"


@pytest.fixture(scope="module", params=["en", "nl"])
def played(request: pytest.FixtureRequest) -> tuple[Language, str]:
    """The language, and what the demo printed in it."""
    warm()  # so that it has nothing to say of that
    begun = time.monotonic()
    done = subprocess.run(
        [*REGISTRY, "demo", "--once", "--lang", request.param],
        capture_output=True,
        text=True,
        timeout=MOST,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr
    assert time.monotonic() - begun < MOST
    return request.param, done.stdout


def test_the_story_says_what_is_missing_where_and_by_which_rule(played: tuple[Language, str]) -> None:
    lang, printed = played
    words = " ".join(printed.split())
    assert {"en": "0.215 m", "nl": "0,215 m"}[lang] in words
    assert {"en": "from 0.00 to 58.90 m", "nl": "van 0,00 tot 58,90 m"}[lang] in words
    assert "reserved-space" in words
    assert "MGSN 1.01-99" in words


def test_the_story_is_told_from_beginning_to_end(played: tuple[Language, str]) -> None:
    lang, printed = played
    acts = re.findall(r"^(\d)\. ", printed, re.MULTILINE)
    assert acts == list("123456789")
    assert re.search(r"^   400 ", printed, re.MULTILINE)
    assert re.search(r"^   412 ", printed, re.MULTILINE)
    told = " ".join(printed.split())
    assert " ".join(WORDS[lang]["once"].split()) in told
    place = re.search(r"registry-demo-\w+", printed)
    assert place is not None
    assert not list(Path("/tmp").glob(place[0]))


def test_in_dutch_the_story_is_told_in_dutch(played: tuple[Language, str]) -> None:
    lang, printed = played
    if lang == "nl":
        for english in ("Replace", "Heat plan", "public space", "Verdict:", "worker"):
            assert english not in printed


def test_both_languages_tell_the_same() -> None:
    assert WORDS["en"].keys() == WORDS["nl"].keys()
    for name, text in WORDS["en"].items():
        assert sorted(re.findall(r"\{\w*\}", text)) == sorted(re.findall(r"\{\w*\}", WORDS["nl"][name])), name


def test_it_serves_until_interrupted_and_leaves_what_is_to_be_kept(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    with demo("--keep", str(folder)) as running:
        running.until("Serving until Ctrl-C.")
        children = running.children()
        assert len(children) == 1
        addresses = [word.rstrip(",.") for line in running.lines for word in line.split() if word.startswith("http://")]
        assert len(addresses) > 8
        for address in dict.fromkeys(addresses):
            assert _status(address) in (200, 405), address  # 405: what is only acted on
        assert _pasted("\n".join(running.lines)) == 200
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(MOST) == 0
        assert all(map(gone, children))
    log = (folder / "worker.log").read_text(encoding="utf-8")
    assert "done, conflict" in log
    assert "Fatal" not in log
    register = ["--database", f"sqlite:///{folder / 'register.db'}"]
    assert "granted" in run("application", "show", "sewer-120", *register).output
    assert run("application", "verdict", "water-main-new", *register).exit_code == 2
    again = run("demo", "--once", "--keep", str(folder))
    assert again.exit_code == 1
    assert "there is a register in this folder" in again.stderr


def test_told_to_end_in_mid_story_it_leaves_nothing() -> None:
    with demo() as running:
        running.until("2. ")
        place = Path(running.until("Made a register in ").partition(" in ")[2].rstrip("."))
        children = running.children()
        running.process.terminate()
        assert running.process.wait(MOST) == 128 + signal.SIGTERM
        assert len(children) == 1
        assert all(map(gone, children))
        assert not place.exists()


def test_the_readme_shows_what_the_demo_prints(root: Path, played: tuple[Language, str]) -> None:
    """But for what is left out, which is marked by an ellipsis."""
    lang, printed = played
    if lang == "en":
        readme = (root / "README.md").read_text(encoding="utf-8")
        (block,) = re.findall(r"^```text\n(CONFLICT.*?)^```", readme, re.M | re.S)
        for piece in re.split(r"…|\n\n", block):
            assert " ".join(piece.split()) in " ".join(printed.split())


def _pasted(printed: str) -> int:
    """What the register answers to the line to paste that changes something."""
    (command,) = re.findall(r"curl -s (\S+/_extend .*?')$", printed.replace("\\\n", " "), re.MULTILINE)
    address, *words = shlex.split(command)
    given = list(zip(words[::2], words[1::2], strict=True))
    headers = dict(value.split(": ", 1) for option, value in given if option == "-H")
    (body,) = [value for option, value in given if option == "-d"]
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.netloc, timeout=MOST)
    try:
        connection.request("POST", place.path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def _status(address: str) -> int:
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.netloc, timeout=MOST)
    try:
        connection.request("GET", f"{place.path}?{place.query}" if place.query else place.path or "/v1/health")
        return connection.getresponse().status
    finally:
        connection.close()
