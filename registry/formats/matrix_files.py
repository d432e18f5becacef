"""Tables as files people edit: CSV and spreadsheets (xlsx). Nothing in them is worked out, followed or run."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from registry.core.errors import Problem, Refused, shown
from registry.formats.files import read_limited
from registry.formats.matrix_table import COLUMNS, HEADINGS, MAX_COLUMNS, MAX_ROWS, Column, Grid, Odd, Value
from registry.formats.words import Language

#: Bytes of a file, and of all that is packed in it; how many parts there may be, and how much smaller packed.
MAX_BYTES: Final = 2_000_000
_MAX_UNPACKED: Final = 20_000_000
_MAX_PARTS: Final = 200
_MAX_RATIO: Final = 100
#: The sheet of a spreadsheet in which the matrix stands.
SHEET: Final = "matrix"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_DECLARATIONS: Final = ("<!DOCTYPE", "<!ENTITY")

Rows = Iterable[Mapping[Column, "str | Decimal"]]


def write_table(path: Path, rows: Rows, lang: Language) -> bytes:
    """The table as a file of the kind its name says. Raises ``Refused`` where that is neither .csv nor .xlsx."""
    return {".csv": _csv, ".xlsx": _xlsx}[_kind(path)](rows, lang)


def read_grid(path: Path) -> Grid:
    """The sheet in a file. Raises ``Refused`` for what is no table, is too large or may hold more than it says."""
    kind, content = _kind(path), read_limited(path, MAX_BYTES)
    if len(content) > MAX_BYTES:
        detail = f"the file is larger than {MAX_BYTES // 1000} kB"
        raise _refused(path, detail, "Give the table alone, without pictures or other sheets.", "too_large")
    return _grid_of_csv(path, content) if kind == ".csv" else _grid_of_xlsx(path, content)


def _kind(path: Path) -> str:
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise _refused(path, "this is neither .csv nor .xlsx", "Give it a name that ends with one of these.")
    return kind


def _csv(rows: Rows, lang: Language) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([HEADINGS[lang][column] for column in COLUMNS])
    for row in rows:
        writer.writerow([_safe(str(row.get(column, ""))) for column in COLUMNS])
    return out.getvalue().encode("utf-8")


def _safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _xlsx(rows: Rows, lang: Language) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append([HEADINGS[lang][column] for column in COLUMNS])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, row in enumerate(rows, 2):
        for index, column in enumerate(COLUMNS, 1):
            value = row.get(column)
            if value is None:
                continue
            cell = sheet.cell(number, index)
            if isinstance(value, Decimal):
                cell.value = value
                cell.number_format = "0.000" if value.as_tuple().exponent == -3 else "0.00"
            else:
                # As text, whatever it begins with.
                cell.value = value
                cell.data_type = "s"
    for index, column in enumerate(COLUMNS):
        sheet.column_dimensions["ABCDEFGHI"[index]].width = 32 if column in ("first", "second") else 24
    sheet.freeze_panes = "C2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _grid_of_csv(path: Path, content: bytes) -> Grid:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = Problem("invalid_text", "the text is not UTF-8", "Save it as UTF-8.", "", "", "", str(path), line, 1)
        raise Refused(problem) from None
    if "\0" in text:
        raise _refused(path, "this is not text", "Save it as CSV in UTF-8.", "invalid_text")
    first = text.partition("\n")[0]
    # Where the comma is the decimal sign, spreadsheets part by semicolons.
    delimiter = ";" if first.count(";") > first.count(",") else ","
    rows: list[list[Value | Odd]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append([value if value.strip() else None for value in row])
            _refuse_large(path, len(rows), len(row))
    except csv.Error as error:
        remedy = "Look at the quotes on this line."
        problem = Problem("invalid_text", f"this is not well-formed CSV: {shown(error)}", remedy, file=str(path))
        raise Refused(problem) from None
    return Grid(str(path), SHEET, rows)


def _grid_of_xlsx(path: Path, content: bytes) -> Grid:
    from openpyxl import load_workbook

    _refuse_unsafe(path, content)
    try:
        with warnings.catch_warnings():
            # What of a workbook is not kept (styles, checks) is of no matter here.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), data_only=False, keep_links=False, rich_text=False)
    except Exception as error:  # whatever a broken workbook makes the library trip over
        raise _no_workbook(path, error) from None
    if SHEET not in book.sheetnames:
        detail = f"there is no sheet {SHEET}, only {shown(', '.join(book.sheetnames), 200)}"
        raise _refused(path, detail, f"Name the sheet {SHEET}, as `export` does.", "missing")
    sheet: Any = book[SHEET]
    if not hasattr(sheet, "merged_cells"):
        raise _refused(path, f"the sheet {SHEET} holds no cells", "Give a sheet of cells.", "wrong_type")
    _refuse_large(path, sheet.max_row, sheet.max_column)
    merged = [str(found.coord) for found in sheet.merged_cells.ranges]
    rows = [[_value_of(cell) for cell in row] for row in sheet.iter_rows()]
    grid = Grid(str(path), SHEET, rows)
    if merged:
        detail = f"the cells {', '.join(sorted(merged)[:5])} are merged"
        first = min(sheet.merged_cells.ranges, key=lambda found: (found.min_row, found.min_col))
        remedy = "Unmerge them, and fill each in."
        raise Refused(grid.problem(first.min_row - 1, first.min_col - 1, detail, remedy, "not_allowed"))
    return grid


def _value_of(cell: Any) -> Value | Odd:
    value = cell.value
    if cell.data_type == "f":
        return Odd("formula", str(getattr(value, "text", None) or value))
    if value is None or (isinstance(value, str) and cell.data_type != "e"):
        return value
    if isinstance(value, (bool, date, datetime, time, timedelta)) or cell.data_type == "e":
        return Odd("other", str(value))
    return value if isinstance(value, (int, float, Decimal)) else Odd("other", str(value))


def _refuse_unsafe(path: Path, content: bytes) -> None:
    """Refuse what is no zip file, unpacks to far more than it is, or declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > _MAX_PARTS:
                raise _refused(path, f"it has more than {_MAX_PARTS} parts", "Save the sheet alone.", "too_complex")
            if any(part.flag_bits & 1 for part in parts):
                raise _refused(path, "it is protected by a password", "Save it without one.", "unreadable")
            size = 0
            for part in parts:
                with packed.open(part) as stream:
                    # By what is really in it, not by what it says.
                    text = stream.read(_MAX_UNPACKED - size + 1)
                size += len(text)
                if size > _MAX_UNPACKED or len(text) > _MAX_RATIO * max(part.compress_size, 1_000):
                    raise _refused(path, "it unpacks to far more than it is", "Save the sheet alone.", "too_large")
                if any(word.encode(coding) in text for word in _DECLARATIONS for coding in ("ascii", "utf-16-le")):
                    remedy = "Save it from a spreadsheet program."
                    raise _refused(path, "a document type is declared in it", remedy, "not_allowed")
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, RuntimeError) as error:
        raise _no_workbook(path, error) from None
    except Exception as error:
        if isinstance(error, Refused):
            raise
        raise _no_workbook(path, error) from None


def _refuse_large(path: Path, rows: int, columns: int) -> None:
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        detail = f"the sheet has more than {MAX_ROWS} rows or {MAX_COLUMNS} columns"
        raise _refused(path, detail, "Remove the empty rows and columns around the table.", "too_large")


def _no_workbook(path: Path, error: Exception) -> Refused:
    detail = f"this is no workbook that can be read: {shown(error) or type(error).__name__}"
    return _refused(path, detail, "Save it as .xlsx from a spreadsheet program.", "unreadable")


def _refused(path: Path, detail: str, remedy: str, code: Any = "not_allowed") -> Refused:
    return Refused(Problem(code, detail, remedy, file=str(path)))


