"""The same with shapely and numpy: an STRtree over the segments, and the distances of all pairs it finds at once."""

from __future__ import annotations

import numpy as np
import shapely

from registry.core.packed import Column, Rows
from tests.bench.answers import Answers
from tests.bench.applications import Applications
from tests.bench.city import CLEARANCE, City, Floats


class Tree:
    """A city in an STRtree: the boxes of its segments in plan."""

    def __init__(self, city: City):
        self.of, self.themes = city.of, city.themes
        self.axes = _axes(city.rows)
        self.width, self.xy = city.rows[:, Column.WIDTH].astype(np.float64), city.rows[:, Column.XY].astype(np.int64)
        self.beside = self.width.max() / 2 + self.xy.max()
        self.tree = shapely.STRtree(shapely.linestrings(self.axes[:, :2].transpose(2, 0, 1)))

    def find(self, applications: Applications, at_once: int) -> Answers:
        """What is too near to each, so many of them at once."""
        found = [
            self._few(applications, first, min(first + at_once, len(applications)))
            for first in range(0, len(applications), at_once)
        ]
        parts = zip(*((one.application, one.object, one.gap) for one in found), strict=True)
        return Answers(*(np.concatenate(part) for part in parts))

    def _few(self, applications: Applications, first: int, last: int) -> Answers:
        begin, end = applications.starts[first], applications.starts[last]
        rows = applications.rows[begin:end]
        number = np.repeat(np.arange(first, last), np.diff(applications.starts[first : last + 1]))
        axes, width, xy = _axes(rows), rows[:, Column.WIDTH].astype(np.float64), rows[:, Column.XY].astype(np.int64)
        theme = applications.themes[number]
        reach = CLEARANCE[theme].max(axis=1) + xy + width / 2 + self.beside
        low, high = axes.min(axis=0), axes.max(axis=0)
        boxes = shapely.box(low[0] - reach, low[1] - reach, high[0] + reach, high[1] + reach)
        i, j = self.tree.query(boxes)
        asked = CLEARANCE[theme[i], self.themes[self.of[j]]] + xy[i] + self.xy[j]
        widths = width[i] + self.width[j]
        # Most are too far in height or along one axis: that is told sooner than how far they are.
        theirs = self.axes[:, :, j]
        apart = np.maximum(theirs.min(axis=0) - high[:, i], low[:, i] - theirs.max(axis=0))
        near = (apart < asked + widths / 2).all(axis=0)
        i, j, asked, widths = i[near], j[near], asked[near], widths[near]
        gap = np.floor(distances(axes[:, :, i], theirs[:, :, near]) - widths / 2 + 0.001).astype(np.int64)
        kept = gap < asked
        return Answers.of(number[i[kept]], self.of[j[kept]], gap[kept])


def _axes(rows: Rows) -> Floats:
    """[end, x y z, row], mm."""
    ends = np.stack([rows[:, :3], rows[:, 3:6]]).astype(np.float64)
    ends[:, :, 2] /= 2
    return np.ascontiguousarray(ends.transpose(0, 2, 1))


def distances(p: Floats, q: Floats) -> Floats:
    """The distance of each pair of segments ([end, x y z, pair]): inside both, or at an end of one."""
    u, v, w = p[1] - p[0], q[1] - q[0], p[0] - q[0]
    uu, vv, uv, uw, vw = _dot(u, u), _dot(v, v), _dot(u, v), _dot(u, w), _dot(v, w)
    least = np.minimum(
        np.minimum(_squared(w, u, v, 0.0, _share(vw, vv)), _squared(w, u, v, 1.0, _share(vw + uv, vv))),
        np.minimum(_squared(w, u, v, _share(-uw, uu), 0.0), _squared(w, u, v, _share(uv - uw, uu), 1.0)),
    )
    normal = _cross(u, v)
    size = _dot(normal, normal)
    with np.errstate(divide="ignore", invalid="ignore"):
        s, t = _dot(_cross(v, w), normal) / size, _dot(_cross(u, w), normal) / size
    inside = (size > 0) & (s >= 0) & (s <= 1) & (t >= 0) & (t <= 1)
    least[inside] = np.minimum(least, _squared(w, u, v, s, t), where=inside, out=least.copy())[inside]
    return np.sqrt(least)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.clip(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0), 0, 1)


def _squared(w: Floats, u: Floats, v: Floats, s: Floats | float, t: Floats | float) -> Floats:
    between = w + s * u - t * v
    return _dot(between, between)


def _dot(a: Floats, b: Floats) -> Floats:
    return np.einsum("kn,kn->n", a, b)


def _cross(a: Floats, b: Floats) -> Floats:
    return np.stack([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


