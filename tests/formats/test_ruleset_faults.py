"""What strict loading refuses in a ruleset, each at its line and column with what to write instead.

First what is to be refused, by name, on the documented ruleset; then the same for every entry and number of every kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from click.testing import CliRunner

from registry.cli.main import main
from registry.core.errors import Problem, Refused
from registry.formats.problems_told import problem_line
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.yaml_strict import Place, load_yaml
from tests.formats.test_ruleset_numbers import documented, leaves

TEXT = documented()
DOCUMENT = load_yaml(TEXT, "policy.yaml", "invalid_ruleset")
#: Stands in a text where the fault is told.
HERE = "^"


def faults(text: str) -> list[Problem]:
    with pytest.raises(Refused) as refusal:
        load_ruleset(text, "policy.yaml")
    return refusal.value.problems


def place_of(text: str) -> tuple[str, int, int]:
    """The text without its mark, and the line and column where that stood."""
    start = text.index(HERE)
    return text.replace(HERE, "", 1), text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)


def fault(name: str, old: str, new: str, detail: str, remedy: str, at: str = "") -> ParameterSet:
    """``old`` replaced by ``new`` gives a fault where the mark stands in it, or at the text ``at``."""
    return pytest.param(old, new, detail, remedy, at, id=name)


#: A cell of the documented matrix, and one that holds for some of the same pairs.
CELL = "      - between: [warmte, rioolVrijverval]\n"
COVER = "      - {theme: rioolVrijverval, surface: any, minimum: 1.00 m, source: some-source}\n"
OTHERWISE = "    otherwise: {crossing: {ch: 0.20 m, cv: 0.20 m}, source: some-source}    # pairs without a cell\n"
BOMB = "a0: ^&a0 [x, x]\na1: &a1 [*a0, *a0]\na2: &a2 [*a1, *a1]\nruleset:\n  id"
ASKS = "        crossing: {ch: 0.30 m, cv: 0.20 m}\n        source: some-source\n"
NEGATIVE = "this is less than 0.00 m"
TOWN = "municipality: Voorbeeldstad"


@pytest.mark.parametrize(
    ("old", "new", "detail", "remedy", "at"),
    [
        fault("duplicate key", "  title:", "  ^version: 2.0.0\n  title:", "twice", "the first is on line 3"),
        fault("duplicate key of a rule", "    measured_from:", "    ^kind: cover\n    measured_from:",
              "twice", "the first is on line 28"),
        fault("duplicate key of a cell", "{ch: 1.00 m, cv: any", "{ch: 1.00 m, ^ch: 2 m, cv: any", "twice", "Keep one"),
        fault("duplicate source", "  own-choice:\n", "  ^some-source: {}\n  own-choice:\n", "twice", "Keep one"),
        fault("duplicate rule", "- id: cover\n", "- id: ^separation\n", "another rule has", "id of its own"),
        fault("unknown key", "  reach:", "  ^raech:", "there is no entry raech", "Did you mean reach?"),
        fault("unknown key of a cell", "{ch: 1.00 m, cv: a", "{^chh: 1.00 m, cv: a", "no entry chh", "you mean ch?"),
        fault("unknown kind", "kind: cover", "kind: ^covr", "there is no rule kind covr", "Did you mean cover?"),
        fault("python object", "title: {nl: Ons", "title: ^!!python/object:os.system {nl: Ons", "tag", "Remove the"),
        fault("tag", "title: {nl: Ons", "title: ^!title {nl: Ons", "tag", "Remove the tag"),
        fault("anchor", "title: {nl: Ons", "title: ^&t {nl: Ons", "anchor", "write each value out"),
        fault("alias", 'article: "4.2"', "article: ^*t", "alias", "Write the value out"),
        fault("merge key", "  id: my-mun", "  ^<<: {a: 1}\n  id: my-mun", "merge key", "Write the entries out"),
        fault("alias bomb", "ruleset:\n  id", BOMB, "anchor", "write each value out"),
        fault("no", TOWN, "municipality: ^no", "true or false", "Quote it"),
        fault("on", TOWN, "municipality: ^On", "true or false", "Quote it"),
        fault("yes", "    severity: blocks  ", "    severity: ^yes  ", "true or false", "Quote it"),
        fault("octal", TOWN, "municipality: ^0123", "octal", "quote it"),
        fault("octal of YAML 1.2", TOWN, "municipality: ^0o17", "octal", "quote it"),
        fault("base 60", 'article: "4.2"', "article: ^4:20", "base 60", "Quote it"),
        fault("unit left out", "reach: 150.00 m", "reach: ^150.00", "the unit is left out", "Write 150.00 m."),
        fault("unit of a whole number", "reach: 150.00 m", "reach: ^150", "the unit is left out", "Write 150.00 m."),
        fault("unit of an angle", "below: 30 deg", "below: ^30", "the unit is left out", "Write 30.00 deg."),
        fault("unit of years", "years: 50 years", "years: ^50", "the unit is left out", "Write 50 years."),
        fault("unit of a temperature", "above: 30 degC", "above: ^30", "the unit is left out", "Write 30.00 degC."),
        fault("other unit", "reach: 150.00 m", "reach: ^15000 cm", "the unit is m, not cm", "Write 150.00 m."),
        fault("decimal comma", "reach: 150.00 m", "reach: ^150,5 m", "is a point", "Write 150.50 m."),
        fault("negative ch", "ch: 1.00 m, cv: any", "ch: ^-1.00 m, cv: any", NEGATIVE, "Write 0.00 m or more"),
        fault("negative cv", "{ch: 0.20 m, cv: 0.20 m}", "{ch: 0.20 m, cv: ^-0.20 m}", NEGATIVE, "0.00 m or more"),
        fault("negative radius", "radius: 1.00 m ", "radius: ^-1.00 m ", NEGATIVE, "Write 0.00 m or more"),
        fault("negative cover", "any, minimum: 1.00 m", "any, minimum: ^-1.00 m", NEGATIVE, "Write 0.00 m or more"),
        fault("negative angle", "below: 30 deg", "below: ^-30 deg", "not more than 0", "Write more than"),
        fault("negative years", "years: 50 years", "years: ^-50 years", "less than 1 years", "Write 50 years."),
        fault("negative distance of a zone", "distance: 2.00 m", "distance: ^-2.00 m", "less than", "m or more"),
        fault("missing cell: for all other pairs", OTHERWISE, "", "the entry otherwise is missing",
              "Add otherwise: a group with crossing, source.", at="id: separation\n"),
        fault("missing cells: of cover", "    cells:\n" + COVER, "    cells: ^[]\n    x-cells:\n" + COVER,
              "the list has too few items", "Give at least 1."),
        fault("missing cell: that decides between two", CELL,
              "      - between: [warmte/chamber, rioolVrijverval]\n" + ASKS + CELL,
              "for rioolVrijverval/manhole and warmte/chamber this cell and that for", "Add a cell for",
              at="between: [warmte, rioolVrijverval/manhole]"),
        fault("missing cell: nothing in it", CELL,
              "      - ^between: [warmte, water]\n        source: some-source\n" + CELL,
              "the cell asks nothing", "Add crossing, parallel, or both."),
        fault("missing cell: of a strength", "planned: blocks, decided: blocks}", "decided: blocks}",
              "the entry planned is missing", "Add planned: one of blocks, conditions, advises.",
              at="{search_area: advises"),
        fault("overlapping cells: the same pair", CELL,
              CELL + ASKS + "      - ^between: [rioolVrijverval, warmte]\n",
              "there already is a cell for rioolVrijverval and warmte",
              "Keep one of the two; the order within a pair does not count."),
        fault("overlapping cells: of cover", COVER, COVER + COVER.replace("- ", "- ^").replace("1.00", "1.20"),
              "there already is a cell for rioolVrijverval, surface any", "Keep one of the two."),
    ],
)  # fmt: skip
def test_it_is_refused_with_its_place_and_what_to_write(old: str, new: str, detail: str, remedy: str, at: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new.replace(HERE, "", 1) if at else new, 1)
    text, *place = place_of(text.replace(at, HERE + at, 1) if at else text)
    found = faults(text)
    told = [problem for problem in found if [problem.line, problem.column] == place]
    assert any(detail in problem.detail and remedy in problem.remedy for problem in told), list(map(str, found))
    assert all(problem.line and problem.column and problem.file == "policy.yaml" for problem in found)
    assert all(problem.remedy for problem in found)
    assert all(problem_line(problem, "nl") != problem_line(problem, "en") for problem in told)


def test_the_command_tells_the_place(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(TEXT.replace("reach: 150.00 m", "reach: 150.00"), encoding="utf-8")
    told = CliRunner().invoke(main, ["ruleset", "lint", str(path)])
    assert told.exit_code == 1
    assert f"{path}:8:10, ruleset.reach: the unit is left out (found 150.00). Write 150.00 m." in told.output


_QUANTITY = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ([A-Za-z][A-Za-z0-9/]*)")
#: What may be below nothing.
_SIGNED = re.compile(r"above|level")


def quantities() -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Every number with a unit, of every kind: where it stands, and both."""
    for route, value in leaves(DOCUMENT.data):
        found = _QUANTITY.fullmatch(str(value))
        if found and route[0] in ("ruleset", "rules") and route[-1] != "article":
            yield route, found[1], found[2]


def replaced(changes: Iterable[tuple[Place, str, str]]) -> str:
    """The text with what stands at each place replaced."""
    lines = TEXT.split("\n")
    for (line, column), old, new in sorted(changes, reverse=True):
        row = lines[line - 1]
        assert row[column - 1 :].startswith(old), (row, old)
        lines[line - 1] = row[: column - 1] + new + row[column - 1 + len(old) :]
    return "\n".join(lines)


def told_at(found: list[Problem], changes: list[tuple[Place, str, str]]) -> list[tuple[str, Problem]]:
    """With what was to be there the fault at each place, which what was changed before it on its line has moved."""
    told = []
    for (line, column), old, _ in changes:
        moved = sum(len(new) - len(was) for (row, at), was, new in changes if row == line and at < column)
        (problem,) = [one for one in found if (one.line, one.column) == (line, column + moved)]
        told.append((old, problem))
    return told


def test_every_number_of_every_kind_needs_its_unit_and_no_other() -> None:
    given = [(DOCUMENT.values[route], f"{number} {unit}", number) for route, number, unit in quantities()]
    assert len(given) > 30
    for change, detail in (({}, "the unit is left out"), ({"more": " ft"}, "not ft")):
        changes = [(place, old, number + change.get("more", "")) for place, old, number in given]
        for old, problem in told_at(faults(replaced(changes)), changes):
            assert detail in problem.detail, str(problem)
            assert problem.remedy.endswith(f" {old.split()[1]}."), str(problem)


def test_no_distance_of_any_kind_is_negative() -> None:
    asked = [one for one in quantities() if not _SIGNED.fullmatch(str(one[0][-1])) and not one[1].startswith("-")]
    changes = [(DOCUMENT.values[route], number, f"-{number}") for route, number, _ in asked]
    for _, problem in told_at(faults(replaced(changes)), changes):
        assert (problem.code, problem.remedy[:6]) == ("out_of_range", "Write "), str(problem)


def test_every_entry_of_every_kind_is_one_that_is_known() -> None:
    # A rule without its kind is told that alone, and what is within an unknown entry is not looked at.
    named = [route for route in DOCUMENT.keys if route[0] == "rules" and route[-1] != "kind"]
    assert len(named) > 150
    for deep in sorted({len(route) for route in named}):
        level = [route for route in named if len(route) == deep]
        for start in range(0, len(level), 30):
            given = [(DOCUMENT.keys[route], str(route[-1])) for route in level[start : start + 30]]
            changes = [(place, f"{key}:", f"{key}-x:") for place, key in given]
            found = [one for one in faults(replaced(changes)) if one.code == "unknown_property"]
            for old, problem in told_at(found, changes):
                assert problem.detail == f"there is no entry {old[:-1]}-x here"
                assert re.match(r"Did you mean [a-z_]+\?|Entries here are: ", problem.remedy), str(problem)


def test_no_entry_of_any_kind_stands_twice() -> None:
    first = {str(route[-1]): place for route, place in DOCUMENT.keys.items() if route[0] == "rules"}
    assert len(first) > 40
    for key, (line, column) in first.items():
        block = not TEXT.split("\n")[line - 1][: column - 1].strip(" -")
        more = "\n" + " " * (column - 1) if block else ", "
        text = replaced([((line, column), f"{key}:", f"{key}: x{more}{key}:")])
        with pytest.raises(Refused) as refusal:
            load_yaml(text, "policy.yaml", "invalid_ruleset")
        (problem,) = refusal.value.problems
        place = (line + 1, column) if block else (line, column + len(f"{key}: x, "))
        assert (problem.line, problem.column, problem.code) == (*place, "duplicate_key"), str(problem)
        assert problem.remedy == f"Keep one of them; the first is on line {line}."
