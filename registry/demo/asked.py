"""What is reserved in the example district, and what is applied for there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

from registry.core.model import Application, Part, Relation, Reservation
from registry.demo.district import CONNECTIONS, SEWER_X, SEWER_Z, WALL, joint_of_connection, sewer_id
from registry.demo.drawing import connects, corridor, line, part, volume
from registry.demo.people import FIBRE, HEAT, MUNICIPALITY, POWER, SEWERS, WATER
from registry.demo.words import Language, text

#: Between these manholes (metres north) the sewer is to be replaced.
SOUTH, NORTH = 60, 120
HEAT_RESERVATION: Final = "heat-voorbeeldstraat"
TREES: Final = "trees-voorbeeldstraat"
SMALL_SEWER: Final = "sewer-040"
LARGE_SEWER: Final = "sewer-120"
WATER_MAIN: Final = "water-main-new"


def heat_reservation(lang: Language, today: date) -> Reservation:
    """The space for a DN200 heat pair along Voorbeeldstraat: 1.23 × 0.315 m with its margins, centre at 5.00 m."""
    return Reservation(
        HEAT_RESERVATION,
        "warmte",
        "line",
        corridor([(5.0, 0.0), (5.0, 240.0)], -1.0, (0.83, 0.315), (1.23, 0.315)),
        MUNICIPALITY,
        strength="planned",
        beneficiary=HEAT,
        review_date=_years(today, 4),
        legal_basis=text("basis_heat", lang),
    )


def future_trees(lang: Language, today: date) -> Reservation:
    """Room for the roots of new trees in the verge, beside where the sewer is to be replaced."""
    return _reservation(TREES, "tree_roots", "planned", volume((0.5, 62.0, 2.5, 118.0), -1.2, 0.0), lang, today)


def other_reservations(lang: Language, today: date) -> list[Reservation]:
    """Those of every strength in Proefstraat, with two options of one plan."""

    def route(id_: str, y: float) -> Reservation:
        geometry = corridor([(10.0, y), (160.0, y)], -1.3, (0.8, 0.8), (1.2, 1.0))
        return _reservation(id_, "rioolVrijverval", "option", geometry, lang, today, group="storm-sewer")

    storage = volume((40.0, 262.5, 90.0, 266.5), -2.3, -0.7)
    area = volume((100.0, 262.0, 160.0, 279.0), None, -5.0)
    ducts = corridor([(0.0, 269.0), (196.0, 269.0)], -0.9, (0.6, 0.4), (0.8, 0.5))
    return [
        _reservation("energy-area", "soil_energy", "search_area", area, lang, today),
        route("storm-sewer-a", 258.6),
        route("storm-sewer-b", 263.6),
        _reservation("water-storage", "water_storage", "planned", storage, lang, today, shareable=("datatransport",)),
        _reservation("power-ducts", "middenspanning", "decided", ducts, lang, today),
    ]


def sewer(id_: str, outer: float, lang: Language, today: date, *, aside: float = 0.0) -> Application:
    """Replace the sewer between two manholes by one of an outer diameter, laid so far aside to the east (m)."""
    x = SEWER_X + aside
    ends = (x, SOUTH + WALL), (x, NORTH - WALL)
    joints = [connects(f"manhole-{y}", end, SEWER_Z) for y, end in zip((SOUTH, NORTH), ends, strict=True)]
    joints += [
        connects(f"connection-{y}", *joint_of_connection(y, side)) for y, side in CONNECTIONS if SOUTH < y < NORTH
    ]
    replaced = Relation("replaces", "asset", sewer_id(SOUTH))
    new = part("sewer-new", "rioolVrijverval", line(ends, SEWER_Z, outer), [replaced, *joints])
    return _application(id_, SEWERS, "permit", [new], "title_sewer", lang, today, outer=outer)


def water_main(lang: Language, today: date) -> Application:
    """A water main a little east of the sewer."""
    main = part("main", "water", line([(8.1, 62.0), (8.1, 118.0)], -1.2, 0.16))
    return _application(WATER_MAIN, WATER, "permit", [main], "title_water", lang, today)


def power_cable(lang: Language, today: date) -> Application:
    """A cable nearer to gas than the ruleset of today allows; it was filed under the one before."""
    cable = part("cable", "laagspanning", line([(5.0, 253.3), (150.0, 253.3)], -0.70, 0.05))
    return _application("power-proefstraat", POWER, "permit", [cable], "title_power", lang, today)


def fibre(lang: Language, today: date) -> Application:
    """A cable across the street, over one of which nobody knows the depth."""
    cable = part("fibre", "datatransport", line([(0.5, 150.0), (14.0, 150.0)], -0.70, 0.04))
    return _application("fibre-crossing", FIBRE, "telecom_consent", [cable], "title_fibre", lang, today)


def heat_pipe(lang: Language, today: date) -> Application:
    """A pipe of which the officer asked for more data."""
    pipe = part("pipe", "warmte", line([(60.0, -25.0), (140.0, -25.0)], -1.20, 0.45))
    return _application("heat-schetsweg", HEAT, "permit", [pipe], "title_heat", lang, today)


def _reservation(
    id_: str,
    theme: str,
    strength: Literal["search_area", "option", "planned", "decided"],
    geometry: object,
    lang: Language,
    today: date,
    *,
    group: str | None = None,
    shareable: tuple[str, ...] = (),
) -> Reservation:
    return Reservation(
        id_,
        theme,
        "line",
        geometry,  # type: ignore[arg-type]
        MUNICIPALITY,
        strength=strength,
        review_date=_years(today, 3),
        option_group=group,
        shareable_with=shareable,
        legal_basis=text("basis_plan", lang),
    )


def _application(
    id_: str,
    applicant: str,
    regime: Literal["permit", "telecom_consent"],
    parts: list[Part],
    title: str,
    lang: Language,
    today: date,
    **told: float,
) -> Application:
    starts = (today + timedelta(days=120)).isoformat()
    named = {name: f"{value:.2f}".replace(".", "," if lang == "nl" else ".") for name, value in told.items()}
    return Application(
        id_, applicant, regime, tuple(parts), works_start=starts, title=text(title, lang).format(**named)
    )


def _years(today: date, years: int) -> str:
    return date(today.year + years, 1, 1).isoformat()
