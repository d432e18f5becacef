"""What a process of its own does in the tests of many writers."""

from __future__ import annotations

import time

from sqlalchemy.orm import Session

from registry.db import Database
from registry.store import changes, jobs
from registry.store.rows import Change
from tests.core.building import line, reservation, rounded
from tests.store.making import NOW, put


def write_for(url: str, worker: int, seconds: float) -> tuple[int, float, list[str]]:
    """How often it wrote, how long the longest took (s), and what went wrong."""
    database, written, longest, wrong = Database(url), 0, 0.0, []
    ends = time.monotonic() + seconds
    shape = line([(0, 0), (1000, 0)], -1000, rounded(200))
    while time.monotonic() < ends:
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
        written += 1
        longest = max(longest, time.monotonic() - began)
    database.close()
    return written, longest, wrong
