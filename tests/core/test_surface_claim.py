"""Room at ground level: as much as is asked, to the square decimetre; not in zones where there may be none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.core.effects import effects
from registry.core.model import Asset, Object, Part, Relation, Uncertainty, Zone
from tests.core.building import asset, here, line, part, rounded, shaft, square
from tests.core.with_rule import faults, judged_by, rules_with, told

RULE = """\
    kind: surface_claim
    cells:
      - {theme: soil_energy, object_kind: well, for_each: 25 m2, source: made-up}
      - {theme: geothermal, object_kind: well, in_all: 5000 m2, source: made-up}
    not_in:
      - {zone: area, values: [centre]}
"""
RULES = rules_with(RULE)


def well(area: int | None, name: str = "p", theme: str = "soil_energy", x: int = 0) -> Part:
    made = part(name, shaft((x, 0), -80_000, 0, rounded(400)), theme, object_kind="well")
    return replace(made, surface_area=area)


def old(area: int | None, theme: str = "soil_energy") -> Asset:
    made = asset("old", shaft((0, 0), -80_000, 0, rounded(400)), theme, holder="Riolering", object_kind="well")
    return replace(made, surface_area=area)


def came(parts: list[Part], *objects: Object) -> tuple[str, list[tuple[str, int | None]]]:
    """What came of the rule, and of each finding the cause and what is missing (dm²)."""
    _, findings, result = judged_by(RULES, parts, objects)
    return result.outcome, sorted((f.cause, f.short.value if f.short else None) for f in findings)


@pytest.mark.parametrize(
    ("area", "found"),
    [
        (2_500, ("met", [])),
        (2_499, ("not_met", [("claims", 1)])),
        (None, ("undetermined", [("claims", None)])),
    ],
)
def test_to_the_square_decimetre(area: int | None, found: tuple[str, list[tuple[str, int | None]]]) -> None:
    assert came([well(area)]) == found


def test_the_wells_of_an_application_are_one_installation_where_it_is_asked_in_all() -> None:
    def both(*areas: int | None) -> list[Part]:
        return [well(area, name, "geothermal", x) for area, name, x in zip(areas, "pq", (0, 9_000), strict=True)]

    assert came(both(300_000, 200_000)) == ("met", [])
    assert came(both(300_000, 199_999)) == ("not_met", [("claims_in_all", 1)])
    assert came(both(500_000, None)) == ("met", [])
    assert came(both(499_999, None)) == ("undetermined", [("claims_in_all", None)])
    # Each has enough of its own where each is asked.
    assert came([well(2_500), well(2_499, "q", x=9_000)]) == ("not_met", [("claims", 1)])


def test_of_other_themes_and_kinds_nothing_is_asked() -> None:
    assert came([part("p", line([(0, 0), (9_000, 0)], -1_000, rounded(100)), "soil_energy")]) == ("untouched", [])
    assert came([replace(well(None), theme="water")]) == ("untouched", [])


def test_no_less_than_what_is_replaced_is_not_worsened() -> None:
    renewed = replace(well(2_000), relations=(Relation("replaces", "asset", "old"),))
    for before, outcome in ((2_000, "fits"), (2_001, "conflict"), (None, "conflict")):
        verdict, (finding,), _ = judged_by(RULES, [renewed], [old(before)])
        assert (verdict.outcome, finding.not_worsened) == (outcome, outcome == "fits")
    assert judged_by(RULES, [renewed], [old(2_000, "geothermal")])[0].outcome == "conflict"
    unknown = replace(renewed, surface_area=None)
    assert judged_by(RULES, [unknown], [old(2_000)])[0].outcome == "undetermined"


def test_zones_in_which_no_room_may_be_taken() -> None:
    zone = Zone("z", "area", "centre", here(square(200, -9_000, 18_000)))
    assert came([well(2_500)], zone) == ("met", [])
    nearer = replace(zone, outer=here(square(199, -9_000, 18_000)))
    verdict, (finding,), _ = judged_by(RULES, [well(2_500)], [nearer])
    assert (verdict.outcome, finding.cause, finding.about) == ("conflict", "claims_in_zone", "centre")
    assert ["zone", "z"] in [item[:2] for item in verdict.document["basis"]]  # type: ignore[attr-defined]
    doubtful = replace(well(2_500), uncertainty=Uncertainty(1, 0))
    verdict, (finding,), _ = judged_by(RULES, [doubtful], [zone])
    assert (verdict.outcome, finding.certainty) == ("fits_with_conditions", "possible")
    assert "buiten de zone staat" in told(finding, RULES)[0]
    assert came([well(2_500)], replace(nearer, value="outskirts")) == ("met", [])
    assert came([replace(well(None), theme="water")], nearer) == ("untouched", [])


def test_it_is_told_in_both_languages() -> None:
    _, (finding,), _ = judged_by(RULES, [well(2_499)])
    nl, en = told(finding, RULES)
    assert nl == (
        "Voor onderdeel p is te weinig ruimte op het maaiveld. Bij RD x 155000,00, y 463000,00. "
        "Opgegeven is 24,99 m²; vereist is 25 m², dus er ontbreekt 0,01 m². "
        "Regel “Gevraagd” (asked): Policy, artikel 7; beleid, waarvan gemotiveerd kan worden afgeweken. "
        "De maten komen uit: Made up (eigen keuze; zonder bron). Dit blokkeert. "
        "Houd er op het maaiveld 25 m² voor vrij en geef dat op (surface_area, in m²), of kies een plek die de ruimte "
        "heeft."
    )
    assert "24.99 m² is stated; 25 m² is required, so 0.01 m² is missing." in en
    _, (unknown,), _ = judged_by(RULES, [well(None)])
    nl, en = told(unknown, RULES)
    assert "Onbekend: de oppervlakte die de installatie op het maaiveld heeft. " in nl
    assert "Vereist is 25 m²." in nl
    assert "Geef de oppervlakte op het maaiveld op (surface_area, in m²)." in nl
    assert "25 m² is required." in en


def test_legal_force_caps_what_is_met_is_told_and_both_topics_are_touched() -> None:
    internal = rules_with(RULE, legal_force="internal")
    assert judged_by(internal, [well(0)])[0].outcome == "fits"
    verdict, _, result = judged_by(RULES, [well(2_600), well(2_501, "q", x=9_000)])
    assert result.met is not None
    assert (result.met.measured.value, result.met.asked.value, result.met.margin.value) == (2_501, 2_500, 1)
    told_effects = effects(RULES, verdict.results)
    assert told_effects["urbanisation"] == told_effects["geothermal_and_soil_energy"] == "met"


@pytest.mark.parametrize(
    ("old_text", "new", "fault"),
    [
        ("25 m2", "25", "3:59 rules[2].cells[0].for_each: the unit is left out. Write 25.00 m2."),
        ("25 m2", "0 m2", "3:59 rules[2].cells[0].for_each: this asks nothing. Write how much, as 500 m2."),
        ("for_each: 25 m2", "for_each: 25 m2, in_all: 30 m2", "3:9 rules[2].cells[0]: area is asked in one of two "
         "ways. Give for_each, or in_all: of one application together."),
        (", for_each: 25 m2", "", "3:9 rules[2].cells[0]: area is asked in one of two ways. Give for_each, or in_all: "
         "of one application together."),
        ("theme: geothermal", "theme: soil_energy", "4:9 rules[2].cells[1]: there already is a cell for "
         "soil_energy/well. Keep one of the two."),
    ],
)  # fmt: skip
def test_what_is_refused(old_text: str, new: str, fault: str) -> None:
    assert old_text in RULE
    found = faults(RULE.replace(old_text, new, 1))
    assert fault in found
