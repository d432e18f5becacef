"""``registry worker`` as a process of its own, which says when it begins to judge and then waits. Only for tests.

``python -m tests.jobs.blocked PIPE FIFO [options of registry worker]``: writes to the pipe, and judges once somebody
has the FIFO open to write. Its leases are short, so that nobody waits long after it was killed.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from typing import Any

from registry import jobs
from registry.cli.main import main
from registry.core.verdict import Verdict, judge
from registry.services import checking

LEASE = timedelta(seconds=1)


def _waits(*given: Any) -> Verdict:
    os.write(int(sys.argv[1]), b"judging")
    with open(sys.argv[2], "rb"):
        return judge(*given)


if __name__ == "__main__":
    pipe, fifo, *options = sys.argv[1:]
    checking.judge = _waits  # type: ignore[assignment, attr-defined]
    usual = jobs.Pace
    jobs.Pace = lambda: usual(lease=LEASE)  # type: ignore[assignment, misc]
    main(["worker", *options])
