"""Reads the workbook of a return: text for each cell, and the place of whatever could not be read."""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Any

from indicators.imports import RETURN_INFORMATION, RETURN_NUMBERS, header_of
from indicators.typed_text import quoted
from indicators.workbooks.library import openpyxl_
from indicators.workbooks.measuring import Extent, Refused, column_of, measured

MAX_SHEETS = 20
MAX_FINDINGS = 500
SHEET = "Return"

Tell = Callable[[str], None]
# Excel keeps and shows 15 digits; what a binary number has beyond them is no part of it.
_EXCEL = Context(prec=15)


@dataclass
class _Problems:
    """What was found, each with row, column name and cell."""

    found: list[dict[str, Any]] = field(default_factory=list)

    def add(self, message: str, *, row: int = 0, column: str = "", cell: str = "") -> None:
        if len(self.found) < MAX_FINDINGS:
            self.found.append({"row": row, "column": column, "cell": cell, "message": message})


def read_return(payload: bytes, tell: Tell) -> bytes:
    """The rows of a return's workbook as JSON: {"rows": [{"row", "cells": {column: text}}], "letters": {column: A…},
    "findings": [{"row", "column", "cell", "message"}]}. Never fails on what is in the file: it says what is wrong."""
    problems = _Problems()
    rows: list[dict[str, Any]] = []
    letters: dict[str, str] = {}
    try:
        tell("Checking the file")
        extent = measured(payload)
        tell("Reading the sheet")
        sheet, formulas = _opened(payload, extent)
        letters = _letters(sheet, extent, problems)
        if not problems.found:
            rows = list(_rows(sheet, letters, extent, formulas, problems))
    except Refused as refusal:
        problems.add(str(refusal))
    return json.dumps({"rows": rows, "letters": letters, "findings": problems.found}).encode()


# Opening


def _opened(data: bytes, extent: Extent) -> tuple[Any, frozenset[str]]:
    """The sheet of the return, with values, and the cells in it whose formula was never worked out."""
    book = _load(data, values=True)
    if len(book.sheetnames) > MAX_SHEETS:
        raise Refused(f"it has {len(book.sheetnames)} sheets; {MAX_SHEETS} is the most. Delete the others.")
    sheets = book.worksheets
    sheet = book[SHEET] if SHEET in book.sheetnames else sheets[0] if len(sheets) == 1 else None
    if sheet is None or sheet not in sheets:
        raise Refused(f"none of its sheets is called “{SHEET}”. Start from the downloaded template.")
    if not extent.has_uncounted:
        return sheet, frozenset()
    raw = _load(data, values=False)[sheet.title]
    cells = raw.iter_rows(max_row=max(1, extent.last_row), max_col=max(1, extent.last_column))
    formulas = (cell.coordinate for row in cells for cell in row if cell.data_type == "f")
    return sheet, frozenset(place for place in formulas if sheet[place].value is None)


def _load(data: bytes, *, values: bool) -> Any:
    try:
        return openpyxl_().load_workbook(io.BytesIO(data), data_only=values, keep_links=False, keep_vba=False)
    except (MemoryError, RecursionError):
        raise
    except Exception:
        # openpyxl raises whatever an unforeseen part of a file leads to (KeyError, TypeError, its own)
        raise Refused("it cannot be read. Copy the figures into the downloaded template and send that.") from None


def _letters(sheet: Any, extent: Extent, problems: _Problems) -> dict[str, str]:
    """The letter of each column that is read, by the names in row 1; says what is wrong with that row."""
    expected, known = header_of("return"), {*header_of("return"), *RETURN_INFORMATION}
    at = _header_row(sheet, extent, known)
    if at == 0:
        raise Refused(
            "row 1 does not hold the column names of the template (scorecard, period, indicator …). "
            "Start from the downloaded template."
        )
    merged = [str(area) for area in sheet.merged_cells.ranges if area.min_row <= at]
    if merged:
        message = "cells are merged above the figures. Unmerge them: the column names stand in row 1, each in its cell."
        problems.add(message, row=1, cell=merged[0])
        return {}
    if at > 1:
        message = f"the column names stand in row {at}. They must stand in row 1: delete the rows above them."
        problems.add(message, row=1, cell="A1")
        return {}
    found: dict[str, str] = {}
    for cell in next(sheet.iter_rows(min_row=1, max_row=1, max_col=extent.last_column)):
        name = str(cell.value if cell.value is not None else "").strip()
        if not name:
            continue
        if name not in known:
            problems.add(
                f"{quoted(name)} is not a column of the template. Delete the column.", row=1, cell=cell.coordinate
            )
        elif name in found:
            message = f"the column {name} stands in {found[name]} already. Delete one of them."
            problems.add(message, row=1, column=name, cell=cell.coordinate)
        found.setdefault(name, cell.column_letter)
    missing = [name for name in expected if name not in found]
    if missing:
        problems.add(f"these columns are missing: {', '.join(missing)}. Start from the downloaded template.", row=1)
    return {name: found[name] for name in expected if name in found}


def _header_row(sheet: Any, extent: Extent, known: set[str]) -> int:
    """The first of the upper 20 rows that holds column names; 0 for none."""
    rows = sheet.iter_rows(max_row=max(1, min(20, extent.last_row)), max_col=max(1, extent.last_column))
    for number, cells in enumerate(rows, start=1):
        if sum(str(cell.value).strip() in known for cell in cells) >= 3:
            return number
    return 0


def _rows(
    sheet: Any, letters: Mapping[str, str], extent: Extent, formulas: frozenset[str], problems: _Problems
) -> Iterator[dict[str, Any]]:
    """The rows below the names that have anything in them, each cell as text."""
    for area in sheet.merged_cells.ranges:
        if area.min_row <= extent.last_row and area.min_col <= extent.last_column:
            message = "these cells are merged. Unmerge them: each cell holds one entry."
            problems.add(message, row=area.min_row, cell=str(area))
    used = {column_of(letter): name for name, letter in letters.items()}
    for number, cells in enumerate(
        sheet.iter_rows(min_row=2, max_row=max(2, extent.last_row), max_col=extent.last_column), start=2
    ):
        texts: dict[str, str] = {}
        for cell in cells:
            name = used.get(cell.column)
            if name is None:
                continue
            try:
                if cell.coordinate in formulas:
                    raise ValueError("this formula was never worked out. Open the file in Excel, save it, send it.")
                texts[name] = _text_of(cell, name)
            except ValueError as error:
                problems.add(str(error), row=number, column=name, cell=cell.coordinate)
                texts[name] = ""
        if any(text.strip() for text in texts.values()):
            yield {"row": number, "cells": texts}


def _text_of(cell: Any, column: str) -> str:
    """What a cell says, as it would be typed. Raises ValueError for what is neither text, number nor date."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        raise ValueError(f"Excel shows {value} here. Put the formula right, or type the entry.")
    if isinstance(value, bool):
        raise ValueError(f"{str(value).upper()} is no entry. Type a number, a text or a date.")
    if isinstance(value, str):
        return value.replace("_x000D_", "\r")
    if isinstance(value, datetime | date):
        return _day(value, column)
    if isinstance(value, time | timedelta):
        raise ValueError("this is a time of day. Type a number, a text or a date, and set the cell’s format to it.")
    number = _EXCEL.plus(Decimal(repr(value)))
    if is_percent(cell.number_format):
        return f"{bare(_EXCEL.multiply(number, Decimal(100)))}%"
    return bare(number)


def _day(value: datetime | date, column: str) -> str:
    day = value.date() if isinstance(value, datetime) else value
    if column in RETURN_NUMBERS:
        raise ValueError(
            f"Excel has made a date of this ({day.day} {day:%B %Y}). Set the cell’s format to Number, and type it anew."
        )
    if isinstance(value, datetime) and value.time() != time():
        raise ValueError("a time of day stands with this date. Type the date alone.")
    return day.isoformat()


_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


def is_percent(number_format: str) -> bool:
    """Whether a number format shows a number a hundred times as large, with a percent sign."""
    return "%" in _LITERAL.sub("", number_format or "")


def bare(number: Decimal) -> str:
    """A number without exponent and without noughts at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
