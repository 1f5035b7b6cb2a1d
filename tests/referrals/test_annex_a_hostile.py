"""Files that are no Annex A, or far too much of one: each refused in a sentence, in bounded time and memory."""

import io
import json
import tempfile
import time
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import settings as limited
from hypothesis import strategies as st

from indicators import bounded
from referrals.annex_a.spec import LISTS
from referrals.workbooks import bounds
from tests.indicators.workbook_files import with_part
from tests.referrals.annex_a_files import a_csv, a_list, a_row, a_workbook, answer_of, headers, payload_of

JOB = "referrals.workbooks:compute_annex_a"
SHEET1 = "xl/worksheets/sheet1.xml"
MEGABYTE = 1024 * 1024
LONGEST = 20  # seconds that a refusal may take on a busy machine; an idle one needs less than five

PLAIN = a_workbook({"List 1": a_list(1)})
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.fixture(autouse=True)
def own_slots(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def child(*files: tuple[str, bytes]) -> dict:
    """What the real child answers, in bounded time and memory."""
    started = time.monotonic()
    answer = json.loads(bounded.run(job=JOB, payload=payload_of(*files), patience=30))
    assert time.monotonic() - started < LONGEST
    return answer


def with_rows(xml: bytes) -> bytes:
    return with_part(PLAIN, SHEET1, lambda x: x.replace(b"</sheetData>", xml + b"</sheetData>"))


def declared(text: bytes, name: str = SHEET1) -> bytes:
    return with_part(PLAIN, name, lambda x: b'<?xml version="1.0"?>' + text + x)


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def a_zip_in_zips(depth: int) -> bytes:
    data = b"x" * 1_000
    for _ in range(depth):
        data = zipped(inner=data)
    return data


def a_strings_part(number: int) -> bytes:
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = b'<Relationship Id="rIdS" Type="%s" Target="sharedStrings.xml"/></Relationships>' % kind
    data = with_part(PLAIN, "xl/_rels/workbook.xml.rels", lambda x: x.replace(b"</Relationships>", link))
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return with_part(data, "xl/sharedStrings.xml", b'<sst xmlns="%s">%s</sst>' % (space, b"<si/>" * number))


def a_lying_size() -> bytes:
    data = bytearray(with_rows(b" " * 130 * MEGABYTE))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.getinfo(SHEET1).header_offset + 22
    central = data.rindex(SHEET1.encode()) - 46 + 24
    data[at : at + 4] = data[central : central + 4] = (100).to_bytes(4, "little")
    return bytes(data)


def a_sheet(rows: int, columns: int) -> bytes:
    return a_workbook({"List 1": [[*headers(1), *range(columns)], *([["x"] * columns] * rows)]})


def macros(name: str) -> bytes:
    return with_part(PLAIN, name, b"\xd0\xcf\x11\xe0 Sub Auto_Open()")


LINKED = with_part(PLAIN, "xl/externalLinks/externalLink1.xml", b"<externalLink/>")
# What costs anything to refuse, and one of each kind of what does not, goes through the real child.
IN_CHILD = {"exe renamed", "password", "cut short", "macro", "links", "entity outside", "zip in zips", "zip bomb",
            "zip bomb that lies", "1,000,000 empty rows", "1,000,000 coloured rows", "61,000 rows", "300 columns",
            "endless tag"}  # fmt: skip
SENT_AS = [
    pytest.param(lambda: b"", "this is not an Excel workbook", id="empty"),
    pytest.param(lambda: b"MZ\x90\x00\x03" + b"\x00" * 9_000, "this is not an Excel workbook", id="exe renamed"),
    pytest.param(lambda: b"%PDF-1.7", "this is not an Excel workbook", id="PDF renamed"),
    pytest.param(lambda: OLD, "this is an Excel file of the old kind (.xls)", id="xls"),
    pytest.param(lambda: OLD + "EncryptedPackage".encode("utf-16-le"), "it is locked with a password", id="password"),
    pytest.param(lambda: PLAIN[:-300], "it is damaged or incomplete", id="cut short"),
    pytest.param(lambda: PLAIN[:60], "it is damaged or incomplete", id="cut very short"),
    pytest.param(lambda: with_part(PLAIN, SHEET1, b"<worksheet><a>"), "it is damaged", id="broken XML"),
    pytest.param(lambda: with_part(PLAIN, "xl/workbook.xml", b"<a/>"), "it is damaged", id="no sheets"),
    pytest.param(lambda: macros("xl/vbaProject.bin"), "it holds macros (.xlsm)", id="macro"),
    pytest.param(lambda: macros("xl/macrosheets/sheet1.xml"), "it holds macros (.xlsm)", id="old macro"),
    pytest.param(lambda: LINKED, "it takes values from other files", id="links"),
    pytest.param(lambda: declared(LAUGHS), "it holds declarations", id="entities"),
    pytest.param(lambda: declared(OUTSIDE), "it holds declarations", id="entity outside"),
    pytest.param(lambda: declared(OUTSIDE, "docProps/core.xml"), "it holds declarations", id="entity in another part"),
    pytest.param(lambda: a_zip_in_zips(50), "this is not an Excel workbook", id="zip in zips"),
    pytest.param(lambda: zipped(**{"xl/workbook.xml": b"x"}), "this is not an Excel workbook", id="any zip"),
    pytest.param(lambda: with_rows(b" " * 130 * MEGABYTE), "unpacked it is larger than 120 MB", id="zip bomb"),
    pytest.param(lambda: zipped(**{f"xl/{n}.xml": b"" for n in range(501)}), "it has too many parts: 501", id="parts"),
    pytest.param(a_lying_size, "it is damaged or incomplete", id="zip bomb that lies"),
    pytest.param(lambda: with_rows(b"<row/>" * 1_000_000), "its sheets have more than 150,000 rows",
                 id="1,000,000 empty rows"),
    pytest.param(
        lambda: with_rows(b'<row><c s="0"/></row>' * 1_000_000), "its sheets have more than 150,000 rows",
        id="1,000,000 coloured rows",
    ),
    pytest.param(
        lambda: with_rows(b"<row><c><v>7</v></c></row>" * 61_000), "it has more than 60,000 rows", id="61,000 rows"
    ),
    pytest.param(lambda: a_sheet(5, 300), "a sheet is more than 100 columns wide", id="300 columns"),
    pytest.param(
        lambda: with_rows(b'<row><c t="str"><v>' + b"a" * 40_000 + b"</v></c></row>"),
        "a cell holds more than 32,767 characters", id="text",
    ),
    pytest.param(
        lambda: with_rows(b'<row><c t="' + b"a" * 90 * MEGABYTE + b'"/></row>'), "it is damaged", id="endless tag"
    ),
    pytest.param(
        lambda: a_workbook({f"S{number}": [["x"]] for number in range(41)}), "it has 41 sheets; 40 is the most",
        id="sheets",
    ),
    pytest.param(lambda: a_workbook({"Notes": [["x"]]}), "none of the eleven lists was found", id="another workbook"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "sentence"), SENT_AS)
def test_workbook_when_it_is_hostile_then_it_is_refused_in_a_sentence(make, sentence, request):
    is_in_child = request.node.callspec.id in IN_CHILD
    answer = (child if is_in_child else answer_of)(("Annex A.xlsx", make()))
    assert set(answer) == {"refused"}
    assert answer["refused"].startswith(f"The file cannot be taken: {sentence}")
    assert answer["refused"].endswith(".")


def test_cases_when_named_then_those_of_the_child_are_among_them():
    assert {case.id for case in SENT_AS} > IN_CHILD


LIMITS = [
    pytest.param("MAX_CELLS", with_rows(b"<row>" + b"<c/>" * 200 + b"</row>"), bounds.TOO_MANY_CELLS, id="cells"),
    pytest.param("MAX_CELLS", a_strings_part(200), bounds.TOO_MANY_CELLS, id="shared texts"),
    pytest.param("MAX_ELEMENTS", a_strings_part(200), bounds.TOO_MUCH, id="elements of texts"),
    pytest.param(
        "MAX_ELEMENTS", with_rows(b"<row><c>" + b"<v/>" * 200 + b"</c></row>"), bounds.TOO_MUCH, id="elements of cells"
    ),
    pytest.param(
        "MAX_ELEMENTS", with_part(PLAIN, "xl/x.xml", b"<a>" + b"<b/>" * 200 + b"</a>"), bounds.TOO_MUCH, id="elements"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("limit", "data", "sentence"), LIMITS)
def test_workbook_when_it_goes_over_a_limit_then_reading_stops(limit, data, sentence, monkeypatch):
    assert "refused" not in answer_of(("a.xlsx", data))
    monkeypatch.setattr(bounds, limit, 180)
    assert answer_of(("a.xlsx", data)) == {"refused": f"The file cannot be taken: {sentence}"}


LIST1 = a_csv(a_list(1))
CSV = [
    pytest.param(LIST1.encode("utf-16"), "it is saved as Unicode text (UTF-16)", id="UTF-16"),
    pytest.param(LIST1.encode().replace(b"Male", b"Ma\x00le"), "it holds signs that no text has", id="NUL"),
    pytest.param(a_csv(a_list(1), delimiter=";").encode(), "its columns are separated by semicolons", id="semicolons"),
    pytest.param(a_csv(a_list(1), delimiter="\t").encode(), "its columns are separated by tabs", id="tabs"),
    pytest.param(LIST1.encode() + b'"never closed', "line 3 cannot be read as CSV", id="quotation mark"),
    pytest.param(LIST1.encode() + b"\x81\x8d", "it is saved in an alphabet that cannot be read", id="alphabet"),
    pytest.param(b"", "it is empty", id="empty"),
    pytest.param(PLAIN, "it is no CSV file", id="workbook renamed"),
    pytest.param(b"MZ\x90\x00", "it holds signs that no text has", id="exe renamed"),
    pytest.param(LIST1.encode() + b"1,,,,,,\r\n" * 61_000, "it has more than 60,000 rows", id="61,000 rows"),
    pytest.param(LIST1.encode() + b"\r\n" * 1_000_000, "its sheets have more than 150,000 rows", id="empty rows"),
    pytest.param(b"," * 300 + b"x\r\n", "a sheet is more than 100 columns wide", id="300 columns"),
    pytest.param(b"," * 2_000_000, "it has more than 1,500,000 cells", id="cells"),
    pytest.param(LIST1.encode() + b"x" * 40_000, "line 3 cannot be read as CSV", id="text"),
    pytest.param(b"a,b,c\r\n1,2,3\r\n", "none of the eleven lists was found", id="another table"),
]


@pytest.mark.parametrize(("data", "sentence"), CSV)
def test_csv_when_it_is_hostile_then_it_is_refused_in_a_sentence(data, sentence):
    assert answer_of(("list 1.csv", data))["refused"].startswith(f"The file cannot be taken: {sentence}")


def test_csv_when_there_are_several_then_the_sentence_names_which_by_its_place():
    files = [("list 1.csv", LIST1.encode()), ("Ann Other.csv", PLAIN)]
    assert answer_of(*files)["refused"].startswith("The file cannot be taken: file 2 of 2: it is no CSV file.")
    many = [(f"list {number}.csv", LIST1.encode()) for number in range(12)]
    assert answer_of(*many)["refused"].startswith("The file cannot be taken: 12 files were sent.")
    rows = LIST1.encode() + b"1,,,,,,\r\n" * 31_000
    assert "more than 60,000 rows" in answer_of(("list 1.csv", rows), ("list 2.csv", rows))["refused"]


def test_sheet_when_it_says_it_is_larger_than_it_is_then_it_is_read_all_the_same():
    data = with_part(PLAIN, SHEET1, lambda x: x.replace(b"A1:G2", b"A1:XFD1048576"))
    far = with_rows(b'<row r="1048576"><c r="A1048576" s="0"/></row>')
    for one in (data, far):
        assert answer_of(("a.xlsx", one))["lists"][0]["rows"] == 1


@given(st.data())
@limited(max_examples=60)
def test_workbook_when_bytes_of_it_are_changed_then_it_is_read_or_refused_and_never_fails(data):
    whole = bytearray(PLAIN)
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, 10**6)) % len(whole)] = data.draw(st.integers(0, 255))
    answer = answer_of(("a.xlsx", bytes(whole)))
    assert answer.get("refused") or answer["lists"][0]["rows"] is not None or answer["findings"]


@given(st.sampled_from([SHEET1, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"]), st.data())
@limited(max_examples=80)
def test_workbook_when_a_part_of_it_is_changed_then_it_is_read_or_refused_and_never_fails(name, data):
    def spoil(part: bytes) -> bytes:
        at = data.draw(st.integers(0, 10**6)) % len(part)
        return part[:at] + data.draw(st.sampled_from([b"9", b"A", b'"', b"<", b"-", b"1e400", b""])) + part[at + 1 :]

    answer = answer_of(("a.xlsx", with_part(PLAIN, name, spoil)))
    assert answer.get("refused") or answer["lists"][0]["rows"] is not None or answer["findings"]


# As large as it may be


def large(rows: int) -> bytes:
    """A workbook of eleven lists with so many rows in all, each as it should be; written as Excel writes numbers."""
    shares = {1: 40, 2: 10, 3: 12, 4: 12, 5: 5, 6: 8, 7: 3, 8: 4, 9: 3, 10: 2, 11: 1}
    data = a_workbook({f"List {number}": [headers(number)] for number in shares})
    for number, share in shares.items():
        row = a_row(number)
        first, *others = (row[column.key] for column in LISTS[number - 1].columns)
        cells = "".join(_cell(value) for value in others)
        xml = "".join(f"<row><c><v>{first + n}</v></c>{cells}</row>" for n in range(rows * share // 100)).encode()
        name = f"xl/worksheets/sheet{number}.xml"
        data = with_part(data, name, lambda x, xml=xml: x.replace(b"</sheetData>", xml + b"</sheetData>"))
    return data


def _cell(value: object) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, datetime):
        return f"<c><v>{(value - datetime.fromisoformat('1899-12-30')).days}</v></c>"
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    return f'<c t="str"><v>{str(value).replace("&", "&amp;")}</v></c>'


def test_workbook_when_it_has_20_000_rows_then_it_is_computed_in_time_and_memory():
    data = large(20_000)
    told: list[str] = []
    started = time.monotonic()
    answer = json.loads(bounded.run(job=JOB, payload=payload_of(("a.xlsx", data)), told=told.append, patience=30))
    assert time.monotonic() - started < 10
    assert bounded.JOBS[JOB].memory == 500 * MEGABYTE
    assert sum(entry["rows"] for entry in answer["lists"]) == 20_000
    assert "Reading list 1 of 11: 8,000 rows" in told
    assert {finding["code"] for finding in answer["findings"]} == {"birth-differs"}


def test_limits_when_read_then_they_are_the_documented_ones():
    assert (bounds.MAX_ROWS, bounds.MAX_COLUMNS, bounds.MAX_FILES) == (60_000, 100, 11)
