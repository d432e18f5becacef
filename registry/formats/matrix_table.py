"""The separation matrix as a table a manager edits: a row for each cell, one for all other pairs, lengths in metres.

What is blank is left out of the ruleset: a crossing is then that of other pairs, along a parallel run nothing more is
asked, a source is that of the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from registry.core.errors import Code, Problem, Refused, shown
from registry.core.policy import ANY_DEPTH, Ruleset
from registry.core.reading import metres
from registry.core.rules.separation import SeparationRule
from registry.formats.words import Language

Column = Literal[
    "first",
    "second",
    "crossing.ch",
    "crossing.cv",
    "crossing.source",
    "parallel.ch",
    "parallel.cv",
    "parallel.source",
    "source",
]
HEADINGS: Final[dict[Language, dict[Column, str]]] = {
    "en": {
        "first": "theme",
        "second": "other theme",
        "crossing.ch": "crossing sideways (m)",
        "crossing.cv": "crossing vertically (m)",
        "crossing.source": "source of crossing",
        "parallel.ch": "parallel sideways (m)",
        "parallel.cv": "parallel vertically (m)",
        "parallel.source": "source of parallel",
        "source": "source",
    },
    "nl": {
        "first": "thema",
        "second": "ander thema",
        "crossing.ch": "kruisend zijdelings (m)",
        "crossing.cv": "kruisend verticaal (m)",
        "crossing.source": "bron van kruisend",
        "parallel.ch": "evenwijdig zijdelings (m)",
        "parallel.cv": "evenwijdig verticaal (m)",
        "parallel.source": "bron van evenwijdig",
        "source": "bron",
    },
}
COLUMNS: Final = tuple(HEADINGS["en"])
_COLUMN_OF: Final = {text: column for headings in HEADINGS.values() for column, text in headings.items()}
#: What stands for both themes in the row of the other pairs.
OTHERS: Final = "*"
#: More cells than a ruleset can hold.
MAX_ROWS: Final = 2_000
#: More columns than there are, and some to spare for notes that are refused one by one.
MAX_COLUMNS: Final = 50

#: A cell of a file as it was read: text, a number, nothing, or (``str`` in ``Odd``) something that is neither.
Value = str | int | float | Decimal | None


@dataclass(frozen=True, slots=True)
class Odd:
    """What stands in a cell and is neither text nor a number: a formula, a date, a truth value, an error."""

    what: Literal["formula", "other"]
    shown: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet as it stands in a file: ``rows`` from the first on, each from the first column on."""

    file: str
    sheet: str
    rows: Sequence[Sequence[Value | Odd]]

    def problem(self, row: int, column: int, detail: str, remedy: str, code: Code, value: object = "") -> Problem:
        """A problem in a cell, both from 0."""
        field = f"{self.sheet}!{letters(column)}{row + 1}"
        return Problem(code, detail, remedy, field, shown(value), "", self.file, row + 1, column + 1)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a table says: cells as they stand in a ruleset, and other pairs; with the row of each, and the columns."""

    cells: list[dict[str, Any]]
    otherwise: dict[str, Any]
    cell_rows: list[int]
    otherwise_row: int
    columns: Mapping[Column, int]


def letters(column: int) -> str:
    """A column, from 0, as spreadsheets name it: ``A``, ``Z``, ``AA``."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def matrix_of(ruleset: Ruleset, rule: str | None, file: str = "") -> SeparationRule:
    """The separation rule with this id, or the only one. Raises ``Refused``."""
    found = [one for one in ruleset.rules if isinstance(one, SeparationRule)]
    named = [one for one in found if rule in (None, one.header.id)]
    if len(named) == 1:
        return named[0]
    names = ", ".join(one.header.id for one in found)
    detail = "there are several separation rules" if rule is None else f"there is no separation rule {shown(rule)}"
    raise Refused(Problem("not_allowed", detail, f"Name one of {names} with --rule.", "rules", file=file))


def table_of(ruleset: Ruleset, rule: SeparationRule) -> Iterator[dict[Column, str | Decimal]]:
    """The rows of a matrix: other pairs first, then the cells by their pair. Blank columns are left out."""
    document: Any = ruleset.document
    (given,) = (one for one in document["rules"] if one["id"] == rule.header.id)
    yield {"first": OTHERS, "second": OTHERS, **_row(given["otherwise"])}
    for cell in sorted(given["cells"], key=lambda cell: [str(side) for side in cell["between"]]):
        first, second = cell["between"]
        yield {"first": first, "second": second, **_row(cell)}


def _row(cell: Mapping[str, Any]) -> dict[Column, str | Decimal]:
    row: dict[Column, str | Decimal] = {}
    for column in COLUMNS[2:]:
        group, _, key = column.rpartition(".")
        value = cell.get(group, {}).get(key) if group else cell.get(key)
        if isinstance(value, int):
            row[column] = Decimal(metres(value).removesuffix(" m"))
        elif value is not None:
            row[column] = value
    return row


def read_table(grid: Grid) -> Rows:
    """What a sheet says. Raises ``Refused`` with every cell that cannot be read, by sheet, row and column."""
    if not grid.rows:
        raise Refused(grid.problem(0, 0, "the sheet is empty", "Begin with what `export` writes.", "missing"))
    problems: list[Problem] = []
    columns = _columns(grid, problems)
    if problems:
        raise Refused(problems)
    rows = Rows([], {}, [], -1, columns)
    others = -1
    for number, row in enumerate(grid.rows[1:], 1):
        found = {column: _value(row, index) for column, index in columns.items()}
        _refuse_beside(grid, number, row, columns, problems)
        if all(value is None for value in found.values()):
            continue
        cell = _cell(grid, number, found, columns, problems)
        if [found["first"], found["second"]] == [OTHERS, OTHERS]:
            if others >= 0:
                detail = f"the row of other pairs is there already, as row {others + 1}"
                problems.append(grid.problem(number, columns["first"], detail, "Keep one of the two.", "duplicate_id"))
            others = number
            rows.otherwise.update(cell)
        else:
            rows.cells.append({"between": [found["first"] or "", found["second"] or ""], **cell})
            rows.cell_rows.append(number)
    if others < 0:
        remedy = f"Add a row with {OTHERS} for both themes."
        problems.append(grid.problem(0, columns["first"], "there is no row of other pairs", remedy, "missing"))
    if problems:
        raise Refused(problems)
    return Rows(rows.cells, rows.otherwise, rows.cell_rows, others, columns)


def _columns(grid: Grid, problems: list[Problem]) -> dict[Column, int]:
    """Where each column is: by its heading in either language, in any order."""
    columns: dict[Column, int] = {}
    for index, heading in enumerate(grid.rows[0]):
        if heading is None:
            continue
        text = heading.strip() if isinstance(heading, str) else ""
        column = _COLUMN_OF.get(text)
        if column is None or column in columns:
            detail = "this heading is not known here" if column is None else "this heading stands there twice"
            value = heading.shown if isinstance(heading, Odd) else heading
            remedy = "Use the headings that `export` writes, each once."
            problems.append(grid.problem(0, index, detail, remedy, "unknown_property", value))
        else:
            columns[column] = index
    for column in COLUMNS:
        if column not in columns and not problems:
            detail = f"there is no column {HEADINGS['en'][column]}"
            problems.append(grid.problem(0, 0, detail, "Use the headings that `export` writes, each once.", "missing"))
    return columns


def _refuse_beside(
    grid: Grid, number: int, row: Sequence[Value | Odd], columns: Mapping[Column, int], problems: list[Problem]
) -> None:
    """Refuse what stands in a column without a heading: it would be lost."""
    known = set(columns.values())
    for index in range(len(row)):
        if index not in known and _value(row, index) is not None:
            detail, remedy = "this column has no heading", "Remove it: what stands here would be lost."
            problems.append(grid.problem(number, index, detail, remedy, "unknown_property", _plainly(row[index])))


def _cell(
    grid: Grid, number: int, found: Mapping[Column, Value | Odd], columns: Mapping[Column, int], problems: list[Problem]
) -> dict[str, Any]:
    """A row as it stands in a ruleset, without the pair."""

    def fault(column: Column, detail: str, remedy: str, code: Code) -> None:
        value = _plainly(found[column])
        problems.append(grid.problem(number, columns[column], detail, remedy, code, value))

    cell: dict[str, Any] = {}
    for column in ("first", "second", "source"):
        if found[column] is None:
            fault(column, "this is blank", "Fill it in, or make the whole row blank.", "missing")
        elif not isinstance(found[column], str):
            fault(column, "this is not text", "Write it as text.", "wrong_type")
    for group in ("crossing", "parallel"):
        ch, cv, source = (_of(group, key) for key in ("ch", "cv", "source"))
        if all(found[column] is None for column in (ch, cv, source)):
            continue
        clearance = {}
        for column, key in ((ch, "ch"), (cv, "cv")):
            if found[column] is None:
                fault(column, "this is blank", f"Write a length, or make all of {group} blank.", "missing")
            told = _length(found[column], key == "cv")
            if isinstance(told, str):
                clearance[key] = told
            else:
                fault(column, *told)
        if found[source] is not None:
            if isinstance(found[source], str):
                clearance["source"] = str(found[source])
            else:
                fault(source, "this is not text", "Write it as text.", "wrong_type")
        cell[group] = clearance
    if isinstance(found["source"], str):
        cell["source"] = found["source"]
    return cell


def _of(group: str, key: str) -> Column:
    return next(column for column in COLUMNS if column == f"{group}.{key}")


def _length(value: Value | Odd, any_depth: bool) -> str | tuple[str, str, Code]:
    """A length as it is written in a ruleset, or what is wrong with it."""
    otherwise = f", or {ANY_DEPTH}" if any_depth else ""
    if value is None:
        return "0.00 m"  # told as blank
    if isinstance(value, Odd):
        if value.what == "formula":
            return "this is a formula, and none is worked out", "Write the number itself.", "not_allowed"
        return "this is not a number", f"Write a length in metres, as 1.50{otherwise}.", "wrong_type"
    text = value.strip() if isinstance(value, str) else _written(value)
    if any_depth and text == ANY_DEPTH:
        return text
    if re.fullmatch(r"-[0-9.,]+", text):
        return "this is less than 0.00 m", "Write 0.00 or more.", "out_of_range"
    if text[:1] in ("=", "+", "-", "@"):
        return "this is a formula, and none is worked out", "Write the number itself.", "not_allowed"
    if re.fullmatch(r"[0-9]+,[0-9]+", text):
        return "the decimal sign is a point", f"Write {text.replace(',', '.')}.", "wrong_type"
    if with_unit := re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?m", text):
        return "the unit stands in the heading", f"Write {with_unit[1]}.", "wrong_type"
    if not (number := re.fullmatch(r"(0|[1-9][0-9]{0,4})(?:\.([0-9]+))?", text)):
        return "this is not a number of metres", f"Write it as 1.50{otherwise}.", "wrong_type"
    decimals = (number[2] or "").rstrip("0")
    if len(decimals) > 3:
        return "this has more than 3 decimals", "Write at most 3 decimals.", "out_of_range"
    return f"{number[1]}.{decimals.ljust(2, '0')} m"


def _written(value: int | float | Decimal) -> str:
    """A number as it is written, without an exponent. Of a float the 15 digits that a spreadsheet shows."""
    return f"{Decimal(f'{value:.15g}') if isinstance(value, float) else value:f}"


def _value(row: Sequence[Value | Odd], index: int) -> Value | Odd:
    """What stands in a cell; text of nothing but spaces is nothing."""
    value = row[index] if index < len(row) else None
    if isinstance(value, str):
        # What is quoted so as not to be taken for a formula.
        value = value.strip()
        value = value[1:] if re.match(r"'[=+@-]", value) else value
        return value or None
    return value


def _plainly(value: Value | Odd) -> object:
    return value.shown if isinstance(value, Odd) else "" if value is None else value
