"""What is done to an object that is there; and whether it was done already, by a request of which nobody heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from registry.core.actors import Actor
from registry.core.errors import Refused
from registry.core.model import Identified, content_sha256
from registry.store import objects
from registry.store.rows import Head

#: What the register itself does after an act that asks for a check: it is no other change.
_CHECKS: Final = ("start_check", "finish_check")
#: Where a revision keeps what was said with the act.
SAID: Final = "said"
#: Where a revision keeps the hash of what was asked for, where the register added to that.
STATED: Final = "stated"


@dataclass(frozen=True, slots=True)
class Act:
    """What is done, by whom, when, on which version, and why; ``said`` is what else was said with it, plain."""

    action: str
    actor: Actor
    now: datetime
    expected: int | None
    reason: str | None = None
    document: str | None = None
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def extra(self) -> dict[str, object]:
        """What a revision keeps of it, besides who and why."""
        return {SAID: dict(self.said)} if self.said else {}


def repeated(session: Session, kind: str, id_: str, act: Act, build: Callable[[Head], Identified]) -> Head | None:
    """The object as it stands, where this same act made the version after the one it names; else ``None``.

    The same act is by the same actor, with the same reason, document and whatever else was said, and leads to the same
    content. Nothing but a check may have happened since.
    """
    if act.expected is None:
        return None
    head = objects.head(session, kind, id_)
    if head is None or head.number <= act.expected:
        return None
    before, done = (objects.revision_of(session, kind, id_, act.expected + k) for k in (0, 1))
    if before is None or done is None:
        return None
    same = done.action, done.actor, done.reason, done.document, dict((done.extra or {}).get(SAID, {}))
    if same != (act.action, act.actor, act.reason, act.document, dict(act.said)):
        return None
    for number in range(act.expected + 2, head.number + 1):
        later = objects.revision_of(session, kind, id_, number)
        if later is None or later.action not in _CHECKS:
            return None
    then = replace(head, number=before.number, state=before.state, value=before.value, sha256=before.sha256)
    try:
        asked = (done.extra or {}).get(STATED, done.sha256)
        return head if content_sha256(build(then)) == asked else None
    except Refused:
        return None
