"""Taking in converted files of assets, ground levels and zones: only what differs is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.errors import Problem, Refused, shown
from registry.core.model import Asset, GroundLevel, Identified, Object, Zone, content_sha256
from registry.db import Database
from registry.services.locking import object_key, world_key
from registry.services.writing import Writing
from registry.store import imports, locks
from registry.store import objects as stored
from registry.store.rows import Head, ImportRow

#: What is imported; the rest is filed.
KINDS: Final = ("asset", "ground_level", "zone")
#: The state of what lies there.
PRESENT: Final = "present"
#: The act of taking it in.
IMPORT: Final = "import"
#: How many objects are compared with what is there at once.
_AT_ONCE: Final = 1000
#: Problems told of one file.
_MOST_PROBLEMS: Final = 100


@dataclass(frozen=True, slots=True)
class ImportRun:
    """What an import did. ``jobs`` are the checks of the open applications it touched, each once."""

    id: str
    name: str
    sha256: str
    read: int
    added: int
    changed: int
    unchanged: int
    actor: str
    organisation: str
    recorded_at: datetime
    jobs: tuple[str, ...] = ()


def import_objects(
    db: Database,
    objects: Iterable[Object],
    name: str,
    sha256: str,
    actor: Actor,
    now: datetime,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> ImportRun:
    """Take in a file's objects (``name`` and ``sha256`` are the file's), all or none.

    Objects of earlier imports that are not in this one stay. ``progress`` is called with how many of how many are
    done. Reservations, parts and works are refused (``not_allowed``): they are filed.
    """
    if actor.role != "administrator":
        detail = "an import is not for this role"
        raise Refused(Problem("not_allowed_for_role", detail, "It is for: administrator.", "role", actor.role))
    given = list(objects)
    _refuse_filed(given)

    def write(session: Session) -> ImportRun:
        # One import at a time. The world is locked when it is about to change, not while the file is compared.
        locks.take(session, [object_key("import", "")])
        writing = Writing(session, actor, now)
        touched: list[Identified] = []
        added = changed = 0
        run_id = uuid4().hex
        for k in range(0, len(given), _AT_ONCE):
            batch = given[k : k + _AT_ONCE]
            there = {(head.kind, head.id): head for head in stored.by_names(session, _names(batch))}
            differ = [value for value in batch if not _same(session, there.get((value.kind, value.id)), value)]
            writing.revise_all(differ, PRESENT, IMPORT, {"import": run_id})
            added += sum((value.kind, value.id) not in there for value in differ)
            changed += sum((value.kind, value.id) in there for value in differ)
            touched += differ
            touched += [there[name].value for name in _names(differ) if name in there and there[name].state == PRESENT]
            if progress is not None:
                progress(min(k + _AT_ONCE, len(given)), len(given))
        unchanged = len(given) - added - changed
        row = ImportRow(
            run_id, name, sha256, len(given), added, changed, unchanged, 0, actor.name, actor.organisation, now
        )
        imports.add(session, row)
        locks.take(session, [world_key(shared=False)])
        writing.touch(touched)
        return _run(row, tuple(writing.close().values()))

    return db.run(write)


def runs(db: Database, *, limit: int = 100) -> list[ImportRun]:
    """The imports, newest first."""
    with db.read() as session:
        return [_run(row, ()) for row in imports.listed(session, limit)]


def _run(row: ImportRow, jobs: tuple[str, ...]) -> ImportRun:
    return ImportRun(
        row.id, row.name, row.sha256, row.read, row.added, row.changed, row.unchanged, row.actor, row.organisation,
        row.recorded_at, jobs,
    )  # fmt: skip


def _names(batch: Sequence[Object]) -> list[tuple[str, str]]:
    return [(value.kind, value.id) for value in batch]


def _same(session: Session, head: Head | None, value: Object) -> bool:
    """Whether a file says of an object what it said before; what works did to it since then stays as it is."""
    if head is None:
        return False
    sha256 = content_sha256(value)
    if head.sha256 == sha256 or head.action == IMPORT:
        return head.sha256 == sha256
    said = [one for one in stored.history(session, head.kind, head.id) if one.action == IMPORT]
    return bool(said) and said[-1].sha256 == sha256


def _refuse_filed(given: Sequence[Object]) -> None:
    problems = [
        Problem("not_allowed", f"a {value.kind} is not imported", "File it.", "kind", value.kind, shown(value.id))
        for value in given
        if not isinstance(value, (Asset, GroundLevel, Zone))
    ]
    seen: set[tuple[str, str]] = set()
    for value in given:
        if (value.kind, value.id) in seen:
            detail = f"the same {value.kind.replace('_', ' ')} twice"
            problems.append(Problem("duplicate_id", detail, "Leave one of the two out.", "id", shown(value.id)))
        seen.add((value.kind, value.id))
    if problems:
        raise Refused(problems[:_MOST_PROBLEMS])
