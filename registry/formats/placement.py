"""A shape and its levels and sizes: together a corridor, shaft or volume as the core knows them; and back."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from registry.core.errors import Code, Problem, Refused
from registry.core.model import Bound, Geometry, Line, Open, Shaft, Size, Volume
from registry.formats.shapes import Shape, ShapeType
from schemas.features import PLACEMENT, placement_keys
from schemas.metres import metres
from schemas.problems import as_written

_OWN: Final[dict[ShapeType, tuple[str, ...]]] = {
    "LineString": ("levels", "level_of", "level_reference", "ground_levels", "size", "envelope"),
    "Point": ("top", "bottom", "level_reference", "ground_level", "size"),
    "Polygon": ("top", "bottom", "level_reference", "ground_level"),
}
#: What may be found wrong only because a property of this name could not be read.
_FOLLOWS: Final = {
    "levels": ("geometry",),
    "level_of": ("size",),
    "level_reference": ("levels", "top", "bottom"),
    "envelope": ("size",),
    "bottom": ("top",),
}
#: So many vertices without level are named.
_VERTICES_TOLD: Final = 5
_HEIGHT: Final = "Give `levels` (m NAP, or cover with `level_reference` `ground`), or heights in the coordinates."


def place(shape: Shape, given: Mapping[str, Any], stated: Mapping[str, object], *, complete: bool) -> Geometry:
    """The corridor, shaft or volume that ``shape`` and the loaded properties ``given`` make.

    ``stated`` is what the giver wrote; ``complete`` asks for known levels and sizes (parts, reservations).
    Raises ``Refused`` with every problem, fields from ``properties`` or ``geometry`` on.
    """
    own = _OWN[shape.type]
    problems = [
        _problem("not_allowed", f"a {shape.type} has no `{key}`", f"It may have: {', '.join(own)}.", key)
        for key in placement_keys()
        if key in stated and key not in own
    ]
    if problems:
        raise Refused([_with_value(problem, stated) for problem in problems])
    geometry: Geometry
    if shape.type == "LineString":
        geometry = _line(shape, given, problems)
        if complete:
            problems += _incomplete_line(geometry)
    else:
        geometry = _shaft_or_volume(shape, given)
        problems += _upside_down(geometry)
        if complete:
            problems += _incomplete_upright(geometry, stated)
    if problems:
        raise Refused([_with_value(problem, stated) for problem in problems])
    return geometry


def place_partly(
    shape: Shape, given: Mapping[str, Any], stated: Mapping[str, object], *, complete: bool, faulty: Collection[str]
) -> tuple[Geometry | None, list[Problem]]:
    """As ``place``, with the problems found; where properties are ``faulty``, without what may follow from those."""
    beside_the_point = {*faulty, *(key for fault in faulty for key in _FOLLOWS.get(fault, ()))}
    try:
        return place(shape, {"level_of": "axis", "level_reference": "nap", **given}, stated, complete=complete), []
    except Refused as refused:
        return None, [problem for problem in refused.problems if _root(problem.field) not in beside_the_point]


def placement_to_wire(geometry: Geometry) -> dict[str, object]:
    """The properties that ``place`` makes ``geometry`` of."""
    stated: dict[str, object] = {"level_reference": geometry.level_reference}
    if isinstance(geometry, Line):
        stated |= {"levels": geometry.levels, "level_of": geometry.level_of, "envelope": geometry.envelope}
        if geometry.ground:
            stated["ground_levels"] = geometry.ground
    else:
        stated["ground_level"] = geometry.ground
        bounds: dict[str, Bound] = {"top": geometry.top, "bottom": geometry.bottom}
        stated |= {key: bound for key, bound in bounds.items() if not isinstance(bound, Open)}
    if not isinstance(geometry, Volume) and geometry.size is not None:
        stated["size"] = geometry.size
    wire: dict[str, object] = PLACEMENT.dump(stated)
    return wire


def shape_of(geometry: Geometry) -> Shape:
    """The shape in plan of ``geometry``."""
    if isinstance(geometry, Line):
        return Shape("LineString", (geometry.vertices,))
    if isinstance(geometry, Shaft):
        return Shape("Point", ((geometry.position,),))
    return Shape("Polygon", (geometry.outer, *geometry.holes))


def _line(shape: Shape, given: Mapping[str, Any], problems: list[Problem]) -> Line:
    vertices = shape.paths[0]
    stated = given.get("levels")
    if shape.heights is not None:
        if "levels" in given:
            remedy = "Leave out `levels`, or the heights in the coordinates."
            problems.append(_problem("not_allowed", "heights given twice", remedy, "levels"))
        if given["level_reference"] == "ground":
            remedy = "Heights in coordinates are m NAP; give cover in `levels`."
            problems.append(
                _problem("not_allowed", "heights in the coordinates cannot be cover", remedy, "level_reference")
            )
        stated = shape.heights
    levels = stated if isinstance(stated, tuple) else (stated,) * len(vertices)
    ground = given.get("ground_levels", ())
    for key, listed in (("levels", levels), ("ground_levels", ground)):
        if listed and len(listed) != len(vertices):
            detail = f"{len(listed)} numbers for {len(vertices)} vertices"
            remedy = "Give one per vertex, null where unknown" + (
                ", or one number for all." if key == "levels" else "."
            )
            problems.append(_problem("invalid_geometry", detail, remedy, key, str(len(listed))))
    if not levels:
        problems.append(_problem("invalid_geometry", "an empty list", _HEIGHT, "levels", "[]"))
    if len(levels) == len(vertices):
        problems += _without_length(shape, levels)
    size, envelope = given.get("size"), given.get("envelope")
    return Line(vertices, levels, given["level_of"], given["level_reference"], size, envelope, ground)


def _without_length(shape: Shape, levels: tuple[int | None, ...]) -> list[Problem]:
    vertices = shape.paths[0]
    same = [
        index
        for index in range(1, len(vertices))
        if vertices[index] == vertices[index - 1] and levels[index] == levels[index - 1]
    ]
    if not same:
        return []
    x, y = vertices[same[0]]
    detail = "a segment without length" + (f", the first of {len(same)}" if len(same) > 1 else "")
    remedy = "Leave the second position out; positions must differ by at least 1 mm, in plan or in level."
    field = f"geometry.coordinates[{same[0]}]"
    return [Problem("invalid_geometry", detail, remedy, field, f"[{metres(x)}, {metres(y)}]")]


def _shaft_or_volume(shape: Shape, given: Mapping[str, Any]) -> Shaft | Volume:
    bottom, top = given.get("bottom", Open.UNBOUNDED), given.get("top", Open.UNBOUNDED)
    reference, ground = given["level_reference"], given.get("ground_level")
    if shape.type == "Point":
        return Shaft(shape.paths[0][0], bottom, top, reference, given.get("size"), ground)
    return Volume(shape.paths[0], shape.paths[1:], bottom, top, reference, ground)


def _upside_down(geometry: Shaft | Volume) -> list[Problem]:
    bottom, top = geometry.bottom, geometry.top
    if not isinstance(bottom, int) or not isinstance(top, int):
        return []
    depths = geometry.level_reference == "ground"
    if bottom >= top if depths else bottom <= top:
        return []
    remedy = "Depths grow downwards: `bottom` is the larger." if depths else "Swap them: `top` is the higher level."
    return [
        _problem(
            "invalid_geometry", f"top {metres(top)} lies below bottom {metres(bottom)}", remedy, "top", str(metres(top))
        )
    ]


def _incomplete_line(line: Line) -> list[Problem]:
    problems = []
    unknown = [index for index, level in enumerate(line.levels) if level is None]
    if unknown and len(unknown) == len(line.levels):
        problems.append(_problem("missing_height", "neither level nor cover", _HEIGHT, "levels"))
    elif unknown:
        which = ", ".join(str(index + 1) for index in unknown[:_VERTICES_TOLD])
        more = f" and {len(unknown) - _VERTICES_TOLD} more" if len(unknown) > _VERTICES_TOLD else ""
        detail = f"no level at vertex {which}{more} of {len(line.levels)}"
        problems.append(_problem("missing_height", detail, _HEIGHT, f"levels[{unknown[0]}]", "null"))
    if line.envelope is None or line.size is not None:
        # An envelope may be smaller than what it is around: what that is said to be has to be said whole.
        problems += _incomplete_size(line.size, "Give `size` or `envelope`.")
    if line.level_of == "invert" and (line.size is None or line.size.measure != "inner" or line.size.height is None):
        remedy = "Give the inner size, or the level of axis, top or bottom."
        problems.append(_problem("missing_size", "an invert level without inner size", remedy, "size"))
    return problems


def _incomplete_upright(geometry: Shaft | Volume, stated: Mapping[str, object]) -> list[Problem]:
    remedy = "Give `top` and `bottom`; leave one out where it goes on without end."
    problems = [
        _problem("missing_height", f"unknown {key}", remedy, key, "null")
        for key, bound in (("top", geometry.top), ("bottom", geometry.bottom))
        if bound is None
    ]
    if not {"top", "bottom"} & set(stated):
        problems.append(_problem("missing_height", "neither top nor bottom", remedy, "top"))
    if isinstance(geometry, Shaft):
        problems += _incomplete_size(geometry.size, "Give `size`.")
    return problems


def _incomplete_size(size: Size | None, remedy: str) -> list[Problem]:
    if size is None or size.width is None or size.height is None:
        return [_problem("missing_size", "neither size nor envelope is known", remedy, "size")]
    if size.measure == "inner" and size.wall is None:
        return [
            _problem(
                "missing_size", "an inner size without wall leaves the outer size unknown", "Give `wall`.", "size.wall"
            )
        ]
    return []


def _problem(code: Code, detail: str, remedy: str, key: str, value: str = "") -> Problem:
    return Problem(code, detail, remedy, f"properties.{key}", value)


def _with_value(problem: Problem, stated: Mapping[str, object]) -> Problem:
    """``problem`` with what was stated for its property, where no value is shown yet."""
    key = _root(problem.field)
    return replace(problem, value=as_written(stated[key])) if not problem.value and key in stated else problem


def _root(field: str) -> str:
    """The property a field is of, or ``geometry``."""
    return re.split(r"[.\[]", field.removeprefix("properties."))[0]
