"""The file of an application says what is asked, and nothing of what lies there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from registry.cli.main import main

RING = [[154990, 462990], [155030, 462990], [155030, 463010], [154990, 463010], [154990, 462990]]
LINE = {"type": "LineString", "coordinates": [[155000, 463000], [155020, 463000]]}
PIPE = {"kind": "part", "theme": "middenspanning", "levels": -0.6, "level_of": "top", "size": {"outer": 0.1}}
TAKES = {"theme": "water", "holder": "Waterbedrijf", "levels": -3.0, "size": {"outer": 0.1}}
OTHERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "ground_level": ({"type": "Polygon", "coordinates": [RING]}, {"level": 1.0}),
    "zone": ({"type": "Polygon", "coordinates": [RING]}, {"zone_type": "surface", "value": "verge"}),
    "asset": (LINE, TAKES),
    "reservation": (LINE, {**TAKES, "strength": "planned"}),
}


def feature(name: str, geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": name, "geometry": geometry, "properties": properties}


def check(root: Path, folder: Path, own: list[dict[str, Any]], against: list[dict[str, Any]]) -> Result:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::7415"}}
    empty: dict[str, Any] = {"type": "FeatureCollection", "crs": crs}
    asked = {**empty, "application": {"id": "x", "applicant": "Netbeheer", "regime": "permit"}}
    asked["features"] = [feature("p", LINE, PIPE), *own]
    files = {"application": asked, "street": {**empty, "features": against}}
    for name, data in files.items():
        (folder / f"{name}.geojson").write_text(json.dumps(data), encoding="utf-8")
    paths = [str(folder / f"{name}.geojson") for name in files]
    ruleset = str(root / "tests" / "golden" / "ruleset.yaml")
    return CliRunner().invoke(main, ["check", paths[0], "--against", paths[1], "--ruleset", ruleset])


@pytest.mark.parametrize("kind", OTHERS)
def test_what_lies_there_is_not_for_the_applicant_to_say(kind: str, root: Path, tmp_path: Path) -> None:
    geometry, properties = OTHERS[kind]
    other = feature("mine", geometry, {"kind": kind, **properties})
    refused = check(root, tmp_path, [other, {**other, "id": "mine-too"}], [])
    assert refused.exit_code == 1
    (told,) = refused.stderr.splitlines()
    for words in ("application.geojson", "mine", f"no {kind.replace('_', ' ')}", "--against", f"(found {kind})"):
        assert words in told
    assert ("ground_levels" in told) is (kind == "ground_level")
    assert check(root, tmp_path, [], [other]).exit_code != 1


def test_a_ground_level_of_his_own_makes_no_cover(root: Path, tmp_path: Path) -> None:
    """A cable at -0.60 with 1.00 to have, under a spot height of 0.00: 1.00 of ground on top of it is not added."""
    spot = feature("s", {"type": "Point", "coordinates": [155000, 463000]}, {"kind": "ground_level", "level": 0.0})
    geometry, properties = OTHERS["ground_level"]
    mine = feature("mine", geometry, {"kind": "ground_level", **properties})
    assert check(root, tmp_path, [mine], [spot]).exit_code == 1
    assert "too little cover" in check(root, tmp_path, [], [spot]).stdout
