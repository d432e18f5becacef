"""The change feed of an area: what a neighbour or a water board asks for."""

from __future__ import annotations

from tests.api.conftest import HEAT, Town, feature


def test_an_area_is_told_what_lies_in_it(town: Town) -> None:
    assert town.asking.put(HEAT, feature("heat-2030"), token=town.tokens["manager"]).status_code == 201
    x, y = feature("heat-2030")["geometry"]["coordinates"][0][:2]
    here, elsewhere = f"{x - 1},{y - 1},{x + 1},{y + 1}", f"{x - 9000},{y - 9000},{x - 8000},{y - 8000}"
    told = town.asking.get(f"/v1/changes?bbox={here}").get_json()
    assert [(one["kind"], one["id"]) for one in told["items"] if one["kind"] == "reservation"] == [
        ("reservation", "heat-2030")
    ]
    others = town.asking.get(f"/v1/changes?bbox={elsewhere}").get_json()
    assert "reservation" not in {one["kind"] for one in others["items"]}


def test_it_is_read_page_by_page(town: Town) -> None:
    town.asking.put(HEAT, feature("heat-2030"), token=town.tokens["manager"])
    path, found = "/v1/changes?bbox=0,300000,300000,625000&limit=1", []
    while path:
        told = town.asking.get(path).get_json()
        found += [one["seq"] for one in told["items"]]
        path = told["links"].get("next", "")
    assert found == [one["seq"] for one in town.asking.get("/v1/changes").get_json()["items"]]


def test_no_area_is_refused(town: Town) -> None:
    for wrong in ("1,2,3", "5,400000,4,500000", "a,b,c,d", "0,0,1,1"):
        assert town.asking.get(f"/v1/changes?bbox={wrong}").status_code == 400, wrong
