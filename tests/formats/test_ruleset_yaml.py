"""Rulesets from files: the examples, the documented form, and errors with line and column."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.core.errors import Problem, Refused
from registry.core.examples_checked import check_examples, problems_of, without_example
from registry.core.policy import Clearance, Ruleset
from registry.core.rules.cover import CoverRule
from registry.core.rules.reserved_space import ReservedSpaceRule
from registry.core.rules.separation import SeparationRule
from registry.core.ruleset import ruleset_from_document
from registry.formats.ruleset_yaml import load_ruleset

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "rulesets"
EXAMPLES = sorted(FOLDER.glob("*.yaml"))
CAUTIOUS = (FOLDER / "cautious.yaml").read_text(encoding="utf-8")
TWO_NUMBER = (FOLDER / "two-number.yaml").read_text(encoding="utf-8")


def problems(text: str) -> list[Problem]:
    with pytest.raises(Refused) as refusal:
        load_ruleset(text, "policy.yaml")
    return refusal.value.problems


def matrix(ruleset: Ruleset) -> dict[frozenset[str], tuple[Clearance, Clearance | None]]:
    (rule,) = (rule for rule in ruleset.rules if isinstance(rule, SeparationRule))
    return {frozenset(map(str, cell.between)): (cell.crossing, cell.parallel) for cell in rule.cells}


def test_there_are_four_examples() -> None:
    assert [path.stem for path in EXAMPLES] == ["cautious", "two-number", "voorbeeldrijk", "voorbeeldstad"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_loads_and_reads_back(path: Path) -> None:
    ruleset = load_ruleset(path)
    assert ruleset.id.removeprefix("example-") == path.stem
    assert ruleset_from_document(ruleset.document) == ruleset


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_number_of_an_example_has_an_honest_source(path: Path) -> None:
    ruleset = load_ruleset(path)
    assert ruleset.source
    for source in ruleset.sources:
        assert source.note, source.id
        assert (source.kind == "own") == (source.confidence == "own"), source.id
        assert source.kind != "norm", f"{source.id}: no such text was read"
        if source.kind in ("municipal", "government"):
            assert (bool(source.link), source.confidence) == (True, "read"), source.id
    for rule in ruleset.rules:
        assert not isinstance(rule, SeparationRule) or rule.parallel_source


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_an_example_says_of_itself_comes_out(path: Path) -> None:
    ruleset = load_ruleset(path)
    assert problems_of(check_examples(ruleset)) == []
    assert ruleset.examples
    assert not without_example(ruleset)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_example_poses_as_the_norm(path: Path) -> None:
    assert not re.search(r"\bN(EN|PR)\b", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_networks_are_not_measured_against_themselves(path: Path) -> None:
    cells = matrix(load_ruleset(path))
    assert frozenset(["rioolVrijverval"]) not in cells
    assert frozenset(["warmte"]) not in cells


def test_cautious_numbers() -> None:
    ruleset = load_ruleset(FOLDER / "cautious.yaml")
    cells = matrix(ruleset)
    crossing = Clearance(200, 200, "din-1998")
    assert cells[frozenset(["warmte", "rioolVrijverval"])] == (crossing, Clearance(1000, None, "moscow-mgsn"))
    assert cells[frozenset(["warmte", "water"])] == (crossing, Clearance(1500, None, "moscow-mgsn"))
    assert cells[frozenset(["warmte", "laagspanning"])] == (crossing, Clearance(2000, None, "moscow-mgsn"))
    assert cells[frozenset(["datatransport", "gasHogeDruk"])] == (crossing, Clearance(1000, None, "moscow-mgsn"))
    assert cells[frozenset(["warmte", "rioolVrijverval/manhole"])] == (Clearance(500, None, "own-choice"), None)
    covers = next(rule for rule in ruleset.rules if isinstance(rule, CoverRule))
    assert {(cell.theme, cell.surface): cell.minimum for cell in covers.cells}[
        ("middenspanning", "carriageway")
    ] == 1000
    (reserved,) = (rule for rule in ruleset.rules if isinstance(rule, ReservedSpaceRule))
    assert dict(reserved.by_strength)["planned"] == "blocks"


def test_the_flagship_gap_misses_under_one_example_and_fits_under_the_other() -> None:
    gap = 785  # mm, heat envelope to the new sewer
    cautious = matrix(load_ruleset(FOLDER / "cautious.yaml"))[frozenset(["warmte", "rioolVrijverval"])][1]
    assert cautious is not None
    assert cautious.ch - gap == 215
    two_number = load_ruleset(FOLDER / "two-number.yaml")
    assert frozenset(["warmte", "rioolVrijverval"]) not in matrix(two_number)
    rule = two_number.rules[1]
    assert isinstance(rule, SeparationRule)
    assert rule.measured_from == "envelope"
    assert rule.otherwise.crossing == Clearance(100, 100, "aars-fjernvarme")
    assert rule.otherwise.parallel == Clearance(500, None, "aars-fjernvarme")
    assert rule.otherwise.parallel.ch <= gap


def test_the_documented_form_is_what_is_read_as_it_is_copied() -> None:
    page = (ROOT / "docs" / "rulesets.md").read_text(encoding="utf-8")
    block, *others = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    kinds = [other for other in others if other.startswith("  - id: ")]
    (applies,) = (other for other in others if other.startswith("    applies:"))
    assert load_ruleset(block).id == "my-municipality"
    assert "…" not in "".join((block, applies, *kinds))
    limited = load_ruleset(block.replace("    kind: cover\n", "    kind: cover\n" + applies, 1))
    (rule,) = (rule for rule in limited.rules if rule.kind == "cover")
    assert rule.header.applies is not None
    assert rule.header.applies.areas == ("centre",)
    far = block.replace("reach: 10.00 m", "reach: 150.00 m", 1)
    assert all(load_ruleset(far + kind).rules for kind in kinds)
    headings = re.findall(r"^### `([a-z_]+)`$", page, re.MULTILINE)
    assert headings == sorted(headings)
    assert {rule.kind for rule in load_ruleset(far + "".join(kinds)).rules} >= set(headings)


def test_the_documented_example_passes_by_the_documented_ruleset() -> None:
    page = (ROOT / "docs" / "rulesets.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (example,) = (one for one in blocks if one.startswith("examples:"))
    ruleset = load_ruleset(blocks[0] + example)
    assert len(ruleset.examples) == 1
    assert problems_of(check_examples(ruleset)) == []


def _after(text: str, old: str, new: str) -> tuple[str, int, int]:
    """``text`` with the first ``old`` replaced, and the line and column where the replacement stands."""
    start = text.index(old)
    before = text[:start]
    return before + new + text[start + len(old) :], before.count("\n") + 1, start - before.rfind("\n")


@pytest.mark.parametrize(
    ("old", "new", "offset", "field", "remedy"),
    [
        ("ch: 0.10 m", "ch: 0.10", 4, "rules[0].otherwise.crossing.ch", "Write 0.10 m"),
        ("ch: 0.10 m", "ch: 10 cm", 4, "rules[0].otherwise.crossing.ch", "Write 0.10 m"),
        ("ch: 0.10 m", "ch: -0.10 m", 4, "rules[0].otherwise.crossing.ch", "0.00 m or more"),
        ("ch: 0.10 m", "ch: 99.00 m", 4, "rules[0].otherwise.crossing.ch", "ruleset.reach"),
        ("ch: 0.10 m, ", "", -1, "rules[0].otherwise.crossing.ch", "Add ch"),
        ("measured_from:", "mesured_from:", 0, "rules[0].mesured_from", "Did you mean measured_from?"),
        ("measured_from: envelope", "measured_from: casting", 15, "rules[0].measured_from", "Did you mean casing?"),
        ("[rioolVrijverval/manhole,", "[rioolVrijverval/manhol,", 1, "rules[0].cells[0].between[0]", "manhole"),
        ("separation: separation", "separation: separate", 12, "rules[1].separation", "Did you mean separation?"),
        ("2027-01-01", "2027-13-01", 0, "ruleset.effective_from", "year-month-day"),
        ("aars-fjernvarme:", "aars_fjernvarme:", 0, "", ""),
        ("blocks", "no", 0, "", "Quote it"),
        ("1.2.0", "1.0", 0, "ruleset.version", "1.0.0"),
        ("title:", "titel:", 0, "ruleset.titel", "Did you mean title?"),
    ],
)
def test_faults_have_line_and_column(old: str, new: str, offset: int, field: str, remedy: str) -> None:
    text, line, column = _after(TWO_NUMBER, old, new)
    found = {(problem.line, problem.column): problem for problem in problems(text)}
    if old == "aars-fjernvarme:":  # the fault is told of the entry: at its content, on the line below its id
        assert (line + 1, 5) in found
        return
    assert (line, column + offset) in found, list(map(str, found.values()))
    problem = found[(line, column + offset)]
    assert problem.file == "policy.yaml"
    assert problem.field == field
    assert remedy in problem.remedy


def test_a_missing_entry_is_told_at_the_group_it_is_missing_from() -> None:
    text, line, _ = _after(TWO_NUMBER, "    parallel_from: 5.00 m\n", "")
    (problem,) = problems(text)
    assert (problem.field, problem.code) == ("rules[0].parallel_from", "missing")
    assert problem.line is not None
    assert TWO_NUMBER.splitlines()[problem.line - 1] == "  - id: separation"
    assert problem.line < line


def test_faults_come_in_the_order_of_the_file() -> None:
    text = CAUTIOUS.replace("ch: 1.50 m", "ch: 1.50").replace("reach: 10.00 m", "reach: 10").replace("30 deg", "30")
    found = problems(text)
    assert [problem.field for problem in found] == [
        "ruleset.reach",
        "rules[0].parallel_below",
        "rules[0].cells[1].parallel.ch",
    ]
    assert [(p.line or 0, p.column or 0) for p in found] == sorted((p.line or 0, p.column or 0) for p in found)


def test_an_entry_with_a_point_or_bracket_in_its_name_has_its_place_too() -> None:
    text, line, _ = _after(TWO_NUMBER, "  own-choice:", "  own.choice[0]:")
    assert (line + 1, "sources.own.choice[0]") in {(problem.line, problem.field) for problem in problems(text)}


def test_comments_and_layout_do_not_count() -> None:
    bare = re.sub(r"(?m)^ *#.*\n", "", TWO_NUMBER).replace("{ch: 0.10 m, cv: 0.10 m}", "{cv: 0.1 m, 'ch': 0.100 m}")
    assert bare != TWO_NUMBER
    assert load_ruleset("# another comment\n\n" + bare).sha256 == load_ruleset(TWO_NUMBER).sha256


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_cells_and_pairs_does_not_count(chance: random.Random) -> None:
    lines = CAUTIOUS.splitlines()
    cells = [index for index, line in enumerate(lines) if line.startswith("      - {") and "source:" in line]
    where = [[i for i in cells if ("between" in lines[i]) == matrix_cell] for matrix_cell in (True, False)]
    for indices in where:
        shuffled = [lines[index] for index in indices]
        chance.shuffle(shuffled)
        for index, line in zip(indices, shuffled, strict=True):
            lines[index] = re.sub(r"\[(.*?), (.*?)\]", r"[\2, \1]", line) if chance.random() < 0.5 else line
    assert load_ruleset("\n".join(lines)) == load_ruleset(CAUTIOUS)


NUMBERS = list(re.finditer(r"(?:ch|cv|minimum|reach|radius|within|from|below): ([0-9.]+) (?:m|deg)", CAUTIOUS))


def test_the_numbers_of_the_cautious_example_are_found() -> None:
    assert len(NUMBERS) > 60


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(NUMBERS), st.integers(min_value=1, max_value=99))
def test_any_changed_number_counts(number: re.Match[str], more: int) -> None:
    start, end = number.span(1)
    changed = f"{CAUTIOUS[:start]}{float(number[1]) + more / 1000:.3f}{CAUTIOUS[end:]}"
    assert load_ruleset(changed).sha256 != load_ruleset(CAUTIOUS).sha256
