"""From where to where a corridor is too close to others: in whole millimetres of its chainage.

Along one straight piece and beside one other, that is one interval. It is told outward, to the millimetres around it,
so that the union does not depend on where on a straight line its vertices are, as long as the same pairs count. Only
what can add to the union is looked for: a pair of which all that is still open is known to be clear is passed over.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil, floor, inf, sqrt

from registry.core.elements import Element, merged
from registry.core.kernels import Axis, face_gap, plan_nearest
from registry.core.solids import Corridor, Prism, Segment

#: Whether the piece between two chainages (mm) is too close.
Close = Callable[[int, int], bool]
#: About from where to where (mm), in floats; ``None``: not easily told.
About = Callable[[], tuple[float, float] | None]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a piece ``p`` is too close to: ``q`` where the vertical gap is less than ``cv`` and the gap than ``limit``.

    ``widths`` and ``heights`` are the sums of both sizes; all in mm.
    """

    p: Segment
    q: Element
    widths: int
    heights: int
    cv: int | None
    limit: int


def stretches(a: Corridor, pairs: Iterable[Beside]) -> list[tuple[int, int]]:
    """Where ``a`` is too close to any of ``pairs``, which are too close somewhere: joined, in order."""
    along: dict[tuple[int, Fraction, Fraction], Covered] = {}
    for pair in pairs:
        p = pair.p
        covered = along.setdefault((p.index, p.low, p.high), Covered())
        first, last = a.chainage(p.index, p.low), _up(a.starts[p.index] + p.high * a.lengths[p.index])
        still_open = covered.open(first, last)
        if still_open is None:
            continue
        if p.upright or first == last:
            covered.add(first, last)
            continue
        close, about = _closeness(a, pair)
        if still_open == (first, last) or close(*still_open):
            covered.add(*_between(close, about, *still_open))
    end = a.starts[-1] // 1000  # as the whole length is told
    return merged([(start, min(stop, end)) for covered in along.values() for start, stop in covered], 1)


class Covered:
    """Stretches joined as they come, where they overlap or lie no more than 1 mm apart."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(zip(self._starts, self._ends, strict=True))

    def add(self, start: int, end: int) -> None:
        first, last = bisect_left(self._ends, start - 1), bisect_right(self._starts, end + 1)
        if first < last:
            start, end = min(start, self._starts[first]), max(end, self._ends[last - 1])
        self._starts[first:last], self._ends[first:last] = [start], [end]

    def open(self, start: int, end: int) -> tuple[int, int] | None:
        """From where to where in a stretch something is not covered; ``None``: all of it is."""
        k = bisect_right(self._starts, start) - 1
        if k >= 0 and self._ends[k] >= end:
            return None
        first = max(start, self._ends[k]) if k >= 0 else start
        k = bisect_left(self._ends, end)
        return first, min(end, self._starts[k]) if k < len(self._ends) else end


def _between(close: Close, about: About, low: int, high: int) -> tuple[int, int]:
    """From where to where between ``low`` and ``high`` it is too close, rounded outward, given that it somewhere is."""
    guess, steps = about(), high - low - 1
    # It starts in the millimetre before the first to which a piece from ``low`` is too close; and so from the back.
    start = low + _halve(lambda x: close(low, low + 1 + x), steps, guess and floor(guess[0]) - low)
    return start, high - _halve(lambda x: close(high - 1 - x, high), steps, guess and high - ceil(guess[1]))


def _halve(holds: Callable[[int], bool], high: int, guess: int | None = None) -> int:
    """The smallest x in 0..high for which ``holds``, given that it holds at ``high`` and stays true once true.

    ``guess`` is looked at first, then what lies farther and farther from it.
    """
    low = -1
    if guess is not None:
        middle, step = min(max(guess, 0), high), 1
        if middle == high or holds(middle):
            high = middle
            while high > 0 and holds(max(high - step, 0)):
                high, step = max(high - step, 0), 4 * step
            low = max(high - step, -1)
        else:
            low = middle
            while low + step < high and not holds(low + step):
                low, step = low + step, 4 * step
            high = min(low + step, high)
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high


def _closeness(a: Corridor, pair: Beside) -> tuple[Close, About]:
    """Whether a piece of ``p`` is too close to ``q``, by chainage (mm); and about from where to where it is."""
    p, q = pair.p, pair.q
    if isinstance(q, Prism):
        return _closeness_of_volume(a, p, q, pair)
    start, length = a.starts[p.index], a.lengths[p.index]
    low, high = (_whole(fraction * length) for fraction in (p.low, p.high))
    axis = a.segments[p.index].axis
    slab = None if pair.cv is None else pair.heights + 2 * pair.cv
    # All is scaled by the length (µm), so that where a piece ends stays a whole number.
    scaled = Axis(*(number * length for number in q.axis))
    scaled_slab = None if slab is None else slab * length
    other = q.axis

    def close(first: int, last: int) -> bool:
        ends = [
            begin * length + at * (end - begin)
            for at in (max(first * 1000 - start, low), min(last * 1000 - start, high))
            for begin, end in zip(axis[:3], axis[3:], strict=True)
        ]
        near = plan_nearest(Axis(*ends), scaled, scaled_slab)
        return near is not None and face_gap(near.num, near.den * length * length, pair.widths) < pair.limit

    def about() -> tuple[float, float] | None:
        found = _about(p.axis, other, pair.limit + pair.widths / 2, inf if slab is None else slab)
        return found and (_at(a, p, found[0]), _at(a, p, found[1]))

    return close, about


def _closeness_of_volume(a: Corridor, p: Segment, q: Prism, pair: Beside) -> tuple[Close, About]:
    # Volumes are rare and this import is slow.
    from registry.core import prisms

    start, length = a.starts[p.index], a.lengths[p.index]
    among = cache(lambda: prisms.sides_beside(p, q, pair.widths, pair.limit))
    whole = a.segments[p.index]

    def close(first: int, last: int) -> bool:
        low = max(Fraction(first * 1000 - start, length), p.low)
        high = min(Fraction(last * 1000 - start, length), p.high)
        return prisms.segment_too_close(
            whole.piece(low, high), q, pair.widths, pair.heights, pair.cv, pair.limit, among()
        )

    def about() -> tuple[float, float] | None:
        found = prisms.too_close_about(p, q, pair.widths, pair.heights, pair.cv, pair.limit, among())
        return found and (_at(a, p, found[0]), _at(a, p, found[1]))

    return close, about


def _about(p: Axis, q: Axis, radius: float, slab: float) -> tuple[float, float] | None:
    """About from where to where, as fractions of ``p``, it lies within ``radius`` (mm) of ``q`` in plan, at places
    whose heights (half mm) differ less than ``slab``: a guess, in floats.

    Of all (s, t) for which that holds, a convex set, the ends along s are at a corner of what the slab leaves of the
    unit square, on one of its edges, or, within it, where p lies at the radius from the line of q.
    """
    wx, wy = float(p.x0 - q.x0), float(p.y0 - q.y0)
    ux, uy, vx, vy = float(p.x1 - p.x0), float(p.y1 - p.y0), float(q.x1 - q.x0), float(q.y1 - q.y0)
    dz, rise_p, rise_q = float(p.z0 - q.z0), float(p.z1 - p.z0), float(q.z1 - q.z0)
    corners = [(s, t, dz + s * rise_p - t * rise_q) for s, t in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))]
    for sign in (1, -1):
        corners = _cut(corners, sign, slab)
    found: list[float] = []
    for (s0, t0, _), (s1, t1, _) in zip(corners, [*corners[1:], *corners[:1]], strict=True):
        # Along this edge the difference of both places is d + λ·e.
        dx, dy = wx + s0 * ux - t0 * vx, wy + s0 * uy - t0 * vy
        ex, ey = (s1 - s0) * ux - (t1 - t0) * vx, (s1 - s0) * uy - (t1 - t0) * vy
        ee, de, dd = ex * ex + ey * ey, dx * ex + dy * ey, dx * dx + dy * dy - radius * radius
        under = de * de - ee * dd
        if ee > 0 and under >= 0:
            low, high = max((-de - sqrt(under)) / ee, 0), min((-de + sqrt(under)) / ee, 1)
            if low <= high:
                found += [s0 + low * (s1 - s0), s0 + high * (s1 - s0)]
        elif ee == 0 and dd <= 0:
            found += [s0, s1]
    turn, length = ux * vy - uy * vx, vx * vx + vy * vy
    if turn and corners:
        for away in (-radius, radius):
            s = (away * sqrt(length) - (wx * vy - wy * vx)) / turn
            t = ((wx + s * ux) * vx + (wy + s * uy) * vy) / length
            if 0 <= s <= 1 and 0 <= t <= 1 and abs(dz + s * rise_p - t * rise_q) <= slab:
                found.append(s)
    return (min(found), max(found)) if found else None


def _cut(corners: list[tuple[float, float, float]], sign: int, slab: float) -> list[tuple[float, float, float]]:
    """What of a convex polygon of (s, t, height) has sign · height no more than ``slab``."""
    kept: list[tuple[float, float, float]] = []
    for one, other in zip(corners, [*corners[1:], *corners[:1]], strict=True):
        over, next_over = sign * one[2] - slab, sign * other[2] - slab
        if over <= 0:
            kept.append(one)
        if (over < 0 < next_over) or (next_over < 0 < over):
            part = over / (over - next_over)
            kept.append((one[0] + part * (other[0] - one[0]), one[1] + part * (other[1] - one[1]), sign * slab))
    return kept


def _at(a: Corridor, p: Segment, fraction: float) -> float:
    """The chainage (mm) of a fraction of a piece, in floats."""
    along = float(p.low) + fraction * float(p.high - p.low)
    return (a.starts[p.index] + along * a.lengths[p.index]) / 1000


def _whole(number: Fraction) -> int | Fraction:
    return int(number) if number.denominator == 1 else number


def _up(micrometres: Fraction) -> int:
    """Whole mm, rounded up from whole µm."""
    return -(-round(micrometres) // 1000)
