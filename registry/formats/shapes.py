"""GeoJSON geometries to checked vertices in integer millimetres, and back. Nothing is ever repaired."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal, cast

from marshmallow import ValidationError

from registry.core.errors import Problem, Refused, shown
from registry.core.model import Point
from schemas.metres import Position, metres, read_position
from schemas.problems import as_written, did_you_mean, problems_of

ShapeType = Literal["Point", "LineString", "Polygon"]

MAX_VERTICES: Final = 5_000
#: Longest segment, mm in plan: up to here the kernels' accuracy is proven.
MAX_SEGMENT: Final = 1_000_000

_LIST_OF: Final[dict[str, str]] = {
    "Point": "[x, y]",
    "LineString": "[[x, y], [x, y], …]",
    "Polygon": "[[[x, y], …, the first again], …holes]",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry in plan, mm. ``paths`` holds the point, the line, or the outer ring and the holes.

    Rings are not repeated at the end. ``heights`` is the z of each vertex of a line in 3D (mm NAP).
    """

    type: ShapeType
    paths: tuple[tuple[Point, ...], ...]
    heights: tuple[int, ...] | None = None


def read_shape(geometry: object) -> Shape:
    """The shape of a GeoJSON geometry. Raises ``Refused`` with every problem found, fields from ``geometry`` on."""
    kind, coordinates = _frame(geometry)
    paths, problems = _paths(kind, coordinates)
    if sum(len(path) for _field, path in paths) > MAX_VERTICES:
        count = sum(len(path) for _field, path in paths)
        remedy = f"Use at most {MAX_VERTICES:,}: simplify it, or cut it into objects of their own."
        detail = f"{count:,} vertices"
        raise Refused(Problem("too_complex", detail, remedy, "geometry.coordinates", f"{count:,}"))
    read = [_positions(field, path, problems) for field, path in paths]
    if problems:
        raise Refused(problems)
    if len({len(position) - position.count(None) for path in read for position in path}) > 1:
        remedy = "Give every position a height or none, or give heights in `levels`, null where unknown."
        raise Refused(_bad("positions with and without height", remedy, "geometry.coordinates", "2D and 3D"))
    if kind != "LineString" and read[0][0][2] is not None:
        remedy = "Write [x, y]; heights go into `top` and `bottom` (of a ground level: `level`)."
        raise Refused(
            _bad(f"a {kind} with heights in its coordinates", remedy, paths[0][0], as_written(paths[0][1][0]))
        )
    plans = [tuple((x, y) for x, y, _z in path) for path in read]
    problems = [found for (field, _), plan in zip(paths, plans, strict=True) for found in _long(field, plan)]
    if kind == "Polygon":
        problems += [found for (field, _), ring in zip(paths, plans, strict=True) for found in _ring(field, ring)]
        problems = problems or _polygon(plans)
        plans = [plan[:-1] for plan in plans]
    if problems:
        raise Refused(problems)
    heights = tuple(z for _x, _y, z in read[0] if z is not None) if kind == "LineString" else ()
    return Shape(kind, tuple(plans), heights or None)


def shape_to_wire(shape: Shape) -> dict[str, object]:
    """``shape`` as a GeoJSON geometry in 2D; heights go into the properties."""
    paths = [[[metres(x), metres(y)] for x, y in path] for path in shape.paths]
    if shape.type == "Point":
        return {"type": "Point", "coordinates": paths[0][0]}
    if shape.type == "LineString":
        return {"type": "LineString", "coordinates": paths[0]}
    return {"type": "Polygon", "coordinates": [[*path, path[0]] for path in paths]}


def _frame(geometry: object) -> tuple[ShapeType, list[object]]:
    """Type and coordinates of a geometry that is one of the three that are read."""
    one_of = "Use a LineString (corridor), Point (shaft) or Polygon (volume)."
    if not isinstance(geometry, dict):
        raise Refused(_bad("no geometry", one_of, "geometry", as_written(geometry)))
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if not isinstance(kind, str) or kind not in _LIST_OF:
        remedy = one_of
        if isinstance(kind, str):
            each = kind.startswith("Multi") or kind == "GeometryCollection"
            hint = "Make each a feature with its own id. " if each else did_you_mean(kind, _LIST_OF)
            remedy = hint + one_of
        raise Refused(_bad("not a geometry this format has", remedy, "geometry.type", as_written(kind)))
    if not isinstance(coordinates, list) or not coordinates:
        remedy = f"A {kind} has {_LIST_OF[kind]}."
        raise Refused(_bad("no coordinates", remedy, "geometry.coordinates", as_written(coordinates)))
    remedy = "A geometry has type and coordinates."
    problems = [
        Problem("unknown_property", f"unknown member `{key}`", remedy, f"geometry.{shown(key)}")
        for key in sorted(geometry.keys() - {"type", "coordinates"})
    ]
    if problems:
        raise Refused(problems)
    return cast("ShapeType", kind), coordinates


def _paths(kind: ShapeType, coordinates: list[object]) -> tuple[list[tuple[str, list[object]]], list[Problem]]:
    """The lists of positions in ``coordinates``, each with its field, and what is wrong with their lengths."""
    field = "geometry.coordinates"
    if kind == "Point":
        return [(field, [coordinates])], []
    if kind == "LineString":
        short = len(coordinates) < 2
        remedy = "Give a LineString at least two positions, or use a Point for a shaft."
        return [(field, coordinates)], [_bad("a line of one position", remedy, field, "1")] if short else []
    paths: list[tuple[str, list[object]]] = []
    problems = []
    for number, ring in enumerate(coordinates):
        if not isinstance(ring, list) or len(ring) < 4:
            remedy = f"A ring has at least four positions, the last equal to the first: {_LIST_OF[kind]}."
            problems.append(_bad("not a ring", remedy, f"{field}[{number}]", as_written(ring)))
        else:
            paths.append((f"{field}[{number}]", ring))
    return paths, problems


def _positions(field: str, path: list[object], problems: list[Problem]) -> list[Position]:
    """The positions in ``path``; of each kind of fault the first is told, with how many there are."""
    positions: list[Position] = []
    first: dict[str, Problem] = {}
    count: dict[str, int] = {}
    for index, item in enumerate(path):
        try:
            positions.append(read_position(item))
        except ValidationError as error:
            place = field if len(path) == 1 else f"{field}[{index}]"
            problem = problems_of(error, item, place)[0]
            kind = problem.code + problem.remedy
            first.setdefault(kind, problem)
            count[kind] = count.get(kind, 0) + 1
    problems += [_with_count(problem, count[kind], "positions") for kind, problem in first.items()]
    return positions


def _long(field: str, path: Sequence[Point]) -> list[Problem]:
    found = [
        index
        for index, ((ax, ay), (bx, by)) in enumerate(pairwise(path), 1)
        if (bx - ax) ** 2 + (by - ay) ** 2 > MAX_SEGMENT**2
    ]
    if not found:
        return []
    remedy = "Put vertices in between, at most 1 km apart, or mend the odd one out."
    (ax, ay), (bx, by) = path[found[0] - 1 : found[0] + 1]
    length = int(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5) / 1000
    problem = _bad("a segment longer than 1 km", remedy, f"{field}[{found[0]}]", f"{length:.0f} m")
    return [_with_count(problem, len(found), "segments")]


def _ring(field: str, ring: Sequence[Point]) -> list[Problem]:
    problems = []
    if ring[0] != ring[-1]:
        remedy = f"End the ring with its first position, {_at(ring[0])}."
        problems.append(_bad("a ring that is not closed", remedy, f"{field}[{len(ring) - 1}]", _at(ring[-1])))
    same = [index for index in range(1, len(ring)) if ring[index] == ring[index - 1]]
    if same:
        remedy = "Leave the second one out; positions must differ by at least 1 mm."
        problem = _bad("the same position twice in a row", remedy, f"{field}[{same[0]}]", _at(ring[same[0]]))
        problems.append(_with_count(problem, len(same), "positions"))
    return problems


def _polygon(rings: Sequence[Sequence[Point]]) -> list[Problem]:
    """What makes closed rings no polygon: crossing, touching along a line, a hole outside, no area."""
    # Polygons are rare and this import is slow; whole millimetres are exact in its floats.
    import shapely

    reason = str(shapely.is_valid_reason(shapely.Polygon(rings[0], rings[1:])))
    if reason == "Valid Geometry":
        return []
    place = re.search(r"\[(-?[0-9.]+) (-?[0-9.]+)\]", reason)
    value = _at((round(float(place[1])), round(float(place[2])))) if place else as_written(reason)
    detail = f"not a polygon: {reason.partition('[')[0].lower()}"
    remedy = "Draw rings that do not cross or overlap, holes inside the outer ring; it is not repaired."
    return [_bad(detail, remedy, "geometry.coordinates", f"at {value}" if place else value)]


def _bad(detail: str, remedy: str, field: str, value: str) -> Problem:
    return Problem("invalid_geometry", detail, remedy, field, value)


def _with_count(problem: Problem, count: int, of_what: str) -> Problem:
    return problem if count == 1 else replace(problem, detail=f"{problem.detail}, the first of {count} such {of_what}")


def _at(point: Point) -> str:
    return f"[{metres(point[0])}, {metres(point[1])}]"
