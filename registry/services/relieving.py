"""What was granted over reservations, and came to nothing: they are as free as they were."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from registry.core.lifecycle import next_state
from registry.core.model import Reservation
from registry.services.writing import Writing
from registry.store import decisions, objects
from registry.store.near import containing


def impaired_by(session: Session, application_id: str) -> list[tuple[Reservation, str]]:
    """The reservations that live and that a decision on an application granted over, each with the id of that."""
    found: list[tuple[Reservation, str]] = []
    for decision in decisions.listed(session, application_id):
        for head in objects.by_names(session, containing(session, decision.id)):
            if isinstance(head.value, Reservation) and decision.id in head.value.impaired_by:
                found.append((head.value, decision.id))
    return found


def relieve(writing: Writing, application_id: str) -> None:
    """The revisions that say that nothing lies, or will lie, over these reservations by grant of an application that
    was revoked or withdrawn, or expired. Their holders are told."""
    for reservation, decision in impaired_by(writing.session, application_id):
        free = replace(reservation, impaired_by=tuple(id_ for id_ in reservation.impaired_by if id_ != decision))
        told: dict[str, object] = {"application": application_id, "decision": decision}
        state = next_state("reservation", "relieve", "accepted")
        writing.revise(free, state, "relieve", extra=told, told=[reservation.holder or ""], detail=told)
        writing.touch([free])
