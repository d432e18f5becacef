"""The register's application, told to tell workers in a way that never comes to an end. ``STUCK`` is a port of this
machine that takes connections and says nothing."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence

from registry.app import create_app


def nudge(jobs: Sequence[str]) -> None:
    """Say which jobs there are, and wait for an answer."""
    with socket.create_connection(("127.0.0.1", int(os.environ["STUCK"]))) as line:
        line.sendall("\n".join(jobs).encode())
        line.recv(1)


application = create_app(nudge=nudge)
