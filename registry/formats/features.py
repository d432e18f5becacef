"""One GeoJSON feature to one value of the core, and back."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import ValidationError

from registry.core.errors import Problem, Refused
from registry.core.model import STANDING, Asset, GroundLevel, Line, Object, Part, Reservation, Volume, Zone
from registry.formats.placement import COMPACT, SLENDER, is_compact, place, placement_to_wire, shape_of
from registry.formats.shapes import Shape, read_shape, shape_to_wire
from schemas.collection import FEATURE
from schemas.features import PROPERTIES, load_properties, placement_keys
from schemas.problems import as_written, did_you_mean, problems_of

_THINGS: Final[dict[str, type[Part] | type[Reservation] | type[Asset]]] = {
    "part": Part,
    "reservation": Reservation,
    "asset": Asset,
}


def object_from_feature(feature: object, label: str = "") -> Part | Object:
    """The value a feature describes. ``label`` names it in problems where it has no usable id.

    Raises ``Refused`` with every problem of the feature.
    """
    try:
        FEATURE.load(feature)  # type: ignore[arg-type]
        problems: list[Problem] = []
    except ValidationError as error:
        problems = problems_of(error, feature)
    if not isinstance(feature, dict):
        raise Refused(problems).at(feature=label)
    if not any(problem.field == "id" for problem in problems):
        label = feature["id"]
    shape = _shape(feature, problems)
    loaded = _properties(feature, problems)
    if shape is not None and loaded is not None and not problems:
        try:
            return _made(feature["id"], shape, loaded, feature["properties"])
        except Refused as refused:
            problems += refused.problems
    raise Refused(problems).at(feature=label)


def object_to_feature(value: Part | Object) -> dict[str, object]:
    """``value`` as a feature: lengths as ``Decimal`` metres. Raises ``ValueError`` where the format has no form."""
    properties = PROPERTIES[value.kind].dump(value)
    if isinstance(value, (Part, Reservation, Asset)):
        shape = shape_of(value.geometry)
        properties |= placement_to_wire(value.geometry)
    elif isinstance(value, GroundLevel) and value.position is not None:
        shape = Shape("Point", ((value.position,),))
    else:
        shape = Shape("Polygon", (value.outer, *value.holes))
    ordered = {"kind": value.kind} | properties
    return {"type": "Feature", "id": value.id, "geometry": shape_to_wire(shape), "properties": ordered}


def _shape(feature: dict[str, Any], problems: list[Problem]) -> Shape | None:
    if "geometry" not in feature:
        return None
    try:
        return read_shape(feature["geometry"])
    except Refused as refused:
        problems += refused.problems
        return None


def _properties(feature: dict[str, Any], problems: list[Problem]) -> dict[str, Any] | None:
    if "properties" not in feature:
        return None
    properties = feature["properties"]
    kind = properties.get("kind") if isinstance(properties, dict) else None
    if not isinstance(kind, str) or kind not in PROPERTIES:
        remedy = (
            f"{did_you_mean(kind, PROPERTIES) if isinstance(kind, str) else ''}Use one of: {', '.join(PROPERTIES)}."
        )
        if not isinstance(properties, dict):
            problems.append(
                Problem("wrong_type", "no properties", f"Write an object with `kind`. {remedy}", "properties")
            )
        elif "kind" not in properties:
            problems.append(Problem("missing", "`kind` is missing", remedy, "properties.kind"))
        else:
            problems.append(Problem("not_allowed", "not a known kind", remedy, "properties.kind", as_written(kind)))
        return None
    try:
        return load_properties(kind, properties)
    except ValidationError as error:
        problems += problems_of(error, properties, "properties")
        return None


def _made(id_: str, shape: Shape, loaded: dict[str, Any], stated: dict[str, Any]) -> Part | Object:
    kind = loaded["kind"]
    if kind in _THINGS:
        rest = {key: value for key, value in loaded.items() if key not in placement_keys()}
        geometry = place(shape, loaded, stated, complete=kind != "asset")
        value = _THINGS[kind](id=id_, geometry=geometry, **rest)
        if isinstance(geometry, Volume) and value.object_kind in COMPACT and not is_compact(geometry):
            detail = f"a {value.object_kind} stands at a place, and this is more than {SLENDER} times as long as wide"
            remedy = "Draw its footprint, or use the object kind of what it is."
            raise Refused(Problem("not_allowed", detail, remedy, "properties.object_kind", value.object_kind))
        if isinstance(geometry, Line) and value.object_kind in STANDING:
            detail = f"a {value.object_kind} stands at a place, and cannot be a LineString"
            remedy = "Use a Point or a Polygon, or the object kind of a line."
            raise Refused(Problem("not_allowed", detail, remedy, "properties.object_kind", value.object_kind))
        if isinstance(value, Part):
            _require_other_targets(value)
        return value
    if shape.type == "Point" and kind == "ground_level":
        return GroundLevel(id=id_, position=shape.paths[0][0], **loaded)
    if shape.type != "Polygon":
        remedy = "Use a Polygon." if kind == "zone" else "Use a Point or a Polygon."
        detail = f"a {kind} cannot be a {shape.type}"
        raise Refused(Problem("invalid_geometry", detail, remedy, "geometry.type", as_written(shape.type)))
    area: dict[str, Any] = {"outer": shape.paths[0], "holes": shape.paths[1:]}
    return GroundLevel(id=id_, **area, **loaded) if kind == "ground_level" else Zone(id=id_, **area, **loaded)


def _require_other_targets(part: Part) -> None:
    problems = [
        Problem(
            "not_allowed",
            "a part cannot relate to itself",
            "Name another object.",
            f"properties.relations[{index}].target",
            part.id,
        )
        for index, relation in enumerate(part.relations)
        if relation.target_kind == "part" and relation.target == part.id
    ]
    if problems:
        raise Refused(problems)
