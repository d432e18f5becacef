"""What every use case refuses in the same words: the wrong role, another's object, a version that does not stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.core.actors import Actor
from registry.core.errors import Problem, Refused, shown

if TYPE_CHECKING:
    from registry.store.rows import Head


def require_own(actor: Actor, organisation: str | None, what: str, field: str = "") -> None:
    """Raises ``Refused`` (``not_yours``) unless ``what`` is of the actor's organisation."""
    if organisation != actor.organisation:
        detail = f"{what} is not of {shown(actor.organisation)}"
        remedy = "Act on what is of your own organisation, or let its holder do this."
        raise Refused(Problem("not_yours", detail, remedy, field, shown(organisation or "nobody")))


def require_version(head: Head, expected: int | None) -> None:
    """Raises ``Refused`` (``version_missing``, ``version_mismatch``) unless ``expected`` is what stands."""
    what = f"{head.kind.replace('_', ' ')} {shown(head.id)}"
    if expected is None:
        remedy = "Name the revision you saw (If-Match, --revision), so that nobody's change is undone unseen."
        raise Refused(Problem("version_missing", f"{what} is there, and no revision was named", remedy, "version"))
    if expected != head.number:
        detail = f"{what} stands at revision {head.number}"
        remedy = "Read it again, and see whether your change still makes sense."
        raise Refused(Problem("version_mismatch", detail, remedy, "version", str(expected)))


def require_reason(reason: str | None, document: str | None, act: str, *, with_document: bool = True) -> None:
    """Raises ``Refused`` (``missing``) for a reason or document that is not there."""
    wanted = [("reason", reason)] + ([("document", document)] if with_document else [])
    problems = [
        Problem("missing", f"to {act} takes a {name}", f"Add `{name}`.", name)
        for name, given in wanted
        if not (given or "").strip()
    ]
    if problems:
        raise Refused(problems)


def not_found(kind: str, id_: str) -> Refused:
    """There is no such object."""
    detail = f"there is no {kind.replace('_', ' ')} of this id"
    return Refused(Problem("not_found", detail, "Look for the id among those listed.", "id", shown(id_)))


def busy() -> Refused:
    """Others went first every time."""
    detail = "too many changes at the same place at once"
    return Refused(Problem("busy", detail, "Try again in a moment."))
