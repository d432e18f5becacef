"""One word for one thing: the glossary is complete, and other words for the same are kept out."""

from __future__ import annotations

import re
from pathlib import Path

from registry.core.model import RELATIONS, STRENGTHS, THEMES
from tests.repo.checkout import ROOT, texts

GLOSSARY = Path("docs/glossary.md")
THIS_FILE = Path(__file__).resolve().relative_to(ROOT)

TERMS = """
    reservation, asset, application, part, decision, verdict, solid, corridor, shaft, volume, theme, ruleset, rule,
    finding, citation, clash, gap, required, missing, crossing, parallel, chainage, cover, invert, fit, bottleneck,
    basis, revision, valid_from, recorded_at, change, release, lapse, withdraw, supersede, impair, consume,
    level, ground level, clearance, envelope, outcome, certainty, severity, bundle
"""


def rows() -> list[list[str]]:
    """The cells of every row of the glossary's tables, without their headings."""
    lines = (ROOT / GLOSSARY).read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [row for row in cells if row[1] not in ("Dutch", "English")]


def forbidden() -> list[str]:
    """The words of the column *not*."""
    return [word.strip() for row in rows() if len(row) == 4 for word in row[3].split(",") if word.strip()]


def test_every_term_is_explained_and_has_a_dutch_word() -> None:
    explained = {name.strip(): row for row in rows() for name in row[0].split(",")}
    for term in (term.strip() for term in TERMS.split(",")):
        assert term in explained, f"{term} is not in {GLOSSARY}"
        assert explained[term][1], f"{term} has no Dutch word in {GLOSSARY}"
        assert explained[term][2], f"{term} is not explained in {GLOSSARY}"


def test_no_term_stands_twice() -> None:
    names = [row[0] for row in rows() if len(row) == 4]
    assert sorted(names) == sorted(set(names))


def test_themes_strengths_and_relations_are_those_of_the_code() -> None:
    text = (ROOT / GLOSSARY).read_text(encoding="utf-8")
    themes = [row[0].strip("`") for row in rows() if row[0].startswith("`")]
    assert sorted(themes) == sorted(THEMES)
    for word in (*STRENGTHS, *RELATIONS):
        assert re.search(rf"\b{word}\b", text), f"{word} is not in {GLOSSARY}"


def test_no_other_words_for_the_same_thing() -> None:
    words = forbidden()
    assert {"booking", "collision", "shortfall"} <= set(words)
    pattern = re.compile("|".join(rf"\b{re.escape(word)}s?\b" for word in words), re.IGNORECASE)
    spoken = {".md", ".py", ".yaml", ".yml"}
    wrong = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts().items()
        if path.suffix in spoken and path not in (GLOSSARY, THIS_FILE)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert not wrong, f"words the glossary replaces ({', '.join(words)}):\n" + "\n".join(wrong)
