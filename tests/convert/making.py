"""Foreign files and mappings for the tests, made on the spot."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy
import pyogrio
import shapely

DRIVERS = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".geojson": "GeoJSON"}

#: A sewer as most tests want it: between two places, 35 m apart.
LINE = ((100_000.0, 450_000.0), (100_035.0, 450_000.0))

MAPPING = """
mapping: {id: test, version: 1.0.0}
sources:
  guess: {title: A guess, kind: own, confidence: own}
tables:
  - layer: pipes
    gives: line
    id: {attributes: [code, number], prefix: p-}
    theme: {attribute: water, values: {vuil: rioolVrijverval, pers: rioolOnderOverOfOnderdruk}}
    holder: municipality
    levels:
      of: invert
      begin:
        - {attribute: z1, unit: m, what: measured, use: level, date: d1, unknown: [-9999], unknown_without_date: [0.00]}
        - {attribute: o1, unit: m, what: design, use: note, unknown: [0.00]}
      end:
        - {attribute: z2, unit: m, what: measured, use: level, date: d2, unknown: [-9999], unknown_without_date: [0.00]}
        - {attribute: o2, unit: m, what: design, use: note, unknown: [0.00]}
    size:
      shape: {attribute: shape, values: {rond: round, ei: egg}}
      width: {attribute: width, unit: mm, unknown: [0]}
      height: {attribute: height, unit: mm, unknown: [0]}
      type_name:
        attribute: type
        unit: mm
        templates:
          - {name: "Rond {diameter}", shape: round}
          - {name: "Ei {width}/{height}", shape: egg}
        on_contradiction: {flag_and_take: type_name}
      by_material:
        attribute: material
        materials:
          beton: {sizes_are: inner, source: guess, wall: {divide_by: 10, add: 0.020 m, source: guess}}
          pvc: {sizes_are: outer, source: guess, wall: {divide_by: 34, source: guess}}
"""

#: A row that the mapping converts without a remark; tests change what they are about.
ROW: dict[str, Any] = {
    "code": "a1",
    "number": 1,
    "water": "vuil",
    "z1": 1.5,
    "d1": "1998",
    "o1": 1.5,
    "z2": 1.4,
    "d2": "1998-05-01",
    "o2": 1.4,
    "shape": "rond",
    "width": 500.0,
    "height": 500.0,
    "type": "Rond 500",
    "material": "beton",
}


def row(**changed: Any) -> dict[str, Any]:
    return ROW | changed


def write_table(
    path: Path,
    rows: list[dict[str, Any]],
    geometries: list[Any],
    geometry_type: str = "LineString",
    crs: str | None = "EPSG:28992",
    layer: str | None = None,
    append: bool = False,
) -> Path:
    """A layer of a foreign file. ``geometries`` are positions or shapely geometries, or ``None``."""
    shapes = [None if item is None or hasattr(item, "geom_type") else shapely.LineString(item) for item in geometries]
    wkb = [
        None if given is None else shapely.to_wkb(given if shape is None else shape, output_dimension=4)
        for given, shape in zip(geometries, shapes, strict=True)
    ]
    fields = list(rows[0]) if rows else []
    columns = [_column([item[field] for item in rows]) for field in fields]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on files without a coordinate system, and on types of one row
        pyogrio.raw.write(
            str(path),
            numpy.array(wkb, dtype=object),
            columns,
            fields,
            layer=layer or path.stem,
            driver=DRIVERS[path.suffix],
            geometry_type=geometry_type,
            crs=crs,
            append=append,
        )
    return path


def _column(values: list[Any]) -> Any:
    if all(isinstance(value, int) for value in values):
        return numpy.array(values, dtype="int64")
    if all(value is None or isinstance(value, float) for value in values):
        return numpy.array([float("nan") if value is None else value for value in values], dtype="float64")
    return numpy.array([None if value is None else str(value) for value in values], dtype=object)
