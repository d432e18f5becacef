"""``registry ruleset lint|show|diff``: policy as it is read, from files and from the register."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry.core.topics import TOPICS
from registry.formats.ruleset_document import document_plain, ruleset_document
from registry.formats.ruleset_text import WIDTH, document_lines
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.words import Language
from tests.cli.running import run
from tests.conftest import ROOT

EXAMPLES = ROOT / "examples" / "rulesets"
CAUTIOUS, TWO = EXAMPLES / "cautious.yaml", EXAMPLES / "two-number.yaml"
TEXT = CAUTIOUS.read_text(encoding="utf-8")
AS = ("--as", "someone", "--organisation", "Gemeente")
LANGUAGES: tuple[Language, ...] = ("nl", "en")


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    path = tmp_path / "next.yaml"
    text = TEXT.replace("[warmte, water], parallel: {ch: 1.50 m", "[water, warmte], parallel: {ch: 1.75 m")
    path.write_text(text.replace("version: 1.2.0", "version: 1.3.0"), encoding="utf-8")
    return path


def test_lint_tells_every_fault_with_its_place_and_remedy(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(TEXT.replace("[warmte, water]", "[warmt, water]").replace("{ch: 2.00 m", "{ch: 2.00 cm", 1))
    done = run("ruleset", "lint", str(bad), str(TWO))
    assert done.exit_code == 1
    first, second = done.stderr.splitlines()
    assert first.startswith(f"{bad}:110:20, rules[0].cells[1].between[0]: there is no theme warmt")
    assert "Did you mean warmte?" in first
    assert second.startswith(f"{bad}:112:57, rules[0].cells[3].parallel.ch: the unit is m, not cm (found 2.00 cm)")
    assert second.endswith("Write 0.02 m.")
    assert done.stdout == f"{TWO}: no faults; warnings: 0\n"
    (plain, other) = json.loads(run("ruleset", "lint", str(bad), str(TWO), "--json", "--lang", "nl").stdout)
    assert [(fault["line"], fault["column"]) for fault in plain["faults"]] == [(110, 20), (112, 57)]
    assert "de eenheid is m, niet cm" in plain["faults"][1]["told"]
    assert "sha256" not in plain
    assert other == {"file": str(TWO), "sha256": load_ruleset(TWO).sha256, "faults": [], "warnings": []}


def test_lint_warns_and_ends_with_nothing_wrong(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    rules, _ = TEXT.split("\nexamples:")  # which would come out otherwise
    path.write_text(f"{rules.replace('legal_force: policy', 'legal_force: internal', 1)}\n", encoding="utf-8")
    for lang, word, told in (
        ("en", "warning", "a rule of legal force internal does no more than advises. Write advises, or"),
        ("nl", "let op", "een regel met status internal doet niet meer dan advises. Schrijf advises, of"),
    ):
        done = run("ruleset", "lint", str(path), "--lang", lang)
        assert done.exit_code == 0, done.stderr
        assert f"{word}: {path}:95:15, rules[0].severity: {told}" in done.stdout
        assert "Engels" not in done.stdout


def test_lint_does_not_say_of_one_with_an_example_that_fails_that_it_is_without_faults(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(TEXT.replace("{horizontal: 0.001 m}", "{horizontal: 0.002 m}", 1), encoding="utf-8")
    done = run("ruleset", "lint", str(path))
    assert done.exit_code == 1
    assert "example sewer-too-near-heat" in done.stderr
    assert "no faults" not in done.stdout


def test_lint_warns_where_no_rule_weighs_reservations(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    rules, _ = TEXT.split("\nexamples:")
    path.write_text(f"{rules.split('  - id: reserved-space')[0].rstrip()}\n", encoding="utf-8")
    done = run("ruleset", "lint", str(path), "--lang", "nl")
    assert done.exit_code == 0, done.stderr
    assert "geen regel weegt reserveringen: over een aanvraag in de buurt ervan komt geen oordeel. Voeg" in done.stdout


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"rules: [", b"a: &b [*b]", b"[]", b"{}", b"null"])
def test_lint_of_anything_ends_in_faults(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any.yaml"
    path.write_bytes(content)
    done = run("ruleset", "lint", str(path))
    assert done.exit_code == 1
    assert done.stderr.startswith(f"{path}")


def test_lint_of_what_is_not_there(tmp_path: Path) -> None:
    assert run("ruleset", "lint", str(tmp_path / "none.yaml")).exit_code == 1
    assert run("ruleset", "lint", str(tmp_path)).exit_code == 1
    assert run("ruleset", "lint").exit_code == 1


def test_diff_of_two_files(changed: Path) -> None:
    done = run("ruleset", "diff", str(CAUTIOUS), str(changed))
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "The ruleset",
        "  version: 1.2.0 → 1.3.0",
        "Rule separation: Separation",
        "  heat × drinking water, parallel: 1.50 → 1.75 m sideways",
    ]
    plain = json.loads(run("ruleset", "diff", str(CAUTIOUS), str(changed), "--lang", "nl", "--json").stdout)
    assert plain["before"] == {"id": "example-cautious", "version": "1.2.0", "sha256": load_ruleset(CAUTIOUS).sha256}
    assert plain["changes"][1] == {
        "part": "rule",
        "name": "separation",
        "what": "changed",
        "in": "Regel separation: Onderlinge afstand",
        "text": "warmte × drinkwater, evenwijdig: 1,50 → 1,75 m zijdelings",
    }


def test_versions_of_the_register_are_named_by_id_and_version(
    engine_url: str, monkeypatch: pytest.MonkeyPatch, changed: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", engine_url)
    for path in (CAUTIOUS, changed):
        assert run("ruleset", "store", str(path), *AS).exit_code == 0
    one, other = "example-cautious@1.2.0", "example-cautious@1.3.0"
    assert run("ruleset", "diff", one, other).stdout == run("ruleset", "diff", str(CAUTIOUS), str(changed)).stdout
    assert run("ruleset", "diff", one, str(CAUTIOUS)).stdout.startswith("There is no difference")
    missing = run("ruleset", "diff", one, "example-cautious@9.9.9", "--lang", "nl")
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert "9.9.9" in missing.stderr
    shown = run("ruleset", "show", "example-cautious", "1.3.0")
    assert shown.stdout == run("ruleset", "show", other).stdout
    assert shown.stdout.splitlines()[0].endswith("stored, not published")
    assert shown.stdout.splitlines()[1:] == run("ruleset", "show", str(changed)).stdout.splitlines()
    assert run("ruleset", "show", other, "--text").stdout == changed.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_ruleset_is_shown_as_a_document(path: Path, lang: Language) -> None:
    ruleset = load_ruleset(path)
    done = run("ruleset", "show", str(path), "--lang", lang)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert max(len(line) for line in lines if "http" not in line) <= WIDTH
    for rule in ruleset.rules:
        assert f"{rule.header.title_nl if lang == 'nl' else rule.header.title_en} ({rule.header.id})" in lines
        assert any(rule.header.citation.document in line for line in lines)
    for source in ruleset.sources:
        assert any(line.startswith(f"{source.id}: ") for line in lines)
    if lang == "nl":
        told = [line for line in lines if line.startswith("thema's van de ordening:")]
        assert len(told) == len(ruleset.rules)
        assert not any(topic.replace("_", " ") in line for line in told for topic in TOPICS)
    plain = json.loads(run("ruleset", "show", str(path), "--json", "--lang", lang).stdout)
    assert plain["document"] == document_plain(ruleset_document(ruleset, lang))
    assert plain["source_text"] == path.read_text(encoding="utf-8")


def test_every_number_of_a_table_is_in_it() -> None:
    document = ruleset_document(load_ruleset(CAUTIOUS), "nl")
    (table,) = next(rule for rule in document.rules if rule.id == "separation").tables
    assert table.columns == ("tussen", "kruisend", "evenwijdig", "bron")
    heat = next(row for row in table.rows if row[0] == "warmte × drinkwater")
    assert heat == (
        "warmte × drinkwater",
        "als overige paren",
        "1,50 m zijdelings, verticaal elke diepte",
        "moscow-mgsn",
    )
    (cover,) = next(rule for rule in document.rules if rule.id == "cover").tables
    assert ("middenspanning", "rijbaan", "1,00 m", "open-route-tool") in cover.rows


def test_severity_is_shown_with_what_legal_force_allows() -> None:
    ruleset = load_ruleset(TEXT.replace("legal_force: policy", "legal_force: internal"))
    facts = {fact.name: fact.value for fact in ruleset_document(ruleset, "en").rules[0].facts}
    assert facts["severity"] == "sets conditions; for its legal force no more than: advises"


def test_what_is_hidden_in_a_ruleset_is_shown() -> None:
    ruleset = load_ruleset(TEXT.replace("title: {nl: Gronddekking, en: Cover}", 'title: {nl: "a\\u202eb", en: X}'))
    text = "\n".join(document_lines(ruleset_document(ruleset, "nl")))
    assert "a<U+202E>b (cover)" in text


def test_an_example_that_fails_keeps_a_version_from_being_published(sqlite_url: str, tmp_path: Path) -> None:
    """And what no example shows is told when one is."""
    rules, examples = TEXT.split("\nexamples:")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(TEXT.replace("outcome: conflict", "outcome: fits", 1), encoding="utf-8")
    bare = tmp_path / "bare.yaml"
    bare.write_text(f"{rules.replace('version: 1.2.0', 'version: 1.1.1')}\n", encoding="utf-8")
    assert "sewer-too-near-heat" in examples
    on = ("--database", sqlite_url)
    other = ("--as", "another", "--organisation", "Gemeente")
    for file in (wrong, bare):
        done = run("ruleset", "store", str(file), *AS, *on)
        assert done.exit_code == 0, done.stderr
    refused = run("ruleset", "publish", "example-cautious", "1.2.0", *other, *on, "--lang", "nl")
    assert refused.exit_code == 1
    assert "voorbeeld sewer-too-near-heat komt uit op conflict, niet op fits" in refused.stderr
    assert "Verbeter de regel of het voorbeeld." in refused.stderr
    done = run("ruleset", "publish", "example-cautious", "1.1.1", *other, *on)
    assert done.exit_code == 0, done.stderr
    assert "rule cover: no example says where this rule is met and where it is not" in done.stdout
