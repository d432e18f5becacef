"""Wells of one kind: as far apart as is asked, from heart to heart, to the millimetre, whoever they are of."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from math import isqrt

import pytest

from registry.core.model import Asset, Object, Part, Relation, Reservation, Shaft, Uncertainty, Works
from registry.core.rules.spacing import SpacingRule
from tests.core.building import asset, part, rounded, shaft, square, volume
from tests.core.with_rule import faults, judged_by, rules_with, told

RULE = """\
    kind: spacing
    cells:
      - {theme: soil_energy, object_kind: well, apart: 50.00 m, own: 20.00 m, source: made-up}
      - {theme: geothermal, object_kind: well, apart: 120.00 m, source: made-up}
"""
RULES = rules_with(RULE, reach="120.00 m")


def hole(x: int, y: int = 0, width: int | None = 200) -> Shaft:
    """A well 80 m deep."""
    return shaft((x, y), -80_000, 0, None if width is None else rounded(width))


def new(name: str = "p", x: int = 0, theme: str = "soil_energy") -> Part:
    return part(name, hole(x), theme, object_kind="well")


def there(x: int, y: int = 0, theme: str = "soil_energy", width: int | None = 200) -> Asset:
    return asset("w", hole(x, y, width), theme, holder="Bron BV", object_kind="well")


def came(parts: list[Part], *objects: Object) -> tuple[str, list[tuple[str, str, int | None]]]:
    """The outcome, and of each finding the cause, how certain it is and what is missing (mm)."""
    verdict, findings, _ = judged_by(RULES, parts, objects)
    return verdict.outcome, [(f.cause, f.certainty, f.missing.horizontal if f.missing else None) for f in findings]


@pytest.mark.parametrize(
    ("theme", "away", "found"),
    [
        ("soil_energy", 50_000, []),
        ("soil_energy", 49_999, [("spaced", "certain", 1)]),
        ("geothermal", 120_000, []),
        ("geothermal", 119_999, [("spaced", "certain", 1)]),
    ],
)
def test_to_the_millimetre_from_heart_to_heart(theme: str, away: int, found: list[tuple[str, str, int | None]]) -> None:
    assert came([new(theme=theme)], there(away, theme=theme)) == ("conflict" if found else "fits", found)


def test_how_wide_or_deep_a_well_is_need_not_be_known() -> None:
    unknown = replace(there(50_000, width=None), geometry=shaft((50_000, 0), None, None, None))
    assert came([new()], unknown)[1] == []
    assert came([new()], replace(unknown, geometry=shaft((49_999, 0), None, None, None)))[1] == [
        ("spaced", "certain", 1)
    ]


def test_only_of_the_same_theme_and_object_kind_and_not_what_is_disused_or_goes() -> None:
    for other in (
        there(10_000, theme="geothermal"),
        replace(there(10_000), object_kind="manhole"),
        replace(there(10_000), status="disused"),
    ):
        verdict, findings, result = judged_by(RULES, [new()], [other])
        assert (verdict.outcome, findings, result.outcome) == ("fits", (), "untouched")
    leaving = replace(new(), relations=(Relation("removes", "asset", "w"),))
    assert judged_by(RULES, [leaving], [there(10_000)], ["Bron BV"])[1] == ()


def test_reservations_count_by_their_strength_granted_works_fully_and_what_is_asked_for_advises() -> None:
    held = Reservation("w", "soil_energy", "well", hole(49_999), "Gemeente")
    for strength, outcome in (("search_area", "fits"), ("option", "fits_with_conditions"), ("planned", "conflict")):
        assert came([new()], replace(held, strength=strength))[0] == outcome  # type: ignore[arg-type]
    works = Works("w", "soil_energy", "well", hole(49_999), "Ander", application="b", state="granted")
    assert came([new()], works)[0] == "conflict"
    _, (finding,), result = judged_by(RULES, [new()], [replace(works, state="open")])
    assert (finding.rival, finding.severity, result.outcome) == (True, "advises", "met")
    used = replace(new(x=49_999), relations=(Relation("uses", "reservation", "w"),))
    assert judged_by(RULES, [used], [replace(held, beneficiary="Riolering")])[1] == ()


def test_wells_of_one_application_are_one_system() -> None:
    assert came([new("a"), new("b", 20_000)]) == ("fits", [])
    assert came([new("a"), new("b", 19_999)]) == ("conflict", [("spaced_own", "certain", 1)])
    assert came([new("a", theme="geothermal"), new("b", 1_000, "geothermal")]) == ("fits", [])


def test_the_name_of_a_part_excuses_nothing_of_an_asset_of_that_name() -> None:
    """A part ``w`` lies in part ``p``: the asset ``w`` is another well."""
    duct = part("p", hole(0, width=2_000), "soil_energy", object_kind="well")
    inner = part("w", hole(0, width=100), "soil_energy", object_kind="well",
                 relations=[Relation("inside", "part", "p")])  # fmt: skip
    holding = replace(duct, object_kind="chamber")
    rules = rules_with(RULE.replace("well, apart: 50", "chamber, apart: 50"), reach="120.00 m")
    other = replace(there(30_000), object_kind="chamber")
    _, findings, _ = judged_by(rules, [holding, inner], [other])
    assert [(f.place.part, f.counterparts[0].kind) for f in findings] == [("p", "asset")]


def test_wells_far_apart_make_no_street_too_crowded() -> None:
    """Of lines, of which there are many, what is asked between wells is not counted as near."""
    (rule,) = (one for one in RULES.rules if isinstance(one, SpacingRule))
    assert rule.widest == 0
    lines = rules_with(RULE.replace("geothermal, object_kind: well", "geothermal, object_kind: line"), reach="120.00 m")
    assert max(one.widest for one in lines.rules if isinstance(one, SpacingRule)) == 120_000


def test_a_well_in_the_place_of_another_is_not_worsened() -> None:
    old = replace(there(0), id="old", holder="Riolering")
    renewed = replace(new(), relations=(Relation("replaces", "asset", "old"),))
    verdict, (finding,), _ = judged_by(RULES, [renewed], [old, there(30_000)])
    assert (verdict.outcome, finding.not_worsened, finding.gap_before and finding.gap_before.horizontal) == (
        "fits", True, 30_000,
    )  # fmt: skip
    nearer = replace(renewed, geometry=hole(1))
    assert judged_by(RULES, [nearer], [old, there(30_000)])[0].outcome == "conflict"


def test_an_installation_drawn_as_an_area_counts_from_its_outside() -> None:
    plant = asset("w", volume(square(49_999, 0, 10_000), -80_000, 0), "soil_energy", object_kind="well")
    assert came([new()], plant) == ("conflict", [("spaced", "certain", 1)])
    further = replace(plant, geometry=volume(square(50_000, 0, 10_000), -80_000, 0))
    assert came([new()], further) == ("fits", [])


def test_within_the_uncertainty_it_is_possible() -> None:
    doubtful = replace(there(50_000), uncertainty=Uncertainty(1, 0))
    assert came([new()], doubtful) == ("fits_with_conditions", [("spaced", "possible", 0)])
    _, (finding,), _ = judged_by(RULES, [new()], [doubtful])
    assert told(finding, RULES)[0].endswith("meet vóór aanvang van de werkzaamheden in waar beide zijn, en toon zo aan "
                                            "dat de afstand er is.")  # fmt: skip


def test_the_kernels_agree_with_fractions_around_the_distance() -> None:
    rng = random.Random(7)
    for _ in range(300):
        x = rng.randint(0, 50_000)
        y = isqrt(50_000**2 - x * x) + rng.randint(-1, 1)
        # A gap is the distance and 0.001 mm, rounded down.
        too_near = x * x + y * y < (50_000 - Fraction(1, 1000)) ** 2
        assert bool(came([new()], there(x, y))[1]) == too_near, (x, y)


def test_it_is_told_in_both_languages() -> None:
    _, (finding,), _ = judged_by(RULES, [new()], [there(49_999)])
    nl, en = told(finding, RULES)
    assert nl == (
        "Onderdeel p ligt te dicht bij bestaand object w (bodemenergie; bron; beheerder Bron BV), van dezelfde soort. "
        "Krapste punt: RD x 155000,00, y 463000,00. "
        "Zijdelings is er 49,999 m; vereist is 50,000 m, het tekort is 0,001 m. "
        "Dit geldt op elke diepte: ook erboven en eronder mag niets liggen. "
        "Regel “Gevraagd” (asked): Policy, artikel 7; beleid, waarvan gemotiveerd kan worden afgeweken. "
        "De maten komen uit: Made up (eigen keuze; zonder bron). Dit blokkeert. Plaats het 0,001 m verder weg."
    )
    assert en.endswith("This blocks. Place it 0.001 m farther away.")


def test_legal_force_caps_and_what_is_met_is_told() -> None:
    internal = rules_with(RULE, reach="120.00 m", legal_force="internal")
    assert judged_by(internal, [new()], [there(30_000)])[0].outcome == "fits"
    _, _, result = judged_by(RULES, [new()], [there(50_250)])
    assert result.met is not None
    assert (result.met.measured.value, result.met.asked.value, result.met.margin.value) == (50_250, 50_000, 250)


@pytest.mark.parametrize(
    ("old", "new_text", "fault"),
    [
        ("apart: 120.00 m", "apart: 120.01 m", "4:55 rules[2].cells[1].apart: objects farther away than the ruleset's "
         "reach of 120.00 m are not looked for. Write at least 120.01 m as ruleset.reach."),
        ("apart: 120.00 m", "apart: 0.00 m", "4:55 rules[2].cells[1].apart: this is less than 0.001 m. Write 0.001 m "
         "or more."),
        ("geothermal", "soil_energy", "4:9 rules[2].cells[1]: there already is a cell for soil_energy/well. Keep one "
         "of the two."),
        ("object_kind: well", "object_kind: wel", "3:43 rules[2].cells[0].object_kind: there is no object kind wel. "
         "Did you mean well? It is one of:"),
    ],
)  # fmt: skip
def test_what_is_refused(old: str, new_text: str, fault: str) -> None:
    assert old in RULE
    found = faults(RULE.replace(old, new_text, 1), reach="120.00 m")
    assert any(one.startswith(fault) for one in found), found
