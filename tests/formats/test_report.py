"""A report as a whole: its findings agree with each other, and it says on which data it rests and what came nearest."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from registry.core.model import Application, Asset, Envelope, Object, Part, Relation, Uncertainty
from registry.core.policy import Ruleset
from registry.core.tightest import tightest
from registry.core.verdict import Verdict, judge
from registry.formats.sentences import sentence, told
from registry.formats.telling import Given, things_of
from registry.formats.verdict_text import Report, verdict_text
from registry.formats.words import Language
from tests.core.building import application, asset, line, part, reservation, rounded, ruleset, shaft

LANGUAGES: tuple[Language, ...] = ("nl", "en")
#: A crossing asks 0.2 m one way or the other; a parallel run of sewer and heat 0.5 m sideways at any depth.
RULES = ruleset((200, 200), [("rioolVrijverval", "warmte", (200, 200), (500, None))])


def reported(verdict: Verdict, asked: Application, rules: Ruleset, lang: Language = "en") -> str:
    """The report on one line."""
    nearest = tightest(asked, verdict.basis, rules, verdict.findings) if verdict.outcome.startswith("fits") else None
    report = Report(
        asked, rules, verdict.outcome, verdict.findings, verdict.relations, verdict.basis, verdict.sha256, nearest
    )
    return " ".join(verdict_text(report, lang, colour=False).split())


def report_on(parts: list[Part], objects: list[Object], lang: Language = "en", rules: Ruleset = RULES) -> str:
    asked = application(*parts)
    return reported(judge(asked, objects, rules), asked, rules, lang)


def remedies_on(parts: list[Part], objects: list[Object], lang: Language = "en", rules: Ruleset = RULES) -> list[str]:
    """The remedy of each finding, as numbered in the report."""
    text = report_on(parts, objects, lang, rules)
    label = {"nl": ("Oplossing", "Let op|Gegevens|Regel"), "en": ("Remedy", "Note|Data|Rule")}[lang]
    return re.findall(rf"{label[0]} (.*?) (?:{label[1]}) ", text)


def sewer(*points: tuple[int, int], level: int = -2_000, **changes: Any) -> Part:
    return part("p", line(points or ((0, 0), (20_000, 0)), level, rounded(400)), **changes)


def heat(*points: tuple[int, int], level: int = -2_000) -> Asset:
    return asset("a", line(points or ((0, 0), (20_000, 0)), level, rounded(400)))


# Several findings on one object


def test_alongside_the_crossing_and_the_parallel_finding_have_one_remedy() -> None:
    """Vertically 0.3 m more satisfies the crossing, and never the run, which holds at any depth."""
    objects: list[Object] = [heat((0, 500), (20_000, 500), level=-1_500)]
    first, second = remedies_on([sewer()], objects)
    assert "Make 0.400 m more room sideways: that resolves finding 2 as well." in first
    assert "0.100 m more vertically would resolve this finding only." in first
    assert "enough" not in first
    assert second == (
        "Make 0.400 m more room sideways; laying it higher or deeper does not help. That resolves finding 1 as well."
    )
    dutch = remedies_on([sewer()], objects, "nl")
    assert "Maak zijdelings 0,400 m meer ruimte: dat lost ook bevinding 2 op." in dutch[0]
    assert "Dat lost ook bevinding 1 op." in dutch[1]


def test_the_remedy_for_both_does_resolve_both() -> None:
    moved: list[Object] = [heat((0, 900), (20_000, 900), level=-1_500)]
    assert remedies_on([sewer()], moved) == []
    deeper: list[Object] = [heat((0, 500), (20_000, 500), level=-1_400)]
    assert len(remedies_on([sewer()], deeper)) == 1, "more room vertically satisfies the crossing only"


def test_over_each_other_alongside_going_over_or_under_is_not_said_to_be_enough() -> None:
    first, second = remedies_on([sewer()], [heat()])
    assert "passing over or under it is not enough, because of finding 2: lay it 0.900 m farther aside" in first
    assert "steeply enough not to run alongside, with 0.600 m more room vertically" in first
    assert "laying it higher or deeper does not help: lay it 0.900 m farther aside" in second
    for text in (first, second):
        assert "Pass over or under" not in text


def test_where_both_can_be_made_good_by_depth_the_larger_amount_is_named() -> None:
    rules = ruleset((200, 200), [("rioolVrijverval", "warmte", (200, 200), (500, 300))])
    for text in remedies_on([sewer()], [heat((0, 500), (20_000, 500), level=-1_500)], rules=rules):
        assert "Make 0.400 m more room sideways, or 0.200 m more vertically; one of the two is enough." in text


def test_a_finding_elsewhere_along_the_part_keeps_its_own_remedy() -> None:
    """Crossed at 5 m, and alongside from 20 m on: at the crossing depth does help."""
    bent = heat((5_000, -3_000), (5_000, 3_000), (20_000, 600), (40_000, 600), level=-1_500)
    texts = remedies_on([sewer((0, 0), (40_000, 0))], [bent])
    assert any("Pass over or under it with 0.100 m" in text and "aside by" not in text for text in texts)
    assert any("laying it higher or deeper does not help." in text for text in texts)


def test_a_sentence_alone_speaks_of_no_other_finding() -> None:
    verdict = judge(application(sewer()), [heat((0, 500), (20_000, 500), level=-1_500)], RULES)
    for finding in verdict.findings:
        assert "finding" not in sentence(finding, RULES, "en")
        assert "bevinding" not in sentence(finding, RULES, "nl")


def test_a_report_with_findings_asks_to_check_again() -> None:
    assert "Check a changed application again." in report_on([sewer()], [heat()])
    assert "Check a changed" not in report_on([sewer()], [heat((0, 5_000), (20_000, 5_000))])


# A relation that was not stated


def same_theme(*points: tuple[int, int], object_kind: str = "line") -> Asset:
    return asset("old", line(points, -2_000, rounded(400)), "rioolVrijverval", object_kind=object_kind)


@pytest.mark.parametrize(
    ("old", "said"),
    [
        (same_theme((0, 0), (20_000, 0)), "replaces what lies there, connects to it or continues it, say so"),
        (same_theme((20_000, 0), (40_000, 0)), "relation replaces, connects or continues"),
        (same_theme((20_000, -3_000), (20_000, 3_000)), "connects to it"),
        (same_theme((10_000, -3_000), (10_000, 3_000)), "If this part replaces what lies there, say so"),
    ],
)
def test_the_relation_that_was_forgotten_is_named(old: Asset, said: str) -> None:
    texts = remedies_on([sewer()], [old])
    assert len(texts) == 1
    assert said in texts[0]
    assert "(relatie replaces" in remedies_on([sewer()], [old], "nl")[0]


def test_an_unsized_manhole_at_the_end_may_be_connected_to() -> None:
    manhole = Asset("m", "rioolVrijverval", "manhole", shaft((20_000, 0), None, None, None), "Ander")
    assert "connects to it" in remedies_on([sewer()], [manhole])[0]


@pytest.mark.parametrize(
    ("asked", "old"),
    [
        (sewer(), heat()),  # another theme
        (sewer(), same_theme((0, 500), (20_000, 500))),  # too close, but beside it
        (sewer(relations=[Relation("replaces", "asset", "old")]), same_theme((0, 0), (20_000, 0))),  # said, no consent
    ],
)
def test_no_relation_is_suggested_where_none_would_explain_it(asked: Part, old: Asset) -> None:
    text = report_on([asked], [old])
    assert "say so in the application" not in text


def test_a_reservation_of_the_same_theme_may_be_used() -> None:
    reserved = reservation("r", line([(0, 0), (20_000, 0)], -2_000, rounded(400)), "rioolVrijverval")
    (text,) = remedies_on([sewer()], [reserved])
    assert "If this part is what the space was reserved for, say so in the application (relation uses)." in text


# As drawn, and how uncertain


def test_what_is_possible_is_told_as_drawn_and_between_which_numbers() -> None:
    near = replace(heat((0, 560), (20_000, 560)), theme="water", uncertainty=Uncertainty(100, 0))
    text = report_on([sewer()], [near])
    assert "Sideways there is 0.160 m as drawn; 0.200 m is required." in text
    assert "That is uncertain by 0.100 m, so it lies between 0.060 m and 0.260 m." in text
    assert "missing" not in text
    dutch = report_on([sewer()], [near], "nl")
    assert "Dat is 0,100 m onzeker: het ligt tussen 0,060 m en 0,260 m." in dutch
    assert "tekort" not in dutch


def test_what_may_overlap_is_told_with_the_overlap() -> None:
    near = replace(heat((0, 450), (20_000, 450)), theme="water", uncertainty=Uncertainty(300, 0))
    text = report_on([sewer()], [near])
    assert "so it lies between an overlap of 0.250 m and 0.350 m." in text


def test_what_is_certain_however_uncertain_says_so() -> None:
    near = replace(heat((0, 450), (20_000, 450)), theme="water", uncertainty=Uncertainty(50, 0))
    assert "Position is uncertain by 0.050 m sideways; even so it is too close." in report_on([sewer()], [near])


def test_only_in_an_end_nothing_is_said_to_be_missing() -> None:
    text = report_on([sewer()], [asset("w", line([(20_300, 0), (40_000, 0)], -2_000, rounded(400)), "water")])
    assert "at an end only" in text
    assert "Sideways they overlap by 0.100 m with the rounding of the end; 0.200 m is required." in text
    assert "missing" not in text


# From where was measured


def test_the_envelope_is_named_only_where_there_is_one() -> None:
    assert "from outside to outside; neither has an envelope." in report_on([sewer()], [heat()])
    wide = replace(heat(), geometry=line([(0, 0), (20_000, 0)], -2_000, rounded(400), envelope=Envelope(900, 900)))
    assert "from the envelope of asset a." in report_on([sewer()], [wide])
    asked = part("p", line([(0, 0), (20_000, 0)], -2_000, rounded(400), envelope=Envelope(900, 900)))
    assert "from both envelopes." in report_on([asked], [wide])
    (finding, *_) = judge(application(sewer()), [heat()], RULES).findings
    assert "from the envelope where there is one." in sentence(finding, RULES, "en")


# Data


def with_data(**stated: Any) -> Asset:
    return replace(heat(), **stated)


@pytest.mark.parametrize(
    ("stated", "english", "dutch"),
    [
        ({}, "Neither source, date nor quality is stated.", "Bron, datum en kwaliteit zijn niet vermeld."),
        (
            {"source": "KLIC 26G1", "as_of": "2026-03-01"},
            "Source KLIC 26G1, as of 2026-03-01.",
            "Bron: KLIC 26G1, peildatum 1 maart 2026.",
        ),
        ({"source": "KLIC"}, "Source KLIC, date not stated.", "Bron: KLIC, datum niet vermeld."),
        (
            {"quality": "begin: invert measured 1995; end: invert measured, undated"},
            "Levels: begin: invert measured 1995; end: invert measured, undated.",
            "Hoogteligging: begin: BOB gemeten 1995; eind: BOB gemeten, zonder datum.",
        ),
        (
            {"notes": ("material Beton", "wall 87 mm assumed (rcp-wall-c)")},
            "Notes: wall 87 mm assumed (rcp-wall-c); material Beton.",
            "Aantekeningen: wanddikte 87 mm aangenomen (rcp-wall-c); materiaal Beton.",
        ),
        ({"status": "disused", "disclosure": "restricted"}, "Disused. These data are not public", "Buiten gebruik."),
    ],
)
def test_a_finding_says_on_which_data_it_rests(stated: dict[str, Any], english: str, dutch: str) -> None:
    assert english in report_on([sewer()], [with_data(**stated)])
    assert dutch in report_on([sewer()], [with_data(**stated)], "nl")


def test_the_reservations_legal_basis_is_told() -> None:
    reserved = replace(reservation("r", heat().geometry), legal_basis="Raadsbesluit 2026/12.")
    assert "Reserved by: Raadsbesluit 2026/12." in report_on([sewer()], [reserved])


def test_the_data_of_a_network_are_told_once_for_all_that_have_the_same() -> None:
    unknown = [
        Asset(f"g{k}", "gasLageDruk", "line", line([(0, 0), (20_000, 0)], None, rounded(200)), "Gasnet", source="KLIC")
        for k in range(7)
    ]
    text = report_on([sewer()], [*unknown, replace(unknown[0], id="h", source="veldwerk")])
    assert "Of g0, g1, g2, g3, g4 and 2 more: Source KLIC, date not stated. Of h: Source veldwerk" in text


def test_many_notes_are_counted() -> None:
    notes = tuple(f"remark {k}" for k in range(9))
    assert "remark 5; 3 more." in report_on([sewer()], [with_data(notes=notes)])


def test_data_are_told_only_where_they_decide() -> None:
    """Whether a holder consented does not rest on what is stated of the asset."""
    asked = sewer(relations=[Relation("replaces", "asset", "a")])
    verdict = judge(application(asked), [heat()], RULES)
    (claim,) = (finding for finding in verdict.findings if finding.cause == "relation")
    assert told(claim, RULES, "en", Given(things_of([asked], [heat()]))).data == ""


# What fits


def test_what_was_compared_is_counted_by_kind_and_theme() -> None:
    far = (0, 3_000), (20_000, 3_000)
    objects: list[Object] = [
        heat(*far), replace(heat(*far), id="b"), replace(heat(*far), id="w", theme="water"),
        reservation("r", line(far, -2_000, rounded(400))),
    ]  # fmt: skip
    text = report_on([sewer()], objects)
    assert "4 objects considered, up to 10.00 m sideways: 1 reservation (heat) and 3 assets (2 heat, 1 drinking" in text
    assert "1 reservering (warmte) en 3 bestaande objecten (2 warmte, 1 drinkwater)" in report_on(
        [sewer()], objects, "nl"
    )


@pytest.mark.parametrize(
    ("objects", "said"),
    [
        ([heat((0, 1_000), (20_000, 1_000))], "asset a: 0.600 m sideways from part p, where 0.500 m is required (a"),
        ([heat((10_000, -3_000), (10_000, 3_000), level=-1_000)], "asset a: 0.600 m vertically from part p, where"),
        (
            [heat((0, 3_000), (20_000, 3_000)), replace(heat((0, 2_000), (20_000, 2_000)), id="b")],
            "asset b: 1.600 m sideways from part p, where 0.500 m",
        ),
        ([replace(heat((0, 900), (20_000, 900)), theme="water")], "asset a: 0.500 m sideways from part p, where"),
        ([reservation("r", line([(0, 1_200), (20_000, 1_200)], -2_000, rounded(400)))], "reservation r: 0.800 m sidew"),
        (  # of unknown depth the distance sideways counts
            [asset("u", line([(0, 900), (20_000, 900)], None, rounded(400)), "water")],
            "asset u: 0.500 m sideways from part p, where 0.200 m is required (the crossing distance)",
        ),
    ],
)
def test_what_came_nearest_is_told(objects: list[Object], said: str) -> None:
    text = report_on([sewer()], objects)
    assert text.count("FITS ") == 1
    assert said in text


@pytest.mark.parametrize(
    "objects",
    [
        [],
        [heat((0, 12_000), (20_000, 12_000))],
        [replace(heat((0, 500), (20_000, 500)), theme="rioolVrijverval", holder="Riolering")],  # overlap only
        [replace(reservation("r", heat().geometry), shareable_with=("rioolVrijverval",))],
    ],
)
def test_where_nothing_was_required_nothing_came_near(objects: list[Object]) -> None:
    text = report_on([sewer()], objects)
    assert text.split()[1] == "FITS"
    assert "Tightest" not in text


def test_at_a_joint_nothing_is_required() -> None:
    old = replace(same_theme((20_000, 0), (40_000, 0)), holder="Ander")
    asked = application(sewer(relations=[Relation("continues", "asset", "old")]), consents=["Ander"])
    verdict = judge(asked, [old], RULES)
    assert (verdict.outcome, [kind.kind for _, kind in verdict.relations]) == ("fits", ["continues"])
    assert "Tightest" not in reported(verdict, asked, RULES)


def test_of_what_gives_a_finding_the_numbers_stand_there() -> None:
    possible = replace(heat((0, 560), (20_000, 560)), id="w", theme="water", uncertainty=Uncertainty(100, 0))
    text = report_on([sewer()], [possible, heat((0, 1_000), (20_000, 1_000))])
    assert "Tightest asset a: 0.600 m" in text
    assert "(a parallel run), among what gives no finding" in text


def test_what_came_nearest_is_no_part_of_what_is_hashed() -> None:
    verdict = judge(application(sewer()), [heat((0, 1_000), (20_000, 1_000))], RULES)
    assert "tightest" not in json.dumps(verdict.document)
