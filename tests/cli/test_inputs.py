"""Whatever is given as a file: what is none is refused at once, by its name and with a remedy."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry.cli.main import main
from registry.core import case

ROOT = Path(__file__).resolve().parents[2]
FLAGSHIP = ROOT / "examples" / "flagship"
APPLICATION, STREET = FLAGSHIP / "sewer-1.20.geojson", FLAGSHIP / "street.geojson"
RULESET = ROOT / "examples" / "rulesets" / "cautious.yaml"
MAPPING = ROOT / "examples" / "mappings" / "dutch-municipal-sewer.yaml"

posix = pytest.mark.skipif(os.name != "posix", reason="pipes, devices and sockets have names on POSIX systems only")


def process(*words: str | Path, first: str = "", given: bytes | None = None) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, after ``first``."""
    code = f"import sys; sys.dont_write_bytecode = True\n{first}\nfrom registry.cli.main import main; main()"
    text = None if given is None else given.decode()
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, input=text, check=False, timeout=60)


def registry(*words: str | Path) -> Result:
    """The command in this process; where it waits for its input it is interrupted, and fails the test."""

    def interrupt(_signal: int, _frame: object) -> None:
        raise TimeoutError("it waits")

    handler = signal.signal(signal.SIGALRM, interrupt)
    signal.alarm(30)
    try:
        return CliRunner().invoke(main, [str(word) for word in words])
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, handler)


def a_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "given.geojson")
    return folder / "given.geojson"


def a_link_to_a_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    (folder / "given.geojson").symlink_to("pipe")
    return folder / "given.geojson"


def a_device(_folder: Path) -> Path:
    return Path("/dev/zero")


def a_folder(folder: Path) -> Path:
    (folder / "given.geojson").mkdir()
    return folder / "given.geojson"


def a_socket(folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as bound:
        before = Path.cwd()
        os.chdir(folder)  # the name of a socket may not be long
        try:
            bound.bind("given.geojson")
        finally:
            os.chdir(before)
    return folder / "given.geojson"


def a_broken_link(folder: Path) -> Path:
    (folder / "given.geojson").symlink_to(folder / "nowhere")
    return folder / "given.geojson"


def a_link_to_itself(folder: Path) -> Path:
    (folder / "given.geojson").symlink_to(folder / "given.geojson")
    return folder / "given.geojson"


def nothing(folder: Path) -> Path:
    return folder / "given.geojson"


def a_locked_file(folder: Path) -> Path:
    (folder / "given.geojson").write_text("{}", encoding="utf-8")
    (folder / "given.geojson").chmod(0)
    if os.access(folder / "given.geojson", os.R_OK):
        pytest.skip("this user may read everything")
    return folder / "given.geojson"


MADE: dict[Callable[[Path], Path], str] = {
    a_pipe: "a pipe",
    a_link_to_a_pipe: "a pipe",
    a_device: "a device",
    a_folder: "a folder",
    a_socket: "a socket",
    a_broken_link: "leads to nothing",
    a_link_to_itself: "cannot be read",
    nothing: "cannot be read",
    a_locked_file: "cannot be read",
}
COMMANDS: dict[str, Callable[[Path, Path], list[str | Path]]] = {
    "application": lambda given, _: ["check", given, "--ruleset", RULESET],
    "against": lambda given, _: ["check", APPLICATION, "--against", given, "--ruleset", RULESET],
    "ruleset": lambda given, _: ["check", APPLICATION, "--against", STREET, "--ruleset", given],
    "bundle": lambda given, _: ["verify", given],
    "mapping": lambda given, folder: ["convert", STREET, "--mapping", given, "-o", folder / "out.geojson"],
    "file": lambda given, folder: ["convert", given, "--mapping", MAPPING, "-o", folder / "out.geojson"],
}


@posix
@pytest.mark.parametrize("role", COMMANDS)
@pytest.mark.parametrize("made", MADE, ids=lambda made: made.__name__)
def test_what_is_no_file_is_refused_at_once(role: str, made: Callable[[Path], Path], tmp_path: Path) -> None:
    given = made(tmp_path)
    done = registry(*COMMANDS[role](given, tmp_path))
    assert done.exit_code == 1, done.output
    assert not done.stdout
    # convert reads whole folders: one without a Shapefile or GeoJSON file is told so
    expected = "the folder holds no" if (role, made) == ("file", a_folder) else MADE[made]
    (line,) = done.stderr.splitlines()
    assert given.name in line
    assert expected in line
    assert line.count(". ") == 1
    assert line.endswith(".")  # a remedy
    assert not (tmp_path / "out.geojson").exists()


@posix
def test_standard_input_is_read_where_it_is_a_file_and_refused_where_it_is_a_pipe() -> None:
    words = ["check", "/dev/stdin", "--against", str(STREET), "--ruleset", str(RULESET)]
    command = [sys.executable, "-c", "from registry.cli.main import main; main()", *words]
    with APPLICATION.open("rb") as file:
        assert subprocess.run(command, stdin=file, capture_output=True, check=False, timeout=60).returncode == 2
    done = process(*words, given=b"{}")
    assert done.returncode == 1
    assert "/dev/stdin: this is a pipe, not a file. Save what comes out of it in a file" in done.stderr


@posix
def test_one_part_of_a_shapefile_may_not_be_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "pipes.shp").write_bytes(b"\x00\x00\x27\x0a" + bytes(96))
    os.mkfifo(tmp_path / "pipes.shx")
    (tmp_path / "pipes.dbf").write_bytes(bytes(40))
    done = registry(*COMMANDS["file"](tmp_path / "pipes.shp", tmp_path))
    assert done.exit_code == 1
    assert "this is a pipe" in done.stderr


def outputs(folder: Path) -> dict[str, tuple[Path, str]]:
    return {
        "a folder": (folder, "this is a folder"),
        "in no folder": (folder / "no" / "such" / "out.json", "there is no folder"),
        "in a file": (APPLICATION / "out.json", "there is no folder"),
        "a device": (Path("/dev/null"), "this is not a file"),
        "the device behind a link": (folder / "link", "this is not a file"),
    }


@posix
@pytest.mark.parametrize("what", list(outputs(Path())))
@pytest.mark.parametrize("option", ["--bundle", "-o", "--report"])
def test_what_cannot_be_written_to_is_refused_before_anything_is_done(what: str, option: str, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/dev/null")
    path, why = outputs(tmp_path)[what]
    words: list[str | Path] = ["convert", tmp_path / "none.gpkg", "--mapping", tmp_path / "none.yaml"]
    if option == "--bundle":
        words = ["check", tmp_path / "none.geojson", "--ruleset", RULESET]
    if option == "--report":
        words += ["-o", tmp_path / "out.json"]
    done = registry(*words, option, path)
    assert done.exit_code == 1
    (line,) = done.stderr.splitlines()
    assert why in line
    assert str(path) in line
    assert [item.name for item in tmp_path.iterdir()] == ["link"]
    assert Path("/dev/null").is_char_device()


#: What ends the process, and when: nothing it can do anything about.
WHEN = {
    "writing": "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
    "signal.signal(signal.SIGXFSZ, signal.SIG_DFL)",
    "written": "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)",
    "putting in place": "os.replace = os.rename = lambda *_: os.kill(os.getpid(), signal.SIGKILL)",
}


@posix
@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("before", [None, "an older bundle"])
def test_a_process_that_is_killed_leaves_no_half_bundle(when: str, before: str | None, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.json"
    if before is not None:
        bundle.write_text(before, encoding="utf-8")
    words: list[str | Path] = ["check", APPLICATION, "--against", STREET, "--ruleset", RULESET, "--bundle", bundle]
    done = process(*words, first=f"import os, signal; {WHEN[when]}")
    assert done.returncode < 0, done.stdout + done.stderr
    assert (bundle.read_text(encoding="utf-8") if bundle.exists() else None) == before
    assert registry(*words).exit_code == 2
    assert registry("verify", bundle).exit_code == 2


@posix
def test_a_full_disk_leaves_nothing_and_is_told(tmp_path: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))"
    words: list[str | Path] = ["check", APPLICATION, "--against", STREET, "--ruleset", RULESET]
    words += ["--bundle", tmp_path / "bundle.json"]
    done = process(*words, first=limit)
    assert done.returncode == 1
    assert "bundle.json: the file cannot be written: File too large" in done.stderr
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_link_to_an_input_is_that_input(tmp_path: Path) -> None:
    asked = Path(shutil.copy(APPLICATION, tmp_path / "asked.geojson"))
    (tmp_path / "link.json").symlink_to(asked)
    done = registry("check", asked, "--ruleset", RULESET, "--bundle", tmp_path / "link.json")
    assert done.exit_code == 1
    assert "this input would be overwritten" in done.stderr


@pytest.mark.parametrize(("lang", "words"), [("en", "near each other"), ("nl", "bij elkaar in de buurt")])
def test_what_is_too_much_to_compare_is_told_of_the_file_it_is_in(
    lang: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case, "MAX_PAIRS", 10)
    street = json.loads(STREET.read_text(encoding="utf-8"))
    (part,) = json.loads(APPLICATION.read_text(encoding="utf-8"))["features"]
    x, y = part["geometry"]["coordinates"][0][:2]
    scribble = {"type": "LineString", "coordinates": [[x + k % 2, y + k / 10] for k in range(40)]}
    properties = {"kind": "asset", "theme": "water", "holder": "Waterbedrijf", "levels": -1.0, "size": {"outer": 0.1}}
    street["features"] = [{"type": "Feature", "id": "scribble", "geometry": scribble, "properties": properties}]
    given = tmp_path / "scribbled.geojson"
    given.write_text(json.dumps(street), encoding="utf-8")
    result = registry("check", APPLICATION, "--against", given, "--ruleset", RULESET, "--lang", lang)
    assert result.exit_code == 1
    (said,) = [item for item in result.output.splitlines() if words in item]
    assert said.startswith(f"{given}, ")
    assert "scribble" in said
    assert part["id"] in said
