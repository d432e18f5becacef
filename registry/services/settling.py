"""Clashes of a reservation with others, and what settles them: an agreement or, where two cross, a duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from registry.core.acceptance import AcceptanceClash
from registry.core.actors import Actor
from registry.core.errors import Problem, Refused, shown
from registry.core.model import Reservation
from registry.services.agreements import standing

Kind = Literal["agreement", "duty"]


@dataclass(frozen=True, slots=True)
class Settled:
    """How a clash with another reservation is settled: by agreement of both holders, or, for a crossing, by the duty
    to solve it in design. ``document`` records it."""

    other: str
    reason: str | None = None
    document: str | None = None


_HOW = {
    "overlap": "they would take the same space",
    "crossing": "they cross too near",
    "parallel": "they lie too near beside each other",
    "undetermined": "a depth or size is unknown, so that they may clash",
}


def to_settle(
    session: Session,
    reservation: Reservation,
    near: Sequence[Reservation],
    clashes: Sequence[AcceptanceClash],
    agreements: Sequence[Settled],
    duties: Sequence[Settled],
    actor: Actor,
) -> list[tuple[Kind, Settled]]:
    """What is to be recorded now so that every clash with those ``near`` is settled; what was recorded before, of the
    same space of both, counts as well.

    Raises ``Refused`` with a problem for each clash that nothing settles (``clash``), for each agreement or duty
    without a reason or document (``missing``), and for one that the actor is no party to (``not_yours``).
    """
    agreed, owed = _documented(agreements, "agreements"), _documented(duties, "duties")
    problems: list[Problem] = []
    new: list[tuple[Kind, Settled]] = []
    known_as = {one.id: one for one in near}
    others: dict[str, list[AcceptanceClash]] = {}
    for clash in clashes:
        others.setdefault(clash.other, []).append(clash)
    for other, found in sorted(others.items()):
        known = standing(session, reservation, known_as[other])
        crossing = all(clash.kind == "crossing" for clash in found)
        if "agreement" in known or (crossing and "duty" in known):
            continue
        if other in agreed:
            new.append(("agreement", agreed[other]))
        elif crossing and other in owed:
            new.append(("duty", owed[other]))
        else:
            problems.append(_unsettled(other, found, crossing=crossing))
        if new and new[-1][1].other == other:
            problems += _not_party(actor, reservation, known_as[other])
    if problems:
        raise Refused(problems)
    return new


def _not_party(actor: Actor, *both: Reservation) -> list[Problem]:
    """Nobody agrees for others: the holder of one of the two says what both agreed."""
    if any(one.holder == actor.organisation for one in both):
        return []
    detail = f"neither is of {shown(actor.organisation)}"
    remedy = "Let the holder of one of the two, or the officer, record it."
    return [Problem("not_yours", detail, remedy, "agreements", feature=both[1].id)]


def _unsettled(other: str, found: Sequence[AcceptanceClash], *, crossing: bool) -> Problem:
    how = "; ".join(_HOW[kind] for kind in sorted({clash.kind for clash in found}))
    duty = ", or the duty to solve the crossing in design" if crossing else ""
    remedy = f"Move or shrink one of the two, or record an agreement of both holders{duty}."
    return Problem("clash", f"it clashes with reservation {shown(other)}: {how}", remedy, feature=other)


def _documented(given: Sequence[Settled], field: str) -> dict[str, Settled]:
    problems = [
        Problem("missing", f"what is settled with {shown(one.other)} takes a {name}", f"Add `{name}`.",
                f"{field}[{index}].{name}")
        for index, one in enumerate(given)
        for name, text in (("reason", one.reason), ("document", one.document))
        if not (text or "").strip()
    ]  # fmt: skip
    if problems:
        raise Refused(problems)
    return {one.other: one for one in given}
