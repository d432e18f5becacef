"""What lies there, and what is asked for, in an example of a ruleset: read strictly, and made into the core's values.

Positions are metres east and north of a place of no meaning. What has an outline is a rectangle along the axes: it
needs no check of whether its outline crosses itself, and an example needs no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, Literal, get_args

from registry.core.model import (
    OBJECT_KINDS,
    STANDING,
    SURFACES,
    THEMES,
    ZONE_TYPES,
    Asset,
    Bound,
    Envelope,
    Geometry,
    GroundLevel,
    Line,
    Open,
    Part,
    Period,
    Point,
    Relation,
    RelationKind,
    Reservation,
    Shaft,
    Size,
    Strength,
    Uncertainty,
    Volume,
    Works,
    Zone,
)
from registry.core.reading import Node, metres
from registry.core.rules.header import choices
from registry.core.standing import SLENDER, SURFACING, compact

#: Where positions of examples are counted from, in RD (mm).
ORIGIN: Final[Point] = (150_000_000, 450_000_000)
#: How far from there anything may lie, and how long a segment may be, mm.
FARTHEST: Final = 5_000_000
MAX_SEGMENT: Final = 1_000_000
LOWEST: Final = -1_000_000

TargetKind = Literal["asset", "reservation", "part", "works"]

UNKNOWN: Final = "unknown"
UNBOUNDED: Final = "unbounded"

#: How the level of a line may be given: of what, and relative to what.
_LEVELS: Final[dict[str, tuple[Any, Any]]] = {
    "axis": ("axis", "nap"),
    "top": ("top", "nap"),
    "bottom": ("bottom", "nap"),
    "invert": ("invert", "nap"),
    "cover": ("top", "ground"),
}
_SIZES: Final = ("diameter", "width", "height")
_INNER: Final = ("inner", "wall")
#: By what gives the place of a thing: what it must have besides, and what it may have.
_SHAPES: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "line": ((), (*_LEVELS, *_SIZES, *_INNER, "envelope")),
    "at": (("bottom", "top"), _SIZES),
    "box": (("bottom", "top"), ()),
}
#: What a thing carries, and how it is measured.
_CARRIES: Final = {
    "temperature": "temperature",
    "discharge": "discharge",
    "storage": "storage",
    "surface_area": "area",
}
_OPTIONAL: Final = ("object_kind", "holder", "uncertainty", *_CARRIES)
#: What a relation is to where it does not say so.
_TARGETS: Final[dict[str, TargetKind]] = {"uses": "reservation"}
_TARGET_KINDS: Final[tuple[TargetKind, ...]] = get_args(TargetKind)
_STRENGTHS: Final[tuple[Strength, ...]] = get_args(Strength)
_RELATIONS: Final[tuple[RelationKind, ...]] = get_args(RelationKind)
_STATUSES: Final[tuple[Literal["functional", "projected", "disused"], ...]] = ("functional", "projected", "disused")
_STATES: Final[tuple[Literal["granted", "open"], ...]] = ("granted", "open")
_BASES: Final[tuple[Literal["existing", "design"], ...]] = ("existing", "design")


def read_part(node: Node) -> Part:
    """A part of the application."""
    given, thing = _read_thing(node, (), ("relations",), complete=True)
    relations = [_read_relation(item) for item in given["relations"].items()] if "relations" in given else []
    return Part(**thing, relations=tuple(sorted(relations, key=lambda one: (one.kind, one.target_kind, one.target))))


def read_asset(node: Node) -> Asset:
    """Something that lies there already."""
    given, thing = _read_thing(node, (), ("status", "removal_date"), complete=False)
    return Asset(
        **thing,
        status=given["status"].choice(_STATUSES, "status") if "status" in given else "functional",
        removal_date=given["removal_date"].date() if "removal_date" in given else None,
    )


def read_reservation(node: Node) -> Reservation:
    """A hold on space."""
    optional = ("beneficiary", "period", "review_date", "option_group", "shareable_with", "impaired_by")
    given, thing = _read_thing(node, ("strength",), optional, complete=True)
    return Reservation(
        **thing,
        strength=given["strength"].choice(_STRENGTHS, "strength"),
        beneficiary=_text(given, "beneficiary"),
        period=_read_period(given["period"]) if "period" in given else None,
        review_date=given["review_date"].date() if "review_date" in given else None,
        option_group=_text(given, "option_group"),
        impaired_by=tuple(sorted(item.text(200) for item in given["impaired_by"].items()))
        if "impaired_by" in given
        else (),
        shareable_with=choices(given["shareable_with"], THEMES, "theme") if "shareable_with" in given else (),
    )


def read_works(node: Node) -> Works:
    """A part of another application, granted or open."""
    given, thing = _read_thing(node, ("application", "state"), ("filed_on", "works_start"), complete=True)
    return Works(
        **thing,
        application=given["application"].id(),
        state=given["state"].choice(_STATES, "state"),
        works_start=given["works_start"].date() if "works_start" in given else None,
        filed_on=given["filed_on"].date() if "filed_on" in given else None,
    )


def read_zone(node: Node) -> Zone:
    """An area to which something applies."""
    given = node.entries(("id", "type", "value", "box"), ("bottom", "top", "rate"))
    zone_type, value = given["type"].choice(ZONE_TYPES, "type of zone"), given["value"].word()
    if zone_type == "surface" and given["value"].sound and value not in SURFACES:
        given["value"].unknown(value, SURFACES, "surface type")
    bottom, top = (given[key].length(least=LOWEST) if key in given else None for key in ("bottom", "top"))
    if bottom is not None and top is not None and top <= bottom and given["top"].sound and given["bottom"].sound:
        given["top"].fault("not above the bottom", "Let `top` be higher than `bottom`; both are metres NAP.")
    if zone_type == "subsidence" and "rate" not in given:
        remedy = "Write by how many millimetres ground level sinks in a year."
        node.fault("a zone of subsidence without a rate", remedy, "missing", "rate")
    if zone_type != "subsidence" and "rate" in given:
        remedy = "Leave it out; it belongs to a zone of type subsidence."
        given["rate"].fault("not of this type of zone", remedy, "not_allowed")
    return Zone(
        id=given["id"].id(),
        zone_type=zone_type,
        value=value,
        outer=_read_box(given["box"]),
        bottom=bottom,
        top=top,
        rate=given["rate"].measured("rate") if "rate" in given else None,
    )


def read_ground_level(node: Node) -> GroundLevel:
    """Ground level over a rectangle, or at a spot."""
    given = node.entries(("id", "level"), ("box", "at", "basis", "uncertainty"))
    if isinstance(node.value, dict) and ("box" in given) == ("at" in given):
        node.fault("a ground level has a box or a place", "Give either box or at.", "missing", "box")
    return GroundLevel(
        id=given["id"].id(),
        level=given["level"].length(least=LOWEST),
        position=_read_point(given["at"]) if "at" in given else None,
        outer=_read_box(given["box"]) if "box" in given else (),
        basis=given["basis"].choice(_BASES, "basis") if "basis" in given else "existing",
        uncertainty=given["uncertainty"].length() if "uncertainty" in given else 0,
    )


def read_ground(node: Node) -> GroundLevel:
    """One ground level for all there is in an example."""
    east, north = ORIGIN
    far = 2 * FARTHEST
    outer = ((east - far, north - far), (east + far, north - far), (east + far, north + far), (east - far, north + far))
    return GroundLevel("ground", node.length(least=LOWEST), outer=outer)


def _read_thing(
    node: Node, required: tuple[str, ...], optional: tuple[str, ...], *, complete: bool
) -> tuple[dict[str, Node], dict[str, Any]]:
    """The entries of a thing, and what all things have. ``complete``: its level and size must be known."""
    stated = node.value if isinstance(node.value, dict) else {}
    shapes = [shape for shape in _SHAPES if shape in stated]
    shape = shapes[0] if shapes else "line"
    asked, allowed = _SHAPES[shape]
    given = node.entries(("id", "theme", shape, *required, *asked), (*_OPTIONAL, *allowed, *optional))
    kind = given["object_kind"].choice(OBJECT_KINDS, "object kind") if "object_kind" in given else "line"
    geometry: Geometry
    if shape == "line":
        geometry = _read_line(node, given, complete)
        if kind in STANDING:
            remedy = "Give at or box, or the object kind of a line."
            given["object_kind"].fault(f"a {kind} stands at a place, and cannot be a line", remedy, "not_allowed")
    else:
        bottom, top = (_read_bound(given[key], complete) for key in ("bottom", "top"))
        if isinstance(bottom, int) and isinstance(top, int) and bottom > top and given["top"].sound:
            given["top"].fault("not above the bottom", "Let `top` be higher than `bottom`; both are metres NAP.")
        if shape == "at":
            geometry = Shaft(_read_point(given["at"]), bottom, top, "nap", _read_size(node, given, complete))
        else:
            geometry = Volume(_read_box(given["box"]), (), bottom, top, "nap")
            if kind in SURFACING and given["box"].sound and not compact(geometry.outer):
                detail = f"a {kind} stands at a place, and this is more than {SLENDER} times as long as wide"
                remedy = "Draw its whole footprint, or use the object kind of what it is."
                given["box"].fault(detail, remedy, "not_allowed")
    return given, {
        "id": given["id"].id(),
        "theme": given["theme"].choice(THEMES, "theme"),
        "object_kind": kind,
        "geometry": geometry,
        "holder": _text(given, "holder"),
        "uncertainty": _read_uncertainty(given["uncertainty"]) if "uncertainty" in given else Uncertainty(),
        **{key: given[key].measured(what) for key, what in _CARRIES.items() if key in given},
    }


def _read_line(node: Node, given: dict[str, Node], complete: bool) -> Line:
    faults = len(node.problems.found)
    vertices = tuple(_read_point(item) for item in given["line"].in_order(at_least=2))
    sound = len(node.problems.found) == faults
    stated = [key for key in _LEVELS if key in given]
    if isinstance(node.value, dict) and len(stated) != 1:
        remedy = f"Give one of {', '.join(_LEVELS)}."
        detail = "a line has one level" if stated else "the level of the line is missing"
        node.fault(detail, remedy, "missing", stated[1] if stated else "top")
    level = given[stated[0]] if stated else None
    level_of, reference = _LEVELS[stated[0] if stated else "top"]
    levels: tuple[int | None, ...] = (0,) * len(vertices)
    if level is not None and isinstance(level.value, list):
        levels = tuple(_read_level(item, complete) for item in level.in_order())
        if len(levels) != len(vertices):
            detail = f"{len(levels)} numbers for {len(vertices)} vertices"
            level.fault(detail, "Give one per vertex, or one number for all.")
            levels = (0,) * len(vertices)
    elif level is not None:
        levels = (_read_level(level, complete),) * len(vertices)
    for index, ((a, b), (high, low)) in enumerate(zip(pairwise(vertices), pairwise(levels), strict=True), 1):
        if a == b and high == low and sound:
            remedy = "Leave the second position out; positions must differ by at least 1 mm, in plan or in level."
            given["line"].fault(f"a segment without length, before position {index + 1}", remedy)
        elif (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 > MAX_SEGMENT**2 and sound:
            remedy = "Put vertices in between, at most 1 km apart, or mend the odd one out."
            given["line"].fault("a segment longer than 1 km", remedy)
    envelope = None
    if "envelope" in given:
        asked = given["envelope"].entries(("width", "height"))
        envelope = Envelope(asked["width"].length(least=10), asked["height"].length(least=10))
    size = _read_size(node, given, complete and envelope is None)
    if level_of == "invert" and (size is None or size.measure != "inner"):
        remedy = "Give the inner size, or the level of axis, top or bottom."
        given["invert"].fault("an invert level without inner size", remedy, "missing_size")
    return Line(vertices, levels, level_of, reference, size, envelope)


def _read_size(node: Node, given: dict[str, Node], complete: bool) -> Size | None:
    """Round, rectangular, or round with a wall; ``diameter: unknown`` where that may be."""
    stated = [key for key in (*_SIZES, *_INNER) if key in given]
    if not stated and (not complete or not isinstance(node.value, dict)):
        return None
    if stated == ["diameter"]:
        if given["diameter"].value == UNKNOWN and not complete:
            return None
        across = given["diameter"].length(least=10)
        return Size("round", "outer", across, across)
    if stated == ["width", "height"]:
        return Size("rectangular", "outer", *(given[key].length(least=10) for key in stated))
    if stated == ["inner", "wall"]:
        inner = given["inner"].length(least=10)
        return Size("round", "inner", inner, inner, given["wall"].length())
    remedy = "Give the diameter, or width and height, or of a line inner and wall."
    detail = "these make no size together" if stated else "no size in it"
    node.fault(detail, remedy, "missing_size", stated[-1] if stated else "diameter")
    return None


def _read_level(node: Node, complete: bool) -> int | None:
    return None if _word(node, () if complete else (UNKNOWN,)) else node.length(least=LOWEST)


def _read_bound(node: Node, complete: bool) -> Bound:
    word = _word(node, (UNBOUNDED,) if complete else (UNKNOWN, UNBOUNDED))
    if word:
        return Open.UNBOUNDED if word == UNBOUNDED else None
    return node.length(least=LOWEST)


def _word(node: Node, words: Sequence[str]) -> str:
    """The word that stands here where a length may; else nothing."""
    allowed = "".join(("a length such as -1.00 m", *(f", or {word}" for word in words)))
    node.wanted(allowed)
    if isinstance(node.value, str) and node.value in words:
        return node.value
    if node.value in (UNKNOWN, UNBOUNDED):
        node.fault(f"this may not be {node.value} here", f"Write {allowed}.", "not_allowed")
        return UNKNOWN
    return ""


def _read_point(node: Node) -> Point:
    items = node.in_order(at_least=2)
    if len(items) > 2:
        node.fault("a position has two numbers", "Write [east, north], as [1.00 m, 0.00 m].", "wrong_type")
    read = [item.length(least=-FARTHEST) for item in items[:2]]
    for item, value in zip(items, read, strict=False):
        if item.sound and value > FARTHEST:
            item.fault(f"this is more than {metres(FARTHEST)}", f"Write {metres(FARTHEST)} or less.", "out_of_range")
    east, north = (*read, 0, 0)[:2]
    return ORIGIN[0] + east, ORIGIN[1] + north


def _read_box(node: Node) -> tuple[Point, ...]:
    """A rectangle by its corners in the south-west and the north-east."""
    corners = [_read_point(item) for item in node.in_order(at_least=2)]
    if len(corners) > 2:
        node.fault("a box has two corners", "Write the south-west and the north-east one.", "wrong_type")
    if len(corners) != 2 or not node.sound:
        return _FAULTY
    (west, south), (east, north) = corners
    if east <= west or north <= south:
        node.fault("the second corner is not to the north-east of the first", "Write the south-west one first.")
        return _FAULTY
    return (west, south), (east, south), (east, north), (west, north)


#: Stands for a box in which a fault was found.
_FAULTY: Final = ((0, 0), (1, 0), (1, 1), (0, 1))


def _read_uncertainty(node: Node) -> Uncertainty:
    given = node.entries((), ("xy", "z"))
    return Uncertainty(*(given[key].length() if key in given else 0 for key in ("xy", "z")))


def _read_period(node: Node) -> Period:
    given = node.entries(("from",), ("to",))
    start, end = given["from"].date(), given["to"].date() if "to" in given else None
    if end is not None and given["from"].sound and given["to"].sound and end <= start:
        given["to"].fault("it ends before or when it begins", "Let it end later.", "invalid_period")
    return Period(start, end)


def _read_relation(node: Node) -> Relation:
    optional = ("target_kind", "point", "left_in_ground", "removal_date", "agreement")
    given = node.entries(("kind", "target"), optional)
    kind = given["kind"].choice(_RELATIONS, "relation")
    target_kind = _TARGETS.get(kind, "asset")
    if "target_kind" in given:
        target_kind = given["target_kind"].choice(_TARGET_KINDS, "kind of target")
    if kind == "connects" and "point" not in given:
        node.fault("it does not say where they connect", "Give the point, as [1.00 m, 0.00 m].", "missing", "point")
    return Relation(
        kind=kind,
        target_kind=target_kind,
        target=given["target"].id(),
        point=(*_read_point(given["point"]), None) if "point" in given else None,
        left_in_ground=given["left_in_ground"].flag() if "left_in_ground" in given else False,
        removal_date=given["removal_date"].date() if "removal_date" in given else None,
        agreement=_text(given, "agreement"),
    )


def _text(given: dict[str, Node], key: str) -> str | None:
    return given[key].text(200) if key in given else None
