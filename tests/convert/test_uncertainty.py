"""How far a converted asset may lie from where the file says: stated by the mapping, or by the file."""

from __future__ import annotations

from typing import Any

import pytest

from registry.core.errors import Problem, Refused
from registry.core.model import Asset, Uncertainty
from registry.formats.convert import convert
from registry.formats.exchange import Exchange, read_exchange, write_exchange
from registry.formats.foreign import Foreign, ForeignFeature, ForeignGeometry, ForeignTable
from registry.formats.mapping_yaml import load_mapping
from tests.convert.making import LINE, MAPPING, row

FIXED = "xy: {length: 0.50 m, source: guess}"
READ = "z: {attribute: accuracy, unit: cm, unknown: [0]}"
ELSE = "z: {attribute: accuracy, unit: cm, unknown: [0], otherwise: {length: 0.20 m, source: guess}}"


def mapping(*entries: str) -> str:
    """The mapping of most tests with an uncertainty."""
    if not entries:
        return MAPPING
    lines = "".join(f"      {entry}\n" for entry in entries)
    return MAPPING.replace("    levels:\n", f"    uncertainty:\n{lines}    levels:\n")


def converted(accuracy: Any, *entries: str) -> tuple[Uncertainty, set[str], set[str]]:
    """The uncertainty of one row, what was assumed for it, and what was flagged."""
    values = row(accuracy=accuracy)
    feature = ForeignFeature(0, ForeignGeometry("LineString", 2, LINE), values)
    table = ForeignTable("pipes", "pipes.gpkg", "EPSG:28992", tuple(values), (feature,))
    done = convert(Foreign("pipes.gpkg", {"pipes": table}, ("pipes",)), load_mapping(mapping(*entries), "mapping.yaml"))
    (asset,) = done.objects
    assert isinstance(asset, Asset)
    text = write_exchange(Exchange(None, (asset,)))
    assert read_exchange(text.encode()).objects == (asset,)
    assumed = {reason for reason in done.report.assumed if "uncertainty" in reason}
    return asset.uncertainty, assumed, set(done.report.flagged)


@pytest.mark.parametrize(
    ("accuracy", "entries", "xy", "z", "assumed", "flagged"),
    [
        (None, ("xy: {length: 0.00 m, source: guess}",), 0, 0, ["sideways of 0.00 m (guess)"], []),
        (None, (FIXED,), 500, 0, ["sideways of 0.50 m (guess)"], []),
        (12, (FIXED, READ), 500, 120, ["sideways of 0.50 m (guess)"], []),
        ("12.04", (READ,), 0, 121, [], []),
        (0.0001, (READ,), 0, 1, [], []),
        (0, (READ,), 0, 0, [], ["in height unknown, none counted"]),
        (None, (READ,), 0, 0, [], ["in height unknown, none counted"]),
        (None, (ELSE,), 0, 200, ["in height of 0.20 m (guess)"], []),
        (0, (ELSE,), 0, 200, ["in height of 0.20 m (guess)"], []),
        (35, (ELSE,), 0, 350, [], []),
        ("good", (ELSE,), 0, 200, ["in height of 0.20 m (guess)"], ["in height is not a number, taken as unknown"]),
        (-5, (ELSE,), 0, 200, ["in height of 0.20 m (guess)"], ["in height outside 0 to 100 m, taken as unknown"]),
        (10_000, (READ,), 0, 100_000, [], []),
        (10_001, (READ,), 0, 0, [],
         ["in height outside 0 to 100 m, taken as unknown", "in height unknown, none counted"]),
    ],
)  # fmt: skip
def test_uncertainty_is_what_the_mapping_or_the_file_says(
    accuracy: Any, entries: tuple[str, ...], xy: int, z: int, assumed: list[str], flagged: list[str]
) -> None:
    found = converted(accuracy, *entries)
    told = [{f"uncertainty {reason}" for reason in reasons} for reasons in (assumed, flagged)]
    assert found == (Uncertainty(xy, z), *told)


def test_without_it_an_object_lies_where_it_is_drawn() -> None:
    assert converted(12) == (Uncertainty(0, 0), set(), set())


def problems(*entries: str) -> list[Problem]:
    with pytest.raises(Refused) as refusal:
        load_mapping(mapping(*entries), "mapping.yaml")
    return refusal.value.problems


@pytest.mark.parametrize(
    ("entry", "code", "field"),
    [
        ("xy: 0.50 m", "wrong_type", "xy"),
        ("xy: {length: 0.50 m}", "missing", "xy.source"),
        ("xy: {length: 0.50 m, source: gues}", "not_allowed", "xy.source"),
        ("xy: {length: -0.50 m, source: guess}", "out_of_range", "xy.length"),
        ("xy: {length: 100.001 m, source: guess}", "out_of_range", "xy.length"),
        ("xy: {length: 50 cm, source: guess}", "wrong_type", "xy.length"),
        ("z: {attribute: accuracy}", "missing", "z.unit"),
        ("z: {attribute: accuracy, unit: inch}", "not_allowed", "z.unit"),
        ("z: {attribute: accuracy, unit: m, length: 0.50 m}", "unknown_property", "z.length"),
        ("z: {attribute: accuracy, unit: m, otherwise: 0.50 m}", "wrong_type", "z.otherwise"),
        ("z: {attribute: accuracy, unit: m, otherwise: {length: 0.5 m}}", "missing", "z.otherwise.source"),
        ("x: {length: 0.50 m, source: guess}", "unknown_property", "x"),
    ],
)
def test_what_is_wrong_in_it_is_told_with_its_place(entry: str, code: str, field: str) -> None:
    (problem,) = problems(entry)
    assert (problem.code, problem.field) == (code, f"tables[0].uncertainty.{field}")
    assert problem.line
    assert problem.remedy
