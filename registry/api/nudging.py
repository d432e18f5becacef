"""Telling workers that there is something to do, beside the request: who is told may be long in answering, or never."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from queue import Empty, Full, Queue
from typing import Final

_LOG: Final = logging.getLogger(__name__)
#: Nudges that wait to be given. More are dropped: a job is found without a nudge too, only later.
WAITING: Final = 1_000


class Nudger:
    """Gives nudges one after another, in a thread of its own that is begun with the first one.

    A nudge is a hint that may be lost; ``nudge`` may wait or fail as it likes.
    """

    def __init__(self, nudge: Callable[[Sequence[str]], object]):
        self._nudge = nudge
        self._waiting: Queue[tuple[str, ...]] = Queue(WAITING)
        self._begun = threading.Lock()
        self._thread: threading.Thread | None = None

    def __call__(self, jobs: Sequence[str]) -> None:
        """Have these jobs told of. Returns at once and never raises."""
        try:
            self._waiting.put_nowait(tuple(jobs))
        except Full:
            return
        with self._begun:
            # A process that was forked has the queue, and not the thread.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._give, name="nudger", daemon=True)
                self._thread.start()

    def _give(self) -> None:
        while True:
            jobs = list(self._waiting.get())
            try:
                while True:
                    jobs += self._waiting.get_nowait()
            except Empty:
                pass
            try:
                self._nudge(tuple(dict.fromkeys(jobs)))
            except Exception:
                _LOG.warning("workers could not be told of %d jobs; they will find them", len(jobs), exc_info=True)
