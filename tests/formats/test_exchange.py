"""The exchange format, field by field: what is written is what the core gets."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.model import (
    Application,
    Asset,
    Consent,
    Envelope,
    GroundLevel,
    Line,
    Open,
    Part,
    Period,
    Relation,
    Reservation,
    Shaft,
    Size,
    Uncertainty,
    Volume,
    Zone,
)
from registry.formats.exchange import (
    Exchange,
    object_from_feature,
    object_to_feature,
    read_exchange,
    write_exchange,
)
from registry.formats.json_strict import load_json
from tests.formats.exchange_samples import (
    LINE,
    POINT,
    POLYGON,
    SQUARE,
    asset,
    collection,
    encoded,
    ground,
    line,
    part,
    polygon,
    reservation,
    zone,
)

A, B = (155_000_000, 463_000_000), (155_050_000, 463_000_000)
CORNERS = (
    (155_000_000, 463_000_000),
    (155_010_000, 463_000_000),
    (155_010_000, 463_010_000),
    (155_000_000, 463_010_000),
)


def loaded(feature: dict[str, Any]) -> Any:
    (found, *_rest) = read(feature)
    return found


def read(*features: dict[str, Any]) -> tuple[Any, ...]:
    exchange = read_exchange(encoded(*features), "given.json")
    parts = exchange.application.parts if exchange.application else ()
    return (*parts, *exchange.objects)


def test_a_part_with_everything() -> None:
    given = part(
        name="New sewer",
        object_kind="bored",
        holder="Waternet",
        level_of="invert",
        levels=[-2.0, -2.1],
        ground_levels=[0.5, None],
        size={"inner": 0.4, "wall": 0.05},
        envelope={"width": 1.0, "height": 0.8},
        uncertainty={"xy": 0.1, "z": 0.05},
        temporary={"from": "2027-01-01", "to": "2027-06-01"},
        relations=[
            {"type": "replaces", "target_kind": "asset", "target": "s-1", "left_in_ground": True},
            {"type": "removes", "target_kind": "asset", "target": "s-2", "removal_date": "2027-05-01"},
            {"type": "connects", "target_kind": "part", "target": "p-2", "point": [155000, 463000, -2]},
            {"type": "continues", "target_kind": "asset", "target": "s-3"},
            {"type": "inside", "target_kind": "asset", "target": "d-1"},
            {"type": "uses", "target_kind": "reservation", "target": "r-1"},
            {"type": "shares_trench", "target_kind": "asset", "target": "w-1", "agreement": "doc 7"},
        ],
    )
    header = {
        "id": "app:2027/1",
        "applicant": "Waternet",
        "regime": "own_works",
        "filed_on": "2026-11-30",
        "works_start": "2027-01-01",
        "title": "Sewer in the Dorpsstraat",
        "consents": [{"holder": "Vitens", "document": "letter 3"}],
    }
    exchange = read_exchange(encoded(given, application=header, name="a file"), "given.json")
    assert exchange.objects == ()
    assert exchange.application == Application(
        id="app:2027/1",
        applicant="Waternet",
        regime="own_works",
        filed_on="2026-11-30",
        works_start="2027-01-01",
        title="Sewer in the Dorpsstraat",
        consents=(Consent("Vitens", "letter 3"),),
        parts=(
            Part(
                id="part-1",
                theme="rioolVrijverval",
                object_kind="bored",
                geometry=Line(
                    (A, B),
                    (-2000, -2100),
                    "invert",
                    "nap",
                    Size("round", "inner", 400, 400, 50),
                    Envelope(1000, 800),
                    (500, None),
                ),
                holder="Waternet",
                uncertainty=Uncertainty(100, 50),
                temporary=Period("2027-01-01", "2027-06-01"),
                name="New sewer",
                relations=(
                    Relation("replaces", "asset", "s-1", left_in_ground=True),
                    Relation("removes", "asset", "s-2", removal_date="2027-05-01"),
                    Relation("connects", "part", "p-2", point=(*A, -2000)),
                    Relation("continues", "asset", "s-3"),
                    Relation("inside", "asset", "d-1"),
                    Relation("uses", "reservation", "r-1"),
                    Relation("shares_trench", "asset", "w-1", agreement="doc 7"),
                ),
            ),
        ),
    )


def test_a_reservation_with_everything() -> None:
    given = reservation(
        beneficiary="Warmtebedrijf",
        period={"from": "2026-01-01", "to": "2036-01-01"},
        review_date="2030-01-01",
        option_group="plan B",
        shareable_with=["water", "datatransport"],
        legal_basis="Omgevingsplan, artikel 5.1",
    )
    assert loaded(given) == Reservation(
        id="res-1",
        theme="warmte",
        object_kind="line",
        geometry=Line((A, B), (-1000, -1000), "top", "nap", None, Envelope(1230, 315)),
        holder="Gemeente",
        strength="planned",
        beneficiary="Warmtebedrijf",
        period=Period("2026-01-01", "2036-01-01"),
        review_date="2030-01-01",
        option_group="plan B",
        shareable_with=("water", "datatransport"),
        legal_basis="Omgevingsplan, artikel 5.1",
    )


def test_an_asset_with_everything() -> None:
    given = asset(
        levels=[-1.5, None],
        status="disused",
        source="sewer administration",
        as_of="2024-02-29",
        quality="measured",
        disclosure="secret",
        contact="beheer@example.org",
        removal_date="2030-01-01",
        notes=["level 0.00 read as unknown", "design level used"],
    )
    assert loaded(given) == Asset(
        id="asset-1",
        theme="rioolVrijverval",
        object_kind="line",
        geometry=Line((A, B), (-1500, None), "axis", "nap", None),
        holder="Gemeente",
        status="disused",
        source="sewer administration",
        as_of="2024-02-29",
        quality="measured",
        disclosure="secret",
        contact="beheer@example.org",
        removal_date="2030-01-01",
        notes=("level 0.00 read as unknown", "design level used"),
    )


def test_ground_levels_and_zones() -> None:
    spot = ground(level=-0.4, basis="design", as_of="2025-01-01", source="AHN", uncertainty=0.05)
    hole = [[155002.0, 463002.0], [155004.0, 463002.0], [155004.0, 463004.0], [155002.0, 463002.0]]
    area = ground("ground-2", polygon(SQUARE, hole))
    corners = ((155_002_000, 463_002_000), (155_004_000, 463_002_000), (155_004_000, 463_004_000))
    assert read(spot, area, zone(source="BGT")) == (
        GroundLevel("ground-1", -400, A, basis="design", as_of="2025-01-01", source="AHN", uncertainty=50),
        GroundLevel("ground-2", 0, None, CORNERS, (corners,)),
        Zone("zone-1", "surface", "footway", CORNERS, source="BGT"),
    )


@pytest.mark.parametrize(
    ("wire", "size"),
    [
        ({"outer": 0.4}, Size("round", "outer", 400, 400)),
        ({"casing": 0.315}, Size("round", "casing", 315, 315)),
        ({"inner": 0.3, "wall": 0.05}, Size("round", "inner", 300, 300, 50)),
        ({"inner": 0.3}, Size("round", "inner", 300, 300)),
        ({"outer": None}, Size("round", "outer", None, None)),
        ({"width": 0.83, "height": 0.315}, Size("rectangular", "outer", 830, 315)),
        ({"width": 0.83, "height": None}, Size("rectangular", "outer", 830, None)),
        ({"inner_width": 0.4, "inner_height": 0.6, "wall": 0.08}, Size("rectangular", "inner", 400, 600, 80)),
        ({"shape": "egg", "inner_width": 0.4, "inner_height": 0.6}, Size("egg", "inner", 400, 600)),
        (None, None),
        (..., None),
    ],
)
def test_every_form_of_size(wire: object, size: Size | None) -> None:
    value = loaded(asset(size=wire))
    assert value.geometry.size == size
    written: Any = object_to_feature(value)["properties"]
    assert written.get("size") == (None if size is None else _decimals(wire))


def _decimals(wire: object) -> object:
    if isinstance(wire, dict):
        return {key: _decimals(value) for key, value in wire.items()}
    return Decimal(str(wire)) if isinstance(wire, float) else wire


@pytest.mark.parametrize(
    "size",
    [
        Size("round", "outer", 400, 500),
        Size("egg", "outer", 400, 600),
        Size("rectangular", "casing", 400, 600),
        Size("round", "outer", 400, 400, 50),
    ],
)
def test_a_size_the_format_cannot_say_is_not_written_as_another(size: Size) -> None:
    value = loaded(asset())
    with pytest.raises(ValueError, match="no form"):
        object_to_feature(replace(value, geometry=replace(value.geometry, size=size)))


def test_coordinates_and_levels_round_to_the_nearest_half_to_even_and_sizes_up() -> None:
    exact = b"""{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:7415"}},
     "features": [
      {"type": "Feature", "id": "a", "geometry": {"type": "LineString", "coordinates":
        [[155000.0005, 463000.0015], [155050.00050000000000000000000000000000001, 463000.0014999999999]]},
       "properties": {"kind": "asset", "theme": "water", "holder": "V", "levels": [-2.0005, -2.0015],
        "ground_levels": [0.0025, 1e-1], "envelope": {"width": 0.5000001, "height": 0.5},
        "size": {"inner": 0.1001, "wall": 0.0001}, "uncertainty": {"xy": 0.0000000001}}}]}"""
    (value,) = read_exchange(exact, "given.json").objects
    assert isinstance(value, Asset)
    assert value.geometry == Line(
        ((155_000_000, 463_000_002), (155_050_001, 463_000_001)),
        (-2000, -2002),
        "axis",
        "nap",
        Size("round", "inner", 101, 101, 1),
        Envelope(501, 500),
        (2, 100),
    )
    assert value.uncertainty == Uncertainty(1, 0)


@pytest.mark.parametrize(
    ("geometry", "levels", "expected"),
    [
        (LINE, -2.0, (-2000, -2000)),
        (LINE, [-2.0, -2.5], (-2000, -2500)),
        (LINE, [None, -2.5], (None, -2500)),
        (LINE, None, (None, None)),
        (LINE, ..., (None, None)),
        (line([155000, 463000, -2], [155050, 463000, -2.5]), ..., (-2000, -2500)),
    ],
)
def test_every_way_to_give_levels(geometry: object, levels: object, expected: object) -> None:
    assert loaded(asset(geometry=geometry, levels=levels)).geometry.levels == expected


def test_cover_is_positive_downwards_and_kept_as_cover() -> None:
    geometry = loaded(part(levels=[1.2, 0], level_reference="ground", level_of="top")).geometry
    assert geometry.levels == (1200, 0)
    assert (geometry.level_reference, geometry.level_of) == ("ground", "top")


def test_a_vertical_pipe_is_legal() -> None:
    upright = part(geometry=line([155000, 463000, -1], [155000, 463000, -3]))
    del upright["properties"]["levels"]
    assert loaded(upright).geometry.levels == (-1000, -3000)
    assert loaded(part(geometry=line([155000, 463000], [155000, 463000]), levels=[-1, -1.001])).id == "part-1"


@pytest.mark.parametrize(
    ("stated", "bottom", "top"),
    [
        ({}, Open.UNBOUNDED, Open.UNBOUNDED),
        ({"top": None}, Open.UNBOUNDED, None),
        ({"bottom": -3, "top": None}, -3000, None),
        ({"bottom": -3.0, "top": 0}, -3000, 0),
        ({"bottom": 3, "top": 1, "level_reference": "ground"}, 3000, 1000),
        ({"bottom": 1, "top": 1, "level_reference": "ground"}, 1000, 1000),
    ],
)
def test_bounds_of_shafts_and_volumes(stated: dict[str, Any], bottom: Any, top: Any) -> None:
    reference = stated.get("level_reference", "nap")
    shaft = loaded(asset(geometry=POINT, ground_level=0.2, size={"outer": 1}, **stated))
    assert shaft.geometry == Shaft(A, bottom, top, reference, Size("round", "outer", 1000, 1000), 200)
    volume = loaded(asset(geometry=POLYGON, **stated))
    assert volume.geometry == Volume(CORNERS, (), bottom, top, reference)


def test_defaults_need_not_be_written_and_are_left_out_in_writing() -> None:
    stated = asset(
        object_kind="line",
        level_of="axis",
        level_reference="nap",
        uncertainty={"xy": 0, "z": 0.0},
        status="functional",
        disclosure="public",
        notes=[],
    )
    assert read(stated) == read(asset())
    written: Any = object_to_feature(loaded(stated))["properties"]
    assert set(written) == {"kind", "theme", "holder", "levels"}


def test_both_names_of_the_crs() -> None:
    short = {"type": "name", "properties": {"name": "EPSG:7415"}}
    assert read_exchange(encoded(asset(), crs=short), "x") == read_exchange(encoded(asset()), "x")


def test_a_file_without_features_is_empty() -> None:
    assert read_exchange(encoded(), "x") == Exchange(None, ())
    assert read_exchange(write_exchange(Exchange(None, ())).encode(), "x") == Exchange(None, ())


def test_written_one_feature_per_line_and_the_same_every_time() -> None:
    text = write_exchange(read_exchange(encoded(asset(), part(), zone()), "x"))
    lines = text.splitlines()
    assert len([text for text in lines if text.startswith('{"type": "Feature"')]) == 3
    assert lines[4] == '"features": ['
    assert lines[5].startswith('{"type": "Feature", "id": "part-1"')
    assert '"coordinates": [[155000.000, 463000.000], [155050.000, 463000.000]]' in text
    assert write_exchange(read_exchange(text.encode(), "x")) == text


def test_one_feature_there_and_back() -> None:
    value = loaded(reservation())
    assert object_from_feature(object_to_feature(value)) == value


def test_numbers_are_decimal_until_they_are_millimetres() -> None:
    data: Any = load_json(encoded(asset()), "x", limit_bytes=10_000)
    assert isinstance(data["features"][0]["geometry"]["coordinates"][0][0], Decimal)
    with pytest.raises(Refused, match="not a number"):
        object_from_feature(collection(asset(levels=0.1))["features"][0])
