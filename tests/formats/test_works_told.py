"""How works of other applications are told: granted ones as what is in the way, rivals as advice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from registry.core.model import Relation, Works
from registry.core.verdict import judge
from registry.formats.words import Language
from tests.core.building import application, line, part, rounded
from tests.formats.test_report import RULES, heat, remedies_on, report_on, reported, sewer


def works(state: Any, *points: tuple[int, int], theme: str = "warmte", level: int | None = -2_000) -> Works:
    geometry = line(points or ((0, 500), (20_000, 500)), level, rounded(400))
    return Works("A-2/p1", theme, "line", geometry, "Warmtebedrijf", application="A-2", state=state,
                 works_start="2027-05-01")  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "state", "told"),
    [
        ("en", "granted", ["Part p lies too close to works A-2/p1 (heat; holder Warmtebedrijf).", "This blocks.",
                           "Granted by application A-2, and not yet built; works start on 2027-05-01."]),
        ("nl", "granted", ["Onderdeel p ligt te dicht bij werk A-2/p1 (warmte; beheerder Warmtebedrijf).",
                           "Verleend op aanvraag A-2 en nog niet aangelegd; de werken beginnen op 1 mei 2027."]),
        ("en", "open", ["Another application asks for this space too. Part p", "This is advice.", "FITS, WITH ADVICE",
                        "Agree with Warmtebedrijf who lies where",
                        "Asked for by application A-2, which is not decided on; works start on 2027-05-01.",
                        "1 object considered, up to 10.00 m sideways: 1 works (heat)"]),
        ("nl", "open", ["Een andere aanvraag vraagt ook om deze ruimte. Onderdeel p", "Dit is een advies.",
                        "Spreek met Warmtebedrijf af wie waar ligt", "Gevraagd in aanvraag A-2, waarop nog niet is"]),
    ],
)  # fmt: skip
def test_works_are_told(lang: Language, state: str, told: list[str]) -> None:
    text = " ".join(report_on([sewer()], [works(state)], lang).split())
    for words in told:
        assert words in text


def test_of_a_rival_of_unknown_depth_nothing_is_asked_but_to_agree() -> None:
    for lang, begins in (("en", "Agree with"), ("nl", "Spreek met")):
        texts = remedies_on([sewer()], [works("open", level=None)], lang)  # type: ignore[arg-type]
        assert len(texts) == 2  # the run, which holds at any depth, and the crossing, of which the depth decides
        for told in texts:
            assert told.startswith(begins)
            assert "trial trench" not in told
            assert "proefsleuf" not in told


def test_a_rival_and_an_asset_at_one_place_are_told_apart() -> None:
    asset = replace(heat((0, 500), (20_000, 500)), holder="Warmtebedrijf")
    text = " ".join(report_on([sewer()], [works("open"), asset]).split())
    assert "1 asset (heat) and 1 works (heat)" in text
    assert text.index("This blocks.") < text.index("Another application asks")


def test_a_relation_with_granted_works_that_was_forgotten_is_named() -> None:
    going_on = works("granted", (20_000, 0), (40_000, 0), theme="rioolVrijverval")
    assert "(relation connects or continues)" in remedies_on([sewer()], [going_on])[0]
    beside = works("granted", (0, 0), (20_000, 0))
    assert "relation" not in remedies_on([sewer()], [beside])[0]


def test_a_relation_with_what_is_not_granted_says_so() -> None:
    claim = Relation("continues", "works", "A-2/p1")
    asked = application(part("p", sewer().geometry, relations=(claim,)), consents=("Warmtebedrijf",))
    verdict = judge(asked, [works("open", (20_000, 0), (40_000, 0), theme="rioolVrijverval")], RULES)
    text = " ".join(reported(verdict, asked, RULES).split())
    assert "the application it is part of is not granted" in text
    assert "Wait for the decision on it, or leave the relation out." in text
