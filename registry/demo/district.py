"""The example district: three streets with all that lies in them, as a municipality would import it.

Voorbeeldstraat runs north, 240 m; Proefstraat runs east at its north end, 200 m; Schetsweg, with the large pipelines
and cables, runs east south of it, 300 m. Every theme occurs once or more. Nothing of it is a real place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry.core.model import Asset, GroundLevel, Object, Zone
from registry.demo.drawing import (
    Place,
    asset,
    ground,
    line,
    shaft,
    spot_height,
    surface,
    volume,
)
from registry.demo.people import CABLE, FIBRE, HEAT, MUNICIPALITY, PIPELINES, POWER, SEWERS, WATER

#: Where the manholes of Voorbeeldstraat are, metres north.
MANHOLES: Final = (0, 60, 120, 180, 240)
#: A manhole is so wide (m); pipes run from a point so far within its wall.
MANHOLE: Final = 1.20
WALL: Final = 0.55
#: The sewer of Voorbeeldstraat: metres east, level of the axis, outer diameter.
SEWER_X, SEWER_Z, SEWER_SIZE = 7.0, -2.0, 0.40
#: Where house connections meet it: metres north, and on which side the house is.
CONNECTIONS: Final = tuple((y, -1 if k % 2 else 1) for k, y in enumerate(range(10, 240, 15)) if y % 60 > 4)


def what_lies_there() -> list[Object]:
    """All assets of the district."""
    return [*_voorbeeldstraat(), *_sewer(), *_proefstraat(), *_schetsweg()]


def what_it_lies_under() -> list[Object]:
    """Ground levels and surfaces."""
    return [*_ground(), *_surfaces()]


def joint_of_connection(y: float, side: int) -> tuple[Place, float]:
    """Where a house connection meets the sewer of Voorbeeldstraat, and how high."""
    return (SEWER_X + 0.1 * side, float(y)), -1.85


def sewer_id(south: int) -> str:
    """The pipe that begins at a manhole."""
    return f"sewer-{south}-{south + 60}"


def _sewer() -> Iterator[Asset]:
    for y in MANHOLES:
        place = (SEWER_X, float(y))
        yield asset(f"manhole-{y}", "rioolVrijverval", SEWERS, shaft(place, -2.4, 0.0, MANHOLE), "manhole")
    for south in MANHOLES[:-1]:
        run = [(SEWER_X, south + WALL), (SEWER_X, south + 60 - WALL)]
        yield asset(sewer_id(south), "rioolVrijverval", SEWERS, line(run, SEWER_Z, SEWER_SIZE))
    for y, side in CONNECTIONS:
        joint, z = joint_of_connection(y, side)
        house = 14.0 if side > 0 else -3.6
        geometry = line([(house, float(y)), joint], [-1.55, z], 0.125)
        yield asset(f"connection-{y}", "rioolVrijverval", SEWERS, geometry, "house_connection")


def _voorbeeldstraat() -> Iterator[Asset]:
    def along(id_: str, theme: str, holder: str, x: float, z: float | None, outer: float | None) -> Asset:
        return asset(id_, theme, holder, line([(x, -2.0), (x, 242.0)], z, outer))

    yield along("telecom-west", "datatransport", FIBRE, -3.2, -0.65, 0.05)
    yield along("power-west", "laagspanning", POWER, -2.4, -0.70, 0.05)
    yield along("gas-low", "gasLageDruk", POWER, -1.2, -0.95, 0.11)
    # Its depth was never recorded: what crosses it cannot be told to fit.
    yield along("telecom-old", "datatransport", CABLE, 9.4, None, 0.04)
    yield along("water-main", "water", WATER, 10.8, -1.20, 0.16)
    yield along("power-medium", "middenspanning", POWER, 13.4, -1.00, 0.10)
    yield along("power-east", "laagspanning", POWER, 14.4, -0.70, 0.05)
    yield along("lighting", "overig", MUNICIPALITY, 15.4, -0.60, 0.03)
    for y in (15, 30, 45, 195, 210, 225):
        roots = volume((0.5, y - 2.0, 2.5, y + 2.0), -1.2, 0.0)
        yield asset(f"tree-{y}", "tree_roots", MUNICIPALITY, roots, "tree")
    for y in (22, 82, 142, 202):
        service = line([(10.8, float(y)), (13.0, float(y))], -1.15, 0.04)
        yield asset(f"water-service-{y}", "water", WATER, service, "house_connection")


def _proefstraat() -> Iterator[Asset]:
    def along(id_: str, theme: str, holder: str, y: float, z: float | None, outer: float | None) -> Asset:
        return asset(id_, theme, holder, line([(-2.0, y), (198.0, y)], z, outer))

    yield along("gas-high", "gasHogeDruk", POWER, 250.5, -1.20, 0.22)
    yield along("gas-low-proefstraat", "gasLageDruk", POWER, 252.5, -0.95, 0.11)
    yield along("sewer-pressure", "rioolOnderOverOfOnderdruk", SEWERS, 254.6, -1.40, 0.16)
    yield along("sewer-proefstraat", "rioolVrijverval", SEWERS, 257.0, -2.20, 0.60)
    yield along("heat-existing", "warmte", HEAT, 260.2, -1.20, 0.315)
    yield asset(
        "orphan", "wees", MUNICIPALITY, line([(30.0, 271.0), (90.0, 271.4)], None, None)
    )  # nobody knows whose it is, nor how deep
    yield along("water-proefstraat", "water", WATER, 272.4, -1.20, 0.20)
    yield asset("rain-tank", "water_storage", MUNICIPALITY, volume((170.0, 262.0, 190.0, 266.0), -2.6, -0.9), "tank")
    for k, x in enumerate((120, 130, 140), 1):
        well = shaft((float(x), 275.0), -150.0, -1.0, 0.15)
        yield asset(f"soil-loop-{k}", "soil_energy", HEAT, well, "well")
    yield asset("geothermal-well", "geothermal", HEAT, shaft((195.0, 276.0), None, -2.0, 0.50), "well")


def _schetsweg() -> Iterator[Asset]:
    def along(id_: str, theme: str, holder: str, y: float, z: float, outer: float) -> Asset:
        return asset(id_, theme, holder, line([(-2.0, y), (148.0, y), (298.0, y + 3.0)], z, outer))

    yield along("pipeline-dangerous", "buisleidingGevaarlijkeInhoud", PIPELINES, -60.0, -1.80, 0.40)
    yield along("pipeline-petrochemical", "petrochemie", PIPELINES, -54.0, -1.80, 0.30)
    yield along("power-high", "hoogspanning", POWER, -46.0, -1.60, 0.16)
    yield along("power-national", "landelijkHoogspanningsnet", POWER, -40.0, -1.80, 0.20)
    yield along("water-transport", "water", WATER, -34.0, -1.60, 0.60)
    yield along("fibre-trunk", "datatransport", FIBRE, -28.0, -0.80, 0.11)


def _ground() -> Iterator[GroundLevel]:
    yield ground("level-voorbeeldstraat", 0.0, (-6.0, -10.0, 18.0, 246.0))
    yield ground("level-proefstraat", 0.15, (-6.0, 246.0, 204.0, 280.0))
    yield ground("level-schetsweg", -0.1, (-6.0, -66.0, 304.0, -18.0))
    for k, x in enumerate((20, 70, 120, 170), 1):
        yield spot_height(f"spot-{k}", 0.15, (float(x), 258.0))


def _surfaces() -> Iterator[Zone]:
    voorbeeldstraat = {
        "footway-west": ("footway", -6.0, 0.0),
        "verge": ("verge", 0.0, 3.0),
        "carriageway": ("carriageway", 3.0, 10.0),
        "parking": ("parking", 10.0, 12.5),
        "footway-east": ("footway", 12.5, 18.0),
    }
    for name, (value, west, east) in voorbeeldstraat.items():
        yield surface(f"{name}-voorbeeldstraat", value, (west, -10.0, east, 246.0))
    proefstraat = {
        "footway-south": ("footway", 246.0, 256.0),
        "carriageway": ("carriageway", 256.0, 262.0),
        "parking": ("parking", 262.0, 267.0),
        "footway-north": ("footway", 267.0, 280.0),
    }
    for name, (value, south, north) in proefstraat.items():
        yield surface(f"{name}-proefstraat", value, (-6.0, south, 204.0, north))
    schetsweg = {
        "verge": ("verge", -66.0, -38.0),
        "cycle-path": ("cycle_path", -38.0, -32.0),
        "carriageway": ("carriageway", -32.0, -22.0),
        "ditch": ("water", -22.0, -18.0),
    }
    for name, (value, south, north) in schetsweg.items():
        yield surface(f"{name}-schetsweg", value, (-6.0, south, 304.0, north))
