"""A verdict as a whole in words: worst first under its headings, within its columns, fit to print."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from registry.core.model import Asset, Relation
from registry.formats.sentences import outcome_name, sentence
from registry.formats.verdict_text import WIDTH, Report, group_of, verdict_text
from registry.formats.words import WORDS, Language, length
from tests.formats.test_sentences import (
    APPLICATION,
    COVER,
    CROSSING,
    FLAGSHIP,
    LANGUAGES,
    MAIN,
    RULESET,
    STREET,
    changed,
)


def test_text_from_files_cannot_steer_a_terminal_or_a_template() -> None:
    nasty = replace(MAIN, id="w\x1b[31m\n{part}", holder="\u202eHolder\r")
    asset = Asset("w\x1b[31m\n{part}", "water", "line", STREET, source="\x1b[2J", notes=("\u202enote",), quality="\r")
    title = replace(APPLICATION, title="\x1b]0;title\x07")
    relations = [("new-sewer", Relation("replaces", "asset", "\x1b[2J"))]
    found = [changed(CROSSING, counterparts=(nasty,))]
    text = verdict_text(Report(title, RULESET, "conflict", found, relations, [asset], "ab" * 32), "en", False)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
    assert "{part}" in text


MIXED = (
    changed(CROSSING, severity="advises"),
    changed(CROSSING, certainty="possible"),
    COVER,
    changed(CROSSING, certainty="assumed"),
    changed(CROSSING, certainty="undetermined", lacking=("level",)),
    changed(COVER, severity="conditions"),
    FLAGSHIP,
)


def shown_verdict(lang: Language, colour: bool, outcome: str = "conflict") -> str:
    relations = [("new-sewer", Relation("replaces", "asset", "old-sewer"))]
    basis = [Asset(f"a-{number}", "water", "line", STREET) for number in range(14)]
    report = Report(APPLICATION, RULESET, outcome, MIXED, relations, basis, "0123" * 16)
    return verdict_text(report, lang, colour)


def test_findings_stand_worst_first_under_their_headings() -> None:
    assert [group_of(finding) for finding in MIXED] == [
        "advice",
        "conditions",
        "conflict",
        "assumed",
        "undetermined",
        "conditions",
        "conflict",
    ]
    text = shown_verdict("en", colour=False)
    headings = re.findall(r"^(\S.*) \((\d)\)$", text, re.MULTILINE)
    assert headings == [
        ("Conflicts", "2"),
        ("Undetermined", "1"),
        ("On assumptions", "1"),
        ("Conditions", "2"),
        ("Advice", "1"),
    ]
    assert re.findall(r"^ ([1-9])  \S", text, re.MULTILINE) == list("1234567")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_verdict_is_whole_and_fits_its_columns(lang: Language) -> None:
    text = shown_verdict(lang, colour=False)
    assert max(map(len, text.splitlines())) <= WIDTH == 100
    assert "\x1b" not in text
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    for words in (
        WORDS[lang]["outcome"]["conflict"].upper(),
        "Straat 1",
        f"({RULESET.id} {RULESET.version})",
        "14 obje",
        WORDS[lang]["text"]["advice"],
        "0123" * 16,
        "old-sewer",
        length(215, lang) + " m",
    ):
        assert words in text
    flat = re.sub(r"\s+", " ", text)
    for finding in MIXED:
        assert sentence(finding, RULESET, lang).split(". ")[0] in flat


@pytest.mark.parametrize(
    ("outcome", "code"),
    [("conflict", 31), ("undetermined", 33), ("fits_on_assumptions", 33), ("fits_with_conditions", 33), ("fits", 32)],
)
def test_colour_adds_codes_and_changes_nothing_else(outcome: str, code: int) -> None:
    coloured = shown_verdict("en", True, outcome)
    assert f"\x1b[1;{code}m{outcome_name(outcome, 'en', advised=True).upper()}\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == shown_verdict("en", False, outcome)


@pytest.mark.parametrize(
    ("lang", "said", "headline"),
    [
        (
            "en",
            "Compared with nothing outside the application: no object given lies within reach.",
            "Nothing outside the application was compared: no object given lies within reach.",
        ),
        (
            "nl",
            "Met niets buiten de aanvraag vergeleken: geen opgegeven object ligt binnen bereik.",
            "Er is met niets buiten de aanvraag vergeleken: geen opgegeven object ligt binnen bereik.",
        ),
    ],
)
def test_a_verdict_on_nothing_says_so_under_the_outcome(lang: Language, said: str, headline: str) -> None:
    def lines(outcome: str, basis: list[Asset]) -> list[str]:
        return verdict_text(Report(APPLICATION, RULESET, outcome, [], [], basis, "ab" * 32), lang, False).splitlines()

    near = [Asset("a", "water", "line", STREET)]
    assert lines("conflict", [])[3:5] == [said, ""]
    assert said not in lines("conflict", near)
    assert lines("fits", [])[2].startswith(headline)
    assert WORDS[lang]["outcome_line"]["fits"][3:] not in "\n".join(lines("fits", []))
    assert lines("fits", near)[2].endswith(WORDS[lang]["outcome_line"]["fits"][3:])


@pytest.mark.parametrize(
    ("lang", "headline"),
    [
        ("en", "FITS, WITH ADVICE\nNothing blocks; read the advice below.\n"),
        ("nl", "PAST, MET ADVIEZEN\nNiets blokkeert; lees de adviezen hieronder.\n"),
    ],
)
def test_what_fits_with_advice_does_not_say_that_nothing_stands_in_the_way(lang: Language, headline: str) -> None:
    def told(severity: str, basis: list[Asset]) -> str:
        found = [changed(CROSSING, severity=severity)]
        return verdict_text(Report(APPLICATION, RULESET, "fits", found, [], basis, "ab" * 32), lang, False)

    near = [Asset("a", "water", "line", STREET)]
    assert f"\n{headline}" in told("advises", near)
    assert WORDS[lang]["outcome_line"]["fits"] not in told("advises", near).lower()
    alone = " ".join(told("advises", []).split())
    assert WORDS[lang]["outcome_line"]["fits_uncompared_with_advice"][1:] in alone
    assert headline.split("\n")[0] not in verdict_text(
        Report(APPLICATION, RULESET, "fits", [], [], near, "ab" * 32), lang, False
    )


def test_a_verdict_without_findings_says_so() -> None:
    basis = [Asset("a", "water", "line", STREET)]
    text = verdict_text(Report(APPLICATION, RULESET, "fits", [], [], basis, "ab" * 32), "nl", False)
    assert "PAST\nEr staat niets in de weg." in text
    assert "Geen bevindingen." in text
    assert "1 object binnen 10,00 m" in text
    assert "Relaties" not in text
