"""How near a segment or a volume comes to a volume, or how deep it lies in it."""

from __future__ import annotations

from fractions import Fraction
from math import inf, isqrt, sqrt

import numpy as np

from registry.core.kernels import Axis, Nearest, face_gap
from registry.core.meetings import Meeting, held_between, met_at, on
from registry.core.overlaps import overlap
from registry.core.pieces import deepest
from registry.core.sides import SLACK, Floats, Indices, Line
from registry.core.solids import Prism, Segment


def segment_and_prism(
    p: Segment,
    q: Prism,
    widths: int,
    heights: int,
    cv: int | None,
    below: int | None = None,
    *,
    less_will_do: bool = False,
) -> Meeting | None:
    """The least gap of a segment and a volume where their vertical gap is less than ``cv``; ``t`` is 0.

    Where that is not less than ``below`` (mm), the answer may be any that is not; where ``less_will_do``, and one is
    less than ``below``, any that is.
    """
    at = _held_range(p, q, heights, cv)
    if at is None:
        return None
    low, high = at
    axis = _flat(p, low, high)
    # A place is less deep than this where its gap is not less than ``below``.
    at_least = 0 if below is None else (2 - 1000 * widths) / 2000 - below
    inside = deepest(axis, q.sides, max(at_least, 0), one_will_do=less_will_do)
    if inside is not None:
        x, y = on(axis, inside.s)
        # As `face_gap`, with the way out counted as negative.
        gap = (-isqrt(int(4_000_000 * inside.num // inside.den)) - 1000 * widths + 2) // 2000
        return Meeting(gap, low + inside.s * (high - low), Fraction(0), round(x), round(y))
    found = q.sides.exactly(axis, q.sides.nearest(axis))
    best = found[0]
    for near in found[1:]:
        if (near.num * best.den, near.s) < (best.num * near.den, best.s):
            best = near
    place = met_at(best, best, axis, widths)
    return Meeting(place.gap, low + best.s * (high - low), Fraction(0), place.x, place.y)


def segment_too_close(
    p: Segment, q: Prism, widths: int, heights: int, cv: int | None, limit: int, among: Indices | None = None
) -> bool:
    """Whether that gap is less than ``limit`` (mm). ``among`` are all sides that can matter, from ``sides_beside``."""
    radius = _radius(widths, limit)
    if radius <= 0:
        found = segment_and_prism(p, q, widths, heights, cv, limit, less_will_do=True)
        return found is not None and found.gap < limit
    at = _held_range(p, q, heights, cv)
    if at is None:
        return False
    axis = _flat(p, *at)
    surely, doubtful = q.sides.within(axis, radius, among, one_will_do=True)
    if len(surely):
        return True
    if any(face_gap(near.num, near.den, widths) < limit for near in q.sides.exactly(axis, doubtful)):
        return True
    # Nothing of the boundary is near: either all of it lies inside, or nothing.
    return q.sides.locate(axis.x0, axis.y0) > 0


def sides_beside(p: Segment, q: Prism, widths: int, limit: int) -> Indices | None:
    """The sides of ``q`` less than ``limit`` (mm) from ``p``, face to face and in plan; ``None``: it may be any."""
    radius = _radius(widths, limit)
    if radius <= 0:
        return None
    surely, doubtful = q.sides.within(p.axis, radius)
    return np.union1d(surely, doubtful)


def too_close_about(
    p: Segment, q: Prism, widths: int, heights: int, cv: int | None, limit: int, among: Indices | None
) -> tuple[float, float] | None:
    """About from where to where, as fractions of ``p``, it is too close to ``q``: a guess, in floats."""
    at = _held_range(p, q, heights, cv)
    radius = _radius(widths, limit)
    if at is None or among is None or radius <= 0:
        return None
    low, high = float(at[0]), float(at[1])
    line = Line(p.axis)
    ends = [q.sides.locate(*on(p.axis, s)) > 0 for s in at]
    x0, y0, vx, vy = q.sides.relative(line, among)
    first, last = (low if ends[0] else inf), (high if ends[1] else -inf)
    length, extent = line.ux**2 + line.uy**2, np.maximum(vx * vx + vy * vy, 1)
    if not length:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        for x, y in ((x0, y0), (x0 + vx, y0 + vy)):
            ahead = x * line.ux + y * line.uy
            chord = np.sqrt(ahead**2 - length * (x * x + y * y - radius**2))  # not a number where it passes by
            first = min(first, _least((ahead - chord) / length, (ahead + chord) / length, low, high))
            last = max(last, -_least(-(ahead + chord) / length, -(ahead - chord) / length, -high, -low))
        off, turn = vx * y0 - vy * x0, vx * line.uy - vy * line.ux
        across = [(off + sign * radius * np.sqrt(extent)) / turn for sign in (-1, 1)]
        back, forth = -(x0 * vx + y0 * vy), line.ux * vx + line.uy * vy
        lengthwise = [(sign * extent - back) / forth for sign in (0, 1)]
        starts = np.maximum(np.minimum(*across), np.minimum(*lengthwise))
        stops = np.minimum(np.maximum(*across), np.maximum(*lengthwise))
        first = min(first, _least(starts, stops, low, high))
        last = max(last, -_least(-stops, -starts, -high, -low))
    return (first, last) if first <= last else None


def _least(starts: Floats, stops: Floats, low: float, high: float) -> float:
    """The lowest place from ``low`` to ``high`` in any of the stretches."""
    held = np.maximum(starts, low)[(starts < stops) & (stops > low) & (starts < high)]
    return float(held.min()) if len(held) else inf


def _radius(widths: int, limit: int) -> float:
    """From an axis to the boundary, mm: nearer than this the gap (``face_gap``) is less than ``limit``."""
    return (2000 * limit + 1000 * widths - 2) / 2000


def _held_range(p: Segment, q: Prism, heights: int, cv: int | None) -> tuple[Fraction, Fraction] | None:
    if cv is None:
        return Fraction(0), Fraction(1)
    return held_between(p, q.bottom - heights - 2 * cv, q.top + heights + 2 * cv)


def _flat(p: Segment, low: Fraction, high: Fraction) -> Axis:
    piece = p if low == 0 and high == 1 else p.piece(low, high)
    return piece.axis._replace(z0=0, z1=0)


def two_prisms(p: Prism, q: Prism, cv: int | None) -> Meeting | None:
    """The least gap of two volumes where their vertical gap is less than ``cv``; ``s`` and ``t`` are 0."""
    if cv is not None and max(p.bottom - q.top, q.bottom - p.top) >= 2 * cv:
        return None
    depth, place = overlap(p.sides, q.sides)
    if depth > 0:
        return Meeting(-depth, Fraction(0), Fraction(0), round(place[0]), round(place[1]))
    best: Nearest | None = None
    met_on: Axis | None = None
    for edge in p.sides.axes:
        within = inf if best is None else sqrt(best.num / best.den) + SLACK
        for near in q.sides.exactly(edge, q.sides.nearest(edge, within)):
            if best is None or near.num * best.den < best.num * near.den:
                best, met_on = near, edge
    assert best is not None
    assert met_on is not None
    found = met_at(best, best, met_on, 0)
    return Meeting(found.gap, Fraction(0), Fraction(0), found.x, found.y)



def two_too_close(p: Prism, q: Prism, cv: int | None, limit: int) -> bool:
    """Whether that gap is less than ``limit`` (mm)."""
    if cv is not None and max(p.bottom - q.top, q.bottom - p.top) >= 2 * cv:
        return False
    if limit <= 0:
        return overlap(p.sides, q.sides, 1 - limit)[0] > -limit
    for edge in p.sides.axes:
        surely, doubtful = q.sides.within(edge, _radius(0, limit), one_will_do=True)
        if len(surely) or any(face_gap(near.num, near.den, 0) < limit for near in q.sides.exactly(edge, doubtful)):
            return True
    # Their boundaries lie apart: the one lies inside the other, or nothing does.
    return p.sides.locate(*q.outer[0]) > 0 or q.sides.locate(*p.outer[0]) > 0
