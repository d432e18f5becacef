"""Where water is retained: a larger discharge asks for storage, to the millilitre a second and the litre."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest

from registry.core.effects import effects
from registry.core.model import Asset, Object, Part, Relation, Uncertainty, Zone
from tests.core.building import asset, here, line, part, rounded, square, volume
from tests.core.with_rule import faults, judged_by, rules_with, told

RULE = """\
    kind: retention
    values: [sponge]
    themes: [rioolVrijverval]
    discharge: 20 l/s
    storage: {for_each_l_s: 3 m3}
    source: made-up
"""
RULES = rules_with(RULE)
IN_ALL = rules_with(RULE.replace("for_each_l_s: 3 m3", "in_all: 60 m3"))

#: North of y = 0, where the sewers lie that start at y 1,000.
ZONE = Zone("z", "retain_water", "sponge", here(square(-1_000, 0, 40_000)))


def sewer(discharge: int | None, name: str = "p", y: int = 1_000) -> Part:
    return replace(part(name, line([(0, y), (20_000, y)], -2_000, rounded(200))), discharge=discharge)


def tank(storage: int | None, name: str = "s", y: int = 10_000) -> Part:
    made = part(name, volume(square(0, y, 5_000), -3_000, -1_000), "water_storage", object_kind="tank")
    return replace(made, storage=storage)


def old(discharge: int | None, name: str = "old", y: int = 1_000) -> Asset:
    made = asset(name, line([(0, y), (20_000, y)], -2_000, rounded(200)), "rioolVrijverval", holder="Riolering")
    return replace(made, discharge=discharge)


def replacing(discharge: int | None, *names: str, name: str = "p", y: int = 1_000) -> Part:
    return replace(
        sewer(discharge, name, y), relations=tuple(Relation("replaces", "asset", one) for one in names or ("old",))
    )


def came(parts: list[Part], *objects: Object, rules: object = RULES) -> tuple[str, list[tuple[str, int | None]]]:
    """What came of the rule, and of each finding the cause and by how much it fails (ml/s, litres)."""
    _, findings, result = judged_by(rules, parts, objects)  # type: ignore[arg-type]
    return result.outcome, sorted((f.cause, f.short.value if f.short else None) for f in findings)


@pytest.mark.parametrize(
    ("discharge", "storage", "found"),
    [
        (20_000, None, ("met", [])),
        (20_001, None, ("not_met", [("discharges", 1), ("stores", 3)])),
        (40_000, 60_000, ("met", [])),
        (40_000, 59_999, ("not_met", [("discharges", 20_000), ("stores", 1)])),
        (40_001, 60_000, ("not_met", [("discharges", 20_001), ("stores", 3)])),
        (None, None, ("undetermined", [("discharges", None)])),
    ],
)
def test_for_each_litre_a_second_more(
    discharge: int | None, storage: int | None, found: tuple[str, list[tuple[str, int | None]]]
) -> None:
    parts = [sewer(discharge)] + ([tank(storage)] if storage is not None else [])
    assert came(parts, ZONE) == found


def test_in_all_whatever_the_discharge() -> None:
    assert came([sewer(20_000)], ZONE, rules=IN_ALL) == ("met", [])
    assert came([sewer(20_001), tank(60_000)], ZONE, rules=IN_ALL) == ("met", [])
    found = ("not_met", [("discharges", 1), ("stores", 1)])
    assert came([sewer(20_001), tank(59_999)], ZONE, rules=IN_ALL) == found


def test_what_it_replaces_is_free_and_what_is_unknown_of_that_matters_only_above_what_is_free_anyway() -> None:
    assert came([replacing(50_000)], old(50_000), ZONE) == ("met", [])
    assert came([replacing(50_001)], old(50_000), ZONE)[1] == [("discharges", 1), ("stores", 3)]
    assert came([replacing(50_000)], old(None), ZONE) == ("undetermined", [("discharges", None)])
    assert came([replacing(20_000)], old(None), ZONE) == ("met", [])
    assert came([replacing(50_000), tank(90_000)], old(None), ZONE) == ("met", [])


def test_what_was_not_there_or_stays_frees_nothing() -> None:
    for given in (
        replace(old(50_000), status="disused"),
        replace(old(50_000), status="projected"),
        replace(old(50_000), geometry=line([(0, -5_000), (20_000, -5_000)], -2_000, rounded(200))),
    ):
        assert came([replacing(50_000)], given, ZONE)[0] == "not_met"
    stays = replace(
        replacing(50_000, y=3_000), relations=(Relation("replaces", "asset", "old", left_in_ground=True),)
    )
    assert came([stays], old(50_000), ZONE)[0] == "not_met"


def test_parts_that_are_joined_carry_the_same_water_and_others_add_up() -> None:
    end = (*here([(20_000, 1_000)])[0], None)
    on = replace(
        sewer(15_000, "q"),
        geometry=line([(20_000, 1_000), (39_000, 1_000)], -2_000, rounded(200)),
        relations=(Relation("connects", "part", "p", point=end),),
    )
    assert came([sewer(15_000), on], ZONE) == ("met", [])
    beside = sewer(15_000, "q", 5_000)
    assert came([sewer(15_000), beside], ZONE)[1][0] == ("discharges", 10_000)
    # What both replace was there once.
    both = [replacing(50_000), replacing(50_000, name="q", y=5_000)]
    assert came(both, old(50_000), ZONE)[1][0] == ("discharges", 50_000)
    # Two that were one after the other were the same water.
    twice = [replacing(50_000, "old", "older")]
    assert came(twice, old(30_000), old(20_000, "older"), ZONE)[1][0] == ("discharges", 20_000)


def test_storage_counts_where_it_surely_lies_in_the_zone_and_less_what_it_takes_away() -> None:
    assert came([sewer(40_000), tank(60_000, y=-9_000)], ZONE)[0] == "not_met"
    doubtful = replace(tank(60_000, y=0), uncertainty=Uncertainty(10_000, 0))
    assert came([sewer(40_000), doubtful], ZONE)[0] == "not_met"
    assert came([sewer(40_000), tank(None)], ZONE) == ("undetermined", [("discharges", None)])
    gone = replace(old(None, "crate"), geometry=tank(0).geometry, theme="water_storage", storage=10_000)
    renewed = replace(tank(60_000), relations=(Relation("replaces", "asset", "crate"),))
    assert came([sewer(40_000), renewed], gone, ZONE)[1][1] == ("stores", 10_000)
    verdict, findings, _ = judged_by(RULES, [sewer(40_000), renewed], [replace(gone, storage=None), ZONE])
    assert [f.lacking for f in findings] == [("storage",)]
    assert "de berging van wat het weghaalt" in told(findings[0], RULES)[0]
    assert verdict.outcome == "undetermined"


def test_only_in_zones_of_its_values_and_of_its_themes() -> None:
    for zone in (replace(ZONE, value="other"), replace(ZONE, zone_type="area"),
                 replace(ZONE, outer=here(square(-1_000, 1_100, 40_000)))):  # fmt: skip
        assert came([sewer(90_000)], zone) == ("untouched", [])
    assert came([replace(sewer(90_000), theme="warmte")], ZONE) == ("untouched", [])
    any_value = rules_with(RULE.replace("    values: [sponge]\n", ""))
    assert came([sewer(90_000)], replace(ZONE, value="other"), rules=any_value)[0] == "not_met"
    verdict, _, _ = judged_by(RULES, [sewer(90_000)], [ZONE])
    assert ["zone", "z"] in [item[:2] for item in verdict.document["basis"]]  # type: ignore[attr-defined]


def test_what_may_lie_in_the_zone_is_possible_and_never_blocks() -> None:
    doubtful = replace(sewer(20_001, y=-110), uncertainty=Uncertainty(20, 0))
    verdict, findings, result = judged_by(RULES, [doubtful], [ZONE])
    assert (verdict.outcome, result.outcome) == ("fits_with_conditions", "undetermined")
    assert {f.certainty for f in findings} == {"possible"}
    nl, en = told(next(f for f in findings if f.cause == "discharges"), RULES)
    assert "stel vast of p in de zone ligt" in nl
    assert "settle whether p lies in the zone" in en
    # What surely lies there decides where it fails by itself.
    assert {f.certainty for f in judged_by(RULES, [doubtful, sewer(30_000, "q")], [ZONE])[1]} == {"certain"}


def test_whatever_is_unknown_no_value_of_it_contradicts_what_was_said() -> None:
    rng = random.Random(3)
    for _ in range(40):
        known = [rng.choice((0, 10_000, 20_000, 30_000, 50_000)) for _ in range(2)] + [rng.choice((0, 30_000, 90_000))]
        hidden = rng.randint(0, 2)
        unknown: list[int | None] = list(known)
        unknown[hidden] = None
        said, true = (
            came([replacing(values[0]), tank(values[2])], old(values[1]), ZONE)[0] for values in (unknown, known)
        )
        assert said in (true, "undetermined"), (known, hidden)


def test_the_rule_in_fractions() -> None:
    rng = random.Random(5)
    for _ in range(60):
        discharge, before, stored = rng.randint(0, 60_000), rng.randint(0, 40_000), rng.randint(0, 120_000)
        more = Fraction(discharge - max(20_000, before), 1000)
        met = more <= 0 or 3 * more <= Fraction(stored, 1000)
        assert came([replacing(discharge), tank(stored)], old(before), ZONE)[0] == ("met" if met else "not_met")


def test_storage_for_each_block_where_any_discharge_asks_for_it() -> None:
    """Blocks are zones with values of their own: of storage in one block nothing counts in the other."""
    rules = rules_with(
        "    kind: retention\n    topics: [urbanisation]\n    themes: [rioolVrijverval]\n    discharge: 0 l/s\n"
        "    storage: {in_all: 60 m3}\n    source: made-up\n"
    )
    blocks = [replace(ZONE, value="block-a"),
              Zone("y", "retain_water", "block-b", here(square(-1_000, -40_000, 40_000)))]  # fmt: skip
    parts = [sewer(1_000), tank(60_000), sewer(1_000, "q", -9_000), tank(59_999, "t", -20_000)]
    verdict, found, _ = judged_by(rules, parts, blocks)
    assert sorted((f.cause, f.about) for f in found) == [("discharges", "block-b"), ("stores", "block-b")]
    assert effects(rules, verdict.results)["urbanisation"] == "not_met"
    assert judged_by(rules, [*parts[:3], tank(60_000, "t", -20_000)], blocks)[2].outcome == "met"


def test_it_is_told_in_both_languages() -> None:
    _, found, _ = judged_by(RULES, [replacing(50_500), tank(10_000)], [old(30_000), ZONE])
    discharges, stores = sorted(found, key=lambda finding: finding.cause)
    nl, en = told(discharges, RULES)
    assert nl == (
        "De aanvraag voert te veel af in een zone sponge, waar water wordt vastgehouden. "
        "Langs onderdeel p van 0,00 tot 20,00 m. Bij 0,00 m, RD x 155000,00, y 463001,00. "
        "Samen voeren de onderdelen daar 50,5 l/s af; vrij is 30 l/s, dus het is 20,5 l/s te veel. "
        "Regel “Gevraagd” (asked): Policy, artikel 7; beleid, waarvan gemotiveerd kan worden afgeweken. "
        "De maten komen uit: Made up (eigen keuze; zonder bron). Dit blokkeert. "
        "In de huidige situatie is het 30 l/s. "
        "Houd het water vast: ontwerp de bergende variant, of voer 20,5 l/s minder af."
    )
    assert discharges.before is not None
    assert discharges.before.value == 30_000
    assert en.endswith("Retain the water: design the alternative that stores it, or discharge 20.5 l/s less.")
    nl, en = told(stores, RULES)
    assert "Er is 10 m³; vereist is 61,5 m³, dus het scheelt 51,5 m³." in nl
    assert en.endswith("Store 51.5 m³ more there, and state it (storage, in m³).")
    _, (unknown,), _ = judged_by(RULES, [sewer(None)], [ZONE])
    nl, en = told(unknown, RULES)
    assert "Onbekend: het debiet van het onderdeel." in nl
    assert "Geef het grootste debiet van het onderdeel op (discharge, in l/s)." in nl
    assert "It cannot be determined whether the application discharges too much in a zone sponge" in en


def test_legal_force_caps_and_what_is_met_is_told() -> None:
    internal = rules_with(RULE, legal_force="internal")
    assert judged_by(internal, [sewer(50_000)], [ZONE])[0].outcome == "fits"
    met = judged_by(RULES, [sewer(15_000)], [ZONE])[2].met
    assert met is not None
    assert (met.measured.value, met.asked.value, met.margin.value, met.margin.unit) == (
        15_000, 20_000, 5_000, "ml_per_s",
    )  # fmt: skip
    met = judged_by(RULES, [sewer(30_000), tank(31_000)], [ZONE])[2].met
    assert met is not None
    assert (met.measured.value, met.asked.value, met.margin.value, met.margin.unit) == (31_000, 30_000, 1_000, "litre")


@pytest.mark.parametrize(
    ("old_text", "new", "fault"),
    [
        ("20 l/s", "20", "4:16 rules[2].discharge: the unit is left out. Write 20.00 l/s."),
        ("{for_each_l_s: 3 m3}", "{for_each_l_s: 3 m3, in_all: 60 m3}", "5:14 rules[2].storage: storage is asked in "
         "one of two ways. Give in_all, or for_each_l_s: for each litre a second above what is free."),
        ("{for_each_l_s: 3 m3}", "{}", "5:14 rules[2].storage: storage is asked in one of two ways. Give in_all, or "
         "for_each_l_s: for each litre a second above what is free."),
        ("3 m3", "0 m3", "5:29 rules[2].storage.for_each_l_s: this asks nothing. Write how much, as 60 m3."),
        ("[sponge]", "[sponge, sponge]", "2:22 rules[2].values[1]: this value is named twice. Keep one of the two."),
    ],
)  # fmt: skip
def test_what_is_refused(old_text: str, new: str, fault: str) -> None:
    assert old_text in RULE
    assert fault in faults(RULE.replace(old_text, new, 1))
