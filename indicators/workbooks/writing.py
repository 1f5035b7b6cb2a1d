"""Writes the workbook of a return to fill in, as bytes, without a file on the way."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from indicators.imports import RETURN_DATES, RETURN_INFORMATION, RETURN_KEYS, RETURN_NUMBERS, header_of
from indicators.workbooks.library import openpyxl_
from indicators.workbooks.reading import SHEET

NOTES_SHEET = "How to fill in"

Tell = Callable[[str], None]

_WIDTHS = {
    "scorecard": 11, "period": 11, "indicator": 22, "slice": 10, "name": 30, "definition": 40, "numerator_means": 34,
    "denominator_means": 34, "unit": 12, "target": 24, "last_period": 24, "kind": 18, "headline": 32, "commentary": 60,
    "keep_reason": 32, "responsible_role": 24, "not_reportable_code": 22, "confidence_reason": 30,
    "validation_task": 30, "source_system": 20,
}  # fmt: skip
_CHOICES = ("kind", "not_reportable_code", "flags", "confidence")
_LONG = {"headline": 60, "commentary": 4_000, "confidence_reason": 300, "keep_reason": 300, "validation_task": 200}
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def columns() -> list[str]:
    """The columns of the sheet "Return", from left to right."""
    entries = [name for name in header_of("return") if name not in RETURN_KEYS]
    return [*RETURN_KEYS, *RETURN_INFORMATION, *entries]


def write_template(payload: bytes, tell: Tell) -> bytes:
    """The workbook to fill in. `payload` is JSON: "title", "made_at" (ISO), "notes" (sentences), "prompts" {column:
    sentence}, "lists" {column: [[what to type, what it means]]}, "rows" [{"cells": {column: text}, "has_parts": bool}].
    """
    asked = json.loads(payload)
    openpyxl = openpyxl_()
    book = openpyxl.Workbook()
    sheet, notes = book.active, book.create_sheet(NOTES_SHEET)
    sheet.title = SHEET
    ranges = _write_notes(notes, asked)
    _write_rows(sheet, asked["rows"])
    _add_checks(sheet, asked, ranges, last=max(2, len(asked["rows"]) + 1))
    for one in (sheet, notes):
        _set_up_print(one, asked["title"])
    sheet.print_title_rows = "1:1"
    sheet.freeze_panes = f"{letter(len(RETURN_KEYS) + 1)}2"
    made_at = datetime.fromisoformat(asked["made_at"]).replace(tzinfo=None)
    book.properties.creator = "Partnership performance"
    book.properties.title = asked["title"]
    book.properties.created = book.properties.modified = made_at
    return bytes_of(book, made_at)


def letter(number: int) -> str:
    """The name of a column: A for 1."""
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

    return str(get_column_letter(number))


def _write_notes(sheet: Any, asked: Mapping[str, Any]) -> dict[str, str]:
    """The second sheet: the notes, then what can be chosen; where each list stands, by column."""
    from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]

    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 90
    sheet["A1"].font = Font(bold=True, size=14)
    put(sheet["A1"], asked["title"])
    row = 3
    for note in asked["notes"]:
        put(sheet.cell(row, 1), note)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = 16 * (1 + len(note) // 115)
        row += 1
    ranges = {}
    for column, choices in asked["lists"].items():
        row += 1
        for number, text in ((1, f"{column}: type this"), (2, "It means")):
            sheet.cell(row, number).font = Font(bold=True)
            put(sheet.cell(row, number), text)
        first = row + 1
        for typed, meaning in choices:
            row += 1
            put(sheet.cell(row, 1), typed)
            put(sheet.cell(row, 2), meaning)
            sheet.cell(row, 2).alignment = Alignment(wrap_text=True, vertical="top")
        ranges[column] = f"'{NOTES_SHEET}'!$A${first}:$A${row}"
        row += 1
    sheet.protection.sheet = True
    return ranges


def put(cell: Any, text: str) -> None:
    """Text as text: what begins with an equals sign is no formula here."""
    cell.value = UNSTORABLE.sub("", text)
    if cell.data_type == "f":
        cell.data_type = "s"


def _write_rows(sheet: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

    grey, white = PatternFill("solid", fgColor="F3F2F1"), PatternFill("solid", fgColor="FFFFFF")
    line = Side(style="thin", color="B1B4B6")
    border, top = Border(line, line, line, line), Alignment(wrap_text=True, vertical="top")
    open_cell = Protection(locked=False)
    names = columns()
    for number, name in enumerate(names, start=1):
        head = sheet.cell(1, number)
        put(head, name)
        head.font, head.fill, head.border, head.alignment = Font(bold=True), grey, border, top
        sheet.column_dimensions[letter(number)].width = _WIDTHS.get(name, 14)
    for at, row in enumerate(rows, start=2):
        for number, name in enumerate(names, start=1):
            cell = sheet.cell(at, number)
            is_open = name not in {*RETURN_KEYS, *RETURN_INFORMATION}
            is_open &= row["has_parts"] or name not in {"numerator", "denominator"}
            cell.border, cell.alignment, cell.fill = border, top, white if is_open else grey
            if is_open:
                cell.protection = open_cell
            cell.number_format = "General" if name in RETURN_NUMBERS else "@"
            _put_typed(cell, name, row["cells"].get(name, ""))
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False  # False: it may be done
    sheet.sheet_view.zoomScale = 90


def _put_typed(cell: Any, name: str, text: str) -> None:
    if name in RETURN_DATES:
        cell.number_format = "d mmmm yyyy"
    if not text:
        return
    if name in RETURN_NUMBERS:
        cell.value = Decimal(text)
    elif name in RETURN_DATES:
        cell.value = date.fromisoformat(text)
    else:
        put(cell, text)


def _add_checks(sheet: Any, asked: Mapping[str, Any], ranges: Mapping[str, str], *, last: int) -> None:
    """What Excel checks while somebody types, and what it says beside each cell."""
    from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]

    for number, name in enumerate(columns(), start=1):
        if name in RETURN_KEYS or name in RETURN_INFORMATION:
            continue
        rule: dict[str, Any] = {"type": None}
        if name in ranges:
            rule = {"type": "list", "formula1": ranges[name]}
        elif name in {"numerator", "denominator"}:
            rule = {"type": "decimal", "operator": "greaterThanOrEqual", "formula1": "0"}
        elif name == "value":
            rule = {"type": "decimal", "operator": "between", "formula1": "-99999999999", "formula2": "99999999999"}
        elif name in RETURN_DATES:
            rule = {"type": "date", "operator": "between", "formula1": "32874", "formula2": "73050"}
        elif name in _LONG:
            rule = {"type": "textLength", "operator": "lessThanOrEqual", "formula1": str(_LONG[name])}
        prompt = asked["prompts"].get(name, "")[:255]
        check = DataValidation(allow_blank=True, **rule)
        check.promptTitle, check.prompt, check.showInputMessage = name[:32], prompt, bool(prompt)
        # several flags may stand in one cell, so that list is an offer only
        check.showErrorMessage = rule["type"] is not None and name != "flags"
        check.errorTitle, check.error = "This cannot be read", prompt
        column = letter(number)
        check.add(f"{column}2:{column}{last}")
        sheet.add_data_validation(check)


def _set_up_print(sheet: Any, title: str) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddHeader.left.text = title.replace("&", "&&")[:200]
    sheet.oddFooter.right.text = "Page &P of &N"


def bytes_of(book: Any, made_at: datetime) -> bytes:
    """The workbook's bytes, the same ones for the same contents, without a file on the way."""
    from openpyxl.worksheet._writer import WorksheetWriter  # type: ignore[import-untyped]
    from openpyxl.writer.excel import ExcelWriter  # type: ignore[import-untyped]

    class Archive(zipfile.ZipFile):
        def writestr(self, name: Any, data: Any, *_: Any, **__: Any) -> None:  # type: ignore[override]
            super().writestr(zipfile.ZipInfo(str(name), made_at.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)

    class InMemory(ExcelWriter):  # type: ignore[misc]
        def write_worksheet(self, sheet: Any) -> None:
            sheet._drawing = None
            out = io.BytesIO()
            writer = WorksheetWriter(sheet, out)
            writer.write()
            sheet._rels = writer._rels
            self._archive.writestr(sheet.path[1:], out.getvalue())
            self.manifest.append(sheet)

    whole = io.BytesIO()
    with Archive(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        InMemory(book, archive).write_data()
    return whole.getvalue()
