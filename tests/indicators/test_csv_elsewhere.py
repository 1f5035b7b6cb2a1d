"""A CSV file of ours opens right where people open it: in LibreOffice and pandas, whatever stands in its cells."""

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal as D

import pandas
import pytest
from openpyxl import load_workbook

from indicators.exports import csv_response
from indicators.table_spec import Column, Field, Kind, TableSpec
from tests.office import AS_PROPOSED, opened

pytestmark = [pytest.mark.once, pytest.mark.office]

MANY = 100_000


@dataclass(frozen=True)
class Row:
    """One of each kind of cell."""

    text: str
    code: str
    number: D | None
    whole: int | None
    day: date | None


SPEC: TableSpec[Row] = TableSpec(
    "elsewhere",
    (
        Column(
            "all",
            "All",
            (
                Field("text", Kind.TEXT, lambda r: r.text, "Words"),
                Field("code", Kind.CODE, lambda r: r.code, "Code"),
                Field("number", Kind.NUMBER, lambda r: r.number, "Number"),
                Field("whole", Kind.WHOLE, lambda r: r.whole, "Whole number"),
                Field("day", Kind.DATE, lambda r: r.day, "Day"),
            ),
        ),
    ),
)
HARD = (
    Row("Costs £5.83m, “over” plan", "c", D("-250000.5"), -3, date(2022, 3, 31)),
    Row("Two lines\nand a comma, here", "x", D("0.0000000001"), 0, date(1999, 12, 31)),
    Row("=HYPERLINK(\"http://example.org\")", "z", D("85"), 1_000_000, None),
    Row("+44 and -1 and @here", "", None, None, date(2024, 2, 29)),
    Row('She said "no"', "2021-22-q4", D("99.9999999999"), 7, date(2022, 7, 7)),
    Row("-", "low", D("1234567890.12"), None, None),
)  # fmt: skip


def file_of(rows, *, excel=False):
    response = csv_response("x.csv", SPEC.header, SPEC.csv_rows(rows), excel=excel)
    return b"".join(response.streaming_content)


def sheet_of(folder, name):
    book = load_workbook(folder / name, read_only=True, data_only=False)
    return list(book.worksheets[0].iter_rows(values_only=True))


@pytest.mark.parametrize("excel", [False, True], ids=["as the standard says", "for Excel"])
def test_cells_when_hard_then_libreoffice_and_pandas_read_what_was_meant(tmp_path, excel):
    data = file_of(HARD, excel=excel)
    (tmp_path / "hard.csv").write_bytes(data)
    opened(tmp_path, "xlsx", "hard.csv", reading=AS_PROPOSED)
    head, *rows = sheet_of(tmp_path, "hard.xlsx")
    assert list(head) == SPEC.header
    empty = {"number": [""], "whole": [""], "day": [""]}
    frame = pandas.read_csv(io.BytesIO(data), keep_default_na=False, na_values=empty, parse_dates=["day"])
    assert len(rows) == len(frame) == len(HARD)
    for row, (text, code, number, whole, day), (_, read) in zip(HARD, rows, frame.iterrows(), strict=True):
        for found in (text, read["text"]):
            assert found.removeprefix("'") == row.text
            assert not found.startswith(("=", "+", "-", "@"))
        assert (code or "") == read["code"] == row.code
        for of_row, cell, told in ((row.number, number, read["number"]), (row.whole, whole, read["whole"])):
            if of_row is None:
                assert cell is None
                assert pandas.isna(told)
            else:
                assert isinstance(cell, int | float)
                assert float(told) == pytest.approx(float(of_row), rel=1e-12)
                assert float(cell) == pytest.approx(float(of_row), rel=1e-12)
        assert (pandas.isna(read["day"]) and row.day is None) or read["day"].date() == row.day
        assert (str(day)[:10] if day else None) == (row.day.isoformat() if row.day else None)


def test_table_when_empty_then_its_head_alone_opens(tmp_path):
    data = file_of(())
    (tmp_path / "empty.csv").write_bytes(data)
    opened(tmp_path, "xlsx", "empty.csv")
    assert [list(row) for row in sheet_of(tmp_path, "empty.xlsx")] == [SPEC.header]
    assert list(pandas.read_csv(io.BytesIO(data)).columns) == SPEC.header


@pytest.mark.soak
def test_table_when_it_has_a_hundred_thousand_rows_then_all_of_them_open(tmp_path):
    def rows():
        for number in range(MANY):
            yield Row(f"Row {number}, “quoted”", "c", D(number) / 8, number, date(2022, 3, 31))

    data = file_of(rows())
    (tmp_path / "many.csv").write_bytes(data)
    opened(tmp_path, "ods", "many.csv", reading=AS_PROPOSED)
    frame = pandas.read_csv(io.BytesIO(data))
    assert (len(frame), frame["whole"].sum(), frame["number"].iloc[-1]) == (
        MANY,
        MANY * (MANY - 1) // 2,
        (MANY - 1) / 8,
    )
    opened(tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76,1", "many.ods")
    again = pandas.read_csv(tmp_path / "many.csv")
    assert len(again) == MANY
    assert again["whole"].sum() == MANY * (MANY - 1) // 2
    assert again["text"].iloc[-1] == f"Row {MANY - 1}, “quoted”"
