"""Many flanks beside many others, all at once: what ``footings`` tells of each pair.

Whole numbers stay whole. What is a ratio is worked out in floats, and where it comes so near to where the answer
changes that those might not do, the pair is worked out exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from registry.core.boxes import Pair
from registry.core.footings import Beside, Footing, band, covered, footing
from registry.core.kernels import Number
from registry.core.solids import Flank

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: More than what floats may be wrong by, in µm of chainage and as a part of a number: they have 53 bits, of which
#: flanks of 1 km near each other leave a billionth of a millimetre.
_DOUBT = 1e-3
_PART = 1e-9


class Footings:
    """All pairs of ``first`` and ``second`` whose boxes lie within ``margin`` (mm) and of which the second, ``width``
    mm wide, may cover some of the first; in order."""

    def __init__(self, first: Sequence[Flank], second: Sequence[Flank], margin: int, width: int = 0):
        self.first, self.second, self.width = first, second, width
        self._p, self._q = _ends(first), _ends(second)
        self._box = _boxes(self._q)
        rows = [self._row(k, margin) for k in range(len(first))]
        self.i = np.repeat(np.arange(len(first)), [len(row[0]) for row in rows])
        self.j, self.apart, self.ahead0, self.ahead1, self.aside0, self.aside1 = (
            np.concatenate([row[k] for row in rows]) for k in range(6)
        )
        squared = [footing(p, p).squared for p in first]
        self._squared = squared
        self.squared = np.array(squared, np.int64)
        self.start = np.array([p.start for p in first], np.int64)
        self.length = np.array([p.length for p in first], np.int64)
        self.elements = np.array([p.element for p in first], np.int64), np.array([q.element for q in second], np.int64)

    def within(self, apart: Number, reach: int) -> ManyBeside:
        """Those no farther than ``apart`` (mm) aside, with boxes within ``reach``, and what they cover."""
        most = np.array([band(squared, apart) for squared in self._squared], np.int64)[self.i]
        left, far = self.aside0, self.aside1
        keep = np.flatnonzero(
            (self.apart <= reach) & (np.maximum(left, far) >= -most) & (np.minimum(left, far) <= most)
        )
        left, far, most = left[keep], far[keep], most[keep]
        ahead0, ahead1 = self.ahead0[keep].astype(float), self.ahead1[keep].astype(float)
        span = far - left
        turned = np.where(span < 0, -left, left)
        size = np.maximum(np.abs(span), 1).astype(float)
        low = np.where(span == 0, 0.0, np.maximum((-most - turned) / size, 0.0))
        high = np.where(span == 0, 1.0, np.minimum((most - turned) / size, 1.0))
        # Where an end of q counts it is met exactly.
        start = np.where(low == 0, ahead0, np.where(low == 1, ahead1, ahead0 + low * (ahead1 - ahead0)))
        end = np.where(high == 1, ahead1, np.where(high == 0, ahead0, ahead0 + high * (ahead1 - ahead0)))
        return self._told(keep, np.minimum(start, end), np.maximum(start, end), apart)

    def alongside(self, slope: tuple[int, int], near: Callable[[Flank, Flank], bool], least: int) -> ManyBeside:
        """Those at an angle of which the tangent is below ``slope`` (a ratio) that are ``near``, as are all with two
        ends no farther than ``least`` (mm) from each other."""
        turn, along = self.aside1 - self.aside0, self.ahead1 - self.ahead0
        sine, cosine = np.abs(turn) * float(slope[1]), np.abs(along) * float(slope[0])
        keep = sine < cosine
        for k in np.flatnonzero(np.abs(sine - cosine) <= _PART * cosine):
            keep[k] = abs(int(turn[k])) * slope[1] < abs(int(along[k])) * slope[0]
        kept = np.flatnonzero(keep)
        ends = [(self._p[c][self.i[kept]], self._q[d][self.j[kept]]) for c, d in ((0, 0), (0, 2), (2, 0), (2, 2))]
        others = [(self._p[c][self.i[kept]], self._q[d][self.j[kept]]) for c, d in ((1, 1), (1, 3), (3, 1), (3, 3))]
        surely = np.zeros(len(kept), bool)
        for (px, qx), (py, qy) in zip(ends, others, strict=True):
            surely |= (px - qx) ** 2 + (py - qy) ** 2 <= least * least
        for k in np.flatnonzero(~surely):
            surely[k] = near(self.first[self.i[kept[k]]], self.second[self.j[kept[k]]])
        kept = kept[surely]
        ahead0, ahead1 = self.ahead0[kept].astype(float), self.ahead1[kept].astype(float)
        return self._told(kept, np.minimum(ahead0, ahead1), np.maximum(ahead0, ahead1), None)

    def _row(self, k: int, margin: int) -> tuple[Whole, Whole, Whole, Whole, Whole, Whole]:
        """Of one flank of the first: those of the second near it, how far their boxes are, and where they lie."""
        x0, y0, x1, y1 = (int(end[k]) for end in self._p)
        west, south, east, north = self._box
        apart = np.maximum(
            np.maximum(west - max(x0, x1), min(x0, x1) - east), np.maximum(south - max(y0, y1), min(y0, y1) - north)
        )
        j = np.flatnonzero(apart <= margin)
        ux, uy = x1 - x0, y1 - y0
        dx, dy, ex, ey = (end[j] - at for end, at in zip(self._q, (x0, y0, x0, y0), strict=True))
        ahead0, ahead1, aside0, aside1 = dx * ux + dy * uy, ex * ux + ey * uy, ux * dy - uy * dx, ux * ey - uy * ex
        squared = ux * ux + uy * uy
        half = self.width * int(squared**0.5 + 2)  # rounded up
        keep = (np.maximum(ahead0, ahead1) > -half) & (np.minimum(ahead0, ahead1) < squared + half)
        if not self.width:
            keep &= ahead0 != ahead1
        return j[keep], apart[j][keep], ahead0[keep], ahead1[keep], aside0[keep], aside1[keep]

    def _told(self, which: Whole, start: Real, end: Real, apart: Number | None) -> ManyBeside:
        """Pairs of which the second covers from ``start`` to ``end`` (mm², ahead along the first)."""
        i = self.i[which]
        squared, length, at = self.squared[i].astype(float), self.length[i].astype(float), self.start[i]
        if self.width:
            half = self.width * np.floor(np.sqrt(squared)) / 2
            start, end = start - half, end + half
        from_, to = (length * np.clip(x / squared, 0.0, 1.0) for x in (start, end))
        keep = to - from_ > _DOUBT
        doubt = (np.abs(to - from_) <= _DOUBT) | _undecided(at, from_) | _undecided(at, to)
        starts, ends = ((at + np.rint(x).astype(np.int64)) // 1000 for x in (from_, to))
        for k in np.flatnonzero(doubt):
            found = self._exactly(int(which[k]), apart)
            keep[k] = found is not None
            if found is not None:
                starts[k], ends[k] = found
        firsts, seconds = self.elements[0][i[keep]], self.elements[1][self.j[which[keep]]]
        return ManyBeside(starts[keep], ends[keep], firsts, seconds)

    def _exactly(self, k: int, apart: Number | None) -> tuple[int, int] | None:
        f: Footing = footing(self.first[self.i[k]], self.second[self.j[k]])
        return covered(f, None if apart is None else band(f.squared, apart), self.width)


class ManyBeside(Beside):
    """As ``Beside``, in arrays."""

    def __init__(self, starts: Whole, ends: Whole, firsts: Whole, seconds: Whole):
        self._starts, self._ends, self._firsts, self._seconds = starts, ends, firsts, seconds

    def __iter__(self) -> Iterator[tuple[tuple[int, int], Pair]]:
        columns: Any = (item.tolist() for item in (self._starts, self._ends, self._firsts, self._seconds))
        return (((start, end), (i, j)) for start, end, i, j in zip(*columns, strict=True))

    def __bool__(self) -> bool:
        return len(self._starts) > 0

    def covered(self, gap: int) -> list[tuple[int, int]]:
        if not self:
            return []
        order = np.argsort(self._starts, kind="stable")
        starts, ends = self._starts[order], np.maximum.accumulate(self._ends[order])
        cuts = np.flatnonzero(starts[1:] > ends[:-1] + gap)
        firsts, lasts = np.concatenate(([0], cuts + 1)), np.concatenate((cuts, [len(starts) - 1]))
        return list(zip(starts[firsts].tolist(), ends[lasts].tolist(), strict=True))

    def inside(self, runs: Sequence[tuple[int, int]]) -> set[Pair]:
        if not runs or not self:
            return set()
        starts, ends = np.array(runs, np.int64).T
        k = np.searchsorted(starts, self._starts, side="right") - 1
        keep = (k >= 0) & (self._ends <= ends[k])
        return set(zip(self._firsts[keep].tolist(), self._seconds[keep].tolist(), strict=True))


def _ends(flanks: Sequence[Flank]) -> tuple[Whole, Whole, Whole, Whole]:
    rows = [(int(f.axis.x0), int(f.axis.y0), int(f.axis.x1), int(f.axis.y1)) for f in flanks]
    x0, y0, x1, y1 = np.array(rows, np.int64).T
    return x0, y0, x1, y1


def _boxes(ends: tuple[Whole, Whole, Whole, Whole]) -> tuple[Whole, Whole, Whole, Whole]:
    x0, y0, x1, y1 = ends
    return np.minimum(x0, x1), np.minimum(y0, y1), np.maximum(x0, x1), np.maximum(y0, y1)


def _undecided(at: Whole, along: Real) -> Mask:
    """Whether floats may not do to tell to which millimetre a chainage (µm) goes: near half a µm before a whole one."""
    floor = np.floor(along)
    doubt: Mask = (np.abs(along - floor - 0.5) < _DOUBT) & ((at + floor.astype(np.int64) + 1) % 1000 == 0)
    return doubt
