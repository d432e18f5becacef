"""What is wrong with a ruleset, a bundle or a file, told in Dutch: what to write, and nothing in English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.core.errors import Refused
from registry.formats.problems_nl import _DETAILS, _REMEDIES, detail_in_dutch, difference_in_dutch, remedy_in_dutch
from registry.formats.problems_nl_policy import DIFFERENCES, KINDS, MEMBERS
from registry.formats.problems_told import problem_line
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.words import WORDS
from registry.formats.yaml_strict import _SURPRISES
from tests.conftest import ROOT

TWO_NUMBER = (ROOT / "examples" / "rulesets" / "two-number.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "english", "dutch"),
    [
        ("cv: 0.10 m", "cv: 0,10 m", "found 0,10 m). Use a point: 0.10 m.", "Gebruik een punt: 0.10 m."),
        ("{ch: 0.10 m", "{ch: 0, 10 m", "Use a point: 0.10 m.", "na deze komma begint iets anders"),
        ("{ch: 0.10 m", "{ch: 0,10", "Use a point: 0.10.", "Gebruik een punt: 0.10."),
        ("reach: 10.00 m", "reach: 10,00 m", "point (found 10,00 m). Write 10.00 m.", "Schrijf 10.00 m."),
        ("reach: 10.00 m", "reach: 10,5", "Write 10.5 m.", "het decimaalteken is een punt"),
        ("reach: 10.00 m", "reach: 10,5 meter", "Write 10.50 m.", "Schrijf 10.50 m."),
        ("reach: 10.00 m", "reach: 5 meter", "the unit is m, not meter", "Schrijf 5.00 m."),
        ("reach: 10.00 m", "reach: 5 M", "Write 5.00 m.", "de eenheid is m, niet M"),
        ("parallel_below: 30 deg", "parallel_below: 30,5 graden", "Write 30.5 graden.", "Schrijf 30.5 graden."),
        ("parallel_below: 30 deg", "parallel_below: 20 graden", "Write 20 deg.", "Schrijf 20 deg."),
        ("  reach:", "\treach:", "a tab is not allowed. Indent and sep", "Gebruik spaties in plaats van tabs"),
        ("severity: blocks", "severity: block", "Did you mean blocks? It is one of", "Bedoelde u blocks? Kies uit:"),
        ("kind: separation\n", "kind: separatio\n", "there is no rule kind separatio", "separatio bestaat niet als so"),
    ],
)
def test_a_ruleset_is_mended_as_it_says(old: str, new: str, english: str, dutch: str) -> None:
    assert old in TWO_NUMBER
    with pytest.raises(Refused) as caught:
        load_ruleset(TWO_NUMBER.replace(old, new, 1), "rules.yaml")
    told = [str(problem) for problem in caught.value.problems]
    assert any(english in line for line in told), told
    in_dutch = [problem_line(problem, "nl") for problem in caught.value.problems]
    assert any(dutch in line for line in in_dutch), in_dutch
    assert not any("Engels" in line or "UTF-8" in line for line in in_dutch), in_dutch


def test_a_comma_for_a_point_is_the_only_fault_it_gives() -> None:
    with pytest.raises(Refused) as caught:
        load_ruleset(TWO_NUMBER.replace("{ch: 0.10 m, cv: 0.10 m}", "{ch: 0,10 m, cv: 0,10 m}"), "rules.yaml")
    assert [problem.value for problem in caught.value.problems] == ["0,10 m", "0,10 m"]


def test_two_numbers_in_a_list_are_two_numbers() -> None:
    with pytest.raises(Refused) as caught:
        load_ruleset("{a: [0,80], b: {x: 3, y: 4}}", "rules.yaml")
    assert not any("point" in problem.detail for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("detail", "remedy", "told"),
    [
        ("this file holds no application", "Add application and its parts.",
         ("in dit bestand staat geen aanvraag", "Voeg een aanvraag met onderdelen toe.")),
        ("larger than the 5,000,000 bytes allowed", "Split it into smaller files.",
         ("groter dan de toegestane 5.000.000 bytes", "Splits het in kleinere bestanden.")),
        ("a level outside -300 to 100.5 m", "Write 0.80 m.", ("een hoogte buiten -300 tot 100,5 m", "Schrijf 0.80 m.")),
        ("a ring that is not closed, the first of 3 such positions", "Give `a`. Give `b`.",
         ("een ring die niet gesloten is, de eerste van 3", "Geef `a`. Geef `b`.")),
        ("application v1.2 is not what it was", "Give `a`. Say more.", (None, None)),
    ],
)  # fmt: skip
def test_details_and_remedies_in_dutch(detail: str, remedy: str, told: tuple[str | None, str | None]) -> None:
    assert (detail_in_dutch(detail), remedy_in_dutch(remedy)) == told


ENGLISH = re.compile(r"\b(the|an|or|with|its|and|where|this|it|number|not|are|each|below|give|write|add)\b", re.I)


def remedies() -> Iterator[str]:
    """What the sources tell to do, as they stand there; a ``7`` for what is filled in."""
    for path in sorted((*(ROOT / "registry" / "core").rglob("*.py"), *(ROOT / "registry" / "formats").glob("*.py"),
                        *(ROOT / "schemas").glob("*.py"))):  # fmt: skip
        if path.stem.startswith(("words", "problems", "conversion_nl")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            pieces = node.values if isinstance(node, ast.JoinedStr) else [node]
            texts = [piece.value if isinstance(piece, ast.Constant) else "7" for piece in pieces]
            told = "".join(text for text in texts if isinstance(text, str))
            if re.fullmatch(r"(?!7\W)[A-Z][^\n]+ [^\n]*\.", told) and len(texts) == len(pieces):
                yield told


def test_no_remedy_is_half_translated() -> None:
    told = {remedy: remedy_in_dutch(remedy) for remedy in remedies()}
    assert sum(dutch is not None for dutch in told.values()) > 150
    mixed = {remedy: dutch for remedy, dutch in told.items() if dutch and ENGLISH.search(dutch)}
    assert not mixed


def test_what_yaml_readers_differ_on_is_told_in_dutch() -> None:
    for _, detail, remedy in _SURPRISES:
        dutch = remedy_in_dutch(f"{remedy[0].upper()}{remedy[1:]}.")
        assert detail_in_dutch(detail)
        assert dutch
        assert not ENGLISH.search(dutch)


def test_no_two_templates_are_for_the_same_words() -> None:
    for templates in (_DETAILS, _REMEDIES, DIFFERENCES):
        english = [template for template, _dutch in templates]
        assert sorted(english) == sorted(set(english))


def test_what_verifying_finds_is_told_in_dutch() -> None:
    outcomes = WORDS["nl"]["outcome"]
    for kind, name in KINDS.items():
        told = difference_in_dutch(f"{kind} a is missing from the bundle", outcomes)
        assert told == f"{name} a ontbreekt in het dossier"
    for member, name in MEMBERS.items():
        assert difference_in_dutch(f"recomputed, the verdict has other {member}", outcomes).endswith(name)
    stated = "recomputed, the verdict has other outcome: fits was stated, conflict found"
    assert difference_in_dutch(stated, outcomes).endswith("uit: uitkomst, Past was opgegeven, Strijdig gevonden")
    assert difference_in_dutch("something else", outcomes) == "something else"


def test_a_path_that_is_no_file_is_told_in_dutch(tmp_path: Path) -> None:
    for path, said in ((tmp_path, "dit is een map, geen bestand. Geef het bestand zelf."),
                       (tmp_path / "none", "dit bestand is er niet. Controleer het pad en de rechten.")):  # fmt: skip
        with pytest.raises(Refused) as caught:
            load_ruleset(path)
        assert problem_line(caught.value.problems[0], "nl").endswith(said)
