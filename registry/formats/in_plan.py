"""How two objects lie to each other in plan, as far as a remedy depends on it: whether one passes through the other,
and whether two parts only meet at an end.

Told beside a verdict and no part of it. Widths and places in plan need no ground level.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import gcd
from typing import Final

from registry.core.clash import find_clash
from registry.core.elements import Disk, both_widths, elements, meeting, near_pairs
from registry.core.ground import Ground
from registry.core.kernels import Axis, Number, face_gap, plan_nearest, point_in_rings
from registry.core.model import Point, Thing, Uncertainty
from registry.core.policy import Clearance
from registry.core.relations import JOINT_TOLERANCE
from registry.core.solids import Corridor, MeasuredFrom, Segment, Solid, solid_of

_NO_GROUND: Final = Ground((), 0)


def solid_in_plan(thing: Thing, measured_from: str | None) -> Solid:
    """The solid of an object; its heights are those stated, where they are."""
    place: MeasuredFrom = "casing" if measured_from == "casing" else "envelope"
    return solid_of(thing, _NO_GROUND, place)


def width_unknown(thing: Thing, measured_from: str | None) -> bool:
    solid = solid_in_plan(thing, measured_from)
    return isinstance(solid, Corridor) and solid.width is None


def both_volumes(a: Thing, b: Thing) -> bool:
    return not any(isinstance(solid_in_plan(thing, None), Corridor) for thing in (a, b))


def passes_through(a: Thing, b: Thing, gap: int, measured_from: str | None) -> bool:
    """Whether the axis of one goes through the other, so that moving it aside by what is missing does not get it past.

    ``gap`` (mm) is the least horizontal one where they are too close: two axes meet there only when it is half of both
    widths below zero. Axes that lie on each other, or of which one ends at the other, do not pass through.
    """
    first, second = solid_in_plan(a, measured_from), solid_in_plan(b, measured_from)
    if isinstance(first, Corridor) and isinstance(second, Corridor):
        return gap <= -(both_widths(first, second) // 2) and _paths_cross(first, second)
    if isinstance(first, Corridor) or isinstance(second, Corridor):
        return _enters(first, second)
    return False


def _enters(a: Solid, b: Solid) -> bool:
    """Whether the axis of the one that is a corridor lies somewhere inside the other's footprint."""
    firsts, seconds = elements(a), elements(b)
    found = (meeting(firsts[i], seconds[j], 0, 0, None) for i, j in near_pairs(a, b, 0))
    return any(met is not None and met.gap < 0 for met in found)


def _paths_cross(a: Corridor, b: Corridor) -> bool:
    """Whether two axes meet in plan at a place where neither ends and they do not go the same way."""
    one, other = _path(a), _path(b)
    ends = {one[0], one[-1], other[0], other[-1]}
    for i, j in near_pairs(a, b, 0):
        p, q = (solid.segments[k].axis._replace(z0=0, z1=0) for solid, k in ((a, i), (b, j)))
        if (p.x1 - p.x0) * (q.y1 - q.y0) == (p.y1 - p.y0) * (q.x1 - q.x0):
            continue
        near = plan_nearest(p, q, None)
        if near is None or near.num:
            continue
        met = p.x0 + near.s * (p.x1 - p.x0), p.y0 + near.s * (p.y1 - p.y0)
        if met not in ends and not (met in one and met in other and _ways(one, met) == _ways(other, met)):
            return True
    return False


def _ways(path: Sequence[tuple[Number, Number]], at: tuple[Number, Number]) -> set[tuple[int, int]]:
    """In which directions a path comes to a vertex and leaves it."""
    ways = set()
    for k in (k for k, point in enumerate(path) if point == at):
        for x, y in (*path[max(k - 1, 0) : k], *path[k + 1 : k + 2]):
            dx, dy = int(x - path[k][0]), int(y - path[k][1])
            ways.add((dx // gcd(dx, dy), dy // gcd(dx, dy)))
    return ways


def _path(corridor: Corridor) -> list[tuple[Number, Number]]:
    """The axis in plan, each place in a row once."""
    last = corridor.segments[-1].axis
    points = [*((s.axis.x0, s.axis.y0) for s in corridor.segments), (last.x1, last.y1)]
    return [point for k, point in enumerate(points) if k == 0 or point != points[k - 1]]


def joints(a: Thing, b: Thing) -> list[Point]:
    """Where two objects may be joined: an end of one that lies in the other, or a shaft the other runs through."""
    first, second = solid_in_plan(a, "casing"), solid_in_plan(b, "casing")
    found = [point for point in _ends(first) if _holds(second, point)]
    return list(dict.fromkeys([*found, *(point for point in _ends(second) if _holds(first, point))]))


def only_meet(a: Thing, b: Thing, required: int, joint_radius: int, measured_from: str | None) -> bool:
    """Whether two objects would be far enough apart, at any depth, if they were joined where they can be."""
    one, other = (solid_in_plan(thing, measured_from) for thing in (a, b))
    radius = joint_radius + both_widths(one, other) // 2 + 1
    disks: list[Disk] = [(x, y, radius) for x, y in joints(a, b)]
    return bool(disks) and find_clash(one, other, Clearance(required, None), Uncertainty(), 0, None, disks) is None


def _ends(solid: Solid) -> Iterator[Point]:
    if isinstance(solid, Corridor):
        path = _path(solid)
        yield from dict.fromkeys((int(x), int(y)) for x, y in (path[0], path[-1]))


def _holds(solid: Solid, point: Point) -> bool:
    if not isinstance(solid, Corridor):
        dot = Axis(*point, 0, *point, 0)
        sides = (plan_nearest(dot, side, None) for side in solid.sides.axes)
        at_side = any(near is not None and near.num <= JOINT_TOLERANCE**2 * near.den for near in sides)
        return at_side or point_in_rings(*point, solid.outer, solid.holes) >= 0
    return any(_reaches(segment, point, solid.width or 0) for segment in solid.segments)


def _reaches(segment: Segment, point: Point, width: int) -> bool:
    near = plan_nearest(Axis(*point, 0, *point, 0), segment.axis._replace(z0=0, z1=0), None)
    return near is not None and face_gap(near.num, near.den, width) <= JOINT_TOLERANCE
