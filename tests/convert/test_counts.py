"""The account adds up: every object read is converted or set apart, once, whatever is in the file."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.cli.convert import convert as command
from registry.core.model import Asset, Line
from registry.formats.convert import Conversion, convert
from registry.formats.exchange import Exchange, read_exchange, write_exchange
from registry.formats.foreign import Foreign, ForeignFeature, ForeignGeometry, ForeignTable
from registry.formats.mapping_yaml import load_mapping
from tests.convert.making import LINE, MAPPING, ROW, row, write_table

LEVELS = st.sampled_from([0.0, -0.0, 1.5, -1.07, -9999.0, 0.001, 100.0, 1e6]) | st.floats(-5, 5)
DATES = st.sampled_from([None, "1998", "2014-05-01", "", "0"])
SIZES = st.sampled_from([0.0, 400.0, 500.0, 600.0, -1.0, 1e9, 500.4])
PLACES = st.floats(99_000, 101_000) | st.sampled_from([4.9, 100_000.0, 1_000_350.0])

ROWS = st.builds(
    row,
    code=st.sampled_from(["a", "b", "c", "d", "e", "f", "a b", None]),
    number=st.integers(1, 8),
    water=st.sampled_from(["vuil", "vuil", "pers", "onbekend"]),
    z1=LEVELS,
    d1=DATES,
    o1=LEVELS,
    z2=LEVELS,
    d2=DATES,
    o2=LEVELS,
    shape=st.sampled_from(["rond", "ei", "anders"]),
    width=SIZES,
    height=SIZES,
    type=st.sampled_from(["Rond 500", "Ei 400/600", "Ei 0/0", "iets", None]),
    material=st.sampled_from(["beton", "pvc", "gres", None]),
)
LINES = st.lists(st.tuples(PLACES, st.floats(449_900, 450_100)), min_size=2, max_size=5)
BAD = st.sampled_from(
    [None, ForeignGeometry("Polygon", 4), ForeignGeometry("LineString", 6_000), ForeignGeometry("unreadable")]
)


def in_memory(rows: list[tuple[dict[str, Any], Any]]) -> Conversion:
    features = tuple(
        ForeignFeature(fid, ForeignGeometry("LineString", len(g), tuple(g)) if isinstance(g, list) else g, values)
        for fid, (values, g) in enumerate(rows)
    )
    table = ForeignTable("pipes", "pipes.gpkg", "EPSG:28992", tuple(ROW), features)
    return convert(Foreign("pipes.gpkg", {"pipes": table}, ("pipes",)), load_mapping(MAPPING))


def check(report: dict[str, Any], ids: list[str], rows: int) -> None:
    (table,) = report["tables"]
    apart = [item["id"] for item in report["quarantined"]]
    assert table["read"] == rows == table["converted"] + table["quarantined"]
    assert table["converted_ids"] == ids
    assert table["quarantined"] == len(apart)
    assert report["written"] == {"asset": len(ids), "ground_level": 0}
    assert not set(ids) & set(apart)
    assert max(Counter(ids).values(), default=1) == 1
    for group in ("assumed", "flagged", "noted"):
        for item in report[group]:
            assert item["count"] == len(item["ids"]) == len(set(item["ids"]))
            assert set(item["ids"]) <= set(ids)


@given(st.lists(st.tuples(ROWS, LINES | BAD), min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_whatever_is_in_a_table_the_counts_add_up_and_the_rest_reads_back(
    rows: list[tuple[dict[str, Any], Any]],
) -> None:
    sound = (row(code="sound", number=99), list(LINE))
    conversion = in_memory([sound, *rows])
    check(conversion.report.plain(), [item.id for item in conversion.objects], len(rows) + 1)
    written = write_exchange(Exchange(None, conversion.objects))
    assert read_exchange(written.encode("utf-8")).objects == conversion.objects


@given(st.lists(ROWS, min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_no_undated_zero_is_ever_a_level_and_no_design_level_is_either(rows: list[dict[str, Any]]) -> None:
    sound = [values | {"code": f"s{index}", "water": "vuil"} for index, values in enumerate(rows)]
    conversion = in_memory([(values, list(LINE)) for values in sound])
    for values, asset in zip(sound, conversion.objects, strict=True):
        assert isinstance(asset, Asset)
        assert isinstance(asset.geometry, Line)
        begin, end = asset.geometry.levels
        for level, date, found in ((values["z1"], values["d1"], begin), (values["z2"], values["d2"], end)):
            dated = date in ("1998", "2014-05-01")
            if (level == 0 and not dated) or not -300 <= level <= 100:
                assert found is None
            else:
                assert found is not None
                assert abs(found - level * 1000) <= 0.5


@given(st.lists(st.tuples(ROWS, LINES | st.none()), min_size=1, max_size=5), st.sampled_from([".geojson", ".gpkg"]))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_counts_of_the_command_add_up_on_files(rows: list[tuple[dict[str, Any], Any]], suffix: str) -> None:
    sound = row(code="sound", number=99)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
        path = write_table(
            folder / f"pipes{suffix}", [sound, *(values for values, _ in rows)], [LINE, *(line for _, line in rows)]
        )
        arguments = [str(path), "--mapping", str(folder / "mapping.yaml"), "-o", str(folder / "out.json")]
        result = CliRunner().invoke(command, [*arguments, "--report", str(folder / "report.json")])
        assert result.exit_code == 0, result.output
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        ids = [item.id for item in read_exchange(folder / "out.json").objects]
        check(report, ids, len(rows) + 1)
        counts = f"{len(rows) + 1} read = {len(ids)} converted + {len(rows) + 1 - len(ids)} quarantined"
        assert counts in result.output
