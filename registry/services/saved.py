"""What the use cases give back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.store.rows import Head


@dataclass(frozen=True, slots=True)
class Saved:
    """An object as it now stands. ``head.number`` is the version to name (If-Match) in the next change.

    ``created`` is false when the object was there already. ``job_id`` is the check to follow, where the act asked for
    one of this object; ``jobs`` are all jobs that were asked for (also of other applications), to nudge workers with.
    """

    head: Head
    created: bool = False
    job_id: str | None = None
    jobs: tuple[str, ...] = ()
