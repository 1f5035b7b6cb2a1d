"""What the tests of Annex A share: rows that are right, workbooks and CSV files of them, and what is read of a file."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from referrals.annex_a.findings import Finding, Findings
from referrals.annex_a.spec import CODES, LISTS, ListData
from referrals.workbooks import compute_annex_a, lists_of

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "annex_a" / "sample.xlsx"
ON = date(2022, 3, 31)
_FIRST = datetime.fromisoformat("2021-10-04")  # a Monday in the six months before ON; Excel knows no zones

Rows = Sequence[Sequence[Any]]
_TEXTS = {"placement_postcode": "ZZ9 9ZZ", "urn_of_placement": "100001", "la_of_placement": "Doncaster"}
_EMPTY = {"date_ceased_to_be_looked_after", "reason_ceased_to_be_looked_after",
          "date_of_decision_that_child_should_no_longer_be_placed_for_adoption",
          "reason_why_child_no_longer_placed_for_adoption"}  # fmt: skip


def untold(line: str) -> None:
    """Progress that nobody listens to."""


def a_row(number: int, **changes: Any) -> dict[str, Any]:
    """A row of a list about which nothing can be said, by key; `changes` come last, None empties a cell."""
    row: dict[str, Any] = {}
    day = _FIRST
    for column in LISTS[number - 1].columns:
        if column.key in _EMPTY:
            row[column.key] = None
        elif column.key == "date_of_birth":
            row[column.key] = datetime.fromisoformat("2003-05-04" if number == 9 else "2010-05-04")
        elif column.kind == "date":
            row[column.key], day = day, day + timedelta(days=7)
        elif column.kind == "id":
            row[column.key] = 1_000_001
        elif column.kind == "whole":
            row[column.key] = (18 if number == 9 else 11) if column.key.startswith("age") else 1
        elif column.codes:
            row[column.key] = CODES[column.codes][1 if column.codes == "yes_no" else 0].text
        else:
            row[column.key] = _TEXTS.get(column.key, "Team 1")
    assert set(changes) <= set(row), set(changes) - set(row)
    return row | changes


def headers(number: int) -> list[str]:
    """The official headings of a list."""
    return [column.header for column in LISTS[number - 1].columns]


def a_list(number: int, *rows: Mapping[str, Any]) -> list[list[Any]]:
    """A list as rows of cells: the headings, and the rows given (one that is right, where none is)."""
    keys = [column.key for column in LISTS[number - 1].columns]
    return [headers(number), *([row[key] for key in keys] for row in (rows or [a_row(number)]))]


def a_workbook(sheets: Mapping[str, Rows], change: Callable[[Any], object] | None = None) -> bytes:
    """A workbook with these sheets; `change` is done to it before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def a_csv(rows: Rows, **style: Any) -> str:
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out, **style).writerows(
        [cell.date().strftime("%d/%m/%Y") if isinstance(cell, datetime) else cell for cell in row] for row in rows
    )
    return out.getvalue()


def read_files(*files: tuple[str, bytes], on: date = ON) -> tuple[list[ListData], Findings]:
    """The lists in files, and what was found."""
    findings = Findings()
    return lists_of(files, findings, on, untold), findings


def read_list(number: int, rows: Rows, on: date = ON) -> tuple[ListData, list[Finding]]:
    """One list out of a workbook of its own."""
    lists, findings = read_files(("a.xlsx", a_workbook({f"List {number}": rows})), on=on)
    (data,) = lists
    return data, findings.listed()


def payload_of(*files: tuple[str, bytes], on: date = ON) -> bytes:
    """What the child is given."""
    asked = {
        "reference_date": on.isoformat(), "period_start": "2022-01-01", "period_end": "2022-03-31",
        "files": [{"name": name, "size": len(data)} for name, data in files],
    }  # fmt: skip
    return json.dumps(asked).encode() + b"\n" + b"".join(data for _, data in files)


def answer_of(*files: tuple[str, bytes], on: date = ON) -> dict[str, Any]:
    """What the child answers."""
    found = json.loads(compute_annex_a(payload_of(*files, on=on), untold))
    assert isinstance(found, dict)
    return found
