"""Whether one solid lies inside another: a cable in its duct, a pipe in its reservation."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from registry.core.boxes import near_boxes
from registry.core.elements import merged
from registry.core.kernels import Axis, Number, plan_nearest, segment_distance
from registry.core.polygons import contains
from registry.core.solids import Corridor, Prism, Segment, Solid

Stretches = list[tuple[int, int]]


def sticking_out(inner: Solid, outer: Solid, both_round: bool = False) -> Stretches | None:
    """The stretches of ``inner`` (mm of chainage) that are not inside ``outer``; empty when it is inside, ``None``
    where a depth or size is unknown. A volume or shaft that sticks out does so as a whole: [(0, 0)].

    Of two corridors that are ``both_round`` the axes must also be as near in space as in plan."""
    if not _known(inner) or not _known(outer):
        return None
    if isinstance(inner, Prism):
        return [] if isinstance(outer, Prism) and _prism_inside(inner, outer) else [(0, 0)]
    out: Stretches = []
    around = _around(inner, outer) if isinstance(outer, Corridor) else {}
    for segment, length in zip(inner.segments, inner.lengths, strict=True):
        rise = abs(int(segment.axis.z1 - segment.axis.z0)) // 2
        steps = max(rise if segment.upright else length // 1000, 1)
        if isinstance(outer, Prism):
            held = [(0, steps)] if _segment_inside(inner, segment, outer) else []
        else:
            others = (outer.segments[k] for k in around.get(segment.index, ()))
            spans = (_held(inner, segment, outer, other, steps, both_round) for other in others)
            held = merged([span for span in spans if span is not None], 1)
        start, at = inner.chainage(segment.index, Fraction(0)), 0
        for low, high in [*held, (steps, steps)]:
            if low > at + 1 or (not held and at == 0):
                out.append((start, start) if segment.upright else (start + at, start + low))
            at = max(at, high)
    return merged(out, 1)


def _around(inner: Corridor, outer: Corridor) -> dict[int, list[int]]:
    """By segment of the inner one those of the outer one near enough to hold some of it, in order."""
    room = (outer.width or 0) - (inner.width or 0)
    found: dict[int, list[int]] = {}
    if room >= 0:
        for i, j in near_boxes(inner.boxes, outer.boxes, room // 2 + 1):
            found.setdefault(i, []).append(j)
    return found


def _known(solid: Solid) -> bool:
    if isinstance(solid, Prism):
        return solid.known
    return solid.width is not None and all(segment.known for segment in solid.segments)


def _held(
    inner: Corridor, p: Segment, outer: Corridor, q: Segment, steps: int, both_round: bool
) -> tuple[int, int] | None:
    """Between which steps along ``p`` the inner corridor lies inside this segment of the outer one.

    Both are convex, so it is one interval: found from the nearest place outwards, by halving.
    """
    room, headroom = (outer.width or 0) - (inner.width or 0), (outer.height or 0) - (inner.height or 0)
    if room < 0 or (headroom < 0 and not q.upright):
        return None
    height = inner.height or 0
    floor, ceiling = sorted((q.axis.z0, q.axis.z1))

    def inside(low: Fraction, high: Fraction) -> Fraction | None:
        piece: Segment | None = p.piece(low, high)
        if q.upright:
            # Within a shaft: between its bottom and its top.
            held = between_heights(p.piece(low, high), floor + height, ceiling - height)
            piece = None if held is None else p.piece(low, high).piece(*held)
            low, high = (low + held[0] * (high - low), low + held[1] * (high - low)) if held else (low, high)
        if piece is None:
            return None
        if both_round and not q.upright:
            near = segment_distance(_in_space(piece.axis), _in_space(q.axis))
            near = near._replace(den=4 * near.den)
        else:
            found = plan_nearest(piece.axis, q.axis, None if q.upright else headroom + 1)
            if found is None:
                return None
            near = found
        return None if 4 * near.num > room * room * near.den else low + near.s * (high - low)

    best = inside(Fraction(0), Fraction(1))
    if best is None:
        return None
    middle = round(best * steps)

    def at(step: int) -> bool:
        return step == middle or inside(Fraction(step, steps), Fraction(step, steps)) is not None

    return _farthest(at, middle, 0), _farthest(at, middle, steps)


def between_heights(p: Segment, floor: Number, ceiling: Number) -> tuple[Fraction, Fraction] | None:
    """Between which fractions an axis lies between two heights (half mm), both included."""
    z0, z1 = p.axis.z0, p.axis.z1
    if floor > ceiling or max(z0, z1) < floor or min(z0, z1) > ceiling:
        return None
    if p.upright or z0 == z1:
        return (Fraction(0), Fraction(1)) if floor <= min(z0, z1) and max(z0, z1) <= ceiling else None
    cuts = sorted((Fraction(floor - z0) / (z1 - z0), Fraction(ceiling - z0) / (z1 - z0)))
    return max(cuts[0], Fraction(0)), min(cuts[1], Fraction(1))


def _in_space(p: Axis) -> tuple[tuple[Number, Number, Number], tuple[Number, Number, Number]]:
    """The ends of an axis in half mm along all three axes."""
    return (2 * p.x0, 2 * p.y0, p.z0), (2 * p.x1, 2 * p.y1, p.z1)


def _farthest(holds: Callable[[int], bool], near: int, far: int) -> int:
    """The step farthest from ``near`` towards ``far`` at which ``holds``, given that it holds up to there."""
    if holds(far):
        return far
    while abs(far - near) > 1:
        middle = (near + far) // 2
        if holds(middle):
            near = middle
        else:
            far = middle
    return near


def _segment_inside(inner: Corridor, p: Segment, outer: Prism) -> bool:
    half = inner.height or 0
    if min(p.axis.z0, p.axis.z1) - half < outer.bottom or max(p.axis.z0, p.axis.z1) + half > outer.top:
        return False
    if outer.sides.locate(p.axis.x0, p.axis.y0) < 0:
        return False
    axis, width = p.axis, inner.width or 0
    surely, doubtful = outer.sides.within(axis, width / 2, one_will_do=True)
    return not len(surely) and all(4 * near.num >= width**2 * near.den for near in outer.sides.exactly(axis, doubtful))


def _prism_inside(inner: Prism, outer: Prism) -> bool:
    if inner.bottom < outer.bottom or inner.top > outer.top:
        return False
    return contains((outer.outer, outer.holes), (inner.outer, inner.holes))
