"""The differences between two versions of policy as they are read, and the names of what stands in a ruleset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from registry.core.errors import Refused
from registry.core.policy import Ruleset
from registry.core.reading import metres
from registry.core.rules import KINDS
from registry.core.ruleset import read_ruleset, ruleset_from_document, ruleset_tree
from registry.core.tree import Leaf
from registry.formats.ruleset_changes import change_lines, changes_told
from registry.formats.ruleset_named import Named
from registry.formats.ruleset_words import RULESET_WORDS
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.words import Language
from tests.conftest import ROOT
from tests.core.test_ruleset import plain
from tests.core.test_ruleset_diff import DOCUMENT, NUMBERS, with_another
from tests.formats.test_ruleset_numbers import TEXTS, leaves, numbers, with_leaf
from tests.formats.test_ruleset_numbers import plain as plain_of

LANGUAGES: tuple[Language, ...] = ("nl", "en")

CAUTIOUS = (ROOT / "examples" / "rulesets" / "cautious.yaml").read_text(encoding="utf-8")


def told(old: str, new: str, lang: Language = "en") -> list[str]:
    assert old in CAUTIOUS
    return list(change_lines(load_ruleset(CAUTIOUS), load_ruleset(CAUTIOUS.replace(old, new, 1)), lang))


@pytest.mark.parametrize(
    ("old", "new", "english", "dutch"),
    [
        (
            "[warmte, water], parallel: {ch: 1.50 m",
            "[warmte, water], parallel: {ch: 1.75 m",
            "heat × drinking water, parallel: 1.50 → 1.75 m sideways",
            "warmte × drinkwater, evenwijdig: 1,50 → 1,75 m zijdelings",
        ),
        (
            "[warmte, water], parallel: {ch: 1.50 m, cv: any_depth}",
            "[water, warmte], parallel: {ch: 1.50 m, cv: 0.205 m}",
            "heat × drinking water, parallel: vertically any depth → 0.205 m",
            "warmte × drinkwater, evenwijdig: verticaal elke diepte → 0,205 m",
        ),
        (
            "[rioolVrijverval/manhole, warmte], crossing: {ch: 0.50 m",
            "[rioolVrijverval/manhole, warmte], crossing: {ch: 0.60 m",
            "gravity sewer (manhole) × heat, crossing: 0.50 → 0.60 m sideways",
            "vrijvervalriool (inspectieput) × warmte, kruisend: 0,50 → 0,60 m zijdelings",
        ),
        (
            "{ch: 0.20 m, cv: 0.20 m}",
            "{ch: 0.25 m, cv: 0.20 m}",
            "other pairs, crossing: 0.20 → 0.25 m sideways",
            "overige paren, kruisend: 0,20 → 0,25 m zijdelings",
        ),
        (
            "parallel_below: 30 deg",
            "parallel_below: 22.5 deg",
            "parallel below an angle of: 30 → 22.5°",
            "evenwijdig onder een hoek van: 30 → 22,5°",
        ),
        (
            "surface: carriageway, minimum: 1.00 m",
            "surface: carriageway, minimum: 1.00 m, maximum: 3.00 m",
            "medium voltage, carriageway, at most: new: 3.00 m",
            "middenspanning, rijbaan, ten hoogste: nieuw: 3,00 m",
        ),
        (
            "      - {theme: water, surface: any, minimum: 1.00 m, source: open-profiles}\n",
            "",
            "drinking water, any surface: removed: at least: 1.00 m; source: open-profiles",
            "drinkwater, elk oppervlak: vervallen: ten minste: 1,00 m; bron: open-profiles",
        ),
        (
            "planned: blocks",
            "planned: conditions",
            "by strength, planned: blocks → sets conditions",
            "naar hardheid, gepland: blokkeert → stelt voorwaarden",
        ),
        ("version: 1.2.0", "version: 1.3.0", "version: 1.2.0 → 1.3.0", "versie: 1.2.0 → 1.3.0"),
        (
            "effective_from: 2027-01-01",
            "effective_from: 2028-07-01",
            "effective from: 2027-01-01 → 2028-07-01",
            "geldt vanaf: 1 januari 2027 → 1 juli 2028",
        ),
        (
            "not_worsened: advises",
            "not_worsened: conditions",
            "of an existing situation that did not get worse: advises → sets conditions",
            "bij een bestaande situatie die niet verslechtert: adviseert → stelt voorwaarden",
        ),
        (
            "    confidence: example\n",
            "    confidence: read\n",
            "how it was read: example → read",
            "hoe gelezen: voorbeeld → brontekst geraadpleegd",
        ),
        (
            "    cells:\n      - {theme: laagspanning",
            "    applies: {themes: [warmte, water]}\n    cells:\n      - {theme: laagspanning",
            "applies to: new: themes: heat, drinking water",
            "geldt voor: nieuw: thema's: warmte, drinkwater",
        ),
    ],
)
def test_a_change_in_words(old: str, new: str, english: str, dutch: str) -> None:
    for lang, line in (("en", english), ("nl", dutch)):
        lines = told(old, new, lang)  # type: ignore[arg-type]
        assert lines[1:] == [f"  {line}"]


def test_the_heading_says_where_and_the_line_says_all_of_what_is_new() -> None:
    cell = "      - {between: [water, rioolVrijverval], crossing: {ch: 0.40 m, cv: any_depth}, source: own-choice}\n"
    old = "      # power cables of every voltage\n"
    assert told(old, cell + old) == [
        "Rule separation: Separation",
        "  gravity sewer × drinking water: new: crossing: 0.40 m sideways, vertically any depth; source: own-choice",
    ]
    assert told(old, cell + old, "nl")[0] == "Regel separation: Onderlinge afstand"


def test_a_whole_rule_is_told_with_every_number_in_it() -> None:
    before, after = read_ruleset(plain()), plain()
    del after["rules"][1]
    lines = list(change_lines(before, read_ruleset(after), "en"))
    assert lines[0] == "Rule cover: Title (removed)"
    assert "  kind: cover" in lines
    assert "  heat, carriageway: at least: 1.00 m; at most: 2.00 m; source: own" in lines
    assert "  severity: blocks" in lines


def test_nothing_differs() -> None:
    ruleset = load_ruleset(CAUTIOUS)
    assert list(change_lines(ruleset, ruleset, "nl")) == ["Er is geen verschil: beide zeggen hetzelfde."]
    assert changes_told(ruleset, load_ruleset("# another comment\n" + CAUTIOUS), "en") == []


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_number_that_changed_is_told_before_and_after(lang: Language) -> None:
    for path in NUMBERS:
        changed, *numbers = with_another(path)
        (line,) = changes_told(ruleset_from_document(DOCUMENT), changed, lang)
        told = [metres(number).removesuffix(" m") for number in numbers]
        if path[-1] == "parallel_below":
            told[0] = "30"  # degrees, as few decimals as do
        assert " → ".join(told).replace(".", "," if lang == "nl" else ".") in line.text, path


def test_a_kind_without_names_is_told_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "cover", replace(KINDS["cover"], names={}))
    old, new = "surface: carriageway, minimum: 1.00 m", "surface: carriageway, minimum: 1.05 m"
    assert told(old, new)[1:] == ["  medium voltage, carriageway, minimum: 1.00 → 1.05 m"]


def test_the_names_are_there_in_both_languages() -> None:
    dutch, english = RULESET_WORDS["nl"], RULESET_WORDS["en"]
    assert {name: set(words) for name, words in dutch.items()} == {name: set(words) for name, words in english.items()}


DOCUMENTED = "docs/rulesets.md"


def test_of_every_rule_kind_one_changed_number_is_one_line() -> None:
    before, missed = read_ruleset(plain_of(DOCUMENTED)), []
    for number, (route, options) in enumerate(numbers(DOCUMENTED)):
        found = changes_told(before, _first_sound(route, options), LANGUAGES[number % 2])
        if len(found) != 1 or " → " not in found[0].text:
            missed.append((route, [one.text for one in found]))
    assert not missed


def _first_sound(route: Any, options: list[object]) -> Ruleset:
    for option in options:
        try:
            return read_ruleset(with_leaf(plain_of(DOCUMENTED), route, option))
        except Refused:
            continue
    raise AssertionError(route)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_entry_of_every_rule_kind_has_a_name(lang: Language) -> None:
    common, missing = RULESET_WORDS[lang]["entry"], set()
    for rule in plain_of(DOCUMENTED)["rules"]:
        own = KINDS[rule["kind"]].names.get(lang, {})
        for route, _ in leaves(rule):
            missing |= {(rule["kind"], step) for step in route if isinstance(step, str) and step not in {*own, *common}}
        assert rule["kind"] in own, f"{rule['kind']} does not say what it is called itself"
    assert not missing


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_of_every_rule_kind_a_new_rule_is_told_with_every_number_and_word_in_it(lang: Language) -> None:
    whole = plain_of(DOCUMENTED)
    ruleset, named_in = read_ruleset(whole), {"separation", "reserved-space", "cover"}
    for rule in whole["rules"]:
        if rule["id"] in named_in:
            continue
        less = whole | {"rules": [other for other in whole["rules"] if other is not rule]}
        lines = "\n".join(one.text for one in changes_told(read_ruleset(less), ruleset, lang))
        tree = next(one for one in _items(ruleset_tree(ruleset)["rules"]) if one["id"] == Leaf(rule["id"]))
        for key in set(tree) - {"id", "kind"}:
            for leaf in _leaves(tree[key]):
                assert Named(rule["kind"], lang).value(leaf) in lines, (rule["id"], key, leaf)


def _items(tree: Any) -> list[Any]:
    return list(tree.items)


def _leaves(tree: Any) -> Iterator[Leaf]:
    if isinstance(tree, Leaf):
        yield tree
    else:
        for inner in tree.values() if isinstance(tree, dict) else tree.items:
            yield from _leaves(inner)


def test_a_step_is_known_by_the_number_it_is_about() -> None:
    rule = next(rule for rule in plain_of(DOCUMENTED)["rules"] if rule["kind"] == "thermal")
    assert [step["above"] for step in rule["steps"]] == ["30 degC", "55 degC"]
    text = TEXTS[DOCUMENTED]
    for old, new, line in (
        ("above: 55 degC", "above: 60 degC", ", hotter than: 55 → 60 °C"),
        ("{ch: 2.00 m, cv: 0.50 m}", "{ch: 2.50 m, cv: 0.50 m}", "hotter than 55 °C, distance: 2.00 → 2.50 m sideways"),
    ):
        assert old in text
        (change,) = changes_told(load_ruleset(text), load_ruleset(text.replace(old, new, 1)), "en")
        assert line in change.text
