"""The cross-section of an asset out of its attributes and type name; contradictions are flagged, never passed over."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from registry.core.model import Size
from registry.formats.attributes import Row, lies_in, number_from, number_of, text_from, text_of, upward
from registry.formats.conversion_report import Remarks
from registry.formats.mapping import Material, NumberFrom, Shape, Sizes, TypeName
from registry.formats.notes import note
from schemas.metres import SIZE_RANGE, WALL_RANGE


@dataclass(frozen=True, slots=True)
class Section:
    """A shape with its size across and its height, mm, as stated somewhere in the file."""

    shape: Shape
    width: int
    height: int

    def __str__(self) -> str:
        if self.shape == "round" and self.width == self.height:
            return f"round {self.width} mm"
        return f"{self.shape}, {self.width} mm wide and {self.height} mm high"


def read_size(rule: Sizes, row: Row, remarks: Remarks) -> Size | None:
    """The size, or ``None`` (unknown); what was chosen and assumed stands in ``remarks``."""
    stated = _from_attributes(rule, row, remarks)
    named = _from_type_name(rule.type_name, row, remarks) if rule.type_name else None
    section = stated or named
    if rule.type_name and stated and named and stated != named:
        section = named if rule.type_name.take == "type_name" else stated
        used = rule.type_name.take.replace("_", " ")
        name = text_of(row[rule.type_name.attribute])
        kept = note("size_contradicts", text=name, named=named, stated=stated, used=used)
        remarks.flag(f"size contradicts type name, {used} used", kept)
    elif named and not stated:
        remarks.flag("size only in the type name")
    if section is None:
        remarks.flag("size unknown")
        return None
    if section.shape == "round" and section.width != section.height:
        remarks.flag("round, but width and height differ; the larger used", note("size_not_round", stated=section))
        across = max(section.width, section.height)
        section = Section("round", across, across)
    return _with_wall(section, *_material(rule, row, remarks), remarks)


def _from_attributes(rule: Sizes, row: Row, remarks: Remarks) -> Section | None:
    width, height = (
        _length(number, row, what, remarks) for number, what in ((rule.width, "width"), (rule.height, "height"))
    )
    if width is None and height is None:
        return None
    shape = text_from(rule.shape, row)
    if shape == "round":
        across = [length for length in (width, height) if length is not None]
        return Section("round", across[0], across[-1])
    if shape is None and rule.shape.attribute is not None:
        remarks.flag(f"shape unknown: {text_of(row[rule.shape.attribute], 40)}")
    if width is not None and height is not None and (shape == "egg" or shape == "rectangular"):
        return Section("egg" if shape == "egg" else "rectangular", width, height)
    return None


def _length(rule: NumberFrom | None, row: Row, what: str, remarks: Remarks) -> int | None:
    if rule is None:
        return None
    value = row[rule.attribute]
    if number_of(value) is None and text_of(value) is not None:
        remarks.flag(f"{what} is not a number, taken as unknown")
    number = number_from(rule, row)
    return None if number is None else _in_range(upward(number), what, remarks)


def _in_range(length: int, what: str, remarks: Remarks) -> int | None:
    if lies_in(length, SIZE_RANGE):
        return length
    remarks.flag(f"{what} outside 0.01 to 50 m, taken as unknown", note("size_outside", side=what, mm=length))
    return None


def _from_type_name(rule: TypeName, row: Row, remarks: Remarks) -> Section | None:
    text = text_of(row[rule.attribute])
    if text is None:
        return None
    for template in rule.templates:
        if found := template.pattern.fullmatch(text):
            sizes = {name: upward(Decimal(number) * rule.unit) for name, number in found.groupdict().items()}
            width = _in_range(sizes.get("width", sizes.get("diameter", 0)), "size in the type name", remarks)
            height = _in_range(sizes.get("height", sizes.get("diameter", 0)), "size in the type name", remarks)
            return Section(template.shape, width, height) if width is not None and height is not None else None
    remarks.flag("type name not recognised", note("type_not_recognised", text=text))
    return None


def _material(rule: Sizes, row: Row, remarks: Remarks) -> tuple[str, Material | None]:
    """What the sizes are of, and the material, ``None`` where nothing is known of it."""
    if rule.material is None:
        return rule.sizes_are or "inner", None
    name = text_of(row[rule.material])
    material = rule.materials.get(name or "")
    if material is None:
        remarks.flag(f"material not in the mapping, wall unknown: {name}")
        return "inner", None
    remarks.assume(f"sizes of {material.name} are {material.sizes_are} sizes ({material.source})")
    return material.sizes_are, material


def _with_wall(section: Section, sizes_are: str, material: Material | None, remarks: Remarks) -> Size:
    """The size with the wall assumed for its material. An outer size becomes inner size and wall, for the invert."""
    width, height = section.width, section.height
    wall = None
    if material is not None and material.divide_by is not None:
        wall = upward(Decimal(max(width, height)) / material.divide_by + material.add)
        too_thick = sizes_are == "outer" and not lies_in(min(width, height) - 2 * wall, SIZE_RANGE)
        if too_thick or not lies_in(wall, WALL_RANGE):
            remarks.flag("assumed wall too thick, left out")
            wall = None
    if wall is not None and material is not None:
        kept = note("wall_assumed", mm=wall, text=material.wall_source)
        remarks.assume(f"wall of {material.name} ({material.wall_source})", kept)
    if sizes_are == "inner":
        return Size(section.shape, "inner", width, height, wall)
    if wall is not None:
        return Size(section.shape, "inner", width - 2 * wall, height - 2 * wall, wall)
    # Without a wall an egg's outside is known by its enclosing rectangle only.
    return Size("round" if section.shape == "round" else "rectangular", "outer", width, height)
