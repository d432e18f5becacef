"""What the parts say of other objects: verified, or turned into a finding.

An accepted relation changes what is judged: a removed asset is no obstacle, around a connection no separation is asked.
One that does not hold changes nothing and is reported.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from registry.core.canonical import canonical_json
from registry.core.case import Case
from registry.core.elements import Disk, both_widths, elements, meeting, near_pairs
from registry.core.findings import Counterpart, Finding, Place, RelationFault
from registry.core.inside import sticking_out
from registry.core.kernels import Axis, Number, face_gap, plan_nearest
from registry.core.model import (
    Asset,
    Line,
    Part,
    Relation,
    Reservation,
    Shaft,
    Size,
    Thing,
    Works,
    content,
    is_rival,
    kind_of,
)
from registry.core.solids import Corridor, Prism, Segment, Solid

#: How far (mm) a stated point, or the ends of two lines that continue each other, may lie from the axis.
JOINT_TOLERANCE: Final = 10

#: What something may lie inside, beside a disused pipe.
CONTAINERS: Final = ("duct", "bored", "manhole", "chamber", "tank")


#: Where (x, y) a part is joined to what, by which relation.
Joint = tuple[int, int, Thing, Relation]


@dataclass
class Relied:
    """The relations that hold, by what they do. Keys are (part id, target kind, target id).

    ``gone``: assets that are no obstacle; ``stays``: those that something says stay, which no other claim undoes.
    ``replaced``: for each part what it replaces. ``unjudged``: pairs that need no separation. ``overlap_only``: pairs
    judged for overlap only. ``joints``: where each part is joined to what.
    """

    accepted: list[tuple[str, Relation]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    stays: set[str] = field(default_factory=set)
    replaced: dict[str, list[Asset]] = field(default_factory=lambda: defaultdict(list))
    unjudged: set[tuple[str, str, str]] = field(default_factory=set)
    overlap_only: set[tuple[str, str, str]] = field(default_factory=set)
    joints: dict[str, list[Joint]] = field(default_factory=lambda: defaultdict(list))
    findings: list[Finding] = field(default_factory=list)

    def disks(self, case: Case, part: Part, other: Thing, ch: int) -> list[Disk]:
        """The disks in which no separation is asked between ``part`` and ``other``.

        They hold for the object connected to, and for others of its theme and holder that come together there. The
        joint radius is counted from face to face; where lines continue each other it is at least ``ch``.
        """
        found = []
        for x, y, target, relation in self._joints(case, part, other):
            sizes = [case.solid(part), case.solid(other), case.solid(target)]
            half = sum((s.width or 0) for s in sizes if isinstance(s, Corridor)) // 2 + 1
            radius = case.ruleset.joint_radius
            asked = max(radius, ch) if relation.kind == "continues" else radius
            found.append((x, y, asked + half))
        return found

    def overlap_disks(self, case: Case, part: Part, other: Thing) -> list[Disk] | None:
        """The disks beyond which two lines with a joint may not overlap either; ``None`` where they may.

        Lines that continue each other overlap no farther from their common end than half of both widths. A line of
        another theme (a cable to a pipe) ends at the face of what it connects to. Lines of one theme grow together, and
        into a shaft or a volume everything may lead.
        """
        lines = [case.solid(part), case.solid(other)]
        if any(not isinstance(solid, Corridor) or solid.is_shaft for solid in lines):
            return None
        joints = self._joints(case, part, other)
        if part.theme != other.theme:
            return [] if joints else None
        if any(target is not other or relation.kind != "continues" for _, _, target, relation in joints):
            return None
        half = both_widths(*lines) // 2 + 1
        return [(x, y, half) for x, y, _, _ in joints] or None

    def may_lie_along(self, case: Case, part: Part, other: Thing) -> bool:
        """Whether no more than a joint hides that two lines of one theme lie within each other lengthwise."""
        joints = self._joints(case, part, other)
        return part.theme != other.theme or all(relation.kind != "connects" for _, _, _, relation in joints)

    def _joints(self, case: Case, part: Part, other: Thing) -> list[Joint]:
        found = []
        for joint in self.joints[part.id]:
            target = joint[2]
            if other is target or (other.theme == target.theme and case.holder(other) == case.holder(target)):
                found.append(joint)
        return found


def verify(case: Case) -> Relied:
    """Every relation of every part, in canonical order."""
    relied = Relied()
    for part in case.parts:
        for relation in sorted(part.relations, key=lambda r: canonical_json(content(r))):
            target = case.known.get((relation.target_kind, relation.target))
            fault = _fault(case, part, relation, target)
            if fault is None and target is not None:
                relied.accepted.append((part.id, relation))
                _apply(case, relied, part, relation, target)
                doubt = _doubt(target, relation)
                if doubt is not None:
                    relied.findings.append(_finding(case, part, relation, target, doubt))
            elif fault is not None:
                relied.findings.append(_finding(case, part, relation, target, fault))
    relied.gone -= relied.stays
    return relied


def _doubt(target: Thing, relation: Relation) -> RelationFault | None:
    """What remains to be verified of a relation that is accepted."""
    size = getattr(target.geometry, "size", None)
    bored = isinstance(size, Size) and (size.measure == "inner" or size.wall is not None)
    return "bore_unknown" if relation.kind == "inside" and isinstance(target.geometry, Line) and not bored else None


def _fault(case: Case, part: Part, relation: Relation, target: Thing | None) -> RelationFault | None:
    if target is None:
        return "unknown_target"
    if is_rival(target):
        return "not_granted"  # as little to rely on as what is not there
    holder, applicant = case.holder(target), case.application.applicant
    agreed = {consent.holder for consent in case.application.consents}
    if relation.kind == "uses":
        return _fault_of_use(case, part, target, agreed)
    if relation.kind == "shares_trench" and not relation.agreement:
        return "no_agreement"
    if holder not in {applicant, case.holder(part)} and holder not in agreed:
        return "no_consent"
    if relation.kind == "connects":
        return None if _at_point(case, part, relation, target) else "not_at_point"
    if relation.kind == "continues":
        return None if _shared_end(case, part, target) is not None else "not_end_to_end"
    if relation.kind == "inside":
        holds = target.object_kind in CONTAINERS and not isinstance(target, Works)
        if not holds and getattr(target, "status", None) != "disused":
            return "not_a_container"
        outside = sticking_out(case.solid(part, "casing"), _bore(case, target), _round(part) and _round(target))
        return "depth_unknown" if outside is None else "not_inside" if outside else None
    return None


def _round(thing: Thing) -> bool:
    size = getattr(thing.geometry, "size", None)
    return isinstance(size, Size) and size.shape == "round"


def _bore(case: Case, target: Thing) -> Solid:
    """The inside of a duct where its inner size is known, else its outside."""
    solid, size = case.solid(target, "casing"), getattr(target.geometry, "size", None)
    if not isinstance(solid, Corridor) or not isinstance(size, Size) or size.width is None or size.height is None:
        return solid
    wall = 0 if size.measure == "inner" else size.wall or 0
    return replace(solid, width=size.width - 2 * wall, height=solid.height and size.height - 2 * wall)


def _fault_of_use(case: Case, part: Part, target: Thing, agreed: set[str]) -> RelationFault | None:
    if not isinstance(target, Reservation) or target.theme != part.theme:
        return "wrong_theme"
    if target.beneficiary not in {case.application.applicant, case.holder(part)} and target.holder not in agreed:
        return "not_beneficiary"
    return "not_inside" if _apart(case.solid(part), case.solid(target)) else None


def _apart(a: Solid, b: Solid) -> bool:
    """Whether two solids are known to share no space at all."""
    pieces, others = elements(a), elements(b)
    if not all(item.known for item in (*pieces, *others)):
        return False
    heights = sum(solid.height or 0 for solid in (a, b) if isinstance(solid, Corridor))
    for i, j in near_pairs(a, b, 0):
        met = meeting(pieces[i], others[j], both_widths(a, b), heights, 0)
        if met is not None and met.gap < 0:
            return False
    return True


def _apply(case: Case, relied: Relied, part: Part, relation: Relation, target: Thing) -> None:
    key = (part.id, relation.target_kind, relation.target)
    if relation.kind in ("replaces", "removes") and isinstance(target, Asset):
        start, removed = case.application.works_start, relation.removal_date
        in_time = removed is None or (start is not None and removed <= start)
        (relied.gone if in_time and not relation.left_in_ground else relied.stays).add(target.id)
        if relation.kind == "replaces":
            relied.replaced[part.id].append(target)
    elif relation.kind == "connects" and relation.point is not None:
        relied.joints[part.id].append((relation.point[0], relation.point[1], target, relation))
        if isinstance(target.geometry, Shaft) and case.solid(target).lacking:
            # A pipe ends in its manhole: how large or deep that is need not be known for it not to be in the way.
            relied.unjudged.add(key)
    elif relation.kind == "continues":
        end = _shared_end(case, part, target)
        if end is not None:
            relied.joints[part.id].append((*end, target, relation))
    elif relation.kind in ("inside", "uses"):
        relied.unjudged.add(key)
    elif relation.kind == "shares_trench":
        relied.overlap_only.add(key)


def _at_point(case: Case, part: Part, relation: Relation, target: Thing) -> bool:
    """Whether the stated point lies within both solids in plan, and where heights are known the axes come together."""
    if relation.point is None:
        return False
    x, y, z = relation.point
    spans = [_span_at(case.solid(thing, "casing"), x, y) for thing in (part, target)]
    if spans[0] and spans[1] and max(spans[0][0] - spans[1][1], spans[1][0] - spans[0][1]) > 2 * JOINT_TOLERANCE:
        return False
    for thing in (part, target):
        solid = case.solid(thing, "casing")
        if not isinstance(solid, Corridor):
            if not _at_volume(solid, x, y, z):
                return False
            continue
        dot = Axis(x, y, 0, x, y, 0)
        best: int | None = None
        for segment in solid.segments:
            near = plan_nearest(dot, segment.axis._replace(z0=0, z1=0), None)
            if near is None or face_gap(near.num, near.den, solid.width or 0) > JOINT_TOLERANCE:
                continue
            off = _height_off(segment, near.t, z, solid)
            best = off if best is None else min(best, off)
        if best is None or best > JOINT_TOLERANCE:
            return False
    return True


def _span_at(solid: Solid, x: int, y: int) -> tuple[Number, Number] | None:
    """Twice the heights between which a solid lies at (x, y); ``None`` where a height it needs is unknown."""
    if not isinstance(solid, Corridor):
        return (solid.bottom, solid.top) if solid.known else None
    dot = Axis(x, y, 0, x, y, 0)
    spans: list[tuple[Number, Number]] = []
    for segment in solid.segments:
        near = plan_nearest(dot, segment.axis._replace(z0=0, z1=0), None)
        if near is None or face_gap(near.num, near.den, solid.width or 0) > JOINT_TOLERANCE:
            continue
        if not segment.known or solid.height is None:
            return None
        z0, z1 = segment.axis.z0, segment.axis.z1
        at = z0 + near.t * (z1 - z0)
        low, high = (min(z0, z1), max(z0, z1)) if segment.upright else (at, at)
        spans.append((low - solid.height, high + solid.height))
    return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else None


def _at_volume(solid: Prism, x: int, y: int, z: int | None) -> bool:
    """Whether a point lies in a volume, or no farther from it than joints may lie."""
    off = 2 * JOINT_TOLERANCE
    if z is not None and solid.known and not solid.bottom - off <= 2 * z <= solid.top + off:
        return False
    if solid.sides.locate(x, y) >= 0:
        return True
    num, den = solid.sides.squared(x, y)
    return num <= JOINT_TOLERANCE**2 * den


def _height_off(segment: Segment, t: Fraction, z: int | None, solid: Corridor) -> int:
    """How far (mm) the stated height lies above or below the solid; 0 where either is unknown."""
    if z is None or not segment.known:
        return 0
    low, high = sorted((segment.axis.z0, segment.axis.z1))
    at = segment.axis.z0 + t * (segment.axis.z1 - segment.axis.z0)
    if segment.upright:
        return max(0, int(low) - 2 * z, 2 * z - int(high)) // 2
    return max(0, int(abs(at - 2 * z)) - (solid.height or 0)) // 2


def _shared_end(case: Case, part: Part, target: Thing) -> tuple[int, int] | None:
    """Where a part and its target go on in each other: of one theme, with an end in common, and not back again."""
    a, b = case.solid(part, "casing"), case.solid(target, "casing")
    if not isinstance(a, Corridor) or not isinstance(b, Corridor) or a.is_shaft or b.is_shaft:
        return None
    if part.theme != target.theme:
        return None
    heights = 2 * JOINT_TOLERANCE + abs((a.height or 0) - (b.height or 0))
    for k, p in enumerate(_ends(a)):
        for j, q in enumerate(_ends(b)):
            if (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 > JOINT_TOLERANCE**2:
                continue
            if p[2] is not None and q[2] is not None and abs(p[2] - q[2]) > heights:
                continue
            away = max(both_widths(a, b) // 2, 1)
            (px, py), (qx, qy) = _leaving(a, k == 0, away), _leaving(b, j == 0, away)
            if px * qx + py * qy <= 0:
                return p[0], p[1]
    return None


def _leaving(corridor: Corridor, first: bool, away: int) -> tuple[Number, Number]:
    """Which way, in plan, a corridor leaves one of its ends over the first ``away`` mm."""
    length = corridor.starts[-1] // 1000
    low, high = (0, min(away, length)) if first else (max(length - away, 0), length)
    pieces = corridor.between(low, high)
    if not pieces:
        return 0, 0
    start, end = pieces[0].axis, pieces[-1].axis
    x, y = end.x1 - start.x0, end.y1 - start.y0
    return (x, y) if first else (-x, -y)


def _ends(corridor: Corridor) -> list[tuple[int, int, int | None]]:
    first, last = corridor.segments[0], corridor.segments[-1]
    return [
        (int(first.axis.x0), int(first.axis.y0), int(first.axis.z0) if first.known else None),
        (int(last.axis.x1), int(last.axis.y1), int(last.axis.z1) if last.known else None),
    ]


def first_place(case: Case, part: Part) -> Place:
    """Where a part begins: for findings about the whole of it."""
    solid = case.solid(part)
    if isinstance(solid, Corridor):
        axis = solid.segments[0].axis
        return Place(part.id, None if solid.is_shaft else 0, int(axis.x0), int(axis.y0))
    return Place(part.id, None, *solid.outer[0])


def counterpart(case: Case, thing: Thing) -> Counterpart:
    """How a finding names an object."""
    kind = kind_of(thing) or "asset"
    strength = thing.strength if isinstance(thing, Reservation) else None
    return Counterpart(kind, thing.id, thing.theme, thing.object_kind, case.holder(thing), strength)


def _finding(case: Case, part: Part, relation: Relation, target: Thing | None, fault: RelationFault) -> Finding:
    named = (
        counterpart(case, target)
        if target is not None
        else Counterpart(relation.target_kind, relation.target, part.theme, part.object_kind, None)
    )
    place = first_place(case, part)
    if relation.point is not None:
        place = Place(part.id, None, relation.point[0], relation.point[1])
    elif target is not None and isinstance(target.geometry, Shaft):
        place = Place(part.id, None, *target.geometry.position)
    return Finding(
        rule="relations",
        rule_kind="relations",
        cause="relation",
        certainty="certain",
        severity="conditions",
        legal_force=None,
        counterparts=(named,),
        place=place,
        stretches=(),
        relation=relation.kind,
        fault=fault,
    )
