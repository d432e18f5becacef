"""Which reservations may not exist beside each other: what an acceptance has to know.

A pair is judged as an application would be: the one with the lower id as though it were applied for, so that the answer
is the same whichever comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from registry.core.applying import as_part, holds_for
from registry.core.case import Case
from registry.core.clash import find_clash
from registry.core.findings import Finding
from registry.core.ground import Ground
from registry.core.model import Application, GroundLevel, Part, Reservation, Thing, Zone
from registry.core.options import group_of
from registry.core.policy import Clearance, Ruleset
from registry.core.relations import Relied
from registry.core.rules.matrix import cell_for, judge_pair
from registry.core.rules.parallel import parallel_run
from registry.core.rules.separation import SeparationRule
from registry.core.solids import Corridor, solid_of

ClashKind = Literal["overlap", "crossing", "parallel", "undetermined"]


@dataclass(frozen=True, slots=True)
class AcceptanceClash:
    """Another reservation that this one may not exist beside, and what is the matter.

    ``overlap``: they take the same space; ``crossing``: two lines that come together without lying alongside each
    other, over, under, through or end to end; ``parallel``: they lie beside each other; ``undetermined``: a needed
    depth or size is unknown.
    """

    other: str
    finding: Finding
    kind: ClashKind


def exclusive(strength: str) -> bool:
    """Whether no other exclusive reservation may clash with one of this strength."""
    return strength in ("planned", "decided")


def clashes_with(
    reservation: Reservation,
    others: Iterable[Reservation],
    objects: Iterable[GroundLevel | Zone],
    ruleset: Ruleset,
) -> tuple[AcceptanceClash, ...]:
    """The exclusive ``others`` that ``reservation``, if it is exclusive itself, clashes with or may clash with: for
    each at most one clash of each kind, in order of id.

    ``others`` are all that may matter, those of its own holder and theme too: what lies end to end counts as one.
    Raises ``Refused`` (``too_complex``) where two are drawn in too many segments to be compared.
    """
    if not exclusive(reservation.strength):
        return ()
    near = [item for item in others if exclusive(item.strength) and item.id != reservation.id]
    ground = tuple(objects)
    return tuple(
        clash
        for other in sorted(near, key=lambda item: item.id)
        if not _exempt(reservation, other)
        for clash in _clashes(reservation, other, [reservation, *near], ground, ruleset)
    )


def told(reservation: Reservation, others: Iterable[Reservation]) -> tuple[Reservation, ...]:
    """The ``others`` of strength search_area or option that overlap ``reservation``, or may: their holders are told.

    As drawn and with all uncertainty; where a depth is not stated in NAP, at any depth.
    """
    ground = Ground((), 0)
    own = solid_of(reservation, ground, "envelope")
    found = []
    for other in sorted(others, key=lambda item: item.id):
        if exclusive(other.strength) or other.id == reservation.id or _alternatives(reservation, other):
            continue
        solid = solid_of(other, ground, "envelope")
        uncertainty = replace(
            reservation.uncertainty,
            xy=reservation.uncertainty.xy + other.uncertainty.xy,
            z=reservation.uncertainty.z + other.uncertainty.z + own.extra_z + solid.extra_z,
        )
        if find_clash(own, solid, Clearance(0, 0), uncertainty, 0) is not None:
            found.append(other)
    return tuple(found)


def _exempt(a: Reservation, b: Reservation) -> bool:
    """Whether two may exist beside each other wherever they are."""
    return _alternatives(a, b) or (a.theme in b.shareable_with and b.theme in a.shareable_with)


def _alternatives(a: Reservation, b: Reservation) -> bool:
    """Whether two are options of one plan, of which at most one is to be built."""
    return a.strength == b.strength == "option" and group_of(a) is not None and group_of(a) == group_of(b)


def _clashes(
    reservation: Reservation,
    other: Reservation,
    others: Sequence[Reservation],
    objects: Sequence[GroundLevel | Zone],
    ruleset: Ruleset,
) -> list[AcceptanceClash]:
    """The clashes of two, by all matrices, the worst of each kind."""
    first, second = sorted((reservation, other), key=lambda item: item.id)
    own = [first] if _one_network(first, second) else [item for item in others if _one_network(item, first)]
    parts = tuple(as_part(item) for item in own)
    theirs = [second, *(item for item in others if item is not second and _one_network(item, second))]
    theirs = [item for item in theirs if item.id not in {part.id for part in parts}]
    case = Case.of(Application("", first.holder or "", "permit", parts), [*theirs, *objects], ruleset)
    part = next(item for item in case.parts if item.id == first.id)
    if not case.within_reach_of(part, second):
        return []
    found: dict[ClashKind, AcceptanceClash] = {}
    for matrix in (rule for rule in ruleset.rules if isinstance(rule, SeparationRule)):
        if not any(holds_for(matrix.header, item, objects, ruleset) for item in (first, second)):
            continue
        for finding in judge_pair(matrix, matrix.header, "blocks", case, Relied(), part, second):
            if finding.certainty == "possible_end" and _one_network(first, second):
                continue
            kind = _kind(matrix, case, part, second, finding)
            found.setdefault(kind, AcceptanceClash(other.id, finding, kind))
    return [found[kind] for kind in sorted(found)]


def _one_network(a: Reservation, b: Reservation) -> bool:
    return a.theme == b.theme and a.holder == b.holder


def _kind(matrix: SeparationRule, case: Case, part: Part, other: Thing, finding: Finding) -> ClashKind:
    if finding.certainty in ("undetermined", "assumed"):
        return "undetermined"
    if finding.cause != "parallel" and _only_crosses(matrix, case, part, other, finding):
        return "crossing"
    gap = finding.gap
    known = [] if gap is None else [amount for amount in (gap.horizontal, gap.vertical) if amount is not None]
    return "overlap" if len(known) == 2 and max(known) < 0 else "parallel"


def _only_crosses(matrix: SeparationRule, case: Case, part: Part, other: Thing, finding: Finding) -> bool:
    """Whether two lines clash nowhere that they lie alongside each other."""
    a, b = (case.solid(thing, matrix.measured_from) for thing in (part, other))
    if any(not isinstance(solid, Corridor) or solid.is_shaft for solid in (a, b)):
        return False
    asked = cell_for(matrix, part, other).crossing if finding.cause == "crossing" else Clearance(0, 0)
    pairs, _ = parallel_run(matrix, case, part, other, asked)
    return find_clash(a, b, asked, case.uncertainty(part, other), case.ruleset.reach, pairs) is None
