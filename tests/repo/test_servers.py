"""Who lacks a server the tests start is told the one line that installs it; nothing is passed over in silence."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import servers
from tests.repo.checkout import ROOT

LINE = "sudo apt-get install postgresql-15-postgis-3 redis-server"


def test_the_script_names_the_line_where_it_may_not_install(tmp_path: Path) -> None:
    for name in ("sh", "id", "tr", "dirname", "basename"):
        found = shutil.which(name)
        assert found is not None
        (tmp_path / name).symlink_to(found)
    asked = [str(tmp_path / "sh"), str(ROOT / "scripts/servers")]
    done = subprocess.run(asked, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert LINE in done.stderr
    assert "redis-server" in done.stderr.split(":")[2]
    assert done.stdout == ""


def test_the_script_is_silent_where_all_is_there() -> None:
    done = subprocess.run([str(ROOT / "scripts/servers")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_tests_fail_naming_the_line_where_a_server_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(Path, "glob", lambda _self, _pattern: iter(()))
    with pytest.raises(servers.Missing, match=LINE), servers.redis():
        pass
    with pytest.raises(servers.Missing, match=LINE), servers.postgres():
        pass


STARTING = """
import sys
from tests import servers
with servers.redis() as server:
    print((server.folder / "pid").read_text().strip(), server.folder, flush=True)
    sys.stdin.read()
"""


def test_a_server_ends_with_whoever_started_it() -> None:
    """Killed, that one can clear nothing away."""
    asked = [sys.executable, "-c", STARTING]
    with subprocess.Popen(asked, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pid, folder = starter.stdout.readline().split()
        starter.kill()
    servers.wait_until(lambda: not runs(int(pid)) and not Path(folder).exists(), "Redis is gone")


def runs(pid: int) -> bool:
    status = Path("/proc") / str(pid) / "status"
    try:
        return "State:\tZ" not in status.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_servers_are_gone_afterwards_and_listen_to_this_machine_only() -> None:
    with servers.redis() as server:
        assert server.ask("SET", "a", "1") == b"+OK\r\n"
        server.kill()
        server.start()
        assert server.ask("GET", "a") == b"$-1\r\n"
        assert server.url.startswith("redis://127.0.0.1:")
    assert server.process is not None
    assert server.process.poll() is not None
    assert not server.folder.exists()
    with servers.postgres(durable=True) as postgres:
        with postgres.connect() as connection:
            shown = [connection.execute(f"SHOW {name}").fetchone() for name in ("listen_addresses", "fsync")]
        assert shown == [("",), ("on",)]
        assert len(str(postgres.folder / ".s.PGSQL.5432")) < 107
    assert postgres.process is not None
    assert postgres.process.poll() is not None
    assert not postgres.folder.exists()
