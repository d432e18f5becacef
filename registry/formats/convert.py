"""Foreign tables to assets and ground levels, as a mapping says; with an account of every object.

An object that cannot be taken over is set apart by its id with the reason; the rest go on. Nothing is guessed: what
the mapping does not say is unknown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import hypot
from typing import Final, cast

from registry.core.errors import Problem, Refused, shown
from registry.core.model import STANDING, Asset, GroundLevel, Line, Point, Shaft
from registry.formats.attribute_levels import known_level, read_levels
from registry.formats.attribute_sizes import read_size
from registry.formats.attribute_uncertainty import read_uncertainty
from registry.formats.attributes import Row, lies_in, nearest, number_of, text_from, text_of
from registry.formats.conversion_report import ConversionReport, Quarantined, Remarks, TableReport
from registry.formats.foreign import Foreign, ForeignFeature, ForeignGeometry, ForeignTable
from registry.formats.foreign_crs import crs_problem
from registry.formats.mapping import Mapping, Status, TableMapping, TextFrom
from registry.formats.shapes import MAX_SEGMENT, MAX_VERTICES
from schemas.metres import X_RANGE, Y_RANGE

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}")

#: Called with the layer, rows done and rows in all.
Progress = Callable[[str, int, int], None]


class UnfitError(Exception):
    """An object cannot be taken over; the message says why."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a foreign file became, and the account of it."""

    objects: tuple[Asset | GroundLevel, ...]
    report: ConversionReport


def convert(foreign: Foreign, mapping: Mapping, progress: Progress = lambda layer, done, rows: None) -> Conversion:
    """The assets and ground levels in the tables the mapping names.

    Raises ``Refused`` for a fault of the file or mapping as a whole: a layer or attribute that is not there, another
    coordinate system, nothing to convert.
    """
    _refuse_unfit(foreign, mapping)
    report = ConversionReport(foreign.name, f"{mapping.id} {mapping.version}", warnings=list(foreign.warnings))
    objects: list[Asset | GroundLevel] = []
    taken: set[str] = set()
    for rule in mapping.tables:
        table = foreign.tables.get(rule.layer)
        account = TableReport(rule.layer, absent=table is None)
        report.tables.append(account)
        if table is not None:
            objects += _convert_table(table, rule, report, account, taken, progress)
    if not objects:
        read = sum(account.read for account in report.tables)
        apart = [f"{item.id}: {item.reason}" for account in report.tables for item in account.quarantined]
        detail = f"of {read} objects read none could be converted" if read else "there are no objects in it"
        remedy = "Look at the reasons, and at the mapping." if read else "Give a file with objects."
        raise Refused(Problem("unreadable", detail, remedy, value=shown(apart[0]) if apart else "", file=foreign.name))
    return Conversion(tuple(objects), report)


def _refuse_unfit(foreign: Foreign, mapping: Mapping) -> None:
    """Refuse at once all that makes file and mapping unfit for each other."""
    faults: list[Problem] = []
    for index, rule in enumerate(mapping.tables):
        table = foreign.tables.get(rule.layer)
        if table is None:
            if not rule.optional:
                layers = ", ".join(shown(layer) for layer in foreign.layers) or "none"
                detail = f"the file {foreign.name} has no layer of this name"
                remedy = f"Its layers are: {layers}. Name one of them, or write `optional: true`."
                faults.append(Problem("invalid_mapping", detail, remedy, f"tables[{index}].layer", shown(rule.layer)))
            continue
        for attribute, place in rule.attributes:
            if attribute not in table.fields:
                detail = f"layer {rule.layer} of {foreign.name} has no such attribute"
                remedy = f"Its attributes are: {', '.join(shown(field) for field in table.fields)}."
                faults.append(Problem("invalid_mapping", detail, remedy, place, shown(attribute)))
    crs = [crs_problem(table, mapping.crs) for table in foreign.tables.values()]
    found = [problem for problem in crs if problem is not None]
    try:
        mapping.refuse(faults)
    except Refused as refusal:
        found = [*refusal.problems, *found]
    if found:
        raise Refused(found)


def _convert_table(
    table: ForeignTable,
    rule: TableMapping,
    report: ConversionReport,
    account: TableReport,
    taken: set[str],
    progress: Progress,
) -> list[Asset | GroundLevel]:
    objects: list[Asset | GroundLevel] = []
    ids = _ids(table, rule, taken)
    for index, feature in enumerate(table.features):
        progress(rule.layer, index, len(table.features))
        account.read += 1
        object_id, attribute = ids[index]
        try:
            if attribute is None:
                raise UnfitError("no id that is present, unique and of allowed characters")
            remarks = Remarks()
            if attribute != rule.id_attributes[0]:
                remarks.flag(f"id from {attribute}: {rule.id_attributes[0]} missing or not unique")
            asset, ground = _object(object_id, feature, rule, remarks)
        except UnfitError as reason:
            account.quarantined.append(Quarantined(object_id, str(reason)))
            continue
        objects.append(asset)
        account.converted.append(object_id)
        if ground is not None:
            objects.append(ground)
            account.ground_levels += 1
        report.add(object_id, remarks)
    progress(rule.layer, len(table.features), len(table.features))
    return objects


def _ids(table: ForeignTable, rule: TableMapping, taken: set[str]) -> list[tuple[str, str | None]]:
    """Per row its id and the attribute it is from; without one, a name for the report and ``None``.

    The first attribute counts for every row where it is present and unique; the next for the rows that are left.
    """
    ids: list[tuple[str, str | None] | None] = [None] * len(table.features)
    for attribute in rule.id_attributes:
        texts = [text_of(feature.values[attribute], 120) for feature in table.features]
        counts = Counter(texts)
        for index, text in enumerate(texts):
            object_id = f"{rule.id_prefix}{text}"
            if ids[index] is not None or not text or counts[text] > 1:
                continue
            if object_id not in taken and _ID.fullmatch(object_id):
                taken.add(object_id)
                ids[index] = (object_id, attribute)
    rows = enumerate(table.features)
    return [ids[index] or (_unidentified(feature, rule), None) for index, feature in rows]


def _unidentified(feature: ForeignFeature, rule: TableMapping) -> str:
    text = text_of(feature.values[rule.id_attributes[0]], 60)
    return f"{rule.layer} row {feature.fid}" + (f" ({rule.id_attributes[0]} {text})" if text else "")


def _object(
    object_id: str, feature: ForeignFeature, rule: TableMapping, remarks: Remarks
) -> tuple[Asset, GroundLevel | None]:
    row = feature.values
    geometry: Line | Shaft
    if rule.gives == "line":
        geometry, quality = _line(feature.geometry, rule, row, remarks)
        ground = None
    else:
        geometry, ground = _shaft(object_id, feature.geometry, rule, row, remarks)
        quality = None
    uncertainty = read_uncertainty(rule.uncertain_xy, rule.uncertain_z, row, remarks)
    for remark in rule.flags:
        if text_of(row[remark.attribute]) == remark.equals:
            remarks.flag(remark.text)
    for remark in rule.notes:
        text = text_of(row[remark.attribute])
        if text is not None and text not in remark.unknown:
            remarks.notes.append(f"{remark.text} {text}")
    object_kind = _required("object kind", rule.object_kind, row)
    if rule.gives == "line" and object_kind in STANDING:
        raise UnfitError(f"a {object_kind} stands at a place, and cannot be a line")
    asset = Asset(
        id=object_id,
        theme=_required("theme", rule.theme, row),
        object_kind=object_kind,
        geometry=geometry,
        holder=_required("holder", rule.holder, row),
        uncertainty=uncertainty,
        name=text_from(rule.name, row),
        status=cast(Status, _required("status", rule.status, row)),
        source=text_from(rule.source, row),
        quality=quality,
        notes=tuple(dict.fromkeys(remarks.notes)),
    )
    return asset, ground


def _required(name: str, rule: TextFrom, row: Row) -> str:
    text = text_from(rule, row)
    if text is None:
        found = shown(row[rule.attribute]) if rule.attribute else ""
        raise UnfitError(f"the mapping gives no {name} for this row ({rule.attribute} is {found})")
    return text


def _line(geometry: ForeignGeometry | None, rule: TableMapping, row: Row, remarks: Remarks) -> tuple[Line, str | None]:
    given = _expected(geometry, "LineString")
    vertices: list[Point] = []
    kept: list[tuple[float, ...]] = []
    for number, position in enumerate(given.coordinates, 1):
        vertex = _vertex(position, f"vertex {number}: ")
        if vertices and vertex == vertices[-1]:
            if rule.levels and rule.levels.geometry_z and position[2:] != kept[-1][2:]:
                raise UnfitError(f"vertices {number - 1} and {number} are at one place with different z")
            continue
        vertices.append(vertex)
        kept.append(position)
    if len(vertices) < len(given.coordinates):
        remarks.flag("repeated vertex dropped")
    if len(vertices) < 2:
        raise UnfitError("the line has no length")
    for (x0, y0), (x1, y1) in pairwise(vertices):
        if (x1 - x0) ** 2 + (y1 - y0) ** 2 > MAX_SEGMENT**2:
            raise UnfitError(f"a segment of {hypot(x1 - x0, y1 - y0) / 1000:.1f} m is longer than 1 km")
    plan = tuple(vertices)
    levels: tuple[int | None, ...] = (None,) * len(plan)
    quality = None
    if rule.levels is not None:
        whole = ForeignGeometry(given.type, len(kept), tuple(kept))
        levels, quality = read_levels(rule.levels, row, plan, whole, remarks)
    else:
        remarks.note("no levels in the file")
    size = read_size(rule.sizes, row, remarks) if rule.sizes else None
    return Line(plan, levels, rule.levels.of if rule.levels else "axis", "nap", size), quality


def _shaft(
    object_id: str, geometry: ForeignGeometry | None, rule: TableMapping, row: Row, remarks: Remarks
) -> tuple[Shaft, GroundLevel | None]:
    given = _expected(geometry, "Point")
    position = _vertex(given.coordinates[0], "")
    size = read_size(rule.sizes, row, remarks) if rule.sizes else None
    remarks.note("bottom unknown: not in the file")
    level = None
    if rule.ground is not None:
        number = rule.ground.number
        stated = number_of(row[number.attribute])
        if stated is not None and stated not in number.unknown:
            level = known_level(row[number.attribute], number.unit, remarks, "ground level", "ground_outside")
        if level is None:
            remarks.flag("ground level unknown")
    if level is None or rule.ground is None:
        return Shaft(position, None, None, "nap", size), None
    ground = GroundLevel(object_id, level, position, basis=rule.ground.basis, source=text_from(rule.source, row))
    if not rule.ground.is_top:
        return Shaft(position, None, None, "nap", size), ground
    remarks.assume("top at ground level")
    return Shaft(position, None, level, "nap", size), ground


def _expected(geometry: ForeignGeometry | None, wanted: str) -> ForeignGeometry:
    if geometry is None:
        raise UnfitError("it has no geometry")
    if geometry.type == "unreadable":
        raise UnfitError(f"its geometry cannot be read: {shown(geometry.detail, 100)}")
    if geometry.type != wanted:
        raise UnfitError(f"its geometry is a {geometry.type}, where a {wanted} is needed")
    if geometry.vertices > MAX_VERTICES:
        raise UnfitError(f"it has {geometry.vertices} vertices, more than {MAX_VERTICES}")
    if not geometry.coordinates:
        raise UnfitError("its geometry is empty")
    return geometry


def _vertex(position: tuple[float, ...], where: str) -> Point:
    x, y = (number_of(value) for value in position[:2])
    if x is None or y is None:
        raise UnfitError(f"{where}a coordinate is not a finite number")
    point = nearest(x * 1000), nearest(y * 1000)
    if not (lies_in(point[0], X_RANGE) and lies_in(point[1], Y_RANGE)):
        raise UnfitError(f"{where}{x}, {y} {_guess(x, y)}")
    return point


def _guess(x: Decimal, y: Decimal) -> str:
    """Why a position may lie outside RD New."""
    if 3 <= x <= 8 and 50 <= y <= 54:
        return "is outside RD New: it looks like longitude and latitude"
    if 50 <= x <= 54 and 3 <= y <= 8:
        return "is outside RD New: it looks like latitude and longitude"
    if 300_000 <= x <= 625_000 and 0 <= y <= 300_000:
        return "is outside RD New: x and y look swapped"
    return "is outside RD New (x 0 to 300000, y 300000 to 625000)"
