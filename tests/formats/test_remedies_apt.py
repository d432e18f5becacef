"""Remedies that suit what they are told of, and lead to the true cause."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from registry.core.errors import Refused
from registry.core.model import Asset, Line, Part, Relation
from registry.formats.exchange import read_exchange
from registry.formats.problems_told import problem_line
from tests.core.building import (
    asset,
    judged,
    line,
    part,
    rounded,
    ruleset,
    shaft,
    square,
    volume,
)
from tests.formats import exchange_samples as samples
from tests.formats.test_report import LANGUAGES, heat, remedies_on, report_on, same_theme, sewer

STEEPLY = {"en": "steeply", "nl": "steil"}


# What crosses steeply is a line


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_lines_are_told_to_cross_steeply(lang: str) -> None:
    """A tank through the roots of a tree, alongside them for metres, at any depth."""
    rules = ruleset((200, 200), [("water_storage", "tree_roots", (200, 200), (500, None))])
    roots = asset("r", volume(square(0, 0, 8_000), -3_000, -500), "tree_roots", object_kind="tree")
    for top in (-1_000, -4_000):
        tank = part("p", volume(square(6_000, 1_000, 8_000), -6_000, top), "water_storage", object_kind="tank")
        told = remedies_on([tank], [roots], lang, rules)  # type: ignore[arg-type]
        assert told
        assert not any(STEEPLY[lang] in text for text in told)
    along = heat((0, 50), (20_000, 100))
    assert any(STEEPLY[lang] in text for text in remedies_on([sewer()], [along], lang))  # type: ignore[arg-type]


def test_of_two_findings_on_one_volume_neither_is_told_to_cross_steeply() -> None:
    rules = ruleset((200, 200), [("rioolVrijverval", "water_storage", (200, 200), (500, None))])
    for offset in (-1_000, 100):
        tank = asset("t", volume(square(2_000, offset, 12_000), -3_000, -1_000), "water_storage", object_kind="tank")
        told = remedies_on([sewer()], [tank], rules=rules)
        assert len(told) == 2
        assert not any("steeply" in text for text in told)
        assert "because of finding" in told[0]


# The true cause is told elsewhere


def connecting(target: str, kind: str = "connects") -> Part:
    point = (155_000_000, 463_009_000, None) if kind == "connects" else None
    return sewer(relations=[Relation(kind, "asset", target, point=point)])  # type: ignore[arg-type]


def mentioned(text: str) -> tuple[int, int]:
    """The number of the clash, and of the finding that it leads to."""
    clash = re.search(r" (\d+) (?:Part p (?:lies too|takes|runs)|It cannot be determined)", text)
    led = re.search(r"mend finding (\d+) first\.", text)
    assert clash is not None
    assert led is not None, text
    return int(clash[1]), int(led[1])


def test_a_clash_with_what_it_connects_to_leads_to_the_point_that_is_wrong() -> None:
    manhole = asset("m", shaft((20_000, 0), -3_000, 0, rounded(1_000)), "rioolVrijverval", object_kind="manhole")
    manhole = replace(manhole, holder="Warmtebedrijf")
    asked = connecting("m")
    text = report_on([asked], [manhole])
    assert "with it, which was not accepted: mend finding" in text
    clash, relation = mentioned(text)
    assert clash != relation
    assert f" {relation} Part p says that it connects to asset m" in text
    assert "If that is not it: " in text
    assert "say so in the application" not in text
    dutch = report_on([asked], [manhole], "nl")
    assert f"die niet is aanvaard: los eerst bevinding {relation} op. Is dat het niet: " in dutch


@pytest.mark.parametrize("kind", ["replaces", "removes"])
def test_a_clash_with_what_it_was_to_replace_leads_to_the_id_that_is_wrong(kind: str) -> None:
    old = same_theme((0, 0), (20_000, 0))
    text = report_on([connecting("olf", kind)], [old])
    assert "names an object that is not there; if this one was meant, mend finding" in text
    clash, relation = mentioned(text)
    assert clash != relation
    assert "say so in the application" not in text
    assert "is dit object bedoeld, los dan eerst" in report_on([connecting("olf", kind)], [old], "nl")


def test_what_has_nothing_to_do_with_it_is_not_led_elsewhere() -> None:
    text = report_on([connecting("olf", "replaces")], [heat()])
    assert "Part p says that it replaces" in text
    assert "mend finding" not in text


# The surface, or deeper


def test_a_surface_and_more_depth_are_alternatives() -> None:
    rules = ruleset((200, 200), covers=[("rioolVrijverval", "carriageway", 1_000, None),
                                        ("rioolVrijverval", "any", 600, None)])  # fmt: skip
    shallow = replace(sewer(), geometry=line([(0, 0), (20_000, 0)], -1_100, rounded(400), ground=(0, 0)))
    (finding,) = judged([shallow], [], rules).findings
    assert finding.lacking == ("surface",)
    (text,) = remedies_on([shallow], [], rules=rules)
    assert text == (
        "Give a zone of type surface that lies over the whole width of the part there, or lay the part 0.100 m deeper: "
        "then it has the least cover asked under any surface."
    )
    (dutch,) = remedies_on([shallow], [], "nl", rules)
    assert ", of leg het onderdeel 0,100 m dieper: dan is de gronddekking onder elke soort oppervlak genoeg." in dutch
    assert "leiding" not in dutch


# Which vertex is unknown


def test_the_vertex_without_level_is_named() -> None:
    points = tuple((155_000_000 + x, 463_000_000) for x in (0, 10_000, 20_000))
    levels = (800, None, 800)
    gas = Asset("g", "gasLageDruk", "line", Line(points, levels, "top", "ground", rounded(200)), "Gasnet")
    assert "The level is unknown at vertex 2 of 3." in report_on([sewer()], [gas])
    assert "De hoogteligging is onbekend bij knikpunt 2 van 3." in report_on([sewer()], [gas], "nl")
    whole = replace(gas, geometry=line([(0, 0), (20_000, 0)], None, rounded(200)))
    assert "vertex" not in report_on([sewer()], [whole]).split("Data")[1].split("Rule")[0]


@pytest.mark.parametrize(
    ("levels", "english", "dutch"),
    [
        ([-1, None, -1], "no level at vertex 2 of 3", "geen hoogteligging bij knikpunt 2 van 3"),
        ([None, -1, None], "no level at vertex 1, 3 of 3", "geen hoogteligging bij knikpunt 1, 3 van 3"),
    ],
)
def test_of_a_part_it_is_refused_naming_the_vertex(levels: list[int | None], english: str, dutch: str) -> None:
    bent = samples.line([155000, 463000], [155010, 463000], [155020, 463000])
    with pytest.raises(Refused) as caught:
        read_exchange(samples.encoded(samples.part(geometry=bent, levels=levels)), "asked.json")
    (problem,) = caught.value.problems
    assert problem.detail == english
    assert dutch in problem_line(problem, "nl")
