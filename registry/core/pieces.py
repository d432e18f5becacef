"""How an axis is cut by the sides of a footprint, which of its pieces lie inside, and how deep the deepest lies.

A straight axis may cross thousands of sides. What of its pieces can matter is told from floats, with an upper bound of
how deep each lies; where a piece begins and ends is then worked out exactly, for those few alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from math import inf, sqrt
from typing import NamedTuple

import numpy as np

from registry.core.kernels import Axis
from registry.core.meetings import on
from registry.core.sides import FEW, SLACK, Floats, Indices, Line, Mask, Sides
from registry.core.summits import FINE, summit

#: Fractions of an axis at which a side touches or crosses it.
Cuts = Callable[[int], list[Fraction]]


class Deepest(NamedTuple):
    """How far inside (squared distance to the boundary, mm², a ratio) and where along the axis."""

    num: int
    den: int
    s: Fraction


def deepest(axis: Axis, sides: Sides, at_least: float = 0, *, one_will_do: bool = False) -> Deepest | None:
    """Where an axis lies deepest inside a footprint, the first of equals; ``None`` where it nowhere lies inside.

    The place is found to well within a thousandth of a millimetre of depth and then measured exactly. Where none is
    ``at_least`` (mm) deep, the answer may be any, or ``None``; where ``one_will_do`` it may be any that is so deep.
    """
    if at_least > 0 and _shallow(axis, sides, at_least):
        return Deepest(0, 1, Fraction(0))
    sampled = _sampled(axis, sides, at_least)
    depth = 0.0 if sampled is None else sqrt(sampled.num / sampled.den)
    if one_will_do and depth > at_least + SLACK:
        return sampled
    if sampled is None and at_least <= 0:
        return None
    found = summit(axis, sides, max(depth, at_least - 2 * SLACK) - FINE)
    if found is None:
        return sampled
    measured = Deepest(*sides.squared(*on(axis, found)), found)
    # As deep as the sampled one, but for what floats leave open: then the first of equals.
    return measured if sqrt(measured.num / measured.den) + 4 * FINE >= depth else sampled


def _sampled(axis: Axis, sides: Sides, at_least: float) -> Deepest | None:
    """A place inside, at an end of the axis or half-way between the places where it meets the boundary: the deepest of
    these. Where none is ``at_least`` deep, any or ``None``."""
    among, crossed = sides.touching(axis)

    def cuts(side: int) -> list[Fraction]:
        return [near.s for near in sides.exactly(axis, np.array([side])) if near.num == 0]

    if len(among) > FEW:
        pieces = Pieces(axis, sides, among, crossed, cuts)
        found = _deepest_of_many(axis, sides, pieces, at_least)
        if at_least > 8 * SLACK or (found is not None and found.num > (8 * SLACK) ** 2 * found.den):
            return found
    met = sorted({s for side in among.tolist() for s in cuts(side)})
    length = _length(axis)
    places = [(inf, Fraction(0)), (inf, Fraction(1))]
    if met:
        # A place is no deeper than it is far from the boundary along the axis.
        places = [(float(met[0]) * length, Fraction(0)), (float(1 - met[-1]) * length, Fraction(1))]
    for low, high in pairwise(sorted({Fraction(0), Fraction(1), *met})):
        places.append((float(high - low) * length / 2 if met else inf, (low + high) / 2))
    return _deepest_at(axis, sides, places, at_least)


def _deepest_at(axis: Axis, sides: Sides, places: list[tuple[float, Fraction]], at_least: float) -> Deepest | None:
    """The deepest of places, each with a bound of how deep (mm) it can be."""
    best: Deepest | None = None
    depth, length = 0.0, _length(axis)
    for bound, s in sorted(places, key=lambda place: (-place[0], place[1])):
        if best is not None and min(bound, depth + abs(float(s - best.s)) * length) + 2 * SLACK < max(at_least, depth):
            continue
        x, y = on(axis, s)
        if sides.locate(x, y) < 1:
            continue
        num, den = sides.squared(x, y)
        if best is None or _deeper(num, den, s, best):
            best, depth = Deepest(num, den, s), sqrt(num / den)
    return best


def _deeper(num: int, den: int, s: Fraction, other: Deepest) -> bool:
    difference = num * other.den - other.num * den
    return difference > 0 or (difference == 0 and s < other.s)


def _shallow(axis: Axis, sides: Sides, at_least: float) -> bool:
    """Whether sides surely cross an axis so closely after each other that it is nowhere ``at_least`` (mm) deep inside.

    Between two crossings a place is no deeper than it is far from either side: at an angle to the axis less than along
    it, where the side goes on as far as that.
    """
    line, among = sides.crossed(axis)
    if len(among) <= max(FEW, 1):
        return False
    length = sqrt(line.ux**2 + line.uy**2)
    x0, y0, vx, vy = sides.relative(line, among)
    det = line.ux * vy - line.uy * vx
    along = (x0 * vy - y0 * vx) / det * length
    order = np.argsort(along, kind="stable")
    along = along[order]
    # Where a crossing is may be off at a small angle: that makes the pieces beside it no longer than so.
    extent = np.sqrt(vx * vx + vy * vy)
    off = (1e-14 * length * extent * (length + extent) / np.abs(det))[order]
    spans = np.diff(along) + off[1:] + off[:-1] + SLACK
    first, last = float(along[0] + off[0]), float(length - along[-1] + off[-1])
    if first + 2 * SLACK >= at_least and not _outside(axis, sides, first / length):
        return False
    if last + 2 * SLACK >= at_least and not _outside(Axis(*axis[3:], *axis[:3]), sides, last / length):
        return False
    if float(spans.max()) / 2 + 2 * SLACK < at_least:
        return True
    slant = (np.abs(det) / (length * extent))[order]
    sideways = (np.abs(line.ux * vx + line.uy * vy) / (length * extent))[order]
    at = ((x0 * line.uy - y0 * line.ux) / det * extent)[order]  # along the side
    room = np.minimum(at, extent[order] - at) - SLACK
    left = np.where(room[:-1] >= spans * sideways[:-1], slant[:-1], 1.0)
    right = np.where(room[1:] >= spans * sideways[1:], slant[1:], 1.0)
    return bool(float((spans * left * right / (left + right)).max()) * 1.000001 + 2 * SLACK < at_least)


def _deepest_of_many(axis: Axis, sides: Sides, pieces: Pieces, at_least: float) -> Deepest | None:
    """As ``deepest``, but for places that lie within a few ``SLACK`` of a cut: those are hardly inside."""
    held = np.flatnonzero(pieces.inside & (pieces.bound + 2 * SLACK >= at_least))
    if not len(held):
        held = np.flatnonzero(pieces.inside)[:1]
    places: list[tuple[float, Fraction]] = [(pieces.reach[0], Fraction(0)), (pieces.reach[1], Fraction(1))]
    best = _deepest_at(axis, sides, [place for place in places if place[0] + 2 * SLACK >= at_least], at_least)
    for k in held[np.argsort(-pieces.bound[held], kind="stable")].tolist():
        bound = float(pieces.bound[k])
        if best is not None and bound + 2 * SLACK < max(at_least, sqrt(best.num / best.den)):
            break
        low, high = pieces.ends(k)
        found = _deepest_at(axis, sides, [(bound, (low + high) / 2)], at_least)
        if found is not None and (best is None or _deeper(*found, best)):
            best = found
    return best


def middles(axis: Axis, sides: Sides, deeper: Callable[[], int]) -> Iterator[tuple[float, Fraction]]:
    """The middles of the pieces between the places where an axis meets the boundary, from its start to its end.

    Each with a bound of how deep (mm) it can lie inside the footprint. Left out may be what lies outside, and what is
    not deeper than ``deeper`` tells, once that is more than 0.
    """
    if deeper() > 0 and _shallow(axis, sides, deeper() + 1):
        return
    among, crossed = sides.touching(axis)
    length = _length(axis)

    def cuts(side: int) -> list[Fraction]:
        return _meetings(axis, sides.axes[side])

    if len(among) > FEW and deeper() > 0:
        pieces = Pieces(axis, sides, among, crossed, cuts)
        for k in np.flatnonzero(pieces.inside & (pieces.bound + 2 * SLACK >= deeper() + 1)).tolist():
            if pieces.bound[k] + 2 * SLACK >= deeper() + 1:
                low, high = pieces.ends(k)
                yield float(pieces.bound[k]), (low + high) / 2
        return
    inner = {s for side in among.tolist() for s in cuts(side) if 0 < s < 1}
    for low, high in pairwise(sorted({Fraction(0), Fraction(1), *inner})):
        bound = float(high - low) * length / 2 if low > 0 or high < 1 else inf
        yield bound, (low + high) / 2


def _meetings(p: Axis, q: Axis) -> list[Fraction]:
    """Where along ``p`` it meets ``q``; both ends of ``q`` where they lie in one line."""
    ux, uy, vx, vy, wx, wy = p.x1 - p.x0, p.y1 - p.y0, q.x1 - q.x0, q.y1 - q.y0, q.x0 - p.x0, q.y0 - p.y0
    det = ux * vy - uy * vx
    if det:
        s, t = Fraction(wx * vy - wy * vx) / det, Fraction(wx * uy - wy * ux) / det
        return [s] if 0 <= s <= 1 and 0 <= t <= 1 else []
    if wx * uy != wy * ux:
        return []
    length = ux * ux + uy * uy
    return [Fraction(wx * ux + wy * uy) / length, Fraction((q.x1 - p.x0) * ux + (q.y1 - p.y0) * uy) / length]


def _length(axis: Axis) -> float:
    line = Line(axis)
    return sqrt(line.ux**2 + line.uy**2)


def _outside(axis: Axis, sides: Sides, until: float) -> bool:
    """Whether an axis surely starts outside and stays there until about a fraction at which it is crossed once."""
    part = Fraction(min(until + SLACK / _length(axis), 1.0))
    among, _ = sides.touching(axis._replace(x1=on(axis, part)[0], y1=on(axis, part)[1]))
    return len(among) == 1 and sides.locate(axis.x0, axis.y0) < 0


class Pieces:
    """The pieces of an axis between the places where sides cut it, told apart where these lie ``4 * SLACK`` apart.

    Per piece, in order: ``bound``, how deep (mm) its middle can lie inside, and ``inside``, whether it does. ``reach``:
    the same bound for both ends of the axis. Between neighbouring cuts nearer to each other nothing is deeper than
    ``2 * SLACK``; they are taken together.
    """

    def __init__(self, axis: Axis, sides: Sides, among: Indices, crossed: Mask, cuts: Cuts):
        self.axis, self.sides, self.cuts = axis, sides, cuts
        line, self.length = Line(axis), _length(axis)
        x0, y0, vx, vy = sides.relative(line, among)
        det = line.ux * vy - line.uy * vx
        extent = np.sqrt(vx * vx + vy * vy)
        # At a small angle floats do not tell where the crossing is; nor do they where an end only touches.
        sure = crossed & (np.abs(det) > 1e-10 * (self.length + extent) * self.length * extent)
        at = (x0[sure] * vy[sure] - y0[sure] * vx[sure]) / det[sure]
        doubtful = [(float(s), k) for k in among[~sure].tolist() for s in cuts(k) if 0 <= s <= 1]
        ends = [(0.0, -1), (1.0, -1)]
        where = np.concatenate([at, np.array([s for s, _ in (*doubtful, *ends)])])
        owner = np.concatenate([among[sure], np.array([k for _, k in (*doubtful, *ends)], dtype=np.intp)])
        kind = np.concatenate([np.ones(len(at), np.int8), np.full(len(doubtful), 2, np.int8), np.zeros(2, np.int8)])
        order = np.argsort(where, kind="stable")
        self.where, self.owner, kind = where[order] * self.length, owner[order], kind[order]
        apart = np.flatnonzero(np.diff(self.where) > 4 * SLACK)
        self.last, self.first = apart, apart + 1
        self.starts = np.concatenate([[0], self.first])
        proper, loose = (np.add.reduceat((kind == k).astype(np.intp), self.starts) for k in (1, 2))
        self.bound = self._bounds(line, proper + loose)
        self.inside = self._inside(proper, loose)
        met = np.flatnonzero(kind)
        self.reach = (inf, inf)
        if len(met):
            self.reach = (float(self.where[met[0]]), float(self.length - self.where[met[-1]]))

    def ends(self, k: int) -> tuple[Fraction, Fraction]:
        """Where piece ``k`` begins and ends, exactly."""
        stop = int(self.starts[k + 2]) if k + 2 < len(self.starts) else len(self.where)
        return max(self._exact(int(self.starts[k]), int(self.first[k]))), min(self._exact(int(self.first[k]), stop))

    def _exact(self, start: int, stop: int) -> list[Fraction]:
        """The fractions at which the axis is cut by the sides from ``start`` to ``stop`` in order of place."""
        found: list[Fraction] = []
        for k in range(start, stop):
            owner = int(self.owner[k])
            if owner < 0:
                found.append(Fraction(0) if k == 0 or self.where[k] < self.length / 2 else Fraction(1))
            else:
                near = self.where[k] / self.length
                found += [s for s in self.cuts(owner) if 0 <= s <= 1 and abs(float(s) - near) * self.length <= SLACK]
        return found

    def _bounds(self, line: Line, meets: Indices) -> Floats:
        """Half the length, and the distance of the middle to the sides at both ends: where there are any."""
        low, high = self.where[self.last], self.where[self.first]
        bound = np.where((meets[:-1] > 0) | (meets[1:] > 0), (high - low) / 2, inf)
        middle = (low + high) / (2 * self.length)
        for side in (self.owner[self.last], self.owner[self.first]):
            x0, y0, vx, vy = self.sides.relative(line, side)
            x0, y0 = x0 - middle * line.ux, y0 - middle * line.uy
            along = np.clip(-(x0 * vx + y0 * vy) / np.maximum(vx * vx + vy * vy, 1), 0, 1)
            away = np.sqrt((x0 + along * vx) ** 2 + (y0 + along * vy) ** 2)
            bound = np.where(side >= 0, np.minimum(bound, away), bound)
        return bound

    def _inside(self, proper: Indices, loose: Indices) -> Mask:
        """Each crossing changes sides; after a side that only touches, or may, the place itself is looked at."""
        count = len(self.last)
        turns = np.cumsum(proper)[:count]
        anchors = np.flatnonzero(loose[:count] > 0)
        anchors = np.unique(np.concatenate([np.zeros(min(count, 1), np.intp), anchors]))
        state = np.zeros(count, np.intp)
        for k, end in zip(anchors.tolist(), [*anchors[1:].tolist(), count], strict=True):
            low, high = self.ends(k)
            held = self.sides.locate(*on(self.axis, (low + high) / 2)) > 0
            state[k:end] = (turns[k:end] - turns[k] + held) % 2
        return state > 0
