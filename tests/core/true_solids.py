"""The room that things really take, each as convex pieces, and whether two of them come too near: by another road.

Nothing here is taken from the core but what was given: a pipe on a slope is a cylinder around its axis with flat ends,
a duct has an upright section, both have an elbow at each bend; a shaft is an upright cylinder, a volume is cut into
triangles. A piece is known by its *support*, the farthest point of it in any direction. Two clash where the origin
lies in A − B ⊕ (disk of ch × interval of cv), which Wolfe's algorithm for the nearest point of a convex body tells (P.
Wolfe, *Finding the nearest point in a polytope*, 1976). Lengths are floats, in mm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import hypot, sqrt
from typing import NamedTuple

import numpy as np
import shapely

from registry.core.model import Geometry, Line, Shaft

Vector = tuple[float, float, float]
#: The farthest point of a convex body in a direction of any length.
Support = Callable[[float, float, float], Vector]

#: As good as without end, where all lies within some metres: for any depth, and for missing bounds.
ENDLESS = 30_000.0
#: Nearer to the origin than this is at it.
AT = 0.005

#: How much of its radius a round section grown by as much each way needs to hold the square around it: 1 − 1/√2. At a
#: joint, between its sphere and the slanting ends of its cylinders, a little more does.
CORNER, CORNER_AT_JOINTS = 0.293, 0.35


class Piece(NamedTuple):
    """A convex piece, a point in it, how far it reaches from there at most; and by how much more the model may take up
    sideways and vertically (see ``pieces``)."""

    support: Support
    middle: Vector
    radius: float
    sideways: float = 0.0
    upright: float = 0.0


def cylinder(p: Vector, q: Vector, radius: float) -> Support:
    """Around the axis from p to q, with flat ends across it."""
    ex, ey, ez = (b - a for a, b in zip(p, q, strict=True))
    long = sqrt(ex * ex + ey * ey + ez * ez)
    ex, ey, ez = ex / long, ey / long, ez / long

    def support(x: float, y: float, z: float) -> Vector:
        along = x * ex + y * ey + z * ez
        cx, cy, cz = q if along > 0 else p
        nx, ny, nz = x - along * ex, y - along * ey, z - along * ez
        size = sqrt(nx * nx + ny * ny + nz * nz)
        k = radius / size if size > 1e-12 else 0.0
        return cx + k * nx, cy + k * ny, cz + k * nz

    return support


def duct(p: Vector, q: Vector, width: float, height: float) -> Support:
    """An upright section, as high as it is said to be at each place, from p to q."""
    ux, uy = q[0] - p[0], q[1] - p[1]
    long = hypot(ux, uy)
    nx, ny = -uy / long * width / 2, ux / long * width / 2

    def support(x: float, y: float, z: float) -> Vector:
        cx, cy, cz = q if x * (q[0] - p[0]) + y * (q[1] - p[1]) + z * (q[2] - p[2]) > 0 else p
        side = 1.0 if x * nx + y * ny > 0 else -1.0
        return cx + side * nx, cy + side * ny, cz + (height / 2 if z > 0 else -height / 2)

    return support


def ball(c: Vector, radius: float) -> Support:
    def support(x: float, y: float, z: float) -> Vector:
        k = radius / (sqrt(x * x + y * y + z * z) or 1.0)
        return c[0] + k * x, c[1] + k * y, c[2] + k * z

    return support


def drum(c: Vector, radius: float, half: float) -> Support:
    """An upright cylinder around c."""

    def support(x: float, y: float, z: float) -> Vector:
        k = radius / (hypot(x, y) or 1.0)
        return c[0] + k * x, c[1] + k * y, c[2] + (half if z > 0 else -half)

    return support


def wedge(corners: Sequence[tuple[float, float]], bottom: float, top: float) -> Support:
    """A triangle between two levels."""

    def support(x: float, y: float, z: float) -> Vector:
        cx, cy = max(corners, key=lambda corner: x * corner[0] + y * corner[1])
        return cx, cy, top if z > 0 else bottom

    return support


def pieces(geometry: Geometry, origin: tuple[int, int], less: float = 0.0, square: bool = False) -> list[Piece]:
    """The pieces of a thing, seen from ``origin`` (mm RD); a corridor or shaft made thinner by ``less`` all around.

    The register's corridor is its axis ⊕ (disk × interval). By how much it is more than the pieces, which is what
    ``sideways`` and ``upright`` say:

    - on a slope, over a disk of width w, the interval moves up and down by |slope| · w/2: so much higher and lower;
    - a round section is held as the square around it: a circle of radius r, grown by 0.293 r sideways and vertically,
      holds that square. With ``square`` the section is taken as the register does, and this is 0;
    - its end caps: what clashes there only is not certain, and a certain clash is counted without them.
    """
    if isinstance(geometry, Line):
        return _line(geometry, origin, less, square)
    if isinstance(geometry, Shaft):
        assert geometry.size is not None
        x, y = geometry.position[0] - origin[0], geometry.position[1] - origin[1]
        low, high = _bound(geometry.bottom, -ENDLESS) + less, _bound(geometry.top, ENDLESS) - less
        radius, middle = (geometry.size.width or 0) / 2 - less, (x, y, (low + high) / 2)
        return [Piece(drum(middle, radius, (high - low) / 2), middle, radius + (high - low) / 2)]
    low, high = _bound(geometry.bottom, -ENDLESS), _bound(geometry.top, ENDLESS)
    rings = [[(x - origin[0], y - origin[1]) for x, y in ring] for ring in (geometry.outer, *geometry.holes)]
    found = []
    for triangle in shapely.constrained_delaunay_triangles(shapely.Polygon(rings[0], rings[1:])).geoms:
        corners = list(triangle.exterior.coords)[:3]
        cx, cy = sum(x for x, _ in corners) / 3, sum(y for _, y in corners) / 3
        radius = max(hypot(x - cx, y - cy) for x, y in corners) + (high - low) / 2
        found.append(Piece(wedge(corners, low, high), (cx, cy, (low + high) / 2), radius))
    return found


def _line(line: Line, origin: tuple[int, int], less: float, square: bool) -> list[Piece]:
    assert line.size is not None
    width, height = (line.size.width or 0) - 2 * less, (line.size.height or 0) - 2 * less
    round_one = line.size.shape == "round" and not square
    points: list[Vector] = [
        (x - origin[0], y - origin[1], float(z or 0)) for (x, y), z in zip(line.vertices, line.levels, strict=True)
    ]
    sideways = 0.0
    if round_one:
        sideways = (CORNER if len(points) == 2 else CORNER_AT_JOINTS) * width / 2
    found, steepest = [], 0.0
    for p, q in pairwise(points):
        long = hypot(q[0] - p[0], q[1] - p[1])
        slope = abs(q[2] - p[2]) / long
        steepest = max(steepest, slope)
        body = cylinder(p, q, width / 2) if round_one else duct(p, q, width, height)
        middle = ((p[0] + q[0]) / 2, (p[1] + q[1]) / 2, (p[2] + q[2]) / 2)
        reach = hypot(long, q[2] - p[2]) / 2 + width + height
        found.append(Piece(body, middle, reach, sideways, sideways + slope * width / 2))
    for p in points[1:-1]:
        elbow = ball(p, width / 2) if round_one else drum(p, width / 2, height / 2)
        found.append(Piece(elbow, p, width + height, sideways, sideways + steepest * width / 2))
    return found


def _bound(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int) else otherwise


def too_near(a: Sequence[Piece], b: Sequence[Piece], ch: float, cv: float | None, bound: bool = False) -> bool:
    """Whether any two pieces come nearer than ``ch`` where they are vertically nearer than ``cv``, to about ``AT``.

    With ``bound`` each piece is grown by as much as it says the model takes up beside it.
    """
    for p in a:
        for q in b:
            sideways, upright = ch, ENDLESS if cv is None else cv
            if bound:
                sideways, upright = sideways + p.sideways + q.sideways, upright + p.upright + q.upright
            apart = hypot(p.middle[0] - q.middle[0], p.middle[1] - q.middle[1])
            if apart <= p.radius + q.radius + sideways and _meet(p, q, sideways, upright):
                return True
    return False


def _meet(p: Piece, q: Piece, sideways: float, upright: float) -> bool:
    room = drum((0.0, 0.0, 0.0), max(sideways, 0.0), max(upright, 0.0))

    def farthest(x: float, y: float, z: float) -> Vector:
        a, b, c = p.support(x, y, z), q.support(-x, -y, -z), room(x, y, z)
        return a[0] - b[0] + c[0], a[1] - b[1] + c[1], a[2] - b[2] + c[2]

    return holds_origin(farthest)


def holds_origin(farthest: Support) -> bool:
    """Whether a convex body comes within ``AT`` of the origin."""
    corral = [farthest(1.0, 0.0, 0.0)]
    weights = [1.0]
    at = corral[0]
    for _ in range(500):
        size = sqrt(at[0] ** 2 + at[1] ** 2 + at[2] ** 2)
        if size <= AT:
            return True
        new = farthest(-at[0], -at[1], -at[2])
        ahead = (at[0] * new[0] + at[1] * new[1] + at[2] * new[2]) / size
        if ahead > AT / 2:
            return False  # All of it lies on the other side of a plane.
        if size - ahead < 1e-7 * size or new in corral:
            return size <= AT
        corral, weights, at = _nearest([*corral, new], [*weights, 0.0])
    raise AssertionError("no end of it")


def _nearest(corral: list[Vector], weights: list[float]) -> tuple[list[Vector], list[float], Vector]:
    """The point nearest to the origin of the hull of a few points: without those that it needs not."""
    while True:
        count, first = len(corral), np.array(corral[0])
        beside = np.array(corral[1:]) - first
        rest = np.linalg.lstsq(beside.T, -first, rcond=None)[0]
        wanted = np.array([1.0 - rest.sum(), *rest])
        if wanted.min() > 1e-12:
            best = wanted.tolist()
            break
        share = min(
            (w / (w - v) for w, v in zip(weights, wanted.tolist(), strict=True) if v <= 1e-12 and w > v), default=0.0
        )
        mixed = [w + share * (v - w) for w, v in zip(weights, wanted.tolist(), strict=True)]
        gone = min(range(count), key=lambda k: mixed[k] if wanted[k] <= 1e-12 else 2.0)
        corral = [c for k, c in enumerate(corral) if k != gone]
        weights = [w for k, w in enumerate(mixed) if k != gone]
        if len(corral) == 1:
            best = [1.0]
            break
    x, y, z = (sum(w * c[k] for w, c in zip(best, corral, strict=True)) for k in range(3))
    return corral, best, (x, y, z)
