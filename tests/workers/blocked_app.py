"""``workers.app`` for tests: it leaves a sign when it begins to judge, and then waits. Its leases are short.

``BLOCKED`` names the folder with the sign, ``judging``, and with the FIFO ``may-judge``.
"""

from __future__ import annotations

import os
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from registry import jobs
from registry.core.verdict import Verdict, judge
from registry.services import checking
from workers.app import app

__all__ = ["app"]

FOLDER = Path(os.environ["BLOCKED"])


def _waits(*given: Any) -> Verdict:
    (FOLDER / "judging").touch()
    with (FOLDER / "may-judge").open("rb"):
        return judge(*given)


checking.judge = _waits  # type: ignore[assignment, attr-defined]
jobs.Pace = partial(jobs.Pace, lease=timedelta(seconds=1))  # type: ignore[assignment, misc]
