"""The words of the pages: every one in both languages, and one for everything there is to tell."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from registry.core.actors import ROLES
from registry.core.findings import OUTCOMES
from registry.core.lifecycle import STATES, TRANSITIONS
from registry.core.model import REGIMES, THEMES
from registry.core.regimes import DECISION_KINDS
from registry.formats.words import Language
from registry.web.acts import acts_on
from registry.web.words import PAGE
from tests.conftest import ROOT

TEMPLATES = ROOT / "registry" / "web" / "templates"


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_words_and_places() -> None:
    assert {section: set(words) for section, words in PAGE["nl"].items()} == {
        section: set(words) for section, words in PAGE["en"].items()
    }
    differing = [
        f"{section}.{name}"
        for section, words in PAGE["nl"].items()
        for name, text in words.items()
        if places(text) != places(PAGE["en"][section][name]) or not text.strip()
    ]
    assert not differing


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_there_is_a_word_for_everything_there_is(lang: Language) -> None:
    words = PAGE[lang]
    expected: dict[str, set[str]] = {
        "state": {state for states in STATES.values() for state in states},
        "regime": set(REGIMES),
        "role": set(ROLES),
        "done": {row.action for row in TRANSITIONS},
        "decision": set(DECISION_KINDS),
        "sign": {*OUTCOMES, "none"},
    }
    for section, names in expected.items():
        assert names <= set(words[section]), f"{section}: {names - set(words[section])}"
    for of, states in STATES.items():
        for state in states:
            for act in acts_on("reservation" if of == "reservation" else "application", state, "x", lang):
                assert act.action in words["step"]


def test_templates_ask_for_words_that_there_are() -> None:
    asked = {
        (found[1], found[2])
        for path in TEMPLATES.glob("*.html")
        for found in re.finditer(r"\bt\.(\w+)\.(\w+)", path.read_text(encoding="utf-8"))
        if found[2] not in ("get", "format")
    }
    missing = [f"{section}.{name}" for section, name in asked if name not in PAGE["nl"].get(section, {})]
    assert len(asked) > 100
    assert not missing


def test_every_word_is_used() -> None:
    """A word of the fixed sections that nothing asks for is a rest of something."""
    sources = [*TEMPLATES.glob("*.html"), *(ROOT / "registry" / "web").glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources if "words_" not in path.name)
    by_value = {"state", "regime", "role", "done", "step", "decision", "sign", "kind", "look", "compass", "job", "nav"}
    by_value |= {"judged_by", "refused", "home", "missing", "applications", "reservations", "column"}
    unused = [
        f"{section}.{name}"
        for section, words in PAGE["nl"].items()
        if section not in by_value
        for name in words
        if not re.search(rf"\.{name}\b|\[\"{name}\"\]", text) and f'"{name}"' not in text
    ]
    assert not unused


def test_every_theme_has_a_colour_and_pattern_of_its_own() -> None:
    css = (ROOT / "registry" / "web" / "style" / "pages.css").read_text(encoding="utf-8")
    looks = dict(re.findall(r"^\.t-(\w+) \{ (.*) \}$", css, re.MULTILINE))
    assert set(THEMES) <= set(looks)
    patterns = [re.sub(r"--c: [^;]+; ?", "", looks[theme]) for theme in THEMES]
    assert len(set(patterns)) == len(patterns)


def luminance(colour: str) -> float:
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_and_lines_stand_out() -> None:
    css = (ROOT / "registry" / "web" / "style" / "pages.css").read_text(encoding="utf-8")
    named = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", css.partition("}")[0]))
    faint = luminance(named["faint"])
    for name in ("ink", "soft", "link", "brand", "conflict", "undetermined", "assumed", "conditions", "fits", "advice"):
        assert (faint + 0.05) / (luminance(named[name]) + 0.05) >= 4.5, name
    for theme, colour in re.findall(r"^\.t-(\w+) \{ --c: (#[0-9a-f]{6})", css, re.MULTILINE):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5, theme


def test_the_style_fetches_nothing() -> None:
    css = Path(ROOT / "registry" / "web" / "style" / "pages.css").read_text(encoding="utf-8")
    assert "url(" not in css
    assert "@import" not in css
