"""Serves a register on a free loopback port beside whatever else this process does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, Final

import waitress
from waitress import wasyncore

from registry.app import create_app
from registry.config import Config
from registry.db import Database

_HOST: Final = "127.0.0.1"


@contextmanager
def served(db: Database) -> Iterator[str]:
    """The address at which the register is served for as long as the block lasts."""
    # waitress keeps its sockets here: when it is empty, its loop ends.
    sockets: dict[int, Any] = {}
    with closing(socket.create_server((_HOST, 0))) as listening:
        port: int = listening.getsockname()[1]
        server: Any = waitress.create_server(
            create_app(Config(database_url=db.url), db=db), map=sockets, sockets=[listening], ident=None
        )
        serving = threading.Thread(target=server.run, name="server", daemon=True)
        serving.start()
        try:
            yield f"http://{_HOST}:{port}"
        finally:
            server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets, ignore_all=True))
            serving.join(10)
            server.task_dispatcher.shutdown()
