"""Findings and verdicts in words: complete in both languages, true to the numbers, fit to print."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import Any, get_args, get_type_hints

import pytest

from registry.core.findings import (
    CAUSES,
    OUTCOMES,
    After,
    Cause,
    Certainty,
    Counterpart,
    Finding,
    Measure,
    Outcome,
    Place,
    RelationFault,
    Stretch,
)
from registry.core.model import (
    OBJECT_KINDS,
    RELATIONS,
    STRENGTHS,
    SURFACES,
    THEMES,
    Application,
    Line,
    Relation,
)
from registry.core.policy import SEVERITIES, AssumedDepth, LegalForce, Ruleset, Severity, Source
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.sentences import outcome_line, relation_line, sentence
from registry.formats.verdict_text import GROUPS
from registry.formats.words import WORDS, Language, length, listed

LANGUAGES: tuple[Language, ...] = ("nl", "en")
LACKING = (
    "level", "size", "ground_level", "own_level", "own_size", "own_ground_level", "surface", "drawing",
    "own_temperature", "temperature", "own_discharge", "discharge", "own_storage", "own_surface_area", "subsidence",
    "filed_on", "other_filed_on", "heart", "storage",
)  # fmt: skip
RULESET: Ruleset = load_ruleset(Path(__file__).resolve().parents[2] / "examples" / "rulesets" / "cautious.yaml")
HEAT = Counterpart("reservation", "heat-2030", "warmte", "line", "Warmte BV", "planned")
MAIN = Counterpart("asset", "w-1", "water", "line", "Vitens")

STREET = Line(((155_007_000, 463_000_000), (155_007_000, 463_030_000)), (None, None), "axis", "nap", None)
APPLICATION = Application("app-1", "Riolering", "permit", (), title="Straat 1")

FLAGSHIP = Finding(
    rule="reserved-space",
    rule_kind="reserved_space",
    cause="parallel",
    certainty="certain",
    severity="blocks",
    legal_force="policy",
    counterparts=(HEAT,),
    place=Place("new-sewer", 0, 155_007_000, 463_000_123),
    stretches=(Stretch("new-sewer", 0, 30_000),),
    gap=Measure(785, None),
    required=Measure(1000, None),
    missing=Measure(215, None),
    measured_from="envelope",
    between=("rioolVrijverval", "warmte"),
    source=RULESET.sources[0].id,
)
CROSSING = replace(
    FLAGSHIP,
    rule="separation",
    cause="crossing",
    counterparts=(MAIN,),
    gap=Measure(50, -30),
    required=Measure(200, 150),
    missing=Measure(150, 180),
    measured_from="casing",
)
COVER = replace(
    CROSSING,
    rule="cover",
    cause="cover_too_small",
    counterparts=(),
    gap=Measure(None, 790),
    required=Measure(None, 1000),
    missing=Measure(None, 210),
    measured_from=None,
    between=("rioolVrijverval", "any"),
    surface="carriageway",
)


def both(finding: Finding, ruleset: Ruleset = RULESET) -> str:
    """The Dutch and the English paragraph, on a line each."""
    return "\n".join(sentence(finding, ruleset, lang) for lang in LANGUAGES)


def changed(finding: Finding, **changes: Any) -> Finding:
    return replace(finding, **changes)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("theme", THEMES),
        ("object_kind", OBJECT_KINDS),
        ("strength", STRENGTHS),
        ("surface", SURFACES),
        ("claim", RELATIONS),
        ("relied", RELATIONS),
        ("kinds", get_args(get_type_hints(Relation)["target_kind"])),
        ("severity", SEVERITIES),
        ("severity", get_args(Severity)),
        ("legal_force", get_args(LegalForce)),
        ("source_kind", get_args(get_type_hints(Source)["kind"])),
        ("confidence", get_args(get_type_hints(Source)["confidence"])),
        ("outcome", get_args(Outcome)),
        ("outcome_line", OUTCOMES),
        ("fault", get_args(RelationFault)),
        ("mend", get_args(RelationFault)),
        ("kind", get_args(get_type_hints(Relation)["target_kind"])),
        ("group", GROUPS),
        ("lacking", LACKING),
        ("obtain", LACKING),
    ],
)
def test_every_value_has_a_word(lang: Language, section: str, values: tuple[str, ...]) -> None:
    words = WORDS[lang][section]
    assert set(values) <= set(words)
    assert all(words[value].strip() for value in values)


def test_languages_have_the_same_keys_and_the_same_places_to_fill_in() -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    dutch, english = WORDS["nl"], WORDS["en"]
    assert {name: set(section) for name, section in dutch.items()} == {
        name: set(section) for name, section in english.items()
    }
    different = [
        f"{name}.{key}"
        for name, section in dutch.items()
        for key, text in section.items()
        if places(text) != places(english[name][key])
    ]
    assert different == []


@pytest.mark.parametrize(
    ("cause", "certainty", "severity"),
    list(itertools.product(CAUSES, get_args(Certainty), get_args(Severity))),
)
def test_every_finding_can_be_told(cause: Cause, certainty: Certainty, severity: Severity) -> None:
    base = COVER if cause.startswith("cover") else changed(CROSSING, uncertainty=Measure(100, 50))
    unknown = certainty == "undetermined" or cause in ("cover_unknown", "cover_after_unknown")
    lacking = ("own_level", "level") if unknown else ()
    finding = changed(base, cause=cause, certainty=certainty, severity=severity, lacking=lacking)
    if cause.startswith("cover_after"):
        finding = changed(finding, after=After(50, "stays", 1_500, None if unknown else 500, "peat"))
    if cause == "relation":
        finding = changed(finding, rule="relations", relation="replaces", fault="no_consent")
    for lang in LANGUAGES:
        told = sentence(finding, RULESET, lang)
        assert told.startswith(
            ("Part ", "It cannot", "The cover", "Onderdeel ", "Het is niet te", "De gronddekking", "Volgens")
        )
        assert told.endswith(".")
        assert "new-sewer" in told
        assert not re.search(r"[{}*#`_\n]|None|  |\.\.| \.", told), told


def test_the_flagship_in_english_says_all() -> None:
    told = sentence(FLAGSHIP, RULESET, "en")
    for words in (
        "reservation heat-2030 (heat; planned; holder Warmte BV)",
        "from 0.00 to 30.00 m",
        "RD x 155007.00, y 463000.12",
        "0.785 m",
        "1.000 m is required",
        "0.215 m is missing",
        "any depth",
        "parallel",
        "envelope",
        "(reserved-space)",
        RULESET.sources[0].title,
        "This blocks.",
        "Make 0.215 m more room sideways; laying it higher or deeper does not help.",
    ):
        assert words in told
    header = next(rule.header for rule in RULESET.rules if rule.header.id == "reserved-space")
    assert header.title_en in told
    assert header.citation.document in told
    assert str(header.citation.article) in told


def test_the_flagship_in_dutch_says_all() -> None:
    told = sentence(FLAGSHIP, RULESET, "nl")
    for words in (
        "reservering heat-2030 (warmte; gepland; beheerder Warmte BV)",
        "van 0,00 tot 30,00 m",
        "RD x 155007,00, y 463000,12",
        "0,785 m",
        "vereist is 1,000 m",
        "het tekort is 0,215 m",
        "elke diepte",
        "parallelle ligging",
        "profiel van vrije ruimte",
        "Krapste punt: bij 0,00 m, RD x",
        "Dit blokkeert.",
        "Maak zijdelings 0,215 m meer ruimte; hoger of dieper leggen helpt niet.",
    ):
        assert words in told
    assert not re.search(r"\d\.\d", told.replace(str(RULESET.sources[0].title_nl), ""))


def test_either_missing_amount_may_be_made_good() -> None:
    told = both(CROSSING)
    assert "Vertically they overlap by 0.030 m; 0.150 m is required, so 0.180 m is missing." in told
    assert "Make 0.150 m more room sideways, or 0.180 m more vertically; one of the two is enough." in told
    assert "Maak zijdelings 0,150 m meer ruimte, of verticaal 0,180 m; een van beide is genoeg." in told
    assert "any depth" not in told


def test_a_negative_gap_is_said_in_words() -> None:
    told = both(changed(CROSSING, gap=Measure(-50, -30), missing=Measure(250, 180)))
    assert "takes the same space as" in told
    assert "Sideways they overlap by 0.050 m" in told
    assert "Zijdelings overlappen ze 0,050 m" in told
    assert "−" not in told


def test_overlap_only_asks_nothing_more() -> None:
    finding = changed(CROSSING, cause="overlap", gap=Measure(-50, -30), required=Measure(0, 0), missing=Measure(50, 30))
    told = sentence(finding, RULESET, "en")
    assert "Between these two only overlap is judged. Sideways they overlap by 0.050 m. Vertically" in told
    assert "required" not in told
    assert "Pass over or under it with 0.030 m more room vertically" in told
    assert "lay it 0.050 m farther aside" in told


def test_an_object_without_end_leaves_only_room_sideways() -> None:
    told = sentence(changed(CROSSING, gap=Measure(50, None), missing=Measure(150, None)), RULESET, "en")
    assert "Vertically 0.150 m is required; one of the two goes on without end." in told
    assert "Make 0.150 m more room sideways." in told
    assert "unknown" not in told


def test_several_of_one_network_are_counted_and_stretches_added_up() -> None:
    mains = tuple(replace(MAIN, id=f"w-{number}") for number in range(12))
    spans = tuple(Stretch("new-sewer", 10_000 * k, 10_000 * k + 2_500) for k in range(7))
    finding = changed(CROSSING, counterparts=mains, stretches=(*spans, Stretch("other", 1000, 1000)))
    told = both(finding)
    assert "12 assets (drinking water; holder Vitens): w-0, w-1, w-2, w-3, w-4 and 7 more" in told
    assert "12 bestaande objecten (drinkwater; beheerder Vitens)" in told
    assert "from 40.00 to 42.50 m and 2 more. Along part other at 1.00 m. 17.50 m in all." in told


@pytest.mark.parametrize("lacking", LACKING)
def test_what_is_lacking_is_named_with_how_to_get_it(lacking: str) -> None:
    finding = changed(
        CROSSING,
        certainty="undetermined",
        lacking=(lacking,),
        gap=Measure(50, None),
        missing=Measure(150, None),
        uncertainty=Measure(100, 0),
    )
    for lang in LANGUAGES:
        told = sentence(finding, RULESET, lang)
        within = length(RULESET.ground_level_within, lang, 2)
        assert WORDS[lang]["lacking"][lacking] in told
        assert WORDS[lang]["obtain"][lacking].format(holder="Vitens", within=within) in told
        assert WORDS[lang]["note"]["unknown"] in told
    told = sentence(finding, RULESET, "en")
    if lacking.endswith("size"):
        assert "Sideways there is at most 0.050 m, the size being unknown" in told
        assert "no longer matters" not in told
    else:
        assert "Sideways there is 0.050 m; 0.200 m is required, so it is the depth that decides." in told
        assert "missing" not in told
        assert "With 0.250 m more room sideways the depth no longer matters." in told


def test_what_only_advises_does_not_say_that_it_stands_in_the_way() -> None:
    finding = changed(CROSSING, certainty="undetermined", severity="advises", lacking=("level",))
    assert WORDS["en"]["note"]["unknown"] not in sentence(finding, RULESET, "en")
    assert "This is advice." in sentence(finding, RULESET, "en")


def test_possible_conditions_and_never_blocks() -> None:
    finding = changed(
        CROSSING, certainty="possible", gap=Measure(250, 100), missing=Measure(-50, 50), uncertainty=Measure(100, 20)
    )
    told = both(finding)
    assert "may lie too close" in told
    assert "Sideways there is 0.250 m as drawn; 0.200 m is required." in told
    assert "That is uncertain by 0.100 m, so it lies between 0.150 m and 0.350 m." in told
    assert "missing" not in told
    assert "tekort" not in told
    assert "uncertain by 0.100 m sideways and 0.020 m vertically" in told
    assert "trial trench before works start" in told
    assert "proefsleuf" in told
    assert "This asks for a condition." in told
    assert "This blocks" not in told
    ends = both(changed(finding, certainty="possible_end"))
    assert "confirm where both ends lie" in ends
    assert "uiteinden" in ends


def test_an_assumption_is_named_with_its_range_and_source() -> None:
    source = RULESET.sources[0]
    ruleset = replace(RULESET, assumed_depths=(AssumedDepth("water", 800, 1200, source.id),))
    told = both(changed(CROSSING, certainty="assumed", severity="conditions"), ruleset)
    assert f"Assumed for drinking water: a cover of 0.800 to 1.200 m ({source.title})." in told
    assert "Aangenomen voor drinkwater: een gronddekking van 0,800 tot 1,200 m" in told
    assert "Accept the assumption as a condition" in told


def test_the_gap_before_is_told() -> None:
    told = both(changed(FLAGSHIP, gap_before=Measure(1185, None)))
    assert "Before, there was 1.185 m sideways. The room gets less." in told
    told = both(changed(FLAGSHIP, gap_before=Measure(-20, None), not_worsened=True, severity="advises"))
    assert "they overlapped by 0.020 m sideways" in told
    assert "does not get worse" in told
    assert "wordt niet slechter" in told
    assert "gets less" not in told
    told = both(changed(FLAGSHIP, gap_before=Measure(785, None)))  # as near, but over a longer stretch
    assert "Before, there was 0.785 m sideways." in told
    assert "gets less" not in told


def test_cover() -> None:
    told = both(COVER)
    assert "There is 0.790 m of cover; 1.000 m is required, so 0.210 m is missing. Surface: carriageway." in told
    assert "Lay it 0.210 m deeper." in told
    assert "Leg het onderdeel 0,210 m dieper." in told
    assert "rijbaan" in told
    assert "Minste dekking: bij 0,00 m, RD x" in told
    above = changed(COVER, gap=Measure(None, -100), missing=Measure(None, 1100))
    assert "The top lies 0.100 m above ground level" in both(above)
    deep = changed(COVER, cause="cover_too_large", gap=Measure(None, 3200), required=Measure(None, 3000))
    for missing in (200, -200):
        told = both(changed(deep, missing=Measure(None, missing)))
        assert "at most 3.000 m is allowed, so it is 0.200 m too deep" in told
        assert "Leg het onderdeel 0,200 m minder diep." in told
    unknown = changed(
        COVER,
        cause="cover_unknown",
        certainty="undetermined",
        lacking=("ground_level",),
        gap=Measure(None, None),
        missing=Measure(None, None),
        surface=None,
    )
    told = both(unknown)
    assert "1.000 m of cover is required." in told
    assert "Measure ground level" in told
    assert "surface: any:" in told
    assert ", alle soorten oppervlak:" in told
    depends = changed(unknown, lacking=("surface",), gap=Measure(None, 790), uncertainty=Measure(None, 10))
    told = both(depends)
    assert "whether part new-sewer has the cover that is asked. Unknown: the surface type there." in told
    assert "There is 0.790 m of cover; it depends on the surface whether 1.000 m is required." in told
    assert "or lay the part 0.220 m deeper: then it has the least cover asked under any surface." in told
    assert "van de soort oppervlak hangt af of 1,000 m vereist is" in told
    told = both(changed(depends, gap=Measure(None, 3200), required=Measure(None, 3000)))
    assert "it depends on the surface whether no more than 3.000 m is allowed" in told
    assert "deeper" not in told
    differs = changed(COVER, certainty="possible", stated=Measure(None, 1090), registered=Measure(None, 790))
    assert "by the first there is 1.090 m of cover, by the second 0.790 m." in both(differs)
    assert "volgens het eerste is de gronddekking 1,090 m, volgens het tweede 0,790 m." in both(differs)
    street = both(changed(COVER, between=("rioolVrijverval", "carriageway")))
    assert "surface: carriageway:" in street
    assert "oppervlak: rijbaan:" in street


@pytest.mark.parametrize(
    ("kind", "confidence", "expected"),
    [
        ("demo", "example", ("(demonstration)", "(voorbeeldgegevens)")),
        ("demo", "second_hand", ("(demonstration, second hand)", "(voorbeeldgegevens; uit de tweede hand)")),
        ("own", "own", ("(own choice, no text behind it)", "(eigen keuze; zonder bron)")),
    ],
)
def test_a_source_is_told_with_what_it_is_and_each_word_once(
    kind: Any, confidence: Any, expected: tuple[str, str]
) -> None:
    source = replace(RULESET.sources[0], kind=kind, confidence=confidence)
    told = both(FLAGSHIP, replace(RULESET, sources=(source,)))
    assert all(words in told for words in expected)


def test_a_source_may_have_a_title_in_each_language() -> None:
    source = replace(RULESET.sources[0], title="A sheet", title_nl="Een blad")
    ruleset = replace(RULESET, sources=(source,))
    assert "come from: A sheet (" in sentence(FLAGSHIP, ruleset, "en")
    assert "komen uit: Een blad (" in sentence(FLAGSHIP, ruleset, "nl")
    alone = replace(ruleset, sources=(replace(source, title_nl=None),))
    assert "komen uit: A sheet (" in sentence(FLAGSHIP, alone, "nl")


def test_an_example_says_from_what_the_distance_is_measured_and_from_what_its_source_counts() -> None:
    told = both(changed(FLAGSHIP, source="moscow-mgsn"))
    assert "to heat there from the casing of pipes laid directly in the ground, in this example from the" in told
    assert "voor warmte daar vanaf de buitenmantel van leidingen direct in de grond, in dit voorbeeld vanaf het" in told


@pytest.mark.parametrize("fault", get_args(RelationFault))
@pytest.mark.parametrize("relation", RELATIONS)
def test_a_relation_that_does_not_hold(relation: str, fault: RelationFault) -> None:
    finding = changed(
        CROSSING, rule="relations", cause="relation", severity="conditions", legal_force=None, stretches=(), gap=None
    )
    finding = changed(finding, required=None, missing=None, source=None, between=None, relation=relation, fault=fault)
    for lang in LANGUAGES:
        told = sentence(finding, RULESET, lang)
        assert WORDS[lang]["fault"][fault] in told
        assert WORDS[lang]["mend"][fault].format(holder="Vitens") in told
        assert WORDS[lang]["rule"]["relations"] in told
        assert "w-1" in told
        assert ("Vitens)" in told) == (fault != "unknown_target"), "of what was not found nothing else is known"


def test_what_sticks_out() -> None:
    finding = changed(
        FLAGSHIP, cause="sticks_out", severity="conditions", gap=None, required=None, missing=None, relation="uses"
    )
    told = both(finding)
    assert "Part new-sewer sticks out of reservation heat-2030" in told
    assert "from 0.00 to 30.00 m" in told
    assert "wholly inside" in told
    assert "Narrowest" not in told


@pytest.mark.parametrize(
    ("mm", "decimals", "expected"),
    [(0, 3, "0.000"), (215, 3, "0.215"), (-5, 3, "−0.005"), (-4, 2, "0.00"), (155_007_005, 2, "155007.01")],
)
def test_lengths(mm: int, decimals: Any, expected: str) -> None:
    assert length(mm, "en", decimals) == expected
    assert length(mm, "nl", decimals) == expected.replace(".", ",")


def test_lists() -> None:
    assert [listed(list("abc")[:n], "en") for n in range(4)] == ["", "a", "a and b", "a, b and c"]


def test_lines() -> None:
    assert outcome_line("conflict", "nl") == "Strijdig: de aanvraag past niet zoals zij is ingediend."
    relation = Relation("replaces", "asset", "old-sewer")
    assert relation_line("new-sewer", relation, "en") == "new-sewer replaces asset old-sewer"
    assert relation_line("new-sewer", relation, "nl") == "new-sewer vervangt bestaand object old-sewer"
