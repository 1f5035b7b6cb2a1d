"""Reading transcribed statements: what a row becomes, and every mistake named with its row and column."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.quarters import Quarter
from indicators.report_statements import (
    COLUMNS,
    Check,
    Operand,
    PrintedUnit,
    RowProblem,
    Term,
    read_files,
    read_parts,
    read_rows,
)
from tests.indicators.report_rows import REPORTS, a_row, the_statements, transcribed


def problems(*rows):
    return [(p.row, p.column, p.message) for p in read_rows(rows).problems]


def parts_of(text, check):
    return read_parts(text, check)


A, B, C = (Operand(code=f"003-{letter}") for letter in "abc")


# What is read


def test_row_when_right_then_every_column_is_kept():
    row = a_row("003-24-share", "85%", check="share", parts="003-24-in-time / 003-24-all", group="003-24")
    found = the_statements(row, a_row("003-24-in-time", "1266"), a_row("003-24-all", "1,514"))
    share = found["003-24-share"]
    assert (share.number, share.quantum, share.unit) == (Decimal(85), Decimal(1), PrintedUnit.PERCENT)
    assert (share.check, share.group, share.report, share.quote) == (Check.SHARE, "003-24", "003", "85%")
    assert share.part_codes == ("003-24-in-time", "003-24-all")
    assert (found["003-24-all"].number, found["003-24-all"].quantum) == (Decimal(1514), None)


@pytest.mark.parametrize(
    ("text", "check", "sides"),
    [
        pytest.param("003-a / 003-b", Check.SHARE, ((Term(1, (A,)),), (Term(1, (B,)),)), id="share"),
        pytest.param("003-a -> 003-b", Check.CHANGE, ((Term(1, (A,)),), (Term(1, (B,)),)), id="change"),
        pytest.param(
            "003-a + 003-b - 003-c", Check.SUM, ((Term(1, (A,)), Term(1, (B,)), Term(-1, (C,))),), id="sum"
        ),
        pytest.param("- 003-a", Check.SUM, ((Term(-1, (A,)),),), id="sign before"),
        pytest.param(
            "003-a * 52 + 003-b", Check.SUM, ((Term(1, (A, Operand(constant=Decimal(52)))), Term(1, (B,))),),
            id="constant",
        ),
        pytest.param("003-a * 003-b", Check.PRODUCT, ((Term(1, (A, B)),),), id="product"),
        pytest.param(
            "003-a + 003-b / 003-c", Check.SHARE, ((Term(1, (A,)), Term(1, (B,))), (Term(1, (C,)),)), id="sum divided"
        ),
        pytest.param("003-a", Check.SAME, ((Term(1, (A,)),),), id="same"),
    ],
)  # fmt: skip
def test_parts_when_written_as_laid_down_then_read(text, check, sides):
    assert parts_of(text, check) == sides


@pytest.mark.parametrize(
    ("text", "check", "words"),
    [
        ("", Check.SUM, "needs its parts"),
        ("003-a", Check.SHARE, "A / B"),
        ("003-a -> 003-b", Check.SHARE, "“->” has no place"),
        ("003-a / 003-b", Check.SUM, "“/” has no place"),
        ("003-a / 003-b / 003-c", Check.SHARE, "A / B"),
        ("003-a +", Check.SUM, "missing at the end"),
        ("003-a 003-b", Check.SUM, "A sign is missing"),
        ("+ 003-a", Check.SUM, "missing before “+”"),
        ("003-a+003-b", Check.SUM, "blank on both sides"),
        ("003-a", Check.PRODUCT, "A * B"),
        ("003-a + 003-b", Check.SAME, "one code"),
        ("003-a - 003-b", Check.HUNDRED, "joined by +"),
        ("3 + 003-b", Check.COUNT, "joined by +"),
    ],
)
def test_parts_when_not_as_laid_down_then_the_sentence_says_how(text, check, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        parts_of(text, check)


def test_day_and_label_when_read_then_they_are_no_numbers():
    day = a_row("003-1-day", "17.6.22", "2022-06-17", unit="date", check="period", parts="2021-22-q4")
    label = a_row("003-1-label", "quarter 4", "2021-22-q4", unit="period")
    found = the_statements(day, label)
    assert (found["003-1-day"].on, found["003-1-day"].number) == (date(2022, 6, 17), None)
    assert found["003-1-day"].period == found["003-1-label"].period == Quarter(2021, 4)


@pytest.mark.parametrize(
    ("printed", "number", "quantum", "unit"),
    [
        ("£0.551m", "551000", "1000", "pounds"),
        ("(1,234)", "-1234", "1", "pounds"),
        ("37,258", "37258000", "1000", "pounds"),
        ("£1.9m", "1900000", "100000", "pounds"),
        ("approximately 8%", "8", "1", "percent"),
        ("c.10", "10", "", "count"),
        ("two", "2", "", "count"),
        ("13.78%", "13.78", "0.01", "percent"),
        ("300", "300", "100", "count"),
    ],
)
def test_number_when_it_is_what_is_printed_then_taken(printed, number, quantum, unit):
    row = a_row("003-1-x", printed, number, quantum=quantum, unit=unit)
    assert the_statements(row)["003-1-x"].number == Decimal(number)


# What is refused


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"code": "003-24_share"}, "code", "hyphens"),
        ({"code": "001-24-share"}, "code", "Start the code with its report, 003"),
        ({"report": "3"}, "report", "three digits"),
        ({"paragraph": ""}, "paragraph", "where"),
        ({"place": ""}, "place", "where"),
        ({"quote": ""}, "quote", "Quote"),
        ({"quote": "one two three four five six seven eight nine ten eleven twelve thirteen"}, "quote", "13"),
        ({"quote": " 85%"}, "quote", "blanks"),
        ({"number": "85%"}, "number", "bare"),
        ({"number": "1e5"}, "number", "bare"),
        ({"number": "58"}, "number", "not what is printed"),
        ({"number": "", "check": "range"}, "number", "must be there"),
        ({"quantum": ""}, "quantum", "rounded"),
        ({"quantum": "0"}, "quantum", "above 0"),
        ({"quantum": "10"}, "quantum", "no multiple"),
        ({"quantum": "0.1"}, "quantum", "not printed to"),
        ({"qualifier": "about"}, "qualifier", "~"),
        ({"unit": "per cent"}, "unit", "percent"),
        ({"unit": "date"}, "number", "not a day"),
        ({"group": "003 84"}, "group", "003-84"),
        ({"check": "percentage"}, "check", "share"),
        ({"check": "share"}, "parts", "needs its parts"),
        ({"check": "period", "parts": "2021-22-q4"}, "unit", "date"),
        ({"parts": "003-24-all"}, "parts", "no check"),
        ({"check": "share", "parts": "003-24-share / 003-24-all"}, "parts", "itself"),
        ({"check": "share", "parts": "003-24-all / 003-24-gone"}, "parts", "003-24-gone"),
        ({"check": "same", "parts": "003-24-all"}, "parts", "different units"),
        ({"check": "hundred", "number": "85", "parts": "003-24-all"}, "number", "100"),
        ({"check": "hundred", "number": "", "printed": "", "parts": "003-24-all"}, "parts", "in per cent"),
        ({"unit": "count", "check": "share", "parts": "003-24-all / 003-24-all"}, "parts", "in per cent"),
    ],
)
def test_row_when_it_is_wrong_then_row_and_column_are_named(change, column, words):
    row = a_row("003-24-share", "85%") | change
    at, named, message = problems(a_row("003-24-all", "1514"), row)[0]
    assert (at, named) == (3, column)
    assert words in message
    assert message.endswith(".")


def test_rows_when_several_are_wrong_then_all_are_named_and_the_others_kept():
    rows = [
        a_row("003-a", "1"),
        a_row("003-b", "1", "2"),
        a_row("003-a", "3"),
        {"code": "003-d"},
        a_row("003-e") | {"extra": ""},
    ]
    found = read_rows(rows)
    assert [s.code for s in found.statements] == ["003-a"]
    assert [(p.row, p.column) for p in found.problems][:2] == [(3, "number"), (4, "code")]
    assert {p.column for p in found.problems if p.row == 5} == set(COLUMNS) - {"code"}
    assert [p.column for p in found.problems if p.row == 6] == ["extra"]


def test_files_when_a_row_names_a_row_of_another_then_it_is_found():
    files = {
        "statements_003.csv": [a_row("003-a", "5", check="same", parts="002-a")],
        "statements_002.csv": [a_row("002-a", "5")],
    }
    assert read_files(files).problems == ()
    files["statements_002.csv"] = [a_row("003-a", "5")]
    assert str(read_files(files).problems[0]) == (
        "statements_002.csv, row 2, code: “003-a” is the code of row 2 of statements_003.csv too."
    )


def test_problem_when_told_then_it_names_its_place():
    assert str(RowProblem(4, "number", "Wrong.")) == "row 4, number: Wrong."


cells = st.one_of(st.sampled_from(["", "1", "85%", "003-a", "003-a / 003-b", "~", "share", "percent"]), st.text())


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, cells)), max_size=3))
def test_reading_never_fails_whatever_the_rows_hold(rows):
    found = read_rows(rows)
    assert len(found.statements) + len({p.row for p in found.problems}) == len(rows)


# The transcribed reports


def test_transcribed_reports_when_read_then_nothing_is_wrong():
    assert [str(problem) for problem in transcribed().problems] == []
    assert len(transcribed().statements) > 0


def test_transcribed_reports_when_opened_then_they_have_the_columns_of_the_layout():
    heads = {path.name: path.read_bytes().split(b"\n", 1)[0] for path in REPORTS.glob("statements_*.csv")}
    assert set(heads.values()) == {",".join(COLUMNS).encode()}
