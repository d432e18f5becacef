"""Trees: as far from the heart as is asked, to the millimetre; roots as they are drawn, or within a radius."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from fractions import Fraction

import pytest

from registry.core.model import Asset, Part, Relation, Reservation, Uncertainty, Works
from tests.core.building import asset, line, part, rounded, shaft, square, volume
from tests.core.with_rule import faults, judged_by, rules_with, told

RULE = """\
    kind: tree
    cells:
      - {theme: any, heart: 2.00 m, source: made-up}
      - {theme: warmte, heart: 2.50 m, roots: {ch: 0.50 m, cv: 0.30 m}, root_radius: 3.00 m, source: made-up}
      - {theme: datatransport, roots: {ch: 0.00 m, cv: 0.00 m}, root_radius: 1.50 m, source: made-up}
"""
RULES = rules_with(RULE)


def tree(x: int, y: int, name: str = "t") -> Asset:
    """A tree at a point: 400 mm across, its roots 2 m deep."""
    return asset(name, shaft((x, y), -2_000, 10_000, rounded(400)), "tree_roots", object_kind="tree")


def pipe(theme: str = "water", level: int = -1_000, name: str = "p") -> Part:
    """Along the x axis, 200 mm across: its side lies at y 100."""
    return part(name, line([(0, 0), (20_000, 0)], level, rounded(200)), theme)


def came(given: Part, *objects: Asset | Reservation | Works) -> tuple[str, list[tuple[str, str, int | None]]]:
    """The outcome, and of each finding the cause, how certain it is and what is missing sideways (mm)."""
    verdict, findings, _ = judged_by(RULES, [given], objects)
    return verdict.outcome, [(f.cause, f.certainty, f.missing.horizontal if f.missing else None) for f in findings]


@pytest.mark.parametrize(
    ("theme", "away", "found"),
    [
        ("water", 2_100, []),
        ("water", 2_099, [("near_heart", "certain", 1)]),
        # by its own cell: 2.500 from the heart, and 3.000 + 0.500 from there where its roots are
        ("warmte", 3_600, []),
        ("warmte", 3_599, [("near_roots", "certain", 1)]),
        ("warmte", 2_599, [("near_heart", "certain", 1), ("near_roots", "certain", 1_001)]),
        ("datatransport", 1_600, []),
        ("datatransport", 1_599, [("near_roots", "certain", 1)]),
    ],
)
def test_to_the_millimetre(theme: str, away: int, found: list[tuple[str, str, int | None]]) -> None:
    assert came(pipe(theme), tree(5_000, away)) == ("conflict" if found else "fits", found)


def test_the_heart_counts_at_any_depth_and_the_roots_as_deep_as_they_are() -> None:
    # Roots down to -2.000, 0.300 apart: the top of a pipe of 200 mm at -2.300.
    assert came(pipe("warmte", -2_400), tree(5_000, 2_700)) == ("fits", [])
    assert came(pipe("warmte", -2_399), tree(5_000, 2_700)) == ("conflict", [("near_roots", "certain", 900)])
    assert came(pipe("warmte", -9_000), tree(5_000, 2_599)) == ("conflict", [("near_heart", "certain", 1)])


def test_roots_that_are_drawn_count_as_they_are_drawn_and_the_heart_of_an_area_is_unknown() -> None:
    drawn = volume(square(4_000, 600, 4_000), -1_500, 0)
    roots = asset("r", drawn, "tree_roots", object_kind="line")
    assert came(pipe("warmte"), roots) == ("fits", [])
    near = replace(roots, geometry=volume(square(4_000, 599, 4_000), -1_500, 0))
    assert came(pipe("warmte"), near) == ("conflict", [("near_roots", "certain", 1)])
    assert came(pipe(), near) == ("fits", [])
    area = replace(roots, object_kind="tree")
    verdict, (finding,), result = judged_by(RULES, [pipe()], [area])
    assert (verdict.outcome, result.outcome) == ("undetermined", "undetermined")
    assert (finding.cause, finding.certainty, finding.lacking) == ("near_heart", "undetermined", ("heart",))
    nl, en = told(finding, RULES)
    assert nl.startswith("Het is niet te bepalen of onderdeel p en bestaand object r (boomwortels; boom; beheerder ")
    assert "voor de boom ver genoeg uit elkaar liggen. Onbekend: waar het hart van de boom staat." in nl
    assert "Geef de boom als punt op, waar het hart staat, of vraag Warmtebedrijf waar dat is." in nl
    assert "Unknown: where the heart of the tree is." in en
    assert came(pipe(), replace(area, geometry=volume(square(4_000, 2_100, 4_000), -1_500, 0))) == ("fits", [])


def test_roots_of_unknown_depth_are_undetermined_and_the_heart_is_not() -> None:
    unknown = replace(tree(5_000, 2_599), geometry=shaft((5_000, 2_599), None, 10_000, None))
    found = [("near_heart", "certain", 1), ("near_roots", "undetermined", None)]
    assert came(pipe("warmte"), unknown) == ("conflict", found)
    assert came(pipe(), unknown)[1] == []


def test_a_new_tree_beside_what_lies_there_or_is_reserved_or_asked_for() -> None:
    planted = part("t", shaft((5_000, 2_099), -2_000, 10_000, rounded(400)), "tree_roots", object_kind="tree")
    there = asset("w", line([(0, 0), (20_000, 0)], None, rounded(200)), "water")
    assert came(planted, there) == ("conflict", [("near_heart_planted", "certain", 1)])
    held = Reservation("w", "water", "line", line([(0, 0), (20_000, 0)], -1_000, rounded(200)), "Gemeente")
    for strength, outcome in (("search_area", "fits"), ("option", "fits_with_conditions"), ("planned", "conflict")):
        assert came(planted, replace(held, strength=strength))[0] == outcome  # type: ignore[arg-type]
    asked = Works("w", "water", "line", held.geometry, "Ander", application="other", state="open")
    verdict, (finding,), result = judged_by(RULES, [planted], [asked])
    assert (verdict.outcome, finding.rival, result.outcome) == ("fits", True, "met")
    assert came(planted, replace(asked, state="granted"))[0] == "conflict"
    verdict, findings, _ = judged_by(RULES, [planted, pipe()], [])
    assert [(f.cause, f.place.part, f.counterparts[0].id) for f in findings] == [("near_heart", "p", "t")]


def test_trees_are_asked_nothing_of_each_other_and_a_felled_one_nothing_at_all() -> None:
    planted = part("n", shaft((5_000, 500), -2_000, 10_000, rounded(400)), "tree_roots", object_kind="tree")
    assert came(planted, tree(5_000, 2_000)) == ("fits", [])
    felled = replace(pipe(), relations=(Relation("removes", "asset", "t"),))
    _, findings, result = judged_by(RULES, [felled], [tree(5_000, 1_000)], ["Warmtebedrijf"])
    assert (findings, result.outcome) == ((), "untouched")


def test_what_replaces_a_pipe_as_near_to_the_tree_is_not_worsened() -> None:
    old = asset("old", line([(0, 0), (20_000, 0)], -1_000, rounded(200)), "water", holder="Riolering")
    renewed = replace(pipe(), relations=(Relation("replaces", "asset", "old"),))
    verdict, (finding,), _ = judged_by(RULES, [renewed], [old, tree(5_000, 1_100)])
    assert (verdict.outcome, finding.not_worsened, finding.severity) == ("fits", True, "advises")
    assert finding.gap_before is not None
    assert finding.gap_before.horizontal == 1_000
    wider = replace(renewed, geometry=line([(0, 0), (20_000, 0)], -1_000, rounded(202)))
    assert judged_by(RULES, [wider], [old, tree(5_000, 1_100)])[0].outcome == "conflict"


def test_a_tree_for_a_tree_at_the_same_place_is_not_worsened() -> None:
    old = replace(tree(5_000, 1_100, "old"), holder="Riolering")
    there = asset("w", line([(0, 0), (20_000, 0)], -1_000, rounded(200)), "water")
    planted = part("n", shaft((5_000, 1_100), -2_000, 10_000, rounded(100)), "tree_roots", object_kind="tree",
                   relations=[Relation("replaces", "asset", "old")])  # fmt: skip
    verdict, (finding,), _ = judged_by(RULES, [planted], [old, there])
    assert (verdict.outcome, finding.not_worsened) == ("fits", True)
    nearer = replace(planted, geometry=shaft((5_000, 1_099), -2_000, 10_000, rounded(100)))
    assert judged_by(RULES, [nearer], [old, there])[0].outcome == "conflict"


def test_within_the_uncertainty_it_is_possible_and_never_blocks() -> None:
    doubtful = replace(tree(5_000, 2_100), uncertainty=Uncertainty(1, 0))
    assert came(pipe(), doubtful) == ("fits_with_conditions", [("near_heart", "possible", 0)])


def test_a_pipe_of_unknown_size_fits_on_the_assumption_of_its_size() -> None:
    planted = part("t", shaft((5_000, 2_200), -2_000, 10_000, rounded(400)), "tree_roots", object_kind="tree")
    there = asset("w", line([(0, 0), (20_000, 0)], -9_000, None), "water")
    assert came(planted, there)[0] == "undetermined"
    sizes = "[{theme: water, object_kind: line, at_most: 0.40 m, source: made-up}]"
    rules = rules_with(RULE, assumed_sizes=sizes)
    verdict, (finding,), _ = judged_by(rules, [planted], [there])
    assert (verdict.outcome, finding.certainty) == ("fits_on_assumptions", "assumed")
    assert "ver genoeg uit elkaar als de diepte of de maat is wat de gemeente aanneemt" in told(finding, rules)[0]


def test_it_is_told_in_both_languages() -> None:
    _, (finding,), _ = judged_by(RULES, [pipe()], [tree(5_000, 2_099)])
    nl, en = told(finding, RULES)
    assert nl == (
        "Onderdeel p ligt te dicht bij het hart van bestaand object t (boomwortels; boom; beheerder Warmtebedrijf). "
        "Langs onderdeel p van 4,94 tot 5,07 m. Krapste punt: bij 5,00 m, RD x 155005,00, y 463000,00. "
        "Zijdelings is er 1,999 m; vereist is 2,000 m, het tekort is 0,001 m. "
        "Dit geldt op elke diepte: ook erboven en eronder mag niets liggen. "
        "Regel “Gevraagd” (asked): Policy, artikel 7; beleid, waarvan gemotiveerd kan worden afgeweken. "
        "De maten komen uit: Made up (eigen keuze; zonder bron). Dit blokkeert. "
        "Leg het 0,001 m verder van het hart van de boom. Dieper leggen helpt niet."
    )
    assert en.startswith("Part p lies too near to the heart of asset t (")
    assert en.endswith("Lay it 0.001 m farther from the heart of the tree. Deeper does not help.")


def test_what_is_met_is_told_with_what_there_is_to_spare_and_where() -> None:
    _, _, result = judged_by(RULES, [pipe()], [tree(5_000, 2_350), tree(9_000, 2_150, "u")])
    assert result.met is not None
    assert (result.met.measured.value, result.met.asked.value, result.met.margin.value) == (2_050, 2_000, 50)
    assert result.met.place is not None
    assert (result.met.place.part, result.met.place.chainage) == ("p", 9_000)


def test_legal_force_caps_and_applies_limits() -> None:
    internal = rules_with(RULE, legal_force="internal")
    verdict, (finding,), _ = judged_by(internal, [pipe()], [tree(5_000, 2_000)])
    assert (verdict.outcome, finding.severity) == ("fits", "advises")
    limited = rules_with(RULE + "    applies: {themes: [warmte]}\n")
    assert judged_by(limited, [pipe()], [tree(5_000, 2_000)])[2].outcome == "untouched"


def test_the_kernels_agree_with_fractions_on_single_segments() -> None:
    rng = random.Random(11)
    for _ in range(150):
        points = [(rng.randint(0, 4_000), rng.randint(0, 4_000)) for _ in range(2)]
        if points[0] == points[1]:
            continue
        x, y = rng.randint(0, 4_000), rng.randint(0, 4_000)
        given = part("p", line(points, -1_000, rounded(200)), "water")
        _, findings, _ = judged_by(RULES, [given], [tree(x, y)])
        (ax, ay), (bx, by) = points
        squared = (bx - ax) ** 2 + (by - ay) ** 2
        t = min(max(Fraction((x - ax) * (bx - ax) + (y - ay) * (by - ay), squared), Fraction(0)), Fraction(1))
        off = (ax + t * (bx - ax) - x) ** 2 + (ay + t * (by - ay) - y) ** 2
        # floor(distance − half the width + 0.001), as every gap
        gap = math.floor(math.sqrt(off) - 100 + 0.001)
        if abs(math.sqrt(off) - 100 + 0.001 - round(math.sqrt(off) - 100 + 0.001)) > 1e-6:
            assert [f.gap and f.gap.horizontal for f in findings] == ([gap] if gap < 2_000 else [])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("heart: 2.00 m", "heart: 10.01 m", "3:29 rules[2].cells[0].heart: objects farther away than the ruleset's "
         "reach of 10.00 m are not looked for. Write at least 10.01 m as ruleset.reach."),
        ("root_radius: 3.00 m", "root_radius: 9.51 m", "4:86 rules[2].cells[1].root_radius: objects farther away than "
         "the ruleset's reach of 10.00 m are not looked for. Write at least 10.01 m as ruleset.reach."),
        (", heart: 2.00 m", "", "3:9 rules[2].cells[0].heart: the cell asks nothing. Add heart, roots, or both."),
        (", root_radius: 3.00 m", "", "4:9 rules[2].cells[1].root_radius: the entry root_radius is missing. Add "
         "root_radius: roots and root_radius go together."),
        ("theme: warmte", "theme: any", "4:17 rules[2].cells[1].theme: there already is a cell for any. Keep one of "
         "the two."),
        ("heart: 2.00 m", "heart: -2.00 m", "3:29 rules[2].cells[0].heart: this is less than 0.00 m. Write 0.00 m or "
         "more."),
    ],
)  # fmt: skip
def test_what_is_refused(old: str, new: str, fault: str) -> None:
    assert old in RULE
    assert fault in faults(RULE.replace(old, new, 1))
