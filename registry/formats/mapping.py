"""What a mapping consists of: which table and attribute of a foreign file says what; see ``docs/convert.md``.

A mapping is data: no expressions, no code. Nothing about a municipality's files stands in Python.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from registry.core.errors import Problem, Refused
from registry.core.policy import Source
from registry.formats.ruleset_yaml import located
from registry.formats.yaml_strict import YamlDocument

Shape = Literal["round", "rectangular", "egg"]
LevelOf = Literal["axis", "top", "bottom", "invert"]
Measure = Literal["inner", "outer"]
What = Literal["measured", "design"]
Status = Literal["functional", "projected", "disused"]


@dataclass(frozen=True, slots=True)
class TextFrom:
    """A text: the same for every row, or an attribute's, or what ``values`` gives for the attribute's text."""

    constant: str | None = None
    attribute: str | None = None
    values: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class NumberFrom:
    """A number in an attribute, in units of ``unit`` mm. ``unknown`` lists the values that mean: not known."""

    attribute: str
    unit: int
    unknown: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class LevelFrom:
    """Where the level of one end may be found.

    ``date`` is the attribute whose date makes it trustworthy; ``unknown_without_date`` lists values that mean "not
    known" unless there is a date. ``use: note`` keeps the level as a remark and never as the level.
    """

    number: NumberFrom
    what: What
    use: Literal["level", "note"]
    date: str | None = None
    unknown_without_date: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of a line: candidates for both ends, in order of preference, or the geometry's own z."""

    of: LevelOf
    begin: tuple[LevelFrom, ...] = ()
    end: tuple[LevelFrom, ...] = ()
    geometry_z: What | None = None
    unknown_z: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """How a type name tells shape and size: ``Eivormig {width}/{height}``."""

    text: str
    pattern: re.Pattern[str]
    shape: Shape


@dataclass(frozen=True, slots=True)
class TypeName:
    """The attribute with the type name, how it reads, and what counts when it contradicts the size attributes."""

    attribute: str
    unit: int
    templates: tuple[Template, ...]
    take: Literal["type_name", "attributes"]


@dataclass(frozen=True, slots=True)
class Material:
    """What sizes are sizes of (says ``source``), and the wall assumed (says ``wall_source``).

    The wall is the larger size ÷ ``divide_by`` + ``add`` (mm), rounded up; without ``divide_by`` it is unknown.
    """

    name: str
    sizes_are: Measure
    source: str
    divide_by: Decimal | None = None
    add: int = 0
    wall_source: str = ""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Where the cross-section is found. A round one may give only its ``width``."""

    shape: TextFrom
    width: NumberFrom | None
    height: NumberFrom | None
    type_name: TypeName | None
    material: str | None
    materials: dict[str, Material]
    sizes_are: Measure | None


@dataclass(frozen=True, slots=True)
class Remark:
    """An attribute's text that is kept as a note or, where it equals ``equals``, flagged with ``text``."""

    text: str
    attribute: str
    equals: str | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroundFrom:
    """Street level in an attribute of a shaft: becomes a ``ground_level`` and, if so stated, the shaft's top."""

    number: NumberFrom
    basis: Literal["existing", "design"]
    is_top: bool


@dataclass(frozen=True, slots=True)
class UncertaintyFrom:
    """How far an object may lie from where the file says: a number in an attribute, else ``length`` (mm, says
    ``source``). ``None``: there is none."""

    number: NumberFrom | None = None
    length: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How the rows of one layer become assets. ``attributes``: every attribute named, with its place."""

    layer: str
    optional: bool
    gives: Literal["line", "shaft"]
    id_attributes: tuple[str, ...]
    id_prefix: str
    theme: TextFrom
    object_kind: TextFrom
    holder: TextFrom
    status: TextFrom
    name: TextFrom | None
    source: TextFrom | None
    levels: Levels | None
    sizes: Sizes | None
    ground: GroundFrom | None
    uncertain_xy: UncertaintyFrom | None
    uncertain_z: UncertaintyFrom | None
    notes: tuple[Remark, ...]
    flags: tuple[Remark, ...]
    attributes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping. ``crs`` is what a file without a coordinate system is in."""

    id: str
    version: str
    crs: str | None
    sources: dict[str, Source]
    tables: tuple[TableMapping, ...]
    document: YamlDocument = field(repr=False, compare=False)

    def refuse(self, problems: list[Problem]) -> None:
        """Raise ``Refused`` with problems in the mapping, each with its line; nothing when there are none."""
        if problems:
            raise Refused(located(problems, self.document))
