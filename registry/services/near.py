"""What a reservation meets when it is accepted: other accepted reservations, and the ground and zones that count."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from registry.core.acceptance import AcceptanceClash, clashes_with, told
from registry.core.model import GroundLevel, Reservation, Zone
from registry.core.policy import Ruleset
from registry.store import objects
from registry.store.candidates import boxes_within, candidates


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What was read around a reservation. From two that are equal the same follows."""

    reservation: Reservation
    ruleset: Ruleset
    others: tuple[Reservation, ...]
    objects: tuple[GroundLevel | Zone, ...]

    def clashes(self) -> tuple[AcceptanceClash, ...]:
        """The exclusive reservations it may not exist beside."""
        return clashes_with(self.reservation, self.others, self.objects, self.ruleset)

    def told(self) -> tuple[Reservation, ...]:
        """The search areas and options it overlaps."""
        return told(self.reservation, self.others)


def neighbours(session: Session, reservation: Reservation, ruleset: Ruleset) -> Neighbours:
    """All that may matter to whether ``reservation`` may be accepted by ``ruleset``."""
    names = candidates(session, boxes_within([reservation], ruleset.reach + 1), kinds=("reservation",))
    names.discard(("reservation", reservation.id))
    others = [
        head.value
        for head in objects.by_names(session, names)
        if head.state == "accepted" and isinstance(head.value, Reservation)
    ]
    around = boxes_within([reservation, *others], ruleset.reach + ruleset.ground_level_within + 1)
    below = objects.by_names(session, candidates(session, around, kinds=("ground_level", "zone")))
    ground = tuple(head.value for head in below if isinstance(head.value, (GroundLevel, Zone)))
    return Neighbours(reservation, ruleset, tuple(others), ground)
