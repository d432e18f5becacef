"""Clashes of a reservation with others, and what settles them: an agreement or, where two cross, a duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from registry.core.acceptance import AcceptanceClash
from registry.core.errors import Problem, Refused, shown
from registry.store import agreements as recorded

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
    id_: str,
    clashes: Sequence[AcceptanceClash],
    agreements: Sequence[Settled],
    duties: Sequence[Settled],
) -> list[tuple[Kind, Settled]]:
    """What is to be recorded now so that every clash is settled; what was recorded before counts as well.

    Raises ``Refused`` with a problem for each clash that nothing settles (``clash``), and for each agreement or duty
    without a reason or document (``missing``).
    """
    agreed, owed = _documented(agreements, "agreements"), _documented(duties, "duties")
    problems: list[Problem] = []
    new: list[tuple[Kind, Settled]] = []
    others: dict[str, list[AcceptanceClash]] = {}
    for clash in clashes:
        others.setdefault(clash.other, []).append(clash)
    for other, found in sorted(others.items()):
        known = {row.kind for row in recorded.between(session, ("reservation", id_), ("reservation", other))}
        crossing = all(clash.kind == "crossing" for clash in found)
        if "agreement" in known or (crossing and "duty" in known):
            continue
        if other in agreed:
            new.append(("agreement", agreed[other]))
        elif crossing and other in owed:
            new.append(("duty", owed[other]))
        else:
            problems.append(_unsettled(other, found, crossing=crossing))
    if problems:
        raise Refused(problems)
    return new


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
