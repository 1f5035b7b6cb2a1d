"""Files as people send them: read whole and typed, or refused with the place and a sentence; never half."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.imports import LAYOUTS as MONEY_LAYOUTS
from indicators import imports, quarters
from indicators.imports import KEYS, LAYOUTS, MAX_ROWS, FileRefused, Finding, header_of, read_csv

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

GOOD = {"scorecard": "contract", "period": "2021-22-q4", "due_on": "2022-04-30", "source": "003", "paragraph": "74"}
HEADER = "scorecard,period,due_on,source,paragraph"
ROW = "contract,2021-22-q4,2022-04-30,003,74"


def refused(data: bytes | str, layout: str = "rounds") -> list[Finding]:
    """The findings of a file that cannot be taken."""
    data = data.encode() if isinstance(data, str) else data
    with pytest.raises(FileRefused) as problem:
        read_csv(data, layout, file="upload.csv")
    assert problem.value.findings
    assert all(f.file == "upload.csv" for f in problem.value.findings)
    assert all(f.message.rstrip().endswith((".", "?")) for f in problem.value.findings)
    return problem.value.findings


def written(layout: str, *rows: dict[str, str], **kind: str) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, header_of(layout), restval="", **kind)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


# Good files


def test_file_when_good_then_every_cell_is_typed_and_knows_its_row() -> None:
    (row,) = read_csv(f"{HEADER}\n{ROW}\n".encode(), "rounds")
    assert row == {
        "row": 2,
        "scorecard": "contract",
        "period": quarters.Quarter(2021, 4),
        "due_on": date(2022, 4, 30),
        "source": "003",
        "paragraph": "74",
    }


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(f"\ufeff{HEADER}\n{ROW}\n".encode(), id="byte order mark"),
        pytest.param(f"{HEADER}\r\n{ROW}\r\n".encode(), id="Windows line ends"),
        pytest.param(f"{HEADER}\r{ROW}\r".encode(), id="old Mac line ends"),
        pytest.param(f"{HEADER}\n{ROW}".encode(), id="no line end at the end"),
        pytest.param(f"{HEADER}\n\n{ROW}\n\n,,,,\n".encode(), id="empty rows between and after"),
        pytest.param(f" scorecard , period,due_on ,source,paragraph\n{ROW}\n".encode(), id="spaces in the header"),
        pytest.param(f"{HEADER}\n contract , Q4 2021/22 , 2022-04-30 ,003,74\n".encode(), id="spaces in cells"),
        pytest.param(f'{HEADER}\n"contract","2021/22 Q4","2022-04-30",003,"74"\n'.encode(), id="quoted"),
    ],
)  # fmt: skip
def test_file_when_written_another_way_then_read_the_same(data: bytes) -> None:
    (row,) = read_csv(data, "rounds")
    assert (row["scorecard"], row["period"]) == ("contract", quarters.Quarter(2021, 4))


def test_row_when_others_are_empty_then_it_keeps_the_number_it_has_in_a_spreadsheet() -> None:
    (found,) = refused(f"{HEADER}\n\n{ROW}\n\ncontract,2021-22-q5,,,\n")
    assert (found.row, found.column) == (5, "period")


def test_cell_when_it_holds_commas_quotes_and_line_breaks_then_kept_as_typed() -> None:
    text = 'He said "no",\nthen – £5 – yes; =1+1'
    row = {"code": "said", "about": "value", "kind": "quotation", "text": text, "source": "003"}
    (read,) = read_csv(written("statements", row).encode(), "statements")
    assert read["text"] == text


def test_cell_when_empty_then_none_or_no_text() -> None:
    (row,) = read_csv(f"{HEADER}\ncontract,2021-22-q4,,,\n".encode(), "rounds")
    assert (row["due_on"], row["source"]) == (None, "")


FOUND = sorted(path.relative_to(FIXTURES) for path in (FIXTURES / "doncaster").rglob("*.csv"))
REAL = [path for path in FOUND if path.stem not in MONEY_LAYOUTS and "governance" not in path.parts]


@pytest.mark.parametrize("path", REAL, ids=str)
def test_real_file_when_read_then_good(path: Path) -> None:
    assert read_csv((FIXTURES / path).read_bytes(), path.stem)


def test_layouts_when_listed_then_each_has_a_real_file() -> None:
    assert {path.stem for path in REAL} | {"glossary", "return"} == set(LAYOUTS)


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_layout_when_declared_then_its_key_is_of_its_columns_and_its_header_is_unique(layout: str) -> None:
    header = header_of(layout)
    assert len(set(header)) == len(header)
    assert set(KEYS[layout]) <= set(header)
    assert read_csv((",".join(header) + "\n").encode(), layout) == []


def test_file_when_it_has_only_the_header_then_no_rows() -> None:
    assert read_csv(f"{HEADER}\n".encode(), "rounds") == []


# Files that are none


def a_workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "row", "words"),
    [
        pytest.param(a_workbook(), 0, "workbook", id="a workbook renamed to .csv"),
        pytest.param(f"{HEADER}\n{ROW}\n".encode("utf-16"), 0, "not a text file", id="UTF-16"),
        pytest.param(b"MZ\x90\x00\x03\x00\x00\x00", 0, "a program", id="a program renamed"),
        pytest.param(f"{HEADER}\nconträct,2021-22-q4,,,\n".encode("latin-1"), 0, "UTF-8", id="latin-1"),
        pytest.param(f"{HEADER}\ncontract\x00,2021-22-q4,,,\n".encode(), 0, "not a text file", id="a NUL"),
        pytest.param(b"", 1, "missing", id="empty"),
        pytest.param(b"\xef\xbb\xbf", 1, "missing", id="nothing but a byte order mark"),
        pytest.param(b"\n\n\n", 1, "missing", id="nothing but line ends"),
        pytest.param(b"\x1f\x8b\x08\x08", 0, "compressed file", id="gzip"),
        pytest.param(f'{HEADER}\n"contract,2021-22-q4,,,\n'.encode(), 0, "never closed", id="a quote never closed"),
        pytest.param(f'{HEADER}\n"con"tract,2021-22-q4,,,\n'.encode(), 0, "not a CSV file", id="a quote inside"),
        pytest.param(f"{HEADER}\n{'x' * 140_000},2021-22-q4,,,\n".encode(), 0, "too much text", id="a huge cell"),
        pytest.param(f"{HEADER}\n{ROW}\n".replace(",", ";").encode(), 1, "separated by commas", id="semicolons"),
        pytest.param(f"{HEADER}\n{ROW}\n".replace(",", "\t").encode(), 1, "separated by commas", id="tabs"),
        pytest.param(f"{ROW}\n".encode(), 1, "missing", id="no header"),
        pytest.param(b"scorecard,due_on,period,source,paragraph\n", 1, "in this order", id="another order"),
        pytest.param(b"scorecard,period,due_on,source\n", 1, "missing: paragraph", id="a column missing"),
        pytest.param(f"{HEADER},colour\n".encode(), 1, "not known: 'colour'", id="a column too many"),
        pytest.param(f"{HEADER},paragraph\n".encode(), 1, "in this order", id="a column twice"),
        pytest.param(b"Scorecard,Period,Due_on,Source,Paragraph\n", 1, "missing", id="capitals"),
    ],
)  # fmt: skip
def test_file_when_it_is_none_then_refused_as_a_whole(data: bytes, row: int, words: str) -> None:
    (found,) = refused(data)
    assert found.row == row
    assert words in found.message


def test_file_when_the_header_stands_twice_then_the_second_is_a_bad_row() -> None:
    (found,) = refused(f"{HEADER}\n{HEADER}\n{ROW}\n")
    assert str(found).endswith("row 2: this row repeats the column names. Delete it: they stand in row 1.")


@pytest.mark.parametrize(
    ("line", "number"), [(f"{ROW},more", 6), ("contract,2021-22-q4", 2), (f"{ROW},,", 7), ("contract", 1)]
)
def test_row_when_it_has_more_or_fewer_cells_then_refused_with_both_numbers(line: str, number: int) -> None:
    (found,) = refused(f"{HEADER}\n{line}\n")
    assert (found.row, found.message) == (2, f"this row has {number} cells, the header has 5.")


def test_file_when_it_has_5000_rows_then_read_and_5001_refused() -> None:
    header = ",".join(header_of("glossary"))
    lines = [f"term {i},,Meaning,,," for i in range(MAX_ROWS + 1)]
    assert len(read_csv("\n".join([header, *lines[:-1]]).encode(), "glossary")) == 5_000
    (found,) = refused("\n".join([header, *lines]), "glossary")
    assert (found.row, found.message) == (5_002, "a file holds 5,000 rows at most. Split it.")


def test_file_when_it_has_a_million_bad_rows_then_it_is_not_read_to_the_end() -> None:
    (found,) = refused(HEADER + "\nx" * 6_000)
    assert "at most" in found.message


# Cells


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("85", "85"),
        ("85%", "85"),
        ("1,266", "1266"),
        ("1,266,000.5", "1266000.5"),
        ("£5,832,000", "5832000"),
        ("0", "0"),
        ("0.0001", "0.0001"),
        ("-4638", "-4638"),
        ("−4638", "-4638"),
        ("99999999999.9999", "99999999999.9999"),
    ],
)
def test_number_when_written_as_people_do_then_read(text: str, value: str) -> None:
    row = {"code": "a", "about": "value", "kind": "summary", "text": "A", "value": text}
    (read,) = read_csv(written("statements", row).encode(), "statements")
    assert read["value"] == Decimal(value)
    assert isinstance(read["value"], Decimal)


@pytest.mark.parametrize(
    "text",
    [
        "5.12345", "1,23", "1.2.3", "(1,234)", "-", "n/a", "NaN", "inf", "1e5", "123456789012", "８５", "85 %%", "<5",
        "=1+1", "1 266", "eighty", "0x10",
    ],
)  # fmt: skip
def test_number_when_it_is_none_then_refused_in_its_cell(text: str) -> None:
    row = {"code": "a", "about": "value", "kind": "summary", "text": "A", "value": text}
    (found,) = refused(written("statements", row), "statements")
    assert (found.row, found.column) == (2, "value")


@pytest.mark.parametrize(
    "text",
    ["31/04/2022", "2022-02-30", "2022-13-01", "30.4.2022", "20220430", "2022-W17-6", "April 2022", "44681",
     "2022-4-30"],
)  # fmt: skip
def test_date_when_it_is_none_or_written_otherwise_then_refused_in_its_cell(text: str) -> None:
    (found,) = refused(written("rounds", GOOD | {"due_on": text}))
    assert (found.row, found.column) == (2, "due_on")
    assert "2022-03-31" in found.message


@pytest.mark.parametrize("text", ["Q4 2022", "Q5 2021/22", "2021/23", "2022", "next quarter"])
def test_period_when_it_names_none_or_two_then_refused_in_its_cell(text: str) -> None:
    (found,) = refused(written("rounds", GOOD | {"period": text}))
    assert (found.row, found.column) == (2, "period")


@pytest.mark.parametrize("text", ["Contract", "con tract", "contract_", "-contract", "../contract", "contract ", "ä"])
def test_code_when_it_is_none_then_refused_unless_only_spaces_stand_around_it(text: str) -> None:
    data = written("rounds", GOOD | {"scorecard": text})
    if text.strip() == "contract":
        assert read_csv(data.encode(), "rounds")[0]["scorecard"] == "contract"
    else:
        (found,) = refused(data)
        assert (found.row, found.column) == (2, "scorecard")


@pytest.mark.parametrize("text", ["1.5", "-1", "many", "1234567890", "１２", "1,000"])
def test_whole_number_when_it_is_none_then_refused_in_its_cell(text: str) -> None:
    row = {"on": "2021-03-31", "age_from": "0", "age_to": "17", "persons": text}
    (found,) = refused(written("populations", row), "populations")
    assert (found.row, found.column) == (2, "persons")


def test_choice_when_unknown_then_refused_with_the_list() -> None:
    row = {"code": "a", "about": "colour", "kind": "summary", "text": "A"}
    (found,) = refused(written("statements", row), "statements")
    assert found.column == "about"
    assert "value, target, tolerance, definition, context" in found.message


def test_text_when_too_long_then_refused_with_both_numbers() -> None:
    row = {"code": "a", "about": "value", "kind": "summary", "text": "A" * 2_001}
    (found,) = refused(written("statements", row), "statements")
    assert (found.column, found.message) == ("text", "this is 2,001 characters long; 2,000 is the most.")


def test_cell_when_required_and_empty_then_refused() -> None:
    found = refused(f"{HEADER}\n, ,2022-04-30,003,74\n")
    assert [(f.row, f.column, f.message) for f in found] == [
        (2, "scorecard", "this must not be empty."),
        (2, "period", "this must not be empty."),
    ]


def test_cells_when_several_are_wrong_then_every_one_is_told() -> None:
    found = refused(f"{HEADER}\nContract,Q4 2022,31.4.,003,74\ncontract,2021-22-q4,never,003,74\n")
    assert [(f.row, f.column) for f in found] == [(2, "scorecard"), (2, "period"), (2, "due_on"), (3, "due_on")]


# Duplicates


def test_rows_when_they_say_the_same_thing_twice_then_the_second_is_refused_and_names_the_first() -> None:
    (found,) = refused(f"{HEADER}\n{ROW}\npartnership,2021-22-q4,,,\ncontract,Q4 2021/22,2022-05-31,003,75\n")
    assert (found.row, found.column) == (4, "scorecard")
    assert found.message == "contract, 2021/22 Q4 stands in row 2 already. Keep one of them."


def test_rows_when_both_have_a_bad_key_then_they_are_no_duplicates() -> None:
    found = refused(f"{HEADER}\ncontract,never,,,\ncontract,ever,,,\n")
    assert [f.column for f in found] == ["period", "period"]


def test_codes_when_one_ends_like_the_other_then_they_are_two() -> None:
    """An importer that compares the end of a code takes them for one."""
    lines = "\n".join(f"contract-{i},2021-22-q4,,," for i in (1, 11, 21))
    assert len(read_csv(f"{HEADER}\n{lines}\n".encode(), "rounds")) == 3


# Whatever comes


@given(st.binary(max_size=400))
def test_bytes_when_of_any_kind_then_read_or_refused_but_never_a_crash(data: bytes) -> None:
    outcome: list | FileRefused
    try:
        outcome = read_csv(data, "rounds")
    except FileRefused as problem:
        outcome = problem
    assert isinstance(outcome, list) or outcome.findings


@given(st.lists(st.lists(st.text(max_size=12), min_size=5, max_size=5), max_size=5))
def test_cells_when_of_any_kind_then_every_finding_names_a_cell_of_the_file(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([header_of("rounds"), *rows])
    try:
        read = read_csv(out.getvalue().encode("utf-8", "surrogatepass"), "rounds")
    except FileRefused as problem:
        for finding in problem.findings:
            assert 0 <= finding.row <= len(rows) + 1
            assert finding.column in {"", *header_of("rounds")}
    else:
        assert len(read) <= len(rows)


def test_finding_when_it_quotes_a_cell_then_only_its_beginning() -> None:
    (found,) = refused(written("rounds", GOOD | {"due_on": "9" * 500}))
    assert len(found.message) < 150


def test_layouts_when_counted_then_the_loader_knows_each() -> None:
    assert set(imports.LAYOUTS) == set(KEYS)
