"""Servers for tests: a private PostgreSQL with PostGIS and a private Redis, started here and stopped here.

As root PostgreSQL runs as the user ``postgres``, for it refuses to be root. Its data lie in a folder that user can
reach, and it listens on a socket there, whose path may not pass 107 bytes; it is on no network. Nothing it is given
need survive the machine, so that it does not wait for the disk; ``durable=True`` makes it wait.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

PACKAGES = "sudo apt-get install postgresql-15-postgis-3 redis-server"
PATIENCE = 60.0
SUPERUSER = "register"


#: Runs a server and stops it when the standard input ends, also because whoever started it was killed. In that
#: case it removes the server's folder, its first argument, where its pid is kept as long as it runs.
_GUARD = """
folder=$1; shift
exec 3<&0
"$@" </dev/null &
server=$!
echo $server >"$folder/pid"
(
    cat >/dev/null
    kill -0 $$ 2>/dev/null && kill -INT $server 2>/dev/null || exit 0
    while kill -0 $server 2>/dev/null; do sleep 0.1; done
    rm -rf "$folder"
) <&3 &
wait $server
"""


class Missing(Exception):
    """A server is not installed; the text names the line that installs it."""


def wait_until(holds: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Look again and again until it holds. Raises ``TimeoutError`` naming ``what`` where it does not in time."""
    deadline = time.monotonic() + patience
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {patience:.0f} s still not: {what}")
        time.sleep(0.02)


def postgres_programs() -> Path:
    """The folder of PostgreSQL's own programs, of the newest version that has PostGIS. Raises ``Missing``."""
    found = shutil.which("pg_ctl")
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *([Path(found).resolve().parent] if found else [])]
    for folder in sorted(folders, key=lambda path: path.parent.name.zfill(4), reverse=True):
        shared = Path("/usr/share/postgresql") / folder.parent.name / "extension/postgis.control"
        if (folder / "initdb").is_file() and (shared.is_file() or _says_postgis(folder)):
            return folder
    raise Missing(f"PostgreSQL with PostGIS is not installed here: {PACKAGES}")


def _says_postgis(folder: Path) -> bool:
    config = folder / "pg_config"
    if not config.is_file():
        return False
    told = subprocess.run([str(config), "--sharedir"], capture_output=True, text=True, check=False)
    return (Path(told.stdout.strip()) / "extension/postgis.control").is_file()


def _server_user() -> dict[str, Any]:
    """As whom PostgreSQL runs: as oneself, but never as root."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError as error:
        raise Missing(f"there is no user postgres here, as whom to run it: {PACKAGES}") from error
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@dataclass
class Postgres:
    """A running PostgreSQL; ``folder`` holds its data, its socket and its log."""

    programs: Path
    folder: Path
    durable: bool
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = [str(self.programs / "postgres"), "-D", str(self.folder / "data")]
        self.process = _guarded(program, self.folder, _server_user())
        wait_until(self._answers, f"PostgreSQL answers; see its log:\n{self.log()}")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it, breaking off what is connected, and wait until it is gone."""
        if self.process is not None:
            _stop(self.process, self.folder, how)

    def log(self) -> str:
        """The end of what it wrote."""
        path = self.folder / "log"
        return path.read_text(errors="replace")[-2000:] if path.is_file() else ""

    def url(self, name: str) -> str:
        """Where a database is."""
        return f"postgresql://{SUPERUSER}@/{name}?host={self.folder}"

    def connect(self, name: str = "postgres") -> psycopg.Connection[Any]:
        """A connection of which each statement is kept at once."""
        return psycopg.connect(host=str(self.folder), user=SUPERUSER, dbname=name, autocommit=True)

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database anew, as a copy of another, and return its URL."""
        self.drop(name)
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database if it is there, whoever is connected to it."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended as it started:\n{self.log()}")
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def postgres(durable: bool = False) -> Iterator[Postgres]:
    """A PostgreSQL of one's own, gone afterwards. Raises ``Missing``."""
    programs, user = postgres_programs(), _server_user()
    with _folder("registry-pg-") as folder:
        if user:
            os.chown(folder, user["user"], user["group"])
        made = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", SUPERUSER, "-A", "trust", "-N",
                "-E", "UTF8", "--locale=C"]  # fmt: skip
        done = subprocess.run(made, cwd=folder, capture_output=True, text=True, check=False, **user)
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")
        settings = {
            "listen_addresses": "''",
            "unix_socket_directories": f"'{folder}'",
            "max_connections": "120",
            "max_locks_per_transaction": "256",
            "fsync": "on" if durable else "off",
            "synchronous_commit": "on" if durable else "off",
            "full_page_writes": "on" if durable else "off",
            "shared_buffers": "'64MB'",
            "timezone": "'UTC'",
        }
        with (folder / "data/postgresql.conf").open("a") as config:
            config.writelines(f"{name} = {value}\n" for name, value in settings.items())
        server = Postgres(programs, folder, durable)
        try:
            server.start()
            yield server
        finally:
            server.stop()


@dataclass
class Redis:
    """A Redis that keeps nothing on disk; ``start`` after ``kill`` starts it empty at the same address."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = shutil.which("redis-server")
        if program is None:
            raise Missing(f"Redis is not installed here: {PACKAGES}")
        asked = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = _guarded([program, *asked, "--dir", str(self.folder)], self.folder, {})
        wait_until(self._answers, "Redis answers")

    def kill(self) -> None:
        """End it at once; what it held is lost."""
        if self.process is not None:
            _stop(self.process, self.folder, signal.SIGKILL)

    def ask(self, *words: str) -> bytes:
        """Its answer to one command, as it came over the line."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            line.sendall(_spoken(words))
            return line.recv(65536)

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            log = (self.folder / "log").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"Redis ended as it started:\n{log}")
        try:
            return self.ask("PING") == b"+PONG\r\n"
        except OSError:
            return False


def _guarded(program: Sequence[str], folder: Path, user: dict[str, Any]) -> subprocess.Popen[bytes]:
    """A server that ends with this process, however that ends."""
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "guard", str(folder), *program],
            stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=folder, start_new_session=True, **user,
        )  # fmt: skip


def _stop(process: subprocess.Popen[bytes], folder: Path, how: signal.Signals) -> None:
    """End a server in one way, and where that does not help in the worst; wait until it is gone."""
    assert process.stdin is not None
    # While its guard waits for it, its pid is nobody else's.
    if process.poll() is None:
        server = int((folder / "pid").read_text())
        os.kill(server, how)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.kill(server, signal.SIGQUIT)
            process.wait(PATIENCE)
    process.stdin.close()


def _spoken(words: Sequence[str]) -> bytes:
    told = [word.encode() for word in words]
    return b"*%d\r\n" % len(told) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in told)


@contextmanager
def redis() -> Iterator[Redis]:
    """A Redis of one's own, on a port of this machine only. Raises ``Missing``."""
    with _folder("registry-redis-") as folder:
        server = Redis(folder, free_port())
        try:
            server.start()
            yield server
        finally:
            server.kill()


def free_port() -> int:
    """A port of the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    """A folder in the temporary one, or in the machine's where that one's path is too long for a socket, or closed to
    other users."""
    short = len(os.fsencode(tempfile.gettempdir())) < 60 and os.geteuid() != 0
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=None if short else Path(os.sep, "tmp")))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
