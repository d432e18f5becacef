"""A WSGI server as a process: ``python -m tests.whole.serving MODULE:NAME FD`` serves an application on a socket that
listens already, and says so."""

from __future__ import annotations

import socket
import sys
from importlib import import_module

import waitress


def serve(name: str, listening: socket.socket) -> None:
    """Serve until ended."""
    module, _, attribute = name.partition(":")
    application = getattr(import_module(module), attribute)
    server = waitress.create_server(application, sockets=[listening], threads=12)
    print("serving", flush=True)
    server.run()


if __name__ == "__main__":
    serve(sys.argv[1], socket.socket(fileno=int(sys.argv[2])))
