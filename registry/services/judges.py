"""Processes that judge. What they are given they restore and judge; they read nothing and write nothing.

They are begun anew (not forked: the one that begins them may have threads), and none outlives it: each waits for its
end, however it ends. Each has one batch at a time, over a pipe of its own, so that one that is killed leaves nothing
half-said to the others.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Final, NamedTuple

from registry.core.errors import Problem, Refused
from registry.core.model import Application, Identified
from registry.core.policy import Ruleset
from registry.core.restore import restore
from registry.core.ruleset import ruleset_from_document
from registry.core.verdict import judge
from registry.core.works import as_seen

#: So many restored objects a process keeps, for applications that lie near each other meet the same.
REMEMBERED: Final = 20_000
#: How long a process that was told to end may take for it, seconds.
_PATIENCE: Final = 5.0

Name = tuple[str, str]
#: State, number of the revision and content (JSON) of an object: the content of a revision never changes.
Stored = tuple[str, int, str]


class Told(NamedTuple):
    """Hash and outcome of a verdict, or the problems for which there is none; where they are asked for its findings,
    as its document has them."""

    sha256: str | None
    outcome: str | None
    problems: tuple[Problem, ...]
    findings: Any = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Applications to judge: each with the number of its ruleset and the names of what is to be known of what is near;
    ``objects`` holds them all. ``number`` is the caller's; ``findings``: whether these are asked for."""

    number: int
    applications: tuple[tuple[Name, int, tuple[Name, ...]], ...]
    objects: Mapping[Name, Stored]
    findings: bool = False


class Died(Exception):
    """A process that judged ended before it was told to, as when it is killed; or none could be begun."""


class Failed(Exception):
    """Judging failed for a reason that is a fault of ours; the text tells where."""


class Judges:
    """So many processes that judge by these rulesets, which batches name by their number."""

    def __init__(self, processes: int, rulesets: Sequence[Ruleset]):
        self._rulesets = [ruleset.document for ruleset in rulesets]
        self._processes: list[SpawnProcess] = []
        self._lines: list[Connection] = []
        self._busy: dict[Connection, int] = {}
        self.count = processes

    @property
    def idle(self) -> bool:
        """Whether one of them waits for a batch."""
        return len(self._busy) < self.count

    def give(self, batch: Batch) -> None:
        """Give a batch to one that is idle, which is begun where none is there yet. Raises ``Died``."""
        line = next((line for line in self._lines if line not in self._busy), None) or self._begin()
        try:
            line.send(batch)
        except OSError:
            raise self._died(line) from None
        self._busy[line] = batch.number

    def results(self, patience: float) -> Iterator[tuple[int, list[Told]]]:
        """The number of each batch that came to an end, with what came of its applications, waiting for one for
        ``patience`` seconds at most. Raises ``Died`` or ``Failed``."""
        for line in wait(list(self._busy), patience):
            assert isinstance(line, Connection)
            try:
                found: list[Told] | str = line.recv()
            except (EOFError, OSError):
                raise self._died(line) from None
            if isinstance(found, str):
                raise Failed(found)
            yield self._busy.pop(line), found

    def end(self) -> None:
        """End them all, whatever they do."""
        for line in self._lines:
            line.close()
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join(_PATIENCE)
            if process.is_alive():
                process.kill()
                process.join()
            process.close()
        self._processes, self._lines, self._busy = [], [], {}

    def _begin(self) -> Connection:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(theirs, self._rulesets), name="judge", daemon=True)
        with _uninterrupted():
            try:
                process.start()
            except OSError as error:
                ours.close()
                raise Died(f"a process to judge could not be begun: {error.strerror}") from None
            finally:
                theirs.close()
            self._processes.append(process)
            self._lines.append(ours)
        return ours

    def _died(self, line: Connection) -> Died:
        process = self._processes[self._lines.index(line)]
        process.join(_PATIENCE)
        how = "did not answer" if process.exitcode is None else f"ended with {process.exitcode}"
        return Died(f"a process that judged {how}: was it killed, or is there too little memory?")


def work(line: Connection, documents: Sequence[Mapping[str, Any]]) -> None:
    """What such a process does: judge each batch it is given, until no more can come."""
    threading.Thread(target=_until_alone, daemon=True).start()
    rulesets = [ruleset_from_document(document) for document in documents]
    remembered: dict[int, Identified] = {}
    # That nobody listens any more is no fault of ours.
    with suppress(EOFError, OSError):
        while True:
            batch: Batch = line.recv()
            try:
                found: list[Told] | str = judged(batch, rulesets, remembered)
            except Exception:
                found = traceback.format_exc()
            line.send(found)


def judged(batch: Batch, rulesets: Sequence[Ruleset], remembered: dict[int, Identified]) -> list[Told]:
    """What comes of each application of a batch. ``remembered`` are values by the number of their revision."""

    def value(name: Name) -> Identified:
        _, revision, content = batch.objects[name]
        found = remembered.get(revision)
        if found is None:
            found = restore(name[0], json.loads(content))
            if len(remembered) >= REMEMBERED:
                del remembered[next(iter(remembered))]
            remembered[revision] = found
        return found

    told: list[Told] = []
    for name, ruleset, near in batch.applications:
        application = value(name)
        assert isinstance(application, Application)
        objects = [seen for one in near for seen in as_seen(value(one), batch.objects[one][0])]
        try:
            verdict = judge(application, objects, rulesets[ruleset])
        except Refused as refusal:
            told.append(Told(None, None, tuple(refusal.problems)))
        else:
            findings = verdict.document["findings"] if batch.findings else None
            told.append(Told(verdict.sha256, verdict.outcome, (), findings))
    return told


def _until_alone() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
    # The thread that judges may be at it for minutes yet, for nobody.
    os._exit(1)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """What is begun here does not hear Ctrl-C: who began it ends it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # The first process that is begun begins this one as well, and that lets Ctrl-C in again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
