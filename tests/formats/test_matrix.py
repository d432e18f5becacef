"""The separation matrix as a spreadsheet: out and in is the same ruleset, and what is wrong is told where."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from registry.core.errors import Problem, Refused
from registry.core.reading import metres
from registry.formats.matrix_files import read_grid, write_table
from registry.formats.matrix_table import COLUMNS, HEADINGS, Grid, letters, matrix_of, table_of
from registry.formats.matrix_text import with_matrix
from registry.formats.problems_told import problem_line
from registry.formats.ruleset_changes import change_lines
from registry.formats.ruleset_yaml import load_ruleset
from registry.formats.words import Language
from tests.conftest import ROOT

WHOLE = (ROOT / "examples" / "rulesets" / "cautious.yaml").read_text(encoding="utf-8")
#: Without its examples, which take long to read and hold no matrix.
_PARTS = [part for part in re.split(r"^(?=[a-z]+:)", WHOLE, flags=re.MULTILINE) if not part.startswith("examples:")]
TEXT = "".join(_PARTS)
FILES = sorted((*(ROOT / "examples" / "rulesets").glob("*.yaml"), *(ROOT / "tests" / "golden").glob("*.yaml")))
KINDS = (".csv", ".xlsx")


def exported(path: Path, text: str = TEXT, lang: Language = "en") -> Path:
    ruleset = load_ruleset(text)
    path.write_bytes(write_table(path, table_of(ruleset, matrix_of(ruleset, None)), lang))
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_out_and_in_without_a_change_is_the_same_text(file: Path, lang: Language, kind: str, tmp_path: Path) -> None:
    text = file.read_text(encoding="utf-8")
    found, same = with_matrix(text, read_grid(exported(tmp_path / f"m{kind}", text, lang)), None, None)
    assert same == text
    assert found.sha256 == load_ruleset(text).sha256


THEMES = ("warmte", "water", "rioolVrijverval/manhole", "rioolVrijverval", "gasLageDruk/line")


@st.composite
def matrices(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Cells, of which no two leave open which holds: those of one pair of themes all name the same object kinds."""
    lengths = st.integers(0, 2500).map(metres)
    sources = st.sampled_from(["own-choice", "moscow-mgsn"])
    clearance = st.fixed_dictionaries(
        {"ch": lengths, "cv": st.one_of(lengths, st.just("any_depth"))}, optional={"source": sources}
    )
    cell = st.one_of(
        st.fixed_dictionaries({"crossing": clearance, "source": sources}, optional={"parallel": clearance}),
        st.fixed_dictionaries({"parallel": clearance, "source": sources}),
    )
    pairs = [(a, b) for number, a in enumerate(THEMES) for b in THEMES[number + 1 :]]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=5, unique=True))
    return [{"between": list(draw(st.permutations(pair))), **draw(cell)} for pair in chosen]


def _text(cells: list[dict[str, Any]]) -> str:
    """The cautious ruleset with other cells, and a comment in their midst."""
    head, _, rest = TEXT.partition("    cells:\n      # heat;")
    tail = rest[rest.index("\n  - id: cover\n") :]
    lines = ["    cells:  # of themes", "      # before", *(f"      - {_flow(cell)}  # kept" for cell in cells)]
    return head + "\n".join(lines if cells else ["    cells: []"]) + tail


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(inner)}" for key, inner in value.items()) + "}"
    return f"[{', '.join(value)}]" if isinstance(value, list) else str(value)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=matrices(), other=matrices(), kind=st.sampled_from(KINDS))
def test_any_matrix_goes_out_and_comes_into_any_other(
    one: list[dict[str, Any]], other: list[dict[str, Any]], kind: str, tmp_path: Path
) -> None:
    before, after = _cited(one), _cited(other)
    try:
        wanted = load_ruleset(after)
    except Refused:  # two cells of which neither is the more specific
        return
    table = exported(tmp_path / f"m{kind}", after)
    found, text = with_matrix(before, read_grid(table), None, "9.0.0")
    said: Any = found.document
    assert said["ruleset"]["version"] == "9.0.0"
    assert _rule(said) == _rule(wanted.document)
    assert load_ruleset(text).sha256 == found.sha256
    again, same = with_matrix(text, read_grid(table), None, None)
    assert (again.sha256, same) == (found.sha256, text)


def _cited(cells: list[dict[str, Any]]) -> str:
    """With the sources of the cells named elsewhere as well, so that no matrix leaves one that nothing rests on."""
    text = _text(cells)
    for name in ("moscow-mgsn", "own-choice"):
        text = text.replace("source: klic-app", f"source: {name}", 1)
    return text


def _rule(document: Any) -> Any:
    return next(rule for rule in document["rules"] if rule["id"] == "separation")


def test_only_what_changed_is_written_anew_and_comments_stay(tmp_path: Path) -> None:
    table = exported(tmp_path / "m.csv", WHOLE)
    rows = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8"))))
    for row in rows:
        if row[:2] == ["warmte", "water"]:
            row[COLUMNS.index("parallel.ch")] = "1.75"
            row[COLUMNS.index("crossing.ch")], row[COLUMNS.index("crossing.cv")] = "0.2", "0.25"
    rows = [row for row in rows if row[:2] != ["datatransport", "water"]]
    rows.append(["wees", "warmte", "", "", "", "0.5", "any_depth", "own-choice", "din-1998"])
    _save(table, rows)
    found, text = with_matrix(WHOLE, read_grid(table), None, "1.3.0")
    before, after = WHOLE.splitlines(), text.splitlines()
    heat = "[warmte, water], parallel: {ch: 1.50 m, cv: any_depth}"
    assert [line for line in after if line not in before] == [
        "  version: 1.3.0",
        "      - {between: [warmte, water], crossing: {ch: 0.20 m, cv: 0.25 m}, parallel: {ch: 1.75 m, cv: any_depth}, "
        "source: moscow-mgsn}",
        "      - {between: [wees, warmte], parallel: {ch: 0.50 m, cv: any_depth, source: own-choice}, "
        "source: din-1998}",
    ]
    gone = [line for line in before if line not in after]
    assert [line.strip()[:60] for line in gone] == [
        "version: 1.2.0",
        f"- {{between: {heat}"[:60],
        "- {between: [datatransport, water], parallel: {ch: 0.50 m, cv: any_depth}"[:60],
    ]
    assert len(list(change_lines(load_ruleset(WHOLE), found, "en"))) == 7


def _save(path: Path, rows: list[list[str]], delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def faults(path: Path, text: str = TEXT) -> list[Problem]:
    with pytest.raises(Refused) as caught:
        with_matrix(text, read_grid(path), None, None, "policy.yaml")
    return caught.value.problems


ROW = 3  # of a cell in the exported table, from 0: in a spreadsheet the fourth
CH, CV, SOURCE = (COLUMNS.index(column) for column in ("parallel.ch", "parallel.cv", "source"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("column", "value", "detail", "remedy"),
    [
        (CH, "1,50", "the decimal sign is a point", "Write 1.50."),
        (CH, "1.50 m", "the unit stands in the heading", "Write 1.50."),
        (CH, "-0.50", "this is less than 0.00 m", "Write 0.00 or more."),
        (CH, "=1+1", "this is a formula, and none is worked out", "Write the number itself."),
        (CH, "@x", "this is a formula, and none is worked out", "Write the number itself."),
        (CH, "wide", "this is not a number of metres", "Write it as 1.50."),
        (CH, "1e3", "this is not a number of metres", "Write it as 1.50."),
        (CH, "0.12345", "this has more than 3 decimals", "Write at most 3 decimals."),
        (CH, "any_depth", "this is not a number of metres", "Write it as 1.50."),
        (CV, "deep", "this is not a number of metres", "Write it as 1.50, or any_depth."),
        (CH, "", "this is blank", "Write a length, or make all of parallel blank."),
        (SOURCE, "", "this is blank", "Fill it in, or make the whole row blank."),
        (0, "", "this is blank", "Fill it in, or make the whole row blank."),
        (0, "warmt", "there is no theme warmt", "Did you mean warmte?"),
        (1, "water/manhol", "there is no object kind manhol", "Did you mean manhole?"),
        (SOURCE, "moscow", "there is no source moscow", "Did you mean moscow-mgsn?"),
        (CH, "11.00", "objects farther away than the ruleset's reach", "Write at least 11.00 m as ruleset.reach."),
        (9, "a note", "this column has no heading", "Remove it: what stands here would be lost."),
    ],
)
def test_a_bad_cell_is_told_by_sheet_row_and_column(
    column: int, value: str, detail: str, remedy: str, kind: str, tmp_path: Path
) -> None:
    path = exported(tmp_path / f"m{kind}")
    if kind == ".csv":
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        rows[ROW] = (rows[ROW] + [""])[:10]
        rows[ROW][column] = value
        _save(path, rows)
    else:
        book = load_workbook(path)
        book["matrix"].cell(ROW + 1, column + 1).value = value or None
        book.save(path)
    (problem,) = faults(path)
    assert problem.detail.startswith(detail)
    assert problem.remedy.startswith(remedy)
    assert problem.field == f"matrix!{letters(column)}{ROW + 1}"
    assert (problem.file, problem.line, problem.column) == (str(path), ROW + 1, column + 1)
    assert problem.value in (value, f"{value} m")
    assert "[Engels" not in problem_line(problem, "nl")


def _cell(row: int, column: int, value: object) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book["matrix"].cell(row, column).value = value

    return change


def _merged(book: Any) -> None:
    book["matrix"].merge_cells("F4:G5")


def _renamed(book: Any) -> None:
    book["matrix"].title = "blad"


def _long(book: Any) -> None:
    book["matrix"].cell(1_000_000, 1).value = "x"


@pytest.mark.parametrize(
    ("change", "field", "detail"),
    [
        (_cell(4, 6, True), "matrix!F4", "this is not a number"),
        (_cell(4, 6, date(2027, 1, 1)), "matrix!F4", "this is not a number"),
        (_cell(4, 6, "#REF!"), "matrix!F4", "this is not a number"),
        (_cell(4, 6, 0.12345), "matrix!F4", "this has more than 3 decimals"),
        (_cell(4, 6, -1), "matrix!F4", "this is less than 0.00 m"),
        (_cell(4, 1, 7), "matrix!A4", "this is not text"),
        (_cell(1, 3, "extra"), "matrix!C1", "this heading is not known here"),
        (_cell(1, 3, "source"), "matrix!I1", "this heading stands there twice"),
        (_merged, "matrix!F4", "the cells F4:G5 are merged"),
        (_renamed, "", "there is no sheet matrix, only blad"),
        (_long, "", "the sheet has more than 2000 rows or 50 columns"),
    ],
)
def test_a_bad_spreadsheet_is_told(
    change: Callable[[Any], None], field: str, detail: str, tmp_path: Path
) -> None:
    path = exported(tmp_path / "m.xlsx")
    book = load_workbook(path)
    change(book)
    book.save(path)
    found = [(problem.field, problem.detail) for problem in faults(path)]
    assert (field, detail) in found
    assert not any("[Engels" in problem_line(problem, "nl") for problem in faults(path))


def test_a_pair_that_is_there_twice_is_told_where(tmp_path: Path) -> None:
    path = exported(tmp_path / "m.csv")
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    rows.append([rows[ROW][1], rows[ROW][0], *rows[ROW][2:]])
    rows.append(rows[1])
    _save(path, rows)
    (others,) = faults(path)
    assert (others.field, others.detail) == ("matrix!A52", "the row of other pairs is there already, as row 2")
    _save(path, rows[:-1])
    (pair,) = faults(path)
    assert (pair.field, pair.line) == ("matrix!A51", 51)
    assert pair.detail.startswith("there already is a cell for")
    _save(path, rows[:1] + rows[2:-2])
    assert [problem.detail for problem in faults(path)] == ["there is no row of other pairs"]


def test_every_bad_cell_is_told_at_once(tmp_path: Path) -> None:
    path = exported(tmp_path / "m.csv")
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    rows[3][CH], rows[4][CV], rows[5][SOURCE] = "1,5", "x", ""
    _save(path, rows)
    assert [problem.field for problem in faults(path)] == ["matrix!F4", "matrix!G5", "matrix!I6"]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_csv_of_a_dutch_spreadsheet_is_read(delimiter: str, tmp_path: Path) -> None:
    path = exported(tmp_path / "m.csv", lang="nl")
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    order = [8, 0, 1, 2, 3, 4, 5, 6, 7]
    _save(path, [[row[index] for index in order] for row in rows] + [[""] * 9, []], delimiter)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert with_matrix(TEXT, read_grid(path), None, None)[1] == TEXT


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"", "the sheet is empty"),
        (b"\xff", "the text is not UTF-8"),
        (b"a\0b", "this is not text"),
        (b'"a', "this is not well-formed CSV"),
        (b"theme\n" * 3000, "the sheet has more than 2000 rows or 50 columns"),
        (b"," * 100, "the sheet has more than 2000 rows or 50 columns"),
        (b"x" * 3_000_000, "the file is larger than 2000 kB"),
        (b"theme\n", "there is no column other theme"),
        (b"PK\x03\x04", "this heading is not known here"),
    ],
)
def test_anything_as_csv_is_told(content: bytes, detail: str, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(content)
    problem = faults(path)[0]
    assert problem.detail.startswith(detail)
    assert problem.file == str(path)


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue()


def _with_entities() -> bytes:
    out = io.BytesIO()
    book = Workbook()
    book.active.title = "matrix"
    book.save(out)
    parts = zipfile.ZipFile(out)
    found = {name: parts.read(name) for name in parts.namelist()}
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x">]>'
    found["xl/workbook.xml"] = bomb + found["xl/workbook.xml"]
    return _zip(**found)


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"", "this is no workbook that can be read"),
        (b"theme,other theme\n", "this is no workbook that can be read"),
        (_zip(a=b"x"), "this is no workbook that can be read"),
        (_zip(a=b"\0" * 5_000_000), "it unpacks to far more than it is"),
        (_zip(**{str(number): b"" for number in range(300)}), "it has more than 200 parts"),
        (_with_entities(), "a document type is declared in it"),
        (_zip(a='<?xml?><!DOCTYPE a>'.encode("utf-16")), "a document type is declared in it"),
    ],
)
def test_what_is_no_safe_workbook_is_refused(content: bytes, detail: str, tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    path.write_bytes(content)
    (problem,) = faults(path)
    assert problem.detail.startswith(detail)


def test_a_broken_workbook_is_refused_wherever_it_is_cut(tmp_path: Path) -> None:
    whole = exported(tmp_path / "m.xlsx").read_bytes()
    path = tmp_path / "cut.xlsx"
    for length in range(0, len(whole) - 1, 517):
        path.write_bytes(whole[:length])
        assert faults(path)[0].code == "unreadable"


def test_a_number_that_was_worked_out_elsewhere_is_rounded_no_further_than_it_is_shown(tmp_path: Path) -> None:
    """A spreadsheet keeps 0.1 + 0.2 as 0.30000000000000004, and shows 0.3."""
    path = exported(tmp_path / "m.xlsx")
    book = load_workbook(path)
    book["matrix"]["F4"].value = 0.1 + 0.2
    book.save(path)
    document: Any = with_matrix(TEXT, read_grid(path), None, None)[0].document
    found = {tuple(cell["between"]): cell["parallel"] for cell in _rule(document)["cells"] if "parallel" in cell}
    row = [cell.value for cell in load_workbook(path)["matrix"][4]]
    assert found[(row[0], row[1])]["ch"] == 300


def test_text_is_no_formula_where_it_goes_out(tmp_path: Path) -> None:
    rows: Any = [{"first": "=1+1", "second": "@x", "source": "+1"}]
    path = tmp_path / "m.csv"
    path.write_bytes(write_table(path, rows, "en"))
    assert path.read_text(encoding="utf-8").splitlines()[1] == "'=1+1,'@x,,,,,,,'+1"
    path = tmp_path / "m.xlsx"
    path.write_bytes(write_table(path, rows, "en"))
    assert load_workbook(path)["matrix"]["A2"].data_type == "s"
    (row,) = read_grid(path).rows[1:]
    assert row[0] == "=1+1"


def test_lengths_are_numbers_in_a_spreadsheet(tmp_path: Path) -> None:
    sheet = load_workbook(exported(tmp_path / "m.xlsx", lang="nl"))["matrix"]
    assert [cell.value for cell in sheet[1]] == list(HEADINGS["nl"].values())
    assert [cell.value for cell in sheet[2]] == ["*", "*", 0.2, 0.2, None, 0.5, "any_depth", "own-choice", "din-1998"]
    assert sheet["C2"].number_format == "0.00"


def test_which_rule_is_meant() -> None:
    separation = TEXT[TEXT.index("  - id: separation") : TEXT.index("  - id: cover")]
    two = TEXT.replace(separation, separation + separation.replace("id: separation", "id: second", 1), 1)
    ruleset = load_ruleset(two)
    assert matrix_of(ruleset, "second").header.id == "second"
    for name, detail in ((None, "there are several separation rules"), ("third", "there is no separation rule third")):
        with pytest.raises(Refused) as caught:
            matrix_of(ruleset, name)
        (problem,) = caught.value.problems
        assert (problem.detail, problem.remedy) == (detail, "Name one of second, separation with --rule.")


def test_a_source_that_would_need_quotes_gets_them() -> None:
    text = TEXT.replace("own-choice", '"no"')
    plain = Grid("m", "matrix", [list(HEADINGS["en"].values()), ["*", "*", 1, 1, None, None, None, None, "no"]])
    text = text.replace('    parallel_source: "no"\n', "").replace("source: klic-app", "source: moscow-mgsn", 1)
    text = text.replace("source: open-profiles", "source: din-1998", 1)
    found, edited = with_matrix(text, plain, None, None)
    assert 'source: "no"' in edited
    assert load_ruleset(edited).sha256 == found.sha256
