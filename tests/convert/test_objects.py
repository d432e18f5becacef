"""What becomes of one object: its levels, size, id and place; and which objects are set apart."""

from __future__ import annotations

import math
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.model import Asset, GroundLevel, Line, Shaft, Size
from registry.formats.convert import Conversion, convert
from registry.formats.foreign import Foreign, ForeignFeature, ForeignGeometry, ForeignTable
from registry.formats.mapping_yaml import load_mapping
from tests.convert.making import LINE, MAPPING, ROW, row


def features(rows: list[dict[str, Any]], geometries: list[Any]) -> tuple[ForeignFeature, ...]:
    read = []
    for fid, (values, given) in enumerate(zip(rows, geometries, strict=True)):
        shape = ForeignGeometry("LineString", len(given), tuple(given)) if isinstance(given, (list, tuple)) else given
        read.append(ForeignFeature(fid, shape, values))
    return tuple(read)


def converted(
    *rows: dict[str, Any], geometries: list[Any] | None = None, mapping: str = MAPPING, crs: str | None = "EPSG:28992"
) -> Conversion:
    lines = geometries or [LINE] * len(rows)
    table = ForeignTable("pipes", "pipes.gpkg", crs, tuple(ROW), features(list(rows), lines))
    return convert(Foreign("pipes.gpkg", {"pipes": table}, ("pipes",)), load_mapping(mapping, "mapping.yaml"))


def one(mapping: str = MAPPING, geometry: Any = LINE, **changed: Any) -> tuple[Asset, Line, set[str]]:
    """A single row's asset and line, and the reasons it was assumed or flagged."""
    conversion = converted(row(**changed), geometries=[geometry], mapping=mapping)
    (asset,) = conversion.objects
    assert isinstance(asset, Asset)
    assert isinstance(asset.geometry, Line)
    return asset, asset.geometry, {*conversion.report.flagged, *conversion.report.noted}


def apart(geometry: Any = LINE, mapping: str = MAPPING, **changed: Any) -> str:
    """Why a row was set apart, beside a sound one."""
    conversion = converted(row(code="sound", number=99), row(**changed), geometries=[LINE, geometry], mapping=mapping)
    assert [item.id for item in conversion.objects] == ["p-sound"]
    (table,) = conversion.report.tables
    (item,) = table.quarantined
    return f"{item.id}: {item.reason}"


# Levels

NO_BEGIN = "measured level at begin is 0.00 without a date, taken as unknown"
NO_END = "measured level at end is 0.00 without a date, taken as unknown"


@pytest.mark.parametrize(
    ("changed", "levels", "quality", "flag"),
    [
        ({}, (1500, 1400), "begin: invert measured 1998; end: invert measured 1998-05-01", None),
        ({"z1": 0.0}, (0, 1400), "begin: invert measured 1998; end: invert measured 1998-05-01", None),
        ({"z1": 0.0, "d1": None}, (None, 1400), None, NO_BEGIN),
        ({"z1": 0.0, "d1": ""}, (None, 1400), None, NO_BEGIN),
        ({"z1": 0.0, "d1": "0"}, (None, 1400), None, NO_BEGIN),
        ({"z2": 0.0, "d2": None}, (1500, None), None, NO_END),
        ({"z1": -0.0, "d1": None}, (None, 1400), None, NO_BEGIN),
        ({"z1": 1.5, "d1": None}, (1500, 1400), None, "undated level at begin used"),
        ({"z1": None}, (None, 1400), None, "measured level at begin missing, taken as unknown"),
        ({"z1": "diep"}, (None, 1400), None, "measured level at begin is not a number, taken as unknown"),
        ({"z1": -9999.0}, (None, 1400), None, "measured level at begin is -9999.00, taken as unknown"),
        ({"z1": 1500.0}, (None, 1400), None, "measured level at begin outside -300 to +100 m NAP, taken as unknown"),
        ({"z1": math.inf}, (None, 1400), None, "measured level at begin is not a number, taken as unknown"),
        ({"z1": "1.5", "d1": 19980501}, (1500, 1400), None, None),
        ({"z1": 1.0005}, (1000, 1400), None, None),  # to the nearest mm, half to even
        ({"z1": 1.0015}, (1002, 1400), None, None),
    ],
)  # fmt: skip
def test_levels(changed: dict[str, Any], levels: tuple[int | None, ...], quality: str | None, flag: str | None) -> None:
    asset, line, reasons = one(**changed)
    assert line.levels == levels
    assert quality is None or asset.quality == quality
    assert {flag} - {None} <= reasons
    assert flag is not None or not any("level at" in reason for reason in reasons)


def test_a_design_level_is_only_noted_when_the_mapping_says_so() -> None:
    asset, line, reasons = one(z1=0.0, d1=None, o1=-1.07)
    assert line.levels[0] is None
    assert "begin: design level -1.07 not used" in asset.notes
    assert "design level not used, level unknown" in reasons


def test_a_design_level_is_used_and_flagged_when_the_mapping_says_so() -> None:
    mapping = MAPPING.replace("what: design, use: note", "what: design, use: level")
    asset, line, reasons = one(mapping, z1=0.0, d1=None, o1=-1.07)
    assert line.levels == (-1070, 1400)
    assert asset.quality == "begin: invert design; end: invert measured 1998-05-01"
    assert "design level at begin used" in reasons
    assert "measured level at begin is 0.00 without a date, next level used" in reasons


def test_the_order_of_preference_is_the_mappings() -> None:
    mapping = MAPPING.replace("what: design, use: note", "what: design, use: level")
    measured, design = (line for line in mapping.splitlines() if "attribute: z1" in line or "attribute: o1" in line)
    swapped = mapping.replace(measured, "<>").replace(design, measured).replace("<>", design)
    assert one(mapping, o1=2.0)[1].levels[0] == 1500
    assert one(swapped, o1=2.0)[1].levels[0] == 2000


def test_a_difference_between_measured_and_design_is_told() -> None:
    asset, _, reasons = one(z1=1.91, o1=2.17)
    assert "begin: invert measured 1998; design level 2.17 differs by 0.26 m" in asset.notes
    assert "measured level used, design level differs" in reasons


def test_interior_vertices_lie_on_the_straight_gradient_by_plan_length() -> None:
    bent = ((100_000.0, 450_000.0), (100_030.0, 450_000.0), (100_030.0, 450_040.0), (100_030.0, 450_070.0))
    assert one(geometry=bent, z1=2.0, z2=1.0)[1].levels == (2000, 1700, 1300, 1000)
    assert one(geometry=bent, z1=2.0, z2=0.0, d2=None)[1].levels == (2000, None, None, None)
    assert one(geometry=bent, z1=0.0, d1=None, z2=1.0)[1].levels == (None, None, None, 1000)


def test_geometry_z_counts_only_where_the_mapping_says_so() -> None:
    line = ((100_000.0, 450_000.0, 3.0), (100_010.0, 450_000.0, -9999.0), (100_035.0, 450_000.0, 2.0))
    assert one(geometry=line)[1].levels[0] == 1500
    start, end = MAPPING.index("      begin:"), MAPPING.index("    size:")
    from_z = MAPPING[:start] + "      geometry_z: {what: measured, unknown: [-9999]}\n" + MAPPING[end:]
    asset, read, reasons = one(from_z, geometry=line)
    assert read.levels == (3000, None, 2000)
    assert asset.quality == "invert measured, from the geometry's z"
    assert "geometry z unknown at a vertex" in reasons
    flat = tuple(position[:2] for position in line)
    assert one(from_z, geometry=flat)[1].levels == (None, None, None)
    drop = (line[0], (*line[0][:2], 1.0), line[2])
    assert apart(drop, from_z) == "p-a1: vertices 1 and 2 are at one place with different z"


# Sizes

EGG = Size("egg", "inner", 400, 600, 80)
NO_WALL = Size("round", "inner", 500, 500, None)
#: Outer 315, wall 315 / 34 = 9.26, up to 10: the outside stays 315.
PVC = Size("round", "inner", 295, 295, 10)
#: 500.2 goes up, not to the nearest.
UP = Size("round", "inner", 501, 501, 71)


@pytest.mark.parametrize(
    ("changed", "size", "flag"),
    [
        ({}, Size("round", "inner", 500, 500, 70), None),
        ({"shape": "ei", "width": 400.0, "height": 600.0, "type": "Ei 400/600"}, EGG, None),
        (
            {"shape": "ei", "width": 600.0, "height": 400.0, "type": "Ei 400/600"},
            EGG,
            "size contradicts type name, type name used",
        ),
        ({"type": "Rond 600"}, Size("round", "inner", 600, 600, 80), "size contradicts type name, type name used"),
        ({"width": 0.0, "height": 0.0}, Size("round", "inner", 500, 500, 70), "size only in the type name"),
        ({"width": 0.0}, Size("round", "inner", 500, 500, 70), None),
        ({"width": 0.0, "height": 0.0, "type": None}, None, "size unknown"),
        ({"shape": "ei", "height": 0.0, "type": None}, None, "size unknown"),
        ({"type": "iets"}, Size("round", "inner", 500, 500, 70), "type name not recognised"),
        ({"type": "Rond 500 "}, Size("round", "inner", 500, 500, 70), None),
        ({"type": "Rond 500x"}, Size("round", "inner", 500, 500, 70), "type name not recognised"),
        ({"type": None, "height": 400.0}, Size("round", "inner", 500, 500, 70),
         "round, but width and height differ; the larger used"),
        ({"type": None, "shape": "trapezium"}, None, "shape unknown: trapezium"),
        ({"type": None, "width": 250_000.0, "height": 0.0}, None, "width outside 0.01 to 50 m, taken as unknown"),
        ({"type": None, "width": -500.0, "height": 0.0}, None, "width outside 0.01 to 50 m, taken as unknown"),
        ({"type": None, "width": "groot", "height": None}, None, "width is not a number, taken as unknown"),
        ({"material": "gres"}, NO_WALL, "material not in the mapping, wall unknown: gres"),
        ({"material": None}, NO_WALL, "material not in the mapping, wall unknown: None"),
        ({"material": "pvc", "type": "Rond 315", "width": 315.0, "height": 315.0}, PVC, None),
        ({"type": None, "width": 500.2, "height": 500.2}, UP, None),
    ],
)  # fmt: skip
def test_sizes(changed: dict[str, Any], size: Size | None, flag: str | None) -> None:
    _, line, reasons = one(**changed)
    assert line.size == size
    assert {flag} - {None} <= reasons
    assert flag is not None or not reasons & {"size unknown", "size contradicts type name, type name used"}


def test_the_attributes_may_be_declared_to_win_a_contradiction() -> None:
    mapping = MAPPING.replace("flag_and_take: type_name", "flag_and_take: attributes")
    asset, line, reasons = one(mapping, shape="ei", width=600.0, height=400.0, type="Ei 400/600")
    assert line.size == Size("egg", "inner", 600, 400, 80)
    assert "size contradicts type name, attributes used" in reasons
    note = "type name Ei 400/600 says egg, 400 mm wide and 600 mm high; attributes say egg, 600 mm wide and 400 mm high"
    assert f"size: {note}; attributes used" in asset.notes


# Ids


def test_an_id_that_is_missing_or_occurs_twice_gives_way_to_the_next_attribute() -> None:
    rows = [row(code="x", number=1), row(code="x", number=2), row(code=None, number=3), row(code="y", number=4)]
    conversion = converted(*rows)
    assert [item.id for item in conversion.objects] == ["p-1", "p-2", "p-3", "p-y"]
    assert conversion.report.flagged["id from number: code missing or not unique"] == ["p-1", "p-2", "p-3"]


def test_an_id_taken_by_a_better_attribute_is_not_given_twice() -> None:
    conversion = converted(row(code="7", number=1), row(code="x", number=7), row(code="x", number=8))
    assert [item.id for item in conversion.objects] == ["p-7", "p-8"]
    assert [item.id for item in conversion.report.tables[0].quarantined] == ["pipes row 1 (code x)"]


@pytest.mark.parametrize("code", [None, "sp ace", "é", "x" * 101])
def test_an_object_without_a_usable_id_is_set_apart(code: str | None) -> None:
    assert "no id that is present, unique and of allowed characters" in apart(code=code, number=99)


def test_whole_numbers_read_as_such_whatever_the_format_makes_of_them() -> None:
    assert one(code=745337.0)[0].id == "p-745337"


# Places


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (None, "it has no geometry"),
        (((4.9, 52.3), (4.91, 52.3)), "vertex 1: 4.9, 52.3 is outside RD New: it looks like longitude and latitude"),
        (((52.3, 4.9), (52.3, 4.91)), "vertex 1: 52.3, 4.9 is outside RD New: it looks like latitude and longitude"),
        (((450_000.0, 100_000.0), LINE[1]), "vertex 1: 450000.0, 100000.0 is outside RD New: x and y look swapped"),
        ((LINE[0], (1_000_350.0, 450_000.0)), "vertex 2: 1000350.0, 450000.0 is outside RD New (x 0 to 300000"),
        (((0.0, 0.0), (500.0, 500.0)), "vertex 1: 0.0, 0.0 is outside RD New"),
        ((LINE[0], (math.nan, 450_000.0)), "vertex 2: a coordinate is not a finite number"),
        ((LINE[0], (100_000.0, math.inf)), "vertex 2: a coordinate is not a finite number"),
        ((LINE[0],), "the line has no length"),
        ((LINE[0], LINE[0]), "the line has no length"),
        ((LINE[0], (100_000.0004, 450_000.0)), "the line has no length"),
        ((LINE[0], (101_000.001, 450_000.0)), "a segment of 1000.0 m is longer than 1 km"),
        (ForeignGeometry("LineString", 5_001), "it has 5001 vertices, more than 5000"),
        (ForeignGeometry("LineString", 0), "its geometry is empty"),
        (ForeignGeometry("Polygon", 5), "its geometry is a Polygon, where a LineString is needed"),
        (ForeignGeometry("MultiLineString", 5), "its geometry is a MultiLineString, where a LineString is needed"),
        (ForeignGeometry("Point", 1, (LINE[0],)), "its geometry is a Point, where a LineString is needed"),
        (ForeignGeometry("unreadable", detail="Unknown WKB type 9"), "its geometry cannot be read: Unknown WKB type 9"),
    ],
)  # fmt: skip
def test_objects_with_a_bad_place_are_set_apart_by_id_with_the_reason(geometry: Any, reason: str) -> None:
    assert apart(geometry).startswith(f"p-a1: {reason}")


def test_a_repeated_vertex_is_dropped_and_flagged() -> None:
    _, line, reasons = one(geometry=(LINE[0], (100_000.0004, 450_000.0), LINE[1], LINE[1]))
    assert line.vertices == ((100_000_000, 450_000_000), (100_035_000, 450_000_000))
    assert line.levels == (1500, 1400)
    assert "repeated vertex dropped" in reasons


def test_a_value_outside_the_table_of_values_sets_the_object_apart() -> None:
    assert apart(water="regen") == "p-a1: the mapping gives no theme for this row (water is regen)"
    assert one(water="pers")[0].theme == "rioolOnderOverOfOnderdruk"


# Shafts

SHAFTS = """
mapping: {id: test, version: 1.0.0}
tables:
  - layer: pipes
    gives: shaft
    id: {attributes: [code]}
    theme: rioolVrijverval
    holder: {attribute: material}
    ground_level: {attribute: z1, unit: cm, unknown: [0], basis: existing, is_top: true}
    flags:
      - {attribute: type, equals: fictief, text: not real}
    notes:
      - {attribute: type, text: type, unknown: [x]}
"""
POINT = ForeignGeometry("Point", 1, ((100_000.0, 450_000.0, -9999.0),))


def test_a_shaft_reaches_to_street_level_and_states_it() -> None:
    conversion = converted(row(z1=345.0, type="fictief"), geometries=[POINT], mapping=SHAFTS)
    asset, ground = conversion.objects
    assert isinstance(asset, Asset)
    assert asset.geometry == Shaft((100_000_000, 450_000_000), None, 3450, "nap", None)
    assert (asset.object_kind, asset.holder) == ("manhole", "beton")
    assert asset.notes[-2:] == ("not real", "type fictief")
    assert "bottom unknown: not in the file" in asset.notes
    assert "top at ground level, assumed" in asset.notes
    assert ground == GroundLevel("a1", 3450, (100_000_000, 450_000_000))
    assert conversion.report.assumed == {"top at ground level": ["a1"]}
    assert conversion.report.flagged == {"not real": ["a1"]}


@pytest.mark.parametrize("level", [None, 0.0, 99_999.0, "hoog"])
def test_without_street_level_the_top_is_unknown_not_unbounded(level: Any) -> None:
    conversion = converted(row(z1=level, type="x"), geometries=[POINT], mapping=SHAFTS)
    (asset,) = conversion.objects
    assert isinstance(asset, Asset)
    assert asset.geometry == Shaft((100_000_000, 450_000_000), None, None, "nap", None)
    assert conversion.report.flagged["ground level unknown"] == ["a1"]


# The file as a whole

ESRI_RD = (
    'PROJCS["RD_New",GEOGCS["GCS_Amersfoort",DATUM["D_Amersfoort",SPHEROID["Bessel_1841",6377397.155,299.1528128]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Double_Stereographic"],'
    'PARAMETER["False_Easting",155000.0],PARAMETER["False_Northing",463000.0],'
    'PARAMETER["Central_Meridian",5.38763888888889],PARAMETER["Scale_Factor",0.9999079],'
    'PARAMETER["Latitude_Of_Origin",52.1561605555556],UNIT["Meter",1.0]]'
)


@pytest.mark.parametrize("crs", ["EPSG:28992", "EPSG:7415", ESRI_RD])
def test_rd_new_is_recognised(crs: str) -> None:
    assert len(converted(row(), crs=crs).objects) == 1


@pytest.mark.parametrize(
    "crs",
    [
        "EPSG:4326",
        "EPSG:28991",
        "EPSG:3857",
        ESRI_RD.replace("155000.0", "0.0"),
        ESRI_RD.replace("0.9999079", "1.0"),
        ESRI_RD.replace("RD_New", "Local"),
    ],
)
def test_another_coordinate_system_is_refused(crs: str) -> None:
    with pytest.raises(Refused) as refusal:
        converted(row(), crs=crs)
    (problem,) = refusal.value.problems
    assert (problem.code, problem.file) == ("unsupported_crs", "pipes.gpkg")


def test_a_declared_system_never_overrules_the_files_own() -> None:
    declared = "crs: EPSG:28992\n" + MAPPING
    assert len(converted(row(), crs=None, mapping=declared).objects) == 1
    for crs, mapping in ((None, MAPPING), ("EPSG:4326", declared)):
        with pytest.raises(Refused) as refusal:
            converted(row(), crs=crs, mapping=mapping)
        assert refusal.value.problems[0].code == "unsupported_crs"


def test_an_attribute_that_is_not_there_is_refused_with_those_that_are() -> None:
    mapping = MAPPING.replace("attribute: z1", "attribute: BOB").replace("attribute: width", "attribute: breedte")
    with pytest.raises(Refused) as refusal:
        converted(row(), mapping=mapping)
    first, second = refusal.value.problems
    assert (first.code, first.value, first.file, first.line) == ("invalid_mapping", "BOB", "mapping.yaml", 14)
    assert first.field == "tables[0].levels.begin[0].attribute"
    assert "Its attributes are: code, number, water, z1," in first.remedy
    assert second.value == "breedte"


def test_a_file_of_which_nothing_can_be_used_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        converted(row(), geometries=[((4.9, 52.3), (4.91, 52.3))])
    assert "of 1 objects read none could be converted" in refusal.value.problems[0].detail
