"""Mappings are read strictly: every fault with its place and remedy, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.core.errors import Problem, Refused
from registry.formats.mapping_yaml import load_mapping
from tests.convert.making import MAPPING


def problems(text: str) -> list[Problem]:
    with pytest.raises(Refused) as refusal:
        load_mapping(text, "mapping.yaml")
    return refusal.value.problems


def test_the_shipped_mapping_reads(root: Path) -> None:
    mapping = load_mapping(root / "examples" / "mappings" / "dutch-municipal-sewer.yaml")
    assert [(table.layer, table.gives) for table in mapping.tables] == [("sewer_lines", "line"), ("manholes", "shaft")]
    levels = mapping.tables[0].levels
    assert levels is not None
    assert [(level.what, level.use) for level in levels.begin] == [("measured", "level"), ("design", "note")]


def test_every_number_in_the_shipped_mapping_that_is_assumed_has_a_source_that_is_no_norm(root: Path) -> None:
    mapping = load_mapping(root / "examples" / "mappings" / "dutch-municipal-sewer.yaml")
    used = set()
    for table in mapping.tables:
        for material in table.sizes.materials.values() if table.sizes else ():
            used |= {material.source, material.wall_source}
    assert used == set(mapping.sources)
    assert not {source.kind for source in mapping.sources.values()} & {"norm"}


@pytest.mark.parametrize(
    ("old", "new", "code", "field", "remedy"),
    [
        ("    holder: municipality\n", "", "missing", "tables[0].holder", "Add holder."),
        ("holder: municipality", 'holder: "municipality "', "invalid_mapping", "tables[0].holder", "without them"),
        ("gives: line", "gives: lijn", "not_allowed", "tables[0].gives", "Did you mean line?"),
        ("gives: line", "gives: line\n    colour: red", "unknown_property", "tables[0].colour", "Entries here are"),
        ("rioolVrijverval", "rioolVrijverfal", "not_allowed", "tables[0].theme.values.vuil", "rioolVrijverval"),
        ("of: invert", "of: bob", "not_allowed", "tables[0].levels.of", "invert"),
        ("use: level, date: d1", "use: maybe, date: d1", "not_allowed", "tables[0].levels.begin[0].use", "level, note"),
        ("date: d1, ", "", "missing", "tables[0].levels.begin[0].unknown_without_date", "Add date."),
        ("attribute: z1, unit: m, what: measured, use: level, date: d1, unknown: [-9999]",
         "attribute: z1, unit: m, what: measured, use: level, date: d1, unknown: [none]",
         "wrong_type", "tables[0].levels.begin[0].unknown[0]", "-9999"),
        ("Ei {width}/{height}", "Ei {breedte}", "invalid_mapping",
         "tables[0].size.type_name.templates[1].name", "{height}"),
        ("flag_and_take: type_name", "flag_and_take: best", "not_allowed",
         "tables[0].size.type_name.on_contradiction.flag_and_take", "type_name, attributes"),
        ("divide_by: 34, source: guess", "divide_by: 34, source: gues", "not_allowed",
         "tables[0].size.by_material.materials.pvc.wall.source", "Did you mean guess?"),
        ("divide_by: 34, source: guess", "divide_by: 2, source: guess", "out_of_range",
         "tables[0].size.by_material.materials.pvc.wall.divide_by", "Write more."),
        ("add: 0.020 m", "add: 20 mm", "wrong_type", "tables[0].size.by_material.materials.beton.wall.add", "0.02"),
        ("unit: mm, unknown: [0]}\n      height", "unit: inch, unknown: [0]}\n      height", "not_allowed",
         "tables[0].size.width.unit", "m, cm, mm"),
        ("version: 1.0.0", "version: 1", "invalid_mapping", "mapping.version", "1.0.0"),
        ("mapping:", "crs: EPSG:4326\nmapping:", "not_allowed", "crs", "EPSG:28992"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place_and_remedy(old: str, new: str, code: str, field: str, remedy: str) -> None:
    assert MAPPING.count(old) == 1
    (problem,) = problems(MAPPING.replace(old, new))
    assert (problem.code, problem.field, problem.file) == (code, field, "mapping.yaml")
    assert problem.line is not None
    assert remedy in problem.remedy


def test_all_faults_come_at_once() -> None:
    text = (
        MAPPING.replace("gives: line", "gives: lijn").replace("of: invert", "of: bob").replace("unit: m,", "unit: el,")
    )
    assert len(problems(text)) == 6


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just text",
        "mapping: !!python/object:os.system {}",
        "mapping: &a {id: x}\ntables: [*a]",
        "mapping: {id: a, id: b}\ntables: []",
        "mapping: {id: a, version: 0123}\ntables: []",
        "mapping: {id: a, version: 1.0.0}\ntables: [{optional: no}]",
        "mapping: {id: a, version: 1.0.0}\ntables: []",
        "mapping: [",
    ],
)
def test_what_yaml_would_let_pass_is_refused_with_a_line(text: str) -> None:
    assert all(problem.line is not None for problem in problems(text))


def test_a_template_is_no_pattern_language() -> None:
    text = MAPPING.replace("Rond {diameter}", "R.nd (a+)+ {diameter}")
    sizes = load_mapping(text).tables[0].sizes
    assert sizes is not None
    assert sizes.type_name is not None
    pattern = sizes.type_name.templates[0].pattern
    assert pattern.fullmatch("R.nd (a+)+ 500")
    assert not pattern.fullmatch("Rond aaa 500")
