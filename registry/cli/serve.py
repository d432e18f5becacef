"""``registry serve``: the register on this machine: API, pages and a worker."""

from __future__ import annotations

import ipaddress
import socket
import sys
from contextlib import ExitStack
from typing import Any, Final

import click
import waitress

from registry.app import create_app
from registry.cli import children
from registry.cli.check import complain
from registry.cli.opening import migrated
from registry.config import Config
from registry.core.errors import Problem, Refused, shown

PORT: Final = 8080
#: Beyond what a request may hold the app refuses it itself, and says so as it says everything.
_SPARE: Final = 50_000_000
_THREADS: Final = 8
_WHY: Final = (
    "Until rights are kept apart, reading is open to whoever reaches it: serve on 127.0.0.1, ::1 or localhost."
)


@click.command(short_help="Run the register: API, pages and worker.")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address of this machine.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=PORT, show_default=True, help="0 takes one that is free."
)
@click.option("--database", metavar="URL", help="The register; DATABASE_URL by default, else sqlite:///register.db.")
@click.option("--worker/--no-worker", default=True, show_default=True, help="Make checks as well, in a child process.")
@click.option("--migrate/--no-migrate", default=None, help="Bring the schema up to date first; for SQLite by default.")
def serve(host: str, port: int, database: str | None, worker: bool, migrate: bool | None) -> None:
    """Serve the register on a loopback address until Ctrl-C, with a worker that is begun again when it dies.

    Prints the address it listens on, as soon as it answers there.
    """
    try:
        config = Config.from_environment()
        url = database or config.database_url
        refuse_others(host)
        db = migrated(url, migrate)
    except Refused as refusal:
        complain(refusal)
        sys.exit(1)
    from registry.warm import warm  # it takes long to import, and is not needed to refuse

    app = create_app(config, db=db)
    with ExitStack() as ending:
        ending.callback(db.close)
        listening = _bound(host, port)
        ending.callback(listening.close)
        warm(lambda line: click.echo(line, err=True))
        listening.listen(128)
        server: Any = waitress.create_server(
            app,
            sockets=[listening],
            threads=_THREADS,
            ident=None,
            max_request_body_size=config.import_bytes + _SPARE,
            clear_untrusted_proxy_headers=True,
        )
        ending.callback(server.close)
        if worker:
            ending.enter_context(children.worker(url))
        name = f"[{host}]" if ":" in host else host
        address = f"http://{name}:{listening.getsockname()[1]}"
        click.echo(f"{address}/v1")
        click.echo(f"pages: {address}/", err=True)
        server.run()


def refuse_others(host: str) -> None:
    """Refuse an address on which other machines reach this one. Raises ``Refused``."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)}
    except OSError:
        raise Refused(Problem("not_allowed", "no address of this machine", _WHY, "--host", shown(host))) from None
    if not all(ipaddress.ip_address(str(address).partition("%")[0]).is_loopback for address in found):
        raise Refused(Problem("not_allowed", "not a loopback address", _WHY, "--host", shown(host)))


def _bound(host: str, port: int) -> socket.socket:
    """A socket of its own, so that the port is known before anything is answered. Nobody can connect yet."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        click.echo(f"cannot listen on {host}:{port}: {error.strerror}. Choose another --port.", err=True)
        sys.exit(1)
    return listening
