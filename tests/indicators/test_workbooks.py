"""Workbooks read and written: what Excel leaves in cells, and every file that is no workbook of a return."""

import io
import json
import re
import struct
import tempfile
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings as limited
from hypothesis import strategies as st

from indicators import bounded, entry, imports
from indicators.imports import RETURN_DATES, RETURN_INFORMATION, RETURN_KEYS, RETURN_NUMBERS
from indicators.workbooks import measuring, read_return, reading, write_template, writing
from tests.indicators.workbook_files import HEADER, START, a_workbook, bytes_of, cell, changed, with_part

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
MIDNIGHT = datetime.fromisoformat("2022-03-31")  # Excel knows no zones
SHEET1 = "xl/worksheets/sheet1.xml"


def untold(line: str) -> None:
    """Progress that nobody listens to."""


def read(data: bytes) -> dict:
    return json.loads(read_return(data, untold))


def rows_of(data: bytes) -> list[dict[str, str]]:
    found = read(data)
    assert found["findings"] == []
    return [row["cells"] for row in found["rows"]]


def findings_of(data: bytes) -> list[str]:
    """As the person reads them."""
    with pytest.raises(imports.FileRefused) as refused:
        imports.read_table(imports.table_of_workbook(read_return(data, untold), "return"), "return")
    return [str(f) for f in refused.value.findings]


def value_of(column: str, value: object, number_format: str = "General") -> str:
    """What one cell is read as."""
    data = changed(a_workbook(START), lambda sheet: sheet.__setitem__(cell(column), value))

    def formatted(sheet):
        sheet[cell(column)].number_format = number_format

    return rows_of(changed(data, formatted))[0][column]


# Cells


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        pytest.param(1266, "General", "1266", id="whole"),
        pytest.param(0, "General", "0", id="nought"),
        pytest.param(0.1, "General", "0.1", id="0.1 stays 0.1"),
        pytest.param(0.1 + 0.2, "General", "0.3", id="what Excel shows of a sum"),
        pytest.param(22.3, "0", "22.3", id="shown rounded, held exact"),
        pytest.param(1234567.5, "#,##0.00", "1234567.5", id="thousands by format"),
        pytest.param(-1234, "#,##0_);(#,##0)", "-1234", id="brackets by format"),
        pytest.param(0, '#,##0;-#,##0;"-"', "0", id="a dash by format"),
        pytest.param(0.85, "0%", "85%", id="85% as Excel types it"),
        pytest.param(0.836, "0.0%", "83.6%", id="83.6%"),
        pytest.param(0.29, "0.00%;[Red]-0.00%", "29%", id="percent with a colour"),
        pytest.param(85, '0"%"', "85", id="a percent sign in quotes"),
        pytest.param(85, "0\\%", "85", id="a percent sign after a backslash"),
        pytest.param(1e15, "General", "1000000000000000", id="large"),
        pytest.param(1e-7, "General", "0.0000001", id="small"),
        pytest.param("1,266", "General", "1,266", id="text with a comma"),
        pytest.param("(1,234)", "General", "(1,234)", id="text in brackets"),
        pytest.param("  85 ", "General", "  85 ", id="blanks"),
        pytest.param(None, "General", "", id="nothing"),
    ],
)
def test_number_when_in_a_cell_then_it_is_read_as_excel_shows_it(value, number_format, text):
    assert value_of("numerator", value, number_format) == text


def test_number_when_excel_wrote_more_digits_than_it_keeps_then_it_is_read_as_shown():
    data = a_workbook({"numerator": 7777})
    for written, text in (("0.30000000000000004", "0.3"), ("0.28999999999999998", "0.29"), ("1.266E3", "1266")):
        raw = (b"<v>7777</v>", f"<v>{written}</v>".encode())
        assert rows_of(with_part(data, SHEET1, lambda x, raw=raw: x.replace(*raw)))[0]["numerator"] == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("(1,234)", "is in brackets"), ("-", "type 0 if there were none"), ("1 234", "is not a number"),
        ("1.23456", "has too many decimals"), ("85%", "is a percentage, and"), ("1,2,34", "comma in the wrong place"),
    ],
)  # fmt: skip
def test_text_when_excel_left_it_in_a_number_cell_then_entry_has_a_sentence_for_it(text, sentence):
    raw = {"numerator": value_of("numerator", text), "denominator": "5000"}
    problems = entry.read_cell(raw, unit=entry.Unit.PERCENT).problems
    assert [p.field for p in problems] == ["numerator"]
    assert sentence in problems[0].message


@given(st.decimals(min_value=0, max_value=Decimal("99999999999.9999"), places=4))
@limited(max_examples=60)
def test_number_when_it_has_as_many_digits_as_a_figure_may_then_none_is_lost(number):
    data = changed(a_workbook(START), lambda sheet: sheet.__setitem__(cell("value"), float(number)))
    assert Decimal(rows_of(data)[0]["value"]) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [(date(2022, 3, 31), "2022-03-31"), (MIDNIGHT, "2022-03-31"), ("31 March 2022", "31 March 2022")],
)
def test_date_when_in_a_cell_then_it_is_read(value, text):
    assert value_of("as_at_on", value, "d mmmm yyyy") == text


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        pytest.param(
            "numerator", date(2022, 4, 3), "Excel has made a date of this (3 April 2022).", id="3/4 as a date"
        ),
        pytest.param("as_at_on", MIDNIGHT.replace(hour=9), "a time of day stands with this date.", id="date and time"),
        pytest.param("value", time(9, 30), "this is a time of day.", id="a time"),
        pytest.param("value", timedelta(hours=30), "this is a time of day.", id="30:00"),
        pytest.param("value", True, "TRUE is no entry.", id="TRUE"),
        pytest.param("value", "#DIV/0!", "Excel shows #DIV/0! here.", id="an error"),
    ],
)
def test_cell_when_it_holds_what_is_no_entry_then_the_cell_is_named(column, value, sentence):
    def put(sheet):
        sheet[cell(column)] = value

    found = findings_of(changed(a_workbook(START), put))
    assert len(found) == 1
    assert found[0].startswith(f"{cell(column)}: {sentence}")


def test_text_when_it_has_lines_and_signs_then_they_are_kept():
    data = a_workbook({"commentary": "Two\nlines <b> & “more”", "headline": "_x000D_end"})
    assert rows_of(data)[0]["commentary"] == "Two\nlines <b> & “more”"
    assert rows_of(data)[0]["headline"] == "\rend"


# Formulas


def counted(formula: str, value: str) -> bytes:
    """A workbook with a formula that Excel has worked out."""

    def put(sheet):
        sheet[cell("numerator")] = formula

    empty = re.compile(rb"(<f>" + re.escape(formula.removeprefix("=").encode()) + rb"</f>)(?:<v ?/>|<v></v>)")
    data = with_part(
        changed(a_workbook(START, START | {"indicator": "two"}), put), SHEET1,
        lambda part: empty.sub(rb"\1<v>" + value.encode() + b"</v>", part),
    )  # fmt: skip
    assert value.encode() in zipfile.ZipFile(io.BytesIO(data)).read(SHEET1)
    return data


def test_formula_when_it_was_worked_out_then_its_value_is_read():
    assert rows_of(counted("=SUM(1000,266)", "1266"))[0]["numerator"] == "1266"


def test_formula_when_it_was_never_worked_out_then_the_cell_is_named():
    def put(sheet):
        sheet[cell("numerator")] = "=SUM(1000,266)"
        sheet[cell("denominator")] = 1514
        sheet[cell("value", 3)] = 5

    found = findings_of(changed(a_workbook(START, START | {"indicator": "two"}), put))
    assert found == [
        f"{cell('numerator')}: this formula was never worked out. Open the file in Excel, save it, send it."
    ]


# Rows and columns


def test_rows_when_some_are_empty_or_only_coloured_then_they_are_left_out():
    def put(sheet):
        sheet.cell(4, 1).value = "  "
        for row in range(5, 900):
            sheet.cell(row, 3).fill = openpyxl.styles.PatternFill("solid", fgColor="FF0000")
        sheet.cell(901, 3).value = "two"

    found = read(changed(a_workbook(START), put))
    assert [row["row"] for row in found["rows"]] == [2, 901]


def test_columns_when_they_stand_in_another_order_then_each_is_found_by_its_name():
    data = a_workbook({"numerator": 5, "denominator": 6}, header=HEADER[::-1])
    assert (rows_of(data)[0]["numerator"], rows_of(data)[0]["denominator"]) == ("5", "6")


def test_two_header_rows_when_sent_then_the_second_is_named():
    data = a_workbook({name: name for name in HEADER}, START)
    assert findings_of(data) == ["A2: this row repeats the column names. Delete it: they stand in row 1."]


HEADERS = [
    pytest.param(
        lambda s: s.insert_rows(1, 2), "A1: the column names stand in row 3. They must stand in row 1", id="rows above"
    ),
    pytest.param(
        lambda s: (s.insert_rows(1), s.__setitem__("A1", "Return"), s.merge_cells("A1:C1")),
        "A1:C1: cells are merged above the figures.",
        id="a merged title above",
    ),
    pytest.param(lambda s: s.merge_cells("E1:F1"), "E1:F1: cells are merged", id="merged names"),
    pytest.param(lambda s: s.merge_cells("G2:G3"), "G2:G3: these cells are merged.", id="merged figures"),
    pytest.param(lambda s: s.delete_cols(7), "Row 1: these columns are missing: numerator.", id="a column missing"),
    pytest.param(
        lambda s: s.cell(1, 40, "notes"), "AN1: “notes” is not a column of the template.", id="a column too many"
    ),
    pytest.param(
        lambda s: s.cell(1, 40, "value"), "AN1: the column value stands in I already.", id="a column twice"
    ),
    pytest.param(lambda s: s.delete_rows(1), "The file: row 1 does not hold the column names", id="no names"),
    pytest.param(lambda s: s.delete_rows(1, 9), "The file: row 1 does not hold the column names", id="an empty sheet"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "sentence"), HEADERS)
def test_names_when_they_are_not_as_in_the_template_then_it_says_what_to_do(change, sentence):
    found = findings_of(changed(a_workbook(START, START | {"indicator": "two"}), change))
    assert found[0].startswith(sentence)


def test_sheets_when_there_are_several_then_the_one_called_return_is_read():
    book = openpyxl.load_workbook(io.BytesIO(a_workbook({"value": 5})))
    book.create_sheet("Notes", 0).append(["anything", 7])
    assert rows_of(bytes_of(book))[0]["value"] == "5"
    book["Return"].title = "Figures"
    assert findings_of(bytes_of(book))[0].startswith("The file: none of its sheets is called “Return”.")
    del book["Notes"]
    assert rows_of(bytes_of(book))[0]["value"] == "5"


# Files that are refused


def a_crowd(sheets: int) -> bytes:
    book = openpyxl.Workbook()
    for number in range(sheets - 1):
        book.create_sheet(f"S{number}")
    return bytes_of(book)


def a_bomb(size: int) -> bytes:
    """A workbook whose sheet is that large unpacked; all blanks, so the file itself is small."""
    return with_part(a_workbook(START), SHEET1, lambda x: x.replace(b"<sheetData>", b" " * size + b"<sheetData>"))


def lying(data: bytes, size: int = 100) -> bytes:
    """The same file with a sheet that says it is of another size, in both places where a zip file says so."""
    found = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.getinfo(SHEET1)
        struct.pack_into("<I", found, part.header_offset + 22, size)
    at = data.rindex(SHEET1.encode())
    struct.pack_into("<I", found, at - 46 + 24, size)
    return bytes(found)


def locked(data: bytes) -> bytes:
    """The same file with every part marked as locked."""
    found, at = bytearray(data), 0
    for sign, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        while (at := data.find(sign, at)) >= 0:
            found[at + offset] |= 1
            at += 1
        at = 0
    return bytes(found)


def declared(text: bytes, encoding: str = "utf-8") -> bytes:
    def put(part: bytes) -> bytes:
        whole = b'<?xml version="1.0" encoding="%s"?>' % encoding.encode() + text + part
        return whole.decode().encode(encoding)

    return with_part(a_workbook(START), SHEET1, put)


def zip_of(parts: int) -> bytes:
    """An archive of that many small parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(parts):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"")
    return out.getvalue()


LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
LINKED = with_part(a_workbook(START), "xl/externalLinks/externalLink1.xml", b"<externalLink/>")

REFUSED = [
    pytest.param(b"", "this is not an Excel workbook", id="empty"),
    pytest.param(b"MZ\x90\x00\x03" + b"\x00" * 100, "this is not an Excel workbook", id="exe renamed"),
    pytest.param(b"scorecard,period\n", "this is not an Excel workbook, whatever its name", id="CSV renamed"),
    pytest.param(b"\x1f\x8b\x08\x00", "this is a compressed file", id="gzip"),
    pytest.param(OLD, "this is an Excel file of the old kind (.xls).", id="xls"),
    pytest.param(OLD + "EncryptedPackage".encode("utf-16-le"), "it is locked with a password.", id="password"),
    pytest.param(locked(a_workbook(START)), "it is locked with a password.", id="locked zip"),
    pytest.param(b"PK\x03\x04 and nothing more", "it is damaged or incomplete.", id="damaged"),
    pytest.param(a_workbook(START)[:-300], "it is damaged or incomplete.", id="cut short"),
    pytest.param(with_part(a_workbook(START), SHEET1, b"<worksheet><a>"), "it is damaged", id="broken XML"),
    pytest.param(with_part(a_workbook(START), "xl/workbook.bin", b"x"), "this is a binary workbook", id="xlsb"),
    pytest.param(LINKED, "it takes values from other files.", id="links"),
    pytest.param(declared(LAUGHS), "it holds declarations", id="entities"),
    pytest.param(declared(LAUGHS, "utf-16"), "it holds declarations", id="entities in UTF-16"),
    pytest.param(declared(b'<!DOCTYPE a SYSTEM "file:///etc/passwd">'), "it holds declarations", id="DTD outside"),
    pytest.param(a_bomb(41 * 1024 * 1024), "unpacked it is larger than 40 MB.", id="bomb"),
    pytest.param(lying(a_workbook(START), 2**31), "unpacked it is larger than 40 MB.", id="bomb as declared"),
    pytest.param(lying(a_bomb(41 * 1024 * 1024)), "it is damaged or incomplete.", id="bomb that lies"),
    pytest.param(zip_of(501), "it has too many parts: 501, and 500 is the most. Copy the figures", id="parts"),
    pytest.param(a_crowd(21), "it has 21 sheets; 20 is the most.", id="sheets"),
    pytest.param(
        changed(a_workbook(START), lambda s: s.cell(5_002, 1, "x")), "a sheet reaches down to row 5,002;", id="rows"
    ),
    pytest.param(
        changed(a_workbook(START), lambda s: s.cell(1, 101, "x")), "a sheet is 101 columns wide;", id="columns"
    ),
    pytest.param(
        with_part(a_workbook(START), SHEET1, lambda x: x.replace(b"2006/main", b"2006/mine")), "it", id="another kind"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("data", "sentence"), REFUSED)
def test_file_when_it_is_no_workbook_of_a_return_then_it_says_why_and_reads_nothing(data, sentence):
    found = read(data)
    assert found["rows"] == []
    assert len(found["findings"]) == 1
    assert found["findings"][0]["row"] == 0
    if sentence != "it":
        assert found["findings"][0]["message"].startswith(sentence)


def test_other_office_files_when_sent_then_they_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<a/>")
    assert "Save the table as “Excel Workbook (.xlsx)”" in read(out.getvalue())["findings"][0]["message"]


def test_strict_workbook_when_sent_then_it_says_how_to_save_it():
    strict = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    data = with_part(a_workbook(START), SHEET1, lambda x: x.replace(*strict))
    assert "Strict Open XML" in read(data)["findings"][0]["message"]


def test_macros_when_there_are_some_then_they_are_ignored():
    data = with_part(a_workbook({"value": 5}), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open()")
    kind = (b"spreadsheetml.sheet.main+xml", b"__")
    macro = (b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
             b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")  # fmt: skip
    assert kind[0] in macro[0]
    data = with_part(data, "[Content_Types].xml", lambda x: x.replace(*macro))
    assert rows_of(data)[0]["value"] == "5"


def test_cells_when_there_are_far_too_many_then_it_is_refused(monkeypatch):
    monkeypatch.setattr(measuring, "MAX_CELLS", 29)
    assert "cells; 29 is the most." in read(a_workbook(START, START))["findings"][0]["message"]


def test_findings_when_there_are_thousands_then_only_so_many_are_told():
    data = a_workbook(*({"numerator": date(2022, 4, 3)} for _ in range(600)))
    assert len(read(data)["findings"]) == reading.MAX_FINDINGS


@given(st.data())
@limited(max_examples=80)
def test_workbook_when_bytes_of_it_are_changed_then_it_is_read_or_refused_and_never_fails(data):
    whole = bytearray(a_workbook({"numerator": 5, "denominator": 6}))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, 10**6)) % len(whole)] = data.draw(st.integers(0, 255))
    found = read(bytes(whole))
    assert found["findings"] or found["rows"]


@given(st.sampled_from([SHEET1, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]), st.data())
@limited(max_examples=80)
def test_workbook_when_a_part_of_it_is_changed_then_it_is_read_or_refused_and_never_fails(name, data):
    def spoil(part: bytes) -> bytes:
        at = data.draw(st.integers(0, 10**6)) % len(part)
        return part[:at] + data.draw(st.sampled_from([b"9", b"A", b'"', b"<", b"-", b"1e400", b""])) + part[at + 1 :]

    found = read(with_part(a_workbook({"numerator": 5, "as_at_on": date(2022, 3, 31)}), name, spoil))
    assert found["findings"] or found["rows"]


# In the child


@pytest.fixture
def own_slots(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.mark.usefixtures("own_slots")
def test_reading_when_in_the_child_then_progress_is_told_and_the_answer_is_the_same():
    told: list[str] = []
    data = a_workbook({"numerator": 0.1, "as_at_on": date(2022, 3, 31)})
    assert bounded.run(job="indicators.workbooks:read_return", payload=data, told=told.append) == read_return(
        data, untold
    )
    assert told == ["Checking the file", "Reading the sheet"]


@pytest.mark.usefixtures("own_slots")
def test_reading_when_the_sheet_is_as_large_as_allowed_then_its_limits_suffice():
    data = a_workbook(*({"indicator": f"i-{n}", "numerator": n, "commentary": f"Said {n}"} for n in range(5_000)))
    found = json.loads(bounded.run(job="indicators.workbooks:read_return", payload=data))
    assert len(found["rows"]) == 5_000


# The template

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30).map(str.strip)
NUMBER = st.decimals(min_value=0, max_value=Decimal("99999999999.9999"), places=4).map(lambda n: f"{n.normalize():f}")
DAY = st.dates(date(1990, 1, 1), date(2099, 12, 31)).map(date.isoformat)


def asked(*rows: dict[str, str], has_parts: bool = True) -> bytes:
    """What the page asks for."""
    lists = {
        "kind": [["Figure", "A number"], ["Value only", "No counts"]],
        "not_reportable_code": [["other", "Another reason"]],
        "flags": [["p", "Provisional"], ["r", "Revised"]],
        "confidence": [["high", "High"]],
    }
    return json.dumps(
        {
            "title": "Contract & more, 2021/22 Q4",
            "made_at": "2022-07-07T10:00:00+01:00",
            "notes": ["=First note", "Second note"],
            "prompts": {"kind": "Symbol. Choose one.", "numerator": "Numerator. 0 or more."},
            "lists": lists,
            "rows": [{"cells": row, "has_parts": has_parts} for row in rows],
        }
    ).encode()


def template(*rows: dict[str, str], has_parts: bool = True):
    """The template, opened."""
    return openpyxl.load_workbook(io.BytesIO(write_template(asked(*rows, has_parts=has_parts), untold)))


@given(st.lists(st.fixed_dictionaries({name: NUMBER if name in RETURN_NUMBERS else DAY if name in RETURN_DATES else TEXT
                                       for name in HEADER}), min_size=1, max_size=3))  # fmt: skip
@limited(max_examples=40)
def test_template_when_read_back_then_every_cell_says_what_was_written(rows):
    told = [row | {"indicator": "one"} for row in rows]
    found = rows_of(write_template(asked(*told), untold))
    assert [{name: text.strip() for name, text in row.items()} for row in found] == told


def test_template_when_opened_then_it_has_two_sheets_and_its_columns():
    book = template(START | dict.fromkeys(RETURN_INFORMATION, "said"))
    assert book.sheetnames == ["Return", "How to fill in"]
    header = [c.value for c in book["Return"][1]]
    assert header == writing.columns() == [*RETURN_KEYS, *RETURN_INFORMATION, *entry.FIELDS]
    assert [book["Return"].cell(2, header.index(name) + 1).value for name in RETURN_INFORMATION] == ["said"] * 6
    notes = [c.value for c in book["How to fill in"]["A"] if c.value]
    assert notes[:3] == ["Contract & more, 2021/22 Q4", "=First note", "Second note"]
    assert all(c.data_type == "s" for row in book["How to fill in"].iter_rows() for c in row if c.value)


def test_template_when_a_text_looks_like_a_formula_then_it_is_text():
    book = template(START | {"commentary": '=HYPERLINK("http://x")', "name": "=1+1", "definition": "@x"})
    assert {c.data_type for row in book["Return"].iter_rows() for c in row if c.value} == {"s"}


@pytest.mark.parametrize("has_parts", [True, False])
def test_template_when_opened_then_only_the_cells_to_fill_in_are_open(has_parts):
    sheet = template(START, START, has_parts=has_parts)["Return"]
    assert sheet.protection.sheet
    assert sheet.freeze_panes == "F2"
    closed = {*RETURN_KEYS, *RETURN_INFORMATION} | (set() if has_parts else {"numerator", "denominator"})
    for row in (2, 3):
        found = {sheet.cell(1, c.column).value for c in sheet[row] if c.protection.locked}
        assert found == closed
    assert all(c.protection.locked for c in sheet[1])


def test_template_when_opened_then_excel_checks_what_is_typed():
    book = template(START, START)
    checks = {
        book["Return"][f"{str(check.sqref).split(':')[0][:-1]}1"].value: check
        for check in book["Return"].data_validations.dataValidation
    }
    assert set(checks) == set(entry.FIELDS)
    assert all(str(check.sqref).endswith("3") for check in checks.values())
    assert {name: check.type for name, check in checks.items() if check.type} == {
        "kind": "list", "not_reportable_code": "list", "flags": "list", "confidence": "list", "numerator": "decimal",
        "denominator": "decimal", "value": "decimal", "expected_on": "date", "as_at_on": "date",
        "extracted_on": "date", "headline": "textLength", "commentary": "textLength",
        "confidence_reason": "textLength", "keep_reason": "textLength", "validation_task": "textLength",
    }  # fmt: skip
    assert (checks["numerator"].operator, checks["numerator"].formula1) == ("greaterThanOrEqual", "0")
    assert not checks["flags"].showErrorMessage
    sheet, _, area = checks["kind"].formula1.rpartition("!")
    assert sheet == "'How to fill in'"
    listed = [c.value for (c,) in book["How to fill in"][area.replace("$", "")]]
    assert listed == ["Figure", "Value only"]
    assert checks["kind"].prompt == "Symbol. Choose one."


def test_template_when_it_is_printed_then_the_names_stand_on_every_page():
    sheet = template(START)["Return"]
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_template_when_made_twice_then_its_bytes_are_the_same_and_no_clock_was_read():
    first = write_template(asked(START), untold)
    assert write_template(asked(START), untold) == first
    book = openpyxl.load_workbook(io.BytesIO(first))
    assert book.properties.created == datetime.fromisoformat("2022-07-07T10:00")
    assert book.properties.creator == "Partnership performance"


def test_template_when_it_has_no_rows_then_it_is_still_a_workbook():
    assert template()["Return"].max_row == 1
