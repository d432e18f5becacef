"""A report as it is laid out: as wide as the terminal, an overview where it is long, and nothing told twice."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from registry.cli.check import width
from registry.core.model import Application, Asset, Object, Part, Period, Relation
from registry.core.policy import Ruleset
from registry.core.verdict import judge
from registry.formats.sentences import sentence
from registry.formats.verdict_text import LEAST_WIDTH, WIDTH, Report, verdict_text
from registry.formats.words import Language
from tests.core.building import application, line, reservation, rounded, ruleset
from tests.formats.test_report import LANGUAGES, RULES, heat, report_on, same_theme, sewer


def laid_out(
    asked: Application, objects: list[Object], rules: Ruleset, lang: Language = "en", columns: int = 100
) -> str:
    verdict = judge(asked, objects, rules)
    report = Report(
        asked, rules, verdict.outcome, verdict.findings, verdict.relations, verdict.basis, verdict.sha256, None
    )
    return verdict_text(report, lang, colour=False, width=columns)


# How wide


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("columns", [LEAST_WIDTH, 80, WIDTH])
def test_lines_are_as_wide_as_was_asked(lang: Language, columns: int) -> None:
    text = laid_out(application(sewer()), [heat()], RULES, lang, columns)
    hashed = text.splitlines()[-1]
    lines = [line for line in text.splitlines() if line != hashed]
    assert max(map(len, lines)) == columns
    assert re.fullmatch(r"(.*  )?[0-9a-f]{64}", hashed)


def test_no_word_is_broken() -> None:
    name = "p-" + "0123456789" * 5 + "12345"
    text = laid_out(application(replace(sewer(), id=name)), [heat()], RULES, columns=LEAST_WIDTH)
    assert text.count(name) == text.replace("\n", "").count(name) > 0


@pytest.mark.parametrize(
    ("terminal", "columns", "expected"), [(True, "72", 72), (True, "200", 100), (True, "40", 60), (False, "72", 100)]
)
def test_the_terminal_says_how_wide(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, columns: str, expected: int
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    monkeypatch.setenv("COLUMNS", columns)
    assert width() == expected


# Nothing twice


def test_more_than_three_findings_are_told_in_one_line_first() -> None:
    rules = ruleset((200, 200), [("rioolVrijverval", "warmte", (200, 200), (500, None))],
                    [("rioolVrijverval", "any", 1_000, None)])  # fmt: skip
    shallow = replace(sewer(), geometry=line([(0, 0), (20_000, 0)], -1_000, rounded(400), ground=(0, 0)))
    objects: list[Object] = [
        heat((0, 500), (20_000, 500), level=-1_100),
        replace(heat((0, -450), (20_000, -450), level=-1_000), id="w", theme="water"),
    ]
    (overview,) = re.findall(
        r"In short Conflicts: (.*?)\. Conflicts \(4\)", " ".join(laid_out(application(shallow), objects, rules).split())
    )
    items = overview.removeprefix("finding ").split(", ")
    assert [item[:2] for item in items] == ["1 ", "2 ", "3 ", "4 "]
    assert sorted(item[2:] for item in items) == ["(a)", "(a)", "(cover of p)", "(w)"]
    dutch = " ".join(laid_out(application(shallow), objects, rules, "nl").split())
    assert "In het kort Strijdigheden: bevinding 1 (" in dutch
    assert "In short" not in report_on([sewer()], [heat((0, 500), (20_000, 500))])


def test_data_a_rule_and_its_source_are_told_once_and_referred_to() -> None:
    objects: list[Object] = [replace(heat((0, 500), (20_000, 500), level=-1_500), source="KLIC 26G1")]
    text = report_on([sewer()], objects)
    assert text.count("Source KLIC 26G1") == text.count("; policy, from which one departs") == 1
    assert text.count("The numbers come from: Chosen") == 1
    assert "Data See finding 1." in text
    assert "Rule Rule “separation” (separation), for gravity sewer – heat: see finding 1. This blocks." in text
    dutch = report_on([sewer()], objects, "nl")
    assert "Gegevens Zie bevinding 1." in dutch
    assert "zie bevinding 1. Dit blokkeert." in dutch


def test_alone_each_finding_says_all() -> None:
    (first, second) = judge(application(sewer()), [heat((0, 500), (20_000, 500), level=-1_500)], RULES).findings
    for finding in (first, second):
        told = sentence(finding, RULES, "en")
        assert "policy, from which one departs" in told
        assert "The numbers come from: Chosen" in told
        assert "finding" not in told


def test_of_some_objects_the_data_were_told_and_of_others_not() -> None:
    unknown: list[Object] = [
        Asset(name, "gasLageDruk", "line", line([(0, 0), (20_000, 0)], None, rounded(200)), "Gasnet", source=source)
        for name, source in (("g1", "KLIC"), ("g2", "veldwerk"))
    ]
    claims = [Relation("connects", "asset", "g1", point=(155_005_000, 463_009_000, None))]
    filed = application(sewer(relations=claims), consents=["Gasnet"])
    text = " ".join(laid_out(filed, unknown, RULES).split())
    assert text.count("Source KLIC") == text.count("Source veldwerk") == 1
    assert "Data See finding 1." in text


# What there was before


def replacing(asked: Part) -> tuple[Application, list[Object]]:
    old = replace(same_theme((0, 0), (20_000, 0)), source="archief", notes=("wall 87 mm assumed (rcp-wall-c)",))
    filed = application(replace(asked, relations=(Relation("replaces", "asset", "old"),)), consents=["Warmtebedrijf"])
    return filed, [old, heat((0, 700), (20_000, 700))]


def test_where_the_gap_before_is_told_so_are_the_data_of_what_was_replaced() -> None:
    filed, objects = replacing(sewer())
    text = " ".join(laid_out(filed, objects, RULES).split())
    assert "Before, there was 0.300 m sideways" in text
    assert "Of a: Neither source, date nor quality is stated. Of old, which is replaced: Source archief" in text
    assert "Notes: wall 87 mm assumed (rcp-wall-c)." in text
    assert "Van old, dat wordt vervangen: Bron: archief" in " ".join(laid_out(filed, objects, RULES, "nl").split())


# The dates of a reservation


@pytest.mark.parametrize(
    ("period", "review", "english", "dutch"),
    [
        (Period("2020-01-01", "2021-01-01"), None, "Period stated: from 2020-01-01 up to 2021-01-01.", "periode:"),
        (Period("2020-01-01", None), None, "Period stated: from 2020-01-01, without end.", "zonder einde"),
        (Period(None, "2021-01-01"), "2020-06-01", "up to 2021-01-01. To be reviewed on 2020-06-01.", "Te herzien op"),
    ],
)
def test_the_dates_of_a_reservation_are_told_and_remove_nothing(
    period: Period, review: str | None, english: str, dutch: str
) -> None:
    held = replace(reservation("r", heat().geometry), period=period, review_date=review)
    text = report_on([sewer()], [held])
    assert english in text
    assert "Such a date by itself never removes a clash" in text
    assert dutch in report_on([sewer()], [held], "nl")
    assert "never removes" not in report_on([sewer()], [replace(held, period=None, review_date=None)])
