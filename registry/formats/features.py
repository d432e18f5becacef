"""One GeoJSON feature to one value of the core, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from marshmallow import ValidationError

from registry.core.errors import Problem, Refused
from registry.core.model import (
    STANDING,
    Asset,
    Geometry,
    GroundLevel,
    Object,
    Part,
    Relation,
    Reservation,
    Works,
    Zone,
)
from registry.core.standing import SLENDER, SURFACING, compact
from registry.core.works import works_id
from registry.formats.placement import place_partly, placement_to_wire, shape_of
from registry.formats.shapes import Shape, read_shape, shape_to_wire
from schemas.collection import FEATURE
from schemas.features import PROPERTIES, load_properties, placement_keys
from schemas.fields import ID_PATTERN, NO_ID, NO_WORKS_ID, WORKS_ID_PATTERN
from schemas.problems import as_written, did_you_mean, problems_of

_THINGS: Final[dict[str, type[Part] | type[Reservation] | type[Asset] | type[Works]]] = {
    "part": Part,
    "reservation": Reservation,
    "asset": Asset,
    "works": Works,
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
    properties = feature.get("properties")
    if not any(problem.field == "id" for problem in problems):
        label = feature["id"]
    shape = _shape(feature, problems)
    loaded, faulty = _properties(feature, problems)
    geometry = None
    if shape is not None and loaded is not None and isinstance(properties, dict):
        if loaded["kind"] in _THINGS:
            complete = loaded["kind"] != "asset"
            geometry, found = place_partly(shape, loaded, properties, complete=complete, faulty=faulty)
            problems += found
        problems += _unfit(shape, loaded, feature.get("id"))
    if isinstance(properties, dict) and isinstance(feature.get("id"), str):
        problems += _unfit_id(feature["id"], properties.get("kind"), properties.get("application"))
    if problems or shape is None or loaded is None:
        raise Refused(_id_in_its_place(feature, problems)).at(feature=label)
    return _made(feature["id"], shape, geometry, loaded)


def object_to_feature(value: Part | Object) -> dict[str, object]:
    """``value`` as a feature: lengths as ``Decimal`` metres. Raises ``ValueError`` where the format has no form."""
    properties = PROPERTIES[value.kind].dump(value)
    if isinstance(value, (Part, Reservation, Asset, Works)):
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


def _id_in_its_place(feature: dict[str, Any], problems: list[Problem]) -> list[Problem]:
    """The problems; of an id among the properties only that it stands there."""
    properties = feature.get("properties")
    if not isinstance(properties, dict) or "id" not in properties:
        return problems
    there = "id" in feature
    remedy = "Leave it out: the feature has its id beside `geometry`." if there else "Put it beside `geometry`."
    misplaced = Problem("not_allowed", "the id stands in `properties`", remedy, "id", as_written(properties["id"]))
    kept = [item for item in problems if item.field != "properties.id" and (there or item.field != "id")]
    return [replace(misplaced, field="properties.id"), *kept]


def _properties(feature: dict[str, Any], problems: list[Problem]) -> tuple[dict[str, Any] | None, set[str]]:
    """What could be read of the properties, nothing without a known kind; and the names of those that could not."""
    if "properties" not in feature:
        return None, set()
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
        return None, set()
    try:
        return load_properties(kind, properties), set()
    except ValidationError as error:
        problems += problems_of(error, properties, "properties")
        faulty = set(map(str, error.messages))
        read = error.valid_data if isinstance(error.valid_data, dict) else {}
        return {key: value for key, value in read.items() if key not in faulty} | {"kind": kind}, faulty


def _unfit_id(id_: str, kind: object, application: object) -> list[Problem]:
    """An id of works that is not that of a part of their application, or one of works of what is none."""
    if kind == "works":
        ours = not isinstance(application, str) or id_.startswith(works_id(application, ""))
        fits = ours and re.fullmatch(WORKS_ID_PATTERN, id_, re.ASCII) is not None
        detail, remedy = "not an id of works of this application", NO_WORKS_ID
    else:
        # What is no id at all is told already.
        forms = (WORKS_ID_PATTERN, ID_PATTERN)
        of_works, plain = (re.fullmatch(form, id_, re.ASCII) is not None for form in forms)
        fits = plain or not of_works
        detail, remedy = "not an id", NO_ID
    return [] if fits else [Problem("not_allowed", detail, remedy, "id", as_written(id_))]


def _unfit(shape: Shape, loaded: dict[str, Any], id_: object) -> list[Problem]:
    """What does not go together of a kind, its shape and its other properties."""
    kind, object_kind = loaded["kind"], loaded.get("object_kind")
    if kind in _THINGS:
        problems = _related_to_itself(loaded.get("relations", ()), id_) if kind == "part" else []
        if shape.type == "Polygon" and object_kind in SURFACING and not compact(shape.paths[0], shape.paths[1:]):
            detail = f"a {object_kind} stands at a place, and this is more than {SLENDER} times as long as wide"
            remedy = "Draw its whole footprint, or use the object kind of what it is."
            problems.append(Problem("not_allowed", detail, remedy, "properties.object_kind", object_kind))
        if shape.type == "LineString" and object_kind in STANDING:
            detail = f"a {object_kind} stands at a place, and cannot be a LineString"
            remedy = "Use a Point or a Polygon, or the object kind of a line."
            problems.append(Problem("not_allowed", detail, remedy, "properties.object_kind", object_kind))
        return problems
    if shape.type == "Polygon" or (shape.type == "Point" and kind == "ground_level"):
        return []
    remedy = "Use a Polygon." if kind == "zone" else "Use a Point or a Polygon."
    detail = f"a {kind} cannot be a {shape.type}"
    return [Problem("invalid_geometry", detail, remedy, "geometry.type", as_written(shape.type))]


def _made(id_: str, shape: Shape, geometry: Geometry | None, loaded: dict[str, Any]) -> Part | Object:
    kind = loaded["kind"]
    if geometry is not None:
        rest = {key: value for key, value in loaded.items() if key not in placement_keys()}
        return _THINGS[kind](id=id_, geometry=geometry, **rest)
    if shape.type == "Point":
        return GroundLevel(id=id_, position=shape.paths[0][0], **loaded)
    area: dict[str, Any] = {"outer": shape.paths[0], "holes": shape.paths[1:]}
    return GroundLevel(id=id_, **area, **loaded) if kind == "ground_level" else Zone(id=id_, **area, **loaded)


def _related_to_itself(relations: Iterable[Relation], id_: object) -> list[Problem]:
    return [
        Problem(
            "not_allowed",
            "a part cannot relate to itself",
            "Name another object.",
            f"properties.relations[{index}].target",
            relation.target,
        )
        for index, relation in enumerate(relations)
        if relation.target_kind == "part" and relation.target == id_
    ]
