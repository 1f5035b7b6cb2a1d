"""Annex A files read whole: the dirty sample, what Excel leaves in cells, CSV, and that nothing of a child gets out."""

import io
import json
import re
import tempfile
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings as limited
from hypothesis import strategies as st

from indicators import bounded
from indicators.workbooks.measuring import Refused
from referrals.annex_a.spec import LISTS
from referrals.workbooks import compute_annex_a
from referrals.workbooks.sheets import sheets_of
from tests.indicators.workbook_files import with_part
from tests.referrals.annex_a_files import (
    ON,
    SAMPLE,
    a_csv,
    a_list,
    a_row,
    a_workbook,
    answer_of,
    headers,
    payload_of,
    read_files,
    read_list,
    untold,
)

JOB = "referrals.workbooks:compute_annex_a"
SHEET1 = "xl/worksheets/sheet1.xml"
SAMPLE_ON = date(2021, 3, 16)


@pytest.fixture(scope="module")
def sample() -> bytes:
    return SAMPLE.read_bytes()


# The sample


def test_sample_when_read_then_every_row_of_its_eleven_lists_is_there(sample):
    lists, findings = read_files(("Annex_A.xlsx", sample), on=SAMPLE_ON)
    assert [len(data.rows) for data in lists] == [5, 5, 6, 5, 5, 5, 7, 5, 6, 5, 5]
    assert {data.columns_missing for data in lists} == {()}
    assert sum(data.left_out for data in lists) == 0
    assert findings.unread == []


SAMPLE_FINDINGS = [
    ("note", 1, "Age of Child (Years)", "not-whole", 5),  # "Age", and 6.138…
    ("error", 4, "Was the child assessed as requiring LA children's social care support?", "not-a-code", 5),
    ("error", 6, "Primary Need Code", "not-a-code", 1),  # PSRMEM - …
    ("note", 6, "Allocated Team", "excel-error", 5),  # #N/A
    ("note", 6, "Allocated Worker", "excel-error", 5),
    ("warning", 8, "Placement postcode", "odd-postcode", 1),  # nope
    ("warning", 8, "Ethnicity", "blank", 1),
    ("warning", 8, "Date Started to be Looked After", "before-birth", 1),
    ("note", 9, "", "older-layout", 1),
    ("warning", 10, "Date of Birth", "birth-differs", 5),
]  # fmt: skip


def test_sample_when_read_then_its_dirt_is_found_or_read(sample):
    lists, findings = read_files(("Annex_A.xlsx", sample), on=SAMPLE_ON)
    found = {
        tuple(count[key] for key in ("severity", "list", "column", "code", "number")) for count in findings.counts()
    }
    assert set(SAMPLE_FINDINGS) <= found
    assert {code for _, _, _, code, _ in found} == {
        "before-birth", "birth-differs", "blank", "excel-error", "not-a-code", "not-whole", "odd-postcode",
        "older-layout", "outside-window", "over-age",
    }  # fmt: skip
    rows = {data.number: data.rows for data in lists}
    assert [row["gender"] for row in rows[1]] == ["female", "female", "male", "male", "female"]
    assert [row["age_of_child_years"] for row in rows[1]] == [6, 8, 11, 14, 15]
    assert rows[1][1]["date_of_birth"] is None
    assert [row["contact_source"] for row in rows[1]] == ["6", "6", "1B", "6", "9"]
    assert [row["referral_nfa"] for row in rows[3]] == ["no"] * 6
    assert {row["initial_category_of_abuse"] for row in rows[7]} == {"physical", "emotional"}
    assert rows[8][4]["reason_ceased_to_be_looked_after"] == "E47"
    assert rows[10][2]["date_of_adoption_order"] == date(2014, 10, 7), "a formula, worked out by Excel"
    assert rows[10][2]["reason_why_child_no_longer_placed_for_adoption"] == "RD2"
    assert rows[11][3]["reason_for_leaving_adoption_process"] == "1"


def as_number(value: object) -> object:
    """A value as a number where it is one, so that the same number in other digits is the same."""
    if isinstance(value, datetime):
        return (value - datetime.fromisoformat("1899-12-30")).days
    text = str(value or "" if value != 0 else 0).strip()
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else text


def test_sample_when_read_by_another_reader_then_every_cell_is_the_same(sample):
    other = openpyxl.load_workbook(io.BytesIO(sample), data_only=True)
    mine = list(sheets_of(sample))
    assert [sheet.title for sheet in mine] == other.sheetnames
    for sheet in mine:
        theirs = [[as_number(value) for value in row] for row in other[sheet.title].iter_rows(values_only=True)]
        width = len(theirs[0])
        assert [number for number, _ in sheet.rows] == list(range(1, len(theirs) + 1))
        assert [[as_number(cell) for cell in cells] + [""] * (width - len(cells)) for _, cells in sheet.rows] == theirs


# Nothing gets out


def planted(data: bytes) -> set[str]:
    """Every identifier, name, postcode, team, worker and date of birth of the sample, in each way it could be shown."""
    lists, _ = read_files(("Annex_A.xlsx", data), on=SAMPLE_ON)
    found = set()
    for rows in lists:
        for column in LISTS[rows.number - 1].columns:
            if column.kind not in {"id", "text"} and column.key != "date_of_birth":
                continue
            for value in {row.get(column.key) for row in rows.rows} - {None}:
                found |= {str(value), str(value).replace(" ", "\u00a0")}
                if isinstance(value, date):
                    found |= {f"{value:%d/%m/%Y}", f"{value:%-d %B %Y}", str((value - date(1899, 12, 30)).days)}
    for word in ("nope", "PSRMEM", "CS Assessment"):
        found.add(word)
    assert len(found) > 300
    return found


def test_answer_when_searched_for_what_is_known_of_children_then_nothing_is_found(sample):
    answer = answer_of(("Annex_A.xlsx", sample), on=SAMPLE_ON)
    text = json.dumps(answer, ensure_ascii=False)
    words = "|".join(re.escape(word) for word in sorted(planted(sample), key=len, reverse=True))
    assert re.findall(rf"(?<![\w-])(?:{words})(?![\w-])", text) == []
    assert [entry["rows"] for entry in answer["lists"]] == [5, 5, 6, 5, 5, 5, 7, 5, 6, 5, 5]


SECRET = "Zyxwvut"


@given(st.sampled_from(LISTS), st.data())
@limited(max_examples=40)
def test_answer_when_a_secret_stands_anywhere_then_it_is_in_no_sentence_and_nothing_fails(spec, data):
    rows = [list(row) for row in a_list(spec.number, a_row(spec.number), a_row(spec.number))]
    for _ in range(data.draw(st.integers(1, 4))):
        row = rows[data.draw(st.integers(0, 2))]
        at = data.draw(st.integers(0, len(row) - 1))
        row[at] = data.draw(st.sampled_from([SECRET, f"{SECRET} {row[at]}", f"{row[at]} {SECRET}", f"a) {SECRET}"]))
    files = (f"{SECRET} list {spec.number}.csv", a_csv(rows).encode())
    assert SECRET not in json.dumps(answer_of(files))


@given(st.data())
@limited(max_examples=40)
def test_answer_when_headings_and_values_are_mangled_then_it_is_read_or_found_and_never_fails(data):
    spec = data.draw(st.sampled_from(LISTS))
    rows = [list(row) for row in a_list(spec.number, a_row(spec.number), a_row(spec.number))]
    for _ in range(data.draw(st.integers(1, 10))):
        row = rows[data.draw(st.integers(0, 2))]
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(st.text(max_size=30))
    answer = answer_of((f"list {spec.number}.csv", a_csv(rows).encode("utf-8", "replace").replace(b"\x00", b"")))
    assert set(answer) == {"refused"} or answer["lists"][spec.number - 1]["rows"] is not None or answer["findings"]


# What Excel leaves in cells


def test_formula_when_never_worked_out_then_its_column_is_named_once():
    rows = a_list(10, *(a_row(10, child_unique_id=number) for number in range(1, 6)))
    at = headers(10).index("Date Placed for Adoption")
    for number, row in enumerate(rows[1:], start=2):
        row[at] = f"=K{number}+5"
    data, found = read_list(10, rows)
    assert [(f.severity, f.cell, f.column, f.code) for f in found] == [
        ("error", "L2", "Date Placed for Adoption", "formula")
    ]
    assert [row["date_placed_for_adoption"] for row in data.rows] == [None] * 5
    _, findings = read_files(("a.xlsx", a_workbook({"List 10": rows})))
    assert [count["number"] for count in findings.counts()] == [5]


def raw(cells: str, *, strings: str = "", settings: str = "") -> bytes:
    """A workbook of list 1 with one row of raw cells, with shared strings and settings of the workbook."""
    data = a_workbook({"List 1": [headers(1)]})
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    data = with_part(data, SHEET1, lambda x: x.replace(b"</sheetData>", f"<row>{cells}</row></sheetData>".encode()))
    data = with_part(data, "xl/sharedStrings.xml", f'<sst xmlns="{space}">{strings}</sst>'.encode())
    link = f'<Relationship Id="rIdS" Type="{kind}" Target="/xl/sharedStrings.xml"/></Relationships>'.encode()
    data = with_part(data, "xl/_rels/workbook.xml.rels", lambda x: x.replace(b"</Relationships>", link))
    return with_part(
        data, "xl/workbook.xml", lambda x: re.sub(rb"<workbookPr(?=[ /])", f"<workbookPr {settings} ".encode(), x)
    )


def test_cells_when_written_in_every_way_a_workbook_can_then_each_is_read():
    rich = "<si><r><t>b) </t></r><r><t>Female</t></r><rPh><t>x</t></rPh></si><si><t>_x0041_BAN_x000D_</t></si>"
    cells = (
        '<c r="A2"><v>9212044</v></c><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="d"><v>2010-05-04T00:00:00</v></c>'
        '<c t="str"><f>1+1</f><v>11</v></c><c><f>1+1</f><v>44651</v></c>'
        '<c t="inlineStr"><is><r><t>q) 6: </t></r><r><t>Police</t></r><rPh><t>x</t></rPh></is></c>'
    )
    lists, findings = read_files(("a.xlsx", raw(cells, strings=rich)))
    assert lists[0].rows == [
        {"row": 2, "child_unique_id": "9212044", "gender": "female", "ethnicity": "ABAN",
         "date_of_birth": date(2010, 5, 4), "age_of_child_years": 11, "date_of_contact": ON, "contact_source": "6"}
    ]  # fmt: skip
    assert {f.code for f in findings.listed()} == {"date-as-text"}


def test_cells_when_days_are_counted_from_1904_then_dates_are_right():
    cells = '<c><v>1</v></c><c r="F2"><v>43189</v></c>'
    lists, _ = read_files(("a.xlsx", raw(cells, settings='date1904="1"')))
    assert lists[0].rows[0]["date_of_contact"] == ON


@pytest.mark.parametrize("cells", ['<c t="s"><v>5</v></c>', '<c t="s"><v>-1</v></c>', '<c t="s"><v>x</v></c>'])
def test_cells_when_they_point_at_no_text_then_the_file_is_damaged(cells):
    with pytest.raises(Refused, match="damaged"):
        read_files(("a.xlsx", raw(cells)))


def test_rows_when_empty_ones_stand_between_then_numbers_are_those_of_the_sheet():
    rows = a_list(1, a_row(1), a_row(1, child_unique_id=2))
    data, found = read_list(1, [[], ["Contacts"], rows[0], [], rows[1], [None, "  "], [""], rows[2]])
    assert ([row["row"] for row in data.rows], data.left_out, found) == ([5, 8], 0, [])


# CSV


def test_csv_when_one_file_for_each_list_then_they_are_read_as_the_workbook_is():
    rows = {number: a_list(number) for number in range(1, 12)}
    names = {3: "referrals.csv", 4: "x.csv", 8: "CLA.CSV"}
    files = [(names.get(number, f"list {number}.csv"), a_csv(rows[number]).encode()) for number in rows]
    from_csv, findings = read_files(*files)
    from_book, _ = read_files(("a.xlsx", a_workbook({f"List {number}": rows[number] for number in rows})))
    assert {f.code for f in findings.listed()} == {"birth-differs"}
    assert [data.rows for data in from_csv] == [data.rows for data in from_book]
    assert from_csv[3].sheet == "File 4", "a name that says nothing is not repeated"


@pytest.mark.parametrize(
    "encode",
    [lambda t: t.encode(), lambda t: t.encode("utf-8-sig"), lambda t: t.encode("cp1252"),
     lambda t: t.replace("\r\n", "\n").encode(), lambda t: t.replace("\r\n", "\r\n\r\n").encode()],
    ids=["UTF-8", "BOM", "Windows", "Unix lines", "empty lines"],
)  # fmt: skip
def test_csv_when_saved_in_the_usual_ways_then_it_is_read(encode):
    rows = a_list(8)
    rows[0] = [header.replace("'", "’") for header in rows[0]]
    lists, findings = read_files(("list 8.csv", encode(a_csv(rows))))
    assert (len(lists[0].rows), findings.listed()) == (1, [])


def test_csv_when_a_cell_has_lines_in_it_then_rows_are_numbered_as_excel_does():
    rows = a_list(3, a_row(3, allocated_team="Team\n1"), a_row(3, child_unique_id="", allocated_team="x"))
    _, findings = read_files(("list 3.csv", a_csv(rows).encode()))
    assert [f.cell for f in findings.listed()] == ["A3"]


# The child


@pytest.fixture
def own_slots(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.mark.usefixtures("own_slots")
def test_child_when_it_reads_a_file_then_progress_is_told_and_the_answer_is_the_same(sample):
    told: list[str] = []
    payload = payload_of(("Annex_A.xlsx", sample), on=SAMPLE_ON)
    assert bounded.run(job=JOB, payload=payload, told=told.append) == compute_annex_a(payload, untold)
    assert told[0] == "Checking the file"
    assert "Reading list 3 of 11: 6 rows" in told
    assert told[-1] == "Computing the measures"
    assert len(told) == 13


def test_progress_when_a_list_has_one_row_then_it_is_told_as_one():
    told: list[str] = []
    for rows in ([a_row(4)], [a_row(4), a_row(4)]):
        compute_annex_a(payload_of(("a.xlsx", a_workbook({"List 4": a_list(4, *rows)}))), told.append)
    assert [words for words in told if words.startswith("Reading")] == [
        "Reading list 4 of 11: 1 row", "Reading list 4 of 11: 2 rows",
    ]  # fmt: skip


def test_answer_when_given_then_it_has_every_list_and_key():
    answer = answer_of(("a.xlsx", a_workbook({"List 4": a_list(4), "Notes": [["x"]]})))
    assert set(answer) == {
        "reference_date", "period_start", "period_end", "lists", "finding_counts", "findings", "findings_left_off",
        "sheets_unread", "measures", "durations", "open_late",
    }  # fmt: skip
    assert [entry["number"] for entry in answer["lists"]] == list(range(1, 12))
    assert answer["lists"][3] == {
        "number": 4, "name": "Assessments", "sheet": "List 4", "rows": 1, "missing_columns": [], "left_out": 0,
    }  # fmt: skip
    assert {entry["rows"] for entry in answer["lists"] if entry["number"] != 4} == {None}
    assert answer["sheets_unread"] == [2]


def test_workbook_when_its_parts_have_other_names_then_they_are_found_by_their_links():
    data = a_workbook({"List 1": a_list(1)})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            moved = name.replace("workbook.xml", "book2.xml").replace("sheet1.xml", "list.xml")
            content = old.read(name).replace(b"workbook.xml", b"book2.xml").replace(b"sheet1.xml", b"list.xml")
            new.writestr(moved, content)
    lists, _ = read_files(("a.xlsx", out.getvalue()))
    assert len(lists[0].rows) == 1
