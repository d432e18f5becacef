"""Where a corridor goes on in another of its network: such an end has no cap that will not be built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from registry.core.boxes import boxes_meet, near_boxes
from registry.core.kernels import Axis, axis_box, face_gap, plan_nearest
from registry.core.solids import Corridor, Segment, Solid

Ends = tuple[bool, bool]


def joined_ends(network: Mapping[str, Solid]) -> dict[str, Ends]:
    """For each corridor of one network, by id: whether its first and its last end lie in another of them.

    An end does when it lies within half the other's width of the other's axis, unless the two are known to lie apart in
    height there. The other is at least as wide: in a narrower one a cap would stick out. Shafts and volumes neither go
    on nor are gone on in: nothing is built beyond an end at a manhole.
    """
    lines = {name: solid for name, solid in network.items() if isinstance(solid, Corridor) and not solid.is_shaft}
    names = sorted(lines)
    ends = [(name, k) for name in names for k in (0, -1)]
    dots = [_end(lines[name], k) for name, k in ends]
    joined = {name: [False, False] for name in names}
    if not names:
        return {}
    boxes = [lines[name].box for name in names]
    for i, j in near_boxes([axis_box(dot) for dot in dots], boxes, 1):
        (name, k), other = ends[i], names[j]
        if name != other and not joined[name][k] and _lies_in(lines[name], dots[i], k, lines[other]):
            joined[name][k] = True
    return {name: (both[0], both[1]) for name, both in joined.items()}


def _end(line: Corridor, k: int) -> Axis:
    """The first (0) or last (−1) point of the axis."""
    p = line.segments[k].axis
    return Axis(*p[:3], *p[:3]) if k == 0 else Axis(*p[3:], *p[3:])


def _lies_in(line: Corridor, dot: Axis, k: int, other: Corridor) -> bool:
    box, half = axis_box(dot), other.width or 0
    if half < (line.width or 0):
        return False
    near: Sequence[Segment] = [s for s in other.segments if boxes_meet(axis_box(s.axis), box, half)]
    known = line.segments[k].known
    return any(_meets(dot, segment, half, (line.height or 0) + (other.height or 0), known) for segment in near)


def _meets(dot: Axis, segment: Segment, width: int, heights: int, known: bool) -> bool:
    near = plan_nearest(dot, segment.axis, None)
    if near is None or face_gap(near.num, near.den, width) > 0:
        return False
    if not known or not segment.known:
        return True
    p = segment.axis
    at = p.z0 + near.t * (p.z1 - p.z0)
    low, high = sorted((p.z0, p.z1)) if segment.upright else (at, at)
    return low - heights <= dot.z0 <= high + heights
