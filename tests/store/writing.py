"""What a process of its own does in the tests of many writers."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy.orm import Session

from registry.db import Database
from registry.store import changes, jobs
from registry.store.rows import Change
from tests.core.building import line, reservation, rounded
from tests.servers import wait_until
from tests.store.making import NOW, put


def write_with(url: str, worker: int, times: int, gate: Path, writers: int) -> tuple[float, list[str]]:
    """How long the longest of so many writings took (s), and what went wrong; all writers begin at once, when each has
    shown itself in the folder ``gate``."""
    database, longest, wrong = Database(url), 0.0, []
    shape = line([(0, 0), (1000, 0)], -1000, rounded(200))
    (gate / str(worker)).touch()
    wait_until(lambda: len(list(gate.iterdir())) == writers, "all writers are there")
    for written in range(times):
        value = reservation(f"r{worker}-{written}", shape)
        began = time.monotonic()

        def one(s: Session, value: object = value) -> None:
            put(s, value)  # type: ignore[arg-type]
            jobs.enqueue(s, "check", "A", f"check:{worker % 3}", NOW)
            changes.append(s, Change("reservation", value.id, 1, "file", "A", "O", NOW))  # type: ignore[attr-defined]

        try:
            with database.write() as s:
                one(s)
        except Exception as error:
            wrong.append(repr(error)[:300])
        longest = max(longest, time.monotonic() - began)
    database.close()
    return longest, wrong
