"""Mappings as people write them: one YAML document, see ``docs/convert.md``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal, TypeVar

from registry.core.errors import Refused
from registry.core.model import OBJECT_KINDS, THEMES
from registry.core.policy import Source
from registry.core.reading import Node, Problems, dotted
from registry.core.sources import read_sources
from registry.formats.attributes import lies_in
from registry.formats.mapping import (
    GroundFrom,
    LevelFrom,
    LevelOf,
    Levels,
    Mapping,
    Material,
    Measure,
    NumberFrom,
    Remark,
    Shape,
    Sizes,
    Status,
    TableMapping,
    Template,
    TextFrom,
    TypeName,
    UncertaintyFrom,
    What,
)
from registry.formats.ruleset_yaml import located
from registry.formats.yaml_strict import YamlDocument, load_yaml
from schemas.metres import UNCERTAINTY_RANGE

#: What one unit is in mm.
UNITS: Final = {"m": 1000, "cm": 10, "mm": 1}
CRS: Final = ("EPSG:28992", "EPSG:7415")

_SHAPES: Final[tuple[Shape, ...]] = ("round", "rectangular", "egg")
_LEVEL_OF: Final[tuple[LevelOf, ...]] = ("axis", "top", "bottom", "invert")
_MEASURES: Final[tuple[Measure, ...]] = ("inner", "outer")
_WHATS: Final[tuple[What, ...]] = ("measured", "design")
_GIVES: Final[tuple[Literal["line", "shaft"], ...]] = ("line", "shaft")
_USES: Final[tuple[Literal["level", "note"], ...]] = ("level", "note")
_TAKES: Final[tuple[Literal["type_name", "attributes"], ...]] = ("type_name", "attributes")
_BASES: Final[tuple[Literal["existing", "design"], ...]] = ("existing", "design")
_STATUSES: Final[tuple[Status, ...]] = ("functional", "projected", "disused")
_PLACEHOLDER: Final = re.compile(r"\{(\w*)\}")

Read = TypeVar("Read")


def load_mapping(source: Path | str, name: str = "") -> Mapping:
    """The mapping in a YAML file (``Path``) or text (``str``); ``name`` is the file's name in messages.

    Raises ``Refused`` with every fault, each with its line and column.
    """
    document = load_yaml(source, name or (source.name if isinstance(source, Path) else ""), "invalid_mapping")
    try:
        return _read_mapping(document)
    except Refused as refusal:
        # Node speaks of rulesets where a fault has no code of its own.
        problems = [
            replace(problem, code="invalid_mapping") if problem.code == "invalid_ruleset" else problem
            for problem in refusal.problems
        ]
        raise Refused(located(problems, document)) from None


def _read_mapping(document: YamlDocument) -> Mapping:
    node = Node(document.data, Problems(), as_text=True)
    given = node.entries(("mapping", "tables"), ("crs", "sources"))
    head = given["mapping"].entries(("id", "version"), ("title", "note"))
    sources = {source.id: source for source in read_sources(given["sources"])} if "sources" in given else {}
    tables: list[TableMapping] = []
    for item in given["tables"].items(at_least=1):
        table = _Table(item, sources).read()
        if table.layer in [other.layer for other in tables]:
            item.fault("this layer already has a table", "Keep one of the two.", "duplicate_id")
        tables.append(table)
    crs = given["crs"].choice(CRS, "coordinate system") if "crs" in given else None
    mapping = Mapping(head["id"].id(), head["version"].version(), crs, sources, tuple(tables), document)
    node.problems.refuse()
    return mapping


class _Table:
    """Reads one table and remembers every attribute it names."""

    def __init__(self, node: Node, sources: dict[str, Source]) -> None:
        self.node, self.sources = node, sources
        self.attributes: list[tuple[str, str]] = []

    def read(self) -> TableMapping:
        gives = self.node.value.get("gives") if isinstance(self.node.value, dict) else None
        own = ("ground_level",) if gives == "shaft" else ("levels",)
        given = self.node.entries(
            ("layer", "gives", "id", "theme", "holder"),
            ("optional", "object_kind", "status", "name", "source", "size", "uncertainty", "notes", "flags", *own),
        )
        uncertain = given["uncertainty"].entries((), ("xy", "z")) if "uncertainty" in given else {}
        ids = given["id"].entries(("attributes",), ("prefix",))

        def optional(key: str, read: Callable[[Node], Read]) -> Read | None:
            return read(given[key]) if key in given else None

        kinds = lambda node: self.text(node, OBJECT_KINDS, "object kind")  # noqa: E731
        return TableMapping(
            layer=given["layer"].text(),
            optional=bool(optional("optional", self.truth)),
            gives=given["gives"].choice(_GIVES, "kind of geometry"),
            id_attributes=tuple(self.attribute(item) for item in ids["attributes"].items(at_least=1)),
            id_prefix=ids["prefix"].text(20) if "prefix" in ids else "",
            theme=self.text(given["theme"], THEMES, "theme"),
            object_kind=optional("object_kind", kinds) or TextFrom("manhole" if gives == "shaft" else "line"),
            holder=self.text(given["holder"]),
            status=optional("status", lambda node: self.text(node, _STATUSES, "status")) or TextFrom("functional"),
            name=optional("name", self.text),
            source=optional("source", self.text),
            levels=optional("levels", self.levels),
            sizes=optional("size", self.sizes),
            ground=optional("ground_level", self.ground),
            uncertain_xy=self.uncertain(uncertain["xy"]) if "xy" in uncertain else None,
            uncertain_z=self.uncertain(uncertain["z"]) if "z" in uncertain else None,
            notes=optional("notes", lambda node: self.remarks(node, flags=False)) or (),
            flags=optional("flags", lambda node: self.remarks(node, flags=True)) or (),
            attributes=tuple(self.attributes),
        )

    def attribute(self, node: Node) -> str:
        name = node.text(200)
        if node.sound:
            self.attributes.append((name, dotted(node.path)))
        return name

    def text(self, node: Node, options: tuple[str, ...] = (), what: str = "") -> TextFrom:
        """A constant, or ``{attribute, values}``; where there are ``options`` it ends in one of them."""
        if not isinstance(node.value, dict):
            return TextFrom(constant=node.choice(options, what) if options else _kept(node))
        given = node.entries(("attribute",), ("values",))
        values = None
        if "values" in given:
            table = given["values"].value
            keys = tuple(table) if isinstance(table, dict) else ()
            entries = given["values"].entries(keys)
            values = {key: item.choice(options, what) if options else _kept(item) for key, item in entries.items()}
        return TextFrom(attribute=self.attribute(given["attribute"]), values=values)

    def number(self, given: dict[str, Node]) -> NumberFrom:
        unit = given["unit"].choice(tuple(UNITS), "unit")
        unknown = self.numbers(given["unknown"]) if "unknown" in given else ()
        return NumberFrom(self.attribute(given["attribute"]), UNITS[unit], unknown)

    def numbers(self, node: Node) -> tuple[Decimal, ...]:
        return tuple(self.decimal(item) for item in node.items())

    def decimal(self, node: Node) -> Decimal:
        if isinstance(node.value, bool) or not isinstance(node.value, (int, Decimal)):
            node.fault("this must be a number", "Write it as 0, 0.00 or -9999.", "wrong_type")
            return Decimal(1)
        return Decimal(node.value)

    def truth(self, node: Node) -> bool:
        if not isinstance(node.value, bool):
            node.fault("this must be true or false", "Write true or false.", "wrong_type")
        return bool(node.value)

    def levels(self, node: Node) -> Levels:
        from_z = isinstance(node.value, dict) and "geometry_z" in node.value
        given = node.entries(("of", "geometry_z") if from_z else ("of", "begin", "end"))
        of = given["of"].choice(_LEVEL_OF, "part of the cross-section")
        if from_z:
            z = given["geometry_z"].entries(("what",), ("unknown",))
            unknown = self.numbers(z["unknown"]) if "unknown" in z else ()
            return Levels(of, geometry_z=z["what"].choice(_WHATS, "kind of level"), unknown_z=unknown)
        begin = tuple(self.level(item) for item in given["begin"].items(at_least=1))
        end = tuple(self.level(item) for item in given["end"].items(at_least=1))
        return Levels(of, begin, end)

    def level(self, node: Node) -> LevelFrom:
        given = node.entries(("attribute", "unit", "what", "use"), ("unknown", "date", "unknown_without_date"))
        if "unknown_without_date" in given and "date" not in given:
            given["unknown_without_date"].fault("no date attribute is named", "Add date.", "missing")
        return LevelFrom(
            number=self.number(given),
            what=given["what"].choice(_WHATS, "kind of level"),
            use=given["use"].choice(_USES, "use"),
            date=self.attribute(given["date"]) if "date" in given else None,
            unknown_without_date=self.numbers(given["unknown_without_date"]) if "unknown_without_date" in given else (),
        )

    def sizes(self, node: Node) -> Sizes:
        by_material = isinstance(node.value, dict) and "by_material" in node.value
        measured = "by_material" if by_material else "sizes_are"
        given = node.entries(("shape", measured), ("width", "height", "type_name"))
        if not given.keys() & {"width", "type_name"}:
            node.fault("there is nothing to read a size from", "Add width, or type_name.", "missing")
        material, materials = None, {}
        if by_material:
            inner = given["by_material"].entries(("attribute", "materials"))
            material = self.attribute(inner["attribute"])
            table = inner["materials"].value
            entries = inner["materials"].entries(tuple(table) if isinstance(table, dict) else ())
            materials = {name: self.material(name, item) for name, item in entries.items()}
        plain = ("attribute", "unit"), ("unknown",)
        return Sizes(
            shape=self.text(given["shape"], _SHAPES, "shape"),
            width=self.number(given["width"].entries(*plain)) if "width" in given else None,
            height=self.number(given["height"].entries(*plain)) if "height" in given else None,
            type_name=self.type_name(given["type_name"]) if "type_name" in given else None,
            material=material,
            materials=materials,
            sizes_are=None if by_material else given["sizes_are"].choice(_MEASURES, "measure"),
        )

    def material(self, name: str, node: Node) -> Material:
        given = node.entries(("sizes_are", "source"), ("wall",))
        source = self.source(given["source"])
        sizes_are = given["sizes_are"].choice(_MEASURES, "measure")
        if "wall" not in given:
            return Material(name, sizes_are, source)
        wall = given["wall"].entries(("divide_by", "source"), ("add",))
        divide_by = self.decimal(wall["divide_by"])
        if wall["divide_by"].sound and divide_by < (3 if sizes_are == "outer" else 1):
            wall["divide_by"].fault("the wall would be thicker than the pipe allows", "Write more.", "out_of_range")
            divide_by = Decimal(3)
        add = wall["add"].length() if "add" in wall else 0
        return Material(name, sizes_are, source, divide_by, add, self.source(wall["source"]))

    def source(self, node: Node) -> str:
        source = node.text()
        if node.sound and source not in self.sources:
            node.unknown(source, tuple(self.sources), "source")
        return source

    def type_name(self, node: Node) -> TypeName:
        given = node.entries(("attribute", "unit", "templates", "on_contradiction"))
        taken = given["on_contradiction"].entries(("flag_and_take",))["flag_and_take"]
        return TypeName(
            attribute=self.attribute(given["attribute"]),
            unit=UNITS[given["unit"].choice(tuple(UNITS), "unit")],
            templates=tuple(self.template(item) for item in given["templates"].items(at_least=1)),
            take=taken.choice(_TAKES, "side to take"),
        )

    def template(self, node: Node) -> Template:
        given = node.entries(("name", "shape"))
        text, shape = given["name"].text(100), given["shape"].choice(_SHAPES, "shape")
        names = sorted(_PLACEHOLDER.findall(text))
        wanted = ["diameter"] if shape == "round" else ["height", "width"]
        if names != wanted:
            held = " and ".join(f"{{{name}}}" for name in wanted)
            given["name"].fault(f"a template for {shape} holds {held} once", f"Write {held} where the number stands.")
            return Template(text, re.compile(r"(?!)"), shape)
        pieces = _PLACEHOLDER.split(text)
        pattern = "".join(
            f"(?P<{piece}>[0-9]{{1,6}}(?:[.][0-9]{{1,3}})?)" if index % 2 else re.escape(piece)
            for index, piece in enumerate(pieces)
        )
        return Template(text, re.compile(pattern), shape)

    def ground(self, node: Node) -> GroundFrom:
        given = node.entries(("attribute", "unit", "basis"), ("unknown", "is_top"))
        return GroundFrom(
            number=self.number(given),
            basis=given["basis"].choice(_BASES, "basis"),
            is_top="is_top" in given and self.truth(given["is_top"]),
        )

    def uncertain(self, node: Node) -> UncertaintyFrom:
        if not isinstance(node.value, dict) or "attribute" not in node.value:
            return UncertaintyFrom(None, *self.stated(node))
        given = node.entries(("attribute", "unit"), ("unknown", "otherwise"))
        otherwise = self.stated(given["otherwise"]) if "otherwise" in given else (None, "")
        return UncertaintyFrom(self.number(given), *otherwise)

    def stated(self, node: Node) -> tuple[int, str]:
        """A length that is the same for every row (mm), and the source that says so."""
        given = node.entries(("length", "source"))
        length = given["length"].length()
        if given["length"].sound and not lies_in(length, UNCERTAINTY_RANGE):
            given["length"].fault("an uncertainty is at most 100 m", "Write less.", "out_of_range")
        return length, self.source(given["source"])

    def remarks(self, node: Node, flags: bool) -> tuple[Remark, ...]:
        remarks = []
        for item in node.items():
            given = item.entries(("attribute", "text", "equals") if flags else ("attribute", "text"), ("unknown",))
            unknown = given["unknown"].items() if "unknown" in given else []
            remarks.append(
                Remark(
                    text=_kept(given["text"]),
                    attribute=self.attribute(given["attribute"]),
                    equals=str(given["equals"].value) if flags else None,
                    unknown=tuple(str(value.value) for value in unknown),
                )
            )
        return tuple(remarks)


def _kept(node: Node) -> str:
    """Text that is written with an object: on one line, without spaces around it."""
    text = node.text(200)
    if node.sound and (text != text.strip() or not text.isprintable()):
        node.fault("text with spaces around it, or on more than one line", "Write it on one line, without them.")
    return text
