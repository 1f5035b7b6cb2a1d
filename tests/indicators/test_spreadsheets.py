"""A published table as XLSX and ODS, read back by other programs than the one that wrote it."""

import csv
import io
import json
import zipfile
from datetime import date, datetime
from decimal import Decimal as D
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas
import pytest

from indicators import bounded
from tests.office import opened

TITLE = "Contract <KPIs> & more"
NOTES = ["Source: Doncaster Council", "Licence: Open Government Licence v3.0"]
COLUMNS = [
    {"name": "name", "kind": "text", "meaning": "What it is called"},
    {"name": "value", "kind": "number", "meaning": "The value"},
    {"name": "on", "kind": "date", "meaning": "The day"},
    {"name": "rows", "kind": "whole", "meaning": "How many"},
    {"name": "code", "kind": "code", "meaning": "A code"},
]
ROWS: list[list[Any]] = [
    ['=1+1, £5 and "x"\nsecond  line', -1234.5, "2022-03-31", 3, "007"],
    [" led by a space\t& <b>", 0.1234567891, None, None, ""],
    ["bell \x07 rung", 12345678901, "1999-12-31", -1, "1e5"],
]
HEAD_AT = 1 + len(NOTES)
READ = [
    ('=1+1, £5 and "x"\nsecond  line', D("-1234.5"), date(2022, 3, 31), 3, "007"),
    (" led by a space & <b>", D("0.1234567891"), None, None, None),
    ("bell  rung", D(12345678901), date(1999, 12, 31), -1, "1e5"),
]


def made(form: str, rows: list[list[Any]] = ROWS) -> bytes:
    payload = {"title": TITLE, "notes": NOTES, "made_at": "2022-07-07T10:00:00+01:00", "columns": COLUMNS, "rows": rows}
    return bounded.run(job=f"indicators.workbooks:write_{form}", payload=json.dumps(payload).encode())


@pytest.fixture(scope="module")
def xlsx() -> bytes:
    return made("xlsx")


@pytest.fixture(scope="module")
def ods() -> bytes:
    return made("ods")


def plain(cell: Any) -> Any:
    """A cell as it was meant: days as days, numbers as decimals."""
    if isinstance(cell, datetime):
        return cell.date()
    return D(repr(cell)) if isinstance(cell, float) else cell


def test_xlsx_when_read_then_title_notes_head_and_typed_rows(xlsx: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx))
    assert book.sheetnames == ["Table", "Columns"]
    rows = list(book["Table"].iter_rows(values_only=True))
    assert [row[0] for row in rows[:HEAD_AT]] == [TITLE, *NOTES]
    assert list(rows[HEAD_AT]) == [column["name"] for column in COLUMNS]
    assert [tuple(map(plain, row)) for row in rows[HEAD_AT + 1 :]] == READ
    assert all(not sheet.merged_cells.ranges for sheet in book)
    assert all(cell.data_type != "f" for row in book["Table"].iter_rows() for cell in row)
    assert list(book["Columns"].iter_rows(min_row=3, max_row=3, values_only=True)) == [
        ("name", "text", "What it is called")
    ]


def test_ods_when_read_then_title_notes_head_and_typed_rows(ods: bytes) -> None:
    found = pandas.read_excel(io.BytesIO(ods), engine="odf", sheet_name=None, header=None, keep_default_na=False)
    assert list(found) == ["Table", "Columns"]
    rows = found["Table"].values.tolist()
    assert [row[0] for row in rows[:HEAD_AT]] == [TITLE, *NOTES]
    assert rows[HEAD_AT] == [column["name"] for column in COLUMNS]
    for told, expected in zip(rows[HEAD_AT + 1 :], READ, strict=True):
        for cell, meant in zip(told, expected, strict=True):
            if isinstance(meant, date):
                assert cell.date() == meant
            elif isinstance(meant, str):
                assert cell == meant
            else:
                assert (None if cell == "" else D(str(cell))) == meant


def test_ods_when_opened_as_a_zip_then_its_type_stands_first_and_its_xml_is_sound(ods: bytes) -> None:
    archive = zipfile.ZipFile(io.BytesIO(ods))
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert ods[38:84] == b"application/vnd.oasis.opendocument.spreadsheet"
    for name in archive.namelist()[1:]:
        ElementTree.fromstring(archive.read(name))  # noqa: S314
    assert b"number-columns-spanned" not in archive.read("content.xml")


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_spreadsheet_when_written_twice_then_the_same_bytes(form: str, request: pytest.FixtureRequest) -> None:
    assert made(form) == request.getfixturevalue(form)


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_spreadsheet_when_the_table_is_empty_then_head_alone(form: str) -> None:
    engine = "odf" if form == "ods" else "openpyxl"
    found = pandas.read_excel(io.BytesIO(made(form, [])), engine=engine, sheet_name="Table", header=HEAD_AT)
    assert list(found.columns) == [column["name"] for column in COLUMNS]
    assert len(found) == 0


@pytest.mark.office
@pytest.mark.long
def test_spreadsheet_when_opened_in_libreoffice_then_the_same_cells(xlsx: bytes, ods: bytes, tmp_path: Path) -> None:
    for form, data in (("xlsx", xlsx), ("ods", ods)):
        (tmp_path / f"{form}.{form}").write_bytes(data)
    opened(tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76,1", "xlsx.xlsx", "ods.ods")
    for form in ("xlsx", "ods"):
        text = (tmp_path / f"{form}.csv").read_text(encoding="utf-8")
        rows = list(csv.reader(io.StringIO(text, newline="")))[HEAD_AT + 1 :]
        assert [row[0] for row in rows] == [row[0] for row in READ]
        assert [D(row[1]) for row in rows] == [row[1] for row in READ]
        assert [row[2] for row in rows] == ["2022-03-31", "", "1999-12-31"]
